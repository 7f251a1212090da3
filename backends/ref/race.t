#!/usr/bin/env bash
# The race lane of ref has teeth: a missing edge of the implementation is reported, an edge that is not announced too, and one too many
# silences what must be reported.
set -u
cd "$(dirname "$0")/../.." || exit 1
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
n=0 status=0

# row LANE FAULT CASE MESSAGE: the case holds without the fault, and with it fails so.
row() {
    local good=1 fault
    for fault in "" ",fault=$2"; do
        build/gomem check --backend "ref:race=$1$fault" --rule "$3" --seed 1 --timeout 30 >"$work/tap" 2>&1
        if [ -z "$fault" ]; then
            grep -q "^ok .* $3\$" "$work/tap" || good=
        else
            grep -q "the race detector reported $4" "$work/tap" || good=
            rm -rf "build/units/ref_race_$1_fault_$2"
        fi
        [ $good ] || { sed 's/^/# /' "$work/tap" | tail -12; break; }
    done
    n=$((n + 1))
    if [ $good ]; then
        echo "ok $n - $1: $2, by $3"
    else
        echo "not ok $n - $1: $2, by $3"
        status=1
    fi
}

while read -r lane fault case message; do
    [ -n "$lane" ] && row "$lane" "$fault" "$case" "$message"
done <<'ROWS'
implementation recv-no-acquire order/SendBuffered a race
implementation close-no-release order/CloseReachesAll a race
implementation unlock-no-release order/MutexOrdersSections a race
implementation runlock-no-release order/ReadersBeforeWriter a race
implementation done-no-release order/WaitBringsEveryDone a race
program go-unannounced order/GoSeesEarlierWrites a race
program send-unannounced order/SendBuffered a race
program meeting-unannounced order/UnbufferedIsOneEvent a race
program close-unannounced order/CloseBringsData a race
program unlock-unannounced order/MutexOrdersSections a race
program done-unannounced order/WaitBringsEveryDone a race
program all-ordered order/TwoDifferentLocks nothing
ROWS
echo "1..$n"
exit $status
