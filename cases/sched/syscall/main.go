// Whole program: goroutines blocked in system calls. SCHED.SYSCALL.
package main

import (
	"os"
	"runtime"
)

const blocked = 20

// More goroutines than processors block in read system calls, and the others go on; each read returns with its own byte.
//
//gomem:case SCHED.SYSCALL
//gomem:exit 0
//gomem:stdout others went on
//gomem:stdout all reads returned
func main() {
	runtime.GOMAXPROCS(2)
	var writers [blocked]*os.File
	read := make(chan byte)
	for i := range writers {
		r, w, err := os.Pipe()
		if err != nil {
			panic(err)
		}
		r.Fd() // from here on the file blocks, so that a read holds its thread in the kernel
		writers[i] = w
		go func() {
			b := make([]byte, 1)
			if n, err := r.Read(b); n != 1 || err != nil {
				panic(err)
			}
			read <- b[0]
		}()
	}
	there, back := make(chan int), make(chan int)
	go func() {
		for v := range there {
			back <- v
		}
	}()
	for i := 0; i < 1000; i++ {
		there <- i
		<-back
		runtime.Gosched()
	}
	os.Stdout.WriteString("others went on\n")
	sum := 0
	for i, w := range writers {
		w.Write([]byte{byte(i)})
	}
	for range writers {
		sum += int(<-read)
	}
	if sum == blocked*(blocked-1)/2 {
		os.Stdout.WriteString("all reads returned\n")
	}
}
