package escape

// Variables and loops: ESCAPE.LOOP, RANGE.PERITER, RANGE.SHARED.

import "gomem/cases/check"

// A variable declared inside a loop whose address reaches a variable declared outside it moves to the heap: the next
// iteration needs another one. Within one iteration it stays.
//
//gomem:case ESCAPE.LOOP
//gomem:diagnostics
func LoopVerdict() {
	var outside *int
	for i := 0; i < 3; i++ {
		a := i //= moved to heap: a
		outside = &a
		b := i
		inside := &b
		*inside++
	}
	_ = *outside
	var head *node
	for i := 0; i < 3; i++ {
		head = &node{i, head} //= &node{...} escapes to heap
	}
	_ = head.value
	for i := 0; i < 3; i++ {
		kept := new(int) //= new(int) does not escape
		for j := 0; j < 3; j++ {
			c := j //= moved to heap: c
			kept = &c
		}
		_ = *kept
	}
}

// A goto that jumps back makes a loop like any other; a jump forward makes none.
//
//gomem:case ESCAPE.LOOP
//gomem:diagnostics
func LoopGoto() {
	var outside *int
	n := 0
again:
	a := n //= moved to heap: a
	outside = &a
	n++
	if n < 3 {
		goto again
	}
	_ = *outside
	var p *int
	b := n
	p = &b
	if *p > 3 {
		goto end
	}
	*p++
end:
}

// Each iteration whose variable's address outlives it costs a block; an address kept within the iteration costs none.
//
//gomem:case ESCAPE.LOOP
//gomem:needs counts
func LoopCount() {
	check.Equal("blocks for addresses that outlive 10 iterations", check.Allocs(func() {
		var outside *node
		for i := 0; i < 10; i++ {
			n := node{value: i}
			outside = &n
		}
		localSum = outside.value
	}), 10)
	check.Equal("the last one's value", localSum, 9)
	check.Equal("blocks for addresses within the iteration", check.Allocs(func() {
		for i := 0; i < 10; i++ {
			n := node{value: i}
			inside := &n
			localSum += inside.value
		}
	}), 0)
}

// A loop's own variable whose address is kept is another one in each iteration, and moves to the heap in a range clause and
// a three-part clause alike.
//
//gomem:case ESCAPE.RANGE.PERITER
//gomem:since lang1.22
//gomem:diagnostics
func RangePerIteration() {
	var kept [3]*int
	values := []int{1, 2, 3}   //= []int{...} does not escape
	for i, v := range values { //= moved to heap: v
		kept[i] = &v
	}
	for i := 0; i < 3; i++ { //= moved to heap: i
		kept[i] = &i
	}
	var v int
	for _, v = range values {
		kept[0] = &v
	}
	for _, w := range values {
		p := &w
		*p++
	}
	for once := 1; ; { //= moved to heap: once
		kept[0] = &once
		break
	}
	_ = *kept[0]
}

// Keeping a loop variable's address costs a block per iteration, and the variables differ.
//
//gomem:case ESCAPE.RANGE.PERITER
//gomem:since lang1.22
//gomem:needs counts
func RangePerIterationCount() {
	var values [10]node
	var kept [10]*node
	check.Equal("blocks for a range variable", check.Allocs(func() {
		for i, v := range values {
			kept[i] = &v
		}
	}), 10)
	check.That("two iterations have two variables", kept[0] != kept[9])
	var ints [10]*int
	check.That("blocks for a variable of a three-part clause", check.Allocs(func() {
		for i := 0; i < 10; i++ {
			ints[i] = &i
		}
	}) >= 10)
	check.Equal("the first iteration's value", *ints[0], 0)
	check.Equal("the last iteration's value", *ints[9], 9)
}

// All iterations share the loop's variables: one whose address outlives the loop moves to the heap once, and one whose
// address reaches a variable outside the loop stays, for it is declared outside the body.
//
//gomem:case ESCAPE.RANGE.SHARED
//gomem:until lang1.21
//gomem:diagnostics
func RangeShared() {
	var kept [3]*int
	values := []int{1, 2, 3} //= []int{...} does not escape
	for i, v := range values {
		kept[i] = &v
	}
	for i, v := range values { //= moved to heap: v
		keptSink[i] = &v
	}
	for i := 0; i < 3; i++ { //= moved to heap: i
		keptSink[i] = &i
	}
	_ = *kept[0]
}

var keptSink [10]*int

// Keeping a loop variable's address costs one block a loop, and every kept address is the same.
//
//gomem:case ESCAPE.RANGE.SHARED
//gomem:until lang1.21
//gomem:needs counts
func RangeSharedCount() {
	var values [10]node
	var kept [10]*node
	check.Equal("blocks for a range variable", check.Allocs(func() {
		for i, v := range values {
			v.value = i
			kept[i] = &v
			nodeSink = &v
		}
	}), 1)
	check.That("two iterations share one variable", kept[0] == kept[9])
	check.Equal("the last iteration's value", kept[0].value, 9)
}
