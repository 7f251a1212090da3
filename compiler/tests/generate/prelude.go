// What all programs use: printing, guards, fuel, values behind the compiler's back.
package main

const prelude = `package main

import (
	"fmt"
	"os"
	"runtime"
	"sort"
	"strconv"
)

type integers interface {
	~int | ~int8 | ~int16 | ~int32 | ~int64 | ~uint | ~uint8 | ~uint16 | ~uint32 | ~uint64
}

type ordered interface {
	integers | ~string
}

type failure struct {
	code int
	text string
}

func (f failure) Error() string { return f.text + strconv.Itoa(f.code) }

func errorf(n int) error { return fmt.Errorf("error %d: %w", n, failure{n, "inner"}) }

var (
	fuel  int
	lines int
	sum   uint64
	sink  any
	_     = os.Exit
	_     = runtime.GC
)

// show prints its operands, and after so many lines only a checksum at the end.
func show(label string, values ...any) {
	line := fmt.Sprintln(append([]any{label}, values...)...)
	for i := 0; i < len(line); i++ {
		sum = sum*1099511628211 ^ uint64(line[i])
	}
	if lines++; lines < 300 {
		os.Stdout.WriteString(line)
	}
}

func finish() { fmt.Println("sum", sum, lines) }

// step spends fuel, so that every program ends.
func step() {
	if fuel--; fuel < 0 {
		panic("out of fuel")
	}
}

func guard(label string, f func()) {
	fuel = 400
	defer func() {
		if r := recover(); r != nil {
			fuel = 400
			show(label, caught(r))
		}
	}()
	f()
}

func caught(r any) string {
	if e, ok := r.(error); ok {
		if _, ok := r.(runtime.Error); ok {
			return "run-time panic " + e.Error()
		}
		return "error " + e.Error()
	}
	return describe(r)
}

// describe prints what no address is in.
func describe(x any) string {
	switch x.(type) {
	case nil, bool, string, int, int8, int16, int32, int64, uint, uint8, uint16, uint32, uint64, float32, float64, complex64, complex128:
		return fmt.Sprintf("%T %v", x, x)
	case fmt.Stringer:
		return fmt.Sprintf("%T stringer", x)
	}
	return fmt.Sprintf("%T", x)
}

// node is what pointers lead on from: variables of it are linked by their addresses.
type node struct {
	n           int
	text        string
	next, other *node
	more        []*node
	x           any
	f           func() int
}

// walk sums what can be reached in so many steps.
func walk(p *node, steps int) int {
	if p == nil || steps <= 0 {
		return 1
	}
	total := p.n%1000 + len(p.text)
	for i := 0; i < len(p.text); i++ {
		total += int(p.text[i])
	}
	total = total*31 + walk(p.next, steps-1)
	total = total*31 + walk(p.other, steps-1)
	for i, q := range p.more {
		if i < 3 {
			total = total*31 + walk(q, steps-2+i%2)
		}
	}
	if q, ok := p.x.(*node); ok {
		total = total*31 + walk(q, steps-1)
	}
	if p.f != nil {
		total += p.f()
	}
	return total
}

//go:noinline
func hide[T any](x T) T { return x }

func to[T any](x T) *T { return &x }

func deref[T any](p *T) (x T) {
	if p != nil {
		x = *p
	}
	return x
}

func at[T any](s []T, i int) (x T) {
	if len(s) > 0 {
		x = s[i%len(s)]
	}
	return x
}

func clip[T any](s []T) []T {
	if len(s) > 40 {
		s = s[:40]
	}
	return s[:len(s):len(s)]
}

func short[S ~string](s S) S {
	if len(s) > 40 {
		s = s[len(s)-40:]
	}
	return s
}

func invoke[A, R any](f func(A) R, a A) (r R) {
	step()
	if f != nil {
		r = f(a)
	}
	return r
}

func keys[K ordered, V any](m map[K]V) []K {
	var all []K
	for k := range m {
		all = append(all, k)
	}
	sort.Slice(all, func(i, j int) bool { return all[i] < all[j] })
	return all
}

// bound is an int near zero, whatever x is.
func bound(x float64) int {
	if x > -1000 && x < 1000 {
		return int(x)
	}
	return 77
}

// churn makes garbage.
func churn() {
	for i := 0; i < 50; i++ {
		sink = make([]*int, i)
	}
}

// deepen makes the stack grow and move.
func deepen(n int) (total byte) {
	var room [256]byte
	room[n] = byte(n)
	if n > 0 {
		total = deepen(n - 1)
	}
	return total + room[n]
}
`
