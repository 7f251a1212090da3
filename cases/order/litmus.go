package order

// Litmus tests of two actors: ORDER.ATOMIC.SC. Each outcome is what the actors read, then final values where the comment says so.
// Required are only the outcomes of actors that run one after the other.

import (
	"sync/atomic"
	"unsafe"

	"gomem/cases/check"
)

// Store buffering: of two actors that each store and then load the other's word, one at least sees the other's store.
//
//gomem:case ORDER.ATOMIC.SC
//gomem:race silent
//gomem:outcome forbidden 0 0 : both loads ran before either store
//gomem:outcome required 0 1 : the first actor ran first
//gomem:outcome required 1 0 : the second actor ran first
//gomem:outcome allowed 1 1 : both stores came before both loads
func StoreBuffering() {
	litmus(2,
		func(t *trial) {
			atomic.StoreInt32(&t.x.word, 1)
			t.read(0, &t.y)
		},
		func(t *trial) {
			atomic.StoreInt32(&t.y.word, 1)
			t.read(1, &t.x)
		})
}

// Store buffering with 64-bit words.
//
//gomem:case ORDER.ATOMIC.SC
//gomem:race silent
//gomem:outcome forbidden 0 0 : both loads ran before either store
//gomem:outcome required 0 1 : the first actor ran first
//gomem:outcome required 1 0 : the second actor ran first
//gomem:outcome allowed 1 1 : both stores came before both loads
func StoreBuffering64() {
	trials := new([check.Batch]wide)
	check.Stress(
		func(i int) { trials[i] = wide{} },
		func(i int) check.Key { return check.Ints(int(trials[i].r[0].word), int(trials[i].r[1].word)) },
		func(i int) {
			atomic.StoreUint64(&trials[i].bits, 1)
			trials[i].r[0].word = int32(atomic.LoadUint64(&trials[i].other))
		},
		func(i int) {
			atomic.StoreUint64(&trials[i].other, 1)
			trials[i].r[1].word = int32(atomic.LoadUint64(&trials[i].bits))
		})
}

// Store buffering with Swap for the store and a failing CompareAndSwap for the load.
//
//gomem:case ORDER.ATOMIC.SC
//gomem:race silent
//gomem:outcome forbidden 0 0 : both comparisons ran before either swap
//gomem:outcome required 0 1 : the first actor ran first
//gomem:outcome required 1 0 : the second actor ran first
//gomem:outcome allowed 1 1 : both swaps came before both comparisons
func StoreBufferingReadModifyWrite() {
	compare := func(p *place) int32 {
		if atomic.CompareAndSwapInt32(&p.word, 0, 0) {
			return 0
		}
		return 1
	}
	litmus(2,
		func(t *trial) {
			atomic.SwapInt32(&t.x.word, 1)
			t.r[0].word = compare(&t.y)
		},
		func(t *trial) {
			atomic.SwapInt32(&t.y.word, 1)
			t.r[1].word = compare(&t.x)
		})
}

// Message passing: who sees the second of two stores sees the first.
//
//gomem:case ORDER.ATOMIC.SC
//gomem:race silent
//gomem:outcome forbidden 1 0 : the second store was seen without the first
//gomem:outcome required 0 0 : the reader ran first
//gomem:outcome required 1 1 : the writer ran first
//gomem:outcome allowed 0 1 : the first store came between the loads
func MessagePassing() {
	litmus(2,
		func(t *trial) {
			atomic.StoreInt32(&t.x.word, 1)
			atomic.StoreInt32(&t.y.word, 1)
		},
		func(t *trial) {
			t.read(0, &t.y)
			t.read(1, &t.x)
		})
}

// Message passing from a 64-bit word to a pointer.
//
//gomem:case ORDER.ATOMIC.SC
//gomem:race silent
//gomem:outcome forbidden 1 0 : the pointer was seen without the number stored before it
//gomem:outcome required 0 0 : the reader ran first
//gomem:outcome required 1 1 : the writer ran first
//gomem:outcome allowed 0 1 : the number was stored between the loads
func MessagePassingPointer() {
	trials := new([check.Batch]wide)
	check.Stress(
		func(i int) { trials[i] = wide{} },
		func(i int) check.Key { return check.Ints(int(trials[i].r[0].word), int(trials[i].r[1].word)) },
		func(i int) {
			atomic.StoreUint64(&trials[i].bits, 1)
			atomic.StorePointer(&trials[i].pointer, unsafe.Pointer(&trials[i]))
		},
		func(i int) {
			t := &trials[i]
			if atomic.LoadPointer(&t.pointer) != nil {
				t.r[0].word = 1
			}
			t.r[1].word = int32(atomic.LoadUint64(&t.bits))
		})
}

// Load buffering: of two actors that each load a word and then store the other's, one at least loads before the other's store.
//
//gomem:case ORDER.ATOMIC.SC
//gomem:race silent
//gomem:outcome forbidden 1 1 : each load saw a store that comes after the other load
//gomem:outcome required 0 1 : the first actor ran first
//gomem:outcome required 1 0 : the second actor ran first
//gomem:outcome allowed 0 0 : both loads came before both stores
func LoadBuffering() {
	litmus(2,
		func(t *trial) {
			t.read(0, &t.x)
			atomic.StoreInt32(&t.y.word, 1)
		},
		func(t *trial) {
			t.read(1, &t.y)
			atomic.StoreInt32(&t.x.word, 1)
		})
}

// R: when the second actor's store of y came last, its load sees the x that the first actor stored before its own y. The
// outcome ends with y.
//
//gomem:case ORDER.ATOMIC.SC
//gomem:race silent
//gomem:outcome forbidden 0 2 : x was stored before y=1, y=1 before y=2, y=2 before the load, which missed x
//gomem:outcome required 1 2 : the first actor ran first
//gomem:outcome required 0 1 : the second actor ran first
//gomem:outcome allowed 1 1 : y=2 came before y=1, and x before the load
func TestR() {
	litmusFinal(1, func(t *trial) []int32 { return []int32{t.y.word} },
		func(t *trial) {
			atomic.StoreInt32(&t.x.word, 1)
			atomic.StoreInt32(&t.y.word, 1)
		},
		func(t *trial) {
			atomic.StoreInt32(&t.y.word, 2)
			t.read(0, &t.x)
		})
}

// S: who loads y=1 and then stores x overwrites the x that was stored before y. The outcome ends with x.
//
//gomem:case ORDER.ATOMIC.SC
//gomem:race silent
//gomem:outcome forbidden 1 2 : x=2 came before y=1, which was seen before x=1, yet x=2 is what stays
//gomem:outcome required 1 1 : the first actor ran first
//gomem:outcome required 0 2 : the second actor ran first
//gomem:outcome allowed 0 1 : y was loaded before its store, and x=1 came last
func TestS() {
	litmusFinal(1, func(t *trial) []int32 { return []int32{t.x.word} },
		func(t *trial) {
			atomic.StoreInt32(&t.x.word, 2)
			atomic.StoreInt32(&t.y.word, 1)
		},
		func(t *trial) {
			t.read(0, &t.y)
			atomic.StoreInt32(&t.x.word, 1)
		})
}

// 2+2W: of two actors that store the same words in opposite order, one's second store stays. The outcome is x and y.
//
//gomem:case ORDER.ATOMIC.SC
//gomem:race silent
//gomem:outcome forbidden 1 1 : both first stores came after the other actor's second store
//gomem:outcome required 2 1 : the first actor ran first
//gomem:outcome required 1 2 : the second actor ran first
//gomem:outcome allowed 2 2 : both second stores came last
func TwoPlusTwoWrites() {
	litmusFinal(0, func(t *trial) []int32 { return []int32{t.x.word, t.y.word} },
		func(t *trial) {
			atomic.StoreInt32(&t.x.word, 1)
			atomic.StoreInt32(&t.y.word, 2)
		},
		func(t *trial) {
			atomic.StoreInt32(&t.y.word, 1)
			atomic.StoreInt32(&t.x.word, 2)
		})
}
