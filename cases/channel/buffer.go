package channel

// Making channels, their length and capacity, and sends: CHAN.CAP, CHAN.LEN, CHAN.MAKE.*, CHAN.SEND.*.

import (
	"math"
	"runtime"
	"sync/atomic"

	"gomem/cases/check"
)

// The capacity is the buffer size given to make, zero without one, and zero for a nil channel.
//
//gomem:case CHAN.CAP
func CapIsBufferSize() {
	var none chan int
	sizes := []int{0, 1, 2, 7, 64, 1000}
	for _, n := range sizes {
		check.Equal("cap of make(chan int64, n)", cap(make(chan int64, n)), n)
		check.Equal("cap of make(chan struct{}, n)", cap(make(chan struct{}, n)), n)
		check.Equal("cap of make(chan *int, n)", cap(make(chan *int, uint8(n%256))), n%256)
	}
	check.Equal("cap without a size", cap(make(chan string)), 0)
	check.Equal("cap of nil", cap(none), 0)
}

// Neither sends nor receives nor close change the capacity.
//
//gomem:case CHAN.CAP
func CapDoesNotChange() {
	c := make(chan int, 3)
	for i := 0; i < 3; i++ {
		c <- i
		check.Equal("cap after a send", cap(c), 3)
	}
	<-c
	check.Equal("cap after a receive", cap(c), 3)
	close(c)
	check.Equal("cap after close", cap(c), 3)
	for range c {
	}
	check.Equal("cap of the drained channel", cap(c), 3)
}

// The length counts the values in the buffer: up with a send, down with a receive, also where the buffer wraps around.
//
//gomem:case CHAN.LEN
func LenCountsBuffered() {
	c := make(chan int, 4)
	check.Equal("len of a new channel", len(c), 0)
	for round := 0; round < 10; round++ {
		for i := 1; i <= 3; i++ {
			c <- i
			check.Equal("len after a send", len(c), i)
		}
		for i := 2; i >= 0; i-- {
			<-c
			check.Equal("len after a receive", len(c), i)
		}
	}
	c <- 1
	close(c)
	check.Equal("len after close", len(c), 1)
	var none chan int
	check.Equal("len of nil", len(none), 0)
}

// A sender that waits does not count: its value is not in the buffer yet.
//
//gomem:case CHAN.LEN
func LenLeavesOutWaitingSender() {
	c, d := make(chan int), make(chan int, 1)
	d <- 1
	s, t := check.Start(func() { c <- 1 }), check.Start(func() { d <- 2 })
	check.That("both senders wait", s.Waits() && t.Waits())
	check.Equal("len of the unbuffered channel", len(c), 0)
	check.Equal("len of the full channel", len(d), 1)
	<-c
	<-d
	s.Join()
	t.Join()
	check.Equal("len once the waiting value went into the buffer", len(d), 1)
}

// A negative or impossibly large size panics when the program runs, and the program can recover.
//
//gomem:case CHAN.MAKE.SIZE
func MakeImpossibleSizePanics() {
	for _, n := range []int{-1, math.MinInt32, int(^uint(0) >> 1), int(^uint(0)>>1)/4 + 1} {
		check.That("make(chan int64, impossible) panics",
			check.Panics(func() { check.Use(make(chan int64, n)) }) != nil)
	}
	small, large := int8(-1), ^uint64(0)
	check.That("an int8 of -1", check.Panics(func() { check.Use(make(chan byte, small)) }) != nil)
	check.That("a uint64 of 1<<64 - 1", check.Panics(func() { check.Use(make(chan byte, large)) }) != nil)
	check.That("zero elements are possible", check.Panics(func() { check.Use(make(chan int64, small+1)) }) == nil)
}

// The panic of an impossible size reads "makechan: size out of range" and is a runtime.Error without the words "runtime error".
//
//gomem:case CHAN.MAKE.SIZE.TEXT
func MakeImpossibleSizeText() {
	for _, n := range []int{-1, int(^uint(0) >> 1)} {
		v := check.Panics(func() { check.Use(make(chan int64, n)) })
		e, ok := v.(runtime.Error)
		check.That("the value is a runtime.Error", ok)
		if ok {
			check.Equal("text", e.Error(), "makechan: size out of range")
		}
	}
}

// Without a recover the program dies of it with status 2.
//
//gomem:case CHAN.MAKE.SIZE.TEXT
//gomem:exit 2
//gomem:stderr panic: makechan: size out of range
func MakeImpossibleSizeDies() {
	n := -1
	check.Use(make(chan int64, n))
}

type block struct {
	before uint32
	body   [500]byte
	after  uint32
}

// As many sends as the buffer has room for complete with no receiver in sight, and the values come out whole.
//
//gomem:case CHAN.SEND.BUFFERED
//gomem:race silent
func SendFillsBuffer() {
	bytes, strs, blocks := make(chan byte, 300), make(chan string, 3), make(chan block, 5)
	pointers, nothing, any := make(chan *int, 2), make(chan struct{}, 4), make(chan interface{}, 2)
	for i := 0; i < 300; i++ {
		bytes <- byte(i)
	}
	for i := 0; i < 5; i++ {
		b := block{before: uint32(i), after: ^uint32(i)}
		b.body[i*100+7] = byte(i + 1)
		blocks <- b
	}
	strs <- "a"
	strs <- ""
	strs <- "ccc"
	x := 7
	pointers <- &x
	pointers <- nil
	any <- 1.5
	any <- "s"
	for i := 0; i < cap(nothing); i++ {
		nothing <- struct{}{}
	}
	for i := 0; i < 300; i++ {
		check.Equal("byte", <-bytes, byte(i))
	}
	for i := 0; i < 5; i++ {
		b := <-blocks
		check.That("a large element comes out whole",
			b.before == uint32(i) && b.after == ^uint32(i) && b.body[i*100+7] == byte(i+1) && b.body[6] == 0)
	}
	check.Equal("strings", <-strs+"."+<-strs+"."+<-strs, "a..ccc")
	check.That("pointers", <-pointers == &x && <-pointers == nil)
	check.That("interfaces", <-any == 1.5 && <-any == "s")
	check.Equal("values of size zero", len(nothing), 4)
}

// A send on a full buffer waits until a receive makes room, and goes in behind what is buffered.
//
//gomem:case CHAN.SEND.BLOCKS
//gomem:race silent
func SendWaitsForRoom() {
	for _, n := range []int{1, 2, 5} {
		c := make(chan int, n)
		for i := 0; i < n; i++ {
			c <- i
		}
		t := check.Start(func() { c <- n })
		check.That("the send on the full channel waits", t.Waits())
		check.Equal("the first value", <-c, 0)
		t.Join()
		check.Equal("len after the send", len(c), n)
		for i := 1; i <= n; i++ {
			check.Equal("the values keep their order", <-c, i)
		}
	}
}

// Each receive makes room for one of several waiting senders.
//
//gomem:case CHAN.SEND.BLOCKS
func SendersGoOneByOne() {
	const senders = 5
	c := make(chan int, 1)
	c <- 0
	var sent int32
	var last *check.Task
	for i := 0; i < senders; i++ {
		last = check.Start(func() {
			c <- 1
			atomic.AddInt32(&sent, 1)
		})
		check.That("the sender waits", last.Waits())
	}
	for i := 0; i < senders; i++ {
		<-c
		check.Until(func() bool { return int(atomic.LoadInt32(&sent)) > i })
		last.Waits()
		check.Equal("senders released by so many receives", atomic.LoadInt32(&sent), i+1)
	}
}

// The channel and the value of a send are evaluated, in this order, before the send begins to wait.
//
//gomem:case CHAN.SEND.EVAL
func SendEvaluatesBeforeWaiting() {
	c := make(chan int)
	var steps [3]int32
	var step int32
	note := func(i int) { atomic.StoreInt32(&steps[i], atomic.AddInt32(&step, 1)) }
	t := check.Start(func() {
		channel := func() chan int { note(0); return c }
		value := func() int { note(1); return 42 }
		channel() <- value()
		note(2)
	})
	check.That("the send waits", t.Waits())
	check.Equal("the channel was evaluated first", atomic.LoadInt32(&steps[0]), 1)
	check.Equal("then the value", atomic.LoadInt32(&steps[1]), 2)
	check.Equal("received", <-c, 42)
	t.Join()
	check.Equal("nothing is evaluated again", atomic.LoadInt32(&steps[2]), 3)
}

// A value whose evaluation panics is not sent.
//
//gomem:case CHAN.SEND.EVAL
func SendOfPanickingValue() {
	c := make(chan int, 1)
	value := func() int { panic("no value") }
	check.Equal("panic", check.PanicText(func() { c <- value() }), "no value")
	check.Equal("len", len(c), 0)
}
