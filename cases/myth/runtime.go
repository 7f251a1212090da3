package myth

// Claims about the collector, the barrier and stacks: MYTH.GENERATIONAL, FIXEDSTACK, SMARTPTR, BARRIERCOND.

import (
	"runtime"
	"runtime/debug"
	"unsafe"

	"gomem/cases/check"
)

// Blocks that survived many collections are freed by the automatic one that follows their last use, as young ones are.
//
//gomem:case MYTH.GENERATIONAL
//gomem:needs counts collect
func GenerationalOldDie() {
	const blocks = 20000
	for i := 0; i < blocks; i++ {
		recordSink = &record{value: i, next: recordSink}
	}
	for i := 0; i < 8; i++ {
		runtime.GC()
	}
	old := live()
	recordSink = nil
	cyclesByChurn(2)
	check.That("the old blocks are freed by automatic collections", live() < old-blocks+blocks/10)
}

// live is the number of blocks that are allocated and not yet freed.
func live() int {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int(m.Mallocs - m.Frees)
}

// cyclesByChurn allocates large blocks until n collections have begun and ended that nobody asked for, and been swept.
func cyclesByChurn(n int) {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	// The cycle that is under way may have begun before the call, and the last one's sweep ends before the next begins.
	for end := m.NumGC + uint32(n) + 2; m.NumGC < end; {
		for i := 0; i < 4; i++ {
			sliceSink = make([]int, 100000)
		}
		runtime.ReadMemStats(&m)
	}
	sliceSink = nil
}

// Surviving collections neither moves a block nor changes what it holds: there is no place to be promoted to.
//
//gomem:case MYTH.GENERATIONAL
//gomem:needs collect
func GenerationalNotMoved() {
	const blocks = 1000
	kept := make([]*record, blocks)
	addresses := make([]uintptr, blocks)
	for i := range kept {
		kept[i] = &record{value: i}
		sliceSink = make([]int, 100)
		addresses[i] = uintptr(unsafe.Pointer(kept[i]))
	}
	for i := 0; i < 5; i++ {
		runtime.GC()
	}
	cyclesByChurn(2)
	for i := range kept {
		check.That("a survivor's address", addresses[i] == uintptr(unsafe.Pointer(kept[i])))
		check.Equal("a survivor's value", kept[i].value, i)
	}
}

// One goroutine's stack grows to 64 MiB, many times what a stack of fixed size would have, and serves small calls again.
//
//gomem:case MYTH.FIXEDSTACK
func FixedStackGrows() {
	done := make(chan int)
	go func() { done <- deep(64 << 10) }()
	check.Equal("frames of 1 KiB", <-done, 64<<10)
}

// deep calls itself frames times with a frame of 1 KiB, and counts.
func deep(frames int) int {
	var pad [1024]byte
	if frames == 0 {
		return 0
	}
	pad[frames%1024] = 1
	return deep(frames-1) + int(pad[frames%1024])
}

// A parked goroutine's stack takes a few KiB: a thousand of them take less than a hundred stacks of 1 MiB would by far.
//
//gomem:case MYTH.FIXEDSTACK
//gomem:needs counts
func FixedStackSmall() {
	const goroutines = 1000
	var before, after runtime.MemStats
	ready, stop := make(chan bool), make(chan bool)
	runtime.ReadMemStats(&before)
	for i := 0; i < goroutines; i++ {
		go func() {
			ready <- true
			<-stop
		}()
	}
	for i := 0; i < goroutines; i++ {
		<-ready
	}
	runtime.ReadMemStats(&after)
	each := (int64(after.StackInuse) - int64(before.StackInuse)) / goroutines
	check.Within("bytes of stack per goroutine", int(each), 1024, 16<<10)
	close(stop)
}

// A pointer is one plain word, the address itself: a copy counts nothing, allocates nothing and leaves the block as it is.
//
//gomem:case MYTH.SMARTPTR
//gomem:needs counts
func SmartPointerPlain() {
	r := &record{value: 1}
	recordSink = r
	check.Equal("size of a pointer in words", int(unsafe.Sizeof(r)), check.Word)
	check.That("its bits are the address", *(*uintptr)(unsafe.Pointer(&r)) == uintptr(unsafe.Pointer(&r.value)))
	image := *(*[2]uintptr)(unsafe.Pointer(r))
	var copies [1000]*record
	check.Equal("blocks for a thousand copies", check.Allocs(func() {
		for i := range copies {
			copies[i] = recordSink
		}
	}), 0)
	check.That("the block is unchanged", image == *(*[2]uintptr)(unsafe.Pointer(r)))
	check.That("a copy is the same word", copies[999] == r)
}

// A ring of pointers, which no count of references would free, is collected when no pointer leads into it.
//
//gomem:case MYTH.SMARTPTR
//gomem:needs counts collect precise
func SmartPointerRing() {
	const blocks = 1000
	recordSink = ring(blocks)
	runtime.GC()
	before := live()
	runtime.GC()
	check.That("it is kept while one pointer leads into it", live() > before-blocks/10)
	recordSink = nil
	runtime.GC()
	check.That("it is collected when none does", live() <= before-blocks+blocks/10)
}

func ring(n int) *record {
	first := &record{}
	last := first
	for i := 1; i < n; i++ {
		last.next = &record{value: i}
		last = last.next
	}
	last.next = first
	return first
}

// The same bits keep a block alive as a pointer and do not as a number: the type's pointer map decides, not the value.
//
//gomem:case MYTH.SMARTPTR
//gomem:needs collect precise weak
func SmartPointerMap() {
	type mixed struct {
		pointer *record
		number  uintptr
	}
	a, b := &record{value: 1}, &record{value: 2}
	m := &mixed{pointer: a, number: uintptr(unsafe.Pointer(b))}
	mixedSink = m
	first, second := check.Watch(unsafe.Pointer(a)), check.Watch(unsafe.Pointer(b))
	check.That("the pointer's block is kept", first.Kept())
	check.That("the number's block is collected", second.Collected())
	mixedSink = nil
}

var mixedSink interface{}

// holder is scanned late, for the marker reaches it at the end of a long list: it is white while its pointers are rewritten.
type holder struct {
	plain  *small     // erased behind the barrier's back
	erased *[512]*int // erased by a pointer store
	copied *[512]*int // stored in target, then both are erased behind the barrier's back
	target *[512]*int
}

type small [8]*int

type link struct {
	next    *link
	holders []holder
}

var list *link

// During marking a pointer that is overwritten is shaded although its holder is white: the block survives the cycle, while
// one erased beside it without the barrier is freed.
//
//gomem:case MYTH.BARRIERCOND
//gomem:needs counts collect
func BarrierShadesOld() {
	shaded := func(h *holder) {
		h.erased = nil
		forget(unsafe.Pointer(&h.plain))
	}
	fill := func(h *holder) { h.erased = new([512]*int) }
	check.That("a block dropped by a white holder survived the cycle", seenShaded(shaded, fill))
}

// During marking a pointer that is stored is shaded although the holder it is stored in is white, and so is the block.
//
//gomem:case MYTH.BARRIERCOND
//gomem:needs counts collect
func BarrierShadesNew() {
	shaded := func(h *holder) {
		h.target = h.copied
		forget(unsafe.Pointer(&h.target))
		forget(unsafe.Pointer(&h.copied))
		forget(unsafe.Pointer(&h.plain))
	}
	fill := func(h *holder) { h.copied = new([512]*int) }
	check.That("a block stored in a white holder survived the cycle", seenShaded(shaded, fill))
}

const holders = 500

// seenShaded rewrites the holders at some moment of a collection, until in one cycle the small blocks that were erased
// without the barrier died, so the holders had not been scanned, and the large ones did not, so something else shaded them.
func seenShaded(shaded, fill func(h *holder)) bool {
	debug.SetGCPercent(-1)
	var random check.Rand
	for attempt := 0; attempt < 100; attempt++ {
		buildList(fill)
		var before, after, next runtime.MemStats
		done := make(chan bool)
		runtime.ReadMemStats(&before)
		go func() { runtime.GC(); done <- true }()
		runtime.Gosched()
		for spins := 1 << uint(random.Intn(22)); spins > 0; spins-- {
			total++
		}
		rewrite(shaded)
		<-done
		runtime.ReadMemStats(&after)
		if after.Frees-before.Frees >= holders && bytesFreed(&before, &after) < holders*512 {
			runtime.GC()
			runtime.ReadMemStats(&next)
			check.That("the next cycle frees the shaded blocks", bytesFreed(&after, &next) >= holders*2048)
			return true
		}
	}
	return false
}

func bytesFreed(from, to *runtime.MemStats) int {
	return int(to.TotalAlloc-from.TotalAlloc) - int(to.HeapAlloc-from.HeapAlloc)
}

// buildList makes a long list whose last link alone leads to the holders, and collects what came before it.
func buildList(fill func(h *holder)) {
	list = &link{holders: make([]holder, holders)}
	for i := range list.holders {
		list.holders[i].plain = new(small)
		fill(&list.holders[i])
	}
	for i := 0; i < 100000; i++ {
		list = &link{next: list}
	}
	runtime.GC()
}

func rewrite(change func(h *holder)) {
	last := list
	for last.next != nil {
		last = last.next
	}
	for i := range last.holders {
		change(&last.holders[i])
	}
}

// forget clears a pointer as the number it is, without a barrier.
func forget(p unsafe.Pointer) { *(*uintptr)(p) = 0 }
