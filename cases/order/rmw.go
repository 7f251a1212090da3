package order

// Read-modify-write operations: ORDER.ATOMIC.RMW. The outcomes are what the two actors got, then the final value.

import (
	"sync/atomic"
	"unsafe"

	"gomem/cases/check"
)

// two runs two actors on a word each per trial; the outcome is what they return, and the final value.
func two(first, second func(t *wide) int, final func(t *wide) int) {
	trials := new([check.Batch]wide)
	check.Stress(
		func(i int) { trials[i] = wide{} },
		func(i int) check.Key {
			t := &trials[i]
			return check.Ints(int(t.r[0].word), int(t.r[1].word), final(t))
		},
		func(i int) { trials[i].r[0].word = int32(first(&trials[i])) },
		func(i int) { trials[i].r[1].word = int32(second(&trials[i])) })
}

func (t *wide) word32() *int32          { return &t.data }
func (t *wide) word64() *uint64         { return &t.bits }
func (t *wide) wordPtr() *uintptr       { return (*uintptr)(unsafe.Pointer(&t.other)) }
func (t *wide) final32() int            { return int(atomic.LoadInt32(&t.data)) }
func (t *wide) final64() int            { return int(atomic.LoadUint64(&t.bits) >> 32) }
func (t *wide) finalUintptr() int       { return int(atomic.LoadUintptr(t.wordPtr())) }
func (t *wide) finalPointer() int       { return t.index(atomic.LoadPointer(&t.pointer)) }
func (t *wide) at(n int) unsafe.Pointer { return unsafe.Pointer(&t.r[n]) }

// index says which register of the trial p points to: 0 for nil, else the argument of at.
func (t *wide) index(p unsafe.Pointer) int {
	for n := 1; n <= 3; n++ {
		if p == t.at(n) {
			return n
		}
	}
	return 0
}

// Of two concurrent AddInt32 each returns the new value, and neither is lost.
//
//gomem:case ORDER.ATOMIC.RMW
//gomem:race silent
//gomem:outcome required 1 3 3 : the first actor ran first
//gomem:outcome required 3 2 3 : the second actor ran first
//gomem:outcome forbidden 1 2 1 : the second actor's update was lost
//gomem:outcome forbidden 1 2 2 : the first actor's update was lost
func Add32() {
	two(func(t *wide) int { return int(atomic.AddInt32(t.word32(), 1)) },
		func(t *wide) int { return int(atomic.AddInt32(t.word32(), 2)) },
		(*wide).final32)
}

// Of two concurrent AddUint64 each returns the new value in all its 64 bits, and neither is lost. The sums are scaled by 2^32.
//
//gomem:case ORDER.ATOMIC.RMW
//gomem:race silent
//gomem:outcome required 1 3 3 : the first actor ran first
//gomem:outcome required 3 2 3 : the second actor ran first
//gomem:outcome forbidden 1 2 1 : the second actor's update was lost
//gomem:outcome forbidden 1 2 2 : the first actor's update was lost
func Add64() {
	two(func(t *wide) int { return int(atomic.AddUint64(t.word64(), 1<<32) >> 32) },
		func(t *wide) int { return int(atomic.AddUint64(t.word64(), 2<<32) >> 32) },
		(*wide).final64)
}

// Two goroutines add to a word as fast as they can, until each has often found that the other one added meanwhile; the word is then
// the number of additions. The words are the widths of the processor.
//
//gomem:case ORDER.ATOMIC.RMW
func AddLosesNothing() {
	var w wide
	hammer("32 bits", func() uint64 { return uint64(atomic.AddInt32(w.word32(), 1)) }, func() uint64 { return uint64(w.data) })
	hammer("64 bits", func() uint64 { return atomic.AddUint64(w.word64(), 1) }, func() uint64 { return w.bits })
	hammer("a pointer's", func() uint64 { return uint64(atomic.AddUintptr(w.wordPtr(), 1)) }, func() uint64 { return uint64(*w.wordPtr()) })
}

// hammer has two goroutines add. Where one processor is all there is they meet seldom, so additions are bounded, too.
func hammer(width string, add, sum func() uint64) {
	var total int32
	work := func() {
		last, n := add(), 1
		for meetings := 0; meetings < 10000 && n < 2000000; n++ {
			v := add()
			if v != last+1 {
				meetings++
			}
			last = v
		}
		atomic.AddInt32(&total, int32(n))
	}
	check.AtOnce(work, work)
	check.Equal("sum of "+width, sum(), total)
}

// A 64-bit addition carries into the upper half as one operation: a load sees the sum or what was there before, never halves
// of both. In the outcome the second number is 0 before the carry, 1 after it and 2 for anything else.
//
//gomem:case ORDER.ATOMIC.RMW
//gomem:race silent
//gomem:outcome required 1 1 1 : the adder ran first
//gomem:outcome required 1 0 1 : the reader ran first
//gomem:outcome forbidden 1 2 1 : the reader saw halves of two values
func Add64Carry() {
	const low = 1<<32 - 1
	trials := new([check.Batch]wide)
	check.Stress(
		func(i int) { trials[i] = wide{bits: low} },
		func(i int) check.Key {
			t := &trials[i]
			return check.Ints(int(t.r[0].word), int(t.r[1].word), t.final64())
		},
		func(i int) { trials[i].r[0].word = int32(atomic.AddUint64(&trials[i].bits, 1) >> 32) },
		func(i int) {
			switch atomic.LoadUint64(&trials[i].bits) {
			case low:
			case low + 1:
				trials[i].r[1].word = 1
			default:
				trials[i].r[1].word = 2
			}
		})
}

// Of two concurrent AddUintptr each returns the new value, and neither is lost.
//
//gomem:case ORDER.ATOMIC.RMW
//gomem:race silent
//gomem:outcome required 1 3 3 : the first actor ran first
//gomem:outcome required 3 2 3 : the second actor ran first
//gomem:outcome forbidden 1 2 1 : the second actor's update was lost
//gomem:outcome forbidden 1 2 2 : the first actor's update was lost
func AddUintptr() {
	two(func(t *wide) int { return int(atomic.AddUintptr(t.wordPtr(), 1)) },
		func(t *wide) int { return int(atomic.AddUintptr(t.wordPtr(), 2)) },
		(*wide).finalUintptr)
}

// Of two concurrent SwapInt32 one gets the initial value and the other what the first put there.
//
//gomem:case ORDER.ATOMIC.RMW
//gomem:race silent
//gomem:outcome required 0 1 2 : the first actor ran first
//gomem:outcome required 2 0 1 : the second actor ran first
//gomem:outcome forbidden 0 0 1 : the second actor's value was never seen
//gomem:outcome forbidden 0 0 2 : the first actor's value was never seen
func Swap32() {
	two(func(t *wide) int { return int(atomic.SwapInt32(t.word32(), 1)) },
		func(t *wide) int { return int(atomic.SwapInt32(t.word32(), 2)) },
		(*wide).final32)
}

// Of two concurrent SwapUint64 one gets the initial value and the other what the first put there. Values are scaled by 2^32.
//
//gomem:case ORDER.ATOMIC.RMW
//gomem:race silent
//gomem:outcome required 0 1 2 : the first actor ran first
//gomem:outcome required 2 0 1 : the second actor ran first
//gomem:outcome forbidden 0 0 1 : the second actor's value was never seen
//gomem:outcome forbidden 0 0 2 : the first actor's value was never seen
func Swap64() {
	two(func(t *wide) int { return int(atomic.SwapUint64(t.word64(), 1<<32) >> 32) },
		func(t *wide) int { return int(atomic.SwapUint64(t.word64(), 2<<32) >> 32) },
		(*wide).final64)
}

// Of two concurrent SwapPointer one gets the initial pointer and the other the one that the first put there.
//
//gomem:case ORDER.ATOMIC.RMW
//gomem:race silent
//gomem:outcome required 0 1 2 : the first actor ran first
//gomem:outcome required 2 0 1 : the second actor ran first
//gomem:outcome forbidden 0 0 1 : the second actor's pointer was never seen
//gomem:outcome forbidden 0 0 2 : the first actor's pointer was never seen
func SwapPointer() {
	two(func(t *wide) int { return t.index(atomic.SwapPointer(&t.pointer, t.at(1))) },
		func(t *wide) int { return t.index(atomic.SwapPointer(&t.pointer, t.at(2))) },
		(*wide).finalPointer)
}

// Of two concurrent CompareAndSwapInt32 from the same value exactly one succeeds, and its value stays.
//
//gomem:case ORDER.ATOMIC.RMW
//gomem:race silent
//gomem:outcome required 1 0 1 : the first actor ran first
//gomem:outcome required 0 1 2 : the second actor ran first
//gomem:outcome forbidden 1 1 1 : both succeeded
//gomem:outcome forbidden 1 1 2 : both succeeded
//gomem:outcome forbidden 0 0 0 : both failed
func CompareAndSwap32() {
	two(func(t *wide) int { return bit(atomic.CompareAndSwapInt32(t.word32(), 0, 1)) },
		func(t *wide) int { return bit(atomic.CompareAndSwapInt32(t.word32(), 0, 2)) },
		(*wide).final32)
}

// Of two concurrent CompareAndSwapUint64 from the same value exactly one succeeds. Values are scaled by 2^32.
//
//gomem:case ORDER.ATOMIC.RMW
//gomem:race silent
//gomem:outcome required 1 0 1 : the first actor ran first
//gomem:outcome required 0 1 2 : the second actor ran first
//gomem:outcome forbidden 1 1 1 : both succeeded
//gomem:outcome forbidden 1 1 2 : both succeeded
//gomem:outcome forbidden 0 0 0 : both failed
func CompareAndSwap64() {
	two(func(t *wide) int { return bit(atomic.CompareAndSwapUint64(t.word64(), 0, 1<<32)) },
		func(t *wide) int { return bit(atomic.CompareAndSwapUint64(t.word64(), 0, 2<<32)) },
		(*wide).final64)
}

// Of two concurrent CompareAndSwapPointer from the same pointer exactly one succeeds, and its pointer stays.
//
//gomem:case ORDER.ATOMIC.RMW
//gomem:race silent
//gomem:outcome required 1 0 1 : the first actor ran first
//gomem:outcome required 0 1 2 : the second actor ran first
//gomem:outcome forbidden 1 1 1 : both succeeded
//gomem:outcome forbidden 1 1 2 : both succeeded
//gomem:outcome forbidden 0 0 0 : both failed
func CompareAndSwapPointer() {
	two(func(t *wide) int { return bit(atomic.CompareAndSwapPointer(&t.pointer, nil, t.at(1))) },
		func(t *wide) int { return bit(atomic.CompareAndSwapPointer(&t.pointer, nil, t.at(2))) },
		(*wide).finalPointer)
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

// A CompareAndSwap whose old value is the current one succeeds at the first try: it never fails spuriously.
//
//gomem:case ORDER.ATOMIC.RMW
//gomem:race silent
func CompareAndSwapNotSpurious() {
	var word int32
	var pointer unsafe.Pointer
	t := new(wide)
	failures := 0
	for i := int32(0); i < int32(check.Scale(100000, 1000000, 10000000)); i++ {
		next := unsafe.Pointer(&t.r[i%4])
		if !atomic.CompareAndSwapInt32(&word, i, i+1) || !atomic.CompareAndSwapUint64(&t.bits, uint64(i), uint64(i+1)) ||
			!atomic.CompareAndSwapPointer(&pointer, pointer, next) {
			failures++
		}
	}
	check.Equal("spurious failures", failures, 0)
}

// Many goroutines that increment one word by Add, and one by CompareAndSwap in a loop, lose no increment; Add returns each
// value once.
//
//gomem:case ORDER.ATOMIC.RMW
//gomem:race silent
func CountersUnderContention() {
	const goroutines = 4
	each := check.Scale(5000, 50000, 500000)
	counts := new(wide)
	returned := make([]int32, goroutines*each+1)
	done := make(chan bool)
	for g := 0; g < goroutines; g++ {
		go func() {
			for i := 0; i < each; i++ {
				atomic.AddInt32(&returned[atomic.AddInt32(&counts.data, 1)], 1)
				for old := atomic.LoadUint64(&counts.bits); !atomic.CompareAndSwapUint64(&counts.bits, old, old+1); {
					old = atomic.LoadUint64(&counts.bits)
				}
			}
			done <- true
		}()
	}
	for g := 0; g < goroutines; g++ {
		<-done
	}
	check.Equal("increments by Add", counts.data, goroutines*each)
	check.Equal("increments by CompareAndSwap", counts.bits, goroutines*each)
	twice := 0
	for _, n := range returned[1:] {
		twice += bit(n != 1)
	}
	check.Equal("values not returned exactly once", twice, 0)
}

// A token that goroutines pass on by Swap is never doubled nor lost.
//
//gomem:case ORDER.ATOMIC.RMW
//gomem:race silent
func TokenPassedBySwap() {
	const goroutines = 3
	rounds := check.Scale(5000, 50000, 500000)
	var slot int32 = 1
	var held int32
	done := make(chan bool)
	for g := 0; g < goroutines; g++ {
		go func() {
			for i := 0; i < rounds; i++ {
				if atomic.SwapInt32(&slot, 0) == 1 {
					check.Equal("holders of the token", atomic.AddInt32(&held, 1), 1)
					atomic.AddInt32(&held, -1)
					check.Equal("what the slot held meanwhile", atomic.SwapInt32(&slot, 1), 0)
				}
			}
			done <- true
		}()
	}
	for g := 0; g < goroutines; g++ {
		<-done
	}
	check.Equal("the token at the end", slot, 1)
}
