// Functions that often return before their first call, loops that only clear, numbers that are inline.
package main

import (
	"math"
	"math/bits"
	"runtime"
)

func fib(n int) int {
	if n < 2 {
		return n
	}
	return fib(n-1) + fib(n-2)
}

type list struct {
	next *list
	v    int
}

// The last call of a long chain: the stack grows at some entries, with parameters and what was computed before.
func sum(l *list, depth int) int {
	if l == nil {
		runtime.GC()
		return depth
	}
	next, v := l.next, l.v
	if v < 0 {
		return v
	}
	depth++
	return v + sum(next, depth)
}

func tail(s []int, n int) []int {
	if len(s) == 0 {
		return nil
	}
	m := n
	n++
	if n > 100000 {
		return s[:m]
	}
	s[0] += m
	return append(tail(s[1:], n), s[0])
}

func first(s []int) int {
	if s == nil {
		return -1
	}
	return s[0] + fib(1)
}

type set struct{ words []uint64 }

func (s set) has(n int) bool {
	if n < 0 {
		return false
	}
	return s.words[n/64]>>(n%64)&1 != 0
}

func fails(f func()) {
	defer func() { println(recover().(error).Error()) }()
	f()
}

func clears() {
	a, b, c := []bool{true, true}, []*int{new(int), nil}, []string{"x", "y"}
	d, e, f := []any{1, 2}, []float64{1, 2}, [][]int{{1}, {2}}
	for i := range a {
		a[i] = false
	}
	for i := range b {
		b[i] = nil
	}
	for i := range c {
		c[i] = ""
	}
	for i := range d {
		d[i] = 0
	}
	for i := range e {
		e[i] = 0
	}
	for i := range f {
		f[i] = nil
	}
	println(a[0], a[1], b[0] == nil, c[0]+c[1], d[0].(int), d[1].(int), e[0], e[1], f[0] == nil, f[1] == nil)
	short := a[:1]
	a[0], a[1] = true, true
	for i := range short {
		short[i] = false
	}
	println(a[0], a[1])
}

func apply(f func(float64) float64, x float64) float64 { return f(x) }

func main() {
	println(fib(20))
	var l *list
	for i := 0; i < 30000; i++ {
		l = &list{l, i}
	}
	println(sum(l, 0), sum(&list{nil, -7}, 1))
	r := tail(make([]int, 3000), 5)
	println(len(r), r[0], r[2999])
	println(first(nil), first([]int{4}), set{[]uint64{4}}.has(-1), set{[]uint64{4}}.has(2))
	fails(func() { first([]int{}) })
	fails(func() { set{}.has(70) })
	clears()
	println(apply(math.Sqrt, 2), math.Floor(-2.5), math.Ceil(2.1), math.Trunc(-2.7), math.Abs(-3), math.Copysign(3, -1), math.Mod(7, 3))
	zeros := bits.TrailingZeros64
	println(zeros(8), zeros(0), bits.Len(0), bits.Len8(200), bits.OnesCount16(0xffff), bits.ReverseBytes32(0x01020304), bits.LeadingZeros32(1))
}
