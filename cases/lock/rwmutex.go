package lock

// RWMutex: SYNC.RWMUTEX.*. What needs TryLock is in trylock.go.

import (
	"sync"
	"sync/atomic"

	"gomem/cases/check"
)

// Many goroutines hold the lock for reading at one time: none lets go before all have it.
//
//gomem:case SYNC.RWMUTEX.READERS
//gomem:race silent
func ReadersHoldTogether() {
	const readers = 20
	var mu sync.RWMutex
	var holding int32
	group(readers, func(int) {
		mu.RLock()
		atomic.AddInt32(&holding, 1)
		check.Until(func() bool { return atomic.LoadInt32(&holding) == readers })
		mu.RUnlock()
	})
	mu.Lock()
	check.Equal("readers", holding, readers)
	mu.Unlock()
}

// RLocker gives the reading side as a Locker.
//
//gomem:case SYNC.RWMUTEX.READERS
func ReadersThroughRLocker() {
	var mu sync.RWMutex
	a, b := mu.RLocker(), mu.RLocker()
	a.Lock()
	b.Lock()
	writer := check.Start(mu.Lock)
	check.That("a writer waits for both", writer.Waits())
	a.Unlock()
	check.That("the writer waits for the second", writer.Waits())
	b.Unlock()
	writer.Join()
}

// A writer waits for every reader, and readers and writers wait for a writer.
//
//gomem:case SYNC.RWMUTEX.EXCLUDES
//gomem:race silent
func WriterIsAlone() {
	var mu sync.RWMutex
	value, seen := 0, 0
	mu.RLock()
	mu.RLock()
	writer := check.Start(func() { mu.Lock(); value = 1 })
	check.That("the writer waits for two readers", writer.Waits())
	mu.RUnlock()
	check.That("the writer waits for one reader", writer.Waits())
	mu.RUnlock()
	writer.Join()
	reader := check.Start(func() { mu.RLock(); seen = value; mu.RUnlock() })
	second := check.Start(func() { mu.Lock(); value++; mu.Unlock() })
	check.That("a reader waits for the writer", reader.Waits())
	check.That("a second writer waits for the writer", second.Waits())
	mu.Unlock()
	reader.Join()
	second.Join()
	check.Within("the reader saw a complete write", seen, 1, 2)
	check.Equal("value", value, 2)
}

// Writers keep two plain variables equal, and no reader ever sees them differ.
//
//gomem:case SYNC.RWMUTEX.EXCLUDES
//gomem:race silent
func ReadersSeeWholeWrites() {
	var mu sync.RWMutex
	a, b := 0, 0
	rounds := check.Scale(2000, 20000, 200000)
	group(6, func(i int) {
		for n := 0; n < rounds; n++ {
			if i < 2 {
				mu.Lock()
				a++
				b++
				mu.Unlock()
				continue
			}
			mu.RLock()
			if a != b {
				check.Fail("a reader saw", a, b)
			}
			mu.RUnlock()
		}
	})
	check.That("no write was lost", a == 2*rounds && b == a)
}

// A reader that comes while a writer waits stands behind that writer.
//
//gomem:case SYNC.RWMUTEX.PENDING
//gomem:race silent
func ReaderWaitsForPendingWriter() {
	var mu sync.RWMutex
	value, seen := 0, -1
	mu.RLock()
	writer := check.Start(func() { mu.Lock(); value = 1; mu.Unlock() })
	check.That("the writer waits for the reader", writer.Waits())
	reader := check.Start(func() { mu.RLock(); seen = value; mu.RUnlock() })
	check.That("the new reader waits", reader.Waits())
	check.That("the writer still waits", writer.Waits())
	mu.RUnlock()
	writer.Join()
	reader.Join()
	check.Equal("the new reader comes after the writer", seen, 1)
}

// The goroutine that holds a read lock waits too when it asks for another one while a writer waits.
//
//gomem:case SYNC.RWMUTEX.PENDING
func RecursiveReaderWaitsForPendingWriter() {
	var mu sync.RWMutex
	holds, again := make(chan bool), make(chan bool)
	reader := check.Start(func() {
		mu.RLock()
		holds <- true
		<-again
		mu.RLock()
		mu.RUnlock()
	})
	<-holds
	writer := check.Start(func() { mu.Lock() })
	check.That("the writer waits for the reader", writer.Waits())
	again <- true
	check.That("the reader waits for its second read lock", reader.Waits())
	check.That("and the writer for the first", writer.Waits())
	mu.RUnlock() // the reader's first lock: any goroutine may release it
	writer.Join()
	check.That("the reader waits until the writer has unlocked", reader.Waits())
	mu.Unlock()
	reader.Join()
}

// A reader that locks recursively behind a pending writer, and the writer, block each other for ever.
//
//gomem:case SYNC.RWMUTEX.PENDING
//gomem:needs deadlock
//gomem:exit 2
//gomem:stderr all goroutines are asleep - deadlock!
func RecursiveReaderDeadlocks() {
	var mu sync.RWMutex
	mu.RLock()
	writer := check.Start(func() { mu.Lock() })
	check.That("the writer waits", writer.Waits())
	mu.RLock()
	check.Fail("the second RLock returned")
}

// Unlock of an RWMutex that nobody has locked does not return.
//
//gomem:case SYNC.RWMUTEX.UNLOCKED
//gomem:exit 2
func RWUnlockUnlocked() {
	var mu sync.RWMutex
	mu.Unlock()
	check.Fail("Unlock returned")
}

// Unlock of an RWMutex that is locked for reading only does not return.
//
//gomem:case SYNC.RWMUTEX.UNLOCKED
//gomem:exit 2
func RWUnlockReadLocked() {
	var mu sync.RWMutex
	mu.RLock()
	mu.Unlock()
	check.Fail("Unlock returned")
}

// The program ends with the text and status 2, and no deferred call gets to recover.
//
//gomem:case SYNC.RWMUTEX.UNLOCKED.TEXT
//gomem:exit 2
//gomem:stderr fatal error: sync: Unlock of unlocked RWMutex
func RWUnlockUnlockedDies() {
	defer mustNotRun()
	var mu sync.RWMutex
	mu.RLock()
	mu.Unlock()
}

// RUnlock of an RWMutex that nobody has locked does not return.
//
//gomem:case SYNC.RWMUTEX.RUNLOCKED
//gomem:exit 2
func RUnlockUnlocked() {
	var mu sync.RWMutex
	mu.RUnlock()
	check.Fail("RUnlock returned")
}

// An RUnlock more than there were read locks does not return.
//
//gomem:case SYNC.RWMUTEX.RUNLOCKED
//gomem:exit 2
func RUnlockTooOften() {
	var mu sync.RWMutex
	mu.RLock()
	mu.RLock()
	mu.RUnlock()
	mu.RUnlock()
	mu.RUnlock()
	check.Fail("the surplus RUnlock returned")
}

// RUnlock of an RWMutex that is locked for writing does not return.
//
//gomem:case SYNC.RWMUTEX.RUNLOCKED
//gomem:exit 2
func RUnlockWriteLocked() {
	var mu sync.RWMutex
	mu.Lock()
	mu.RUnlock()
	check.Fail("RUnlock returned")
}

// The program ends with the text and status 2, and no deferred call gets to recover.
//
//gomem:case SYNC.RWMUTEX.RUNLOCKED.TEXT
//gomem:exit 2
//gomem:stderr fatal error: sync: RUnlock of unlocked RWMutex
func RUnlockUnlockedDies() {
	defer mustNotRun()
	var mu sync.RWMutex
	mu.RUnlock()
}
