// Package sync has locks and what is made of them. Mutex, RWMutex, WaitGroup and Cond are the contract's; the rest is Go over them.
package sync

import (
	"gomem/rt"
	"sync/atomic"
	"unsafe"
)

// Locker is what can be locked and unlocked.
type Locker interface {
	Lock()
	Unlock()
}

// noCopy marks types that vet finds copies of.
type noCopy struct{}

func (*noCopy) Lock()   {}
func (*noCopy) Unlock() {}

// Mutex is gomem_mutex; zero is unlocked.
type Mutex struct {
	state int32
	sema  uint32
}

func (m *Mutex) Lock()         { rt.Lock(unsafe.Pointer(m)) }
func (m *Mutex) TryLock() bool { return rt.TryLock(unsafe.Pointer(m)) }
func (m *Mutex) Unlock()       { rt.Unlock(unsafe.Pointer(m)) }

// RWMutex is gomem_rwmutex; zero is unlocked.
type RWMutex struct {
	w           Mutex
	writerSem   uint32
	readerSem   uint32
	readerCount int32
	readerWait  int32
}

func (rw *RWMutex) RLock()         { rt.RLock(unsafe.Pointer(rw)) }
func (rw *RWMutex) TryRLock() bool { return rt.TryRLock(unsafe.Pointer(rw)) }
func (rw *RWMutex) RUnlock()       { rt.RUnlock(unsafe.Pointer(rw)) }
func (rw *RWMutex) Lock()          { rt.WLock(unsafe.Pointer(rw)) }
func (rw *RWMutex) TryLock() bool  { return rt.TryWLock(unsafe.Pointer(rw)) }
func (rw *RWMutex) Unlock()        { rt.WUnlock(unsafe.Pointer(rw)) }

// RLocker is rw as a Locker for reading.
func (rw *RWMutex) RLocker() Locker { return (*readLocker)(rw) }

type readLocker RWMutex

func (r *readLocker) Lock()   { (*RWMutex)(r).RLock() }
func (r *readLocker) Unlock() { (*RWMutex)(r).RUnlock() }

// WaitGroup is gomem_waitgroup; zero waits for nobody.
type WaitGroup struct {
	_     noCopy
	state atomic.Uint64
	sema  uint32
	_     uint32
}

func (wg *WaitGroup) Add(delta int) { rt.WaitAdd(unsafe.Pointer(&wg.state), delta) }
func (wg *WaitGroup) Done()         { wg.Add(-1) }
func (wg *WaitGroup) Wait()         { rt.Wait(unsafe.Pointer(&wg.state)) }

// Go calls f in a goroutine that the group counts.
func (wg *WaitGroup) Go(f func()) {
	wg.Add(1)
	go func() {
		defer wg.Done()
		f()
	}()
}

// notifyList is gomem_notify_list.
type notifyList struct {
	wait, notify uint32
	lock         uintptr
	head, tail   unsafe.Pointer
}

// Cond is a place to wait for an event under a lock.
type Cond struct {
	_      noCopy
	L      Locker
	notify notifyList
	self   *Cond // where it was first used: a copy is an error
}

// NewCond makes a Cond with Locker l.
func NewCond(l Locker) *Cond { return &Cond{L: l} }

func (c *Cond) check() {
	self := (*unsafe.Pointer)(unsafe.Pointer(&c.self))
	if atomic.LoadPointer(self) != unsafe.Pointer(c) && !atomic.CompareAndSwapPointer(self, nil, unsafe.Pointer(c)) &&
		atomic.LoadPointer(self) != unsafe.Pointer(c) {
		panic("sync.Cond is copied")
	}
}

// Wait unlocks c.L, waits to be told, and locks it again.
func (c *Cond) Wait() {
	c.check()
	ticket := rt.NotifyTicket(unsafe.Pointer(&c.notify))
	c.L.Unlock()
	rt.NotifyWait(unsafe.Pointer(&c.notify), ticket)
	c.L.Lock()
}

// Signal wakes one waiter.
func (c *Cond) Signal() {
	c.check()
	rt.NotifyOne(unsafe.Pointer(&c.notify))
}

// Broadcast wakes all waiters.
func (c *Cond) Broadcast() {
	c.check()
	rt.NotifyAll(unsafe.Pointer(&c.notify))
}
