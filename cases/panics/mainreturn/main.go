// Whole program: what the return of main.main does. PANIC.MAIN.RETURN.
package main

import "runtime"

// When main returns the program ends with status 0: goroutines that wait, compute or sleep do not hold it up.
//
//gomem:case PANIC.MAIN.RETURN
//gomem:exit 0
//gomem:stdout /^$/
func main() {
	started := make(chan bool)
	go func() {
		defer print("a deferred call of a goroutine that was cut off")
		started <- true
		select {}
	}()
	go func() {
		started <- true
		for {
			runtime.Gosched()
		}
	}()
	<-started
	<-started
}
