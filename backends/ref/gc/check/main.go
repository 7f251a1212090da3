// A list that only a variable refers to, and a collection: check.t runs it on collectors that leave variables out.
package main

import (
	"fmt"
	"runtime"
)

type node struct {
	next *node
	n    int
}

var first *node

func main() {
	for i := 0; i < 1000; i++ {
		first = &node{first, i}
	}
	runtime.GC()
	fmt.Println(first.n)
}
