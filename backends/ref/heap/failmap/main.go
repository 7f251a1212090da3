// Program failmap takes memory in every way that a runtime has: small and large blocks, maps, deep stacks, collections. failmap.t runs it
// with one mapping of memory after the other failing.
package main

import "runtime"

type node struct {
	next *node
	pad  [5]int
}

var keep []*node

func deep(n int) int {
	var pad [64]int
	pad[n&63] = n
	if n == 0 {
		return 0
	}
	return deep(n-1) + pad[n&63] - n + 1
}

func stacks() {
	done := make(chan int)
	for i := 0; i < 40; i++ {
		go func() { done <- deep(200 + 100*i) }()
	}
	for i := 0; i < 40; i++ {
		<-done
	}
}

func blocks() int {
	m := map[int]*node{}
	for i := 0; i < 200000; i++ {
		n := &node{}
		if i%100 == 0 {
			keep = append(keep, n)
			m[i] = n
		}
		if i%1000 == 0 {
			keep[len(keep)-1].next = &node{}
			_ = make([]byte, 200000+i)
		}
	}
	runtime.GC()
	return len(m)
}

func main() {
	stacks()
	n := blocks()
	var big [][]byte
	for i := 0; i < 20; i++ {
		big = append(big, make([]byte, 8<<20))
	}
	println("survived", len(keep), n, len(big))
}
