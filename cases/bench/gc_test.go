package bench

// The collector: how fast it marks and sweeps, how long it keeps a program waiting, how it keeps up with one that allocates.

import (
	"runtime"
	"runtime/debug"
	"sort"
	"sync/atomic"
	"testing"
)

// ---- trees ----

type tree struct{ left, right *tree }

const treeDepth = 16

func grow(depth int) *tree {
	t := new(tree)
	if depth > 0 {
		t.left, t.right = grow(depth-1), grow(depth-1)
	}
	return t
}

func (t *tree) nodes() int {
	if t == nil {
		return 0
	}
	return t.left.nodes() + 1 + t.right.nodes()
}

// One op grows a binary tree of 131071 nodes of two pointers, counts its nodes and drops it, while another such tree lives.
func BenchmarkBinaryTrees(b *testing.B) {
	const nodes = 2<<treeDepth - 1
	lives := grow(treeDepth)
	b.ResetTimer()
	begin, seen := clock(), 0
	for i := 0; i < b.N; i++ {
		seen += grow(treeDepth).nodes()
	}
	passed := clock() - begin
	b.StopTimer()
	if lives.nodes() != nodes || seen != nodes*b.N {
		b.Fatal("nodes got lost")
	}
	b.ReportMetric(float64(passed)/float64(seen), "ns/node")
}

// ---- marking ----

// item is 64 bytes, its first word a pointer.
type item struct {
	next *item
	rest [7]uint64
}

const (
	heapItems  = 4 << 20 // 256 MiB
	heapChains = 1024
	listItems  = 1 << 20 // 64 MiB
)

// shuffle puts items in an order that is always the same.
func shuffle(items []*item) {
	x := uint32(1)
	for i := len(items) - 1; i > 0; i-- {
		x = next(x)
		j := uint64(x) * uint64(i+1) >> 32
		items[i], items[j] = items[j], items[i]
	}
}

// link allocates n items and links them to chains of equal length: in the order of allocation, or in one where each step goes
// somewhere else in memory. It returns the heads.
func link(n, chains int, shuffled bool) []*item {
	items := make([]*item, n)
	for i := range items {
		items[i] = new(item)
	}
	if shuffled {
		shuffle(items)
	}
	length := n / chains
	heads := make([]*item, 0, chains)
	for len(items) >= length && len(heads) < chains {
		for i := 1; i < length; i++ {
			items[i-1].next = items[i]
		}
		heads = append(heads, items[0])
		items = items[length:]
	}
	return heads
}

// mark measures collections while the linked items live.
func mark(b *testing.B, n, chains int) {
	for _, order := range []string{"seq", "shuffled"} {
		shuffled := order == "shuffled"
		var heads []*item
		b.Run(order, func(b *testing.B) {
			if heads == nil {
				heads = link(n, chains, shuffled)
				runtime.GC()
				runtime.GC()
			}
			b.ResetTimer()
			begin := clock()
			for i := 0; i < b.N; i++ {
				runtime.GC()
			}
			seconds := float64(clock()-begin) / 1e9
			b.ReportMetric(float64(n)*64*float64(b.N)/1e6/seconds, "MB/s")
		})
		runtime.KeepAlive(heads)
	}
}

// One op is a collection of a heap of 256 MiB in 1024 chains, from its start to its end; chains can be marked in parallel.
//
//bench:rows seq shuffled
//bench:ops 3
func BenchmarkGCFullHeap(b *testing.B) { mark(b, heapItems, heapChains) }

// The same of one chain of 64 MiB, which cannot be marked in parallel.
//
//bench:rows seq shuffled
//bench:ops 3
func BenchmarkLinkedListMark(b *testing.B) { mark(b, listItems, 1) }

// ---- pauses ----

// page1K is 1 KiB that points to something that lives.
type page1K struct {
	keeps *item
	rest  [127]uint64
}

const pauseAllocs = 2 << 20

var ringPause [ringSize]*page1K

// stepper measures, on a goroutine of its own, how long the longest of its small steps take.
type stepper struct {
	stop int32
	gaps latencies
	done chan uint32
}

func (s *stepper) run() {
	x, last := uint32(1), clock()
	for atomic.LoadInt32(&s.stop) == 0 {
		for i := 0; i < 32; i++ {
			x = next(x)
		}
		now := clock()
		s.gaps.add(now - last)
		last = now
	}
	s.done <- x
}

// churn allocates and drops, and measures how long each allocation takes.
func churn(heads []*item, took *latencies) {
	last := clock()
	for i := 0; i < pauseAllocs; i++ {
		p := &page1K{keeps: heads[i&(heapChains-1)]}
		ringPause[i&ringMask] = p
		now := clock()
		took.add(now - last)
		last = now
	}
}

// reportPauses reports the pauses of the newest cycles, the time that the world stood still in each.
func reportPauses(b *testing.B, cycles int64, pauses []pause) {
	if int64(len(pauses)) > cycles {
		pauses = pauses[:cycles]
	}
	sort.Slice(pauses, func(i, j int) bool { return pauses[i] < pauses[j] })
	if n := len(pauses); n > 0 {
		b.ReportMetric(pauses[n/2].us(), "pause_p50_us")
		b.ReportMetric(pauses[n*99/100].us(), "pause_p99_us")
		b.ReportMetric(pauses[n-1].us(), "pause_max_us")
	}
}

type pause int64

func (p pause) us() float64 { return float64(p) / 1e3 }

func pausesOf(stats *debug.GCStats) []pause {
	var all []pause
	for _, p := range stats.Pause {
		all = append(all, pause(p))
	}
	return all
}

// One op is 2097152 allocations of 1 KiB while 256 MiB of linked items live, at the default pace of the collector, beside a
// goroutine that does small steps all the time. pause is how long the world stands still for a cycle, as the runtime tells it;
// stall the time between two steps; alloc the time of an allocation with all that it is made to do for the collector.
//
//bench:ops 1
func BenchmarkGCPause(b *testing.B) {
	heads := link(heapItems, heapChains, false)
	runtime.GC()
	var before, after debug.GCStats
	debug.ReadGCStats(&before)
	steps := &stepper{done: make(chan uint32)}
	took := new(latencies)
	b.ResetTimer()
	go steps.run()
	for i := 0; i < b.N; i++ {
		churn(heads, took)
	}
	b.StopTimer()
	atomic.StoreInt32(&steps.stop, 1)
	sinkWord = uint64(<-steps.done)
	debug.ReadGCStats(&after)
	runtime.KeepAlive(heads)
	cycles := after.NumGC - before.NumGC
	reportPauses(b, cycles, pausesOf(&after))
	b.ReportMetric(float64(cycles)/float64(b.N), "cycles")
	b.ReportMetric(steps.gaps.percentile(0.999)/1e3, "stall_p999_us")
	b.ReportMetric(steps.gaps.longestNs()/1e3, "stall_max_us")
	b.ReportMetric(took.percentile(0.5), "alloc_p50_ns")
	b.ReportMetric(took.percentile(0.9999)/1e3, "alloc_p9999_us")
	b.ReportMetric(took.longestNs()/1e3, "alloc_max_us")
}

// ---- finalizers ----

const finalizers = 10000

var finalized int64

func attach(n int) {
	for i := 0; i < n; i++ {
		runtime.SetFinalizer(new(item), func(*item) { atomic.AddInt64(&finalized, 1) })
	}
}

// One op attaches finalizers to 10000 objects of 64 bytes, drops these, collects, and waits until all finalizers have run. A word
// that is no longer in use may hold the last object back until more are dropped: extra_gcs counts how often.
func BenchmarkFinalizerRun(b *testing.B) {
	due := atomic.LoadInt64(&finalized)
	begin, extra := clock(), 0
	for i := 0; i < b.N; i++ {
		attach(finalizers)
		due += finalizers
		runtime.GC()
		waiting := clock()
		for atomic.LoadInt64(&finalized) < due {
			runtime.Gosched()
			if clock()-waiting < 20e6 {
				continue
			}
			if extra++; extra > 10*b.N {
				b.Fatal("finalizers do not run")
			}
			attach(1)
			due++
			runtime.GC()
			waiting = clock()
		}
	}
	b.ReportMetric(float64(clock()-begin)/float64(b.N)/finalizers, "ns/finalizer")
	b.ReportMetric(float64(extra)/float64(b.N), "extra_gcs")
}
