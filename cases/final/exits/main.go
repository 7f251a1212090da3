// os.Exit starts no finalizer, neither of objects in use nor of those that no collection has found yet.
//
//gomem:case FINAL.EXIT
//gomem:needs finalizers
//gomem:env GOGC=off
//gomem:exit 0
//gomem:stdout /^leaving$/
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
	os.Stdout.WriteString("leaving\n")
	os.Exit(0)
}
