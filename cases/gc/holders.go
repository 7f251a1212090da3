package gc

// What keeps a block alive: GC.REACHABLE, one case for each kind of holder made of memory. Each puts a watched node where only the
// holder refers to it, collects, and reads the node through the holder. See blocked.go for holders that are operations.

import (
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"unsafe"

	"gomem/cases/check"
)

// A list a million blocks deep is kept from its head to its end, and marking it does not exhaust any stack.
//
//gomem:case GC.REACHABLE
func DeepList() {
	const n = 1000000
	head := list(n)
	runtime.GC()
	churn(20000)
	check.That("the list is whole", head.holds(n))
}

// Each of the pointers of a wide array keeps its block, in a block of some MiB, too.
//
//gomem:case GC.REACHABLE
func WideArray() {
	wide := make([]*node, 300000)
	for i := range wide {
		wide[i] = newNode(i)
	}
	for i := 0; i < 2; i++ {
		check.Collect()
		churn(20000)
	}
	for i, n := range wide {
		if !n.is(i) {
			check.Fatal("element", i, "has lost its block")
		}
	}
}

// A tree keeps every block, whatever the order of its pointers among its fields.
//
//gomem:case GC.REACHABLE
func Tree() {
	root := plant(14, 1)
	for i := 0; i < 2; i++ {
		check.Collect()
		check.Use(plant(10, -1))
	}
	check.Equal("blocks of the tree that are whole", root.count(1), 1<<15-1)
}

type tree struct {
	a    byte
	left *tree
	id   int
	tail [3]struct {
		b     bool
		right *tree
	}
}

func plant(depth, id int) *tree {
	t := &tree{a: 1, id: id}
	t.tail[2].b = true
	if depth > 0 {
		t.left = plant(depth-1, 2*id)
		t.tail[1].right = plant(depth-1, 2*id+1)
	}
	return t
}

func (t *tree) count(id int) int {
	if t == nil {
		return 0
	}
	if t.id != id || t.a != 1 || !t.tail[2].b || t.tail[0].right != nil {
		return -1 << 20
	}
	return 1 + t.left.count(2*id) + t.tail[1].right.count(2*id+1)
}

// A slice's header keeps the whole array, the elements before its first and after its last too.
//
//gomem:case GC.REACHABLE
//gomem:needs weak
func SliceKeepsArray() {
	watches := new([5]*check.Watched)
	s := func() []*node {
		array := new([5]*node)
		for i := range array {
			array[i], watches[i] = watchedNode(i)
		}
		return array[2:3:3]
	}()
	for _, w := range watches {
		kept("slice", w)
	}
	all := (*[5]*node)(unsafe.Pointer(uintptr(unsafe.Pointer(&s[0])) - 2*unsafe.Sizeof(s[0])))
	for i, n := range all {
		check.That("element", n.is(i))
	}
}

// The last byte of a string or of a slice of bytes keeps its whole block.
//
//gomem:case GC.REACHABLE
//gomem:needs weak
func TailKeepsBytes() {
	s, b, w1, w2 := tails()
	kept("string", w1)
	kept("slice of bytes", w2)
	bytes = make([]byte, 1000)
	check.That("tail of the string", s == "xyz")
	check.That("tail of the slice", string(b) == "xyz")
}

func tails() (s string, b []byte, w1, w2 *check.Watched) {
	text := append([]byte(strings.Repeat("-", 997)), "xyz"...)
	b = text[997:]
	w2 = check.Watch(unsafe.Pointer(&text[0]))
	other := string(text)
	w1 = check.Watch(*(*unsafe.Pointer)(unsafe.Pointer(&other)))
	return other[997:], b, w1, w2
}

// A pointer into the middle of a block keeps all of the block and what that refers to.
//
//gomem:case GC.REACHABLE
//gomem:needs weak
func InteriorKeeps() {
	p, w, w2 := interior()
	kept("pointer to the last field", w)
	kept("the block that this pointer is into", w2)
	n := (*node)(unsafe.Pointer(uintptr(unsafe.Pointer(p)) - unsafe.Offsetof(node{}.check)))
	check.That("the block", n.is(1))
	check.That("the block it refers to", n.next.is(2))
}

func interior() (*int, *check.Watched, *check.Watched) {
	n, w := watchedNode(1)
	next, w2 := watchedNode(2)
	n.next = next
	return &n.check, w, w2
}

// A map keeps its keys and values: few and thousands, small and larger than 128 bytes, after growth and deletions.
//
//gomem:case GC.REACHABLE
func MapKeeps() {
	type wide struct {
		p   *node
		pad [20]int
	}
	values, keys, wides := map[int]*node{}, map[*node]int{}, map[int]wide{}
	for i := 0; i < 5000; i++ {
		values[i], wides[i] = newNode(i), wide{p: newNode(i)}
		keys[newNode(i)] = i
		if i%3 == 2 {
			delete(values, i-1)
		}
	}
	for i := 0; i < 2; i++ {
		check.Collect()
		churn(20000)
	}
	for k, n := range values {
		check.That("value", n.is(k))
	}
	for n, v := range keys {
		check.That("key", n.is(v))
	}
	for k, w := range wides {
		check.That("wide value", w.p.is(k))
	}
	check.Equal("values", len(values), 5000-5000/3)
	check.Equal("keys", len(keys), 5000)
}

// Pointers inside of map keys count: strings, interfaces, structs and arrays as keys.
//
//gomem:case GC.REACHABLE
func MapKeepsKeys() {
	type key struct {
		a [2]*node
		e interface{}
		s string
	}
	m := map[key]int{}
	for i := 0; i < 100; i++ {
		m[key{[2]*node{nil, newNode(i)}, newNode(i), strings.Repeat("k", 20+i)}] = i
	}
	for i := 0; i < 2; i++ {
		check.Collect()
		churn(20000)
	}
	for k, i := range m {
		check.That("array in the key", k.a[1].is(i))
		check.That("interface in the key", k.e.(*node).is(i))
		check.That("string in the key", k.s == strings.Repeat("k", 20+i))
	}
}

// What a channel's buffer holds is kept, wherever in the ring it lies.
//
//gomem:case GC.REACHABLE
//gomem:needs weak
func BufferKeeps() {
	type item struct {
		id int
		p  *node
	}
	c := make(chan item, 3)
	var watches [3]*check.Watched
	for i := 0; i < 4; i++ {
		if i > 1 {
			check.Equal("id", (<-c).id, i-2)
		}
		c <- func() item {
			n, w := watchedNode(i)
			watches[i%3] = w
			return item{i, n}
		}()
	}
	kept("third item", watches[2])
	kept("fourth item", watches[0])
	for i := 2; i < 4; i++ {
		check.That("item", (<-c).p.is(i))
	}
}

// A closure keeps what it captured, by value and by reference, and what closures in it captured.
//
//gomem:case GC.REACHABLE
//gomem:needs weak
func ClosureKeeps() {
	var w [3]*check.Watched
	f := func() func() bool {
		byValue, w0 := watchedNode(0)
		byReference, w1 := watchedNode(-1)
		byReference, w1 = watchedNode(1)
		inner, w2 := watchedNode(2)
		nested := func() bool { return inner.is(2) }
		w = [3]*check.Watched{w0, w1, w2}
		return func() bool {
			ok := byValue.is(0) && byReference.is(1) && nested()
			byReference = nil
			return ok
		}
	}()
	for _, w := range w {
		kept("closure", w)
	}
	check.That("captured", f())
}

// A method value keeps its receiver, and one bound to a copy keeps what the copy refers to.
//
//gomem:case GC.REACHABLE
//gomem:needs weak
func MethodValueKeeps() {
	bound, w := func() (func(int) bool, *check.Watched) {
		n, w := watchedNode(1)
		return n.is, w
	}()
	copied, w2 := func() (func() *node, *check.Watched) {
		n, w := watchedNode(2)
		return wrapper{0, n}.get, w
	}()
	kept("bound pointer", w)
	kept("bound copy", w2)
	check.That("bound pointer", bound(1))
	check.That("bound copy", copied().is(2))
}

type wrapper struct {
	n int
	p *node
}

func (w wrapper) get() *node { return w.p }

type getter interface{ get() *node }

// An interface keeps a pointer, and the block in which a value was boxed with what that refers to.
//
//gomem:case GC.REACHABLE
//gomem:needs weak
func InterfaceKeeps() {
	hold := func(value int) (getter, *check.Watched) {
		n, w := watchedNode(value)
		return wrapper{value, n}, w
	}
	boxed, w := hold(1)
	empty, w2 := func() (interface{}, *check.Watched) {
		n, w := watchedNode(2)
		return n, w
	}()
	nested, w3 := func() (interface{}, *check.Watched) {
		g, w := hold(3)
		return [2]interface{}{nil, g}, w
	}()
	kept("boxed struct", w)
	kept("empty interface", w2)
	kept("interface in a boxed array", w3)
	check.That("boxed struct", boxed.get().is(1))
	check.That("empty interface", empty.(*node).is(2))
	check.That("interface in a boxed array", nested.([2]interface{})[1].(getter).get().is(3))
}

// unsafe.Pointer, atomic.Value and the atomic pointer functions hold as a pointer does, sync.Map and the like too.
//
//gomem:case GC.REACHABLE
//gomem:needs weak
func AtomicsKeep() {
	var raw unsafe.Pointer
	var value atomic.Value
	var table sync.Map
	var w [3]*check.Watched
	func() {
		n, w0 := watchedNode(0)
		atomic.StorePointer(&raw, unsafe.Pointer(n))
		n, w1 := watchedNode(1)
		value.Store(n)
		n, w2 := watchedNode(2)
		table.Store("key", n)
		w = [3]*check.Watched{w0, w1, w2}
	}()
	for i, w := range w {
		kept([3]string{"unsafe.Pointer", "atomic.Value", "sync.Map"}[i], w)
	}
	check.That("unsafe.Pointer", (*node)(atomic.LoadPointer(&raw)).is(0))
	check.That("atomic.Value", value.Load().(*node).is(1))
	n, ok := table.Load("key")
	check.That("sync.Map", ok && n.(*node).is(2))
}

// append, copy and conversions hand pointers on to the new array, and a struct copy to the new struct.
//
//gomem:case GC.REACHABLE
func CopiesKeep() {
	var grown []*node
	for i := 0; i < 3000; i++ {
		grown = append(grown, newNode(i))
	}
	moved := make([]*node, 3000)
	copy(moved, grown)
	grown = nil
	boxes := make([]wrapper, 0)
	for i, n := range moved {
		boxes = append(boxes, wrapper{i, n})
	}
	moved = nil
	for i := 0; i < 2; i++ {
		check.Collect()
		churn(20000)
	}
	for i, b := range boxes {
		if b.n != i || !b.p.is(i) {
			check.Fatal("box", i, "has lost its block")
		}
	}
}
