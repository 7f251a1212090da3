#!/usr/bin/env bash
# shellcheck disable=SC2154 # lib.sh sets status
# How cases end, each in its own way: real Go, one build, one check. The harness tells the endings apart, says what is wrong, and
# a case's end never touches another one's result.
. "$(dirname "$0")/lib.sh"
fixture_root verdicts diag diagtorn comp broken torn scraps prog
export FIXTURE_SECONDS=$((100000 + $$)).$RANDOM$RANDOM

gomem check --backend go --seed 7 --jobs 3 --exclude verdicts/Hangs --exclude verdicts/Spins --exclude verdicts/HoldsTooMuch \
    --output "$T/json" --format json
is "exit status of a check with failures" "$status" 1
is "stderr is empty" "$(cat "$T/err")" ""
tap_is_sound "every ending"
json_is_sound "every ending" "$T/json"
is "JSON: a header, a line for each case, a summary" "$(wc -l <"$T/json")" $(($(grep -Ec '^(not )?ok ' "$T/out") + 2))
no_process "no process is left" "$FIXTURE_SECONDS"

passes "an empty case" verdicts/Passes
fails "nil dereference" verdicts/NilDereference 'exited with status 2 before the case returned: panic: runtime error: invalid memory'
kind verdicts/NilDereference crash
fails "SIGKILL" verdicts/KillsItself 'killed by signal 9 \(Killed\)'
kind verdicts/KillsItself crash
fails "os.Exit(0) in the middle" verdicts/ExitsEarly 'exited with status 0 before the case returned'
fails "os.Exit(3) in the middle" verdicts/ExitsThree 'exited with status 3 before the case returned'
fails "the verdict pipe is closed" verdicts/ClosesDescriptors 'before the case returned'
fails "a check" verdicts/ChecksFail 'the sum: got 3 want 4 \(ends.go:[0-9]+\)'
fails "a check of an IMPL rule, gc profile" verdicts/ImplFails 'the detail'
fails "thousands of checks" verdicts/ChecksFailOften 'number: got 0 want -1 .* \(and [0-9]+ more\)'
fails "a fatal check" verdicts/FatalCheck '^it is over \(ends.go:[0-9]+\)$'
fails "a failed check before a death" verdicts/FailsAndDies 'the cause'

fails "a gigabyte on stdout" verdicts/FloodsStdout 'flooded its output'
fails "a gigabyte on stderr" verdicts/FloodsStderr 'flooded its output'
fails "a gigabyte on the verdict pipe" verdicts/FloodsVerdict 'flooded the verdict pipe'
passes "much output" verdicts/PrintsMuch
passes "TAP on stdout and stderr" verdicts/PrintsTap
fails "a message like TAP" verdicts/FailsPrintingTap '^one ok 99 - two'
ok "an excerpt like TAP stays inside the diagnostics" grep -q '^    Bail out!$' <(item verdicts/FailsPrintingTap)
passes "a note like TAP" verdicts/NotesTap
ok "a note is one comment line, its # escaped" grep -Fq '# note: x \# TODO ok 98 - two' "$T/out"
fails "done with another token" verdicts/ForgesDone 'status 0 before the case returned'
fails "a second begin" verdicts/ForgesBegin "none of the protocol's: begin 0123456789abcdef"
fails "a line that is none" verdicts/GarblesVerdict "none of the protocol's: all is well"
fails "a torn line" verdicts/TearsVerdict "before the case returned; the verdict pipe carried 'faidone "

for name in LeavesChild LeavesGroup LeavesSession LeavesPipesOpen; do
    fails "a process left behind" verdicts/$name 'it left 1 process behind \(killed\)'
done
fails "orphans of a case that goes on are its own" verdicts/LeavesOrphans 'it left 3 processes behind'
passes "a process that was waited for" verdicts/WaitsForChild

passes "the expected death" verdicts/Dies
passes "the expected status 0" verdicts/EndsItself
fails "a death that does not come" verdicts/DiesNot 'the case returned; it must end the process with status 2'
fails "another status" verdicts/DiesOtherwise 'exited with status 4, not 2'
fails "another text" verdicts/DiesOtherText "'panic: boom' is not on stderr"
fails "a signal instead of a status" verdicts/DiesBySignal 'killed by signal 9'
kind verdicts/DiesBySignal crash
fails "the right death after a failed check" verdicts/DiesAfterFailing 'the cause'
passes "texts in order, behind a NUL" verdicts/TextsInOrder
fails "texts out of order" verdicts/TextsOutOfOrder "'beta' is not on stdout behind the texts before it"
fails "a pattern without a match" verdicts/TextMatchesNot 'apples.* is not on stdout'
fails "a ^ in the middle of a line" verdicts/TextNotAtLineStart "'/\^beta/' is not on stdout"
passes "the environment of the directive" verdicts/EnvironmentHolds

passes "outcomes of the table" verdicts/OutcomesAllowed
fails "a forbidden outcome" verdicts/OutcomeForbidden "forbidden outcome '3' seen 2 times: never"
fails "a required outcome that is missing" verdicts/OutcomeMissing "required outcome '2' was never seen: always"
fails "an outcome that is not in the table" verdicts/OutcomeUnlisted 'is not in the table \(seen 1 times\)'
fails "a table and no outcome" verdicts/OutcomeNothing 'has an outcome table but observed nothing'
fails "an outcome and no table" verdicts/OutcomeWithoutTable "outcome '1' is not in the table"

passes "expected diagnostics, bounded by release" diag/Right
fails "a missing message" diag/Missing 'cases/diag/diag.go:18: missing: moved to heap: x$'
fails "a surplus message" diag/Surplus 'cases/diag/diag.go:28: surplus: moved to heap: y$'
fails "a message on another line" diag/Misplaced 'cases/diag/diag.go:36: missing: .* \(and 1 more\)'
fails "diagnostics of a file that does not compile" diagtorn/Torn 'it does not build: cases/diagtorn/torn.go:9:[0-9]+: '
passes "diagnostics of the file beside it" diagtorn/Whole
passes "compile-only, all targets" comp/Everywhere
fails "compile-only, one target of two" comp/WideOnly 'cases/comp/place/place.go:19: linux/386: '
fails "compile-only, no such target" comp/Nowhere 'linux/pdp11: .*unsupported GOOS/GOARCH'
fails "compile-only, an error beside the case" comp/Beside 'linux/386: cases/comp/torn/torn.go:4:[0-9]+: '

fails "a case that does not compile" broken/Bad 'it does not build: cases/broken/bad.go:7:[0-9]+: '
fails "the case in the same file" broken/BesideBad 'it does not build: cases/broken/bad.go:7:[0-9]+: '
fails "a case that does not parse" broken/Worse 'it does not build: cases/broken/worse.go:7:[0-9]+: syntax error'
passes "the rest of the area" broken/Good
fails "a user of a shared file that does not compile" torn/User \
    'cases/torn/user.go:6:[0-9]+: undefined: helper \(the cause may be cases/torn/shared.go:4:[0-9]+: undefined: missing\)'
passes "a file that does not need it" torn/Independent
fails "a file that is no Go" scraps/Garbage "cases/scraps/garbage.go:6: the package is called as its area's folder"
fails "a file of another package" scraps/Stranger "cases/scraps/stranger.go:6: the package is called as its area's folder"
fails "an import that there is not" scraps/Imports 'it does not build: cases/scraps/imports.go:3:[0-9]+: '
fails "a file that the toolchain leaves out" scraps/Windows 'cases/scraps/only_windows.go:6: the toolchain leaves the function out: undefined: '
passes "the files beside them" scraps/Good
passes "a whole program" prog/deadlock
fails "a check in a whole program" prog/failscheck 'the sum: got 3 want 4'
fails "another status of a whole program" prog/otherexit 'exited with status 0, not 2'
fails "a whole program that does not compile" prog/torn 'it does not build: cases/prog/torn/main.go:8:[0-9]+: undefined: undefined'

ok "prove fails on it" bash -c '! prove -Q -e cat "$1"' - "$T/out"
ok "prove counts the same failures" test "$(prove -e cat "$T/out" 2>/dev/null | sed -n 's/.* Failed: \([0-9]*\)).*/\1/p')" = "$(grep -c '^not ok' "$T/out")"
ok "prove finds no fault in the TAP" bash -c '! prove -e cat "$1" 2>&1 | grep "Parse errors"' - "$T/out"

# ---- hangs, and what ends without the watchdog beside them ----
gomem check --backend go --jobs 3 --timeout 4 --rule verdicts/Hangs --rule verdicts/Spins --rule verdicts/Passes
is "exit status with a hang" "$status" 1
tap_is_sound "hangs"
passes "beside a hang" verdicts/Passes
fails "a case that sleeps for ever" verdicts/Hangs 'did not end within 4 s and was killed'
fails "a case that spins for ever" verdicts/Spins 'did not end within 4 s and was killed'
kind verdicts/Spins timeout

if [ "$(awk '/^MemAvailable/{print int($2 / 1024)}' /proc/meminfo)" -gt 3500 ]; then
    gomem check --backend go --rule verdicts/HoldsTooMuch --rule verdicts/Passes
    fails "too much memory" verdicts/HoldsTooMuch 'held more than 2048 MiB of memory and was killed'
    passes "beside too much memory" verdicts/Passes
else
    pass "too much memory: not tried, it needs 3.5 GiB of free memory; unit_test covers the cap"
fi

# ---- repeated runs and seeds ----
drawn() { gomem check --backend go --rule verdicts/Draws --seed "$1"; grep -o '^# note: drawn.*' "$T/out"; }
first=$(drawn 41)
ok "a case draws" test -n "$first"
is "--seed reproduces what a case draws" "$(drawn 41)" "$first"
ok "another seed draws otherwise" test "$(drawn 42)" != "$first"

gomem check --backend go --rule verdicts/Flaky --seed 1 --repeat 40
k=$(sed -n 's/.*message: "\([0-9]*\) of 40 runs failed; the first: an even draw.*/\1/p' "$T/out")
ok "--repeat counts the failures of a flaky case" test "${k:-0}" -gt 0 -a "${k:-40}" -lt 40
is "exit status of a flaky case" "$status" 1
seed=$(sed -n 's/.*repeat: ".* --seed \([0-9]*\).*/\1/p' "$T/out")
gomem check --backend go --rule verdicts/Flaky --seed "$seed"
is "the seed of the repeat command shows the failure in one run" "$status" 1

gomem check --backend go --rule verdicts/Passes
is "exit status of a pass" "$status" 0
ok "prove accepts a passing run" prove -Q -e cat "$T/out"

# The harness's own cost, with the processes of a real case: told, not asserted, as machines differ.
start=$(date +%s%N)
gomem check --backend go --rule verdicts/Passes --repeat 200 --jobs 1
is "200 runs of an empty case hold" "$status" 0
echo "# $(((($(date +%s%N) - start)) / 1000000)) ms for 200 runs of an empty case, one at a time"
finish
