// Whole program: the order of package initialisation. ORDER.INIT.
package main

import (
	"os"

	"gomem/cases/panics/initorder/a"
	"gomem/cases/panics/initorder/b"
)

var (
	early = b.Log("main: early")
	late  = func() int { b.Log("main: late"); return 1 }()
)

var first = second + b.Log("main: first")
var second = b.Log("main: second")

func init() { b.Log("main: init 1") }

func init() { b.Log("main: init 2") }

// Imported packages are initialised before the packages that import them: variables in the order of their dependencies,
// then the init functions in the order of the source, and all that before main.
//
//gomem:case ORDER.INIT
//gomem:exit 0
//gomem:stdout b: variable
//gomem:stdout b: init
//gomem:stdout a: variable
//gomem:stdout a: init
//gomem:stdout main: early
//gomem:stdout main: late
//gomem:stdout main: second
//gomem:stdout main: first
//gomem:stdout main: init 1
//gomem:stdout main: init 2
//gomem:stdout main: main sees 15
func main() {
	sum := a.Value + early + late + first + second
	os.Stdout.WriteString("main: main sees " + string(rune('0'+sum/10)) + string(rune('0'+sum%10)) + "\n")
}
