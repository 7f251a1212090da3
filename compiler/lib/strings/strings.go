// Package strings has functions on strings. What searches and compares is in gomem/text.
package strings

import (
	"gomem/characters"
	"gomem/text"
	"gomem/unicode"
	"unicode/utf8"
	"unsafe"
)

func Compare(a, b string) int                       { return text.Compare(a, b) }
func HasPrefix(s, prefix string) bool               { return text.HasPrefix(s, prefix) }
func HasSuffix(s, suffix string) bool               { return text.HasSuffix(s, suffix) }
func Index(s, sep string) int                       { return text.Index(s, sep) }
func LastIndex(s, sep string) int                   { return text.LastIndex(s, sep) }
func IndexByte(s string, c byte) int                { return text.IndexByte(s, c) }
func LastIndexByte(s string, c byte) int            { return text.LastIndexByte(s, c) }
func Count(s, sep string) int                       { return text.Count(s, sep) }
func Contains(s, sep string) bool                   { return text.Index(s, sep) >= 0 }
func ContainsRune(s string, r rune) bool            { return IndexRune(s, r) >= 0 }
func ContainsAny(s string, chars string) bool       { return IndexAny(s, chars) >= 0 }
func ContainsFunc(s string, f func(rune) bool) bool { return text.IndexFunc(s, f, true) >= 0 }
func IndexFunc(s string, f func(rune) bool) int     { return text.IndexFunc(s, f, true) }
func LastIndexFunc(s string, f func(rune) bool) int { return text.LastIndexFunc(s, f, true) }
func IndexAny(s string, chars string) int           { return text.IndexFunc(s, text.In(chars), true) }
func LastIndexAny(s string, chars string) int       { return text.LastIndexFunc(s, text.In(chars), true) }

// IndexRune is where r is first; of utf8.RuneError, the first byte that is no UTF-8 counts too.
func IndexRune(s string, r rune) int {
	return text.IndexFunc(s, func(x rune) bool { return x == r }, true)
}

func TrimFunc(s string, f func(rune) bool) string      { return text.TrimFunc(s, f, true, true) }
func TrimLeftFunc(s string, f func(rune) bool) string  { return text.TrimFunc(s, f, true, false) }
func TrimRightFunc(s string, f func(rune) bool) string { return text.TrimFunc(s, f, false, true) }
func Trim(s string, cutset string) string              { return text.TrimFunc(s, text.In(cutset), true, true) }
func TrimLeft(s string, cutset string) string          { return text.TrimFunc(s, text.In(cutset), true, false) }
func TrimRight(s string, cutset string) string         { return text.TrimFunc(s, text.In(cutset), false, true) }
func TrimSpace(s string) string                        { return text.TrimFunc(s, characters.Space, true, true) }

// TrimPrefix is s without prefix, if it has it.
func TrimPrefix(s, prefix string) string {
	if HasPrefix(s, prefix) {
		return s[len(prefix):]
	}
	return s
}

// TrimSuffix is s without suffix, if it has it.
func TrimSuffix(s, suffix string) string {
	if HasSuffix(s, suffix) {
		return s[:len(s)-len(suffix)]
	}
	return s
}

// CutPrefix is TrimPrefix and whether it had it.
func CutPrefix(s, prefix string) (after string, found bool) {
	if !HasPrefix(s, prefix) {
		return s, false
	}
	return s[len(prefix):], true
}

// CutSuffix is TrimSuffix and whether it had it.
func CutSuffix(s, suffix string) (before string, found bool) {
	if !HasSuffix(s, suffix) {
		return s, false
	}
	return s[:len(s)-len(suffix)], true
}

// Cut splits s round the first sep.
func Cut(s, sep string) (before, after string, found bool) {
	i := Index(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}

// split cuts s at sep into n pieces at most (n < 0: all); the pieces keep `keep` bytes of the separator.
func split(s, sep string, keep, n int) []string {
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
	pieces := make([]string, 0, n)
	for len(pieces) < n-1 {
		i := Index(s, sep)
		if i < 0 {
			break
		}
		pieces = append(pieces, s[:i+keep])
		s = s[i+len(sep):]
	}
	return append(pieces, s)
}

// explode splits s into its runes.
func explode(s string, n int) []string {
	if n < 0 || n > len(s) {
		n = utf8.RuneCountInString(s)
	}
	pieces := make([]string, 0, n)
	for len(s) > 0 {
		if len(pieces) == n-1 {
			return append(pieces, s)
		}
		_, size := text.Rune(s)
		pieces = append(pieces, s[:size])
		s = s[size:]
	}
	return pieces
}

func Split(s, sep string) []string              { return split(s, sep, 0, -1) }
func SplitN(s, sep string, n int) []string      { return split(s, sep, 0, n) }
func SplitAfter(s, sep string) []string         { return split(s, sep, len(sep), -1) }
func SplitAfterN(s, sep string, n int) []string { return split(s, sep, len(sep), n) }

// FieldsFunc splits s round runs of runes with f(r).
func FieldsFunc(s string, f func(rune) bool) []string {
	var fields []string
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
		fields = append(fields, s[:n])
		s = s[n:]
	}
}

// Fields splits s round white space.
func Fields(s string) []string {
	fields := FieldsFunc(s, characters.Space)
	if fields == nil {
		return []string{}
	}
	return fields
}

// Join puts sep between the elements.
func Join(elems []string, sep string) string {
	if len(elems) == 0 {
		return ""
	}
	if len(elems) == 1 {
		return elems[0]
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
	return asString(b)
}

// Repeat is count times s.
func Repeat(s string, count int) string {
	if count < 0 {
		panic("strings: negative Repeat count")
	}
	switch {
	case count == 0 || len(s) == 0:
		return ""
	case count == 1:
		return s
	}
	if len(s) > int(^uint(0)>>1)/count {
		panic("strings: Repeat output length overflow")
	}
	b := make([]byte, len(s)*count)
	for n := copy(b, s); n < len(b); n *= 2 {
		copy(b[n:], b[:n])
	}
	return asString(b)
}

// Replace puts new in the place of old, n times at most (n < 0: always).
func Replace(s, old, new string, n int) string {
	if m := Count(s, old); n < 0 || m < n {
		n = m
	}
	if n == 0 {
		return s
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
	return asString(append(b, s...))
}

// ReplaceAll puts new in the place of every old.
func ReplaceAll(s, old, new string) string { return Replace(s, old, new, -1) }

// Map is s with each rune replaced by mapping's; a negative one is dropped. What changes nothing is s itself.
func Map(mapping func(rune) rune, s string) string {
	var b []byte
	for i := 0; i < len(s); {
		r, size := text.Rune(s[i:])
		to := mapping(r)
		if b == nil && (to != r || r == utf8.RuneError && size == 1) {
			b = append(make([]byte, 0, len(s)+utf8.UTFMax), s[:i]...)
		}
		if b != nil && to >= 0 {
			b = utf8.AppendRune(b, to)
		}
		i += size
	}
	if b == nil {
		return s
	}
	return asString(b)
}

func ToUpper(s string) string { return Map(characters.ToUpper, s) }
func ToLower(s string) string { return Map(characters.ToLower, s) }
func ToTitle(s string) string { return Map(characters.ToTitle, s) }

func ToUpperSpecial(c unicode.SpecialCase, s string) string { return Map(c.ToUpper, s) }
func ToLowerSpecial(c unicode.SpecialCase, s string) string { return Map(c.ToLower, s) }
func ToTitleSpecial(c unicode.SpecialCase, s string) string { return Map(c.ToTitle, s) }

// Title is s with the first letter of each word for titles.
func Title(s string) string { return text.Title(func(f func(rune) rune) string { return Map(f, s) }) }

// EqualFold compares without regard to case.
func EqualFold(s, t string) bool { return text.EqualFold(s, t) }

// ToValidUTF8 is s with replacement in the place of each run of bytes that are no UTF-8.
func ToValidUTF8(s, replacement string) string {
	if utf8.ValidString(s) {
		return s
	}
	return asString(text.AppendValid(make([]byte, 0, len(s)+len(replacement)), s, replacement))
}

// asString makes a string of bytes that nobody writes again.
func asString(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

// Clone is a copy of s with memory of its own.
func Clone(s string) string {
	if len(s) == 0 {
		return ""
	}
	b := make([]byte, len(s))
	copy(b, s)
	return asString(b)
}
