//go:build go1.24

package final

// Cleanups: FINAL.CLEANUP.*. Unlike a finalizer a cleanup does not get the object, so it cannot bring it back.

import (
	"runtime"
	"sync/atomic"

	"gomem/cases/check"
)

// Ten cleanups on one object all run, each once and with its own argument.
//
//gomem:case FINAL.CLEANUP.MULTIPLE
//gomem:needs finalizers
func CleanupsAllRun() {
	const n = 10
	var ran [n]counter
	func() {
		o := newObject(1)
		for i := 0; i < n; i++ {
			runtime.AddCleanup(o, func(i int) { ran[i].add() }, i)
		}
	}()
	all := func() bool {
		for i := range ran {
			if ran[i].get() == 0 {
				return false
			}
		}
		return true
	}
	check.CollectUntil(all)
	drain()
	for i := range ran {
		check.Equal("runs of one cleanup", ran[i].get(), 1)
	}
}

// Arguments of any type arrive whole: a struct, a string, a pointer whose target is kept until then.
//
//gomem:case FINAL.CLEANUP.MULTIPLE
//gomem:needs finalizers
func CleanupArguments() {
	type pair struct {
		text string
		o    *object
	}
	var whole counter
	func() {
		o := newObject(1)
		runtime.AddCleanup(o, func(p pair) {
			if p.text == "argument" && p.o.is(2) {
				whole.add()
			}
		}, pair{"argument", newObject(2)})
		runtime.AddCleanup(o, func(p *object) {
			if p.is(3) {
				whole.add()
			}
		}, newObject(3))
	}()
	check.CollectUntil(func() bool { return whole.get() == 2 })
}

// No cleanup runs while its object is reachable.
//
//gomem:case FINAL.CLEANUP.MULTIPLE
//gomem:needs finalizers
func CleanupWaits() {
	var ran counter
	o := newObject(1)
	runtime.AddCleanup(o, func(int) { ran.add() }, 0)
	drain()
	drain()
	check.Equal("runs while the object is in use", ran.get(), 0)
	check.That("the object", o.is(1))
	check.CollectUntil(func() bool { return ran.get() == 1 })
}

// A cleanup is attached through a pointer to a field, and runs when the whole block is dead.
//
//gomem:case FINAL.CLEANUP.INTERIOR
//gomem:needs finalizers
func CleanupOnField() {
	var ran counter
	o := newObject(1)
	runtime.AddCleanup(&o.text, func(int) { ran.add() }, 0)
	next := &o.next
	o = nil
	drain()
	check.Equal("runs while another field is in use", ran.get(), 0)
	check.That("the other field", *next == nil)
	check.CollectUntil(func() bool { return ran.get() == 1 })
}

// A stopped cleanup never runs, its neighbour on the same object does; stopping twice and late does nothing.
//
//gomem:case FINAL.CLEANUP.STOP
//gomem:needs finalizers
func StoppedNeverRuns() {
	var stopped, other counter
	var c, d runtime.Cleanup
	func() {
		o := newObject(1)
		c = runtime.AddCleanup(o, func(int) { stopped.add() }, 0)
		d = runtime.AddCleanup(o, func(int) { other.add() }, 0)
		c.Stop()
		c.Stop()
		check.That("object", o.is(1))
	}()
	check.CollectUntil(func() bool { return other.get() == 1 })
	d.Stop()
	drain()
	check.Equal("runs of the stopped cleanup", stopped.get(), 0)
	check.Equal("runs of the other", other.get(), 1)
}

// On an object with a finalizer the cleanup runs after it, and while the finalizer has brought the object back it does not run.
//
//gomem:case FINAL.CLEANUP.FINALIZER
//gomem:needs finalizers
func CleanupAfterFinalizer() {
	back := make(chan *object, 1)
	var ran counter
	func() {
		o := newObject(1)
		runtime.AddCleanup(o, func(int) { ran.add() }, 0)
		runtime.SetFinalizer(o, func(o *object) {
			if ran.get() != 0 {
				check.Fail("the cleanup ran before the finalizer")
			}
			back <- o
		})
	}()
	check.CollectUntil(func() bool { return len(back) == 1 })
	drain()
	drain()
	check.Equal("runs while the object is back in use", ran.get(), 0)
	o := <-back
	check.That("the object", o.is(1))
	check.CollectUntil(func() bool { return ran.get() == 1 })
}

// AddCleanup with the object itself as argument panics, with text, and the panic can be recovered.
//
//gomem:case FINAL.CLEANUP.SELF
//gomem:needs finalizers
func SelfArgumentPanics() {
	o := newObject(1)
	check.That("it panicked", check.Panics(func() { runtime.AddCleanup(o, func(*object) {}, o) }) != nil)
	check.That("the object", o.is(1))
}

// The panic's text.
//
//gomem:case FINAL.CLEANUP.SELF.TEXT
//gomem:needs finalizers
func SelfArgumentText() {
	o := newObject(1)
	check.Equal("panic", check.PanicText(func() { runtime.AddCleanup(o, func(*object) {}, o) }),
		"runtime.AddCleanup: ptr is equal to arg, cleanup will never run")
}

// While one cleanup waits, the cleanups of other objects run. There is one goroutine for cleanups for each four processors, and
// another one is started by an AddCleanup that finds the others busy: so the program goes on adding some.
//
//gomem:case FINAL.CLEANUP.PARALLEL
//gomem:needs finalizers
//gomem:since 1.25
func CleanupsOverlap() {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(8))
	gate := make(chan bool)
	var entered, others int32
	func() {
		runtime.AddCleanup(newObject(1), func(int) {
			atomic.AddInt32(&entered, 1)
			<-gate
		}, 0)
	}()
	check.CollectUntil(func() bool { return atomic.LoadInt32(&entered) == 1 })
	check.CollectUntil(func() bool {
		runtime.AddCleanup(newObject(2), func(int) { atomic.AddInt32(&others, 1) }, 0)
		return atomic.LoadInt32(&others) >= 20
	})
	close(gate)
}
