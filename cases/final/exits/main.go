// Whole program: the end of a program and its finalizers. FINAL.EXIT.
package main

import (
	"os"
	"runtime"
)

// os.Exit starts no finalizer, neither of objects in use nor of those that no collection has found yet.
//
//gomem:case FINAL.EXIT
//gomem:needs finalizers
//gomem:env GOGC=off
//gomem:exit 7
//gomem:stdout leaving
func main() {
	used = &object{id: 1}
	final := func(*object) { os.Exit(1) }
	runtime.SetFinalizer(used, final)
	runtime.SetFinalizer(&object{id: 2}, final)
	os.Stdout.WriteString("leaving\n")
	os.Exit(7)
}

type object struct {
	next *object
	id   int
}

var used *object
