package sync

import "sync/atomic"

// Once runs one function once.
type Once struct {
	_    noCopy
	done atomic.Uint32
	m    Mutex
}

// Do calls f if it is the first call; all calls return after f has, also when it panicked.
func (o *Once) Do(f func()) {
	if o.done.Load() == 0 {
		o.slow(f)
	}
}

func (o *Once) slow(f func()) {
	o.m.Lock()
	defer o.m.Unlock()
	if o.done.Load() == 0 {
		defer o.done.Store(1)
		f()
	}
}

// outcome is what one call of a function left: that it returned, or the panic.
type outcome struct {
	once     Once
	returned bool
	value    any
}

func (o *outcome) do(f func()) {
	o.once.Do(func() {
		defer func() {
			if !o.returned {
				o.value = recover()
				panic(o.value)
			}
		}()
		f()
		o.returned = true
	})
	if !o.returned {
		panic(o.value)
	}
}

// OnceFunc makes of f a function that runs it once, and panics again each time if it did.
func OnceFunc(f func()) func() {
	o := new(outcome)
	return func() { o.do(f) }
}

// OnceValue is OnceFunc for a function with a result.
func OnceValue[T any](f func() T) func() T {
	o := new(outcome)
	var result T
	return func() T {
		o.do(func() { result = f() })
		return result
	}
}

// OnceValues is OnceFunc for a function with two results.
func OnceValues[T1, T2 any](f func() (T1, T2)) func() (T1, T2) {
	o := new(outcome)
	var r1 T1
	var r2 T2
	return func() (T1, T2) {
		o.do(func() { r1, r2 = f() })
		return r1, r2
	}
}
