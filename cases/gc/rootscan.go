//go:build gomem

package gc

// How roots are scanned, and what the pauses do: GC.ROOTS, GC.STW; and what is swept when: GC.SWEEP.

import (
	"runtime"
	"sync/atomic"
	"unsafe"

	"gomem/cases/check"
	"gomem/cases/probe"
)

// Stacks are scanned one at a time and once each, while the world runs: goroutines work between the scans, those whose stack was
// scanned and those whose was not, and no scan stops the world.
//
//gomem:case GC.ROOTS
//gomem:needs probe
func StacksOneAtATime() {
	stepped(func() {
		const n = 10
		team := newTeam(n)
		probe.Step(probe.Roots)
		for i := 0; i < n; i++ {
			scanned, stops := probe.Counter("stacks_scanned"), probe.Counter("world_stops")
			check.That("the stack was still to be scanned", probe.Scan(team.ids[i]))
			check.That("it is scanned once", !probe.Scan(team.ids[i]))
			check.Equal("stacks scanned", probe.Counter("stacks_scanned")-scanned, 1)
			check.Equal("stops of the world for that", probe.Counter("world_stops")-stops, 0)
			team.workAll()
		}
		scanned := probe.Counter("stacks_scanned")
		probe.Step(probe.Stacks)
		check.Within("other stacks: main's, and the runtime's own", int(probe.Counter("stacks_scanned")-scanned), 1, 4)
		probe.Step(probe.Done)
		team.dismiss()
	})
}

// A goroutine that runs all the time runs while others are scanned, is stopped for its own scan, and runs on.
//
//gomem:case GC.ROOTS
//gomem:needs probe
func RunnerIsScanned() {
	stepped(func() {
		team := newTeam(3)
		var steps, stop int64
		var id uint64
		done := make(chan bool)
		go func() {
			id = probe.Goroutine()
			own := newNode(1)
			for atomic.LoadInt64(&stop) == 0 {
				atomic.AddInt64(&steps, 1)
				runtime.Gosched()
			}
			done <- own.is(1)
		}()
		runs := func(when string) {
			before := atomic.LoadInt64(&steps)
			check.Until(func() bool { return atomic.LoadInt64(&steps) > before+100 })
		}
		runs("before")
		probe.Step(probe.Roots)
		runs("while nothing is scanned")
		for i := range team.ids {
			probe.Scan(team.ids[i])
			runs("while others are scanned")
		}
		check.That("it was still to be scanned", probe.Scan(id))
		runs("after its scan")
		probe.Step(probe.Marked)
		runs("to the end of marking")
		check.That("it is scanned once", !probe.Scan(id))
		probe.Step(probe.Done)
		atomic.StoreInt64(&stop, 1)
		check.That("what its stack held", <-done)
		team.dismiss()
	})
}

// pauseWork returns the blocks and stacks that the pauses of a collection touch.
func pauseWork() (blocks, stacks int) {
	b, s := probe.Counter("pause_blocks"), probe.Counter("pause_stacks")
	runtime.GC()
	return int(probe.Counter("pause_blocks") - b), int(probe.Counter("pause_stacks") - s)
}

// heapGrows checks that the pauses touch no more than a few blocks, with heaps from 1 MiB to most, each four times the last.
func heapGrows(most int) {
	defer withoutCollector()()
	runtime.GC()
	perMiB := 1 << 20 / int(unsafe.Sizeof(node{}))
	size := 0
	for to := 1; to <= most; to *= 4 {
		for ; size < to; size++ {
			more := list(perMiB)
			check.Keep(more)
		}
		for i := 0; i < 3; i++ {
			blocks, stacks := pauseWork()
			check.Within("blocks touched in the pauses", blocks, 0, 16)
			check.Equal("stacks scanned in the pauses", stacks, 0)
		}
	}
}

// The two pauses touch a few blocks and no stack, whatever the heap: 1 to 64 MiB.
//
//gomem:case GC.STW
//gomem:needs probe
func PausesDoNotGrow() { heapGrows(64) }

// The same up to a GiB.
//
//gomem:case GC.STW
//gomem:needs probe 64bit
//gomem:tier full
//gomem:timeout 300
//gomem:memory 4096
func PausesDoNotGrowUpToGiB() { heapGrows(1024) }

// Nor do they grow with the number of goroutines: 10 and 1000.
//
//gomem:case GC.STW
//gomem:needs probe
func PausesTouchNoStack() {
	defer withoutCollector()()
	for _, n := range []int{10, 1000} {
		team := newTeam(n)
		blocks, stacks := pauseWork()
		check.Within("blocks touched in the pauses", blocks, 0, 16)
		check.Equal("stacks scanned in the pauses", stacks, 0)
		team.dismiss()
	}
}

// After marking nothing is swept until somebody needs it: an allocation sweeps one span of its class first, and gets a block of the garbage
// in it; the rest is swept by the collector, each span once.
//
//gomem:case GC.SWEEP
//gomem:needs probe
func AllocationSweepsFirst() {
	stepped(func() {
		const spans = 50
		perSpan := 8192 / int(unsafe.Sizeof(node{}))
		garbage := map[uintptr]bool{}
		var live *node
		for i := 0; i < spans*perSpan; i++ {
			n := newNode(i)
			if i%7 == 0 {
				n.next = live
				live = n
			} else {
				garbage[hidden(n)] = true
			}
		}
		root, live = live, nil
		probe.Step(probe.Terminated)
		swept := probe.Counter("sweeps")
		n := newNode(0)
		check.Equal("spans swept by one allocation", probe.Counter("sweeps")-swept, 1)
		check.That("it has a block of the garbage", garbage[hidden(n)])
		for i := 0; i < 10*perSpan; i++ {
			n = newNode(i)
		}
		check.Within("spans swept by more", int(probe.Counter("sweeps")-swept), 5, spans)
		probe.Step(probe.Done)
		check.Within("spans swept in all", int(probe.Counter("sweeps")-swept), spans, 10*spans)
		swept = probe.Counter("sweeps")
		probe.Step(probe.Swept)
		check.Equal("spans left for the next cycle", probe.Counter("sweeps")-swept, 0)
	})
}
