// Package strconv converts between values and their text.
package strconv

import "errors"

// IntSize is how many bits int has.
const IntSize = 32 << (^uint(0) >> 63)

var (
	ErrRange  = errors.New("value out of range")
	ErrSyntax = errors.New("invalid syntax")
)

// NumError says what could not be converted.
type NumError struct {
	Func, Num string
	Err       error
}

func (e *NumError) Error() string {
	return "strconv." + e.Func + ": parsing " + Quote(e.Num) + ": " + e.Err.Error()
}
func (e *NumError) Unwrap() error { return e.Err }

func fail(function, s string, err error) error {
	return &NumError{function, string([]byte(s)), err}
}

const digits = "0123456789abcdefghijklmnopqrstuvwxyz"

// AppendUint appends i in a base of 2 to 36.
func AppendUint(dst []byte, i uint64, base int) []byte {
	if base < 2 || base > len(digits) {
		panic("strconv: illegal AppendInt/FormatInt base")
	}
	var buf [64]byte
	at := len(buf)
	for b := uint64(base); ; i /= b {
		at--
		buf[at] = digits[i%b]
		if i < b {
			return append(dst, buf[at:]...)
		}
	}
}

// AppendInt appends i in a base of 2 to 36.
func AppendInt(dst []byte, i int64, base int) []byte {
	if i < 0 {
		return AppendUint(append(dst, '-'), -uint64(i), base)
	}
	return AppendUint(dst, uint64(i), base)
}

func FormatUint(i uint64, base int) string { return string(AppendUint(make([]byte, 0, 64), i, base)) }
func FormatInt(i int64, base int) string   { return string(AppendInt(make([]byte, 0, 65), i, base)) }
func Itoa(i int) string                    { return FormatInt(int64(i), 10) }

// digit is the value of a digit, 36 when it is none.
func digit(c byte) uint64 {
	switch {
	case '0' <= c && c <= '9':
		return uint64(c - '0')
	case 'a' <= c && c <= 'z':
		return uint64(c-'a') + 10
	case 'A' <= c && c <= 'Z':
		return uint64(c-'A') + 10
	}
	return 36
}

// prefix reads 0x, 0b, 0o or 0 and returns the base and what follows.
func prefix(s string) (base int, rest string) {
	if s[0] != '0' {
		return 10, s
	}
	if len(s) >= 3 {
		switch s[1] | 0x20 {
		case 'x':
			return 16, s[2:]
		case 'b':
			return 2, s[2:]
		case 'o':
			return 8, s[2:]
		}
	}
	return 8, s[1:]
}

// underscores tells whether each _ is between digits or behind a prefix.
func underscores(s string) bool {
	last := byte('^') // ^ start, 0 digit or prefix, _ underscore, ! other
	if len(s) >= 1 && (s[0] == '-' || s[0] == '+') {
		s = s[1:]
	}
	hex := false
	if len(s) >= 2 && s[0] == '0' {
		if c := s[1] | 0x20; c == 'b' || c == 'o' || c == 'x' {
			last, hex = '0', c == 'x'
			s = s[2:]
		}
	}
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case '0' <= c && c <= '9' || hex && digit(c) < 16:
			last = '0'
		case c == '_':
			if last != '0' {
				return false
			}
			last = '_'
		default:
			if last == '_' {
				return false
			}
			last = '!'
		}
	}
	return last != '_'
}

// ParseUint reads an unsigned number; base 0 means the literal's own.
func ParseUint(s string, base int, bitSize int) (uint64, error) {
	const name = "ParseUint"
	if s == "" {
		return 0, fail(name, s, ErrSyntax)
	}
	whole, own := s, base == 0
	switch {
	case own:
		base, s = prefix(s)
	case base < 2 || base > 36:
		return 0, fail(name, s, errors.New("invalid base "+Itoa(base)))
	}
	if bitSize == 0 {
		bitSize = IntSize
	} else if bitSize < 0 || bitSize > 64 {
		return 0, fail(name, whole, errors.New("invalid bit size "+Itoa(bitSize)))
	}
	limit := uint64(1)<<uint(bitSize) - 1
	var n uint64
	separated := false
	for i := 0; i < len(s); i++ {
		if s[i] == '_' && own {
			separated = true
			continue
		}
		d := digit(s[i])
		if d >= uint64(base) {
			return 0, fail(name, whole, ErrSyntax)
		}
		if n > (1<<64-1-d)/uint64(base) || n*uint64(base)+d > limit {
			return limit, fail(name, whole, ErrRange)
		}
		n = n*uint64(base) + d
	}
	if separated && !underscores(whole) {
		return 0, fail(name, whole, ErrSyntax)
	}
	return n, nil
}

// ParseInt reads a signed number; base 0 means the literal's own.
func ParseInt(s string, base int, bitSize int) (int64, error) {
	const name = "ParseInt"
	if s == "" {
		return 0, fail(name, s, ErrSyntax)
	}
	whole, negative := s, s[0] == '-'
	if s[0] == '+' || negative {
		s = s[1:]
	}
	n, err := ParseUint(s, base, bitSize)
	if err != nil && err.(*NumError).Err != ErrRange {
		return 0, fail(name, whole, err.(*NumError).Err)
	}
	if bitSize == 0 {
		bitSize = IntSize
	}
	limit := uint64(1) << uint(bitSize-1)
	switch {
	case !negative && n >= limit:
		return int64(limit - 1), fail(name, whole, ErrRange)
	case negative && n > limit:
		return -int64(limit), fail(name, whole, ErrRange)
	case negative:
		return -int64(n), nil
	}
	return int64(n), nil
}

// Atoi is ParseInt(s, 10, 0).
func Atoi(s string) (int, error) {
	n, err := ParseInt(s, 10, 0)
	if err != nil {
		err.(*NumError).Func = "Atoi"
	}
	return int(n), err
}

// FormatBool is "true" or "false".
func FormatBool(b bool) string {
	if b {
		return "true"
	}
	return "false"
}

func AppendBool(dst []byte, b bool) []byte { return append(dst, FormatBool(b)...) }

// ParseBool reads 1, t, T, TRUE, true, True and their opposites.
func ParseBool(s string) (bool, error) {
	switch s {
	case "1", "t", "T", "true", "TRUE", "True":
		return true, nil
	case "0", "f", "F", "false", "FALSE", "False":
		return false, nil
	}
	return false, fail("ParseBool", s, ErrSyntax)
}
