// What inlining makes of calls: results, values that nobody uses, receivers, variadic calls, jumps, closures, panics and recursion.
package main

import (
	"fmt"
	"runtime"
	"strings"
)

var trail []string

func step(s string) int { trail = append(trail, s); return len(trail) }

func add(a, b int) int { return a + b }

func two(n int) (int, error) {
	if n < 0 {
		return 0, fmt.Errorf("negative %d", n)
	}
	return n * 2, nil
}

func named(n int) (r int, s string) {
	r, s = n, "named"
	if n == 0 {
		return
	}
	return s2i(s), "early"
}

func s2i(s string) int { return len(s) }

func swap[T any](a, b T) (T, T) { return b, a }

func sum(first int, rest ...int) int {
	for _, x := range rest {
		first += x
	}
	return first
}

func find(list []int, x int) int {
	for i, y := range list {
		if y == x {
			return i
		}
	}
	return -1
}

func kind(x any) string {
	switch x := x.(type) {
	case int:
		return fmt.Sprint("int ", x)
	case string:
		return "string " + x
	}
	return "other"
}

func call(f func(int)) { f(2) }

func twice(f func()) { f(); f() }

func replaced(f func()) { f = made(); f() }

func made() func() { fmt.Println("made"); return func() { fmt.Println("called") } }

type counter struct{ n int }

func (c *counter) inc() int { c.n++; return c.n }
func (c counter) get() int  { return c.n }

type outer struct {
	*counter
	name string
}

type getter interface{ get() int }

func odd(n int) bool {
	if n == 0 {
		return false
	}
	return even(n - 1)
}

func even(n int) bool {
	if n == 0 {
		return true
	}
	return odd(n - 1)
}

func escape(x int) *int { return &x }

func div(a, b int) int { return a / b }

func try(f func()) {
	defer func() { fmt.Println(recover()) }()
	f()
}

func results() {
	a, err := two(4)
	fmt.Println(a, err)
	_, err = two(-1)
	fmt.Println(err)
	fmt.Println(named(0))
	fmt.Println(named(5))
	x, y := swap("a", "b")
	fmt.Println(x, y)
	fmt.Println(sum(1), sum(1, 2, 3), sum(1, []int{4, 5}...))
	fmt.Println(find([]int{1, 2, 3}, 2), find(nil, 1))
	fmt.Println(kind(1), kind("s"), kind(nil))
	fmt.Println(add(step("a"), add(step("b"), step("c"))), trail)
	fmt.Println(odd(7), even(7))
	p, q := escape(1), escape(1)
	*p = 5
	fmt.Println(*p, *q)
	for i := range 3 {
		if find([]int{0, 1}, i) < 0 {
			break
		}
		fmt.Print(i, " ")
	}
	fmt.Println()
}

func closures() {
	x := add(1, 2)
	f := func(n int) { x += n }
	f(1)
	call(f)
	g := f
	call(g)
	fmt.Println(x)
	replaced(func() { fmt.Println("never") })
	h := func() { x++ }
	k := h
	twice(k)
	twice(func() { defer func() { x += 10 }(); h() })
	fmt.Println(x)
	fs := []func() int{}
	for i := range 3 {
		fs = append(fs, func() int { i += add(i, 1); return i })
	}
	for _, f := range fs {
		fmt.Print(f(), f(), " ")
	}
	fmt.Println(func(a, b int) int { return add(a, b) }(3, 4))
}

func unused() {
	x := add(1, 2)
	f := func(n int) { x += n }
	f(1)
	call(f)
	y := f
	call(y)
}

func methods() {
	o := outer{&counter{3}, "o"}
	fmt.Println(o.inc(), o.get(), o.counter.n)
	var g getter = o
	fmt.Println(g.get(), counter.get(*o.counter), (*counter).inc(o.counter))
	m := o.inc
	m()
	fmt.Println(o.n)
	try(func() { fmt.Println(outer{}.get()) })
	try(func() { fmt.Println((*counter)(nil).inc()) })
	try(func() { fmt.Println(div(step("x"), 0)) })
	fmt.Println(trail[len(trail)-1])
}

func where() string {
	_, file, line, _ := runtime.Caller(1)
	return fmt.Sprint(file[strings.LastIndexByte(file, '/')+1:], ":", line)
}

func through() string { return where() }

func main() {
	results()
	closures()
	unused()
	methods()
	fmt.Println(through(), where())
}
