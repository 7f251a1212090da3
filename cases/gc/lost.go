package gc

// Objects on the move while a collection marks: GC.LOSTOBJECT. See snapshot.go for the two halves of the barrier.
//
// The stage is a list of 200000 nodes, which the marker walks one after the other, with 2048 cells hung along it: at any time
// during marking those before the marker are black and those behind it are white. Half of the cells hold a node. Mutators move
// nodes between random cells without a pause, while collections run back to back. The nodes are as old as the stage, so each
// cycle begins with them white (what is allocated during marking is black, and could not be lost). A mutator that takes out a node
// allocates others of its class, so that the memory of a lost one soon holds something else, and the next who takes it out sees that.

import (
	"runtime"
	"sync"
	"sync/atomic"

	"gomem/cases/check"
)

const (
	stageNodes = 200000
	stageCells = 2048
)

// A cell is what a node may be held by. Cells are moved from and to by one mutator each.
type cell interface {
	get() *node
	set(n *node)
}

// A mover moves what from holds to to, which is empty, and returns it.
type mover func(from, to cell) *node

// storeThenClear has both cells refer to the node for a moment.
func storeThenClear(from, to cell) *node {
	to.set(from.get())
	from.set(nil)
	return to.get()
}

// clearThenStore has only the stack refer to the node for a moment.
func clearThenStore(from, to cell) *node {
	n := from.get()
	from.set(nil)
	to.set(n)
	return n
}

// A link is a piece of the stage.
type link struct {
	next *link
	cell cell
	pad  [2]int
}

// stage builds the list and its cells; every second cell gets a node that carries its number.
func stage(newCell func() cell) (*link, []cell) {
	cells := make([]cell, stageCells)
	var head *link
	for i := 0; i < stageNodes; i++ {
		head = &link{next: head}
		if at := i / (stageNodes / stageCells); i%(stageNodes/stageCells) == 0 && at < stageCells {
			c := newCell()
			if at%2 == 0 {
				c.set(newNode(at))
			}
			head.cell, cells[at] = c, c
		}
	}
	return head, cells
}

// cyclesOf runs collections back to back until work is done, and at least n of them while work goes on.
func cyclesOf(n int, work func(stop *int32)) {
	var stop int32
	done := make(chan bool)
	go func() {
		work(&stop)
		done <- true
	}()
	for i := 0; i < n; i++ {
		runtime.GC()
	}
	atomic.StoreInt32(&stop, 1)
	<-done
}

// loseNone is the stress: one mutator over cells of one kind.
func loseNone(newCell func() cell, move mover) {
	head, cells := stage(newCell)
	random := new(check.Rand)
	cyclesOf(check.Scale(5, 60, 600), func(stop *int32) {
		for i := 0; atomic.LoadInt32(stop) == 0; i++ {
			from, to := cells[random.Intn(len(cells))], cells[random.Intn(len(cells))]
			if from.get() == nil || to.get() != nil {
				continue
			}
			if n := move(from, to); n.check != ^n.value {
				check.Fatal("a node was lost at move", i)
			}
			spoil()
		}
	})
	whole(cells)
	runtime.KeepAlive(head)
}

// spoil allocates what takes the memory of a lost node, and is none: its check word is wrong.
func spoil() { check.Use(&node{value: -1}) }

// whole fails the case unless the cells hold each node once, unspoilt.
func whole(cells []cell) {
	var seen [stageCells]bool
	found := 0
	for _, c := range cells {
		n := c.get()
		if n == nil {
			continue
		}
		if v := n.value; v < 0 || v >= stageCells || v%2 != 0 || seen[v] || !n.is(v) {
			check.Fail("a node was lost: its memory holds", v)
			continue
		}
		seen[n.value] = true
		found++
	}
	check.Equal("nodes found", found, stageCells/2)
}

type fieldCell struct {
	pad int
	p   *node
}

func (c *fieldCell) get() *node  { return c.p }
func (c *fieldCell) set(n *node) { c.p = n }

// Moved between fields, the new one set before the old one is cleared, no node is lost.
//
//gomem:case GC.LOSTOBJECT
func FieldsStoreThenClear() { loseNone(func() cell { return new(fieldCell) }, storeThenClear) }

// Moved between fields, the old one cleared before the new one is set, no node is lost.
//
//gomem:case GC.LOSTOBJECT
func FieldsClearThenStore() { loseNone(func() cell { return new(fieldCell) }, clearThenStore) }

// Moved between elements of slices, no node is lost.
//
//gomem:case GC.LOSTOBJECT
func SlicesLoseNone() { loseNone(func() cell { return make(sliceCell, 3) }, storeThenClear) }

type sliceCell []*node

func (c sliceCell) get() *node  { return c[1] }
func (c sliceCell) set(n *node) { c[1] = n }

// Moved as a value of a map to another map and deleted from the first, no node is lost.
//
//gomem:case GC.LOSTOBJECT
func MapsLoseNone() { loseNone(func() cell { return mapCell{} }, storeThenClear) }

type mapCell map[int]*node

func (c mapCell) get() *node { return c[1] }
func (c mapCell) set(n *node) {
	if n == nil {
		delete(c, 1)
		return
	}
	c[1] = n
}

// Received from one buffered channel and sent to another, no node is lost.
//
//gomem:case GC.LOSTOBJECT
func ChannelsLoseNone() {
	loseNone(func() cell { return &chanCell{c: make(chan *node, 2)} }, func(from, to cell) *node {
		n := <-from.(*chanCell).c
		to.(*chanCell).c <- n
		return n
	})
}

// A chanCell can only be looked into by taking the value out and putting it back.
type chanCell struct{ c chan *node }

func (c *chanCell) get() *node {
	if len(c.c) == 0 {
		return nil
	}
	n := <-c.c
	c.c <- n
	return n
}
func (c *chanCell) set(n *node) { c.c <- n }

// Moved between interfaces, no node is lost.
//
//gomem:case GC.LOSTOBJECT
func InterfacesLoseNone() { loseNone(func() cell { return new(boxCell) }, storeThenClear) }

type boxCell struct{ v interface{} }

func (c *boxCell) get() *node {
	n, _ := c.v.(*node)
	return n
}
func (c *boxCell) set(n *node) {
	c.v = nil
	if n != nil {
		c.v = n
	}
}

// Moved between variables that closures captured, no node is lost.
//
//gomem:case GC.LOSTOBJECT
func ClosuresLoseNone() {
	loseNone(func() cell {
		var n *node
		return &funcCell{load: func() *node { return n }, store: func(to *node) { n = to }}
	}, clearThenStore)
}

type funcCell struct {
	load  func() *node
	store func(n *node)
}

func (c *funcCell) get() *node  { return c.load() }
func (c *funcCell) set(n *node) { c.store(n) }

// Moved by swapping whole structs and arrays, and by copy, no node is lost.
//
//gomem:case GC.LOSTOBJECT
func BulkLosesNone() {
	loseNone(func() cell { return new(bulkCell) }, func(from, to cell) *node {
		a, b := from.(*bulkCell), to.(*bulkCell)
		*b = *a
		copy(a.many[:], make([]*node, len(a.many)))
		return b.get()
	})
}

type bulkCell struct {
	id   int
	many [5]*node
}

func (c *bulkCell) get() *node  { return c.many[3] }
func (c *bulkCell) set(n *node) { c.many = [5]*node{3: n} }

// Moved with atomic operations by two goroutines at a time, no node is lost.
//
//gomem:case GC.LOSTOBJECT
func AtomicsLoseNone() {
	head, cells := stage(func() cell { return new(valueCell) })
	cyclesOf(check.Scale(5, 60, 600), func(stop *int32) {
		var both sync.WaitGroup
		for half := 0; half < 2; half++ {
			both.Add(1)
			go func(cells []cell, random *check.Rand, skip int) {
				for i := 0; i < skip; i++ {
					random.Uint64()
				}
				for atomic.LoadInt32(stop) == 0 {
					from, to := cells[random.Intn(len(cells))], cells[random.Intn(len(cells))]
					if from.get() == nil || to.get() != nil {
						continue
					}
					if n := clearThenStore(from, to); n.check != ^n.value {
						check.Fatal("a node was lost")
					}
					spoil()
				}
				both.Done()
			}(cells[half*stageCells/2:(half+1)*stageCells/2], new(check.Rand), half*1000)
		}
		both.Wait()
	})
	whole(cells)
	runtime.KeepAlive(head)
}

type valueCell struct{ v atomic.Value }

func (c *valueCell) get() *node {
	n, _ := c.v.Load().(*node)
	return n
}
func (c *valueCell) set(n *node) { c.v.Store(n) }
