//go:build gomem

package gc

// What the cases that step the collector share. Each runs on one processor and without other collections, and steps through one
// cycle or more: nothing happens that it has not ordered, so what it finds is exact. Blocks are named by their addresses, which are
// numbers, so that naming one keeps nothing alive.

import (
	"runtime"
	"unsafe"

	"gomem/cases/check"
	"gomem/cases/probe"
)

// stepped runs f on one processor, with collections only where f steps them, and checks each against a second mark.
func stepped(f func()) {
	procs := runtime.GOMAXPROCS(1)
	runtime.GC()
	on := withoutCollector()
	probe.Check(true)
	errors := probe.Counter("check_errors")
	f()
	probe.Step(probe.Done)
	check.Equal("reachable blocks that a cycle left unmarked", probe.Counter("check_errors")-errors, 0)
	probe.Check(false)
	on()
	runtime.GOMAXPROCS(procs)
}

func hidden(n *node) uintptr { return probe.Hidden(unsafe.Pointer(n)) }

// colours fails the case unless each block has the colour.
func colours(when string, want probe.Colour, blocks ...uintptr) {
	for i, b := range blocks {
		if got := probe.ColourOf(b); got != want {
			check.Fail(when+": block", i, "is", got.String(), "want", want.String())
		}
	}
}

// root is a variable that the collector finds when it looks at variables.
var root, otherRoot *node

// chain returns the addresses of n linked nodes, the first of which root refers to.
func chain(n int) []uintptr {
	root = list(n)
	blocks := make([]uintptr, 0, n)
	for p := root; p != nil; p = p.next {
		blocks = append(blocks, hidden(p))
	}
	return blocks
}
