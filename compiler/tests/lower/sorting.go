// Sorting keeps equal elements in order where it says so, whatever the length and the order before.
package main

import (
	"fmt"
	"reflect"
	"slices"
	"sort"
)

type pair struct{ key, place int }

type byKey []pair

func (s byKey) Len() int           { return len(s) }
func (s byKey) Less(i, j int) bool { return s[i].key < s[j].key }
func (s byKey) Swap(i, j int)      { s[i], s[j] = s[j], s[i] }

// pairs has n keys below top, in an order that seed decides.
func pairs(n, top, seed int) []pair {
	s := make([]pair, n)
	for i := range s {
		s[i] = pair{(i*27644437 + i*i*seed) % top, i}
	}
	return s
}

func inOrder(s []pair) bool {
	for i := 1; i < len(s); i++ {
		if s[i-1].key > s[i].key || s[i-1].key == s[i].key && s[i-1].place > s[i].place {
			return false
		}
	}
	return true
}

func main() {
	less := reflect.MakeFunc(reflect.TypeFor[func(a, b pair) bool](), func(in []reflect.Value) []reflect.Value {
		return []reflect.Value{reflect.ValueOf(in[0].Field(0).Int() < in[1].Field(0).Int())}
	}).Interface().(func(a, b pair) bool)
	tried, wrong := 0, 0
	for n := 0; n < 300; n += 1 + n/7 {
		for _, top := range []int{1, 2, 7, 1000} {
			for seed := range 3 {
				a, b, c, d := pairs(n, top, seed), pairs(n, top, seed), pairs(n, top, seed), pairs(n, top, seed)
				sort.Stable(byKey(a))
				sort.SliceStable(b, func(i, j int) bool { return less(b[i], b[j]) })
				slices.SortStableFunc(c, func(x, y pair) int { return x.key - y.key })
				sort.Sort(byKey(d))
				tried++
				if !inOrder(a) || !inOrder(b) || !inOrder(c) || !sort.IsSorted(byKey(d)) {
					wrong++
				}
			}
		}
	}
	fmt.Println(tried, wrong)
}
