package slices

import "cmp"

// SortStableFunc merges halves; short stretches are sorted by insertion.
func SortStableFunc[S ~[]E, E any](s S, compare func(a, b E) int) {
	if len(s) <= 12 {
		for i := 1; i < len(s); i++ {
			for j := i; j > 0 && compare(s[j], s[j-1]) < 0; j-- {
				s[j], s[j-1] = s[j-1], s[j]
			}
		}
		return
	}
	m := len(s) / 2
	SortStableFunc(s[:m], compare)
	SortStableFunc(s[m:], compare)
	left := append([]E(nil), s[:m]...)
	for i, j, k := 0, m, 0; i < len(left); k++ {
		if j < len(s) && compare(s[j], left[i]) < 0 {
			s[k] = s[j]
			j++
		} else {
			s[k] = left[i]
			i++
		}
	}
}

// siftDown restores the heap below root.
func siftDown[E any](s []E, root int, compare func(a, b E) int) {
	for {
		child := 2*root + 1
		if child >= len(s) {
			return
		}
		if child+1 < len(s) && compare(s[child], s[child+1]) < 0 {
			child++
		}
		if compare(s[root], s[child]) >= 0 {
			return
		}
		s[root], s[child] = s[child], s[root]
		root = child
	}
}

// SortFunc is a heap sort: in place, without allocation.
func SortFunc[S ~[]E, E any](s S, compare func(a, b E) int) {
	for i := len(s)/2 - 1; i >= 0; i-- {
		siftDown(s, i, compare)
	}
	for end := len(s) - 1; end > 0; end-- {
		s[0], s[end] = s[end], s[0]
		siftDown(s[:end], 0, compare)
	}
}

func Sort[S ~[]E, E cmp.Ordered](s S) { SortFunc(s, cmp.Compare[E]) }

func IsSortedFunc[S ~[]E, E any](s S, compare func(a, b E) int) bool {
	for i := 1; i < len(s); i++ {
		if compare(s[i], s[i-1]) < 0 {
			return false
		}
	}
	return true
}

func IsSorted[S ~[]E, E cmp.Ordered](s S) bool { return IsSortedFunc(s, cmp.Compare[E]) }

func BinarySearchFunc[S ~[]E, E, T any](s S, target T, compare func(E, T) int) (int, bool) {
	i, j := 0, len(s)
	for i < j {
		m := i + (j-i)/2
		if compare(s[m], target) < 0 {
			i = m + 1
		} else {
			j = m
		}
	}
	return i, i < len(s) && compare(s[i], target) == 0
}

func BinarySearch[S ~[]E, E cmp.Ordered](s S, target E) (int, bool) {
	return BinarySearchFunc(s, target, cmp.Compare[E])
}

func extreme[S ~[]E, E any](s S, sign int, compare func(a, b E) int) E {
	best := s[0]
	for _, v := range s[1:] {
		if sign*compare(v, best) > 0 {
			best = v
		}
	}
	return best
}

func some(n int, function string) {
	if n == 0 {
		panic("slices." + function + ": empty list")
	}
}

func MinFunc[S ~[]E, E any](s S, compare func(a, b E) int) E {
	some(len(s), "MinFunc")
	return extreme(s, -1, compare)
}

func MaxFunc[S ~[]E, E any](s S, compare func(a, b E) int) E {
	some(len(s), "MaxFunc")
	return extreme(s, 1, compare)
}

func Min[S ~[]E, E cmp.Ordered](s S) E {
	some(len(s), "Min")
	m := s[0]
	for _, v := range s[1:] {
		m = min(m, v)
	}
	return m
}

func Max[S ~[]E, E cmp.Ordered](s S) E {
	some(len(s), "Max")
	m := s[0]
	for _, v := range s[1:] {
		m = max(m, v)
	}
	return m
}
