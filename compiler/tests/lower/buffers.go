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
	readers(strings.NewReader("é世xyz"))
	readers(bytes.NewReader([]byte("é世xyz")))
	buffered()
	buffer()
	through()
}

// chunks gives its texts one by one; "" is a read of nothing.
type chunks []string

func (c *chunks) Read(p []byte) (int, error) {
	if len(*c) == 0 {
		return 0, io.EOF
	}
	n := copy(p, (*c)[0])
	*c = (*c)[1:]
	return n, nil
}

type backwards struct{}

func (backwards) Read([]byte) (int, error) { return -1, nil }

// sink tells how it was written to.
type sink struct{}

func (sink) Write(p []byte) (int, error)       { fmt.Printf("bytes %q\n", p); return len(p), nil }
func (sink) WriteString(s string) (int, error) { fmt.Printf("text %q\n", s); return len(s), nil }

// What goes past a buffer, what is read once, and buffers that are reset to themselves.
func through() {
	for _, n := range []int{16, 100} {
		r := bufio.NewReaderSize(&chunks{"abc", "", "def"}, n)
		p := make([]byte, 50)
		for range 4 {
			n, err := r.Read(p)
			fmt.Printf("%q %v ", p[:n], err)
		}
		fmt.Println(r.UnreadByte(), r.Buffered())
	}
	w := bufio.NewWriterSize(sink{}, 8)
	w.WriteString("123456789")
	w.WriteString("abc")
	w.WriteString("123456789012345")
	w.Reset(w)
	fmt.Println(w.Buffered(), w.Flush())
	r := bufio.NewReader(strings.NewReader("again\n" + strings.Repeat("y", 5000) + "\n"))
	r.Reset(r)
	again, err := r.ReadString('\n')
	long, _ := r.ReadString('\n')
	fmt.Println(len(again), err, len(long))
	defer func() {
		err, ok := recover().(error)
		fmt.Println(err, ok)
	}()
	bufio.NewReader(backwards{}).ReadByte()
}

type reader interface {
	io.ByteScanner
	io.RuneScanner
	io.ReadSeeker
	io.ReaderAt
	io.WriterTo
}

// What strings.Reader and bytes.Reader share, and how their errors differ.
func readers(r reader) {
	fmt.Println(r.UnreadByte(), r.UnreadRune())
	c, n, err := r.ReadRune()
	fmt.Println(c, n, err, r.UnreadRune(), r.UnreadRune())
	c, n, err = r.ReadRune()
	fmt.Println(c, n, err, r.UnreadByte(), r.UnreadRune())
	b := make([]byte, 4)
	n, err = r.ReadAt(b, 5)
	fmt.Println(n, err, string(b[:n]))
	_, err = r.ReadAt(b, -1)
	fmt.Println(err)
	for _, whence := range []int{io.SeekStart, 9} {
		_, err = r.Seek(-1, whence)
		fmt.Println(err)
	}
	fmt.Println(r.Seek(-2, io.SeekEnd))
	fmt.Println(r.WriteTo(os.Stdout))
	fmt.Println(r.Read(b))
}

func buffer() {
	var b bytes.Buffer
	_, err := b.ReadByte()
	fmt.Println(err == io.EOF)
	b.WriteString("héllo\nwörld")
	b.ReadRune()
	fmt.Println(b.ReadRune())
	fmt.Println(b.UnreadRune(), b.UnreadRune(), b.UnreadByte(), b.Len())
	b.Next(3)
	fmt.Println(b.UnreadByte(), b.UnreadByte(), b.Len())
	fmt.Println(b.Peek(2))
	fmt.Println(b.Peek(20))
	fmt.Println(io.Copy(io.Discard, &b))
	fmt.Println(b.ReadFrom(strings.NewReader("abc\ndef")))
	for sc := bufio.NewScanner(&b); sc.Scan() || sc.Err() != nil; {
		fmt.Println(sc.Text(), sc.Err())
	}
	b.Write(append(b.AvailableBuffer(), "end"...))
	fmt.Println(b.WriteTo(os.Stdout))
	fmt.Println(b.Read(nil))
	fmt.Println(bytes.TrimSpace([]byte("  ")) == nil)
	once := bufio.NewScanner(strings.NewReader("a"))
	once.Split(func([]byte, bool) (int, []byte, error) { return 0, []byte{}, nil })
	for range 200 {
		once.Scan()
	}
	for _, f := range []func(){func() { once.Buffer(nil, 1) }, func() { once.Split(nil) }} {
		func() {
			defer func() { fmt.Println(recover()) }()
			f()
		}()
	}
}

func buffered() {
	r := bufio.NewReader(strings.NewReader("ab"))
	r.Discard(1)
	fmt.Println(r.UnreadByte())
	r.ReadByte()
	_, err := r.ReadByte()
	fmt.Println(err, r.UnreadByte(), r.UnreadByte())
	fmt.Println(r.ReadByte())
	for _, room := range []int{20000, 10000} {
		sc := bufio.NewScanner(strings.NewReader(strings.Repeat("word ", 3000) + "\nlast"))
		sc.Buffer(make([]byte, 10), room)
		n := 0
		for sc.Scan() {
			n += len(sc.Bytes())
		}
		fmt.Println(n, sc.Err())
	}
	sc := bufio.NewScanner(strings.NewReader("01234567890123\n45"))
	storage := make([]byte, 32)
	sc.Buffer(storage, 8)
	fmt.Println(sc.Scan(), sc.Text(), &sc.Bytes()[0] == &storage[0], sc.Scan(), sc.Text(), sc.Scan())
	var all bytes.Buffer
	fmt.Println(bufio.NewReaderSize(strings.NewReader(strings.Repeat("x", 9000)), 16).WriteTo(&all))
	w := bufio.NewWriterSize(struct{ io.Writer }{&all}, 16)
	w.WriteString("abc")
	fmt.Println(w.ReadFrom(strings.NewReader(strings.Repeat("y", 100))))
	fmt.Println(w.Buffered(), w.Flush(), all.Len())
}
