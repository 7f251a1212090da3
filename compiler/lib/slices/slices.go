// Package slices has functions for slices of any type.
package slices

import (
	"cmp"
	"iter"
	"unsafe"
)

func same[E comparable](a, b E) bool { return a == b }

// EqualFunc compares element by element.
func EqualFunc[S1 ~[]E1, S2 ~[]E2, E1, E2 any](a S1, b S2, eq func(E1, E2) bool) bool {
	if len(a) != len(b) {
		return false
	}
	for i, v := range a {
		if !eq(v, b[i]) {
			return false
		}
	}
	return true
}

func Equal[S ~[]E, E comparable](a, b S) bool { return EqualFunc(a, b, same[E]) }

// CompareFunc is the first difference's order, or that of the lengths.
func CompareFunc[S1 ~[]E1, S2 ~[]E2, E1, E2 any](a S1, b S2, compare func(E1, E2) int) int {
	for i, v := range a {
		if i >= len(b) {
			return 1
		}
		if c := compare(v, b[i]); c != 0 {
			return c
		}
	}
	return cmp.Compare(len(a), len(b))
}

func Compare[S ~[]E, E cmp.Ordered](a, b S) int { return CompareFunc(a, b, cmp.Compare[E]) }

func IndexFunc[S ~[]E, E any](s S, f func(E) bool) int {
	for i, v := range s {
		if f(v) {
			return i
		}
	}
	return -1
}

func Index[S ~[]E, E comparable](s S, v E) int {
	return IndexFunc(s, func(e E) bool { return e == v })
}

func ContainsFunc[S ~[]E, E any](s S, f func(E) bool) bool { return IndexFunc(s, f) >= 0 }
func Contains[S ~[]E, E comparable](s S, v E) bool         { return Index(s, v) >= 0 }

// Clone copies; nil stays nil.
func Clone[S ~[]E, E any](s S) S {
	if s == nil {
		return nil
	}
	return append(S{}, s...)
}

func Clip[S ~[]E, E any](s S) S { return s[:len(s):len(s)] }

// Grow makes room for n elements more.
func Grow[S ~[]E, E any](s S, n int) S {
	if n < 0 {
		panic("cannot be negative")
	}
	if n -= cap(s) - len(s); n > 0 {
		s = append(s[:cap(s)], make(S, n)...)[:len(s)]
	}
	return s
}

// overlap tells whether a and b have memory in common.
func overlap[E any](a, b []E) bool {
	if len(a) == 0 || len(b) == 0 {
		return false
	}
	address := func(e *E) uintptr { return uintptr(unsafe.Pointer(e)) }
	return address(&a[0]) <= address(&b[len(b)-1]) && address(&b[0]) <= address(&a[len(a)-1])
}

// Replace puts v in place of s[i:j], in its array where there is room.
func Replace[S ~[]E, E any](s S, i, j int, v ...E) S {
	_ = s[i:j]
	behind := i + len(v)
	n := behind + len(s[j:])
	if n > cap(s) {
		grown := append(s[:i], make(S, n-i)...)
		copy(grown[i:], v)
		copy(grown[behind:], s[j:])
		return grown
	}
	r := s[:n]
	if behind <= j {
		copy(r[i:], v)
		copy(r[behind:], s[j:])
		clear(s[n:])
		return r
	}
	if overlap(v, r[behind:]) {
		v = append([]E(nil), v...)
	}
	copy(r[behind:], s[j:])
	copy(r[i:], v)
	return r
}

func Insert[S ~[]E, E any](s S, i int, v ...E) S {
	_ = s[i:]
	return Replace(s, i, i, v...)
}

// Delete removes s[i:j] and clears what becomes free.
func Delete[S ~[]E, E any](s S, i, j int) S {
	_ = s[i:j:len(s)]
	n := copy(s[i:], s[j:])
	clear(s[i+n:])
	return s[:i+n]
}

func DeleteFunc[S ~[]E, E any](s S, del func(E) bool) S {
	n := 0
	for _, v := range s {
		if !del(v) {
			s[n] = v
			n++
		}
	}
	clear(s[n:])
	return s[:n]
}

// CompactFunc keeps the first of each run of equal elements.
func CompactFunc[S ~[]E, E any](s S, eq func(E, E) bool) S {
	n := 0
	for i, v := range s {
		if i == 0 || !eq(s[n-1], v) {
			s[n] = v
			n++
		}
	}
	clear(s[n:])
	return s[:n]
}

func Compact[S ~[]E, E comparable](s S) S { return CompactFunc(s, same[E]) }

func Reverse[S ~[]E, E any](s S) {
	for i, j := 0, len(s)-1; i < j; i, j = i+1, j-1 {
		s[i], s[j] = s[j], s[i]
	}
}

func Concat[S ~[]E, E any](all ...S) S {
	n := 0
	for _, s := range all {
		n += len(s)
	}
	r := Grow[S](nil, n)
	for _, s := range all {
		r = append(r, s...)
	}
	return r
}

const maxInt = int(^uint(0) >> 1)

func Repeat[S ~[]E, E any](s S, count int) S {
	if count < 0 {
		panic("cannot be negative")
	}
	if count > 0 && len(s) > maxInt/count {
		panic("the result of (len(x) * count) overflows")
	}
	r := make(S, len(s)*count)
	for n := copy(r, s); n < len(r); {
		n += copy(r[n:], r[:n])
	}
	return r
}

func All[S ~[]E, E any](s S) iter.Seq2[int, E] {
	return func(yield func(int, E) bool) {
		for i, v := range s {
			if !yield(i, v) {
				return
			}
		}
	}
}

func Backward[S ~[]E, E any](s S) iter.Seq2[int, E] {
	return func(yield func(int, E) bool) {
		for i := len(s) - 1; i >= 0; i-- {
			if !yield(i, s[i]) {
				return
			}
		}
	}
}

func Values[S ~[]E, E any](s S) iter.Seq[E] {
	return func(yield func(E) bool) {
		for _, v := range s {
			if !yield(v) {
				return
			}
		}
	}
}

// Chunk are consecutive parts of s, of n elements but for the last; what is appended to one is in no other.
func Chunk[S ~[]E, E any](s S, n int) iter.Seq[S] {
	if n < 1 {
		panic("cannot be less than 1")
	}
	return func(yield func(S) bool) {
		for i := 0; i < len(s); i += n {
			end := min(n, len(s)-i) + i
			if !yield(s[i:end:end]) {
				return
			}
		}
	}
}

func AppendSeq[S ~[]E, E any](s S, seq iter.Seq[E]) S {
	for v := range seq {
		s = append(s, v)
	}
	return s
}

func Collect[E any](seq iter.Seq[E]) []E { return AppendSeq([]E(nil), seq) }

func Sorted[E cmp.Ordered](seq iter.Seq[E]) []E {
	s := Collect(seq)
	Sort(s)
	return s
}

func SortedFunc[E any](seq iter.Seq[E], cmp func(E, E) int) []E {
	s := Collect(seq)
	SortFunc(s, cmp)
	return s
}

func SortedStableFunc[E any](seq iter.Seq[E], cmp func(E, E) int) []E {
	s := Collect(seq)
	SortStableFunc(s, cmp)
	return s
}
