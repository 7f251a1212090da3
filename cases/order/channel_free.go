package order

// What channels do not order: ORDER.CHAN.BUF.FREE, ORDER.CHAN.SENDER.FREE, ORDER.CHAN.THIRD. In each program the two accesses are
// all that touches the data, and no goroutine synchronises again before its own.

import "gomem/cases/check"

// A send into a buffer with room does not wait for the receiver, so what the receiver did before its receive is not ordered
// with what follows the send.
//
//gomem:case ORDER.CHAN.BUF.FREE
//gomem:race report
func BufferedSendDoesNotWait() {
	data := new(int)
	c, done := make(chan int, 1), make(chan bool, 1)
	go func() {
		*data = 1
		<-c
		done <- true
	}()
	c <- 0
	check.Use(*data)
	<-done
}

// With capacity m the first receive is ordered with the (1+m)-th send, not with the m-th.
//
//gomem:case ORDER.CHAN.BUF.FREE
//gomem:race report
func BufferedSendBeforeRuleBinds() {
	data := new(int)
	c, done := make(chan int, 3), make(chan bool, 1)
	go func() {
		*data = 1
		<-c
		done <- true
	}()
	for n := 0; n < cap(c); n++ {
		c <- n
	}
	check.Use(*data)
	<-done
}

// What the sender writes after a buffered send is not ordered with what follows the receive of that value.
//
//gomem:case ORDER.CHAN.SENDER.FREE
//gomem:race report
func WriteAfterBufferedSend() {
	data := new(int)
	c, done := make(chan int, 1), make(chan bool, 1)
	go func() {
		<-c
		check.Use(*data)
		done <- true
	}()
	c <- 0
	*data = 1
	<-done
}

// A write between a send and the close is ordered with the receive that sees the close, not with the receive of the value.
//
//gomem:case ORDER.CHAN.SENDER.FREE
//gomem:race report
func WriteBetweenSendAndClose() {
	data := new(int)
	c, done := make(chan int, 1), make(chan bool, 1)
	go func() {
		<-c
		check.Use(*data)
		_, open := <-c
		check.That("the channel is closed at the end", !open)
		done <- true
	}()
	c <- 1
	*data = 1
	close(c)
	<-done
}

// Two goroutines that talk over a channel order nothing for a third that does not.
//
//gomem:case ORDER.CHAN.THIRD
//gomem:race report
func ThirdPartyBuffered() {
	thirdParty(make(chan int, 1))
}

// The same over an unbuffered channel.
//
//gomem:case ORDER.CHAN.THIRD
//gomem:race report
func ThirdPartyUnbuffered() {
	thirdParty(make(chan int))
}

func thirdParty(c chan int) {
	data := new(int)
	done := make(chan bool, 3)
	go func() {
		*data = 1
		c <- 0
		done <- true
	}()
	go func() {
		<-c
		done <- true
	}()
	go func() {
		check.Use(*data)
		done <- true
	}()
	for n := 0; n < 3; n++ {
		<-done
	}
}
