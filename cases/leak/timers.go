package leak

// Tickers and timers that nobody refers to any more: LEAK.TICKER.*, LEAK.TIMER.*. What changed with the language version 1.23 has a
// case for each side. No case waits for an hour: a timer of an hour is one that has not fired.

import (
	"time"
	"unsafe"

	"gomem/cases/check"
)

func dropTicker(stop bool) *check.Watched {
	t := time.NewTicker(time.Hour)
	w := check.Watch(unsafe.Pointer(t))
	if stop {
		t.Stop()
	}
	return w
}

func dropTimer(d time.Duration) (<-chan time.Time, *check.Watched) {
	t := time.NewTimer(d)
	return t.C, check.Watch(unsafe.Pointer(t))
}

// A stopped Ticker that nothing refers to is collected.
//
//gomem:case LEAK.TICKER.STOPPED
//gomem:needs weak
func StoppedTickerIsFreed() { check.That("collected", dropTicker(true).Collected()) }

// A Ticker that was not stopped is collected when nothing refers to it.
//
//gomem:case LEAK.TICKER.COLLECTED
//gomem:needs weak
func TickerIsFreed() { check.That("collected", dropTicker(false).Collected()) }

// Thousands of them leave nothing behind.
//
//gomem:case LEAK.TICKER.COLLECTED
//gomem:needs collect counts
func TickersLeaveNothing() {
	const n = 5000
	before := check.LiveBlocks()
	for i := 0; i < n; i++ {
		check.Use(time.NewTicker(time.Hour))
	}
	check.Within("blocks left of 5000 tickers", check.LiveBlocks()-before, -100, 100)
}

// A Ticker that was not stopped is never collected.
//
//gomem:case LEAK.TICKER.KEPT
//gomem:needs weak
func TickerIsKept() { check.That("kept", dropTicker(false).Kept()) }

// Each of thousands keeps its block and its channel's.
//
//gomem:case LEAK.TICKER.KEPT
//gomem:needs collect counts
func TickersStay() {
	const n = 5000
	before := check.LiveBlocks()
	for i := 0; i < n; i++ {
		check.Use(time.NewTicker(time.Hour))
	}
	check.That("two blocks for each of 5000 tickers are left", check.LiveBlocks()-before >= 2*n)
}

// A Timer that has not fired is collected when nothing refers to it.
//
//gomem:case LEAK.TIMER.COLLECTED
//gomem:needs weak
func TimerIsFreed() {
	check.That("collected", dropTimerOnly().Collected())
}

func dropTimerOnly() *check.Watched {
	_, w := dropTimer(time.Hour)
	return w
}

// The channels of time.After go as well, long before they would fire.
//
//gomem:case LEAK.TIMER.COLLECTED
//gomem:needs collect counts
func AfterLeavesNothing() {
	const n = 5000
	before := check.LiveBlocks()
	for i := 0; i < n; i++ {
		check.Use(time.After(time.Hour))
	}
	check.Within("blocks left of 5000 calls", check.LiveBlocks()-before, -100, 100)
}

// A Timer that nothing refers to is kept while it has not fired.
//
//gomem:case LEAK.TIMER.FIRED
//gomem:needs weak
func TimerIsKeptUntilFired() {
	check.That("kept", dropTimerOnly().Kept())
}

// Once it has fired, a Timer that nothing refers to is collected.
//
//gomem:case LEAK.TIMER.FIRED
//gomem:needs weak
func FiredTimerIsFreed() {
	c, w := dropTimer(time.Millisecond)
	check.Until(func() bool { return len(c) == 1 })
	check.That("collected", w.Collected())
	check.Equal("values in its channel", len(c), 1)
}
