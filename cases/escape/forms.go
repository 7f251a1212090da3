package escape

// The same flows through other forms of the language: conversions, type switches, receives, multiple results, every kind of
// range clause, nested closures, self-assignment. ESCAPE.LOCAL, RETURN, TRANSITIVE, CLOSURE, PARAM.

import "gomem/cases/check"

// Conversions and concatenations are allocations with a verdict of their own.
//
//gomem:case ESCAPE.LOCAL
//gomem:diagnostics
func ConversionsStay() {
	s := textSink
	b := []byte(s) //= ([]byte)(s) does not escape
	b[0]++
	t := string(b) //= string(b) does not escape
	r := []rune(t) //= ([]rune)(t) does not escape
	r[0]++
	u := string(r) //= string(r) does not escape
	v := s + t + u //= s + t + u does not escape
	_ = len(v)
	var boxed interface{} = localSum //= localSum does not escape
	_, _ = boxed.(int)
	_ = error(&failure{}) //= &failure{} does not escape
}

var textSink = "text"

type failure struct{ code int }

func (f *failure) Error() string { return "failure" } //= f does not escape

// Their results escape like any block.
//
//gomem:case ESCAPE.GLOBAL
//gomem:diagnostics
func ConversionsLeave() {
	s := textSink
	bytesSink = []byte(s)        //= ([]byte)(s) escapes to heap
	textSink = string(bytesSink) //= string(bytesSink) escapes to heap
	runesSink = []rune(s)        //= ([]rune)(s) escapes to heap
	textSink = string(runesSink) //= string(runesSink) escapes to heap
	textSink = s + textSink      //= s + textSink escapes to heap
	anySink = localSum           //= localSum escapes to heap
	anySink = failure{code: 1}   //= failure{...} escapes to heap
	anySink = pair{localSum, 2}  //= pair{...} escapes to heap
	anySink = s                  //= s escapes to heap
}

var (
	bytesSink []byte
	runesSink []rune
)

// Conversions whose results stay and are short cost nothing; escaping ones a block each.
//
//gomem:case ESCAPE.LOCAL
//gomem:needs counts
func ConversionsCount() {
	textSink = "text"
	check.Equal("blocks for conversions that stay", check.Allocs(func() {
		s := textSink
		b := []byte(s)
		b[0]++
		t := string(b)
		u := s + t
		localSum = len(u)
	}), 0)
	check.Equal("length of the result", localSum, 8)
	check.Equal("blocks for conversions that leave", check.Allocs(func() {
		s := textSink
		bytesSink = []byte(s)
		textSink2 = string(bytesSink)
	}), 2)
}

var textSink2 string

// A pointer flows through a type switch, a comma-ok assertion, a range clause and a swap as through a plain assignment.
//
//gomem:case ESCAPE.TRANSITIVE
//gomem:diagnostics
func FormsVerdict() {
	a := 1 //= moved to heap: a
	var boxed interface{} = &a
	switch v := boxed.(type) {
	case *int:
		intSink = v
	}
	b := 1 //= moved to heap: b
	boxed = &b
	if p, ok := boxed.(*int); ok {
		intSink = p
	}
	c := 1                         //= moved to heap: c
	for _, p := range []*int{&c} { //= []*int{...} does not escape
		intSink = p
	}
	d := 1 //= moved to heap: d
	for _, p := range [...]*int{&d} {
		intSink = p
	}
	e, f := 1, 1 //= moved to heap: e ; moved to heap: f
	p, q := &e, &f
	p, q = q, p
	intSink = p
	_ = *q
	g := 1 //= moved to heap: g
	r, _ := twoResults(&g, nil)
	intSink = r
	h := 1
	_, s := twoResults(nil, &h)
	_ = *s
	i := [2]node{} //= moved to heap: i
	for j := range i[:] {
		nodeSink = &i[j]
	}
	k := node{} //= moved to heap: k
	func() {    //= func literal does not escape
		nodeSink = &k
	}()
	l := node{}     //= moved to heap: l
	func(n *node) { //= leaking param: n ; func literal does not escape
		nodeSink = n
	}(&l)
}

func twoResults(p, q *int) (*int, *int) { return p, q } //= leaking param: p to result ~r0 level=0 ; leaking param: q to result ~r1 level=0

// A named result whose address is taken moves to the heap like any local, and so does a parameter.
//
//gomem:case ESCAPE.RETURN
//gomem:diagnostics
func ResultsVerdict() {
	_, _ = namedResult(), parameter(1)
	_ = deferredResult()
}

func namedResult() (n int) { //= moved to heap: n
	intSink = &n
	return 2
}

func parameter(n int) *int { return &n } //= moved to heap: n

func deferredResult() (n int) {
	defer func() { n++ }() //= func literal does not escape
	return 1
}

// The caller receives the value that the heap variable of a named result holds last.
//
//gomem:case ESCAPE.RETURN
//gomem:needs counts
func ResultsCount() {
	check.Equal("the named result", namedResult(), 2)
	check.Equal("the heap variable behind it", *intSink, 2)
	check.Equal("blocks for a named result", check.Allocs(func() { _ = namedResult() }), 1)
	check.Equal("blocks for a parameter", check.Allocs(func() { _ = parameter(1) }), 1)
	check.Equal("blocks for a result that a deferred call changes", check.Allocs(func() { localSum = deferredResult() }), 0)
	check.Equal("that result", localSum, 2)
}

// A closure within a closure captures through both: what the inner one reassigns, both hold by reference.
//
//gomem:case ESCAPE.CLOSURE
//gomem:diagnostics
func ClosureNested() {
	byValue := localSum
	closureSink = func() int { //= func literal escapes to heap
		inner := func() int { return byValue } //= func literal does not escape
		return inner()
	}
	byReference := 1           //= moved to heap: byReference
	closureSink = func() int { //= func literal escapes to heap
		inner := func() { byReference++ } //= func literal does not escape
		inner()
		return byReference
	}
	stays := 1
	outer := func() { //= func literal does not escape
		inner := func() { stays++ } //= func literal does not escape
		inner()
	}
	outer()
	leaves := 1       //= moved to heap: leaves
	maker := func() { //= func literal does not escape
		closureSink = func() int { leaves++; return leaves } //= func literal escapes to heap
	}
	maker()
}

// A slice cut down in its own field is a self-assignment, which is ignored: it does not make the receiver leak.
//
//gomem:case ESCAPE.PARAM
//gomem:diagnostics
func ParamSelfAssignment() {
	q := queue{items: []*int{nil, nil}} //= []*int{...} does not escape
	q.pop()
}

type queue struct{ items []*int }

func (q *queue) pop() { //= q does not escape
	q.items = q.items[1:] //= (*queue).pop ignoring self-assignment in q.items = q.items[1:]
}

// Only the first results have tags of their own, five of them and until 1.21 seven: what flows to a later one leaks.
//
//gomem:case ESCAPE.PARAM
//gomem:diagnostics
func ParamManyResults() {
}

func fifth(p *int) (a, b, c, d int, r *int)           { return 1, 2, 3, 4, p }          //= leaking param: p to result r level=0
func sixth(p *int) (a, b, c, d, e int, r *int)        { return 1, 2, 3, 4, 5, p }       //= [-1.21] leaking param: p to result r level=0 ; [1.22-] leaking param: p
func seventh(p *int) (a, b, c, d, e, f int, r *int)   { return 1, 2, 3, 4, 5, 6, p }    //= [-1.21] leaking param: p to result r level=0 ; [1.22-] leaking param: p
func eighth(p *int) (a, b, c, d, e, f, g int, r *int) { return 1, 2, 3, 4, 5, 6, 7, p } //= leaking param: p
