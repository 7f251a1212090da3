//go:build gomem

package gc

// What allocation owes while a collection marks, and when one starts by the clock: GC.ASSIST, GC.LIMIT, GC.FORCED, GC.IDLE.

import (
	"runtime"
	"runtime/debug"
	"time"

	"gomem/cases/check"
	"gomem/cases/probe"
)

// While nobody else marks, who allocates scans as many bytes as the pacer demands for those allocated, within a fifth, from
// the start of marking until half of the heap is marked. Before assists are let there are none.
//
//gomem:case GC.ASSIST
//gomem:needs probe
func AssistsInProportion() {
	for _, percent := range []int{50, 100, 400} {
		root = list(400000)
		stepped(func() {
			debug.SetGCPercent(percent)
			probe.Step(probe.Roots)
			work := probe.Counter("assist_work")
			churn(5000)
			check.Equal("bytes scanned by assists that are off", probe.Counter("assist_work")-work, 0)
			probe.Assists(true)
			for i := 0; i < 20; i++ {
				assistOnce(percent)
			}
			probe.Step(probe.Done)
			check.That("list", root.holds(400000))
		})
	}
}

// assistOnce allocates some and compares what that scanned with the pacer's ratio, before and after.
func assistOnce(percent int) {
	ratio := probe.Counter("assist_ratio")
	bytes, work := probe.Counter("assist_bytes"), probe.Counter("assist_work")
	churn(5000)
	bytes, work = probe.Counter("assist_bytes")-bytes, probe.Counter("assist_work")-work
	ratio = (ratio + probe.Counter("assist_ratio")) / 2
	check.Within("bytes with a duty to assist", int(bytes), 12500*check.Word, 50000*check.Word)
	check.That("the pacer demands something", ratio > 0)
	check.Within("work done, per cent of what the pacer demands", int(work*100/(bytes*ratio/1000)), 80, 120)
}

// Under a limit far below what lives, who allocates pays for it by marking until collections have had a second more of processor time than the
// program; then assists end for a while, and what is allocated costs nothing.
//
//gomem:case GC.LIMIT
//gomem:needs probe
//gomem:tier full
func LimitEndsAssists() {
	runtime.GOMAXPROCS(1)
	keep := list(300000)
	debug.SetMemoryLimit(1 << 20)
	limited := probe.Counter("limited")
	check.Until(func() bool {
		churn(10000)
		return probe.Counter("limited") > limited
	})
	check.That("list", keep.holds(300000))
}

// looked waits until the runtime has looked at the clock, whatever it was about to do before that.
func looked() {
	looks := probe.Counter("clock_looks")
	check.Until(func() bool { return probe.Counter("clock_looks") >= looks+3 })
}

// When two minutes pass without a collection one is made, and again after two more; not with collections switched off. The
// program allocates next to nothing meanwhile.
//
//gomem:case GC.FORCED
//gomem:needs probe
func TwoMinutesForceOne() {
	forced := stats().NumForcedGC
	for i := 0; i < 3; i++ {
		before := probe.Counter("cycles")
		probe.AdvanceClock(int64(2*time.Minute + time.Second))
		check.Until(func() bool { return probe.Counter("cycles") != before })
		looked()
		check.Equal("collections", probe.Counter("cycles")-before, 1)
	}
	check.Equal("of them by a call", stats().NumForcedGC-forced, 0)
	defer withoutCollector()()
	before := probe.Counter("cycles")
	probe.AdvanceClock(int64(5 * time.Minute))
	looked()
	check.Equal("collections while they are off", probe.Counter("cycles")-before, 0)
}

// Within two minutes of the last one no collection starts when nothing is allocated.
//
//gomem:case GC.IDLE
//gomem:needs probe
func NoneBeforeTwoMinutes() {
	probe.AdvanceClock(int64(2*time.Minute + time.Second))
	check.Until(func() bool { return probe.Counter("cycles") != 0 })
	looked()
	before := probe.Counter("cycles")
	for passed := time.Duration(0); passed < 110*time.Second; passed += 10 * time.Second {
		probe.AdvanceClock(int64(10 * time.Second))
		looked()
	}
	check.Equal("collections in 110 seconds of idleness", probe.Counter("cycles")-before, 0)
}
