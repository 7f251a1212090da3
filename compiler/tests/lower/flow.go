// Control flow, order of evaluation, assignment.
package main

func trace(s string, v int) int {
	println("trace", s, v)
	return v
}

func pair() (int, string) { return trace("pair", 7), "seven" }

func sum(first int, rest ...int) (total int) {
	total = first
	for _, x := range rest {
		total += x
	}
	return
}

func classify(n int) string {
	switch {
	case n < 0:
		return "negative"
	case n == 0:
		fallthrough
	case n == 1:
		return "small"
	default:
		if n%2 == 0 {
			return "even"
		}
	}
	return "odd"
}

func labels() {
outer:
	for i := 0; i < 4; i++ {
		for j := 0; ; j++ {
			switch {
			case j > i:
				continue outer
			case i == 3:
				break outer
			}
			println("at", i, j)
		}
	}
	n := 0
again:
	n++
	if n < 3 {
		goto again
	}
	println("again", n)
}

type grid [3][3]int

func main() {
	a, b := 1, 2
	a, b = b, a
	println(a, b)
	xs := []int{10, 20, 30}
	i := 0
	i, xs[i] = 2, 99
	println(i, xs[0], xs[1], xs[2])
	xs[trace("index", 1)] = trace("value", 5)
	println(trace("x", 1)+trace("y", 2)*trace("z", 3), trace("f", 0) == 1 && trace("never", 1) == 1)
	n, s := pair()
	println(n, s, sum(1), sum(1, 2, 3), sum(0, xs...))
	for _, v := range []int{-1, 0, 1, 2, 3} {
		println(classify(v))
	}
	labels()
	var g grid
	h := g
	h[1][2] = 5
	p := &g
	p[0][0] = 7
	println(g[0][0], g[1][2], h[0][0], h[1][2], g == h, len(g))
	for i := range 3 {
		xs[i] <<= uint(i)
		xs[i] ^= 1
	}
	println(xs[0], xs[1], xs[2], -7/2, -7%2, 7&^5, uint8(a+198)+100, int8(a-130)/int8(a-3))
	x := 40
	println(1<<x>>38, int32(1)<<x, -1>>x, uint64(1)<<63>>62)
	var f32 float32 = 16777216
	println(f32+1 == f32, 1/3.0 > 0.333, int(f32/3), int(-f32/3))
	c := complex(1, 2)
	c *= c
	println(real(c) == -3, imag(c) == 4)
	for i, r := range "aé\xff世" {
		println(i, r)
	}
	bs := []byte("bytes")
	copy(bs[1:], "XY")
	println(string(bs), string(bs[:2])+"|"+string([]rune{0x4e16, 'a'}), min(3, 1, 2), max("a", "b"))
	var arr [5]int
	sl := arr[1:3:4]
	sl = append(sl, 8)
	sl = append(sl, 9)
	println(arr[3], len(sl), sl[3], cap(arr[1:3:4]))
}
