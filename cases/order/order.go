// Package order holds the cases of the memory model: what happens before what, and what does not.
//
// A guarantee is proved twice: its forbidden outcome never occurs under check.Stress, and the race detector stays silent. A
// non-guarantee (a FREE rule) is a program that the race detector must report in every run. Such a program therefore
// performs both accesses whatever the scheduler does, and nothing on the way orders one before the other: its
// goroutines synchronise only after the access, and a goroutine that must come second waits for a state that carries no
// order (see passed).
package order

import (
	"runtime"
	"sync/atomic"
	"unsafe"

	"gomem/cases/check"
)

// A place is a word on a cache line of its own: with two words on one line the actors of a trial rarely overlap.
type place struct {
	word int32
	_    [60]byte
}

// A trial is the state of one litmus test: shared words and the registers in which actors leave what they read.
type trial struct {
	x, y, z place
	r       [4]place
}

func (t *trial) results(n int) []int {
	values := make([]int, n, 8)
	for i := range values {
		values[i] = int(t.r[i].word)
	}
	return values
}

func (t *trial) read(register int, p *place) { t.r[register].word = atomic.LoadInt32(&p.word) }

// litmus runs the actors over trials whose outcome is their first n registers.
func litmus(n int, actors ...func(t *trial)) {
	observe(func(t *trial) check.Key { return check.Ints(t.results(n)...) }, actors...)
}

// litmusFinal is litmus for outcomes that end with the final values of the given words.
func litmusFinal(n int, final func(t *trial) []int32, actors ...func(t *trial)) {
	observe(func(t *trial) check.Key {
		values := t.results(n)
		for _, v := range final(t) {
			values = append(values, int(v))
		}
		return check.Ints(values...)
	}, actors...)
}

func observe(outcome func(t *trial) check.Key, actors ...func(t *trial)) {
	trials := new([check.Batch]trial)
	walkers := make([]func(i int), len(actors))
	for a := range actors {
		actor := actors[a]
		walkers[a] = func(i int) { actor(&trials[i]) }
	}
	check.Stress(func(i int) { trials[i] = trial{} }, func(i int) check.Key { return outcome(&trials[i]) }, walkers...)
}

// blocking is the number of trials for actors that may park: a trial costs some microseconds.
func blocking() int { return (check.Trials() + 9) / 10 }

// passed waits until a goroutine has sent to the buffered channel c, and receives nothing: len is no synchronising event.
func passed(c chan bool) { check.Until(func() bool { return len(c) == cap(c) }) }

// gone waits until no more than n goroutines exist. That orders nothing either.
func gone(n int) { check.Until(func() bool { return runtime.NumGoroutine() <= n }) }

// oneProcessor makes the goroutines of a case take turns; its result undoes that.
func oneProcessor() (undo func()) {
	procs := runtime.GOMAXPROCS(1)
	return func() { runtime.GOMAXPROCS(procs) }
}

// parks starts f and, on one processor, yields until f has surely reached the operation that blocks it.
func parks(f func()) {
	go f()
	check.Yields(100)
}

// A wide holds words of the other widths that atomics know, each on a cache line of its own. Its size is a multiple of 64 on
// every target, so that bits and other are aligned to 8 bytes in each element of an allocated array.
type wide struct {
	bits    uint64
	_       [56]byte
	other   uint64
	_       [56]byte
	pointer unsafe.Pointer
	_       [64 - unsafe.Sizeof(uintptr(0))]byte
	data    int32
	_       [60]byte
	r       [4]place
}
