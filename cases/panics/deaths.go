package panics

// Deaths that are no panic: PANIC.GONIL, PANIC.DEADLOCK.*, PANIC.THREADS. Map races are in maprace.go.

import (
	"runtime"
	"runtime/debug"
	"sync"
	"time"

	"gomem/cases/check"
)

// A go statement with a nil function ends the program, and no deferred call gets to recover.
//
//gomem:case PANIC.GONIL
//gomem:exit 2
//gomem:stderr fatal error: go of nil func value
func GoNilDies() {
	defer mustNotRun()
	var f func()
	go f()
	check.Fail("the go statement returned")
}

// A program dies when its goroutines wait for each other and nothing else is left, however many there are and on what.
//
//gomem:case PANIC.DEADLOCK
//gomem:needs deadlock
//gomem:exit 2
func DeadlockOfMany() {
	var mu sync.Mutex
	var wg sync.WaitGroup
	c, d := make(chan int), make(chan int)
	cond := sync.NewCond(new(sync.Mutex))
	mu.Lock()
	wg.Add(1)
	for i := 0; i < 100; i++ {
		go func() { c <- 1 }()
		go func() { <-d }()
		go func() { mu.Lock() }()
		go func() { wg.Wait() }()
		go func() { cond.L.Lock(); cond.Wait() }()
	}
	select {
	case d = <-make(chan chan int):
	case <-d:
	}
	check.Fail("the select returned")
}

// It dies also when the last goroutine that could run ends.
//
//gomem:case PANIC.DEADLOCK
//gomem:needs deadlock
//gomem:exit 2
//gomem:stderr the last one ends
func DeadlockAfterLastEnds() {
	c := make(chan int)
	go func() {
		check.Yields(1000)
		println("the last one ends")
	}()
	<-c
	check.Fail("the receive returned")
}

// A deferred call does not get to recover from a deadlock.
//
//gomem:case PANIC.DEADLOCK
//gomem:needs deadlock
//gomem:exit 2
func DeadlockIsFatal() {
	defer mustNotRun()
	<-make(chan int)
}

// While a timer is armed it is no deadlock: the program waits, and the timer's function may release it.
//
//gomem:case PANIC.DEADLOCK
func DeadlockNotWithTimer() {
	c := make(chan int)
	for i := 0; i < 3; i++ {
		time.AfterFunc(5*time.Millisecond, func() { c <- i })
		check.Within("released by the timer", <-c, 0, 3)
		time.Sleep(time.Millisecond)
		<-time.After(time.Millisecond)
	}
}

// Pending timers for which nobody has waited do not count: they would release nobody.
//
//gomem:case PANIC.DEADLOCK.TIMER
//gomem:since lang1.23
//gomem:needs deadlock
//gomem:exit 2
//gomem:stderr all goroutines are asleep - deadlock!
func DeadlockDespiteTimer() {
	timer, ticker := time.NewTimer(time.Hour), time.NewTicker(time.Hour)
	<-make(chan int)
	check.Use(timer)
	check.Use(ticker)
}

// Nor do those for which somebody waited. A second P would be free to keep them until it runs again, so there is one.
//
//gomem:case PANIC.DEADLOCK.TIMER
//gomem:since lang1.23
//gomem:needs deadlock
//gomem:exit 2
//gomem:stderr all goroutines are asleep - deadlock!
func DeadlockDespiteAwaitedTimer() {
	runtime.GOMAXPROCS(1)
	timer, ticker, c := time.NewTimer(time.Hour), time.NewTicker(time.Hour), make(chan int)
	go func() { c <- 1 }()
	select {
	case <-timer.C:
	case <-ticker.C:
	case <-c:
	}
	<-c
	check.Use(timer)
	check.Use(ticker)
}

// The text, then each goroutine with what it waits for and where.
//
//gomem:case PANIC.DEADLOCK.TEXT
//gomem:needs deadlock
//gomem:exit 2
//gomem:stderr /^fatal error: all goroutines are asleep - deadlock!$/
//gomem:stderr /^goroutine 1 \[chan receive\]:$/
//gomem:stderr panics.DeadlockTrace(
//gomem:stderr deaths.go:
//gomem:stderr /^goroutine [0-9]+ \[chan send\]:$/
//gomem:stderr panics.blockedSender(
//gomem:stderr created by gomem/cases/panics.DeadlockTrace
func DeadlockTrace() {
	go blockedSender(make(chan int))
	<-make(chan int)
}

func blockedSender(c chan int) {
	c <- 1
}

// A goroutine that waits in a select says so.
//
//gomem:case PANIC.DEADLOCK.TEXT
//gomem:needs deadlock
//gomem:exit 2
//gomem:stderr fatal error: all goroutines are asleep - deadlock!
//gomem:stderr /^goroutine 1 \[select\]:$/
func DeadlockInSelect() {
	select {
	case <-make(chan int):
	case make(chan int) <- 1:
	}
}

// A select without cases says so.
//
//gomem:case PANIC.DEADLOCK.TEXT
//gomem:needs deadlock
//gomem:exit 2
//gomem:stderr fatal error: all goroutines are asleep - deadlock!
//gomem:stderr /^goroutine 1 \[select \(no cases\)\]:$/
func DeadlockInEmptySelect() {
	select {}
}

// An operation on a nil channel says so.
//
//gomem:case PANIC.DEADLOCK.TEXT
//gomem:needs deadlock
//gomem:exit 2
//gomem:stderr fatal error: all goroutines are asleep - deadlock!
//gomem:stderr /^goroutine 1 \[chan receive \(nil chan\)\]:$/
func DeadlockOnNilChannel() {
	var c chan int
	<-c
}

// So does a send to a nil channel.
//
//gomem:case PANIC.DEADLOCK.TEXT
//gomem:needs deadlock
//gomem:exit 2
//gomem:stderr fatal error: all goroutines are asleep - deadlock!
//gomem:stderr /^goroutine 1 \[chan send \(nil chan\)\]:$/
func DeadlockSendingToNil() {
	var c chan int
	c <- 1
}

// A goroutine that waits on a Cond says so.
//
//gomem:case PANIC.DEADLOCK.TEXT
//gomem:needs deadlock
//gomem:exit 2
//gomem:stderr fatal error: all goroutines are asleep - deadlock!
//gomem:stderr /^goroutine 1 \[sync\.Cond\.Wait\]:$/
func DeadlockInCond() {
	cond := sync.NewCond(new(sync.Mutex))
	cond.L.Lock()
	cond.Wait()
}

// A goroutine that waits for a Mutex says so.
//
//gomem:case PANIC.DEADLOCK.TEXT
//gomem:since 1.20
//gomem:needs deadlock
//gomem:exit 2
//gomem:stderr fatal error: all goroutines are asleep - deadlock!
//gomem:stderr /^goroutine 1 \[sync\.Mutex\.Lock\]:$/
func DeadlockInMutex() {
	var mu sync.Mutex
	mu.Lock()
	mu.Lock()
}

// Until 1.19 a goroutine that waits for a Mutex says that it acquires a semaphore.
//
//gomem:case PANIC.DEADLOCK.TEXT
//gomem:until 1.19
//gomem:needs deadlock
//gomem:exit 2
//gomem:stderr fatal error: all goroutines are asleep - deadlock!
//gomem:stderr /^goroutine 1 \[semacquire\]:$/
func DeadlockInMutexOld() {
	var mu sync.Mutex
	mu.Lock()
	mu.Lock()
}

// occupy starts n goroutines that each need a thread of their own for good.
func occupy(n int) {
	locked := make(chan bool)
	for i := 0; i < n; i++ {
		go func() {
			runtime.LockOSThread()
			locked <- true
			select {}
		}()
	}
	for i := 0; i < n; i++ {
		<-locked
	}
}

// A program that needs more threads than SetMaxThreads allows dies, and no deferred call gets to recover.
//
//gomem:case PANIC.THREADS
//gomem:exit 2
//gomem:stderr runtime: program exceeds 20-thread limit
//gomem:stderr fatal error: thread exhaustion
func ThreadLimitDies() {
	defer mustNotRun()
	debug.SetMaxThreads(20)
	occupy(40)
	check.Fail("40 goroutines locked their threads")
}

// The limit is 10000 unless it is changed, and a program below its limit goes on.
//
//gomem:case PANIC.THREADS
func ThreadLimitDefault() {
	check.Equal("the default", debug.SetMaxThreads(60), 10000)
	check.Equal("the limit that was set", debug.SetMaxThreads(10000), 60)
	occupy(30)
}

// The default limit holds: the 10001st thread is one too many.
//
//gomem:case PANIC.THREADS
//gomem:tier nightly
//gomem:memory 8192
//gomem:exit 2
//gomem:stderr runtime: program exceeds 10000-thread limit
//gomem:stderr fatal error: thread exhaustion
func ThreadLimitOfDefault() {
	occupy(11000)
}
