package order

// How select chooses: ORDER.SELECT. The test is chi-square over 10^5 choices: a fair select fails it once in a million runs, one
// that chooses one of two cases 51.5 times in a hundred always.

import "gomem/cases/check"

const choices = 100000

// unlikely is the value that chi-square of n equally likely cases exceeds with probability 10^-6, by n.
var unlikely = [...]float64{2: 23.93, 3: 27.63, 4: 30.66, 5: 33.38, 6: 35.89, 7: 38.26, 8: 40.52}

// uniform checks that the cases were chosen equally often, as far as chance goes.
func uniform(what string, counts ...int) {
	total := 0
	for _, n := range counts {
		total += n
	}
	expected := float64(total) / float64(len(counts))
	sum := 0.0
	for _, n := range counts {
		sum += (float64(n) - expected) * (float64(n) - expected) / expected
	}
	check.Equal("choices among "+what, total, choices)
	if sum > unlikely[len(counts)] {
		check.Fail("chi-square of", what, "is", sum, "which a fair select exceeds once in a million; the limit is",
			unlikely[len(counts)], "the first case was chosen", counts[0], "times")
	}
}

func closed() chan int {
	c := make(chan int)
	close(c)
	return c
}

// Between two ready receives select chooses each half of the time.
//
//gomem:case ORDER.SELECT
//gomem:race silent
func SelectUniformOverTwo() {
	a, b := closed(), closed()
	var n [2]int
	for i := 0; i < choices; i++ {
		select {
		case <-a:
			n[0]++
		case <-b:
			n[1]++
		}
	}
	uniform("two receives", n[:]...)
}

// Between ready receives, sends and a closed channel select makes no difference, wherever they stand in the source.
//
//gomem:case ORDER.SELECT
//gomem:race silent
func SelectUniformOverMixed() {
	shut, full, free, more := closed(), make(chan int, 1), make(chan int, 1), make(chan int, 1)
	var n [4]int
	full <- 0
	for i := 0; i < choices; i++ {
		select {
		case <-shut:
			n[0]++
		case free <- 0:
			n[1]++
			<-free
		case <-full:
			n[2]++
			full <- 0
		case more <- 0:
			n[3]++
			<-more
		}
	}
	uniform("a closed channel, a send, a receive and a send", n[:]...)
}

// A default changes nothing while cases are ready.
//
//gomem:case ORDER.SELECT
//gomem:race silent
func SelectUniformBesideDefault() {
	a, b, c := closed(), closed(), closed()
	var n [3]int
	byDefault := 0
	for i := 0; i < choices; i++ {
		select {
		case <-a:
			n[0]++
		case <-b:
			n[1]++
		case <-c:
			n[2]++
		default:
			byDefault++
		}
	}
	check.Equal("times that default was taken although cases were ready", byDefault, 0)
	uniform("three receives beside default", n[:]...)
}

// Where some cases are not ready the others are equally likely, though they are neighbours: a select that starts anywhere and
// takes the next ready case would choose the first of two neighbours among six five times of six.
//
//gomem:case ORDER.SELECT
//gomem:race silent
func SelectUniformOverReadyNeighbours() {
	never, full := make(chan int), make(chan int, 1)
	full <- 0
	a, b := closed(), closed()
	var n [2]int
	for i := 0; i < choices; i++ {
		select {
		case <-never:
			check.Fail("a receive from a channel that is empty was chosen")
		case <-a:
			n[0]++
		case <-b:
			n[1]++
		case full <- 0:
			check.Fail("a send to a channel that is full was chosen")
		case <-never:
			check.Fail("a receive from a channel that is empty was chosen")
		case never <- 0:
			check.Fail("a send without a receiver was chosen")
		}
	}
	uniform("two ready neighbours of six cases", n[:]...)
}

// The same channel in several cases counts once for each case.
//
//gomem:case ORDER.SELECT
//gomem:race silent
func SelectUniformOverDuplicates() {
	a, b := closed(), closed()
	var n [3]int
	for i := 0; i < choices; i++ {
		select {
		case <-a:
			n[0]++
		case <-a:
			n[1]++
		case <-b:
			n[2]++
		}
	}
	uniform("one channel twice and another one once", n[:]...)
}

// Eight ready cases are equally likely, and successive choices do not depend on each other: all pairs of positions (mod 2) of a
// choice and the next one are equally likely too.
//
//gomem:case ORDER.SELECT
//gomem:race silent
func SelectUniformOverEight() {
	var c [8]chan int
	for i := range c {
		c[i] = closed()
	}
	var n [8]int
	var pairs [4]int
	before := 0
	for i := 0; i < choices; i++ {
		chosen := 0
		select {
		case <-c[0]:
		case <-c[1]:
			chosen = 1
		case <-c[2]:
			chosen = 2
		case <-c[3]:
			chosen = 3
		case <-c[4]:
			chosen = 4
		case <-c[5]:
			chosen = 5
		case <-c[6]:
			chosen = 6
		case <-c[7]:
			chosen = 7
		}
		n[chosen]++
		pairs[before%2*2+chosen%2]++
		before = chosen
	}
	uniform("eight receives", n[:]...)
	uniform("pairs of successive choices", pairs[:]...)
}

// Default is taken exactly when no other case is ready, and a nil channel never is.
//
//gomem:case ORDER.SELECT
//gomem:race silent
func SelectDefaultOnlyWhenNoneReady() {
	c := make(chan int, 1)
	var none chan int
	choose := func() string {
		select {
		case <-none:
			return "nil receive"
		case none <- 0:
			return "nil send"
		case <-c:
			return "receive"
		default:
			return "default"
		}
	}
	wrong := 0
	for i := 0; i < choices/10; i++ {
		wrong += bit(choose() != "default")
		c <- i
		wrong += bit(choose() != "receive")
	}
	check.Equal("wrong choices", wrong, 0)
}

// A select without default whose other channels are nil waits for the one that is not.
//
//gomem:case ORDER.SELECT
//gomem:race silent
func SelectNeverChoosesNil() {
	var none chan int
	c := make(chan int)
	go func() {
		for i := 0; i < 1000; i++ {
			c <- i
		}
	}()
	for i := 0; i < 1000; i++ {
		select {
		case <-none:
			check.Fatal("a receive from a nil channel was chosen")
		case none <- 0:
			check.Fatal("a send to a nil channel was chosen")
		case v := <-c:
			check.Equal("value", v, i)
		}
	}
}
