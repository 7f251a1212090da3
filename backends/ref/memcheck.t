#!/bin/sh
# The lane ref:valgrind (make memcheck). A few cases hold with nothing to report; and faults are reported by Valgrind itself: a block that is
# used after it was collected, one that is shorter than what is written to it, one that is read before anything was written.
root=$(cd "$(dirname "$0")/../.." && pwd)
cd "$root" || exit 1
out=$(mktemp) || exit 1
trap 'rm -f "$out"' EXIT

check() { # BACKEND CASE...
    backend=$1
    shift
    for case; do set -- "$@" --rule "$case" && shift; done
    build/gomem check --backend "$backend" --seed 1 "$@" >"$out" 2>&1
}

n=0
tell() { # STATUS NAME
    n=$((n + 1))
    if [ "$1" = 0 ]; then echo "ok $n - $2"; else echo "not ok $n - $2" && sed 's/^/# /' "$out"; fi
}

reported() { # FAULT CASE TEXT: the fault makes the case fail, and the first report is this one
    check "ref:valgrind,fault=$1" "$2"
    [ $? = 1 ] && grep -q "^  message: \"Valgrind: $3" "$out"
    tell $? "$1: $3"
}

echo 1..4
check ref:valgrind block/RecycledBytesAreZero block/ElementsAtTheirStride stack/CompositeLocalsKeep channel/UnbufferedHandsOverEach
tell $? 'cases hold, and Valgrind reports nothing'
reported stacks-not-scanned stack/CompositeLocalsKeep 'Invalid read'
reported class-too-small block/ElementsAtTheirStride 'Invalid write'
reported no-zeroing block/RecycledBytesAreZero 'Conditional jump or move depends on uninitialised'
