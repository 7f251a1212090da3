// Package testing is what benchmarks need of Go's: B, and PB for those that run on all processors. There are no tests: gomem's
// are its cases. How a benchmark is run, and how often, is decided outside the program (serve.go).
package testing

import (
	"runtime"
	"strconv"
	"sync"

	"gomem/rt"
)

// B is a run of a benchmark: N times what it measures, on a clock that it can stop.
type B struct {
	N int

	name        string
	running     bool // the clock
	began       int64
	spent       int64 // nanoseconds while the clock ran before
	mallocs     count
	bytes       count
	loops       int
	parallelism int // goroutines per processor
	pace        float64
	perOp       int64 // SetBytes
	metrics     []metric
	mu          sync.Mutex
	failed      bool
	skipped     bool
	log         string
	cleanups    []func()
	server      *server
}

// count is of the allocator: what it read when the clock was started, and how much came together while the clock ran.
type count struct{ began, total uint64 }

func (c *count) stop(now uint64) { c.total += now - c.began }

type metric struct {
	unit  string
	value float64
}

// InternalBenchmark is a benchmark by its name.
type InternalBenchmark struct {
	Name string
	F    func(b *B)
}

var stats rt.MemStats

// StartTimer has the clock run, and allocations count.
func (b *B) StartTimer() {
	if b.running {
		return
	}
	rt.ReadStats(&stats)
	b.mallocs.began, b.bytes.began = stats.Mallocs, stats.TotalAlloc
	b.running = true
	b.began = rt.Now()
}

// StopTimer has the clock stand still.
func (b *B) StopTimer() {
	if !b.running {
		return
	}
	b.spent += rt.Now() - b.began
	b.running = false
	rt.ReadStats(&stats)
	b.mallocs.stop(stats.Mallocs)
	b.bytes.stop(stats.TotalAlloc)
}

// ResetTimer forgets what was counted; it neither starts nor stops the clock.
func (b *B) ResetTimer() {
	if b.running {
		rt.ReadStats(&stats)
		b.mallocs.began, b.bytes.began = stats.Mallocs, stats.TotalAlloc
		b.began = rt.Now()
	}
	b.spent, b.mallocs.total, b.bytes.total = 0, 0, 0
	b.metrics = b.metrics[:0]
}

// spentNow is the time on the clock.
func (b *B) spentNow() int64 {
	if b.running {
		return b.spent + rt.Now() - b.began
	}
	return b.spent
}

// ReportMetric adds a number of the benchmark's own to the result; unit is one without spaces. That of ns/op takes the clock's place.
func (b *B) ReportMetric(n float64, unit string) {
	for i := range b.metrics {
		if b.metrics[i].unit == unit {
			b.metrics[i].value = n
			return
		}
	}
	b.metrics = append(b.metrics, metric{unit, n})
}

// ReportAllocs changes nothing: allocations are always reported.
func (b *B) ReportAllocs() {}

// SetBytes says how many bytes an op works on, and adds MB/s to the result.
func (b *B) SetBytes(n int64) { b.perOp = n }

// Loop is true N times, with the clock at nought the first time and stopped the last.
func (b *B) Loop() bool {
	if b.loops == 0 {
		b.ResetTimer()
	}
	if b.loops < b.N {
		b.loops++
		return true
	}
	b.StopTimer()
	return false
}

// Name is the benchmark's, with those of the benchmarks round it in front.
func (b *B) Name() string { return "Benchmark" + b.name }

// Helper changes nothing: messages name no lines.
func (b *B) Helper() {}

// Cleanup has f called when the run is over, the last one first.
func (b *B) Cleanup(f func()) { b.cleanups = append(b.cleanups, f) }

// say keeps the text of a message.
func (b *B) say(args []any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, a := range args {
		if b.log != "" {
			b.log += " "
		}
		b.log += text(a)
	}
}

// text is what messages show of a value.
func text(v any) string {
	switch x := v.(type) {
	case string:
		return x
	case error:
		return x.Error()
	case int:
		return strconv.Itoa(x)
	}
	return rt.Unpack(v).Type.Name
}

// Log keeps a message for the case that the run fails.
func (b *B) Log(args ...any) { b.say(args) }

// Fail and Error mark the run as failed, FailNow and Fatal end it too.
func (b *B) Fail() { b.failed = true }
func (b *B) FailNow() {
	b.failed = true
	runtime.Goexit()
}
func (b *B) Error(args ...any) {
	b.say(args)
	b.Fail()
}
func (b *B) Fatal(args ...any) {
	b.say(args)
	b.FailNow()
}

// SkipNow and Skip end the run without a result.
func (b *B) SkipNow() {
	b.skipped = true
	runtime.Goexit()
}
func (b *B) Skip(args ...any) {
	b.say(args)
	b.SkipNow()
}

func (b *B) Failed() bool  { return b.failed }
func (b *B) Skipped() bool { return b.skipped }

// run calls f once, with N as it is, on a goroutine of its own, so that it can be left from anywhere. Garbage of what ran before is
// collected first.
func (b *B) run(f func(b *B)) {
	runtime.GC()
	ended := make(chan bool)
	go func() {
		defer func() { ended <- true }()
		defer b.finish()
		b.ResetTimer()
		b.StartTimer()
		f(b)
	}()
	<-ended
}

func (b *B) finish() {
	b.StopTimer()
	for n := len(b.cleanups); n > 0; n = len(b.cleanups) {
		f := b.cleanups[n-1]
		b.cleanups = b.cleanups[:n-1]
		f()
	}
}

// AllocsPerRun is how many allocations f makes, on average over a number of runs, rounded down.
func AllocsPerRun(runs int, f func()) float64 {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	f()
	rt.ReadStats(&stats)
	before := stats.Mallocs
	for i := 0; i < runs; i++ {
		f()
	}
	rt.ReadStats(&stats)
	return float64((stats.Mallocs - before) / uint64(runs))
}

// Short, Verbose and Testing are what they are when nobody asks for anything.
func Short() bool   { return false }
func Verbose() bool { return false }
func Testing() bool { return true }
