// Whole program: the end of a program and its finalizers. FINAL.EXIT.
package main

import (
	"os"
	"runtime"
)

// The finalizers of objects that are in use, or that no collection has found yet, do not run when main returns.
//
//gomem:case FINAL.EXIT
//gomem:needs finalizers
//gomem:env GOGC=off
//gomem:exit 0
//gomem:stdout returning
func main() {
	used = &object{id: 1}
	final := func(*object) { os.Exit(1) }
	runtime.SetFinalizer(used, final)
	runtime.SetFinalizer(&object{id: 2}, final)
	os.Stdout.WriteString("returning\n")
}

type object struct {
	next *object
	id   int
}

var used *object
