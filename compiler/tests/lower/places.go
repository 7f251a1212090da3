// Places: fields promoted through embedded pointers, held while other stores are made; arrays that overlap; pointers that are nil in the text.
package main

import "fmt"

type leaf struct {
	n    int
	name string
}

type branch struct {
	*leaf
	left *branch
	arr  [2]*leaf
}

type tree struct {
	*branch
	own branch
}

type grid struct{ rows *[3][2]leaf }

func try(name string, f func()) {
	defer func() { fmt.Println(name, recover()) }()
	f()
}

func held() {
	a, b := &leaf{1, "a"}, &leaf{2, "b"}
	t := tree{branch: &branch{leaf: a}, own: branch{leaf: b}}
	t.branch, t.n, t.own.leaf, t.own.n = nil, 3, nil, 4
	fmt.Println(*a, *b, t.branch, t.own.leaf)
	t.branch = &branch{leaf: a, arr: [2]*leaf{a, b}}
	first := t.branch
	i := 0
	i, t.branch, t.arr[i].name, t.name = 1, nil, "first", "second"
	fmt.Println(i, a.name, b.name, first.name)
	t.branch = first
	t.leaf, t.n, t.branch = b, 5, &branch{leaf: &leaf{}}
	fmt.Println(a.n, b.n, t.n, first.n)
	chain := &branch{left: &branch{left: &branch{leaf: a}}}
	chain.left, chain.left.left, chain.left.left.n = nil, chain, 6
	fmt.Println(chain.left == nil, a.n)
	ts := []tree{{branch: first}, {}}
	ts[0].branch, ts, ts[0].n = nil, nil, 7
	fmt.Println(ts, first.n)
	g := grid{&[3][2]leaf{}}
	rows := g.rows
	j := 2
	j, g.rows, g.rows[j][1].n, g.rows[j-1][0].name = 0, nil, 8, "row"
	fmt.Println(j, g.rows, *rows)
}

func late() {
	n := 0
	var t tree
	try("branch", func() { n, t.n = 1, 2 })
	fmt.Println(n)
	t.branch = &branch{}
	try("leaf", func() { n, t.n = 3, 4 })
	fmt.Println(n)
	var g grid
	try("rows", func() { n, g.rows[1][1].n = 5, 6 })
	fmt.Println(n)
	var p **leaf
	try("star", func() { n, (*p).n = 7, 8 })
	fmt.Println(n)
	q := new(*leaf)
	try("star", func() { n, (*q).n = 9, 10 })
	fmt.Println(n)
	try("assert", func() {
		var x any
		n, x.(*tree).n = 11, 12
	})
	fmt.Println(n)
}

type four [4]int

type views struct{ to, from *[4]int }

func overlap() {
	s := []int{0, 1, 2, 3, 4, 5, 6, 7}
	*(*[4]int)(s[1:]) = *(*[4]int)(s)
	fmt.Println(s)
	*(*[4]int)(s[2:]) = *(*[4]int)(s[3:])
	fmt.Println(s)
	v := views{(*[4]int)(s[4:]), (*[4]int)(s[3:])}
	*v.to = *v.from
	fmt.Println(s)
	all := []views{v, {(*[4]int)(s), (*[4]int)(s[1:])}}
	i := 1
	*all[i].to, i = *all[i].from, 0
	*(all[i].from) = (*all[i].to)
	fmt.Println(s)
	f := func() *[4]int { return (*[4]int)(s[2:]) }
	*f() = *all[1].to
	fmt.Println(s)
	*(*four)(s) = *(*[4]int)(s[1:])
	fmt.Println(s)
	big := make([]byte, 1<<12+1)
	for i := range big {
		big[i] = byte(i % 251)
	}
	*(*[1 << 12]byte)(big[1:]) = *(*[1 << 12]byte)(big)
	sum := 0
	for i := 1; i < len(big); i++ {
		if big[i] == byte((i-1)%251) {
			sum++
		}
	}
	fmt.Println(sum)
	names := []string{"a", "b", "c", "d"}
	*(*[3]string)(names[1:]) = *(*[3]string)(names)
	fmt.Println(names)
	*(*[3]string)(names) = *(*[3]string)(names[1:])
	fmt.Println(names)
	*(*[0]int)(s) = *(*[0]int)(s[1:])
	var one [4]int
	p := &one
	*p = *(*[4]int)(s)
	fmt.Println(one)
}

func nils() {
	NULL := new(int)
	*NULL = 3
	fmt.Println(*NULL)
	try("load", func() { fmt.Println(*(*int)(nil)) })
	try("store", func() { *(*int)(nil) = 1 })
	try("field", func() { (*leaf)(nil).n = 1 })
	try("promoted", func() { fmt.Println((*tree)(nil).n) })
	try("index", func() { fmt.Println((*[3]int)(nil)[1]) })
	try("array", func() { *(*[4]int)(nil) = *(*four)(nil) })
	try("pointer", func() { **(**int)(nil) = 1 })
	const name = "NULL"
	m := map[string]*leaf{name: {1, name}}
	m["NULL"].n, m = 2, nil
	fmt.Println(m)
	fmt.Println(*map[string]*leaf{name: {1, name}}["NULL"])
}

func main() {
	held()
	late()
	overlap()
	nils()
}
