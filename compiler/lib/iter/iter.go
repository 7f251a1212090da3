// Package iter has the types of functions that range loops run over.
package iter

import "gomem/rt"

// Seq yields values until yield returns false.
type Seq[V any] func(yield func(V) bool)

// Seq2 yields pairs.
type Seq2[K, V any] func(yield func(K, V) bool)

// puller is a sequence that runs on a goroutine of its own, which waits while nothing is asked for: only one of it and its caller runs.
type puller[K, V any] struct {
	k            K
	v            V
	got          bool // k and v are a pair that was yielded
	asked        bool // next waits for a pair
	done         bool
	exited       bool          // by runtime.Goexit
	failed       any           // what the sequence panicked with
	resume, back chan struct{} // whose turn it is
}

func (p *puller[K, V]) run(seq Seq2[K, V]) {
	returned := false
	defer func() {
		p.failed = recover()
		p.exited = !returned && p.failed == nil
		p.done = true
		close(p.back)
	}()
	if <-p.resume; !p.done {
		seq(p.yield)
	}
	returned = true
}

func (p *puller[K, V]) yield(k K, v V) bool {
	if p.done {
		return false
	}
	if !p.asked {
		panic("iter.Pull: yield called again before next")
	}
	p.asked = false
	p.k, p.v, p.got = k, v, true
	p.back <- struct{}{}
	<-p.resume
	return !p.done
}

// turn lets the sequence run until it yields or is over. Its panic, or its Goexit, is the caller's.
func (p *puller[K, V]) turn() {
	p.resume <- struct{}{}
	<-p.back
	if p.failed != nil {
		panic(p.failed)
	}
	if p.exited {
		rt.Goexit()
	}
}

func (p *puller[K, V]) next() (k K, v V, ok bool) {
	if p.done {
		return
	}
	if p.asked {
		panic("iter.Pull: next called again before yield")
	}
	p.asked = true
	p.turn()
	k, v, ok = p.k, p.v, p.got
	p.k, p.v, p.got = *new(K), *new(V), false
	return
}

func (p *puller[K, V]) stop() {
	if !p.done {
		p.done = true
		p.turn()
	}
}

// Pull turns a sequence into a function that returns its next value.
func Pull[V any](seq Seq[V]) (next func() (V, bool), stop func()) {
	n, stop := Pull2(func(yield func(struct{}, V) bool) {
		seq(func(v V) bool { return yield(struct{}{}, v) })
	})
	return func() (V, bool) {
		_, v, ok := n()
		return v, ok
	}, stop
}

// Pull2 is Pull for pairs.
func Pull2[K, V any](seq Seq2[K, V]) (next func() (K, V, bool), stop func()) {
	p := &puller[K, V]{resume: make(chan struct{}), back: make(chan struct{})}
	go p.run(seq)
	return p.next, p.stop
}
