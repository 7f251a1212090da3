//go:build gomem

package leak

// What the leak detector finds: LEAK.GOROUTINE.DETECT.

import (
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"gomem/cases/check"
	"gomem/cases/probe"
)

// here returns the line that it is called from.
func here() int {
	_, _, line, _ := runtime.Caller(1)
	return line
}

// leaksFound waits until the detector finds n goroutines: each has to block first.
func leaksFound(n int) []probe.Leak {
	var leaks []probe.Leak
	check.Until(func() bool {
		leaks = probe.Leaks()
		return len(leaks) >= n
	})
	return leaks
}

// blockers block for ever, each in a way of its own, and tell the line in which they do.
var blockers = []struct {
	name, waitsFor string
	block          func(line *int)
}{
	{"onReceive", "chan receive", onReceive},
	{"onSend", "chan send", onSend},
	{"onNil", "chan receive (nil chan)", onNil},
	{"onSelect", "select", onSelect},
	{"onNothing", "select (no cases)", onNothing},
	{"onMutex", "sync.Mutex.Lock", onMutex},
	{"onRead", "sync.RWMutex.RLock", onRead},
	{"onWrite", "sync.RWMutex.Lock", onWrite},
	{"onWaitGroup", "sync.WaitGroup.Wait", onWaitGroup},
	{"onCond", "sync.Cond.Wait", onCond},
}

func onReceive(line *int) {
	c := make(chan int)
	*line = here() + 1
	<-c
}

func onSend(line *int) {
	c := make(chan int, 1)
	c <- 1
	*line = here() + 1
	c <- 2
}

func onNil(line *int) {
	var c chan int
	*line = here() + 1
	<-c
}

func onSelect(line *int) {
	a, b := make(chan int), make(chan int)
	*line = here() + 1
	select {
	case <-a:
	case b <- 1:
	}
}

func onNothing(line *int) {
	*line = here() + 1
	select {}
}

// guarded is too large to share a block with something that is reached.
type guarded struct {
	sync.Mutex
	_ [3]uintptr
}

func onMutex(line *int) {
	mu := new(guarded)
	mu.Lock()
	*line = here() + 1
	mu.Lock()
}

func onRead(line *int) {
	mu := new(sync.RWMutex)
	mu.Lock()
	*line = here() + 1
	mu.RLock()
}

func onWrite(line *int) {
	mu := new(sync.RWMutex)
	mu.RLock()
	*line = here() + 1
	mu.Lock()
}

func onWaitGroup(line *int) {
	wait := new(sync.WaitGroup)
	wait.Add(1)
	*line = here() + 1
	wait.Wait()
}

func onCond(line *int) {
	c := sync.NewCond(new(sync.Mutex))
	c.L.Lock()
	*line = here() + 1
	c.Wait()
}

// Whatever a goroutine blocks on for ever, the detector tells its number, what it waits for, and the function and line.
//
//gomem:case LEAK.GOROUTINE.DETECT
//gomem:needs probe
func LeakedAreNamed() {
	check.Equal("leaks at first", len(probe.Leaks()), 0)
	for i, b := range blockers {
		block, line, started := b.block, new(int), make(chan uint64, 1)
		go func() {
			started <- probe.Goroutine()
			block(line)
		}()
		id, known := <-started, false
		leaks := leaksFound(i + 1)
		check.Equal("leaks", len(leaks), i+1)
		for _, l := range leaks {
			if l.Goroutine != id {
				continue
			}
			known = true
			check.Equal(b.name+" waits for", l.WaitsFor, b.waitsFor)
			check.That(b.name+" is where it blocks", blocksIn(l, b.name, *line))
		}
		check.That(b.name+" is found", known)
	}
}

func blocksIn(l probe.Leak, function string, line int) bool {
	for _, c := range l.Calls {
		if strings.HasSuffix(c.Function, "leak."+function) {
			return c.Line == line
		}
	}
	return false
}

var shared struct {
	sync.Mutex
	c chan bool
}

// A goroutine that can still be let go on is none of them: by who holds the other end, by a variable, by a timer, by one that is blocked itself but
// will not stay so.
//
//gomem:case LEAK.GOROUTINE.DETECT
//gomem:needs probe
func OthersAreNot() {
	var waiting int32
	held, inner, outer := make(chan bool), make(chan bool), make(chan chan bool)
	shared.c = make(chan bool)
	shared.Lock()
	for _, wait := range []func(){
		func() { <-held },
		func() { <-shared.c },
		func() { shared.Lock(); shared.Unlock() },
		func() { <-inner },               // what outer's receiver is given
		func() { (<-outer) <- true },     // can be reached from main
		func() { <-time.After(1 << 40) }, // a pending timer sends once the clock jumps
		func() { time.Sleep(1 << 40) },
	} {
		wait := wait
		atomic.AddInt32(&waiting, 1)
		go func() {
			wait()
			atomic.AddInt32(&waiting, -1)
		}()
	}
	go onReceive(new(int))
	for i := 0; i < 5; i++ {
		check.Equal("leaks", len(leaksFound(1)), 1)
		check.Yields(20)
	}
	held <- true
	shared.c <- true
	shared.Unlock()
	outer <- inner
	check.Until(func() bool {
		probe.AdvanceClock(1 << 41) // again for those that come to wait after a jump
		return atomic.LoadInt32(&waiting) == 0
	})
}

// relay waits for its turn and lets the next one go on.
func relay(turn <-chan bool, next chan<- bool, done *sync.WaitGroup) {
	<-turn
	if next != nil {
		close(next)
	}
	done.Done()
}

// In a row of goroutines each of which would let the next go on, none is leaked while the first can be reached, and all are once it cannot.
//
//gomem:case LEAK.GOROUTINE.DETECT
//gomem:needs probe
func RowsGoOnOrLeakTogether() {
	const n = 20
	first, done := row(n)
	go onReceive(new(int))
	for i := 0; i < 5; i++ {
		check.Equal("leaks while the first can be reached", len(leaksFound(1)), 1)
		check.Yields(20)
	}
	close(first)
	done.Wait()
	row(n)
	check.Equal("leaks once it cannot", len(leaksFound(1+n)), 1+n)
}

// row starts the last goroutine first, so that each comes after what lets it go on; only the goroutine before knows a channel.
func row(n int) (chan<- bool, *sync.WaitGroup) {
	var first chan bool
	done := new(sync.WaitGroup)
	for i := 0; i < n; i++ {
		turn := make(chan bool)
		done.Add(1)
		go relay(turn, first, done)
		first = turn
	}
	return first, done
}
