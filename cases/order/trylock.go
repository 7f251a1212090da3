//go:build go1.18

package order

// TryLock: ORDER.TRYLOCK.SUCCESS, ORDER.TRYLOCK.FAILED. In the outcomes the first number says whether it returned true, the second is
// the data that the actor then read.

import (
	"sync"

	"gomem/cases/check"
)

// A Mutex.TryLock that returns true sees what precedes the last Unlock.
//
//gomem:case ORDER.TRYLOCK.SUCCESS
//gomem:race silent
//gomem:outcome forbidden 1 0 : the lock was taken without what was written before the Unlock
//gomem:outcome required 1 1 : the Unlock brought the data
//gomem:outcome allowed 0 0 : the lock was still held
func TryLockSucceeds() {
	locks(2, func(t *guarded) { t.mu.Lock() },
		func(t *guarded) {
			t.a.word = 1
			t.mu.Unlock()
		},
		func(t *guarded) {
			if t.mu.TryLock() {
				t.r[0].word, t.r[1].word = 1, t.a.word
				t.mu.Unlock()
			}
		})
}

// An RWMutex.TryLock that returns true sees what precedes the RUnlock of each reader.
//
//gomem:case ORDER.TRYLOCK.SUCCESS
//gomem:race silent
//gomem:outcome forbidden 1 0 : the lock was taken without what was written before the RUnlock
//gomem:outcome required 1 1 : the RUnlock brought the data
//gomem:outcome allowed 0 0 : the lock was still held
func TryLockAfterReader() {
	locks(2, func(t *guarded) { t.rw.RLock() },
		func(t *guarded) {
			t.a.word = 1
			t.rw.RUnlock()
		},
		func(t *guarded) {
			if t.rw.TryLock() {
				t.r[0].word, t.r[1].word = 1, t.a.word
				t.rw.Unlock()
			}
		})
}

// An RWMutex.TryRLock that returns true sees what precedes the writer's Unlock.
//
//gomem:case ORDER.TRYLOCK.SUCCESS
//gomem:race silent
//gomem:outcome forbidden 1 0 : the lock was taken without what was written before the Unlock
//gomem:outcome required 1 1 : the Unlock brought the data
//gomem:outcome allowed 0 0 : the lock was still held
func TryRLockSucceeds() {
	locks(2, func(t *guarded) { t.rw.Lock() },
		func(t *guarded) {
			t.a.word = 1
			t.rw.Unlock()
		},
		func(t *guarded) {
			if t.rw.TryRLock() {
				t.r[0].word, t.r[1].word = 1, t.a.word
				t.rw.RUnlock()
			}
		})
}

// What is written under a TryLock is seen by the next Lock.
//
//gomem:case ORDER.TRYLOCK.SUCCESS
//gomem:race silent
//gomem:outcome forbidden 1 0 : the section under TryLock was missed
//gomem:outcome required 1 1 : the section under TryLock came first
//gomem:outcome allowed 0 0 : the lock was held
//gomem:outcome allowed 2 0 : the section under Lock came first
func TryLockThenLock() {
	locks(2, func(t *guarded) {},
		func(t *guarded) {
			if t.mu.TryLock() {
				t.a.word = 1
				t.r[0].word = 1 + t.b.word
				t.mu.Unlock()
			}
		},
		func(t *guarded) {
			t.mu.Lock()
			t.b.word = 1
			t.r[1].word = t.a.word
			t.mu.Unlock()
		})
}

// held has a goroutine write data and then take a lock for good, and returns when it has. Only the lock could order the write
// before what follows.
func held(data *int, lock func()) {
	over := make(chan bool, 1)
	go func() {
		*data = 1
		lock()
		over <- true
	}()
	passed(over)
}

// A Mutex.TryLock that returns false is not ordered after what precedes the Lock that keeps it out.
//
//gomem:case ORDER.TRYLOCK.FAILED
//gomem:race report
func TryLockFails() {
	var mu sync.Mutex
	data := new(int)
	held(data, mu.Lock)
	check.That("TryLock of a held Mutex returns false", !mu.TryLock())
	check.Use(*data)
}

// An RWMutex.TryLock that a writer keeps out is not ordered after what the writer did.
//
//gomem:case ORDER.TRYLOCK.FAILED
//gomem:race report
func TryLockOfHeldWriteLockFails() {
	var rw sync.RWMutex
	data := new(int)
	held(data, rw.Lock)
	check.That("TryLock of a held RWMutex returns false", !rw.TryLock())
	check.Use(*data)
}

// An RWMutex.TryLock that readers keep out is not ordered after what they did.
//
//gomem:case ORDER.TRYLOCK.FAILED
//gomem:race report
func TryLockAgainstReaderFails() {
	var rw sync.RWMutex
	data := new(int)
	held(data, rw.RLock)
	check.That("TryLock of a read-locked RWMutex returns false", !rw.TryLock())
	check.Use(*data)
}

// An RWMutex.TryRLock that a writer keeps out is not ordered after what the writer did.
//
//gomem:case ORDER.TRYLOCK.FAILED
//gomem:race report
func TryRLockAgainstWriterFails() {
	var rw sync.RWMutex
	data := new(int)
	held(data, rw.Lock)
	check.That("TryRLock of a write-locked RWMutex returns false", !rw.TryRLock())
	check.Use(*data)
}
