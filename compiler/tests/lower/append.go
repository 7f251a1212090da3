// Slices that begin in the frame: what they hold lives and moves with it, and they hold the same once they have left it.
package main

import "runtime"

type node struct{ value int }

var kept []*node

//go:noinline
func deep(n int) int {
	var room [64]int
	room[n%64] = n
	if n == 0 {
		return room[0]
	}
	return deep(n-1) + room[n%64] - n
}

func shake() {
	runtime.GC()
	deep(1000)
	for i := 0; i < 100; i++ {
		kept = append(kept[:0], &node{-1})
	}
	kept = nil
}

func show(what string, s []*node) {
	print(what, " ", len(s))
	for _, n := range s {
		print(" ", n.value)
	}
	println()
}

func local(n int) (sum int) {
	var s []*node
	for i := 0; i < n; i++ {
		s = append(s, &node{i})
		shake()
	}
	for _, x := range s {
		sum += x.value
	}
	return sum
}

func returned(n int) []*node {
	var s []*node
	for i := 0; i < n; i++ {
		s = append(s, &node{i})
		shake()
	}
	return s
}

func stepped(n int) []*node {
	var s []*node
	most := 0
	for i := 0; i < n; i++ {
		s = append(s, &node{i})
		if cap(s) > most {
			most = cap(s)
		}
		shake()
		if i == 1 {
			s = s[1:]
		}
	}
	shake()
	return s
}

func assigned(to *[]*node, n int) {
	var s []*node
	for i := 0; i < n; i++ {
		s = append(s, &node{i})
	}
	shake()
	*to = s
	s = append(s, &node{100})
	shake()
}

func words(n int) []string {
	s := []string{}
	for i := 0; i < n; i++ {
		s = append(s, string(rune('a'+i))+"!")
		shake()
	}
	return s
}

func fresh(n int) int {
	var all [4][]*node
	for i := 0; i < n; i++ {
		var s []*node
		s = append(s, &node{i})
		shake()
		all[i] = s
	}
	sum := 0
	for _, s := range all {
		for _, x := range s {
			sum = sum*10 + x.value
		}
	}
	return sum
}

func recovered(n int) (s []*node) {
	defer func() {
		recover()
		shake()
	}()
	for i := 0; ; i++ {
		s = append(s, &node{i})
		if i == n {
			panic("enough")
		}
	}
}

func eachTwice(n int) []*node {
	var out []*node
	for x := range func(yield func(*node) bool) {
		for i := 0; i < n && yield(&node{i}); i++ {
		}
	} {
		var s []*node
		s = append(s, x)
		s = append(s, x)
		shake()
		out = append(out, s...)
	}
	return out
}

func main() {
	for _, n := range []int{0, 1, 3, 4, 5, 9} {
		println("n", n, local(n))
		show("returned", returned(n))
		show("stepped", stepped(n))
		var to []*node
		assigned(&to, n)
		show("assigned", to)
		print("words")
		for _, w := range words(n) {
			print(" ", w)
		}
		println()
		show("recovered", recovered(n))
		show("twice", eachTwice(n))
	}
	println(fresh(4))
}
