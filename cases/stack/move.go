package stack

// Stacks move: STACK.MOVE. Each case makes a goroutine's stack grow, or shrink under a blocked operation, and then uses every kind
// of pointer that the stack holds to itself. A uintptr is not a pointer: it keeps the old address, which shows the move.

import (
	"runtime"
	"sync/atomic"
	"unsafe"

	"gomem/cases/check"
)

// onFreshStack runs f on a new goroutine, whose stack is still small, and waits for it.
func onFreshStack(f func()) {
	done := make(chan bool)
	go func() {
		f()
		done <- true
	}()
	<-done
}

// grow makes the stack at least 256 KiB large.
func grow() {
	var top pad
	descend(&top, 256<<10, func() {})
}

// The address of a local that does not escape changes when the stack grows.
//
//gomem:case STACK.MOVE
//gomem:needs growstack
func AddressChanges() {
	onFreshStack(func() {
		x := 1
		p := &x
		before := uintptr(unsafe.Pointer(p))
		grow()
		check.That("the variable moved", uintptr(unsafe.Pointer(p)) != before)
		check.That("the pointer still refers to it", p == &x && *p == 1)
		*p = 2
		check.Equal("the variable after a store through the pointer", x, 2)
	})
}

// A pointer into the middle of an array or a struct, and a slice of one, move with it.
//
//gomem:case STACK.MOVE
func InteriorPointersFollow() {
	onFreshStack(func() {
		var a [9]int
		var s struct {
			head  [3]byte
			inner struct{ x, y uint16 }
		}
		p, q, part := &a[4], &s.inner.y, a[2:7:8]
		grow()
		*p, *q, part[4], part = 44, 77, 66, append(part, 88)
		check.Equal("element through a pointer", a[4], 44)
		check.Equal("field through a pointer", s.inner.y, uint16(77))
		check.Equal("element through a slice", a[6], 66)
		check.Equal("element through append", a[7], 88)
		check.That("addresses agree", p == &a[4] && q == &s.inner.y && &part[0] == &a[2])
	})
}

// Pointers to pointers, pointers in arrays, structs and interfaces on the stack are followed at every level.
//
//gomem:case STACK.MOVE
func NestedPointersFollow() {
	onFreshStack(func() {
		x := 1
		p := &x
		pp := &p
		ppp := &pp
		table := [3]*int{nil, p, nil}
		holder := struct {
			name string
			at   *[3]*int
		}{"table", &table}
		var boxed interface{} = p
		var raw unsafe.Pointer = unsafe.Pointer(&x)
		grow()
		***ppp++
		*holder.at[1]++
		*boxed.(*int)++
		*(*int)(raw)++
		check.Equal("the variable after four increments", x, 5)
	})
}

// What a closure captured by reference, a method value's receiver and a deferred call's argument stay the frame's variables.
//
//gomem:case STACK.MOVE
func ClosuresFollow() {
	onFreshStack(func() {
		var n counter
		add := func(k int) { n += counter(k) }
		inc := n.increment
		func() {
			defer n.increment()
			defer func(p *counter) { *p += 10 }(&n)
			grow()
			add(100)
			inc()
		}()
		check.Equal("the variable after all four", int(n), 112)
	})
}

type counter int

func (c *counter) increment() { *c++ }

// Pointers passed down as arguments, and a result stored through one, follow a move that happens many calls deeper.
//
//gomem:case STACK.MOVE
func ArgumentsFollow() {
	onFreshStack(func() {
		var first, last int
		sum := 0
		passDown(2000, &first, &sum, []*int{&last})
		check.Equal("stored at the bottom through a pointer", first, 7)
		check.Equal("stored through a pointer in a slice", last, 9)
		check.Equal("added up on the way back", sum, 2000)
	})
}

func passDown(depth int, first, sum *int, rest []*int) {
	if depth == 0 {
		*first, *rest[0] = 7, 9
		return
	}
	passDown(depth-1, first, sum, rest)
	*sum++
}

// The values that range and a switch work on, and named results that deferred calls change, move too.
//
//gomem:case STACK.MOVE
func LoopsFollow() {
	onFreshStack(func() {
		a := [4]int{1, 2, 3, 4}
		sum := 0
		for i, p := range [2]*int{&a[1], &a[3]} {
			if i == 0 {
				grow()
			}
			*p *= 10
			sum += *p
		}
		check.Equal("sum through pointers", sum, 60)
		check.Equal("element", a[3], 40)
		check.Equal("named result", deferredResult(), 3)
	})
}

func deferredResult() (r int) {
	p := &r
	defer func() { *p++ }()
	grow()
	*p = 1
	defer func() { r++ }()
	return r
}

// On the way back from a recovered panic the recovering frame's pointers are those of the moved stack.
//
//gomem:case STACK.MOVE
func RecoveryFollows() {
	onFreshStack(func() {
		x := 1
		p := &x
		text := check.Panics(func() {
			defer func() { *p = 2 }()
			dig(2000, 1)
			panic("deep")
		})
		check.Equal("panic value", text, "deep")
		check.Equal("variable set by the deferred call", x, 2)
		check.That("pointer and variable agree", p == &x)
	})
	onFreshStack(func() {
		x := 1
		p := &x
		func() {
			defer func() {
				grow()
				check.Equal("value after growth in the deferred call", recover(), "shallow")
				*p = 2
			}()
			panic("shallow")
		}()
		check.Equal("variable set by the call that grew", x, 2)
		check.That("pointer and variable agree after it", p == &x)
	})
}

// A variable that a blocked receive will store to moves when a collection shrinks the stack meanwhile; the value arrives in it.
//
//gomem:case STACK.MOVE
//gomem:needs growstack
func BlockedReceiveFollows() {
	shrinkWhileBlocked(func(c, _ chan [3]int) [3]int {
		var got [3]int
		p := &got
		got = <-c
		return *p
	})
}

// The same for a select with a receive and a send, in which the receive goes on.
//
//gomem:case STACK.MOVE
//gomem:needs growstack
func BlockedSelectFollows() {
	shrinkWhileBlocked(func(c, never chan [3]int) [3]int {
		var got [3]int
		ok := false
		p, q := &got, &ok
		select {
		case got, ok = <-c:
		case never <- got:
		}
		check.That("second result", *q)
		return *p
	})
}

// A value that a blocked send takes from the stack is taken from where it moved to.
//
//gomem:case STACK.MOVE
//gomem:needs growstack
func BlockedSendFollows() {
	c, answer := make(chan [3]int), make(chan bool)
	var moved, blocked int32
	go func() {
		value := [3]int{1, 2, 3}
		p := &value
		grow()
		before := uintptr(unsafe.Pointer(p))
		atomic.StoreInt32(&blocked, 1)
		c <- *p
		if uintptr(unsafe.Pointer(p)) != before {
			atomic.StoreInt32(&moved, 1)
		}
		answer <- *p == [3]int{1, 2, 3}
	}()
	shrinkAll(&blocked)
	check.Equal("value received", (<-c)[2], 3)
	check.That("the sender's copy is intact", <-answer)
	check.Equal("moves of the blocked sender", atomic.LoadInt32(&moved), 1)
}

// shrinkWhileBlocked runs receive on a stack that has been large, collects while it is blocked, and then sends to it.
func shrinkWhileBlocked(receive func(c, never chan [3]int) [3]int) {
	c, never, answer := make(chan [3]int), make(chan [3]int), make(chan [3]int)
	var moved, blocked int32
	go func() {
		here := 0
		grow()
		before := uintptr(unsafe.Pointer(&here))
		atomic.StoreInt32(&blocked, 1)
		got := receive(c, never)
		if uintptr(unsafe.Pointer(&here)) != before {
			atomic.StoreInt32(&moved, 1)
		}
		answer <- got
	}()
	shrinkAll(&blocked)
	c <- [3]int{4, 5, 6}
	check.That("the value arrived whole", <-answer == [3]int{4, 5, 6})
	check.Equal("moves of the blocked receiver", atomic.LoadInt32(&moved), 1)
}

// shrinkAll collects until stacks have shrunk as far as they do. The goroutine that sets the flag is given time to block after it.
func shrinkAll(flag *int32) {
	check.Until(func() bool { return atomic.LoadInt32(flag) != 0 })
	check.Yields(100)
	for i := 0; i < 10; i++ {
		runtime.GC()
		check.Yields(10)
	}
}
