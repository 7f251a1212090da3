// Variables in frames: what deferred calls, closures and loops reach through addresses is kept.
package main

import (
	"runtime"
	"unsafe"
)

type node struct {
	next *node
	id   int
}

type pair struct{ a, b *node }

var sink []*node

// churn collects, and fills what was freed.
func churn() {
	runtime.GC()
	sink = nil
	for i := 0; i < 1000; i++ {
		sink = append(sink, &node{id: -1})
	}
	sink = nil
}

func panicsWithCaptured(m *node) (id int) {
	p := &node{id: 1}
	defer func() {
		recover()
		churn()
		id = p.id
	}()
	p = &node{id: 2}
	return m.id
}

func link(q *pair, n **node) { q.b = *n }

func throughPointers() int {
	var q pair
	r := &q
	n := &node{id: 3}
	link(r, &n)
	n = nil
	churn()
	s := r
	churn()
	return s.b.id
}

func inALoop() (sum int) {
	var held *pair
	for i := 0; i < 4; i++ {
		if held != nil {
			churn()
			sum += held.a.id
		}
		p := pair{a: &node{id: i + 1}}
		if i%2 == 0 {
			held = &p
		}
		use(&p)
	}
	return sum
}

func use(p *pair) { churn() }

func closures() int {
	p := pair{a: &node{id: 5}}
	inner := func() *node { return p.a }
	outer := func() int { return inner().id }
	p.a = &node{id: 6}
	churn()
	return outer()
}

type holder struct{ get func() int }

func closureInStruct() int {
	n := &node{id: 7}
	n = &node{id: 8}
	h := holder{get: func() int { return n.id }}
	churn()
	return h.get()
}

func lateDefer(deep bool) (id int) {
	if deep {
		n := &node{id: 9}
		defer func() { churn(); id = n.id }()
		n = &node{id: 10}
	}
	churn()
	return 0
}

// A number that was a pointer: the caller keeps what it points to.
//
//go:uintptrescapes
//go:noinline
func byNumber(ns ...uintptr) (kept int) {
	runtime.GC()
	for i := 0; i < 4; i++ {
		runtime.GC()
		place(-1)
	}
	for _, n := range ns {
		kept += (*large)(unsafe.Pointer(n)).id
	}
	return kept
}

type large struct {
	id   int
	rest [5000]int
}

//go:noinline
func place(id int) unsafe.Pointer { return unsafe.Pointer(&large{id: id}) }

func numbered() int {
	return byNumber(uintptr(place(1)), uintptr(place(2)))
}

//go:uintptrescapes
//go:noinline
func tell(to chan<- int, ns ...uintptr) { to <- byNumber(ns...) }

func numberedLater() int {
	told := make(chan int, 3)
	go tell(told, uintptr(place(3)), uintptr(place(4)))
	sum := <-told
	func() {
		defer tell(told, uintptr(place(5)))
		for i := 0; i < 1; i++ {
			defer tell(told, uintptr(place(6)))
		}
	}()
	return sum + <-told + <-told
}

// Sixty pointers and strings are more words than a call carries: the last ones come in a struct.

type manyer interface {
	many(p0, p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12, p13, p14, p15, p16, p17, p18, p19, p20, p21, p22, p23, p24, p25, p26, p27, p28, p29, p30, p31, p32, p33, p34, p35, p36, p37, p38, p39, p40, p41, p42, p43, p44, p45, p46, p47, p48, p49, p50, p51, p52, p53, p54, p55, p56, p57, p58, p59 *int, s, t string) *int
}

func (n node) many(p0, p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12, p13, p14, p15, p16, p17, p18, p19, p20, p21, p22, p23, p24, p25, p26, p27, p28, p29, p30, p31, p32, p33, p34, p35, p36, p37, p38, p39, p40, p41, p42, p43, p44, p45, p46, p47, p48, p49, p50, p51, p52, p53, p54, p55, p56, p57, p58, p59 *int, s, t string) *int {
	churn()
	t += s
	func() { *p59 += len(t) }()
	println(n.id, *p0, *p58, *p59, s, t)
	return p59
}

func passed(m manyer, p0, p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12, p13, p14, p15, p16, p17, p18, p19, p20, p21, p22, p23, p24, p25, p26, p27, p28, p29, p30, p31, p32, p33, p34, p35, p36, p37, p38, p39, p40, p41, p42, p43, p44, p45, p46, p47, p48, p49, p50, p51, p52, p53, p54, p55, p56, p57, p58, p59 *int, s, t string) int {
	defer m.many(p0, p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12, p13, p14, p15, p16, p17, p18, p19, p20, p21, p22, p23, p24, p25, p26, p27, p28, p29, p30, p31, p32, p33, p34, p35, p36, p37, p38, p39, p40, p41, p42, p43, p44, p45, p46, p47, p48, p49, p50, p51, p52, p53, p54, p55, p56, p57, p58, p59, t, s)
	return *node.many(node{id: 8}, p0, p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12, p13, p14, p15, p16, p17, p18, p19, p20, p21, p22, p23, p24, p25, p26, p27, p28, p29, p30, p31, p32, p33, p34, p35, p36, p37, p38, p39, p40, p41, p42, p43, p44, p45, p46, p47, p48, p49, p50, p51, p52, p53, p54, p55, p56, p57, p58, p59, s, t)
}

func many() int {
	x, y := 1, 2
	p0, p59 := &x, &y
	p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12, p13, p14, p15, p16, p17, p18, p19, p20, p21, p22, p23, p24, p25, p26, p27, p28, p29, p30, p31, p32, p33, p34, p35, p36, p37, p38, p39, p40, p41, p42, p43, p44, p45, p46, p47, p48, p49, p50, p51, p52, p53, p54, p55, p56, p57, p58 := p0, p0, p0, p0, p0, p0, p0, p0, p0, p0, p0, p0, p0, p0, p0, p0, p0, p0, p0, p0, p0, p0, p0, p0, p0, p0, p0, p0, p0, p0, p0, p0, p0, p0, p0, p0, p0, p0, p0, p0, p0, p0, p0, p0, p0, p0, p0, p0, p0, p0, p0, p0, p0, p0, p0, p0, p0, p0
	return passed(&node{id: 7}, p0, p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12, p13, p14, p15, p16, p17, p18, p19, p20, p21, p22, p23, p24, p25, p26, p27, p28, p29, p30, p31, p32, p33, p34, p35, p36, p37, p38, p39, p40, p41, p42, p43, p44, p45, p46, p47, p48, p49, p50, p51, p52, p53, p54, p55, p56, p57, p58, p59, "s", "tt")
}

// Values of several become interface values that hold addresses in the frame, which moves.

func both(p, q *node) ([]*node, [2]*node) { return []*node{p, q}, [2]*node{q, p} }

func lent(s []*node) ([]*node, bool) { return s, true }

func grow(n int) int {
	var a [100]int
	a[n%100] = n
	if n == 0 {
		churn()
		return 0
	}
	return grow(n-1) + a[n%100]
}

func ids(values ...any) {
	grow(1000)
	for _, v := range values {
		if s, ok := v.([]*node); ok {
			print(s[0].id, " ")
		}
	}
	println(len(values))
}

func boxedParts() int {
	nodes := [3]*node{{id: 11}, {id: 12}, {id: 13}}
	var v, ok any = lent(nodes[:1])
	grow(10000)
	n := v.([]*node)[0].id
	v, ok = lent(nodes[1:])
	grow(20000)
	n += v.([]*node)[0].id
	m := map[int][]*node{1: nodes[2:]}
	v, ok = m[1]
	grow(40000)
	n += v.([]*node)[0].id
	ids(lent(nodes[:]))
	ids(both(nodes[0], nodes[1]))
	println(ok.(bool))
	return n
}

func main() {
	println(boxedParts())
	println(numbered(), numberedLater())
	println(many())
	println(panicsWithCaptured(nil))
	println(throughPointers())
	println(inALoop())
	println(closures(), closureInStruct())
	println(lateDefer(true), lateDefer(false))
}
