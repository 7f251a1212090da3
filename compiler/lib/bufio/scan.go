package bufio

import (
	"errors"
	"gomem/characters"
	"io"
	"unicode/utf8"
)

// SplitFunc finds the next token in data: how far to go on and the token; 0 and nil ask for more.
type SplitFunc func(data []byte, atEOF bool) (advance int, token []byte, err error)

const MaxScanTokenSize = 64 * 1024

var (
	ErrTooLong         = errors.New("bufio.Scanner: token too long")
	ErrNegativeAdvance = errors.New("bufio.Scanner: SplitFunc returns negative advance count")
	ErrAdvanceTooFar   = errors.New("bufio.Scanner: SplitFunc returns advance count beyond input")
	ErrBadReadCount    = errors.New("bufio.Scanner: Read returned impossible count")
	ErrFinalToken      = errors.New("final token")
)

// Scanner reads token by token, by default lines.
type Scanner struct {
	rd      io.Reader
	split   SplitFunc
	buf     []byte
	r, w    int // in buf: what is read and not yet taken
	room    int // buf grows up to this
	token   []byte
	started bool
	eof     bool
	done    bool
	empties int
	err     error
}

func NewScanner(r io.Reader) *Scanner {
	return &Scanner{rd: r, split: ScanLines, room: MaxScanTokenSize}
}

// Buffer gives the buffer to begin with, and the size up to which larger ones take its place.
func (s *Scanner) Buffer(buf []byte, max int) {
	if s.started {
		panic("Buffer called after Scan")
	}
	s.buf, s.room = buf[:cap(buf)], max
}

func (s *Scanner) Split(split SplitFunc) {
	if s.started {
		panic("Split called after Scan")
	}
	s.split = split
}

func (s *Scanner) Bytes() []byte { return s.token }
func (s *Scanner) Text() string  { return string(s.token) }

// Err is what ended the scan, nil at the end of the input.
func (s *Scanner) Err() error { return s.err }

func (s *Scanner) stop(err error) bool {
	s.token, s.done = nil, true
	if err != io.EOF {
		s.err = err
	}
	return false
}

// makeRoom moves what is not yet taken to the front of the buffer, or into a larger one.
func (s *Scanner) makeRoom() error {
	buf := s.buf
	if s.r == 0 && s.w == len(buf) {
		if len(buf) >= s.room {
			return ErrTooLong
		}
		buf = make([]byte, min(max(2*len(buf), size), s.room))
	}
	s.w = copy(buf, s.buf[s.r:s.w])
	s.buf, s.r = buf, 0
	return nil
}

func (s *Scanner) more() error {
	if s.w == len(s.buf) || s.r > len(s.buf)/2 {
		if err := s.makeRoom(); err != nil {
			return err
		}
	}
	for i := 0; i < 100; i++ {
		n, err := s.rd.Read(s.buf[s.w:])
		if n < 0 || n > len(s.buf)-s.w {
			return ErrBadReadCount
		}
		s.w += n
		if err == io.EOF {
			s.eof = true
			return nil
		}
		if n > 0 || err != nil {
			if err != nil {
				s.eof, s.err = true, err
			}
			return nil
		}
	}
	return io.ErrNoProgress
}

// Scan goes to the next token; false when there is none.
func (s *Scanner) Scan() bool {
	s.started = true
	for !s.done {
		if s.w > s.r || s.eof {
			advance, token, err := s.split(s.buf[s.r:s.w], s.eof)
			if err != nil {
				if err == ErrFinalToken {
					s.token, s.done = token, true
					return token != nil
				}
				return s.stop(err)
			}
			if advance < 0 {
				return s.stop(ErrNegativeAdvance)
			}
			if advance > s.w-s.r {
				return s.stop(ErrAdvanceTooFar)
			}
			s.r += advance
			if token != nil {
				s.token = token
				s.empties++ // at the input's end only
				if advance > 0 || !s.eof {
					s.empties = 0
				} else if s.empties > 100 {
					panic("bufio.Scan: too many empty tokens without progressing")
				}
				return true
			}
			if s.eof && (advance == 0 || s.w == s.r) {
				return s.stop(s.err)
			}
			if advance > 0 {
				continue
			}
		}
		if err := s.more(); err != nil {
			return s.stop(err)
		}
	}
	s.token = nil
	return false
}

func ScanBytes(data []byte, atEOF bool) (advance int, token []byte, err error) {
	if len(data) == 0 {
		return 0, nil, nil
	}
	return 1, data[:1], nil
}

func ScanRunes(data []byte, atEOF bool) (advance int, token []byte, err error) {
	if len(data) == 0 || !atEOF && !utf8.FullRune(data) {
		return 0, nil, nil
	}
	r, n := utf8.DecodeRune(data)
	if r == utf8.RuneError && n == 1 {
		return 1, []byte(string(utf8.RuneError)), nil
	}
	return n, data[:n], nil
}

func ScanLines(data []byte, atEOF bool) (advance int, token []byte, err error) {
	end, skip := -1, 0
	for i, c := range data {
		if c == '\n' {
			end, skip = i, 1
			break
		}
	}
	if end < 0 {
		if !atEOF || len(data) == 0 {
			return 0, nil, nil
		}
		end = len(data)
	}
	line := data[:end]
	if end > 0 && line[end-1] == '\r' {
		line = line[:end-1]
	}
	return end + skip, line, nil
}

func ScanWords(data []byte, atEOF bool) (advance int, token []byte, err error) {
	start := 0
	for start < len(data) {
		r, n := utf8.DecodeRune(data[start:])
		if !characters.Space(r) {
			break
		}
		start += n
	}
	for i := start; i < len(data); {
		r, n := utf8.DecodeRune(data[i:])
		if characters.Space(r) {
			return i + n, data[start:i], nil
		}
		i += n
	}
	if atEOF && len(data) > start {
		return len(data), data[start:], nil
	}
	return start, nil, nil
}
