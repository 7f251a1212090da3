#!/bin/sh
# The option check=1: a second mark after each collection finds what the first has lost, says how it is reached and ends the process.
root=$(cd "$(dirname "$0")/../../.." && pwd)
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
cp "$root/backends/ref/gc/check/main.go" "$work" && printf 'module check\n\ngo 1.26\n' >"$work/go.mod" || exit 1
(cd "$work" && "$root/build/gomem" unit build -o "$work/unit.so" .) || exit 1

number=0
verdict() { # STATUS NAME
    number=$((number + 1))
    if [ "$1" = 0 ]; then echo "ok $number - $2"; else echo "not ok $number - $2" && sed 's/^/# /' "$work/out"; fi
}

run() { # OPTIONS
    "$root/build/gomem-runner" "$root/build/lib/libref-faults.so" "$1" "$work/unit.so" >"$work/out" 2>&1
}

run check=1 && [ "$(cat "$work/out")" = 999 ]
verdict $? "a sound collection passes"
run fault=variables-not-scanned,check=1
[ $? = 2 ] && grep -q '^fatal error: gc: pointer 0x[0-9a-f]*, held by 0x*[0-9a-f]*, leads to a block that is not marked$' "$work/out"
verdict $? "one that leaves variables out is fatal"
echo "1..$number"
