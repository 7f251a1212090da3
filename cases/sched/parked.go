package sched

// Counting goroutines and what blocked ones cost: SCHED.NUM, SCHED.PARK.

import (
	"runtime"
	"sync/atomic"
	"time"

	"gomem/cases/check"
)

// NumGoroutine counts what was started and has not ended, whatever it waits for, from the go statement on.
//
//gomem:case SCHED.NUM
func NumCountsExactly() {
	check.Equal("at the start", runtime.NumGoroutine(), 1)
	release, timer := make(chan bool), make(chan bool)
	for i := 1; i <= 100; i++ {
		go func() { <-release }()
		check.Equal("after a go statement", runtime.NumGoroutine(), i+1)
	}
	go func() { time.Sleep(time.Millisecond); <-timer }()
	check.Equal("with a sleeping one", runtime.NumGoroutine(), 102)
	for i := 100; i > 0; i-- {
		release <- true
		check.Until(func() bool { return runtime.NumGoroutine() <= i+1 })
		check.Equal("after one has ended", runtime.NumGoroutine(), i+1)
	}
	close(timer)
	check.Until(func() bool { return runtime.NumGoroutine() == 1 })
}

// Goroutines that ended by Goexit or by a recovered panic count no more.
//
//gomem:case SCHED.NUM
func NumForgetsEnded() {
	for i := 0; i < 50; i++ {
		go runtime.Goexit()
		go func() {
			defer func() { recover() }()
			panic("ended")
		}()
	}
	check.Until(func() bool { return runtime.NumGoroutine() == 1 })
	check.Yields(100)
	check.Equal("in the end", runtime.NumGoroutine(), 1)
}

// footprint is how many bytes of the system's memory a parked goroutine may take: its stack of 2 KiB, its descriptor, and
// what goes with them.
const footprint = 4096

// A goroutine that is blocked takes a bounded amount of memory.
//
//gomem:case SCHED.PARK
//gomem:memory 8192
//gomem:timeout 300
func ParkedFootprint() {
	n := check.Scale(20000, 100000, 1000000)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	var begun int32
	release, ended := make(chan bool), make(chan bool, 1000)
	for i := 0; i < n; i++ {
		go func() {
			atomic.AddInt32(&begun, 1)
			<-release
			ended <- true
		}()
	}
	check.Until(func() bool { return int(atomic.LoadInt32(&begun)) == n })
	check.Yields(1)
	check.Equal("goroutines", runtime.NumGoroutine(), n+1)
	runtime.ReadMemStats(&after)
	stacks, all := int(after.StackInuse-before.StackInuse)/n, int(after.Sys-before.Sys)/n
	check.Note("per goroutine: stack", stacks, "in all", all)
	check.Within("stack bytes of a goroutine", stacks, 1, footprint)
	check.Within("bytes of a goroutine in all", all, 1, footprint)
	close(release)
	for i := 0; i < n; i++ {
		<-ended
	}
}
