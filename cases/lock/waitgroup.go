package lock

// WaitGroup: SYNC.WAITGROUP.*. WaitGroup.Go is in go125.go.

import (
	"runtime"
	"strings"
	"sync"

	"gomem/cases/check"
)

// Wait returns at once while the counter is zero, also that of a fresh WaitGroup.
//
//gomem:case SYNC.WAITGROUP.WAITS
func WaitOfZeroReturns() {
	var wg sync.WaitGroup
	check.Start(wg.Wait).Join()
	wg.Add(2)
	wg.Add(-2)
	check.Start(wg.Wait).Join()
}

// Wait blocks while the counter is positive, and every waiter is released when it reaches zero.
//
//gomem:case SYNC.WAITGROUP.WAITS
//gomem:race silent
func WaitReleasesAllAtZero() {
	var wg sync.WaitGroup
	wg.Add(3)
	written := 0
	seen := make([]int, 5)
	waiters := make([]*check.Task, len(seen))
	for i := range waiters {
		p := &seen[i]
		waiters[i] = check.Start(func() { wg.Wait(); *p = written })
	}
	for n := 3; n > 0; n-- {
		for _, w := range waiters {
			check.That("the waiter waits", w.Waits())
		}
		if n == 1 {
			written = 1
		}
		wg.Done()
	}
	for i, w := range waiters {
		w.Join()
		check.Equal("what preceded the last Done", seen[i], 1)
	}
}

// Wait sees what all the tasks did before their Done.
//
//gomem:case SYNC.WAITGROUP.WAITS
//gomem:race silent
func WaitCollectsTasks() {
	for round := 0; round < 20; round++ {
		var wg sync.WaitGroup
		results := make([]int, 50)
		wg.Add(len(results))
		for i := range results {
			go func(i int) {
				results[i] = i + 1
				wg.Done()
			}(i)
		}
		wg.Wait()
		for i, r := range results {
			check.Equal("result", r, i+1)
		}
	}
}

// A task may add further tasks while it counts itself: Wait returns when all have ended, each time.
//
//gomem:case SYNC.WAITGROUP.WAITS
//gomem:race silent
func WaitCoversNestedTasks() {
	for round := 0; round < 100; round++ {
		check.Equal("leaves", growTasks(6), 1<<6)
	}
}

// growTasks has two tasks for each one, to this depth, and counts those that have reached it when Wait returns.
func growTasks(depth int) int {
	var wg sync.WaitGroup
	leaves := make(chan int, 1<<depth)
	var grow func(depth int)
	grow = func(depth int) {
		defer wg.Done()
		if depth == 0 {
			leaves <- 1
			return
		}
		wg.Add(2)
		go grow(depth - 1)
		go grow(depth - 1)
	}
	wg.Add(1)
	go grow(depth)
	wg.Wait()
	return len(leaves)
}

// A WaitGroup counts again after its waiters have returned, as often as one likes.
//
//gomem:case SYNC.WAITGROUP.REUSE
//gomem:race silent
func WaitGroupIsReusable() {
	var wg sync.WaitGroup
	sum := make([]int, 2)
	for round := 1; round <= 200; round++ {
		wg.Add(2)
		for i := range sum {
			go func(i int) { sum[i] += round; wg.Done() }(i)
		}
		wg.Wait()
		check.Equal("the tasks of this round", sum[0]+sum[1], round*(round+1))
	}
	wg.Add(1)
	waiter := check.Start(wg.Wait)
	check.That("it waits in a new round", waiter.Waits())
	wg.Done()
	waiter.Join()
}

// A counter that would become negative panics, and the program can recover.
//
//gomem:case SYNC.WAITGROUP.NEGATIVE
func WaitGroupNegativePanics() {
	for _, n := range []int{1, 3} {
		var fresh, used sync.WaitGroup
		check.That("Add(-n) from zero", check.Panics(func() { fresh.Add(-n) }) != nil)
		used.Add(n)
		used.Add(-n)
		check.That("Done from zero", check.Panics(used.Done) != nil)
		var two sync.WaitGroup
		two.Add(2)
		check.That("Add below zero", check.Panics(func() { two.Add(-2 - n) }) != nil)
	}
}

// The panic's value is a string, and the text is this one.
//
//gomem:case SYNC.WAITGROUP.NEGATIVE.TEXT
func WaitGroupNegativeText() {
	var wg sync.WaitGroup
	v, ok := check.Panics(wg.Done).(string)
	check.That("the value is a string", ok)
	check.Equal("text", v, "sync: negative WaitGroup counter")
}

// Without a recover the program dies of it with status 2.
//
//gomem:case SYNC.WAITGROUP.NEGATIVE.TEXT
//gomem:exit 2
//gomem:stderr panic: sync: negative WaitGroup counter
func WaitGroupNegativeDies() {
	var wg sync.WaitGroup
	wg.Add(-1)
}

// An Add for the next round that comes before a released waiter has returned is noticed by that waiter, or by nobody; what
// is noticed is a panic about the WaitGroup.
//
//gomem:case SYNC.WAITGROUP.MISUSE
func WaitGroupReuseTooEarly() {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	noticed := 0
	for round := 0; round < 50; round++ {
		var wg sync.WaitGroup
		wg.Add(1)
		var value interface{}
		waiter := check.Start(func() { value = check.Panics(wg.Wait) })
		check.That("the waiter waits", waiter.Waits())
		wg.Done() // makes the waiter runnable
		wg.Add(1) // and this comes before it runs, as one processor runs
		check.Yields(10)
		wg.Add(-1)
		waiter.Join()
		if value != nil {
			noticed++
			text, _ := value.(string)
			check.That("the text begins sync: WaitGroup", strings.HasPrefix(text, "sync: WaitGroup"))
		}
	}
	check.Note("noticed", noticed, "of 50")
}
