#!/bin/sh
# Generated programs in which pointers flow: of the lines that gomem escape or the Go on PATH prints, both print 99.5 % at least, and both
# take every program. The rest is what few programs in thousands differ in, in a line or two. A hundred of the programs that
# escape_agreement.py takes by the thousand.
# Runs from the top directory.
n=0
for seed in 1000 2000; do
    n=$((n + 1))
    out=$("${PYTHON:-/usr/bin/python3}" compiler/tests/escape_agreement.py -n 3 random 50 "$seed" 2>&1)
    if printf '%s\n' "$out" | awk '/% agree/ { sub(/.*: /, ""); good = $1 >= 99.5 && !/not analysed/ } END { exit !good }'; then
        echo "ok $n - generated programs from $seed on: $(printf '%s\n' "$out" | tail -n 1)"
    else
        echo "not ok $n - generated programs from $seed on"
        printf '%s\n' "$out" | tail -n 20 | sed 's/^/# /'
    fi
done
echo "1..$n"
