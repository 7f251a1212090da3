package stack

// How large a stack is: what it starts with and how it grows. STACK.MIN, STACK.MIN.ADAPTIVE, STACK.GROW.*.
//
// One stack is too small a share of MemStats to be seen, so crowds of goroutines park at the same depth and share the bill.

import (
	"runtime"
	"unsafe"

	"gomem/cases/check"
)

// A program's first goroutines occupy 2 KiB of stack each.
//
//gomem:case STACK.MIN
//gomem:needs growstack counts
func StartsWith2KiB() {
	const n = 4096
	defer alone()()
	before := stackBytes()
	c := gather(n, func(wait func()) { wait() })
	check.Within("bytes of stack per fresh goroutine", (stackBytes()-before)/n, 2048, 2048+40)
	c.release()
}

// After a collection that scanned stacks with 20 KiB in use, a recycled goroutine starts with 32 KiB.
//
//gomem:case STACK.MIN.ADAPTIVE
//gomem:needs growstack counts
func StartsWithAverage() {
	const n = 256
	defer alone()()
	deep := gather(n, func(wait func()) {
		var top pad
		descend(&top, 20<<10, wait)
	})
	gather(8*n, func(wait func()) { wait() }).release()
	runtime.GC() // scans the deep ones, and takes the stacks of those that have exited
	before := stackBytes()
	again := gather(n, func(wait func()) { wait() })
	check.Within("bytes of stack per recycled goroutine", (stackBytes()-before)/n, 31<<10, 33<<10)
	again.release()
	deep.release()
}

// Once the average is small again, recycled goroutines start with 2 KiB again.
//
//gomem:case STACK.MIN.ADAPTIVE
//gomem:needs growstack counts
func StartsSmallAgain() {
	const n = 256
	defer alone()()
	shallow := gather(4*n, func(wait func()) { wait() })
	deep := gather(n, func(wait func()) {
		var top pad
		descend(&top, 100<<10, wait)
	})
	gather(8*n, func(wait func()) { wait() }).release()
	runtime.GC()
	deep.release()
	runtime.GC()
	drain := gather(n, func(wait func()) { wait() }) // some of these have kept a stack
	before := stackBytes()
	again := gather(n, func(wait func()) { wait() })
	check.Within("bytes of stack per recycled goroutine", (stackBytes()-before)/n, 2048, 2048+160)
	again.release()
	drain.release()
	shallow.release()
}

// All locals of a recursion that grows the stack from 2 KiB to 1 MiB hold on the way back what they held on the way down.
//
//gomem:case STACK.GROW.VALUES
func GrowthKeepsValues() {
	done := make(chan int)
	go func() {
		var top pad
		own := 42
		top[3] = &own
		n := descend(&top, 1<<20, func() {})
		check.That("the outermost frame is whole", top.holds(42))
		done <- n
	}()
	check.That("the recursion went through hundreds of frames", <-done > 500)
}

// Values of every kind survive growth in the middle of an expression that already holds some of its operands.
//
//gomem:case STACK.GROW.VALUES
func GrowthKeepsOperands() {
	done := make(chan bool)
	go func() {
		i8, u16, f32, c128 := int8(-7), uint16(65000), float32(1.5), complex(2, -3)
		s, b, e := "text", []byte("bytes"), interface{}(int64(1)<<40)
		sum := int(i8) + int(u16) + dig(300, 5) + int(f32*2) + int(imag(c128))
		check.Equal("sum with a deep call among its operands", sum, -7+65000+5+3-3)
		check.That("string", s == "text")
		check.That("slice", string(b) == "bytes" && cap(b) >= 5)
		check.Equal("interface", e, int64(1)<<40)
		check.Equal("complex", real(c128), 2.0)
		done <- true
	}()
	<-done
}

// dig needs depth frames and returns value.
func dig(depth, value int) int {
	var here pad
	here[depth&15] = &value
	if depth > 0 {
		*here[depth&15] += dig(depth-1, value) - value
	}
	return *here[depth&15]
}

// Whatever depth a goroutine is parked at, its stack is a power of two, the smallest that holds the frames in use.
//
//gomem:case STACK.GROW.DOUBLE
//gomem:needs growstack counts
func SizesArePowersOfTwo() {
	defer alone()()
	const n = 64
	for size := 8 << 10; size <= 128<<10; size *= 2 {
		before := stackBytes()
		c := gather(n, func(wait func()) {
			var top pad
			descend(&top, size/2+size/8, wait)
		})
		each := (stackBytes() - before) / n
		check.Within("bytes of stack per goroutine that uses 5/8 of a power of two", each, size-size/8, size+size/8)
		c.release()
		runtime.GC() // with all of them gone: the next ones start small again
		runtime.GC()
	}
}

// Down one long recursion the stack moves each time twice as much is in use, and not in between.
//
//gomem:case STACK.GROW.DOUBLE
//gomem:needs growstack
func GrowthDoubles() {
	result := make(chan []int)
	go func() {
		var top pad
		result <- movesDownTo(&top, uintptr(unsafe.Pointer(&top)), 3<<20, nil)
	}()
	moves := <-result
	check.Within("moves on the way to 3 MiB", len(moves), 8, 12)
	for i, used := range moves {
		if used < 30<<10 {
			continue // the guard area is a visible share of these
		}
		check.Within("per cent in use at a move, of the use at the move before", 100*used/moves[i-1], 190, 210)
	}
}

// movesDownTo recurses to target bytes and returns how many were in use at each move of the stack. last is where top was.
func movesDownTo(top *pad, last uintptr, target int, moves []int) []int {
	var here pad
	here[0] = &target
	used := distance(unsafe.Pointer(top), unsafe.Pointer(&here))
	if now := uintptr(unsafe.Pointer(top)); now != last {
		moves, last = append(moves, used), now
	}
	if used >= target {
		return moves
	}
	return movesDownTo(top, last, *here[0], moves)
}
