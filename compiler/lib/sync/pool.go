package sync

import (
	"gomem/rt"
	"sync/atomic"
	"unsafe"
)

// Pool keeps values that may be used again, until two collections have passed without a use.
//
// Values put lie in `now`. Each collection makes them `before` and drops what was there: a canary object with a cleanup is
// allocated per collection, and its cleanup does that for every pool in use.
type Pool struct {
	_      noCopy
	lock   Mutex
	now    []any
	before []any
	known  bool // is in pools
	New    func() any
}

var pools struct {
	lock  Mutex
	list  []*Pool
	armed atomic.Bool
}

// canary is large enough not to share a block with others.
type canary struct {
	words [4]uintptr
	self  *canary
}

func arm() {
	if pools.armed.CompareAndSwap(false, true) {
		rt.AddCleanup(unsafe.Pointer(new(canary)), age)
	}
}

// age runs after a collection.
func age() {
	pools.lock.Lock()
	for _, p := range pools.list {
		p.lock.Lock()
		p.before, p.now = p.now, nil
		p.lock.Unlock()
	}
	pools.lock.Unlock()
	pools.armed.Store(false)
	arm()
}

// Put adds x.
func (p *Pool) Put(x any) {
	if x == nil {
		return
	}
	p.lock.Lock()
	p.now = append(p.now, x)
	first := !p.known
	p.known = true
	p.lock.Unlock()
	if first {
		register(p)
	}
}

// register is called without p's lock: age takes that one inside its own.
func register(p *Pool) {
	pools.lock.Lock()
	pools.list = append(pools.list, p)
	pools.lock.Unlock()
	arm()
}

func take(list *[]any) any {
	n := len(*list)
	if n == 0 {
		return nil
	}
	x := (*list)[n-1]
	(*list)[n-1] = nil
	*list = (*list)[:n-1]
	return x
}

// Get takes some value out, makes one by New, or returns nil.
func (p *Pool) Get() any {
	p.lock.Lock()
	x := take(&p.now)
	if x == nil {
		x = take(&p.before)
	}
	p.lock.Unlock()
	if x == nil && p.New != nil {
		x = p.New()
	}
	return x
}
