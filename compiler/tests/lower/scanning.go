package main

import (
	"fmt"
	"os"
	"runtime/debug"
	"strings"
)

func main() {
	var i int
	var s, t string
	var f float64
	var b bool
	var u uint8
	n, err := fmt.Sscan("12 hello 3.5 true 200", &i, &s, &f, &b, &u)
	fmt.Println(n, err, i, s, f, b, u)
	n, err = fmt.Sscanf("7-abc:0x1f", "%d-%3s:%v", &i, &s, &u)
	fmt.Println(n, err, i, s, u)
	n, err = fmt.Sscanf("12345", "%2d%d", &i, &u)
	fmt.Println(n, err, i, u)
	n, err = fmt.Sscanln("1 a\n2", &i, &s)
	fmt.Println(n, err, i, s)
	n, err = fmt.Sscan("x", &i)
	fmt.Println(n, err)
	n, err = fmt.Sscan("", &i)
	fmt.Println(n, err)
	n, err = fmt.Sscanf("ff \"a b\" z", "%x %q %c", &i, &s, &u)
	fmt.Println(n, err, i, s, u)
	r := strings.NewReader("1 2 3\n4 5")
	for {
		n, err := fmt.Fscan(r, &i)
		if err != nil {
			fmt.Println(n, err)
			break
		}
		fmt.Print(i, " ")
	}
	var c complex128
	fmt.Sscan("(1+2i)", &c)
	fmt.Println(c)
	n, err = fmt.Sscanf("a 1", "b %d", &i)
	fmt.Println(n, err)
	n, err = fmt.Sscan("300", &u)
	fmt.Println(n, err)
	n, err = fmt.Sscan("5 6", &i, &s, &t)
	fmt.Println(n, err)
	formats()
	os.Setenv("LANGX", "1")
	fmt.Println(os.Getenv("LANGX"), strings.Contains(string(debug.Stack()), "main.main"))
}

// lines reads all that its state gives.
type lines struct{ text string }

func (l *lines) Scan(state fmt.ScanState, verb rune) error {
	for n := 0; n < 2; {
		r, _, err := state.ReadRune()
		if err != nil {
			return err
		}
		if l.text += string(r); r == '\n' {
			n++
		}
	}
	return nil
}

// What blanks, newlines and ends of a format and its input have to match, and where the texts of operands end.
func formats() {
	var i, j int
	var c uint8
	var f float64
	var b bool
	var s string
	var rest rune
	for _, x := range [][2]string{{"%d X", "27X"}, {"%d X", "27 X"}, {"X %d", "X27"}, {"X %d", "X  27"}, {"%d\n%d", "1 \n 2"}, {"%d\n%d", "1 2"}, {"%d %d", "1\n2"},
		{"%d%d", "1\n2"}, {"%d\n", "1"}, {"%d%%%d", "5 % 6"}, {"%%%d", " %7"}, {"x%%%d", "x %7"}, {"%d", ""}, {"%d", "  "}, {"%d%", "5%"}, {"%3d%d", "12345"}, {"%d:%d", "8"}} {
		i, j = 0, 0
		n, err := fmt.Sscanf(x[1], x[0], &i, &j)
		fmt.Printf("%q %q %d %v %d %d\n", x[0], x[1], n, err, i, j)
	}
	for _, x := range [][2]string{{"%d%c", "7_2"}, {"%v%c", "7_2x"}, {"%v%c", "09"}, {"%v%c", "0b12"}, {"%x%c", "A_"}, {"%o%c", "078"}} {
		n, err := fmt.Sscanf(x[1], x[0], &i, &rest)
		fmt.Println(n, err, i, string(rest))
	}
	for _, x := range [][2]string{{"%t%c", "truex"}, {"%t%c", "Tx"}, {"%t%c", "trux"}, {"%t%c", "FALSE1"}, {"%t%c", "01"}, {"%t%c", "yx"}} {
		n, err := fmt.Sscanf(x[1], x[0], &b, &rest)
		fmt.Println(n, err, b, string(rest))
	}
	for _, x := range []string{"nano", "-Infinity", "2.5p3", "0x1p-2", "1e2x", "1_0.5", "in"} {
		n, err := fmt.Sscanf(x, "%g%c", &f, &rest)
		fmt.Println(n, err, f)
	}
	for _, x := range [][2]string{{"%x", "616"}, {"%x", "61 62"}, {"%x", "6g"}, {"%q", "`a\\`"}, {"%q", "x"}, {"%s", ""}, {"%5s", "ab cd"}} {
		n, err := fmt.Sscanf(x[1], x[0], &s)
		fmt.Printf("%d %v %q\n", n, err, s)
	}
	fmt.Println(fmt.Sscanf("Ā", "%c", &c))
	fmt.Println(fmt.Sscanf("é", "%c", &c))
	fmt.Println(c)
	var l lines
	fmt.Println(fmt.Sscan("a\nb\n", &l))
	fmt.Println(fmt.Sscanln("c\nd\n", &l))
	fmt.Printf("%q\n", l.text)
	fmt.Println(fmt.Sscan("1 ", &i, &j))
	fmt.Println(fmt.Sscanln("1 \n2", &i, &j))
}
