package strconv

import "math"

// shape is how a float is laid out.
type shape struct {
	mantissa, exponent uint
	bias               int
}

var (
	single = shape{23, 8, -127}
	double = shape{52, 11, -1023}
)

func shapeOf(bitSize int) *shape {
	if bitSize == 32 {
		return &single
	}
	return &double
}

// FormatFloat writes f as fmt says: b, e, E, f, g, G, x or X; prec -1 means as few digits as read back to f.
func FormatFloat(f float64, fmt byte, prec, bitSize int) string {
	return string(AppendFloat(make([]byte, 0, max(prec+4, 24)), f, fmt, prec, bitSize))
}

// AppendFloat appends what FormatFloat returns.
func AppendFloat(dst []byte, f float64, fmt byte, prec, bitSize int) []byte {
	var bits uint64
	switch bitSize {
	case 32:
		bits = uint64(math.Float32bits(float32(f)))
	case 64:
		bits = math.Float64bits(f)
	default:
		panic("strconv: illegal AppendFloat/FormatFloat bitSize")
	}
	s := shapeOf(bitSize)
	negative := bits>>(s.exponent+s.mantissa) != 0
	exp := int(bits>>s.mantissa) & (1<<s.exponent - 1)
	mant := bits & (1<<s.mantissa - 1)
	switch exp {
	case 1<<s.exponent - 1:
		return append(dst, special(mant != 0, negative)...)
	case 0:
		exp++
	default:
		mant |= 1 << s.mantissa
	}
	exp += s.bias
	if fmt == 'b' {
		return binary(dst, negative, mant, exp, s)
	}
	if fmt == 'x' || fmt == 'X' {
		return hexadecimal(dst, prec, fmt, negative, mant, exp, s)
	}
	d := new(decimal)
	d.assign(mant)
	d.shift(exp - int(s.mantissa))
	shortest := prec < 0
	if shortest {
		d.shorten(mant, exp, s)
		prec = digitsFor(fmt, d)
	} else {
		prec = roundFor(fmt, d, prec)
	}
	return layOut(dst, shortest, negative, d, prec, fmt)
}

func special(nan, negative bool) string {
	switch {
	case nan:
		return "NaN"
	case negative:
		return "-Inf"
	}
	return "+Inf"
}

// digitsFor is the precision that shows all digits.
func digitsFor(fmt byte, d *decimal) int {
	switch fmt {
	case 'e', 'E':
		return d.n - 1
	case 'f':
		return max(d.n-d.point, 0)
	}
	return d.n
}

// roundFor rounds to the precision and returns it, as corrected.
func roundFor(fmt byte, d *decimal, prec int) int {
	switch fmt {
	case 'e', 'E':
		d.round(prec + 1)
	case 'f':
		d.round(d.point + prec)
	case 'g', 'G':
		if prec == 0 {
			prec = 1
		}
		d.round(prec)
	}
	return prec
}

// shorten keeps as few digits as tell the number from its neighbours.
//
// lower and upper are halfway to them; they belong to the interval when the mantissa is even. The first digit at which the
// number can be cut, or rounded up, and still lie between them ends it.
func (d *decimal) shorten(mant uint64, exp int, s *shape) {
	if mant == 0 {
		d.n = 0
		return
	}
	least := s.bias + 1
	upper := new(decimal)
	upper.assign(mant*2 + 1)
	upper.shift(exp - int(s.mantissa) - 1)
	below, belowExp := mant-1, exp
	if mant <= 1<<s.mantissa && exp != least {
		below, belowExp = mant*2-1, exp-1
	}
	lower := new(decimal)
	lower.assign(below*2 + 1)
	lower.shift(belowExp - int(s.mantissa) - 1)
	inclusive := mant%2 == 0
	above := 0 // how far upper is ahead so far: 0 equal, 1 by one in the last digit, 2 more
	for i := 0; ; i++ {
		at := i - upper.point + d.point
		if at >= d.n {
			return
		}
		l := digitAt(lower, i-upper.point+lower.point)
		m := digitAt(d, at)
		u := digitAt(upper, i)
		down := l != m || inclusive && i-upper.point+lower.point+1 == lower.n
		switch {
		case above == 0 && m+1 < u:
			above = 2
		case above == 0 && m != u:
			above = 1
		case above == 1 && (m != 9 || u != 0):
			above = 2
		}
		up := above > 0 && (inclusive || above > 1 || i+1 < upper.n)
		switch {
		case down && up:
			d.round(at + 1)
			return
		case down:
			d.roundDown(at + 1)
			return
		case up:
			d.roundUp(at + 1)
			return
		}
	}
}

func digitAt(d *decimal, i int) byte {
	if i >= 0 && i < d.n {
		return d.d[i]
	}
	return 0
}

func layOut(dst []byte, shortest, negative bool, d *decimal, prec int, fmt byte) []byte {
	switch fmt {
	case 'e', 'E':
		return scientific(dst, negative, d, prec, fmt)
	case 'f':
		return plain(dst, negative, d, prec)
	case 'g', 'G':
		limit := prec
		if limit > d.n && d.n >= d.point {
			limit = d.n
		}
		if shortest {
			limit = 6
		}
		if exp := d.point - 1; d.n > 0 && (exp < -4 || exp >= limit) {
			return scientific(dst, negative, d, min(prec, d.n)-1, fmt+'e'-'g')
		}
		return plain(dst, negative, d, max(d.n-d.point, 0))
	}
	return append(dst, '%', fmt)
}

func signTo(dst []byte, negative bool) []byte {
	if negative {
		return append(dst, '-')
	}
	return dst
}

func scientific(dst []byte, negative bool, d *decimal, prec int, fmt byte) []byte {
	dst = append(signTo(dst, negative), '0'+digitAt(d, 0))
	if prec > 0 {
		dst = append(dst, '.')
		for i := 1; i <= prec; i++ {
			dst = append(dst, '0'+digitAt(d, i))
		}
	}
	exp := d.point - 1
	if d.n == 0 {
		exp = 0
	}
	return exponentTo(append(dst, fmt), exp, 2)
}

func exponentTo(dst []byte, exp, digits int) []byte {
	if exp < 0 {
		dst = append(dst, '-')
		exp = -exp
	} else {
		dst = append(dst, '+')
	}
	if digits == 2 && exp < 10 {
		dst = append(dst, '0')
	}
	return AppendUint(dst, uint64(exp), 10)
}

func plain(dst []byte, negative bool, d *decimal, prec int) []byte {
	dst = signTo(dst, negative)
	if d.point <= 0 {
		dst = append(dst, '0')
	}
	for i := 0; i < d.point; i++ {
		dst = append(dst, '0'+digitAt(d, i))
	}
	if prec > 0 {
		dst = append(dst, '.')
		for i := 0; i < prec; i++ {
			dst = append(dst, '0'+digitAt(d, d.point+i))
		}
	}
	return dst
}

// binary is mantissa p exponent, both decimal.
func binary(dst []byte, negative bool, mant uint64, exp int, s *shape) []byte {
	dst = AppendUint(signTo(dst, negative), mant, 10)
	return exponentTo(append(dst, 'p'), exp-int(s.mantissa), 1)
}

// hexadecimal is 0x1.fffp±d with prec digits behind the point (-1: as many as needed).
func hexadecimal(dst []byte, prec int, fmt byte, negative bool, mant uint64, exp int, s *shape) []byte {
	if mant == 0 {
		exp = 0
	}
	mant <<= 60 - s.mantissa // 1 is at bit 60
	for mant != 0 && mant&(1<<60) == 0 {
		mant <<= 1
		exp--
	}
	if prec >= 0 && prec < 15 {
		shift := uint(prec * 4)
		extra := mant << shift & (1<<60 - 1)
		mant >>= 60 - shift
		if extra|mant&1 > 1<<59 {
			mant++
		}
		mant <<= 60 - shift
		if mant&(1<<61) != 0 {
			mant >>= 1
			exp++
		}
	}
	hex := lowerHex
	if fmt == 'X' {
		hex = "0123456789ABCDEF"
	}
	dst = append(signTo(dst, negative), '0', fmt, '0'+byte(mant>>60&1))
	mant <<= 4
	if prec < 0 && mant != 0 || prec > 0 {
		dst = append(dst, '.')
	}
	for i := 0; prec < 0 && mant != 0 || i < prec; i++ {
		dst = append(dst, hex[mant>>60&15])
		mant <<= 4
	}
	return exponentTo(append(dst, fmt+'p'-'x'), exp, 2)
}
