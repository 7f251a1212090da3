package panics

// runtime.Goexit in goroutines other than main's: PANIC.GOEXIT.*. Main's own is in the whole programs.

import (
	"runtime"

	"gomem/cases/check"
)

// inGoroutine runs f in a goroutine that notes how it ended: "returned", or not at all after a Goexit.
func inGoroutine(f func(note func(string))) string {
	done := make(chan string)
	go func() {
		log := ""
		defer func() { done <- log }()
		f(func(s string) { log += s })
		log += " returned"
	}()
	return <-done
}

// Goexit runs the deferred calls of all frames, in reverse order, and nothing after itself; others go on.
//
//gomem:case PANIC.GOEXIT.DEFERRED
//gomem:race silent
func GoexitRunsDeferred() {
	log := inGoroutine(func(note func(string)) {
		defer note("1")
		func() {
			defer note("2")
			defer note("3")
			runtime.Goexit()
			note("not reached")
		}()
		note("not reached")
	})
	check.Equal("what ran", log, "321")
}

// Only the calling goroutine ends.
//
//gomem:case PANIC.GOEXIT.DEFERRED
func GoexitEndsOneGoroutine() {
	values, ended := make(chan int), make(chan bool)
	go func() {
		for i := 0; i < 3; i++ {
			values <- i
		}
		close(values)
	}()
	go func() {
		defer close(ended)
		runtime.Goexit()
	}()
	<-ended
	n := 0
	for range values {
		n++
	}
	check.Equal("values of the other goroutine", n, 3)
}

// recover gives nil in the deferred calls that Goexit runs, and the goroutine still ends.
//
//gomem:case PANIC.GOEXIT.NORECOVER
func GoexitCannotBeRecovered() {
	log := inGoroutine(func(note func(string)) {
		func() {
			defer func() {
				if recover() != nil {
					note("recovered ")
				}
				note("deferred")
			}()
			runtime.Goexit()
		}()
		note("resumed ")
	})
	check.Equal("what ran", log, "deferred")
}

// A Goexit in a deferred call that a panic runs ends the goroutine, and the panic with it.
//
//gomem:case PANIC.GOEXIT.NORECOVER
func GoexitDuringPanic() {
	log := inGoroutine(func(note func(string)) {
		defer func() {
			if recover() == nil {
				note("2")
			}
		}()
		defer func() { note("1"); runtime.Goexit() }()
		panic("value")
	})
	check.Equal("what ran", log, "12")
}

// A panic raised and recovered in a deferred call does not cancel the exit.
//
//gomem:case PANIC.GOEXIT.PANIC
func GoexitSurvivesPanic() {
	log := inGoroutine(func(note func(string)) {
		defer note("3")
		func() {
			defer func() {
				if recover() == "in a deferred call" {
					note("2")
				}
			}()
			defer func() { note("1"); panic("in a deferred call") }()
			runtime.Goexit()
		}()
		note(" resumed")
	})
	check.Equal("what ran", log, "123")
}

// The same with the recover in the panicking deferred call itself.
//
//gomem:case PANIC.GOEXIT.PANIC
func GoexitSurvivesInnerPanic() {
	log := inGoroutine(func(note func(string)) {
		defer note("2")
		defer func() {
			if check.Panics(func() { panic("inner") }) == "inner" {
				note("1")
			}
		}()
		runtime.Goexit()
	})
	check.Equal("what ran", log, "12")
}
