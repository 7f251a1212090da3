# What the harness's tests share: TAP, a fixture root in a temporary folder, and gomem run on it.
#
# A test sources this file, calls fixture_root (and has $T, the temporary folder, removed at its end), then `gomem ARGS`, which
# leaves $status, $T/out and $T/err for the checks below, and ends with `finish`. The temporary folder's name holds a space, so
# that no path in the harness is split by accident.
# shellcheck shell=bash
set -u
unset MAKEFLAGS GOMEM_ROOT GOMEM_BUILD GOMEM_TOKEN GOMEM_TIER GOMEM_SEED GOMEM_TRIALS GOFLAGS
export LC_ALL=C
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
TOP=$(cd "$HERE/../.." && pwd)
GOMEM=${GOMEM_TESTED:-$TOP/build/gomem}
T=$(mktemp -d "${TMPDIR:-/tmp}/gomem test.XXXXXX")
trap 'chmod -R u+w "$T"; rm -rf "$T"' EXIT
n=0 failed=0 status=

# ---- TAP ----

pass() { n=$((n + 1)); echo "ok $n - ${1//#/\\#}"; }

fail() { # NAME FILE...: the files are shown
    n=$((n + 1)) failed=$((failed + 1))
    echo "not ok $n - ${1//#/\\#}"
    shift
    for f; do
        echo "#   ${f##*/}:"
        head -c 6000 "$f" | head -60 | sed 's/^/#     /'
    done
}

ok() { # NAME COMMAND...: the command succeeds
    local name=$1
    shift
    if "$@" >/dev/null 2>&1; then pass "$name"; else fail "$name" "$T/out" "$T/err"; fi
}

is() { # NAME GOT WANT
    if [ "$2" = "$3" ]; then pass "$1"; else fail "$1: got '$2', want '$3'" "$T/out" "$T/err"; fi
}

finish() {
    echo "1..$n"
    exit $((failed > 0))
}

# share_objects DIR: builds below that folder take the tree's objects, which are known by what they are made of, and add to them.
share_objects() {
    mkdir -p "$1/units" "$TOP/build/units/objects"
    ln -s "$TOP/build/units/objects" "$1/units/"
}

# own_build has what is built lie below $T.
own_build() {
    export GOMEM_BUILD="$T/build"
    share_objects "$GOMEM_BUILD"
}

# ---- gomem on the fixture ----

# fixture_root assembles $T/root: the fixture's rules and the named areas of its cases, the real package check and backends,
# and the pretended toolchain `fake`, whose behaviour $FAKE_* choose.
fixture_root() {
    mkdir -p "$T/root/spec" "$T/root/cases" "$T/root/backends/fake"
    cp "$HERE/fixture/rules.tsv" "$T/root/spec/"
    cp -r "$TOP/cases/check" "$TOP/cases/go.mod" "$T/root/cases/"
    cp -r "$TOP/backends/go" "$T/root/backends/"
    cp "$HERE/fixture/fake-toolchain" "$T/root/backends/fake/toolchain"
    mkdir -p "$T/my tools"
    cp "$HERE/fixture/fakego" "$HERE/fixture/fakeprogram" "$T/my tools/"
    chmod +x "$T/my tools"/*
    for area; do cp -r "$HERE/fixture/cases/$area" "$T/root/cases/"; done
    export PATH="$T/my tools:$PATH" GOMEM_ROOT="$T/root" GOMEM_BUILD="$T/build" GOTOOLCHAIN=local
    export FAKE_PROGRAM="$T/my tools/fakeprogram"
}

gomem() {
    "$GOMEM" "$@" >"$T/out" 2>"$T/err" </dev/null
    status=$?
}

# refused NAME STATUS PATTERN ARGS...: gomem ends with the status and one line on stderr, which matches the pattern (grep -E).
refused() {
    local name=$1 want=$2 pattern=$3
    shift 3
    gomem "$@"
    if [ "$status" = "$want" ] && [ "$(wc -l <"$T/err")" = 1 ] && grep -Eq -- "^gomem: .*$pattern" "$T/err"; then
        pass "$name"
    else
        fail "$name: status $status, want $want; stderr is not the one line /$pattern/" "$T/err" "$T/out"
    fi
}

# verdict NAME CASE PATTERN [MESSAGE]: the TAP line of the case, without number and rule, matches PATTERN wholly; its
# diagnostics' message matches MESSAGE. Both are grep -E patterns.
verdict() {
    local line message
    line=$(grep -E "^(not )?ok [0-9]+ - [^ ]+ $2( |\$)" "$T/out" | sed -E 's/^(not ok|ok) [0-9]+ - [^ ]+ /\1 /')
    message=$(item "$2" | sed -n 's/^  message: "\(.*\)"$/\1/p')
    if ! grep -Exq -- "$3" <<<"$line"; then
        fail "$1: the line is '$line', want /$3/: $message" "$T/err"
    elif [ $# -gt 3 ] && ! grep -Eq -- "$4" <<<"$message"; then
        fail "$1: the message is '$message', want /$4/" "$T/err"
    else
        pass "$1"
    fi
}

# item CASE prints what TAP says of the case: its line and what follows up to the next one.
item() {
    awk -v name="$1" '/^(not )?ok /{on = ($5 == name || $6 == name)} /^# area/{on = 0} on' "$T/out"
}

passes() { verdict "$2: $1" "$2" "ok $2"; }                       # NAME CASE
fails() { verdict "$2: $1" "$2" "not ok $2" "$3"; }               # NAME CASE MESSAGE
skips() { verdict "$2: $1" "$2" "ok $2 # SKIP $3"; }              # NAME CASE REASON
kind() { ok "$1: its verdict is $2" grep -q "^  verdict: \"$2\"" <(item "$1"); } # CASE VERDICT

# tap_is_sound NAME: the plan comes first and numbers are complete, whatever the verdicts.
tap_is_sound() {
    ok "$1: TAP: version, plan first, numbers complete" awk '
        NR == 1 && $0 != "TAP version 13" { exit bad = 1 }
        NR == 2 { if ($0 !~ /^1\.\.[0-9]+$/) exit bad = 1; split($0, plan, "[.][.]") }
        /^(not )?ok / { number = $1 == "not" ? $3 : $2; if (number != ++count) exit bad = 1 }
        END { exit bad || count != plan[2] }' "$T/out"
}

# json_is_sound NAME FILE: each line is an object of JSON in valid UTF-8.
json_is_sound() {
    ok "$1: each line is valid JSON" perl -MJSON::PP -ne 'JSON::PP->new->utf8->decode($_); END { exit !$. }' "$2"
}

# wait_for COMMAND...: until it succeeds, at most about a minute.
wait_for() {
    local i
    for ((i = 0; i < 1200; i++)); do
        "$@" >/dev/null 2>&1 && return 0
        sleep 0.05
    done
    return 1
}

# no_process NAME WORD: no process is left that has WORD in its command line (words are unique to a test run).
no_process() {
    local left
    left=$(grep -la -- "[${2:0:1}]${2:1}" /proc/[0-9]*/cmdline 2>/dev/null | head -3)
    if [ -z "$left" ]; then pass "$1"; else fail "$1: left: $left"; fi
}
