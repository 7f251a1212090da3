package alloc

// What make and composite literals cost: ALLOC.MAKE.*, ALLOC.LITERAL.*. Growth of what was made is in append.go and map.go.

import "gomem/cases/check"

var (
	intsSink     []int64
	pairsSink    []pair
	pointersSink []*int64
	nothingsSink []struct{}
	gridSink     [][]int64
	namesSink    []string
	chanSink     chan int64
	chanPtrSink  chan *int64
	chanStrSink  chan string
	signalSink   chan struct{}
	mapSink      map[int64]int64
)

// An escaping, non-empty make of a slice costs one block: its elements, however many they are.
//
//gomem:case ALLOC.MAKE.SLICE
//gomem:needs counts
func MakeSliceEscapes() {
	for _, n := range []int{1, 2, 3, 10, 1000, 4096, 100000} {
		n := n
		check.Equal("blocks for bytes", check.Allocs(func() { bytesSink = make([]byte, n) }), 1)
		check.Equal("blocks for int64s", check.Allocs(func() { intsSink = make([]int64, n) }), 1)
		check.Equal("blocks for structs with pointers", check.Allocs(func() { pairsSink = make([]pair, n) }), 1)
	}
	check.Equal("blocks for a constant length", check.Allocs(func() { intsSink = make([]int64, 3) }), 1)
	intsSink, pairsSink, bytesSink = nil, nil, nil
}

// A capacity beyond the length is part of the same block, also when the length is zero.
//
//gomem:case ALLOC.MAKE.SLICE
//gomem:needs counts
func MakeSliceWithCapacity() {
	n := opaque(100)
	check.Equal("blocks for length 1", check.Allocs(func() { intsSink = make([]int64, 1, n) }), 1)
	check.Equal("blocks for length 0", check.Allocs(func() { intsSink = make([]int64, 0, n) }), 1)
	check.Equal("capacity", cap(intsSink), 100)
}

// A make of length 0 costs nothing, and the slice is not nil; elements without size cost nothing either.
//
//gomem:case ALLOC.MAKE.SLICE
//gomem:needs counts
func MakeEmptySliceIsFree() {
	n := opaque(0)
	check.Equal("blocks for no int64", check.Allocs(func() { intsSink = make([]int64, n) }), 0)
	check.That("make([]int64, 0) is nil", intsSink != nil)
	check.Equal("blocks for no int64, constant", check.Allocs(func() { intsSink = make([]int64, 0) }), 0)
	check.Equal("blocks for no pair", check.Allocs(func() { pairsSink = make([]pair, n) }), 0)
	check.Equal("blocks for 1000 struct{}", check.Allocs(func() { nothingsSink = make([]struct{}, n+1000) }), 0)
	check.Equal("length", len(nothingsSink), 1000)
}

// A channel is one block when its elements hold no pointers: the buffer follows the header.
//
//gomem:case ALLOC.MAKE.CHAN
//gomem:needs counts
func MakeChanOfScalars() {
	check.Equal("blocks, unbuffered", check.Allocs(func() { chanSink = make(chan int64) }), 1)
	for _, n := range []int{0, 1, 10, 10000} {
		n := n
		check.Equal("blocks, buffered", check.Allocs(func() { chanSink = make(chan int64, n) }), 1)
		check.Equal("blocks, elements without size", check.Allocs(func() { signalSink = make(chan struct{}, n) }), 1)
	}
	header := check.Bytes(func() { chanSink = make(chan int64) })
	check.That("the block has no room for the buffer",
		check.Bytes(func() { chanSink = make(chan int64, 10000) }) >= header+80000-16)
	check.Equal("bytes of a buffer of struct{}", check.Bytes(func() { signalSink = make(chan struct{}, 10000) }), header)
}

// A channel whose elements hold pointers is two blocks when it is buffered, header and buffer, and one when it is not.
//
//gomem:case ALLOC.MAKE.CHAN
//gomem:needs counts
func MakeChanOfPointers() {
	check.Equal("blocks, unbuffered", check.Allocs(func() { chanPtrSink = make(chan *int64) }), 1)
	for _, n := range []int{1, 10, 10000} {
		n := n
		check.Equal("blocks, pointers", check.Allocs(func() { chanPtrSink = make(chan *int64, n) }), 2)
		check.Equal("blocks, strings", check.Allocs(func() { chanStrSink = make(chan string, n) }), 2)
	}
	zero := opaque(0)
	check.Equal("blocks, length 0 at run time", check.Allocs(func() { chanStrSink = make(chan string, zero) }), 1)
}

// A map made without a hint, or with one of at most 8, is one block; its table comes with the first insert.
//
//gomem:case ALLOC.MAKE.MAP
//gomem:needs counts
func MakeMapSmall() {
	check.Equal("blocks without a hint", check.Allocs(func() { mapSink = make(map[int64]int64) }), 1)
	check.Equal("blocks with constant hint 8", check.Allocs(func() { mapSink = make(map[int64]int64, 8) }), 1)
	for n := 0; n <= 8; n++ {
		n := n
		check.Equal("blocks with a small hint", check.Allocs(func() { mapSink = make(map[int64]int64, n) }), 1)
		check.Equal("blocks with the first insert", check.Allocs(func() {
			m := make(map[int64]int64, n)
			m[1] = 1
			mapSink = m
		}), 2)
	}
}

// A map with a hint beyond 8 has its directory, table and groups at once: four blocks, which take that many entries.
//
//gomem:case ALLOC.MAKE.MAP
//gomem:needs counts
//gomem:since 1.24
func MakeMapWithHint() {
	for _, n := range []int{9, 14, 100, 700} {
		n := n
		check.Equal("blocks", check.Allocs(func() { mapSink = make(map[int64]int64, n) }), 4)
		check.Equal("blocks when filled to the hint", check.Allocs(func() { fillHinted(n) }), 4)
	}
}

// A map with a hint beyond 8 has its array of buckets at once: two blocks. (From 2^4 buckets on, overflow buckets are part of it.)
//
//gomem:case ALLOC.MAKE.MAP
//gomem:needs counts
//gomem:until 1.23
func MakeMapWithHintBuckets() {
	for _, n := range []int{9, 14, 52} {
		n := n
		check.Equal("blocks", check.Allocs(func() { mapSink = make(map[int64]int64, n) }), 2)
	}
}

func fillHinted(n int) {
	m := make(map[int64]int64, n)
	for i := 0; i < n; i++ {
		m[int64(i)] = 1
	}
	mapSink = m
}

// An escaping slice literal with elements costs one block, constant elements included; nested literals cost one each.
//
//gomem:case ALLOC.LITERAL.SLICE
//gomem:needs counts
func SliceLiteralEscapes() {
	x := int64(opaque(5))
	check.Equal("blocks, one element", check.Allocs(func() { intsSink = []int64{1} }), 1)
	check.Equal("blocks, constants", check.Allocs(func() { intsSink = []int64{1, 2, 3} }), 1)
	check.Equal("blocks, a variable", check.Allocs(func() { intsSink = []int64{x, x + 1, x + 2} }), 1)
	check.Equal("blocks, by index", check.Allocs(func() { intsSink = []int64{99: x} }), 1)
	check.Equal("blocks, strings", check.Allocs(func() { namesSink = []string{"span", "arena"} }), 1)
	check.Equal("blocks, nested", check.Allocs(func() { gridSink = [][]int64{{x}, {x, x}} }), 3)
	check.Equal("blocks, pointers to literals", check.Allocs(func() { listSink = []*pair{{value: x}, {value: x}} }), 3)
}

var listSink []*pair

// An empty slice literal costs nothing and is not nil.
//
//gomem:case ALLOC.LITERAL.SLICE
//gomem:needs counts
func EmptySliceLiteralIsFree() {
	check.Equal("blocks", check.Allocs(func() { intsSink = []int64{} }), 0)
	check.That("[]int64{} is nil", intsSink != nil)
}

// A slice literal that stays in the function costs nothing.
//
//gomem:case ALLOC.LITERAL.SLICE
//gomem:needs counts
func SliceLiteralStays() {
	x := byte(opaque(5))
	check.Equal("blocks", check.Allocs(func() { sum([]byte{x, 2, 3, x}) }), 0)
}

// An escaping map literal costs at least one block, and what it holds costs more.
//
//gomem:case ALLOC.LITERAL.MAP
//gomem:needs counts
func MapLiteralEscapes() {
	x := int64(opaque(5))
	empty := check.Allocs(func() { mapSink = map[int64]int64{} })
	check.Equal("blocks, empty", empty, 1)
	check.That("an entry costs no block", check.Allocs(func() { mapSink = map[int64]int64{x: 1} }) > empty)
	check.That("constant entries cost no block", check.Allocs(func() { mapSink = map[int64]int64{1: 1, 2: 4} }) > empty)
	check.Equal("entries", len(mapSink), 2)
}

// An escaping function literal that captures by value costs one block, however much it captures.
//
//gomem:case ALLOC.LITERAL.FUNC
//gomem:needs counts
func ClosureByValue() {
	a, b, c := opaque(1), opaque(2), opaque(3)
	check.Equal("blocks, one captured", check.Allocs(func() { captureOne(a) }), 1)
	check.Equal("blocks, three captured", check.Allocs(func() { captureThree(a, b, c) }), 1)
	check.Equal("result", funcSink(), 6)
}

func captureOne(a int) { funcSink = func() int { return a } }

func captureThree(a, b, c int) { funcSink = func() int { return a + b + c } }

// Each variable that an escaping function literal captures by reference is a block of its own, here of strings.
//
//gomem:case ALLOC.LITERAL.FUNC
//gomem:needs counts
func ClosureByReference() {
	check.Equal("blocks, one reassigned", check.Allocs(func() { captureReassigned("a") }), 2)
	check.Equal("result", funcSink(), 2)
	check.Equal("blocks, three reassigned", check.Allocs(func() { captureThreeReassigned("a") }), 4)
	check.Equal("result", funcSink(), 6)
	check.Equal("blocks, two by reference and one by value", check.Allocs(func() { captureMixed("a") }), 3)
	check.Equal("result", funcSink(), 4)
}

func captureReassigned(s string) {
	x := s
	funcSink = func() int { x += s; return len(x) }
}

func captureThreeReassigned(s string) {
	x, y, z := s, s, s
	funcSink = func() int { return len(x) + len(y) + len(z) }
	x, y, z = "1", "22", "333"
}

func captureMixed(s string) {
	x, y, z := s, s, s
	funcSink = func() int { return len(x) + len(y) + len(z) }
	x, y = "1", "22"
}

// Two small pointer-free variables that a function literal captures by reference are two blocks beside its own.
//
//gomem:case ALLOC.LITERAL.FUNC
//gomem:needs counts
//gomem:until 1.24
func ClosureOverScalarsApart() {
	check.Equal("blocks", check.Allocs(func() { captureScalars(opaque(1)) }), 3)
	check.Equal("result", funcSink(), 21)
}

// Two small pointer-free variables that a function literal captures by reference share one block beside its own.
//
//gomem:case ALLOC.LITERAL.FUNC
//gomem:needs counts
//gomem:since 1.25
func ClosureOverScalarsTogether() {
	check.Equal("blocks", check.Allocs(func() { captureScalars(opaque(1)) }), 2)
	check.Equal("result", funcSink(), 21)
}

func captureScalars(n int) {
	x, y := n, n
	funcSink = func() int { return x + y }
	x, y = 10, 11
}

// A captured variable of more than 128 bytes goes by reference, and so costs a block, even when nothing changes it.
//
//gomem:case ALLOC.LITERAL.FUNC
//gomem:needs counts
func ClosureOverLargeVariable() {
	check.Equal("blocks, 128 bytes", check.Allocs(func() { capture128([128]byte{1}) }), 1)
	check.Equal("blocks, 129 bytes", check.Allocs(func() { capture129([129]byte{1}) }), 2)
}

func capture128(a [128]byte) { funcSink = func() int { return int(a[0]) } }

func capture129(a [129]byte) { funcSink = func() int { return int(a[0]) } }

// A function literal that captures nothing costs nothing, and neither does one that stays in the function.
//
//gomem:case ALLOC.LITERAL.FUNC
//gomem:needs counts
func ClosureForFree() {
	check.Equal("blocks, nothing captured", check.Allocs(func() { funcSink = func() int { return 7 } }), 0)
	check.Equal("blocks, not escaping", check.Allocs(func() {
		x := opaque(1)
		add := func(n int) { x += n }
		add(1)
		callWith(add)
	}), 0)
}

func callWith(f func(int)) { f(2) }
