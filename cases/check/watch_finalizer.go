//go:build !go1.24

package check

import (
	"runtime"
	"sync/atomic"
	"unsafe"
)

// Watched tells whether a block is still alive, without keeping it alive.
type Watched struct {
	gone int32
	_    *int // no tiny object, which could share the watched block and keep it
}

// Watch watches the block that p points to the start of. The block must not have a finalizer of its own.
func Watch(p unsafe.Pointer) *Watched {
	w := new(Watched)
	runtime.SetFinalizer((*byte)(p), func(*byte) { atomic.StoreInt32(&w.gone, 1) })
	return w
}

// address is not known: knowing it would take a pointer.
func (w *Watched) address() uintptr { return 0 }

// settled waits until the finalizers that the last collection queued have run: they run in the order of the queue, one
// goroutine runs them all, so a fence queued by a later collection runs after them.
func (w *Watched) settled() bool {
	var passed int32
	runtime.SetFinalizer(&fence{}, func(*fence) { atomic.StoreInt32(&passed, 1) })
	CollectUntil(func() bool { return atomic.LoadInt32(&passed) != 0 })
	return atomic.LoadInt32(&w.gone) != 0
}

// fence is too large for the tiny allocator, so its finalizer is not delayed by neighbours.
type fence struct {
	_ *int
	_ [2]uintptr
}
