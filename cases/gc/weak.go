//go:build go1.24

package gc

// Weak pointers and when cleanups run: GC.WEAK, GC.CLEANUP.

import (
	"runtime"
	"sync/atomic"
	"weak"

	"gomem/cases/check"
)

// A weak pointer gives the block while it is reachable, and nil after the collection that found it unreachable.
//
//gomem:case GC.WEAK
func WeakFollowsLife() {
	n := newNode(1)
	p := weak.Make(n)
	for i := 0; i < 3; i++ {
		runtime.GC()
		check.That("the same block while it lives", p.Value() == n)
	}
	check.That("node", n.is(1))
	runtime.GC()
	check.That("nil after the collection", p.Value() == nil)
}

// What Value returned is an ordinary pointer: it keeps the block until its own last use.
//
//gomem:case GC.WEAK
func WeakValueKeeps() {
	p := func() weak.Pointer[node] { return weak.Make(newNode(1)) }()
	if n := p.Value(); n != nil {
		for i := 0; i < 3; i++ {
			runtime.GC()
			churn(1000)
		}
		check.That("kept by what Value returned", n.is(1) && p.Value() == n)
	}
	runtime.GC()
	check.That("nil then", p.Value() == nil)
}

// A weak pointer keeps nothing that its block refers to.
//
//gomem:case GC.WEAK
func WeakKeepsNothing() {
	var head weak.Pointer[node]
	tail := func() weak.Pointer[node] {
		a, b := newNode(1), newNode(2)
		a.next = b
		head = weak.Make(a)
		return weak.Make(b)
	}()
	runtime.GC()
	check.That("both are gone", head.Value() == nil && tail.Value() == nil)
}

// For a block with a finalizer it is nil as soon as the finalizer is queued, in the finalizer itself and after a resurrection.
//
//gomem:case GC.WEAK
//gomem:needs finalizers
func WeakAndFinalizer() {
	back := make(chan *node, 1)
	var p weak.Pointer[node]
	func() {
		n := newNode(1)
		p = weak.Make(n)
		runtime.SetFinalizer(n, func(n *node) {
			if p.Value() != nil {
				check.Fail("the weak pointer gives the block in its finalizer")
			}
			back <- n
		})
	}()
	check.CollectUntil(func() bool { return len(back) > 0 })
	n := <-back
	runtime.GC()
	check.That("nil after the resurrection", p.Value() == nil)
	check.That("the block lives", n.is(1))
	check.That("a new weak pointer gives it again", weak.Make(n).Value() == n)
	runtime.KeepAlive(n)
}

// Weak pointers made from the same pointer are equal, also when the block is gone; those from different blocks are not.
//
//gomem:case GC.WEAK
func WeakEquality() {
	var p, q, r weak.Pointer[node]
	func() {
		n, other := newNode(1), newNode(2)
		p, q, r = weak.Make(n), weak.Make(n), weak.Make(other)
		check.That("equal while the block lives", p == q && p != r)
		runtime.KeepAlive(n)
		runtime.KeepAlive(other)
	}()
	runtime.GC()
	check.That("the block is gone", p.Value() == nil)
	check.That("equal afterwards", p == q && p != r)
	var zero weak.Pointer[node]
	check.That("made from nil", weak.Make[node](nil) == zero && zero.Value() == nil)
}

// A weak pointer into the middle gives that address while any reference to the block lives.
//
//gomem:case GC.WEAK
func WeakInterior() {
	n := newNode(7)
	p := weak.Make(&n.value)
	runtime.GC()
	check.That("the field's address", p.Value() == &n.value && *p.Value() == 7)
	runtime.KeepAlive(n)
	runtime.GC()
	check.That("nil when the block is gone", p.Value() == nil)
}

// Of many blocks exactly the weak pointers of those still referred to give one.
//
//gomem:case GC.WEAK
func WeakOfMany() {
	const n = 5000
	var strong []*node
	var pointers []weak.Pointer[node]
	for i := 0; i < n; i++ {
		b := newNode(i)
		pointers = append(pointers, weak.Make(b))
		if i%3 == 0 {
			strong = append(strong, b)
		}
	}
	runtime.GC()
	churn(n)
	for i, p := range pointers {
		if b := p.Value(); (b != nil) != (i%3 == 0) || b != nil && !b.is(i) {
			check.Fatal("weak pointer", i, "is wrong")
		}
	}
	runtime.KeepAlive(strong)
}

// A cleanup runs once its block is unreachable, and not while anything refers to it.
//
//gomem:case GC.CLEANUP
func CleanupAfterDeath() {
	var ran int32
	n := newNode(1)
	runtime.AddCleanup(n, func(c *int32) { atomic.AddInt32(c, 1) }, &ran)
	for i := 0; i < 4; i++ {
		runtime.GC()
		check.Yields(50)
	}
	check.Equal("runs while the block is in use", atomic.LoadInt32(&ran), 0)
	check.That("block", n.is(1))
	check.CollectUntil(func() bool { return atomic.LoadInt32(&ran) > 0 })
}

// A resurrection puts it off: it runs after the block is unreachable again, when weak pointers have long been nil.
//
//gomem:case GC.CLEANUP
//gomem:needs finalizers
func CleanupAfterResurrection() {
	var ran int32
	back := make(chan *node, 1)
	func() {
		n := newNode(1)
		runtime.AddCleanup(n, func(c *int32) { atomic.AddInt32(c, 1) }, &ran)
		runtime.SetFinalizer(n, func(n *node) { back <- n })
	}()
	check.CollectUntil(func() bool { return len(back) > 0 })
	n := <-back
	for i := 0; i < 4; i++ {
		runtime.GC()
		check.Yields(50)
	}
	check.Equal("runs while the block is back in use", atomic.LoadInt32(&ran), 0)
	check.That("block", n.is(1))
	check.CollectUntil(func() bool { return atomic.LoadInt32(&ran) > 0 })
}

// When a cleanup runs, every weak pointer to its block is nil: the block cannot come back.
//
//gomem:case GC.CLEANUP
func CleanupSeesNoBlock() {
	const n = 500
	var wrong, ran int32
	func() {
		for i := 0; i < n; i++ {
			b := newNode(i)
			p := weak.Make(b)
			runtime.AddCleanup(b, func(p weak.Pointer[node]) {
				if p.Value() != nil {
					atomic.AddInt32(&wrong, 1)
				}
				atomic.AddInt32(&ran, 1)
			}, p)
		}
	}()
	check.CollectUntil(func() bool { return atomic.LoadInt32(&ran) >= n })
	check.Equal("cleanups that could still get the block", atomic.LoadInt32(&wrong), 0)
}
