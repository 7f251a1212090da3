#!/bin/sh
# Generated programs in which pointers flow: of the lines that gomem escape or the Go on PATH prints, both print 99.5 % at least, and both
# take every program; with inlining, which is done as go1.26 does, 98.5 %. The rest is what few programs in thousands differ in, in a line
# or two. A hundred of the programs that escape_agreement.py takes by the thousand.
# Runs from the top directory.
n=0
inlining=
[ "$(go env GOVERSION | sed 's/^go1\.//; s/[^0-9].*//')" -lt 26 ] || inlining="1000 98.5 --inline"
for row in "1000 99.5" "2000 99.5" "$inlining"; do
    [ -n "$row" ] || continue
    read -r seed least inline <<END
$row
END
    n=$((n + 1))
    what="generated programs from $seed on${inline:+ with inlining}"
    out=$("${PYTHON:-/usr/bin/python3}" compiler/tests/escape_agreement.py -n 3 ${inline:+"$inline"} random 50 "$seed" 2>&1)
    if printf '%s\n' "$out" |
        awk -v least="$least" '/% agree/ { sub(/.*: /, ""); good = $1 >= least && !/not analysed/ } END { exit !good }'; then
        echo "ok $n - $what: $(printf '%s\n' "$out" | tail -n 1)"
    else
        echo "not ok $n - $what"
        printf '%s\n' "$out" | tail -n 20 | sed 's/^/# /'
    fi
done
echo "1..$n"
