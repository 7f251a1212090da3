package lock

// Once: SYNC.ONCE.*. OnceFunc and its relatives are in once_func.go.

import (
	"sync"
	"sync/atomic"

	"gomem/cases/check"
)

// However many goroutines call Do, one function runs, and every Do returns after it has returned.
//
//gomem:case SYNC.ONCE.ONE
//gomem:race silent
func OnceRunsOne() {
	for round := 0; round < check.Scale(300, 3000, 30000); round++ {
		var once sync.Once
		ran, value := 0, 0
		group(4, func(i int) {
			once.Do(func() {
				ran++
				value = i + 1
			})
			if ran != 1 || value == 0 {
				check.Fail("after Do: ran", ran, "value", value)
			}
		})
		once.Do(func() { ran++ })
		check.Equal("functions run", ran, 1)
	}
}

// A second Do waits while the first one's function is still running.
//
//gomem:case SYNC.ONCE.ONE
//gomem:race silent
func OnceSecondWaits() {
	var once sync.Once
	proceed := make(chan bool)
	written, seen := 0, 0
	first := check.Start(func() { once.Do(func() { <-proceed; written = 5 }) })
	check.That("the first Do is under way", first.Waits())
	second := check.Start(func() {
		once.Do(func() { check.Fail("a second function ran") })
		seen = written
	})
	check.That("the second Do waits", second.Waits())
	proceed <- true
	first.Join()
	second.Join()
	check.Equal("what the function wrote", seen, 5)
}

// Another Once runs its own function.
//
//gomem:case SYNC.ONCE.ONE
func OncesAreSeparate() {
	onces := make([]sync.Once, 5)
	ran := 0
	for round := 0; round < 3; round++ {
		for i := range onces {
			onces[i].Do(func() { ran++ })
		}
	}
	check.Equal("functions run", ran, len(onces))
}

// The panic of a function reaches the caller of Do, and later calls return without running theirs.
//
//gomem:case SYNC.ONCE.PANIC
func OncePanicCountsAsDone() {
	var once sync.Once
	check.Equal("the first Do", check.PanicText(func() { once.Do(func() { panic("first") }) }), "first")
	for i := 0; i < 3; i++ {
		once.Do(func() { check.Fail("a later function ran") })
	}
}

// A goroutine that waited in Do while another's function panicked returns without a panic of its own.
//
//gomem:case SYNC.ONCE.PANIC
func OncePanicReleasesWaiter() {
	var once sync.Once
	proceed := make(chan bool)
	var own, others interface{}
	first := check.Start(func() { own = check.Panics(func() { once.Do(func() { <-proceed; panic("first") }) }) })
	check.That("the first Do is under way", first.Waits())
	second := check.Start(func() { others = check.Panics(func() { once.Do(func() { check.Fail("a second function ran") }) }) })
	check.That("the second Do waits", second.Waits())
	proceed <- true
	first.Join()
	second.Join()
	check.Equal("the panic of the first", own, "first")
	check.Equal("the panic of the second", others, nil)
}

// A Do within the function that Do of the same Once runs does not return while the program goes on.
//
//gomem:case SYNC.ONCE.RECURSIVE
func OnceRecursiveBlocks() {
	var once sync.Once
	var inner int32
	t := check.Start(func() {
		once.Do(func() {
			once.Do(func() { atomic.StoreInt32(&inner, 1) })
			atomic.StoreInt32(&inner, 2)
		})
	})
	check.That("the recursive Do blocks", t.Waits())
	check.Equal("progress inside", atomic.LoadInt32(&inner), 0)
}

// Alone in its program it is a deadlock.
//
//gomem:case SYNC.ONCE.RECURSIVE
//gomem:needs deadlock
//gomem:exit 2
//gomem:stderr all goroutines are asleep - deadlock!
func OnceRecursiveForever() {
	var once sync.Once
	once.Do(func() { once.Do(func() {}) })
	check.Fail("the recursive Do returned")
}
