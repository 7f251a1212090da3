package order

// Litmus tests of three and four actors: ORDER.ATOMIC.SC. With fewer processors than actors, pairs of them overlap.

import "sync/atomic"

// WRC, write to read causality: who sees y, stored by one who had seen x, sees x.
//
//gomem:case ORDER.ATOMIC.SC
//gomem:race silent
//gomem:outcome forbidden 1 1 0 : x was seen before y was stored, y was seen, and then x was missed
//gomem:outcome required 1 1 1 : the actors ran in the order 1, 2, 3
//gomem:outcome required 0 1 0 : the actors ran in the order 2, 3, 1
//gomem:outcome required 1 0 0 : the actors ran in the order 3, 1, 2
//gomem:outcome allowed 0 0 0
//gomem:outcome allowed 0 1 1
//gomem:outcome allowed 0 0 1
//gomem:outcome allowed 1 0 1
func WriteToReadCausality() {
	litmus(3,
		func(t *trial) { atomic.StoreInt32(&t.x.word, 1) },
		func(t *trial) {
			t.read(0, &t.x)
			atomic.StoreInt32(&t.y.word, 1)
		},
		func(t *trial) {
			t.read(1, &t.y)
			t.read(2, &t.x)
		})
}

// RWC, read to write causality: an x seen before y was missed is older than y, so who stores y sees it.
//
//gomem:case ORDER.ATOMIC.SC
//gomem:race silent
//gomem:outcome forbidden 1 0 0 : x was stored before the first load, which came before y was stored, whose writer missed x
//gomem:outcome required 1 0 1 : the actors ran in the order 1, 2, 3
//gomem:outcome required 0 0 0 : the actors ran in the order 2, 3, 1
//gomem:outcome required 1 1 0 : the actors ran in the order 3, 1, 2
//gomem:outcome allowed 0 1 1
//gomem:outcome allowed 0 0 1
//gomem:outcome allowed 0 1 0
//gomem:outcome allowed 1 1 1
func ReadToWriteCausality() {
	litmus(3,
		func(t *trial) { atomic.StoreInt32(&t.x.word, 1) },
		func(t *trial) {
			t.read(0, &t.x)
			t.read(1, &t.y)
		},
		func(t *trial) {
			atomic.StoreInt32(&t.y.word, 1)
			t.read(2, &t.x)
		})
}

// ISA2: message passing goes on through a third actor and a third word.
//
//gomem:case ORDER.ATOMIC.SC
//gomem:race silent
//gomem:outcome forbidden 1 1 0 : x was stored before y, y was seen before z was stored, z was seen, and then x was missed
//gomem:outcome required 1 1 1 : the actors ran in the order 1, 2, 3
//gomem:outcome required 0 1 0 : the actors ran in the order 2, 3, 1
//gomem:outcome required 1 0 0 : the actors ran in the order 3, 1, 2
//gomem:outcome allowed 0 0 0
//gomem:outcome allowed 0 0 1
//gomem:outcome allowed 0 1 1
//gomem:outcome allowed 1 0 1
func MessagePassingChain() {
	litmus(3,
		func(t *trial) {
			atomic.StoreInt32(&t.x.word, 1)
			atomic.StoreInt32(&t.y.word, 1)
		},
		func(t *trial) {
			t.read(0, &t.y)
			atomic.StoreInt32(&t.z.word, 1)
		},
		func(t *trial) {
			t.read(1, &t.z)
			t.read(2, &t.x)
		})
}

// IRIW, independent reads of independent writes: two readers see two stores in the same order.
//
//gomem:case ORDER.ATOMIC.SC
//gomem:race silent
//gomem:outcome forbidden 1 0 1 0 : one reader saw x before y, the other y before x
//gomem:outcome allowed 1 1 1 1
//gomem:outcome required 0 1 1 0 : the actors ran in the order 2, 3, 4, 1
//gomem:outcome allowed 0 0 0 0
//gomem:outcome required 1 1 0 0 : the actors ran in the order 4, 1, 2, 3
//gomem:outcome allowed 0 0 0 1
//gomem:outcome allowed 0 0 1 0
//gomem:outcome allowed 0 0 1 1
//gomem:outcome allowed 0 1 0 0
//gomem:outcome allowed 0 1 0 1
//gomem:outcome allowed 0 1 1 1
//gomem:outcome allowed 1 0 0 0
//gomem:outcome allowed 1 0 0 1
//gomem:outcome allowed 1 0 1 1
//gomem:outcome allowed 1 1 0 1
//gomem:outcome allowed 1 1 1 0
func IndependentReads() {
	litmus(4,
		func(t *trial) { atomic.StoreInt32(&t.x.word, 1) },
		func(t *trial) { atomic.StoreInt32(&t.y.word, 1) },
		func(t *trial) {
			t.read(0, &t.x)
			t.read(1, &t.y)
		},
		func(t *trial) {
			t.read(2, &t.y)
			t.read(3, &t.x)
		})
}

// Store buffering in a ring of three: the actor whose store comes last sees its neighbour's.
//
//gomem:case ORDER.ATOMIC.SC
//gomem:race silent
//gomem:outcome forbidden 0 0 0 : no store was seen, although one came last
//gomem:outcome required 0 0 1 : the actors ran in the order 1, 2, 3
//gomem:outcome required 1 0 0 : the actors ran in the order 2, 3, 1
//gomem:outcome required 0 1 0 : the actors ran in the order 3, 1, 2
//gomem:outcome allowed 0 1 1
//gomem:outcome allowed 1 0 1
//gomem:outcome allowed 1 1 0
//gomem:outcome allowed 1 1 1
func StoreBufferingRing() {
	litmus(3,
		func(t *trial) {
			atomic.StoreInt32(&t.x.word, 1)
			t.read(0, &t.y)
		},
		func(t *trial) {
			atomic.StoreInt32(&t.y.word, 1)
			t.read(1, &t.z)
		},
		func(t *trial) {
			atomic.StoreInt32(&t.z.word, 1)
			t.read(2, &t.x)
		})
}

// Load buffering in a ring of three: the actor that loads first sees nothing.
//
//gomem:case ORDER.ATOMIC.SC
//gomem:race silent
//gomem:outcome forbidden 1 1 1 : each load saw a store that comes after another load
//gomem:outcome required 0 1 1 : the actors ran in the order 1, 2, 3
//gomem:outcome required 1 0 1 : the actors ran in the order 2, 3, 1
//gomem:outcome required 1 1 0 : the actors ran in the order 3, 1, 2
//gomem:outcome allowed 0 0 0
//gomem:outcome allowed 0 0 1
//gomem:outcome allowed 0 1 0
//gomem:outcome allowed 1 0 0
func LoadBufferingRing() {
	litmus(3,
		func(t *trial) {
			t.read(0, &t.x)
			atomic.StoreInt32(&t.y.word, 1)
		},
		func(t *trial) {
			t.read(1, &t.y)
			atomic.StoreInt32(&t.z.word, 1)
		},
		func(t *trial) {
			t.read(2, &t.z)
			atomic.StoreInt32(&t.x.word, 1)
		})
}
