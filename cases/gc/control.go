package gc

// Collections on demand and by percentage: GC.EXPLICIT, GC.PERCENT, GC.SWEEP.

import (
	"runtime"
	"runtime/debug"
	"sync"

	"gomem/cases/check"
)

// One call of runtime.GC frees all that was unreachable at the call, swept and counted when it returns.
//
//gomem:case GC.EXPLICIT
//gomem:needs collect counts
func ExplicitFreesAll() {
	const n = 20000
	runtime.GC()
	for round := 0; round < 12; round++ {
		before := stats()
		check.That("list", list(n).holds(n))
		runtime.GC()
		after := stats()
		check.Within("blocks freed when GC returns", int(after.Frees-before.Frees), n, n+200)
		check.Within("bytes more than before", int(after.HeapAlloc)-int(before.HeapAlloc), -1<<16, 1<<16)
	}
}

// Each call is one whole cycle, counted as a forced one.
//
//gomem:case GC.EXPLICIT
//gomem:needs collect
func ExplicitCounts() {
	defer withoutCollector()()
	runtime.GC()
	before := stats()
	for i := 0; i < 5; i++ {
		runtime.GC()
	}
	after := stats()
	check.Equal("cycles", after.NumGC-before.NumGC, 5)
	check.Equal("forced cycles", after.NumForcedGC-before.NumForcedGC, 5)
	check.That("the time of the last one is set", after.LastGC > before.LastGC)
}

// Called by several goroutines at a time, each call returns only after a cycle that began after it: each caller's garbage is gone.
//
//gomem:case GC.EXPLICIT
//gomem:needs weak
func ExplicitCountsForEachCaller() {
	var all sync.WaitGroup
	for g := 0; g < 4; g++ {
		all.Add(1)
		go func() {
			for i := 0; i < 20; i++ {
				w := dropSingle()
				check.That("collected after a call that began after the drop", w.Collected())
			}
			all.Done()
		}()
	}
	all.Wait()
}

// runtime.GC works with automatic collections off.
//
//gomem:case GC.EXPLICIT
//gomem:needs weak
//gomem:env GOGC=off
func ExplicitWhenOff() { check.That("collected", dropSingle().Collected()) }

// SetGCPercent returns what was set before: 100 at first, then each value in turn, -1 for any negative one.
//
//gomem:case GC.PERCENT
func PercentReturnsOld() {
	check.Equal("first call", debug.SetGCPercent(50), 100)
	check.Equal("second call", debug.SetGCPercent(400), 50)
	check.Equal("third call", debug.SetGCPercent(-7), 400)
	check.Equal("fourth call", debug.SetGCPercent(100), -1)
}

// The environment sets it at the start.
//
//gomem:case GC.PERCENT
//gomem:env GOGC=57
func PercentFromEnvironment() { check.Equal("percentage at the start", debug.SetGCPercent(100), 57) }

// GOGC=off is a negative percentage.
//
//gomem:case GC.PERCENT
//gomem:env GOGC=off
func PercentOffFromEnvironment() { check.Equal("percentage at the start", debug.SetGCPercent(100), -1) }

// litter allocates and drops 64 MiB beside 8 MiB that are kept, and returns how many collections that took. It yields often on one
// processor, so that a cycle that is due gets done before much more is allocated, whatever else the machine does.
func litter() int {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	keep := make([]byte, 8<<20)
	runtime.GC()
	before := stats().NumGC
	for i := 0; i < 64<<20/4096; i++ {
		bytes = make([]byte, 4096)
		if i%16 == 0 {
			check.Yields(10)
		}
	}
	bytes = nil
	runtime.KeepAlive(keep)
	return int(stats().NumGC - before)
}

// A smaller percentage collects more often. With 8 MiB kept, 100 lets 8 MiB be allocated between collections, 400 lets 32 MiB.
//
//gomem:case GC.PERCENT
//gomem:needs collect
func SmallerCollectsMoreOften() {
	counts := [4]int{}
	for i, percent := range []int{400, 200, 100, 50} {
		debug.SetGCPercent(percent)
		counts[i] = litter()
	}
	check.That("some at 400", counts[0] >= 1)
	for i := 1; i < 4; i++ {
		if counts[i] < counts[i-1]*4/3 {
			check.Fail("collections at 400, 200, 100 and 50 per cent:", counts[0], counts[1], counts[2], counts[3])
			break
		}
	}
}

// A negative percentage never collects on its own.
//
//gomem:case GC.PERCENT
//gomem:needs counts
func NegativeNeverCollects() {
	debug.SetGCPercent(-1)
	check.Equal("collections", litter(), 0)
}

// Set back from a negative one, a percentage collects again.
//
//gomem:case GC.PERCENT
//gomem:needs collect
func SetBackCollectsAgain() {
	debug.SetGCPercent(-1)
	check.Equal("collections while off", litter(), 0)
	debug.SetGCPercent(100)
	check.That("collections when on again", litter() >= 3)
}

// What a collection freed is swept before it is used again: new blocks of its class are zero and disjoint from the living ones.
//
//gomem:case GC.SWEEP
//gomem:needs collect
func SweptBeforeReuse() {
	debug.SetGCPercent(20)
	var kept [1000]*node
	for i := 0; i < 400000; i++ {
		n := new(node)
		if n.next != nil || n.value != 0 || n.check != 0 || n.spare != 0 {
			check.Fatal("a new block holds something at allocation", i)
		}
		n.value, n.check, n.spare, n.next = i, ^i, i, n
		if i%97 == 0 {
			kept[i/97%1000] = n
		}
	}
	seen := map[int]bool{}
	for _, n := range kept {
		if n == nil || !n.is(n.value) || n.next != n || seen[n.value] {
			check.Fatal("a living block was used again")
		}
		seen[n.value] = true
	}
}

// A cycle begins only when the one before is swept out: two cycles after each other leave exactly the living blocks in the counts.
//
//gomem:case GC.SWEEP
//gomem:needs collect counts
func NextCycleFinishesSweep() {
	defer withoutCollector()()
	before := check.LiveBlocks()
	var keep [64]*node
	for round := range keep {
		keep[round] = list(1000)
		keep[round].next = nil
		runtime.GC()
	}
	m := stats()
	check.Within("blocks beside those that live", int(m.Mallocs-m.Frees)-before-len(keep), -60, 60)
	runtime.KeepAlive(&keep)
}
