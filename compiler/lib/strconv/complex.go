package strconv

// FormatComplex is c as (re±imi), each part as FormatFloat writes it.
func FormatComplex(c complex128, fmt byte, prec, bitSize int) string {
	if bitSize != 64 && bitSize != 128 {
		panic("invalid bitSize")
	}
	im := FormatFloat(imag(c), fmt, prec, bitSize/2)
	if im[0] != '+' && im[0] != '-' {
		im = "+" + im
	}
	return "(" + FormatFloat(real(c), fmt, prec, bitSize/2) + im + "i)"
}

// ParseComplex reads N, Ni or N±Ni, which may be in parentheses; each N is as ParseFloat reads it.
func ParseComplex(s string, bitSize int) (complex128, error) {
	size := 64
	if bitSize == 64 {
		size = 32
	}
	rest := s
	if n := len(s); n >= 2 && s[0] == '(' && s[n-1] == ')' {
		rest = s[1 : n-1]
	}
	first, n, overflow := parseFloat(rest, size)
	rest = rest[n:]
	re, im := first, 0.0
	switch {
	case n == 0:
		return 0, fail("ParseComplex", s, ErrSyntax)
	case rest == "":
	case rest == "i":
		re, im = 0, first
	default:
		var over, ok bool
		if im, over, ok = imaginary(rest, size); !ok {
			return 0, fail("ParseComplex", s, ErrSyntax)
		}
		overflow = overflow || over
	}
	if overflow {
		return complex(re, im), fail("ParseComplex", s, ErrRange)
	}
	return complex(re, im), nil
}

// imaginary reads ±Ni. The N of +N may be NaN, which has no sign of its own.
func imaginary(s string, size int) (f float64, overflow, ok bool) {
	if s[0] != '+' && s[0] != '-' {
		return 0, false, false
	}
	if s[0] == '+' && len(s) > 1 && s[1] != '+' {
		s = s[1:]
	}
	f, n, overflow := parseFloat(s, size)
	return f, overflow, n > 0 && s[n:] == "i"
}
