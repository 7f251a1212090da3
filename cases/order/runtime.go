package order

// What the runtime's own goroutines see, and chains of all kinds of synchronisers: ORDER.FINALIZER, ORDER.TIMER, ORDER.CAUSAL.

import (
	"runtime"
	"sync"
	"sync/atomic"
	"time"
	"unsafe"

	"gomem/cases/check"
)

// A finalizer sees what precedes the SetFinalizer call that set it: in the object, and elsewhere.
//
//gomem:case ORDER.FINALIZER
//gomem:needs finalizers
//gomem:race silent
func FinalizerSeesEarlierWrites() {
	const objects = 200
	var elsewhere [objects]int
	var ran, stale int32
	for i := 0; i < objects; i++ {
		finalized(i, &elsewhere[i], &ran, &stale)
	}
	check.Until(func() bool {
		runtime.GC()
		return atomic.LoadInt32(&ran) >= objects-1
	})
	check.Equal("finalizers that missed an earlier write", atomic.LoadInt32(&stale), 0)
}

// finalized makes the object of number i, whose finalizer checks it. The last object may live on in a register or slot.
func finalized(i int, elsewhere *int, ran, stale *int32) {
	type object struct {
		self   *int
		number int
	}
	o := &object{self: elsewhere}
	o.number = i + 1
	*elsewhere = i + 2
	runtime.SetFinalizer(o, func(o *object) {
		if o.number != i+1 || *o.self != i+2 {
			atomic.AddInt32(stale, 1)
		}
		atomic.AddInt32(ran, 1)
	})
}

// The function of AfterFunc sees what precedes the call.
//
//gomem:case ORDER.TIMER
//gomem:race silent
func AfterFuncSeesEarlierWrites() {
	const timers = 500
	var data [timers]int
	var stale int32
	var wg sync.WaitGroup
	wg.Add(timers)
	for i := 0; i < timers; i++ {
		i := i
		data[i] = i + 1
		time.AfterFunc(time.Duration(i%40)*10*time.Microsecond, func() {
			if data[i] != i+1 {
				atomic.AddInt32(&stale, 1)
			}
			wg.Done()
		})
	}
	wg.Wait()
	check.Equal("timer functions that missed an earlier write", stale, 0)
}

// Reset starts a timer too: what precedes it is visible to the function, each time anew.
//
//gomem:case ORDER.TIMER
//gomem:race silent
func ResetSeesEarlierWrites() {
	data, fired := 0, make(chan int)
	timer := time.AfterFunc(time.Hour, func() { fired <- data })
	timer.Stop()
	for round := 1; round <= 100; round++ {
		data = round
		timer.Reset(time.Microsecond)
		check.Equal("what the function saw", <-fired, round)
	}
}

// Who receives a tick sees what precedes the start of the timer, although nothing else orders the two goroutines.
//
//gomem:case ORDER.TIMER
//gomem:race silent
func TickBringsEarlierWrites() {
	const timers = 200
	started := make([]*time.Timer, timers)
	data := make([]int, timers)
	for i := range started {
		started[i] = time.NewTimer(time.Hour)
		started[i].Stop()
	}
	missing := make(chan int)
	go func() {
		n := 0
		for i, timer := range started {
			<-timer.C
			n += bit(data[i] != i+1)
		}
		missing <- n
	}()
	for i, timer := range started {
		data[i] = i + 1
		timer.Reset(time.Duration(i%10) * 10 * time.Microsecond)
	}
	check.Equal("ticks that came without the data", <-missing, 0)
}

// A chain of a go statement, a channel, a Mutex, an atomic and a WaitGroup brings the writes of every goroutine on the way to the
// last one. The outcome is how many links arrived.
//
//gomem:case ORDER.CAUSAL
//gomem:race silent
//gomem:outcome required 5 : all links arrived
func ChainOfGoChannelMutexAtomicGroup() {
	for round := 0; round < blocking()/4; round++ {
		var links [5]int
		var mu sync.Mutex
		var wg sync.WaitGroup
		var flag int32
		c, arrived := make(chan int), make(chan int)
		mu.Lock()
		wg.Add(1)
		go func() {
			<-c
			links[2] = 1
			mu.Unlock()
		}()
		go func() {
			mu.Lock()
			links[3] = 1
			atomic.StoreInt32(&flag, 1)
		}()
		go func() {
			check.Until(func() bool { return atomic.LoadInt32(&flag) == 1 })
			links[4] = 1
			wg.Done()
		}()
		go func() {
			wg.Wait()
			arrived <- links[0] + links[1] + links[2] + links[3] + links[4]
		}()
		links[0] = 1
		go func() {
			links[1] = 1
			c <- 0
		}()
		check.Outcome(check.Ints(<-arrived).String())
	}
}

// A chain of a Once, a close, an RWMutex, a Cond, a sync.Map and a timer composes as well.
//
//gomem:case ORDER.CAUSAL
//gomem:race silent
//gomem:outcome required 6 : all links arrived
func ChainOfOnceCloseRWMutexCondMapTimer() {
	for round := 0; round < check.Scale(200, 2000, 20000); round++ {
		var links [6]int
		var once sync.Once
		var rw sync.RWMutex
		var mu sync.Mutex
		var m sync.Map
		cond, woken := sync.NewCond(&mu), false
		c, arrived := make(chan int), make(chan int)
		rw.RLock()
		go func() {
			<-c
			links[2] = 1
			rw.RUnlock()
		}()
		go func() {
			rw.Lock()
			links[3] = 1
			mu.Lock()
			woken = true
			mu.Unlock()
			cond.Signal()
		}()
		go func() {
			mu.Lock()
			for !woken {
				cond.Wait()
			}
			mu.Unlock()
			links[4] = 1
			m.Store("link", 4)
		}()
		go func() {
			check.Until(func() bool { _, ok := m.Load("link"); return ok })
			links[5] = 1
			time.AfterFunc(0, func() {
				arrived <- links[0] + links[1] + links[2] + links[3] + links[4] + links[5]
			})
		}()
		go once.Do(func() { links[0] = 1 })
		go func() {
			once.Do(func() { links[0] = 1 })
			links[1] = 1
			close(c)
		}()
		check.Outcome(check.Ints(<-arrived).String())
	}
}

// An atomic pointer stored by one goroutine and passed on by two others, through a channel and a lock, still brings what its first writer
// wrote: whoever is last needs no operation in common with the first.
//
//gomem:case ORDER.CAUSAL
//gomem:race silent
//gomem:outcome forbidden 1 0 : the pointer came down the chain without what was written behind it
//gomem:outcome allowed 0 0 : the pointer had not been stored yet
//gomem:outcome required 1 1 : the data came with the pointer
func ChainThroughIntermediaries() {
	trials := new([check.Batch]struct {
		pointer unsafe.Pointer
		c       chan *place
		mu      sync.Mutex
		passed  *place // guarded by mu
		data    place
		r       [2]place
	})
	check.StressN(blocking(),
		func(i int) {
			t := &trials[i]
			t.pointer, t.passed, t.data, t.r = nil, nil, place{}, [2]place{}
			t.c = make(chan *place, 1)
			t.mu.Lock()
		},
		func(i int) check.Key { return check.Ints(int(trials[i].r[0].word), int(trials[i].r[1].word)) },
		func(i int) {
			trials[i].data.word = 1
			atomic.StorePointer(&trials[i].pointer, unsafe.Pointer(&trials[i].data))
		},
		func(i int) { trials[i].c <- (*place)(atomic.LoadPointer(&trials[i].pointer)) },
		func(i int) {
			trials[i].passed = <-trials[i].c
			trials[i].mu.Unlock()
		},
		func(i int) {
			t := &trials[i]
			t.mu.Lock()
			if p := t.passed; p != nil {
				t.r[0].word, t.r[1].word = 1, p.word
			}
			t.mu.Unlock()
		})
}
