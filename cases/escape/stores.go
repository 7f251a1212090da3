package escape

// What a store through a pointer, an element, a field, a map or append does to its target: ESCAPE.SLICEPTR, FIELD, ARRAY,
// SLICE, MAP, APPEND, APPEND.STACK.

import "gomem/cases/check"

type pair struct{ left, right int }

// A pointer stored through a slice element, a dereference or a map moves its target to the heap although the container
// stays; one stored directly in a local array or struct does not.
//
//gomem:case ESCAPE.SLICEPTR
//gomem:diagnostics
func StoreVerdict() {
	slice := make([]*int, 1) //= make([]*int, 1) does not escape
	a := 1                   //= moved to heap: a
	slice[0] = &a
	var cell *int
	through := &cell
	b := 1 //= moved to heap: b
	*through = &b
	holder := &node{} //= &node{} does not escape
	c := node{}       //= moved to heap: c
	holder.next = &c
	byName := map[string]*int{} //= map[string]*int{} does not escape
	d := 1                      //= moved to heap: d
	byName["d"] = &d
	var array [2]*int
	e := 1
	array[0] = &e
	var direct node
	f := node{}
	direct.next = &f
	var nested struct{ inner [2]node }
	g := node{}
	nested.inner[1].next = &g
	literal := []*int{&e} //= []*int{...} does not escape
	_ = *literal[0]
}

// The stores that go through a pointer cost their target's block; the direct ones and a slice literal cost none.
//
//gomem:case ESCAPE.SLICEPTR
//gomem:needs counts
func StoreCount() {
	check.Equal("blocks for a store to a slice's element", check.Allocs(func() {
		s, x := make([]*int, 1), 1
		s[0] = &x
	}), 1)
	check.Equal("blocks for a store through a pointer", check.Allocs(func() {
		h, n := &node{}, node{}
		h.next = &n
	}), 1)
	check.Equal("blocks for a store to an array's element", check.Allocs(func() {
		a, x := [2]*int{}, 1
		a[1] = &x
	}), 0)
	check.Equal("blocks for a store to a field", check.Allocs(func() {
		h, n := node{}, node{}
		h.next = &n
	}), 0)
	check.Equal("blocks for an element of a literal", check.Allocs(func() {
		x := 1
		s := []*int{&x}
		*s[0] = 2
	}), 0)
}

// If the address of one field escapes the whole struct variable moves to the heap; reading the field does not move it.
//
//gomem:case ESCAPE.FIELD
//gomem:diagnostics
func FieldVerdict() {
	p := pair{1, 2} //= moved to heap: p
	intSink = &p.right
	q := pair{1, 2}
	x := q.right //= moved to heap: x
	intSink = &x
	var deep struct { //= moved to heap: deep
		inner struct{ cells [4]pair }
	}
	intSink = &deep.inner.cells[2].left
}

// The struct's fields stay neighbours on the heap: the escaped field's block is as large as the struct and holds the others.
//
//gomem:case ESCAPE.FIELD
//gomem:needs counts
func FieldCount() {
	size := check.Bytes(func() {
		var wide struct {
			first int
			rest  [63]int
		}
		intSink = &wide.first
	})
	check.Equal("bytes for the whole struct", size, 64*check.Word)
	size = check.Bytes(func() {
		var wide struct {
			first node
			rest  [63]int
		}
		first := wide.first
		nodeSink = &first
	})
	check.Equal("bytes for a copy of the field", size, 2*check.Word)
}

// If the address of one element escapes the whole array variable moves to the heap.
//
//gomem:case ESCAPE.ARRAY
//gomem:diagnostics
func ArrayVerdict() {
	var a [8]int //= moved to heap: a
	intSink = &a[3]
	var b [8]int //= moved to heap: b
	i := len(b) - 1
	intSink = &b[i]
	var c [8]int //= moved to heap: c
	intsSink = c[2:4]
	var d [8]int
	e := d[3] //= moved to heap: e
	intSink = &e
	f := d[2:4]
	f[0]++
}

// One block as large as the array serves an escaped element.
//
//gomem:case ESCAPE.ARRAY
//gomem:needs counts
func ArrayCount() {
	f := func() {
		var a [64]int
		intSink = &a[63]
	}
	check.Equal("blocks", check.Allocs(f), 1)
	check.Equal("bytes", check.Bytes(f), 64*check.Word)
	check.Equal("blocks for an element's value", check.Allocs(func() {
		var a [64]int
		p := &a[63]
		localSum = *p
	}), 0)
}

// If the address of one element of a slice escapes its whole backing array does, while the slice's header stays; the header
// moves only when its own address escapes.
//
//gomem:case ESCAPE.SLICE
//gomem:diagnostics
func SliceVerdict() {
	a := make([]int, 8) //= make([]int, 8) escapes to heap
	intSink = &a[3]
	header := &a
	_ = len(*header)
	b := make([]int, 8) //= moved to heap: b ; make([]int, 8) escapes to heap
	anySink = &b
	c := make([]int, 8) //= make([]int, 8) does not escape
	d := c[3]           //= moved to heap: d
	intSink = &d
	e := []node{{}, {}} //= []node{...} escapes to heap
	nodeSink = &e[1]
}

// An escaped element costs one block, the array's; an escaped header costs another.
//
//gomem:case ESCAPE.SLICE
//gomem:needs counts
func SliceCount() {
	element := func() {
		s := make([]int, 64)
		intSink = &s[63]
	}
	check.Equal("blocks for an element", check.Allocs(element), 1)
	check.Equal("bytes for an element", check.Bytes(element), 64*check.Word)
	check.Equal("blocks for the header", check.Allocs(func() {
		s := make([]int, 64)
		headerSink = &s
	}), 2)
	check.Equal("blocks for a slice that stays", check.Allocs(func() {
		s := make([]int, 64)
		header := &s
		(*header)[63] = 1
	}), 0)
}

var headerSink *[]int

// Pointers stored in a map, as a key, as a value or within one, move their targets to the heap; what only looks up does not.
//
//gomem:case ESCAPE.MAP
//gomem:diagnostics
func MapVerdict() {
	values := map[int]*int{} //= map[int]*int{} does not escape
	a := 1                   //= moved to heap: a
	values[1] = &a
	keys := make(map[*int]bool) //= make(map[*int]bool) does not escape
	b := 1                      //= moved to heap: b
	keys[&b] = true
	nodes := map[int]node{} //= map[int]node{} does not escape
	c := node{}             //= moved to heap: c
	nodes[1] = node{next: &c}
	d := 1
	_ = keys[&d]
	delete(keys, &d)
	e := 1                        //= moved to heap: e
	filled := map[int]*int{1: &e} //= map[int]*int{...} does not escape
	_ = filled[1]
	mapSink = map[int]*int{} //= map[int]*int{} escapes to heap
}

var mapSink map[int]*int

// A key and a value that point to locals cost their targets' blocks; a look-up by such a key costs none.
//
//gomem:case ESCAPE.MAP
//gomem:needs counts
func MapCount() {
	m := map[*node]*node{}
	check.Equal("blocks for a pointer as a value", check.Allocs(func() {
		n := node{}
		m[nil] = &n
	}), 1)
	check.Equal("blocks for pointers as key and value", check.Allocs(func() {
		k, v := node{}, node{}
		m[&k] = &v
		delete(m, &k)
	}), 2)
	check.Equal("blocks for a look-up", check.Allocs(func() {
		n := node{}
		_ = m[&n]
	}), 0)
}

// What append stores in a slice's array flows as a store through a pointer, although the slice stays.
//
//gomem:case ESCAPE.APPEND
//gomem:diagnostics
func AppendVerdict() {
	list := make([]*int, 0, 4) //= make([]*int, 0, 4) does not escape
	a := 1                     //= moved to heap: a
	list = append(list, &a)    //= [1.25-] append does not escape
	b := 1
	ints := []int{}                       //= []int{} does not escape
	ints = append(ints, b)                //= [1.25-] append does not escape
	c := node{}                           //= moved to heap: c
	nodes := []node{}                     //= []node{} does not escape
	nodes = append(nodes, node{next: &c}) //= [1.25-] append does not escape
	d := 1                                //= moved to heap: d
	more := []*int{&d}                    //= []*int{...} does not escape
	_ = append([]*int{}, more...)         //= [1.25-] append does not escape ; []*int{} does not escape
}

// The array that replaces a full one is a heap block, although the full one was none; a store with room to spare makes none.
//
//gomem:case ESCAPE.APPEND
//gomem:needs counts
func AppendCount() {
	check.Equal("blocks when a full array is replaced", check.Allocs(func() {
		s := make([]int, 64)
		s = append(s, 1)
		s[0] = 1
	}), 1)
	check.Equal("blocks within the capacity", check.Allocs(func() {
		s := make([]int, 0, 64)
		s = append(s, 1)
		s[0] = 1
	}), 0)
	check.Equal("blocks for an appended pointer's target", check.Allocs(func() {
		s, x := make([]*int, 0, 4), 1
		s = append(s, &x)
		*s[0] = 2
	}), 1)
}

// append is reported: it does not escape while its result stays, and escapes when its result leaves.
//
//gomem:case ESCAPE.APPEND.STACK
//gomem:since 1.25
//gomem:diagnostics
func AppendReported() {
	var a []int
	a = append(a, 1, 2) //= append does not escape
	_ = len(a)
	var b []int
	b = append(b, 1) //= append escapes to heap
	intsSink = b
	_ = appendResult(nil)
}

func appendResult(s []int) []int { //= leaking param: s to result ~r0 level=0
	return append(s, 1) //= append escapes to heap
}

// An append to nothing uses the stack while its result stays and needs at most 32 bytes, and the heap beyond.
//
//gomem:case ESCAPE.APPEND.STACK
//gomem:since 1.25
//gomem:needs counts
func AppendStackCount() {
	check.Equal("blocks for 32 bytes", check.Allocs(func() { localSum = appendBytes(32) }), 0)
	check.Equal("length", localSum, 32)
	check.Equal("blocks for more than 32 bytes", check.Allocs(func() { localSum = appendBytes(33) }), 1)
	check.Equal("length", localSum, 33)
	check.Equal("blocks when the result leaves", check.Allocs(func() {
		var s []int
		intsSink = append(s, 1)
	}), 1)
}

func appendBytes(n int) int {
	var s []byte
	for i := 0; i < n; i++ {
		s = append(s, byte(i))
	}
	return len(s)
}
