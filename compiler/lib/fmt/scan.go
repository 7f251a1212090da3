package fmt

import (
	"errors"
	"io"
	"os"
	"strconv"
	"unicode/utf8"

	"gomem/characters"
	"gomem/rt"
	"gomem/text"
)

// ScanState is what a Scanner reads from.
type ScanState interface {
	ReadRune() (r rune, size int, err error)
	UnreadRune() error
	SkipSpace()
	Token(skipSpace bool, f func(rune) bool) (token []byte, err error)
	Width() (wid int, ok bool)
	Read(buf []byte) (n int, err error)
}

// Scanner reads itself.
type Scanner interface {
	Scan(state ScanState, verb rune) error
}

// scanner reads operands; a failure is a scanError's panic.
type scanner struct {
	r        io.RuneScanner
	lines    bool // a newline ends the input: Scanln and Scanf
	format   bool // Scanf
	left     int  // runes of the width that are left
	width    int
	hasWidth bool
	count    int // runes read
}

type scanError struct{ err error }

func (s *scanner) fail(text string) { panic(scanError{errors.New(text)}) }

// runes reads from a reader that has no UnreadRune, byte by byte, since nothing may be read ahead.
type runes struct {
	r       io.Reader
	held    rune
	size    int
	back    bool
	pending []byte
}

func (r *runes) readByte() (byte, error) {
	if len(r.pending) > 0 {
		b := r.pending[0]
		r.pending = r.pending[1:]
		return b, nil
	}
	var b [1]byte
	_, err := io.ReadFull(r.r, b[:])
	return b[0], err
}

func (r *runes) ReadRune() (rune, int, error) {
	if r.back {
		r.back = false
		return r.held, r.size, nil
	}
	c, err := r.readByte()
	if err != nil {
		return 0, 0, err
	}
	seq := []byte{c}
	for !utf8.FullRune(seq) {
		c, err := r.readByte()
		if err != nil {
			break
		}
		seq = append(seq, c)
	}
	r.held, r.size = utf8.DecodeRune(seq)
	r.pending = append(seq[r.size:], r.pending...)
	return r.held, r.size, nil
}

func (r *runes) UnreadRune() error {
	r.back = true
	return nil
}

const eof = -1

// get is the next rune, or eof, which the width makes too.
func (s *scanner) get() rune {
	if s.hasWidth && s.left <= 0 {
		return eof
	}
	r, _, err := s.r.ReadRune()
	if err == io.EOF {
		return eof
	}
	if err != nil {
		panic(scanError{err})
	}
	s.left--
	s.count++
	return r
}

func (s *scanner) unget() {
	s.r.UnreadRune()
	s.left++
	s.count--
}

func (s *scanner) peek() rune {
	r := s.get()
	if r != eof {
		s.unget()
	}
	return r
}

func (s *scanner) must() rune {
	r := s.get()
	if r == eof {
		panic(scanError{io.ErrUnexpectedEOF})
	}
	return r
}

func (s *scanner) ReadRune() (r rune, size int, err error) {
	r = s.get()
	if r == eof {
		return 0, 0, io.EOF
	}
	return r, utf8.RuneLen(r), nil
}

func (s *scanner) UnreadRune() error {
	s.unget()
	return nil
}

func (s *scanner) Width() (int, bool) { return s.width, s.hasWidth }

func (s *scanner) Read(buf []byte) (int, error) {
	return 0, errors.New("ScanState's Read should not be called. Use ReadRune")
}

// SkipSpace skips blanks, and newlines where they are blanks.
func (s *scanner) SkipSpace() {
	for r := s.get(); r != eof; r = s.get() {
		if r == '\r' && s.peek() == '\n' {
			continue
		}
		if r == '\n' && s.lines {
			if s.format {
				s.unget()
				return
			}
			s.fail("unexpected newline")
		}
		if !characters.Space(r) {
			s.unget()
			return
		}
	}
}

func (s *scanner) word(f func(rune) bool) []byte {
	var b []byte
	for r := s.get(); r != eof; r = s.get() {
		if !f(r) {
			s.unget()
			break
		}
		b = utf8.AppendRune(b, r)
	}
	return b
}

func (s *scanner) Token(skipSpace bool, f func(rune) bool) (token []byte, err error) {
	defer s.caught(&err)
	if f == nil {
		f = printing
	}
	if skipSpace {
		s.SkipSpace()
	}
	return s.word(f), nil
}

func (s *scanner) caught(err *error) {
	if e := recover(); e != nil {
		f, ok := e.(scanError)
		if !ok {
			panic(e)
		}
		*err = f.err
	}
}

func within(set string) func(rune) bool {
	return func(r rune) bool {
		for _, c := range set {
			if c == r {
				return true
			}
		}
		return false
	}
}

// accept reads one rune of a set.
func (s *scanner) accept(b []byte, set string) ([]byte, bool) {
	r := s.get()
	if r != eof && within(set)(r) {
		return utf8.AppendRune(b, r), true
	}
	if r != eof {
		s.unget()
	}
	return b, false
}

const digits10 = "0123456789_"

const hexDigits = "0123456789aAbBcCdDeEfF"

// numerals are the base of a verb and its digits.
func numerals(verb rune) (base int, digits string) {
	switch verb {
	case 'b':
		return 2, "01"
	case 'o':
		return 8, "01234567"
	case 'd':
		return 10, "0123456789"
	case 'x', 'X':
		return 16, hexDigits
	}
	return 0, ""
}

// prefixed reads an integer that may begin with its base.
func (s *scanner) prefixed(b []byte) []byte {
	set := digits10
	b, zero := s.accept(b, "0")
	if zero {
		for i, letters := range []string{"xX", "bB", "oO"} {
			if c, ok := s.accept(b, letters); ok {
				b, set = c, []string{hexDigits, "01", "01234567"}[i]+"_"
				break
			}
		}
	}
	return append(b, s.word(within(set))...)
}

// integer reads the text of an integer and its base; base 0 is one with its own prefix.
func (s *scanner) integer(verb rune, signed bool) (text string, base int) {
	var b []byte
	if signed {
		b, _ = s.accept(b, "+-")
	}
	if verb == 'U' {
		for _, c := range []string{"U", "+"} {
			if _, ok := s.accept(nil, c); !ok {
				s.fail("bad unicode format ")
			}
		}
		verb = 'X'
	}
	n := len(b)
	if verb == 'v' {
		b = s.prefixed(b)
		if len(b) == n {
			s.fail("expected integer")
		}
		return string(b), 0
	}
	base, digits := numerals(verb)
	b = append(b, s.word(within(digits+"_"))...)
	if len(b) == n {
		s.fail("expected integer")
	}
	return string(b), base
}

func (s *scanner) int(verb rune, bits int) int64 {
	s.SkipSpace()
	text, base := s.integer(verb, true)
	i, err := strconv.ParseInt(text, base, 64)
	if err != nil {
		panic(scanError{err})
	}
	if shift := 64 - bits; i<<shift>>shift != i {
		s.fail("integer overflow on token " + text)
	}
	return i
}

func (s *scanner) uint(verb rune, bits int) uint64 {
	s.SkipSpace()
	text, base := s.integer(verb, false)
	i, err := strconv.ParseUint(text, base, 64)
	if err != nil {
		panic(scanError{err})
	}
	if shift := 64 - bits; i<<shift>>shift != i {
		s.fail("unsigned integer overflow on token " + text)
	}
	return i
}

// floating reads the text of a number with a fraction.
func (s *scanner) floating() string {
	b, _ := s.accept(nil, "+-")
	if _, ok := s.accept(nil, "nN"); ok {
		return string(append(b, "n"+string(s.word(within("aAnN")))...))
	}
	if _, ok := s.accept(nil, "iI"); ok {
		return string(append(b, "i"+string(s.word(within("nNfFiItTyY")))...))
	}
	set, exp := digits10, "eEpP"
	b, zero := s.accept(b, "0")
	if zero {
		if c, ok := s.accept(b, "xX"); ok {
			b, set, exp = c, digits10+"aAbBcCdDeEfF", "pP"
		}
	}
	b = append(b, s.word(within(set))...)
	b, point := s.accept(b, ".")
	if point {
		b = append(b, s.word(within(set))...)
	}
	if c, ok := s.accept(b, exp); ok {
		b, _ = s.accept(c, "+-")
		b = append(b, s.word(within(digits10))...)
	}
	return string(b)
}

func (s *scanner) float(bits int) float64 {
	s.SkipSpace()
	f, err := strconv.ParseFloat(s.floating(), bits)
	if err != nil {
		panic(scanError{err})
	}
	return f
}

func (s *scanner) complex(bits int) complex128 {
	s.SkipSpace()
	_, parens := s.accept(nil, "(")
	re, err := strconv.ParseFloat(s.floating(), bits)
	if err != nil {
		panic(scanError{err})
	}
	sign, ok := s.accept(nil, "+-")
	if !ok {
		s.fail("syntax error scanning complex number")
	}
	im, err := strconv.ParseFloat(string(sign)+s.floating(), bits)
	if err != nil {
		panic(scanError{err})
	}
	if _, ok := s.accept(nil, "i"); !ok {
		s.fail("syntax error scanning complex number")
	}
	if parens {
		if _, ok := s.accept(nil, ")"); !ok {
			s.fail("syntax error scanning complex number")
		}
	}
	return complex(re, im)
}

func (s *scanner) bool() bool {
	s.SkipSpace()
	text := string(s.word(within("0123456789trueTRUEfalseFALSE")))
	v, err := strconv.ParseBool(text)
	if err != nil {
		s.fail("syntax error scanning boolean")
	}
	return v
}

func (s *scanner) quoted() string {
	b := []byte{}
	quote := s.must()
	if quote != '"' && quote != '`' {
		s.fail("expected quoted string")
	}
	b = append(b, byte(quote))
	for {
		r := s.must()
		b = utf8.AppendRune(b, r)
		if r == quote {
			break
		}
		if r == '\\' && quote == '"' {
			b = utf8.AppendRune(b, s.must())
		}
	}
	text, err := strconv.Unquote(string(b))
	if err != nil {
		panic(scanError{err})
	}
	return text
}

func (s *scanner) text(verb rune) string {
	s.SkipSpace()
	switch verb {
	case 'q':
		return s.quoted()
	case 'x', 'X':
		hex := s.word(within("0123456789abcdefABCDEF"))
		if len(hex) == 0 || len(hex)%2 != 0 {
			s.fail("no hex data for %x string")
		}
		var b []byte
		for i := 0; i < len(hex); i += 2 {
			v, _ := strconv.ParseUint(string(hex[i:i+2]), 16, 8)
			b = append(b, byte(v))
		}
		return string(b)
	}
	return string(s.word(printing))
}

func printing(r rune) bool { return !characters.Space(r) }

func (s *scanner) verbs(verb rune, good, kind string) {
	if !within(good)(verb) {
		s.fail("bad verb '%" + string(verb) + "' for " + kind)
	}
}

// one reads an operand.
func (s *scanner) one(verb rune, arg any) {
	if x, ok := arg.(Scanner); ok {
		if err := x.Scan(s, verb); err != nil {
			if err == io.EOF {
				err = io.ErrUnexpectedEOF
			}
			panic(scanError{err})
		}
		return
	}
	e := rt.Unpack(arg)
	if e.Type == nil || e.Type.Kind != rt.Pointer {
		name := "<nil>"
		if e.Type != nil {
			name = e.Type.Name
		}
		s.fail("type not a pointer: " + name)
	}
	s.into(verb, value{t: e.Type.Elem, p: e.Data})
}

func (s *scanner) into(verb rune, v value) {
	bits := int(v.t.Size) * 8
	switch {
	case (v.isInt() || v.isUint()) && verb == 'c':
		rt.StoreInt(v.t, v.p, int64(s.must()))
		return
	case v.isInt():
		s.verbs(verb, "bdoUxXv", "integer")
		rt.StoreInt(v.t, v.p, s.int(verb, bits))
		return
	case v.isUint():
		s.verbs(verb, "bdoUxXv", "integer")
		rt.StoreInt(v.t, v.p, int64(s.uint(verb, bits)))
		return
	}
	switch v.t.Kind {
	case rt.Bool:
		s.verbs(verb, "tv", "boolean")
		*(*bool)(v.p) = s.bool()
	case rt.Float32, rt.Float64:
		s.verbs(verb, "beEfFgGv", "float"+strconv.Itoa(bits))
		rt.StoreFloat(v.t, v.p, s.float(bits))
	case rt.Complex64, rt.Complex128:
		rt.StoreComplex(v.t, v.p, s.complex(bits/2))
	case rt.String:
		s.verbs(verb, "svqxX", "string")
		*(*string)(v.p) = s.text(verb)
	case rt.Slice:
		if v.t.Elem.Kind != rt.Uint8 {
			s.fail("can't scan type: *" + v.t.Name)
		}
		*(*[]byte)(v.p) = []byte(s.text(verb))
	default:
		s.fail("can't scan type: *" + v.t.Name)
	}
}

func (s *scanner) operands(args []any) (n int, err error) {
	defer s.caught(&err)
	for _, a := range args {
		if s.peekEnd() {
			return n, io.EOF
		}
		s.one('v', a)
		n++
	}
	if s.lines {
		for r := s.get(); r != '\n' && r != eof; r = s.get() {
			if !characters.Space(r) {
				s.fail("expected newline")
			}
		}
	}
	return n, nil
}

// peekEnd tells whether nothing is left.
func (s *scanner) peekEnd() bool { return s.peek() == eof }

// literal matches text of the format with the input, blanks with blanks; it returns how much of the format that was, -1 when it differs.
func (s *scanner) literal(format string) int {
	i := 0
	for i < len(format) && format[i] != '%' {
		r, size := utf8.DecodeRuneInString(format[i:])
		if characters.Space(r) {
			newlines := 0
			for i < len(format) {
				r, size := utf8.DecodeRuneInString(format[i:])
				if !characters.Space(r) {
					break
				}
				if r == '\n' {
					newlines++
				}
				i += size
			}
			s.gap(newlines)
			continue
		}
		got := s.get()
		if got != r {
			if got != eof {
				s.unget()
			}
			return -1
		}
		i += size
	}
	return i
}

// gap skips blanks of the input; as many newlines as the format has, or the end, must be among them.
func (s *scanner) gap(newlines int) {
	for r := s.get(); r != eof; r = s.get() {
		if r == '\n' {
			if newlines == 0 {
				s.fail("newline in input does not match format")
			}
			newlines--
			continue
		}
		if !characters.Space(r) {
			s.unget()
			if newlines > 0 {
				s.fail("newline in format does not match input")
			}
			return
		}
	}
}

func (s *scanner) scanf(format string, args []any) (n int, err error) {
	defer s.caught(&err)
	for i := 0; i < len(format); {
		if format[i] != '%' || i+1 < len(format) && format[i+1] == '%' {
			if format[i] == '%' {
				s.SkipSpace()
				if s.get() != '%' {
					s.fail("missing literal %")
				}
				i += 2
				continue
			}
			k := s.literal(format[i:])
			if k < 0 {
				s.fail("input does not match format")
			}
			i += k
			continue
		}
		d := directive{format: format, i: i + 1}
		s.width = d.number()
		s.hasWidth = s.width >= 0
		if d.i >= len(format) {
			s.fail("too few operands for format '%'")
		}
		verb, size := utf8.DecodeRuneInString(format[d.i:])
		i = d.i + size
		if verb != 'c' {
			s.hasWidth, s.left = false, 0
			s.SkipSpace()
			s.hasWidth = s.width >= 0
		}
		s.left = s.width
		if n >= len(args) {
			s.fail("too few operands for format '%" + string(verb) + "'")
		}
		if verb != 'c' && !s.hasWidth && s.peekEnd() {
			return n, io.ErrUnexpectedEOF
		}
		s.one(verb, args[n])
		n++
		s.hasWidth = false
	}
	if n < len(args) {
		s.fail("too many operands")
	}
	return n, nil
}

func reader(str string) io.RuneScanner {
	r := text.NewReader(str)
	return &r
}

func reading(r io.Reader) io.RuneScanner {
	if x, ok := r.(io.RuneScanner); ok {
		return x
	}
	return &runes{r: r}
}

// Scan reads operands that blanks separate; Scanln up to the end of a line; Scanf as a format says. Those with F read from a reader,
// with S from a string.
func Scan(a ...any) (n int, err error)                 { return Fscan(os.Stdin, a...) }
func Scanln(a ...any) (n int, err error)               { return Fscanln(os.Stdin, a...) }
func Scanf(format string, a ...any) (n int, err error) { return Fscanf(os.Stdin, format, a...) }

func Fscan(r io.Reader, a ...any) (n int, err error) {
	s := scanner{r: reading(r)}
	return s.operands(a)
}

func Fscanln(r io.Reader, a ...any) (n int, err error) {
	s := scanner{r: reading(r), lines: true}
	return s.operands(a)
}

func Fscanf(r io.Reader, format string, a ...any) (n int, err error) {
	s := scanner{r: reading(r), lines: true, format: true}
	return s.scanf(format, a)
}

func Sscan(str string, a ...any) (n int, err error) {
	s := scanner{r: reader(str)}
	return s.operands(a)
}

func Sscanln(str string, a ...any) (n int, err error) {
	s := scanner{r: reader(str), lines: true}
	return s.operands(a)
}

func Sscanf(str string, format string, a ...any) (n int, err error) {
	s := scanner{r: reader(str), lines: true, format: true}
	return s.scanf(format, a)
}
