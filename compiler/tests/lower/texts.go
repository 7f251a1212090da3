// What texts become: valid UTF-8, the cases of a language, complex numbers; what writers at an offset write; how contexts were made; operands
// that are a reflect.Value; when iter.Pull starts.
package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"reflect"
	"runtime"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unsafe"
)

func valid() {
	for _, s := range []string{"", "abc", "a\xffb", "\xff\xfe", "\xe6\x97x\xed\xa0\x80", "é\uFFFD\xc3", "\xf0\x90\x80"} {
		for _, by := range []string{"", "?", "\uFFFD"} {
			fmt.Printf("%q %q ", strings.ToValidUTF8(s, by), bytes.ToValidUTF8([]byte(s), []byte(by)))
		}
		fmt.Println()
	}
	s := "same"
	fmt.Println(unsafe.StringData(strings.ToValidUTF8(s, "x")) == unsafe.StringData(s), unsafe.StringData(strings.Map(unicode.ToLower, s)) == unsafe.StringData(s),
		unsafe.StringData(strings.ToUpper("SAME é")) == unsafe.StringData("SAME é"), bytes.ToValidUTF8(nil, nil) == nil)
	fmt.Printf("%q %q\n", strings.Map(func(r rune) rune { return r }, "a\xffb\uFFFD"), strings.Map(func(r rune) rune { return -1 }, "ab"))
}

func trims() {
	space := func(s string) {
		b := []byte(s)
		fmt.Println(bytes.TrimSpace(b) == nil, bytes.Trim(b, " ") == nil, bytes.TrimLeft(b, " ") == nil, bytes.TrimRight(b, " ") == nil,
			bytes.TrimFunc(b, unicode.IsSpace) == nil, bytes.TrimRightFunc(b, unicode.IsSpace) == nil)
	}
	space("")
	space("  ")
	space(" a ")
	defer func() { fmt.Println(recover() == bytes.ErrTooLarge) }()
	bytes.NewBufferString("x").Grow(int(^uint(0) >> 1))
}

// last gives its last bytes with the end, or fails after them; it is no WriterTo.
type last struct {
	s   string
	err error
}

func (l *last) Read(p []byte) (int, error) {
	n := copy(p, l.s)
	l.s = l.s[n:]
	if l.s == "" {
		return n, l.err
	}
	return n, nil
}

// texts are written to it, bytes are not.
type texts struct{ strings.Builder }

func (t *texts) Write(p []byte) (int, error) { return len(p) + 1, nil }

func joined() {
	fmt.Println(io.CopyN(io.Discard, &last{"abc", errors.New("late")}, 3))
	fmt.Println(io.CopyN(io.Discard, &last{"ab", io.EOF}, 3))
	m := io.MultiReader(&last{"ab", io.EOF}, io.MultiReader(&last{"c", io.EOF}, strings.NewReader("de")), &last{"f", io.EOF})
	p := make([]byte, 2)
	for range 5 {
		n, err := m.Read(p)
		fmt.Printf("%q %v ", p[:n], err)
	}
	fmt.Println()
	var t texts
	w := io.MultiWriter(io.MultiWriter(&t, os.Stdout), &t)
	fmt.Println(io.Copy(w.(io.StringWriter).(io.Writer), io.NopCloser(strings.NewReader("text\n"))))
	_, to := io.NopCloser(&last{}).(io.WriterTo)
	fmt.Println(t.Len(), to)
	fmt.Println(io.WriteString(w, "text\n"))
	fmt.Println(t.Len())
	fmt.Println(io.Copy(struct{ io.Writer }{&t}, &last{"x", nil}))
	n, err := io.MultiReader(strings.NewReader("to "), io.MultiReader(&last{"stdout\n", io.EOF})).(io.WriterTo).WriteTo(os.Stdout)
	fmt.Println(n, err)
}

func special() {
	for _, s := range []string{"Iıiİ", "ǆ DŽ x", "örnek iş"} {
		fmt.Println(strings.ToUpperSpecial(unicode.TurkishCase, s), strings.ToLowerSpecial(unicode.AzeriCase, s), strings.ToTitleSpecial(unicode.TurkishCase, s))
		fmt.Printf("%s %s %s\n", bytes.ToUpperSpecial(unicode.TurkishCase, []byte(s)), bytes.ToLowerSpecial(unicode.TurkishCase, []byte(s)),
			bytes.ToTitleSpecial(unicode.TurkishCase, []byte(s)))
	}
	fmt.Printf("%T %T %v\n", unicode.TurkishCase, unicode.CaseRange{}, strings.ToUpperSpecial(nil, "aß"))
}

func complexes() {
	for _, s := range []string{"", "i", "1", "-1i", "(1+2i)", "1+2", "1-i", "+1++2i", "1+-2i", "1--2i", "()", "(1", "1)", "0x1p-2-0x10p0i", "1_0+2i", "0x_1p0i",
		"NaN+NaNi", "nan-nani", "inf-Infinityi", "infi", "infinityi", "infinit", "1e400+1i", "1+1e400i", "1e39-1e39i", "((1))", "1+2j", "1i2", "+inf+infi", ".5+.i", "1e+i"} {
		for _, size := range []int{64, 128} {
			c, err := strconv.ParseComplex(s, size)
			fmt.Println(s, size, c, err, errors.Is(err, strconv.ErrRange), errors.Is(err, strconv.ErrSyntax))
		}
	}
	for _, s := range []string{"nan", "+nan", "infx", "INFINITY", "-iNf", "infinit", "+", "1_0.5", "0x_1p1", "1x"} {
		f, err := strconv.ParseFloat(s, 64)
		fmt.Println(s, f, err)
	}
}

type memory struct{ b []byte }

func (m *memory) WriteAt(p []byte, off int64) (int, error) {
	if off > 20 {
		return 0, io.ErrShortWrite
	}
	return copy(m.b[off:], p), nil
}

func offsets() {
	m := &memory{bytes.Repeat([]byte("."), 24)}
	w := io.NewOffsetWriter(m, 4)
	fmt.Fprint(w, "abc")
	fmt.Println(w.Seek(2, io.SeekCurrent))
	n, err := io.WriteString(w, "xyz")
	fmt.Println(n, err)
	fmt.Println(w.WriteAt([]byte("!"), 10))
	fmt.Println(w.WriteAt([]byte("!"), -1))
	fmt.Println(w.WriteAt([]byte("!"), 17))
	fmt.Println(w.Seek(-1, io.SeekStart))
	fmt.Println(w.Seek(0, io.SeekEnd))
	fmt.Println(w.Seek(1, 7))
	fmt.Println(w.Seek(-8, io.SeekCurrent))
	fmt.Println(io.Copy(w, strings.NewReader("##")))
	fmt.Println(w.Seek(0, io.SeekCurrent))
	fmt.Printf("%s %T\n", m.b, w)
}

type key int

func (k key) String() string { return "key" + string(rune('0'+k)) }

type plainKey struct{}

type own struct{ context.Context }

func contexts() {
	a, stop := context.WithCancel(context.Background())
	defer stop()
	b := context.WithValue(a, key(1), "text")
	c := context.WithValue(context.WithoutCancel(b), plainKey{}, 7)
	d, stop2 := context.WithCancelCause(own{c})
	defer stop2(nil)
	e, stop3 := context.WithTimeout(context.TODO(), time.Hour)
	defer stop3()
	for _, x := range []context.Context{a, b, c, d, context.WithValue(d, "word", nil), context.WithValue(a, key(2), errors.New("e"))} {
		fmt.Println(x)
	}
	fmt.Println(strings.HasPrefix(fmt.Sprint(e), "context.TODO.WithDeadline("))
	f, stop4 := context.WithTimeout(e, 2*time.Hour)
	defer stop4()
	fmt.Println(strings.HasSuffix(fmt.Sprint(f), ").WithCancel"))
}

// text is what package fmt asks for its text, others have bytes.
type (
	text   string
	octets []byte
	holder struct {
		V      reflect.Value
		hidden any
		text   text
		bytes  []byte
	}
)

func (text) String() string { return "TEXT" }

// operands are replaced by the value that they are; values within others are not.
func operands() {
	var failure error
	h := reflect.ValueOf(holder{hidden: 3, text: "q", bytes: []byte("z")})
	show := func(formats string, list ...any) {
		for i, x := range list {
			for _, f := range strings.Fields(formats) {
				fmt.Print(i, " ", f, " ")
				fmt.Printf(f+"\n", x)
			}
		}
	}
	show("%v %s %q %x %w %t", reflect.ValueOf(1), reflect.ValueOf([]byte("xy")), reflect.ValueOf(octets("ab")), reflect.ValueOf(text("t")), reflect.Value{},
		reflect.ValueOf(&failure).Elem(), h.Field(1), h.Field(2), h.Field(3), reflect.ValueOf([]any{errors.New("e"), nil}).Index(0),
		[]byte("hi"), []byte(nil), octets("hi"), [2]byte{1, 2}, [][]byte{{1}, nil}, &[]byte{7})
	show("%v %s %q %x", reflect.ValueOf(reflect.ValueOf(2)), []reflect.Value{{}, reflect.ValueOf("s")}, map[string]reflect.Value{"a": reflect.ValueOf(1.5)},
		[]any{reflect.Value{}, nil}, struct{ reflect.Value }{reflect.ValueOf(4)})
	fmt.Printf("%#v %#v %#v %#v %#v %#v\n", reflect.ValueOf([]byte("xy")), []byte("xy"), []byte(nil), reflect.ValueOf(&failure).Elem(), reflect.Value{}, h.Field(3))
	fmt.Printf("%T %d %d %5.1v|%.[2]*[1]v\n", reflect.ValueOf(1), reflect.ValueOf([]byte("xy")), []any{reflect.ValueOf(1)}[0], reflect.ValueOf("long"), 2)
}

func pulls() {
	before := runtime.NumGoroutine()
	next, stop := iter.Pull(func(yield func(int) bool) { fmt.Println("begins", yield(1)) })
	fmt.Println(runtime.NumGoroutine() - before)
	stop()
	fmt.Println(next())
	next, stop = iter.Pull(func(yield func(int) bool) { fmt.Println("goes on", yield(1)) })
	fmt.Println(next())
	stop()
	_, stop = iter.Pull[int](nil)
	stop()
	next, _ = iter.Pull[int](nil)
	defer func() { fmt.Println(recover()) }()
	next()
}

func main() {
	pulls()
	valid()
	trims()
	joined()
	special()
	complexes()
	offsets()
	contexts()
	operands()
}
