package panics

// panic(nil) where it stays nil: PANIC.NIL.VALUE. Since 1.21 it is an error, see nil_error.go.

import "gomem/cases/check"

// recover stops a panic(nil) and gives nil.
//
//gomem:case PANIC.NIL.VALUE
//gomem:until lang1.20
func PanicNilStaysNil() {
	var v interface{} = 1
	reached := false
	func() {
		defer func() { v = recover() }()
		func() {
			panic(nil)
		}()
		reached = true
	}()
	check.Equal("the value", v, nil)
	check.That("the panic unwound", !reached)
}

// Without a recover the program dies with "panic: nil".
//
//gomem:case PANIC.NIL.VALUE
//gomem:until lang1.20
//gomem:exit 2
//gomem:stderr panic: nil
func PanicNilDies() {
	panic(nil)
}
