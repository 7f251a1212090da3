package sched

// Timers while goroutines wait for them: Stop, Reset and other cases of a select come in between. A runtime may keep only such timers in
// its heap. SCHED.TIMER.*, as in timer.go.

import (
	"time"

	"gomem/cases/check"
)

// awaitTick receives from t in a goroutine of its own, which waits by now, unless the machine is very busy.
func awaitTick(c <-chan time.Time) chan time.Time {
	got := make(chan time.Time, 1)
	go func() { got <- <-c }()
	time.Sleep(time.Millisecond)
	return got
}

// still checks that no tick has come, d from now.
func still(what string, got <-chan time.Time, d time.Duration) {
	time.Sleep(d)
	select {
	case <-got:
		check.Fail(what, ": a tick came")
	default:
	}
}

// A Reset moves a tick for which a goroutine waits already, to an earlier time and to a later one.
//
//gomem:case SCHED.TIMER.RESET
func ResetMovesAwaited() {
	for i := 0; i < 5; i++ {
		t := time.NewTimer(time.Hour)
		got := awaitTick(t.C)
		check.That("of an active timer", t.Reset(30*time.Minute))
		begin := time.Now()
		check.That("once more", t.Reset(3*time.Millisecond))
		<-got
		notEarly("the earlier time", begin, 3*time.Millisecond)

		check.That("of one whose tick was received", !t.Reset(2*time.Hour))
		got = awaitTick(t.C)
		if t.Reset(2*time.Millisecond) && t.Reset(time.Hour) { // else the machine was too busy
			still("after Reset to a later time", got, 3*time.Millisecond)
			check.That("it is active", t.Reset(0))
		}
		<-got
	}
}

// Stop leaves a goroutine waiting that waits for the tick; the next Reset lets it go on.
//
//gomem:case SCHED.TIMER.STOP
func StopWhileAwaited() {
	for i := 0; i < 5; i++ {
		t := time.NewTimer(time.Hour)
		got := awaitTick(t.C)
		check.That("Stop of an active timer", t.Stop())
		check.That("a second Stop", !t.Stop())
		still("after Stop", got, time.Millisecond)
		check.That("Reset of a stopped timer", !t.Reset(time.Millisecond))
		<-got
		check.That("Stop after the tick", !t.Stop())
	}
}

// A select that another case decides leaves the timers of its other cases active, and no tick is lost to it.
//
//gomem:case SCHED.TIMER.STOP
func SelectLeavesTimers() {
	timer, ticker := time.NewTimer(time.Hour), time.NewTicker(time.Hour)
	for i := 0; i < 20; i++ {
		other, done := make(chan int), make(chan bool)
		go func() {
			select {
			case <-timer.C:
				check.Fail("an hour has passed")
			case <-ticker.C:
				check.Fail("an hour has passed")
			case <-other:
			}
			done <- true
		}()
		check.Yields(10)
		other <- 1
		<-done
		check.That("the timer is active", timer.Stop())
		check.That("the timer is stopped", !timer.Reset(time.Hour))
	}
	begin := time.Now()
	ticker.Reset(time.Millisecond)
	check.That("the timer is active at the end", timer.Reset(2*time.Millisecond))
	<-timer.C
	notEarly("the timer", begin, 2*time.Millisecond)
	<-ticker.C
	ticker.Stop()
}

// Goroutines that wait for one Ticker get a tick each: none is given twice, and all go on in the end.
//
//gomem:case SCHED.TIMER.TICKER
//gomem:race silent
func TickerServesAll() {
	const receivers, each = 4, 5
	t := time.NewTicker(500 * time.Microsecond)
	got := make(chan time.Time)
	for i := 0; i < receivers; i++ {
		go func() {
			for n := 0; n < each; n++ {
				select {
				case tick := <-t.C:
					got <- tick
				case <-make(chan int):
				}
			}
		}()
	}
	seen := map[time.Time]bool{}
	for i := 0; i < receivers*each; i++ {
		tick := <-got
		check.That("a tick that nobody else got", !seen[tick])
		seen[tick] = true
	}
	t.Stop()
}
