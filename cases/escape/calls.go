package escape

// What calls do to their arguments: ESCAPE.IFACE, PARAM, METHOD, DEFER, VARIADIC.

import "gomem/cases/check"

// A value in an interface whose method is called escapes, and so does what the call's arguments point to; what is only
// compared or type-switched on stays.
//
//gomem:case ESCAPE.IFACE
//gomem:diagnostics
func IfaceVerdict() {
	readThrough(&zeros{})          //= &zeros{} escapes to heap
	buffer := make([]byte, 8)      //= make([]byte, 8) escapes to heap
	_ = readInto(&zeros{}, buffer) //= &zeros{} escapes to heap
	n := localSum
	_ = isInt(n) //= n does not escape
	anySink = n  //= n escapes to heap
}

type reader interface{ read(p []byte) int }

type zeros struct{ count int }

func (z *zeros) read(p []byte) int { //= z does not escape ; p does not escape
	z.count += len(p)
	return len(p)
}

func readThrough(r reader) int { //= leaking param: r
	buffer := make([]byte, 8) //= make([]byte, 8) escapes to heap
	return r.read(buffer)
}

func readInto(r reader, p []byte) int { //= leaking param: r ; leaking param: p
	return r.read(p)
}

func isInt(v interface{}) bool { //= v does not escape
	_, ok := v.(int)
	return ok
}

// A call through an interface whose dynamic type the compiler sees is devirtualised, and nothing escapes.
//
//gomem:case ESCAPE.IFACE
//gomem:diagnostics
func IfaceDevirtualised() {
	var r reader = &zeros{}   //= &zeros{} does not escape
	buffer := make([]byte, 8) //= make([]byte, 8) does not escape
	_ = r.read(buffer)        //= devirtualizing r.read to *zeros
}

// An argument of an unknown function escapes; the same argument of a known one that keeps nothing stays.
//
//gomem:case ESCAPE.IFACE
//gomem:diagnostics
func UnknownFunctionVerdict() {
	a := 1 //= moved to heap: a
	unknown(&a)
	b := 1
	known(&b)
	c := 1
	direct := known
	direct(&c)
}

func known(p *int) { *p++ } //= p does not escape

var unknown = known

// A call through an interface costs a block for the value behind it and one for the buffer; devirtualised it costs none.
//
//gomem:case ESCAPE.IFACE
//gomem:needs counts
func IfaceCount() {
	check.Equal("blocks for a dynamic call", check.Allocs(func() { readThrough(&zeros{}) }), 2)
	check.Equal("blocks for a devirtualised call", check.Allocs(func() {
		var r reader = &zeros{}
		localSum = r.read(make([]byte, 8))
	}), 0)
	check.Equal("blocks for an unknown function's argument", check.Allocs(func() {
		n := 1
		unknown(&n)
	}), 1)
	check.Equal("blocks for a known function's argument", check.Allocs(func() {
		n := 1
		known(&n)
	}), 0)
}

// Each pointer parameter is tagged: leaking, leaking its content, leaking to a result at a level, or not escaping.
//
//gomem:case ESCAPE.PARAM
//gomem:diagnostics
func ParamTags() {
}

func keeps(p *int)                  { intSink = p }           //= leaking param: p
func keepsContent(p **int)          { intSink = *p }          //= leaking param content: p
func keepsNothing(p **int)          { **p = 1 }               //= p does not escape
func passes(p *int) *int            { return p }              //= leaking param: p to result ~r0 level=0
func loads(p **int) *int            { return *p }             //= leaking param: p to result ~r0 level=1
func loadsTwice(p ***int) *int      { return **p }            //= leaking param: p to result ~r0 level=2
func named(p *int) (result *int)    { result = p; return }    //= leaking param: p to result result level=0
func second(p, q *int) (int, *int)  { return *p, q }          //= p does not escape ; leaking param: q to result ~r1 level=0
func elements(s []*int) *int        { return s[0] }           //= leaking param: s to result ~r0 level=1
func field(n *node) *node           { return n.next }         //= leaking param: n to result ~r0 level=1
func address(n *node) *int          { return &n.value }       //= leaking param: n to result ~r0 level=0
func both(p *int) *int              { intSink = p; return p } //= leaking param: p
func moved(n node) *node            { return &n }             //= moved to heap: n
func text(s string) string          { return s[1:] }          //= leaking param: s to result ~r0 level=0
func value(n int) int               { return n }
func lookup(m map[string]*int) *int { return m["x"] } //= m does not escape
func received(c chan *int) *int     { return <-c }    //= c does not escape
func called(f func())               { f() }           //= f does not escape
func blank(_ *int)                  {}
func boxed(n int) interface{}       { return n }                            //= n escapes to heap
func wrapped(p *int) node           { return node{next: &node{value: *p}} } //= p does not escape ; &node{...} escapes to heap

// Tags flow through calls: the caller's parameter leaks as far as its callees let it.
//
//gomem:case ESCAPE.PARAM
//gomem:diagnostics
func ParamThroughCalls() {
	a, b := 1, 1 //= moved to heap: b
	pa := &a
	_ = throughLoad(&pa)
	throughKeep(&b)
	c := 1
	pc := &c
	_ = throughAddress(&pc)
	d := 1
	_ = *throughPass(&d)
	e := 1 //= moved to heap: e
	intSink = throughPass(&e)
	f := 1 //= moved to heap: f
	pf := &f
	intSink = throughLoad(&pf)
}

func throughPass(p *int) *int      { return passes(passes(p)) } //= leaking param: p to result ~r0 level=0
func throughLoad(p **int) *int     { return passes(loads(p)) }  //= leaking param: p to result ~r0 level=1
func throughKeep(p *int)           { keeps(passes(p)) }         //= leaking param: p
func throughContent(p **int)       { keeps(loads(p)) }          //= leaking param content: p
func throughNothing(p **int)       { keepsNothing(p) }          //= p does not escape
func throughAddress(p **int) **int { return p }                 //= leaking param: p to result ~r0 level=0

// Recursive and mutually recursive functions are tagged together: what one of them leaks, all that pass it on leak.
//
//gomem:case ESCAPE.PARAM
//gomem:diagnostics
func ParamRecursion() {
	a := node{}
	_ = depth(&a)
	b := node{} //= moved to heap: b
	keepLast(&b)
	c := node{}
	_ = even(&c)
	d := node{}
	_ = last(&d)
	e := node{} //= moved to heap: e
	ping(&e, 3)
}

func depth(n *node) int { //= n does not escape
	if n == nil {
		return 0
	}
	return 1 + depth(n.next)
}

func keepLast(n *node) { //= leaking param: n
	if n.next == nil {
		nodeSink = n
		return
	}
	keepLast(n.next)
}

func last(n *node) *node { //= leaking param: n to result ~r0 level=0
	if n.next == nil {
		return n
	}
	return last(n.next)
}

func even(n *node) bool { return n == nil || odd(n.next) }  //= n does not escape
func odd(n *node) bool  { return n != nil && even(n.next) } //= n does not escape

func ping(n *node, left int) { //= leaking param: n
	if left > 0 {
		pong(n, left-1)
	}
}

func pong(n *node, left int) { //= leaking param: n
	nodeSink = n
	ping(n, left)
}

// The caller's placement follows the tag: content that leaks costs its own block only.
//
//gomem:case ESCAPE.PARAM
//gomem:needs counts
func ParamCount() {
	check.Equal("blocks for leaking content", check.Allocs(func() {
		x := 1
		p := &x
		keepsContent(&p)
	}), 1)
	check.Equal("blocks for a leaking parameter", check.Allocs(func() {
		x := 1
		keeps(&x)
	}), 1)
	check.Equal("blocks for a result that stays", check.Allocs(func() {
		x := 1
		p := &x
		localSum = *loads(&p) + *passes(p)
	}), 0)
	check.Equal("blocks for a recursive reader", check.Allocs(func() {
		a := node{}
		b := node{next: &a}
		localSum = depth(&b)
	}), 0)
	check.Equal("blocks for mutual recursion that keeps its argument", check.Allocs(func() {
		n := node{}
		ping(&n, 2)
	}), 1)
}

// A receiver's tag decides a method call; a method value holds its receiver as a closure would.
//
//gomem:case ESCAPE.METHOD
//gomem:diagnostics
func MethodVerdict() {
	a := counter{}
	a.add(1)
	_ = a.self().sum()
	b := counter{} //= moved to heap: b
	b.publish()
	c := counter{}
	add := c.add //= c.add does not escape
	add(1)
	d := counter{}   //= moved to heap: d
	funcSink = d.add //= d.add escapes to heap
	e := counter{}
	sum := e.sum //= e.sum does not escape
	_ = sum()
	f := counter{}
	(*counter).add(&f, 1)
	g := counter{} //= moved to heap: g
	expression := (*counter).publish
	expression(&g)
}

var funcSink func(int)

type counter struct {
	total int
	seen  *int
}

func (c *counter) add(n int)      { c.total += n }       //= c does not escape
func (c *counter) self() *counter { return c }           //= leaking param: c to result ~r0 level=0
func (c *counter) publish()       { intSink = &c.total } //= leaking param: c
func (c counter) sum() int        { return c.total }     //= c does not escape
func (c counter) pointer() *int   { return c.seen }      //= leaking param: c to result ~r0 level=0

// Calls by a receiver that does not leak are free; an escaping method value costs its own block and its receiver's.
//
//gomem:case ESCAPE.METHOD
//gomem:needs counts
func MethodCount() {
	check.Equal("blocks for calls that keep nothing", check.Allocs(func() {
		c := counter{}
		c.add(1)
		add := c.add
		add(2)
		localSum = c.self().sum()
	}), 0)
	check.Equal("the calls reached one receiver", localSum, 3)
	check.Equal("blocks for a published receiver", check.Allocs(func() {
		c := counter{}
		c.publish()
	}), 1)
	check.Equal("blocks for an escaping method value", check.Allocs(func() {
		c := counter{}
		funcSink = c.add
	}), 2)
}

// What a defer statement refers to stays on the stack outside loops and is moved to the heap inside one.
//
//gomem:case ESCAPE.DEFER
//gomem:diagnostics
func DeferVerdict() {
	a := 1
	defer known(&a)
	b := 1
	defer func() { b++ }() //= func literal does not escape
	for i := 0; i < 2; i++ {
		c := 1 //= moved to heap: c
		defer known(&c)
		d := 1                 //= moved to heap: d
		defer func() { d++ }() //= func literal escapes to heap
	}
	if b > 0 {
		e := 1
		defer func(p *int) { *p++ }(&e) //= p does not escape ; func literal does not escape
	}
	f := 1 //= moved to heap: f
	defer keeps(&f)
}

// A deferred closure with its variables is free outside a loop; in a loop its variable, its closure and its record cost blocks.
//
//gomem:case ESCAPE.DEFER
//gomem:needs counts
func DeferCount() {
	check.Equal("blocks for deferred calls outside loops", check.Allocs(func() {
		x := 1
		defer known(&x)
		defer func() { x++ }()
	}), 0)
	inLoop := check.Allocs(func() {
		for i := 0; i < 10; i++ {
			x := node{}
			defer func() { x.value++ }()
		}
	})
	check.That("a variable and a closure per deferred call in a loop", inLoop >= 20)
}

// The slice built for ... arguments stays unless the callee leaks it; what its elements point to stays or leaves by the same tag.
//
//gomem:case ESCAPE.VARIADIC
//gomem:diagnostics
func VariadicVerdict() {
	a := 1
	_ = total(&a)   //= ... argument does not escape
	b := 1          //= moved to heap: b
	retain(&b)      //= ... argument escapes to heap
	c := 1          //= moved to heap: c
	retainFirst(&c) //= ... argument does not escape
	n := localSum
	ignore(n, "x") //= ... argument does not escape ; n does not escape ; "x" does not escape
	_ = total()
	list := []*int{&a} //= []*int{...} does not escape
	_ = total(list...)
}

func total(list ...*int) (sum int) { //= list does not escape
	for _, p := range list {
		sum += *p
	}
	return sum
}

func retain(list ...*int)        { pointersSink = list }  //= leaking param: list
func retainFirst(list ...*int)   { intSink = list[0] }    //= leaking param content: list
func ignore(list ...interface{}) { localSum = len(list) } //= list does not escape

var pointersSink []*int

// Variadic calls are free where nothing leaks, cost an element's target where the elements leak, and the slice too where it does.
//
//gomem:case ESCAPE.VARIADIC
//gomem:needs counts
func VariadicCount() {
	check.Equal("blocks when nothing leaks", check.Allocs(func() {
		a, b := node{}, node{}
		localSum = total(&a.value, &b.value)
	}), 0)
	check.Equal("blocks when elements leak", check.Allocs(func() {
		a, b := node{}, node{}
		retainFirst(&a.value, &b.value)
	}), 2)
	check.Equal("blocks when the slice leaks", check.Allocs(func() {
		a, b := node{}, node{}
		retain(&a.value, &b.value)
	}), 3)
}
