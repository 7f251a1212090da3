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
	os.Setenv("LANGX", "1")
	fmt.Println(os.Getenv("LANGX"), strings.Contains(string(debug.Stack()), "main.main"))
}
