//go:build go1.19

package lock

// The atomic types: SYNC.ATOMIC.TYPES.

import (
	"math"
	"sync/atomic"

	"gomem/cases/check"
)

// A bool starts false, and Swap and CompareAndSwap tell what was there.
//
//gomem:case SYNC.ATOMIC.TYPES
//gomem:since 1.19
func AtomicBool() {
	var b atomic.Bool
	check.That("zero", !b.Load())
	b.Store(true)
	check.That("stored", b.Load())
	check.That("Swap", b.Swap(false) && !b.Load())
	check.That("CompareAndSwap", b.CompareAndSwap(false, true) && !b.CompareAndSwap(false, true) && b.Load())
}

// The integer types start as zero and load, store, add, swap and compare at their own width.
//
//gomem:case SYNC.ATOMIC.TYPES
//gomem:since 1.19
func AtomicIntegers() {
	var i32 atomic.Int32
	var u32 atomic.Uint32
	var s struct { // on 32-bit targets the types align themselves
		_   int32
		i64 atomic.Int64
		_   int32
		u64 atomic.Uint64
	}
	var word atomic.Uintptr
	check.That("zero", i32.Load() == 0 && u32.Load() == 0 && s.i64.Load() == 0 && s.u64.Load() == 0 && word.Load() == 0)
	i32.Store(math.MaxInt32)
	check.Equal("Int32.Add wraps", i32.Add(1), math.MinInt32)
	check.Equal("Uint32.Add wraps", u32.Add(^uint32(0)), uint32(math.MaxUint32))
	s.i64.Store(math.MaxInt64)
	check.Equal("Int64.Add wraps", s.i64.Add(1), int64(math.MinInt64))
	check.Equal("Uint64.Add wraps", s.u64.Add(^uint64(0)), uint64(math.MaxUint64))
	check.Equal("Uintptr.Add", word.Add(5), 5)
	check.Equal("Int32.Swap", i32.Swap(7), math.MinInt32)
	check.Equal("Uint32.Swap", u32.Swap(7), uint32(math.MaxUint32))
	check.Equal("Int64.Swap", s.i64.Swap(7), int64(math.MinInt64))
	check.Equal("Uint64.Swap", s.u64.Swap(7), uint64(math.MaxUint64))
	check.Equal("Uintptr.Swap", word.Swap(7), 5)
	check.That("CompareAndSwap with another value", !i32.CompareAndSwap(8, 9) && !u32.CompareAndSwap(8, 9) &&
		!s.i64.CompareAndSwap(8, 9) && !s.u64.CompareAndSwap(8, 9) && !word.CompareAndSwap(8, 9))
	check.That("CompareAndSwap with the value", i32.CompareAndSwap(7, 9) && u32.CompareAndSwap(7, 9) &&
		s.i64.CompareAndSwap(7, 9) && s.u64.CompareAndSwap(7, 9) && word.CompareAndSwap(7, 9))
	check.That("the values", i32.Load() == 9 && u32.Load() == 9 && s.i64.Load() == 9 && s.u64.Load() == 9 && word.Load() == 9)
}

// A Pointer[T] starts nil, and concurrent CompareAndSwap calls push onto a list without losing an element.
//
//gomem:case SYNC.ATOMIC.TYPES
//gomem:since 1.19
//gomem:race silent
func AtomicPointer() {
	type node struct {
		next *node
		from int
	}
	var head atomic.Pointer[node]
	check.That("zero", head.Load() == nil)
	rounds := check.Scale(1000, 10000, 100000)
	group(4, func(i int) {
		for n := 0; n < rounds; n++ {
			x := &node{from: i}
			check.Until(func() bool {
				x.next = head.Load()
				return head.CompareAndSwap(x.next, x)
			})
		}
	})
	var pushed [4]int
	for x := head.Swap(nil); x != nil; x = x.next {
		pushed[x.from]++
	}
	for _, n := range pushed {
		check.Equal("elements of one goroutine", n, rounds)
	}
	check.That("emptied", head.Load() == nil)
	x := new(node)
	head.Store(x)
	check.That("stored", head.Load() == x)
}
