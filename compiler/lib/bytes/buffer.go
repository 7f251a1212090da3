package bytes

import (
	"errors"
	"unicode/utf8"
)

// MinRead is how much room Buffer makes before it reads.
const MinRead = 512

// ErrTooLarge is what a Buffer panics with that cannot grow.
var ErrTooLarge = errors.New("bytes.Buffer: too large")

var endOfFile = errors.New("EOF")

// Buffer holds bytes between a writer and a reader; zero is empty.
type Buffer struct {
	buf []byte // [off:] is unread
	off int
}

func NewBuffer(buf []byte) *Buffer     { return &Buffer{buf: buf} }
func NewBufferString(s string) *Buffer { return &Buffer{buf: []byte(s)} }
func (b *Buffer) Bytes() []byte        { return b.buf[b.off:] }
func (b *Buffer) Len() int             { return len(b.buf) - b.off }
func (b *Buffer) Cap() int             { return cap(b.buf) }
func (b *Buffer) Available() int       { return cap(b.buf) - len(b.buf) }
func (b *Buffer) Reset()               { b.buf, b.off = b.buf[:0], 0 }

// String is the unread part.
func (b *Buffer) String() string {
	if b == nil {
		return "<nil>"
	}
	return string(b.Bytes())
}

// Truncate keeps the first n unread bytes.
func (b *Buffer) Truncate(n int) {
	if n == 0 {
		b.Reset()
		return
	}
	if n < 0 || n > b.Len() {
		panic("bytes.Buffer: truncation out of range")
	}
	b.buf = b.buf[:b.off+n]
}

// room moves the unread part to the front when that makes room for n bytes.
func (b *Buffer) room(n int) {
	if b.off > 0 && len(b.buf)+n > cap(b.buf) {
		b.buf = b.buf[:copy(b.buf, b.Bytes())]
		b.off = 0
	}
}

// Grow makes room for n more bytes.
func (b *Buffer) Grow(n int) {
	if n < 0 {
		panic("bytes.Buffer.Grow: negative count")
	}
	b.room(n)
	if cap(b.buf)-len(b.buf) < n {
		buf := make([]byte, len(b.buf), 2*cap(b.buf)+n)
		copy(buf, b.buf)
		b.buf = buf
	}
}

func (b *Buffer) Write(p []byte) (int, error) {
	b.room(len(p))
	b.buf = append(b.buf, p...)
	return len(p), nil
}

func (b *Buffer) WriteString(s string) (int, error) {
	b.room(len(s))
	b.buf = append(b.buf, s...)
	return len(s), nil
}

func (b *Buffer) WriteByte(c byte) error {
	b.room(1)
	b.buf = append(b.buf, c)
	return nil
}

func (b *Buffer) WriteRune(r rune) (int, error) {
	b.room(utf8.UTFMax)
	n := len(b.buf)
	b.buf = utf8.AppendRune(b.buf, r)
	return len(b.buf) - n, nil
}

func (b *Buffer) Read(p []byte) (int, error) {
	if b.Len() == 0 {
		b.Reset()
		if len(p) == 0 {
			return 0, nil
		}
		return 0, endOfFile
	}
	n := copy(p, b.Bytes())
	b.off += n
	return n, nil
}

// Next is the next n unread bytes, or all there are.
func (b *Buffer) Next(n int) []byte {
	n = min(n, b.Len())
	p := b.buf[b.off : b.off+n]
	b.off += n
	return p
}

func (b *Buffer) ReadByte() (byte, error) {
	p := b.Next(1)
	if len(p) == 0 {
		return 0, endOfFile
	}
	return p[0], nil
}

// ReadBytes reads up to and with delim.
func (b *Buffer) ReadBytes(delim byte) ([]byte, error) {
	i := IndexByte(b.Bytes(), delim)
	if i < 0 {
		return append([]byte(nil), b.Next(b.Len())...), endOfFile
	}
	return append([]byte(nil), b.Next(i+1)...), nil
}

// ReadString reads up to and with delim.
func (b *Buffer) ReadString(delim byte) (string, error) {
	p, err := b.ReadBytes(delim)
	return string(p), err
}
