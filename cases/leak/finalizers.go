package leak

// Finalizers and cycles: LEAK.FINALIZER.CYCLE, LEAK.FINALIZER.SELF. What hangs on a cycle is watched, never the cycle itself.

import (
	"runtime"
	"sync/atomic"
	"unsafe"

	"gomem/cases/check"
)

// A link is a block of a cycle.
type link struct {
	next *link
	leaf *block
	ran  *int32
}

// dropCycle makes a cycle of n blocks with a leaf on the last one and drops it. The block numbered at gets the finalizer.
func dropCycle(n, at int, finalizer func(*link)) (leaf *check.Watched, ran *int32) {
	ran = new(int32)
	links := make([]*link, n)
	for i := range links {
		links[i] = &link{ran: ran}
		if i > 0 {
			links[i-1].next = links[i]
		}
	}
	links[n-1].next = links[0]
	links[n-1].leaf, leaf = watched(n)
	if finalizer != nil {
		runtime.SetFinalizer(links[at], finalizer)
	}
	return leaf, ran
}

func count1(l *link) { atomic.AddInt32(l.ran, 1) }

// A finalizer on any one block of a cycle of two or more never runs, and what hangs on the cycle is kept.
//
//gomem:case LEAK.FINALIZER.CYCLE
//gomem:needs finalizers weak
func CycleWithFinalizerIsKept() {
	for _, n := range []int{2, 3, 500} {
		leaf, ran := dropCycle(n, n/2, count1)
		if !leaf.Kept() {
			check.Fail("what hangs on a cycle with a finalizer is collected, blocks:", n)
		}
		check.Equal("runs of the finalizer", atomic.LoadInt32(ran), 0)
	}
}

// Without a finalizer the same cycles are collected.
//
//gomem:case LEAK.FINALIZER.CYCLE
//gomem:needs finalizers weak
func CycleWithoutFinalizerIsFreed() {
	for _, n := range []int{2, 3, 500} {
		leaf, _ := dropCycle(n, 0, nil)
		if !leaf.Collected() {
			check.Fail("what hangs on a cycle without a finalizer is kept, blocks:", n)
		}
	}
}

// Broken before it is dropped, the cycle is none: the finalizer runs and all is collected.
//
//gomem:case LEAK.FINALIZER.CYCLE
//gomem:needs finalizers weak
func BrokenCycleIsFreed() {
	leaf, ran := dropBroken()
	untilFinalized(ran, 1)
	finalizeAnother()
	check.That("collected", leaf.Collected())
	check.Equal("runs of the finalizer", atomic.LoadInt32(ran), 1)
}

// untilFinalized runs collections until finalizers have counted so far.
func untilFinalized(ran *int32, n int32) {
	check.CollectUntil(func() bool { return atomic.LoadInt32(ran) >= n })
}

// finalizeAnother waits for the finalizer of one more block. One goroutine runs them all, so what has run before has returned by then, and
// nothing of its call is left that keeps a block.
func finalizeAnother() {
	ran := new(int32)
	func() { runtime.SetFinalizer(&link{ran: ran}, count1) }()
	untilFinalized(ran, 1)
}

func dropBroken() (*check.Watched, *int32) {
	ran := new(int32)
	a, b := &link{ran: ran}, &link{ran: ran}
	a.next, b.next = b, a
	leaf, w := watched(1)
	b.leaf = leaf
	runtime.SetFinalizer(a, count1)
	b.next = nil
	return w, ran
}

// The bytes that such cycles hold are never given back.
//
//gomem:case LEAK.FINALIZER.CYCLE
//gomem:needs finalizers collect counts
func CyclesRetainBytes() {
	type heavy struct {
		next *heavy
		data *[mib]byte
	}
	pair := func(final bool) interface{} {
		for i := 0; i < 4; i++ {
			a, b := &heavy{data: new([mib]byte)}, &heavy{}
			a.next, b.next = b, a
			if final {
				runtime.SetFinalizer(b, func(*heavy) {})
			}
		}
		return nil
	}
	retains("cycles with finalizers", 4*mib, func() interface{} { return pair(true) })
	retains("cycles without", 0, func() interface{} { return pair(false) })
}

// A block that points only to itself is collected and its finalizer runs, small and up to 128 KiB.
//
//gomem:case LEAK.FINALIZER.SELF
//gomem:needs finalizers
func SelfPointerIsFreed() {
	var ran int32
	func() {
		s := new(selfish)
		s.self = s
		runtime.SetFinalizer(s, func(*selfish) { atomic.AddInt32(&ran, 1) })
		l := new(large)
		l.self, l.last = l, l
		runtime.SetFinalizer(l, func(*large) { atomic.AddInt32(&ran, 1) })
	}()
	untilFinalized(&ran, 2)
}

// Beyond that the marker takes a block in pieces of 128 KiB, and a pointer from a later piece to the start keeps it, finalizer and all.
//
//gomem:case LEAK.FINALIZER.SELF
//gomem:needs finalizers
func LargeSelfPointerIsKept() {
	var ran int32
	func() {
		l := new(huge)
		l[len(l)-1] = l
		runtime.SetFinalizer(l, func(*huge) { atomic.AddInt32(&ran, 1) })
	}()
	for i := 0; i < 4; i++ {
		finalizeAnother()
	}
	check.Equal("runs of the finalizer", atomic.LoadInt32(&ran), 0)
}

// A huge is 256 KiB on 64-bit systems and on 32-bit ones.
type huge [256 << 10 / unsafe.Sizeof(uintptr(0))]*huge

type selfish struct {
	self *selfish
	pad  [4]int
}

// A large is 128 KiB on 64-bit systems and less on 32-bit ones, with pointers to itself at both ends.
type large struct {
	self *large
	pad  [128<<10/8 - 2]int
	last *large
}
