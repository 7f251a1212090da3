package bench

// Timers and sleep.

import (
	"testing"
	"time"
)

// One op starts a timer of an hour that has a channel, and stops it.
func BenchmarkTimerCreateStop(b *testing.B) {
	for i := 0; i < b.N; i++ {
		time.NewTimer(time.Hour).Stop()
	}
}

// The same of a timer that has a function.
func BenchmarkTimerFuncCreateStop(b *testing.B) {
	f := func() { panic("an hour has passed") }
	for i := 0; i < b.N; i++ {
		time.AfterFunc(time.Hour, f).Stop()
	}
}

// One op is 250 sleeps of a millisecond; overshoot is by how much a sleep is longer.
//
//bench:ops 1
func BenchmarkSleep1ms(b *testing.B) {
	over := new(latencies)
	for i := 0; i < 250*b.N; i++ {
		begin := clock()
		time.Sleep(time.Millisecond)
		over.add(clock() - begin - uint64(time.Millisecond))
	}
	b.ReportMetric(over.percentile(0.5)/1e3, "overshoot_p50_us")
	b.ReportMetric(over.percentile(0.99)/1e3, "overshoot_p99_us")
	b.ReportMetric(over.longestNs()/1e3, "overshoot_max_us")
}
