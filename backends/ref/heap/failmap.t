#!/bin/sh
# Memory fails: the n-th mapping that ref asks the OS for is refused, for each n that the program failmap gets to. It dies as Go does, with
# a fatal error that says so and status 2, and in no other way; or it lives where the memory was not needed.
root=$(cd "$(dirname "$0")/../../.." && pwd)
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
cp "$root/backends/ref/heap/failmap/main.go" "$work" && printf 'module failmap\n\ngo 1.26\n' >"$work/go.mod" || exit 1
(cd "$work" && "$root/build/gomem" unit build -o "$work/unit.so" .) || exit 1

run() { # N
    "$root/build/gomem-runner" "$root/build/lib/libref.so" "failmap=$1" "$work/unit.so" >"$work/out" 2>&1
}

# died: as Go does. survived: to the last line.
died() { [ "$status" = 2 ] && grep -qE '^fatal error: .*(out of memory|cannot (allocate|reserve))' "$work/out"; }
survived() { [ "$status" = 0 ] && [ "$(tail -n 1 "$work/out")" = 'survived 2000 2000 20' ]; }

deaths=0 lives=0 n=0 wrong=''
while [ $lives -lt 5 ] && [ $n -lt 500 ]; do # in a row: n is beyond what the program asks for
    n=$((n + 1))
    run $n
    status=$?
    if died; then
        deaths=$((deaths + 1)) lives=0
    elif survived; then
        lives=$((lives + 1))
    else
        wrong="$wrong $n" lives=0
        echo "# mapping $n: status $status"
        tail -n 5 "$work/out" | sed 's/^/# /'
    fi
done
echo "# $deaths of $n mappings were missed"
if [ -z "$wrong" ]; then echo "ok 1 - each mapping that fails is a fatal error"; else echo "not ok 1 - each mapping that fails is a fatal error:$wrong"; fi
if [ $deaths -ge 20 ] && [ $lives = 5 ]; then echo "ok 2 - twenty mappings at least"; else echo "not ok 2 - twenty mappings at least"; fi
echo 1..2
