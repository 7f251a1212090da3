package final

// When finalizers run and how often: FINAL.RUNS, FINAL.ONCE, FINAL.REACHABLE, FINAL.CLEAR, FINAL.GLOBAL, FINAL.TINY, FINAL.KEEPS.

import (
	"runtime"
	"unsafe"

	"gomem/cases/check"
)

// The finalizer of an unreachable block runs after a collection.
//
//gomem:case FINAL.RUNS
//gomem:needs finalizers
func Runs() {
	var ran counter
	func() { runtime.SetFinalizer(newObject(1), func(*object) { ran.add() }) }()
	runtime.GC()
	check.Until(func() bool { return ran.get() == 1 })
}

// All finalizers of many blocks of many sizes run.
//
//gomem:case FINAL.RUNS
//gomem:needs finalizers
func AllRun() {
	var ran counter
	const each = 100
	func() {
		for i := 0; i < each; i++ {
			runtime.SetFinalizer(newObject(i), func(*object) { ran.add() })
			runtime.SetFinalizer(new([3]*int), func(*[3]*int) { ran.add() })
			runtime.SetFinalizer(new([100]*int), func(*[100]*int) { ran.add() })
			runtime.SetFinalizer(new([2000]byte), func(*[2000]byte) { ran.add() })
			runtime.SetFinalizer(new([5000]*int), func(*[5000]*int) { ran.add() })
		}
	}()
	check.CollectUntil(func() bool { return ran.get() >= 5*each-1 })
	drain()
	check.Within("finalizers that ran", ran.get(), 5*each-1, 5*each)
}

// What a block becomes unreachable by does not matter: a global overwritten, a map entry deleted, a goroutine gone.
//
//gomem:case FINAL.RUNS
//gomem:needs finalizers
func RunsHoweverDropped() {
	var ran counter
	final := func(*object) { ran.add() }
	m := map[string]*object{}
	done := make(chan bool)
	func() {
		global = newObject(1)
		runtime.SetFinalizer(global, final)
		m["k"] = newObject(2)
		runtime.SetFinalizer(m["k"], final)
	}()
	go func() {
		o := newObject(3)
		runtime.SetFinalizer(o, final)
		check.That("used", o.is(3))
		done <- true
	}()
	<-done
	global = nil
	delete(m, "k")
	check.CollectUntil(func() bool { return ran.get() == 3 })
	check.Equal("entries", len(m), 0)
}

var global *object

// A finalizer runs once, however many collections follow.
//
//gomem:case FINAL.ONCE
//gomem:needs finalizers
func RunsOnce() {
	var ran [50]counter
	func() {
		for i := range ran {
			runtime.SetFinalizer(newObject(i), func(o *object) { ran[o.id].add() })
		}
	}()
	drain()
	drain()
	for i := range ran {
		check.Within("runs of one finalizer", ran[i].get(), 0, 1)
	}
}

// A resurrected object's finalizer does not run again, although the object is dropped again.
//
//gomem:case FINAL.ONCE
//gomem:needs finalizers
func RunsOnceAfterResurrection() {
	var ran counter
	back := make(chan *object, 4)
	func() {
		runtime.SetFinalizer(newObject(1), func(o *object) {
			ran.add()
			back <- o
		})
	}()
	check.CollectUntil(func() bool { return len(back) == 1 })
	check.That("the object came back", (<-back).is(1))
	drain()
	drain()
	check.Equal("runs", ran.get(), 1)
}

// A finalizer does not run while its object is reachable: from a local, a global, another block, a closure or a blocked goroutine.
//
//gomem:case FINAL.REACHABLE
//gomem:needs finalizers
func NotWhileReachable() {
	var ran counter
	make1 := func(id int) *object {
		o := newObject(id)
		runtime.SetFinalizer(o, func(*object) { ran.add() })
		return o
	}
	local, holder, gate, result := make1(0), &object{next: make1(1)}, make(chan bool), make(chan bool)
	global = make1(2)
	closure := func(o *object) func() bool { return func() bool { return o.is(3) } }(make1(3))
	interior := &make1(4).text
	go func(o *object) {
		<-gate
		result <- o.is(5)
	}(make1(5))
	drain()
	drain()
	check.Equal("finalizers that ran", ran.get(), 0)
	gate <- true
	check.That("all are intact", local.is(0) && holder.next.is(1) && global.is(2) && closure() && *interior == "object" && <-result)
	global = nil
	runtime.KeepAlive(local)
}

// SetFinalizer with nil removes the finalizer; it never runs.
//
//gomem:case FINAL.CLEAR
//gomem:needs finalizers
func ClearedNeverRuns() {
	var ran counter
	func() {
		for i := 0; i < 20; i++ {
			o := newObject(i)
			runtime.SetFinalizer(o, func(*object) { ran.add() })
			runtime.SetFinalizer(o, nil)
		}
	}()
	drain()
	check.Equal("finalizers that ran", ran.get(), 0)
}

// Clearing where there is no finalizer is allowed, and after clearing another may be set, which runs in its place.
//
//gomem:case FINAL.CLEAR
//gomem:needs finalizers
func ReplacedRunsAlone() {
	var first, second counter
	func() {
		o := newObject(1)
		runtime.SetFinalizer(o, nil)
		runtime.SetFinalizer(o, func(*object) { first.add() })
		runtime.SetFinalizer(o, nil)
		runtime.SetFinalizer(o, func(*object) { second.add() })
	}()
	check.CollectUntil(func() bool { return second.get() == 1 })
	drain()
	check.Equal("runs of the cleared finalizer", first.get(), 0)
}

// A finalizer on a package-level variable is accepted and never runs, not even when nothing uses the variable any more.
//
//gomem:case FINAL.GLOBAL
//gomem:needs finalizers
func GlobalNeverRuns() {
	var ran counter
	runtime.SetFinalizer(&globalObject, func(*object) { ran.add() })
	runtime.SetFinalizer(&initialised, func(*object) { ran.add() })
	drain()
	drain()
	check.Equal("finalizers that ran", ran.get(), 0)
}

var (
	globalObject object
	initialised  = object{id: 1}
)

// While one part of a tiny block is alive, the finalizer of another part does not run. Of each block that is filled by four parts one has a
// finalizer and one is held; all pairs of places occur.
//
//gomem:case FINAL.TINY
//gomem:needs finalizers
func TinyWaitsForNeighbours() {
	var ran counter
	var held []*uint32
	func() {
		parts := make([]*uint32, 800)
		for i := range parts {
			parts[i] = new(uint32)
		}
		for i := 0; i+4 <= len(parts); i++ {
			if !fillTinyBlock(parts[i : i+4]) {
				continue
			}
			n := len(held)
			runtime.SetFinalizer(parts[i+n%4], func(*uint32) { ran.add() })
			held = append(held, parts[i+(n+1+n/4%3)%4])
		}
	}()
	check.That("tiny blocks are shared", len(held) >= 100)
	drain()
	check.Equal("finalizers that ran beside living parts", ran.get(), 0)
	sum, most := uint32(0), len(held)-2
	for _, p := range held {
		sum += *p
	}
	check.Equal("sum of the held parts", sum, 0)
	held = nil
	check.CollectUntil(func() bool { return ran.get() >= most })
}

// fillTinyBlock says whether four parts are the whole of a block of 16 bytes, in order.
func fillTinyBlock(parts []*uint32) bool {
	start := uintptr(unsafe.Pointer(parts[0]))
	for i, p := range parts {
		if uintptr(unsafe.Pointer(p)) != start+uintptr(4*i) {
			return false
		}
	}
	return start%16 == 0
}

// What a finalizer's closure captured stays alive until it has run.
//
//gomem:case FINAL.KEEPS
//gomem:needs finalizers weak
func ClosureKeepsCaptured() {
	var holder *object
	var w *check.Watched
	var whole counter
	func() {
		captured := newObject(2)
		w = check.Watch(unsafe.Pointer(captured))
		holder = newObject(1)
		runtime.SetFinalizer(holder, func(*object) {
			if captured.is(2) {
				whole.add()
			}
		})
	}()
	check.That("captured object kept", w.Kept())
	runtime.KeepAlive(holder)
	holder = nil
	check.CollectUntil(func() bool { return whole.get() == 1 })
}

// A finalizer that captured its own object keeps it, and never runs.
//
//gomem:case FINAL.KEEPS
//gomem:needs finalizers
func OwnCaptureNeverRuns() {
	var ran counter
	func() {
		o := newObject(1)
		runtime.SetFinalizer(o, func(*object) {
			check.Use(o)
			ran.add()
		})
	}()
	drain()
	drain()
	check.Equal("runs", ran.get(), 0)
}
