//go:build gomem

package heap

// Caches of processors, central lists and arenas, by the backend's own counters: HEAP.CACHE, HEAP.REFILL, HEAP.GROW.

import (
	"runtime"
	"runtime/debug"
	"unsafe"

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
			refills, locks := probe.Counter("refills"), probe.Counter("heap_locks")
			cached[i%len(cached)] = new([4]int64)
			locks = probe.Counter("heap_locks") - locks
			if probe.Counter("refills") == refills {
				hits++
				if locks != 0 {
					locked++
				}
			}
		}
		check.Within("allocations that hit the cache", hits, 900000, 1000000)
		check.Equal("of them, those that took a lock of the allocator", locked, 0)
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

// The page heap takes address space an arena of 64 MiB at a time: forty blocks of 16 MiB lie in as many arenas as were taken, and
// in ten or eleven. None of their memory is touched.
//
//gomem:case HEAP.GROW
//gomem:needs probe 64bit
func GrowsByArenas() {
	const arena = 64 << 20
	counted(func() {
		before := probe.Counter("arenas")
		var keep [40]*[16 << 20]byte
		in := map[uintptr]bool{}
		for i := range keep {
			keep[i] = new([16 << 20]byte)
			first := uintptr(unsafe.Pointer(keep[i]))
			in[first/arena], in[(first+16<<20-1)/arena] = true, true
		}
		taken := int(probe.Counter("arenas") - before)
		check.Within("arenas taken for 640 MiB", taken, 10, 10)
		check.Within("arenas that the blocks lie in", len(in), taken, taken+1)
		runtime.KeepAlive(&keep)
	})
}
