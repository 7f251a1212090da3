// Whole program: Goexit in the main goroutine, and then the last goroutine ends. PANIC.GOEXIT.MAIN.TEXT.
package main

import (
	"os"
	"runtime"
)

// When the last goroutine has ended after main's Goexit, the program dies with a text of its own.
//
//gomem:case PANIC.GOEXIT.MAIN.TEXT
//gomem:needs deadlock
//gomem:exit 2
//gomem:stdout the last goroutine
//gomem:stderr fatal error: no goroutines (main called runtime.Goexit) - deadlock!
func main() {
	go func() {
		for i := 0; i < 100; i++ {
			runtime.Gosched()
		}
		os.Stdout.WriteString("the last goroutine\n")
	}()
	runtime.Goexit()
}
