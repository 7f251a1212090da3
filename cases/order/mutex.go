package order

// What locks order: ORDER.MUTEX, ORDER.RWMUTEX.W2R, ORDER.RWMUTEX.R2W, and what they do not: ORDER.MUTEX.ALONE. TryLock is in
// trylock.go.

import (
	"runtime"
	"sync"
	"time"

	"gomem/cases/check"
)

// A guarded trial has its own locks. They are all free between trials.
type guarded struct {
	mu   sync.Mutex
	rw   sync.RWMutex
	a, b place
	r    [2]place
}

// locks runs actors over guarded trials, each of which prepare has seen; the outcome is the first n registers.
func locks(n int, prepare func(t *guarded), actors ...func(t *guarded)) {
	trials := new([check.Batch]guarded)
	walkers := make([]func(i int), len(actors))
	for a := range actors {
		actor := actors[a]
		walkers[a] = func(i int) { actor(&trials[i]) }
	}
	check.StressN(blocking(),
		func(i int) {
			t := &trials[i]
			t.a, t.b, t.r = place{}, place{}, [2]place{}
			prepare(t)
		},
		func(i int) check.Key {
			r := &trials[i].r
			return check.Ints([]int{int(r[0].word), int(r[1].word)}[:n]...)
		},
		walkers...)
}

// Of two sections under one Mutex the later sees what the earlier wrote.
//
//gomem:case ORDER.MUTEX
//gomem:race silent
//gomem:outcome forbidden 0 0 : neither section saw the other
//gomem:outcome forbidden 1 1 : each section saw the other
//gomem:outcome required 0 1 : the first actor ran first
//gomem:outcome required 1 0 : the second actor ran first
func MutexOrdersSections() {
	section := func(t *guarded, register int) {
		t.mu.Lock()
		t.r[register].word = t.a.word
		t.a.word = 1
		t.mu.Unlock()
	}
	locks(2, func(t *guarded) {},
		func(t *guarded) { section(t, 0) },
		func(t *guarded) { section(t, 1) })
}

// An Unlock by another goroutine than the one that locked hands on what that other one wrote.
//
//gomem:case ORDER.MUTEX
//gomem:race silent
//gomem:outcome forbidden 0 : the Lock returned before what was written before the Unlock
//gomem:outcome required 1 : the Unlock brought the data
func MutexUnlockedByAnother() {
	locks(1, func(t *guarded) { t.mu.Lock() },
		func(t *guarded) {
			t.a.word = 1
			t.mu.Unlock()
		},
		func(t *guarded) {
			t.mu.Lock()
			t.r[0].word = t.a.word
			t.mu.Unlock()
		})
}

// Many goroutines that count under one Mutex, and under the write lock of one RWMutex, lose no increment.
//
//gomem:case ORDER.MUTEX
//gomem:race silent
func MutexExcludes() {
	const goroutines = 4
	each := check.Scale(3000, 30000, 300000)
	var mu sync.Mutex
	var rw sync.RWMutex
	plain, shared := 0, 0
	done := make(chan bool)
	for g := 0; g < goroutines; g++ {
		go func() {
			for i := 0; i < each; i++ {
				mu.Lock()
				plain = slowly(plain, i)
				mu.Unlock()
				rw.Lock()
				shared = slowly(shared, i)
				rw.Unlock()
			}
			done <- true
		}()
	}
	for g := 0; g < goroutines; g++ {
		<-done
	}
	check.Equal("increments under the Mutex", plain, goroutines*each)
	check.Equal("increments under the RWMutex", shared, goroutines*each)
}

// slowly returns n+1, now and then after the others have had a chance to interfere.
func slowly(n, i int) int {
	if i%16 == 0 {
		runtime.Gosched()
	}
	return n + 1
}

// An RLock that follows a writer's Lock returns after that writer's Unlock and sees what precedes it.
//
//gomem:case ORDER.RWMUTEX.W2R
//gomem:race silent
//gomem:outcome forbidden 0 0 : both readers came in before the writer was out
//gomem:outcome forbidden 0 1 : the first reader came in before the writer was out
//gomem:outcome forbidden 1 0 : the second reader came in before the writer was out
//gomem:outcome required 1 1 : both readers saw the data
func WriterBeforeReaders() {
	reader := func(register int) func(t *guarded) {
		return func(t *guarded) {
			t.rw.RLock()
			t.r[register].word = t.a.word
			t.rw.RUnlock()
		}
	}
	locks(2, func(t *guarded) { t.rw.Lock() },
		func(t *guarded) {
			t.a.word = 1
			t.rw.Unlock()
		},
		reader(0), reader(1))
}

// A reader sees all of a writer's section or nothing of it.
//
//gomem:case ORDER.RWMUTEX.W2R
//gomem:race silent
//gomem:outcome forbidden 0 1 : the reader saw half of the writer's section
//gomem:outcome forbidden 1 0 : the reader saw half of the writer's section
//gomem:outcome required 0 0 : the reader ran first
//gomem:outcome required 1 1 : the writer ran first
func WriterSectionIsWhole() {
	locks(2, func(t *guarded) {},
		func(t *guarded) {
			t.rw.Lock()
			t.a.word = 1
			t.b.word = 1
			t.rw.Unlock()
		},
		func(t *guarded) {
			t.rw.RLock()
			t.r[0].word = t.b.word
			t.r[1].word = t.a.word
			t.rw.RUnlock()
		})
}

// What precedes the RUnlock of every reader is visible after the Lock that waits for them; here each reader writes on its own word.
//
//gomem:case ORDER.RWMUTEX.R2W
//gomem:race silent
//gomem:outcome forbidden 0 0 : the Lock waited for neither reader
//gomem:outcome forbidden 0 1 : the Lock did not wait for the first reader
//gomem:outcome forbidden 1 0 : the Lock did not wait for the second reader
//gomem:outcome required 1 1 : the Lock brought the data of both readers
func ReadersBeforeWriter() {
	hold := func(t *guarded) {
		t.rw.RLock()
		t.rw.RLock()
	}
	locks(2, hold,
		func(t *guarded) {
			t.a.word = 1
			t.rw.RUnlock()
		},
		func(t *guarded) {
			t.b.word = 1
			t.rw.RUnlock()
		},
		func(t *guarded) {
			t.rw.Lock()
			t.r[0].word = t.a.word
			t.r[1].word = t.b.word
			t.rw.Unlock()
		})
}

// A reader that has left does not see what the next writer writes.
//
//gomem:case ORDER.RWMUTEX.R2W
//gomem:race silent
//gomem:outcome forbidden 1 : the writer came in while the reader was in its section
//gomem:outcome required 0 : the writer waited
func ReaderKeepsWriterOut() {
	locks(1, func(t *guarded) { t.rw.RLock() },
		func(t *guarded) {
			t.r[0].word = t.a.word
			t.rw.RUnlock()
		},
		func(t *guarded) {
			t.rw.Lock()
			t.a.word = 1
			t.rw.Unlock()
		})
}

// RLocker's Lock and Unlock order as RLock and RUnlock do.
//
//gomem:case ORDER.RWMUTEX.R2W
//gomem:race silent
//gomem:outcome forbidden 0 1 : the writer did not wait for the reader, and the reader saw it
//gomem:outcome forbidden 0 0 : the writer did not wait for the reader
//gomem:outcome forbidden 1 1 : the reader saw a writer that had to wait for it
//gomem:outcome required 1 0 : the writer saw what the reader had written
func RLockerOrders() {
	locks(2, func(t *guarded) { t.rw.RLocker().Lock() },
		func(t *guarded) {
			t.b.word = 1
			t.r[1].word = t.a.word
			t.rw.RLocker().Unlock()
		},
		func(t *guarded) {
			t.rw.Lock()
			t.a.word = 1
			t.r[0].word = t.b.word
			t.rw.Unlock()
		})
}

// A lock that only one of two goroutines takes orders nothing between them.
//
//gomem:case ORDER.MUTEX.ALONE
//gomem:race report
func LockOnOneSideOnly() {
	var mu sync.Mutex
	data := new(int)
	done := make(chan bool, 1)
	go func() {
		mu.Lock()
		*data = 1
		mu.Unlock()
		done <- true
	}()
	check.Use(*data)
	<-done
}

// Two different locks order nothing between their holders.
//
//gomem:case ORDER.MUTEX.ALONE
//gomem:race report
func TwoDifferentLocks() {
	var first, second sync.Mutex
	data := new(int)
	done := make(chan bool, 1)
	go func() {
		first.Lock()
		*data = 1
		first.Unlock()
		done <- true
	}()
	second.Lock()
	*data = 2
	second.Unlock()
	<-done
}

// A Mutex that is freed and taken again at once, over and over, still reaches a goroutine that waits for it: once that one has waited
// 1 ms it is next. The holder sleeps 2 ms in each turn, so the waiter turns hungry in its first one.
//
//gomem:case ORDER.MUTEX.FAIR
//gomem:race silent
func WaiterGetsLockFromBusyHolder() {
	const rounds, turns = 9, 20 // two turns do for the standard Mutex; without a hand-over the holder wins nearly all
	soon := 0
	for round := 0; round < rounds; round++ {
		soon += bit(turnsOfHolder(turns) < turns)
	}
	check.Within("times of nine that the waiter had the lock before the holder had it twenty times", soon, 5, rounds)
}

// turnsOfHolder counts how often a holder releases the lock for an instant before a waiter has it, until the limit.
func turnsOfHolder(limit int) (turns int) {
	var mu sync.Mutex
	served := make(chan bool, 1)
	mu.Lock()
	go func() {
		mu.Lock()
		served <- true
		mu.Unlock()
	}()
	for ; turns < limit && len(served) == 0; turns++ {
		time.Sleep(2 * time.Millisecond)
		mu.Unlock()
		mu.Lock()
	}
	mu.Unlock()
	<-served
	return turns
}
