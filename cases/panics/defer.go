package panics

// Deferred calls without a panic: PANIC.DEFER.*.

import "gomem/cases/check"

// Deferred calls run last in, first out, also those that a loop or a branch has deferred.
//
//gomem:case PANIC.DEFER.LIFO
func DeferRunsInReverse() {
	log := ""
	f := func(n int) {
		defer func() { log += "a" }()
		for i := 0; i < n; i++ {
			defer func(i int) { log += string(rune('0' + i)) }(i)
		}
		if n > 2 {
			defer func() { log += "b" }()
		}
		log += "|"
	}
	f(5)
	check.Equal("order", log, "|b43210a")
	log = ""
	f(1)
	check.Equal("order of a shorter call", log, "|0a")
}

// A thousand deferred calls of one function all run, and each function runs its own before its caller's.
//
//gomem:case PANIC.DEFER.LIFO
func DeferRunsPerFunction() {
	next := 1000
	log := ""
	inner := func() {
		defer func() { log += "inner " }()
		for i := 1; i <= 1000; i++ {
			defer func(i int) {
				if i != next {
					check.Fail("ran", i, "want", next)
				}
				next--
			}(i)
		}
	}
	outer := func() {
		defer func() { log += "outer " }()
		inner()
		log += "between "
	}
	outer()
	check.Equal("calls that did not run", next, 0)
	check.Equal("order", log, "inner between outer ")
}

// Deferred calls run at each return statement, not at the end of a block.
//
//gomem:case PANIC.DEFER.LIFO
func DeferRunsAtEveryReturn() {
	log := ""
	f := func(early bool) {
		{
			defer func() { log += "d" }()
		}
		log += "1"
		if early {
			return
		}
		defer func() { log += "e" }()
		log += "2"
	}
	f(true)
	f(false)
	check.Equal("order", log, "1d12ed")
}

// A deferred call may defer further calls, which run when it returns.
//
//gomem:case PANIC.DEFER.LIFO
func DeferWithinDeferred() {
	log := ""
	func() {
		defer func() { log += "4" }()
		defer func() {
			defer func() { log += "3" }()
			log += "2"
		}()
		log += "1"
	}()
	check.Equal("order", log, "1234")
}

type counter struct{ n int }

func (c counter) note(log *[]int)         { *log = append(*log, c.n) }
func (c *counter) noteCurrent(log *[]int) { *log = append(*log, c.n) }

// Function value, receiver and arguments are those of the defer statement; what is reached through a pointer is current.
//
//gomem:case PANIC.DEFER.ARGS
func DeferEvaluatesAtStatement() {
	var log []int
	func() {
		x := 1
		c := counter{10}
		f := func(n int) { log = append(log, n) }
		defer f(x)
		defer c.note(&log)
		defer c.noteCurrent(&log)
		defer func() { log = append(log, x) }()
		x = 2
		c.n = 20
		f = nil
	}()
	check.Equal("calls", len(log), 4)
	check.Equal("a captured variable is current", log[0], 2)
	check.Equal("a pointer receiver sees the current value", log[1], 20)
	check.Equal("a value receiver is a copy", log[2], 10)
	check.Equal("an argument is a copy", log[3], 1)
}

// The arguments' own calls are made at the defer statement, left to right.
//
//gomem:case PANIC.DEFER.ARGS
func DeferCallsArgumentsNow() {
	log := ""
	note := func(s string) string { log += s; return s }
	func() {
		defer func(a, b string) { log += "(" + a + b + ")" }(note("1"), note("2"))
		note("3")
	}()
	check.Equal("order", log, "123(12)")
}

// Deferred calls see the results that return has set, and change what the caller gets through named ones only.
//
//gomem:case PANIC.DEFER.RESULT
func DeferChangesResults() {
	named := func() (n int, s string) {
		defer func() { n *= 2; s += "!" }()
		n = 1
		return 21, "text"
	}
	n, s := named()
	check.Equal("a named result", n, 42)
	check.Equal("another named result", s, "text!")
	unnamed := func() int {
		x := 1
		defer func() { x = 2 }()
		return x
	}
	check.Equal("an unnamed result", unnamed(), 1)
	chained := func() (n int) {
		defer func() { n += 3 }()
		defer func() { n *= 10 }()
		return 4
	}
	check.Equal("changed twice", chained(), 43)
}

// A deferred nil function panics when it is to run: the function's body and its other deferred calls run.
//
//gomem:case PANIC.DEFER.NILFUNC
func DeferNilPanicsLate() {
	log := ""
	v := check.Panics(func() {
		defer func() { log += "3" }()
		var f func()
		defer f()
		defer func() { log += "2" }()
		log += "1"
	})
	check.That("it panics", v != nil)
	check.Equal("what ran", log, "123")
}
