package panics

// Map operations that find a write under way: PANIC.MAPRACE.*. The detection is the run-time system's own, without a race
// detector: a flag in the map while a write lasts. To meet such a write with certainty it is made to last: it looks for a key
// of half a MiB that is in the map already, equal in content but not in address, so that much of its time is one comparison under
// the flag. An assignment puts its own key in the place of the one that was there, so two such keys take turns. Every case goes on until the
// program dies; no collection runs, as it would wait for loops that not every runtime interrupts.

import (
	"runtime"
	"runtime/debug"
	"strings"

	"gomem/cases/check"
)

// seen is what readers use, without allocation.
var seen int

// slowWrites keeps one map under write in so many goroutines, on threads of their own.
func slowWrites(m map[string]int, writers int) {
	runtime.GOMAXPROCS(4)
	debug.SetGCPercent(-1)
	key, equal := strings.Repeat("k", 1<<19), strings.Repeat("k", 1<<19)
	m[key] = 0
	for i := 0; i < writers; i++ {
		go func() {
			defer mustNotRun()
			for {
				m[equal] = 1
				m[key] = 2
			}
		}()
	}
}

// Two goroutines that write to one map do not go on for ever, and no deferred call gets to recover.
//
//gomem:case PANIC.MAPRACE.WRITES
//gomem:needs parallel
//gomem:exit 2
//gomem:stderr fatal error: concurrent map writes
func MapWritesCollide() {
	slowWrites(map[string]int{}, 2)
	select {}
}

// A read beside a writing goroutine ends the program in the end, and no deferred call gets to recover.
//
//gomem:case PANIC.MAPRACE.READ
//gomem:needs parallel
//gomem:exit 2
//gomem:stderr fatal error: concurrent map read and map write
func MapReadCollides() {
	defer mustNotRun()
	m := map[string]int{"a": 1, "b": 2}
	slowWrites(m, 1)
	for {
		seen += m["a"]
	}
}

// An iteration beside a writing goroutine ends the program in the end, and no deferred call gets to recover.
//
//gomem:case PANIC.MAPRACE.ITERATION
//gomem:needs parallel
//gomem:exit 2
//gomem:stderr fatal error: concurrent map iteration and map write
func MapIterationCollides() {
	defer mustNotRun()
	m := map[string]int{"a": 1, "b": 2}
	slowWrites(m, 1)
	for {
		for key := range m {
			seen += len(key)
		}
	}
}

// mustNotRun is deferred where the program has to die without running deferred calls.
func mustNotRun() {
	check.Fail("a deferred call ran; recovered:", recover() != nil)
}
