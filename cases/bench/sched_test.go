package bench

// Goroutines: how they come and go, how they take turns, what a parked one costs, and how their stacks grow.

import (
	"runtime"
	"runtime/debug"
	"sync"
	"testing"
)

// One op is a goroutine that starts and ends; somebody waits for 1000 at a time.
//
//bench:procs 1
func BenchmarkGoSpawnJoin(b *testing.B) {
	var running sync.WaitGroup
	end := running.Done
	b.ResetTimer()
	for left := b.N; left > 0; {
		n := 1000
		if n > left {
			n = left
		}
		left -= n
		running.Add(n)
		for ; n > 0; n-- {
			go end()
		}
		running.Wait()
	}
}

func yieldTimes(n int) {
	for i := 0; i < n; i++ {
		runtime.Gosched()
	}
}

// One op is a yield of one of two goroutines that share a processor.
func BenchmarkGosched(b *testing.B) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	ended := make(chan bool)
	half := b.N / 2
	b.ResetTimer()
	go func() {
		yieldTimes(half)
		ended <- true
	}()
	yieldTimes(b.N - half)
	<-ended
}

// crowd is goroutines that all wait for one channel.
type crowd struct {
	gate         chan bool
	waiting, out sync.WaitGroup
}

func (c *crowd) wait() {
	c.waiting.Done()
	<-c.gate
	c.out.Done()
}

// park has n goroutines wait, and reports what they took of memory and time. Later ops would find memory that these have left.
func park(b *testing.B, n int) {
	c := &crowd{gate: make(chan bool)}
	wait := c.wait
	debug.FreeOSMemory()
	before := resident()
	c.waiting.Add(n)
	c.out.Add(n)
	begin := clock()
	for i := 0; i < n; i++ {
		go wait()
	}
	c.waiting.Wait()
	passed := clock() - begin
	b.ReportMetric(float64(int64(resident()-before))/float64(n), "bytes/goroutine")
	b.ReportMetric(float64(passed)/float64(n), "ns/goroutine")
	close(c.gate)
	c.out.Wait()
}

// One op starts goroutines that all wait for one channel. bytes/goroutine is by how much the resident memory grows.
//
//bench:rows 10k 100k 1M
//bench:ops 1
func BenchmarkSpawnMillion(b *testing.B) {
	b.Run("10k", func(b *testing.B) { park(b, 10000) })
	b.Run("100k", func(b *testing.B) { park(b, 100000) })
	b.Run("1M", func(b *testing.B) { park(b, 1000000) })
}

// descend calls itself n times, with about 128 bytes of stack for each call.
//
//go:noinline
func descend(n int) uint64 {
	var local [104]byte
	local[n%64] = byte(n)
	if n == 0 {
		return uint64(local[7])
	}
	below := descend(n - 1)
	return below + uint64(local[(n+1)%64])
}

// One op is a new goroutine that is 10000 calls deep at its deepest.
func BenchmarkStackGrow(b *testing.B) {
	results := make(chan uint64)
	for i := 0; i < b.N; i++ {
		go func() { results <- descend(10000) }()
		sinkWord += <-results
	}
}
