package channel

// Closing, and sends on closed channels: CHAN.CLOSE.*, CHAN.SEND.CLOSED.*.

import (
	"runtime"

	"gomem/cases/check"
)

// runtimeText returns the text of the run-time error that f panics with.
func runtimeText(f func()) string {
	v := check.Panics(f)
	if e, ok := v.(runtime.Error); ok {
		return e.Error()
	}
	return "(no runtime.Error)"
}

// A close releases every goroutine that is blocked in a receive, with the zero value and false.
//
//gomem:case CHAN.CLOSE.WAKES
//gomem:race silent
func CloseWakesReceivers() {
	for _, size := range []int{0, 2} {
		c := make(chan int, size)
		type result struct {
			v  int
			ok bool
		}
		results := make([]result, 20)
		tasks := make([]*check.Task, len(results))
		for i := range tasks {
			r := &results[i]
			*r = result{1, true}
			tasks[i] = check.Start(func() { r.v, r.ok = <-c })
		}
		for _, t := range tasks {
			check.That("the receiver waits", t.Waits())
		}
		close(c)
		for i, t := range tasks {
			t.Join()
			check.That("zero value and false", results[i] == result{0, false})
		}
	}
}

// A close releases goroutines that wait in a select with a receive from the channel, and those that range over it.
//
//gomem:case CHAN.CLOSE.WAKES
//gomem:race silent
func CloseWakesSelectAndRange() {
	c, never := make(chan int), make(chan int)
	chosen := make([]int, 5)
	var tasks []*check.Task
	for i := range chosen {
		p := &chosen[i]
		tasks = append(tasks, check.Start(func() {
			select {
			case <-never:
				*p = 1
			case _, ok := <-c:
				if !ok {
					*p = 2
				}
			}
		}), check.Start(func() {
			for range c {
				check.Fail("a value from nowhere")
			}
		}))
	}
	for _, t := range tasks {
		check.That("the goroutine waits", t.Waits())
	}
	close(c)
	for _, t := range tasks {
		t.Join()
	}
	for _, n := range chosen {
		check.Equal("the case on the closed channel", n, 2)
	}
}

// Closing a closed channel panics, the program can recover, and the channel is closed as before.
//
//gomem:case CHAN.CLOSE.TWICE
func CloseTwicePanics() {
	c := make(chan int, 1)
	c <- 7
	close(c)
	check.That("the second close panics", check.Panics(func() { close(c) }) != nil)
	v, ok := <-c
	check.That("the buffered value is still there", v == 7 && ok)
	v, ok = <-c
	check.That("then it is closed", v == 0 && !ok)
}

// The panic of the second close reads "close of closed channel" and is a runtime.Error.
//
//gomem:case CHAN.CLOSE.TWICE.TEXT
func CloseTwiceText() {
	c := make(chan int)
	close(c)
	check.Equal("text", runtimeText(func() { close(c) }), "close of closed channel")
}

// Without a recover the program dies of the second close with status 2.
//
//gomem:case CHAN.CLOSE.TWICE.TEXT
//gomem:exit 2
//gomem:stderr panic: close of closed channel
func CloseTwiceDies() {
	c := make(chan int)
	close(c)
	close(c)
}

// Closing a nil channel panics, and the program can recover.
//
//gomem:case CHAN.CLOSE.NIL
func CloseNilPanics() {
	var c chan string
	check.That("close(nil) panics", check.Panics(func() { close(c) }) != nil)
}

// The panic of closing nil reads "close of nil channel" and is a runtime.Error.
//
//gomem:case CHAN.CLOSE.NIL.TEXT
func CloseNilText() {
	var c chan string
	check.Equal("text", runtimeText(func() { close(c) }), "close of nil channel")
}

// Without a recover the program dies of closing nil with status 2.
//
//gomem:case CHAN.CLOSE.NIL.TEXT
//gomem:exit 2
//gomem:stderr panic: close of nil channel
func CloseNilDies() {
	var c chan string
	close(c)
}

// Sending on a closed channel panics whether or not its buffer has room, and the value is not sent.
//
//gomem:case CHAN.SEND.CLOSED
func SendOnClosedPanics() {
	for _, size := range []int{0, 1, 2} {
		c := make(chan int, size)
		if size > 0 {
			c <- 1
		}
		close(c)
		check.That("the send panics", check.Panics(func() { c <- 2 }) != nil)
		n := 0
		for v := range c {
			check.Equal("a value from before the close", v, 1)
			n++
		}
		check.That("nothing was added", n == 0 && size == 0 || n == 1)
	}
}

// The panic of a send on a closed channel reads "send on closed channel" and is a runtime.Error.
//
//gomem:case CHAN.SEND.CLOSED.TEXT
func SendOnClosedText() {
	c := make(chan int, 1)
	close(c)
	check.Equal("text", runtimeText(func() { c <- 1 }), "send on closed channel")
}

// Without a recover the program dies of a send on a closed channel with status 2.
//
//gomem:case CHAN.SEND.CLOSED.TEXT
//gomem:exit 2
//gomem:stderr panic: send on closed channel
func SendOnClosedDies() {
	c := make(chan int, 1)
	close(c)
	c <- 1
}

// Every goroutine that is blocked in a send when the channel is closed panics; what was buffered stays to be received.
// (Go's race detector takes a close beside a send for a race, so this does not run in the race lane.)
//
//gomem:case CHAN.SEND.CLOSED.BLOCKED
func ClosePanicsBlockedSenders() {
	for _, size := range []int{0, 2} {
		c := make(chan int, size)
		for i := 0; i < size; i++ {
			c <- i
		}
		texts := make([]string, 5)
		tasks := make([]*check.Task, len(texts))
		for i := range tasks {
			p := &texts[i]
			tasks[i] = check.Start(func() {
				if check.Panics(func() { c <- 9 }) != nil {
					*p = "panicked"
				}
			})
		}
		for _, t := range tasks {
			check.That("the sender waits", t.Waits())
		}
		close(c)
		for i, t := range tasks {
			t.Join()
			check.Equal("the blocked sender", texts[i], "panicked")
		}
		n := 0
		for v := range c {
			check.Equal("a value from before the close", v, n)
			n++
		}
		check.Equal("values", n, size)
	}
}

// A goroutine that waits in a select with a send case panics when that channel is closed.
//
//gomem:case CHAN.SEND.CLOSED.BLOCKED
func ClosePanicsSelectingSender() {
	c, never := make(chan int), make(chan int)
	panicked := false
	t := check.Start(func() {
		panicked = check.Panics(func() {
			select {
			case c <- 1:
			case <-never:
			}
		}) != nil
	})
	check.That("the select waits", t.Waits())
	close(c)
	t.Join()
	check.That("the sender panicked", panicked)
}
