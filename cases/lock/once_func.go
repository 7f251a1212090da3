//go:build go1.21

package lock

// Functions that run once: SYNC.ONCEFUNC, SYNC.ONCEFUNC.PANIC, SYNC.ONCEVALUE.

import (
	"sync"

	"gomem/cases/check"
)

// The argument of OnceFunc runs at the first call, not before, and at no later one.
//
//gomem:case SYNC.ONCEFUNC
//gomem:since 1.21
//gomem:race silent
func OnceFuncRunsOnce() {
	ran := 0
	f := sync.OnceFunc(func() { ran++ })
	check.Equal("before the first call", ran, 0)
	group(4, func(int) {
		f()
		if ran != 1 {
			check.Fail("after a call: ran", ran)
		}
	})
	f()
	check.Equal("after all calls", ran, 1)
}

// When the function panics the first call panics with its value, and so does every later call.
//
//gomem:case SYNC.ONCEFUNC.PANIC
//gomem:since 1.21
func OnceFuncRepeatsPanic() {
	ran := 0
	value := &ran
	fail := func() { ran++; panic(value) }
	f := sync.OnceFunc(fail)
	v := sync.OnceValue(func() int { fail(); return 1 })
	vs := sync.OnceValues(func() (int, error) { fail(); return 1, nil })
	for i := 0; i < 3; i++ {
		check.That("OnceFunc", check.Panics(f) == value)
		check.That("OnceValue", check.Panics(func() { v() }) == value)
		check.That("OnceValues", check.Panics(func() { vs() }) == value)
	}
	check.Equal("functions run", ran, 3)
}

// OnceValue and OnceValues compute once and give the same results at every call.
//
//gomem:case SYNC.ONCEVALUE
//gomem:since 1.21
//gomem:race silent
func OnceValueComputesOnce() {
	one, two := 0, 0
	value := sync.OnceValue(func() *int { one++; return new(int) })
	values := sync.OnceValues(func() (string, *int) { two++; return "text", new(int) })
	check.Equal("computed before the first call", one+two, 0)
	v := make([]*int, 4)
	p := make([]*int, 4)
	group(4, func(i int) {
		v[i] = value()
		s, q := values()
		p[i] = q
		check.Equal("the first of two results", s, "text")
	})
	for i := range v {
		check.That("one result", v[i] != nil && v[i] == v[0])
		check.That("the second of two results", p[i] != nil && p[i] == p[0])
	}
	check.That("computations", one == 1 && two == 1)
}
