package alloc

// What append and slicing cost, and how capacities grow: ALLOC.APPEND.*, ALLOC.SLICING.*.

import (
	"unsafe"

	"gomem/cases/check"
)

// An append beyond the capacity yields a new array with the old and the added elements; the old array stays as it was.
//
//gomem:case ALLOC.APPEND.GROW.SEMANTICS
func AppendGrowsACopy() {
	for _, n := range []int{1, 3, 8, 100, 5000} {
		old := make([]int64, n)
		for i := range old {
			old[i] = int64(i)
		}
		grown := append(old, 100, 101)
		check.Equal("length", len(grown), n+2)
		check.That("capacity is below the length", cap(grown) >= n+2)
		check.That("the array is the old one", &grown[0] != &old[0])
		for i := range old {
			check.Equal("copied element", grown[i], i)
			grown[i] = -1
		}
		check.Equal("added elements", grown[n]*1000+grown[n+1], 100101)
		for i := range old {
			check.Equal("element of the old array", old[i], i)
			old[i] = 7
		}
		check.Equal("element of the new array", grown[n-1], -1)
	}
}

// Appending a slice to itself, a string to bytes, nothing to nil and elements to nil follow the same rule.
//
//gomem:case ALLOC.APPEND.GROW.SEMANTICS
func AppendForms() {
	s := []int64{1, 2, 3}
	s = append(s[:3:3], s...)
	check.Equal("elements of s appended to s", len(s), 6)
	for i, want := range []int64{1, 2, 3, 1, 2, 3} {
		check.Equal("element", s[i], want)
	}
	b := append([]byte("span"), text(40)...)
	check.Equal("string appended to bytes", string(b), "span"+text(40))
	var none []int64
	check.That("append of nothing to nil is not nil", append(none) == nil)
	check.That("append of an empty slice to nil is not nil", append(none, s[:0]...) == nil)
	none = append(none, 5)
	check.Equal("append to nil", none[0], 5)
	pointers := append([]*int64{&s[0]}, &s[1], nil)
	check.That("pointers got lost", pointers[0] == &s[0] && pointers[1] == &s[1] && pointers[2] == nil)
}

// What lies between the length and the capacity of a grown slice is zero, whatever the memory held before.
//
//gomem:case ALLOC.APPEND.GROW.SEMANTICS
func AppendClearsTheRest() {
	for round := 0; round < 200; round++ {
		bytesSink = make([]byte, 900)
		for i := range bytesSink {
			bytesSink[i] = 0xAB
		}
		bytesSink = append(bytesSink[:800:800], 1)
		for _, x := range bytesSink[801:cap(bytesSink)] {
			check.Equal("byte beyond the length", x, 0)
		}
		if round%50 == 0 {
			check.Collect()
		}
	}
}

// An append beyond the capacity costs one block, whatever grows and however much is added.
//
//gomem:case ALLOC.APPEND.GROW.COUNT
//gomem:needs counts
func AppendGrowCount() {
	for _, n := range []int{1, 2, 10, 1000, 100000} {
		ints, pointers, added := make([]int64, n), make([]*int64, n), make([]int64, 3*n)
		check.Equal("blocks, one element", check.Allocs(func() { intsSink = append(ints, 1) }), 1)
		check.Equal("blocks, a pointer", check.Allocs(func() { pointersSink = append(pointers, nil) }), 1)
		check.Equal("blocks, many elements", check.Allocs(func() { intsSink = append(ints, added...) }), 1)
	}
	check.Equal("blocks, to nil", check.Allocs(func() { intsSink = append([]int64(nil), 1) }), 1)
	check.Equal("blocks, elements without size",
		check.Allocs(func() { nothingsSink = append([]struct{}(nil), struct{}{}, struct{}{}) }), 0)
	check.Equal("blocks, nothing added", check.Allocs(func() { intsSink = append(intsSink[:1:1]) }), 0)
}

// The zeros that append(s, make([]T, n)...) adds are never a slice of their own: one block where s has no room for them, none where it has.
//
//gomem:case ALLOC.APPEND.GROW.COUNT
//gomem:needs counts
func AppendOfMake() {
	for _, n := range []int{1, 2, 10, 1000, 100000} {
		ints, pointers, spare := make([]int64, n), make([]*int64, n), make([]int64, n, 3*n)
		check.Equal("blocks", check.Allocs(func() { intsSink = append(ints, make([]int64, 2*n)...) }), 1)
		check.Equal("blocks, pointers", check.Allocs(func() { pointersSink = append(pointers, make([]*int64, 2*n)...) }), 1)
		check.Equal("blocks, none added", check.Allocs(func() { intsSink = append(ints, make([]int64, n-n)...) }), 0)
		for i := range spare[:3*n] {
			spare[:3*n][i] = 1
		}
		check.Equal("blocks, with room", check.Allocs(func() { intsSink = append(spare, make([]int64, 2*n)...) }), 0)
		check.Equal("what precedes", intsSink[n-1], 1)
		for _, x := range intsSink[n:] {
			check.Equal("an element", x, 0)
		}
		check.Equal("length", len(intsSink), 3*n)
	}
}

// Growing element by element costs one block for each new capacity.
//
//gomem:case ALLOC.APPEND.GROW.COUNT
//gomem:needs counts
func AppendGrowCountFromNil() {
	check.Equal("blocks for 100 elements: 1, 2, 4 … 128", check.Allocs(func() {
		intsSink = nil
		for i := 0; i < 100; i++ {
			intsSink = append(intsSink, 1)
		}
	}), 8)
}

// A slice that stays in the function begins in a buffer of 32 bytes in the frame: it costs nothing while that suffices,
// and a block for each growth from there.
//
//gomem:case ALLOC.APPEND.GROW.STACKBUF
//gomem:needs counts
func AppendInABuffer() {
	check.Equal("blocks, 32 bytes", check.Allocs(func() { total += appendBytes(32) }), 0)
	check.Equal("blocks, 33 bytes", check.Allocs(func() { total += appendBytes(33) }), 1)
	check.Equal("blocks, 4 int64", check.Allocs(func() { total += appendInts(4) }), 0)
	check.Equal("blocks, 5 int64", check.Allocs(func() { total += appendInts(5) }), 1)
	check.Equal("blocks, 9 int64", check.Allocs(func() { total += appendInts(9) }), 2)
	check.Equal("first capacity of int64", firstCapacity(), 4)
}

// A slice that stays in the function has no buffer: its first element costs a block, and each growth another.
//
//gomem:case ALLOC.APPEND.GROW.COUNT
//gomem:needs counts
//gomem:until 1.24
func AppendWithoutABuffer() {
	check.Equal("blocks, 1 byte", check.Allocs(func() { total += appendBytes(1) }), 1)
	check.Equal("blocks, 4 int64", check.Allocs(func() { total += appendInts(4) }), 3)
	check.Equal("blocks, 5 int64", check.Allocs(func() { total += appendInts(5) }), 4)
	check.Equal("first capacity of int64", firstCapacity(), 1)
}

func appendBytes(n int) int {
	var b []byte
	for i := 0; i < n; i++ {
		b = append(b, byte(i))
	}
	return sum(b)
}

func appendInts(n int) int {
	var s []int64
	for i := 0; i < n; i++ {
		s = append(s, int64(i))
	}
	return len(s)
}

func firstCapacity() int {
	var s []int64
	s = append(s, 1)
	return cap(s)
}

// A slice that escapes only by being returned is built in the buffer and copied once, at its exact length; when it
// outgrew the buffer, its last array is returned as it is.
//
//gomem:case ALLOC.APPEND.GROW.RETURNED
//gomem:needs counts
func AppendReturned() {
	for n := 1; n <= 4; n++ {
		n := n
		check.Equal("blocks", check.Allocs(func() { intsSink = returnInts(n) }), 1)
		check.Equal("capacity", cap(intsSink), n)
	}
	check.Equal("blocks, 5 elements", check.Allocs(func() { intsSink = returnInts(5) }), 1)
	check.Equal("capacity", cap(intsSink), 8)
	check.Equal("blocks, 9 elements", check.Allocs(func() { intsSink = returnInts(9) }), 2)
	check.Equal("capacity", cap(intsSink), 16)
	check.Equal("element", intsSink[8], 8)
}

// It is the one way out that counts, not its kind: an assignment does as well. Two ways out, or a use that may keep the array, and it
// grows on the heap from its first element.
//
//gomem:case ALLOC.APPEND.GROW.RETURNED
//gomem:needs counts
func AppendMovedOnce() {
	var holder struct{ s []int64 }
	for _, c := range []struct {
		name     string
		build    func(n int) []int64
		blocks   uint64
		capacity int
	}{
		{"returned", returnInts, 1, 3},
		{"assigned", func(n int) []int64 { assignInts(&holder.s, n); return holder.s }, 1, 3},
		{"capacity used", returnWhole, 1, 3},
		{"handed to a function that keeps nothing", returnSummed, 1, 3},
		{"two ways out", returnTwoWays, 3, 4},
		{"compared with nil", returnCompared, 3, 4},
		{"changed in memory", returnDeferred, 3, 4},
	} {
		check.Equal("blocks, "+c.name, check.Allocs(func() { intsSink = c.build(3) }), c.blocks)
		check.Equal("capacity, "+c.name, cap(intsSink), c.capacity)
		check.Equal("last element, "+c.name, intsSink[2], 2)
	}
}

func assignInts(to *[]int64, n int) {
	var s []int64
	for i := 0; i < n; i++ {
		s = append(s, int64(i))
	}
	*to = s
}

func returnWhole(n int) []int64 {
	var s []int64
	for i := 0; i < n; i++ {
		s = append(s, int64(i))
		s = s[:len(s)]
	}
	return s
}

func returnSummed(n int) []int64 {
	s := []int64{}
	for i := 0; i < n; i++ {
		s = append(s, int64(i))
		total += sumInts(s)
	}
	return s
}

func sumInts(s []int64) int {
	t := 0
	for _, x := range s {
		t += int(x)
	}
	return t
}

func returnTwoWays(n int) []int64 {
	var s []int64
	for i := 0; i < n; i++ {
		s = append(s, int64(i))
	}
	if n == 7 {
		return s
	}
	return s
}

func returnCompared(n int) []int64 {
	var s []int64
	for i := 0; i < n; i++ {
		s = append(s, int64(i))
		if s == nil {
			total++
		}
	}
	return s
}

func returnDeferred(n int) (s []int64) {
	defer func() { total++ }()
	for i := 0; i < n; i++ {
		s = append(s, int64(i))
	}
	return
}

// Arrays of pointers begin in the buffer too, and what they point to lives.
//
//gomem:case ALLOC.APPEND.GROW.RETURNED
//gomem:needs counts
func AppendPointersReturned() {
	for n := 1; n <= 4; n++ {
		n := n
		check.Equal("blocks", check.Allocs(func() { addressesSink = returnPointers(n) }), uint64(n+1))
		size := int(unsafe.Sizeof(addressesSink[0])) // the classes of these sizes are the multiples of 8
		check.Equal("capacity", cap(addressesSink), (n*size+7)/8*8/size)
		for i, p := range addressesSink {
			check.Equal("element", *p, i)
		}
	}
}

var addressesSink []*int64

func returnPointers(n int) []*int64 {
	var s []*int64
	for i := 0; i < n; i++ {
		p := new(int64)
		*p = int64(i)
		s = append(s, p)
	}
	return s
}

// A slice that escapes by being returned grows on the heap from its first element.
//
//gomem:case ALLOC.APPEND.GROW.COUNT
//gomem:needs counts
//gomem:until 1.25
func AppendReturnedGrows() {
	check.Equal("blocks, 3 elements", check.Allocs(func() { intsSink = returnInts(3) }), 3)
	check.Equal("capacity", cap(intsSink), 4)
}

func returnInts(n int) []int64 {
	var s []int64
	for i := 0; i < n; i++ {
		s = append(s, int64(i))
	}
	return s
}

// An append that fits the capacity costs nothing and writes to the array that is there: all slices of it see that.
//
//gomem:case ALLOC.APPEND.FIT
//gomem:needs counts
func AppendFits() {
	whole := make([]int64, 10)
	part := whole[:4]
	check.Equal("blocks", check.Allocs(func() { intsSink = append(part, 7, 8) }), 0)
	check.That("the array is another", &intsSink[0] == &whole[0])
	check.Equal("capacity", cap(intsSink), 10)
	check.Equal("written elements", whole[4]*10+whole[5], 78)
	check.Equal("length of the operand", len(part), 4)
	check.Equal("blocks up to the capacity", check.Allocs(func() { intsSink = append(part, whole[:6]...) }), 0)
	check.Equal("blocks one beyond", check.Allocs(func() { intsSink = append(part, whole[:7]...) }), 1)
}

// A capacity cut by a full slice expression counts: the elements behind it are not written.
//
//gomem:case ALLOC.APPEND.FIT
func AppendBehindALimit() {
	whole := []int64{0, 1, 2, 3}
	grown := append(whole[:2:2], 9)
	check.Equal("element behind the limit", whole[2], 2)
	check.That("the array is shared", &grown[0] != &whole[0])
	fits := append(whole[:2:3], 9)
	check.Equal("element within the limit", whole[2], 9)
	check.That("the array is another", &fits[0] == &whole[0])
}

// An append to a part of the array that it reads from moves the elements as if they had been copied first.
//
//gomem:case ALLOC.APPEND.FIT
func AppendOverlapping() {
	s := []int64{0, 1, 2, 3, 4, 5, 6, 7}
	s = append(s[:2], s[3:]...)
	for i, want := range []int64{0, 1, 3, 4, 5, 6, 7} {
		check.Equal("element after deleting one", s[i], want)
	}
	s = append(s[:4], s[1:4]...)
	for i, want := range []int64{0, 1, 3, 4, 1, 3, 4} {
		check.Equal("element after appending a part", s[i], want)
	}
}

// Capacities of pointer-free elements, appended one by one: doubling below 256, then a quarter more and 192 per step, each
// rounded up to a size class.
//
//gomem:case ALLOC.APPEND.FORMULA
//gomem:since 1.18
func AppendCapacities() {
	intsSink = nil
	steps("int64", []int{1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 848, 1280, 1792, 2560, 3408, 5120}, func() int {
		intsSink = append(intsSink[:cap(intsSink)], 1)
		return cap(intsSink)
	})
	bytesSink = nil
	steps("byte", []int{8, 16, 32, 64, 128, 256, 512, 896, 1408, 2048, 3072, 4096, 5376}, func() int {
		bytesSink = append(bytesSink[:cap(bytesSink)], 1)
		return cap(bytesSink)
	})
	runesSink = nil
	steps("int32", []int{2, 4, 8, 16, 32, 64, 128, 256, 512, 864, 1344, 2048, 3072}, func() int {
		runesSink = append(runesSink[:cap(runesSink)], 1)
		return cap(runesSink)
	})
	var triples [][3]int64
	steps("[3]int64", []int{1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 853, 1365, 2048}, func() int {
		triples = append(triples[:cap(triples)], [3]int64{})
		anySink = triples
		return cap(triples)
	})
	var fives [][5]byte
	steps("[5]byte", []int{1, 3, 6, 12, 25, 51, 102, 204, 409, 819, 1228, 1894, 2713}, func() int {
		fives = append(fives[:cap(fives)], [5]byte{})
		anySink = fives
		return cap(fives)
	})
}

// steps compares the capacities that grow returns, call by call.
func steps(what string, want []int, grow func() int) {
	for _, n := range want {
		check.Equal("capacity of "+what, grow(), n)
	}
}

// Capacities of pointers on a 64-bit target: beyond 512 bytes the block's header takes a word of the size class.
//
//gomem:case ALLOC.APPEND.FORMULA
//gomem:needs 64bit
//gomem:since 1.22
func AppendCapacitiesOfPointers() {
	steps("*int64", []int{1, 2, 4, 8, 16, 32, 64, 143, 287, 607, 1023, 1535, 2303, 3071}, growPointers())
	steps("string", []int{1, 2, 4, 8, 16, 32, 71, 143, 303, 591, 1023, 1535, 2560}, growNames())
}

// Capacities of pointers on a 32-bit target: beyond 128 bytes the block's header of 8 takes two words of the size class.
//
//gomem:case ALLOC.APPEND.FORMULA
//gomem:needs 32bit
//gomem:since 1.22
func AppendCapacitiesOfPointers32() {
	steps("*int64", []int{2, 4, 8, 16, 32, 70, 142, 286, 574, 1022, 1534, 2366, 3390}, growPointers())
	steps("string", []int{1, 2, 4, 8, 16, 35, 71, 143, 287, 607, 1023, 1535, 2303}, growNames())
}

// Capacities of pointers follow those of pointer-free words.
//
//gomem:case ALLOC.APPEND.FORMULA
//gomem:since 1.18
//gomem:until 1.21
func AppendCapacitiesOfPointersBefore() {
	if check.Word == 8 {
		steps("*int64", []int{1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 848, 1280, 1792, 2560}, growPointers())
	} else {
		steps("*int64", []int{2, 4, 8, 16, 32, 64, 128, 256, 512, 864, 1344, 2048, 3072}, growPointers())
	}
	steps("string", []int{1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 848, 1280, 1792}, growNames())
}

func growPointers() func() int {
	pointersSink = nil
	return func() int {
		pointersSink = append(pointersSink[:cap(pointersSink)], nil)
		return cap(pointersSink)
	}
}

func growNames() func() int {
	namesSink = nil
	return func() int {
		namesSink = append(namesSink[:cap(namesSink)], "")
		return cap(namesSink)
	}
}

// An append of more than would double the slice takes what it needs, rounded up to a size class; less than that takes as many
// steps of the formula as reach the length.
//
//gomem:case ALLOC.APPEND.FORMULA
//gomem:since 1.18
func AppendManyAtOnce() {
	added := make([]int64, 5000)
	for _, c := range []struct{ old, more, want int }{
		{0, 3, 3}, {0, 5, 6}, {1, 2, 3}, {2, 4, 6}, {4, 4, 8}, {4, 5, 10}, {10, 10, 20}, {10, 11, 22}, {255, 1, 512},
		{256, 1, 512}, {256, 256, 512}, {256, 257, 608}, {300, 1, 608}, {400, 400, 1184}, {512, 500, 1280}, {512, 513, 1184},
	} {
		intsSink = append(make([]int64, c.old), added[:c.more]...)
		check.Equal("capacity", cap(intsSink), c.want)
	}
}

// Slicing a slice, an array and an array's address costs nothing, and the result lies in the same block.
//
//gomem:case ALLOC.SLICING.SLICE
//gomem:needs counts
func SlicingASlice() {
	s, a := make([]int64, 100), new([100]int64)
	i, j := opaque(20), opaque(30)
	check.Equal("blocks, s[i:j]", check.Allocs(func() { intsSink = s[i:j] }), 0)
	check.That("element 0 of the part is another", &intsSink[0] == &s[20])
	check.Equal("length and capacity", len(intsSink)*1000+cap(intsSink), 10*1000+80)
	check.Equal("blocks, s[i:j:j]", check.Allocs(func() { intsSink = s[i:j:j] }), 0)
	check.Equal("length and capacity", len(intsSink)*1000+cap(intsSink), 10*1000+10)
	check.Equal("blocks, a[:j]", check.Allocs(func() { intsSink = a[:j] }), 0)
	check.That("element 0 of the part is another", &intsSink[0] == &a[0])
	intsSink[3] = 7
	check.Equal("element of the array", a[3], 7)
	check.Equal("blocks, an empty part", check.Allocs(func() { intsSink = s[100:] }), 0)
}

// Slicing a string costs nothing, and the result's bytes are the string's own.
//
//gomem:case ALLOC.SLICING.STRING
//gomem:needs counts
func SlicingAString() {
	s, i, j := text(100), opaque(20), opaque(30)
	check.Equal("blocks, s[i:j]", check.Allocs(func() { stringSink = s[i:j] }), 0)
	check.Equal("part", stringSink, text(30)[20:])
	check.That("the bytes were copied", uintptr(first(stringSink))-uintptr(first(s)) == 20)
	check.Equal("blocks, s[j:]", check.Allocs(func() { stringSink = s[j:] }), 0)
	check.That("the bytes were copied", uintptr(first(stringSink))-uintptr(first(s)) == 30)
	check.Equal("blocks, one byte", check.Allocs(func() { stringSink = s[i : i+1] }), 0)
	check.That("the byte was copied", unsafe.Pointer(uintptr(first(s))+20) == first(stringSink))
}
