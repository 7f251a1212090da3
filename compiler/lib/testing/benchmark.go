package testing

import (
	"fmt"
	"runtime"
	"time"

	"gomem/rt"
)

// B is a run of a benchmark: N times what it measures, on a clock that it can stop.
type B struct {
	common
	N int

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
	b.clean()
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

// BenchmarkResult is what Benchmark measured.
type BenchmarkResult struct {
	N         int
	T         time.Duration
	Bytes     int64
	MemAllocs uint64
	MemBytes  uint64
	Extra     map[string]float64
}

// enough is how long a run of Benchmark is to take.
const enough = time.Second

// Benchmark runs f with N that grow until a run takes a second.
func Benchmark(f func(b *B)) (r BenchmarkResult) {
	for n := 1; ; {
		b := &B{N: n, pace: r.pace()}
		b.run(f)
		if b.failed {
			return BenchmarkResult{}
		}
		r = BenchmarkResult{N: n, T: time.Duration(b.spent), Bytes: b.perOp, MemAllocs: b.mallocs.total, MemBytes: b.bytes.total}
		for _, m := range b.metrics {
			if r.Extra == nil {
				r.Extra = map[string]float64{}
			}
			r.Extra[m.unit] = m.value
		}
		if r.T >= enough || n >= 1e9 {
			return r
		}
		next := n * 100
		if r.T > 0 {
			next = min(next, int(1.2*float64(n)*float64(enough)/float64(r.T)))
		}
		n = min(max(next, n+1), 1e9)
	}
}

func (r BenchmarkResult) pace() float64 {
	if r.N == 0 {
		return 0
	}
	return float64(r.T) / float64(r.N)
}

func (r BenchmarkResult) perOp(n uint64) int64 {
	if r.N <= 0 {
		return 0
	}
	return int64(n) / int64(r.N)
}

func (r BenchmarkResult) NsPerOp() int64           { return r.perOp(uint64(r.T)) }
func (r BenchmarkResult) AllocsPerOp() int64       { return r.perOp(r.MemAllocs) }
func (r BenchmarkResult) AllocedBytesPerOp() int64 { return r.perOp(r.MemBytes) }

func (r BenchmarkResult) String() string { return fmt.Sprintf("%8d\t%10.4g ns/op", r.N, r.pace()) }

func (r BenchmarkResult) MemString() string {
	return fmt.Sprintf("%8d B/op\t%8d allocs/op", r.AllocedBytesPerOp(), r.AllocsPerOp())
}
