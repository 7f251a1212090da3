package strconv

import "math"

// scan is a number in text taken apart: mantissa digits in d, or in mant for hexadecimal ones, and where it ends.
type scan struct {
	d         decimal
	mant      uint64 // hexadecimal: the digits
	exp       int    // hexadecimal: of two
	hex       bool
	truncated bool // hexadecimal: digits other than 0 did not fit
}

// beginning is how many bytes of s, in either case, are as in a word of small letters.
func beginning(s, word string) (n int) {
	for n < len(s) && n < len(word) && s[n]|0x20 == word[n] {
		n++
	}
	return n
}

// parseSpecial reads an infinity or NaN, which has no sign, and returns how long it is: 0 when there is none.
func parseSpecial(s string) (f float64, n int) {
	sign, signs := 1, 0
	if len(s) > 0 && (s[0] == '+' || s[0] == '-') {
		if s[0] == '-' {
			sign = -1
		}
		signs = 1
	}
	switch n = beginning(s[signs:], "infinity"); {
	case n == len("infinity"):
		return math.Inf(sign), signs + n
	case n >= len("inf"):
		return math.Inf(sign), signs + len("inf")
	case beginning(s, "nan") == len("nan"):
		return math.NaN(), len("nan")
	}
	return 0, 0
}

// digits reads the mantissa at s[i:] and returns where it ends, -1 when there is none.
func (c *scan) digits(s string, i int) int {
	base := uint64(10)
	if i+2 < len(s) && s[i] == '0' && s[i+1]|0x20 == 'x' {
		base, c.hex = 16, true
		i += 2
	}
	some, point := false, false
	for ; i < len(s); i++ {
		switch {
		case s[i] == '_':
			continue
		case s[i] == '.' && !point:
			point = true
			continue
		case digit(s[i]) >= base:
			return end(i, some)
		}
		some = true
		c.add(byte(digit(s[i])), point)
	}
	return end(i, some)
}

func end(i int, some bool) int {
	if !some {
		return -1
	}
	return i
}

// add takes one more digit, behind the point or before it.
func (c *scan) add(v byte, point bool) {
	if c.hex {
		switch {
		case c.mant < 1<<59:
			c.mant = c.mant*16 + uint64(v)
			if point {
				c.exp -= 4
			}
		default:
			c.truncated = c.truncated || v != 0
			if !point {
				c.exp += 4
			}
		}
		return
	}
	switch {
	case v == 0 && c.d.n == 0:
		if point {
			c.d.point--
		}
		return
	case c.d.n < len(c.d.d):
		c.d.d[c.d.n] = v
		c.d.n++
	case v != 0:
		c.d.cut = true
	}
	if !point {
		c.d.point++
	}
}

// exponent reads the exponent at s[i:] and returns where it ends, -1 when it is malformed.
func (c *scan) exponent(s string, i int) int {
	letter := byte('e')
	if c.hex {
		letter = 'p'
	}
	if i >= len(s) || s[i]|0x20 != letter {
		return end(i, !c.hex)
	}
	i++
	sign := 1
	if i < len(s) && (s[i] == '+' || s[i] == '-') {
		if s[i] == '-' {
			sign = -1
		}
		i++
	}
	if i >= len(s) || s[i] < '0' || s[i] > '9' {
		return -1
	}
	e := 0
	for ; i < len(s) && ('0' <= s[i] && s[i] <= '9' || s[i] == '_'); i++ {
		if s[i] != '_' && e < 10000 {
			e = e*10 + int(s[i]-'0')
		}
	}
	if c.hex {
		c.exp += sign * e
	} else {
		c.d.point += sign * e
	}
	return i
}

// pack makes the bits of a float of mantissa and exponent; mant has its leading 1 at bit s.mantissa, or is denormal.
func pack(mant uint64, exp int, s *shape, negative bool) (bits uint64, overflow bool) {
	if mant == 2<<s.mantissa {
		mant >>= 1
		exp++
	}
	if exp-s.bias >= 1<<s.exponent-1 {
		mant, exp, overflow = 0, 1<<s.exponent-1+s.bias, true
	} else if mant&(1<<s.mantissa) == 0 {
		exp = s.bias
	}
	bits = mant&(1<<s.mantissa-1) | uint64(exp-s.bias)<<s.mantissa
	if negative {
		bits |= 1 << s.mantissa << s.exponent
	}
	return bits, overflow
}

// bits rounds the decimal to the nearest float.
func (d *decimal) bits(s *shape) (bits uint64, overflow bool) {
	switch {
	case d.n == 0 || d.point < -330:
		return pack(0, s.bias, s, d.negative)
	case d.point > 310:
		return pack(0, 1<<s.exponent, s, d.negative)
	}
	// Scale to [½, 1) by powers of two, which are exact.
	exp := 0
	for d.point > 0 {
		n := min(3*d.point, 27)
		d.shift(-n)
		exp += n
	}
	for d.point < 0 || d.point == 0 && d.d[0] < 5 {
		n := max(min(-3*d.point, 27), 1)
		d.shift(n)
		exp -= n
	}
	exp-- // [1, 2)
	if exp < s.bias+1 {
		n := s.bias + 1 - exp
		d.shift(-n)
		exp += n
	}
	if exp-s.bias >= 1<<s.exponent-1 {
		return pack(0, exp, s, d.negative)
	}
	d.shift(int(1 + s.mantissa))
	return pack(d.integer(), exp, s, d.negative)
}

// hexBits rounds a hexadecimal number to the nearest float.
func (c *scan) hexBits(s *shape, negative bool) (bits uint64, overflow bool) {
	mant, exp := c.mant, c.exp+int(s.mantissa)
	if mant == 0 {
		return pack(0, s.bias, s, negative)
	}
	for mant>>(s.mantissa+2) == 0 {
		mant <<= 1
		exp--
	}
	if c.truncated {
		mant |= 1
	}
	for mant>>(s.mantissa+3) != 0 {
		mant = mant>>1 | mant&1
		exp++
	}
	exp += 2
	// Two bits are left to round by.
	for mant > 1 && exp < s.bias+1 {
		mant = mant>>1 | mant&1
		exp++
	}
	round := mant & 3
	mant >>= 2
	round |= mant & 1
	if round == 3 {
		mant++
	}
	return pack(mant, exp, s, negative)
}

// parseFloat reads a number that s begins with, and returns how long it is: 0 when there is none.
func parseFloat(s string, bitSize int) (f float64, n int, overflow bool) {
	if f, n := parseSpecial(s); n > 0 {
		return f, n, false
	}
	c := new(scan)
	if len(s) > 0 && (s[0] == '+' || s[0] == '-') {
		c.d.negative = s[0] == '-'
		n = 1
	}
	if n = c.digits(s, n); n >= 0 {
		n = c.exponent(s, n)
	}
	if n < 0 || !underscores(s[:n]) {
		return 0, 0, false
	}
	var bits uint64
	if c.hex {
		bits, overflow = c.hexBits(shapeOf(bitSize), c.d.negative)
	} else {
		c.d.trim()
		bits, overflow = c.d.bits(shapeOf(bitSize))
	}
	if bitSize == 32 {
		return float64(math.Float32frombits(uint32(bits))), n, overflow
	}
	return math.Float64frombits(bits), n, overflow
}

// ParseFloat reads a decimal or hexadecimal number, an infinity or NaN, rounded to the nearest.
func ParseFloat(s string, bitSize int) (float64, error) {
	const name = "ParseFloat"
	f, n, overflow := parseFloat(s, bitSize)
	switch {
	case n == 0 || n != len(s):
		return 0, fail(name, s, ErrSyntax)
	case overflow:
		return f, fail(name, s, ErrRange)
	}
	return f, nil
}
