package escape

// What inlining does to placement: ESCAPE.INLINE. The two sides of the rule are the same functions, called with inlining off
// and on.

import "gomem/cases/check"

func fresh(v int) *node {
	n := node{value: v}
	return &n
}

func wrap(v int) *node { return &node{next: fresh(v)} }

func freshSlice() []int { return make([]int, 4) }

func useFresh() {
	n := fresh(3)
	localSum = n.value + 1
}

func useWrap() {
	n := wrap(4)
	localSum = n.next.value + 1
}

func useSlice() {
	s := freshSlice()
	s[3] = 5
	localSum = s[3] + 1
}

func publishFresh() { nodeSink = fresh(3) }

// A function that is called allocates the local whose address it returns, although the caller lets go of it.
//
//gomem:case ESCAPE.INLINE
//gomem:needs counts
func InlineOff() {
	check.Equal("blocks for a callee's local", check.Allocs(useFresh), 1)
	check.Equal("its value", localSum, 4)
	check.Equal("blocks for two callees' locals", check.Allocs(useWrap), 2)
	check.Equal("its value", localSum, 5)
	check.Equal("blocks for a callee's slice", check.Allocs(useSlice), 1)
	check.Equal("its value", localSum, 6)
	check.Equal("blocks for one that leaves the caller too", check.Allocs(publishFresh), 1)
}

// Inlined into a caller where the pointer stays, the same functions allocate nothing; where it leaves they still do.
//
//gomem:case ESCAPE.INLINE
//gomem:needs counts
//gomem:inline
func InlineOn() {
	check.Equal("blocks for a callee's local", check.Allocs(useFresh), 0)
	check.Equal("its value", localSum, 4)
	check.Equal("blocks for two callees' locals", check.Allocs(useWrap), 0)
	check.Equal("its value", localSum, 5)
	check.Equal("blocks for a callee's slice", check.Allocs(useSlice), 0)
	check.Equal("its value", localSum, 6)
	check.Equal("blocks for one that leaves the caller too", check.Allocs(publishFresh), 1)
}

// The verdicts on the called functions and their callers: each local is the callee's, and moves there.
//
//gomem:case ESCAPE.INLINE
//gomem:diagnostics
func InlineOffVerdict() {
	p := called1(1)
	_ = *p
	q := &node{next: called2()} //= &node{...} does not escape
	_ = q.next.value
}

func called1(v int) *int {
	x := v //= moved to heap: x
	return &x
}

func called2() *node { return &node{} } //= &node{} escapes to heap

// The verdicts on inlined functions: their locals become the caller's, and stay with it.
//
//gomem:case ESCAPE.INLINE
//gomem:diagnostics
//gomem:inline
func InlineOnVerdict() { //= can inline InlineOnVerdict
	p := inlined1(1) //= inlining call to inlined1
	_ = *p
	q := &node{next: inlined2()} //= inlining call to inlined2 ; &node{...} does not escape ; &node{} does not escape
	_ = q.next.value
	nodeSink = inlined2() //= inlining call to inlined2 ; &node{} escapes to heap
}

func inlined1(v int) *int { //= can inline inlined1
	x := v //= moved to heap: x
	return &x
}

func inlined2() *node { return &node{} } //= can inline inlined2 ; &node{} escapes to heap

// A function kept out of line by a directive allocates as if inlining were off.
//
//gomem:case ESCAPE.INLINE
//gomem:needs counts
//gomem:inline
func InlineRefused() {
	check.Equal("blocks for a callee's local", check.Allocs(func() { localSum = outOfLine(3).value }), 1)
}

//go:noinline
func outOfLine(v int) *node {
	n := node{value: v}
	return &n
}
