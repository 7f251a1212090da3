package channel

// What a select chooses and when it waits: CHAN.SELECT.*. Operands and assignments are in select_eval.go.

import "gomem/cases/check"

const selects = 300

// Of several cases that could proceed exactly one does: one value is gone, the others are still there.
//
//gomem:case CHAN.SELECT.ONE
//gomem:race silent
func SelectReceivesOne() {
	a, b, c := make(chan int, 1), make(chan int, 1), make(chan int, 1)
	a <- 1
	b <- 2
	c <- 3
	for i := 0; i < selects; i++ {
		v := 0
		select {
		case v = <-a:
		case v = <-b:
		case v = <-c:
		}
		check.Equal("values left", len(a)+len(b)+len(c), 2)
		check.That("the chosen channel is the emptied one", v == 1 && len(a) == 0 || v == 2 && len(b) == 0 || v == 3 && len(c) == 0)
		[]chan int{a, b, c}[v-1] <- v
	}
}

// Of several sends exactly one is made, beside a receive that could proceed too.
//
//gomem:case CHAN.SELECT.ONE
//gomem:race silent
func SelectSendsOne() {
	a, b, full := make(chan int, 1), make(chan int, 1), make(chan int, 1)
	for i := 0; i < selects; i++ {
		full <- 3
		chosen := 0
		select {
		case a <- 1:
			chosen = 1
		case b <- 2:
			chosen = 2
		case <-full:
			chosen = 3
		}
		check.That("only the chosen case took effect",
			len(a) == truth(chosen == 1) && len(b) == truth(chosen == 2) && len(full) == truth(chosen != 3))
		for _, c := range []chan int{a, b, full} {
			for len(c) > 0 {
				<-c
			}
		}
	}
}

func truth(b bool) int {
	if b {
		return 1
	}
	return 0
}

// A select that waited and was released leaves nothing behind on the channels that were not chosen.
//
//gomem:case CHAN.SELECT.ONE
//gomem:race silent
func SelectLeavesNoWaiter() {
	a, b, c := make(chan int), make(chan int), make(chan int)
	for i := 0; i < 20; i++ {
		got := 0
		t := check.Start(func() {
			select {
			case got = <-a:
			case got = <-b:
			case c <- 1:
			}
		})
		check.That("the select waits", t.Waits())
		a <- 7
		t.Join()
		check.Equal("received", got, 7)
		taken := false
		select {
		case b <- 1:
			taken = true
		case <-c:
			taken = true
		case a <- 1:
			taken = true
		default:
		}
		check.That("no case of the finished select still takes part", !taken)
	}
}

// A select without default waits until one of its cases can proceed: a receive, a send, a close.
//
//gomem:case CHAN.SELECT.BLOCKS
//gomem:race silent
func SelectWaits() {
	a, b := make(chan int), make(chan int, 1)
	releases := []func(){func() { a <- 1 }, func() { <-b }, func() { close(a) }}
	want := []int{1, 2, 1}
	b <- 0
	for i, release := range releases {
		chosen := 0
		t := check.Start(func() {
			select {
			case <-a:
				chosen = 1
			case b <- 5:
				chosen = 2
			}
		})
		check.That("the select waits", t.Waits())
		release()
		t.Join()
		check.Equal("chosen", chosen, want[i])
	}
}

// A select with one case waits like the bare operation.
//
//gomem:case CHAN.SELECT.BLOCKS
//gomem:race silent
func SelectSingleWaits() {
	c := make(chan int)
	s := check.Start(func() {
		select {
		case c <- 3:
		}
	})
	check.That("the single send waits", s.Waits())
	got := 0
	select {
	case got = <-c:
	}
	s.Join()
	check.Equal("received", got, 3)
}

// Default is taken exactly when no case can proceed.
//
//gomem:case CHAN.SELECT.DEFAULT
//gomem:race silent
func SelectDefaultOnlyWhenNothingReady() {
	c, full := make(chan int, 1), make(chan int, 1)
	full <- 0
	poll := func(c, d chan int) int {
		select {
		case <-c:
			return 1
		case d <- 1:
			return 2
		default:
			return 0
		}
	}
	for i := 0; i < selects; i++ {
		check.Equal("nothing can proceed", poll(c, full), 0)
		c <- 1
		check.Equal("the receive can proceed", poll(c, full), 1)
		<-full
		check.Equal("the send can proceed", poll(c, full), 2)
	}
	close(c)
	check.Equal("a closed channel can be received from", poll(c, full), 1)
}

// With a partner waiting, an unbuffered send or receive can proceed and default is not taken.
//
//gomem:case CHAN.SELECT.DEFAULT
//gomem:race silent
func SelectDefaultSeesPartner() {
	c := make(chan int)
	got := -1
	select {
	case got = <-c:
	default:
	}
	check.Equal("no partner: default", got, -1)

	sender := check.Start(func() { c <- 5 })
	check.That("the sender waits", sender.Waits())
	select {
	case got = <-c:
	default:
	}
	check.Equal("with a waiting sender", got, 5)
	sender.Join()

	receiver := check.Start(func() { got = <-c })
	check.That("the receiver waits", receiver.Waits())
	sent := false
	select {
	case c <- 6:
		sent = true
	default:
	}
	check.That("with a waiting receiver", sent)
	receiver.Join()
	check.Equal("handed over", got, 6)
}

// A select without cases does not return while the program goes on.
//
//gomem:case CHAN.SELECT.EMPTY
func SelectEmptyBlocks() {
	t := check.Start(func() { select {} })
	check.That("select {} blocks", t.Waits())
}

// A select without cases blocks for ever: with nothing else to run, that is a deadlock.
//
//gomem:case CHAN.SELECT.EMPTY
//gomem:needs deadlock
//gomem:exit 2
//gomem:stderr all goroutines are asleep - deadlock!
func SelectEmptyForever() {
	select {}
}

// A case on a nil channel is never chosen.
//
//gomem:case CHAN.SELECT.NIL
//gomem:race silent
func SelectSkipsNil() {
	var none chan int
	c := make(chan int, 1)
	for i := 0; i < selects; i++ {
		c <- 1
		select {
		case <-none:
			check.Fail("received from nil")
		case none <- 1:
			check.Fail("sent to nil")
		case <-c:
		}
		chosen := 0
		select {
		case <-none:
			chosen = 1
		case none <- 1:
			chosen = 2
		default:
		}
		check.Equal("default beside nil cases", chosen, 0)
		select {
		case <-none:
			chosen = 1
		default:
		}
		check.Equal("default beside one nil case", chosen, 0)
	}
}

// A waiting select is released by its other case, not by the nil one.
//
//gomem:case CHAN.SELECT.NIL
//gomem:race silent
func SelectWaitsBesideNil() {
	var none chan int
	c := make(chan int)
	got := 0
	t := check.Start(func() {
		select {
		case <-none:
		case none <- 1:
		case got = <-c:
		}
	})
	check.That("the select waits", t.Waits())
	c <- 9
	t.Join()
	check.Equal("received", got, 9)
}

// A select with nothing but nil channels blocks for ever.
//
//gomem:case CHAN.SELECT.NIL
//gomem:needs deadlock
//gomem:exit 2
//gomem:stderr all goroutines are asleep - deadlock!
func SelectOnlyNilForever() {
	var none, nix chan int
	select {
	case <-none:
	case nix <- 1:
	}
	check.Fail("the select returned")
}

// A receive case on a closed channel can always proceed, and gives zero and false.
//
//gomem:case CHAN.SELECT.CLOSED
//gomem:race silent
func SelectClosedProceeds() {
	closed, never := make(chan int), make(chan int)
	close(closed)
	for i := 0; i < selects; i++ {
		v, ok := 1, true
		select {
		case <-never:
		case v, ok = <-closed:
		}
		check.That("zero and false", v == 0 && !ok)
		v = 1
		select {
		case v = <-closed:
		default:
		}
		check.Equal("not the default", v, 0)
	}
}

// A select that chooses a send on a closed channel panics, with or without default.
//
//gomem:case CHAN.SELECT.SENDCLOSED
func SelectSendClosedPanics() {
	closed, never := make(chan int, 1), make(chan int)
	close(closed)
	check.That("beside a case that cannot proceed", check.Panics(func() {
		select {
		case closed <- 1:
		case <-never:
		}
	}) != nil)
	check.That("beside default", check.Panics(func() {
		select {
		case closed <- 1:
		default:
		}
	}) != nil)
	check.Equal("nothing was sent", len(closed), 0)
}

// A select may choose another case that can proceed instead of a send on a closed channel, and in the long run does.
//
//gomem:case CHAN.SELECT.SENDCLOSED
func SelectSendClosedNotAlways() {
	closed, ready := make(chan int), make(chan int)
	close(closed)
	close(ready)
	panics, received := 0, 0
	for i := 0; i < selects; i++ {
		if check.Panics(func() {
			select {
			case closed <- 1:
				check.Fail("sent on a closed channel")
			case <-ready:
				received++
			}
		}) != nil {
			panics++
		}
	}
	check.Equal("each select did one or the other", panics+received, selects)
	check.That("neither case is always preferred", panics > 0 && received > 0)
}

// A channel in several receive cases gives each value to exactly one of them.
//
//gomem:case CHAN.SELECT.DUPLICATE
//gomem:race silent
func SelectDuplicateReceives() {
	c := make(chan int, selects)
	for i := 0; i < selects; i++ {
		c <- i
	}
	first, second := 0, 0
	for i := 0; i < selects; i++ {
		v := -1
		select {
		case v = <-c:
			first++
		case v = <-c:
			second++
		}
		check.Equal("each value once, in order", v, i)
	}
	check.Equal("receives", first+second, selects)
	check.Equal("values left", len(c), 0)
}

// A waiting select that names one channel several times takes one value, and sends one.
//
//gomem:case CHAN.SELECT.DUPLICATE
//gomem:race silent
func SelectDuplicateWaits() {
	c, d := make(chan int), make(chan int)
	t := check.Start(func() {
		select {
		case <-c:
		case <-c:
		case d <- 1:
		case d <- 2:
		}
	})
	check.That("the select waits", t.Waits())
	c <- 1
	t.Join()
	left := 0
	select {
	case c <- 2:
		left++
	case <-d:
		left++
	default:
	}
	check.Equal("cases of the select still under way", left, 0)

	t = check.Start(func() {
		select {
		case d <- 1:
		case d <- 2:
		}
	})
	check.That("the sending select waits", t.Waits())
	v := <-d
	t.Join()
	check.Within("the value of one of the cases", v, 1, 2)
	select {
	case <-d:
		check.Fail("the select sent twice")
	default:
	}
}

// A select that would send to and receive from one unbuffered channel does not pair with itself.
//
//gomem:case CHAN.SELECT.SENDRECV
func SelectNotWithItself() {
	c := make(chan int)
	t := check.Start(func() {
		select {
		case c <- 1:
		case <-c:
		}
	})
	check.That("alone it waits", t.Waits())
	chosen := 0
	select {
	case c <- 1:
		chosen = 1
	case <-c:
		chosen = 2
	}
	t.Join()
	check.Within("with a second such select both proceed", chosen, 1, 2)
}

// Alone, such a select blocks for ever.
//
//gomem:case CHAN.SELECT.SENDRECV
//gomem:needs deadlock
//gomem:exit 2
//gomem:stderr all goroutines are asleep - deadlock!
func SelectWithItselfForever() {
	c := make(chan int)
	select {
	case c <- 1:
	case <-c:
	}
	check.Fail("the select returned")
}

// Goroutines that all send or receive on one channel, as it comes, pair up: as many values arrive as were sent.
//
//gomem:case CHAN.SELECT.SENDRECV
//gomem:race silent
func SelectPeersPairUp() {
	const peers, rounds = 4, 500
	c, results := make(chan int), make(chan [2]int, peers)
	stop := make(chan struct{})
	for p := 0; p < peers; p++ {
		go func() {
			sent, received := 0, 0
			for {
				select {
				case c <- 1:
					sent++
				case v := <-c:
					received += v
				case <-stop:
					results <- [2]int{sent, received}
					return
				}
			}
		}()
	}
	sent, received := 0, 0
	for i := 0; i < rounds; i++ {
		select {
		case c <- 1:
			sent++
		case v := <-c:
			received += v
		}
	}
	close(stop)
	for p := 0; p < peers; p++ {
		r := <-results
		sent += r[0]
		received += r[1]
	}
	check.Equal("values received", received, sent)
}
