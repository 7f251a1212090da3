package myth

// Claims about what decides where a value lives: MYTH.VALUESTACK, NEWHEAP, UNSAFEAVOID.

import (
	"unsafe"

	"gomem/cases/check"
)

type record struct {
	value int
	next  *record
}

var (
	recordSink *record
	arraySink  *[16]int
	sliceSink  []int
	mapSink    map[int]int
	funcSink   func() int
	total      int
)

// Values of a struct and of an array are found on the heap, what slices, maps, pointers and closures refer to on the stack,
// and the other way round: where they flow decides, not their kind.
//
//gomem:case MYTH.VALUESTACK
//gomem:needs counts
func ValueStackPlaces() {
	check.Equal("blocks of value types that leave", check.Allocs(func() {
		s, a := record{value: 1}, [16]int{1}
		recordSink, arraySink = &s, &a
	}), 2)
	check.Equal("blocks of value types that stay", check.Allocs(func() {
		s, a := record{value: 1}, [16]int{1}
		p, q := &s, &a
		total = p.value + q[0]
	}), 0)
	check.Equal("blocks of reference types that stay", check.Allocs(func() {
		l, m, p := []int{1, 2, 3}, map[int]int{1: 2}, &record{value: 1}
		f := func() int { p.value++; return p.value }
		total = l[2] + m[1] + f()
	}), 0)
	check.Equal("their sum", total, 7)
	check.Equal("blocks of reference types that leave", check.Allocs(func() {
		sliceSink, recordSink = []int{1, 2, 3}, &record{value: 1}
		n := total
		funcSink = func() int { return n }
	}), 3)
}

// The verdicts say the same line by line.
//
//gomem:case MYTH.VALUESTACK
//gomem:diagnostics
func ValueStackVerdict() {
	leaves := record{} //= moved to heap: leaves
	recordSink = &leaves
	stays := record{}
	p := &stays
	p.value++
	array := [16]int{} //= moved to heap: array
	arraySink = &array
	slice := []int{1, 2} //= []int{...} does not escape
	slice[0]++
	table := map[int]int{} //= map[int]int{} does not escape
	table[1] = 2
	pointer := &record{} //= &record{} does not escape
	pointer.value++
	closure := func() int { return pointer.value } //= func literal does not escape
	_ = closure()
	sliceSink = []int{1}     //= []int{...} escapes to heap
	mapSink = map[int]int{}  //= map[int]int{} escapes to heap
	recordSink = new(record) //= new(record) escapes to heap
}

// new, &T{} and make allocate nothing when the result does not leave the function: the memory is the frame's.
//
//gomem:case MYTH.NEWHEAP
//gomem:needs counts
func NewHeapCount() {
	check.Equal("blocks for new", check.Allocs(func() {
		p := new(record)
		p.value = 1
		total = p.value
	}), 0)
	check.Equal("blocks for make of a slice", check.Allocs(func() {
		s := make([]record, 16)
		s[15].value = 2
		total = s[15].value
	}), 0)
	check.Equal("blocks for make of a map", check.Allocs(func() {
		m := make(map[int]int)
		m[3] = 4
		total = m[3]
	}), 0)
	check.Equal("the map's value", total, 4)
	check.Equal("blocks for new when the result leaves", check.Allocs(func() { recordSink = new(record) }), 1)
}

// The verdicts tell the news and makes that stay in the frame from those that leave it.
//
//gomem:case MYTH.NEWHEAP
//gomem:diagnostics
func NewHeapVerdict() {
	p := new(record) //= new(record) does not escape
	p.value++
	s := make([]record, 16) //= make([]record, 16) does not escape
	s[0].value++
	m := make(map[int]int) //= make(map[int]int) does not escape
	m[1]++
	recordSink = new(record)   //= new(record) escapes to heap
	sliceSink = make([]int, 1) //= make([]int, 1) escapes to heap
}

// Flow through unsafe.Pointer, and through uintptr arithmetic within one expression, is followed like any other; only a
// detour by a uintptr variable is not.
//
//gomem:case MYTH.UNSAFEAVOID
//gomem:diagnostics
func UnsafeAvoidVerdict() {
	a := 1 //= moved to heap: a
	unsafeSink = unsafe.Pointer(&a)
	b := record{} //= moved to heap: b
	unsafeSink = unsafe.Pointer(uintptr(unsafe.Pointer(&b)) + unsafe.Offsetof(b.next))
	c := 1
	p := unsafe.Pointer(&c)
	*(*int)(p) = 2
	d := 1 //= moved to heap: d
	unsafeSink = unsafe.Pointer(converted(&d))
	e := 1
	address := uintptr(unsafe.Pointer(&e))
	_ = address
	f := 1
	_ = hidden(unsafe.Pointer(&f))
}

func converted(p *int) *uint { return (*uint)(unsafe.Pointer(p)) } //= leaking param: p to result ~r0 level=0

func hidden(p unsafe.Pointer) uintptr { //= p does not escape
	address := uintptr(p)
	return address ^ 0
}

var unsafeSink unsafe.Pointer

// A pointer hidden as a number to keep its target on the stack is stale once the stack has moved.
//
//gomem:case MYTH.UNSAFEAVOID
//gomem:needs growstack
func UnsafeAvoidStale() {
	done := make(chan bool)
	go func() {
		local := record{value: 1}
		p := &local
		number := hidden(unsafe.Pointer(&local))
		check.That("it is the local's address at first", number == uintptr(unsafe.Pointer(&local)))
		dig(1000)
		check.That("the stack moved away from it", number != uintptr(unsafe.Pointer(&local)))
		check.That("the plain pointer moved along", p == &local)
		done <- true
	}()
	<-done
}

// dig uses a stack of the given number of frames of 256 bytes, which hold a pointer, so that they are on the goroutine's stack
// whatever a compiler does with scalars.
func dig(frames int) int {
	var pad [32]*int
	if frames == 0 {
		return 0
	}
	pad[frames%32] = &frames
	return dig(frames-1) + *slot(&pad, frames%32)
}

func slot(pad *[32]*int, i int) *int { return pad[i] }

// A pointer hidden as a number keeps its target's block alive no more than any number does.
//
//gomem:case MYTH.UNSAFEAVOID
//gomem:needs collect precise weak
func UnsafeAvoidCollected() {
	r := &record{value: 1}
	recordSink = r
	watched := check.Watch(unsafe.Pointer(r))
	number := hidden(unsafe.Pointer(r))
	check.That("a pointer keeps it", watched.Kept())
	recordSink = nil
	check.That("the number does not", watched.Collected())
	check.That("the number is still there", number != 0)
}
