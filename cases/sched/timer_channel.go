package sched

// What the channel of a timer holds: SCHED.TIMER.STALE.*, SCHED.TIMER.CHAN.*. Modules of Go 1.23 and later have channels
// without a buffer, where Stop and Reset leave nothing behind; older ones have one place, where a tick lies until somebody
// takes it.

import (
	"time"

	"gomem/cases/check"
)

// empty checks that a receive from the timer's channel finds nothing.
func empty(what string, c <-chan time.Time) {
	select {
	case <-c:
		check.Fail(what + ": a stale value")
	default:
	}
}

// After Stop and after Reset of a timer whose time has come, its earlier value is never received.
//
//gomem:case SCHED.TIMER.STALE.NONE
//gomem:since lang1.23
func StaleNoneOfTimer() {
	for i := 0; i < 5; i++ {
		t := time.NewTimer(time.Millisecond)
		time.Sleep(2 * time.Millisecond)
		t.Stop()
		empty("after Stop", t.C)

		t = time.NewTimer(time.Millisecond)
		time.Sleep(2 * time.Millisecond)
		t.Reset(time.Hour)
		empty("after Reset", t.C)

		begin := time.Now()
		t.Reset(3 * time.Millisecond)
		tick := <-t.C
		check.That("the value is of the new setting", tick.Sub(begin) >= 3*time.Millisecond)
	}
}

// The same with a Ticker, and with a receiver that waits elsewhere meanwhile.
//
//gomem:case SCHED.TIMER.STALE.NONE
//gomem:since lang1.23
func StaleNoneOfTicker() {
	for i := 0; i < 5; i++ {
		t := time.NewTicker(time.Millisecond)
		select {
		case <-t.C:
		case <-make(chan int):
		}
		time.Sleep(3 * time.Millisecond)
		t.Stop()
		empty("after Stop", t.C)
		t.Reset(time.Millisecond)
		time.Sleep(2 * time.Millisecond)
		t.Reset(time.Hour)
		empty("after Reset", t.C)
		t.Stop()
	}
}

// Stop and Reset take back a value that is due and that nobody has received, and so report the timer as active.
//
//gomem:case SCHED.TIMER.STALE.STOP
//gomem:since lang1.23
func StaleTakenBack() {
	for _, d := range []time.Duration{0, time.Millisecond} {
		t := time.NewTimer(d)
		time.Sleep(2 * time.Millisecond)
		check.That("Stop of a due timer", t.Stop())
		empty("after Stop", t.C)
		check.That("a second Stop", !t.Stop())

		t = time.NewTimer(d)
		time.Sleep(2 * time.Millisecond)
		check.That("Reset of a due timer", t.Reset(time.Hour))
		empty("after Reset", t.C)
		check.That("the timer runs again", t.Stop())
	}
}

// A timer that fired keeps its value through Stop and Reset, which report it as not active.
//
//gomem:case SCHED.TIMER.STALE.KEPT
//gomem:until lang1.22
func StaleKeptOfTimer() {
	t := time.NewTimer(time.Millisecond)
	check.Until(func() bool { return len(t.C) == 1 })
	check.That("Stop of the fired timer", !t.Stop())
	check.Equal("values after Stop", len(t.C), 1)
	begin := time.Now()
	check.That("Reset of the fired timer", !t.Reset(time.Hour))
	tick := <-t.C
	check.That("the value is of the first setting", tick.Before(begin))
	check.Equal("values left", len(t.C), 0)
	check.That("the second setting is active", t.Stop())
}

// The channel of a Timer or Ticker has length and capacity zero, before and after its time has come.
//
//gomem:case SCHED.TIMER.CHAN.SYNC
//gomem:since lang1.23
func TimerChannelIsSynchronous() {
	timer, ticker := time.NewTimer(time.Millisecond), time.NewTicker(time.Millisecond)
	for i := 0; i < 3; i++ {
		for _, c := range []<-chan time.Time{timer.C, ticker.C, time.After(0)} {
			check.Equal("cap", cap(c), 0)
			check.Equal("len", len(c), 0)
		}
		time.Sleep(2 * time.Millisecond)
	}
	<-timer.C
	<-ticker.C
	ticker.Stop()
}

// The channel of a Timer or Ticker has room for one tick, which len shows until it is received.
//
//gomem:case SCHED.TIMER.CHAN.BUFFERED
//gomem:until lang1.22
func TimerChannelIsBuffered() {
	timer, ticker := time.NewTimer(time.Millisecond), time.NewTicker(time.Hour)
	check.Equal("len before its time", len(ticker.C), 0)
	ticker.Reset(time.Millisecond)
	for _, c := range []<-chan time.Time{timer.C, ticker.C} {
		check.Equal("cap", cap(c), 1)
		check.Until(func() bool { return len(c) == 1 })
		<-c
	}
	ticker.Stop()
}
