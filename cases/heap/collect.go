package heap

// What collections find and free, and the figures that say so: HEAP.NOSCAN, HEAP.STATS, HEAP.REUSE. Whole pages are in pages.go.

import (
	"runtime"
	"runtime/debug"
	"unsafe"

	"gomem/cases/check"
)

var (
	disguised []uintptr
	honest    []unsafe.Pointer
)

// disguise stores the address of a fresh block n times as a number in a block of n words, and returns a watch on the block.
func disguise(n int) *check.Watched {
	p := new([64]byte)
	disguised = make([]uintptr, n)
	for i := range disguised {
		disguised[i] = uintptr(unsafe.Pointer(p))
	}
	return check.Watch(unsafe.Pointer(p))
}

// A number in a pointer-free block that equals an address keeps nothing alive, in a small block, a large one and a tiny one.
//
//gomem:case HEAP.NOSCAN
//gomem:needs collect weak precise
func NumbersKeepNothing() {
	for _, n := range []int{1, 2, 16, 100, 5000, 100000} {
		w := disguise(n)
		check.That("a number kept the block it equals the address of", w.Collected())
		check.That("the number changed", disguised[0] == disguised[n-1] && disguised[0] != 0)
	}
	w := disguiseInText()
	check.That("a string's bytes kept a block", w.Collected())
	disguised, disguisedText = nil, ""
}

var disguisedText string

// disguiseInText stores the address of a fresh block in the bytes of a string.
func disguiseInText() *check.Watched {
	p := new([64]byte)
	address := uintptr(unsafe.Pointer(p))
	b := make([]byte, 64)
	for i := 0; i+check.Word <= len(b); i += check.Word {
		*(*uintptr)(unsafe.Pointer(&b[i])) = address
	}
	disguisedText = string(b)
	return check.Watch(unsafe.Pointer(p))
}

// The same words as pointers do keep it: a block with pointers is scanned to its last word.
//
//gomem:case HEAP.NOSCAN
//gomem:needs collect weak
func PointersKeep() {
	for _, n := range []int{1, 2, 16, 64, 65, 100, 5000, 100000} {
		w := reveal(n)
		check.That("a pointer in the last word kept nothing", w.Kept())
		honest = nil
		check.That("the block is kept by nothing", w.Collected())
	}
}

func reveal(n int) *check.Watched {
	p := new([64]byte)
	honest = make([]unsafe.Pointer, n)
	honest[n-1] = unsafe.Pointer(p)
	return check.Watch(unsafe.Pointer(p))
}

// In a block with pointers too, a word that is declared a number keeps nothing alive: only the pointers among its fields are followed.
//
//gomem:case HEAP.NOSCAN
//gomem:needs collect weak precise
func NumbersBesidePointersKeepNothing() {
	hidden, seen := hideBeside()
	check.That("a number beside a pointer kept a block", hidden.Collected())
	check.That("the pointer beside the number kept nothing", seen.Kept())
	besideSink = nil
}

type beside struct {
	number  uintptr
	pointer *[64]byte
	last    uintptr
}

var besideSink []beside

func hideBeside() (hidden, seen *check.Watched) {
	p, q := new([64]byte), new([64]byte)
	besideSink = make([]beside, 10)
	for i := range besideSink {
		besideSink[i] = beside{uintptr(unsafe.Pointer(p)), q, uintptr(unsafe.Pointer(p))}
	}
	return check.Watch(unsafe.Pointer(p)), check.Watch(unsafe.Pointer(q))
}

// steadyStats reads the counters after complete collections, again while they still move: the runtime's own blocks settle soon.
func steadyStats() (m runtime.MemStats) {
	for last, tries := ^uint64(0), 0; last != m.Mallocs && tries < 10; tries++ {
		last = m.Mallocs
		check.Collect()
		runtime.ReadMemStats(&m)
	}
	return m
}

// exactly runs an experiment until its figures are the wanted ones, at most ten times: the runtime makes blocks of its own now and
// then, for a thread or a waiting goroutine, and an experiment that meets one is off by it.
func exactly(what []string, want []int, experiment func(got []int)) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	got := make([]int, len(want))
	for attempt, hit := 0, false; attempt < 10 && !hit; attempt++ {
		experiment(got)
		hit = true
		for i := range want {
			hit = hit && got[i] == want[i]
		}
	}
	for i := range want {
		check.Equal(what[i], got[i], want[i])
	}
}

// live is the number of blocks that live by the counters.
func live(m *runtime.MemStats) int { return int(m.Mallocs - m.Frees) }

var (
	held     [3000]unsafe.Pointer
	heldTiny [4096]*byte
)

// Mallocs minus Frees, after complete collections, grows by exactly the blocks that live and falls back when they are dropped; HeapObjects
// says the same, HeapAlloc grows by their bytes in whole size classes.
//
//gomem:case HEAP.STATS
//gomem:needs counts collect
func CountersAreExact() {
	figures := []string{"live blocks", "HeapObjects", "live bytes", "bytes ever", "allocations ever", "live blocks of a third",
		"live bytes of a third", "allocations by frees", "blocks that stay", "bytes that stay"}
	for _, n := range []int{16, 1000, 33000} {
		count, size := 300, classOf(n)
		if n <= 1000 {
			count = 3000
		}
		want := []int{count, count, count * size, count * size, count, count / 3, count / 3 * size, 0, 0, 0}
		exactly(figures, want, func(got []int) {
			before := steadyStats()
			for i := range held[:count] {
				held[i] = unsafe.Pointer(&make([]byte, n)[0])
			}
			full := steadyStats()
			for i := range held {
				if i%3 > 0 {
					held[i] = nil
				}
			}
			third := steadyStats()
			held = [3000]unsafe.Pointer{}
			after := steadyStats()
			copy(got, []int{live(&full) - live(&before), int(full.HeapObjects - before.HeapObjects),
				int(full.HeapAlloc - before.HeapAlloc), int(full.TotalAlloc - before.TotalAlloc), int(full.Mallocs - before.Mallocs),
				live(&third) - live(&before), int(third.HeapAlloc - before.HeapAlloc), int(third.Mallocs - full.Mallocs),
				live(&after) - live(&before), int(after.HeapAlloc) - int(before.HeapAlloc)})
		})
	}
}

// Each tiny value counts as an allocation, its block lives and dies as one: 16 single bytes are one live block.
//
//gomem:case HEAP.STATS
//gomem:needs counts collect
func CountersOfTinyValues() {
	n := len(heldTiny)
	exactly([]string{"allocations", "live blocks", "live bytes", "blocks that stay"}, []int{n, n / 16, n, 0}, func(got []int) {
		before := steadyStats()
		for i := range heldTiny {
			heldTiny[i] = new(byte)
		}
		full := steadyStats()
		heldTiny = [4096]*byte{}
		after := steadyStats()
		copy(got, []int{int(full.Mallocs - before.Mallocs), live(&full) - live(&before), int(full.HeapAlloc - before.HeapAlloc),
			live(&after) - live(&before)})
	})
}

// The counters of each size class add up: BySize counts every small block once, in the class that serves it, made and freed.
//
//gomem:case HEAP.STATS
//gomem:needs counts collect
func CountersBySize() {
	for _, n := range []int{48, 1024, 8192} {
		exactly([]string{"blocks made in the class", "blocks freed in the class", "blocks made in others"}, []int{500, 500, 0}, func(got []int) {
			before := steadyStats()
			for i := range held[:500] {
				held[i] = unsafe.Pointer(&make([]byte, n)[0])
			}
			full := steadyStats()
			held = [3000]unsafe.Pointer{}
			after := steadyStats()
			got[2] = 0
			for i := range full.BySize {
				made := int(full.BySize[i].Mallocs - before.BySize[i].Mallocs)
				if int(full.BySize[i].Size) == n {
					got[0], got[1] = made, int(after.BySize[i].Frees-before.BySize[i].Frees)
				} else {
					got[2] += made
				}
			}
		})
	}
}

// footprint is the memory that the heap has from the operating system.
func footprint() int {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int(m.HeapSys - m.HeapReleased)
}

// Under a steady churn the memory of dropped blocks serves the next ones: after twenty rounds the footprint no longer grows beyond
// 1.5 times the most that the last ten of them needed.
//
//gomem:case HEAP.REUSE
//gomem:needs counts collect
func ChurnStaysInItsFootprint() {
	var r check.Rand
	blocks := make([][]byte, 4000)
	churn := func() {
		for range blocks {
			n := 16 + r.Intn(2000)
			if r.Intn(50) == 0 {
				n = 32769 + r.Intn(50000)
			}
			blocks[r.Intn(len(blocks))] = make([]byte, n)
		}
		runtime.GC()
	}
	most := func(rounds int) int { // between two rounds pages may go back to the operating system
		peak := 0
		for i := 0; i < rounds; i++ {
			churn()
			if n := footprint(); n > peak {
				peak = n
			}
		}
		return peak
	}
	most(10)
	steady := most(10)
	peak := most(check.Scale(15, 200, 1000))
	if peak > steady*3/2 {
		check.Fail("the footprint grew from", steady, "to", peak)
	}
	check.That("nothing lives", steady > 4000*500)
	check.Keep(blocks)
}

// Slots and pages serve again once they are collected: round after round, blocks of one size come to lie at addresses used before.
//
//gomem:case HEAP.REUSE
//gomem:needs collect
func CollectedSlotsServeAgain() {
	for _, n := range []int{32, 1024, 100000} {
		count, used := 1+500000/n, map[uintptr]bool{}
		if count > 2000 {
			count = 2000
		}
		for round := 0; round < 20; round++ {
			for _, p := range fresh(count, n, false) {
				used[uintptr(p)] = true
			}
			runtime.GC()
		}
		if len(used) > 19*count {
			check.Fail("20 rounds of", count, "blocks of", n, "bytes used", len(used), "addresses")
		}
	}
}
