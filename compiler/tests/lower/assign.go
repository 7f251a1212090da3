// Several assignments at once: operands first, then the stores and what they panic for, from left to right.
package main

import "fmt"

type point struct {
	next *point
	v    int
}

func try(f func()) {
	defer func() { fmt.Println(recover()) }()
	f()
}

func seventy() (v0, v1, v2, v3, v4, v5, v6, v7, v8, v9, v10, v11, v12, v13, v14, v15, v16, v17, v18, v19, v20, v21, v22, v23, v24, v25, v26, v27, v28, v29, v30, v31, v32, v33, v34, v35, v36, v37, v38, v39, v40, v41, v42, v43, v44, v45, v46, v47, v48, v49, v50, v51, v52, v53, v54, v55, v56, v57, v58, v59, v60, v61, v62, v63, v64, v65, v66, v67, v68, v69 int) {
	v1, v69 = 1, 69
	return
}

var w0, w1, w2, w3, w4, w5, w6, w7, w8, w9, w10, w11, w12, w13, w14, w15, w16, w17, w18, w19, w20, w21, w22, w23, w24, w25, w26, w27, w28, w29, w30, w31, w32, w33, w34, w35, w36, w37, w38, w39, w40, w41, w42, w43, w44, w45, w46, w47, w48, w49, w50, w51, w52, w53, w54, w55, w56, w57, w58, w59, w60, w61, w62, w63, w64, w65, w66, w67, w68, w69 = seventy()

func main() {
	fmt.Println(w0, w1, w69)
	w69, w1 = 0, 0
	w0, w1, w2, w3, w4, w5, w6, w7, w8, w9, w10, w11, w12, w13, w14, w15, w16, w17, w18, w19, w20, w21, w22, w23, w24, w25, w26, w27, w28, w29, w30, w31, w32, w33, w34, w35, w36, w37, w38, w39, w40, w41, w42, w43, w44, w45, w46, w47, w48, w49, w50, w51, w52, w53, w54, w55, w56, w57, w58, w59, w60, w61, w62, w63, w64, w65, w66, w67, w68, w69 = seventy()
	fmt.Println(w0, w1, w69)
	x := []int{1, 2, 3}
	try(func() { x[1], x[3] = 4, 5 })
	fmt.Println(x)
	var p *point
	try(func() { x[2], p.v = 6, 7 })
	fmt.Println(x)
	n := 0
	try(func() { n, x[len(x)] = 4, 5 })
	fmt.Println(n, x)
	var arr [3]int
	i := 3
	try(func() { n, arr[i] = 5, 5 })
	fmt.Println(n)
	q := &arr
	try(func() { n, q[i] = 6, 5 })
	fmt.Println(n)
	var ip *int
	try(func() { n, *ip = 7, 5 })
	fmt.Println(n)
	q = nil
	try(func() { n, q[1] = 8, 5 })
	fmt.Println(n)
	two := func() (int, int) { return 9, 10 }
	try(func() { n, x[i] = two() })
	fmt.Println(n)
	try(func() { n, p.next.v = 11, 5 })
	fmt.Println(n)
	var xs [][]int
	try(func() { n, xs[0][0] = 12, 5 })
	fmt.Println(n)
	var m map[string]int
	try(func() { n, m["a"] = 13, 5 })
	fmt.Println(n)
	var a any = 1
	var ok bool
	try(func() { x[5], ok = a.(int) })
	fmt.Println(ok)
	try(func() { x[0], x[i], x[1] = 20, 21, 22 })
	fmt.Println(x)
	try(func() { x[0], x[1], x[2] = x[2], x[0], x[1] })
	fmt.Println(x)
	try(func() { x[i] = func() int { fmt.Println("called"); return 1 }() })
	try(func() { p.v = func() int { fmt.Println("called"); return 1 }() })
	try(func() { *ip = func() int { fmt.Println("called"); return 1 }() })
	try(func() { q[1] = func() int { fmt.Println("called"); return 1 }() })
	var ms map[string]int
	try(func() { ms["a"] = func() int { fmt.Println("called"); return 1 }() })
	try(func() { x[i] += func() int { fmt.Println("called"); return 1 }() })
	index := func() int { fmt.Println("index"); return 5 }
	try(func() { x[index()] = func() int { fmt.Println("called"); return 1 }() })
	try(func() { x[index()] += func() int { fmt.Println("called"); return 1 }() })
	large := 1 << 60
	try(func() { large = len(make([]int, large)) })
	try(func() { n := 1 << 60; large = len(make([]int, n)) })
}

func init() {
	i := 0
	var arr [3]int
	i, arr[i] = 1, 55
	fmt.Println(i, arr)
	var g [2][2]struct{ a, b int }
	j := 0
	i, j, g[i][j].b = 0, 1, 7
	fmt.Println(i, j, g)
	p := &point{v: 1}
	q := p
	p, p.v = &point{v: 2}, 3
	fmt.Println(p.v, q.v)
	s := []int{1, 2}
	s, s[1] = nil, 9
	fmt.Println(s)
	l := &point{}
	l.next, l = &point{v: 4}, l.next
	fmt.Println(l)
}
