#!/usr/bin/env bash
# scripts/faults refuses wrong words in one line and with status 2, before it asks for anything that is built: in a tree with the script and
# the table alone, where right words end with status 3.
# shellcheck disable=SC2154 # lib.sh sets status
. "$(dirname "$0")/lib.sh"
mkdir -p "$T/tree/scripts" "$T/tree/backends/faults"
cp "$TOP/scripts/faults" "$T/tree/scripts/"
cp "$TOP/backends/faults/faults.tsv" "$T/tree/backends/faults/"

faults() {
    "$T/tree/scripts/faults" "$@" >"$T/out" 2>"$T/err" </dev/null
    status=$?
}

says() { # NAME STATUS TEXT ARGUMENT...
    local name=$1 want=$2 text=$3
    shift 3
    faults "$@"
    if [ "$status" = "$want" ] && [ "$(wc -l <"$T/err")" = 1 ] && [ ! -s "$T/out" ] && grep -Fq -- "scripts/faults: $text" "$T/err"; then
        pass "$name"
    else
        fail "$name: status $status, want $want" "$T/out" "$T/err"
    fi
}

known=$(awk -F'\t' '!/^#/ && $1 != "" && $1 != "-" { print $1; exit }' "$TOP/backends/faults/faults.tsv")
usage='; usage: scripts/faults [--quick | --all] '
says "an option it does not know" 2 "unknown option --bogus$usage" --bogus
says "a fault that is not in the table" 2 "no fault is called 'no-such-fault'$usage" no-such-fault
says "one behind a known one" 2 "no fault is called '${known}x'$usage" "$known" "${known}x"
says "a count of runs that is none" 2 "--runs needs a number from 1 to 99$usage" --runs x
says "no count of runs" 2 "--runs needs a number from 1 to 99$usage" --runs
says "a count of jobs that is none" 2 "--jobs needs a number from 1 to 99$usage" --jobs 0
says "no pattern" 2 "--rule needs a pattern$usage" --all --rule
says "a choice of rules without --all" 2 "--rule goes with --all$usage" --rule 'SCHED.*'
says "two choices" 2 "--quick and --all are two things$usage" --quick --all
says "right words, and nothing is built" 3 "build/gomem is missing: make faults FLAGS=NAME builds it" --runs 1 --jobs 1 "$known"
finish
