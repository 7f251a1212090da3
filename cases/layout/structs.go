package layout

// Where the fields of a struct lie: LAYOUT.PADDING, ORDER, TAIL, ZEROSTRUCT, REFLECT.

import (
	"reflect"
	"unsafe"

	"gomem/cases/check"
)

type (
	wideInside struct {
		a int8
		b int64
		c int16
	}
	wideLast struct {
		a int8
		b int16
		c int64
	}
)

// Each field starts at the next multiple of its alignment, and the end is padded to the struct's: {int8; int64; int16} takes
// 24 bytes on 64-bit targets and 16 on 32-bit ones, {int8; int16; int64} 16 and 12.
//
//gomem:case LAYOUT.PADDING
func Padding() {
	var in wideInside
	check.Equal("size of {int8; int64; int16}", unsafe.Sizeof(in), 8+2*word)
	check.Equal("offset of its int64", unsafe.Offsetof(in.b), word)
	check.Equal("offset of its last int16", unsafe.Offsetof(in.c), word+8)
	var last wideLast
	check.Equal("size of {int8; int16; int64}", unsafe.Sizeof(last), 8+word)
	check.Equal("offset of its int16", unsafe.Offsetof(last.b), 2)
	check.Equal("offset of its int64", unsafe.Offsetof(last.c), word)
	var list [2]wideInside
	check.Equal("distance of two elements", at(unsafe.Pointer(&list[1]))-at(unsafe.Pointer(&list[0])), 8+2*word)
}

// The offsets of the fields, taken as addresses, are those of the rule.
//
//gomem:case LAYOUT.PADDING
func PaddingAddresses() {
	p := &struct {
		a bool
		b string
		c byte
		d int32
		e byte
		f []int
		g [3]byte
		h int16
	}{}
	base := at(unsafe.Pointer(p))
	for i, got := range []uintptr{at(unsafe.Pointer(&p.a)), at(unsafe.Pointer(&p.b)), at(unsafe.Pointer(&p.c)),
		at(unsafe.Pointer(&p.d)), at(unsafe.Pointer(&p.e)), at(unsafe.Pointer(&p.f)), at(unsafe.Pointer(&p.g)),
		at(unsafe.Pointer(&p.h))} {
		want := []uintptr{0, word, 3 * word, 3*word + 4, 3*word + 8, 3*word + 8 + word, 7*word + 8, 7*word + 12}[i]
		check.Equal("offset of field "+string(rune('a'+i)), got-base, want)
	}
	check.Equal("size", unsafe.Sizeof(*p), 7*word+16)
}

// Fifty random structs, some nested, have each field at the next multiple of its alignment, the alignment of the strictest
// field, and the size rounded up to it.
//
//gomem:case LAYOUT.PADDING
func PaddingGenerated() {
	for _, t := range generated() {
		offset, align := uintptr(0), uintptr(1)
		for i := 0; i < t.NumField(); i++ {
			f := t.Field(i)
			a := uintptr(f.Type.Align())
			offset = (offset + a - 1) / a * a
			check.Equal("offset of field "+f.Name+" in "+t.String(), f.Offset, offset)
			offset += f.Type.Size()
			if a > align {
				align = a
			}
		}
		check.Equal("alignment of "+t.String(), t.Align(), align)
		check.Equal("size of "+t.String(), t.Size(), (offset+align-1)/align*align)
	}
	check.That("there are fifty of them", len(generated()) == 50)
}

// Fields are never reordered, however much padding another order would save.
//
//gomem:case LAYOUT.ORDER
func Order() {
	var s struct {
		a byte
		b int64
		c byte
		d int32
		e byte
		f string
		g byte
	}
	previous := at(unsafe.Pointer(&s)) - 1
	for i, p := range []uintptr{at(unsafe.Pointer(&s.a)), at(unsafe.Pointer(&s.b)), at(unsafe.Pointer(&s.c)),
		at(unsafe.Pointer(&s.d)), at(unsafe.Pointer(&s.e)), at(unsafe.Pointer(&s.f)), at(unsafe.Pointer(&s.g))} {
		check.That("field "+string(rune('a'+i))+" lies behind the one before it", p > previous)
		previous = p
	}
	for _, t := range generated() {
		for i := 1; i < t.NumField(); i++ {
			check.That("fields of "+t.String()+" in order", t.Field(i).Offset >= t.Field(i-1).Offset+t.Field(i-1).Type.Size())
		}
	}
}

// A struct of positive size that ends in a zero-size field is padded beyond it, so that the field's address lies inside.
//
//gomem:case LAYOUT.TAIL
func Tail() {
	var first struct {
		a struct{}
		b int64
	}
	var last struct {
		a int64
		b struct{}
	}
	var byteLast struct {
		a byte
		b [0]byte
	}
	var wideEmpty struct {
		a byte
		b [0]int32
	}
	var nested struct {
		a byte
		b struct{ c [0]byte }
	}
	check.Equal("size of {struct{}; int64}", unsafe.Sizeof(first), 8)
	check.Equal("size of {int64; struct{}}", unsafe.Sizeof(last), 8+word)
	check.Equal("offset of its last field", unsafe.Offsetof(last.b), 8)
	check.Equal("size of {byte; [0]byte}", unsafe.Sizeof(byteLast), 2)
	check.Equal("size of {byte; [0]int32}", unsafe.Sizeof(wideEmpty), 8)
	check.Equal("offset of its last field", unsafe.Offsetof(wideEmpty.b), 4)
	check.Equal("size of {byte; {[0]byte}}", unsafe.Sizeof(nested), 2)
	p := &last
	end := at(unsafe.Pointer(p)) + unsafe.Sizeof(*p)
	check.That("the last field's address lies inside", at(unsafe.Pointer(&p.b)) < end)
	var list [2]struct {
		a byte
		b struct{}
	}
	check.That("it is not the neighbour's", at(unsafe.Pointer(&list[0].b)) < at(unsafe.Pointer(&list[1])))
}

// A struct whose fields all have size zero has size zero, whatever their alignment, and needs no padding.
//
//gomem:case LAYOUT.ZEROSTRUCT
func ZeroStruct() {
	var a struct{}
	var b struct {
		x struct{}
		y [0]int64
		z [4]struct{}
	}
	var c [1000]struct{ x, y struct{} }
	check.Equal("size of struct{}", unsafe.Sizeof(a), 0)
	check.Equal("size of a struct of zero-size fields", unsafe.Sizeof(b), 0)
	check.Equal("offset of its last field", unsafe.Offsetof(b.z), 0)
	check.Equal("its alignment", unsafe.Alignof(b), word)
	check.Equal("size of an array of them", unsafe.Sizeof(c), 0)
	check.Equal("distance of its elements", at(unsafe.Pointer(&c[999]))-at(unsafe.Pointer(&c[0])), 0)
	check.Equal("size beside a field of a byte", unsafe.Sizeof(struct {
		z struct{ x, y struct{} }
		b byte
	}{}), 1)
}

type reflected struct {
	a bool
	b struct {
		c int16
		d complex128
	}
	e [3]string
	f func()
	g interface{}
	h byte
}

// unsafe.Sizeof, Alignof and Offsetof are constants of the program, fit for array lengths, and equal what reflection reports.
//
//gomem:case LAYOUT.REFLECT
func Reflection() {
	var r reflected
	const size, align, offset = unsafe.Sizeof(r), unsafe.Alignof(r), unsafe.Offsetof(r.e)
	var bySize [size]byte
	var byAlign [align]byte
	var byOffset [offset]byte
	t := reflect.TypeOf(r)
	check.Equal("Sizeof as an array's length", len(bySize), int(t.Size()))
	check.Equal("Alignof as an array's length", len(byAlign), t.Align())
	check.Equal("Offsetof as an array's length", len(byOffset), int(t.Field(2).Offset))
	offsets := []uintptr{unsafe.Offsetof(r.a), unsafe.Offsetof(r.b), unsafe.Offsetof(r.e), unsafe.Offsetof(r.f),
		unsafe.Offsetof(r.g), unsafe.Offsetof(r.h)}
	sizes := []uintptr{unsafe.Sizeof(r.a), unsafe.Sizeof(r.b), unsafe.Sizeof(r.e), unsafe.Sizeof(r.f), unsafe.Sizeof(r.g),
		unsafe.Sizeof(r.h)}
	aligns := []uintptr{unsafe.Alignof(r.a), unsafe.Alignof(r.b), unsafe.Alignof(r.e), unsafe.Alignof(r.f),
		unsafe.Alignof(r.g), unsafe.Alignof(r.h)}
	check.Equal("number of fields", t.NumField(), len(offsets))
	for i := range offsets {
		f := t.Field(i)
		check.Equal("Offsetof field "+f.Name, offsets[i], f.Offset)
		check.Equal("Sizeof field "+f.Name, sizes[i], f.Type.Size())
		check.Equal("Alignof field "+f.Name, aligns[i], f.Type.FieldAlign())
	}
	check.Equal("Offsetof within a field", unsafe.Offsetof(r.b.d), t.Field(1).Type.Field(1).Offset)
}

// A constant expression of these figures is a constant: it initialises one, and the operand is not evaluated.
//
//gomem:case LAYOUT.REFLECT
func ReflectionConstants() {
	const total = unsafe.Sizeof(reflected{}) * 2
	const tiny int8 = int8(unsafe.Alignof(int16(0)) << 2)
	var p *reflected
	const behindNil = unsafe.Sizeof(*p) + unsafe.Offsetof(p.e)
	calls := 0
	count := func() int16 { calls++; return 1 }
	check.Equal("Sizeof a call", unsafe.Sizeof(count()), 2)
	check.Equal("calls made", calls, 0)
	check.Equal("twice Sizeof", total, 2*reflect.TypeOf(*new(reflected)).Size())
	check.Equal("four times Alignof(int16)", tiny, 8)
	check.Equal("behind a nil pointer", behindNil, reflect.TypeOf(reflected{}).Size()+reflect.TypeOf(reflected{}).Field(2).Offset)
}
