//go:build gomem

package gc

// Where the barrier is and what it saves: GC.BARRIER.HYBRID, GC.BARRIER.OFF, GC.BARRIER.STACK, GC.PHASES.

import (
	"runtime"
	"unsafe"

	"gomem/cases/check"
	"gomem/cases/probe"
)

// Whatever is allocated during marking is black at once: small and large blocks, with pointers and without, with a header and tiny ones.
//
//gomem:case GC.BARRIER.HYBRID
//gomem:needs probe
func NewBlocksAreBlack() {
	stepped(func() {
		probe.Step(probe.Marking)
		for _, phase := range []probe.Phase{probe.Marking, probe.Roots, probe.Stacks, probe.Marked} {
			probe.Step(phase)
			blocks := newOfEachKind()
			probe.Scan(probe.Goroutine())
			colours("allocated during marking", probe.Black, blocks[:]...)
		}
	})
}

var kinds struct {
	small  *node
	bytes  *[100]byte
	headed *[100]*node
	tiny   *int32
	large  *[20000]*node
	wide   *[100000]byte
}

func newOfEachKind() [6]uintptr {
	kinds.small, kinds.bytes, kinds.headed = new(node), new([100]byte), new([100]*node)
	kinds.tiny, kinds.large, kinds.wide = new(int32), new([20000]*node), new([100000]byte)
	return [6]uintptr{
		hidden(kinds.small), probe.Hidden(unsafe.Pointer(kinds.bytes)), probe.Hidden(unsafe.Pointer(kinds.headed)),
		probe.Hidden(unsafe.Pointer(kinds.tiny)), probe.Hidden(unsafe.Pointer(kinds.large)), probe.Hidden(unsafe.Pointer(kinds.wide)),
	}
}

// Once scanned, no stack is looked at again, though goroutines went on and changed theirs; also not in the pause that ends marking.
//
//gomem:case GC.BARRIER.HYBRID
//gomem:needs probe
func NoStackIsRescanned() {
	stepped(func() {
		team := newTeam(10)
		probe.Step(probe.Stacks)
		scanned, paused := probe.Counter("stacks_scanned"), probe.Counter("pause_stacks")
		for round := 0; round < 3; round++ {
			team.workAll()
		}
		probe.Step(probe.Marked)
		team.workAll()
		probe.Step(probe.Terminated)
		check.Equal("stacks scanned after they had been", probe.Counter("stacks_scanned")-scanned, 0)
		check.Equal("stacks scanned in the pause", probe.Counter("pause_stacks")-paused, 0)
		probe.Step(probe.Done)
		team.dismiss()
	})
}

// A team is goroutines that do a step of work each time they are asked: they hold a list on their stacks and make it longer.
type team struct {
	ask, done []chan bool
	ids       []uint64
	broken    int
}

func newTeam(n int) *team {
	t := &team{}
	for i := 0; i < n; i++ {
		t.ask, t.done, t.ids = append(t.ask, make(chan bool)), append(t.done, make(chan bool)), append(t.ids, 0)
		go t.member(i)
		<-t.done[i]
	}
	return t
}

func (t *team) member(i int) {
	var own *node
	t.ids[i] = probe.Goroutine()
	t.done[i] <- true
	length := 0
	for <-t.ask[i] {
		next := newNode(length)
		next.next = own // not in the literal: the new block is black, and this stack may not be
		own = next
		length++
		t.done[i] <- true
	}
	if !own.holds(length) {
		t.broken++
	}
	t.done[i] <- true
}

// work has one member do a step.
func (t *team) work(i int) {
	t.ask[i] <- true
	<-t.done[i]
}

func (t *team) workAll() {
	for i := range t.ask {
		t.work(i)
	}
}

func (t *team) dismiss() {
	for i := range t.ask {
		t.ask[i] <- false
		<-t.done[i]
	}
	check.Equal("members whose list was broken", t.broken, 0)
}

const stores = 1000

// storeToHeap stores a pointer many times in a block, through a pointer, and in a variable.
func storeToHeap(n *node) {
	holder := new(node)
	check.Keep(holder)
	for i := 0; i < stores; i++ {
		holder.next = n
		root = n
	}
}

// A store to a block or a variable takes the barrier's path during marking, each time, and at no other time: not before the cycle's
// mark set-up, not after its termination, not between cycles.
//
//gomem:case GC.BARRIER.OFF
//gomem:needs probe
func BarrierOnlyWhileMarking() {
	stepped(func() {
		n := newNode(1)
		barriers := func() int {
			before := probe.Counter("barriers")
			storeToHeap(n)
			return int(probe.Counter("barriers") - before)
		}
		for cycle := 0; cycle < 3; cycle++ {
			check.Equal("barriers between cycles", barriers(), 0)
			for phase := probe.Swept; phase <= probe.Done; phase++ {
				probe.Step(phase)
				if phase >= probe.Marking && phase <= probe.Marked {
					check.Within("barriers during marking", barriers(), 2*stores, 2*stores+10)
				} else {
					check.Equal("barriers outside marking", barriers(), 0)
				}
			}
		}
	})
}

// Stores to variables of the function, to their fields and to elements of an array among them take no barrier during marking.
//
//gomem:case GC.BARRIER.STACK
//gomem:needs probe
func StackStoresAreFree() {
	stepped(func() {
		n := newNode(1)
		probe.Step(probe.Marking)
		before, shades := probe.Counter("barriers"), probe.Counter("shades")
		var variable *node
		var fields struct{ p, q *node }
		var elements [8]*node
		var boxed interface{}
		for i := 0; i < stores; i++ {
			variable = n
			fields.p, fields.q = variable, n
			elements[i%len(elements)] = fields.q
			boxed = elements[i%len(elements)]
			if i%2 == 0 {
				fields.q, variable = nil, nil
			}
		}
		check.Equal("barriers for stores to the stack", probe.Counter("barriers")-before, 0)
		check.Equal("blocks shaded by them", probe.Counter("shades")-shades, 0)
		runtime.KeepAlive(&variable)
		runtime.KeepAlive(&fields)
		runtime.KeepAlive(&elements)
		runtime.KeepAlive(&boxed)
	})
}

// The phases follow each other: a sweep is whole before marking begins, marking goes on with the barrier on, and sweeping begins when it
// is over, and not before somebody sweeps.
//
//gomem:case GC.PHASES
//gomem:needs probe
func PhasesInOrder() {
	stepped(func() {
		for i := 0; i < 4; i++ {
			sink = list(10000)
			sink = nil
			cycles := probe.Counter("cycles")
			probe.Step(probe.Swept)
			swept := probe.Counter("sweeps")
			probe.Step(probe.Marked)
			check.Equal("spans swept during marking", probe.Counter("sweeps")-swept, 0)
			check.Equal("cycles counted before marking is over", probe.Counter("cycles")-cycles, 0)
			probe.Step(probe.Terminated)
			check.Equal("spans swept before anybody sweeps", probe.Counter("sweeps")-swept, 0)
			check.Equal("cycles counted when marking is over", probe.Counter("cycles")-cycles, 1)
			probe.Step(probe.Done)
			check.Within("spans swept after that", int(probe.Counter("sweeps")-swept), 10000*int(unsafe.Sizeof(node{}))/8192, 1<<20)
		}
	})
}
