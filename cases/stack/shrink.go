package stack

// How stacks give memory back: STACK.SHRINK by collections, STACK.RECLAIM by exits.

import (
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"

	"gomem/cases/check"
)

// Each collection halves a stack of which less than a quarter is in use, until that no longer holds.
//
//gomem:case STACK.SHRINK
//gomem:needs growstack counts
func ShrinksByHalves() {
	const n = 64
	defer alone()()
	before := stackBytes()
	c := gather(n, func(wait func()) {
		var top pad
		descend(&top, 160<<10, func() {})
		descend(&top, 10<<10, wait)
	})
	want := []int{256, 128, 64, 32, 32, 32}
	for i, k := range want {
		each := (stackBytes() - before) / n
		check.Within("bytes of stack per goroutine with 10 KiB in use", each, k<<10-k<<7, k<<10+k<<7)
		if i < len(want)-1 {
			runtime.GC()
		}
	}
	c.release()
}

// A stack of which hardly anything is in use shrinks to 4 KiB: 800 bytes that every stack needs in reserve count as in use, and with
// them a parked goroutine takes more than a quarter of that.
//
//gomem:case STACK.SHRINK
//gomem:needs growstack counts
func ShrinksToReserve() {
	const n = 512
	defer alone()()
	before := stackBytes()
	c := gather(n, func(wait func()) {
		var top pad
		descend(&top, 40<<10, func() {})
		wait()
	})
	check.That("the stacks are large", (stackBytes()-before)/n >= 64<<10)
	for i := 0; i < 8; i++ {
		runtime.GC()
	}
	check.Within("bytes of stack per goroutine at last", (stackBytes()-before)/n, 4096-128, 4096+128)
	c.release()
}

// A stack of which more than a quarter is in use is left as it is.
//
//gomem:case STACK.SHRINK
//gomem:needs growstack counts
func KeepsStackInUse() {
	const n = 64
	defer alone()()
	before := stackBytes()
	c := gather(n, func(wait func()) {
		var top pad
		descend(&top, 80<<10, func() {})
		descend(&top, 40<<10, wait)
	})
	large := stackBytes() - before
	for i := 0; i < 4; i++ {
		runtime.GC()
	}
	check.Within("per cent of the stack memory left", (stackBytes()-before)*100/large, 98, 102)
	check.Within("bytes of stack per goroutine", large/n, 124<<10, 132<<10)
	c.release()
}

// Stacks of exited goroutines serve the next ones without any collection, also large ones.
//
//gomem:case STACK.RECLAIM
//gomem:needs growstack counts
func ReusedWithoutCollection() {
	defer alone()()
	crew := func() {
		gather(64, func(wait func()) {
			var top pad
			descend(&top, 40<<10, wait)
		}).release()
	}
	crew()
	first := stackBytes()
	for i := 0; i < 32; i++ {
		crew()
	}
	check.Within("bytes of stack after 32 more crews, in per cent", stackBytes()*100/first, 1, 150)
}

// A million goroutines, 1000 at a time, need no more than 1.5 times the memory of the first 10000, with the collector off.
//
//gomem:case STACK.RECLAIM
//gomem:needs counts
func MillionGoroutines() {
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(2)) // each has lists of free goroutines and stacks, which fill slowly
	footprint := func(rounds int) int {
		for i := 0; i < rounds; i++ {
			wave.Add(1000)
			for g := 0; g < 1000; g++ {
				go short()
			}
			wave.Wait()
		}
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return int(m.StackInuse + m.HeapInuse)
	}
	gather(1000, func(wait func()) { wait() }).release() // a wave may end before all of it has begun: this one has all alive
	first := footprint(10)
	rounds := check.Scale(60, 990, 990)
	check.Within("footprint in per cent of the first 10000's", footprint(rounds)*100/first, 1, 150)
	check.Equal("goroutines that ran", atomic.LoadInt64(&ran), 1000*(10+rounds))
}

var (
	wave sync.WaitGroup
	ran  int64
)

func short() {
	atomic.AddInt64(&ran, 1)
	wave.Done()
}
