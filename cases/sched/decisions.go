//go:build gomem

package sched

// What the scheduler decides, by the backend's own counters and on its clock, which a case can advance: SCHED.TIMER.ORDER,
// SCHED.PREEMPT, SCHED.STEAL.

import (
	"runtime"
	"sync/atomic"
	"time"

	"gomem/cases/check"
	"gomem/cases/probe"
)

// Forty timers are started in an order that is not that of their times, an hour apart; some are stopped, some put off. Whenever the
// clock advances by an hour, the one that is due fires and no other.
//
//gomem:case SCHED.TIMER.ORDER
//gomem:needs probe
func TimersInOrder() {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	const timers, hour = 40, int64(time.Hour)
	var fired []int
	started := make([]*time.Timer, timers)
	start := func(i, hours int) {
		started[i] = time.AfterFunc(time.Duration(hours)*time.Hour+time.Minute, func() { fired = append(fired, i) })
	}
	for i := 0; i < timers; i++ {
		start(i*7%timers, i*7%timers)
	}
	for i := 1; i < timers; i += 5 {
		check.That("stopped in time", started[i].Stop())
	}
	check.That("put off in time", started[3].Reset((timers+1)*time.Hour))
	want := []int{}
	for at := 0; at <= timers+1; at++ {
		probe.AdvanceClock(2 * int64(time.Minute))
		check.Yields(20)
		switch {
		case at == timers+1:
			want = append(want, 3)
		case at < timers && at%5 != 1 && at != 3:
			want = append(want, at)
		}
		check.Equal("timers that have fired", len(fired), len(want))
		probe.AdvanceClock(hour - 2*int64(time.Minute))
		check.Yields(20)
	}
	for i := range want {
		check.Equal("which one", fired[i], want[i])
	}
}

// Sleepers that fall due in one jump of the clock are made ready in the order of their times, and so run in it on one processor.
//
//gomem:case SCHED.TIMER.ORDER
//gomem:needs probe
func SleepersInOrder() {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	const sleepers = 30
	var woken []int
	var asleep int32
	for i := 0; i < sleepers; i++ {
		go func(n int) {
			atomic.AddInt32(&asleep, 1)
			time.Sleep(time.Duration(n+1) * time.Hour)
			woken = append(woken, n)
		}(i * 11 % sleepers)
	}
	check.Until(func() bool { return atomic.LoadInt32(&asleep) == sleepers })
	check.Yields(2)
	probe.AdvanceClock(int64(2 * sleepers * time.Hour))
	check.Until(func() bool { return len(woken) == sleepers })
	for i, n := range woken {
		check.Equal("whose sleep ended", n, i)
	}
}

// A goroutine that computes beside another one gives way, and not before 10 ms of the clock.
//
//gomem:case SCHED.PREEMPT
//gomem:needs probe preempt
func PreemptAfterItsSlice() {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	var stop int32
	go func() {
		for atomic.LoadInt32(&stop) == 0 {
			runtime.Gosched()
		}
	}()
	for i := 0; i < 5; i++ {
		begin := time.Now()
		runtime.Gosched()
		before := probe.Counter("preemptions")
		for probe.Counter("preemptions") == before {
		}
		notEarly("a time slice", begin, 10*time.Millisecond)
	}
	atomic.StoreInt32(&stop, 1)
}

// Of what one processor queues while it computes, another one takes half by stealing.
//
//gomem:case SCHED.STEAL
//gomem:needs probe
func StealIsCounted() {
	runtime.GOMAXPROCS(2)
	steals := probe.Counter("steals")
	var ran int32
	for i := 0; i < 200; i++ {
		go func() { atomic.AddInt32(&ran, 1) }()
	}
	for atomic.LoadInt32(&ran) < 150 { // without giving way: the other processor runs them
	}
	check.That("by stealing", probe.Counter("steals") > steals)
	check.Until(func() bool { return atomic.LoadInt32(&ran) == 200 })
}

// A goroutine in the global queue does not starve beside a local queue that never runs dry: every 61st time the processor looks
// there first.
//
//gomem:case SCHED.STEAL
//gomem:needs probe preempt
func GlobalQueueIsLookedAt() {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	var stop, local int32
	for i := 0; i < 3; i++ {
		go func() {
			for atomic.LoadInt32(&stop) == 0 {
				atomic.AddInt32(&local, 1)
				runtime.Gosched()
			}
		}()
	}
	check.Yields(3)
	looks, before := probe.Counter("global_looks"), probe.Counter("preemptions")
	for probe.Counter("preemptions") == before { // then it is in the global queue
	}
	check.That("it was taken from there", probe.Counter("global_looks") > looks)
	atomic.StoreInt32(&stop, 1)
}
