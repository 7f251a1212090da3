package alloc

// What several files of this area share: places where a value escapes to, and figures that no compiler can fold.

import "unsafe"

var (
	bytesSink  []byte
	stringSink string
	runesSink  []rune
	anySink    interface{}
	funcSink   func() int
)

// opaque returns n. The area is built without inlining, so a caller's length or operand is not a constant to the compiler.
func opaque(n int) int { return n }

// text returns a string of n letters that lies on the heap or, when empty, nowhere.
func text(n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = 'a' + byte(i%26)
	}
	return string(b)
}

// first returns the address of a string's first byte.
func first(s string) unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&s)) }

// length reads a string without letting it escape.
func length(s string) int { return len(s) }

// sum reads bytes without letting them escape.
func sum(b []byte) int {
	n := 0
	for _, x := range b {
		n += int(x)
	}
	return n
}
