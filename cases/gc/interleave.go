//go:build gomem

package gc

// A program and the collector, interleaved in every way: GC.LOSTOBJECT, GC.BARRIER.DELETE, GC.BARRIER.INSERT.
//
// The program has a few operations in a fixed order, the collector its steps: R looks at variables, which makes the two holders grey, S
// scans the program's stack, A and C blacken the holders. Every order of steps with R before A and C is tried, with every
// way to merge it with the program's operations; each is a cycle of its own, after which the node must be black, and whole.

import (
	"runtime"
	"unsafe"

	"gomem/cases/check"
	"gomem/cases/probe"
)

// orders are the collector's: S anywhere, A and C behind R.
var orders = []string{"RACS", "RASC", "RSAC", "SRAC", "RCAS", "RCSA", "RSCA", "SRCA"}

// merges calls f with every way to merge steps with n operations of the program, written as digits.
func merges(n int, f func(schedule string)) {
	for _, order := range orders {
		merge("", order, 0, n, f)
	}
}

func merge(done, steps string, at, n int, f func(string)) {
	if steps == "" && at == n {
		f(done)
		return
	}
	if at < n {
		merge(done+string(rune('0'+at)), steps, at+1, n, f)
	}
	if steps != "" {
		merge(done+steps[:1], steps[1:], at, n, f)
	}
}

// A holder is what variables refer to: a cell, and the address of the block to blacken for it.
type holder struct {
	cell  cell
	block uintptr
}

// from and to are variables, so that step R finds the holders.
var from, to *holder

// collect does one of the collector's steps.
func collect(step byte) {
	switch step {
	case 'R':
		probe.Step(probe.Roots)
	case 'S':
		probe.Scan(probe.Goroutine())
	case 'A':
		blackenAll(to)
	case 'C':
		blackenAll(from)
	}
}

// blackenAll blackens a holder and its cell, which is the holder's to refer to.
func blackenAll(h *holder) {
	probe.Blacken(probe.Hidden(unsafe.Pointer(h)))
	probe.Blacken(h.block)
}

// survives ends the cycle and fails the case if the node is white, or is not what it was.
func survives(schedule string, b uintptr, n func() *node) {
	probe.Step(probe.Marked)
	if c := probe.ColourOf(b); c != probe.Black {
		check.Fatal("lost under", schedule+": the node is", c.String())
	}
	probe.Step(probe.Done)
	spoil()
	if got := n(); hidden(got) != b || !got.is(1) {
		check.Fatal("lost under", schedule)
	}
}

// place makes the holders anew, the first with a node that nothing else refers to, and returns the node's address.
func place(newHolder func() *holder) uintptr {
	from, to = newHolder(), newHolder()
	n := newNode(1)
	from.cell.set(n)
	return hidden(n)
}

// moveAll moves a node in every way to merge: it is loaded, stored and cleared, or loaded, cleared and stored, then dropped.
func moveAll(newHolder func() *holder) {
	stepped(func() {
		for _, storeFirst := range []bool{true, false} {
			merges(4, func(schedule string) {
				b := place(newHolder)
				probe.Step(probe.Marking)
				moveOne(schedule, storeFirst)
				survives(schedule, b, func() *node { return to.cell.get() })
			})
		}
	})
}

func moveOne(schedule string, storeFirst bool) {
	var p *node
	for i := 0; i < len(schedule); i++ {
		switch op := schedule[i]; {
		case op == '0':
			p = from.cell.get()
		case op == '1' && storeFirst, op == '2' && !storeFirst:
			to.cell.set(p)
		case op == '1' || op == '2':
			from.cell.set(nil)
		case op == '3':
			p = nil
		default:
			collect(op)
		}
	}
	runtime.KeepAlive(p)
}

func fieldHolder() *holder {
	c := new(fieldCell)
	return &holder{c, probe.Hidden(unsafe.Pointer(c))}
}

// Every merge of a move between fields with the collector's steps keeps the node: 1120 cycles.
//
//gomem:case GC.LOSTOBJECT
//gomem:needs probe
func EveryMergeOfFields() { moveAll(fieldHolder) }

// Every merge of a move between elements of slices keeps the node.
//
//gomem:case GC.LOSTOBJECT
//gomem:needs probe
func EveryMergeOfSlices() {
	moveAll(func() *holder {
		c := make(sliceCell, 3)
		return &holder{c, probe.Hidden(unsafe.Pointer(&c[0]))}
	})
}

// Every merge of a move between interfaces keeps the node.
//
//gomem:case GC.LOSTOBJECT
//gomem:needs probe
func EveryMergeOfInterfaces() {
	moveAll(func() *holder {
		c := new(boxCell)
		return &holder{c, probe.Hidden(unsafe.Pointer(c))}
	})
}

// Every merge of a move from one map's values to another's keeps the node.
//
//gomem:case GC.LOSTOBJECT
//gomem:needs probe
func EveryMergeOfMaps() {
	moveAll(func() *holder {
		c := mapCell{2: nil}
		return &holder{c, *(*uintptr)(unsafe.Pointer(&c))}
	})
}

// Every merge of a move from one channel's buffer to another's keeps the node.
//
//gomem:case GC.LOSTOBJECT
//gomem:needs probe
func EveryMergeOfChannels() {
	moveAll(func() *holder {
		c := &queueCell{c: make(chan *node, 2)}
		return &holder{c, *(*uintptr)(unsafe.Pointer(&c.c))}
	})
}

// A queueCell's get takes the node out, but for the one that looks at the end.
type queueCell struct{ c chan *node }

func (q *queueCell) get() *node { return <-q.c }
func (q *queueCell) set(n *node) {
	if n != nil {
		q.c <- n
	}
}

// A node that the program takes out of the heap, under every merge with the collector's steps, is kept by the stack that has it
// to the end, whether that was scanned before or after.
//
//gomem:case GC.BARRIER.DELETE
//gomem:needs probe
func EveryMergeTakesOut() {
	stepped(func() {
		merges(2, func(schedule string) {
			b := place(fieldHolder)
			probe.Step(probe.Marking)
			takeOut(schedule, b)
		})
	})
}

func takeOut(schedule string, b uintptr) {
	var p *node
	for i := 0; i < len(schedule); i++ {
		switch op := schedule[i]; op {
		case '0':
			p = from.cell.get()
		case '1':
			from.cell.set(nil)
		default:
			collect(op)
		}
	}
	survives(schedule, b, func() *node { return p })
}

// A node that only the stack has at the start, stored in the heap and dropped under every merge with the collector's steps, is kept by
// the heap, whether the stack was scanned before or after.
//
//gomem:case GC.BARRIER.INSERT
//gomem:needs probe
func EveryMergePutsIn() {
	stepped(func() {
		merges(2, func(schedule string) {
			place(fieldHolder)
			from.cell.set(nil)
			putIn(schedule)
		})
	})
}

func putIn(schedule string) {
	p := newNode(1)
	b := hidden(p)
	probe.Step(probe.Marking)
	for i := 0; i < len(schedule); i++ {
		switch op := schedule[i]; op {
		case '0':
			to.cell.set(p)
		case '1':
			p = nil
		default:
			collect(op)
		}
	}
	runtime.KeepAlive(p)
	survives(schedule, b, func() *node { return to.cell.get() })
}
