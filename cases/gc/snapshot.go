package gc

// The two halves of the hybrid barrier, each alone: GC.BARRIER.DELETE and GC.BARRIER.INSERT as far as a stress shows them. The stage is
// that of lost.go. In each round one collection runs, and only during it do nodes move, in one direction:
//
//	delete: from cells that the marker has not reached to a stack that has been scanned, where they stay to the end of the cycle
//	insert: from a stack that has not been scanned to black blocks, where they stay
//
// A node that is stored after its deletion would be saved by the other half, so nothing moves back before the cycle is over. And the
// stack's slots must be the function's own variables: through a pointer or from a closure a store to them takes the barrier, too.

import (
	"runtime"
	"sync/atomic"

	"gomem/cases/check"
)

const handful = 512

// A cycle is one collection that another goroutine runs.
type cycle struct{ started, over int32 }

// begin starts a collection and returns about when it starts.
func begin() *cycle {
	c := new(cycle)
	go func() {
		atomic.StoreInt32(&c.started, 1)
		runtime.GC()
		atomic.StoreInt32(&c.over, 1)
	}()
	check.Until(func() bool { return atomic.LoadInt32(&c.started) != 0 })
	return c
}

func (c *cycle) isOver() bool { return atomic.LoadInt32(&c.over) != 0 }

// reuse allocates enough to take the memory of every node that the last collection freed.
func reuse() {
	for i := 0; i < 8*handful; i++ {
		spoil()
	}
}

// Nodes that are taken out of the heap during marking, and are then only on a stack that was scanned before, are not lost.
//
//gomem:case GC.BARRIER.DELETE
func TakenToStack() { takenFrom(func() cell { return new(fieldCell) }) }

// The same with slices that are cleared as a whole, by a loop that does nothing else.
//
//gomem:case GC.BARRIER.DELETE
func ClearedToStack() { takenFrom(func() cell { return make(clearedCell, 5) }) }

type clearedCell []*node

func (c clearedCell) get() *node { return c[3] }

func (c clearedCell) set(n *node) {
	if n != nil {
		c[3] = n
		return
	}
	for i := range c {
		c[i] = nil
	}
}

func takenFrom(newCell func() cell) {
	head, cells := stage(newCell)
	random := new(check.Rand)
	for i := check.Scale(2, 60, 600); i > 0; i-- {
		takeToStack(cells, random)
	}
	whole(cells)
	runtime.KeepAlive(head)
}

func takeToStack(cells []cell, random *check.Rand) {
	var held [handful]*node
	taken := 0
	for c := begin(); !c.isOver(); {
		from := cells[random.Intn(len(cells))]
		if taken < handful && from.get() != nil {
			held[taken] = from.get()
			from.set(nil)
			taken++
		}
		for i := 0; i < 100; i++ {
			spoil()
		}
	}
	reuse()
	for next := 0; taken > 0; next++ {
		if cells[next].get() == nil {
			taken--
			cells[next].set(held[taken])
		}
	}
}

// Nodes that only a stack holds when marking begins, and that are stored in black blocks and forgotten before that stack is scanned,
// are not lost. Other stacks, large and full of pointers, are in line before it.
//
//gomem:case GC.BARRIER.INSERT
func StoredFromStack() {
	leave := fillStacks(16, 1000)
	done := make(chan bool)
	go func() {
		storeFromStack(check.Scale(2, 40, 400))
		done <- true
	}()
	<-done
	close(leave)
}

func storeFromStack(n int) {
	var held [handful]*node
	stored := make([]*node, handful)
	check.Keep(stored)
	for i := range held {
		held[i] = newNode(i)
	}
	for ; n > 0; n-- {
		c := begin()
		for i := 0; i < handful; i++ {
			stored[i] = &node{next: held[i]}
			held[i] = nil
			for k := 0; k < 20; k++ {
				spoil()
			}
		}
		check.Until(c.isOver)
		reuse()
		for i, b := range stored {
			if !b.next.is(i) {
				check.Fatal("the node was lost that was stored as number", i)
			}
			held[i], stored[i] = b.next, nil
		}
	}
}

// fillStacks starts n goroutines, each deep in frames that are full of pointers, which stay there until the channel is closed.
func fillStacks(n, depth int) chan bool {
	leave, there := make(chan bool), make(chan bool)
	for i := 0; i < n; i++ {
		go fillStack(depth, newNode(i), there, leave)
		<-there
	}
	return leave
}

func fillStack(depth int, n *node, there, leave chan bool) {
	var frame [32]*node
	for i := range frame {
		frame[i] = n
	}
	if depth > 0 {
		fillStack(depth-1, frame[depth&31], there, leave)
	} else {
		there <- true
		<-leave
	}
	check.That("frame", frame[depth&31] == n)
}
