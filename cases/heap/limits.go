package heap

// Requests that cannot be met: HEAP.OOM.*.

import (
	"runtime"

	"gomem/cases/check"
)

var (
	pagesSink [][]byte
	chanSink  chan [64]byte
	intsSink  []int64
	cellsSink [][64]byte
)

// count returns n as a number that the compiler does not know.
func count(n int) int { return n }

// bits is the size of a word, and maxInt the largest int.
var (
	bits   = count(check.Word * 8)
	maxInt = int(^uint(0) >> 1)
)

// A request that no machine can meet ends the program: a fatal error, status 2, no panic to recover.
//
//gomem:case HEAP.OOM.FATAL
//gomem:needs 64bit
//gomem:exit 2
//gomem:stderr fatal error:
//gomem:stderr out of memory
func OutOfMemoryIsFatal() {
	defer func() {
		check.Fail("recover got", recover() != nil)
	}()
	bytesSink = make([]byte, count(1)<<47)
}

// The fatal error says how large the block was.
//
//gomem:case HEAP.OOM.FATAL
//gomem:needs 64bit
//gomem:exit 2
//gomem:stderr runtime: out of memory: cannot allocate 140737488355328-byte block (
//gomem:stderr  in use)
//gomem:stderr fatal error: out of memory
func OutOfMemoryNamesTheBlock() {
	bytesSink = make([]byte, count(1)<<47)
}

// On a 32-bit target the address space ends the same way: the sum of two requests that are each below half of it does not fit.
//
//gomem:case HEAP.OOM.FATAL
//gomem:needs 32bit
//gomem:exit 2
//gomem:stderr fatal error:
//gomem:stderr out of memory
func OutOfMemory32() {
	defer func() {
		check.Fail("recover got", recover() != nil)
	}()
	for i := 0; i < 4; i++ {
		pagesSink = append(pagesSink, make([]byte, count(1<<30)))
	}
}

// impossible checks that f panics with a runtime error of that text, which recover stops.
func impossible(what, text string, f func()) {
	v := check.Panics(f)
	if v == nil {
		check.Fail(what, "did not panic")
		return
	}
	err, ok := v.(runtime.Error)
	check.That(what+": the panic is no runtime.Error", ok)
	if ok {
		check.Equal(what, err.Error(), "runtime error: "+text)
	}
}

// A make of a slice with a negative or impossibly large length panics, and the program goes on.
//
//gomem:case HEAP.OOM.MAKE
func MakeLengthOutOfRange() {
	for _, n := range []int{-1, -1 << 31, 1 << (bits - 2), maxInt, -maxInt - 1} {
		n := n
		impossible("make([]int64, n)", "makeslice: len out of range", func() { intsSink = make([]int64, n) })
		impossible("make([][64]byte, n)", "makeslice: len out of range", func() { cellsSink = make([][64]byte, n) })
	}
	impossible("make([]byte, -1)", "makeslice: len out of range", func() { bytesSink = make([]byte, count(-1)) })
	wide := uint64(count(1)) << 63
	impossible("make([]byte, n), n of type uint64", "makeslice: len out of range", func() { bytesSink = make([]byte, wide) })
	bytesSink = make([]byte, count(10))
	check.Equal("length of the next make", len(bytesSink), 10)
}

// A make whose length is possible and whose capacity is negative, impossibly large or below the length panics for the capacity.
//
//gomem:case HEAP.OOM.MAKE
func MakeCapacityOutOfRange() {
	for _, n := range []int{-1, 4, maxInt} {
		n := n
		impossible("make([]int64, 5, n)", "makeslice: cap out of range", func() { intsSink = make([]int64, count(5), n) })
	}
	impossible("make([]int64, -1, -1)", "makeslice: len out of range", func() { intsSink = make([]int64, count(-1), count(-1)) })
	intsSink = make([]int64, count(5), count(5))
	check.Equal("capacity of the next make", cap(intsSink), 5)
}

// A size that overflows the word when multiplied is impossible too: it never wraps round to a small block.
//
//gomem:case HEAP.OOM.MAKE
func MakeSizeDoesNotWrap() {
	wrapping := 1 << (bits - 6)
	impossible("make([][64]byte, 2^(bits-6))", "makeslice: len out of range", func() { cellsSink = make([][64]byte, wrapping) })
	impossible("make([][64]byte, 2^(bits-6)+1)", "makeslice: len out of range", func() { cellsSink = make([][64]byte, wrapping+1) })
	impossible("make([][64]byte, 0, 2^(bits-6)+1)", "makeslice: cap out of range", func() { cellsSink = make([][64]byte, 0, wrapping+1) })
}

// A make of a channel with a negative or impossibly large size panics.
//
//gomem:case HEAP.OOM.MAKE
func MakeChanOutOfRange() {
	for _, n := range []int{-1, maxInt, 1 << (bits - 6)} {
		n := n
		v := check.Panics(func() { chanSink = make(chan [64]byte, n) })
		err, ok := v.(error)
		check.That("make(chan [64]byte, n) did not panic with an error", ok)
		if ok {
			check.Equal("make(chan [64]byte, n)", err.Error(), "makechan: size out of range")
		}
	}
	chanSink = make(chan [64]byte, count(2))
	check.Equal("capacity of the next make", cap(chanSink), 2)
}
