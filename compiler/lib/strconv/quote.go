package strconv

import (
	"gomem/characters"
	"unicode/utf8"
)

const lowerHex = "0123456789abcdef"

// IsPrint tells whether Quote shows r as it is.
func IsPrint(r rune) bool { return characters.Print(r) }

// IsGraphic tells whether r is a letter, mark, number, punctuation, symbol or space of Unicode.
func IsGraphic(r rune) bool { return characters.In(characters.Graphics, r) }

func appendHex(dst []byte, r rune, digits int) []byte {
	for s := 4 * (digits - 1); s >= 0; s -= 4 {
		dst = append(dst, lowerHex[r>>uint(s)&0xF])
	}
	return dst
}

func appendRune(dst []byte, r rune, quote byte, ascii bool) []byte {
	if r == rune(quote) || r == '\\' {
		return append(dst, '\\', byte(r))
	}
	if characters.Print(r) && (!ascii || r < utf8.RuneSelf) {
		return utf8.AppendRune(dst, r)
	}
	for i := 0; i < len(escapes); i += 2 {
		if rune(escapes[i]) == r {
			return append(dst, '\\', escapes[i+1])
		}
	}
	switch {
	case r < ' ' || r == 0x7F:
		return appendHex(append(dst, `\x`...), r, 2)
	case r < 0x10000:
		return appendHex(append(dst, `\u`...), r, 4)
	}
	return appendHex(append(dst, `\U`...), r, 8)
}

// escapes are pairs of a character and its letter.
const escapes = "\aa\bb\ff\nn\rr\tt\vv"

func appendQuoted(dst []byte, s string, ascii bool) []byte {
	dst = append(dst, '"')
	for len(s) > 0 {
		r, size := utf8.DecodeRuneInString(s)
		if r == utf8.RuneError && size == 1 {
			dst = appendHex(append(dst, `\x`...), rune(s[0]), 2)
		} else {
			dst = appendRune(dst, r, '"', ascii)
		}
		s = s[size:]
	}
	return append(dst, '"')
}

func Quote(s string) string                   { return string(appendQuoted(nil, s, false)) }
func QuoteToASCII(s string) string            { return string(appendQuoted(nil, s, true)) }
func AppendQuote(dst []byte, s string) []byte { return appendQuoted(dst, s, false) }

// AppendQuoteRune appends r as a rune literal.
func AppendQuoteRune(dst []byte, r rune) []byte {
	if !utf8.ValidRune(r) {
		r = utf8.RuneError
	}
	return append(appendRune(append(dst, '\''), r, '\'', false), '\'')
}

func QuoteRune(r rune) string { return string(AppendQuoteRune(nil, r)) }

// QuoteRuneToASCII is QuoteRune with escapes for all beyond ASCII.
func QuoteRuneToASCII(r rune) string {
	if !utf8.ValidRune(r) {
		r = utf8.RuneError
	}
	return string(append(appendRune([]byte{'\''}, r, '\'', true), '\''))
}

// CanBackquote tells whether s can stand unchanged between backquotes.
func CanBackquote(s string) bool {
	for i, r := range s {
		switch {
		case r == utf8.RuneError && s[i] != 0xEF, r == 0xFEFF, r < ' ' && r != '\t', r == '`', r == 0x7F:
			return false
		}
	}
	return true
}
