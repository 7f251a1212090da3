package panics

// Unwinding and recovering: PANIC.UNWIND.LIFO, PANIC.RECOVER.*, PANIC.REPANIC, PANIC.NESTED, PANIC.NIL.*.

import "gomem/cases/check"

// A panic runs the deferred calls frame by frame up to the goroutine's first function, and nothing else of these frames.
//
//gomem:case PANIC.UNWIND.LIFO
func PanicUnwindsFrames() {
	log := make(chan string, 100)
	var down func(n int)
	down = func(n int) {
		defer func() { log <- string(rune('0' + n)) }()
		defer func() { log <- string(rune('a' + n)) }()
		if n == 4 {
			panic("bottom")
		}
		down(n + 1)
		log <- "not reached"
	}
	done := make(chan interface{})
	go func() {
		defer func() { done <- recover() }()
		down(0)
		log <- "not reached"
	}()
	check.Equal("the value at the top", <-done, "bottom")
	close(log)
	all := ""
	for s := range log {
		all += s
	}
	check.Equal("deferred calls", all, "e4d3c2b1a0")
}

// Deferred calls that the panic reaches see the frames' variables as the panic left them.
//
//gomem:case PANIC.UNWIND.LIFO
func PanicKeepsFrames() {
	var seen [3]int
	v := check.Panics(func() {
		x := 1
		defer func() { seen[0] = x }()
		x = 2
		func() {
			y := [4]int{5, 6, 7, 8}
			defer func() { seen[1], seen[2] = y[3], x }()
			y[3] = 9
			x = 3
			panic(nil == interface{}(x))
		}()
		x = 4
	})
	check.Equal("value", v, false)
	check.That("variables", seen == [3]int{3, 9, 3})
}

// recover gives the very value: type, identity and content.
//
//gomem:case PANIC.RECOVER.VALUE
func RecoverGivesValue() {
	p := &counter{7}
	for _, v := range []interface{}{1, "text", p, counter{3}, 2.5, [2]string{"a", "b"}, int8(1), (*int)(nil)} {
		check.That("the same value", check.Panics(func() { panic(v) }) == v)
	}
	s := []int{1, 2}
	got := check.Panics(func() { panic(s) }).([]int)
	check.That("the same backing array", &got[0] == &s[0] && len(got) == 2)
}

// After a recover the deferring function returns to its caller with its named results as they stand.
//
//gomem:case PANIC.RECOVER.RESUMES
func RecoverReturnsResults() {
	f := func(set bool) (n int, err string) {
		defer func() {
			if v := recover(); v != nil {
				err = v.(string)
			}
		}()
		n = 5
		if set {
			n = 6
		}
		panic("failed")
	}
	for i := 0; i < 100; i++ {
		n, err := f(false)
		check.That("the value before the panic", n == 5 && err == "failed")
		n, err = f(true)
		check.That("the later value", n == 6 && err == "failed")
	}
	unnamed := func() (int, *int) {
		defer func() { recover() }()
		panic(1)
	}
	n, p := unnamed()
	check.That("unnamed results are zero", n == 0 && p == nil)
}

// The named results stand where the function has them now, though its stack moved between its defer statement and the panic.
//
//gomem:case PANIC.RECOVER.RESUMES
func RecoverAfterGrowth() {
	f := func(depth int) (n int, err string) {
		defer func() { err = recover().(string) }()
		n = depth
		panicBelow(depth, &n)
		return
	}
	results := make(chan int)
	for depth := 1; depth <= 10000; depth *= 10 {
		go func() {
			n, err := 0, ""
			defer func() { results <- n }()
			n, err = f(depth)
			check.Equal("the error", err, "bottom")
		}()
		check.Equal("the result", <-results, 2*depth)
	}
}

// panicBelow adds a unit in each frame and panics in the last.
func panicBelow(depth int, n *int) {
	var frame [16]*int
	frame[depth%16] = n
	if depth == 0 {
		panic("bottom")
	}
	*frame[depth%16]++
	panicBelow(depth-1, frame[depth%16])
}

// The statements after the panic and in the frames between do not run; those after the call in the caller do.
//
//gomem:case PANIC.RECOVER.RESUMES
func RecoverResumesInCaller() {
	log := ""
	inner := func() {
		panic(1)
	}
	middle := func() {
		inner()
		log += "middle "
	}
	outer := func() {
		defer func() { recover(); log += "deferred " }()
		middle()
		log += "outer "
	}
	outer()
	log += "caller"
	check.Equal("what ran", log, "deferred caller")
}

func helper() interface{} { return recover() }

// A helper that the deferred function calls gets nil from recover, and so does a closure in it; the function itself gets the
// value.
//
//gomem:case PANIC.RECOVER.DIRECT
func RecoverOnlyDirect() {
	var byHelper, byClosure, direct interface{} = 1, 1, 1
	func() {
		defer func() { direct = recover() }()
		defer func() {
			byHelper = helper()
			byClosure = func() interface{} { return recover() }()
		}()
		panic("value")
	}()
	check.Equal("by a helper", byHelper, nil)
	check.Equal("by a closure", byClosure, nil)
	check.Equal("directly", direct, "value")
}

// A helper's recover leaves the panic to go on.
//
//gomem:case PANIC.RECOVER.DIRECT
func RecoverByHelperStopsNothing() {
	reached := false
	v := check.Panics(func() {
		func() {
			defer func() { helper() }()
			panic("value")
		}()
		reached = true
	})
	check.Equal("the panic went on", v, "value")
	check.That("the caller was not resumed", !reached)
}

// A recover that is itself the deferred call stops nothing, for no deferred function has called it; one that a deferred
// function defers is called by that function, and stops the panic.
//
//gomem:case PANIC.RECOVER.DIRECT
func RecoverDeferredItself() {
	check.Equal("defer recover()", check.Panics(func() {
		defer recover()
		panic("value")
	}), "value")
	check.Equal("defer recover() in a deferred function", check.Panics(func() {
		defer func() { defer recover() }()
		panic("value")
	}), nil)
	check.Equal("a function deferred by a deferred function", check.Panics(func() {
		defer func() {
			defer func() { recover() }()
		}()
		panic("value")
	}), "value")
}

type recoverer struct{ got *interface{} }

func (r recoverer) stop() { *r.got = recover() }

type stopper interface{ stop() }

// A deferred method recovers whichever way it is called: by value, through a pointer, an interface or a method value.
//
//gomem:case PANIC.RECOVER.DIRECT
func RecoverInMethods() {
	var got interface{}
	r := recoverer{&got}
	var s, ps stopper = r, &r
	stop := r.stop
	ways := []func(){
		func() { defer r.stop(); panic(1) },
		func() { defer (&r).stop(); panic(1) },
		func() { defer s.stop(); panic(1) },
		func() { defer ps.stop(); panic(1) },
		func() { defer stop(); panic(1) },
		func() { defer recoverer.stop(r); panic(1) },
	}
	for i, way := range ways {
		got = nil
		check.Equal("what reached the caller by way "+string(rune('0'+i)), check.Panics(way), nil)
		check.Equal("what recover gave by way "+string(rune('0'+i)), got, 1)
	}
}

// recover gives nil in a goroutine that does not panic: in ordinary code, in deferred calls, beside another's panic, and after one of its
// own that was recovered.
//
//gomem:case PANIC.RECOVER.NIL
func RecoverWithoutPanic() {
	check.Equal("in ordinary code", recover(), nil)
	var deferred interface{} = 1
	func() {
		defer func() { deferred = recover() }()
	}()
	check.Equal("in a deferred call", deferred, nil)
	reached, finish := make(chan bool), make(chan bool)
	go func() {
		defer func() { recover(); finish <- true }()
		defer func() { reached <- true; <-finish }()
		panic("elsewhere")
	}()
	<-reached
	func() {
		defer func() { deferred = recover() }()
	}()
	check.Equal("while another goroutine panics", deferred, nil)
	finish <- true
	<-finish
	check.Equal("of a panic", check.Panics(func() { panic("before") }), "before")
	check.Equal("in ordinary code, after a panic", recover(), nil)
	func() {
		defer func() { deferred = recover() }()
	}()
	check.Equal("in a deferred call, after a panic", deferred, nil)
}

// After a recover the panic is over: a second recover gives nil, the remaining deferred calls run, and a new panic is a new one.
//
//gomem:case PANIC.RECOVER.ONCE
func RecoverEndsPanic() {
	log := ""
	note := func(v interface{}) {
		if v == nil {
			log += "nil "
			return
		}
		log += v.(string) + " "
	}
	func() {
		defer func() { note(recover()); log += "last" }()
		defer func() { note(recover()) }()
		defer func() { note(recover()); note(recover()) }()
		panic("value")
	}()
	check.Equal("recovers", log, "value nil nil nil last")
	check.Equal("a new panic", check.Panics(func() { panic("new") }), "new")
}

// A panic after recover goes on upwards with its own value.
//
//gomem:case PANIC.REPANIC
func RepanicGoesOn() {
	log := ""
	v := check.Panics(func() {
		defer func() { log += "outer" }()
		func() {
			defer func() { log += "inner " }()
			defer func() { panic(recover().(string) + ", again") }()
			panic("first")
		}()
		log += "not reached "
	})
	check.Equal("the value further up", v, "first, again")
	check.Equal("deferred calls", log, "inner outer")
}

// A panic in a deferred call that a panic runs replaces it for those further up, and the other deferred calls still run.
//
//gomem:case PANIC.NESTED
func NestedPanicReplaces() {
	log := ""
	v := check.Panics(func() {
		defer func() { log += "3" }()
		defer func() { log += "2"; panic("third") }()
		defer func() { log += "1"; panic("second") }()
		panic("first")
	})
	check.Equal("what recover gives", v, "third")
	check.Equal("deferred calls", log, "123")
}

// A panic that a deferred call raises and recovers within itself leaves the earlier one as it was.
//
//gomem:case PANIC.NESTED
func NestedPanicRecoveredInside() {
	var inner interface{}
	v := check.Panics(func() {
		defer func() {
			inner = check.Panics(func() { panic("inner") })
		}()
		panic("outer")
	})
	check.Equal("inside", inner, "inner")
	check.Equal("further up", v, "outer")
}

// A recovered later panic takes the earlier one with it.
//
//gomem:case PANIC.NESTED
func NestedPanicRecoveredOnce() {
	var first, second interface{}
	func() {
		defer func() { second = recover() }()
		defer func() { first = recover() }()
		defer func() { panic("later") }()
		panic("earlier")
	}()
	check.Equal("the recover", first, "later")
	check.Equal("the next recover", second, nil)
}
