// Several assignments at once: operands first, then the stores and what they panic for, from left to right.
package main

import "fmt"

type point struct {
	next *point
	v    int
}

func try(f func()) {
	defer func() { fmt.Println(recover()) }()
	f()
}

func main() {
	x := []int{1, 2, 3}
	try(func() { x[1], x[3] = 4, 5 })
	fmt.Println(x)
	var p *point
	try(func() { x[2], p.v = 6, 7 })
	fmt.Println(x)
	n := 0
	try(func() { n, x[len(x)] = 4, 5 })
	fmt.Println(n, x)
	var arr [3]int
	i := 3
	try(func() { n, arr[i] = 5, 5 })
	fmt.Println(n)
	q := &arr
	try(func() { n, q[i] = 6, 5 })
	fmt.Println(n)
	var ip *int
	try(func() { n, *ip = 7, 5 })
	fmt.Println(n)
	q = nil
	try(func() { n, q[1] = 8, 5 })
	fmt.Println(n)
	two := func() (int, int) { return 9, 10 }
	try(func() { n, x[i] = two() })
	fmt.Println(n)
	try(func() { n, p.next.v = 11, 5 })
	fmt.Println(n)
	var xs [][]int
	try(func() { n, xs[0][0] = 12, 5 })
	fmt.Println(n)
	var m map[string]int
	try(func() { n, m["a"] = 13, 5 })
	fmt.Println(n)
	var a any = 1
	var ok bool
	try(func() { x[5], ok = a.(int) })
	fmt.Println(ok)
	try(func() { x[0], x[i], x[1] = 20, 21, 22 })
	fmt.Println(x)
	try(func() { x[0], x[1], x[2] = x[2], x[0], x[1] })
	fmt.Println(x)
	try(func() { x[i] = func() int { fmt.Println("called"); return 1 }() })
	try(func() { p.v = func() int { fmt.Println("called"); return 1 }() })
	try(func() { *ip = func() int { fmt.Println("called"); return 1 }() })
	try(func() { q[1] = func() int { fmt.Println("called"); return 1 }() })
	var ms map[string]int
	try(func() { ms["a"] = func() int { fmt.Println("called"); return 1 }() })
	try(func() { x[i] += func() int { fmt.Println("called"); return 1 }() })
}

func init() {
	i := 0
	var arr [3]int
	i, arr[i] = 1, 55
	fmt.Println(i, arr)
	var g [2][2]struct{ a, b int }
	j := 0
	i, j, g[i][j].b = 0, 1, 7
	fmt.Println(i, j, g)
	p := &point{v: 1}
	q := p
	p, p.v = &point{v: 2}, 3
	fmt.Println(p.v, q.v)
	s := []int{1, 2}
	s, s[1] = nil, 9
	fmt.Println(s)
	l := &point{}
	l.next, l = &point{v: 4}, l.next
	fmt.Println(l)
}
