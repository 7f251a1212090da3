package lock

// Pool: SYNC.POOL.*. Where a value must be found again one processor runs, and the collector only when the case says so.

import (
	"runtime"
	"sync"
	"unsafe"

	"gomem/cases/check"
)

type pooled struct {
	self *pooled
	n    [4]uintptr
}

// Get on an empty Pool gives New's result, one call each, or nil without New.
//
//gomem:case SYNC.POOL.NEW
func PoolEmptyCallsNew() {
	made := 0
	p := sync.Pool{New: func() interface{} { made++; return made }}
	for i := 1; i <= 3; i++ {
		check.Equal("New's result", p.Get(), i)
	}
	var bare sync.Pool
	check.Equal("without New", bare.Get(), nil)
	bare.Put(nil)
	check.Equal("nil is not kept", bare.Get(), nil)
}

// No value is handed out twice for one Put, on one goroutine and with many.
//
//gomem:case SYNC.POOL.UNIQUE
func PoolHandsOutOnce() {
	var p sync.Pool
	owned := map[interface{}]bool{}
	for i := 0; i < 100; i++ {
		p.Put(&pooled{})
	}
	for v := p.Get(); v != nil; v = p.Get() {
		check.That("handed out once", !owned[v])
		owned[v] = true
	}
	check.That("not more than were put", len(owned) <= 100)
}

// Goroutines that get, use and put values of one Pool, two at a time, never hold the same value at one time.
//
//gomem:case SYNC.POOL.UNIQUE
//gomem:race silent
func PoolOwnersAreAlone() {
	p := sync.Pool{New: func() interface{} { return new(int) }}
	rounds := check.Scale(1000, 20000, 200000)
	use := func(v *int, before, after int) {
		if *v != before {
			check.Fail("another goroutine has the value, which holds", *v, "and not", before)
		}
		*v = after
	}
	group(6, func(i int) {
		for n := 0; n < rounds; n++ {
			v, w := p.Get().(*int), p.Get().(*int)
			use(v, 0, i+1)
			use(w, 0, i+1)
			runtime.Gosched()
			use(v, i+1, 0)
			use(w, i+1, 0)
			p.Put(v)
			p.Put(w)
			runtime.Gosched()
		}
	})
}

// A value survives the first collection after its Put, and the second drops it.
//
//gomem:case SYNC.POOL.VICTIM
//gomem:env GOGC=off
func PoolDropsAtSecondCollection() {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	var p sync.Pool
	kept, late := &pooled{}, &pooled{}
	p.Put(kept)
	runtime.GC()
	check.That("kept by one collection", p.Get() == kept)
	p.Put(late)
	runtime.GC()
	runtime.GC()
	check.Equal("after two collections", p.Get(), nil)
	check.Use(late)
}

// What the Pool has dropped is collected.
//
//gomem:case SYNC.POOL.VICTIM
func PoolDroppedIsCollected() {
	var p sync.Pool
	w := put(&p)
	check.That("collected though it was put into the pool", w.Collected())
	check.Equal("get", p.Get(), nil)
}

func put(p *sync.Pool) *check.Watched {
	v := &pooled{}
	p.Put(v)
	return check.Watch(unsafe.Pointer(v))
}
