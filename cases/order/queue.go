package order

// The order in which values and waiters pass a channel: ORDER.CHAN.FIFO.VALUES, ORDER.CHAN.FIFO.WAITERS.

import "gomem/cases/check"

// The values of one sender arrive in the order sent, on unbuffered channels and through buffers that wrap around.
//
//gomem:case ORDER.CHAN.FIFO.VALUES
//gomem:race silent
func ValuesKeepOrder() {
	for _, capacity := range []int{0, 1, 2, 5, 64} {
		values := check.Scale(3000, 30000, 300000)
		c := make(chan int, capacity)
		go func() {
			for n := 0; n < values; n++ {
				c <- n
			}
			close(c)
		}()
		next, wrong := 0, 0
		for v := range c {
			if v != next {
				wrong++
			}
			next = v + 1
		}
		check.Equal("values out of order", wrong, 0)
		check.Equal("the value after the last one", next, values)
	}
}

// With several senders and several receivers each receiver gets the values of each sender in the order sent, and each value
// arrives once.
//
//gomem:case ORDER.CHAN.FIFO.VALUES
//gomem:race silent
func ValuesKeepOrderPerSender() {
	const senders, receivers = 3, 3
	for _, capacity := range []int{0, 4} {
		each := check.Scale(2000, 20000, 200000)
		c := make(chan [2]int, capacity)
		sent, got := make(chan bool), make(chan [senders]int)
		for s := 0; s < senders; s++ {
			go func(s int) {
				for n := 1; n <= each; n++ {
					c <- [2]int{s, n}
				}
				sent <- true
			}(s)
		}
		for r := 0; r < receivers; r++ {
			go func() {
				var last, count [senders]int
				for v := range c {
					s, n := v[0], v[1]
					if n <= last[s] {
						check.Fail("value", n, "of sender", s, "came after", last[s])
					}
					last[s] = n
					count[s]++
				}
				got <- count
			}()
		}
		for s := 0; s < senders; s++ {
			<-sent
		}
		close(c)
		var total [senders]int
		for r := 0; r < receivers; r++ {
			for s, n := range <-got {
				total[s] += n
			}
		}
		check.Equal("values of each sender", total, [senders]int{each, each, each})
	}
}

const waiters = 10

// Receivers blocked on a channel get the values that come in the order in which they blocked.
//
//gomem:case ORDER.CHAN.FIFO.WAITERS
//gomem:needs procs
//gomem:race silent
func ReceiversServedInOrder() {
	defer oneProcessor()()
	for _, capacity := range []int{0, 2} {
		c := make(chan int, capacity)
		var got [waiters]int
		done := make(chan bool)
		for w := 0; w < waiters; w++ {
			w := w
			parks(func() {
				got[w] = <-c
				done <- true
			})
		}
		for w := 0; w < waiters; w++ {
			c <- w
		}
		for w := 0; w < waiters; w++ {
			<-done
		}
		for w := range got {
			check.Equal("value of the receiver that blocked at this place in line", got[w], w)
		}
	}
}

// Senders blocked on a channel are served in the order in which they blocked, behind what the buffer holds.
//
//gomem:case ORDER.CHAN.FIFO.WAITERS
//gomem:needs procs
//gomem:race silent
func SendersServedInOrder() {
	defer oneProcessor()()
	for _, capacity := range []int{0, 3} {
		c := make(chan int, capacity)
		for n := 0; n < capacity; n++ {
			c <- n
		}
		for w := capacity; w < capacity+waiters; w++ {
			w := w
			parks(func() { c <- w })
		}
		for n := 0; n < capacity+waiters; n++ {
			check.Equal("value that comes at this place in line", <-c, n)
		}
	}
}

// A goroutine that waits in a select stands in the line like one that waits in the plain operation.
//
//gomem:case ORDER.CHAN.FIFO.WAITERS
//gomem:needs procs
//gomem:race silent
func SelectWaitsInLine() {
	defer oneProcessor()()
	c, never := make(chan int), make(chan int)
	var got [waiters]int
	done := make(chan bool)
	for w := 0; w < waiters; w++ {
		w := w
		parks(func() {
			if w%2 == 0 {
				got[w] = <-c
			} else {
				select {
				case <-never:
				case got[w] = <-c:
				}
			}
			done <- true
		})
	}
	for w := 0; w < waiters; w++ {
		c <- w
	}
	for w := 0; w < waiters; w++ {
		<-done
	}
	for w := range got {
		check.Equal("value of the receiver that blocked at this place in line", got[w], w)
	}
}
