package lock

// Atomic operations and atomic.Value: SYNC.ATOMIC.*. The atomic types are in atomic_types.go.

import (
	"math"
	"runtime"
	"sync/atomic"
	"unsafe"

	"gomem/cases/check"
)

// Aligned as 64-bit atomics need it on every target: the first word of a variable.
var word64 struct {
	v uint64
	_ [7]uint64
}

// A 64-bit load sees one of the stored values, never halves of two: it looks on until the value has changed often.
//
//gomem:case SYNC.ATOMIC.LOADSTORE
//gomem:race silent
func AtomicLoadsAreWhole() {
	values := []uint64{0, math.MaxUint64, 0x0123456789abcdef}
	var begun, stop int32
	group(len(values)+1, func(i int) {
		if i < len(values) {
			atomic.AddInt32(&begun, 1)
			for n := 0; atomic.LoadInt32(&stop) == 0; n++ {
				atomic.StoreUint64(&word64.v, values[(i+n)%len(values)])
				if n%256 == 0 {
					runtime.Gosched()
				}
			}
			return
		}
		check.Until(func() bool { return int(atomic.LoadInt32(&begun)) == len(values) })
		last, changes := uint64(0), 0
		for n := check.Scale(50000000, 100000000, 300000000); n > 0 && changes < 1000; n-- {
			v := atomic.LoadUint64(&word64.v)
			if v != last {
				last = v
				changes++
			}
			if v != values[0] && v != values[1] && v != values[2] {
				check.Fail("a value that nobody stored:", v)
				break
			}
		}
		atomic.StoreInt32(&stop, 1)
	})
}

// Every width loads what was stored, and its neighbours keep what they had.
//
//gomem:case SYNC.ATOMIC.LOADSTORE
func AtomicStoresOneWord() {
	s := &neighbours
	atomic.StoreUint64(&s.v64[1], math.MaxUint64)
	atomic.StoreUint32(&s.v32[1], math.MaxUint32)
	atomic.StoreInt64(&s.i64[1], math.MinInt64)
	atomic.StoreInt32(&s.i32[1], math.MinInt32)
	atomic.StoreUintptr(&s.word[1], ^uintptr(0))
	atomic.StorePointer(&s.pointer[1], unsafe.Pointer(&s.x))
	check.Equal("uint64", atomic.LoadUint64(&s.v64[1]), uint64(math.MaxUint64))
	check.Equal("uint32", atomic.LoadUint32(&s.v32[1]), uint32(math.MaxUint32))
	check.Equal("int64", atomic.LoadInt64(&s.i64[1]), int64(math.MinInt64))
	check.Equal("int32", atomic.LoadInt32(&s.i32[1]), math.MinInt32)
	check.Equal("uintptr", atomic.LoadUintptr(&s.word[1]), ^uintptr(0))
	check.That("pointer", atomic.LoadPointer(&s.pointer[1]) == unsafe.Pointer(&s.x))
	for _, i := range []int{0, 2} {
		check.That("neighbours", s.v64[i] == 0 && s.v32[i] == 0 && s.i64[i] == 0 && s.i32[i] == 0 &&
			s.word[i] == 0 && s.pointer[i] == nil)
	}
}

// The 64-bit words come first, so that they are aligned on 32-bit targets too.
var neighbours struct {
	v64     [3]uint64
	i64     [3]int64
	v32     [3]uint32
	i32     [3]int32
	word    [3]uintptr
	pointer [3]unsafe.Pointer
	x       int
}

// Add wraps around at the width of its word and returns the new value.
//
//gomem:case SYNC.ATOMIC.WRAP
func AtomicAddWraps() {
	u32, i32 := uint32(math.MaxUint32), int32(math.MaxInt32)
	check.Equal("uint32 up", atomic.AddUint32(&u32, 2), 1)
	check.Equal("int32 up", atomic.AddInt32(&i32, 1), math.MinInt32)
	check.Equal("int32 down", atomic.AddInt32(&i32, -1), math.MaxInt32)
	word64.v = math.MaxUint64
	check.Equal("uint64 up", atomic.AddUint64(&word64.v, 2), 1)
	i64 := (*int64)(unsafe.Pointer(&word64.v))
	*i64 = math.MaxInt64
	check.Equal("int64 up", atomic.AddInt64(i64, 1), int64(math.MinInt64))
	word := ^uintptr(0)
	check.Equal("uintptr up", atomic.AddUintptr(&word, 3), 2)
}

// Adding ^(c-1) subtracts c.
//
//gomem:case SYNC.ATOMIC.WRAP
func AtomicAddComplementSubtracts() {
	for _, c := range []uint32{1, 2, 100, 1 << 31} {
		x := uint32(1 << 31)
		check.Equal("uint32", atomic.AddUint32(&x, ^(c-1)), 1<<31-c)
		word64.v = 1 << 33
		check.Equal("uint64", atomic.AddUint64(&word64.v, ^(uint64(c)-1)), 1<<33-uint64(c))
	}
}

// A Value loads nil before the first Store and the last value stored from then on.
//
//gomem:case SYNC.ATOMIC.VALUE
func ValueLoadsLastStored() {
	var v atomic.Value
	check.Equal("before the first Store", v.Load(), nil)
	for _, s := range []string{"a", "", "long enough for a block of its own"} {
		v.Store(s)
		check.Equal("after Store", v.Load(), s)
		check.Equal("again", v.Load(), s)
	}
	var pointers atomic.Value
	pointers.Store((*int)(nil))
	p, ok := pointers.Load().(*int)
	check.That("a typed nil is a value", ok && p == nil)
}

// A reader sees whole values only, with all that the storing goroutine wrote before.
//
//gomem:case SYNC.ATOMIC.VALUE
//gomem:race silent
func ValueStoresWhole() {
	type config struct{ a, b, c int }
	var v atomic.Value
	v.Store(config{})
	var stop int32
	writer := check.Start(func() {
		for i := 1; atomic.LoadInt32(&stop) == 0; i++ {
			v.Store(config{i, 2 * i, 3 * i})
		}
	})
	last := 0
	for n := 0; n < check.Scale(5000, 50000, 500000); n++ {
		c := v.Load().(config)
		check.That("a whole value", c.b == 2*c.a && c.c == 3*c.a)
		check.That("not older than the last one", c.a >= last)
		last = c.a
	}
	atomic.StoreInt32(&stop, 1)
	writer.Join()
}

// Swap and CompareAndSwap of a Value give what was there and act only on an equal value.
//
//gomem:case SYNC.ATOMIC.VALUE
func ValueSwaps() {
	var v atomic.Value
	check.Equal("the first Swap", v.Swap(1), nil)
	check.Equal("the second Swap", v.Swap(2), 1)
	check.That("CompareAndSwap with another value", !v.CompareAndSwap(1, 3))
	check.That("CompareAndSwap with the value", v.CompareAndSwap(2, 3))
	check.Equal("the value", v.Load(), 3)
}

// Storing nil, or a value of another concrete type, panics and leaves the old value.
//
//gomem:case SYNC.ATOMIC.VALUE
func ValueRejectsOtherTypes() {
	var v atomic.Value
	check.That("nil first", check.Panics(func() { v.Store(nil) }) != nil)
	check.Equal("nothing was stored", v.Load(), nil)
	v.Store(1)
	for _, other := range []interface{}{"text", int64(1), uint(1), new(int), nil} {
		check.That("another type", check.Panics(func() { v.Store(other) }) != nil)
		check.That("another type by Swap", check.Panics(func() { v.Swap(other) }) != nil)
	}
	check.Equal("the old value", v.Load(), 1)
}

// The panics of Store have these texts.
//
//gomem:case SYNC.ATOMIC.VALUE.TEXT
func ValueRejectsText() {
	var v atomic.Value
	check.Equal("nil", check.PanicText(func() { v.Store(nil) }), "sync/atomic: store of nil value into Value")
	v.Store(1)
	check.Equal("nil later", check.PanicText(func() { v.Store(nil) }), "sync/atomic: store of nil value into Value")
	check.Equal("another type", check.PanicText(func() { v.Store("a") }),
		"sync/atomic: store of inconsistently typed value into Value")
}
