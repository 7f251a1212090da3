//go:build go1.21

package panics

// panic(nil) where it is an error: PANIC.NIL.ERROR, PANIC.NIL.TEXT.

import (
	"runtime"
	"strings"

	"gomem/cases/check"
)

// After panic(nil), or a panic of a nil interface, recover gives a *runtime.PanicNilError.
//
//gomem:case PANIC.NIL.ERROR
//gomem:since lang1.21
func PanicNilIsError() {
	var err error
	for _, f := range []func(){func() { panic(nil) }, func() { panic(err) }} {
		v := check.Panics(f)
		e, ok := v.(*runtime.PanicNilError)
		check.That("a *runtime.PanicNilError", ok && e != nil)
		_, ok = v.(runtime.Error)
		check.That("it is a runtime.Error", ok)
	}
	var p *int
	check.Equal("a typed nil stays what it is", check.Panics(func() { panic(p) }), p)
}

// Its text begins so; on 1.26 that is all.
//
//gomem:case PANIC.NIL.TEXT
//gomem:since lang1.21
func PanicNilErrorText() {
	text := check.PanicText(func() { panic(nil) })
	check.That("the beginning of: "+text, strings.HasPrefix(text, "panic called with nil argument"))
	if check.Release() >= 26 {
		check.Equal("text", text, "panic called with nil argument")
	}
}

// An unrecovered one dies with that text.
//
//gomem:case PANIC.NIL.TEXT
//gomem:since lang1.21
//gomem:exit 2
//gomem:stderr panic: panic called with nil argument
func PanicNilErrorDies() {
	panic(nil)
}

// GODEBUG=panicnil=1 gives the old behaviour back.
//
//gomem:case PANIC.NIL.TEXT
//gomem:since lang1.21
//gomem:env GODEBUG=panicnil=1
func PanicNilDisabled() {
	var v interface{} = 1
	func() {
		defer func() { v = recover() }()
		panic(nil)
	}()
	check.Equal("the value", v, nil)
}
