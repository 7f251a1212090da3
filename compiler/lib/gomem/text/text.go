// Package text has what packages strings and bytes share, for both at once. Only the errors of a Reader allocate.
package text

import "unicode/utf8"

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

// TrimFunc cuts runes with f(r) off both ends, left and right as asked.
func TrimFunc[T Bytes](s T, f func(rune) bool, left, right bool) T {
	if left {
		i := IndexFunc(s, f, false)
		if i < 0 {
			return s[:0]
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

// Space is Unicode's white space.
func Space(r rune) bool {
	switch {
	case r == ' ' || '\t' <= r && r <= '\r' || r == 0x85 || r == 0xA0:
		return true
	case r < 0x1680:
		return false
	}
	return r == 0x1680 || 0x2000 <= r && r <= 0x200A || r == 0x2028 || r == 0x2029 || r == 0x202F || r == 0x205F || r == 0x3000
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

// Upper is the capital of a letter of ASCII; others stay.
func Upper(r rune) rune {
	if 'a' <= r && r <= 'z' {
		r -= 'a' - 'A'
	}
	return r
}

// Lower is the small letter of one of ASCII; others stay.
func Lower(r rune) rune {
	if 'A' <= r && r <= 'Z' {
		r += 'a' - 'A'
	}
	return r
}
