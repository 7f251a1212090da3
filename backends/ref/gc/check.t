#!/usr/bin/env bash
# The option check=1: a second mark after each collection finds what the first has lost, says how it is reached and ends the process.
# shellcheck disable=SC2154 # lib.sh sets status
. "$(dirname "$0")/../../../harness/tests/lib.sh"
cp "$TOP/backends/ref/gc/check/main.go" "$T" && printf 'module check\n\ngo 1.26\n' >"$T/go.mod" || exit 1
(cd "$T" && "$GOMEM" unit build -o "$T/unit.so" .) || exit 1

run() { # OPTIONS
    "$TOP/build/gomem-runner" "$TOP/build/lib/libref-faults.so" "$1" "$T/unit.so" >"$T/out" 2>"$T/err"
    status=$?
}

run check=1
is "a sound collection passes" "$status $(cat "$T/out" "$T/err")" "0 999"
run fault=variables-not-scanned,check=1
is "one that leaves variables out ends the process" "$status" 2
ok "and is fatal" grep -q '^fatal error: gc: pointer 0x[0-9a-f]*, held by 0x*[0-9a-f]*, leads to a block that is not marked$' "$T/err"
finish
