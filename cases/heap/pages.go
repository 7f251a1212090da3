package heap

// What becomes of freed pages: HEAP.COALESCE, HEAP.SCAVENGE.

import (
	"runtime"
	"runtime/debug"
	"time"
	"unsafe"

	"gomem/cases/check"
)

const mib = 1 << 20

// grab makes count blocks of n bytes, touched, and holds them.
func grab(count, n int) {
	grabbed = make([][]byte, count)
	for i := range grabbed {
		b := make([]byte, n)
		for j := 0; j < n; j += 4096 {
			b[j] = 1
		}
		grabbed[i] = b
	}
}

var grabbed [][]byte

// Pages freed one by one serve a single large request together: the heap asks the operating system for no more.
//
//gomem:case HEAP.COALESCE
//gomem:needs counts collect
func FreedNeighboursJoin() {
	grab(64*mib/40960, 40960)
	low, high := uintptr(unsafe.Pointer(&grabbed[0][0])), uintptr(0)
	for _, b := range grabbed {
		p := uintptr(unsafe.Pointer(&b[0]))
		if p < low {
			low = p
		}
		if p > high {
			high = p
		}
	}
	grabbed = nil
	check.Collect()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	bytesSink = make([]byte, 24*mib)
	runtime.ReadMemStats(&after)
	check.That("the large block took more from the operating system", int(after.HeapSys)-int(before.HeapSys) < mib)
	p := uintptr(unsafe.Pointer(&bytesSink[0]))
	check.That("the large block lies elsewhere", p+24*mib > low && p < high)
	bytesSink = nil
}

// With a gap kept between every two, the same pages cannot serve one large request: it takes more from the operating system.
//
//gomem:case HEAP.COALESCE
//gomem:needs counts collect
func KeptNeighboursDoNotJoin() {
	grab(64*mib/40960, 40960)
	for i := range grabbed {
		if i%8 > 0 {
			grabbed[i] = nil
		}
	}
	check.Collect()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	bytesSink = make([]byte, 24*mib)
	runtime.ReadMemStats(&after)
	check.That("a block of 24 MiB lies over blocks that live", int(after.HeapSys)-int(before.HeapSys) > 16*mib)
	for i := 0; i < len(grabbed); i += 8 {
		check.Equal("byte of a kept block", grabbed[i][4096], 1)
	}
	grabbed, bytesSink = nil, nil
}

// Without a goal that asks for it, freed memory stays with the program after a collection; debug.FreeOSMemory gives it back at once.
//
//gomem:case HEAP.SCAVENGE
//gomem:needs counts collect
//gomem:env GOGC=off
func FreeOSMemoryReturnsPages() {
	var full, collected, freed runtime.MemStats
	grab(64, mib)
	runtime.ReadMemStats(&full)
	grabbed = nil
	runtime.GC()
	runtime.ReadMemStats(&collected)
	idle := int(collected.HeapIdle - collected.HeapReleased)
	check.That("the collection freed less than was dropped", int(collected.HeapIdle)-int(full.HeapIdle) >= 60*mib)
	check.That("the collection gave memory back at once", idle >= 60*mib)
	debug.FreeOSMemory()
	runtime.ReadMemStats(&freed)
	check.That("FreeOSMemory gave little back", int(freed.HeapReleased)-int(collected.HeapReleased) >= 60*mib)
	check.That("FreeOSMemory gave address space back", int(freed.HeapSys)-int(collected.HeapSys) > -mib)
}

// Memory given back serves again when it is asked for, zero all over.
//
//gomem:case HEAP.SCAVENGE
//gomem:needs counts collect
func ReturnedPagesServeAgain() {
	var before, after runtime.MemStats
	grab(32, mib)
	grabbed = nil
	debug.FreeOSMemory()
	runtime.ReadMemStats(&before)
	for round := 0; round < 2; round++ {
		grabbed = make([][]byte, 24)
		for i := range grabbed {
			b := make([]byte, mib)
			for j := 0; j < mib; j += 1024 {
				check.Equal("byte of a returned page", b[j], 0)
				b[j] = 1
			}
			grabbed[i] = b
		}
	}
	runtime.ReadMemStats(&after)
	check.That("released memory was not used again", after.HeapReleased < before.HeapReleased)
	grabbed = nil
}

// In the background, freed memory goes back to the operating system by and by, without being asked for.
//
//gomem:case HEAP.SCAVENGE
//gomem:needs counts collect
//gomem:tier full
func BackgroundReturnsPages() {
	var before, now runtime.MemStats
	runtime.ReadMemStats(&before)
	grab(64, mib)
	grabbed = nil
	runtime.GC()
	runtime.GC()
	check.Until(func() bool {
		time.Sleep(5 * time.Millisecond)
		runtime.ReadMemStats(&now)
		return int(now.HeapReleased)-int(before.HeapReleased) >= 8*mib
	})
}
