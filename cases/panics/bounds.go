package panics

// Indices, slice bounds and conversions of slices: PANIC.INDEX, PANIC.SLICE, PANIC.SLICE2ARRAY, PANIC.MAKESLICE, PANIC.GROWSLICE.

import (
	"runtime"

	"gomem/cases/check"
)

// Numbers that no compiler knows.
var zero, one, two, three, five, minusOne, maxInt = 0, 1, 2, 3, 5, -1, int(^uint(0) >> 1)

// runtimeText gives the text of the runtime.Error that f panics with.
func runtimeText(f func()) string {
	v := check.Panics(f)
	if e, ok := v.(runtime.Error); ok {
		return e.Error()
	}
	check.Use(v)
	return "(no runtime.Error)"
}

// fails checks that f panics with the run-time error of this text, after "runtime error: ".
func fails(what string, f func(), text string) {
	check.Equal(what, runtimeText(f), "runtime error: "+text)
}

// panics checks that f panics at all.
func panics(what string, f func()) {
	check.That(what+" panics", check.Panics(f) != nil)
}

// Indices out of range panic and touch nothing: neither the neighbours nor the variable that would have been assigned.
//
//gomem:case PANIC.INDEX
func IndexOutOfRange() {
	var guarded struct {
		before [4]int
		a      [3]int
		after  [4]int
	}
	s := guarded.a[:two:three]
	str, got := "abc", 77
	for _, i := range []int{minusOne, three, five, 1000000, maxInt, -maxInt - 1} {
		panics("reading an array", func() { got = guarded.a[i] })
		panics("writing an array", func() { guarded.a[i] = 9 })
		panics("reading a slice", func() { got = s[i] })
		panics("writing a slice", func() { s[i] = 9 })
		panics("the address of an element", func() { check.Use(&s[i]) })
		panics("reading a string", func() { got = int(str[i]) })
		panics("reading through an array pointer", func() { got = (&guarded.a)[i] })
	}
	panics("the length as an index", func() { s[two] = 9 })
	panics("a nil slice", func() { got = []int(nil)[zero] })
	panics("an empty string", func() { got = int(""[zero:][zero]) })
	check.Equal("the variable that reads assign to", got, 77)
	check.That("all memory", guarded.before == [4]int{} && guarded.a == [3]int{} && guarded.after == [4]int{})
	s[one] = 4
	check.Equal("an index in range", guarded.a[1], 4)
}

// Indices of every integer type are checked by their value.
//
//gomem:case PANIC.INDEX
func IndexTypes() {
	s := make([]byte, 100)
	i8, u8, i16, u16 := int8(minusOne), uint8(200), int16(-100), uint16(65535)
	u32, i64, u64 := uint32(1)<<31, int64(1)<<32, uint64(1)<<63
	panics("int8", func() { s[i8]++ })
	panics("uint8", func() { s[u8]++ })
	panics("int16", func() { s[i16]++ })
	panics("uint16", func() { s[u16]++ })
	panics("uint32", func() { s[u32]++ })
	panics("an int64 whose low half is zero", func() { s[i64]++ })
	panics("a uint64", func() { s[u64]++ })
	check.Equal("in range", check.Panics(func() { s[u8-101]++; s[i8+1]++; s[i64>>32]++ }), nil)
}

// The text has the index and the length; a negative index stands alone.
//
//gomem:case PANIC.INDEX.TEXT
func IndexText() {
	s, a, str := make([]int, 2, 10), [3]int{}, "abcd"
	fails("a slice", func() { s[five]++ }, "index out of range [5] with length 2")
	fails("an array", func() { a[five]++ }, "index out of range [5] with length 3")
	fails("a string", func() { check.Use(str[five]) }, "index out of range [5] with length 4")
	fails("the length itself", func() { s[two]++ }, "index out of range [2] with length 2")
	fails("a negative index", func() { s[minusOne]++ }, "index out of range [-1]")
	u := uint8(200)
	fails("an unsigned index", func() { s[u]++ }, "index out of range [200] with length 2")
	big := uint64(1) << 63
	fails("a large unsigned index", func() { s[big]++ }, "index out of range [9223372036854775808] with length 2")
}

// Unrecovered it ends the program with that text.
//
//gomem:case PANIC.INDEX.TEXT
//gomem:exit 2
//gomem:stderr panic: runtime error: index out of range [5] with length 2
func IndexDies() {
	s := make([]int, 2)
	s[five]++
}

// Bounds out of range or out of order panic; the capacity bounds a slice, the length a string.
//
//gomem:case PANIC.SLICE
func SliceBounds() {
	s, a, str := make([]int, 2, 3), [3]int{}, "abc"
	var r []int
	var t string
	panics("beyond the capacity", func() { r = s[:five] })
	panics("low above the length", func() { r = s[three:] })
	panics("high below low", func() { r = s[two:one] })
	panics("a negative low", func() { r = s[minusOne:] })
	panics("a negative high", func() { r = s[:minusOne] })
	panics("beyond an array", func() { r = a[:five] })
	panics("beyond a string", func() { t = str[:five] })
	panics("low above a string's length", func() { t = str[five:] })
	panics("a string out of order", func() { t = str[two:one] })
	panics("max beyond the capacity", func() { r = s[zero:one:five] })
	panics("high beyond max", func() { r = s[zero:three:two] })
	panics("low beyond high", func() { r = s[two:one:two] })
	panics("a negative max", func() { r = s[zero:one:minusOne] })
	panics("a nil slice", func() { r = []int(nil)[:one] })
	check.That("nothing was assigned", r == nil && t == "")
	check.Equal("up to the capacity", len(s[:three]), 3)
	check.Equal("at the length", len(s[two:]), 0)
	check.Equal("nil at zero", len([]int(nil)[zero:zero:zero]), 0)
	check.Equal("a string at its length", str[three:], "")
}

// The text has the bounds at fault in the form of the expression.
//
//gomem:case PANIC.SLICE.TEXT
func SliceText() {
	s, a, str := make([]int, 2, 3), [3]int{}, "abc"
	var r []int
	var t string
	fails("a slice", func() { r = s[:five] }, "slice bounds out of range [:5] with capacity 3")
	fails("an array", func() { r = a[:five] }, "slice bounds out of range [:5] with length 3")
	fails("a string", func() { t = str[:five] }, "slice bounds out of range [:5] with length 3")
	fails("low only", func() { r = s[three:] }, "slice bounds out of range [3:2]")
	fails("low only, a string", func() { t = str[five:] }, "slice bounds out of range [5:3]")
	fails("out of order", func() { r = s[two:one] }, "slice bounds out of range [2:1]")
	fails("a negative low", func() { r = s[minusOne:] }, "slice bounds out of range [-1:]")
	fails("a negative high", func() { r = s[:minusOne] }, "slice bounds out of range [:-1]")
	fails("max", func() { r = s[zero:one:five] }, "slice bounds out of range [::5] with capacity 3")
	fails("max of an array", func() { r = a[zero:one:five] }, "slice bounds out of range [::5] with length 3")
	fails("a negative max", func() { r = s[zero:one:minusOne] }, "slice bounds out of range [::-1]")
	fails("high beyond max", func() { r = s[zero:three:two] }, "slice bounds out of range [:3:2]")
	fails("low beyond high", func() { r = s[two:one:two] }, "slice bounds out of range [2:1:]")
	check.That("nothing was assigned", r == nil && t == "")
}

// A slice that is too short does not convert to an array pointer; one that is long enough does, and shares its array.
//
//gomem:case PANIC.SLICE2ARRAY
func SliceToArrayPointer() {
	s := make([]int, 2, 8)
	var p *[4]int
	panics("a longer array", func() { p = (*[4]int)(s) })
	check.That("nothing was assigned", p == nil)
	p = (*[4]int)(s[:five])
	p[3] = 7
	check.Equal("the shared element", s[:five][3], 7)
	var none []int
	check.That("nil gives nil", (*[0]int)(none) == nil)
	check.That("an empty slice does not", (*[0]int)(s[:zero]) != nil)
}

// Until 1.19 the text speaks of the pointer only.
//
//gomem:case PANIC.SLICE2ARRAY.TEXT
//gomem:until 1.19
func SliceToArrayTextOld() {
	s := make([]int, 2, 8)
	fails("the text", func() { check.Use((*[4]int)(s)) },
		"cannot convert slice with length 2 to pointer to array with length 4")
}

// Since 1.20, when slices convert to arrays too, the text speaks of both.
//
//gomem:case PANIC.SLICE2ARRAY.TEXT
//gomem:since 1.20
func SliceToArrayText() {
	s := make([]int, 2, 8)
	fails("the text", func() { check.Use((*[4]int)(s)) },
		"cannot convert slice with length 2 to array or pointer to array with length 4")
}

// An impossible length is named; where only the capacity is impossible, the capacity is.
//
//gomem:case PANIC.MAKESLICE.TEXT
func MakeSliceText() {
	fails("a negative length", func() { check.Keep(make([]int, minusOne)) }, "makeslice: len out of range")
	fails("a huge length", func() { check.Keep(make([]int, maxInt)) }, "makeslice: len out of range")
	fails("a negative capacity", func() { check.Keep(make([]int, zero, minusOne)) }, "makeslice: cap out of range")
	fails("a huge capacity", func() { check.Keep(make([]int, zero, maxInt)) }, "makeslice: cap out of range")
	fails("a length above the capacity", func() { check.Keep(make([]int, five, two)) }, "makeslice: cap out of range")
	fails("both", func() { check.Keep(make([]int, maxInt, maxInt)) }, "makeslice: len out of range")
}

// An append whose length overflows: until 1.19 the text speaks of the capacity.
//
//gomem:case PANIC.GROWSLICE.TEXT
//gomem:until 1.19
func GrowSliceTextOld() {
	s := make([]struct{}, maxInt)
	fails("one more", func() { check.Keep(append(s, struct{}{})) }, "growslice: cap out of range")
	fails("twice as many", func() { check.Keep(append(s, s...)) }, "growslice: cap out of range")
}

// An append whose length overflows: since 1.20 the text speaks of the length.
//
//gomem:case PANIC.GROWSLICE.TEXT
//gomem:since 1.20
func GrowSliceText() {
	s := make([]struct{}, maxInt)
	fails("one more", func() { check.Keep(append(s, struct{}{})) }, "growslice: len out of range")
	fails("twice as many", func() { check.Keep(append(s, s...)) }, "growslice: len out of range")
}
