package gc

// The collector's trace: GC.TRACE, GC.PHASES. The harness compares what the process wrote to stderr. A cycle's line is printed before
// the next cycle begins, but maybe after the call of runtime.GC has returned: each case ends with a cycle more than it reads.

import (
	"runtime"

	"gomem/cases/check"
)

// Each cycle prints one line with its number, time, share, clocks, sizes, goal and processors, numbered from 1, and forced ones say so.
//
//gomem:case GC.TRACE
//gomem:needs collect gctrace
//gomem:env GODEBUG=gctrace=1
//gomem:env GOGC=off
//gomem:stderr /gc 1 @[0-9]+\.[0-9]+s [0-9]+%: [0-9.]+\+[0-9.]+\+[0-9.]+ ms clock, [0-9.]+\+[0-9.]+\/[0-9.]+\/[0-9.]+\+[0-9.]+ ms cpu, [0-9]+->[0-9]+->[0-9]+ MB, [0-9]+ MB goal, [0-9]+ MB stacks, [0-9]+ MB globals, [0-9]+ P \(forced\)/
//gomem:stderr /gc 2 @.* \(forced\)/
//gomem:stderr /gc 3 @.* \(forced\)/
func TraceFormat() {
	for i := 0; i < 4; i++ {
		runtime.GC()
	}
	check.Equal("cycles", stats().NumGC, 4)
}

// The sizes are those of the heap at the start, at the end, and of what lives: 64 MiB kept, then 64 more that are garbage.
//
//gomem:case GC.TRACE
//gomem:needs collect gctrace
//gomem:env GODEBUG=gctrace=1
//gomem:env GOGC=off
//gomem:stderr /gc 1 @.*, 64->64->64 MB, .* \(forced\)/
//gomem:stderr /gc 2 @.*, 128->128->64 MB, .* \(forced\)/
//gomem:stderr /gc 3 @.*, 64->64->0 MB, .* \(forced\)/
func TraceSizes() {
	keep := make([]byte, 64<<20)
	runtime.GC()
	bytes = make([]byte, 64<<20)
	bytes = nil
	runtime.GC()
	runtime.KeepAlive(keep)
	runtime.GC()
	runtime.GC()
}

// A cycle that the percentage started is not marked as forced, and names the goal: 4 MB for a small heap.
//
//gomem:case GC.TRACE
//gomem:needs collect gctrace
//gomem:env GODEBUG=gctrace=1
//gomem:stderr /gc 1 @.* [34]->[0-9]+->[0-9]+ MB, 4 MB goal, 0 MB stacks, 0 MB globals, [0-9]+ P$/
func TraceOfUnforced() {
	for stats().NumGC == 0 {
		churn(1000)
	}
	runtime.GC()
}

// The number of processors is that of GOMAXPROCS.
//
//gomem:case GC.TRACE
//gomem:needs collect gctrace
//gomem:env GODEBUG=gctrace=1
//gomem:env GOGC=off
//gomem:stderr /gc 1 @.*, 3 P \(forced\)/
func TraceProcessors() {
	runtime.GOMAXPROCS(3)
	runtime.GC()
	runtime.GC()
}

// The clock of each line has the three parts of a cycle that follow each other: sweep termination with the set-up of marking,
// concurrent mark, mark termination; concurrent mark is the one that grows with the heap.
//
//gomem:case GC.PHASES
//gomem:needs collect gctrace
//gomem:env GODEBUG=gctrace=1
//gomem:env GOGC=off
//gomem:stderr /gc 1 @[^:]*: [0-9.]+\+[1-9][0-9.]*\+[0-9.]+ ms clock/
func TracePhases() {
	keep := list(1000000)
	runtime.GC()
	check.That("list", keep.holds(1000000))
	runtime.GC()
}
