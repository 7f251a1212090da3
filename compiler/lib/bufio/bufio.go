// Package bufio puts a buffer between a program and what it reads or writes.
package bufio

import (
	"errors"
	"io"
	"unicode/utf8"
)

const size = 4096

var (
	ErrInvalidUnreadByte = errors.New("bufio: invalid use of UnreadByte")
	ErrInvalidUnreadRune = errors.New("bufio: invalid use of UnreadRune")
	ErrBufferFull        = errors.New("bufio: buffer full")
	ErrNegativeCount     = errors.New("bufio: negative count")

	errNegativeRead = errors.New("bufio: reader returned negative count from Read")
)

// Reader reads ahead.
type Reader struct {
	rd       io.Reader
	buf      []byte
	r, w     int // what is read and not yet taken
	err      error
	last     int // the byte that UnreadByte gives back, or -1
	lastRune int // size of the rune read last, or -1
}

func NewReader(rd io.Reader) *Reader { return NewReaderSize(rd, size) }

func NewReaderSize(rd io.Reader, n int) *Reader {
	if b, ok := rd.(*Reader); ok && len(b.buf) >= n {
		return b
	}
	return &Reader{rd: rd, buf: make([]byte, max(n, 16)), last: -1, lastRune: -1}
}

// Reset has b read from r from now on; from itself changes nothing.
func (b *Reader) Reset(r io.Reader) {
	if r == io.Reader(b) {
		return
	}
	if b.buf == nil {
		b.buf = make([]byte, size)
	}
	*b = Reader{rd: r, buf: b.buf, last: -1, lastRune: -1}
}

func (b *Reader) Size() int     { return len(b.buf) }
func (b *Reader) Buffered() int { return b.w - b.r }

func (b *Reader) fill() {
	copy(b.buf, b.buf[b.r:b.w])
	b.r, b.w = 0, b.w-b.r
	for i := 0; i < 100; i++ {
		n := b.read(b.buf[b.w:])
		b.w += n
		if n > 0 || b.err != nil {
			return
		}
	}
	b.err = io.ErrNoProgress
}

// read reads once from what is below.
func (b *Reader) read(p []byte) (n int) {
	if n, b.err = b.rd.Read(p); n < 0 {
		panic(errNegativeRead)
	}
	return n
}

// take goes on behind the next n bytes.
func (b *Reader) take(n int) {
	b.r += n
	if n > 0 {
		b.last, b.lastRune = int(b.buf[b.r-1]), -1
	}
}

func (b *Reader) failure() error {
	err := b.err
	b.err = nil
	return err
}

// Peek shows the next n bytes.
func (b *Reader) Peek(n int) ([]byte, error) {
	if n < 0 {
		return nil, ErrNegativeCount
	}
	b.last, b.lastRune = -1, -1
	for b.Buffered() < n && b.Buffered() < len(b.buf) && b.err == nil {
		b.fill()
	}
	if n > len(b.buf) {
		return b.buf[b.r:b.w], ErrBufferFull
	}
	if have := b.Buffered(); have < n {
		return b.buf[b.r:b.w], b.failure()
	}
	return b.buf[b.r : b.r+n], nil
}

// Discard skips n bytes.
func (b *Reader) Discard(n int) (discarded int, err error) {
	if n < 0 {
		return 0, ErrNegativeCount
	}
	b.last, b.lastRune = -1, -1
	for left := n; left > 0; {
		if b.Buffered() == 0 {
			if b.err != nil {
				return n - left, b.failure()
			}
			b.fill()
		}
		k := min(left, b.Buffered())
		b.r += k
		left -= k
	}
	return n, nil
}

// Read reads at most once from what is below, past the buffer when that is not larger than p.
func (b *Reader) Read(p []byte) (n int, err error) {
	if len(p) == 0 {
		if b.Buffered() > 0 {
			return 0, nil
		}
		return 0, b.failure()
	}
	if b.Buffered() == 0 {
		if b.err != nil {
			return 0, b.failure()
		}
		if len(p) >= len(b.buf) {
			if n = b.read(p); n > 0 {
				b.last, b.lastRune = int(p[n-1]), -1
			}
			return n, b.failure()
		}
		b.r, b.w = 0, b.read(b.buf)
		if b.w == 0 {
			return 0, b.failure()
		}
	}
	n = copy(p, b.buf[b.r:b.w])
	b.take(n)
	return n, nil
}

func (b *Reader) ReadByte() (byte, error) {
	b.lastRune = -1
	for b.Buffered() == 0 {
		if b.err != nil {
			return 0, b.failure()
		}
		b.fill()
	}
	b.take(1)
	return byte(b.last), nil
}

func (b *Reader) UnreadByte() error {
	if b.last < 0 || b.r == 0 && b.w > 0 {
		return ErrInvalidUnreadByte
	}
	if b.r > 0 {
		b.r--
	} else {
		b.w = 1
	}
	b.buf[b.r] = byte(b.last)
	b.last, b.lastRune = -1, -1
	return nil
}

func (b *Reader) ReadRune() (r rune, size int, err error) {
	for b.Buffered() < utf8.UTFMax && !utf8.FullRune(b.buf[b.r:b.w]) && b.err == nil && b.Buffered() < len(b.buf) {
		b.fill()
	}
	b.lastRune = -1
	if b.Buffered() == 0 {
		return 0, 0, b.failure()
	}
	r, size = utf8.DecodeRune(b.buf[b.r:b.w])
	b.take(size)
	b.lastRune = size
	return r, size, nil
}

func (b *Reader) UnreadRune() error {
	if b.lastRune < 0 || b.r < b.lastRune {
		return ErrInvalidUnreadRune
	}
	b.r -= b.lastRune
	b.last, b.lastRune = -1, -1
	return nil
}

// ReadSlice reads up to delim; the bytes are good until the next read.
func (b *Reader) ReadSlice(delim byte) (line []byte, err error) {
	for seen := 0; ; {
		for i := b.r + seen; i < b.w; i++ {
			if b.buf[i] == delim {
				line = b.buf[b.r : i+1]
				b.take(len(line))
				return line, nil
			}
		}
		if b.err != nil || b.Buffered() >= len(b.buf) {
			line = b.buf[b.r:b.w]
			b.take(len(line))
			if b.err == nil {
				return line, ErrBufferFull
			}
			return line, b.failure()
		}
		seen = b.Buffered()
		b.fill()
	}
}

func (b *Reader) ReadBytes(delim byte) ([]byte, error) {
	var all []byte
	for {
		part, err := b.ReadSlice(delim)
		all = append(all, part...)
		if err != ErrBufferFull {
			return all, err
		}
	}
}

func (b *Reader) ReadString(delim byte) (string, error) {
	part, err := b.ReadSlice(delim)
	if err != ErrBufferFull {
		return string(part), err
	}
	all := append([]byte(nil), part...)
	rest, err := b.ReadBytes(delim)
	return string(append(all, rest...)), err
}

// ReadLine reads a line without its end; isPrefix of one that is longer than the buffer.
func (b *Reader) ReadLine() (line []byte, isPrefix bool, err error) {
	line, err = b.ReadSlice('\n')
	if err == ErrBufferFull {
		if n := len(line); n > 0 && line[n-1] == '\r' {
			b.r--
			line = line[:n-1]
		}
		return line, true, nil
	}
	if len(line) == 0 {
		return nil, false, err
	}
	if n := len(line); line[n-1] == '\n' {
		line = line[:n-1]
		if n > 1 && line[n-2] == '\r' {
			line = line[:n-2]
		}
	}
	return line, false, nil
}

// WriteTo writes all that is left.
func (b *Reader) WriteTo(w io.Writer) (n int64, err error) {
	b.last, b.lastRune = -1, -1
	for {
		if b.Buffered() > 0 {
			m, err := w.Write(b.buf[b.r:b.w])
			b.r += m
			n += int64(m)
			if err == nil && b.Buffered() > 0 {
				err = io.ErrShortWrite
			}
			if err != nil {
				return n, err
			}
		}
		if b.err != nil {
			break
		}
		b.fill()
	}
	if err = b.failure(); err == io.EOF {
		err = nil
	}
	return n, err
}

// Writer gathers what is written until there is enough.
type Writer struct {
	wr  io.Writer
	buf []byte
	n   int
	err error
}

func NewWriter(w io.Writer) *Writer { return NewWriterSize(w, size) }

func NewWriterSize(w io.Writer, n int) *Writer {
	if b, ok := w.(*Writer); ok && len(b.buf) >= n {
		return b
	}
	if n <= 0 {
		n = size
	}
	return &Writer{wr: w, buf: make([]byte, n)}
}

// Reset has b write to w from now on and forget what is buffered; to itself changes nothing.
func (b *Writer) Reset(w io.Writer) {
	if w == io.Writer(b) {
		return
	}
	if b.buf == nil {
		b.buf = make([]byte, size)
	}
	*b = Writer{wr: w, buf: b.buf}
}

func (b *Writer) Size() int               { return len(b.buf) }
func (b *Writer) Available() int          { return len(b.buf) - b.n }
func (b *Writer) AvailableBuffer() []byte { return b.buf[b.n:][:0] }
func (b *Writer) Buffered() int           { return b.n }

// Flush writes what is buffered.
func (b *Writer) Flush() error {
	if b.err != nil || b.n == 0 {
		return b.err
	}
	n, err := b.wr.Write(b.buf[:b.n])
	if n < b.n && err == nil {
		err = io.ErrShortWrite
	}
	if err != nil && n > 0 && n < b.n {
		copy(b.buf, b.buf[n:b.n])
	}
	b.n -= n
	b.err = err
	return err
}

func (b *Writer) Write(p []byte) (written int, err error) {
	for len(p) > b.Available() && b.err == nil {
		var n int
		if b.n == 0 {
			n, b.err = b.wr.Write(p)
		} else {
			n = copy(b.buf[b.n:], p)
			b.n += n
			b.Flush()
		}
		written += n
		p = p[n:]
	}
	if b.err != nil {
		return written, b.err
	}
	n := copy(b.buf[b.n:], p)
	b.n += n
	return written + n, nil
}

// WriteString gives a string that the empty buffer cannot hold to the underlying writer's WriteString, if it has that.
func (b *Writer) WriteString(s string) (written int, err error) {
	to, direct := b.wr.(io.StringWriter)
	for len(s) > b.Available() && b.err == nil {
		var n int
		if b.n == 0 && direct {
			n, b.err = to.WriteString(s)
		} else {
			n = copy(b.buf[b.n:], s)
			b.n += n
			b.Flush()
		}
		written += n
		s = s[n:]
	}
	if b.err != nil {
		return written, b.err
	}
	n := copy(b.buf[b.n:], s)
	b.n += n
	return written + n, nil
}

// ReadFrom writes all that r has, by way of the underlying writer's ReadFrom where nothing is buffered.
func (b *Writer) ReadFrom(r io.Reader) (n int64, err error) {
	for empty := 0; err == nil; {
		if b.Available() == 0 {
			b.Flush()
		}
		if b.err != nil {
			return n, b.err
		}
		if to, ok := b.wr.(io.ReaderFrom); ok && b.n == 0 {
			m, err := to.ReadFrom(r)
			b.err = err
			return n + m, err
		}
		var m int
		m, err = r.Read(b.buf[b.n:])
		b.n += m
		n += int64(m)
		if m > 0 {
			empty = 0
		} else if empty++; err == nil && empty == 100 {
			return n, io.ErrNoProgress
		}
	}
	if err != io.EOF {
		return n, err
	}
	if b.Available() == 0 {
		return n, b.Flush()
	}
	return n, nil
}

func (b *Writer) WriteByte(c byte) error {
	if b.Available() == 0 {
		b.Flush()
	}
	if b.err != nil {
		return b.err
	}
	b.buf[b.n] = c
	b.n++
	return nil
}

func (b *Writer) WriteRune(r rune) (size int, err error) {
	return b.WriteString(string(r))
}

// ReadWriter is both.
type ReadWriter struct {
	*Reader
	*Writer
}

func NewReadWriter(r *Reader, w *Writer) *ReadWriter { return &ReadWriter{r, w} }
