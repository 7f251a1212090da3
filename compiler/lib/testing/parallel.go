package testing

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// grabNs is how long a goroutine of a parallel benchmark is busy, roughly, with the ops that it takes at once: long enough that taking
// them costs nothing, short enough that all end at about the same time.
const grabNs = 100e3

// PB hands a goroutine of a parallel benchmark its share of the ops.
type PB struct {
	taken *uint64 // by all
	all   uint64
	grab  uint64
	mine  uint64 // of those that it took and has not done
}

// Next is whether there is one more op to do.
func (p *PB) Next() bool {
	if p.mine == 0 && !p.take() {
		return false
	}
	p.mine--
	return true
}

func (p *PB) take() bool {
	end := atomic.AddUint64(p.taken, p.grab)
	begin := end - p.grab
	if begin >= p.all {
		return false
	}
	if end > p.all {
		end = p.all
	}
	p.mine = end - begin
	return true
}

// SetParallelism has RunParallel use n goroutines for each processor.
func (b *B) SetParallelism(n int) {
	if n >= 1 {
		b.parallelism = n
	}
}

// grab is how many ops to take at once, by the time that an op took in the run before.
func (b *B) grab() uint64 {
	if b.pace <= 0 {
		return 1
	}
	n := uint64(grabNs / b.pace)
	if n < 1 {
		n = 1
	}
	if n > 1e4 {
		n = 1e4
	}
	return n
}

// RunParallel calls body on several goroutines, which do N ops together.
func (b *B) RunParallel(body func(*PB)) {
	workers := runtime.GOMAXPROCS(0)
	if b.parallelism > 0 {
		workers *= b.parallelism
	}
	var running sync.WaitGroup
	running.Add(workers)
	taken := new(uint64)
	for i := 0; i < workers; i++ {
		go func() {
			defer running.Done()
			body(&PB{taken: taken, all: uint64(b.N), grab: b.grab()})
		}()
	}
	running.Wait()
	if atomic.LoadUint64(taken) < uint64(b.N) && !b.failed {
		b.Fatal("RunParallel: body exited without pb.Next() == false")
	}
}
