package stack

// What lives on a stack: STACK.ROOT, STACK.ROOT.POPPED, STACK.FREE, STACK.PRIVATE.

import (
	"runtime"
	"runtime/debug"
	"sync"
	"unsafe"

	"gomem/cases/check"
)

// A block has a pointer and is large enough to be a block of its own.
type block struct {
	next  *block
	value [4]int
}

func watched(value int) (*block, *check.Watched) {
	b := &block{value: [4]int{value, value, value, value}}
	return b, check.Watch(unsafe.Pointer(b))
}

func (b *block) is(value int) bool { return b.value == [4]int{value, value, value, value} }

// A block that only a local variable refers to survives collections until that variable's last use.
//
//gomem:case STACK.ROOT
//gomem:needs weak
func LocalKeeps() {
	b, w := watched(1)
	check.That("kept by a local", w.Kept())
	check.That("intact", b.is(1))
}

// The same for frames further up, on other goroutines, and while those are parked.
//
//gomem:case STACK.ROOT
//gomem:needs weak
func ParkedFramesKeep() {
	watches := make(chan *check.Watched, 8)
	c := gather(8, func(wait func()) {
		b, w := watched(2)
		watches <- w
		dig(100, 1)
		wait()
		check.That("intact", b.is(2))
	})
	for i := 0; i < 8; i++ {
		check.That("kept by a parked goroutine's frame", (<-watches).Kept())
	}
	c.release()
}

// A recursion's frames keep one block each, a thousand deep, and the stack's growth does not lose them.
//
//gomem:case STACK.ROOT
func EveryFrameKeeps() {
	onFreshStack(func() { eachKeeps(1000) })
}

func eachKeeps(n int) {
	b, _ := &block{value: [4]int{n, n, n, n}}, 0
	if n == 0 {
		for i := 0; i < 3; i++ {
			runtime.GC()
			churn(1 << 12)
		}
		return
	}
	eachKeeps(n - 1)
	check.That("the frame's block is intact", b.is(n))
}

// churn allocates and drops n blocks of the same class, so that a block freed too early is soon another one.
func churn(n int) {
	for i := 0; i < n; i++ {
		sink = &block{value: [4]int{-1, -1, -1, -1}}
	}
	sink = nil
}

var sink *block

// A local array, struct, slice, interface and closure variable keep what they refer to; interior pointers keep their block.
//
//gomem:case STACK.ROOT
//gomem:needs weak
func CompositeLocalsKeep() {
	var array [4]*block
	var holder struct {
		n int
		p *int
	}
	var boxed interface{}
	var watches [4]*check.Watched
	array[2], watches[0] = watched(3)
	b, w := watched(4)
	holder.p, watches[1] = &b.value[3], w
	b, watches[2] = watched(5)
	boxed = b
	b, watches[3] = watched(6)
	part := b.value[1:3]
	b = nil
	for i, w := range watches {
		if !w.Kept() {
			check.Fail("lost the block of local variable", i)
		}
	}
	check.That("array", array[2].is(3))
	check.Equal("interior pointer", *holder.p, 4)
	check.That("interface", boxed.(*block).is(5))
	check.Equal("slice", part[1], 6)
}

// When the frame that held the only reference has returned, a collection frees the block.
//
//gomem:case STACK.ROOT.POPPED
//gomem:needs weak
func PoppedFrameFrees() {
	w := useAndReturn(7)
	check.That("collected after its frame returned", w.Collected())
}

func useAndReturn(value int) *check.Watched {
	b, w := watched(value)
	check.That("kept while its frame runs", w.Kept())
	check.That("intact", b.is(value))
	return w
}

// What thousands of frames left behind on a part of the stack that is not in use any more keeps nothing alive.
//
//gomem:case STACK.ROOT.POPPED
//gomem:needs collect counts
func PoppedRecursionFrees() {
	onFreshStack(func() {
		before := check.LiveBlocks()
		holdAll(2000)
		latest = nil
		check.Within("blocks left behind by the recursion", check.LiveBlocks()-before, -20, 20)
	})
}

// holdAll holds a block on the heap in each of n frames.
func holdAll(n int) int {
	b := &block{value: [4]int{n, n, n, n}}
	latest = b
	if n == 0 {
		return 0
	}
	return holdAll(n-1) + b.value[0] - n
}

var latest *block

// An exited goroutine's stack keeps nothing alive.
//
//gomem:case STACK.ROOT.POPPED
//gomem:needs weak
func ExitedGoroutineFrees() {
	var w *check.Watched
	onFreshStack(func() { w = useAndReturn(8) })
	check.That("collected", w.Collected())
}

// Variables of any kind that stay on the stack cost no block.
//
//gomem:case STACK.FREE
//gomem:needs counts
func LocalsCostNothing() {
	check.Equal("blocks", check.Allocs(func() { total = locals(3) }), 0)
	check.Equal("bytes", check.Bytes(func() { total = locals(3) }), 0)
}

var total int

func locals(n int) int {
	var a [64]int
	p := &a[n]
	*p = n
	s := a[:n+1]
	b := block{value: [4]int{1, 2, 3, 4}}
	q := &b
	add := func(k int) int { return k + len(s) + q.value[1] }
	var boxed interface{} = b.value
	return add(*p) + boxed.([4]int)[2] + len(make([]byte, 100)) + dig(50, 1)
}

// Using stack variables, pointers to them and deep calls never makes a collection start, even at the smallest percentage.
//
//gomem:case STACK.FREE
//gomem:needs counts
func LocalsStartNoCollection() {
	defer debug.SetGCPercent(debug.SetGCPercent(1))
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for i := 0; i < 200000; i++ {
		total += locals(i & 31)
	}
	runtime.ReadMemStats(&after)
	check.Equal("collections during 200000 calls", after.NumGC-before.NumGC, 0)
}

// Goroutines that write only their own variables race with nobody, while their stacks grow, shrink and are scanned.
//
//gomem:case STACK.PRIVATE
//gomem:race silent
func OwnVariables() {
	var all sync.WaitGroup
	results := make([]int, 8)
	for g := range results {
		all.Add(1)
		go func(slot *int) {
			n, rounds := 0, check.Scale(200, 1000, 5000)
			p := &n
			for i := 0; i < rounds; i++ {
				*p += dig(i%100, 1)
			}
			*slot = n - rounds
			all.Done()
		}(&results[g])
	}
	runtime.GC()
	all.Wait()
	for _, r := range results {
		check.Equal("a goroutine's own sum", r, 0)
	}
}
