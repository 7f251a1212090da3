// Whole program: os.Exit. PANIC.EXIT.NODEFER.
package main

import "os"

// os.Exit ends the program with its status, from any goroutine: no deferred call runs, no other goroutine goes on.
//
//gomem:case PANIC.EXIT.NODEFER
//gomem:exit 7
//gomem:stdout before the exit
func main() {
	defer os.Exit(1)
	go func() {
		defer os.Exit(2)
		func() {
			defer os.Exit(3)
			os.Stdout.WriteString("before the exit\n")
			os.Exit(7)
		}()
	}()
	select {}
}
