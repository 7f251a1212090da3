//go:build go1.23

package order

// And and Or: ORDER.ATOMIC.RMW.ANDOR. The outcomes are the old values that the two actors got, then the final value.

import (
	"sync/atomic"
	"unsafe"

	"gomem/cases/check"
)

// Of two concurrent OrInt32 each returns the old value, and neither bit is lost.
//
//gomem:case ORDER.ATOMIC.RMW.ANDOR
//gomem:race silent
//gomem:outcome required 0 1 3 : the first actor ran first
//gomem:outcome required 2 0 3 : the second actor ran first
//gomem:outcome forbidden 0 0 1 : the second actor's bit was lost
//gomem:outcome forbidden 0 0 2 : the first actor's bit was lost
func Or32() {
	two(func(t *wide) int { return int(atomic.OrInt32(t.word32(), 1)) },
		func(t *wide) int { return int(atomic.OrInt32(t.word32(), 2)) },
		(*wide).final32)
}

// Of two concurrent OrUint64 each returns the old value, and neither bit is lost. Values are scaled by 2^32.
//
//gomem:case ORDER.ATOMIC.RMW.ANDOR
//gomem:race silent
//gomem:outcome required 0 1 3 : the first actor ran first
//gomem:outcome required 2 0 3 : the second actor ran first
//gomem:outcome forbidden 0 0 1 : the second actor's bit was lost
//gomem:outcome forbidden 0 0 2 : the first actor's bit was lost
func Or64() {
	two(func(t *wide) int { return int(atomic.OrUint64(t.word64(), 1<<32) >> 32) },
		func(t *wide) int { return int(atomic.OrUint64(t.word64(), 2<<32) >> 32) },
		(*wide).final64)
}

// Two goroutines set a bit each and clear it again as fast as they can, until each has often found that the other one's bit changed
// meanwhile: neither ever finds its own bit otherwise than it left it. The words are the widths of the processor.
//
//gomem:case ORDER.ATOMIC.RMW.ANDOR
func OrAndLoseNothing() {
	var w wide
	toggle("32 bits", func(bit uint64) uint64 { return uint64(atomic.OrInt32(w.word32(), int32(bit))) },
		func(bit uint64) uint64 { return uint64(atomic.AndInt32(w.word32(), ^int32(bit))) })
	toggle("64 bits", func(bit uint64) uint64 { return atomic.OrUint64(w.word64(), bit) },
		func(bit uint64) uint64 { return atomic.AndUint64(w.word64(), ^bit) })
	toggle("a pointer's", func(bit uint64) uint64 { return uint64(atomic.OrUintptr(w.wordPtr(), uintptr(bit))) },
		func(bit uint64) uint64 { return uint64(atomic.AndUintptr(w.wordPtr(), ^uintptr(bit))) })
}

// toggle has two goroutines set and clear their bits. Where one processor is all there is they meet seldom, so turns are bounded, too.
func toggle(width string, or, and func(bit uint64) uint64) {
	cleared, set := "the own bit, cleared, of "+width, "the own bit, set, of "+width
	work := func(mine, others uint64) {
		for last, meetings, n := uint64(0), 0, 0; meetings < 10000 && n < 1000000; n++ {
			old := or(mine)
			check.Equal(cleared, old&mine, 0)
			if old&others != last {
				meetings++
			}
			old = and(mine)
			check.Equal(set, old&mine, mine)
			last = old & others
		}
	}
	check.AtOnce(func() { work(2, 1) }, func() { work(1, 2) })
}

// Or and And of one actor against those of the other: each sets its own bit and clears it again, and no bit of the other is
// touched. The outcome is the old values of the And operations, whose own bit is set, and the final value.
//
//gomem:case ORDER.ATOMIC.RMW.ANDOR
//gomem:race silent
//gomem:outcome required 1 2 0 : one actor after the other
//gomem:outcome allowed 3 2 0 : the first actor cleared its bit while the second one's was set
//gomem:outcome allowed 1 3 0 : the second actor cleared its bit while the first one's was set
//gomem:outcome forbidden 3 3 0 : the later And still saw the bit that the earlier one had cleared
func AndOr32() {
	two(func(t *wide) int {
		atomic.OrInt32(t.word32(), 1)
		return int(atomic.AndInt32(t.word32(), ^1))
	}, func(t *wide) int {
		atomic.OrInt32(t.word32(), 2)
		return int(atomic.AndInt32(t.word32(), ^2))
	}, (*wide).final32)
}

// Of two concurrent AndUint64 that clear different bits each returns the old value, and both bits are cleared.
//
//gomem:case ORDER.ATOMIC.RMW.ANDOR
//gomem:race silent
//gomem:outcome required 3 2 0 : the first actor ran first
//gomem:outcome required 1 3 0 : the second actor ran first
//gomem:outcome forbidden 3 3 1 : the first actor's bit came back
//gomem:outcome forbidden 3 3 2 : the second actor's bit came back
func And64() {
	two(func(t *wide) int {
		atomic.CompareAndSwapUint64(t.word64(), 0, 3<<32)
		return int(atomic.AndUint64(t.word64(), ^uint64(1<<32)) >> 32)
	}, func(t *wide) int {
		atomic.CompareAndSwapUint64(t.word64(), 0, 3<<32)
		return int(atomic.AndUint64(t.word64(), ^uint64(2<<32)) >> 32)
	}, (*wide).final64)
}

// Of two concurrent OrUintptr each returns the old value, and neither bit is lost.
//
//gomem:case ORDER.ATOMIC.RMW.ANDOR
//gomem:race silent
//gomem:outcome required 0 1 3 : the first actor ran first
//gomem:outcome required 2 0 3 : the second actor ran first
//gomem:outcome forbidden 0 0 1 : the second actor's bit was lost
//gomem:outcome forbidden 0 0 2 : the first actor's bit was lost
func OrUintptr() {
	two(func(t *wide) int { return int(atomic.OrUintptr(t.wordPtr(), 1)) },
		func(t *wide) int { return int(atomic.OrUintptr(t.wordPtr(), 2)) },
		(*wide).finalUintptr)
}

// The methods And and Or of the atomic types return the old value and lose no bit.
//
//gomem:case ORDER.ATOMIC.RMW.ANDOR
//gomem:race silent
//gomem:outcome required 0 1 3 : the first actor ran first
//gomem:outcome required 2 0 3 : the second actor ran first
//gomem:outcome forbidden 0 0 1 : the second actor's bit was lost
//gomem:outcome forbidden 0 0 2 : the first actor's bit was lost
func TypedAndOr() {
	set := func(t *wide, bit int32) int {
		typed := (*atomic.Int32)(unsafe.Pointer(t.word32()))
		typed.And(^bit)
		return int(typed.Or(bit))
	}
	two(func(t *wide) int { return set(t, 1) }, func(t *wide) int { return set(t, 2) }, (*wide).final32)
}
