package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"strings"
)

func main() {
	r := bufio.NewReader(strings.NewReader("hello\nworld é x"))
	s, err := r.ReadString('\n')
	fmt.Printf("%q %v\n", s, err)
	w, size, _ := r.ReadRune()
	fmt.Println(w, size, r.UnreadRune(), r.Buffered())
	p, _ := r.Peek(3)
	fmt.Printf("%s\n", p)
	sc := bufio.NewScanner(r)
	sc.Split(bufio.ScanWords)
	for sc.Scan() {
		fmt.Printf("%q ", sc.Text())
	}
	fmt.Println(sc.Err())
	sc = bufio.NewScanner(bytes.NewReader([]byte("a\n\nb\r\nlast")))
	for sc.Scan() {
		fmt.Printf("%q ", sc.Text())
	}
	o := bufio.NewWriterSize(os.Stdout, 16)
	fmt.Fprintf(o, "this is %d long line and %s\n", 1, strings.Repeat("x", 40))
	o.Flush()
	fmt.Println(strings.NewReplacer("a", "1", "b", "2", "abc", "3").Replace("aabbcabc"), strings.NewReplacer("", "-", "b", "X").Replace("abc"), strings.NewReplacer("", "-").Replace("abc"))
	for l := range strings.Lines("a\nb\nc") {
		fmt.Printf("%q ", l)
	}
	for l := range strings.SplitSeq("a,b,c", ",") {
		fmt.Printf("%q ", l)
	}
	rd := strings.NewReader("0123456789")
	rd.Seek(-3, io.SeekEnd)
	b, _ := io.ReadAll(rd)
	fmt.Printf("%s %d\n", b, rd.Len())
	io.Copy(os.Stdout, io.NewSectionReader(rd, 2, 3))
	fmt.Println()
}
