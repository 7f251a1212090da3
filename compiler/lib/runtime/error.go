package runtime

import (
	"gomem/rt"
	"unsafe"
)

// Error marks run-time errors.
type Error interface {
	error
	RuntimeError()
}

// errorText is a run-time error that prints with the words "runtime error: " before it.
type errorText string

func (e errorText) RuntimeError() {}
func (e errorText) Error() string { return "runtime error: " + string(e) }

// plainError is a run-time error that prints as it is.
type plainError string

func (e plainError) RuntimeError() {}
func (e plainError) Error() string { return string(e) }

// PanicNilError is what panic(nil) panics with.
type PanicNilError struct {
	_ [0]func()
}

func (*PanicNilError) Error() string {
	return "panic called with nil argument (use GODEBUG=panicnil=1 to disable)"
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
	case plain && len(text) > 6 && text[:6] == "sync: ":
		return text // package sync panics with strings
	case plain:
		return plainError(text)
	}
	return errorText(text)
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
		return signed(loadInt(p, e.Type.Size)), false
	case rt.Uint, rt.Uint8, rt.Uint16, rt.Uint32, rt.Uint64, rt.Uintptr:
		return unsigned(loadUint(p, e.Type.Size)), false
	case rt.Float32:
		return scientific(float64(*(*float32)(p))), false
	case rt.Float64:
		return scientific(*(*float64)(p)), false
	case rt.Complex64:
		z := *(*complex64)(p)
		return "(" + scientific(float64(real(z))) + scientific(float64(imag(z))) + "i)", false
	case rt.Complex128:
		z := *(*complex128)(p)
		return "(" + scientific(real(z)) + scientific(imag(z)) + "i)", false
	case rt.String:
		return *(*string)(p), true
	}
	return "", false
}

func loadInt(p unsafe.Pointer, size uintptr) int64 {
	switch size {
	case 1:
		return int64(*(*int8)(p))
	case 2:
		return int64(*(*int16)(p))
	case 4:
		return int64(*(*int32)(p))
	}
	return *(*int64)(p)
}

func loadUint(p unsafe.Pointer, size uintptr) uint64 {
	switch size {
	case 1:
		return uint64(*(*uint8)(p))
	case 2:
		return uint64(*(*uint16)(p))
	case 4:
		return uint64(*(*uint32)(p))
	}
	return *(*uint64)(p)
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

// scientific is a float as print writes it: a sign, seven digits, an exponent of three.
func scientific(v float64) string {
	switch {
	case v != v:
		return "NaN"
	case v > 0 && v+v == v:
		return "+Inf"
	case v < 0 && v+v == v:
		return "-Inf"
	}
	const n = 7
	var buf [n + 7]byte
	buf[0] = '+'
	e := 0
	if v == 0 {
		if 1/v < 0 {
			buf[0] = '-'
		}
	} else {
		if v < 0 {
			v = -v
			buf[0] = '-'
		}
		for v >= 10 {
			e++
			v /= 10
		}
		for v < 1 {
			e--
			v *= 10
		}
		h := 5.0
		for i := 0; i < n; i++ {
			h /= 10
		}
		v += h
		if v >= 10 {
			e++
			v /= 10
		}
	}
	for i := 0; i < n; i++ {
		s := int(v)
		buf[i+2] = byte(s + '0')
		v = (v - float64(s)) * 10
	}
	buf[1] = buf[2]
	buf[2] = '.'
	buf[n+2] = 'e'
	buf[n+3] = '+'
	if e < 0 {
		e = -e
		buf[n+3] = '-'
	}
	buf[n+4] = byte(e/100) + '0'
	buf[n+5] = byte(e/10)%10 + '0'
	buf[n+6] = byte(e%10) + '0'
	return string(buf[:])
}
