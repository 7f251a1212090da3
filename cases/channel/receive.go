package channel

// Receives, unbuffered hand-over, range and nil channels: CHAN.RECV.*, CHAN.UNBUF, CHAN.RANGE, CHAN.NIL.BLOCKS.

import "gomem/cases/check"

// A receive from an empty channel waits until a value is sent.
//
//gomem:case CHAN.RECV.BLOCKS
//gomem:race silent
func RecvWaitsForValue() {
	for _, n := range []int{0, 1, 3} {
		c := make(chan int, n)
		got, ok := 0, false
		t := check.Start(func() { got, ok = <-c })
		check.That("the receive waits", t.Waits())
		c <- 42
		t.Join()
		check.Equal("value", got, 42)
		check.Equal("ok", ok, true)
	}
}

// A receive from an empty channel waits until the channel is closed.
//
//gomem:case CHAN.RECV.BLOCKS
//gomem:race silent
func RecvWaitsForClose() {
	for _, n := range []int{0, 1, 3} {
		c := make(chan int, n)
		got, ok := 1, true
		t := check.Start(func() { got, ok = <-c })
		check.That("the receive waits", t.Waits())
		close(c)
		t.Join()
		check.Equal("value", got, 0)
		check.Equal("ok", ok, false)
	}
}

// The second result tells a zero that was sent from the zero of a closed channel.
//
//gomem:case CHAN.RECV.OK
//gomem:race silent
func RecvOkTellsZeroes() {
	c := make(chan int, 2)
	c <- 0
	c <- 5
	close(c)
	v, ok := <-c
	check.That("a zero that was sent", v == 0 && ok)
	v, ok = <-c
	check.That("a value that was sent before the close", v == 5 && ok)
	v, ok = <-c
	check.That("nothing left", v == 0 && !ok)

	d := make(chan string)
	check.Start(func() { d <- ""; close(d) })
	s, ok := <-d
	check.That("an empty string handed over", s == "" && ok)
	s, ok = <-d
	check.That("closed", s == "" && !ok)
	var asVar, okVar = <-d
	check.That("as a declaration", asVar == "" && !okVar)
}

// What is buffered at the close is received first, then the zero value as often as one likes.
//
//gomem:case CHAN.RECV.CLOSED
//gomem:race silent
func RecvDrainsThenZero() {
	c := make(chan int, 3)
	for i := 1; i <= 3; i++ {
		c <- i
	}
	close(c)
	for i := 1; i <= 3; i++ {
		check.Equal("a value from before the close", <-c, i)
	}
	for i := 0; i < 10; i++ {
		check.Equal("after the last value", <-c, 0)
	}
}

// The zero value of a closed channel overwrites every byte of the variable that is assigned.
//
//gomem:case CHAN.RECV.CLOSED
func RecvZeroOverwrites() {
	blocks, pointers, any, strs := make(chan block), make(chan *int), make(chan interface{}), make(chan string, 1)
	close(blocks)
	close(pointers)
	close(any)
	close(strs)
	b := block{before: 1, after: 2}
	for i := range b.body {
		b.body[i] = 0xff
	}
	b = <-blocks
	check.That("a struct", b == block{})
	p := &b.before
	q := new(int)
	q = <-pointers
	check.That("a pointer", q == nil && p != nil)
	var v interface{} = 1
	v = <-any
	check.That("an interface", v == nil)
	s := "text"
	s = <-strs
	check.Equal("a string", s, "")
}

// A send on an unbuffered channel is not complete before a receiver has taken the value.
//
//gomem:case CHAN.UNBUF
//gomem:race silent
func UnbufferedSendWaits() {
	c := make(chan int)
	t := check.Start(func() { c <- 42 })
	check.That("the send waits for a receiver", t.Waits())
	check.Equal("value", <-c, 42)
	t.Join()
}

// A million values handed over one by one arrive once each and in order.
//
//gomem:case CHAN.UNBUF
//gomem:race silent
func UnbufferedHandsOverEach() {
	c := make(chan int)
	n := check.Scale(20000, 200000, 1000000)
	check.Start(func() {
		for i := 0; i < n; i++ {
			c <- i
		}
		close(c)
	})
	next := 0
	for v := range c {
		if v != next {
			check.Fatal("got", v, "want", next)
		}
		next++
	}
	check.Equal("values", next, n)
}

// A range yields what was sent before the close, in order, and then ends.
//
//gomem:case CHAN.RANGE
//gomem:race silent
func RangeUntilClosed() {
	for _, n := range []int{0, 1, 10} {
		c := make(chan int, n)
		check.Start(func() {
			for i := 0; i < 50; i++ {
				c <- i
			}
			close(c)
		})
		want := 0
		for v := range c {
			check.Equal("value", v, want)
			want++
		}
		check.Equal("values", want, 50)
	}
	full := make(chan int, 4)
	full <- 1
	full <- 2
	close(full)
	count := 0
	for range full {
		count++
	}
	check.Equal("values buffered before the close", count, 2)
}

// A range over an open channel does not end: it waits once the values are used up.
//
//gomem:case CHAN.RANGE
func RangeWaitsWhileOpen() {
	c := make(chan int, 2)
	c <- 1
	c <- 2
	sum := 0
	t := check.Start(func() {
		for v := range c {
			sum += v
		}
	})
	check.That("the range waits", t.Waits())
	check.Equal("it took what there was", len(c), 0)
	c <- 4
	check.That("the range still waits", t.Waits())
	close(c)
	t.Join()
	check.Equal("sum", sum, 7)
}

// Goroutines that send to, receive from or range over a nil channel stay blocked while the program goes on.
//
//gomem:case CHAN.NIL.BLOCKS
func NilChannelBlocks() {
	var c chan int
	tasks := []*check.Task{
		check.Start(func() { c <- 1 }),
		check.Start(func() { <-c }),
		check.Start(func() {
			for range c {
			}
		}),
	}
	for i, t := range tasks {
		check.That("operation "+string(rune('0'+i))+" on the nil channel blocks", t.Waits())
	}
}

// A send to a nil channel blocks for ever: with nothing else to run, that is a deadlock.
//
//gomem:case CHAN.NIL.BLOCKS
//gomem:needs deadlock
//gomem:exit 2
//gomem:stderr all goroutines are asleep - deadlock!
func NilChannelSendForever() {
	var c chan int
	c <- 1
	check.Fail("the send returned")
}

// A receive from a nil channel blocks for ever.
//
//gomem:case CHAN.NIL.BLOCKS
//gomem:needs deadlock
//gomem:exit 2
//gomem:stderr all goroutines are asleep - deadlock!
func NilChannelRecvForever() {
	var c chan int
	<-c
	check.Fail("the receive returned")
}

// A range over a nil channel blocks for ever.
//
//gomem:case CHAN.NIL.BLOCKS
//gomem:needs deadlock
//gomem:exit 2
//gomem:stderr all goroutines are asleep - deadlock!
func NilChannelRangeForever() {
	var c chan int
	for range c {
		check.Fail("the range yielded")
	}
	check.Fail("the range ended")
}
