package order

// What channels order: ORDER.CHAN.SEND, RECV, UNBUF, CLOSE, SEM. Each trial has a channel of its own; the outcomes are the
// data that the actor behind the operation read.

import (
	"sync/atomic"

	"gomem/cases/check"
)

// A talk is a trial whose actors meet at a channel.
type talk struct {
	c    chan int
	a, b place
	r    [2]place
}

// talks runs two actors over trials with a channel of the given capacity each; the outcome is the first n registers.
func talks(capacity, n int, actors ...func(t *talk)) {
	trials := new([check.Batch]talk)
	walkers := make([]func(i int), len(actors))
	for a := range actors {
		actor := actors[a]
		walkers[a] = func(i int) { actor(&trials[i]) }
	}
	check.StressN(blocking(),
		func(i int) { trials[i] = talk{c: make(chan int, capacity)} },
		func(i int) check.Key {
			r := &trials[i].r
			return check.Ints([]int{int(r[0].word), int(r[1].word)}[:n]...)
		},
		walkers...)
}

// What precedes a send on an unbuffered channel is visible after the receive of that value.
//
//gomem:case ORDER.CHAN.SEND
//gomem:race silent
//gomem:outcome forbidden 0 : the value arrived before what was written before its send
//gomem:outcome required 1 : the data came with the value
func SendUnbuffered() { sendOn(0) }

// What precedes a send on a buffered channel is visible after the receive of that value.
//
//gomem:case ORDER.CHAN.SEND
//gomem:race silent
//gomem:outcome forbidden 0 : the value arrived before what was written before its send
//gomem:outcome required 1 : the data came with the value
func SendBuffered() {
	sendOn(1)
	sendOn(7)
}

func sendOn(capacity int) {
	talks(capacity, 1,
		func(t *talk) {
			t.a.word = 1
			t.c <- 0
		},
		func(t *talk) {
			<-t.c
			t.r[0].word = t.a.word
		})
}

// The n-th of several values in a buffer brings what precedes its own send, although later sends may have completed before
// the receive.
//
//gomem:case ORDER.CHAN.SEND
//gomem:race silent
//gomem:outcome forbidden 0 0 : neither value brought its data
//gomem:outcome forbidden 0 2 : the first value did not bring its data
//gomem:outcome forbidden 1 0 : the second value did not bring its data
//gomem:outcome required 1 2 : each value brought its data
func SendSeveral() {
	talks(2, 2,
		func(t *talk) {
			t.a.word = 1
			t.c <- 0
			t.b.word = 2
			t.c <- 0
		},
		func(t *talk) {
			<-t.c
			t.r[0].word = t.a.word
			<-t.c
			t.r[1].word = t.b.word
		})
}

// A select that sends or receives, with default or without, orders as the plain operation does.
//
//gomem:case ORDER.CHAN.SEND
//gomem:race silent
//gomem:outcome forbidden 1 0 : the value arrived before what was written before its send
//gomem:outcome allowed 0 0 : the receiver came first and took default
//gomem:outcome required 1 1 : the data came with the value
func SendBySelect() {
	talks(1, 2,
		func(t *talk) {
			t.a.word = 1
			select {
			case t.c <- 1:
			case <-(chan int)(nil):
			}
		},
		func(t *talk) {
			select {
			case v := <-t.c:
				t.r[0].word = int32(v)
				t.r[1].word = t.a.word
			default:
			}
		})
}

// What precedes the receive on an unbuffered channel is visible after the send of that value.
//
//gomem:case ORDER.CHAN.RECV
//gomem:race silent
//gomem:outcome forbidden 0 : the send completed before what was written before the receive
//gomem:outcome required 1 : the data was there when the send had completed
func ReceiveUnbuffered() { receiveOn(0) }

// On a channel of capacity m what precedes the first receive is visible after the (1+m)-th send.
//
//gomem:case ORDER.CHAN.RECV
//gomem:race silent
//gomem:outcome forbidden 0 : the send into the freed place completed before what was written before the receive
//gomem:outcome required 1 : the data was there when the send had completed
func ReceiveFreesPlace() {
	receiveOn(1)
	receiveOn(3)
}

func receiveOn(capacity int) {
	talks(capacity, 1,
		func(t *talk) {
			t.a.word = 1
			<-t.c
		},
		func(t *talk) {
			for n := 0; n < capacity+1; n++ {
				t.c <- n
			}
			t.r[0].word = t.a.word
		})
}

// Receive n and send n+m pair up all along a long conversation over capacity m: the receiver's note n, written before receive
// n, is there after send n+m, and note n+1 need not be.
//
//gomem:case ORDER.CHAN.RECV
//gomem:race silent
func ReceivePairsWithLaterSend() {
	for capacity := 0; capacity <= 4; capacity++ {
		values := check.Scale(2000, 20000, 200000)
		notes := make([]int, values)
		c := make(chan int, capacity)
		done := make(chan int)
		go func() {
			missing := 0
			for n := 0; n < values; n++ {
				c <- n
				if n >= capacity && notes[n-capacity] != n-capacity+1 {
					missing++
				}
			}
			done <- missing
		}()
		for n := 0; n < values; n++ {
			notes[n] = n + 1
			<-c
		}
		check.Equal("notes missing", <-done, 0)
	}
}

// On an unbuffered channel either side sees afterwards what the other wrote before.
//
//gomem:case ORDER.CHAN.UNBUF
//gomem:race silent
//gomem:outcome forbidden 0 0 : neither side saw the other's data
//gomem:outcome forbidden 0 1 : the sender missed the receiver's data
//gomem:outcome forbidden 1 0 : the receiver missed the sender's data
//gomem:outcome required 1 1 : each side saw the other's data
func UnbufferedIsOneEvent() {
	talks(0, 2,
		func(t *talk) {
			t.a.word = 1
			t.c <- 0
			t.r[0].word = t.b.word
		},
		func(t *talk) {
			t.b.word = 1
			<-t.c
			t.r[1].word = t.a.word
		})
}

// The same holds where either side waits in a select.
//
//gomem:case ORDER.CHAN.UNBUF
//gomem:race silent
//gomem:outcome forbidden 0 0 : neither side saw the other's data
//gomem:outcome forbidden 0 1 : the sender missed the receiver's data
//gomem:outcome forbidden 1 0 : the receiver missed the sender's data
//gomem:outcome required 1 1 : each side saw the other's data
func UnbufferedBySelect() {
	never := make(chan int)
	talks(0, 2,
		func(t *talk) {
			t.a.word = 1
			select {
			case t.c <- 0:
			case <-never:
			}
			t.r[0].word = t.b.word
		},
		func(t *talk) {
			t.b.word = 1
			select {
			case <-never:
			case <-t.c:
			}
			t.r[1].word = t.a.word
		})
}

// What precedes a close is visible after the receive that returns zero because of it.
//
//gomem:case ORDER.CHAN.CLOSE
//gomem:race silent
//gomem:outcome forbidden 0 0 : the channel was found open, and its data missing
//gomem:outcome forbidden 0 1 : a value came from a channel that nobody sends on
//gomem:outcome forbidden 1 0 : the close was seen before what was written before it
//gomem:outcome required 1 1 : the close brought the data
func CloseBringsData() {
	talks(0, 2,
		func(t *talk) {
			t.a.word = 1
			close(t.c)
		},
		func(t *talk) {
			_, open := <-t.c
			t.r[0].word = int32(bit(!open))
			t.r[1].word = t.a.word
		})
}

// A close reaches every receiver, however many there are.
//
//gomem:case ORDER.CHAN.CLOSE
//gomem:race silent
//gomem:outcome forbidden 0 0 : neither receiver saw the data
//gomem:outcome forbidden 0 1 : the first receiver missed the data
//gomem:outcome forbidden 1 0 : the second receiver missed the data
//gomem:outcome required 1 1 : both receivers saw the data
func CloseReachesAll() {
	talks(0, 2,
		func(t *talk) {
			<-t.c
			t.r[0].word = t.a.word
		},
		func(t *talk) {
			t.a.word = 1
			close(t.c)
		},
		func(t *talk) {
			for range t.c {
			}
			t.r[1].word = t.a.word
		})
}

// Values sent before the close come out first, then the zero value; that one brings what lies between the last send and the
// close.
//
//gomem:case ORDER.CHAN.CLOSE
//gomem:race silent
//gomem:outcome forbidden 7 0 : the close was seen before what was written before it
//gomem:outcome required 7 1 : the value came first, then the close with the data
func CloseAfterValue() {
	talks(1, 2,
		func(t *talk) {
			t.c <- 7
			t.a.word = 1
			close(t.c)
		},
		func(t *talk) {
			v, open := <-t.c
			zero, stillOpen := <-t.c
			t.r[0].word = int32(v)
			t.r[1].word = t.a.word
			check.That("the value came before the close", open && !stillOpen && zero == 0)
		})
}

// A channel of capacity 1 as a lock: a value sent takes it, a value received frees it. Its sections exclude each other and see
// what the earlier ones wrote.
//
//gomem:case ORDER.CHAN.SEM
//gomem:race silent
func SemaphoreOfOne() {
	const goroutines = 4
	each := check.Scale(2000, 20000, 200000)
	semaphore, done := make(chan struct{}, 1), make(chan bool)
	count := 0
	for g := 0; g < goroutines; g++ {
		go func() {
			for i := 0; i < each; i++ {
				semaphore <- struct{}{}
				count = slowly(count, i)
				<-semaphore
			}
			done <- true
		}()
	}
	for g := 0; g < goroutines; g++ {
		<-done
	}
	check.Equal("increments under the semaphore", count, goroutines*each)
}

// A channel of capacity 3 lets three goroutines into the section, where the first wait for each other, and never a fourth.
//
//gomem:case ORDER.CHAN.SEM
//gomem:race silent
func SemaphoreOfThree() {
	const permits, goroutines = 3, 8
	rounds := check.Scale(100, 1000, 10000)
	semaphore, done := make(chan int, permits), make(chan bool)
	var inside, most int32
	for g := 0; g < goroutines; g++ {
		go func(g int) {
			for i := 0; i < rounds; i++ {
				semaphore <- g
				n := atomic.AddInt32(&inside, 1)
				for m := atomic.LoadInt32(&most); n > m && !atomic.CompareAndSwapInt32(&most, m, n); {
					m = atomic.LoadInt32(&most)
				}
				check.Until(func() bool { return atomic.LoadInt32(&most) >= permits })
				check.Yields(10)
				atomic.AddInt32(&inside, -1)
				<-semaphore
			}
			done <- true
		}(g)
	}
	for g := 0; g < goroutines; g++ {
		<-done
	}
	check.Equal("goroutines in the section at once", most, permits)
}
