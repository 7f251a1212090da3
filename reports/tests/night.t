#!/usr/bin/env bash
# A quick night, on the real backends, and another one after it; then what is wrong on purpose.
# shellcheck disable=SC2154 # lib.sh sets status
. "$(dirname "$0")/../../harness/tests/lib.sh"
cd "$TOP" || exit 1

night() {
    scripts/nightly --dir "$T/nights" "$@" >"$T/out" 2>&1
    status=$?
    tail -n 3 "$T"/nights/*/*.log >"$T/err" 2>/dev/null # what a test that fails shows beside it
}

refuses() { # NAME STATUS PATTERN ARGUMENT...: one line says why
    local name=$1 want=$2 pattern=$3
    shift 3
    night "$@"
    ok "$name" test "$status,$(wc -l <"$T/out")" = "$want,1" -a -n "$(grep -E -- "$pattern" "$T/out")"
}

night --quick
is "a quick night holds" "$status" 0
ok "its page is there" grep -q '<h2>Rules</h2>' "$T/nights/report.html"
ok "the history has its end" grep -q '"kind":"end".*"status":"held"' "$T/nights/history.jsonl"
for lane in go ref; do ok "cases of $lane are in it" grep -q "\"lane\":\"$lane\",\"status\":\"held\"" "$T/nights/history.jsonl"; done
ok "benchmarks of both sides are on the page" grep -q 'AllocTiny2' "$T/nights/report.html"
printf '{"torn' >>"$T/nights/history.jsonl"
night --quick --lane ref
is "one lane of it" "$status" 0
ok "a torn line of the history is told on the page" grep -q 'could not be used: 1 torn' "$T/nights/report.html"
rm "$T/nights/report.html"
ok "the page from what is there" scripts/report --dir "$T/nights"
ok "it is written again" test -s "$T/nights/report.html"
refuses "an unknown lane" 2 "no lane is called 'nosuch'; there are go, " --lane nosuch
refuses "a table of lanes that is not there" 2 "cannot read the lanes of /nowhere" --lanes /nowhere
refuses "nothing to run" 2 "has a quick form" --quick --lane gccgo
printf 'x\tmust\t1\tno-such-tool\tall\tcheck\t-\n' >"$T/lanes"
night --lanes "$T/lanes"
ok "a missing row fails the night with its name" test "$status" = 1 -a -n "$(grep -x 'MISSING x: no-such-tool is not installed' "$T/out")"
printf 'x\tmust\t1\tsh\tall\tcheck\t-\n' >"$T/lanes"
night --lanes "$T/lanes" --within 0.5
ok "a night without time says so" test "$status" = 1 -a -n "$(grep -x 'MISSING x: no time is left for it' "$T/out")"
finish
