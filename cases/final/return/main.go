// The finalizers of objects that are in use, or that no collection has found yet, do not run when main returns.
//
//gomem:case FINAL.EXIT
//gomem:needs finalizers
//gomem:env GOGC=off
//gomem:stdout /^returning$/
package main

import (
	"os"
	"runtime"

	"gomem/cases/check"
)

type object struct {
	next *object
	id   int
}

var used *object

func main() {
	used = &object{id: 1}
	final := func(*object) { check.Fail("a finalizer ran") }
	runtime.SetFinalizer(used, final)
	runtime.SetFinalizer(&object{id: 2}, final)
	os.Stdout.WriteString("returning\n")
}
