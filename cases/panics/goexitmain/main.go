// Whole program: Goexit in the main goroutine while others are left. PANIC.GOEXIT.MAIN.
package main

import (
	"os"
	"runtime"
)

// After Goexit in main its deferred calls have run and the other goroutines go on, until one of them ends the program.
//
//gomem:case PANIC.GOEXIT.MAIN
//gomem:exit 5
//gomem:stdout main's deferred call
//gomem:stdout the other goroutine
func main() {
	gone := make(chan bool)
	go func() {
		<-gone
		for runtime.NumGoroutine() > 1 { // until main's has ended
			runtime.Gosched()
		}
		os.Stdout.WriteString("the other goroutine\n")
		os.Exit(5)
	}()
	defer close(gone)
	defer os.Stdout.WriteString("main's deferred call\n")
	runtime.Goexit()
	os.Exit(1)
}
