package escape

// How the frame holds what escaped, and that placement changes no result: ESCAPE.IMPLICIT, OPTIONAL.

import (
	"unsafe"

	"gomem/cases/check"
)

// An escaped local that nothing else refers to dies with its last use in the function, before the function returns.
//
//gomem:case ESCAPE.IMPLICIT
//gomem:needs collect precise weak
func ImplicitDies() {
	local := node{value: 1}
	watched := publishAndForget(&local)
	check.Equal("its last use", local.value, 1)
	check.That("it is collected while the function runs", watched.Collected())
}

// publishAndForget lets its argument escape, and leaves no reference to it but a watch.
func publishAndForget(n *node) *check.Watched {
	nodeSink = n
	nodeSink = nil
	return check.Watch(unsafe.Pointer(n))
}

// As long as the function still uses it, an escaped local is kept, although no variable of the program points to it.
//
//gomem:case ESCAPE.IMPLICIT
//gomem:needs weak
func ImplicitKeeps() {
	local := node{value: 1}
	watched := publishAndForget(&local)
	check.That("it is kept while a use is to come", watched.Kept())
	check.Equal("its value after the collections", local.value, 1)
}

// A local that a loop uses again in its next iteration is kept round the loop, and dies after it.
//
//gomem:case ESCAPE.IMPLICIT
//gomem:needs collect precise weak
func ImplicitLoop() {
	local := node{value: 1}
	watched := publishAndForget(&local)
	for i := 0; i < 2; i++ {
		check.That("it is kept while the loop runs", watched.Kept())
		local.value++
	}
	check.Equal("its value", local.value, 3)
	check.That("it is collected after the loop", watched.Collected())
}

// One program with its variables on the stack and with all of them forced to the heap gives the same results.
//
//gomem:case ESCAPE.OPTIONAL
func OptionalResults() {
	for seed := 1; seed <= 20; seed++ {
		check.Equal("a chain's sum", chainOnHeap(seed), chainOnStack(seed))
		check.Equal("a closure's count", closureOnHeap(seed), closureOnStack(seed))
		check.Equal("an array's copy", arrayOnHeap(seed), arrayOnStack(seed))
	}
	check.Equal("the chain's sum", chainOnStack(3), 33)
	check.Equal("the closure's count", closureOnStack(3), 9)
	check.Equal("the array's copy", arrayOnStack(3), 21)
	everything = nil
}

// escaped forces what its argument refers to to the heap and keeps it.
func escaped(v interface{}) { everything = append(everything, v) }

var everything []interface{}

func chainOnStack(v int) int {
	a := node{value: v}
	b := node{value: 2 * v, next: &a}
	c := node{value: 3 * v, next: &b}
	b.value++
	a, d := b, a
	d.value += 3*v - 1
	return c.value + c.next.value - 1 + a.value + d.value
}

func chainOnHeap(v int) int {
	a := node{value: v}
	b := node{value: 2 * v, next: &a}
	c := node{value: 3 * v, next: &b}
	b.value++
	a, d := b, a
	escaped(&a)
	escaped(&b)
	escaped(&c)
	escaped(&d)
	d.value += 3*v - 1
	return c.value + c.next.value - 1 + a.value + d.value
}

func closureOnStack(v int) int {
	total, step := 0, v
	add := func() { total += step }
	for i := 0; i < 3; i++ {
		add()
	}
	return total
}

func closureOnHeap(v int) int {
	total, step := 0, v
	add := func() { total += step }
	escaped(&total)
	escaped(&step)
	escaped(add)
	for i := 0; i < 3; i++ {
		add()
	}
	return total
}

func arrayOnStack(v int) int {
	a := [4]int{v, v, v}
	b := a
	s := a[1:3]
	s[0] *= 2
	p := &b[2]
	*p += s[0]
	return a[0] + a[1] + a[2] + b[0] + b[2] - v
}

func arrayOnHeap(v int) int {
	a := [4]int{v, v, v}
	b := a
	s := a[1:3]
	escaped(&a)
	escaped(&b)
	escaped(&s)
	s[0] *= 2
	p := &b[2]
	*p += s[0]
	return a[0] + a[1] + a[2] + b[0] + b[2] - v
}

// Every variable of a deep recursion forced to the heap keeps its own value, as it would in its own frame.
//
//gomem:case ESCAPE.OPTIONAL
func OptionalRecursion() {
	check.Equal("one variable per call on the stack", descendOnStack(200, nil), 200*201/2)
	check.Equal("one variable per call on the heap", descendOnHeap(200, nil), 200*201/2)
	check.Equal("variables kept", len(everything), 200)
	everything = nil
}

func descendOnStack(depth int, caller *node) int {
	if depth == 0 {
		return sumCallers(caller)
	}
	local := node{value: depth, next: caller}
	sum := descendOnStack(depth-1, &local)
	check.Equal("this call's variable", local.value, depth)
	return sum
}

func descendOnHeap(depth int, caller *node) int {
	if depth == 0 {
		return sumCallers(caller)
	}
	local := node{value: depth, next: caller}
	escaped(&local)
	sum := descendOnHeap(depth-1, &local)
	check.Equal("this call's variable", local.value, depth)
	return sum
}

func sumCallers(n *node) (sum int) {
	for ; n != nil; n = n.next {
		sum += n.value
	}
	return sum
}
