// Package fmt formats values after the descriptors of their types.
//
// A printer collects what one call prints. print.go has the functions and the loop over a format's verbs, verb.go a value with a
// verb, value.go composite values, number.go and text.go the leaves with width, precision and flags, scan.go the way back.
package fmt

import (
	"gomem/rt"
	"io"
	"os"
	"unicode/utf8"
)

// State is what a Formatter writes to and learns the verb's flags from.
type State interface {
	Write(b []byte) (n int, err error)
	Width() (wid int, ok bool)
	Precision() (prec int, ok bool)
	Flag(c int) bool
}

// Formatter formats itself.
type Formatter interface {
	Format(f State, verb rune)
}

// Stringer has a text of its own.
type Stringer interface {
	String() string
}

// GoStringer has a text of its own for %#v.
type GoStringer interface {
	GoString() string
}

type flags struct {
	width, prec                     int
	hasWidth, hasPrec               bool
	plus, minus, sharp, space, zero bool
	plusV, sharpV                   bool // %+v and %#v
}

type printer struct {
	flags
	buf       []byte
	wraps     bool  // Errorf: %w is known
	wrapped   []int // numbers of its operands
	erroring  bool  // inside a complaint: methods are not called
	panicking bool  // printing what a method panicked with
}

func (p *printer) puts(s string)  { p.buf = append(p.buf, s...) }
func (p *printer) putc(c byte)    { p.buf = append(p.buf, c) }
func (p *printer) putRune(r rune) { p.buf = utf8.AppendRune(p.buf, r) }
func (p *printer) typeOf(v value) { p.puts(v.t.Name) }
func (p *printer) complain(verb rune) {
	p.puts("%!")
	p.putRune(verb)
}

// Write lets a Formatter print.
func (p *printer) Write(b []byte) (int, error) {
	p.buf = append(p.buf, b...)
	return len(b), nil
}

// WriteString lets a Formatter print.
func (p *printer) WriteString(s string) (int, error) {
	p.puts(s)
	return len(s), nil
}

func (p *printer) Width() (int, bool)     { return p.width, p.hasWidth }
func (p *printer) Precision() (int, bool) { return p.prec, p.hasPrec }

func (p *printer) Flag(c int) bool {
	switch c {
	case '-':
		return p.minus
	case '+':
		return p.plus || p.plusV
	case '#':
		return p.sharp || p.sharpV
	case ' ':
		return p.space
	case '0':
		return p.zero
	}
	return false
}

func isString(a any) bool {
	t := rt.Unpack(a).Type
	return t != nil && t.Kind == rt.String
}

func (p *printer) print(args []any) {
	for i, a := range args {
		if i > 0 && !isString(a) && !isString(args[i-1]) {
			p.putc(' ')
		}
		p.arg(a, 'v')
	}
}

func (p *printer) println(args []any) {
	for i, a := range args {
		if i > 0 {
			p.putc(' ')
		}
		p.arg(a, 'v')
	}
	p.putc('\n')
}

// directive is the place in a format while one verb is read.
type directive struct {
	format    string
	i         int // in format
	args      []any
	next      int  // operand
	reordered bool // an index was given somewhere
	bad       bool // an index of this verb is no good
	indexed   bool // just before
}

// number reads digits; none is -1, and so are too many, which end the format.
func (d *directive) number() int {
	n, start := 0, d.i
	for ; d.i < len(d.format) && '0' <= d.format[d.i] && d.format[d.i] <= '9'; d.i++ {
		if n > 1e6 {
			d.i = len(d.format)
			return -1
		}
		n = n*10 + int(d.format[d.i]-'0')
	}
	if d.i == start {
		return -1
	}
	return n
}

// index reads [n].
func (d *directive) index() {
	d.indexed = false
	if d.i >= len(d.format) || d.format[d.i] != '[' {
		return
	}
	d.reordered = true
	end := d.i + 1
	for end < len(d.format) && d.format[end] != ']' {
		end++
	}
	if end == len(d.format) {
		d.bad = true
		d.i++
		return
	}
	d.i++
	n := d.number()
	good := d.i == end && n >= 1 && n <= len(d.args)
	d.i = end + 1
	if !good {
		d.bad = true
		return
	}
	d.next, d.indexed = n-1, true
}

// star takes an operand for a width or a precision.
func (d *directive) star() (n int, ok bool) {
	if d.next >= len(d.args) {
		return 0, false
	}
	e := rt.Unpack(d.args[d.next])
	d.next++
	if e.Type == nil {
		return 0, false
	}
	v := value{t: e.Type, p: e.Address()}
	switch {
	case v.isInt():
		n = int(v.int())
	case v.isUint() && v.uint() <= 1e6:
		n = int(v.uint())
	default:
		return 0, false
	}
	if n > 1e6 || n < -1e6 {
		return 0, false
	}
	return n, true
}

func (p *printer) readFlags(d *directive) {
	p.flags = flags{}
	for ; d.i < len(d.format); d.i++ {
		switch d.format[d.i] {
		case '+':
			p.plus = true
		case '-':
			p.minus = true
		case '#':
			p.sharp = true
		case ' ':
			p.space = true
		case '0':
			p.zero = true
		default:
			return
		}
	}
}

func (p *printer) readWidth(d *directive) {
	d.index()
	if d.i < len(d.format) && d.format[d.i] == '*' {
		d.i++
		p.width, p.hasWidth = d.star()
		if !p.hasWidth {
			p.puts("%!(BADWIDTH)")
		}
		if p.width < 0 {
			p.width, p.minus, p.zero = -p.width, true, false
		}
		d.indexed = false
		return
	}
	n := d.number()
	p.width, p.hasWidth = max(n, 0), n >= 0
	if d.indexed && p.hasWidth {
		d.bad = true
	}
}

func (p *printer) readPrecision(d *directive) {
	if d.i+1 >= len(d.format) || d.format[d.i] != '.' {
		return // a point at the format's end is a verb
	}
	d.i++
	if d.indexed {
		d.bad = true
	}
	d.index()
	if d.i < len(d.format) && d.format[d.i] == '*' {
		d.i++
		p.prec, p.hasPrec = d.star()
		if p.prec < 0 {
			p.prec, p.hasPrec = 0, false
		}
		if !p.hasPrec {
			p.puts("%!(BADPREC)")
		}
		d.indexed = false
		return
	}
	p.prec, p.hasPrec = max(d.number(), 0), true
}

// verb prints what one % asks for; d.i is behind the %.
func (p *printer) verb(d *directive) {
	d.bad, d.indexed = false, false
	p.readFlags(d)
	p.readWidth(d)
	p.readPrecision(d)
	if !d.indexed {
		d.index()
	}
	if d.i >= len(d.format) {
		p.puts("%!(NOVERB)")
		return
	}
	verb, size := utf8.DecodeRuneInString(d.format[d.i:])
	d.i += size
	switch {
	case verb == '%':
		p.putc('%')
	case d.bad:
		p.complain(verb)
		p.puts("(BADINDEX)")
	case d.next >= len(d.args):
		p.complain(verb)
		p.puts("(MISSING)")
	default:
		operand := d.next
		d.next++
		if verb == 'w' {
			p.wrapped = append(p.wrapped, operand)
		}
		if verb == 'v' || verb == 'w' {
			p.sharpV, p.sharp = p.sharp, false
			p.plusV, p.plus = p.plus, false
		}
		p.arg(d.args[operand], verb)
	}
}

func (p *printer) printf(format string, args []any) {
	d := directive{format: format, args: args}
	for d.i < len(format) {
		start := d.i
		for d.i < len(format) && format[d.i] != '%' {
			d.i++
		}
		p.puts(format[start:d.i])
		if d.i < len(format) {
			d.i++
			p.verb(&d)
		}
	}
	if !d.reordered && d.next < len(args) {
		p.extra(args[d.next:])
	}
}

func (p *printer) extra(args []any) {
	p.flags = flags{}
	p.puts("%!(EXTRA ")
	for i, a := range args {
		if i > 0 {
			p.puts(", ")
		}
		if a == nil {
			p.puts("<nil>")
			continue
		}
		p.puts(rt.Unpack(a).Type.Name)
		p.putc('=')
		p.arg(a, 'v')
	}
	p.putc(')')
}

// Append adds the text of Sprint to b; Appendf and Appendln likewise.
func Append(b []byte, a ...any) []byte {
	p := printer{buf: b}
	p.print(a)
	return p.buf
}

func Appendf(b []byte, format string, a ...any) []byte {
	p := printer{buf: b}
	p.printf(format, a)
	return p.buf
}

func Appendln(b []byte, a ...any) []byte {
	p := printer{buf: b}
	p.println(a)
	return p.buf
}

// Sprint is the operands' text, with spaces between those of which neither is a string.
func Sprint(a ...any) string                 { return string(Append(nil, a...)) }
func Sprintf(format string, a ...any) string { return string(Appendf(nil, format, a...)) }
func Sprintln(a ...any) string               { return string(Appendln(nil, a...)) }

func Fprint(w io.Writer, a ...any) (n int, err error) { return w.Write(Append(nil, a...)) }
func Fprintf(w io.Writer, format string, a ...any) (n int, err error) {
	return w.Write(Appendf(nil, format, a...))
}
func Fprintln(w io.Writer, a ...any) (n int, err error) { return w.Write(Appendln(nil, a...)) }

func Print(a ...any) (n int, err error)                 { return Fprint(os.Stdout, a...) }
func Printf(format string, a ...any) (n int, err error) { return Fprintf(os.Stdout, format, a...) }
func Println(a ...any) (n int, err error)               { return Fprintln(os.Stdout, a...) }

// FormatString is the directive that led to a Formatter's call.
func FormatString(state State, verb rune) string {
	b := []byte{'%'}
	for _, c := range " +-#0" {
		if state.Flag(int(c)) {
			b = append(b, byte(c))
		}
	}
	if w, ok := state.Width(); ok {
		b = Append(b, w)
	}
	if n, ok := state.Precision(); ok {
		b = Append(append(b, '.'), n)
	}
	return string(utf8.AppendRune(b, verb))
}
