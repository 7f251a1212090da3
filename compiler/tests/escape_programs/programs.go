// Package programs holds code whose escape listing is that of the toolchain at go1.26, on every line: what the cases, which prove
// rules, leave out. escape_test compares it.
package programs

import "unsafe"

type tree struct {
	left, right *tree
	name        string
	data        []byte
}

type named interface{ title() string }

func (t *tree) title() string { return t.name } //= leaking param: t to result ~r0 level=1

type pair struct{ a, b *int }

func (p pair) title() string { return "pair" } //= p does not escape

type outer struct {
	tree
	inner *pair
}

var (
	kept   *int
	keeper any
	global = &tree{name: "laid out"}
	filled = []*tree{{name: "one"}, newTree("two")}
)

func newTree(name string) *tree { return &tree{name: name} } //= &tree{...} escapes to heap ; leaking param: name

func insert(t **tree, name string) { //= leaking param: name ; t does not escape
	for *t != nil {
		if name < (*t).name {
			t = &(*t).left
		} else {
			t = &(*t).right
		}
	}
	*t = newTree(name)
}

func even(n int, p *int) *int { //= leaking param: p
	if n == 0 {
		return p
	}
	return odd(n-1, p)
}

func odd(n int, p *int) *int { //= leaking param: p
	if n == 0 {
		kept = p
	}
	return even(n-1, p)
}

func swap(p, q **int) { *p, *q = *q, *p } //= leaking param content: p ; leaking param content: q

func selfAssign(t *tree, o *outer) { //= o does not escape ; t does not escape
	t.data = t.data[1:]               //= selfAssign ignoring self-assignment in t.data = t.data[1:]
	t.left = t.right                  //= selfAssign ignoring self-assignment in t.left = t.right
	o.tree.left = o.tree.right        //= selfAssign ignoring self-assignment in o.tree.left = o.tree.right
	t.left, t.right = t.right, t.left //= selfAssign ignoring self-assignment in t.left, t.right = t.right, t.left ; selfAssign ignoring self-assignment in t.left, t.right = t.right, t.left
}

// Literals are numbered in the function round them, those of package variables in the package.
var flips = func(t *tree) { t.left = t.right } //= init.func1 ignoring self-assignment in t.left = t.right ; t does not escape

var nested = func(t *tree) { //= t does not escape
	func() { t.left = t.right }()               //= init.func2.1 ignoring self-assignment in t.left = t.right ; func literal does not escape
	inner := func(t *tree) { t.right = t.left } //= init.func2.2 ignoring self-assignment in t.right = t.left ; t does not escape ; func literal does not escape
	inner(t)
}

func promoted(o outer, q *outer) (string, func() string) { //= leaking param: q ; o does not escape
	return o.title() + q.inner.title(), q.title //= (*tree).title(o.tree) + pair.title(q.inner) escapes to heap ; q.tree.title escapes to heap
}

func bound() string {
	var n named = &tree{name: "x"} //= &tree{...} does not escape
	m := named(pair{})             //= named(pair{}) does not escape
	return n.title() + m.title()   //= (*tree).title(n.(*tree)) + pair.title(m.(pair)) escapes to heap ; devirtualizing m.title to pair ; devirtualizing n.title to *tree
}

func unbound(n named) string { return n.title() } //= leaking param: n

func closures(n int) (func() int, func(*int) *int) {
	count := 0                        //= moved to heap: count
	big := [200]byte{}                //= moved to heap: big
	add := func(d int) { count += d } //= func literal does not escape
	add(n)
	plain := func(p *int) *int { return p }                 //= func literal escapes to heap ; leaking param: p to result ~r0 level=0
	return func() int { return count + int(big[0]) }, plain //= func literal escapes to heap
}

func jump(n int) *int {
	var last *int
again:
	x := n //= moved to heap: x
	last = &x
	n--
	if n > 0 {
		goto again
	}
	y := n
	keeper = y //= y escapes to heap
	return last
}

func skip(n int) *int {
	if n > 0 {
		goto done
	}
	return nil
done:
	x := n //= moved to heap: x
	p := &x
	return p
}

func switches(x any) *int { //= leaking param: x
	switch v := x.(type) {
	case int: //= moved to heap: v
		return &v
	case *int:
		return v
	case pair, *pair:
		keeper = v
	case nil:
		w := &v
		_ = w
	}
	switch {
	case false:
		return new(int)
	}
	return nil
}

func selects(in chan *int, out chan<- any) *int { //= in does not escape ; out does not escape
	select {
	case p := <-in:
		return p
	case out <- 3: //= 3 escapes to heap
	default:
		p, ok := <-in
		if ok {
			return p
		}
	}
	return nil
}

func maps(m map[string]*int, k []byte, v *int) *int { //= k does not escape ; leaking param: v ; m does not escape
	m[string(k)] = v                          //= string(k) escapes to heap
	local := map[any]pair{"a": {a: v}, 1: {}} //= "a" escapes to heap ; 1 escapes to heap ; map[any]pair{...} does not escape
	if p, ok := local["a"]; ok {              //= "a" does not escape
		return p.a
	}
	delete(local, 1) //= 1 does not escape
	return m["x"]
}

func strings(s string, b []byte, r rune) (string, []byte, int) { //= b does not escape ; s does not escape
	sum := s + string(b) + string(r) //= s + string(b) + string(r) escapes to heap ; string(b) does not escape ; string(r) does not escape
	total := 0
	for _, c := range []byte(s) { //= ([]byte)(s) does not escape ; zero-copy string->[]byte conversion
		total += int(c)
	}
	buffer := []byte(s) //= ([]byte)(s) escapes to heap
	buffer[0] = 'x'
	runes := []rune(sum) //= ([]rune)(sum) does not escape
	return sum, buffer, total + len(runes)
}

func grow(s []*int, p *int, rest ...*int) []*int { //= leaking param content: rest ; leaking param content: s ; leaking param: p ; leaking param: s to result ~r0 level=0
	s = append(s, p)          //= append escapes to heap
	return append(s, rest...) //= append escapes to heap
}

func locals(n int) int {
	var s []int
	for i := range n {
		s = append(s, i) //= append does not escape
	}
	fixed := 16
	t := make([]int, fixed) //= make([]int, 16) does not escape
	u := make([]int, n)     //= make([]int, n) does not escape
	copy(u, t)
	return len(s) + len(u)
}

func variadic(prefix string, args ...any) int { return len(prefix) + len(args) } //= args does not escape ; prefix does not escape

func calls(n int, t *tree) int { //= leaking param: t ; moved to heap: n
	const limit = 8
	seven := 7
	defer variadic("deferred", n, t) //= ... argument does not escape ; n does not escape
	for i := range n {
		defer variadic("in a loop", i, &n) //= ... argument does not escape ; i escapes to heap
	}
	go variadic("gone", t.name) //= ... argument does not escape ; t.name escapes to heap
	go t.title()
	defer unbound(t)
	return variadic("now", n, limit, seven, t, *t, nil, "text", 2.5, 'r', struct{}{}) //= "text" does not escape ; 'r' does not escape ; *t does not escape ; ... argument does not escape ; 2.5 does not escape ; 7 does not escape ; 8 does not escape ; n does not escape ; struct {}{} does not escape
}

func two() (*int, string) { return kept, "s" }

func multiple() (any, any) {
	var a, b any
	a, b = two()        //= .autotmp_5 does not escape
	variadic("x", a, b) //= ... argument does not escape
	keeper, _ = two()
	return two() //= .autotmp_9 escapes to heap
}

type list[E any] struct {
	items []E
	head  *E
}

func (l *list[E]) push(e E) *E { //= moved to heap: e ; moved to heap: e
	l.items = append(l.items, e) //= append escapes to heap ; append escapes to heap
	l.head = &e
	return l.head
}

func mapped[T, U any](in []T, f func(T) U) []U {
	out := make([]U, 0, len(in)) //= make([]go.shape.interface {}, 0, len(in)) escapes to heap
	for _, x := range in {
		out = append(out, f(x)) //= append escapes to heap
	}
	keeper = in //= in escapes to heap
	return out
}

func generic() any {
	var l list[int]
	l.push(3)
	var m list[*tree]
	m.push(&tree{})                                               //= &tree{} escapes to heap
	return mapped([]string{"a"}, func(s string) any { return s }) //= []string{...} escapes to heap ; func literal does not escape ; leaking param: s ; mapped[go.shape.string,go.shape.interface {}](&.dict.mapped[string,interface {}], []string{...}, func literal) escapes to heap ; s escapes to heap
}

func sequence(n int) func(yield func(int) bool) {
	return func(yield func(int) bool) { //= func literal escapes to heap ; yield does not escape
		for i := range n {
			if !yield(i) {
				return
			}
		}
	}
}

func each(f func(yield func(*int) bool)) (n int) { //= f does not escape ; moved to heap: n
	for p := range f { //= func literal escapes to heap ; moved to heap: #state1 ; p does not escape
		n += *p
	}
	return n
}

func loops(n int) (all []*int) {
	for i := 0; i < n; i++ { //= moved to heap: i
		all = append(all, &i) //= append escapes to heap
	}
	for i, v := range all {
		if i > 0 {
			kept = v
		}
		func() { _ = &i }() //= func literal does not escape
	}
	for i := 0; i < n; i++ {
		p := &i
		*p++
	}
	return all
}

func pointers(p *int, u uintptr) (unsafe.Pointer, uintptr, *[2]int) { //= leaking param: p to result ~r0 level=0 ; leaking param: p to result ~r2 level=0
	q := unsafe.Pointer(p)
	a := (*[2]int)(q)
	return unsafe.Pointer(uintptr(q) + u), uintptr(unsafe.Pointer(&a[1])), a
}

func headers(t *tree) ([]byte, *byte) { //= leaking param: t to result ~r0 level=1 ; leaking param: t to result ~r1 level=1
	var array [8]byte
	s := array[2:]
	s = append(s, t.data...) //= append does not escape
	return t.data[:1:2], &t.data[0]
}

func recovered(f func()) (err any) { //= f does not escape
	defer func() { err = recover() }() //= func literal does not escape
	f()
	panic("no" + "thing") //= "nothing" escapes to heap
}

// Where append's new store may be is asked of these by name.
func placeOnce(n int) int {
	var s []int
	s = append(s, n) //= append does not escape
	return len(s)
}

func placeGrowing(n int) int {
	var s []int
	for i := range n {
		s = append(s, i) //= append does not escape
	}
	return len(s)
}

func placeFresh() int {
	var all [3][]int
	for i := range 3 {
		var s []int
		s = append(s, i) //= append does not escape
		all[i] = s
	}
	return all[0][0]
}

func placeMoved(n int) []int {
	var s []int
	for i := range n {
		s = append(s, i) //= append escapes to heap
	}
	return s
}

func placeMovedWhole(n int) []int {
	var s []int
	for i := range n {
		s = append(s, cap(s)+i) //= append escapes to heap
	}
	return s
}

func placeOutTwice(n int) []int {
	var s []int
	for i := range n {
		s = append(s, i) //= append escapes to heap
	}
	if n > 2 {
		return s
	}
	return s
}

func placeInMemory(n int) int {
	var s []int
	p := &s
	for i := range n {
		s = append(s, i) //= append does not escape
	}
	return len(*p)
}

func placeReset() int {
	var s, last []int
	for i := range 3 {
		s = append(s, i) //= append does not escape
		last = s
		s = nil
	}
	return last[0]
}
