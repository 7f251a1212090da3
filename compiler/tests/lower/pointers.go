// Pointers to pointers: named types that point to themselves, for which C has no type, many levels of others, and long chains of operands.
package main

import "fmt"

type P *P
type A *B
type B *A
type L **L

type holder struct {
	p P
	q *P
	a A
}

var global P
var sink any

func through(p P) P { return *p }

func named() (r P, q **P) {
	defer func() { r = *r; s := &r; q = &s }()
	var x P
	x = &x
	return x, nil
}

type pp *[2]pp

func endless() {
	var p P
	fmt.Println(p == nil)
	p = &p
	fmt.Println(*p == p, **p == p, ******p == p)
	var a A
	var b B
	a = &b
	b = &a
	fmt.Println(*a == b, **a == a, ****a == a)
	var l L
	l2 := &l
	l = &l2
	fmt.Println(*l2 == l, **l == l)
	h := holder{p: p, q: &p, a: a}
	h.p = *h.q
	*h.q = nil
	fmt.Println(h.p == nil, *h.p == nil, p == nil, **h.a == a)
	func() {
		p = P(&h.p)
		p := &p
		fmt.Println(**p == h.p, *through(P(p)) == h.p)
		sink = p
	}()
	global = &global
	global = *global
	fmt.Println(global == *global, global != nil)
	ps := []P{global, p, nil}
	for i, x := range ps {
		ps[i] = *(&x)
		q := new(P)
		*q = x
		sink = q
	}
	fmt.Println(ps[0] == global, len(ps))
	m := map[P]int{global: 1, p: 2}
	m[global]++
	fmt.Println(m[global], m[p], m[nil])
	ch := make(chan P, 1)
	ch <- global
	fmt.Println(<-ch == global)
	sink = global
	fmt.Println(sink.(P) == global, fmt.Sprintf("%T", sink))
	r, q := named()
	fmt.Println(*r == r, **q != nil)
	var arr pp
	arr = &[2]pp{}
	arr[1] = arr
	fmt.Println(arr[1][1][1][0] == nil)
	go func(x P) { ch <- *x }(global)
	fmt.Println(<-ch == global)
	defer func() { fmt.Println(recover()) }()
	var n P
	fmt.Println(**n)
}

type node struct {
	v    int
	next *node
	in   struct{ to struct{ p *node } }
	a    [2]*node
	s    []*node
	m    map[int]*node
	i    any
	f    func(int) *node
}

func (n *node) me() *node { return n }

func same(n *node) *node { return n }

func deep() {
	x := 7
	p1 := &x
	p2 := &p1
	p3 := &p2
	p4 := &p3
	p5 := &p4
	p6 := &p5
	p7 := &p6
	p8 := &p7
	p9 := &p8
	fmt.Println(*********p9, ********p9 == p1)
	*********p9 = 8
	*********p9++
	*********p9 *= 2
	fmt.Println(x)
	y := 3
	********p9 = &y
	fmt.Println(*p1, fmt.Sprintf("%T", p9))
	new9 := new(*********string)
	fmt.Println(*new9 == nil)

	n := &node{v: 3}
	n.next, n.in.to.p, n.a, n.s, n.m, n.i = n, n, [2]*node{n, n}, []*node{n, n}, map[int]*node{1: n}, n
	n.f = func(int) *node { return n }
	fmt.Println(n.next.next.next.next.next.next.next.next.next.next.next.next.v)
	n.next.next.next.next.next.next.next.next.next.next.next.next.v++
	fmt.Println(n.in.to.p.in.to.p.in.to.p.in.to.p.in.to.p.in.to.p.in.to.p.in.to.p.in.to.p.in.to.p.in.to.p.in.to.p.v)
	n.in.to.p.in.to.p.in.to.p.in.to.p.in.to.p.in.to.p.in.to.p.in.to.p.in.to.p.in.to.p.in.to.p.in.to.p.v++
	fmt.Println(n.a[1].a[1].a[1].a[1].a[1].a[1].a[1].a[1].a[1].a[1].a[1].a[1].v)
	n.a[1].a[1].a[1].a[1].a[1].a[1].a[1].a[1].a[1].a[1].a[1].a[1].v++
	fmt.Println(n.s[1].s[1].s[1].s[1].s[1].s[1].s[1].s[1].s[1].s[1].s[1].s[1].v)
	n.s[1].s[1].s[1].s[1].s[1].s[1].s[1].s[1].s[1].s[1].s[1].s[1].v++
	fmt.Println(n.m[1].m[1].m[1].m[1].m[1].m[1].m[1].m[1].m[1].m[1].m[1].m[1].v)
	n.m[1].m[1].m[1].m[1].m[1].m[1].m[1].m[1].m[1].m[1].m[1].m[1].v++
	fmt.Println(n.i.(*node).i.(*node).i.(*node).i.(*node).i.(*node).i.(*node).i.(*node).i.(*node).i.(*node).i.(*node).i.(*node).i.(*node).v)
	n.i.(*node).i.(*node).i.(*node).i.(*node).i.(*node).i.(*node).i.(*node).i.(*node).i.(*node).i.(*node).i.(*node).i.(*node).v++
	fmt.Println(n.f(1).f(1).f(1).f(1).f(1).f(1).f(1).f(1).f(1).f(1).f(1).f(1).v)
	n.f(1).f(1).f(1).f(1).f(1).f(1).f(1).f(1).f(1).f(1).f(1).f(1).v++
	fmt.Println(n.me().me().me().me().me().me().me().me().me().me().me().me().v)
	n.me().me().me().me().me().me().me().me().me().me().me().me().v++
	fmt.Println(same(same(same(same(same(same(same(same(same(same(same(same(n)))))))))))).v)
	n.next.next.next.next.next.next.next.next.next.next.next.next = n
	n.in.to.p.in.to.p.in.to.p.in.to.p.in.to.p.in.to.p.in.to.p.in.to.p.in.to.p.in.to.p.in.to.p.in.to.p.i = n
	n.a[1].a[1].a[1].a[1].a[1].a[1].a[1].a[1].a[1].a[1].a[1].a[1].s = n.s
	at := []int{0, 2, 1}
	fmt.Println(at[at[at[at[at[at[at[at[at[at[at[at[1]]]]]]]]]]]], (1 << 1))
	at[at[at[at[at[at[at[at[at[at[at[at[1]]]]]]]]]]]] = 5
	fmt.Println(at)
}

func main() {
	endless()
	deep()
}
