package escape

// Where a pointer goes decides where its target is: ESCAPE.LOCAL, RETURN, GLOBAL, GOROUTINE, CHAN, TRANSITIVE, NEW. Each rule
// has the analyser's verdict beside the lines and the placement itself, seen as the number of blocks a call allocates.

import "gomem/cases/check"

// node is what most cases place: it holds a pointer, so it is never combined with others in a tiny block.
type node struct {
	value int
	next  *node
}

// Sinks: what is stored here has escaped.
var (
	intSink  *int
	nodeSink *node
	anySink  interface{}
)

// Locals whose addresses stay in the function stay on its stack, however the addresses are copied about.
//
//gomem:case ESCAPE.LOCAL
//gomem:diagnostics
func LocalVerdict() {
	x := 1
	p := &x
	q := &p
	**q = 2
	n := node{value: *p}
	n.next = &n
	m := &node{next: n.next} //= &node{...} does not escape
	m.next.value++
	f := func() { x++ } //= func literal does not escape
	f()
}

// A function whose locals stay allocates nothing, also when it takes their addresses and hands them to a callee that keeps none.
//
//gomem:case ESCAPE.LOCAL
//gomem:needs counts
func LocalCount() {
	check.Equal("blocks for locals that stay", check.Allocs(func() { localSum = sumLocals(3) }), 0)
	check.Equal("their sum", localSum, 9)
}

var localSum int

func sumLocals(v int) int {
	a := node{value: v}
	b := &node{value: v, next: &a}
	c := node{next: b}
	return addTo(&c.value, b) + c.value
}

func addTo(p *int, n *node) int {
	*p += n.value
	return n.next.value + n.value
}

// A local whose address is returned moves to the heap: directly, through a copy of the pointer, inside a result's field.
//
//gomem:case ESCAPE.RETURN
//gomem:diagnostics
func ReturnVerdict() {
	_ = returned()
	_ = returnedCopy()
	_ = returnedInside()
	_ = returnedValue()
}

func returned() *int {
	x := 1 //= moved to heap: x
	return &x
}

func returnedCopy() *int {
	x := 1 //= moved to heap: x
	p := &x
	q := p
	return q
}

func returnedInside() (n node) {
	inner := node{value: 1} //= moved to heap: inner
	n.next = &inner
	return n
}

func returnedValue() int {
	x := 1
	p := &x
	return *p
}

// A function that returns the address of a local allocates it; one that returns the value behind the address does not.
//
//gomem:case ESCAPE.RETURN
//gomem:needs counts
func ReturnCount() {
	check.Equal("blocks for a returned address", check.Allocs(func() { _ = returned() }), 1)
	check.Equal("blocks for an address in a returned struct", check.Allocs(func() { _ = returnedInside() }), 1)
	check.Equal("blocks for a returned value", check.Allocs(func() { _ = returnedValue() }), 0)
}

// A local whose address reaches a package-level variable moves to the heap, also through a field or an element of it.
//
//gomem:case ESCAPE.GLOBAL
//gomem:diagnostics
func GlobalVerdict() {
	a := 1 //= moved to heap: a
	intSink = &a
	b := node{} //= moved to heap: b
	globalNode.next = &b
	c := node{} //= moved to heap: c
	globalNodes[1] = &c
	d := node{} //= moved to heap: d
	p := &globalNode.next
	*p = &d
	e := 1
	globalInt = *(&e)
}

var (
	globalNode  node
	globalNodes [2]*node
	globalInt   int
)

// Each local whose address a package-level variable takes costs a block; a copy of its value costs none.
//
//gomem:case ESCAPE.GLOBAL
//gomem:needs counts
func GlobalCount() {
	check.Equal("blocks for a published address", check.Allocs(func() {
		x := 1
		intSink = &x
	}), 1)
	check.Equal("blocks for two published addresses", check.Allocs(func() {
		a, b := node{}, node{}
		globalNode.next, globalNodes[0] = &a, &b
	}), 2)
	check.Equal("blocks for a published value", check.Allocs(func() {
		n := node{value: 1}
		p := &n
		globalNode = *p
	}), 0)
}

// What a go statement hands to its goroutine moves to the heap: the closure, what it shares by reference, what an argument
// points to.
//
//gomem:case ESCAPE.GOROUTINE
//gomem:diagnostics
func GoroutineVerdict() {
	done := make(chan bool)
	shared := 1 //= moved to heap: shared
	go func() { //= func literal escapes to heap
		shared++
		done <- true
	}()
	<-done
	pointed := 1 //= moved to heap: pointed
	go increment(&pointed, done)
	<-done
	copied := 1
	go func(v int) { //= func literal escapes to heap
		v++
		done <- v == 2
	}(copied)
	<-done
}

func increment(p *int, done chan bool) { //= p does not escape ; done does not escape
	*p++
	done <- true
}

// The local that a goroutine shares is one block, the same in both: the goroutine's write shows after the join.
//
//gomem:case ESCAPE.GOROUTINE
func GoroutineShares() {
	shared := node{value: 1}
	done := make(chan *node)
	go func() {
		shared.value++
		done <- &shared
	}()
	check.That("both refer to one variable", <-done == &shared)
	check.Equal("its value", shared.value, 2)
}

// A goroutine that shares nothing costs no block once one has ended before; sharing a local costs the closure's and the
// local's, and an argument's copy the closure's alone.
//
//gomem:case ESCAPE.GOROUTINE
//gomem:needs counts
func GoroutineCount() {
	ended = make(chan *node)
	check.Equal("blocks when nothing is shared", check.Allocs(func() {
		go func() { ended <- nil }()
		<-ended
	}), 0)
	check.Equal("blocks when a local is shared", check.Allocs(func() {
		shared := node{value: 1}
		go func() { shared.value++; ended <- nil }()
		<-ended
		localSum = shared.value
	}), 2)
	check.Equal("the shared local", localSum, 2)
	check.Equal("blocks when a value is passed", check.Allocs(func() {
		go func(n node) { n.value++; ended <- nil }(node{value: localSum})
		<-ended
	}), 1)
}

var ended chan *node

// A pointer sent on a channel, bare or inside a value, moves its target to the heap; a sent value without pointers stays a copy.
//
//gomem:case ESCAPE.CHAN
//gomem:diagnostics
func ChanVerdict() {
	pointers := make(chan *int, 1)
	x := 1 //= moved to heap: x
	pointers <- &x
	nodes := make(chan node, 2)
	y := node{} //= moved to heap: y
	nodes <- node{next: &y}
	ints := make(chan int, 1)
	z := 1
	ints <- *(&z)
	select {
	case nodes <- node{next: new(node)}: //= new(node) escapes to heap
	default:
	}
}

// Sending a local's address costs a block although no goroutine receives; sending its value costs none.
//
//gomem:case ESCAPE.CHAN
//gomem:needs counts
func ChanCount() {
	c := make(chan node, 1)
	check.Equal("blocks for a sent address", check.Allocs(func() {
		n := node{value: 1}
		c <- node{next: &n}
		<-c
	}), 1)
	check.Equal("blocks for a sent value", check.Allocs(func() {
		n := node{value: 1}
		p := &n
		c <- *p
		<-c
	}), 0)
}

// What an escaped value refers to escapes as well, through any number of pointers and assignments.
//
//gomem:case ESCAPE.TRANSITIVE
//gomem:diagnostics
func TransitiveVerdict() {
	a := node{}         //= moved to heap: a
	b := node{next: &a} //= moved to heap: b
	c := node{next: &b} //= moved to heap: c
	first := &c
	second := first
	nodeSink = second
	d := node{} //= moved to heap: d
	e := &node{ //= &node{...} escapes to heap
		next: &d,
	}
	list := []*node{e} //= moved to heap: list ; []*node{...} escapes to heap
	anySink = &list
	f := node{}
	g := node{next: &f}
	g.next.value = 1
}

// A chain of three whose head escapes is three blocks; the same chain whose head stays is none.
//
//gomem:case ESCAPE.TRANSITIVE
//gomem:needs counts
func TransitiveCount() {
	check.Equal("blocks of an escaping chain", check.Allocs(func() {
		a := node{}
		b := node{next: &a}
		c := node{next: &b}
		nodeSink = &c
	}), 3)
	check.Equal("blocks of a chain that stays", check.Allocs(func() {
		a := node{}
		b := node{next: &a}
		c := node{next: &b}
		c.next.next.value = 1
	}), 0)
}

// new(T), &T{} and a slice literal stay on the stack when their pointers do, and escape with them.
//
//gomem:case ESCAPE.NEW
//gomem:diagnostics
func NewVerdict() {
	p := new(int)  //= new(int) does not escape
	q := new(node) //= new(node) does not escape
	r := &node{}   //= &node{} does not escape
	*p = q.value + r.value
	s := []int{1, *p} //= []int{...} does not escape
	s[0] = 2
	b := make([]byte, 8) //= make([]byte, 8) does not escape
	b[0] = 1
	intSink = new(int)  //= new(int) escapes to heap
	nodeSink = &node{}  //= &node{} escapes to heap
	anySink = new(node) //= new(node) escapes to heap
}

// new, &T{}, a slice literal and a small make allocate nothing while their pointers stay, and one block each when they leave.
//
//gomem:case ESCAPE.NEW
//gomem:needs counts
func NewCount() {
	check.Equal("blocks for what stays", check.Allocs(func() {
		p, n := new(int), &node{value: 2}
		s, b := []int{1, 2, 3}, make([]byte, 64)
		*p = n.value + s[2]
		b[*p]++
	}), 0)
	check.Equal("blocks for what leaves", check.Allocs(func() {
		intSink, nodeSink, intsSink = new(int), &node{}, []int{1, 2, 3}
	}), 3)
}

var intsSink []int
