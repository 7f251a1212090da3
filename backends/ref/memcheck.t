#!/usr/bin/env bash
# The lane ref:valgrind (make memcheck). A few cases hold with nothing to report; and faults are reported by Valgrind itself: a block that is
# used after it was collected, one that is shorter than what is written to it, one that is read before anything was written.
# shellcheck disable=SC2154 # lib.sh sets status
. "$(dirname "$0")/../../harness/tests/lib.sh"

check() { # BACKEND CASE...
    local backend=$1 case rules=()
    shift
    for case; do rules+=(--rule "$case"); done
    gomem check --backend "$backend" --seed 1 "${rules[@]}"
}

reported() { # FAULT CASE TEXT: the fault makes the case fail, and the first report is this one
    check "ref:valgrind,fault=$1" "$2"
    ok "$1: $3, status $status" test "$status" = 1 -a -n "$(grep "^  message: \"Valgrind: $3" "$T/out")"
}

check ref:valgrind block/RecycledBytesAreZero block/ElementsAtTheirStride stack/CompositeLocalsKeep channel/UnbufferedHandsOverEach
is "cases hold, and Valgrind reports nothing" "$status" 0
reported stacks-not-scanned stack/CompositeLocalsKeep 'Invalid read'
reported class-too-small block/ElementsAtTheirStride 'Invalid write'
reported no-zeroing block/RecycledBytesAreZero 'Conditional jump or move depends on uninitialised'
finish
