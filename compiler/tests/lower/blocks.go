// Variables that share a block, literals of constants in interfaces, and strings that are not copied keep their values apart.
package main

type point struct{ x, y int }

type entry struct {
	name string
	at   point
	next *entry
	list [3]uint8
}

var any1 any

func small(n int) (*int8, *int32, *bool, *int16, *uint64) {
	var (
		a int8   = int8(n)
		b int32  = int32(n) * 1000
		c bool   = n > 1
		d int16  = int16(n) * 10
		e uint64 = uint64(n) << 40
	)
	return &a, &b, &c, &d, &e
}

func params(a, b byte, c int32) (*byte, *byte, *int32) {
	a++
	return &a, &b, &c
}

func branches(n int) (p, q *int) {
	x := n
	if n > 2 {
		y := n * 2
		p, q = &x, &y
	} else {
		y, z := 7, 8
		p, q = &y, &z
		_ = x
	}
	return
}

func loops() (out []*int32) {
	for i, j := int32(0), int32(10); i < 3; i, j = i+1, j-1 {
		out = append(out, &i, &j)
	}
	return
}

func counters() (func() int, func() int) {
	a, b := 0, 100
	return func() int { a++; return a + b }, func() int { b--; return a - b }
}

func keys(b []byte) (n int) {
	m := map[string]int{"span": 1}
	nested := map[[2]string]int{{"span", "x"}: 2}
	fields := map[entryKey]int{{1, [1]string{"span"}}: 4}
	n = m[string(b)] + nested[[2]string{string(b), "x"}] + fields[entryKey{1, [1]string{string(b)}}]
	m[string(b)+"!"] = 8
	b[0] = 'S'
	n += m["span!"] + m[string(b)]
	return
}

type entryKey struct {
	id   int
	name [1]string
}

func switches(b []byte) string {
	switch string(b) {
	case "arena", "span":
		b[0] = 'x'
		return "known " + string(b)
	case "":
		return "empty"
	default:
		return "other"
	}
}

func main() {
	a, b, c, d, e := small(3)
	*a, *d = 1, *d+1
	println(*a, *b, *c, *d, *e)
	p, q, r := params(255, 2, -3)
	println(*p, *q, *r)
	x, y := branches(3)
	println(*x, *y)
	x, y = branches(1)
	println(*x, *y)
	for _, p := range loops() {
		print(*p, " ")
	}
	println()
	f, g := counters()
	println(f(), g(), f(), g())
	println(keys([]byte("span")), switches([]byte("span")), switches(nil), switches([]byte("?")))
	any1 = entry{name: "n\"\x00", at: point{y: 2}, list: [3]uint8{2: 9}}
	other := any1.(entry)
	other.at.x = 5
	println(len(any1.(entry).name), any1.(entry).at.x, any1.(entry).at.y, any1.(entry).list[2], any1 == any(entry{}), other.next == nil)
	println(any([2]string{1: "b"}) == any([2]string{"", "b"}), any(point{1, 2}) == any(point{2, 1}))
}
