// Tracebacks of initialisation: a package's initialisers are main.init with the place of the variable, an init function is main.init.0, and
// once all are done nothing of them is left below main.main.
package main

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
)

var failed = errors.New("failed")

var first = trace("a variable")

var second = func() int { return trace("a func literal") }()

func trace(what string) int {
	pcs := make([]uintptr, 20)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs)])
	fmt.Println(what)
	n := 0
	for more := true; more; {
		var f runtime.Frame
		f, more = frames.Next()
		if !strings.HasPrefix(f.Function, "runtime.") {
			fmt.Println("\t", f.Function, strings.HasSuffix(f.File, ".go"), f.Line)
			n++
		}
	}
	return n
}

func init() { trace("an init function") }

func init() { trace("another") }

func main() {
	fmt.Println(first, second, trace("main"))
	fmt.Printf("%T %T\n", failed, errors.Join(failed))
}
