// Package sort sorts. One algorithm serves all: quicksort down to small runs, heapsort when the partitions come out badly,
// insertion at the end; the stable sorts merge in place.
package sort

import (
	"gomem/rt"
	"unsafe"
)

// Interface is what can be sorted.
type Interface interface {
	Len() int
	Less(i, j int) bool
	Swap(i, j int)
}

const small = 12

func insertion(x Interface, a, b int) {
	for i := a + 1; i < b; i++ {
		for j := i; j > a && x.Less(j, j-1); j-- {
			x.Swap(j, j-1)
		}
	}
}

func siftDown(x Interface, root, end, first int) {
	for {
		child := 2*root + 1
		if child >= end {
			return
		}
		if child+1 < end && x.Less(first+child, first+child+1) {
			child++
		}
		if !x.Less(first+root, first+child) {
			return
		}
		x.Swap(first+root, first+child)
		root = child
	}
}

func heapsort(x Interface, a, b int) {
	n := b - a
	for i := (n - 1) / 2; i >= 0; i-- {
		siftDown(x, i, n, a)
	}
	for i := n - 1; i >= 0; i-- {
		x.Swap(a, a+i)
		siftDown(x, 0, i, a)
	}
}

// median puts the median of three elements at a.
func median(x Interface, a, m, c int) {
	if x.Less(a, m) {
		x.Swap(a, m)
	}
	if x.Less(c, a) {
		return
	}
	x.Swap(a, c)
	if x.Less(a, m) {
		x.Swap(a, m)
	}
}

// partition puts the pivot, at a, where it belongs, what is smaller before it.
func partition(x Interface, a, b int) int {
	i, j := a+1, b-1
	for {
		for i <= j && x.Less(i, a) {
			i++
		}
		for i <= j && !x.Less(j, a) {
			j--
		}
		if i > j {
			x.Swap(a, j)
			return j
		}
		x.Swap(i, j)
	}
}

// equals moves what equals the pivot, at a, to the front and returns its end: nothing in [a, b) is smaller.
func equals(x Interface, a, b int) int {
	end := a + 1
	for i := a + 1; i < b; i++ {
		if !x.Less(a, i) {
			x.Swap(end, i)
			end++
		}
	}
	return end
}

func quick(x Interface, a, b, depth int, bounded bool) {
	for b-a > small {
		if depth == 0 {
			heapsort(x, a, b)
			return
		}
		depth--
		median(x, a, a+(b-a)/2, b-1)
		if bounded && !x.Less(a-1, a) {
			a = equals(x, a, b)
			continue
		}
		p := partition(x, a, b)
		if p-a < b-p {
			quick(x, a, p, depth, bounded)
			a, bounded = p+1, true
		} else {
			quick(x, p+1, b, depth, true)
			b = p
		}
	}
	insertion(x, a, b)
}

// Sort sorts x; equal elements may change places.
func Sort(x Interface) {
	n, depth := x.Len(), 0
	for i := n; i > 0; i >>= 1 {
		depth += 2
	}
	quick(x, 0, n, depth, false)
}

// Stable sorts x; equal elements keep their order.
func Stable(x Interface) {
	n := x.Len()
	for a := 0; a < n; a += small {
		insertion(x, a, min(a+small, n))
	}
	for size := small; size < n; size *= 2 {
		for a := 0; a+size < n; a += 2 * size {
			merge(x, a, a+size, min(a+2*size, n))
		}
	}
}

// merge joins the sorted [a, m) and [m, b) by rotating the middle.
func merge(x Interface, a, m, b int) {
	if a == m || m == b || !x.Less(m, m-1) {
		return
	}
	if b-a == 2 {
		x.Swap(a, m)
		return
	}
	var i, j int
	if m-a >= b-m {
		i = a + (m-a)/2
		j = m + Search(b-m, func(k int) bool { return !x.Less(m+k, i) })
	} else {
		j = m + (b-m)/2
		i = a + Search(m-a, func(k int) bool { return x.Less(j, a+k) })
	}
	rotate(x, i, m, j)
	mid := i + j - m
	merge(x, a, i, mid)
	merge(x, mid, j, b)
}

func reverse(x Interface, a, b int) {
	for b--; a < b; a, b = a+1, b-1 {
		x.Swap(a, b)
	}
}

func rotate(x Interface, a, m, b int) {
	reverse(x, a, m)
	reverse(x, m, b)
	reverse(x, a, b)
}

// IsSorted tells whether x is sorted.
func IsSorted(x Interface) bool {
	for i := x.Len() - 1; i > 0; i-- {
		if x.Less(i, i-1) {
			return false
		}
	}
	return true
}

type reversed struct {
	Interface
}

func (r reversed) Less(i, j int) bool { return r.Interface.Less(j, i) }

// Reverse is x the other way round.
func Reverse(x Interface) Interface { return reversed{x} }

// Search is the smallest i in [0, n) with f(i), n when there is none; f must be false, then true.
func Search(n int, f func(int) bool) int {
	i, j := 0, n
	for i < j {
		h := int(uint(i+j) >> 1)
		if f(h) {
			j = h
		} else {
			i = h + 1
		}
	}
	return i
}

type IntSlice []int

func (x IntSlice) Len() int           { return len(x) }
func (x IntSlice) Less(i, j int) bool { return x[i] < x[j] }
func (x IntSlice) Swap(i, j int)      { x[i], x[j] = x[j], x[i] }
func (x IntSlice) Sort()              { Sort(x) }

type Float64Slice []float64

func (x Float64Slice) Len() int           { return len(x) }
func (x Float64Slice) Less(i, j int) bool { return x[i] < x[j] || x[i] != x[i] && x[j] == x[j] }
func (x Float64Slice) Swap(i, j int)      { x[i], x[j] = x[j], x[i] }
func (x Float64Slice) Sort()              { Sort(x) }

type StringSlice []string

func (x StringSlice) Len() int           { return len(x) }
func (x StringSlice) Less(i, j int) bool { return x[i] < x[j] }
func (x StringSlice) Swap(i, j int)      { x[i], x[j] = x[j], x[i] }
func (x StringSlice) Sort()              { Sort(x) }

func Ints(x []int)                       { Sort(IntSlice(x)) }
func Float64s(x []float64)               { Sort(Float64Slice(x)) }
func Strings(x []string)                 { Sort(StringSlice(x)) }
func IntsAreSorted(x []int) bool         { return IsSorted(IntSlice(x)) }
func Float64sAreSorted(x []float64) bool { return IsSorted(Float64Slice(x)) }
func StringsAreSorted(x []string) bool   { return IsSorted(StringSlice(x)) }

func atLeast[T int | float64 | string](a []T, x T) int {
	return Search(len(a), func(i int) bool { return a[i] >= x })
}

func SearchInts(a []int, x int) int             { return atLeast(a, x) }
func SearchFloat64s(a []float64, x float64) int { return atLeast(a, x) }
func SearchStrings(a []string, x string) int    { return atLeast(a, x) }
func (p IntSlice) Search(x int) int             { return atLeast(p, x) }
func (p Float64Slice) Search(x float64) int     { return atLeast(p, x) }
func (p StringSlice) Search(x string) int       { return atLeast(p, x) }

// Find is the smallest i in [0, n) with cmp(i) <= 0, n when there is none, and whether cmp(i) is 0 there; cmp must fall.
func Find(n int, cmp func(int) int) (i int, found bool) {
	i = Search(n, func(i int) bool { return cmp(i) <= 0 })
	return i, i < n && cmp(i) == 0
}

// anySlice sorts a slice of any type through its descriptor.
type anySlice struct {
	elem *rt.Type
	base unsafe.Pointer
	len  int
	temp unsafe.Pointer // room for one element
	less func(i, j int) bool
}

func (s *anySlice) Len() int           { return s.len }
func (s *anySlice) Less(i, j int) bool { return s.less(i, j) }

func (s *anySlice) Swap(i, j int) {
	p, q := unsafe.Add(s.base, uintptr(i)*s.elem.Size), unsafe.Add(s.base, uintptr(j)*s.elem.Size)
	rt.TypedCopy(s.elem, s.temp, p, 1)
	rt.TypedCopy(s.elem, p, q, 1)
	rt.TypedCopy(s.elem, q, s.temp, 1)
}

func slice(x any, less func(i, j int) bool) *anySlice {
	e := rt.Unpack(x)
	if e.Type == nil || e.Type.Kind != rt.Slice {
		panic("sort: not a slice")
	}
	header := *(*[]byte)(e.Address())
	return &anySlice{e.Type.Elem, unsafe.Pointer(unsafe.SliceData(header)), len(header), rt.NewObject(e.Type.Elem), less}
}

// Slice sorts the slice x.
func Slice(x any, less func(i, j int) bool) { Sort(slice(x, less)) }

// SliceStable sorts the slice x; equal elements keep their order.
func SliceStable(x any, less func(i, j int) bool) { Stable(slice(x, less)) }

// SliceIsSorted tells whether the slice x is sorted.
func SliceIsSorted(x any, less func(i, j int) bool) bool { return IsSorted(slice(x, less)) }
