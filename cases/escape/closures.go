package escape

// How closures hold what they use: ESCAPE.CLOSURE. Capture by value copies the variable into the closure, capture by
// reference holds its address.

import "gomem/cases/check"

var closureSink func() int

// An escaping closure moves to the heap what it captures by reference: reassigned variables and ones above 128 bytes. What
// it captures by value stays where it was.
//
//gomem:case ESCAPE.CLOSURE
//gomem:diagnostics
func ClosureVerdict() {
	constant := 1
	closureSink = func() int { return constant }   //= func literal escapes to heap
	reassigned := 1                                //= moved to heap: reassigned
	closureSink = func() int { return reassigned } //= func literal escapes to heap
	reassigned = 2
	inside := 1                //= moved to heap: inside
	closureSink = func() int { //= func literal escapes to heap
		inside++
		return inside
	}
	var small [128]byte
	closureSink = func() int { return int(small[1]) } //= func literal escapes to heap
	var large [129]byte                               //= moved to heap: large
	closureSink = func() int { return int(large[1]) } //= func literal escapes to heap
	stays := 1
	local := func() int { stays++; return stays } //= func literal does not escape
	_ = local()
	pointed := 1
	p := &pointed
	byValue := func() int { return *p } //= func literal does not escape
	_ = byValue()
	target := 1 //= moved to heap: target
	q := &target
	closureSink = func() int { return *q } //= func literal escapes to heap
}

// Writes before the first closure that captures a variable do not count as long as no loop brings them after it: there is
// one value to capture. A write in a loop round both, in the closure, or to an address does.
//
//gomem:case ESCAPE.CLOSURE
//gomem:diagnostics
func ClosureWrites() {
	before := 1
	before++
	before = before * 2
	closureSink = func() int { return before } //= func literal escapes to heap
	var late int
	late = localSum
	closureSink = func() int { return late } //= func literal escapes to heap
	in := node{}
	in.value = 1
	closureSink = func() int { return in.value } //= func literal escapes to heap
	round := 1                                   //= moved to heap: round
	for i := 0; i < 3; i++ {
		round++
		closureSink = func() int { return round } //= func literal escapes to heap
		within := i
		within++
		closureSink = func() int { return within } //= func literal escapes to heap
	}
	part := node{}                                 //= moved to heap: part
	closureSink = func() int { return part.value } //= func literal escapes to heap
	part.value = 1
	addressed := 1 //= moved to heap: addressed
	p := &addressed
	closureSink = func() int { return addressed } //= func literal escapes to heap
	*p = 2
}

// Captured by value: the closure is the only block. By reference: one more for the variable. Staying: none.
//
//gomem:case ESCAPE.CLOSURE
//gomem:needs counts
func ClosureCount() {
	check.Equal("blocks for a capture by value", check.Allocs(func() {
		n := localSum
		closureSink = func() int { return n }
	}), 1)
	check.Equal("blocks for a capture by reference", check.Allocs(func() {
		n := node{}
		closureSink = func() int { return n.value }
		n.value++
	}), 2)
	check.Equal("blocks for a variable written before its capture", check.Allocs(func() {
		n := node{}
		n.value++
		closureSink = func() int { return n.value }
	}), 1)
	check.Equal("blocks for two closures over one variable", check.Allocs(func() {
		n := node{}
		closureSink = func() int { n.value++; return n.value }
		funcSink = func(v int) { n.value = v }
	}), 3)
	check.Equal("blocks for a closure that stays", check.Allocs(func() {
		n := node{}
		f := func() { n.value++ }
		f()
		localSum = n.value
	}), 0)
	check.Equal("what it wrote", localSum, 1)
}

// 128 bytes are the most that is captured by value: the closure grows to hold them. One byte more is captured by reference.
//
//gomem:case ESCAPE.CLOSURE
//gomem:needs counts
func ClosureLimit() {
	small := func() {
		var a [128]byte
		closureSink = func() int { return int(a[localSum]) }
	}
	large := func() {
		var a [129]byte
		closureSink = func() int { return int(a[localSum]) }
	}
	localSum = 0
	check.Equal("blocks for a capture of 128 bytes", check.Allocs(small), 1)
	check.That("the closure holds the 128 bytes", check.Bytes(small) > 128)
	check.Equal("blocks for a capture of 129 bytes", check.Allocs(large), 2)
}

// A closure sees later writes to what it captures by reference, whether the variable stays or not.
//
//gomem:case ESCAPE.CLOSURE
func ClosureShares() {
	stays := 1
	read := func() int { return stays }
	stays = 2
	check.Equal("a variable of the frame", read(), 2)
	leaves := 1
	closureSink = func() int { leaves++; return leaves }
	leaves = 5
	check.Equal("a variable on the heap", closureSink(), 6)
	check.Equal("seen by the frame", leaves, 6)
}
