// Package iter has the types of functions that range loops run over.
package iter

// Seq yields values until yield returns false.
type Seq[V any] func(yield func(V) bool)

// Seq2 yields pairs.
type Seq2[K, V any] func(yield func(K, V) bool)

type pulled[K, V any] struct {
	k  K
	v  V
	ok bool
}

// pull runs a sequence in a goroutine of its own, which waits while nothing is asked for. A panic of the sequence reaches the caller.
func pull[K, V any](seq Seq2[K, V]) (next func() (K, V, bool), stop func()) {
	more, out := make(chan bool), make(chan pulled[K, V])
	started, done := false, false
	var failed any
	run := func() {
		defer close(out)
		defer func() { failed = recover() }()
		<-more
		seq(func(k K, v V) bool {
			out <- pulled[K, V]{k, v, true}
			return <-more
		})
	}
	ask := func(want bool) (r pulled[K, V]) {
		if done {
			return r
		}
		if !started {
			started = true
			go run()
		}
		more <- want
		r = <-out
		if !r.ok {
			done = true
			if failed != nil {
				panic(failed)
			}
		}
		return r
	}
	next = func() (K, V, bool) {
		r := ask(true)
		return r.k, r.v, r.ok
	}
	stop = func() {
		if !started {
			done = true
		}
		ask(false)
	}
	return next, stop
}

// Pull turns a sequence into a function that returns its next value.
func Pull[V any](seq Seq[V]) (next func() (V, bool), stop func()) {
	n, stop := pull(func(yield func(struct{}, V) bool) {
		seq(func(v V) bool { return yield(struct{}{}, v) })
	})
	return func() (V, bool) {
		_, v, ok := n()
		return v, ok
	}, stop
}

// Pull2 is Pull for pairs.
func Pull2[K, V any](seq Seq2[K, V]) (next func() (K, V, bool), stop func()) { return pull(seq) }
