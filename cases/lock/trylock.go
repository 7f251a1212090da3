//go:build go1.18

package lock

// Locks that do not wait: SYNC.MUTEX.TRYLOCK, SYNC.RWMUTEX.TRYLOCK.

import (
	"sync"

	"gomem/cases/check"
)

// TryLock takes a free mutex, fails on a held one, and never waits.
//
//gomem:case SYNC.MUTEX.TRYLOCK
//gomem:since 1.18
func TryLockTakesOrFails() {
	var mu sync.Mutex
	for i := 0; i < 3; i++ {
		check.That("free", mu.TryLock())
		check.That("held", !mu.TryLock())
		check.That("still held", !mu.TryLock())
		mu.Unlock()
		mu.Lock()
		check.That("held through Lock", !mu.TryLock())
		mu.Unlock()
	}
}

// A TryLock that fails leaves the mutex to its holder and to those that wait.
//
//gomem:case SYNC.MUTEX.TRYLOCK
//gomem:since 1.18
func TryLockFailsBesideWaiters() {
	var mu sync.Mutex
	mu.Lock()
	waiter := check.Start(func() { mu.Lock() })
	check.That("the waiter waits", waiter.Waits())
	check.That("held, with a waiter", !mu.TryLock())
	mu.Unlock()
	waiter.Join()
	check.That("held by the waiter", !mu.TryLock())
	mu.Unlock()
	check.That("free at last", mu.TryLock())
}

// A mutex taken by TryLock excludes and orders like a locked one.
//
//gomem:case SYNC.MUTEX.TRYLOCK
//gomem:since 1.18
//gomem:race silent
func TryLockExcludes() {
	var mu sync.Mutex
	count := 0
	rounds := check.Scale(1000, 10000, 100000)
	group(4, func(int) {
		for i := 0; i < rounds; i++ {
			check.Until(mu.TryLock)
			count++
			mu.Unlock()
		}
	})
	check.Equal("count", count, 4*rounds)
}

// Of the lock's four states each admits exactly what it should: free, read, written, and read with a writer waiting.
//
//gomem:case SYNC.RWMUTEX.TRYLOCK
//gomem:since 1.18
func RWTryLockByState() {
	var mu sync.RWMutex
	check.That("TryLock when free", mu.TryLock())
	check.That("TryLock beside a writer", !mu.TryLock())
	check.That("TryRLock beside a writer", !mu.TryRLock())
	mu.Unlock()
	check.That("TryRLock when free", mu.TryRLock())
	check.That("TryRLock beside a reader", mu.TryRLock())
	check.That("TryLock beside readers", !mu.TryLock())
	mu.RUnlock()
	check.That("TryLock beside a reader", !mu.TryLock())
	writer := check.Start(func() { mu.Lock() })
	check.That("the writer waits", writer.Waits())
	check.That("TryRLock beside a waiting writer", !mu.TryRLock())
	check.That("TryLock beside a waiting writer", !mu.TryLock())
	mu.RUnlock()
	writer.Join()
	check.That("TryRLock beside the writer", !mu.TryRLock())
	mu.Unlock()
	check.That("TryLock at the end", mu.TryLock())
}

// Read locks taken by TryRLock count like others: a writer waits for them.
//
//gomem:case SYNC.RWMUTEX.TRYLOCK
//gomem:since 1.18
//gomem:race silent
func TryRLockKeepsWriterOut() {
	var mu sync.RWMutex
	value := 0
	check.That("free", mu.TryRLock())
	writer := check.Start(func() { mu.Lock(); value = 1; mu.Unlock() })
	check.That("the writer waits", writer.Waits())
	check.Equal("value", value, 0)
	mu.RUnlock()
	writer.Join()
	check.That("free again", mu.TryLock())
	check.Equal("value", value, 1)
}
