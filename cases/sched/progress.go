package sched

// Who runs when: SCHED.PROGRESS, SCHED.PREEMPT, SCHED.PROCS, SCHED.STEAL, SCHED.YIELD.

import (
	"runtime"
	"runtime/debug"
	"sync/atomic"

	"gomem/cases/check"
)

// beside runs busy in goroutines on one processor, beside a goroutine that only counts, and waits until it has counted to 3.
func beside(busy ...func()) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	for _, f := range busy {
		go func(f func()) {
			for {
				f()
			}
		}(f)
	}
	counted := make(chan bool)
	go func() {
		for i := 0; i < 3; i++ {
			runtime.Gosched()
		}
		counted <- true
	}()
	<-counted
}

// On one processor a neighbour that yields all the time does not keep others from running.
//
//gomem:case SCHED.PROGRESS
func ProgressBesideYielder() {
	beside(runtime.Gosched, runtime.Gosched)
}

// On one processor two neighbours that hand each other a value, each readied as the other blocks, let others run.
//
//gomem:case SCHED.PROGRESS
func ProgressBesidePair() {
	there, back := make(chan int), make(chan int)
	beside(
		func() { there <- 1; <-back },
		func() { <-there; back <- 1 },
	)
}

// On one processor a neighbour that does nothing but allocate lets others run.
//
//gomem:case SCHED.PROGRESS
//gomem:needs preempt
func ProgressBesideAllocator() {
	beside(func() { allocated = new([64]int) })
}

var allocated *[64]int

// A hundred goroutines that all want the one processor each get it again and again.
//
//gomem:case SCHED.PROGRESS
func ProgressOfMany() {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	var counts [100]int32
	for i := range counts {
		go func(n *int32) {
			for {
				atomic.AddInt32(n, 1)
				runtime.Gosched()
			}
		}(&counts[i])
	}
	check.Until(func() bool {
		for i := range counts {
			if atomic.LoadInt32(&counts[i]) < 20 {
				return false
			}
		}
		return true
	})
}

// On one processor a goroutine that computes without a call is interrupted, so that others run.
//
//gomem:case SCHED.PREEMPT
//gomem:needs preempt
func PreemptComputingLoop() {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	var begun int32
	go func() {
		atomic.StoreInt32(&begun, 1)
		for x := uint32(1); ; {
			x = x*1103515245 + 12345
		}
	}()
	check.Until(func() bool { return atomic.LoadInt32(&begun) != 0 })
	check.Yields(3)
}

// Two loops that never stop have the two processors, and a third goroutine has its turns all the same.
//
//gomem:case SCHED.PREEMPT
//gomem:needs preempt
//gomem:needs procs
func PreemptLoopsOnAllProcessors() {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(2))
	var counts [2]uint32
	for i := range counts {
		go func(n *uint32) {
			for {
				atomic.AddUint32(n, 1)
			}
		}(&counts[i])
	}
	for turn := 0; turn < 3; turn++ {
		for i := range counts {
			before := atomic.LoadUint32(&counts[i])
			check.Until(func() bool { return atomic.LoadUint32(&counts[i]) != before })
		}
	}
}

// A loop that computes does not hold up a collection either, which needs every goroutine to stop for a moment.
//
//gomem:case SCHED.PREEMPT
//gomem:needs preempt
func PreemptForCollection() {
	var begun, stop int32
	for i := 0; i < 2; i++ {
		go func() {
			atomic.AddInt32(&begun, 1)
			for atomic.LoadInt32(&stop) == 0 {
			}
		}()
	}
	check.Until(func() bool { return atomic.LoadInt32(&begun) == 2 })
	var stats debug.GCStats
	debug.ReadGCStats(&stats)
	before := stats.NumGC
	runtime.GC()
	debug.ReadGCStats(&stats)
	check.That("a collection took place", stats.NumGC > before)
	atomic.StoreInt32(&stop, 1)
}

// GOMAXPROCS(n) gives the previous number, and without a positive n changes nothing.
//
//gomem:case SCHED.PROCS
func ProcsReturnsPrevious() {
	runtime.GOMAXPROCS(3)
	check.Equal("after 3", runtime.GOMAXPROCS(1), 3)
	check.Equal("after 1", runtime.GOMAXPROCS(7), 1)
	check.Equal("after 7", runtime.GOMAXPROCS(0), 7)
	check.Equal("asked with 0", runtime.GOMAXPROCS(-5), 7)
	check.Equal("asked with -5", runtime.GOMAXPROCS(0), 7)
}

// With n processors never more than n goroutines are between two of their scheduling points, and a change takes effect at
// once. What counts is a stretch of code without a call or a loop, which a scheduler leaves alone as preemption by signal is
// off.
//
//gomem:case SCHED.PROCS
//gomem:needs procs
//gomem:env GODEBUG=asyncpreemptoff=1
func ProcsBoundRunning() {
	var inside, most, stop int32
	for i := 0; i < 6; i++ {
		go func() {
			for round := 0; atomic.LoadInt32(&stop) == 0; round++ {
				n := atomic.AddInt32(&inside, 1)
				m := atomic.LoadInt32(&most)
				if n > m {
					atomic.CompareAndSwapInt32(&most, m, n)
				}
				atomic.AddInt32(&inside, -1)
				if round%100 == 0 {
					runtime.Gosched()
				}
			}
		}()
	}
	for _, procs := range []int{4, 1, 2, 3, 1} {
		runtime.GOMAXPROCS(procs)
		atomic.StoreInt32(&most, 0)
		check.Yields(300)
		n := int(atomic.LoadInt32(&most))
		check.Within("goroutines that ran at once", n, 1, procs)
	}
	atomic.StoreInt32(&stop, 1)
}

// What one goroutine starts, more than the 256 places of a local queue, is run by another processor while it goes on
// computing itself.
//
//gomem:case SCHED.STEAL
//gomem:needs parallel
//gomem:env GODEBUG=asyncpreemptoff=1
func StealFromComputing() {
	runtime.GOMAXPROCS(2)
	const many = 600
	var ran int32
	for i := 0; i < many; i++ {
		go func() { atomic.AddInt32(&ran, 1) }()
	}
	for atomic.LoadInt32(&ran) < many {
	}
	check.Equal("goroutines that ran", ran, many)
}

// On one processor Gosched lets the other goroutine run, and returns.
//
//gomem:case SCHED.YIELD
//gomem:needs procs
func YieldLetsOthersRun() {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	var count int32
	go func() {
		for {
			atomic.AddInt32(&count, 1)
			runtime.Gosched()
		}
	}()
	for i := 0; i < 100; i++ {
		before := atomic.LoadInt32(&count)
		check.Yields(10)
		check.That("the other goroutine ran during ten yields", atomic.LoadInt32(&count) > before)
	}
}

// Gosched does not wait for the others to end.
//
//gomem:case SCHED.YIELD
func YieldReturns() {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	blocked := make(chan bool)
	for i := 0; i < 10; i++ {
		go func() { <-blocked }()
	}
	check.Yields(100)
	check.That("the others are still there", runtime.NumGoroutine() >= 11)
	close(blocked)
	check.Until(func() bool { return runtime.NumGoroutine() == 1 })
	check.Yields(100)
}
