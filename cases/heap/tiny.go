package heap

// Tiny blocks: HEAP.TINY.

import (
	"runtime"
	"runtime/debug"
	"sync/atomic"
	"unsafe"

	"gomem/cases/check"
)

var (
	byteSink *byte
	tinySink unsafe.Pointer
	wordSink **byte
)

// undisturbed runs f with one processor and no collection, so that one tiny block after the other serves it.
func undisturbed(f func()) {
	procs, percent := runtime.GOMAXPROCS(1), debug.SetGCPercent(-1)
	f()
	runtime.GOMAXPROCS(procs)
	debug.SetGCPercent(percent)
}

// blockOf returns the number of the 16-byte block that an address lies in.
func blockOf(p unsafe.Pointer) uintptr { return uintptr(p) / 16 }

// Sixteen single bytes are sixteen allocations in one block of 16 bytes; of 5 bytes each there are three to a block.
//
//gomem:case HEAP.TINY
//gomem:needs counts
func TinyShareABlock() {
	per := func(n, size int, f func(i int)) {
		check.Equal("allocations", check.Allocs(func() {
			for i := 0; i < n; i++ {
				f(i)
			}
		}), n)
		check.Equal("bytes", check.Bytes(func() {
			for i := 0; i < n; i++ {
				f(i)
			}
		}), size)
	}
	per(64, 64, func(i int) { byteSink = new(byte) })
	per(32, 64, func(i int) { tinySink = unsafe.Pointer(new(int16)) })
	per(48, 256, func(i int) { tinySink = unsafe.Pointer(new([5]byte)) })
	per(16, 128, func(i int) { tinySink = unsafe.Pointer(new(float64)) })
	per(16, 256, func(i int) { tinySink = tiny(9) })
	per(16, 256, func(i int) { tinySink = tiny(15) })
}

// In one block, tiny values lie one behind the other, with gaps only for alignment: to 8, 4 or 2 when the size is a multiple of it.
//
//gomem:case HEAP.TINY
func TinyOffsets() {
	undisturbed(func() {
		for _, c := range []struct{ n, offset int }{{1, 1}, {2, 2}, {3, 1}, {4, 4}, {5, 1}, {6, 2}, {7, 1}, {8, 8}, {9, 1}, {10, 2},
			{11, 1}, {13, 1}, {14, 2}, {15, 1}} {
			start, p := freshTiny(), tiny(c.n)
			check.Equal("block of a second value", blockOf(p), blockOf(start))
			check.Equal("offset of a second value", uintptr(p)-uintptr(start), c.offset)
		}
	})
}

// tiny returns the address of n fresh bytes.
func tiny(n int) unsafe.Pointer { return unsafe.Pointer(&make([]byte, n)[0]) }

// freshTiny returns a byte that begins a tiny block.
func freshTiny() unsafe.Pointer {
	for {
		byteSink = new(byte)
		if p := unsafe.Pointer(byteSink); uintptr(p)%16 == 0 {
			return p
		}
	}
}

// Twelve bytes are aligned to 4, but on a 32-bit target to 8, for their first field may be an atomic 64-bit word.
//
//gomem:case HEAP.TINY
func TinyTwelveBytes() {
	undisturbed(func() {
		start := freshTiny()
		p := tiny(12)
		if check.Word == 8 {
			check.Equal("offset behind one byte", uintptr(p)-uintptr(start), 4)
			return
		}
		check.That("12 bytes lie in the block of one byte", blockOf(p) != blockOf(start))
		check.Equal("offset in a block of their own", uintptr(p)%16, 0)
	})
}

// A value that does not fit begins another block, and of the two the one with more room left serves on.
//
//gomem:case HEAP.TINY
func TinyThatDoesNotFit() {
	undisturbed(func() {
		start, eight, nine, next := freshTiny(), tiny(8), tiny(9), tiny(1)
		check.That("8 bytes behind one do not lie in its block", blockOf(eight) == blockOf(start))
		check.That("9 bytes lie in a full block", blockOf(nine) != blockOf(start))
		check.Equal("offset of one byte behind 9 in the new block", uintptr(next)-uintptr(nine), 9)
		start, three, large, next := freshTiny(), tiny(3), tiny(13), tiny(1)
		check.That("3 bytes behind one do not lie in its block", blockOf(three) == blockOf(start))
		check.That("13 bytes behind 4 lie in their block", blockOf(large) != blockOf(start))
		check.Equal("offset of one byte in the old block", uintptr(next)-uintptr(start), 4)
	})
}

// Values that hold a pointer, and those of 16 bytes, are not combined: each has a block of its size class.
//
//gomem:case HEAP.TINY
//gomem:needs counts
func NotTiny() {
	check.Equal("bytes for 10 pointers", check.Bytes(func() {
		for i := 0; i < 10; i++ {
			wordSink = new(*byte)
		}
	}), 80)
	check.Equal("bytes for 10 × 16 bytes", check.Bytes(func() {
		for i := 0; i < 10; i++ {
			tinySink = unsafe.Pointer(new([16]byte))
		}
	}), 160)
	undisturbed(func() {
		start := freshTiny()
		wordSink, tinySink = new(*byte), tiny(16)
		check.That("a pointer lies in a tiny block", blockOf(unsafe.Pointer(wordSink)) != blockOf(start))
		check.That("16 bytes lie in a tiny block", blockOf(tinySink) != blockOf(start))
		check.Equal("block of the next byte", blockOf(tiny(1)), blockOf(start))
	})
}

// Short strings, boxed numbers and single characters that escape are tiny values too.
//
//gomem:case HEAP.TINY
//gomem:needs counts
func TinyOfEveryKind() {
	b := []byte("span")
	check.Equal("bytes for 8 strings of 4", check.Bytes(func() {
		for i := 0; i < 8; i++ {
			stringSink = string(b)
		}
	}), 32)
	check.Equal("bytes for 8 boxed int16", check.Bytes(func() {
		for i := 0; i < 8; i++ {
			anySink = int16(1000 + i)
		}
	}), 16)
	check.Equal("bytes for 8 slices of 2 bytes", check.Bytes(func() {
		for i := 0; i < 8; i++ {
			bytesSink = make([]byte, 2)
		}
	}), 16)
}

var (
	stringSink string
	anySink    interface{}
)

// twins returns two bytes in one tiny block, first the one that begins it.
func twins() (a, b *byte) {
	for {
		a, b = (*byte)(freshTiny()), (*byte)(tiny(1))
		if blockOf(unsafe.Pointer(a)) == blockOf(unsafe.Pointer(b)) {
			*a, *b = 7, 8
			return a, b
		}
	}
}

// A tiny block lives while any value in it does: dropping one of two keeps both, dropping the other frees them.
//
//gomem:case HEAP.TINY
//gomem:needs collect weak
func TinyBlockDiesAsAWhole() {
	first := keepSecond()
	check.That("the block went with its first value", first.Kept())
	check.Equal("value that is kept", *byteKept, 8)
	byteKept = nil
	check.That("the block outlives all its values", first.Collected())
}

var byteKept *byte

// keepSecond keeps only the second of two values in one block and returns a watch on the first.
func keepSecond() *check.Watched {
	a, b := twins()
	byteKept = b
	moveOn() // what Watch allocates is not to lie in the block
	return check.Watch(unsafe.Pointer(a))
}

// moveOn makes the allocator leave the tiny block that it fills.
func moveOn() {
	for i := 0; i < 64; i++ {
		byteSink = new(byte)
	}
	byteSink = nil
}

// A finalizer on a tiny value waits for its neighbours: it runs only once no value in the block is reachable.
//
//gomem:case HEAP.TINY
//gomem:needs collect finalizers
func TinyFinalizerWaits() {
	ran := new(int32)
	finalizeFirst(ran)
	moveOn()
	for i := 0; i < 3; i++ {
		fence()
	}
	check.Equal("finalizers that ran while the neighbour was kept", atomic.LoadInt32(ran), 0)
	check.Equal("neighbour", *byteKept, 8)
	byteKept = nil
	check.Until(func() bool { runtime.GC(); return atomic.LoadInt32(ran) == 1 })
}

func finalizeFirst(ran *int32) {
	a, b := twins()
	byteKept = b
	runtime.SetFinalizer(a, func(*byte) { atomic.AddInt32(ran, 1) })
}

// fence returns when the finalizer of a block that was dropped inside has run, and with it those queued before.
func fence() {
	passed := new(int32)
	runtime.SetFinalizer(new([4]*byte), func(*[4]*byte) { atomic.StoreInt32(passed, 1) })
	check.Until(func() bool { runtime.GC(); return atomic.LoadInt32(passed) == 1 })
}
