package gc

// How long a variable keeps what it refers to: GC.LIVENESS, GC.KEEPALIVE.

import (
	"runtime"
	"unsafe"

	"gomem/cases/check"
)

// A block is collected after the last use of the only variable that refers to it, before the function returns.
//
//gomem:case GC.LIVENESS
//gomem:needs weak
func DeadAfterLastUse() {
	n, w := watchedNode(1)
	check.That("kept before the last use", w.Kept())
	check.That("last use", n.is(1))
	check.That("collected after it", w.Collected())
}

// A parameter is dead after its last use, too, although the caller has not gone on.
//
//gomem:case GC.LIVENESS
//gomem:needs weak
func ParameterDies() {
	n, w := watchedNode(1)
	usesOnce(n, w)
}

func usesOnce(n *node, w *check.Watched) {
	check.That("kept before the last use", w.Kept())
	check.That("last use", n.is(1))
	check.That("collected after it", w.Collected())
}

// Overwriting a variable ends what it kept, while the new block is kept to its own last use.
//
//gomem:case GC.LIVENESS
//gomem:needs weak
func OverwrittenDies() {
	n, w1 := watchedNode(1)
	check.That("first", n.is(1))
	n, w2 := watchedNode(2)
	check.That("the old block is collected", w1.Collected())
	check.That("the new one is kept", w2.Kept())
	check.That("second", n.is(2))
}

// A variable that only one branch uses is dead on the other.
//
//gomem:case GC.LIVENESS
//gomem:needs weak
func DiesByBranch() {
	for _, use := range []bool{false, true} {
		n, w := watchedNode(1)
		if use {
			check.That("kept on the branch that uses it", w.Kept())
			check.That("used", n.is(1))
		} else {
			check.That("collected on the branch that does not", w.Collected())
		}
	}
}

// A loop keeps the block that its next iteration needs, not that of the iteration before.
//
//gomem:case GC.LIVENESS
//gomem:needs weak
func DiesByIteration() {
	n, w := watchedNode(0)
	for i := 1; i < 4; i++ {
		check.That("kept for the next iteration", w.Kept())
		check.That("node of the iteration before", n.is(i-1))
		last := w
		n, w = watchedNode(i)
		check.That("the node of the iteration before is collected", last.Collected())
	}
	check.That("last", n.is(3))
}

// A slice, a string, an interface and a closure variable are dead after their last use as a pointer is.
//
//gomem:case GC.LIVENESS
//gomem:needs weak
func HeadersDie() {
	s, w := func() ([]*node, *check.Watched) {
		n, w := watchedNode(1)
		return []*node{n}, w
	}()
	check.That("slice", s[0].is(1))
	check.That("the slice's node is collected", w.Collected())
	e, w := func() (interface{}, *check.Watched) {
		n, w := watchedNode(2)
		return n, w
	}()
	check.That("interface", e.(*node).is(2))
	check.That("the interface's node is collected", w.Collected())
	f, w := func() (func(int) bool, *check.Watched) {
		n, w := watchedNode(3)
		return func(v int) bool { return n.is(v) }, w
	}()
	check.That("closure", f(3))
	check.That("the closure's node is collected", w.Collected())
}

// What was received is dead once the variable that it was received into is overwritten, although that is used again; the operation keeps
// no copy.
//
//gomem:case GC.LIVENESS
//gomem:needs weak
func ReceivedDies() {
	c := make(chan *node, 1)
	sent := func(v int) *check.Watched {
		n, w := watchedNode(v)
		c <- n
		return w
	}
	for i := 1; i < 3; i++ {
		w := sent(1)
		n := <-c
		check.That("received", n.is(1))
		n = nil
		check.That("what was received is collected", w.Collected())
		check.That("nothing received is left", n == nil)
		w = sent(2)
		n, ok := <-c
		check.That("received, and whether", ok && n.is(2))
		n = nil
		check.That("what was received with whether is collected", w.Collected())
		check.That("nothing received with whether is left", n == nil)
		w = sent(3)
		select {
		case n := <-c:
			check.That("selected", n.is(3))
			n = nil
			check.That("what was selected is collected", w.Collected())
			check.That("nothing selected is left", n == nil)
		case <-make(chan int):
		}
	}
	w := sent(4)
	for n := range c {
		check.That("ranged", n.is(4))
		n = nil
		check.That("what was ranged over is collected", w.Collected())
		check.That("nothing ranged over is left", n == nil)
		close(c)
	}
}

// A field of the block that is read into a variable does not keep the block.
//
//gomem:case GC.LIVENESS
//gomem:needs weak
func CopiedFieldKeepsNothing() {
	n, w := watchedNode(5)
	value, next := n.value, n.next
	check.That("collected", w.Collected())
	check.That("the copies", value == 5 && next == nil)
}

// What a literal captures lives on its own while the literal runs: it is dead after its last use there, although more that was captured is used
// later.
//
//gomem:case GC.LIVENESS
//gomem:needs weak
func CapturedDiesInLiteral() {
	n1, w1 := watchedNode(1)
	n2, w2 := watchedNode(2)
	h := keeper{n2}
	sum := func() int {
		first := n1.value
		check.That("the first is collected", w1.Collected())
		second := h.n.value
		h.n = nil
		check.That("the second is collected", w2.Collected())
		return first + second
	}()
	check.That("both were used, and the last is set", sum == 3 && h.n == nil)
}

// A variable whose address a callee has lives as long as the callee may use the address, and not to the callee's return.
//
//gomem:case GC.LIVENESS
//gomem:needs weak
func LentVariableDies() {
	n, w := watchedNode(1)
	h := keeper{n}
	n = nil
	borrows(&h, w)
	check.That("still collected after the call", w.Collected())
}

type keeper struct{ n *node }

//go:noinline
func borrows(h *keeper, w *check.Watched) {
	check.That("kept before the last use", w.Kept())
	check.That("last use", h.n.is(1))
	check.That("collected after it", w.Collected())
}

// Of two variables to which a pointer may point, the one lives to which it does.
//
//gomem:case GC.LIVENESS
//gomem:needs weak
func PointedVariableLives() {
	for _, first := range []bool{true, false} {
		n1, w1 := watchedNode(1)
		n2, w2 := watchedNode(2)
		a, b := keeper{n1}, keeper{n2}
		n1, n2 = nil, nil
		p := choose(first, &a, &b)
		check.Equal("the first is kept", w1.Kept(), first)
		check.Equal("the second is kept", w2.Kept(), !first)
		check.That("last use", p.n.is(1) == first)
		check.That("the first is collected", w1.Collected())
		check.That("the second is collected", w2.Collected())
	}
}

//go:noinline
func choose(first bool, a, b *keeper) *keeper {
	if first {
		return a
	}
	return b
}

// Variables lead to each other: the last lives as long as the pointer to the first.
//
//gomem:case GC.LIVENESS
//gomem:needs weak
func ChainOfVariablesLives() {
	n, w := watchedNode(1)
	h := keeper{n}
	n = nil
	link := &h
	last := &link
	followsLater(&last, w)
	check.That("still collected after the call", w.Collected())
}

//go:noinline
func followsLater(p ***keeper, w *check.Watched) {
	check.That("kept before the last use", w.Kept())
	check.That("last use", (**p).n.is(1))
	check.That("collected after it", w.Collected())
}

// The array of a slice on the stack, and of a variadic call's arguments, lives no longer than a pointer into it.
//
//gomem:case GC.LIVENESS
//gomem:needs weak
func ArrayOfSliceDies() {
	n1, w1 := watchedNode(1)
	n2, w2 := watchedNode(2)
	s := []*node{n1, n2}
	n1, n2 = nil, nil
	check.That("kept before the last use of the slice", w1.Kept() && w2.Kept())
	s = s[1:]
	check.That("the whole array is kept by a part of it", w1.Kept())
	n := s[0]
	check.That("the first is collected after it", w1.Collected())
	check.That("the second is kept by another variable", w2.Kept())
	check.That("second", n.is(2))
	n1, w1 = watchedNode(3)
	n2, w2 = watchedNode(4)
	n = latter(n1, n2)
	check.That("the first argument is collected", w1.Collected())
	check.That("what was returned is kept", w2.Kept())
	check.That("the second argument", n.is(4))
}

//go:noinline
func latter(s ...*node) *node { return s[len(s)-1] }

// KeepAlive keeps its argument up to the call and no longer.
//
//gomem:case GC.KEEPALIVE
//gomem:needs weak
func KeepAliveKeeps() {
	n, w := watchedNode(1)
	check.That("kept before KeepAlive", w.Kept())
	runtime.KeepAlive(n)
}

// What the argument refers to is kept with it.
//
//gomem:case GC.KEEPALIVE
//gomem:needs weak
func KeepAliveKeepsReferents() {
	n := newNode(1)
	_, w := attach(n, 2)
	n.next.next, n.next.spare = newNode(3), 9
	third := check.Watch(unsafe.Pointer(n.next.next))
	check.That("second kept before KeepAlive", w.Kept())
	check.That("third kept before KeepAlive", third.Kept())
	runtime.KeepAlive(n)
}

func attach(n *node, value int) (*node, *check.Watched) {
	next, w := watchedNode(value)
	n.next = next
	return next, w
}

// A resource that a finalizer would close stays open while only its number is used, until KeepAlive.
//
//gomem:case GC.KEEPALIVE
//gomem:needs finalizers
func KeepAliveDelaysFinalizer() {
	closed := make(chan int, 1)
	r := &resource{number: 7}
	runtime.SetFinalizer(r, func(r *resource) { closed <- r.number })
	number := r.number
	for i := 0; i < 5; i++ {
		check.Collect()
		check.Yields(10)
	}
	check.Equal("resources closed before KeepAlive", len(closed), 0)
	check.Equal("number", number, 7)
	runtime.KeepAlive(r)
}

type resource struct {
	number int
	owner  *node
}

// KeepAlive in a deferred call keeps its argument through the rest of the function.
//
//gomem:case GC.KEEPALIVE
//gomem:needs weak
func KeepAliveDeferred() {
	n, w := watchedNode(1)
	defer runtime.KeepAlive(n)
	check.That("kept until the deferred call", w.Kept())
}
