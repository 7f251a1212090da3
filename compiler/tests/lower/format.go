// Package fmt: verbs with flags on values of all kinds, methods, complaints, wrapped errors; files of package os.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
)

type P struct {
	X, y int
	S    string
	E    error
	I    any
}
type T int

func (t T) String() string { return fmt.Sprint("T", int(t)) }

type Q struct {
	a T
	B T
	C []T
	M map[string]T
}
type N *int

func (p *P) Boo() {}

type St struct{ v *int }

func (s *St) String() string { return fmt.Sprint(*s.v) }

type F struct{}

func (F) Format(s fmt.State, v rune) {
	w, wo := s.Width()
	fmt.Fprint(s, "F:", w, wo, string(v), s.Flag('+'))
}

func main() {
	vals := []any{nil, 1, -5, uint8(200), 3.5, 1e100, float32(0.1), 1e21, 2 + 3i, "héllo", true, []byte("abc"), []int{1, 2}, [3]byte{1, 2, 3}, map[string]int{"b": 2, "a": 1},
		P{1, 2, "s", nil, 7}, &P{}, T(3), Q{1, 2, []T{3}, map[string]T{"x": 4}}, []any{nil, 1, "x"}, [2]bool{true}, struct{}{}, (*int)(nil), []string(nil), map[int]bool(nil), 'x', uintptr(77), []error{nil}, [][]int{{1}, {2, 3}}, (*St)(nil), F{}, &Q{}, &[]int{1}, &map[int]int{1: 2}, func() {} == nil, int8(-3), []float64{1, 2.5}, [0]int{}, struct{ a any }{nil}}
	for _, verb := range []string{"%v", "%+v", "%#v", "%d", "%5d", "%-5d|", "%05d", "%x", "%X", "%#x", "% x", "%s", "%q", "%+q", "%#q", "%10s|", "%-10s|", "%.2s", "%t", "%e", "%f", "%g", "%8.3f", "%+.2e", "%#g", "%08.3f", "%c", "%U", "%#U", "%b", "%o", "%#o", "%O", "%T", "%z", "%+d", "% d", "%G", "%010.2f", "%-8v|", "%6.3d", "%#.3g", "%x", "%+08d", "%-08d|", "%.0f", "%.3x"} {
		for _, v := range vals {
			fmt.Printf(verb, v)
			fmt.Print("\t")
		}
		fmt.Println()
	}
	fmt.Println(vals[:7]...)
	fmt.Print(1, 2, "a", "b", 3, '\n', "\n")
	fmt.Printf("%[2]d %[1]d %d\n", 1, 2)
	fmt.Printf("%*d|%-*d|%.*f\n", 5, 1, 5, 2, 2, 3.14159)
	fmt.Printf("%d\n", 1, 2)
	fmt.Printf("%d %d\n", 1)
	fmt.Printf("%!\n")
	fmt.Printf("%#x %#X %#.3x %-05d %w %w", 0.0, 1.5, 0.0, F{}, []byte("ab"), 3)
	fmt.Println()
	fmt.Printf("%.", 1)
	fmt.Println()
	fmt.Printf("%99999999999d", 1)
	fmt.Println()
	fmt.Printf("%T %v\n", fmt.Errorf("%w", nil), errors.Unwrap(fmt.Errorf("%w", nil)))
	fmt.Printf("100%%\n")
	fmt.Printf("%[5]d %[x]d\n", 1)
	fmt.Printf("%")
	fmt.Printf("%*d\n", "a", 3)
	e := fmt.Errorf("wrap %w and %d", io.EOF, 3)
	fmt.Println(e, errors.Is(e, io.EOF), errors.Unwrap(e) == io.EOF)
	e = fmt.Errorf("%w %w", io.EOF, os.ErrNotExist)
	fmt.Println(e, errors.Is(e, os.ErrNotExist))
	var s *St = &St{}
	fmt.Printf("%v %s\n", s, s)
	for _, f := range []float64{0, 1, -1, 1e6, 1e-7, 123456789, 0.000001234, 1e20, 1e21, 1e22, 1.0 / 3} {
		fmt.Printf("%v %g %e %f %6.2f %#g %#v %+v %x|", f, f, f, f, f, f, f, f, f)
	}
	_, err := os.Open("/nonexistent/x")
	fmt.Println(err, os.IsNotExist(err))
	d, _ := os.MkdirTemp("", "gm*x")
	os.WriteFile(d+"/f", []byte("hello"), 0644)
	b, _ := os.ReadFile(d + "/f")
	fmt.Printf("%s\n", b)
	os.Remove(d + "/f")
	fmt.Println(os.Remove(d))
	fmt.Printf("%6.2f|%-8q|%08q|%x|%X|% X|%#x|%# x\n", 3.14159, "a", "b", "hello", []byte("hi"), "abc", "abc", "abc")
	fmt.Printf("%v %v\n", struct {
		a []byte
		b any
	}{[]byte("x"), T(1)}, []any{T(1), &P{} == nil})
	fmt.Printf("%08b %o %x %X %c %U\n", 5, 64, 255, 255, 0x4E16, 0x4E16)
	fmt.Printf("%t %v %5t\n", true, false, true)
	fmt.Printf("%p\n", nil)
	fmt.Printf("%s\n", nil)
	fmt.Printf("%d %s\n", "a", 1)
	fmt.Printf("%v %v\n", map[T]string{2: "b", 1: "a"}, map[any]int{3: 1, 2: 3})
	fmt.Printf("%s %v\n", error(nil), error(nil))
}
