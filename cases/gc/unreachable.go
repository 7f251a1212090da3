package gc

// What a full collection frees: GC.UNREACHABLE, GC.GLOBAL.DROPS. Shapes with cycles are not watched themselves, for a finalizer
// inside a cycle would keep it; a leaf that hangs on the cycle is, and blocks are counted.

import (
	"sync/atomic"
	"unsafe"

	"gomem/cases/check"
)

// A block that nothing refers to any more is collected.
//
//gomem:case GC.UNREACHABLE
//gomem:needs weak
func SingleIsFreed() {
	w := dropSingle()
	check.That("collected", w.Collected())
}

func dropSingle() *check.Watched {
	_, w := watchedNode(1)
	return w
}

// A chain of which nothing refers to the head is collected to its end, half a million blocks.
//
//gomem:case GC.UNREACHABLE
//gomem:needs collect counts
func ChainIsFreed() {
	const n = 500000
	before := check.LiveBlocks()
	head := list(n)
	check.Within("blocks of the chain", check.LiveBlocks()-before, n-50, n+50)
	check.That("chain", head.holds(n))
	check.Within("blocks left of the chain", check.LiveBlocks()-before, -50, 50)
}

// Cycles of one, two and a thousand blocks, and what hangs on them, are collected.
//
//gomem:case GC.UNREACHABLE
//gomem:needs weak
func CyclesAreFreed() {
	for _, n := range []int{1, 2, 1000} {
		if !dropCycle(n).Collected() {
			check.Fail("a leaf on an unreachable cycle is kept, length", n)
		}
	}
}

// dropCycle makes a cycle of n nodes with a leaf on one of them, and returns a watch on the leaf.
func dropCycle(n int) *check.Watched {
	type link struct {
		next *link
		leaf *node
	}
	first := &link{}
	last := first
	for i := 1; i < n; i++ {
		last.next = &link{}
		last = last.next
	}
	last.next = first
	leaf, w := watchedNode(n)
	last.leaf = leaf
	return w
}

// A doubly linked list, whose every block is referred to twice, is collected, counted block by block.
//
//gomem:case GC.UNREACHABLE
//gomem:needs collect counts
func DoublyLinkedIsFreed() {
	const n = 20000
	before := check.LiveBlocks()
	check.That("the list is whole", makeRing(n) == n)
	check.Within("blocks left", check.LiveBlocks()-before, -50, 50)
}

func makeRing(n int) int {
	type link struct{ next, back *link }
	root := &link{}
	root.next, root.back = root, root
	for i := 1; i < n; i++ {
		l := &link{next: root, back: root.back}
		root.back.next = l
		root.back = l
	}
	count := 1
	for l := root.next; l != root; l = l.next {
		count++
	}
	return count
}

// What only an unreachable block refers to is collected with it: through slices, maps, channels, closures and interfaces.
//
//gomem:case GC.UNREACHABLE
//gomem:needs weak
func HoldersAreFreed() {
	for kind, drop := range droppers {
		if !drop().Collected() {
			check.Fail("kept by an unreachable holder of kind", kind)
		}
	}
}

// droppers hold a watched node in a block of each kind, and drop that block.
var droppers = []func() *check.Watched{
	func() *check.Watched {
		n, w := watchedNode(1)
		check.Use(append(make([]*node, 3, 8), n))
		return w
	},
	func() *check.Watched {
		n, w := watchedNode(2)
		check.Use(map[int]*node{5: n})
		return w
	},
	func() *check.Watched {
		n, w := watchedNode(3)
		check.Use(map[*node]int{n: 5})
		return w
	},
	func() *check.Watched {
		n, w := watchedNode(4)
		c := make(chan *node, 4)
		c <- n
		check.Use(c)
		return w
	},
	func() *check.Watched {
		n, w := watchedNode(5)
		check.Use(func() bool { return n.is(5) })
		return w
	},
	func() *check.Watched {
		n, w := watchedNode(6)
		var boxed interface{} = n
		check.Use(&boxed)
		return w
	},
	func() *check.Watched {
		n, w := watchedNode(7)
		var value atomic.Value
		value.Store(n)
		check.Use(&value)
		return w
	},
}

// A received value leaves nothing behind in the channel's buffer, nor does a deleted one in a map, nor a cleared slot in a slice.
//
//gomem:case GC.UNREACHABLE
//gomem:needs weak
func TakenOutIsFreed() {
	c := make(chan *node, 4)
	m := map[int]*node{}
	s := make([]*node, 4)
	watches := putAndTake(c, m, s)
	for i, w := range watches {
		if !w.Collected() {
			check.Fail("still kept by its old holder:", [3]string{"channel", "map", "slice"}[i])
		}
	}
	check.Equal("entries", len(c)+len(m), 0)
	check.Equal("slots", len(s), 4)
}

func putAndTake(c chan *node, m map[int]*node, s []*node) (watches [3]*check.Watched) {
	n, w := watchedNode(1)
	c <- n
	watches[0] = w
	m[1], watches[1] = watchedNode(2)
	s[1], watches[2] = watchedNode(3)
	check.That("received", (<-c).is(1))
	delete(m, 1)
	s[1] = nil
	return
}

// A word that holds a block's address as an integer keeps nothing alive.
//
//gomem:case GC.UNREACHABLE
//gomem:needs weak
func IntegerKeepsNothing() {
	w, address := dropWithAddress()
	check.That("collected", w.Collected())
	check.That("the address was one", *address != 0)
}

func dropWithAddress() (*check.Watched, *uintptr) {
	n, w := watchedNode(1)
	address := new(uintptr)
	*address = uintptr(unsafe.Pointer(n))
	return w, address
}

// What a package-level variable is the last to refer to is collected once the variable is overwritten, in every kind of variable.
//
//gomem:case GC.GLOBAL.DROPS
//gomem:needs weak
func GlobalDrops() {
	watches := fillGlobals()
	for i, w := range watches {
		if !w.Kept() {
			check.Fail("lost the block of global", i)
		}
	}
	globalPointer, globalArray[7], globalStruct.p, globalBoxed = nil, nil, nil, nil
	globalFunc, globalSlice = nil, nil
	delete(globalMap, 1)
	for i, w := range watches {
		if !w.Collected() {
			check.Fail("kept by an overwritten global", i)
		}
	}
}

// Setting one global leaves what its neighbours refer to alone.
//
//gomem:case GC.GLOBAL.KEEPS
//gomem:needs weak
func GlobalKeeps() {
	watches := fillGlobals()
	globalPointer = newNode(-1)
	for i := 1; i < len(watches); i++ {
		if !watches[i].Kept() {
			check.Fail("lost the block of global", i)
		}
		churn(4096)
	}
	check.That("array", globalArray[7].is(1))
	check.That("struct", *globalStruct.p == ^2)
	check.That("interface", globalBoxed.(*node).is(3))
	check.That("closure", globalFunc())
	check.That("slice", globalSlice[0].is(5))
	check.That("map", globalMap[1].is(6))
}

// A package-level variable itself is never collected, however it is reached.
//
//gomem:case GC.GLOBAL.KEEPS
func GlobalStays() {
	for i := range globalWords {
		globalWords[i] = i
	}
	p := &globalWords[len(globalWords)-1]
	for i := 0; i < 3; i++ {
		check.Collect()
		churn(4096)
	}
	for i, v := range globalWords {
		if v != i {
			check.Fatal("word", i, "of the global is", v)
		}
	}
	*p = 0
	check.Equal("last word after a store through an interior pointer", globalWords[len(globalWords)-1], 0)
}

var (
	globalPointer *node
	globalArray   [9]*node
	globalStruct  struct {
		n int
		p *int
	}
	globalBoxed interface{}
	globalFunc  func() bool
	globalSlice []*node
	globalMap   map[int]*node
	globalWords [4096]int
)

// fillGlobals makes each global the only holder of one node.
func fillGlobals() (watches [7]*check.Watched) {
	globalPointer, watches[0] = watchedNode(0)
	globalArray[7], watches[1] = watchedNode(1)
	n2, w2 := watchedNode(2)
	globalStruct.p, watches[2] = &n2.check, w2
	globalBoxed, watches[3] = watchedNode(3)
	n4, w4 := watchedNode(4)
	globalFunc, watches[4] = func() bool { return n4.is(4) }, w4
	n5, w5 := watchedNode(5)
	globalSlice, watches[5] = append(globalSlice, n5), w5
	n6, w6 := watchedNode(6)
	globalMap, watches[6] = map[int]*node{1: n6}, w6
	return
}
