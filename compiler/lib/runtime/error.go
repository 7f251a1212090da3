package runtime

import (
	"gomem/rt"
)

// Error marks run-time errors.
type Error interface {
	error
	RuntimeError()
}

// errorString is a run-time error that prints with the words "runtime error: " before it.
type errorString string

func (e errorString) RuntimeError() {}
func (e errorString) Error() string { return "runtime error: " + string(e) }

// plainError is a run-time error that prints as it is.
type plainError string

func (e plainError) RuntimeError() {}
func (e plainError) Error() string { return string(e) }

// PanicNilError is what panic(nil) panics with.
type PanicNilError struct {
	_ [0]func()
}

func (*PanicNilError) Error() string {
	return "panic called with nil argument"
}
func (*PanicNilError) RuntimeError() {}

// TypeAssertionError is what a failed x.(T) panics with.
type TypeAssertionError struct {
	static, concrete, asserted, missing string
}

func (*TypeAssertionError) RuntimeError() {}

func (e *TypeAssertionError) Error() string {
	static := e.static
	if static == "" {
		static = "interface"
	}
	if e.concrete == "" {
		return "interface conversion: " + static + " is nil, not " + e.asserted
	}
	if e.missing == "" {
		return "interface conversion: " + static + " is " + e.concrete + ", not " + e.asserted
	}
	return "interface conversion: " + e.concrete + " is not " + e.asserted + ": missing method " + e.missing
}

// The compiler calls these by name.

func errorValue(plain bool, text string) any {
	switch {
	case plain && (len(text) > 6 && text[:6] == "sync: " || text == "unaligned 64-bit atomic operation"):
		return text // packages sync and sync/atomic panic with strings
	case plain:
		return plainError(text)
	}
	return errorString(text)
}

func nilPanicValue() any {
	return new(PanicNilError)
}

func assertionValue(static, concrete, asserted, missing string) any {
	return &TypeAssertionError{static, concrete, asserted, missing}
}

type stringer interface {
	String() string
}

// panicText is what a panic prints of its value.
func panicText(v any) string {
	switch x := v.(type) {
	case nil:
		return "nil"
	case error:
		return x.Error()
	case stringer:
		return x.String()
	}
	e := rt.Unpack(v)
	text, quoted := basicText(&e)
	switch {
	case text == "":
		return "(" + e.Type.Name + ") " + hex(uint64(uintptr(e.Data)))
	case e.Type.Flags&rt.Named == 0:
		return text
	case quoted:
		return e.Type.Name + "(\"" + text + "\")"
	}
	if text[0] == '(' { // a complex number has its own
		return e.Type.Name + text
	}
	return e.Type.Name + "(" + text + ")"
}

// basicText is the text of a value of basic kind, "" of another, and whether it is a string.
func basicText(e *rt.Eface) (text string, quoted bool) {
	p := e.Address()
	switch e.Type.Kind {
	case rt.Bool:
		if *(*bool)(p) {
			return "true", false
		}
		return "false", false
	case rt.Int, rt.Int8, rt.Int16, rt.Int32, rt.Int64:
		return signed(rt.LoadInt(e.Type, p)), false
	case rt.Uint, rt.Uint8, rt.Uint16, rt.Uint32, rt.Uint64, rt.Uintptr:
		return unsigned(rt.LoadUint(e.Type, p)), false
	case rt.Float32, rt.Float64:
		return rt.FloatText(rt.LoadFloat(e.Type, p), int(e.Type.Size)*8), false
	case rt.Complex64, rt.Complex128:
		z := rt.LoadComplex(e.Type, p)
		return complexText(real(z), imag(z), int(e.Type.Size)*4), false
	case rt.String:
		return *(*string)(p), true
	}
	return "", false
}

func complexText(re, im float64, bits int) string {
	text := rt.FloatText(im, bits)
	if text[0] != '+' && text[0] != '-' {
		text = "+" + text
	}
	return "(" + rt.FloatText(re, bits) + text + "i)"
}

func unsigned(n uint64) string {
	var buf [20]byte
	i := len(buf)
	for {
		i--
		buf[i] = byte('0' + n%10)
		n /= 10
		if n == 0 {
			return string(buf[i:])
		}
	}
}

func signed(n int64) string {
	if n < 0 {
		return "-" + unsigned(-uint64(n))
	}
	return unsigned(uint64(n))
}

func hex(n uint64) string {
	const digits = "0123456789abcdef"
	var buf [18]byte
	i := len(buf)
	for {
		i--
		buf[i] = digits[n%16]
		n /= 16
		if n == 0 {
			break
		}
	}
	return "0x" + string(buf[i:])
}
