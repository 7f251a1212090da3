#!/usr/bin/env bash
# The command line: what is refused, lists of expected failures, formats and outputs, streams that are closed or full, signals.
# The toolchain is pretended (fixture/fakego), so that nothing is compiled.
# shellcheck disable=SC2154,SC2016 # lib.sh sets status; the scripts of bash -c expand their own
. "$(dirname "$0")/lib.sh"
fixture_root one two
export FIXTURE_SECONDS=$((300000 + $$)).$RANDOM$RANDOM FIXTURE_MARK="$T/mark"
holds=(--rule one/Holds --rule two/Holds)

# ---- refused ----
gomem
is "no command: status" "$status" 2
ok "no command: help" grep -q '^usage: gomem COMMAND' "$T/out"
for help in --help -h help; do
    gomem "$help"
    is "gomem $help" "$status" 0
done
gomem --version
ok "gomem --version" grep -Eq '^gomem [0-9]+\.[0-9]+\.[0-9]+$' "$T/out"
for command in check list explain matrix merge diff lint; do
    gomem $command --help
    is "gomem $command --help: status" "$status" 0
    ok "gomem $command --help: usage" grep -q "^usage: gomem $command" "$T/out"
done
refused "an unknown command" 2 "unknown command 'chek'" chek
refused "an unknown option" 2 "unknown option --nonsense; see gomem check --help" check --nonsense
refused "an option of another command" 2 "unknown option --gaps" check --gaps
refused "short options" 2 "unknown option -x" check -xyz
refused "a value for a flag" 2 "unknown option --fail-fast=yes|fail-fast" check --fail-fast=yes
refused "an operand" 2 "check takes options only, not 'ALLOC'" check ALLOC
refused "an unknown rule" 2 "no rule and no case is called 'FIX.LAMG'" check --rule FIX.LAMG
refused "an area" 2 "'one' is an area, .*: its cases are 'one/\*'" check --rule one
refused "a pattern without a match" 2 "no rule and no case is called 'one/X\*'" check --rule 'one/X*'
refused "an unknown rule to exclude" 2 "no rule and no case is called 'FIX.LAMG'" check --exclude FIX.LAMG
refused "what stands above rules" 2 "no rule and no case is called 'FIX': the rules below it are 'FIX\.\*'" explain FIX
refused "explain without a rule" 2 "explain needs a rule" explain
refused "explain of an unknown rule" 2 "called 'NO.RULE'" explain NO.RULE
refused "explain of a known and an unknown rule" 2 "called 'NO.RULE'" explain FIX.LANG NO.RULE
refused "list of an unknown rule" 2 "called 'NO.RULE'" list NO.RULE
refused "list of unknown cases" 2 "called 'no/Case'" list --cases no/Case
refused "lint of something" 2 "lint takes nothing" lint x
while IFS='|' read -r option value; do
    refused "--$option '$value'" 2 "--$option takes .*, not '$value'" check "--$option" "$value"
done <<'END'
tier|quickest
tier|
strength|LANG,WEAK
strength|
strength|lang
format|xml
repeat|0
repeat|-1
repeat|x
repeat|3x
repeat|99999999999999999999
jobs|0
jobs|61
jobs|two
seed|-1
seed|x
seed|
seed|99999999999999999999999
timeout|0
timeout|-3
timeout|soon
timeout|nan
timeout|inf
build-timeout|0
rule|
exclude|
output|
backend|
END
for option in rule exclude strength tier jobs seed repeat timeout build-timeout expect format shard output backend; do
    refused "--$option without its value" 2 "--$option needs a value" check "--$option"
done

# ---- gomem's own folder, and where it writes ----
GOMEM_ROOT=$T/nowhere refused "a wrong GOMEM_ROOT" 2 "GOMEM_ROOT is .*/nowhere, which is not gomem's folder" check
mkdir -p "$T/bare/spec" && cp "$T/root/spec/rules.tsv" "$T/bare/spec/"
GOMEM_ROOT=$T/bare refused "a root without cases" 3 "no folder .*/bare/cases" check
GOMEM_BUILD=/proc/a/b/c refused "a build folder that cannot be made: the reason is that of the outermost" 3 "cannot make the folder /proc/a/b/c: (No such file or directory|Permission denied)" check --backend fake
GOMEM_BUILD=/proc/version refused "a build folder that is a file" 3 "cannot make the folder /proc/version.*: Not a directory" check --backend fake
GOMEM_BUILD=/dev/null/x refused "a build folder that cannot be made" 3 "cannot make the folder /dev/null/x" check --backend fake
refused "an output that cannot be written" 2 "cannot write --output /nowhere/x: No such file" check --backend fake --output /nowhere/x
refused "an output that is a folder" 2 "cannot write --output .*: Is a directory" check --backend fake --output "$T"

# ---- what is selected ----
count() { grep -Ec '^(not )?ok ' "$T/out"; }
gomem check --backend fake --rule 'one/*' --exclude 'one/F*' --exclude one/Dies --seed 1 --repeat 1
is "--exclude" "$(count)" 3
gomem check --backend fake --exclude 'two/*' --strength IMPL
is "--strength IMPL" "$(grep -E '^(not )?ok ' "$T/out")" 'not ok 1 - FIX.IMPL one/FailsImpl # TODO difference: it is wrong'
gomem check --backend fake --rule FIX.IMPL --rule one/Holds --strength LANG,MYTH
is "--strength LANG,MYTH" "$(grep -E '^(not )?ok ' "$T/out")" 'ok 1 - FIX.LANG one/Holds'
gomem check --backend fake --rule FIX.NOCASE
is "a rule without a case: status" "$status" 1
ok "a rule without a case: it is said" grep -q '^gomem: nothing ran' "$T/err"
tap_is_sound "nothing selected"
gomem check --backend fake --rule one/Holds --exclude one/Holds
is "everything excluded" "$status" 1
gomem check --backend fake --rule one/Notes --seed 5 --tier full
ok "the seed and the tier reach the case" grep -Eq '^# note: seed [1-9][0-9]*, tier full$' "$T/out"
gomem check --backend fake --rule one/Odd --seed 5 --repeat 50 --jobs 4
ok "--repeat counts the runs that failed" grep -Eq 'message: "[1-9][0-9]? of 50 runs failed; the first: an even seed"' "$T/out"
gomem check --backend fake --rule one/Holds --repeat 30 --jobs 4
is "--repeat of a case that holds" "$status" 0

gomem check --backend fake --rule two/HangsLonger --timeout 1
fails "a case's own timeout is longer" two/HangsLonger 'did not end within 3 s'
gomem check --backend fake --rule two/Hangs --timeout 0.5
fails "a fraction of a second" two/Hangs 'did not end within 0.5 s'
refused "--debug with several cases" 2 "--debug takes one case, and [0-9]+ are selected" check --backend fake --debug
gomem check --backend fake --debug --rule one/Holds
is "--debug of one case" "$status" 0
gomem check --backend fake --debug --rule one/Dies
is "--debug of a case that dies" "$status" 1
ok "--debug leaves the streams alone" grep -qx 'panic: boom' "$T/err"

# ---- --fail-fast ----
gomem check --backend fake --fail-fast --jobs 1 --rule 'one/*' --rule two/Holds
is "--fail-fast: status" "$status" 1
tap_is_sound "--fail-fast"
fails "the first failure" one/Dies 'status 2'
skips "what comes after it" one/Holds 'not run: --fail-fast stopped at an earlier failure'
skips "all that comes after it" two/Holds 'not run: --fail-fast stopped at an earlier failure'
gomem check --backend fake --fail-fast --jobs 1 --rule one/FailsImpl --rule one/Holds
passes "a difference does not stop --fail-fast" one/Holds
gomem check --backend fake --fail-fast --jobs 1 --rule one/Odd --rule two/Holds --repeat 200
ok "--fail-fast stops in the midst of a case's runs" grep -Eq '1 of [0-9]+ runs failed|message: "an even seed' "$T/out"
skips "and what comes after it is not run" two/Holds 'not run: --fail-fast .*'

# ---- expected failures ----
expect() { printf '%s\n' "$@" >"$T/list"; }
with_list() { gomem check --backend fake --rule 'one/Fails*' --rule one/Holds --exclude one/FailsImpl --expect "$T/list" "$@"; }
expect '# a comment' '' 'one/F*  the compiler cannot do this yet # really'
with_list
is "expected failures: status" "$status" 0
verdict "an expected failure" one/Fails 'not ok one/Fails # TODO expected failure: the compiler cannot do this yet \\# really'
ok "prove accepts expected failures" prove -Q -e cat "$T/out"
with_list --fail-fast --jobs 1
passes "an expected failure does not stop --fail-fast" one/Holds
expect 'one/* all of it'
with_list
is "an unexpected pass: status" "$status" 1
fails "an unexpected pass" one/Holds 'it passes, although it is listed as an expected failure \(all of it\): remove it from the list'
kind one/Holds "unexpected pass"
ok "prove fails on an unexpected pass" bash -c '! prove -Q -e cat "$1"' - "$T/out"
expect 'FIX.LANG by rule'
gomem check --backend fake --rule one/Fails --expect "$T/list"
is "an expected failure by its rule" "$status" 0
expect 'one/Fails'
refused "a line without a reason" 2 "list:1: 'one/Fails' needs a reason behind it" check --backend fake --expect "$T/list"
expect '' 'one/Nosuch why'
refused "a line that names nothing" 2 "list:2: 'one/Nosuch' names no case" check --backend fake --expect "$T/list"
refused "a list that is not there" 2 "cannot read the list of expected failures .*/nolist: No such file" check --backend fake --expect "$T/nolist"
refused "a list that is a folder" 2 "cannot read the list of expected failures .*: Is a directory" check --backend fake --expect "$T"
expect 'one/Fails beside the backend'
cp "$T/list" "$T/root/backends/fake/expect"
gomem check --backend fake --rule one/Fails
verdict "a list beside the backend" one/Fails 'not ok one/Fails # TODO expected failure: beside the backend'
rm "$T/root/backends/fake/expect"

# ---- formats ----
gomem check --backend fake --rule 'one/*' --format json
is "--format json: status" "$status" 1
json_is_sound "--format json" "$T/out"
ok "--format json: no TAP among it" bash -c '! grep -q "^ok\|^not ok\|^TAP" "$1"' - "$T/out"
gomem check --backend fake --rule 'one/*' --format json --output "$T/json file"
tap_is_sound "--output: TAP on stdout"
json_is_sound "--output: the file" "$T/json file"
ok "verdicts are the same in both" test "$(grep -c '^not ok' "$T/out")" = "$(grep -Ec '"verdict":"(fail|crash|difference)"' "$T/json file")"
gomem check --backend fake --rule 'one/*' --output "$T/tap file"
ok "--output with TAP" cmp <(grep -v '^#' "$T/out") <(grep -v '^#' "$T/tap file")
repeat=$(sed -n 's/^  repeat: "\(.*\)"$/\1/p' "$T/out" | head -1)
ok "the repeat command shows the failure again" bash -c "! $repeat"
ln -s "$GOMEM" "$T/it's gomem"
"$T/it's gomem" check --backend fake --rule one/Fails >"$T/odd tap"
odd=$(sed -n 's/^  repeat: "\(.*\)"$/\1/p' "$T/odd tap" | sed 's/\\\\/\\/g')
bash -c "$odd" >"$T/out" 2>"$T/err"
is "the repeat command is one where its words are odd" "$?" 1
ok "and shows that failure" grep -q '^not ok 1 - FIX.LANG one/Fails$' "$T/out"

# ---- streams that are closed or full ----
"$GOMEM" check --backend fake "${holds[@]}" >&- 2>"$T/err"
is "stdout closed: status" "$?" 1
ok "stdout closed: one line" grep -Eq '^gomem: cannot write (all|the) results' "$T/err"
"$GOMEM" check --backend fake "${holds[@]}" --output "$T/beside" --format json >&- 2>"$T/err"
is "stdout closed, a file beside it: status" "$?" 1
json_is_sound "stdout closed: the file is whole" "$T/beside"
is "stdout closed: nothing else is in the file" "$(wc -l <"$T/beside")" 4
"$GOMEM" check --backend fake "${holds[@]}" --output "$T/beside" --format json <&- >&- 2>&-
is "all streams closed, a file: status" "$?" 1
is "all streams closed: nothing else is in the file" "$(grep -c '^{"kind"' "$T/beside") of $(wc -l <"$T/beside")" "4 of 4"
"$GOMEM" check --backend fake "${holds[@]}" >/dev/full 2>"$T/err"
is "stdout full: status" "$?" 1
ok "stdout full: one line" grep -q '^gomem: cannot write .*: No space left on device$' "$T/err"
gomem check --backend fake "${holds[@]}" --output /dev/full
is "output full: status" "$status" 1
ok "output full: one line" grep -q '^gomem: cannot write .*: No space left on device$' "$T/err"
tap_is_sound "output full: stdout is whole"
"$GOMEM" check --backend fake "${holds[@]}" 2>&- <&- >"$T/out"
is "stdin and stderr closed: status" "$?" 0
tap_is_sound "stdin and stderr closed"
for command in list lint "explain FIX.LANG" "check --help" --version --help; do
    # shellcheck disable=SC2086 # words
    "$GOMEM" $command >/dev/full 2>"$T/err"
    is "gomem $command with stdout full: status" "$?" 1
done
bash -c '"$@" 2>"$0"; echo $? >"$0.status"' "$T/err" "$GOMEM" check --backend fake --rule 'one/*' --rule two/Hangs --jobs 1 | head -1 >/dev/null
is "a reader that goes away: status" "$(cat "$T/err.status")" 1
no_process "a reader that goes away: no process is left" "$FIXTURE_SECONDS"

# ---- two checks in one build folder ----
for i in 1 2 3; do "$GOMEM" check --backend fake "${holds[@]}" >"$T/out$i" 2>&1 & done
wait
is "checks beside each other do not disturb each other" "$(cat "$T"/out[123] | grep -c '^ok ')" 6

# ---- signals ----
# start ARGS...: gomem in the background, with signals as at a terminal (bash ignores SIGINT for background commands).
start() {
    rm -f "$FIXTURE_MARK"
    perl -e '$SIG{$_} = "DEFAULT" for qw(INT TERM HUP); exec @ARGV' "$GOMEM" "$@" >"$T/out" 2>"$T/err" </dev/null &
    driver=$!
}
for signal in INT TERM HUP; do
    start check --backend fake --jobs 2 --exclude two/HangsLonger --output "$T/json" --format json
    wait_for test -e "$FIXTURE_MARK" # two/Holds has ended: two/Waits has its place
    kill -$signal $driver
    wait $driver
    is "SIG$signal: status" "$?" 1
    tap_is_sound "SIG$signal"
    passes "SIG$signal: a result that was reported" one/Holds
    passes "SIG$signal: a result that was not reported yet" two/Holds
    skips "SIG$signal: a case that was running" two/Hangs 'not run: interrupted'
    skips "SIG$signal: another one" two/Waits 'not run: interrupted'
    json_is_sound "SIG$signal: the file is whole" "$T/json"
    ok "SIG$signal: it is said" grep -q '^gomem: interrupted$' "$T/err"
    ok "SIG$signal: the summary is no verdict" grep -q '^# interrupted: ' "$T/out"
    refused "SIG$signal: nor is what merge makes of the file" 1 "json is not all of a check: that check was interrupted" merge "$T/json"
    no_process "SIG$signal: no process is left" "$FIXTURE_SECONDS"
done
FAKE_BUILD=hang FAKE_LOG=$T/calls start check --backend fake --rule one/Holds
wait_for grep -q '^build ' "$T/calls"
kill -INT $driver
wait $driver
is "SIGINT during a build: status" "$?" 1
no_process "SIGINT during a build: no process is left" "$FIXTURE_SECONDS"
perl -e '$SIG{CHLD} = "IGNORE"; exec @ARGV' "$GOMEM" check --backend fake "${holds[@]}" >"$T/out" 2>"$T/err"
is "SIGCHLD ignored by whoever starts it" "$?" 0
(trap '' HUP && exec "$GOMEM" check --backend fake --rule two/Waits --timeout 2 >"$T/out" 2>"$T/err") &
rm -f "$FIXTURE_MARK"
wait_for test -e "$FIXTURE_MARK"
kill -HUP $!
wait $!
fails "SIGHUP ignored, as by nohup" two/Waits 'did not end within 2 s'
finish
