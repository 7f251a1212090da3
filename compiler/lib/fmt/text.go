package fmt

import "strconv"

func (p *printer) string(s string, verb rune) bool {
	switch verb {
	case 'v':
		if p.sharpV {
			p.quoted(s)
			return true
		}
		p.pad(p.cut(s))
	case 's':
		p.pad(p.cut(s))
	case 'x', 'X':
		p.hexText(s, verb)
	case 'q':
		p.quoted(s)
	default:
		return false
	}
	return true
}

// cut keeps as many runes as the precision says.
func (p *printer) cut(s string) string {
	if !p.hasPrec {
		return s
	}
	n := p.prec
	for i := range s {
		n--
		if n < 0 {
			return s[:i]
		}
	}
	return s
}

func (p *printer) quoted(s string) {
	s = p.cut(s)
	switch {
	case p.sharp && strconv.CanBackquote(s):
		p.pad("`" + s + "`")
	case p.plus:
		p.pad(strconv.QuoteToASCII(s))
	default:
		p.pad(strconv.Quote(s))
	}
}

// hexText writes the bytes of s, two digits each; the precision counts bytes.
func (p *printer) hexText(s string, verb rune) {
	if p.hasPrec && p.prec < len(s) {
		s = s[:p.prec]
	}
	digits := "0123456789abcdef"
	if verb == 'X' {
		digits = "0123456789ABCDEF"
	}
	b := make([]byte, 0, 4+3*len(s))
	for i := 0; i < len(s); i++ {
		if p.space && i > 0 {
			b = append(b, ' ')
		}
		if p.sharp && (i == 0 || p.space) {
			b = append(b, '0', byte(verb))
		}
		b = append(b, digits[s[i]>>4], digits[s[i]&15])
	}
	p.pad(string(b))
}

// bytes writes a slice or array of bytes.
func (p *printer) bytes(b []byte, verb rune) bool {
	switch verb {
	case 'v', 'd':
	default:
		return p.string(string(b), verb)
	}
	if p.sharpV {
		p.puts("[]byte")
		if b == nil {
			p.puts("(nil)")
			return true
		}
		p.putc('{')
		for i, c := range b {
			if i > 0 {
				p.puts(", ")
			}
			p.hex(uint64(c), true)
		}
		p.putc('}')
		return true
	}
	p.putc('[')
	for i, c := range b {
		if i > 0 {
			p.putc(' ')
		}
		p.digits(uint64(c), false, 10, 'd')
	}
	p.putc(']')
	return true
}
