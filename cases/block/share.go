package block

// What is shared and what is copied: BLOCK.SHARE, BLOCK.COPY.

import "gomem/cases/check"

// Slices of one array see each other's writes where they overlap.
//
//gomem:case BLOCK.SHARE
func SlicesShareTheirArray() {
	whole := make([]int, 100)
	a, b := whole[10:60], whole[50:]
	a[45] = 7
	check.Equal("element of the whole", whole[55], 7)
	check.Equal("element of the other slice", b[5], 7)
	b[0] = 8
	check.Equal("element written through the other slice", a[40], 8)
	whole[59] = 9
	check.Equal("element written through the whole", a[49]*10+b[9], 99)
	check.That("two slices have one element at two addresses", &a[45] == &b[5])
}

// Only the overlap is shared: a write to one slice leaves all other elements alone.
//
//gomem:case BLOCK.SHARE
func WritesStayInTheirRange() {
	whole := make([]int, 100)
	for i := range whole {
		whole[i] = i
	}
	part := whole[30:40:40]
	for i := range part {
		part[i] = -1
	}
	for i, x := range whole {
		want := i
		if i >= 30 && i < 40 {
			want = -1
		}
		check.Equal("element", x, want)
	}
}

// Slices of an array variable, through its address, of a struct's field and of another slice's part share as well.
//
//gomem:case BLOCK.SHARE
func SlicesOfVariables() {
	var array [8]int
	p := &array
	s, t := array[2:6], p[:]
	s[0] = 5
	check.Equal("array element", array[2], 5)
	t[3] = 6
	check.Equal("element of the other slice", s[1], 6)
	var r struct {
		before int
		buffer [4]int
		after  int
	}
	u := r.buffer[:]
	u[0], u[3] = 1, 4
	check.Equal("fields", r.before*1000+r.buffer[0]*100+r.buffer[3]*10+r.after, 140)
	v := t[1:7][1:5][1:3]
	v[0] = 77
	check.Equal("element through a slice of slices", array[3], 77)
	array[4] = 78
	check.Equal("element through the array", v[1], 78)
}

// A copy within one array gives what the elements were before, to whichever side it moves them.
//
//gomem:case BLOCK.SHARE
func OverlappingCopy() {
	for _, shift := range []int{-5, -1, 0, 1, 5} {
		for _, n := range []int{10, 100, 5000} {
			s := make([]int, n+10)
			for i := range s {
				s[i] = i
			}
			moved := copy(s[5+shift:5+shift+n], s[5:5+n])
			check.Equal("moved elements", moved, n)
			for i := 0; i < n; i++ {
				if s[5+shift+i] != 5+i {
					check.Fatal("element", i, "moved by", shift, "is", s[5+shift+i])
				}
			}
		}
	}
}

// Slices of a converted type and of a three-index expression are slices of the same array.
//
//gomem:case BLOCK.SHARE
func ConvertedSliceShares() {
	type names []string
	s := []string{"a", "b", "c"}
	n := names(s)
	n[1] = "B"
	check.Equal("element", s[1], "B")
	m := s[0:2:3]
	m = append(m, "C")
	check.Equal("element written by append within the capacity", s[2], "C")
}

type sample struct {
	id    int
	tags  [3]string
	inner struct{ x, y int }
	list  []int
	table map[string]int
	pipe  chan int
	next  *sample
}

func newSample() sample {
	s := sample{id: 1, tags: [3]string{"a", "b", "c"}, list: []int{1, 2, 3}, table: map[string]int{"k": 1}, pipe: make(chan int, 4)}
	s.inner.x = 10
	s.next = &sample{id: 2}
	return s
}

// change writes to every field of s, to the direct parts and through the references.
func change(s *sample) {
	s.id, s.tags[1], s.inner.x = 100, "changed", 1000
	s.list[0], s.table["k"], s.next.id = 100, 100, 200
	s.pipe <- 7
}

// independent checks that the direct part of s is as newSample made it, and that what it refers to shows change's writes.
func independent(how string, s *sample) {
	check.That(how+": the direct part changed with the copy", s.id == 1 && s.tags == [3]string{"a", "b", "c"} && s.inner.x == 10)
	check.That(how+": a slice, map, channel or pointer no longer refers to the same data",
		s.list[0] == 100 && s.table["k"] == 100 && s.next.id == 200 && len(s.pipe) == 1)
}

// Assignment copies the direct part: fields, arrays and nested structs are independent, references are shared.
//
//gomem:case BLOCK.COPY
func AssignmentCopies() {
	s := newSample()
	t := s
	change(&t)
	independent("assigned", &s)
	check.That("the copy did not change", t.id == 100 && t.tags[1] == "changed")
	u := newSample()
	p := &u
	v := *p
	change(p)
	independent("assigned through a pointer", &v)
}

// Passing, returning and receiving a value copy its direct part.
//
//gomem:case BLOCK.COPY
func CallsCopy() {
	s := newSample()
	changeArgument(s)
	independent("argument", &s)
	t := newSample()
	result := same(t)
	change(&result)
	independent("result", &t)
	u := newSample()
	u.changeReceiver()
	independent("receiver", &u)
	v := newSample()
	f := v.changeReceiver
	f()
	independent("bound receiver", &v)
}

func changeArgument(s sample)    { change(&s) }
func same(s sample) sample       { return s }
func (s sample) changeReceiver() { change(&s) }

// A receiver bound to a method value is copied when the method value is made, and so are the arguments of defer and go.
//
//gomem:case BLOCK.COPY
func BindingCopiesAtOnce() {
	s := newSample()
	f := s.number
	s.id = 50
	check.Equal("field of the bound copy", f(), 1)
	deferred := 0
	func() {
		t := newSample()
		defer func(u sample) { deferred = u.id }(t)
		t.id = 50
	}()
	check.Equal("field of the deferred argument", deferred, 1)
	c := make(chan int)
	t := newSample()
	go func(u sample) { c <- u.id }(t)
	t.id = 50
	check.Equal("field of the goroutine's argument", <-c, 1)
}

func (s sample) number() int { return s.id }

// Arrays are values: one of a thousand elements is copied whole by assignment, comparison sees elements, an array of arrays too.
//
//gomem:case BLOCK.COPY
func ArraysCopy() {
	var a [1000]int
	for i := range a {
		a[i] = i
	}
	b := a
	check.That("the copy differs", a == b)
	b[500] = -1
	check.Equal("element of the original", a[500], 500)
	a[501] = -2
	check.Equal("element of the copy", b[501], 501)
	grid := [3][3]int{{1, 2, 3}}
	row, copied := grid[0], grid
	row[0], copied[0][1] = 10, 20
	check.That("the array of arrays changed with a copy", grid == [3][3]int{{1, 2, 3}})
	pointer := &grid
	pointer[0][0] = 11
	check.Equal("element written through the address", grid[0][0]*100+copied[0][0], 1101)
}

// Slices, maps and channels refer: a copy of one sees what is done through the other.
//
//gomem:case BLOCK.COPY
func ReferencesShare() {
	s, m, c := []int{1, 2}, map[int]int{1: 1}, make(chan int, 1)
	t, n, d := s, m, c
	t[0], n[2] = 10, 20
	d <- 30
	check.Equal("slice element", s[0], 10)
	check.Equal("map element", m[2], 20)
	check.Equal("channel element", <-c, 30)
	t = append(t, 3)
	check.Equal("length of the original, which is part of the direct part", len(s), 2)
	delete(m, 1)
	check.Equal("entries of the copy", len(n), 1)
	close(c)
	_, open := <-d
	check.That("closing is not seen through the copy", !open)
	f, total := func(x []int, y map[int]int) { x[1] = 5; y[5] = 5 }, 0
	f(s, m)
	total = s[1] + m[5]
	check.Equal("written by a callee", total, 10)
}

// Storing a value in a map, a channel, an interface, a slice or a range variable copies its direct part.
//
//gomem:case BLOCK.COPY
func ContainersCopy() {
	s := newSample()
	m := map[int]sample{1: s}
	change(&s)
	stored := m[1]
	independent("map element", &stored)
	t := newSample()
	c := make(chan sample, 1)
	c <- t
	change(&t)
	received := <-c
	independent("channel element", &received)
	u := newSample()
	var i interface{} = u
	change(&u)
	boxed := i.(sample)
	independent("interface", &boxed)
	v := newSample()
	list := append([]sample(nil), v)
	change(&v)
	independent("appended element", &list[0])
	all := []sample{newSample()}
	for _, each := range all {
		change(&each)
	}
	independent("range variable", &all[0])
}

// A range over an array walks a copy of it, one over a slice or an array's address walks the original.
//
//gomem:case BLOCK.COPY
func RangeCopiesAnArray() {
	array, slice := [3]int{1, 2, 3}, []int{1, 2, 3}
	sum := 0
	for i, x := range array {
		array[2] = 100
		sum += (i + 1) * x
	}
	check.Equal("sum over the array", sum, 14)
	sum = 0
	for i, x := range slice {
		slice[2] = 100
		sum += (i + 1) * x
	}
	check.Equal("sum over the slice", sum, 305)
	array = [3]int{1, 2, 3}
	sum = 0
	for i, x := range &array {
		array[2] = 100
		sum += (i + 1) * x
	}
	check.Equal("sum over the array's address", sum, 305)
}
