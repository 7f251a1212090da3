//go:build go1.24

package leak

// LEAK.FINALIZER.CLEANUP: cleanups do not keep a cycle.

import (
	"runtime"
	"sync/atomic"

	"gomem/cases/check"
)

// A cleanup on any block of a cycle runs, and what hangs on the cycle is collected.
//
//gomem:case LEAK.FINALIZER.CLEANUP
//gomem:needs finalizers weak
func CycleWithCleanupIsFreed() {
	for _, n := range []int{1, 2, 500} {
		var ran int32
		leaf := dropCycleWithCleanup(n, &ran)
		if !leaf.Collected() {
			check.Fail("what hangs on a cycle with a cleanup is kept, blocks:", n)
		}
		check.Until(func() bool { return atomic.LoadInt32(&ran) == 1 })
	}
}

func dropCycleWithCleanup(n int, ran *int32) *check.Watched {
	first := &link{}
	last := first
	for i := 1; i < n; i++ {
		last.next = &link{}
		last = last.next
	}
	last.next = first
	leaf, w := watched(n)
	last.leaf = leaf
	runtime.AddCleanup(last, func(ran *int32) { atomic.AddInt32(ran, 1) }, ran)
	return w
}
