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

// What a quoted text shows as it is: what prints, of that ASCII only, or all that is graphic.
const (
	printing = iota
	ascii
	graphic
)

func shows(r rune, set int) bool {
	switch {
	case set == graphic:
		return IsGraphic(r)
	case set == ascii && r >= utf8.RuneSelf:
		return false
	}
	return characters.Print(r)
}

func appendRune(dst []byte, r rune, quote byte, set int) []byte {
	if r == rune(quote) || r == '\\' {
		return append(dst, '\\', byte(r))
	}
	if shows(r, set) {
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

func appendQuoted(dst []byte, s string, set int) []byte {
	dst = append(dst, '"')
	for len(s) > 0 {
		r, size := utf8.DecodeRuneInString(s)
		if r == utf8.RuneError && size == 1 {
			dst = appendHex(append(dst, `\x`...), rune(s[0]), 2)
		} else {
			dst = appendRune(dst, r, '"', set)
		}
		s = s[size:]
	}
	return append(dst, '"')
}

// appendQuotedRune is U+FFFD of what is no rune.
func appendQuotedRune(dst []byte, r rune, set int) []byte {
	if !utf8.ValidRune(r) {
		r = utf8.RuneError
	}
	return append(appendRune(append(dst, '\''), r, '\'', set), '\'')
}

func Quote(s string) string          { return string(appendQuoted(nil, s, printing)) }
func QuoteToASCII(s string) string   { return string(appendQuoted(nil, s, ascii)) }
func QuoteToGraphic(s string) string { return string(appendQuoted(nil, s, graphic)) }

func QuoteRune(r rune) string          { return string(appendQuotedRune(nil, r, printing)) }
func QuoteRuneToASCII(r rune) string   { return string(appendQuotedRune(nil, r, ascii)) }
func QuoteRuneToGraphic(r rune) string { return string(appendQuotedRune(nil, r, graphic)) }

func AppendQuote(dst []byte, s string) []byte          { return appendQuoted(dst, s, printing) }
func AppendQuoteToASCII(dst []byte, s string) []byte   { return appendQuoted(dst, s, ascii) }
func AppendQuoteToGraphic(dst []byte, s string) []byte { return appendQuoted(dst, s, graphic) }

func AppendQuoteRune(dst []byte, r rune) []byte          { return appendQuotedRune(dst, r, printing) }
func AppendQuoteRuneToASCII(dst []byte, r rune) []byte   { return appendQuotedRune(dst, r, ascii) }
func AppendQuoteRuneToGraphic(dst []byte, r rune) []byte { return appendQuotedRune(dst, r, graphic) }

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
