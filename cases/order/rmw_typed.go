//go:build go1.19

package order

// The atomic types behave as the functions: ORDER.ATOMIC.RMW, ORDER.ATOMIC.PUBLISH.

import (
	"sync/atomic"

	"gomem/cases/check"
)

// The methods of the atomic types lose no update and return the right values. The outcome counts what is wrong.
//
//gomem:case ORDER.ATOMIC.RMW
//gomem:race silent
//gomem:outcome required 0 : every update was counted once
func TypedReadModifyWrite() {
	type words struct {
		i32 atomic.Int32
		i64 atomic.Int64
		u32 atomic.Uint32
		u64 atomic.Uint64
		ptr atomic.Uintptr
		won [2]int32
	}
	trials := make([]*words, check.Batch)
	actor := func(which int32) func(i int) {
		return func(i int) {
			t := trials[i]
			t.i32.Add(1)
			t.i64.Add(1 << 40)
			t.ptr.Add(3)
			for old := t.u32.Load(); !t.u32.CompareAndSwap(old, old+1); {
				old = t.u32.Load()
			}
			t.won[which] = int32(t.u64.Swap(1))
		}
	}
	check.StressN(blocking(),
		func(i int) { trials[i] = new(words) },
		func(i int) check.Key {
			t := trials[i]
			return check.Ints(bit(t.i32.Load() != 2) + bit(t.i64.Load() != 2<<40) + bit(t.u32.Load() != 2) +
				bit(t.ptr.Load() != 6) + bit(t.won[0]+t.won[1] != 1))
		},
		actor(0), actor(1))
}

// Store buffering by the methods of the atomic types.
//
//gomem:case ORDER.ATOMIC.SC
//gomem:race silent
//gomem:outcome forbidden 0 0 : both loads ran before either store
//gomem:outcome required 0 1 : the first actor ran first
//gomem:outcome required 1 0 : the second actor ran first
//gomem:outcome allowed 1 1 : both stores came before both loads
func TypedStoreBuffering() {
	trials := new([check.Batch]struct {
		x atomic.Bool
		_ [60]byte
		y atomic.Int64
		_ [56]byte
		r [2]place
	})
	check.Stress(
		func(i int) {
			t := &trials[i]
			t.x.Store(false)
			t.y.Store(0)
			t.r = [2]place{}
		},
		func(i int) check.Key { return check.Ints(int(trials[i].r[0].word), int(trials[i].r[1].word)) },
		func(i int) {
			trials[i].x.Store(true)
			trials[i].r[0].word = int32(trials[i].y.Load())
		},
		func(i int) {
			trials[i].y.Store(1)
			trials[i].r[1].word = int32(bit(trials[i].x.Load()))
		})
}

// A store of an atomic.Pointer that is seen by Load carries the plain writes before it.
//
//gomem:case ORDER.ATOMIC.PUBLISH
//gomem:race silent
//gomem:outcome forbidden 1 0 : the pointer was seen without what was written behind it
//gomem:outcome required 0 0 : the reader ran first
//gomem:outcome required 1 1 : the writer ran first
func TypedPointerPublishes() {
	trials := new([check.Batch]struct {
		p    atomic.Pointer[place]
		data place
		r    [2]place
	})
	check.Stress(
		func(i int) {
			t := &trials[i]
			t.p.Store(nil)
			t.data, t.r = place{}, [2]place{}
		},
		func(i int) check.Key { return check.Ints(int(trials[i].r[0].word), int(trials[i].r[1].word)) },
		func(i int) {
			trials[i].data.word = 1
			trials[i].p.Store(&trials[i].data)
		},
		func(i int) {
			if p := trials[i].p.Load(); p != nil {
				trials[i].r[0].word = 1
				trials[i].r[1].word = p.word
			}
		})
}
