package io

import "errors"

var (
	errWhence = errors.New("Seek: invalid whence")
	errOffset = errors.New("Seek: invalid offset")
)

// SectionReader reads a part of r.
type SectionReader struct {
	r              ReaderAt
	base, at, size int64
}

// Outer is what NewSectionReader was given.
func (s *SectionReader) Outer() (r ReaderAt, off int64, n int64) { return s.r, s.base, s.size }

func NewSectionReader(r ReaderAt, off int64, n int64) *SectionReader {
	return &SectionReader{r, off, 0, n}
}

func (s *SectionReader) Size() int64 { return s.size }

func (s *SectionReader) Read(p []byte) (n int, err error) {
	n, err = s.ReadAt(p, s.at)
	s.at += int64(n)
	if n > 0 && n < len(p) {
		err = nil
	}
	return n, err
}

func (s *SectionReader) ReadAt(p []byte, off int64) (n int, err error) {
	if off < 0 || off >= s.size {
		return 0, EOF
	}
	if left := s.size - off; int64(len(p)) > left {
		n, err = s.r.ReadAt(p[:left], s.base+off)
		if err == nil {
			err = EOF
		}
		return n, err
	}
	return s.r.ReadAt(p, s.base+off)
}

// seek moves at. What knows no end refuses SeekEnd before.
func seek(at *int64, end, offset int64, whence int) (int64, error) {
	switch whence {
	case SeekStart:
	case SeekCurrent:
		offset += *at
	case SeekEnd:
		offset += end
	default:
		return 0, errWhence
	}
	if offset < 0 {
		return 0, errOffset
	}
	*at = offset
	return offset, nil
}

func (s *SectionReader) Seek(offset int64, whence int) (int64, error) {
	return seek(&s.at, s.size, offset, whence)
}

// OffsetWriter writes to w, counting from an offset.
type OffsetWriter struct {
	w        WriterAt
	base, at int64
}

func NewOffsetWriter(w WriterAt, off int64) *OffsetWriter { return &OffsetWriter{w, off, 0} }

func (o *OffsetWriter) Write(p []byte) (n int, err error) {
	n, err = o.w.WriteAt(p, o.base+o.at)
	o.at += int64(n)
	return n, err
}

func (o *OffsetWriter) WriteAt(p []byte, off int64) (n int, err error) {
	if off < 0 {
		return 0, errOffset
	}
	return o.w.WriteAt(p, o.base+off)
}

// Seek knows no end to count from.
func (o *OffsetWriter) Seek(offset int64, whence int) (int64, error) {
	if whence == SeekEnd {
		return 0, errWhence
	}
	return seek(&o.at, 0, offset, whence)
}
