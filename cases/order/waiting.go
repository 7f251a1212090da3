package order

// ORDER.WAITGROUP, ORDER.ONCE, ORDER.COND.WAKE, ORDER.COND.FIFO.

import (
	"sync"
	"sync/atomic"

	"gomem/cases/check"
)

// A gathering is a trial with the synchronisers that this file is about.
type gathering struct {
	wg   sync.WaitGroup
	once sync.Once
	mu   sync.Mutex
	cond *sync.Cond
	come bool // guarded by mu
	a, b place
	r    [3]place
}

func gatherings(n int, prepare func(t *gathering), actors ...func(t *gathering)) {
	trials := make([]*gathering, check.Batch)
	walkers := make([]func(i int), len(actors))
	for a := range actors {
		actor := actors[a]
		walkers[a] = func(i int) { actor(trials[i]) }
	}
	check.StressN(blocking(),
		func(i int) {
			trials[i] = new(gathering)
			prepare(trials[i])
		},
		func(i int) check.Key {
			r := &trials[i].r
			return check.Ints([]int{int(r[0].word), int(r[1].word), int(r[2].word)}[:n]...)
		},
		walkers...)
}

// What precedes each Done is visible after the Wait, not only what precedes the last one.
//
//gomem:case ORDER.WAITGROUP
//gomem:race silent
//gomem:outcome forbidden 0 0 : Wait returned before either Done
//gomem:outcome forbidden 0 1 : Wait did not bring what precedes the first actor's Done
//gomem:outcome forbidden 1 0 : Wait did not bring what precedes the second actor's Done
//gomem:outcome required 1 1 : Wait brought the data of both
func WaitBringsEveryDone() {
	gatherings(2, func(t *gathering) { t.wg.Add(2) },
		func(t *gathering) {
			t.a.word = 1
			t.wg.Done()
		},
		func(t *gathering) {
			t.b.word = 1
			t.wg.Done()
		},
		func(t *gathering) {
			t.wg.Wait()
			t.r[0].word, t.r[1].word = t.a.word, t.b.word
		})
}

// The same Done releases every goroutine that waits, and each of them sees the data. A negative Add orders as Done does.
//
//gomem:case ORDER.WAITGROUP
//gomem:race silent
//gomem:outcome forbidden 0 0 : neither Wait brought the data
//gomem:outcome forbidden 0 1 : the first Wait did not bring the data
//gomem:outcome forbidden 1 0 : the second Wait did not bring the data
//gomem:outcome required 1 1 : both brought the data
func WaitReleasesAll() {
	wait := func(register int) func(t *gathering) {
		return func(t *gathering) {
			t.wg.Wait()
			t.r[register].word = t.a.word
		}
	}
	gatherings(2, func(t *gathering) { t.wg.Add(3) },
		func(t *gathering) {
			t.a.word = 1
			t.wg.Add(-3)
		},
		wait(0), wait(1))
}

// Wait brings the writes of many goroutines, over and over with one WaitGroup.
//
//gomem:case ORDER.WAITGROUP
//gomem:race silent
func WaitBringsMany() {
	const goroutines = 16
	var wg sync.WaitGroup
	var results [goroutines]int
	missing := 0
	for round := 1; round <= check.Scale(200, 2000, 20000); round++ {
		wg.Add(goroutines)
		for g := range results {
			go func(g, round int) {
				results[g] = round
				wg.Done()
			}(g, round)
		}
		wg.Wait()
		for _, r := range results {
			missing += bit(r != round)
		}
	}
	check.Equal("results missing after Wait", missing, 0)
}

// No Do of a Once returns before the one call of f has: each sees all that f wrote. The last number is how often f ran.
//
//gomem:case ORDER.ONCE
//gomem:race silent
//gomem:outcome forbidden 0 0 1 : both calls of Do returned before f had
//gomem:outcome forbidden 0 1 1 : the first actor's Do returned before f had
//gomem:outcome forbidden 1 0 1 : the second actor's Do returned before f had
//gomem:outcome forbidden 1 1 2 : f ran twice
//gomem:outcome required 1 1 1 : f ran once, and both saw what it wrote
func OnceBeforeEveryDo() {
	do := func(register int) func(t *gathering) {
		return func(t *gathering) {
			t.once.Do(func() {
				t.r[2].word++
				t.a.word = 1
			})
			t.r[register].word = t.a.word
		}
	}
	gatherings(3, func(t *gathering) {}, do(0), do(1))
}

// A Do that is called while f is under way waits for it, however long it takes, and sees what it wrote last.
//
//gomem:case ORDER.ONCE
//gomem:race silent
func OnceWaitsForSlowFunction() {
	var once sync.Once
	proceed := make(chan bool)
	written, seen := 0, 0
	first := check.Start(func() { once.Do(func() { <-proceed; written = 1 }) })
	check.That("f is under way", first.Waits())
	second := check.Start(func() {
		once.Do(func() { written = 2 })
		seen = written
	})
	check.That("the second Do waits", second.Waits())
	proceed <- true
	first.Join()
	second.Join()
	check.Equal("what the second Do's goroutine saw", seen, 1)
}

// When f panics Do panics with it, f counts as returned all the same, and its writes are visible after every other Do. The numbers:
// what each actor saw and how often f ran.
//
//gomem:case ORDER.ONCE
//gomem:race silent
//gomem:outcome forbidden 1 1 2 : f ran again after its panic
//gomem:outcome forbidden 0 1 1 : the first actor's Do returned before f had
//gomem:outcome forbidden 1 0 1 : the second actor's Do returned before f had
//gomem:outcome required 1 1 1 : f ran once, and both saw what it wrote
func OncePanics() {
	var panics int32
	do := func(register int) func(t *gathering) {
		return func(t *gathering) {
			value := check.Panics(func() {
				t.once.Do(func() {
					t.r[2].word++
					t.a.word = 1
					panic("in f")
				})
			})
			if value != nil {
				atomic.AddInt32(&panics, 1)
			}
			t.r[register].word = t.a.word
		}
	}
	trials := 0
	gatherings(3, func(t *gathering) { trials++ }, do(0), do(1))
	check.Equal("calls of Do that panicked", panics, trials)
}

// What precedes a Signal is visible after the Wait that it wakes.
//
//gomem:case ORDER.COND.WAKE
//gomem:race silent
//gomem:outcome forbidden 0 : Wait returned without the data
//gomem:outcome required 1 : Signal brought the data
func SignalBringsData() {
	gatherings(1, func(t *gathering) { t.cond = sync.NewCond(&t.mu) },
		func(t *gathering) {
			t.a.word = 1
			t.mu.Lock()
			t.come = true
			t.mu.Unlock()
			t.cond.Signal()
		},
		func(t *gathering) {
			t.mu.Lock()
			for !t.come {
				t.cond.Wait()
			}
			t.mu.Unlock()
			t.r[0].word = t.a.word
		})
}

// A Broadcast, also one under the lock, wakes all who wait, and each sees what precedes it.
//
//gomem:case ORDER.COND.WAKE
//gomem:race silent
//gomem:outcome forbidden 0 0 : neither Wait brought the data
//gomem:outcome forbidden 0 1 : the first Wait did not bring the data
//gomem:outcome forbidden 1 0 : the second Wait did not bring the data
//gomem:outcome required 1 1 : both brought the data
func BroadcastBringsData() {
	wait := func(register int) func(t *gathering) {
		return func(t *gathering) {
			t.mu.Lock()
			for !t.come {
				t.cond.Wait()
			}
			t.mu.Unlock()
			t.r[register].word = t.a.word
		}
	}
	gatherings(2, func(t *gathering) { t.cond = sync.NewCond(&t.mu) },
		wait(0), wait(1),
		func(t *gathering) {
			t.a.word = 1
			t.mu.Lock()
			t.come = true
			t.cond.Broadcast()
			t.mu.Unlock()
		})
}

// Wait gives the lock up while it waits, and holds it when it returns: goroutines that wait and signal in turn exclude each other.
//
//gomem:case ORDER.COND.WAKE
//gomem:race silent
func CondPingPong() {
	var mu sync.Mutex
	cond := sync.NewCond(&mu)
	rounds := check.Scale(2000, 20000, 200000)
	turn, steps, wrong := 0, 0, 0
	done := make(chan bool)
	for player := 0; player < 2; player++ {
		go func(player int) {
			mu.Lock()
			for i := 0; i < rounds; i++ {
				for turn != player {
					cond.Wait()
				}
				wrong += bit(steps%2 != player)
				steps++
				turn = 1 - player
				cond.Signal()
			}
			mu.Unlock()
			done <- true
		}(player)
	}
	<-done
	<-done
	check.Equal("steps", steps, 2*rounds)
	check.Equal("steps out of turn", wrong, 0)
}

// Signal wakes the goroutine that has waited longest, one for each call.
//
//gomem:case ORDER.COND.FIFO
//gomem:needs procs
//gomem:race silent
func SignalWakesInOrder() {
	defer oneProcessor()()
	var mu sync.Mutex
	cond := sync.NewCond(&mu)
	var woken []int // guarded by mu
	for w := 0; w < waiters; w++ {
		w := w
		parks(func() {
			mu.Lock()
			cond.Wait()
			woken = append(woken, w)
			mu.Unlock()
		})
	}
	number := func() int {
		mu.Lock()
		defer mu.Unlock()
		return len(woken)
	}
	check.Equal("goroutines awake before the first Signal", number(), 0)
	for w := 0; w < waiters; w++ {
		cond.Signal()
		check.Until(func() bool { return number() > w })
		check.Yields(100)
		check.Equal("goroutines awake after so many Signals", number(), w+1)
	}
	mu.Lock()
	defer mu.Unlock()
	for w := range woken {
		check.Equal("goroutine that woke at this place in line", woken[w], w)
	}
}
