package time

import (
	"gomem/rt"
	"unsafe"
)

// Sleep pauses the goroutine for d at least.
func Sleep(d Duration) {
	if d > 0 {
		rt.Sleep(int64(d))
	}
}

// Timer is one event to come: C receives the time, or a function runs.
type Timer struct {
	C     <-chan Time
	timer rt.Timer
}

// when is the clock's reading in d from now, the last one when that overflows.
func when(d Duration) int64 {
	now := rt.Now()
	if d <= 0 {
		return now
	}
	if t := now + int64(d); t > 0 {
		return t
	}
	return 1<<63 - 1
}

// address is a channel as the contract takes it.
func address(c chan Time) unsafe.Pointer {
	return *(*unsafe.Pointer)(unsafe.Pointer(&c))
}

// NewTimer makes a timer that sends the time on its channel after d.
func NewTimer(d Duration) *Timer {
	c := make(chan Time, 1)
	t := &Timer{C: c}
	t.timer.C = address(c)
	t.timer.When = when(d)
	rt.StartTimer(&t.timer)
	return t
}

// AfterFunc makes a timer that runs f in a goroutine after d.
func AfterFunc(d Duration, f func()) *Timer {
	t := new(Timer)
	t.timer.Fn = f
	t.timer.When = when(d)
	rt.StartTimer(&t.timer)
	return t
}

func (t *Timer) started() bool {
	return t.timer.C != nil || t.timer.Fn != nil
}

// Stop prevents the event; false when it was too late or stopped already.
func (t *Timer) Stop() bool {
	if !t.started() {
		panic("time: Stop called on uninitialized Timer")
	}
	return rt.StopTimer(&t.timer)
}

// Reset lets the event come in d from now; false when the timer had expired or was stopped.
func (t *Timer) Reset(d Duration) bool {
	if !t.started() {
		panic("time: Reset called on uninitialized Timer")
	}
	return rt.ResetTimer(&t.timer, when(d), 0)
}

// After is NewTimer(d).C.
func After(d Duration) <-chan Time { return NewTimer(d).C }

// Ticker sends the time on C again and again.
type Ticker struct {
	C     <-chan Time
	timer rt.Timer
}

// NewTicker makes a ticker of period d.
func NewTicker(d Duration) *Ticker {
	if d <= 0 {
		panic("non-positive interval for NewTicker")
	}
	c := make(chan Time, 1)
	t := &Ticker{C: c}
	t.timer.C = address(c)
	t.timer.When, t.timer.Period = when(d), int64(d)
	rt.StartTimer(&t.timer)
	return t
}

// Stop ends it; C stays open.
func (t *Ticker) Stop() {
	if t.timer.C != nil {
		rt.StopTimer(&t.timer)
	}
}

// Reset gives it another period.
func (t *Ticker) Reset(d Duration) {
	if d <= 0 {
		panic("non-positive interval for Ticker.Reset")
	}
	if t.timer.C == nil {
		panic("time: Reset called on uninitialized Ticker")
	}
	rt.ResetTimer(&t.timer, when(d), int64(d))
}

// Tick is NewTicker(d).C, nil when d is not positive.
func Tick(d Duration) <-chan Time {
	if d <= 0 {
		return nil
	}
	return NewTicker(d).C
}
