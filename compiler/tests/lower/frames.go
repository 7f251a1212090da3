// Variables in frames: what deferred calls, closures and loops reach through addresses is kept.
package main

import "runtime"

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

func main() {
	println(panicsWithCaptured(nil))
	println(throughPointers())
	println(inALoop())
	println(closures(), closureInStruct())
	println(lateDefer(true), lateDefer(false))
}
