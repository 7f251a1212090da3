package gc

// The two halves of the hybrid barrier, each alone: GC.BARRIER.DELETE and GC.BARRIER.INSERT as far as a stress shows them. The stage is
// that of lost.go. In each round one collection runs, and only during it do nodes move, in one direction:
//
//	delete: from cells that the marker has not reached to a stack that has been scanned, where they stay to the end of the cycle
//	insert: from a stack that has not been scanned to black blocks, where they stay
//
// A node that is stored after its deletion would be saved by the other half, so nothing moves back before the cycle is over.

import (
	"runtime"
	"sync/atomic"

	"gomem/cases/check"
)

const handful = 512

// A hand is the part of a stack that holds nodes.
type hand [handful]*node

// rounds runs n collections. During each, during runs until it sees over, and after it after runs.
func rounds(n int, during func(over *int32), after func()) {
	for i := 0; i < n; i++ {
		over, done, started := new(int32), make(chan bool), new(int32)
		go func() {
			atomic.StoreInt32(started, 1)
			runtime.GC()
			atomic.StoreInt32(over, 1)
			done <- true
		}()
		check.Until(func() bool { return atomic.LoadInt32(started) != 0 })
		during(over)
		<-done
		after()
	}
}

// reuse allocates enough to take the memory of every node that the last collection freed.
func reuse() {
	for i := 0; i < 8*handful; i++ {
		spoil()
	}
}

// Nodes that are taken out of the heap during marking, and are then only on a stack that was scanned before, are not lost.
//
//gomem:case GC.BARRIER.DELETE
func TakenToStack() {
	head, cells := stage(func() cell { return new(fieldCell) })
	random := new(check.Rand)
	var held hand
	rounds(check.Scale(4, 60, 600), func(over *int32) {
		for slot := 0; atomic.LoadInt32(over) == 0; {
			c := cells[random.Intn(len(cells))]
			if slot < handful && c.get() != nil {
				held[slot] = c.get()
				c.set(nil)
				slot++
			}
			for i := 0; i < 100; i++ {
				spoil()
			}
		}
	}, func() {
		reuse()
		putBack(&held, cells)
	})
	whole(cells)
	runtime.KeepAlive(head)
}

// putBack stores the nodes of a hand in empty cells.
func putBack(held *hand, cells []cell) {
	next := 0
	for slot, n := range held {
		if n == nil {
			continue
		}
		for cells[next].get() != nil {
			next++
		}
		cells[next].set(n)
		held[slot] = nil
	}
}

// Nodes that only a stack holds when marking begins, and that are stored in black blocks and forgotten before that stack is scanned,
// are not lost. Other stacks, large and full of pointers, are in line before it.
//
//gomem:case GC.BARRIER.INSERT
func StoredFromStack() {
	leave := fillStacks(24, 4000)
	done := make(chan bool)
	go func() {
		storeFromStack(check.Scale(6, 60, 600))
		done <- true
	}()
	<-done
	close(leave)
}

func storeFromStack(n int) {
	var held hand
	var stored [handful]*node // the array is on the heap, and so are the blocks that take the nodes
	slots := &stored
	check.Keep(slots)
	for i := range held {
		held[i] = newNode(i)
	}
	rounds(n, func(over *int32) {
		for i := 0; i < handful; i++ {
			slots[i] = &node{next: held[i]}
			held[i] = nil
			for k := 0; k < 20; k++ {
				spoil()
			}
		}
		check.Until(func() bool { return atomic.LoadInt32(over) != 0 })
	}, func() {
		reuse()
		for i, b := range slots {
			if !b.next.is(i) {
				check.Fatal("the node was lost that was stored as number", i)
			}
			held[i], slots[i] = b.next, nil
		}
	})
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
