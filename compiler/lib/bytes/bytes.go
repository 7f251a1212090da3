// Package bytes has functions on byte slices. What searches and compares is in gomem/text.
package bytes

import (
	"gomem/characters"
	"gomem/text"
	"gomem/unicode"
	"unicode/utf8"
)

func Compare(a, b []byte) int                       { return text.Compare(a, b) }
func HasPrefix(s, prefix []byte) bool               { return text.HasPrefix(s, prefix) }
func HasSuffix(s, suffix []byte) bool               { return text.HasSuffix(s, suffix) }
func Index(s, sep []byte) int                       { return text.Index(s, sep) }
func LastIndex(s, sep []byte) int                   { return text.LastIndex(s, sep) }
func IndexByte(s []byte, c byte) int                { return text.IndexByte(s, c) }
func LastIndexByte(s []byte, c byte) int            { return text.LastIndexByte(s, c) }
func Count(s, sep []byte) int                       { return text.Count(s, sep) }
func Contains(s, sep []byte) bool                   { return text.Index(s, sep) >= 0 }
func ContainsRune(s []byte, r rune) bool            { return IndexRune(s, r) >= 0 }
func ContainsAny(s []byte, chars string) bool       { return IndexAny(s, chars) >= 0 }
func ContainsFunc(s []byte, f func(rune) bool) bool { return text.IndexFunc(s, f, true) >= 0 }
func IndexFunc(s []byte, f func(rune) bool) int     { return text.IndexFunc(s, f, true) }
func LastIndexFunc(s []byte, f func(rune) bool) int { return text.LastIndexFunc(s, f, true) }
func IndexAny(s []byte, chars string) int           { return text.IndexFunc(s, text.In(chars), true) }
func LastIndexAny(s []byte, chars string) int       { return text.LastIndexFunc(s, text.In(chars), true) }

// IndexRune is where r is first; of utf8.RuneError, the first byte that is no UTF-8 counts too.
func IndexRune(s []byte, r rune) int {
	return text.IndexFunc(s, func(x rune) bool { return x == r }, true)
}

func TrimFunc(s []byte, f func(rune) bool) []byte      { return text.TrimFunc(s, f, true, true) }
func TrimLeftFunc(s []byte, f func(rune) bool) []byte  { return text.TrimFunc(s, f, true, false) }
func TrimRightFunc(s []byte, f func(rune) bool) []byte { return text.TrimFunc(s, f, false, true) }
func Trim(s []byte, cutset string) []byte              { return text.TrimFunc(s, text.In(cutset), true, true) }
func TrimLeft(s []byte, cutset string) []byte          { return text.TrimFunc(s, text.In(cutset), true, false) }
func TrimRight(s []byte, cutset string) []byte         { return text.TrimFunc(s, text.In(cutset), false, true) }
func TrimSpace(s []byte) []byte                        { return text.TrimFunc(s, characters.Space, true, true) }

// TrimPrefix is s without prefix, if it has it.
func TrimPrefix(s, prefix []byte) []byte {
	if HasPrefix(s, prefix) {
		return s[len(prefix):]
	}
	return s
}

// TrimSuffix is s without suffix, if it has it.
func TrimSuffix(s, suffix []byte) []byte {
	if HasSuffix(s, suffix) {
		return s[:len(s)-len(suffix)]
	}
	return s
}

// CutPrefix is TrimPrefix and whether it had it.
func CutPrefix(s, prefix []byte) (after []byte, found bool) {
	if !HasPrefix(s, prefix) {
		return s, false
	}
	return s[len(prefix):], true
}

// CutSuffix is TrimSuffix and whether it had it.
func CutSuffix(s, suffix []byte) (before []byte, found bool) {
	if !HasSuffix(s, suffix) {
		return s, false
	}
	return s[:len(s)-len(suffix)], true
}

// Cut splits s round the first sep.
func Cut(s, sep []byte) (before, after []byte, found bool) {
	i := Index(s, sep)
	if i < 0 {
		return s, nil, false
	}
	return s[:i], s[i+len(sep):], true
}

// split cuts s at sep into n pieces at most (n < 0: all); the pieces keep `keep` bytes of the separator.
func split(s, sep []byte, keep, n int) [][]byte {
	if n == 0 {
		return nil
	}
	if len(sep) == 0 {
		return explode(s, n)
	}
	if n < 0 {
		n = Count(s, sep) + 1
	}
	n = min(n, len(s)+1)
	pieces := make([][]byte, 0, n)
	for len(pieces) < n-1 {
		i := Index(s, sep)
		if i < 0 {
			break
		}
		pieces = append(pieces, s[:i+keep:i+keep])
		s = s[i+len(sep):]
	}
	return append(pieces, s)
}

// explode splits s into its runes.
func explode(s []byte, n int) [][]byte {
	if n < 0 || n > len(s) {
		n = utf8.RuneCount(s)
	}
	pieces := make([][]byte, 0, n)
	for len(s) > 0 {
		if len(pieces) == n-1 {
			return append(pieces, s)
		}
		_, size := text.Rune(s)
		pieces = append(pieces, s[:size:size])
		s = s[size:]
	}
	return pieces
}

func Split(s, sep []byte) [][]byte              { return split(s, sep, 0, -1) }
func SplitN(s, sep []byte, n int) [][]byte      { return split(s, sep, 0, n) }
func SplitAfter(s, sep []byte) [][]byte         { return split(s, sep, len(sep), -1) }
func SplitAfterN(s, sep []byte, n int) [][]byte { return split(s, sep, len(sep), n) }

// FieldsFunc splits s round runs of runes with f(r).
func FieldsFunc(s []byte, f func(rune) bool) [][]byte {
	var fields [][]byte
	for {
		i := text.IndexFunc(s, f, false)
		if i < 0 {
			return fields
		}
		s = s[i:]
		n := text.IndexFunc(s, f, true)
		if n < 0 {
			return append(fields, s)
		}
		fields = append(fields, s[:n:n])
		s = s[n:]
	}
}

// Fields splits s round white space.
func Fields(s []byte) [][]byte {
	fields := FieldsFunc(s, characters.Space)
	if fields == nil {
		return [][]byte{}
	}
	return fields
}

// Join puts sep between the elements.
func Join(elems [][]byte, sep []byte) []byte {
	if len(elems) == 0 {
		return []byte{}
	}
	if len(elems) == 1 {
		return append([]byte(nil), elems[0]...)
	}
	n := len(sep) * (len(elems) - 1)
	for _, e := range elems {
		n += len(e)
	}
	b := make([]byte, 0, n)
	for i, e := range elems {
		if i > 0 {
			b = append(b, sep...)
		}
		b = append(b, e...)
	}
	return b
}

// Repeat is count times s.
func Repeat(s []byte, count int) []byte {
	if count < 0 {
		panic("bytes: negative Repeat count")
	}
	if count == 0 || len(s) == 0 {
		return []byte{}
	}
	if len(s) > int(^uint(0)>>1)/count {
		panic("bytes: Repeat output length overflow")
	}
	b := make([]byte, len(s)*count)
	for n := copy(b, s); n < len(b); n *= 2 {
		copy(b[n:], b[:n])
	}
	return b
}

// Replace puts new in the place of old, n times at most (n < 0: always).
func Replace(s, old, new []byte, n int) []byte {
	if m := Count(s, old); n < 0 || m < n {
		n = m
	}
	if n == 0 {
		return append([]byte(nil), s...)
	}
	b := make([]byte, 0, len(s)+n*(len(new)-len(old)))
	for i := 0; i < n; i++ {
		at := 0
		if len(old) > 0 {
			at = Index(s, old)
		} else if i > 0 {
			_, at = text.Rune(s)
		}
		b = append(b, s[:at]...)
		b = append(b, new...)
		s = s[at+len(old):]
	}
	return append(b, s...)
}

// ReplaceAll puts new in the place of every old.
func ReplaceAll(s, old, new []byte) []byte { return Replace(s, old, new, -1) }

// Map is s with each rune replaced by mapping's; a negative one is dropped.
func Map(mapping func(rune) rune, s []byte) []byte {
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); {
		r, size := text.Rune(s[i:])
		i += size
		if r = mapping(r); r >= 0 {
			b = utf8.AppendRune(b, r)
		}
	}
	return b
}

func ToUpper(s []byte) []byte { return Map(characters.ToUpper, s) }
func ToLower(s []byte) []byte { return Map(characters.ToLower, s) }
func ToTitle(s []byte) []byte { return Map(characters.ToTitle, s) }

func ToUpperSpecial(c unicode.SpecialCase, s []byte) []byte { return Map(c.ToUpper, s) }
func ToLowerSpecial(c unicode.SpecialCase, s []byte) []byte { return Map(c.ToLower, s) }
func ToTitleSpecial(c unicode.SpecialCase, s []byte) []byte { return Map(c.ToTitle, s) }

// Title is s with the first letter of each word for titles.
func Title(s []byte) []byte { return text.Title(func(f func(rune) rune) []byte { return Map(f, s) }) }

// EqualFold compares without regard to case.
func EqualFold(s, t []byte) bool { return text.EqualFold(s, t) }

// ToValidUTF8 is a copy of s with replacement in the place of each run of bytes that are no UTF-8.
func ToValidUTF8(s, replacement []byte) []byte {
	return text.AppendValid(make([]byte, 0, len(s)+len(replacement)), s, replacement)
}

// Equal tells whether a and b hold the same bytes.
func Equal(a, b []byte) bool { return text.Equal(a, b) }

// Clone is a copy of b; of nil, nil.
func Clone(b []byte) []byte {
	if b == nil {
		return nil
	}
	return append([]byte{}, b...)
}

// Runes is the runes of s.
func Runes(s []byte) []rune { return []rune(string(s)) }
