package lock

// Mutex: SYNC.MUTEX.*. TryLock is in trylock.go.

import (
	"runtime"
	"sync"
	"sync/atomic"

	"gomem/cases/check"
)

// group runs f(0) … f(n-1) in goroutines and returns when all have returned.
func group(n int, f func(i int)) {
	done := make(chan bool, n)
	for i := 0; i < n; i++ {
		go func(i int) {
			f(i)
			done <- true
		}(i)
	}
	for i := 0; i < n; i++ {
		<-done
	}
}

// Between Lock and Unlock a goroutine is alone, also when it yields there: plain increments are not lost.
//
//gomem:case SYNC.MUTEX.EXCLUDES
//gomem:race silent
func MutexCountsExactly() {
	var mu sync.Mutex
	count, inside := 0, 0
	rounds := check.Scale(2000, 20000, 200000)
	group(8, func(int) {
		for i := 0; i < rounds; i++ {
			mu.Lock()
			inside++
			if i%64 == 0 {
				runtime.Gosched()
			}
			if inside != 1 {
				check.Fail("goroutines inside", inside)
			}
			count++
			inside--
			mu.Unlock()
		}
	})
	check.Equal("count", count, 8*rounds)
}

// A Lock of a held mutex waits until it is unlocked, by whichever goroutine.
//
//gomem:case SYNC.MUTEX.EXCLUDES
//gomem:race silent
func MutexLockWaits() {
	var mu sync.Mutex
	shared := 1
	mu.Lock()
	seen := 0
	waiter := check.Start(func() {
		mu.Lock()
		seen = shared
	})
	check.That("the second Lock waits", waiter.Waits())
	shared = 2
	mu.Unlock()
	waiter.Join()
	check.Equal("what the holder wrote", seen, 2)
	last := check.Start(func() { mu.Lock() })
	check.That("the mutex is held by the waiter now", last.Waits())
	mu.Unlock()
	last.Join()
}

// Each Unlock lets exactly one of the waiting goroutines go on.
//
//gomem:case SYNC.MUTEX.EXCLUDES
func MutexUnlockReleasesOne() {
	const waiters = 5
	var mu sync.Mutex
	var held int32
	mu.Lock()
	tasks := make([]*check.Task, waiters)
	for i := range tasks {
		tasks[i] = check.Start(func() {
			mu.Lock()
			atomic.AddInt32(&held, 1)
		})
		check.That("the Lock waits", tasks[i].Waits())
	}
	for n := int32(1); n <= waiters; n++ {
		mu.Unlock()
		check.Until(func() bool { return atomic.LoadInt32(&held) >= n })
		for _, t := range tasks {
			t.Waits()
		}
		check.Equal("goroutines that got the lock", atomic.LoadInt32(&held), n)
	}
}

// Locks for ever on a mutex that its own goroutine holds: with nothing else to run, that is a deadlock.
//
//gomem:case SYNC.MUTEX.EXCLUDES
//gomem:needs deadlock
//gomem:exit 2
//gomem:stderr all goroutines are asleep - deadlock!
func MutexIsNotReentrant() {
	var mu sync.Mutex
	mu.Lock()
	mu.Lock()
	check.Fail("locked twice")
}

// Unlocking a mutex that was never locked does not return.
//
//gomem:case SYNC.MUTEX.UNLOCKED
//gomem:exit 2
func MutexUnlockUnlocked() {
	var mu sync.Mutex
	mu.Unlock()
	check.Fail("Unlock returned")
}

// Unlocking a mutex twice does not return.
//
//gomem:case SYNC.MUTEX.UNLOCKED
//gomem:exit 2
func MutexUnlockTwice() {
	var mu sync.Mutex
	mu.Lock()
	mu.Unlock()
	mu.Unlock()
	check.Fail("the second Unlock returned")
}

// mustNotRun is deferred where the program has to die without running deferred calls.
func mustNotRun() {
	check.Fail("a deferred call ran; recovered:", recover() != nil)
}

// The program ends with the text and status 2, and no deferred call gets to recover.
//
//gomem:case SYNC.MUTEX.UNLOCKED.TEXT
//gomem:exit 2
//gomem:stderr fatal error: sync: unlock of unlocked mutex
func MutexUnlockUnlockedDies() {
	defer mustNotRun()
	var mu sync.Mutex
	mu.Unlock()
}

// Two goroutines that write under a mutex and a copy of it race.
//
//gomem:case SYNC.MUTEX.COPIED
//gomem:race report
func MutexCopyOrdersNothing() {
	type guarded struct {
		mu sync.Mutex
		at *int
	}
	add := func(g *guarded) {
		g.mu.Lock()
		*g.at++
		g.mu.Unlock()
	}
	original := guarded{at: new(int)}
	copied := original
	group(2, func(i int) {
		if i == 0 {
			add(&original)
		} else {
			add(&copied)
		}
	})
	check.Use(*original.at)
}
