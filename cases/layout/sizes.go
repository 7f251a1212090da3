package layout

// Sizes and alignments of the types that are not structs: LAYOUT.SIZE.NUMERIC, SIZE.BOOL, WORD, ALIGN, ALIGN.MIN, MULTIPLE,
// FIELDALIGN. The figures are executed here on the target at hand; package foreign and its neighbours state them for others.

import (
	"reflect"
	"unsafe"

	"gomem/cases/check"
)

const word = uintptr(check.Word)

// Every numeric type of a stated width has that width, as a variable and as the distance between two elements.
//
//gomem:case LAYOUT.SIZE.NUMERIC
func SizeNumeric() {
	var (
		i8   [2]int8
		u8   [2]uint8
		i16  [2]int16
		u16  [2]uint16
		i32  [2]int32
		u32  [2]uint32
		f32  [2]float32
		i64  [2]int64
		u64  [2]uint64
		f64  [2]float64
		c64  [2]complex64
		c128 [2]complex128
	)
	width := func(what string, size, first, second uintptr, want uintptr) {
		check.Equal("Sizeof "+what, size, want)
		check.Equal("distance of two "+what, second-first, want)
	}
	width("int8", unsafe.Sizeof(i8[0]), at(unsafe.Pointer(&i8[0])), at(unsafe.Pointer(&i8[1])), 1)
	width("uint8", unsafe.Sizeof(u8[0]), at(unsafe.Pointer(&u8[0])), at(unsafe.Pointer(&u8[1])), 1)
	width("int16", unsafe.Sizeof(i16[0]), at(unsafe.Pointer(&i16[0])), at(unsafe.Pointer(&i16[1])), 2)
	width("uint16", unsafe.Sizeof(u16[0]), at(unsafe.Pointer(&u16[0])), at(unsafe.Pointer(&u16[1])), 2)
	width("int32", unsafe.Sizeof(i32[0]), at(unsafe.Pointer(&i32[0])), at(unsafe.Pointer(&i32[1])), 4)
	width("uint32", unsafe.Sizeof(u32[0]), at(unsafe.Pointer(&u32[0])), at(unsafe.Pointer(&u32[1])), 4)
	width("float32", unsafe.Sizeof(f32[0]), at(unsafe.Pointer(&f32[0])), at(unsafe.Pointer(&f32[1])), 4)
	width("int64", unsafe.Sizeof(i64[0]), at(unsafe.Pointer(&i64[0])), at(unsafe.Pointer(&i64[1])), 8)
	width("uint64", unsafe.Sizeof(u64[0]), at(unsafe.Pointer(&u64[0])), at(unsafe.Pointer(&u64[1])), 8)
	width("float64", unsafe.Sizeof(f64[0]), at(unsafe.Pointer(&f64[0])), at(unsafe.Pointer(&f64[1])), 8)
	width("complex64", unsafe.Sizeof(c64[0]), at(unsafe.Pointer(&c64[0])), at(unsafe.Pointer(&c64[1])), 8)
	width("complex128", unsafe.Sizeof(c128[0]), at(unsafe.Pointer(&c128[0])), at(unsafe.Pointer(&c128[1])), 16)
}

// at is an address as a number, to subtract or to divide.
func at(p unsafe.Pointer) uintptr { return uintptr(p) }

// A bool takes one byte, named types and array elements included.
//
//gomem:case LAYOUT.SIZE.BOOL
func SizeBool() {
	type flag bool
	var flags [3]flag
	var f flag
	check.Equal("Sizeof bool", unsafe.Sizeof(true), 1)
	check.Equal("Sizeof a named bool", unsafe.Sizeof(f), 1)
	check.Equal("Sizeof [3]bool", unsafe.Sizeof(flags), 3)
	check.Equal("distance of two bools", at(unsafe.Pointer(&flags[2]))-at(unsafe.Pointer(&flags[0])), 2)
}

// int, uint, uintptr, pointers, maps, channels and functions take one word, strings and interfaces two, slices three.
//
//gomem:case LAYOUT.WORD
func Words() {
	var (
		i   int
		u   uint
		a   uintptr
		p   *[64]byte
		up  unsafe.Pointer
		m   map[string]int
		c   chan<- int
		f   func(int) string
		s   string
		e   interface{}
		err error
		b   []byte
		l   [][8]int
	)
	for _, one := range []uintptr{unsafe.Sizeof(i), unsafe.Sizeof(u), unsafe.Sizeof(a), unsafe.Sizeof(p), unsafe.Sizeof(up),
		unsafe.Sizeof(m), unsafe.Sizeof(c), unsafe.Sizeof(f)} {
		check.Equal("a type of one word", one, word)
	}
	for _, two := range []uintptr{unsafe.Sizeof(s), unsafe.Sizeof(e), unsafe.Sizeof(err)} {
		check.Equal("a type of two words", two, 2*word)
	}
	for _, three := range []uintptr{unsafe.Sizeof(b), unsafe.Sizeof(l)} {
		check.Equal("a type of three words", three, 3*word)
	}
	check.That("a word holds an address", word == 4 || word == 8)
	check.Equal("the width of uint", ^uint(0)>>(8*word-1), 1)
}

// Alignments are 1, 2 or 4 for what is that wide (bool, small integers, float32, complex64), and one word for the rest, so
// that int64 is 4-aligned on a 32-bit target.
//
//gomem:case LAYOUT.ALIGN
func Alignments() {
	type mixed struct {
		b bool
		h int16
	}
	check.Equal("bool", unsafe.Alignof(true), 1)
	check.Equal("int8", unsafe.Alignof(int8(0)), 1)
	check.Equal("uint8", unsafe.Alignof(uint8(0)), 1)
	check.Equal("int16", unsafe.Alignof(int16(0)), 2)
	check.Equal("uint16", unsafe.Alignof(uint16(0)), 2)
	check.Equal("int32", unsafe.Alignof(int32(0)), 4)
	check.Equal("uint32", unsafe.Alignof(uint32(0)), 4)
	check.Equal("float32", unsafe.Alignof(float32(0)), 4)
	check.Equal("complex64", unsafe.Alignof(complex64(0)), 4)
	check.Equal("int64", unsafe.Alignof(int64(0)), word)
	check.Equal("uint64", unsafe.Alignof(uint64(0)), word)
	check.Equal("float64", unsafe.Alignof(float64(0)), word)
	check.Equal("complex128", unsafe.Alignof(complex128(0)), word)
	check.Equal("int", unsafe.Alignof(int(0)), word)
	check.Equal("string", unsafe.Alignof(""), word)
	check.Equal("slice", unsafe.Alignof([]byte(nil)), word)
	check.Equal("interface", unsafe.Alignof(interface{}(nil)), word)
	check.Equal("pointer", unsafe.Alignof((*byte)(nil)), word)
	check.Equal("func", unsafe.Alignof(func() {}), word)
	check.Equal("array of int16", unsafe.Alignof([3]int16{}), 2)
	check.Equal("struct of bool and int16", unsafe.Alignof(mixed{}), 2)
}

// An int64 behind an int32 starts at offset 4 on a 32-bit target and at 8 on a 64-bit one, at run time too.
//
//gomem:case LAYOUT.ALIGN
func AlignmentPlaces() {
	var s struct {
		first int32
		wide  int64
	}
	var list [4]struct {
		b    byte
		wide float64
	}
	check.Equal("offset of an int64 behind an int32", at(unsafe.Pointer(&s.wide))-at(unsafe.Pointer(&s)), word)
	for i := range list {
		check.Equal("misplaced bytes of a float64", at(unsafe.Pointer(&list[i].wide))%word, 0)
	}
	check.Equal("stride of {byte; float64}", unsafe.Sizeof(list[0]), 8+word)
}

// No alignment is below 1, that of a struct is the largest of its fields' and at least 1, that of an array its element's.
//
//gomem:case LAYOUT.ALIGN.MIN
func AlignmentMinimum() {
	check.Equal("struct{}", unsafe.Alignof(struct{}{}), 1)
	check.Equal("[0]byte", unsafe.Alignof([0]byte{}), 1)
	check.Equal("[0]int64", unsafe.Alignof([0]int64{}), unsafe.Alignof(int64(0)))
	check.Equal("[5]int16", unsafe.Alignof([5]int16{}), unsafe.Alignof(int16(0)))
	check.Equal("[2][3]string", unsafe.Alignof([2][3]string{}), unsafe.Alignof(""))
	for _, t := range samples() {
		largest := 1
		if t.Kind() == reflect.Struct {
			for i := 0; i < t.NumField(); i++ {
				if a := t.Field(i).Type.Align(); a > largest {
					largest = a
				}
			}
			check.Equal("alignment of "+t.String(), t.Align(), largest)
		}
		check.That("alignment of "+t.String()+" is at least 1", t.Align() >= 1)
	}
}

// The size of every type is a multiple of its alignment, so that neighbours in an array are aligned.
//
//gomem:case LAYOUT.MULTIPLE
func Multiples() {
	odd := 0
	for _, t := range samples() {
		check.Equal("bytes beyond a multiple for "+t.String(), int(t.Size())%t.Align(), 0)
		odd += int(t.Size()) & 1
	}
	check.That("types of odd size are among them", odd >= 3)
	var list [3]struct {
		wide  int64
		small byte
	}
	for i := range list {
		check.Equal("misplaced bytes of an element", at(unsafe.Pointer(&list[i]))%unsafe.Alignof(list[i]), 0)
	}
	check.Equal("size of {int64; byte}", unsafe.Sizeof(list[0]), 8+word)
}

// A type is aligned alike as a variable and as a field.
//
//gomem:case LAYOUT.FIELDALIGN
func FieldAlignments() {
	for _, t := range samples() {
		check.Equal("field alignment of "+t.String(), t.FieldAlign(), t.Align())
	}
	var f struct {
		_    byte
		wide int64
	}
	var variable int64
	check.Equal("unsafe.Alignof a field and a variable", unsafe.Alignof(f.wide), unsafe.Alignof(variable))
	check.Equal("offset of the field", unsafe.Offsetof(f.wide), unsafe.Alignof(variable))
}

// samples are types of every kind, and structs in which each rule of layout has something to do.
func samples() []reflect.Type {
	values := []interface{}{
		false, int8(0), uint8(0), int16(0), uint16(0), int32(0), uint32(0), int64(0), uint64(0), int(0), uint(0), uintptr(0),
		float32(0), float64(0), complex64(0), complex128(0), "", []byte(nil), map[int]int(nil), (chan int)(nil), (func())(nil),
		(*int)(nil), unsafe.Pointer(nil), [0]int64{}, [3]byte{}, [3]int16{}, [5]struct {
			a int64
			b byte
		}{},
		struct{}{}, struct{ a, b, c byte }{}, struct {
			a byte
			b int64
			c int16
		}{}, struct {
			a byte
			b struct {
				c int16
				d [3]byte
			}
			e float32
		}{}, struct {
			a string
			b bool
			c interface{}
			d struct{}
		}{}, struct {
			a complex64
			b byte
			c complex128
			d [0]int32
		}{},
	}
	types := make([]reflect.Type, len(values))
	for i, v := range values {
		types[i] = reflect.TypeOf(v)
	}
	return types
}
