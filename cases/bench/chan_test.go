package bench

// Channels and select, with and without somebody to wait for.

import (
	"sync"
	"testing"
)

// One op is a round trip between two goroutines over two channels without buffers.
//
//bench:procs 1
func BenchmarkChanUnbufPingPong(b *testing.B) {
	there, back := make(chan int), make(chan int)
	go func() {
		defer close(back)
		for v := range there {
			back <- v
		}
	}()
	b.ResetTimer()
	for i := 0; i < b.N; i++ {
		there <- i
		<-back
	}
	b.StopTimer()
	close(there)
	<-back
}

// One op is a value that passes through a channel with a buffer of 128, from one goroutine to another.
//
//bench:procs 1
func BenchmarkChanBuf128Throughput(b *testing.B) {
	c, n := make(chan int, 128), b.N
	b.ResetTimer()
	go func() {
		for i := 0; i < n; i++ {
			c <- i
		}
		close(c)
	}()
	sum := 0
	for v := range c {
		sum += v
	}
	sinkInt = sum
}

const peers = 4

// shareOf is how many of n operations the worker i of several does.
func shareOf(n, i, workers int) int {
	if i < n%workers {
		return n/workers + 1
	}
	return n / workers
}

// One op is a value that passes through a channel with a buffer of 128, from one of 4 goroutines to one of 4 others.
//
//bench:procs 1
func BenchmarkChanMPMC(b *testing.B) {
	c := make(chan int, 128)
	var senders, receivers sync.WaitGroup
	senders.Add(peers)
	receivers.Add(peers)
	received := make([]int, peers*16) // a cache line or more for each
	b.ResetTimer()
	for p := 0; p < peers; p++ {
		n, count := shareOf(b.N, p, peers), &received[p*16]
		go func() {
			for i := 0; i < n; i++ {
				c <- i
			}
			senders.Done()
		}()
		go func() {
			seen := 0
			for range c {
				seen++
			}
			*count = seen
			receivers.Done()
		}()
	}
	senders.Wait()
	close(c)
	receivers.Wait()
	b.StopTimer()
	if total := received[0] + received[16] + received[32] + received[48]; total != b.N {
		b.Fatal("values got lost")
	}
}

// One op is a send and a receive on one goroutine, through a buffer.
func BenchmarkChanUncontendedSelfBuffered(b *testing.B) {
	c, sum := make(chan int, 128), 0
	for i := 0; i < b.N; i++ {
		c <- i
		sum += <-c
	}
	sinkInt = sum
}

// One op is a select between two channels of which one, in turn, has a value, and the send of that value; one goroutine.
func BenchmarkSelect2(b *testing.B) {
	even, odd := make(chan int, 1), make(chan int, 1)
	sum := 0
	for i := 0; i < b.N; i++ {
		if i%2 == 0 {
			even <- i
		} else {
			odd <- i
		}
		select {
		case v := <-even:
			sum += v
		case v := <-odd:
			sum -= v
		}
	}
	sinkInt = sum
}

// One op is a select between two channels without buffers, on which another goroutine sends in turn.
//
//bench:procs 1
func BenchmarkSelect2Block(b *testing.B) {
	even, odd, n := make(chan int), make(chan int), b.N
	b.ResetTimer()
	go func() {
		for i := 0; i < n; i++ {
			if i%2 == 0 {
				even <- i
			} else {
				odd <- i
			}
		}
	}()
	sum := 0
	for i := 0; i < n; i++ {
		select {
		case v := <-even:
			sum += v
		case v := <-odd:
			sum -= v
		}
	}
	sinkInt = sum
}

// One op is a receive from an empty channel that does not wait.
func BenchmarkSelectNonBlocking(b *testing.B) {
	c, empty := make(chan int, 1), 0
	for i := 0; i < b.N; i++ {
		select {
		case v := <-c:
			empty -= v
		default:
			empty++
		}
	}
	sinkInt = empty
}
