package alloc

// What defer and go statements cost: ALLOC.DEFER, ALLOC.GO.

import (
	"runtime"
	"runtime/debug"
	"sync/atomic"

	"gomem/cases/check"
)

var calls int

func called(n int) { calls += n }

// A defer statement outside a loop costs nothing: one, nine (more than the compiler opens into code), conditional ones.
//
//gomem:case ALLOC.DEFER
//gomem:needs counts
func DeferIsFree() {
	calls = 0
	check.Equal("blocks, 1 defer", check.Allocs(deferOnce), 0)
	check.Equal("calls", calls, 9)
	check.Equal("blocks, 8 defers", check.Allocs(deferEight), 0)
	check.Equal("blocks, 9 defers", check.Allocs(deferNine), 0)
	check.Equal("calls", calls, 9+9*8+9*9)
	check.Equal("blocks, conditional", check.Allocs(func() { deferSometimes(opaque(3)) }), 0)
}

func deferOnce() {
	n := opaque(1)
	defer func() { called(n) }()
}

func deferEight() {
	n := opaque(1)
	defer called(n)
	defer called(n)
	defer called(n)
	defer called(n)
	defer func() { called(n) }()
	defer func() { called(n) }()
	defer func() { called(n) }()
	defer func() { called(n) }()
}

func deferNine() {
	n := opaque(1)
	defer called(n)
	defer called(n)
	defer called(n)
	defer called(n)
	defer called(n)
	defer func() { called(n) }()
	defer func() { called(n) }()
	defer func() { called(n) }()
	defer func() { called(n) }()
}

func deferSometimes(n int) {
	if n > 1 {
		defer called(n)
	}
	if n > 2 {
		defer func() { n++ }()
	}
}

// A defer statement in a loop costs its closure for each call, when that captures something or takes an argument.
//
//gomem:case ALLOC.DEFER
//gomem:needs counts
func DeferInALoop() {
	check.Equal("blocks, 100 capturing closures", check.Allocs(func() {
		for i := 0; i < 100; i++ {
			i := i
			defer func() { called(i) }()
		}
	}), 100)
	check.Equal("blocks, 100 calls with an argument", check.Allocs(func() {
		for i := 0; i < 100; i++ {
			defer called(i)
		}
	}), 100)
	check.Equal("blocks, 100 closures over one variable", check.Allocs(func() {
		x := opaque(1)
		for i := 0; i < 100; i++ {
			defer func() { x++ }()
		}
	}), 101)
}

// The record of a defer statement in a loop comes from a pool: a call without closure costs nothing in steady state.
//
//gomem:case ALLOC.DEFER
//gomem:needs counts
func DeferRecordsArePooled() {
	for _, n := range []int{1, 10, 100, 1000} {
		n, before := n, calls
		check.Equal("blocks", check.Allocs(func() {
			for i := 0; i < n; i++ {
				defer called1()
			}
		}), 0)
		check.Equal("calls", calls-before, 9*n)
	}
}

func called1() { calls++ }

var finished chan bool // made by the cases: not everybody who allocates has channels

// A goroutine that starts after others have finished costs nothing: descriptor and stack are used again.
//
//gomem:case ALLOC.GO
//gomem:needs counts
func GoroutineInSteadyState() {
	finished = make(chan bool)
	check.Equal("blocks, one after another", check.Allocs(func() {
		for i := 0; i < 100; i++ {
			go finish()
			<-finished
		}
	}), 0)
	check.Equal("blocks, 100 at once", check.Allocs(func() {
		for i := 0; i < 100; i++ {
			go finish()
		}
		for i := 0; i < 100; i++ {
			<-finished
		}
	}), 0)
}

func finish() { finished <- true }

// The closure of a go statement costs a block each time: when the function literal captures, or when the call has arguments.
//
//gomem:case ALLOC.GO
//gomem:needs counts
func GoroutineWithAClosure() {
	finished = make(chan bool)
	check.Equal("blocks, 10 capturing literals", check.Allocs(func() {
		for i := 0; i < 10; i++ {
			i := i
			go func() { finished <- i > 5 }()
			<-finished
		}
	}), 10)
	check.Equal("blocks, 10 calls with an argument", check.Allocs(func() {
		for i := 0; i < 10; i++ {
			go finishWith(i)
			<-finished
		}
	}), 10)
}

func finishWith(n int) { finished <- n > 5 }

// More goroutines than ever lived before cost a descriptor and a stack each; as many again, once those are gone, cost no new
// ones. (A collection would take the stacks of finished goroutines, so none runs.)
//
//gomem:case ALLOC.GO
//gomem:needs counts
func GoroutinesBeyondThePast() {
	const n = 1000
	debug.SetGCPercent(-1)
	blocks, stacks := startTogether(n)
	check.That("the first wave has fewer descriptors than goroutines", blocks >= n)
	check.That("the first wave has fewer stacks than goroutines", stacks >= n*2048*7/8)
	blocks, stacks = startTogether(n)
	check.That("the second wave has its own descriptors", blocks < n/2)
	check.That("the second wave has its own stacks", stacks < n*2048/2)
}

// startTogether starts n goroutines that all live at once, and returns the blocks and the bytes of stacks that it cost to start them.
// They wait by yielding: a goroutine that waits in a channel takes a record for that, which is counted too.
func startTogether(n int) (blocks, stacks int) {
	var before, after runtime.MemStats
	atomic.StoreInt32(&released, 0)
	runtime.ReadMemStats(&before)
	for i := 0; i < n; i++ {
		go yieldUntilReleased()
	}
	runtime.ReadMemStats(&after)
	atomic.StoreInt32(&released, 1)
	check.Until(func() bool { return runtime.NumGoroutine() == 1 })
	return int(after.Mallocs - before.Mallocs), int(after.StackInuse) - int(before.StackInuse)
}

var released int32

func yieldUntilReleased() {
	for atomic.LoadInt32(&released) == 0 {
		runtime.Gosched()
	}
}
