package fmt

import (
	"strconv"
	"unicode/utf8"
)

// blanks writes n fillers: zeros where they are asked for and stand on the left.
func (p *printer) blanks(n int) {
	c := byte(' ')
	if p.zero && !p.minus {
		c = '0'
	}
	for ; n > 0; n-- {
		p.putc(c)
	}
}

// pad writes s in the width.
func (p *printer) pad(s string) {
	n := 0
	if p.hasWidth {
		n = p.width - utf8.RuneCountInString(s)
	}
	if !p.minus {
		p.blanks(n)
	}
	p.puts(s)
	if p.minus {
		p.blanks(n)
	}
}

// unzeroed pads with blanks.
func (p *printer) unzeroed(s string) {
	zero := p.zero
	p.zero = false
	p.pad(s)
	p.zero = zero
}

func (p *printer) bool(b bool, verb rune) bool {
	if verb != 't' && verb != 'v' {
		return false
	}
	p.pad(strconv.FormatBool(b))
	return true
}

var prefixes = map[int]string{2: "0b", 16: "0x"}

// digits writes a number of the base, magnitude and sign apart.
func (p *printer) digits(u uint64, negative bool, base int, verb rune) {
	if p.hasPrec && p.prec == 0 && u == 0 {
		p.unzeroed("")
		return
	}
	sign := ""
	switch {
	case negative:
		sign = "-"
	case p.plus:
		sign = "+"
	case p.space:
		sign = " "
	}
	text, least := strconv.FormatUint(u, base), 0
	if p.hasPrec {
		least = p.prec
	} else if p.zero && !p.minus && p.hasWidth {
		least = p.width - len(sign)
	}
	b := make([]byte, 0, 80)
	b = append(b, sign...)
	if p.sharp {
		b = append(b, prefixes[base]...)
	}
	if verb == 'O' {
		b = append(b, "0o"...)
	}
	zeros := least - len(text)
	if p.sharp && base == 8 && text[0] != '0' && zeros <= 0 {
		zeros = 1
	}
	for ; zeros > 0; zeros-- {
		b = append(b, '0')
	}
	b = append(b, text...)
	if verb == 'X' {
		capitals(b)
	}
	p.unzeroed(string(b))
}

func capitals(b []byte) {
	for i, c := range b {
		if 'a' <= c && c <= 'z' {
			b[i] = c - 'a' + 'A'
		}
	}
}

var bases = map[rune]int{'v': 10, 'd': 10, 'b': 2, 'o': 8, 'O': 8, 'x': 16, 'X': 16}

// integer writes one with a verb; signed ones come as the bits of an int64.
func (p *printer) integer(u uint64, signed bool, verb rune) bool {
	negative := signed && int64(u) < 0
	if verb == 'v' && p.sharpV && !signed {
		p.hex(u, true)
		return true
	}
	if base := bases[verb]; base != 0 {
		if negative {
			u = -u
		}
		p.digits(u, negative, base, verb)
		return true
	}
	switch verb {
	case 'c':
		p.pad(string(asRune(u)))
	case 'q':
		quote := strconv.QuoteRune(asRune(u))
		if p.plus {
			quote = strconv.QuoteRuneToASCII(asRune(u))
		}
		p.pad(quote)
	case 'U':
		p.unicode(u)
	default:
		return false
	}
	return true
}

func asRune(u uint64) rune {
	if u > utf8.MaxRune {
		return utf8.RuneError
	}
	return rune(u)
}

// hex writes a number of base 16, with 0x if asked for.
func (p *printer) hex(u uint64, prefix bool) {
	sharp := p.sharp
	p.sharp = prefix
	p.digits(u, false, 16, 'v')
	p.sharp = sharp
}

func (p *printer) unicode(u uint64) {
	text := []byte(strconv.FormatUint(u, 16))
	capitals(text)
	least := 4
	if p.hasPrec && p.prec > 4 {
		least = p.prec
	}
	b := []byte("U+")
	for n := least - len(text); n > 0; n-- {
		b = append(b, '0')
	}
	b = append(b, text...)
	if p.sharp && u <= utf8.MaxRune && strconv.IsPrint(rune(u)) {
		b = append(utf8.AppendRune(append(b, " '"...), rune(u)), '\'')
	}
	p.unzeroed(string(b))
}

// float writes one with a verb; precision is the verb's own, -1 for the shortest.
func (p *printer) float(f float64, bits int, verb rune) bool {
	switch verb {
	case 'v':
		p.floatAs(f, bits, 'g', -1)
	case 'b', 'g', 'G', 'x', 'X':
		p.floatAs(f, bits, byte(verb), -1)
	case 'f', 'e', 'E':
		p.floatAs(f, bits, byte(verb), 6)
	case 'F':
		p.floatAs(f, bits, 'f', 6)
	default:
		return false
	}
	return true
}

func (p *printer) floatAs(f float64, bits int, format byte, prec int) {
	if p.hasPrec {
		prec = p.prec
	}
	var room [64]byte
	text := strconv.AppendFloat(room[:0], f, format, prec, bits)
	sign := byte('+')
	if text[0] == '+' || text[0] == '-' {
		sign, text = text[0], text[1:]
	}
	shown := ""
	switch {
	case sign == '-':
		shown = "-"
	case p.plus:
		shown = "+"
	case p.space:
		shown = " "
	}
	if text[0] == 'I' || text[0] == 'N' {
		if text[0] == 'I' && shown == "" && !p.space {
			shown = "+"
		}
		p.unzeroed(shown + string(text))
		return
	}
	if p.sharp && format != 'b' {
		text = padded(text, format, prec)
	}
	if n := p.width - len(text) - len(shown); shown != "" && p.zero && !p.minus && p.hasWidth && n > 0 {
		p.puts(shown)
		p.blanks(n)
		p.puts(string(text))
		return
	}
	p.pad(shown + string(text))
}

// padded gives a float that # asks for its point, and for %g the zeros that it would leave out.
func padded(text []byte, format byte, prec int) []byte {
	want := 0
	switch format {
	case 'g', 'G', 'x':
		want = prec
		if want < 0 {
			want = 6
		}
	}
	end := len(text)
	point, nonzero, seen, start := false, false, 0, 0
	if format == 'x' || format == 'X' {
		start, nonzero, seen = 2, true, 1 // the x counts, and what is behind it
	}
	for i := start; i < len(text); i++ {
		c := text[i]
		if c == 'p' || c == 'P' || (c == 'e' || c == 'E') && format != 'x' && format != 'X' {
			end = i
			break
		}
		if c == '.' {
			point = true
			continue
		}
		nonzero = nonzero || c != '0'
		if nonzero {
			seen++
		}
	}
	b := append([]byte(nil), text[:end]...)
	if !point {
		if end == 1 && text[0] == '0' {
			seen = 1
		}
		b = append(b, '.')
	}
	for ; seen < want; seen++ {
		b = append(b, '0')
	}
	return append(b, text[end:]...)
}

func (p *printer) complex(z complex128, bits int, verb rune) bool {
	switch verb {
	case 'v', 'b', 'g', 'G', 'x', 'X', 'f', 'F', 'e', 'E':
	default:
		return false
	}
	plus := p.plus
	p.putc('(')
	p.float(real(z), bits, verb)
	p.plus = true
	p.float(imag(z), bits, verb)
	p.puts("i)")
	p.plus = plus
	return true
}
