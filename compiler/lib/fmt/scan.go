package fmt

import (
	"errors"
	"io"
	"math"
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
	lines    bool // a newline is no blank: Scanln and Scanf
	format   bool // Scanf; else a newline that is read ends the input of Scanln
	ended    bool
	left     int // runes of the width that are left
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
	if s.ended || s.hasWidth && s.left <= 0 {
		return eof
	}
	r, _, err := s.r.ReadRune()
	if err == io.EOF {
		s.ended = true
		return eof
	}
	if err != nil {
		panic(scanError{err})
	}
	s.ended = r == '\n' && s.lines && !s.format
	s.left--
	s.count++
	return r
}

func (s *scanner) unget() {
	s.r.UnreadRune()
	s.ended = false
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

// some fails at the end of the input.
func (s *scanner) some() {
	if s.peek() == eof {
		panic(scanError{io.EOF})
	}
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

// letters reads one rune of each set, as long as they are there.
func (s *scanner) letters(b []byte, sets ...string) (all []byte, ok bool) {
	for _, set := range sets {
		if b, ok = s.accept(b, set); !ok {
			return b, false
		}
	}
	return b, true
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

// prefixed reads the 0, with a letter or without, that an integer may begin with, and tells what digits follow.
func (s *scanner) prefixed(b []byte) (all []byte, digits string, zero bool) {
	b, zero = s.accept(b, "0")
	if !zero {
		return b, digits10, false
	}
	for i, letters := range []string{"xX", "bB", "oO"} {
		if c, ok := s.accept(b, letters); ok {
			return c, []string{hexDigits, "01", "01234567"}[i] + "_", true
		}
	}
	return b, "01234567_", true
}

// integer reads the text of an integer and its base; base 0 is one with its own prefix.
func (s *scanner) integer(verb rune, signed bool) (text string, base int) {
	s.SkipSpace()
	s.some()
	var b []byte
	if verb == 'U' {
		if _, ok := s.letters(nil, "U", "+"); !ok {
			s.fail("bad unicode format ")
		}
		verb = 'X'
	} else if signed {
		b, _ = s.accept(b, "+-")
	}
	base, digits := numerals(verb)
	begun := false
	if verb == 'v' {
		b, digits, begun = s.prefixed(b)
	}
	if !begun {
		s.some()
	}
	n := len(b)
	b = append(b, s.word(within(digits))...)
	if len(b) == n && !begun {
		s.fail("expected integer")
	}
	return string(b), base
}

func (s *scanner) int(verb rune, bits int) int64 {
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

func (s *scanner) character(bits int) int64 {
	s.some()
	r := int64(s.get())
	if shift := 64 - bits; r<<shift>>shift != r {
		s.fail("overflow on character value " + string(rune(r)))
	}
	return r
}

// floating reads the text of a number with a fraction.
func (s *scanner) floating() string {
	b, ok := s.letters(nil, "nN", "aA", "nN")
	if ok {
		return string(b)
	}
	b, _ = s.accept(b, "+-")
	if b, ok = s.letters(b, "iI", "nN", "fF"); ok {
		return string(b)
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

// number is that of a text. A power of two may follow decimal digits.
func number(text string, bits int) float64 {
	power := 0
	for i := range len(text) {
		if text[i] == 'x' || text[i] == 'X' {
			break
		}
		if text[i] == 'p' {
			n, err := strconv.Atoi(text[i+1:])
			if err != nil {
				panic(scanError{&strconv.NumError{Func: "Atoi", Num: text, Err: errors.Unwrap(err)}})
			}
			text, power = text[:i], n
			break
		}
	}
	f, err := strconv.ParseFloat(text, bits)
	if err != nil {
		panic(scanError{err})
	}
	return math.Ldexp(f, power)
}

func (s *scanner) float(bits int) float64 {
	s.SkipSpace()
	s.some()
	return number(s.floating(), bits)
}

func (s *scanner) complex(bits int) complex128 {
	s.SkipSpace()
	s.some()
	_, parens := s.accept(nil, "(")
	re := s.floating()
	sign, ok := s.accept(nil, "+-")
	if !ok {
		s.fail("syntax error scanning complex number")
	}
	im := string(sign) + s.floating()
	if _, ok := s.accept(nil, "i"); !ok {
		s.fail("syntax error scanning complex number")
	}
	if parens {
		if _, ok := s.accept(nil, ")"); !ok {
			s.fail("syntax error scanning complex number")
		}
	}
	return complex(number(re, bits), number(im, bits))
}

// bool reads a digit, a letter or a word; what is none of them is false.
func (s *scanner) bool() bool {
	s.SkipSpace()
	s.some()
	var rest []string
	r := s.get()
	switch r {
	case 't', 'T':
		rest = []string{"rR", "uU", "eE"}
	case 'f', 'F':
		rest = []string{"aA", "lL", "sS", "eE"}
	default:
		return r == '1'
	}
	if word, whole := s.letters(nil, rest...); len(word) > 0 && !whole {
		s.fail("syntax error scanning boolean")
	}
	return len(rest) == 3
}

func (s *scanner) quoted() string {
	b := []byte{}
	quote := s.must()
	if quote != '"' && quote != '`' {
		s.fail("expected quoted string")
	}
	if quote == '"' {
		b = append(b, '"')
	}
	for {
		r := s.must()
		if r == '`' && quote == '`' {
			return string(b)
		}
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

// hex reads bytes of two digits.
func (s *scanner) hex() string {
	var b []byte
	for isHex := within("0123456789abcdefABCDEF"); ; {
		r := s.get()
		if r == eof {
			break
		}
		if !isHex(r) {
			s.unget()
			break
		}
		next := s.must()
		if !isHex(next) {
			s.fail("illegal hex digit")
		}
		v, _ := strconv.ParseUint(string(r)+string(next), 16, 8)
		b = append(b, byte(v))
	}
	if len(b) == 0 {
		s.fail("no hex data for %x string")
	}
	return string(b)
}

func (s *scanner) text(verb rune) string {
	s.SkipSpace()
	s.some()
	switch verb {
	case 'q':
		return s.quoted()
	case 'x', 'X':
		return s.hex()
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
		rt.StoreInt(v.t, v.p, s.character(bits))
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

// blanks is a run of blanks in the format: how long it is, its newlines, and whether others follow the last one.
func blanks(format string) (length, newlines int, trailing bool) {
	for length < len(format) {
		r, size := utf8.DecodeRuneInString(format[length:])
		if !characters.Space(r) {
			break
		}
		if trailing = r != '\n'; !trailing {
			newlines++
		}
		length += size
	}
	return
}

// inLine is the next rune that is no blank within a line.
func (s *scanner) inLine(r rune) rune {
	for r != '\n' && r != eof && characters.Space(r) {
		r = s.get()
	}
	return r
}

// gap skips what matches a run of blanks of the format: each newline is one of the input, or its end, and others before and behind
// them are any number of blanks, at least one where there is no newline.
func (s *scanner) gap(newlines int, trailing bool) {
	for range newlines {
		if r := s.inLine(s.get()); r != '\n' && r != eof {
			s.fail("newline in format does not match input")
		}
	}
	if !trailing {
		return
	}
	r := s.get()
	if newlines == 0 && r != eof && !characters.Space(r) {
		s.fail("expected space in input to match format")
	}
	if newlines == 0 && r == '\n' {
		s.fail("newline in input does not match format")
	}
	if r = s.inLine(r); r != eof {
		s.unget()
	}
}

// literal matches text of the format with the input; it returns how much of the format that was. A difference behind a %% that begins it
// is left to the verb %, which skips blanks.
func (s *scanner) literal(format string) (i int) {
	for i < len(format) {
		if length, newlines, trailing := blanks(format[i:]); length > 0 {
			s.gap(newlines, trailing)
			i += length
			continue
		}
		if format[i] == '%' {
			if i+1 == len(format) {
				s.fail("missing verb: % at end of format string")
			}
			if format[i+1] != '%' {
				return
			}
			i++
		}
		r, size := utf8.DecodeRuneInString(format[i:])
		if s.must() != r {
			s.unget()
			if format[0] == '%' {
				return 0
			}
			s.fail("input does not match format")
		}
		i += size
	}
	return
}

func (s *scanner) scanf(format string, args []any) (n int, err error) {
	defer s.caught(&err)
	for i := 0; ; {
		if i += s.literal(format[i:]); i >= len(format) {
			break
		}
		d := directive{format: format, i: i + 1}
		s.width = d.number()
		verb, size := utf8.DecodeRuneInString(format[d.i:])
		i = d.i + size
		if verb != 'c' {
			s.SkipSpace()
		}
		if verb == '%' {
			s.some()
			if s.get() != '%' {
				s.fail("missing literal %")
			}
			continue
		}
		if n >= len(args) {
			s.fail("too few operands for format '%" + format[d.i:] + "'")
		}
		s.hasWidth, s.left = s.width >= 0, s.width
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
