package escape

// The catalogue of variables that could stay on the stack and do not: ESCAPE.CONSERVATIVE. Every variable with a verdict here
// is dead when its function returns. The analysis does not see it because it ignores the order of statements, which fields
// and elements are meant, which branches run, and what lies behind a pointer that is stored through.

import "gomem/cases/check"

type twoPointers struct{ left, right *int }

// The order of statements is ignored: what a variable ever pointed to escapes with what it points to last, and a sink that
// is cleared at once counts.
//
//gomem:case ESCAPE.CONSERVATIVE
//gomem:diagnostics
func ConservativeOrder() {
	a := 1 //= moved to heap: a
	p := &a
	*p = 2
	b := 1 //= moved to heap: b
	p = &b
	intSink = p
	c := 1 //= moved to heap: c
	intSink = &c
	intSink = nil
	d := 1 //= moved to heap: d
	q := &d
	q = nil
	intSink = q
	e := 1 //= moved to heap: e
	if localSum != localSum {
		intSink = &e
	}
	const never = false
	f := 1
	if never {
		intSink = &f
	}
}

// Fields and elements are not told apart: one that leaks takes along what its neighbours point to.
//
//gomem:case ESCAPE.CONSERVATIVE
//gomem:diagnostics
func ConservativeParts() {
	a, b := 1, 1 //= moved to heap: a ; moved to heap: b
	fields := twoPointers{&a, &b}
	intSink = fields.right
	c, d := 1, 1 //= moved to heap: c ; moved to heap: d
	var elements [2]*int
	elements[0], elements[1] = &c, &d
	intSink = elements[1]
	e, f := 1, 1 //= moved to heap: e ; moved to heap: f
	keepsRight(twoPointers{&e, &f})
	g, h := 1, 1 //= moved to heap: g ; moved to heap: h
	intSink = rightOf(twoPointers{&g, &h})
	i, j := 1, 1 //= moved to heap: j
	pi, pj := &i, &j
	intSink = pj
	_ = *pi
}

func keepsRight(t twoPointers)   { intSink = t.right } //= leaking param: t
func rightOf(t twoPointers) *int { return t.right }    //= leaking param: t to result ~r0 level=0

// A store through a pointer, an element or a map counts as a store to the heap, though the holder is a local that stays.
//
//gomem:case ESCAPE.CONSERVATIVE
//gomem:diagnostics
func ConservativeStores() {
	var holder node
	h := &holder
	a := node{} //= moved to heap: a
	h.next = &a
	list := make([]*int, 1) //= make([]*int, 1) does not escape
	b := 1                  //= moved to heap: b
	list[0] = &b
	table := map[string]*int{} //= map[string]*int{} does not escape
	c := 1                     //= moved to heap: c
	table["c"] = &c
	d := 1                  //= moved to heap: d
	list = append(list, &d) //= [1.25-] append does not escape
	e := 1                  //= moved to heap: e
	copy(list, []*int{&e})  //= []*int{...} does not escape
	pipe := make(chan *int, 1)
	f := 1 //= moved to heap: f
	pipe <- &f
	_ = *<-pipe
	var array [1]*int
	window := array[:]
	g := 1 //= moved to heap: g
	window[0] = &g
}

// What a call through an interface or a function variable does is not known, although no candidate keeps its argument.
//
//gomem:case ESCAPE.CONSERVATIVE
//gomem:diagnostics
func ConservativeCalls() {
	var r reader = &zeros{} //= &zeros{} escapes to heap
	if localSum > 0 {
		r = &ones{} //= &ones{} escapes to heap
	}
	buffer := make([]byte, 8) //= make([]byte, 8) escapes to heap
	_ = r.read(buffer)
	f := known
	if localSum > 0 {
		f = alsoKnown
	}
	a := 1 //= moved to heap: a
	f(&a)
	callees := [1]func(*int){known}
	b := 1 //= moved to heap: b
	callees[0](&b)
	c := 1 //= moved to heap: c
	unknownDone := make(chan bool)
	go func() { c++; unknownDone <- true }() //= func literal escapes to heap
	<-unknownDone
	var again func(n int, p *int)
	again = func(n int, p *int) { //= leaking param: p ; func literal does not escape
		if n > 0 {
			again(n-1, p)
		}
	}
	d := 1 //= moved to heap: d
	again(2, &d)
}

func alsoKnown(p *int) { *p-- } //= p does not escape

type ones struct{ count int }

func (o *ones) read(p []byte) int { //= o does not escape ; p does not escape
	o.count++
	return len(p)
}

// Loops are judged by depth alone: a pointer declared outside makes the inner variable escape, although no iteration reads
// what an earlier one stored; a deferred call in a loop that runs once is one in a loop.
//
//gomem:case ESCAPE.CONSERVATIVE
//gomem:diagnostics
func ConservativeLoops() {
	var p *int
	for i := 0; i < 3; i++ {
		a := i //= moved to heap: a
		p = &a
		*p++
		p = nil
	}
	for i := 0; i < 1; i++ {
		b := i //= moved to heap: b
		defer known(&b)
		break
	}
	var holder node
	for i := 0; i < 1; i++ {
		c := node{} //= moved to heap: c
		holder.next = &c
	}
	_ = holder.next
	_ = p
}

// Tags are coarse: a parameter that leaks on one path leaks on all, one stored in another parameter's target leaks although
// that target is a local of the caller, and what a callee returns beyond the tagged results leaks.
//
//gomem:case ESCAPE.CONSERVATIVE
//gomem:diagnostics
func ConservativeTags() {
	a := 1 //= moved to heap: a
	keepsSometimes(&a, false)
	b := 1 //= moved to heap: b
	var holder counter
	storesInto(&holder, &b)
	c := 1
	_, _, _, _, _ = fiveResults(&c)
	d := 1 //= moved to heap: d
	_, _, _, _, _, _, _, _ = eightResults(&d)
	e := 1 //= moved to heap: e
	pe := &e
	keepsDeep(&pe)
}

func keepsSometimes(p *int, really bool) { //= leaking param: p
	if really {
		intSink = p
	}
}

func storesInto(c *counter, p *int) { c.seen = p } //= c does not escape ; leaking param: p

func fiveResults(p *int) (a, b, c, d int, e *int) { return 1, 2, 3, 4, p } //= leaking param: p to result e level=0

func eightResults(p *int) (a, b, c, d, e, f, g int, h *int) { return 1, 2, 3, 4, 5, 6, 7, p } //= leaking param: p

func keepsDeep(p **int) { n := node{value: **p}; intSink = &n.value; intSink = *p } //= leaking param content: p ; moved to heap: n

// The catalogue in blocks: each of these calls allocates although nothing outlives it.
//
//gomem:case ESCAPE.CONSERVATIVE
//gomem:needs counts
func ConservativeCount() {
	pipe = make(chan *node, 1)
	check.Equal("a pointer's former target", check.Allocs(func() {
		a, b := node{}, node{}
		p := &a
		p.value = 1
		p = &b
		nodeSink = p
	}), 2)
	check.Equal("a neighbouring element's target", check.Allocs(func() {
		a, b := node{}, node{}
		elements := [2]*node{&a, &b}
		nodeSink = elements[1]
	}), 2)
	check.Equal("a branch that is never taken", check.Allocs(func() {
		a := node{}
		if localSum != localSum {
			nodeSink = &a
		}
	}), 1)
	check.Equal("a store through a pointer to a local", check.Allocs(func() {
		a, b := node{}, node{}
		p := &a
		p.next = &b
	}), 1)
	check.Equal("a pointer that is read back from a channel", check.Allocs(func() {
		a := node{}
		pipe <- &a
		nodeSink = <-pipe
	}), 1)
	check.Equal("a function variable with harmless candidates", check.Allocs(func() {
		f := known
		if localSum > 0 {
			f = alsoKnown
		}
		a := node{}
		f(&a.value)
	}), 1)
}

var pipe chan *node
