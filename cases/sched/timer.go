package sched

// Sleeping, timers and tickers: SCHED.TIMER.*. What a timer's channel holds is in timer_channel.go. A clock that real time
// drives bounds from below only.

import (
	"math"
	"runtime"
	"sync/atomic"
	"time"

	"gomem/cases/check"
)

var durations = []time.Duration{
	1, time.Microsecond, 100 * time.Microsecond, time.Millisecond, 1500 * time.Microsecond, 5 * time.Millisecond, 20 * time.Millisecond,
}

// notEarly checks that d has passed since begin.
func notEarly(what string, begin time.Time, d time.Duration) {
	if passed := time.Since(begin); passed < d {
		check.Fail(what, "of", int64(d), "ns ended after", int64(passed))
	}
}

// Sleep, Timer, After and AfterFunc take at least as long as they are told.
//
//gomem:case SCHED.TIMER.EARLY
func TimersAreNotEarly() {
	for _, d := range durations {
		begin := time.Now()
		time.Sleep(d)
		notEarly("Sleep", begin, d)

		begin = time.Now()
		<-time.NewTimer(d).C
		notEarly("Timer", begin, d)

		begin = time.Now()
		<-time.After(d)
		notEarly("After", begin, d)

		fired := make(chan bool)
		begin = time.Now()
		time.AfterFunc(d, func() { notEarly("AfterFunc", begin, d); fired <- true })
		<-fired
	}
}

// Many sleepers at one time each sleep their own while.
//
//gomem:case SCHED.TIMER.EARLY
func SleepersAreNotEarly() {
	const sleepers = 200
	done := make(chan bool, sleepers)
	for i := 0; i < sleepers; i++ {
		go func(d time.Duration) {
			begin := time.Now()
			time.Sleep(d)
			notEarly("Sleep", begin, d)
			done <- true
		}(time.Duration(i*7919%sleepers) * 100 * time.Microsecond)
	}
	for i := 0; i < sleepers; i++ {
		<-done
	}
}

// The n-th tick of a Ticker does not come before n periods, and neither does a tick after Reset.
//
//gomem:case SCHED.TIMER.EARLY
func TickerIsNotEarly() {
	const d = 2 * time.Millisecond
	begin := time.Now()
	t := time.NewTicker(d)
	for n := time.Duration(1); n <= 5; n++ {
		<-t.C
		notEarly("Ticker", begin, n*d)
	}
	t.Stop()
	begin = time.Now()
	t.Reset(3 * d)
	if tick := <-t.C; tick.Sub(begin) >= 0 { // not one from before the Stop
		notEarly("Ticker after Reset", begin, 3*d)
	}
	t.Stop()
}

// A Sleep of zero or less returns, a Timer of zero or less fires, and the least duration of all is less.
//
//gomem:case SCHED.TIMER.PAST
func TimersInThePast() {
	for _, d := range []time.Duration{0, -1, -time.Hour, math.MinInt64} {
		time.Sleep(d)
		<-time.NewTimer(d).C
		<-time.After(d)
		ran := make(chan bool)
		time.AfterFunc(d, func() { ran <- true })
		<-ran
		t := time.NewTimer(time.Hour)
		check.That("Reset of an active timer", t.Reset(d))
		<-t.C
	}
}

// A timer of zero fires while longer ones, up to the longest duration there is, do not.
//
//gomem:case SCHED.TIMER.PAST
func TimersFarAhead() {
	hour, forever, now := time.NewTimer(time.Hour), time.NewTimer(math.MaxInt64), time.NewTimer(0)
	select {
	case <-hour.C:
		check.Fail("an hour has passed")
	case <-forever.C:
		check.Fail("the longest duration has passed")
	case <-now.C:
	}
	select {
	case <-hour.C:
		check.Fail("an hour has passed since")
	case <-forever.C:
		check.Fail("the longest duration has passed since")
	default:
	}
	check.That("both are still active", hour.Stop() && forever.Stop())
}

// Stop is true when it prevents the firing, and false after that and after the firing.
//
//gomem:case SCHED.TIMER.STOP
func StopTellsWhetherActive() {
	t := time.NewTimer(time.Hour)
	check.That("an active timer", t.Stop())
	check.That("a stopped timer", !t.Stop())
	fired := time.NewTimer(time.Millisecond)
	<-fired.C
	check.That("a fired timer", !fired.Stop())
	ran := make(chan bool)
	f := time.AfterFunc(time.Millisecond, func() { ran <- true })
	<-ran
	check.That("an AfterFunc that has run", !f.Stop())
}

// A timer that was stopped before it fired does not fire, while those around it do.
//
//gomem:case SCHED.TIMER.STOP
func StoppedDoesNotFire() {
	const d = 2 * time.Millisecond
	var stopped []*time.Timer
	var ran int32
	for i := 0; i < 50; i++ {
		t, f := time.NewTimer(time.Hour), time.AfterFunc(time.Hour, func() { atomic.AddInt32(&ran, 1) })
		t.Reset(d + time.Hour)
		check.That("both are active", t.Stop() && f.Stop())
		stopped = append(stopped, t)
		early := time.AfterFunc(d, func() { atomic.AddInt32(&ran, 1000) })
		if early.Stop() {
			continue
		}
		atomic.AddInt32(&ran, -1000) // this one was late enough to fire
	}
	time.Sleep(2 * d)
	<-time.After(2 * d)
	check.Until(func() bool { return atomic.LoadInt32(&ran) >= 0 })
	check.Equal("functions of stopped timers that ran", atomic.LoadInt32(&ran), 0)
	for _, t := range stopped {
		select {
		case <-t.C:
			check.Fail("a stopped timer fired")
		default:
		}
	}
}

// Reset starts the timer with the new duration and tells whether it was active.
//
//gomem:case SCHED.TIMER.RESET
func ResetRestarts() {
	t := time.NewTimer(time.Hour)
	for i := 0; i < 3; i++ {
		begin := time.Now()
		check.Equal("it was active", t.Reset(3*time.Millisecond), i == 0)
		<-t.C
		notEarly("the new duration", begin, 3*time.Millisecond)
	}
	check.That("of a fired timer", !t.Reset(time.Hour))
	check.That("of an active timer", t.Reset(2*time.Hour))
	check.That("the timer is active", t.Stop())
	check.That("of a stopped timer", !t.Reset(time.Millisecond))
	<-t.C
}

// A Reset to a later time puts the firing off: the earlier one does not come.
//
//gomem:case SCHED.TIMER.RESET
func ResetPutsOff() {
	var ran int32
	f := time.AfterFunc(time.Hour, func() { atomic.AddInt32(&ran, 1) })
	begin := time.Now()
	check.That("it was active", f.Reset(20*time.Millisecond))
	check.Until(func() bool { return atomic.LoadInt32(&ran) == 1 })
	notEarly("AfterFunc", begin, 20*time.Millisecond)
	check.That("it has run", !f.Reset(time.Millisecond))
	check.Until(func() bool { return atomic.LoadInt32(&ran) == 2 })
	check.That("it has run again", !f.Stop())
}

// AfterFunc runs its function once and in a goroutine of its own: one that blocks holds up no other.
//
//gomem:case SCHED.TIMER.AFTERFUNC
func AfterFuncRunsOnce() {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	before := runtime.NumGoroutine()
	var ran int32
	release := make(chan bool)
	for i := 0; i < 5; i++ {
		t := time.AfterFunc(time.Millisecond, func() { atomic.AddInt32(&ran, 1); <-release })
		check.That("it has no channel", t.C == nil)
	}
	check.Until(func() bool { return atomic.LoadInt32(&ran) == 5 })
	time.Sleep(3 * time.Millisecond)
	check.Equal("functions that ran", atomic.LoadInt32(&ran), 5)
	check.Equal("goroutines of their own", runtime.NumGoroutine()-before, 5)
	close(release)
	check.Until(func() bool { return runtime.NumGoroutine() == before })
}

// What precedes AfterFunc is visible to its function, and a Stop in time prevents it for good.
//
//gomem:case SCHED.TIMER.AFTERFUNC
//gomem:race silent
func AfterFuncSeesAndStops() {
	value, seen := 7, make(chan int)
	time.AfterFunc(time.Millisecond, func() { seen <- value })
	check.Equal("the value from before", <-seen, 7)
	stopped := time.AfterFunc(time.Hour, func() { check.Fail("a stopped function ran") })
	check.That("stopped", stopped.Stop())
	time.AfterFunc(2*time.Millisecond, func() { seen <- 1 })
	<-seen
}

// A Ticker goes on sending at its period, and Reset changes the period.
//
//gomem:case SCHED.TIMER.TICKER
func TickerSendsOn() {
	t := time.NewTicker(time.Hour)
	last := time.Now()
	t.Reset(time.Millisecond)
	for i := 0; i < 5; i++ {
		tick := <-t.C
		check.That("ticks go forward", !tick.Before(last))
		last = tick
	}
	t.Stop()
}

// For a slow receiver ticks are dropped: after ten periods without a receive there is one tick, not ten.
//
//gomem:case SCHED.TIMER.TICKER
func TickerDropsTicks() {
	const d = 20 * time.Millisecond
	t := time.NewTicker(d)
	time.Sleep(10 * d)
	t.Stop()
	waiting := 0
	for more := true; more; {
		select {
		case <-t.C:
			waiting++
		default:
			more = false
		}
	}
	check.Within("ticks that had piled up", waiting, 0, 1)
}

// After Stop no more ticks come, and the channel stays open.
//
//gomem:case SCHED.TIMER.TICKER
func TickerStops() {
	t := time.NewTicker(time.Millisecond)
	<-t.C
	t.Stop()
	select {
	case <-t.C: // one that was sent before the Stop, where channels of timers have a buffer
	default:
	}
	time.Sleep(5 * time.Millisecond)
	select {
	case _, ok := <-t.C:
		check.Fail("after Stop the channel gave a value, open:", ok)
	default:
	}
	t.Reset(time.Millisecond)
	_, ok := <-t.C
	check.That("it ticks again after Reset", ok)
	t.Stop()
}

// A period that is not positive panics, for NewTicker and for Reset; Tick gives nil.
//
//gomem:case SCHED.TIMER.TICKER.PERIOD
func TickerPeriodIsPositive() {
	t := time.NewTicker(time.Hour)
	for _, d := range []time.Duration{0, -1, math.MinInt64} {
		check.That("NewTicker", check.Panics(func() { time.NewTicker(d) }) != nil)
		check.That("Reset", check.Panics(func() { t.Reset(d) }) != nil)
		check.That("Tick", time.Tick(d) == nil)
	}
	check.Equal("the least positive period", check.Panics(func() { time.NewTicker(1).Stop() }), nil)
	t.Stop()
}
