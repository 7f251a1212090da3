package gc

// When collections start and what they do beside the program, as far as MemStats tells: GC.PACER, GC.CONCURRENT, GC.STW.

import (
	"runtime"
	"runtime/debug"
	"sync/atomic"
	"time"
	"unsafe"

	"gomem/cases/check"
)

// The least goal is 4 MiB at 100 per cent, and in proportion at others.
//
//gomem:case GC.PACER
//gomem:needs collect
func LeastGoal() {
	for _, percent := range []int{100, 50, 200, 1000} {
		debug.SetGCPercent(percent)
		runtime.GC()
		check.Equal("goal of a nearly empty heap", stats().NextGC, 4<<20*int64(percent)/100)
	}
}

// Beyond the least one the goal is what lives, and the percentage of that on top.
//
//gomem:case GC.PACER
//gomem:needs collect
func GoalFollowsLiveHeap() {
	keep := make([]byte, 32<<20)
	for _, percent := range []int{100, 50, 200, 25} {
		debug.SetGCPercent(percent)
		runtime.GC()
		m := stats()
		want := int(m.HeapAlloc/100) * (100 + percent)
		check.Within("goal with 32 MiB alive", int(m.NextGC), want-want/50, want+want/50)
	}
	runtime.KeepAlive(keep)
}

// Stacks count as well (since 1.18): 16 MiB of them, in use, raise the goal by 16 MiB at 100 per cent.
//
//gomem:case GC.PACER
//gomem:since 1.18
//gomem:needs collect growstack
func GoalCountsStacks() {
	keep := make([]byte, 16<<20)
	runtime.GC()
	runtime.GC()
	before := int(stats().NextGC)
	leave := fillStacks(16, 1<<20/(40*check.Word))
	runtime.GC()
	runtime.GC()
	m := stats()
	raised := int(m.NextGC) - before
	check.Within("goal raised by stacks in use, per cent of their size", raised*100/int(m.StackInuse), 70, 110)
	close(leave)
	runtime.KeepAlive(keep)
}

// In steady state the heap reaches 85 to 110 per cent of the goal before each collection frees it again.
//
//gomem:case GC.PACER
//gomem:needs collect counts
//gomem:tier full
func HeapEndsAtGoal() {
	keep := list(500000)
	const cycles = 20
	var peaks, goals [cycles + 5]int
	runtime.GC()
	first := stats().NumGC
	for {
		m := stats()
		at := int(m.NumGC - first)
		if at >= len(peaks) {
			break
		}
		if int(m.HeapAlloc) > peaks[at] {
			peaks[at], goals[at] = int(m.HeapAlloc), int(m.NextGC)
		}
		churn(1000)
	}
	sum := 0
	for i := 5; i < len(peaks); i++ {
		sum += peaks[i] * 100 / goals[i]
	}
	check.Within("average peak in per cent of the goal", sum/cycles, 85, 110)
	check.That("list", keep.holds(500000))
}

// While a list of a million nodes is marked another goroutine runs, allocates and stores pointers, in most of the cycles.
//
// It notes when it has done 64 steps each time. What it does while the collection sweeps comes after the time at which marking ended. And the
// pauses are no more than half of the time until then.
//
//gomem:case GC.CONCURRENT
//gomem:needs collect
func MutatorRunsDuringMarking() {
	defer withoutCollector()()
	keep := list(1000000)
	var stop, spans int32
	times := make([]int64, 1<<17)
	done := make(chan bool)
	go func() {
		own := newNode(0)
		for atomic.LoadInt32(&stop) == 0 {
			for i := 0; i < 64; i++ {
				own.next = newNode(1)
				own = own.next
			}
			n := atomic.LoadInt32(&spans)
			atomic.StoreInt64(&times[int(n)%len(times)], time.Now().UnixNano())
			atomic.StoreInt32(&spans, n+1)
			runtime.Gosched()
		}
		done <- own.is(1)
	}()
	busy, cycles := 0, check.Scale(8, 40, 40)
	for i := 0; i < cycles; i++ {
		paused, before, start := stats().PauseTotalNs, int(atomic.LoadInt32(&spans)), time.Now().UnixNano()
		runtime.GC()
		m, now, during := stats(), int(atomic.LoadInt32(&spans)), 0
		end := int64(m.LastGC)
		for ; before < now; before++ {
			if atomic.LoadInt64(&times[before%len(times)]) < end {
				during++
			}
		}
		if during*64 > 4000 && int64(m.PauseTotalNs-paused) < (end-start)/2 {
			busy++
		}
	}
	atomic.StoreInt32(&stop, 1)
	check.That("node of the mutator", <-done)
	check.Within("cycles whose marking left the mutator more than 4000 steps", busy, cycles/2, cycles)
	check.That("list", keep.holds(1000000))
}

// Every cycle's pauses are recorded with the time they ended, and add up to the total.
//
//gomem:case GC.STW
//gomem:needs collect
func PausesAreRecorded() {
	defer withoutCollector()()
	runtime.GC()
	before := stats()
	const cycles = 8
	for i := 0; i < cycles; i++ {
		runtime.GC()
	}
	after := stats()
	var total uint64
	for i := 0; i < cycles; i++ {
		at := (after.NumGC - uint32(i) + 255) % 256
		check.That("pause longer than nothing", after.PauseNs[at] > 0)
		check.That("ends in order", after.PauseEnd[at] > after.PauseEnd[(at+255)%256])
		total += after.PauseNs[at]
	}
	check.Equal("total of the pauses", after.PauseTotalNs-before.PauseTotalNs, total)
}

// debug.ReadGCStats agrees with MemStats on the number of cycles, the total and the latest pause, newest first.
//
//gomem:case GC.STW
//gomem:needs collect
func GCStatsAgree() {
	defer withoutCollector()()
	for i := 0; i < 5; i++ {
		runtime.GC()
	}
	var s debug.GCStats
	s.PauseQuantiles = make([]time.Duration, 3)
	debug.ReadGCStats(&s)
	m := stats()
	check.Equal("cycles", s.NumGC, m.NumGC)
	check.Equal("total", int64(s.PauseTotal), m.PauseTotalNs)
	check.Equal("latest pause", int64(s.Pause[0]), m.PauseNs[(m.NumGC+255)%256])
	check.Equal("pauses", len(s.Pause), len(s.PauseEnd))
	check.Equal("end of the latest", s.PauseEnd[0].UnixNano(), m.PauseEnd[(m.NumGC+255)%256])
	check.Equal("last collection", s.LastGC.UnixNano(), m.LastGC)
	for i := 1; i < len(s.PauseEnd); i++ {
		check.That("newest first", !s.PauseEnd[i].After(s.PauseEnd[i-1]))
	}
	check.That("quantiles rise", s.PauseQuantiles[0] <= s.PauseQuantiles[1] && s.PauseQuantiles[1] <= s.PauseQuantiles[2])
}

// The address of a zero-size last field keeps its own block, counted over a row of them, and not the next one.
//
//gomem:case GC.INTERIOR.TAIL
//gomem:needs weak
func TailIsInside() {
	type row struct {
		p, q *node
		end  [0]int
	}
	const n = 32
	var ends [n]*[0]int
	var watches [2 * n]*check.Watched
	func() {
		for i := range watches {
			r := &row{p: newNode(i)}
			watches[i] = check.Watch(unsafe.Pointer(r))
			if i%2 == 0 {
				ends[i/2] = &r.end
			}
		}
	}()
	for i := 1; i < len(watches); i += 2 {
		if !watches[i].Collected() {
			check.Fail("a block is kept by the end of another, block", i)
		}
	}
	churn(4096)
	for i, end := range ends {
		r := (*row)(unsafe.Pointer(uintptr(unsafe.Pointer(end)) - unsafe.Offsetof(row{}.end)))
		check.That("the block of the end, and what it refers to", r.p.is(2*i))
	}
}
