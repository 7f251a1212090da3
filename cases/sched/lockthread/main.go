// Whole program: a goroutine that has locked its thread. SCHED.LOCKTHREAD. A thread is known by the system's name for it.
package main

import (
	"os"
	"runtime"
	"time"
)

func thread() string {
	name, err := os.Readlink("/proc/thread-self")
	if err != nil {
		panic(err)
	}
	return name
}

func fail(what string) {
	os.Stdout.WriteString(what + "\n")
	os.Exit(1)
}

// A goroutine that has locked its thread twice stays on it, alone, through waiting and yielding, until it has unlocked it
// twice.
//
//gomem:case SCHED.LOCKTHREAD
//gomem:exit 0
//gomem:stdout stayed, alone
//gomem:stdout unlocked
func main() {
	runtime.GOMAXPROCS(2)
	there, back, elsewhere := make(chan int), make(chan int), make(chan string)
	stop := make(chan bool)
	locked := make(chan string)
	go func() {
		runtime.LockOSThread()
		runtime.LockOSThread()
		mine := thread()
		locked <- mine
		for v := range there {
			back <- v
			runtime.Gosched()
			if v == 100 {
				runtime.UnlockOSThread() // once: still locked
				time.Sleep(time.Millisecond)
			}
			if thread() != mine {
				fail("the locked goroutine changed its thread")
			}
		}
		runtime.UnlockOSThread()
		locked <- mine
	}()
	taken := <-locked
	for i := 0; i < 4; i++ {
		go func() {
			for {
				select {
				case elsewhere <- thread():
				case <-stop:
					return
				}
			}
		}()
	}
	for i := 0; i < 200; i++ {
		there <- i
		if <-elsewhere == taken || thread() == taken {
			fail("another goroutine ran on the locked thread")
		}
		<-back
	}
	os.Stdout.WriteString("stayed, alone\n")
	close(there)
	close(stop)
	<-locked
	os.Stdout.WriteString("unlocked\n")
}
