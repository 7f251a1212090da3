#!/usr/bin/env bash
# gomem bench: a few benchmarks of cases/bench on ref and on Go, once and briefly, and benchmarks that go wrong. Names, numbers and
# statuses are looked at, never a time.
# shellcheck disable=SC2154 # lib.sh sets status
. "$(dirname "$0")/lib.sh"
export GOTOOLCHAIN=local

# entries FILE: name, repetitions and units (sorted) of each run, a line each; exits with 1 on what Google Benchmark's form lacks.
entries() {
    perl -MJSON::PP -0777 -ne '
        my %known = map { $_ => 1 } qw(name run_name run_type repetitions repetition_index threads iterations cpu_time time_unit);
        my $d = decode_json($_);
        die "no peer" unless $d->{context}{peer} && $d->{context}{num_cpus};
        for my $e (@{ $d->{benchmarks} }) {
            next unless $e->{run_type} eq "iteration";
            die "no time" unless $e->{real_time} > 0 && $e->{iterations} >= 1 && $e->{time_unit} eq "ns";
            print "$e->{name} $e->{repetitions}: ", join(" ", sort grep { !$known{$_} } keys %$e), "\n";
        }' "$1"
}

# medians FILE: the names of the medians.
medians() { perl -MJSON::PP -0777 -ne 'print join " ", map { $_->{aggregate_name} ? $_->{name} : () } @{ decode_json($_)->{benchmarks} }' "$1"; }

# ---- the benchmarks ----

gomem bench --vs go --quick --repetitions 2 --filter '^(Alloc64|MapHit/1k|Select2Block(/procs:1)?|BinaryTrees|SpawnMillion/10k|AtomicAddParallel)$' \
    --output "$T/out.json"
is "some rows on ref and Go: status" "$status" 0
want='Alloc64 2: B/op allocs/op real_time
Alloc64 2: B/op allocs/op real_time
Select2Block 2: B/op allocs/op real_time
Select2Block 2: B/op allocs/op real_time
Select2Block/procs:1 2: B/op allocs/op real_time
Select2Block/procs:1 2: B/op allocs/op real_time
BinaryTrees 2: B/op allocs/op ns/node real_time
BinaryTrees 2: B/op allocs/op ns/node real_time
SpawnMillion/10k 2: B/op allocs/op bytes/goroutine ns/goroutine real_time
SpawnMillion/10k 2: B/op allocs/op bytes/goroutine ns/goroutine real_time
AtomicAddParallel 2: B/op allocs/op real_time
AtomicAddParallel 2: B/op allocs/op real_time
MapHit/1k 2: B/op allocs/op real_time
MapHit/1k 2: B/op allocs/op real_time'
for side in out.json out.vs.json; do
    is "$side: the rows, in the order of the sources, and their numbers" "$(entries "$T/$side")" "$want"
done
is "a median for each" "$(medians "$T/out.json")" \
    "Alloc64_median Select2Block_median Select2Block/procs:1_median BinaryTrees_median SpawnMillion/10k_median AtomicAddParallel_median MapHit/1k_median"
ok "one block of 64 bytes is allocated by an op of Alloc64, on ref and on Go" perl -MJSON::PP -0777 -ne '
    for (@{ decode_json($_)->{benchmarks} }) {
        next unless $_->{run_name} eq "Alloc64";
        $n++;
        exit 1 unless abs($_->{"allocs/op"} - 1) < 0.05 && abs($_->{"B/op"} - 64) < 4;
    }
    END { exit(!$n || $n % 3) }' "$T/out.json" "$T/out.vs.json"
ok "the table has a line for each number that a row is about" \
    awk '$1 == "SpawnMillion/10k" { units = units $2 " " } $1 == "Alloc64" && $2 == "ns/op" { n++ } END { exit !(n == 1 && units == "bytes/goroutine ns/goroutine ") }' "$T/out"
is "no partial file is left" "$(cd "$T" && ls -d out.*)" "out.json
out.vs.json"

# ---- what goes wrong ----

fixture_root
cp -r "$TOP/backends/gomem" "$T/root/backends/"
cp "$TOP"/spec/gomem*.h "$T/root/spec/"
cp -r "$HERE/fixture/bench" "$T/root/cases/"
ln -s "$TOP/compiler" "$T/root/compiler"
export GOMEM_BUILD="$TOP/build" # objects of gomem's library are there already

for backend in ref go; do
    gomem bench --backend "$backend" --quick --repetitions 1 --output "$T/odd.json"
    is "$backend: rows without a result: status" "$status" 1
    is "$backend: the other rows have theirs" "$(entries "$T/odd.json" | sed 's/ B.op allocs.op//')" "Sound 1: real_time share
Outer/Inner 1: real_time share
Twice 1: ops real_time
Twice/procs:1 1: ops real_time
Shared 1: real_time"
    ok "$backend: a run is as many ops as the comment says" perl -MJSON::PP -0777 -ne '
        for (@{ decode_json($_)->{benchmarks} }) { exit 1 if $_->{run_name} =~ /Twice/ && $_->{ops} != 2 }' "$T/odd.json"
    for row in Fails Skips Panics Outer/Absent Above; do
        ok "$backend: $row is named, with a reason" grep -Eq "^gomem: $row on $backend: ." "$T/err"
    done
    is "$backend: nothing else is named" "$(grep -c . "$T/err")" 5
    ok "$backend: what skips is no failure" grep -Eq "^Skips .* skip" "$T/out"
    ok "$backend: of benchmarks below that are no rows no figure is made" grep -Eqx "gomem: Above on $backend: it has sub-benchmarks: .*" "$T/err"
    ok "$backend: what fails is one" grep -Eq "^Fails .* failed" "$T/out"
    ok "$backend: what the program said is passed on" grep -Eqx "gomem: (Fails on $backend: it is wrong|Skips on $backend: (skip )?not today)" "$T/err"
done

# What is left of a run is the same whatever was run, and Go builds at once.
gomem bench --backend go --quick --repetitions 1 --filter Skips
is "only a skip: status" "$status" 0

mkfifo "$T/pipe"
cat "$T/pipe" >"$T/piped" &
gomem bench --backend go --filter Sound --quick --repetitions 1 --output "$T/pipe"
wait $!
ok "a pipe is written to, not replaced" test -p "$T/pipe"
is "what it carried" "$(entries "$T/piped" | sed 's/ B.op allocs.op//')" "Sound 1: real_time share"
ln -s out.json "$T/link"
gomem bench --backend go --filter Sound --quick --repetitions 1 --output "$T/link"
ok "a link stays one" test -L "$T/link"

export FIXTURE_MARK="$T/mark"
cat >"$T/root/cases/bench/waits_test.go" <<'END'
package bench

import (
	"os"
	"testing"
	"time"
)

func BenchmarkWaits(b *testing.B) {
	f, err := os.Create(os.Getenv("FIXTURE_MARK"))
	if err != nil {
		b.Fatal(err)
	}
	f.Close()
	time.Sleep(time.Hour)
}
END
perl -e '$SIG{INT} = "DEFAULT"; exec @ARGV' "$GOMEM" bench --filter 'Sound|Waits' --quick --output "$T/part.json" >"$T/out" 2>"$T/err" </dev/null &
wait_for test -e "$FIXTURE_MARK"
kill -INT $!
wait $!
is "SIGINT: status" "$?" 1
ok "SIGINT: what is measured is shown" grep -Eq '^Sound +share +1.00 ' "$T/out"
is "SIGINT: and written" "$(entries "$T/part.json" | sed 's/ B.op allocs.op//')" "Sound 1: real_time share"
is "SIGINT: it is said" "$(cat "$T/err")" "gomem: interrupted"
rm "$T/root/cases/bench/waits_test.go"

refused "a filter that finds nothing" 1 "no benchmark matches --filter 'Nothing'" bench --filter Nothing
refused "a filter that is no regular expression" 2 "'\(' is none" bench --filter '('
refused "a number of rounds that is none" 2 "--repetitions takes 1 to 1000, not '0'" bench --repetitions 0
refused "an unknown format" 2 "--format takes text or json, not 'tap'" bench --format tap
refused "words" 2 "takes no arguments" bench Alloc64
refused "a backend that is not there" 3 "no backend 'nosuch'" bench --backend nosuch
refused "one to compare with that is not there" 3 "no backend 'nosuch'" bench --filter Sound --vs nosuch
refused "an output that cannot be written" 2 "cannot write .*/no/where" bench --filter Sound --quick --repetitions 1 --output "$T/no/where"
sed -i 's/rows Inner Absent/rowz Inner/' "$T/root/cases/bench/odd_test.go"
refused "a malformed comment" 3 "odd_test.go:[0-9]+: malformed '//bench:rowz" bench
sed -i 's/rowz Inner/rows Inner/; s/sink = none/sink := none/' "$T/root/cases/bench/odd_test.go"
for backend in ref go; do
    refused "$backend: benchmarks that do not build" 3 "do not build for $backend: .*odd_test.go:[0-9]+" bench --backend "$backend"
done
finish
