// Ranges over functions: what leaves the body, defer and recover in it, captured variables, and iterators that break the rules.
package main

import "runtime"

type seq[T any] func(yield func(T) bool)

func count(n int) func(func(int) bool) {
	return func(yield func(int) bool) {
		defer println("count ends")
		for i := 0; i < n; i++ {
			if !yield(i) {
				println("stopped at", i)
				return
			}
		}
	}
}

func pairs(s ...string) func(func(int, string) bool) {
	return func(yield func(int, string) bool) {
		for i, x := range s {
			if !yield(i, x) {
				return
			}
		}
	}
}

func none(yield func() bool) {
	for yield() {
	}
}

func find(want int) (int, string) {
	for i := range count(10) {
		if i == want {
			return i * i, "found"
		}
	}
	return -1, "missing"
}

func named(want int) (n int, err error) {
	n = 100
	defer func() { n++ }()
	for i := range count(5) {
		n += i
		if i == want {
			return
		}
		if i > want {
			return i, nil
		}
	}
	return n * 2, nil
}

func nested() (out string) {
outer:
	for i := range count(4) {
		for _, s := range pairs("a", "b", "c", "d") {
			switch {
			case s == "b" && i == 0:
				continue outer
			case s == "c" && i == 1:
				break outer
			case s == "d":
				break
			}
			for k := 0; ; k++ {
				if k == 1 {
					break
				}
				out += s
			}
		}
		out += "|"
	}
	return out
}

func jumps() int {
	tries := 0
again:
	tries++
	for i := range count(3) {
		for range none {
			if tries < 3 {
				goto again
			}
			break
		}
		if i == 1 {
			goto inside
		}
		continue
	inside:
		tries += 10
	}
	return tries
}

func deferred() (out string) {
	defer func() { out += "!" }()
	for i, s := range pairs("x", "y", "z") {
		defer func() { out += s }()
		if i == 1 {
			break
		}
	}
	out += "body;"
	return out
}

// The body is not the deferred function itself.
func recovers() {
	defer func() {
		for range count(1) {
			println("recovered", recover() != nil)
		}
		println("recovered", recover() != nil)
	}()
	panic("p")
}

func closures() []func() int {
	var fs []func() int
	total := 0
	for i := range count(3) {
		total += i
		fs = append(fs, func() int { i++; total += i; return i })
	}
	println("total", total)
	fs = append(fs, func() int { return total })
	return fs
}

type list[T any] struct {
	next *list[T]
	v    T
}

func (l *list[T]) all(yield func(T) bool) {
	for ; l != nil; l = l.next {
		if !yield(l.v) {
			return
		}
	}
}

func sum[S seq[T], T int | float64](s S) (n T) {
	for v := range s {
		if v < 0 {
			return n
		}
		n += v
	}
	return n
}

func message(f func()) {
	defer func() {
		r := recover()
		if e, ok := r.(runtime.Error); ok {
			println("error:", e.Error())
		} else {
			println("value:", r.(string))
		}
	}()
	f()
}

var kept func(int) bool

func misuse() {
	message(func() {
		for i := range func(yield func(int) bool) {
			yield(1)
			yield(2)
			println("unreachable")
		} {
			println("once", i)
			break
		}
	})
	message(func() {
		for i := range func(yield func(int) bool) { kept = yield; yield(1) } {
			println("keeps", i)
		}
		kept(2)
	})
	message(func() {
		for range func(yield func(int) bool) {
			defer func() { recover(); yield(3) }()
			yield(1)
		} {
			panic("in the body")
		}
	})
	message(func() {
		for range func(yield func(int) bool) {
			defer func() { recover() }()
			yield(1)
		} {
			panic("in the body")
		}
	})
	message(func() {
		for range func(yield func(int) bool) { yield(1) } {
			panic("through")
		}
	})
}

type big struct{ a, b, c, d, e int }

func bigs(yield func(big, *big) bool) {
	x := big{1, 2, 3, 4, 5}
	yield(x, &x)
}

func assigned() (int, int) {
	var i int
	var a [3]int
	for i, a[2] = range func(yield func(int, int) bool) { _ = yield(4, 5) && yield(6, 7) } {
		a[2]++
	}
	return i, a[2]
}

func grow(n int) int {
	var pad [16]*int
	pad[n%16] = &n
	if n == 0 {
		return 0
	}
	return grow(n-1) + *pad[n%16]
}

func moved() (s string, p *int) {
	n := 5
	for i, x := range pairs("m", "n", "o") {
		grow(2000 * (i + 1))
		n += i
		s += x
		if i == 2 {
			defer func() { *p += 1 }()
			runtime.GC()
			return s + "!", &n
		}
	}
	return
}

func main() {
	println(find(3))
	println(find(11))
	n, _ := named(2)
	println(n)
	n, _ = named(-1)
	println(n)
	println(nested())
	println(jumps())
	println(deferred())
	recovers()
	for _, f := range closures() {
		print(f(), " ")
	}
	println()
	l := &list[int]{&list[int]{&list[int]{nil, 3}, -2}, 1}
	println(sum[seq[int]](l.all), sum(seq[float64](func(y func(float64) bool) { y(1.5) })) == 1.5)
	for v := range l.all {
		print(v, " ")
	}
	println()
	misuse()
	for x, p := range bigs {
		x.e++
		println(x.e, p.e, x.a)
	}
	println(assigned())
	s, p := moved()
	println(s, *p)
	for range 2 {
		for range count(1) {
			continue
		}
	}
}
