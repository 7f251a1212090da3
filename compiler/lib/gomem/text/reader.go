package text

import (
	"errors"
	"io"
)

// Reader reads from a string or a byte slice. The Readers of packages strings and bytes embed it.
type Reader[T Bytes] struct {
	s    T
	at   int64
	prev int // where the rune that was read last begins, or -1
}

func NewReader[T Bytes](s T) Reader[T] { return Reader[T]{s, 0, -1} }

// Reset reads from s anew.
func (r *Reader[T]) Reset(s T) { *r = NewReader(s) }

// Len is what is left, Size all.
func (r *Reader[T]) Len() int    { return max(len(r.s)-int(r.at), 0) }
func (r *Reader[T]) Size() int64 { return int64(len(r.s)) }

// fails words the error of a method as its package does.
func (r *Reader[T]) fails(method, how string) error {
	owner := "bytes"
	if _, ok := any(r.s).(string); ok {
		owner = "strings"
	}
	return errors.New(owner + ".Reader." + method + ": " + how)
}

func (r *Reader[T]) atBeginning(method string) error {
	if _, ok := any(r.s).(string); ok {
		return r.fails(method, "at beginning of string")
	}
	return r.fails(method, "at beginning of slice")
}

func (r *Reader[T]) Read(b []byte) (n int, err error) {
	if r.Len() == 0 {
		return 0, io.EOF
	}
	r.prev = -1
	n = copy(b, r.s[r.at:])
	r.at += int64(n)
	return n, nil
}

func (r *Reader[T]) ReadAt(b []byte, off int64) (n int, err error) {
	if off < 0 {
		return 0, r.fails("ReadAt", "negative offset")
	}
	if off >= int64(len(r.s)) {
		return 0, io.EOF
	}
	n = copy(b, r.s[off:])
	if n < len(b) {
		err = io.EOF
	}
	return n, err
}

func (r *Reader[T]) ReadByte() (byte, error) {
	r.prev = -1
	if r.Len() == 0 {
		return 0, io.EOF
	}
	r.at++
	return r.s[r.at-1], nil
}

func (r *Reader[T]) UnreadByte() error {
	if r.at <= 0 {
		return r.atBeginning("UnreadByte")
	}
	r.prev = -1
	r.at--
	return nil
}

func (r *Reader[T]) ReadRune() (ch rune, size int, err error) {
	if r.Len() == 0 {
		r.prev = -1
		return 0, 0, io.EOF
	}
	r.prev = int(r.at)
	ch, size = Rune(r.s[r.at:])
	r.at += int64(size)
	return ch, size, nil
}

func (r *Reader[T]) UnreadRune() error {
	if r.at <= 0 {
		return r.atBeginning("UnreadRune")
	}
	if r.prev < 0 {
		return r.fails("UnreadRune", "previous operation was not ReadRune")
	}
	r.at, r.prev = int64(r.prev), -1
	return nil
}

func (r *Reader[T]) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekStart:
	case io.SeekCurrent:
		offset += r.at
	case io.SeekEnd:
		offset += int64(len(r.s))
	default:
		return 0, r.fails("Seek", "invalid whence")
	}
	if offset < 0 {
		return 0, r.fails("Seek", "negative position")
	}
	r.at, r.prev = offset, -1
	return offset, nil
}

func (r *Reader[T]) WriteTo(w io.Writer) (n int64, err error) {
	r.prev = -1
	if r.Len() == 0 {
		return 0, nil
	}
	m, write := 0, "Write"
	if s, ok := any(r.s).(string); ok {
		m, err = io.WriteString(w, s[r.at:])
		write = "WriteString"
	} else {
		m, err = w.Write([]byte(r.s[r.at:]))
	}
	rest := r.Len()
	if m > rest {
		panic(r.fails("WriteTo", "invalid "+write+" count").Error())
	}
	r.at += int64(m)
	if m != rest && err == nil {
		err = io.ErrShortWrite
	}
	return int64(m), err
}
