package bench

// Locks and atomics, with and without somebody who wants the same.

import (
	"sync"
	"sync/atomic"
	"testing"
)

// One op is a lock and an unlock of a mutex that nobody else wants.
func BenchmarkMutexUncontended(b *testing.B) {
	var mu sync.Mutex
	n := 0
	for i := 0; i < b.N; i++ {
		mu.Lock()
		n++
		mu.Unlock()
	}
	sinkInt = n
}

// One op is a lock and an unlock of a mutex that 8 goroutines want, round an increment.
//
//bench:procs 1
func BenchmarkMutexContended(b *testing.B) {
	const workers = 8
	var mu sync.Mutex
	var running sync.WaitGroup
	n := 0
	running.Add(workers)
	b.ResetTimer()
	for w := 0; w < workers; w++ {
		share := shareOf(b.N, w, workers)
		go func() {
			for i := 0; i < share; i++ {
				mu.Lock()
				n++
				mu.Unlock()
			}
			running.Done()
		}()
	}
	running.Wait()
	if n != b.N {
		b.Fatal("increments got lost")
	}
}

// One op is a read lock and its unlock, on all processors.
func BenchmarkRWMutexRead(b *testing.B) {
	var mu sync.RWMutex
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			mu.RLock()
			mu.RUnlock()
		}
	})
}

// One op is a write lock and its unlock that nobody else wants.
func BenchmarkRWMutexWriteUncontended(b *testing.B) {
	var mu sync.RWMutex
	n := 0
	for i := 0; i < b.N; i++ {
		mu.Lock()
		n++
		mu.Unlock()
	}
	sinkInt = n
}

// One op is Add, Done and Wait on one goroutine.
func BenchmarkWaitGroup(b *testing.B) {
	var g sync.WaitGroup
	for i := 0; i < b.N; i++ {
		g.Add(1)
		g.Done()
		g.Wait()
	}
}

var (
	once sync.Once
	runs int
)

// One op is Do of a Once that has run.
func BenchmarkOnceFast(b *testing.B) {
	f := func() { runs++ }
	for i := 0; i < b.N; i++ {
		once.Do(f)
	}
	sinkInt = runs
}

// turns is one mutex and a condition for each of two goroutines.
type turns struct {
	mu   sync.Mutex
	cond [2]*sync.Cond
	turn int
}

// take waits for its turn n times, and gives it to the other each time.
func (t *turns) take(me, n int) {
	t.mu.Lock()
	for i := 0; i < n; i++ {
		for t.turn != me {
			t.cond[me].Wait()
		}
		t.turn = 1 - me
		t.cond[1-me].Signal()
	}
	t.mu.Unlock()
}

// One op is a round trip between two goroutines over a mutex and two conditions.
//
//bench:procs 1
func BenchmarkCondPingPong(b *testing.B) {
	t := new(turns)
	t.cond[0], t.cond[1] = sync.NewCond(&t.mu), sync.NewCond(&t.mu)
	n, ended := b.N, make(chan bool)
	b.ResetTimer()
	go func() {
		t.take(1, n)
		ended <- true
	}()
	t.take(0, n)
	<-ended
}

var counter int64

// One op adds to an atomic.
func BenchmarkAtomicAdd(b *testing.B) {
	for i := 0; i < b.N; i++ {
		atomic.AddInt64(&counter, 1)
	}
}

// One op adds to an atomic to which all processors add.
func BenchmarkAtomicAddParallel(b *testing.B) {
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			atomic.AddInt64(&counter, 1)
		}
	})
}
