package gc

// What the collector's cases share: blocks that can be recognised and watched, churn that reuses what was freed, and readings
// of MemStats.

import (
	"runtime"
	"runtime/debug"
	"unsafe"

	"gomem/cases/check"
)

// A node is a block of its own (it holds a pointer and is no tiny object) whose content tells whether it is still itself.
type node struct {
	next  *node
	value int
	check int
	spare int
}

// newNode returns a node that is recognised by its value. It is not inlined, so that the node is in the heap whatever becomes of it.
//
//go:noinline
func newNode(value int) *node { return &node{value: value, check: ^value} }

// is tells whether n is the node that was made with value.
func (n *node) is(value int) bool { return n != nil && n.value == value && n.check == ^value }

// watchedNode returns a new node and a watch on it.
func watchedNode(value int) (*node, *check.Watched) {
	n := newNode(value)
	return n, check.Watch(unsafe.Pointer(n))
}

// list returns the head of n linked nodes, valued n-1 down to 0.
func list(n int) *node {
	var head *node
	for i := 0; i < n; i++ {
		next := newNode(i)
		next.next = head
		head = next
	}
	return head
}

// holds tells whether the list is n nodes long and all of them are whole.
func (head *node) holds(n int) bool {
	for head != nil {
		n--
		if !head.is(n) {
			return false
		}
		head = head.next
	}
	return n == 0
}

// churn allocates and drops n nodes, so that memory of a node freed too early soon holds another value.
func churn(n int) {
	for i := 0; i < n; i++ {
		sink = newNode(-1)
	}
	sink = nil
}

// sink and bytes take what must be allocated on the heap.
var (
	sink  *node
	bytes []byte
)

// kept fails the case when the watched node that holder keeps does not outlive several collections.
func kept(holder string, w *check.Watched) {
	if !w.Kept() {
		check.Fail("lost the node that only this keeps:", holder)
	}
	churn(4096)
}

// stats reads the memory statistics.
func stats() *runtime.MemStats {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return &m
}

// withoutCollector switches automatic collections off until the function that it returns is called.
func withoutCollector() func() {
	percent := debug.SetGCPercent(-1)
	return func() { debug.SetGCPercent(percent) }
}
