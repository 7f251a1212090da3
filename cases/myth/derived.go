package myth

// The claim that slicing an array field makes its first 64-bit word fit for atomics on 32-bit targets: MYTH.DERIVEDSLICE.

import (
	"sync/atomic"
	"unsafe"

	"gomem/cases/check"
)

type counters struct {
	flag  int32
	words [3]int64
}

var countersSink *counters

// Slicing an array field moves nothing: the slice's first word is the field's, 4-aligned on a 32-bit target, and a 64-bit
// atomic on it panics. The first word of an allocated slice takes it.
//
//gomem:case MYTH.DERIVEDSLICE
//gomem:needs 32bit
func DerivedSlicePanics() {
	countersSink = &counters{}
	words := countersSink.words[:]
	check.That("the slice's first word is the field's", &words[0] == &countersSink.words[0])
	check.Equal("its address modulo 8", uintptr(unsafe.Pointer(&words[0]))%8, 4)
	for i := range words {
		check.Equal("the panic", check.PanicText(func() { atomic.AddInt64(&words[i], 1) }), "unaligned 64-bit atomic operation")
	}
	allocated := append([]int64(nil), words...)
	check.Equal("the sum in an allocated slice", atomic.AddInt64(&allocated[0], 2), 2)
}

// On a 64-bit target the field is 8-aligned by itself, whether it is sliced or not.
//
//gomem:case MYTH.DERIVEDSLICE
//gomem:needs 64bit
func DerivedSliceAligned() {
	countersSink = &counters{}
	words := countersSink.words[:]
	check.That("the slice's first word is the field's", &words[0] == &countersSink.words[0])
	check.Equal("its address modulo 8", uintptr(unsafe.Pointer(&words[0]))%8, 0)
	check.Equal("the sum", atomic.AddInt64(&words[0], 2), 2)
}
