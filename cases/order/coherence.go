package order

// Coherence: all goroutines agree on the order of the atomic writes to one word. ORDER.ATOMIC.SC.

import (
	"sync/atomic"

	"gomem/cases/check"
)

// CoRR: of two loads the second does not see an older value than the first.
//
//gomem:case ORDER.ATOMIC.SC
//gomem:race silent
//gomem:outcome forbidden 1 0 : the second load went back in time
//gomem:outcome required 0 0 : the reader ran first
//gomem:outcome required 1 1 : the writer ran first
//gomem:outcome allowed 0 1 : the store came between the loads
func CoherenceReadRead() {
	litmus(2,
		func(t *trial) { atomic.StoreInt32(&t.x.word, 1) },
		func(t *trial) {
			t.read(0, &t.x)
			t.read(1, &t.x)
		})
}

// CoWR: after its own store an actor loads that value, or one that overwrote it and stays. The outcome ends with x.
//
//gomem:case ORDER.ATOMIC.SC
//gomem:race silent
//gomem:outcome forbidden 0 1 : the actor missed its own store
//gomem:outcome forbidden 0 2 : the actor missed its own store
//gomem:outcome forbidden 2 1 : what overwrote the actor's store was seen and yet did not stay
//gomem:outcome required 1 2 : the first actor ran first
//gomem:outcome required 1 1 : the second actor ran first
//gomem:outcome allowed 2 2 : the other store came between store and load
func CoherenceWriteRead() {
	litmusFinal(1, func(t *trial) []int32 { return []int32{t.x.word} },
		func(t *trial) {
			atomic.StoreInt32(&t.x.word, 1)
			t.read(0, &t.x)
		},
		func(t *trial) { atomic.StoreInt32(&t.x.word, 2) })
}

// CoRW: an actor's store comes after what the same actor loaded before. The outcome ends with x.
//
//gomem:case ORDER.ATOMIC.SC
//gomem:race silent
//gomem:outcome forbidden 1 1 : the load saw the actor's own later store
//gomem:outcome forbidden 1 2 : the load saw the actor's own later store
//gomem:outcome forbidden 2 2 : the loaded value overwrote the store that followed the load
//gomem:outcome required 0 2 : the first actor ran first
//gomem:outcome required 2 1 : the second actor ran first
//gomem:outcome allowed 0 1 : the other store came between load and store
func CoherenceReadWrite() {
	litmusFinal(1, func(t *trial) []int32 { return []int32{t.x.word} },
		func(t *trial) {
			t.read(0, &t.x)
			atomic.StoreInt32(&t.x.word, 1)
		},
		func(t *trial) { atomic.StoreInt32(&t.x.word, 2) })
}

// CoWW: two stores of one actor take effect in their order, for readers and for good. The outcome ends with x.
//
//gomem:case ORDER.ATOMIC.SC
//gomem:race silent
//gomem:outcome forbidden 2 1 2 : the second store was seen before the first
//gomem:outcome forbidden 2 1 1 : the second store was seen before the first
//gomem:outcome forbidden 2 2 1 : the first store overwrote the second
//gomem:outcome forbidden 1 1 1 : the first store overwrote the second
//gomem:outcome forbidden 0 0 1 : the first store overwrote the second
//gomem:outcome required 0 0 2 : the reader ran first
//gomem:outcome required 2 2 2 : the writer ran first
//gomem:outcome allowed 0 1 2
//gomem:outcome allowed 0 2 2
//gomem:outcome allowed 1 1 2
//gomem:outcome allowed 1 2 2
func CoherenceWriteWrite() {
	litmusFinal(2, func(t *trial) []int32 { return []int32{t.x.word} },
		func(t *trial) {
			atomic.StoreInt32(&t.x.word, 1)
			atomic.StoreInt32(&t.x.word, 2)
		},
		func(t *trial) {
			t.read(0, &t.x)
			t.read(1, &t.x)
		})
}

// Two readers see the stores of two writers in the same order.
//
//gomem:case ORDER.ATOMIC.SC
//gomem:race silent
//gomem:outcome forbidden 1 : the readers saw the stores in opposite orders
//gomem:outcome required 0 : the readers can agree on an order
func CoherenceReadersAgree() {
	disagree := func(t *trial) check.Key {
		r := t.results(4)
		if r[0] != 0 && r[1] != 0 && r[0] != r[1] && r[2] == r[1] && r[3] == r[0] {
			return check.Ints(1)
		}
		return check.Ints(0)
	}
	observe(disagree,
		func(t *trial) { atomic.StoreInt32(&t.x.word, 1) },
		func(t *trial) { atomic.StoreInt32(&t.x.word, 2) },
		func(t *trial) {
			t.read(0, &t.x)
			t.read(1, &t.x)
		},
		func(t *trial) {
			t.read(2, &t.x)
			t.read(3, &t.x)
		})
}

// Four actors, each of which adds its own bit, all see the word grow: no load returns a set of bits that lacks one seen earlier.
//
//gomem:case ORDER.ATOMIC.SC
//gomem:race silent
//gomem:outcome forbidden 0 : some actor missed its own bit, or a bit that it had seen
//gomem:outcome required 1 : what each actor saw only grew
func CoherenceManyActors() {
	var actors []func(t *trial)
	for a := uint(0); a < 4; a++ {
		bit, register := int32(1)<<a, int(a)
		actors = append(actors, func(t *trial) {
			before := atomic.LoadInt32(&t.x.word)
			added := atomic.AddInt32(&t.x.word, bit)
			after := atomic.LoadInt32(&t.x.word)
			if before&^added == 0 && added&bit != 0 && added&^after == 0 {
				t.r[register].word = 1
			}
		})
	}
	observe(func(t *trial) check.Key {
		r := t.results(4)
		return check.Ints(r[0] & r[1] & r[2] & r[3])
	}, actors...)
}
