// Packages slices, maps, cmp, iter and math/bits; reflect.DeepEqual.
package main

import (
	"cmp"
	"fmt"
	"iter"
	"maps"
	"math/bits"
	"reflect"
	"slices"
)

type node struct {
	next *node
	v    any
}

func deepEqual() {
	a, b := &node{v: []int{1}}, &node{v: []int{1}}
	a.next, b.next = a, b
	fmt.Println(reflect.DeepEqual(a, b), reflect.DeepEqual(a, &node{}))
	fmt.Println(reflect.DeepEqual(map[string][]int{"a": {1}}, map[string][]int{"a": {1}}), reflect.DeepEqual([]int(nil), []int{}))
	fmt.Println(reflect.DeepEqual(nil, nil), reflect.DeepEqual(1, int8(1)), reflect.DeepEqual(map[int]int{1: 1}, map[int]int{2: 1}))
	fmt.Println(reflect.DeepEqual([]error{nil}, []error{nil}), reflect.DeepEqual(deepEqual, deepEqual))
}

func sorting() {
	s := make([]int, 0, 1000)
	for i := range 1000 {
		s = append(s, i*7919%1009)
	}
	t := slices.Clone(s)
	slices.Sort(s)
	slices.SortStableFunc(t, func(a, b int) int { return cmp.Compare(a/10, b/10) })
	at, found := slices.BinarySearch(s, 500)
	fmt.Println(slices.IsSorted(s), t[:12], at, found, slices.Max(s), slices.Min(t))
}

func editing() {
	s := []string{"a", "b", "c", "d"}
	s = slices.Insert(s, 1, "x", "y")
	s = slices.Delete(s, 3, 4)
	s = slices.Replace(s, 0, 1, "p", "q", "r")
	slices.Reverse(s)
	fmt.Println(s, slices.Index(s, "x"), slices.Compact([]int{1, 1, 2, 2, 1}), slices.Concat([]int{1}, nil, []int{2, 3}))
	fmt.Println(slices.Compare([]int{1, 2}, []int{1, 3}), slices.Equal(s, s[1:]), slices.Repeat([]int{1, 2}, 2))
}

func sequences() {
	m := map[string]int{"one": 1, "two": 2, "three": 3}
	fmt.Println(slices.Sorted(maps.Keys(m)), maps.Equal(m, maps.Collect(maps.All(m))))
	next, stop := iter.Pull(slices.Values([]int{7, 8, 9}))
	a, ok := next()
	b, _ := next()
	stop()
	_, after := next()
	fmt.Println(a, b, ok, after)
	for i, v := range slices.Backward([]int{5, 6}) {
		fmt.Println(i, v)
	}
}

func numbers() {
	for _, x := range []uint64{0, 1, 0x80, 1<<63 + 5, ^uint64(0)} {
		fmt.Println(bits.Len64(x), bits.OnesCount64(x), bits.TrailingZeros64(x), bits.LeadingZeros32(uint32(x)), bits.Reverse64(x), bits.ReverseBytes64(x), bits.RotateLeft64(x, 3))
		hi, lo := bits.Mul64(x, x-3)
		sum, carry := bits.Add64(x, lo, 1)
		diff, borrow := bits.Sub64(x, lo, 1)
		quo, rem := bits.Div64(x/2, lo, x|1<<62)
		fmt.Println(hi, lo, sum, carry, diff, borrow, quo, rem)
	}
}

// Insert and Replace work in the array where there is room, whatever lies where.
func shifting() {
	s := append(make([]int, 0, 10), 1, 2, 3)
	t := slices.Insert(s, 1, 7, 8)
	fmt.Println(t, &t[0] == &s[0], slices.Insert(t, 0, t[1:3]...), t)
	fmt.Println(slices.Insert(t[:3], 1, t[2:5]...), t, slices.Insert([]int{1}, 1, 2))
	u := slices.Replace([]int{1, 2, 3, 4, 5}, 1, 4, 9)
	fmt.Println(u, cap(u), u[:5], slices.Replace(u, 0, 1, u[1:3]...), u[:5])
	for _, f := range []func(){func() { slices.Min([]int{}) }, func() { slices.MaxFunc([]int{}, nil) }} {
		func() {
			defer func() { fmt.Println(recover()) }()
			f()
		}()
	}
}

func main() {
	deepEqual()
	shifting()
	sorting()
	editing()
	sequences()
	numbers()
	fmt.Println(cmp.Or(0, 3, 4), cmp.Compare(2.5, 1), cmp.Less("a", "b"))
}
