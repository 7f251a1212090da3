//go:build gomem

package leak

// What keeps a block, as the backend tells it: LEAK.RETAINED.

import (
	"runtime"
	"unsafe"

	"gomem/cases/check"
	"gomem/cases/probe"
)

type linked struct {
	number int
	next   *linked
}

const nextAt = unsafe.Offsetof(linked{}.next)

// chain returns n links and, hidden, the last of them.
//
//go:noinline
func chain(n int) (*linked, uintptr) {
	first := &linked{number: 1}
	last := first
	for i := 2; i <= n; i++ {
		last.next = &linked{number: i}
		last = last.next
	}
	return first, probe.Hidden(unsafe.Pointer(last))
}

// isHeld compares a holder with what it has to be.
func isHeld(what string, h probe.Holder, kind probe.HolderKind, name string, offset uintptr) {
	check.Equal(what+": kind", int(h.Kind), int(kind))
	check.Equal(what+": name", h.Name, name)
	check.Equal(what+": offset", h.Offset, offset)
	check.That(what+": the offset is inside", h.Offset < h.Bytes)
}

var retainedChain *linked

// A variable, and the blocks between it and the one in question, each with the place of the pointer to the next.
//
//gomem:case LEAK.RETAINED
//gomem:needs probe
func RetainedByVariable() {
	first, last := chain(4)
	retainedChain = first
	first = nil
	runtime.GC()
	way := probe.Retainers(last)
	check.Equal("holders", len(way), 4)
	isHeld("the variable", way[0], probe.Variable, "gomem/cases/leak.retainedChain", 0)
	for i, at := 1, retainedChain; i < 4; i, at = i+1, at.next {
		isHeld("a linked", way[i], probe.Block, "", nextAt)
		check.Equal("its block", way[i].Address, probe.Hidden(unsafe.Pointer(at)))
	}
	retainedChain = nil
}

var retainedTwice struct {
	_           int
	long, short *linked
}

// Of two ways the one with fewer blocks is told, and in which part of the variable it begins.
//
//gomem:case LEAK.RETAINED
//gomem:needs probe
func RetainedTheShortWay() {
	target, hidden := chain(1)
	long, _ := chain(5)
	short, _ := chain(2)
	long.next.next.next.next.next, short.next.next = target, target
	retainedTwice.long, retainedTwice.short = long, short
	target, long, short = nil, nil, nil
	way := probe.Retainers(hidden)
	check.Equal("holders", len(way), 3)
	isHeld("the variable", way[0], probe.Variable, "gomem/cases/leak.retainedTwice", unsafe.Offsetof(retainedTwice.short))
	retainedTwice.short.next.next = nil
	way = probe.Retainers(hidden)
	check.Equal("holders by the other way", len(way), 6)
	isHeld("the variable", way[0], probe.Variable, "gomem/cases/leak.retainedTwice", unsafe.Offsetof(retainedTwice.long))
	retainedTwice.long = nil
}

var retainedPart []int64

// A slice keeps its whole array, whose block it points into.
//
//gomem:case LEAK.RETAINED
//gomem:needs probe
func RetainedByPart() {
	whole := make([]int64, 1000)
	first := probe.Hidden(unsafe.Pointer(&whole[0]))
	retainedPart = whole[900:]
	whole = nil
	way := probe.Retainers(first)
	check.Equal("holders", len(way), 1)
	isHeld("the variable", way[0], probe.Variable, "gomem/cases/leak.retainedPart", 0)
	retainedPart = nil
}

// holdUntil has a linked in its frame until it is told to go on.
//
//go:noinline
func holdUntil(goOn chan bool, tell func(number uint64, hidden uintptr, line int)) {
	l, hidden := chain(1)
	tell(probe.Goroutine(), hidden, here()+1)
	<-goOn
	use(&l)
}

//go:noinline
func use(l **linked) { check.That("the linked is there", (*l).number == 1) }

// A call, by its function, its line and the goroutine's number.
//
//gomem:case LEAK.RETAINED
//gomem:needs probe
func RetainedByCall() {
	var number uint64
	var hidden uintptr
	var line int
	goOn, ended := make(chan bool), make(chan bool)
	go func() {
		holdUntil(goOn, func(n uint64, h uintptr, l int) { number, hidden, line = n, h, l; goOn <- true })
		ended <- true
	}()
	<-goOn
	var way []probe.Holder
	check.Until(func() bool { // it blocks
		way = probe.Retainers(hidden)
		return len(way) > 0 && way[0].Line == line
	})
	check.That("the kind is a frame", way[0].Kind == probe.Frame)
	check.Equal("goroutine", way[0].Goroutine, number)
	check.Equal("function", way[0].Function, "gomem/cases/leak.holdUntil")
	goOn <- true
	<-ended
	check.Equal("holders at the end", len(probe.Retainers(hidden)), 0)
}

var retainedObject *linked

// The function of a finalizer, which the runtime has.
//
//gomem:case LEAK.RETAINED
//gomem:needs probe
func RetainedByFinalizer() {
	captured, hidden := chain(1)
	retainedObject, _ = chain(1)
	runtime.SetFinalizer(retainedObject, func(*linked) { captured.number = 2 })
	way := probe.Retainers(hidden)
	check.Within("holders", len(way), 2, 3)
	check.That("the kind is the runtime", way[0].Kind == probe.Runtime)
	check.Equal("what of it", way[0].Name, "a finalizer")
	runtime.SetFinalizer(retainedObject, nil)
	check.Equal("holders without it", len(probe.Retainers(hidden)), 0)
	retainedObject = nil
}

// What nothing keeps has no holder, although it is still there until a collection; nor has what is no block.
//
//gomem:case LEAK.RETAINED
//gomem:needs probe
func RetainedByNothing() {
	l, hidden := chain(1)
	retainedChain = l
	l = nil
	check.Equal("holders", len(probe.Retainers(hidden)), 1)
	retainedChain = nil
	check.Equal("holders once it is dropped", len(probe.Retainers(hidden)), 0)
	check.Equal("holders of no block", len(probe.Retainers(1)), 0)
	runtime.GC()
	check.Equal("holders after a collection", len(probe.Retainers(hidden)), 0)
}
