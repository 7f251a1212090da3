#!/usr/bin/env bash
# Toolchain commands that are broken in every way: one clear line and the right status, no process left, and the cases that could be
# built are judged. The toolchain is pretended (fixture/fakego) but for the last part.
# shellcheck disable=SC2154 # lib.sh sets status
. "$(dirname "$0")/lib.sh"
fixture_root one two skips
export FIXTURE_SECONDS=$((200000 + $$)).$RANDOM$RANDOM
only=(--rule one/Holds --rule two/Holds)

# ---- it does not answer ----
refused "a command that is missing" 3 "command 'no-such-go' is not there: install it, put it on PATH or name it" check --backend toolchain:no-such-go
refused "a path with spaces that is missing" 3 "command '/no where/go' is not there" check --backend "toolchain:/no where/go"
refused "a path that is missing" 3 "command '/nowhere/go' is not there" check --backend toolchain:/nowhere/go
refused "a path that is a folder" 3 "my tools version' cannot be started: Permission denied" check --backend "toolchain:$T/my tools/"
refused "a backend that there is not" 3 "no backend 'nosuch'|nosuch" check --backend nosuch
refused "no command at all" 2 "needs a command, as in --backend toolchain:go" check --backend toolchain:
export FAKE_VERSION
FAKE_VERSION=fail refused "version fails" 3 "'fakego version' exited with status 7: the installation is damaged$" check --backend fake
FAKE_VERSION=hang refused "version hangs" 3 "'fakego version' did not end within 3 s and was killed \(--build-timeout\)$" \
    check --backend fake --build-timeout 3
no_process "no process of a hanging version is left" "$FIXTURE_SECONDS"
FAKE_VERSION="Welcome to nonsense 4.2" refused "version prints nonsense" 3 "names no release: Welcome to nonsense 4.2" check --backend fake
FAKE_VERSION="Welcome to nonsense 4.2" refused "version prints nonsense, by command" 3 \
    "'fakego version' printed 'Welcome to nonsense 4.2': not a Go toolchain" check --backend toolchain:fakego
FAKE_VERSION="" refused "version prints nothing" 3 "names no release" check --backend fake
FAKE_VERSION="go version go1.18.1-fake linux/amd64" refused "an old toolchain" 3 "is go1.18.1.*; gomem needs at least go1.19" check --backend fake
FAKE_VERSION="go version go1.18.1 linux/amd64" refused "an old toolchain, by command" 3 "is go1.18.1; gomem needs at least go1.19" \
    check --backend toolchain:fakego
unset FAKE_VERSION
refused "an unknown option" 2 "unknown backend option 'rice' in fake:rice: a toolchain has race, lang=1.N, arch=GOARCH" check --backend fake:rice
refused "an option without its value" 2 "unknown backend option 'lang'" check --backend fake:lang=x
refused "a language newer than the toolchain" 2 "lang=1.27 is newer than 'fakego', which is go1.26" check --backend fake:lang=1.27
true >"$T/my tools/notgo" && chmod +x "$T/my tools/notgo"
refused "a program that is no toolchain" 3 "'notgo version' cannot be started: Exec format error" check --backend toolchain:notgo
printf '\x7fELF garbage' >"$T/my tools/badgo" && chmod +x "$T/my tools/badgo"
refused "a program that does not run" 3 "badgo version' " check --backend toolchain:badgo

# ---- its description is malformed ----
describe() { printf '%b\n' "$1" >"$T/root/backends/odd/toolchain"; }
mkdir "$T/root/backends/odd"
describe 'command fakego\n\nplane -l'
refused "a description with an unknown key" 3 "backends/odd/toolchain:3: unknown or malformed key 'plane'" check --backend odd
describe 'command fakego\nminimum 19\nplain'
refused "a malformed release" 3 "backends/odd/toolchain:2: .*'minimum'" check --backend odd
describe 'command fakego\nhas counts colect\nplain'
refused "an unknown capability" 3 "backends/odd/toolchain:2: .*'has'" check --backend odd
describe 'command fakego\nprofile gcc\nplain'
refused "an unknown profile" 3 "backends/odd/toolchain:2: .*'profile'" check --backend odd
describe 'plain -l'
refused "no command" 3 "backends/odd/toolchain has no line 'command'" check --backend odd
describe 'command fakego'
refused "no way to build" 3 "backends/odd/toolchain has no line 'plain'" check --backend odd
describe 'command fakego\nplain'
refused "a race lane that there is not" 3 "the toolchain odd has no race detector" check --backend odd:race
rm -r "$T/root/backends/odd"

# ---- it builds badly ----
export FAKE_BUILD
broken_build() { # NAME HOW PATTERN: nothing could be built
    rm -rf "$T/build"
    FAKE_BUILD=$2
    gomem check --backend fake "${only[@]}"
    is "$1: exit status" "$status" 3
    is "$1: one line on stderr" "$(grep -c . "$T/err")" 1
    if grep -Eq '^TAP' "$T/out"; then
        tap_is_sound "$1"
        fails "$1" one/Holds "$3"
        fails "$1" two/Holds "$3"
    else
        ok "$1: stderr says why" grep -Eq "$3" "$T/err"
    fi
}
broken_build "build fails" fail 'it does not build: no space left in the compiler'
broken_build "build fails without a word" silent 'the build command exited with status 1 and printed nothing'
broken_build "build is killed" die 'the build command was killed by signal 9'
broken_build "build floods" flood 'it does not build: drip'
broken_build "build makes nothing" nothing "'fakego build' ended with status 0 but built nothing"
FAKE_BUILD=hang refused "build hangs" 3 "'fakego build' did not end within 3 s and was killed \(--build-timeout\)" \
    check --backend fake --build-timeout 3 "${only[@]}"
no_process "no process of a hanging build is left" "$FIXTURE_SECONDS"

rm -rf "$T/build"
FAKE_BUILD=part gomem check --backend fake "${only[@]}"
is "build makes one area of two: exit status" "$status" 1
passes "the area that was built" one/Holds
fails "the area that was not" two/Holds 'ended with status 0 but built no .*/two'
unset FAKE_BUILD

gomem check --backend fake "${only[@]}"
is "a build that works" "$status" 0
FAKE_BUILD=part gomem check --backend fake "${only[@]}"
fails "an executable of an earlier build does not stand in" two/Holds 'ended with status 0 but built no .*/two'
cp "$FAKE_PROGRAM" "$T/keep" && printf 'not a program\n' >"$T/junk" && chmod +x "$T/junk"
FAKE_PROGRAM=$T/junk gomem check --backend fake "${only[@]}"
is "executables that do not run: exit status" "$status" 1
fails "an executable that does not run" one/Holds 'Exec format error'

# ---- how it is named ----
log="$T/calls"
named() { # NAME SPEC
    rm -f "$log"
    FAKE_LOG=$log gomem check --backend "$2" "${only[@]}"
    is "$1: exit status" "$status" 0
    ok "$1: it was called" grep -q '^build ' "$log"
}
named "a path with spaces" "toolchain:$T/my tools/fakego"
named "a path with spaces and options" "toolchain:$T/my tools/fakego:lang=1.22"
ok "the language version is written to go.mod" grep -qx 'go 1.22' "$T"/build/toolchains/*lang1.22*/src/go.mod
cd "$T" || exit
named "a relative path with spaces" "toolchain:my tools/fakego"
cd "$T/my tools" || exit
named "a relative path" "toolchain:./fakego"
cd "$TOP" || exit
ln -s "$T/my tools" "$T/tools:v1"
named "a path with a colon" "toolchain:$T/tools:v1/fakego"
named "a command with an argument" "toolchain:env fakego"

# ---- what it lacks: skips and differences ----
gomem check --backend fake --rule 'skips/*' --rule one/FailsImpl
tap_is_sound "skips"
is "skips and a difference do not fail" "$status" 0
passes "capabilities that are there" skips/HoldsCapable
passes "the very release" skips/HoldsNow
skips "needs" skips/Needs 'needs finalizers'
skips "a PRECISE rule" skips/Precise 'needs precise'
skips "a FREE rule" skips/Free 'graded by the race lane'
skips "a MYTH without the gc profile" skips/Myth 'needs the gc profile'
skips "since, of the rule" skips/RuleSince 'since go1.900'
skips "until, of the rule" skips/RuleUntil 'until go1.2'
skips "since lang, of the rule" skips/RuleLangSince 'since language go1.900'
skips "until lang, of the rule" skips/RuleLangUntil 'until language go1.2'
skips "since" skips/Since 'since go1.27'
skips "until" skips/Until 'until go1.25'
passes "since lang" skips/LangSince
skips "until lang" skips/LangUntil 'until language go1.21'
skips "tier full" skips/Full 'runs in the full tier'
skips "tier nightly" skips/Nightly 'runs in the nightly tier'
skips "build tags" skips/Tagged 'its file is built with go1.27 && !ignore'
skips "probe" skips/Probe 'needs probe'
skips "diagnostics" skips/Diagnostics "needs the compiler's escape diagnostics"
skips "inline" skips/Inline 'needs inlining that can be switched'
skips "foreign targets" skips/Foreign 'needs foreign targets'
verdict "an IMPL rule without the gc profile" one/FailsImpl 'not ok one/FailsImpl # TODO difference: it is wrong'
ok "prove accepts skips and a difference" prove -Q -e cat "$T/out"
gomem check --backend fake:lang=1.21 --rule 'skips/Lang*' --tier full
skips "since lang, older language" skips/LangSince 'since language go1.22'
passes "until lang, older language" skips/LangUntil
gomem check --backend fake --rule skips/Full --rule skips/Nightly --tier full
passes "tier full in tier full" skips/Full
skips "tier nightly in tier full" skips/Nightly 'runs in the nightly tier'

one=$(sed -n 's/^Cpus_allowed_list:[^0-9]*\([0-9]*\).*/\1/p' /proc/self/status)
taskset -c "$one" "$GOMEM" check --backend fake --rule skips/HoldsParallel >"$T/out" 2>"$T/err"
skips "one processor of several" skips/HoldsParallel 'needs parallel'
ok "and one process at once" grep -q ', 1 at once$' "$T/out"

# ---- real Go: odd surroundings, the race lane ----
rm -rf "$T/root/cases/one" "$T/root/cases/two" "$T/root/cases/skips"
cp -r "$HERE/fixture/cases/raced" "$T/root/cases/"
export GOCACHE
GOCACHE=$(go env GOCACHE)
cache=$GOCACHE
env -u HOME -u GOCACHE -u XDG_CACHE_HOME GOMEM_ROOT="$T/root" "$GOMEM" check --backend toolchain:env\ GOCACHE="$cache"\ go --rule raced/Silent >"$T/out" 2>"$T/err"
is "no HOME" "$?" 0
HOME="$T/home" && mkdir -p "$HOME/.config/go" && export HOME
echo GOFLAGS=-nonsense >"$HOME/.config/go/env"
gomem check --backend go --rule raced/Silent
is "a user's go env does not matter" "$status" 0
GOFLAGS=-nonsense GOWORK=/nowhere GO111MODULE=off GOARCH=386 GOOS=plan9 gomem check --backend go --rule raced/Silent
is "a user's environment does not matter" "$status" 0
export GOENV=off
host=$(go env GOHOSTARCH)
ok "nor does it choose the target" grep -q "GOARCH=$host\$" <(go version -m "$T"/build/toolchains/go-*/bin/raced)

gomem check --backend go:race
is "race lane: exit status" "$status" 1
tap_is_sound "race lane"
passes "race report, a race" raced/Reported
fails "race report, no race" raced/Unreported 'the race detector reported nothing; the program has a race'
passes "race silent, no race" raced/Silent
fails "race silent, a race" raced/Loud 'the race detector reported a race in a program that has none'
ok "a case without a race directive is not in the race lane" bash -c '! grep -q Elsewhere "$1"' - "$T/out"
finish
