package sync

import "gomem/rt"

// Pool keeps values that may be used again, until two collections have passed without a use.
//
// Values put lie in `Now`. At the start of each collection rt.AgeHeld makes them `Before` and drops what was there, for every Pool that may
// hold any: those are listed. That happens while every goroutine is at a safepoint, so a few lines without a call are never cut in two
// by it; the lock keeps other goroutines out.
type Pool struct {
	_    noCopy
	lock Mutex
	held rt.Held
	New  func() any
}

var pools struct {
	lock  Mutex
	first *rt.Held
}

func init() {
	rt.AgeHeld(&pools.first)
}

// Put adds x.
func (p *Pool) Put(x any) {
	if x == nil {
		return
	}
	p.lock.Lock()
	p.held.Now = append(p.held.Now, x)
	if !p.held.Listed {
		list(&p.held)
	}
	p.lock.Unlock()
}

// list is called with the lock of h's Pool.
func list(h *rt.Held) {
	pools.lock.Lock()
	h.Next, pools.first, h.Listed = pools.first, h, true
	pools.lock.Unlock()
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
	x := take(&p.held.Now)
	if x == nil {
		x = take(&p.held.Before)
	}
	p.lock.Unlock()
	if x == nil && p.New != nil {
		x = p.New()
	}
	return x
}
