package strconv

import "unicode/utf8"

func hexDigit(c byte) (rune, bool) {
	switch {
	case '0' <= c && c <= '9':
		return rune(c - '0'), true
	case 'a' <= c && c <= 'f':
		return rune(c-'a') + 10, true
	case 'A' <= c && c <= 'F':
		return rune(c-'A') + 10, true
	}
	return 0, false
}

func hexRune(s string, digits int) (r rune, ok bool) {
	if len(s) < digits {
		return 0, false
	}
	for i := 0; i < digits; i++ {
		d, ok := hexDigit(s[i])
		if !ok {
			return 0, false
		}
		r = r<<4 | d
	}
	return r, true
}

// UnquoteChar reads a character or escape of a literal in quote; multibyte is false of \x and octal escapes.
func UnquoteChar(s string, quote byte) (value rune, multibyte bool, tail string, err error) {
	if s == "" || s[0] == quote && (quote == '\'' || quote == '"') {
		return 0, false, "", ErrSyntax
	}
	if s[0] != '\\' {
		r, size := utf8.DecodeRuneInString(s)
		return r, r >= utf8.RuneSelf, s[size:], nil
	}
	if len(s) < 2 {
		return 0, false, "", ErrSyntax
	}
	c := s[1]
	s = s[2:]
	for i := 1; i < len(escapes); i += 2 {
		if escapes[i] == c {
			return rune(escapes[i-1]), false, s, nil
		}
	}
	switch c {
	case '\\':
		return '\\', false, s, nil
	case '\'', '"':
		if c == quote {
			return rune(c), false, s, nil
		}
	case 'x', 'u', 'U':
		digits := 2
		if c != 'x' {
			digits = 4 * (1 + int('u'-c)/('u'-'U'))
		}
		r, ok := hexRune(s, digits)
		if ok && (c == 'x' || utf8.ValidRune(r)) {
			return r, c != 'x', s[digits:], nil
		}
	case '0', '1', '2', '3', '4', '5', '6', '7':
		if len(s) < 2 || s[0]&^7 != '0' || s[1]&^7 != '0' {
			break
		}
		if r := rune(c&7)<<6 | rune(s[0]&7)<<3 | rune(s[1]&7); r < 256 {
			return r, false, s[2:], nil
		}
	}
	return 0, false, "", ErrSyntax
}

func unquoteRaw(s string) (string, string, error) {
	for i := 1; i < len(s); i++ {
		if s[i] != '`' {
			continue
		}
		var b []byte
		for _, c := range []byte(s[1:i]) {
			if c != '\r' {
				b = append(b, c)
			}
		}
		return string(b), s[i+1:], nil
	}
	return "", "", ErrSyntax
}

// literal reads the literal that s begins with.
func literal(s string) (value, tail string, err error) {
	if len(s) < 2 {
		return "", "", ErrSyntax
	}
	quote := s[0]
	if quote == '`' {
		return unquoteRaw(s)
	}
	if quote != '"' && quote != '\'' {
		return "", "", ErrSyntax
	}
	var b []byte
	n := 0
	for s = s[1:]; s != "" && s[0] != quote; n++ {
		if s[0] == '\n' {
			return "", "", ErrSyntax
		}
		r, multibyte, rest, err := UnquoteChar(s, quote)
		if err != nil {
			return "", "", err
		}
		if multibyte {
			b = utf8.AppendRune(b, r) // what is no UTF-8 becomes U+FFFD
		} else {
			b = append(b, byte(r))
		}
		s = rest
	}
	if s == "" || quote == '\'' && n > 1 { // Go too takes '' for a literal
		return "", "", ErrSyntax
	}
	return string(b), s[1:], nil
}

// Unquote is the value of a quoted Go string, or of a character literal.
func Unquote(s string) (string, error) {
	value, tail, err := literal(s)
	if err != nil || tail != "" {
		return "", ErrSyntax
	}
	return value, nil
}

// QuotedPrefix is the literal that s begins with.
func QuotedPrefix(s string) (string, error) {
	_, tail, err := literal(s)
	if err != nil {
		return "", ErrSyntax
	}
	return s[:len(s)-len(tail)], nil
}
