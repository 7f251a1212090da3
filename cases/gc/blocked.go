package gc

// Operations that keep a block alive: GC.REACHABLE for what is in flight in goroutines, channels, selects, timers, deferred calls and
// panics. The holder is neither a variable nor a block of the program's own.

import (
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"gomem/cases/check"
)

// settle gives goroutines that were just started the time to block.
func settle() { check.Yields(100) }

// A blocked sender's value is kept, and arrives whole.
//
//gomem:case GC.REACHABLE
//gomem:needs weak
func BlockedSenderKeeps() {
	c, watch := make(chan *node), make(chan *check.Watched)
	go func() {
		c <- func() *node {
			n, w := watchedNode(1)
			watch <- w
			return n
		}()
	}()
	w := <-watch
	settle()
	kept("blocked sender", w)
	check.That("received", (<-c).is(1))
}

// A struct that a blocked sender holds on a full buffer is kept with what it refers to.
//
//gomem:case GC.REACHABLE
//gomem:needs weak
func FullBufferSenderKeeps() {
	c, watch := make(chan wrapper, 1), make(chan *check.Watched)
	c <- wrapper{}
	go func() {
		c <- func() wrapper {
			n, w := watchedNode(1)
			watch <- w
			return wrapper{1, n}
		}()
	}()
	w := <-watch
	settle()
	kept("sender blocked on a full buffer", w)
	check.Equal("first", (<-c).n, 0)
	check.That("second", (<-c).p.is(1))
}

// Every value that the send cases of a blocked select would send is kept.
//
//gomem:case GC.REACHABLE
//gomem:needs weak
func SelectCasesKeep() {
	a, b, never := make(chan *node), make(chan interface{}), make(chan int)
	watches := make(chan *check.Watched)
	make1 := func(value int) *node {
		n, w := watchedNode(value)
		watches <- w
		return n
	}
	go func() {
		for i := 0; i < 2; i++ {
			select {
			case a <- make1(1):
			case b <- make1(2):
			case <-never:
			}
		}
	}()
	w1, w2 := <-watches, <-watches
	settle()
	kept("first case", w1)
	kept("second case", w2)
	check.That("sent by the second case", (<-b).(*node).is(2))
	<-watches
	<-watches
	check.That("sent by the first case", (<-a).is(1))
}

// The arguments and the function of a go statement are kept before the goroutine has run at all.
//
//gomem:case GC.REACHABLE
//gomem:needs weak
func UnstartedGoroutineKeeps() {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	var gate sync.Mutex
	gate.Lock()
	result := make(chan bool, 2)
	w := func() [2]*check.Watched {
		n, w := watchedNode(1)
		m, w2 := watchedNode(2)
		go func(n *node) {
			gate.Lock()
			result <- n.is(1)
			result <- m.is(2)
		}(n)
		return [2]*check.Watched{w, w2}
	}()
	kept("argument of a go statement", w[0])
	kept("closure of a go statement", w[1])
	gate.Unlock()
	check.That("argument", <-result)
	check.That("captured", <-result)
}

// Goroutines parked on a mutex, a condition, a wait group, a receive and a sleep keep what their frames still use.
//
//gomem:case GC.REACHABLE
//gomem:needs weak
func ParkedGoroutinesKeep() {
	var mu, condMu sync.Mutex
	cond := sync.NewCond(&condMu)
	var group sync.WaitGroup
	c, released := make(chan int), int32(0)
	mu.Lock()
	group.Add(1)
	park := []func(){
		func() { mu.Lock(); mu.Unlock() },
		func() {
			condMu.Lock()
			for atomic.LoadInt32(&released) == 0 {
				cond.Wait()
			}
			condMu.Unlock()
		},
		func() { group.Wait() },
		func() { <-c },
		func() {
			for atomic.LoadInt32(&released) == 0 {
				time.Sleep(time.Millisecond)
			}
		},
	}
	watches, whole := make(chan *check.Watched), make(chan bool)
	for i, f := range park {
		go func(i int, f func()) {
			n, w := watchedNode(i)
			watches <- w
			f()
			whole <- n.is(i)
		}(i, f)
		w := <-watches
		settle()
		if !w.Kept() {
			check.Fail("lost what a parked goroutine uses, kind", i)
		}
		churn(4096)
	}
	atomic.StoreInt32(&released, 1)
	mu.Unlock()
	condMu.Lock()
	cond.Broadcast()
	condMu.Unlock()
	group.Done()
	close(c)
	for range park {
		check.That("a parked goroutine's node is whole", <-whole)
	}
}

// A timer keeps its function and what that captured until it fires.
//
//gomem:case GC.REACHABLE
//gomem:needs weak
func TimerKeeps() {
	var armed, fired int32
	whole := make(chan bool, 1)
	w := func() *check.Watched {
		n, w := watchedNode(1)
		var again func()
		again = func() {
			if atomic.LoadInt32(&armed) == 0 {
				time.AfterFunc(time.Millisecond, again)
				return
			}
			atomic.StoreInt32(&fired, 1)
			whole <- n.is(1)
		}
		time.AfterFunc(time.Millisecond, again)
		return w
	}()
	kept("timer", w)
	check.Equal("fired so far", atomic.LoadInt32(&fired), 0)
	atomic.StoreInt32(&armed, 1)
	check.That("captured by the timer's function", <-whole)
}

// An armed timer that nothing refers to keeps what its function captured over many collections.
//
//gomem:case GC.REACHABLE
//gomem:needs weak
func DistantTimerKeeps() {
	w := func() *check.Watched {
		n, w := watchedNode(1)
		time.AfterFunc(time.Hour, func() { check.Use(n) })
		return w
	}()
	kept("timer of an hour", w)
}

// A deferred call's receiver, arguments and closure are kept until it has run, outside of loops and in one.
//
//gomem:case GC.REACHABLE
//gomem:needs weak
func DeferredCallsKeep() {
	var w [5]*check.Watched
	func() {
		n, w0 := watchedNode(0)
		defer mustBe(n, 0)
		m, w1 := watchedNode(1)
		defer func() { mustBe(m, 1) }()
		w[0], w[1] = w0, w1
		for i := 2; i < len(w); i++ {
			n, wi := watchedNode(i)
			w[i] = wi
			defer mustBe(n, i)
		}
		n = nil
		for _, w := range w {
			kept("deferred call", w)
		}
	}()
}

func mustBe(n *node, value int) {
	if !n.is(value) {
		check.Fail("a deferred call's node is not node", value)
	}
}

// A panic's value is kept while deferred calls run and collect, and recover gives it whole.
//
//gomem:case GC.REACHABLE
//gomem:needs weak
func PanicValueKeeps() {
	var w *check.Watched
	value := check.Panics(func() {
		defer func() { kept("panic in flight", w) }()
		n, watch := watchedNode(1)
		w = watch
		defer func(n *node) { panic(wrapper{1, n}) }(n)
	})
	check.That("recovered", value.(wrapper).p.is(1))
}

// The results of a function are kept while its deferred calls collect.
//
//gomem:case GC.REACHABLE
//gomem:needs weak
func ResultsKeep() {
	named, plain := func() (named *node, _ *node) {
		var w1, w2 *check.Watched
		defer func() {
			kept("named result", w1)
			kept("unnamed result", w2)
		}()
		named, w1 = watchedNode(1)
		n, w := watchedNode(2)
		w2 = w
		return named, n
	}()
	check.That("named result", named.is(1))
	check.That("unnamed result", plain.is(2))
}

// Operands that wait for a call's result are kept: those of an expression, of a composite literal and of an argument list.
//
//gomem:case GC.REACHABLE
//gomem:needs weak
func OperandsKeep() {
	collect := func() int {
		check.Collect()
		churn(4096)
		return 1
	}
	text := newNode(1)
	s := []*node{newNode(2), {value: collect(), check: ^collect()}, newNode(3)}
	check.That("elements of a literal", s[0].is(2) && s[1].is(1) && s[2].is(3))
	check.That("receiver evaluated before its argument", newNode(1).is(collect()))
	check.Equal("argument before another", second(newNode(4), collect()), 4)
	check.Equal("operand", newNode(5).value+collect(), 6)
	check.That("local", text.is(1))
}

func second(n *node, _ int) int {
	if !n.is(4) {
		return -1
	}
	return n.value
}

// A range keeps the array, the map and the channel that it goes over after their variables have been cleared.
//
//gomem:case GC.REACHABLE
func RangeKeeps() {
	s, c := []*node{}, make(chan *node, 4)
	m := map[int]*node{}
	for i := 0; i < 4; i++ {
		s = append(s, newNode(i))
		m[i] = newNode(i)
		c <- newNode(i)
	}
	close(c)
	seen := 0
	collect := func() {
		check.Collect()
		churn(2048)
		seen++
	}
	for i, n := range s {
		s = nil
		collect()
		check.That("slice", n.is(i))
	}
	for i, n := range m {
		m = nil
		collect()
		check.That("map", n.is(i))
	}
	next := 0
	for n := range c {
		c = nil
		collect()
		check.That("channel", n.is(next))
		next++
	}
	check.Equal("elements seen", seen, 12)
}
