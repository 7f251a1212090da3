package alloc

// What concatenation costs, and integers that become strings: ALLOC.CONCAT.*, ALLOC.INT2STR.*. Conversions are in convert.go.

import "gomem/cases/check"

// Joining strings whose result escapes costs one block, however many operands there are.
//
//gomem:case ALLOC.CONCAT
//gomem:needs counts
func ConcatIsOneBlock() {
	a, b, c := text(3), text(20), text(100)
	check.Equal("blocks, 2 operands", check.Allocs(func() { stringSink = a + b }), 1)
	check.Equal("blocks, 3 operands", check.Allocs(func() { stringSink = a + b + c }), 1)
	check.Equal("blocks, 4 operands", check.Allocs(func() { stringSink = a + b + c + a }), 1)
	check.Equal("blocks, 5 operands", check.Allocs(func() { stringSink = a + b + c + a + b }), 1)
	check.Equal("blocks, 9 operands", check.Allocs(func() { stringSink = a + b + c + a + b + c + a + b + c }), 1)
	check.Equal("length", len(stringSink), 369)
	check.Equal("blocks, constants between", check.Allocs(func() { stringSink = "<" + a + "," + b + ">" }), 1)
	check.Equal("result", stringSink, "<"+a+","+b+">")
}

// Each + of its own statement is a concatenation of its own.
//
//gomem:case ALLOC.CONCAT
//gomem:needs counts
func ConcatInALoop() {
	a := text(10)
	check.Equal("blocks", check.Allocs(func() {
		s := a
		for i := 0; i < 10; i++ {
			s += a
		}
		stringSink = s
	}), 10)
	check.Equal("length", len(stringSink), 110)
}

// When only one operand is not empty the result is that string, its bytes shared, and costs nothing; nothing joined is free too.
//
//gomem:case ALLOC.CONCAT
//gomem:needs counts
func ConcatOfOneIsShared() {
	a, empty := text(50), text(0)
	check.Equal("blocks, last is empty", check.Allocs(func() { stringSink = a + empty }), 0)
	check.That("bytes copied", first(stringSink) == first(a))
	check.Equal("blocks, first is empty", check.Allocs(func() { stringSink = empty + a }), 0)
	check.That("bytes copied", first(stringSink) == first(a))
	check.Equal("blocks, 5 operands", check.Allocs(func() { stringSink = empty + empty + a + empty + empty }), 0)
	check.That("bytes copied", first(stringSink) == first(a))
	check.Equal("result", stringSink, a)
	check.Equal("blocks, all empty", check.Allocs(func() { stringSink = empty + empty + empty }), 0)
	check.Equal("result", stringSink, "")
	stringSink = a + text(1)
	check.That("bytes shared although two operands have some", first(stringSink) != first(a))
}

// A concatenation of constants is one constant, and so costs nothing at run time.
//
//gomem:case ALLOC.CONCAT.CONST
//gomem:needs counts
func ConcatOfConstants() {
	const half = "a string of more than sixteen letters, "
	check.Equal("blocks", check.Allocs(func() { stringSink = half + "joined to another of that kind, " + half }), 0)
	check.Equal("length", len(stringSink), 2*len(half)+32)
	a := text(1)
	check.Equal("blocks with one variable", check.Allocs(func() { stringSink = half + a + half }), 1)
}

// Constants folded within a longer concatenation leave it one block: they are one operand of it.
//
//gomem:case ALLOC.CONCAT.CONST
//gomem:needs counts
func ConcatWithConstantPart() {
	const prefix, sep = "span/", "class="
	a := text(30)
	check.Equal("blocks", check.Allocs(func() { stringSink = a + (prefix + sep) }), 1)
	check.Equal("result", stringSink, a+"span/class=")
}

// A concatenation that stays in the function uses a buffer of 32 bytes in the frame: up to there it costs nothing.
//
//gomem:case ALLOC.CONCAT.BUF
//gomem:needs counts
func ConcatInABuffer() {
	a, b, c := text(16), text(15), text(1)
	check.Equal("blocks, 2 bytes", check.Allocs(func() { length(c + c) }), 0)
	check.Equal("blocks, 31 bytes", check.Allocs(func() { length(a + b) }), 0)
	check.Equal("blocks, 32 bytes", check.Allocs(func() { length(a + b + c) }), 0)
	check.Equal("blocks, 32 bytes of 6 operands", check.Allocs(func() { length(b + c + c + c + c + c + text12) }), 0)
	check.Equal("length", length(b+c+c+c+c+c+text12), 32)
}

const text12 = "twelve bytes"

// One byte more than the buffer holds and the concatenation costs a block.
//
//gomem:case ALLOC.CONCAT.BUF
//gomem:needs counts
func ConcatBeyondTheBuffer() {
	a, b, c := text(16), text(15), text(1)
	check.Equal("blocks, 33 bytes", check.Allocs(func() { length(a + b + c + c) }), 1)
	check.Equal("blocks, 33 bytes, one of them constant", check.Allocs(func() { length(a + a[1:] + "12") }), 1)
	check.Equal("blocks, 2 bytes that escape", check.Allocs(func() { stringSink = c + c }), 1)
}

// A string made from bytes, and bytes made from a string, have such a buffer of 32 bytes too.
//
//gomem:case ALLOC.CONCAT.BUF
//gomem:needs counts
func ConversionInABuffer() {
	for _, n := range []int{2, 16, 31, 32} {
		b, s := make([]byte, n), text(n)
		check.Equal("blocks for string(b)", check.Allocs(func() { length(string(b)) }), 0)
		check.Equal("blocks for []byte(s)", check.Allocs(func() { writeFirst([]byte(s)) }), 0)
	}
	for _, n := range []int{33, 64, 1000} {
		b, s := make([]byte, n), text(n)
		check.Equal("blocks for string(b)", check.Allocs(func() { length(string(b)) }), 1)
		check.Equal("blocks for []byte(s)", check.Allocs(func() { writeFirst([]byte(s)) }), 1)
	}
}

// writeFirst writes to b, so that a conversion has to copy, and does not let it escape.
func writeFirst(b []byte) { b[0]++ }

// An integer converted to a string that escapes costs one block, whether its code point takes one byte or four.
//
//gomem:case ALLOC.INT2STR.COUNT
//gomem:needs counts
func IntToStringAllocates() {
	for _, r := range []rune{0, 'a', 127, 128, 'é', '世', '\U0001F600', 0x10FFFF} {
		r := r
		check.Equal("blocks", check.Allocs(func() { stringSink = string(r) }), 1)
	}
	check.Equal("blocks, -1", check.Allocs(func() { stringSink = string(rune(opaque(-1))) }), 1)
	check.Equal("blocks for a byte's code point", check.Allocs(func() { stringSink = string(rune(byte(opaque(200)))) }), 1)
}

// An integer converted to a string that stays in the function uses a buffer in the frame, and a constant is folded.
//
//gomem:case ALLOC.INT2STR.COUNT
//gomem:needs counts
func IntToStringForFree() {
	r := rune(opaque('世'))
	check.Equal("blocks, not escaping", check.Allocs(func() { length(string(r)) }), 0)
	check.Equal("blocks, constant", check.Allocs(func() { stringSink = string(rune(0x4E16)) }), 0)
	check.Equal("result", stringSink, "世")
}

// An integer that is no code point becomes U+FFFD: negative, beyond 0x10FFFF, a surrogate, or too wide for a rune.
//
//gomem:case ALLOC.INT2STR.INVALID
func IntToStringInvalid() {
	for _, n := range []int64{-1, -128, -1 << 31, -1 << 63, 0x110000, 0x7FFFFFFF, 0xD800, 0xDBFF, 0xDC00, 0xDFFF,
		1<<32 + 'a', 1<<40 + 'a', 1<<63 - 1} {
		check.Equal("string of an invalid code point", string(wide(n)), "\uFFFD")
	}
	check.Equal("string of an invalid rune", string(rune(opaque(-1))), "\uFFFD")
	check.Equal("string of an unsigned number beyond", string(uint64(opaque(0x110000))), "\uFFFD")
}

// wide is an integer type of the widest size; every integer type converts to string by its value.
type wide int64

// An integer that is a code point, up to the edges of the invalid ranges, becomes its UTF-8 form.
//
//gomem:case ALLOC.INT2STR.INVALID
func IntToStringValid() {
	for _, c := range []struct {
		n    int64
		want string
	}{{0, "\x00"}, {'a', "a"}, {0x7F, "\x7F"}, {0x80, "\xC2\x80"}, {0x7FF, "\xDF\xBF"}, {0x800, "\xE0\xA0\x80"},
		{0xD7FF, "\xED\x9F\xBF"}, {0xE000, "\xEE\x80\x80"}, {0xFFFD, "\xEF\xBF\xBD"}, {0xFFFF, "\xEF\xBF\xBF"},
		{0x10000, "\xF0\x90\x80\x80"}, {0x10FFFF, "\xF4\x8F\xBF\xBF"}} {
		check.Equal("string of a code point", string(wide(c.n)), c.want)
	}
	check.Equal("string of a byte's value", string(rune(byte(opaque(0xE9)))), "\xC3\xA9")
}
