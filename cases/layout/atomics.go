package layout

// 64-bit words and 64-bit atomics: LAYOUT.ATOMIC64, ATOMIC64.ALLOCATED.FIRST, ATOMIC64.ALLOCATED.ELEMENTS, BYTE15.

import (
	"sync"
	"sync/atomic"
	"unsafe"

	"gomem/cases/check"
)

const unaligned = "unaligned 64-bit atomic operation"

// behind holds a 64-bit word that is 4-aligned and not 8-aligned on a 32-bit target whenever the struct itself is 8-aligned.
type behind struct {
	first int32
	wide  int64
}

var behindSink *behind

// On a 32-bit target every 64-bit atomic on a word that is only 4-aligned panics, is recovered, and leaves the word alone.
//
//gomem:case LAYOUT.ATOMIC64
//gomem:needs 32bit
func Atomic64Panics() {
	behindSink = &behind{wide: 7}
	p := &behindSink.wide
	u := (*uint64)(unsafe.Pointer(p))
	check.Equal("address modulo 8", at(unsafe.Pointer(p))%8, 4)
	operations := []func(){
		func() { atomic.LoadInt64(p) },
		func() { atomic.StoreInt64(p, 1) },
		func() { atomic.AddInt64(p, 1) },
		func() { atomic.SwapInt64(p, 1) },
		func() { atomic.CompareAndSwapInt64(p, 7, 1) },
		func() { atomic.LoadUint64(u) },
		func() { atomic.StoreUint64(u, 1) },
		func() { atomic.AddUint64(u, 1) },
		func() { atomic.SwapUint64(u, 1) },
		func() { atomic.CompareAndSwapUint64(u, 7, 1) },
	}
	for i, operation := range operations {
		check.Equal("panic of operation "+string(rune('0'+i)), check.PanicText(operation), unaligned)
	}
	check.Equal("the word after them", *p, 7)
}

// Not recovered, that panic ends the program.
//
//gomem:case LAYOUT.ATOMIC64
//gomem:needs 32bit
//gomem:exit 2
//gomem:stderr panic: unaligned 64-bit atomic operation
func Atomic64Dies() {
	behindSink = &behind{}
	atomic.AddInt64(&behindSink.wide, 1)
}

// On a 64-bit target the same word is 8-aligned, and the operations work.
//
//gomem:case LAYOUT.ATOMIC64
//gomem:needs 64bit
func Atomic64Aligned() {
	behindSink = &behind{wide: 7}
	p := &behindSink.wide
	check.Equal("address modulo 8", at(unsafe.Pointer(p))%8, 0)
	check.Equal("the sum", atomic.AddInt64(p, 1), 8)
	check.Equal("the word swapped out", atomic.SwapInt64(p, 2), 8)
	check.That("the comparison", atomic.CompareAndSwapInt64(p, 2, 3))
	check.Equal("the word", atomic.LoadInt64(p), 3)
}

var (
	globalFlag byte // leaves what follows unaligned if globals were packed
	globalWide struct {
		wide  int64
		small int32
	}
	globalByte byte
	globalWord uint64
	small8     *[2]int32
)

type wideFirst struct {
	wide  int64
	small int32
}

// The first word of a global, of a local whose address is shared, and of an allocated struct, array or slice is 8-aligned and
// takes 64-bit atomics, on every target.
//
//gomem:case LAYOUT.ATOMIC64.ALLOCATED.FIRST
func AllocatedFirst() {
	globalFlag, globalByte = 1, 1
	bump("a global struct", &globalWide.wide)
	bump("a global word", (*int64)(unsafe.Pointer(&globalWord)))
	var local int64
	bump("a local", &local)
	var localStruct wideFirst
	bump("a local struct", &localStruct.wide)
	for i := 0; i < 100; i++ {
		small8 = new([2]int32) // moves the allocator's position by 8 bytes
		scraps = append(scraps, make([]byte, i%13))
		s := &wideFirst{}
		bump("a struct", &s.wide)
		a := new([2]int64)
		bump("an array", &a[0])
		l := make([]wideFirst, 1+i%7)
		bump("a slice", &l[0].wide)
		w := new(int64)
		bump("a word", w)
		held = append(held, s, a, l, w)
	}
	held, scraps = nil, nil
}

// Where 64-bit atomics demand it, on 32-bit targets, an allocated array or slice of smaller elements is 8-aligned as well.
//
//gomem:case LAYOUT.ATOMIC64.ALLOCATED.FIRST
//gomem:needs 32bit
func AllocatedFirstSmall() {
	for i := 0; i < 100; i++ {
		scraps = append(scraps, make([]byte, i%13))
		a := new([3]int32)
		bump("an array of 12 bytes", (*int64)(unsafe.Pointer(a)))
		l := make([]int32, 2+i%7)
		bump("a slice of small elements", (*int64)(unsafe.Pointer(&l[0])))
		held = append(held, a, l)
	}
	held, scraps = nil, nil
}

var (
	held   []interface{}
	scraps [][]byte
)

// bump adds to a word atomically and checks the place and the result.
func bump(what string, p *int64) {
	check.Equal("address modulo 8 of the first word of "+what, at(unsafe.Pointer(p))%8, 0)
	old := *p
	check.Equal("the sum in "+what, atomic.AddInt64(p, 3), old+3)
	check.Equal("the word in "+what, atomic.LoadInt64(p), old+3)
}

// Every element of an allocated []int64 or [n]int64 is 8-aligned, and of a slice that shares its first element.
//
//gomem:case LAYOUT.ATOMIC64.ALLOCATED.ELEMENTS
func AllocatedElements() {
	for n := 1; n <= 40; n++ {
		scraps = append(scraps, make([]byte, 1+n%7)) // moves the allocator's position by a few bytes
		list := make([]int64, n)
		for i := range list {
			bump("an element", &list[i])
		}
		part := list[:n/2]
		for i := range part {
			bump("a shared element", &part[i])
		}
		list = append(list, 1)
		bump("an element of the array that append made", &list[n])
		held = append(held, list)
	}
	for n := 1; n <= 16; n++ {
		for i := 0; i < n; i++ {
			scraps = append(scraps, make([]byte, 1)) // leaves the allocator's position at any byte
		}
		list := make([]int64, 1)
		bump("the only element", &list[0])
		held = append(held, list)
	}
	array := new([9]int64)
	for i := range array {
		bump("an element of an array", &array[i])
	}
	values := []int64{1, 2, 3}
	bump("an element of a literal", &values[2])
	held = append(held, array, values)
	held, scraps = nil, nil
}

type byte15 [15]byte

// word64 is the 8-aligned word that lies inside any 15 bytes.
func word64(b *byte15) *uint64 {
	skip := -at(unsafe.Pointer(b)) & 7
	return (*uint64)(unsafe.Pointer(&b[skip]))
}

type atEachOffset struct {
	b0 byte15
	_  byte
	b1 byte15
	_  [3]byte
	b2 byte15
	_  int16
	b3 byte15
	_  int32
	b4 byte15
	_  [7]byte
	b5 byte15
}

var global15 byte15

// The 8-aligned word inside a 15-byte array takes 64-bit atomics in a global, on the heap and as a field at any offset.
//
//gomem:case LAYOUT.BYTE15
func Byte15Places() {
	bump15("a global", &global15)
	global := new(atEachOffset)
	local := atEachOffset{}
	for _, s := range []*atEachOffset{global, &local} {
		residues := map[uintptr]bool{}
		for _, b := range []*byte15{&s.b0, &s.b1, &s.b2, &s.b3, &s.b4, &s.b5} {
			bump15("a field", b)
			residues[at(unsafe.Pointer(b))%8] = true
		}
		check.That("the fields lie at several offsets modulo 8", len(residues) >= 4)
	}
	for i := 0; i < 50; i++ {
		scraps = append(scraps, make([]byte, 1+i%11))
		b := new(byte15)
		bump15("a block", b)
		held = append(held, b)
	}
	held, scraps = nil, nil
}

func bump15(what string, b *byte15) {
	p := word64(b)
	check.Equal("address modulo 8 in "+what, at(unsafe.Pointer(p))%8, 0)
	check.That("the word lies inside "+what, at(unsafe.Pointer(p))+8 <= at(unsafe.Pointer(b))+15)
	old := atomic.LoadUint64(p)
	check.Equal("the sum in "+what, atomic.AddUint64(p, 1<<40+1), old+1<<40+1)
	check.That("the comparison in "+what, atomic.CompareAndSwapUint64(p, old+1<<40+1, 5))
	check.Equal("the word in "+what, atomic.LoadUint64(word64(b)), 5)
}

// On a stack the word keeps its updates when the stack moves.
//
//gomem:case LAYOUT.BYTE15
//gomem:needs growstack
func Byte15Stack() {
	done := make(chan bool)
	go func() {
		var fields struct {
			_ byte
			b byte15
		}
		before := ^at(unsafe.Pointer(&fields))
		for i := 0; i < 10; i++ {
			atomic.AddUint64(onStack(word64(&fields.b)), 1<<32+1)
			dig(4 << i)
		}
		check.That("the stack moved", ^at(unsafe.Pointer(&fields)) != before)
		check.Equal("the word after ten updates", atomic.LoadUint64(onStack(word64(&fields.b))), uint64(10<<32+10))
		done <- true
	}()
	<-done
}

// onStack returns its argument without letting it escape: on some targets the operand of an atomic operation would.
func onStack(p *uint64) *uint64 {
	address := at(unsafe.Pointer(p))
	return (*uint64)(unsafe.Pointer(address ^ 0))
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

// No update of several goroutines is lost.
//
//gomem:case LAYOUT.BYTE15
func Byte15Shared() {
	const goroutines, updates = 4, 2000
	s := new(atEachOffset)
	var group sync.WaitGroup
	for g := 0; g < goroutines; g++ {
		group.Add(1)
		go func() {
			for i := 0; i < updates; i++ {
				atomic.AddUint64(word64(&s.b1), 1)
				atomic.AddUint64(word64(&s.b4), 1<<33)
			}
			group.Done()
		}()
	}
	group.Wait()
	check.Equal("updates of one word", *word64(&s.b1), goroutines*updates)
	check.Equal("updates of the other", *word64(&s.b4), uint64(goroutines*updates)<<33)
}
