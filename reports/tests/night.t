#!/usr/bin/env bash
# A quick night, on the real backends, and another one after it; then what is wrong on purpose.
set -u
cd "$(dirname "$0")/../.." || exit 1
T=$(mktemp -d "${TMPDIR:-/tmp}/gomem night.XXXXXX")
trap 'rm -rf "$T"' EXIT
n=0 failed=0
ok() { # NAME COMMAND...
    n=$((n + 1))
    local name=$1
    shift
    if "$@" >/dev/null 2>&1; then
        echo "ok $n - $name"
    else
        echo "not ok $n - $name"
        failed=1
        sed 's/^/#   /' "$T/out"
        tail -n 3 "$T"/nights/*/*.log 2>/dev/null | sed 's/^/#   /'
    fi
}
night() { scripts/nightly --dir "$T/nights" "$@" >"$T/out" 2>&1; status=$?; }
refused() { # NAME STATUS PATTERN ARGUMENT...: one line says why
    local name=$1 want=$2 pattern=$3
    shift 3
    night "$@"
    ok "$name" test "$status,$(wc -l <"$T/out")" = "$want,1" -a -n "$(grep -E -- "$pattern" "$T/out")"
}

night --quick
ok "a quick night holds" test "$status" = 0
ok "its page is there" grep -q '<h2>Rules</h2>' "$T/nights/report.html"
ok "the history has its end" grep -q '"kind":"end".*"status":"held"' "$T/nights/history.jsonl"
ok "cases of go and ref are in it" grep -c '"lane":"\(go\|ref\)","status":"held"' "$T/nights/history.jsonl"
ok "benchmarks of both sides are on the page" grep -q 'AllocTiny2' "$T/nights/report.html"
printf '{"torn' >>"$T/nights/history.jsonl"
night --quick --lane ref
ok "one lane of it" test "$status" = 0
ok "a torn line of the history is told on the page" grep -q 'could not be used: 1 torn' "$T/nights/report.html"
rm "$T/nights/report.html"
ok "the page from what is there" scripts/report --dir "$T/nights"
ok "it is written again" test -s "$T/nights/report.html"
refused "an unknown lane" 2 "no lane is called 'nosuch'; there are go, " --lane nosuch
refused "a table of lanes that is not there" 2 "cannot read the lanes of /nowhere" --lanes /nowhere
refused "nothing to run" 2 "has a quick form" --quick --lane gccgo
printf 'x\tmust\t1\tno-such-tool\tall\tcheck\t-\n' >"$T/lanes"
night --lanes "$T/lanes"
ok "a missing row fails the night with its name" test "$status" = 1 -a -n "$(grep -x 'MISSING x: no-such-tool is not installed' "$T/out")"
echo "1..$n"
exit $failed
