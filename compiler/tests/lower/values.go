// Methods, interfaces, embedding, closures, maps, generics.
package main

type shape interface {
	area() int
	name() string
}

type named struct{ label string }

func (n named) name() string      { return n.label }
func (n *named) rename(to string) { n.label = to }

type square struct {
	named
	side int
}

func (s square) area() int { return s.side * s.side }

type scaled struct {
	*square
	by int
}

func (s *scaled) area() int { return s.square.area() * s.by }

type number interface{ ~int | ~float64 }

func fold[T, R any](xs []T, from R, f func(R, T) R) R {
	for _, x := range xs {
		from = f(from, x)
	}
	return from
}

func total[N number](xs ...N) (n N) {
	for _, x := range xs {
		n += x
	}
	return n
}

type stack[T any] struct{ items []T }

func (s *stack[T]) push(x T) { s.items = append(s.items, x) }
func (s *stack[T]) pop() (x T, ok bool) {
	if len(s.items) == 0 {
		return x, false
	}
	x = s.items[len(s.items)-1]
	s.items = s.items[:len(s.items)-1]
	return x, true
}

type celsius float64

func (c celsius) String() string { return "degrees" }

type stringer interface{ String() string }

func describe(v any) string {
	switch x := v.(type) {
	case nil:
		return "nil"
	case int, int64:
		return "integer"
	case string:
		return "string " + x
	case []int:
		return "slice"
	case stringer:
		return x.String()
	case error:
		return "error " + x.Error()
	case func() int:
		return "func"
	}
	return "other"
}

type key struct {
	a string
	b any
}

func counter() (func() int, func()) {
	n := 0
	return func() int { n++; return n }, func() { n = 100 }
}

// integers shows what becomes of numbers that do not fit, which is the implementation's to say.
//
//go:noinline
func integers(x float64) {
	f := float32(x)
	println(int64(x), uint64(x), int32(x), uint32(x), int16(x), uint16(x), int8(x), uint8(x), int(x), uintptr(x))
	println(int64(f), uint64(f), int32(f), uint32(f), int16(f), uint16(f), int8(f), uint8(f), int(f), uintptr(f))
}

func main() {
	for x := 1.0; x < 1e22; x = x*21.5 + 0.75 {
		integers(x)
		integers(-x)
	}
	integers(1 / zero)
	integers(zero / zero)
	integers(1<<31 - 0.5)
	integers(-1<<31 - 0.5)
	integers(-1<<31 - 1)
	shifts(1, 31, 64)
	cleared(1<<40+1<<31+100, 1<<40, -1, 255)
	println(trace, first, second)
	joined([]byte("the bytes are longer than a buffer on the stack is"), "")
	sq := square{named{"sq"}, 3}
	sc := &scaled{&sq, 2}
	for _, s := range []shape{sq, &sq, sc} {
		println(s.name(), s.area())
	}
	sc.rename("renamed")
	f, g := sq.name, sc.area
	sq.label, sc.by = "later", 10
	println(f(), g(), sq.name(), (*scaled).area(sc), square.area(sq))
	println(fold([]int{1, 2, 3}, "", func(s string, n int) string { return s + string(rune('a'+n)) }))
	println(total(1, 2, 3), total(1.5, 2.5) == 4, total[celsius]() == 0)
	var st stack[key]
	st.push(key{"x", 1})
	st.push(key{"y", "z"})
	k, ok := st.pop()
	println(k.a, k == key{"y", "z"}, ok, len(st.items))
	for _, v := range []any{nil, 1, int64(2), "s", []int{}, celsius(3), func() int { return 1 }, 2.5} {
		println(describe(v))
	}
	m := map[key]int{{"a", 1}: 1, {"a", "1"}: 2}
	m[key{"a", 1}] += 10
	_, missing := m[key{"b", nil}]
	println(len(m), m[key{"a", 1}], m[key{"a", "1"}], missing)
	delete(m, key{"a", 1})
	nan := 0.0
	fm := map[float64]int{nan / 1: 1}
	fm[-nan] = 2
	println(len(m), len(fm), fm[0])
	nested := map[string][]int{}
	nested["a"] = append(nested["a"], 1, 2)
	nested["a"][1]++
	println(len(nested["a"]), nested["a"][1], len(nested["b"]))
	next, reset := counter()
	next()
	reset()
	println(next())
	var fs []func() int
	for i := 0; i < 3; i++ {
		fs = append(fs, func() int { i += 10; return i })
	}
	println(fs[0](), fs[1](), fs[0](), fs[2]())
	var e any = sq
	_, isShape := e.(shape)
	_, isPtr := e.(*square)
	println(isShape, isPtr, e == any(sq), e != nil)
}

// Shifted values compare by their own type, and variables without initialisers take their turn.
//
//go:noinline
func shifts(n int, m int32, b int8) {
	println(1<<n > -1, -(1<<m) <= m, b<<n < 0, ^(b<<n) >= 0)
}

// A constant has all bits of its type, not those that its value needs.
//
//go:noinline
func cleared(n uint64, m uint, k int64, b uint8) {
	println(n&^100, m&^10001, k&^4096, b&^17, 1<<40&^n, n&^2147483647+1)
	n &^= 2147483648
	println(n)
}

// A concatenation whose other operands are empty is a string of its own.
//
//go:noinline
func joined(b []byte, empty string) {
	s, t, u := string(b)+empty, empty+string(b), empty+string(b)+empty
	b[0] = 'X'
	println(s[:3], t[:3], u[:3])
}

var trace, zero = "", 0.0

func took(name string, _ ...int) int {
	trace += name
	return 0
}

var first = took("a", unset)
var second = took("b")
var unset int
