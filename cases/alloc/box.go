package alloc

// What storing a value in an interface costs: ALLOC.BOX.*. Every operand is a variable, for constants have their own rule.

import (
	"math"
	"unsafe"

	"gomem/cases/check"
)

// box returns how many blocks f allocates; f stores one value in anySink.
func box(f func()) int {
	n := check.Allocs(f)
	anySink = nil
	return n
}

type (
	cell    struct{ p *int64 }
	wrapped struct{ inner cell }
	point   struct{ x, y int64 }
	method  interface{ M() int64 }
	ticks   int64
)

func (p point) M() int64 { return p.x }
func (t ticks) M() int64 { return int64(t) }

var methodSink method

// A value that is not pointer-shaped costs one block when it is stored in an interface that escapes.
//
//gomem:case ALLOC.BOX
//gomem:needs counts
func BoxAllocates() {
	n := int64(opaque(1000))
	f, s, b := float64(n), text(20), make([]byte, 20)
	p, a := point{n, n}, [100]int64{n}
	check.Equal("blocks for int64", box(func() { anySink = n }), 1)
	check.Equal("blocks for float64", box(func() { anySink = f }), 1)
	check.Equal("blocks for string", box(func() { anySink = s }), 1)
	check.Equal("blocks for []byte", box(func() { anySink = b }), 1)
	check.Equal("blocks for struct", box(func() { anySink = p }), 1)
	check.Equal("blocks for [100]int64", box(func() { anySink = a }), 1)
	check.Equal("blocks for complex128", box(func() { anySink = complex(f, f) }), 1)
}

// Storing in an interface with methods costs the same block, and one interface stored in another costs none.
//
//gomem:case ALLOC.BOX
//gomem:needs counts
func BoxInInterfaceWithMethods() {
	n := int64(opaque(1000))
	check.Equal("blocks for a struct", box(func() { methodSink = point{n, n} }), 1)
	check.Equal("blocks for a number", box(func() { methodSink = ticks(n) }), 1)
	check.Equal("blocks for the interface in another", box(func() { anySink = methodSink }), 0)
	check.Equal("value", methodSink.M(), n)
}

// The block has the value's own size class: the data alone is stored, the type stands beside it.
//
//gomem:case ALLOC.BOX
//gomem:needs counts
func BoxHasTheValuesSize() {
	a, s := [100]int64{int64(opaque(1))}, text(20)
	check.Equal("bytes for [100]int64", check.Bytes(func() { anySink = a }), check.Bytes(func() { array100 = new([100]int64) }))
	check.Equal("bytes for a string", check.Bytes(func() { anySink = s }), 2*check.Word)
}

var array100 *[100]int64

// What an interface holds is a copy: changing the variable later does not change it.
//
//gomem:case ALLOC.BOX
//gomem:needs counts
func BoxTwiceIsTwoBlocks() {
	n := int64(opaque(1000))
	check.Equal("blocks for one variable stored twice", box(func() {
		anySink = n
		n++
		otherSink = n
	}), 2)
	x := int64(opaque(500))
	anySink = x
	x++
	check.Equal("stored value", anySink.(int64), 500)
}

var otherSink interface{}

// Pointer-shaped values go into an interface as they are.
//
//gomem:case ALLOC.BOX.POINTER
//gomem:needs counts
func BoxPointerShaped() {
	p, m, c := new(int64), map[int64]int64{1: 2}, make(chan int64)
	f := func() int64 { return *p }
	u := unsafe.Pointer(p)
	check.Equal("blocks for *int64", box(func() { anySink = p }), 0)
	check.Equal("blocks for map", box(func() { anySink = m }), 0)
	check.Equal("blocks for chan", box(func() { anySink = c }), 0)
	check.Equal("blocks for func", box(func() { anySink = f }), 0)
	check.Equal("blocks for unsafe.Pointer", box(func() { anySink = u }), 0)
	anySink = p
	check.That("the interface does not hold the pointer itself", (*[2]unsafe.Pointer)(unsafe.Pointer(&anySink))[1] == u)
}

// Structs and arrays of one pointer-shaped word, nested too, are pointer-shaped.
//
//gomem:case ALLOC.BOX.POINTER
//gomem:needs counts
func BoxOnePointerStruct() {
	p := new(int64)
	*p = 7
	check.Equal("blocks for struct{*int64}", box(func() { anySink = cell{p} }), 0)
	check.Equal("blocks for a struct in a struct", box(func() { anySink = wrapped{cell{p}} }), 0)
	check.Equal("blocks for [1]*int64", box(func() { anySink = [1]*int64{p} }), 0)
	check.Equal("blocks for [1]cell", box(func() { anySink = [1]cell{{p}} }), 0)
	anySink = wrapped{cell{p}}
	check.Equal("value", *anySink.(wrapped).inner.p, 7)
}

// Two pointers are not one word: they cost a block, and so do a pointer beside a number and a uintptr.
//
//gomem:case ALLOC.BOX.POINTER
//gomem:needs counts
func BoxTwoPointers() {
	p := new(int64)
	check.Equal("blocks for [2]*int64", box(func() { anySink = [2]*int64{p, p} }), 1)
	check.Equal("blocks for a pointer and a byte", box(func() { anySink = pointerAndByte{p, 1} }), 1)
	check.Equal("blocks for uintptr", box(func() { anySink = uintptr(opaque(1 << 20)) }), 1)
}

type pointerAndByte struct {
	p *int64
	b byte
}

// A field without size beside the one pointer makes the struct a block.
//
//gomem:case ALLOC.BOX.POINTER
//gomem:needs counts
//gomem:until 1.25
func BoxPointerAndNothing() {
	p := new(int64)
	check.Equal("blocks", box(func() { anySink = nothingAndPointer{p: p} }), 1)
}

// A field without size before the one pointer leaves the struct pointer-shaped.
//
//gomem:case ALLOC.BOX.POINTER
//gomem:needs counts
//gomem:since 1.26
func BoxPointerAndNothingIsFree() {
	p := new(int64)
	check.Equal("blocks", box(func() { anySink = nothingAndPointer{p: p} }), 0)
	check.Equal("blocks for an array of none before it", box(func() { anySink = emptyArrayAndPointer{p: p} }), 0)
}

type nothingAndPointer struct {
	_ struct{}
	p *int64
}

type emptyArrayAndPointer struct {
	_ [0]int64
	p *int64
}

// Every 1-byte value is free, negative ones too, in a struct or an array as well.
//
//gomem:case ALLOC.BOX.SMALL
//gomem:needs counts
func BoxByteIsFree() {
	check.Equal("blocks for 256 uint8", box(func() {
		for i := 0; i < 256; i++ {
			anySink = uint8(i)
		}
	}), 0)
	check.Equal("blocks for 256 int8", box(func() {
		for i := -128; i < 128; i++ {
			anySink = int8(i)
		}
	}), 0)
	yes := opaque(1) == 1
	check.Equal("blocks for bool", box(func() { anySink = yes }), 0)
	check.Equal("blocks for struct{int8}", box(func() { anySink = struct{ b int8 }{int8(opaque(-1))} }), 0)
	check.Equal("blocks for [1]uint8", box(func() { anySink = [1]uint8{uint8(opaque(200))} }), 0)
	anySink = int8(opaque(-128))
	check.Equal("value", anySink.(int8), -128)
}

// Values of 2, 4 and 8 bytes are free below 256 and cost one block from there.
//
//gomem:case ALLOC.BOX.SMALL
//gomem:needs counts
func BoxSmallNumberIsFree() {
	for _, n := range []int{0, 1, 7, 127, 128, 255, 256, 257, 30000} {
		n := n
		want := 0
		if n > 255 {
			want = 1
		}
		check.Equal("blocks for int16", box(func() { anySink = int16(n) }), want)
		check.Equal("blocks for uint16", box(func() { anySink = uint16(n) }), want)
		check.Equal("blocks for int32", box(func() { anySink = int32(n) }), want)
		check.Equal("blocks for uint32", box(func() { anySink = uint32(n) }), want)
		check.Equal("blocks for int64", box(func() { anySink = int64(n) }), want)
		check.Equal("blocks for uint64", box(func() { anySink = uint64(n) }), want)
		check.Equal("blocks for int", box(func() { anySink = n }), want)
		check.Equal("blocks for uintptr", box(func() { anySink = uintptr(n) }), want)
	}
	for n := 0; n < 256; n++ {
		anySink = int64(opaque(n))
		check.Equal("stored value", anySink.(int64), n)
	}
}

// Negative numbers of more than a byte are not small: each costs one block.
//
//gomem:case ALLOC.BOX.SMALL
//gomem:needs counts
func BoxNegativeAllocates() {
	for _, n := range []int{-1, -2, -128, -255, -256} {
		n := n
		check.Equal("blocks for int16", box(func() { anySink = int16(n) }), 1)
		check.Equal("blocks for int32", box(func() { anySink = int32(n) }), 1)
		check.Equal("blocks for int64", box(func() { anySink = int64(n) }), 1)
	}
}

// What counts is the bits, not the kind: a float is free when its bits as an unsigned number are below 256, as those of 0 are.
//
//gomem:case ALLOC.BOX.SMALL
//gomem:needs counts
func BoxFloatByItsBits() {
	zero, one := float64(opaque(0)), float64(opaque(1))
	check.Equal("blocks for float64 0", box(func() { anySink = zero }), 0)
	check.Equal("blocks for float64 1", box(func() { anySink = one }), 1)
	check.Equal("blocks for float64 -0", box(func() { anySink = math.Copysign(zero, -1) }), 1)
	check.Equal("blocks for float64 with bits 255", box(func() { anySink = math.Float64frombits(255) }), 0)
	check.Equal("blocks for float32 0", box(func() { anySink = float32(zero) }), 0)
	check.Equal("blocks for float32 1", box(func() { anySink = float32(one) }), 1)
	check.Equal("blocks for float32 with bits 255", box(func() { anySink = math.Float32frombits(255) }), 0)
}

// A struct or array of one number is small as the number is; its alignment is the number's.
//
//gomem:case ALLOC.BOX.SMALL
//gomem:needs counts
func BoxSmallStructIsFree() {
	n := int64(opaque(255))
	check.Equal("blocks for struct{int16}", box(func() { anySink = struct{ n int16 }{int16(n)} }), 0)
	check.Equal("blocks for struct{int32}", box(func() { anySink = struct{ n int32 }{int32(n)} }), 0)
	check.Equal("blocks for struct{int64}", box(func() { anySink = struct{ n int64 }{n} }), 0)
	check.Equal("blocks for [1]int64", box(func() { anySink = [1]int64{n} }), 0)
	check.Equal("blocks for struct{int64} with 256", box(func() { anySink = struct{ n int64 }{n + 1} }), 1)
}

// A value with the size of an integer but less alignment is not small: two halves cost a block, zero or not. The target decides:
// where 8-byte integers are aligned to 4, a complex64 is small.
//
//gomem:case ALLOC.BOX.SMALL
//gomem:needs counts
func BoxHalvesAllocate() {
	zero := opaque(0)
	check.Equal("blocks for two int8", box(func() { anySink = [2]int8{int8(zero), 0} }), 1)
	check.Equal("blocks for two int16", box(func() { anySink = struct{ a, b int16 }{int16(zero), 0} }), 1)
	check.Equal("blocks for four int16", box(func() { anySink = [4]int16{int16(zero)} }), 1)
	aligned := unsafe.Alignof(uint64(0)) == unsafe.Alignof(uint32(0))
	check.Equal("blocks for two int32", box(func() { anySink = [2]int32{int32(zero), 0} }), smallWhen(aligned))
	check.Equal("blocks for complex64", box(func() { anySink = complex(float32(zero), 0) }), smallWhen(aligned))
}

// smallWhen is the number of blocks: none when the value is a small one, else one.
func smallWhen(small bool) int {
	if small {
		return 0
	}
	return 1
}

// Sizes that no integer has are not small, zero or not.
//
//gomem:case ALLOC.BOX.SMALL
//gomem:needs counts
func BoxOddSizesAllocate() {
	zero := opaque(0)
	check.Equal("blocks for 3 bytes", box(func() { anySink = [3]uint8{uint8(zero)} }), 1)
	check.Equal("blocks for 6 bytes", box(func() { anySink = [3]uint16{uint16(zero)} }), 1)
	check.Equal("blocks for 16 bytes", box(func() { anySink = point{int64(zero), 0} }), 1)
}

// A value without size is free.
//
//gomem:case ALLOC.BOX.SMALL
//gomem:needs counts
func BoxZeroSizeIsFree() {
	var (
		e struct{}
		a [0]int64
		s struct{ a, b struct{} }
	)
	check.Equal("blocks for struct{}", box(func() { anySink = e }), 0)
	check.Equal("blocks for [0]int64", box(func() { anySink = a }), 0)
	check.Equal("blocks for a struct of nothing", box(func() { anySink = s }), 0)
}

// The empty string and the nil slice are free; an empty slice that is not nil and a string of one byte cost a block.
//
//gomem:case ALLOC.BOX.SMALL
//gomem:needs counts
func BoxEmptyStringAndNilSlice() {
	s, one := text(0), text(1)
	var none []byte
	empty, pointers := make([]byte, opaque(0)), []*int64(nil)
	check.Equal("blocks for the empty string", box(func() { anySink = s }), 0)
	check.Equal("blocks for an empty part of a string", box(func() { anySink = one[1:] }), 0)
	check.Equal("blocks for a string of one byte", box(func() { anySink = one }), 1)
	check.Equal("blocks for a nil []byte", box(func() { anySink = none }), 0)
	check.Equal("blocks for a nil []*int64", box(func() { anySink = pointers }), 0)
	check.Equal("blocks for an empty []byte", box(func() { anySink = empty }), 1)
	anySink = none
	check.That("the nil slice came back as another", anySink.([]byte) == nil)
}

// Constants are boxed in read-only data, whatever their size: strings, large and negative numbers, floats.
//
//gomem:case ALLOC.BOX.CONST
//gomem:needs counts
func BoxConstantIsFree() {
	check.Equal("blocks for 1000", box(func() { anySink = 1000 }), 0)
	check.Equal("blocks for -1", box(func() { anySink = -1 }), 0)
	check.Equal("blocks for 1<<40", box(func() { anySink = int64(1 << 40) }), 0)
	check.Equal("blocks for 2.5", box(func() { anySink = 2.5 }), 0)
	check.Equal("blocks for a string", box(func() { anySink = "read-only" }), 0)
	check.Equal("blocks for 1000 in an interface with methods", box(func() { methodSink = ticks(1000) }), 0)
	anySink = 1000
	check.Equal("value", anySink.(int), 1000)
}

// A literal of constants only is boxed in read-only data too.
//
//gomem:case ALLOC.BOX.CONST
//gomem:needs counts
//gomem:since 1.26
func BoxConstantLiteralIsFree() {
	check.Equal("blocks for two words", box(func() { anySink = point{1000, 2000} }), 0)
	check.Equal("blocks for three words", box(func() { anySink = [3]int64{1000, 2000, 3000} }), 0)
	anySink = point{1000, 2000}
	check.Equal("value", anySink.(point).y, 2000)
}

// A small literal of constants is built in the frame, so storing it costs a block.
//
//gomem:case ALLOC.BOX.CONST
//gomem:needs counts
//gomem:until 1.19
func BoxConstantLiteralAllocates() {
	check.Equal("blocks for two words", box(func() { anySink = point{1000, 2000} }), 1)
}

// A variable that holds the same number is no constant: it costs a block.
//
//gomem:case ALLOC.BOX.CONST
//gomem:needs counts
func BoxVariableIsNoConstant() {
	n, s := opaque(1000), text(9)
	check.Equal("blocks for a variable with 1000", box(func() { anySink = n }), 1)
	check.Equal("blocks for a struct literal with a variable", box(func() { anySink = point{1000, int64(n)} }), 1)
	check.Equal("blocks for a string variable", box(func() { anySink = s }), 1)
}
