#!/usr/bin/env bash
# What becomes of results: TAP 14, JUnit's XML, shards and their merge, the comparison of two checks, the matrix of several backends.
# The toolchain is pretended (fixture/fakego), so that nothing of the cases is compiled.
# shellcheck disable=SC2154,SC2016 # lib.sh sets status; the scripts of bash -c expand their own
. "$(dirname "$0")/lib.sh"
fixture_root one two
export FIXTURE_SECONDS=$((500000 + $$)).$RANDOM$RANDOM FIXTURE_MARK="$T/mark"
all=(check --backend fake --seed 5 --exclude 'two/*' --rule 'one/*')
cat >"$T/my tools/oddprogram" <<'END'
#!/usr/bin/env bash
echo "begin $GOMEM_TOKEN" >&3
case $1 in
*/Dies*) printf 'panic: \x01 <boom> & "\xff" ]]> \x1b[31m \xef\xbf\xbf \xed\xa0\x80 \xf0\x9f\x90\xb9\n' >&2; exit 2 ;;
*/Fails*) printf 'fail <a> & "b" '"'c'"' \x02 ]]> \xff # x\n' >&3 ;;
esac
echo "done $GOMEM_TOKEN" >&3
END
chmod +x "$T/my tools/oddprogram"

# ---- TAP 14 ----
gomem "${all[@]}"
cp "$T/out" "$T/tap13"
gomem "${all[@]}" --format tap14
is "TAP 14: version" "$(head -1 "$T/out")" "TAP version 14"
ok "TAP 14: the lines of TAP 13" cmp <(sed 1d "$T/tap13" | grep -v '^#') <(sed 1d "$T/out" | grep -v '^#')

# ---- JUnit ----
(cd "$T" && go build -o "$T/junitcheck" "$HERE/fixture/junitcheck/main.go") >"$T/out" 2>"$T/err" || fail "junitcheck builds" "$T/err"
junit() { # NAME: the last check's XML is sound
    if "$T/junitcheck" <"$T/out" >"$T/said" 2>&1; then pass "$1"; else fail "$1" "$T/said" "$T/out"; fi
}
gomem "${all[@]}" --format junit
is "JUnit: status" "$status" 1
junit "JUnit: whole"
ok "JUnit: a failure" grep -q '<failure type="fail" message="it is wrong">' "$T/out"
ok "JUnit: a crash is an error" grep -q '<error type="crash" message="' "$T/out"
ok "JUnit: a difference is a skip that says so" grep -q '<skipped message="difference: it is wrong"/>' "$T/out"
ok "JUnit: the totals" grep -q '<testsuites name="gomem on fake" tests="7" failures="3" errors="1" ' "$T/out"
FAKE_PROGRAM="$T/my tools/oddprogram" gomem "${all[@]}" --format junit
junit "JUnit: control characters, broken UTF-8, markup"
ok "JUnit: markup is escaped" grep -q 'message="&#60;a&#62; &#38; &#34;b&#34; ' "$T/out"
ok "JUnit: valid UTF-8" perl -e 'binmode STDIN; local $/; my $t = <STDIN>; exit !utf8::decode($t)' <"$T/out"
echo 'FIX.* is not done yet' >"$T/list"
gomem "${all[@]}" --format junit --rule one/Fails --expect "$T/list"
junit "JUnit: expected failures"
ok "JUnit: what repeats a failure names the list" grep -q -- "--rule one/[A-Za-z]* --seed [0-9]* --expect" "$T/out"
ok "JUnit: an unexpected pass fails" grep -q '<failure type="unexpected pass"' "$T/out"
gomem check --backend fake --rule FIX.NOCASE --format junit
is "JUnit: nothing selected" "$(sed -n '$p' "$T/out")" "</testsuites>"

# ---- shards and merge ----
for i in 1 2 3; do
    gomem "${all[@]}" --shard $i/3 --format json --output "$T/shard $i"
    tap_is_sound "shard $i"
done
is "shards share the cases out" "$(cat "$T"/shard\ * | grep -c '"kind":"case"')" 7
gomem "${all[@]}" --format json --output "$T/whole"
gomem merge "$T/shard 1" "$T/shard 2" "$T/shard 3"
is "merge: status" "$status" 1
tap_is_sound "merge"
ok "merge: the results of the whole check" cmp <(grep -v '^#' "$T/tap13" | sed 1d) <(grep -v '^#' "$T/out" | sed 1d)
gomem merge --format json "$T/shard 3" "$T/shard 1" "$T/shard 2"
cp "$T/out" "$T/merged"
json_is_sound "merge: JSON" "$T/merged"
gomem diff "$T/whole" "$T/merged"
is "merge: JSON is that of the whole check: status" "$status" 0
ok "merge: JSON is that of the whole check" grep -qx '# 0 worse, 0 better, 0 changed, 7 as before' "$T/out"
gomem merge --format junit --output "$T/xml" "$T/shard 1" "$T/shard 2" "$T/shard 3"
ok "merge: --output" "$T/junitcheck" <"$T/xml"
tap_is_sound "merge: TAP beside --output"
gomem check --backend fake --rule one/Holds --format json --output "$T/holds"
gomem merge "$T/holds"
is "merge: of one whole check" "$status" 0
FAKE_PROGRAM="$T/my tools/oddprogram" gomem "${all[@]}" --format json --output "$T/odd"
gomem merge --format json "$T/odd"
ok "merge: odd characters survive" cmp <(sed 's/\\ufffd/\xef\xbf\xbd/g' "$T/odd" | grep kind.:.case) <(grep kind.:.case "$T/out")
refused "merge of nothing" 2 "merge needs files" merge
refused "merge with a shard missing" 2 "shard 2/3 is missing" merge "$T/shard 1" "$T/shard 3"
refused "merge with a shard twice" 2 "are both shard 1/3" merge "$T/shard 1" "$T/shard 1" "$T/shard 2" "$T/shard 3"
refused "merge of the same whole check twice" 2 "the case one/Dies is in several of the files" merge "$T/whole" "$T/whole"
refused "merge of other things" 2 "list:1: not a line of results" merge "$T/list"
refused "merge of what is not there" 2 "cannot read the results .*: No such file" merge "$T/nothing"
refused "merge of an empty file" 2 "holds no results" merge /dev/null
head -4 "$T/whole" >"$T/torn"
refused "merge of a check that did not end" 1 "ends before its summary" merge "$T/torn"
grep -v one/Holds "$T/whole" >"$T/torn"
refused "merge of results that have lost a line" 1 "torn is not all of a check: it holds 6 of its check's 7 cases" merge "$T/torn"
gomem diff "$T/whole" "$T/torn"
is "diff with results that have lost a line: status" "$status" 1
gomem check --backend fake --seed 5 --rule one/Holds --shard 3/3 --format json --output "$T/few"
refused "merge of shards of several selections" 2 "shard 1 holds 3 cases, and shard 1/3 of all 5 has 2: not all are shards of the same cases" merge "$T/shard 1" "$T/shard 2" "$T/few"
head -c 700 "$T/whole" >"$T/torn"
refused "a torn line" 2 "torn:[0-9]+: not a line of results" merge "$T/torn"
sed 1d "$T/whole" >"$T/headless"
refused "results without their first line" 2 "headless:1: a case before the line of its check" merge "$T/headless"
gomem check --backend fake:lang=1.21 --rule one/Holds --format json --output "$T/other"
refused "merge of two backends" 2 "are not of one check" merge "$T/holds" "$T/other"
for junk in '{' '{"kind":"check"' '[1,2' '{"kind":check}' '{"kind":"check"} x' '"\u12"' "$(printf '[%.0s' {1..5000})" $'\xff\xfe' '{"kind":"case","name":"a"}'; do
    printf '%s\n' "$junk" >"$T/junk"
    refused "a line of ${junk:0:20}" 2 "junk:1: " diff "$T/junk" "$T/junk"
done
while read -r value; do
    refused "--shard $value" 2 "--shard takes I/N, as in 2/4, not '$value'" check --shard "$value"
done <<<$'0/3\n4/3\n3\n/3\n1/\n1/0\nx/y\n1/3/5\n-1/3'

# ---- diff ----
FAKE_PROGRAM="$T/my tools/oddprogram" gomem "${all[@]}" --rule two/Holds --format json --output "$T/new"
sed -i 's/"name":"one\/Holds",\(.*\)"verdict":"pass"/"name":"one\/Holds",\1"verdict":"fail","message":"it broke"/; /one.Notes/d' "$T/new"
sed -i 's/"name":"one\/FailsToo",\(.*\)"verdict":"fail"/"name":"one\/FailsToo",\1"verdict":"pass"/' "$T/new"
gomem diff "$T/whole" "$T/new"
is "diff: status" "$status" 1
ok "diff: worse" grep -qx 'worse    FIX.LANG one/Holds: pass -> fail: it broke' "$T/out"
ok "diff: better" grep -qx 'better   FIX.LANG one/FailsToo: fail -> pass' "$T/out"
ok "diff: a case that is gone" grep -qx 'changed  FIX.LANG one/Notes: pass -> absent' "$T/out"
ok "diff: what is worse comes first" grep -q '^worse' <(grep -v '^#' "$T/out" | head -1)
gomem diff "$T/new" "$T/whole"
ok "diff: the other way round" grep -qx 'better   FIX.LANG one/Holds: fail -> pass' "$T/out"
refused "diff of one file" 2 "diff needs two files" diff "$T/whole"

# ---- matrix ----
gomem matrix fake toolchain:fakego nosuch --seed 5 --rule 'one/*' --rule two/Holds
is "matrix: status" "$status" 1
ok "matrix: the backends" grep -Eq '^area +fake1.26 +fake1.26 +nosuch$' "$T/out"
ok "matrix: what held" grep -Eq '^one +2/7 ! +2/7 ! +-$' "$T/out"
ok "matrix: an area that holds" grep -Eq '^two +1/1 +1/1 +-$' "$T/out"
ok "matrix: what could not be checked" grep -q "^# nosuch: not checked: gomem: no backend 'nosuch'" "$T/out"
json_is_sound "matrix: the results stay" "$T/build/matrix/fake.jsonl"
gomem matrix fake --by rule --rule one/Holds --rule one/FailsImpl
is "matrix: a difference conforms" "$status" 0
ok "matrix: by rule" grep -Eq '^FIX.IMPL +0/1 ~$' "$T/out"
printf '#!/bin/sh\n: >"$FIXTURE_MARK"\nexec sleep "$FIXTURE_SECONDS"\n' >"$T/my tools/hanggo"
chmod +x "$T/my tools/hanggo"
rm -f "$FIXTURE_MARK"
perl -e '$SIG{INT} = "DEFAULT"; exec @ARGV' "$GOMEM" matrix fake toolchain:hanggo --rule one/Holds >"$T/out" 2>"$T/err" </dev/null &
wait_for test -e "$FIXTURE_MARK"
kill -INT $!
wait $!
is "matrix: SIGINT: status" "$?" 1
ok "matrix: SIGINT: what is known is shown" grep -Eq '^one +1/1 +-$' "$T/out"
ok "matrix: SIGINT: what is not is named" grep -qx '# toolchain:hanggo: not checked: interrupted' "$T/out"
no_process "matrix: SIGINT: no process is left" "$FIXTURE_SECONDS"
refused "matrix: an unknown rule" 2 "no rule and no case is called 'NO.RULE'" matrix fake --rule NO.RULE
finish
