// Whole program: what package-level variables do to the collector's goal. GC.PACER.
package main

import (
	"runtime"

	"gomem/cases/check"
)

// wide is 16 MiB on 64-bit systems and 8 MiB on 32-bit ones, all of it pointers, which the collector scans; flat holds none.
var (
	wide [2 << 20]*int
	flat [4 << 20]int64
)

// Package-level variables count for the goal (since 1.18), those that hold pointers, although hardly anything is on the heap.
//
//gomem:case GC.PACER
//gomem:since 1.18
//gomem:needs collect
//gomem:exit 0
func main() {
	wide[0], flat[0] = new(int), 1
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	globals := len(wide) * check.Word
	check.Within("goal", int(m.NextGC), globals, globals+globals/4)
}
