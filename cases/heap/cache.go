//go:build gomem

package heap

// Caches of processors and central lists, by the backend's own counters: HEAP.CACHE, HEAP.REFILL.

import (
	"runtime"
	"runtime/debug"

	"gomem/cases/check"
	"gomem/cases/probe"
)

var cached [64]*[4]int64

// counted runs f on one processor and one thread, without collections, so that the counters are those of f.
func counted(f func()) {
	runtime.LockOSThread()
	procs, percent := runtime.GOMAXPROCS(1), debug.SetGCPercent(-1)
	f()
	debug.SetGCPercent(percent)
	runtime.GOMAXPROCS(procs)
	runtime.UnlockOSThread()
}

// Of a million small allocations only those that find the cache empty take locks.
//
//gomem:case HEAP.CACHE
//gomem:needs probe
func HitsTakeNoLock() {
	counted(func() {
		hits, locked := 0, 0
		for i := 0; i < 1000000; i++ {
			refills := probe.Counter("refills") // takes a lock itself
			locks := probe.Counter("locks")
			cached[i%len(cached)] = new([4]int64)
			locks = probe.Counter("locks") - locks
			if probe.Counter("refills") == refills {
				hits++
				if locks != 0 {
					locked++
				}
			}
		}
		check.Within("allocations that hit the cache", hits, 900000, 1000000)
		// a preemption in the call that reads the counter takes locks of the scheduler: some hundred a second at the most
		check.Within("of them, those that took a lock", locked, 0, 1000)
	})
}

// A cache that runs empty takes one span, and that for as many allocations as the span has blocks.
//
//gomem:case HEAP.REFILL
//gomem:needs probe
func RefillsTakeWholeSpans() {
	const blocks = 100000
	perSpan := 8192 / 32
	counted(func() {
		refills, grows, asked := probe.Counter("refills"), probe.Counter("grows"), probe.Counter("os_grows")
		for i := 0; i < blocks; i++ {
			cached[i%len(cached)] = new([4]int64)
		}
		refills, grows, asked = probe.Counter("refills")-refills, probe.Counter("grows")-grows, probe.Counter("os_grows")-asked
		check.Within("spans taken by the cache", int(refills), blocks/perSpan, blocks/perSpan*11/10+2)
		check.Within("of them, those that came from the page heap", int(grows), 1, int(refills))
		check.Within("times the page heap asked the OS", int(asked), 0, int(grows))
	})
}
