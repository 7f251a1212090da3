// Package text has what packages strings and bytes share, for both at once. Only the errors of a Reader allocate.
package text

import (
	"gomem/characters"
	"unicode/utf8"
)

// Bytes is a string or a byte slice.
type Bytes interface {
	string | []byte
}

// Equal compares byte by byte.
func Equal[S, T Bytes](a S, b T) bool {
	return string(a) == string(b)
}

// Compare is -1, 0 or 1.
func Compare[T Bytes](a, b T) int {
	switch {
	case string(a) < string(b):
		return -1
	case string(a) > string(b):
		return 1
	}
	return 0
}

// HasPrefix tells whether s begins with prefix.
func HasPrefix[T Bytes](s, prefix T) bool {
	return len(s) >= len(prefix) && string(s[:len(prefix)]) == string(prefix)
}

// HasSuffix tells whether s ends with suffix.
func HasSuffix[T Bytes](s, suffix T) bool {
	return len(s) >= len(suffix) && string(s[len(s)-len(suffix):]) == string(suffix)
}

// IndexByte is where c is first, -1 if nowhere.
func IndexByte[T Bytes](s T, c byte) int {
	for i := 0; i < len(s); i++ {
		if s[i] == c {
			return i
		}
	}
	return -1
}

// LastIndexByte is where c is last.
func LastIndexByte[T Bytes](s T, c byte) int {
	for i := len(s) - 1; i >= 0; i-- {
		if s[i] == c {
			return i
		}
	}
	return -1
}

const prime = 16777619

// Index is where sep is first: by comparing rolling hashes, then bytes, so in linear time.
func Index[T Bytes](s, sep T) int {
	n := len(sep)
	switch {
	case n == 0:
		return 0
	case n > len(s):
		return -1
	case n == 1:
		return IndexByte(s, sep[0])
	}
	var want, have, power uint32 = 0, 0, 1
	for i := 0; i < n; i++ {
		want = want*prime + uint32(sep[i])
		have = have*prime + uint32(s[i])
		power *= prime
	}
	for i := n; ; i++ {
		if have == want && string(s[i-n:i]) == string(sep) {
			return i - n
		}
		if i == len(s) {
			return -1
		}
		have = have*prime + uint32(s[i]) - power*uint32(s[i-n])
	}
}

// LastIndex is where sep is last.
func LastIndex[T Bytes](s, sep T) int {
	for i := len(s) - len(sep); i >= 0; i-- {
		if string(s[i:i+len(sep)]) == string(sep) {
			return i
		}
	}
	return -1
}

// Count is how often sep is in s without overlapping; of an empty sep, one more than there are runes.
func Count[T Bytes](s, sep T) int {
	if len(sep) == 0 {
		n := 1
		for len(s) > 0 {
			_, size := Rune(s)
			s = s[size:]
			n++
		}
		return n
	}
	n := 0
	for {
		i := Index(s, sep)
		if i < 0 {
			return n
		}
		n++
		s = s[i+len(sep):]
	}
}

// Rune decodes the first rune.
func Rune[T Bytes](s T) (rune, int) {
	if len(s) > 0 && s[0] < utf8.RuneSelf {
		return rune(s[0]), 1
	}
	if len(s) > utf8.UTFMax {
		s = s[:utf8.UTFMax]
	}
	return utf8.DecodeRuneInString(string(s))
}

// LastRune decodes the last rune.
func LastRune[T Bytes](s T) (rune, int) {
	if len(s) > utf8.UTFMax {
		s = s[len(s)-utf8.UTFMax:]
	}
	return utf8.DecodeLastRuneInString(string(s))
}

// IndexFunc is where the first rune with f(r) == want is.
func IndexFunc[T Bytes](s T, f func(rune) bool, want bool) int {
	for i := 0; i < len(s); {
		r, size := Rune(s[i:])
		if f(r) == want {
			return i
		}
		i += size
	}
	return -1
}

// LastIndexFunc is where the last rune with f(r) == want is.
func LastIndexFunc[T Bytes](s T, f func(rune) bool, want bool) int {
	for i := len(s); i > 0; {
		r, size := LastRune(s[:i])
		i -= size
		if f(r) == want {
			return i
		}
	}
	return -1
}

// TrimFunc cuts runes with f(r) off both ends, left and right as asked. What is cut off whole from the left is nil.
func TrimFunc[T Bytes](s T, f func(rune) bool, left, right bool) (none T) {
	if left {
		i := IndexFunc(s, f, false)
		if i < 0 {
			return none
		}
		s = s[i:]
	}
	if right {
		i := LastIndexFunc(s, f, false)
		if i < 0 {
			return s[:0]
		}
		_, size := Rune(s[i:])
		s = s[:i+size]
	}
	return s
}

// In is the set of the runes of chars.
func In(chars string) func(rune) bool {
	return func(r rune) bool {
		for _, c := range chars {
			if c == r {
				return true
			}
		}
		return false
	}
}

// AppendValid appends s with replacement in the place of each run of bytes that are no UTF-8.
func AppendValid[T Bytes](b []byte, s, replacement T) []byte {
	valid := true
	for i := 0; i < len(s); {
		r, size := Rune(s[i:])
		before := valid
		valid = r != utf8.RuneError || size > 1
		switch {
		case valid:
			b = append(b, s[i:i+size]...)
		case before:
			b = append(b, replacement...)
		}
		i += size
	}
	return b
}

// EqualFold compares without regard to case.
func EqualFold[T Bytes](s, t T) bool {
	for len(s) > 0 && len(t) > 0 {
		a, n := Rune(s)
		b, m := Rune(t)
		if a != b && !characters.EqualFold(a, b) {
			return false
		}
		s, t = s[n:], t[m:]
	}
	return len(s) == len(t)
}

// Title is the words of s with a first letter for titles. What is neither letter, digit nor _ parts words: in ASCII; beyond it, spaces.
func Title[T Bytes](mapping func(func(rune) rune) T) T {
	before := ' '
	return mapping(func(r rune) rune {
		first := parts(before)
		before = r
		if first {
			return characters.ToTitle(r)
		}
		return r
	})
}

func parts(r rune) bool {
	if r < utf8.RuneSelf {
		return !('0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || r == '_')
	}
	return characters.Space(r)
}
