package final

// What a finalizer may do with its object, and in which order finalizers run: FINAL.VALID, FINAL.RESURRECT, FINAL.RESET, FINAL.FREED,
// FINAL.CHAIN, FINAL.ARG, FINAL.GOROUTINE, FINAL.BLOCKED.

import (
	"runtime"
	"sync"
	"unsafe"

	"gomem/cases/check"
)

// In the finalizer the object and a thousand blocks behind it are intact.
//
//gomem:case FINAL.VALID
//gomem:needs finalizers
func ObjectIsValid() {
	const n = 1000
	depth := make(chan int, 1)
	func() {
		var head *object
		for i := 0; i < n; i++ {
			o := newObject(i)
			o.next = head
			head = o
		}
		runtime.SetFinalizer(head, func(o *object) {
			churn(2 * n)
			count := 0
			for ; o.is(n - 1 - count); o = o.next {
				count++
			}
			depth <- count
		})
	}()
	check.CollectUntil(func() bool { return len(depth) == 1 })
	check.Equal("blocks that are intact", <-depth, n)
}

// churn takes the memory of what was freed too early.
func churn(n int) {
	for i := 0; i < n; i++ {
		check.Use(newObject(-1))
	}
}

// An object that its finalizer makes reachable again stays alive and intact, with what it refers to.
//
//gomem:case FINAL.RESURRECT
//gomem:needs finalizers
func ResurrectedStays() {
	back := make(chan *object, 1)
	func() {
		o := newObject(1)
		o.next = newObject(2)
		runtime.SetFinalizer(o, func(o *object) { back <- o })
	}()
	check.CollectUntil(func() bool { return len(back) == 1 })
	o := <-back
	for i := 0; i < 4; i++ {
		runtime.GC()
		churn(2000)
	}
	check.That("the object", o.is(1))
	check.That("what it refers to", o.next.is(2))
}

// A finalizer that is set again, by the finalizer itself or later, runs once more.
//
//gomem:case FINAL.RESET
//gomem:needs finalizers
func SetAgainRunsAgain() {
	var ran counter
	var again func(o *object)
	again = func(o *object) {
		ran.add()
		if !o.is(1) {
			check.Fail("the object is not intact at run", ran.get())
		}
		if ran.get() < 5 {
			runtime.SetFinalizer(o, again)
		}
	}
	func() { runtime.SetFinalizer(newObject(1), again) }()
	check.CollectUntil(func() bool { return ran.get() == 5 })
	drain()
	check.Equal("runs", ran.get(), 5)
}

// Set again on a resurrected object outside of any finalizer, it runs when the object is dropped again, not before.
//
//gomem:case FINAL.RESET
//gomem:needs finalizers precise
func SetAgainAfterResurrection() {
	back := make(chan *object, 1)
	var second counter
	func() { runtime.SetFinalizer(newObject(1), func(o *object) { back <- o }) }()
	check.CollectUntil(func() bool { return len(back) == 1 })
	o := <-back
	runtime.SetFinalizer(o, func(*object) { second.add() })
	drain()
	check.Equal("runs while the object is in use", second.get(), 0)
	check.That("the object", o.is(1))
	check.CollectUntil(func() bool { return second.get() == 1 })
}

// The collection that queues the finalizer does not free the object; a later one does.
//
//gomem:case FINAL.FREED
//gomem:needs finalizers counts collect
func FreedAfterFinalizer() {
	const n = 1000
	drain()
	before := check.LiveBytes()
	gate := make(chan bool)
	var ran counter
	func() {
		for i := 0; i < n; i++ {
			runtime.SetFinalizer(new([4096]byte), func(*[4096]byte) {
				<-gate
				ran.add()
			})
		}
	}()
	const size = n * 4096
	check.Within("bytes kept while the finalizers wait", check.LiveBytes()-before, size, size+size/8)
	close(gate)
	check.Until(func() bool { return ran.get() >= n-1 })
	check.Within("bytes left after they ran", check.LiveBytes()-before, -size/8, size/8)
}

// Along a chain of ten the finalizers run from the head to the end, one object after the other.
//
//gomem:case FINAL.CHAIN
//gomem:needs finalizers
func ChainRunsFromHead() {
	const n = 10
	order := make(chan int, n)
	func() {
		var head *object
		for i := n - 1; i >= 0; i-- {
			o := newObject(i)
			o.next = head
			head = o
			runtime.SetFinalizer(o, func(o *object) { order <- o.id })
		}
	}()
	check.CollectUntil(func() bool { return len(order) == n })
	for i := 0; i < n; i++ {
		check.Equal("finalizer run", <-order, i)
	}
}

// The finalizer of what an object refers to does not run while that object is resurrected.
//
//gomem:case FINAL.CHAIN
//gomem:needs finalizers precise
func ChainWaitsForFirst() {
	back := make(chan *object, 1)
	var second counter
	func() {
		a, b := newObject(1), newObject(2)
		a.next = b
		runtime.SetFinalizer(a, func(a *object) { back <- a })
		runtime.SetFinalizer(b, func(*object) { second.add() })
	}()
	check.CollectUntil(func() bool { return len(back) == 1 })
	a := <-back
	drain()
	drain()
	check.Equal("runs of the second while the first is in use", second.get(), 0)
	check.That("both are intact", a.is(1) && a.next.is(2))
	check.CollectUntil(func() bool { return second.get() == 1 })
}

// The parameter may be the pointer's type, a named one with the same underlying type, an interface or the empty interface.
//
//gomem:case FINAL.ARG
//gomem:needs finalizers
func ParameterTypes() {
	seen := make(chan int, 8)
	func() {
		runtime.SetFinalizer(newObject(1), func(o *object) { seen <- o.id })
		runtime.SetFinalizer(&plain{id: 2}, func(o named) { seen <- o.id })
		runtime.SetFinalizer(newObject(3), func(o interface{}) { seen <- o.(*object).id })
		runtime.SetFinalizer(newObject(4), func(o recognised) {
			if o.is(4) {
				seen <- 4
			}
		})
	}()
	check.CollectUntil(func() bool { return len(seen) == 4 })
	sum := 0
	for i := 0; i < 4; i++ {
		sum += 1 << uint(<-seen)
	}
	check.Equal("objects seen, as bits", sum, 1<<1|1<<2|1<<3|1<<4)
}

// A plain has no methods.
type plain struct {
	next *plain
	id   int
}

type named *plain

type recognised interface{ is(id int) bool }

// Results of the function, few and large, are ignored; a method value and a top-level function serve as well.
//
//gomem:case FINAL.ARG
//gomem:needs finalizers
func ResultsAreIgnored() {
	topLevel = counter{}
	var other counter
	func() {
		runtime.SetFinalizer(newObject(1), finalizeWithResults)
		runtime.SetFinalizer(newObject(2), func(o *object) (big [40]int) {
			other.add()
			return
		})
		runtime.SetFinalizer(newObject(3), (&sink{&other}).take)
	}()
	check.CollectUntil(func() bool { return topLevel.get() == 1 && other.get() == 2 })
}

var topLevel counter

func finalizeWithResults(o *object) (int, error) {
	topLevel.add()
	return o.id, nil
}

type sink struct{ c *counter }

func (s *sink) take(*object) bool {
	s.c.add()
	return true
}

// All finalizers run in one goroutine: none starts before the one that is running has returned, be they of small objects or large ones.
//
//gomem:case FINAL.GOROUTINE
//gomem:needs finalizers
func OneAtATime() {
	var running, overlaps, ran counter
	one := func() {
		running.add()
		check.Yields(20)
		if running.get() != ran.get()+1 {
			overlaps.add()
		}
		ran.add()
	}
	func() {
		for i := 0; i < 17; i++ {
			runtime.SetFinalizer(newObject(i), func(*object) { one() })
			runtime.SetFinalizer(new([20]*object), func(*[20]*object) { one() })
			runtime.SetFinalizer(new([5000]*object), func(*[5000]*object) { one() })
		}
	}()
	check.CollectUntil(func() bool { return ran.get() >= 49 })
	check.Equal("finalizers that overlapped", overlaps.get(), 0)
}

// The goroutine is none of the program's: one that holds a lock over the collection does not stop a finalizer that needs it for ever.
//
//gomem:case FINAL.GOROUTINE
//gomem:needs finalizers
func NotTheCallersGoroutine() {
	var mu sync.Mutex
	var entered, ran counter
	func() {
		runtime.SetFinalizer(newObject(1), func(*object) {
			entered.add()
			mu.Lock()
			ran.add()
			mu.Unlock()
		})
	}()
	mu.Lock()
	check.CollectUntil(func() bool { return entered.get() == 1 })
	check.Yields(100)
	check.Equal("finalizers that got the lock while it was held", ran.get(), 0)
	mu.Unlock()
	check.Until(func() bool { return ran.get() == 1 })
}

// A finalizer that waits keeps all others from running, through collections, until it goes on.
//
//gomem:case FINAL.BLOCKED
//gomem:needs finalizers
func BlockedHoldsUpOthers() {
	gate := make(chan bool)
	var entered, later counter
	func() {
		runtime.SetFinalizer(newObject(1), func(*object) {
			entered.add()
			<-gate
		})
	}()
	check.CollectUntil(func() bool { return entered.get() == 1 })
	func() {
		for i := 0; i < 10; i++ {
			runtime.SetFinalizer(newObject(i), func(*object) { later.add() })
		}
	}()
	for i := 0; i < 5; i++ {
		runtime.GC()
		check.Yields(100)
	}
	check.Equal("finalizers that ran past the blocked one", later.get(), 0)
	close(gate)
	check.CollectUntil(func() bool { return later.get() >= 9 })
}

// A finalizer may collect, allocate, start goroutines and set finalizers.
//
//gomem:case FINAL.RUNS
//gomem:needs finalizers
func MayDoAnything() {
	var inner counter
	done := make(chan int, 1)
	func() {
		runtime.SetFinalizer(newObject(1), func(*object) {
			runtime.SetFinalizer(newObject(2), func(*object) { inner.add() })
			runtime.GC()
			result := make(chan int)
			go func() { result <- len(make([]byte, 100000)) }()
			done <- <-result
		})
	}()
	check.CollectUntil(func() bool { return len(done) == 1 })
	check.Equal("result from the finalizer's goroutine", <-done, 100000)
	check.CollectUntil(func() bool { return inner.get() == 1 })
}

// A block is not freed while its finalizer is running, even after the finalizer's last use of its parameter is a field's address.
//
//gomem:case FINAL.VALID
//gomem:needs finalizers
func ValidThroughInterior() {
	result := make(chan int, 1)
	func() {
		runtime.SetFinalizer(newObject(7), func(o *object) {
			id := &o.id
			o = nil
			runtime.GC()
			churn(2000)
			result <- *(*int)(unsafe.Pointer(id))
		})
	}()
	check.CollectUntil(func() bool { return len(result) == 1 })
	check.Equal("field read through its address", <-result, 7)
}
