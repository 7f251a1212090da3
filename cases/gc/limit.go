//go:build go1.19

package gc

// The memory limit: GC.LIMIT.

import (
	"math"
	"runtime"
	"runtime/debug"

	"gomem/cases/check"
)

// footprint is the memory that the limit bounds.
func footprint() int {
	m := stats()
	return int(m.Sys - m.HeapReleased)
}

// SetMemoryLimit returns what was set before, none at first, and a negative one only reads it.
//
//gomem:case GC.LIMIT
func LimitReturnsOld() {
	check.Equal("first", debug.SetMemoryLimit(1<<30), int64(math.MaxInt64))
	check.Equal("second", debug.SetMemoryLimit(-1), int64(1<<30))
	check.Equal("third", debug.SetMemoryLimit(1<<29), int64(1<<30))
}

// The environment sets it at the start.
//
//gomem:case GC.LIMIT
//gomem:env GOMEMLIMIT=64MiB
func LimitFromEnvironment() {
	check.Equal("limit at the start", debug.SetMemoryLimit(-1), int64(64<<20))
}

// With the percentage off only the limit collects: 256 MiB of garbage fit under a limit of 32 MiB.
//
//gomem:case GC.LIMIT
//gomem:needs collect
//gomem:env GOGC=off
func LimitCollects() {
	runtime.GOMAXPROCS(1) // and yields, as in litter
	debug.SetMemoryLimit(32 << 20)
	peak := 0
	for i := 0; i < 256<<20/(16<<10); i++ {
		bytes = make([]byte, 16<<10)
		if i%4 == 0 {
			check.Yields(10)
		}
		if i%64 == 0 {
			if f := footprint(); f > peak {
				peak = f
			}
		}
	}
	check.Within("MiB in use at most", peak>>20, 1, 36)
	check.That("it took collections", stats().NumGC >= 7)
}

// Far from the limit it changes nothing, near to it collections come more often than the percentage asks.
//
//gomem:case GC.LIMIT
//gomem:needs collect
func LimitRaisesFrequency() {
	keep := make([]byte, 24<<20)
	debug.SetMemoryLimit(1 << 30)
	far := litter()
	debug.SetMemoryLimit(int64(footprint()))
	runtime.GC()
	debug.SetMemoryLimit(int64(stats().HeapAlloc) + 14<<20)
	near := litter()
	check.That("the percentage alone collects too", far >= 1)
	if near < 2*far {
		check.Fail("collections near the limit:", near, "far from it:", far)
	}
	runtime.KeepAlive(keep)
}

// A limit that cannot be kept does not stop the program: with more alive than the limit it goes on and everything lives.
//
//gomem:case GC.LIMIT
//gomem:needs collect
//gomem:env GOGC=off
func LimitBelowLiveHeap() {
	keep := list(300000)
	before := stats().NumGC
	debug.SetMemoryLimit(1 << 20)
	// A collection ends when the machine lets it: garbage is made until two have.
	check.Until(func() bool {
		churn(1000)
		return stats().NumGC >= before+2
	})
	churn(100000)
	check.That("list", keep.holds(300000))
}

// Nor does it make the collector run all the time: two million blocks, beside 300000 that live, take at most a hundred collections.
//
// The toolchain takes 44 to 64, with words of either size, as each collection's marking leaves time for some 30000 blocks.
//
//gomem:case GC.LIMIT
//gomem:needs collect
//gomem:tier full
func LimitDoesNotSpiral() {
	keep := list(300000)
	debug.SetMemoryLimit(1 << 20)
	runtime.GC()
	before := stats().NumGC
	churn(2000000)
	check.Within("collections", int(stats().NumGC-before), 1, 100)
	check.That("list", keep.holds(300000))
}
