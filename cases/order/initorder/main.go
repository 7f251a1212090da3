// Package main proves ORDER.INIT: package initialisation is ordered by imports, and all of it comes before main.
package main

import (
	"os"

	"gomem/cases/order/initorder/base"
	"gomem/cases/order/initorder/middle"
)

// The init functions of an imported package, and all that they waited for, come before the variables and init functions of the
// importing one, and all of them before main.main.
//
//gomem:case ORDER.INIT
//gomem:race silent
//gomem:exit 0
//gomem:stdout base variable
//gomem:stdout base init 1
//gomem:stdout base init 2, 42 from its goroutine
//gomem:stdout middle variable
//gomem:stdout middle init
//gomem:stdout main variable
//gomem:stdout main init
//gomem:stdout main.main sees 42 and 43
func main() {
	base.Say("main.main sees", base.Answer, middle.Answer)
	os.Exit(0)
}

var _ = base.Say("main variable")

func init() { base.Say("main init") }
