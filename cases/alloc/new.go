package alloc

// What new and declarations cost: ALLOC.NEW, ALLOC.VAR.

import "gomem/cases/check"

var (
	intSink   *int64
	byteSink  *byte
	pageSink  *[8192]byte
	hugeSink  *[1 << 20]byte
	pairSink  *pair
	emptySink *struct{}
	ptrSink   **int64
)

type pair struct {
	next  *pair
	value int64
}

// A new(T) whose pointer leaves the function costs one block, whatever the size of T and whether it holds pointers.
//
//gomem:case ALLOC.NEW
//gomem:needs counts
func NewEscapes() {
	check.Equal("blocks for new(int64)", check.Allocs(func() { intSink = new(int64) }), 1)
	check.Equal("blocks for new(byte)", check.Allocs(func() { byteSink = new(byte) }), 1)
	check.Equal("blocks for new(pair)", check.Allocs(func() { pairSink = new(pair) }), 1)
	check.Equal("blocks for new(*int64)", check.Allocs(func() { ptrSink = new(*int64) }), 1)
	check.Equal("blocks for new([8192]byte)", check.Allocs(func() { pageSink = new([8192]byte) }), 1)
	check.Equal("blocks for new([1<<20]byte)", check.Allocs(func() { hugeSink = new([1 << 20]byte) }), 1)
}

// Each call of new counts: a hundred of them are a hundred allocations, tiny objects that share a block included.
//
//gomem:case ALLOC.NEW
//gomem:needs counts
func NewCountsEachCall() {
	check.Equal("allocations for 100 × new(byte)", check.Allocs(func() {
		for i := 0; i < 100; i++ {
			byteSink = new(byte)
		}
	}), 100)
	check.Equal("allocations for 100 × new(pair)", check.Allocs(func() {
		for i := 0; i < 100; i++ {
			pairSink = &pair{next: pairSink}
		}
		pairSink = nil
	}), 100)
}

// A new(T) of a type without size costs nothing.
//
//gomem:case ALLOC.NEW
//gomem:needs counts
func NewOfZeroSizeIsFree() {
	check.Equal("blocks for new(struct{})", check.Allocs(func() { emptySink = new(struct{}) }), 0)
	check.That("new(struct{}) returned nil", emptySink != nil)
}

// A declared variable costs one block when its address leaves the function.
//
//gomem:case ALLOC.VAR
//gomem:needs counts
func VariableEscapes() {
	check.Equal("blocks for one variable", check.Allocs(func() {
		x := int64(opaque(7))
		intSink = &x
	}), 1)
	check.Equal("blocks for two variables, one declared by a group", check.Allocs(func() {
		var (
			x int64
			p pair
		)
		intSink, pairSink = &x, &p
	}), 2)
	check.Equal("blocks for an array", check.Allocs(func() {
		var page [8192]byte
		pageSink = &page
	}), 1)
}

// A parameter and a named result are variables too: each costs one block when its address leaves the function.
//
//gomem:case ALLOC.VAR
//gomem:needs counts
func ParameterAndResultEscape() {
	check.Equal("blocks for a parameter", check.Allocs(func() { keepParameter(int64(opaque(1))) }), 1)
	check.Equal("blocks for a named result", check.Allocs(func() { keepResult() }), 1)
}

func keepParameter(x int64) { intSink = &x }

func keepResult() (x int64) {
	intSink = &x
	return 3
}

// A variable whose address stays inside the function, or goes only down the stack, costs nothing.
//
//gomem:case ALLOC.VAR
//gomem:needs counts
func VariableStays() {
	check.Equal("blocks for a variable used in place", check.Allocs(func() {
		x := int64(opaque(7))
		p := &x
		*p++
	}), 0)
	check.Equal("blocks for a variable lent to a callee", check.Allocs(func() {
		var p pair
		p.value = int64(opaque(7))
		readPair(&p)
	}), 0)
	check.Equal("blocks for a 1 KiB array lent to a callee", check.Allocs(func() {
		var a [1024]byte
		sum(a[:])
	}), 0)
}

func readPair(p *pair) int64 { return p.value }

// Only the variable that escapes costs a block, not its neighbours in the same function.
//
//gomem:case ALLOC.VAR
//gomem:needs counts
func OneOfThreeVariablesEscapes() {
	check.Equal("blocks", check.Allocs(func() {
		x, y, z := int64(opaque(1)), int64(opaque(2)), int64(opaque(3))
		intSink = &y
		p, q := &x, &z
		*p += *q
	}), 1)
}

// Several small pointer-free variables that escape from one stretch of code are a block each.
//
//gomem:case ALLOC.VAR
//gomem:needs counts
//gomem:until 1.24
func ScalarsEscapeApart() {
	check.Equal("blocks for two words", check.Allocs(escapeScalars), 2)
	check.Equal("blocks for 8 + 4 + 2 + 1 + 1 bytes", check.Allocs(escapeFive), 5)
}

// Several small pointer-free variables that escape from one stretch of code share one block of up to 16 bytes.
//
//gomem:case ALLOC.VAR
//gomem:needs counts
//gomem:since 1.25
func ScalarsEscapeTogether() {
	check.Equal("blocks for two words", check.Allocs(escapeScalars), 1)
	check.Equal("blocks for 8 + 4 + 2 + 1 + 1 bytes", check.Allocs(escapeFive), 1)
	check.Equal("blocks for three times 8 bytes", check.Allocs(escapeThree), 2)
	check.Equal("blocks for a string between two words", check.Allocs(func() {
		x, s, y := int64(opaque(1)), stringSink, int64(opaque(2))
		intSink, namePointerSink, intSink2 = &x, &s, &y
	}), 2)
}

func escapeScalars() {
	x, y := int64(opaque(1)), int64(opaque(2))
	intSink, intSink2 = &x, &y
}

func escapeThree() {
	x, y, z := int64(opaque(1)), int64(opaque(2)), int64(opaque(3))
	intSink, intSink2, intSink3 = &x, &y, &z
}

func escapeFive() {
	var (
		a int64
		b int32
		c int16
		d byte
		e bool
	)
	intSink, int32Sink, int16Sink, byteSink, boolSink = &a, &b, &c, &d, &e
}

var (
	intSink2, intSink3 *int64
	int32Sink          *int32
	int16Sink          *int16
	boolSink           *bool
	namePointerSink    *string
)

// A loop variable that escapes is a variable of each iteration: one block for each.
//
//gomem:case ALLOC.VAR
//gomem:needs counts
//gomem:since lang1.22
func LoopVariablePerIteration() {
	check.Equal("blocks for 10 iterations", check.Allocs(loopVariable), 10)
}

// A loop variable that escapes is one variable of the whole loop: one block.
//
//gomem:case ALLOC.VAR
//gomem:needs counts
//gomem:until lang1.21
func LoopVariablePerLoop() {
	check.Equal("blocks for 10 iterations", check.Allocs(loopVariable), 1)
}

func loopVariable() {
	for i := range loopSinks {
		loopSinks[i] = &i
	}
}

var loopSinks [10]*int
