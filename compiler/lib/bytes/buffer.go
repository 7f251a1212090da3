package bytes

import (
	"errors"
	"io"
	"unicode/utf8"
)

// MinRead is how much room Buffer makes before it reads.
const MinRead = 512

// ErrTooLarge is what a Buffer panics with that cannot grow.
var ErrTooLarge = errors.New("bytes.Buffer: too large")

// What Buffer did last: read the bytes of a rune, as many as that; read in another way; or nothing that can be unread.
const (
	readSomething = -1
	nothingRead   = 0
)

// Buffer holds bytes between a writer and a reader; zero is empty.
type Buffer struct {
	buf  []byte // [off:] is unread
	off  int
	last int8
}

func NewBuffer(buf []byte) *Buffer     { return &Buffer{buf: buf} }
func NewBufferString(s string) *Buffer { return &Buffer{buf: []byte(s)} }
func (b *Buffer) Bytes() []byte        { return b.buf[b.off:] }
func (b *Buffer) Len() int             { return len(b.buf) - b.off }
func (b *Buffer) Cap() int             { return cap(b.buf) }
func (b *Buffer) Available() int       { return cap(b.buf) - len(b.buf) }
func (b *Buffer) Reset()               { b.buf, b.off, b.last = b.buf[:0], 0, nothingRead }

// AvailableBuffer is the room behind the bytes, to append to and to write then.
func (b *Buffer) AvailableBuffer() []byte { return b.buf[len(b.buf):] }

// Peek is what Next would be, all with an error when there is less.
func (b *Buffer) Peek(n int) ([]byte, error) {
	if n > b.Len() {
		return b.Bytes(), io.EOF
	}
	return b.buf[b.off : b.off+n], nil
}

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
	b.buf, b.last = b.buf[:b.off+n], nothingRead
}

// room moves the unread part to the front when that makes room for n bytes; they are about to be written.
func (b *Buffer) room(n int) {
	b.last = nothingRead
	if b.off > 0 && len(b.buf)+n > cap(b.buf) {
		b.buf = b.buf[:copy(b.buf, b.Bytes())]
		b.off = 0
	}
}

// larger is a copy of b with room for n more bytes.
func larger(b []byte, n int) []byte {
	c := cap(b)
	if n > int(^uint(0)>>1)-c-c {
		panic(ErrTooLarge)
	}
	defer func() {
		if recover() != nil { // no slice is that long
			panic(ErrTooLarge)
		}
	}()
	return append(make([]byte, 0, c+c+n), b...)
}

// Grow makes room for n more bytes.
func (b *Buffer) Grow(n int) {
	if n < 0 {
		panic("bytes.Buffer.Grow: negative count")
	}
	b.room(n)
	if cap(b.buf)-len(b.buf) < n {
		b.buf = larger(b.buf, n)
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
		return 0, io.EOF
	}
	return copy(p, b.Next(len(p))), nil
}

// Next is the next n unread bytes, or all there are.
func (b *Buffer) Next(n int) []byte {
	n = min(n, b.Len())
	p := b.buf[b.off : b.off+n]
	b.off += n
	b.last = nothingRead
	if n > 0 {
		b.last = readSomething
	}
	return p
}

func (b *Buffer) ReadByte() (byte, error) {
	p := b.Next(1)
	if len(p) == 0 {
		b.Reset()
		return 0, io.EOF
	}
	return p[0], nil
}

func (b *Buffer) ReadRune() (r rune, size int, err error) {
	if b.Len() == 0 {
		b.Reset()
		return 0, 0, io.EOF
	}
	r, size = utf8.DecodeRune(b.Bytes())
	b.off += size
	b.last = int8(size)
	return r, size, nil
}

// UnreadRune makes the rune that was just read unread again.
func (b *Buffer) UnreadRune() error {
	if b.last <= nothingRead {
		return errors.New("bytes.Buffer: UnreadRune: previous operation was not a successful ReadRune")
	}
	b.off -= int(b.last)
	b.last = nothingRead
	return nil
}

// UnreadByte makes the last byte that was just read unread again.
func (b *Buffer) UnreadByte() error {
	if b.last == nothingRead {
		return errors.New("bytes.Buffer: UnreadByte: previous operation was not a successful read")
	}
	b.off--
	b.last = nothingRead
	return nil
}

// ReadFrom writes to the buffer all that r has.
func (b *Buffer) ReadFrom(r io.Reader) (n int64, err error) {
	for {
		b.Grow(MinRead)
		m, err := r.Read(b.buf[len(b.buf):cap(b.buf)])
		if m < 0 {
			panic(errors.New("bytes.Buffer: reader returned negative count from Read"))
		}
		b.buf = b.buf[:len(b.buf)+m]
		n += int64(m)
		if err == io.EOF {
			return n, nil
		}
		if err != nil {
			return n, err
		}
	}
}

// WriteTo reads all from the buffer and writes it to w.
func (b *Buffer) WriteTo(w io.Writer) (n int64, err error) {
	b.last = nothingRead
	if all := b.Len(); all > 0 {
		m, err := w.Write(b.Bytes())
		if m > all {
			panic("bytes.Buffer.WriteTo: invalid Write count")
		}
		b.off += m
		if err != nil {
			return int64(m), err
		}
		if m < all {
			return int64(m), io.ErrShortWrite
		}
		n = int64(m)
	}
	b.Reset()
	return n, nil
}

// ReadBytes reads up to and with delim.
func (b *Buffer) ReadBytes(delim byte) ([]byte, error) {
	i := IndexByte(b.Bytes(), delim)
	if i < 0 {
		return append([]byte(nil), b.Next(b.Len())...), io.EOF
	}
	return append([]byte(nil), b.Next(i+1)...), nil
}

// ReadString reads up to and with delim.
func (b *Buffer) ReadString(delim byte) (string, error) {
	p, err := b.ReadBytes(delim)
	return string(p), err
}
