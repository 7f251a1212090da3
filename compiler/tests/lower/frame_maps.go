// Maps that stay in the function, small and grown, with keys and elements of all kinds, while the stack moves and memory is collected.
package main

import "runtime"

type big [20]*int

type node struct{ id int }

func grow(n int) int {
	var pad [16]*int
	pad[n%16] = &n
	if n == 0 {
		return 0
	}
	return grow(n-1) + *pad[n%16]
}

func churn(depth int) {
	grow(depth)
	runtime.GC()
	for i := 0; i < 200; i++ {
		sink = append(sink[:0:0], &node{-1})
	}
}

var sink []*node

func small() int {
	m := map[string]*node{"a": {1}, "b": {2}}
	churn(1000)
	m["c"] = &node{3}
	delete(m, "a")
	churn(3000)
	n := 0
	for k, v := range m {
		churn(100)
		n += v.id * len(k)
	}
	return n*10 + len(m)
}

func grown(n int) (sum int) {
	m := make(map[int]*node)
	for i := 0; i < n; i++ {
		m[i] = &node{i}
		if i%7 == 0 {
			churn(i * 50)
		}
	}
	for k, v := range m {
		if k != v.id {
			return -1
		}
		sum += k
	}
	return sum
}

func large() int {
	m := make(map[big]big, 3)
	x := 5
	var k big
	k[3] = &x
	m[k] = k
	m[big{}] = big{1: &x}
	churn(5000)
	*k[3] = 6
	return *m[k][3] + *m[big{}][1] + len(m)
}

func hinted(n int) int {
	m := make(map[int32]struct{}, n)
	for i := 0; i < n; i++ {
		m[int32(i)] = struct{}{}
	}
	clear(m)
	m[7] = struct{}{}
	_, ok := m[7]
	return len(m) + map[bool]int{true: 10}[ok]
}

func inALoop() (out int) {
	for i := 0; i < 3; i++ {
		m := map[int]int{i: i}
		for k := 0; k < i*6; k++ {
			m[k+10] = k
		}
		out = out*100 + len(m)
	}
	return out
}

func passed(m map[string]int) int { m["x"]++; churn(2000); return m["x"] }

func modified() int {
	m := map[int]bool{1: true}
	seen := 0
	for k := range m {
		seen++
		if k < 100 {
			for i := 0; i < 4; i++ {
				m[k+1000*i+100] = true
			}
		}
		delete(m, k)
	}
	return seen / 100
}

func interfaces() (n int) {
	m := map[any]any{1: "one", "two": 2, node{3}: &node{4}}
	churn(100)
	if v, ok := m[node{3}].(*node); ok {
		n = v.id
	}
	defer func() { recover(); n += len(m) }()
	m[[]int{}] = 1
	return
}

func closure() int {
	m := map[string]int{}
	add := func(s string) { m[s] += len(s); churn(500) }
	add("a")
	add("bb")
	add("bb")
	return m["a"] + m["bb"]
}

func main() {
	println(small())
	println(grown(8), grown(9), grown(100))
	println(large())
	println(hinted(0), hinted(8), hinted(9), hinted(3000))
	println(inALoop())
	m := map[string]int{}
	println(passed(m), passed(m), len(m))
	println(modified())
	println(interfaces(), closure())
	done := make(chan int)
	go func() { done <- grown(50) + small() }()
	println(<-done)
}
