package lock

// Cond: SYNC.COND.*.

import (
	"sync"
	"sync/atomic"

	"gomem/cases/check"
)

// Wait gives up the lock while it is suspended, and has it back when it returns.
//
//gomem:case SYNC.COND.WAIT
//gomem:race silent
func CondWaitReleasesLock() {
	var mu sync.Mutex
	cond := sync.NewCond(&mu)
	value, seen := 0, 0
	proceed := make(chan bool)
	var locked, inside int32
	waiter := check.Start(func() {
		mu.Lock()
		atomic.StoreInt32(&locked, 1)
		cond.Wait()
		seen = value
		atomic.StoreInt32(&inside, 1)
		<-proceed
		mu.Unlock()
	})
	check.Until(func() bool { return atomic.LoadInt32(&locked) != 0 })
	mu.Lock() // possible only as Wait has released it
	value = 1
	cond.Signal()
	check.That("the waiter waits for the lock", waiter.Waits())
	check.Equal("waiters inside", atomic.LoadInt32(&inside), 0)
	value = 2
	mu.Unlock()
	check.Until(func() bool { return atomic.LoadInt32(&inside) != 0 })
	locker := check.Start(func() { mu.Lock() })
	check.That("it holds the lock", locker.Waits())
	proceed <- true
	waiter.Join()
	locker.Join()
	check.Equal("what it saw under the lock", seen, 2)
}

// Wait works with any Locker, such as the reading side of an RWMutex.
//
//gomem:case SYNC.COND.WAIT
func CondWaitReleasesReadLock() {
	var mu sync.RWMutex
	cond := sync.NewCond(mu.RLocker())
	var locked int32
	waiter := check.Start(func() {
		cond.L.Lock()
		atomic.StoreInt32(&locked, 1)
		cond.Wait()
	})
	check.Until(func() bool { return atomic.LoadInt32(&locked) != 0 })
	mu.Lock()
	cond.Broadcast()
	check.That("the waiter waits for the lock", waiter.Waits())
	mu.Unlock()
	waiter.Join()
	writer := check.Start(mu.Lock)
	check.That("the waiter holds a read lock", writer.Waits())
	mu.RUnlock()
	writer.Join()
}

// woken starts n goroutines that wait on cond and returns a count of those that Wait has returned to.
func woken(cond *sync.Cond, n int) (count *int32, tasks []*check.Task) {
	count = new(int32)
	var locked int32
	for i := 0; i < n; i++ {
		t := check.Start(func() {
			cond.L.Lock()
			atomic.AddInt32(&locked, 1)
			cond.Wait()
			atomic.AddInt32(count, 1)
			cond.L.Unlock()
		})
		check.Until(func() bool { return int(atomic.LoadInt32(&locked)) > i })
		cond.L.Lock() // possible only as Wait has released it
		cond.L.Unlock()
		check.That("the goroutine waits", t.Waits())
		tasks = append(tasks, t)
	}
	return count, tasks
}

// settle gives every task the chance to go on.
func settle(tasks []*check.Task) {
	for _, t := range tasks {
		t.Waits()
	}
}

// Each Signal wakes one waiter, with or without the lock held, and none wakes without one.
//
//gomem:case SYNC.COND.SIGNAL
func CondSignalWakesOne() {
	cond := sync.NewCond(new(sync.Mutex))
	count, tasks := woken(cond, 5)
	for n := int32(1); n <= 5; n++ {
		settle(tasks)
		check.Equal("woken before the signal", atomic.LoadInt32(count), n-1)
		if n%2 == 0 {
			cond.L.Lock()
		}
		cond.Signal()
		if n%2 == 0 {
			cond.L.Unlock()
		}
		check.Until(func() bool { return atomic.LoadInt32(count) >= n })
	}
	settle(tasks)
	check.Equal("woken in the end", atomic.LoadInt32(count), 5)
}

// Consumers that wait for items through Signal take each item once, and none is left asleep.
//
//gomem:case SYNC.COND.SIGNAL
//gomem:race silent
func CondSignalFeedsConsumers() {
	const consumers = 4
	items := check.Scale(2000, 20000, 200000)
	cond := sync.NewCond(new(sync.Mutex))
	queue, taken := 0, make([]int, consumers)
	feeder := check.Start(func() {
		for i := 0; i < items; i++ {
			cond.L.Lock()
			queue++
			cond.L.Unlock()
			cond.Signal()
		}
	})
	group(consumers, func(i int) {
		for taken[i] < items/consumers {
			cond.L.Lock()
			for queue == 0 {
				cond.Wait()
			}
			queue--
			cond.L.Unlock()
			taken[i]++
		}
	})
	feeder.Join()
	check.Equal("items left", queue, 0)
}

// Broadcast wakes every waiter.
//
//gomem:case SYNC.COND.BROADCAST
//gomem:race silent
func CondBroadcastWakesAll() {
	cond := sync.NewCond(new(sync.Mutex))
	for round := 0; round < 3; round++ {
		count, tasks := woken(cond, 10)
		check.Equal("woken before the broadcast", atomic.LoadInt32(count), 0)
		cond.Broadcast()
		for _, t := range tasks {
			t.Join()
		}
		check.Equal("woken", atomic.LoadInt32(count), 10)
	}
}

// A Signal or Broadcast without a waiter is not remembered.
//
//gomem:case SYNC.COND.NOWAITER
func CondSignalIsNotRemembered() {
	cond := sync.NewCond(new(sync.Mutex))
	for i := 0; i < 3; i++ {
		cond.Signal()
		cond.Broadcast()
	}
	count, tasks := woken(cond, 2)
	settle(tasks)
	check.Equal("woken by signals from before", atomic.LoadInt32(count), 0)
	cond.Signal()
	cond.Signal()
	for _, t := range tasks {
		t.Join()
	}
	cond.Signal()
	count, tasks = woken(cond, 1)
	settle(tasks)
	check.Equal("woken by the signal between", atomic.LoadInt32(count), 0)
}

// Using a Cond that was copied after its first use panics with "sync.Cond is copied", whichever method is called.
//
//gomem:case SYNC.COND.COPIED
func CondCopiedPanics() {
	mu := new(sync.Mutex)
	used := sync.Cond{L: mu}
	used.Signal()
	type holder struct{ cond sync.Cond }
	methods := []func(c *sync.Cond){(*sync.Cond).Signal, (*sync.Cond).Broadcast, (*sync.Cond).Wait}
	for _, method := range methods {
		copied := holder{used}
		mu.Lock()
		v := check.Panics(func() { method(&copied.cond) })
		mu.Unlock()
		check.Equal("the panic", v, "sync.Cond is copied")
	}
	used.Signal()
}

// A Cond may be copied before its first use.
//
//gomem:case SYNC.COND.COPIED
func CondCopiedUnused() {
	fresh := sync.Cond{L: new(sync.Mutex)}
	copied := fresh
	check.Equal("the copy", check.Panics(copied.Broadcast), nil)
	check.Equal("the original", check.Panics(fresh.Broadcast), nil)
}
