package alloc

// What conversions between strings, bytes and runes cost and keep apart: ALLOC.CONV.*. Short ones that stay in the
// function, ALLOC.CONCAT.BUF, are in text.go.

import "gomem/cases/check"

// An escaping []byte(s) costs one block when s has a byte and nothing when it has none.
//
//gomem:case ALLOC.CONV.STR2BYTES.COUNT
//gomem:needs counts
func StringToBytesCount() {
	for _, n := range []int{1, 2, 16, 32, 33, 1000, 100000} {
		s := text(n)
		check.Equal("blocks", check.Allocs(func() { bytesSink = []byte(s) }), 1)
		check.Equal("bytes", string(bytesSink), s)
	}
	empty := text(0)
	check.Equal("blocks for the empty string", check.Allocs(func() { bytesSink = []byte(empty) }), 0)
	check.That("[]byte of the empty string is nil", bytesSink != nil)
}

// Bytes converted from a string are a copy: writing to them does not change the string.
//
//gomem:case ALLOC.CONV.STR2BYTES.COPY
func StringToBytesCopies() {
	for _, n := range []int{1, 8, 32, 33, 5000} {
		s, want := text(n), text(n)
		b := []byte(s)
		for i := range b {
			b[i] = '#'
		}
		check.Equal("string after the writes", s, want)
		bytesSink = []byte(s)
		bytesSink[n-1] = '#'
		check.Equal("string after a write to escaping bytes", s, want)
	}
	constant := "constant"
	bytesSink = []byte(constant)
	bytesSink[0] = 'K'
	check.Equal("constant after the write", constant, "constant")
	check.Equal("bytes", string(bytesSink), "Konstant")
}

// An escaping string(b) costs one block when b has two bytes or more and nothing when it is empty.
//
//gomem:case ALLOC.CONV.BYTES2STR.COUNT
//gomem:needs counts
func BytesToStringCount() {
	for _, n := range []int{2, 3, 16, 32, 33, 1000, 100000} {
		b := []byte(text(n))
		check.Equal("blocks", check.Allocs(func() { stringSink = string(b) }), 1)
		check.Equal("string", stringSink, text(n))
	}
	empty := make([]byte, 0, 10)
	check.Equal("blocks for no bytes", check.Allocs(func() { stringSink = string(empty) }), 0)
	check.Equal("blocks for nil", check.Allocs(func() { stringSink = string([]byte(nil)) }), 0)
	check.Equal("string", stringSink, "")
}

// A string converted from bytes is a copy: writing to the bytes later does not change it.
//
//gomem:case ALLOC.CONV.BYTES2STR.COPY
func BytesToStringCopies() {
	for _, n := range []int{1, 2, 8, 32, 33, 5000} {
		b := []byte(text(n))
		stringSink = string(b)
		local := string(b)
		for i := range b {
			b[i] = '#'
		}
		check.Equal("escaping string after the writes", stringSink, text(n))
		check.Equal("local string after the writes", local, text(n))
	}
	b, nothing := []byte(text(40)), text(0)
	joined, before := string(b)+nothing, nothing+string(b)
	b[0] = '#'
	check.Equal("joined with nothing after a write", joined, text(40))
	check.Equal("nothing before it after a write", before, text(40))
}

// An escaping []rune(s) costs one block when s has a byte and nothing when it has none.
//
//gomem:case ALLOC.CONV.STR2RUNES.COUNT
//gomem:needs counts
func StringToRunesCount() {
	for _, n := range []int{1, 2, 32, 33, 1000} {
		s := text(n)
		check.Equal("blocks", check.Allocs(func() { runesSink = []rune(s) }), 1)
		check.Equal("runes", len(runesSink), n)
	}
	wide := "aé世\U0001F600" + text(0)
	check.Equal("blocks", check.Allocs(func() { runesSink = []rune(wide) }), 1)
	check.Equal("runes", len(runesSink), 4)
	empty := text(0)
	check.Equal("blocks for the empty string", check.Allocs(func() { runesSink = []rune(empty) }), 0)
}

// Runes converted from a string are a copy: writing to them does not change the string.
//
//gomem:case ALLOC.CONV.STR2RUNES.COPY
func StringToRunesCopies() {
	s := text(40)
	runesSink = []rune(s)
	local := []rune(s)
	for i := range runesSink {
		runesSink[i], local[i] = '#', '#'
	}
	check.Equal("string after the writes", s, text(40))
	check.Equal("runes of bytes that are no UTF-8", string([]rune("a\xFFb"+text(0))), "a\uFFFDb")
}

// An escaping string(r) of runes costs one block, for an empty r too.
//
//gomem:case ALLOC.CONV.RUNES2STR.COUNT
//gomem:needs counts
func RunesToStringCount() {
	for _, n := range []int{0, 1, 2, 32, 33, 1000} {
		r := []rune(text(n))
		check.Equal("blocks", check.Allocs(func() { stringSink = string(r) }), 1)
		check.Equal("string", stringSink, text(n))
	}
	r := []rune{'a', 'é', '世', '\U0001F600'}
	check.Equal("blocks", check.Allocs(func() { stringSink = string(r) }), 1)
	check.Equal("string", stringSink, "aé世\U0001F600")
}

// A string converted from runes is a copy: writing to the runes later does not change it.
//
//gomem:case ALLOC.CONV.RUNES2STR.COPY
func RunesToStringCopies() {
	r := []rune(text(40))
	stringSink = string(r)
	local := string(r)
	for i := range r {
		r[i] = '#'
	}
	check.Equal("escaping string after the writes", stringSink, text(40))
	check.Equal("local string after the writes", local, text(40))
	check.Equal("string of runes that are no code points", string([]rune{-1, 0xD800, 'a', 0x110000}), "\uFFFD\uFFFDa\uFFFD")
}

// Looking a map up by string(b) does not convert, in a struct or array key either; inserting by it does.
//
//gomem:case ALLOC.CONV.OPT
//gomem:needs counts
func MapLookupByBytes() {
	b := []byte(text(100))
	m := map[string]int{text(100): 7}
	nested := map[[1]string]int{{text(100)}: 8}
	fields := map[key]int{{1, text(100)}: 9}
	got := 0
	check.Equal("blocks", check.Allocs(func() { got = m[string(b)] }), 0)
	check.Equal("value", got, 7)
	check.Equal("blocks, two results", check.Allocs(func() { _, _ = m[string(b)] }), 0)
	check.Equal("blocks, array key", check.Allocs(func() { got = nested[[1]string{string(b)}] }), 0)
	check.Equal("value", got, 8)
	check.Equal("blocks, struct key", check.Allocs(func() { got = fields[key{1, string(b)}] }), 0)
	check.Equal("value", got, 9)
	same := func() []byte { return b }
	check.Equal("blocks, bytes of a call", check.Allocs(func() { got = m[string(same())] }), 0)
	check.Equal("value", got, 7)
	check.Equal("blocks, array key of a call", check.Allocs(func() { got = nested[[1]string{string(same())}] }), 0)
	check.Equal("value", got, 8)
	check.Equal("blocks, insert", check.Allocs(func() { m[string(b)] = 7 }), 1)
}

type key struct {
	n    int
	name string
}

// Comparing string(b) does not convert, on either side, by any operator, nor in a switch over constants; a
// switch with a variable case keeps the string, and so converts.
//
//gomem:case ALLOC.CONV.OPT
//gomem:needs counts
func ComparisonOfBytes() {
	b, c, s := []byte(text(100)), []byte(text(101)), text(100)
	var equal, less, both bool
	check.Equal("blocks, b == s", check.Allocs(func() { equal = string(b) == s }), 0)
	check.Equal("blocks, s != c", check.Allocs(func() { less = s != string(c) }), 0)
	check.Equal("blocks, b < c", check.Allocs(func() { both = string(b) < string(c) }), 0)
	check.That("the comparisons went wrong", equal && less && both)
	called := func() string { return s }
	check.Equal("blocks, b == a call", check.Allocs(func() { equal = string(b) == called() }), 0)
	check.Equal("blocks, a call < c", check.Allocs(func() { less = called() < string(c) }), 0)
	check.That("the comparisons with calls went wrong", equal && less)
	check.Equal("blocks, switch over constants", check.Allocs(func() {
		switch string(b) {
		case "span", "arena":
			equal = false
		}
	}), 0)
	check.Equal("blocks, switch with a variable case", check.Allocs(func() {
		switch string(b) {
		case "span":
			equal = false
		case s:
			both = equal
		}
	}), 1)
	check.That("a switch went wrong", equal && both)
}

// Ranging over []byte(s) does not convert.
//
//gomem:case ALLOC.CONV.OPT
//gomem:needs counts
func RangeOverStringBytes() {
	s, n := text(100), 0
	check.Equal("blocks", check.Allocs(func() {
		n = 0
		for i, x := range []byte(s) {
			n += i * int(x-s[i])
			n++
		}
	}), 0)
	check.Equal("bytes ranged over", n, 100)
}

// A concatenation with string(b) costs the block of its result and none for the conversion.
//
//gomem:case ALLOC.CONV.OPT
//gomem:needs counts
func ConcatWithBytes() {
	b, c := []byte(text(100)), []byte(text(50))
	check.Equal("blocks, one conversion", check.Allocs(func() { stringSink = "<" + string(b) + ">" }), 1)
	check.Equal("result", stringSink, "<"+text(100)+">")
	check.Equal("blocks, two conversions", check.Allocs(func() { stringSink = "<" + string(b) + "," + string(c) + ">" }), 1)
	check.Equal("result", stringSink, "<"+text(100)+","+text(50)+">")
	b[0] = '#'
	check.Equal("first letter after a write to the bytes", stringSink[1], 'a')
	half := text(50)
	called := func() string { return half }
	check.Equal("blocks, a call after it", check.Allocs(func() { stringSink = "<" + string(c) + called() }), 1)
	check.Equal("result", stringSink, "<"+half+half)
}

// A conversion that none of these takes, such as one kept in a variable and used twice, does convert.
//
//gomem:case ALLOC.CONV.OPT
//gomem:needs counts
func ConversionKeptInAVariable() {
	b := []byte(text(100))
	m := map[string]int{text(100): 7}
	check.Equal("blocks", check.Allocs(func() {
		s := string(b)
		m[s] += length(s)
	}), 1)
}

// A []byte(s) that is only read and stays in the function is the string's own memory, whatever its length.
//
//gomem:case ALLOC.CONV.OPT.ZEROCOPY
//gomem:needs counts
func ReadOnlyBytesShare() {
	for _, n := range []int{1, 33, 1000, 100000} {
		s := text(n)
		check.Equal("blocks, indexed", check.Allocs(func() {
			b := []byte(s)
			total += int(b[n-1])
		}), 0)
		check.Equal("blocks, lent to a reader", check.Allocs(func() { total += sum([]byte(s)) }), 0)
	}
	s := text(100)
	b := []byte(s)
	check.That("the bytes are a copy", sameByte(b, s))
}

var total int

// sameByte reports whether b begins at the first byte of s.
func sameByte(b []byte, s string) bool { return &b[0] == (*byte)(first(s)) }

// A []byte(s) that is written to, or that escapes, is a copy: it costs a block when it is longer than a buffer.
//
//gomem:case ALLOC.CONV.OPT.ZEROCOPY
//gomem:needs counts
func WrittenBytesDoNotShare() {
	s := text(100)
	check.Equal("blocks, written in place", check.Allocs(func() {
		b := []byte(s)
		b[0] = 'x'
		total += int(b[1])
	}), 1)
	check.Equal("blocks, lent to a writer", check.Allocs(func() { writeFirst([]byte(s)) }), 1)
	check.Equal("blocks, escaping", check.Allocs(func() { bytesSink = []byte(s) }), 1)
	check.Equal("string", s, text(100))
}

// A []byte(s) that is only read is a copy all the same: it costs a block when it is longer than a buffer.
//
//gomem:case ALLOC.CONV.OPT
//gomem:needs counts
//gomem:until 1.21
func ReadOnlyBytesAreCopied() {
	s := text(100)
	check.Equal("blocks", check.Allocs(func() { total += sum([]byte(s)) }), 1)
}

// One byte converted to a string costs nothing, whichever byte it is.
//
//gomem:case ALLOC.CONV.ONEBYTE
//gomem:needs counts
func OneByteToString() {
	b := make([]byte, 256)
	for i := range b {
		b[i] = byte(i)
	}
	check.Equal("blocks for 256 bytes", check.Allocs(func() {
		for i := range b {
			stringSink = string(b[i : i+1])
		}
	}), 0)
	for i := range b {
		stringSink = string(b[i : i+1])
		check.That("the string is another byte", len(stringSink) == 1 && stringSink[0] == byte(i))
	}
	check.Equal("blocks for two bytes", check.Allocs(func() { stringSink = string(b[:2]) }), 1)
}

// The string of one byte does not change when the byte does.
//
//gomem:case ALLOC.CONV.ONEBYTE
//gomem:needs counts
func OneByteStringIsFixed() {
	b := []byte{'a'}
	check.Equal("blocks", check.Allocs(func() { stringSink = string(b) }), 0)
	b[0] = 'b'
	check.Equal("string after the write", stringSink, "a")
}
