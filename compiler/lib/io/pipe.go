package io

import "sync"

// pipe is what both ends share. A write hands its bytes over, and waits until they are taken.
type pipe struct {
	writing sync.Mutex // one write at a time
	data    chan []byte
	taken   chan int
	done    chan struct{}
	once    sync.Once
	mu      sync.Mutex
	rerr    error // of the reading end, told to writers; protected by mu
	werr    error // likewise the other way
}

func (p *pipe) end(place *error, err error) {
	p.mu.Lock()
	if *place == nil {
		*place = err
	}
	p.mu.Unlock()
	p.once.Do(func() { close(p.done) })
}

func (p *pipe) ended(theirs, own *error) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if *own == nil && *theirs != nil {
		return *theirs
	}
	return ErrClosedPipe
}

// PipeReader is the reading end. The pipe lies within the ends, which are one block.
type PipeReader struct{ p pipe }

// PipeWriter is the writing end.
type PipeWriter struct{ r PipeReader }

// Pipe makes a pipe within the program, without a buffer.
func Pipe() (*PipeReader, *PipeWriter) {
	w := &PipeWriter{PipeReader{pipe{data: make(chan []byte), taken: make(chan int), done: make(chan struct{})}}}
	return &w.r, w
}

func (r *PipeReader) Read(b []byte) (n int, err error) {
	p := &r.p
	select {
	case <-p.done:
		return 0, p.ended(&p.werr, &p.rerr)
	default:
	}
	select {
	case data := <-p.data:
		n = copy(b, data)
		p.taken <- n
		return n, nil
	case <-p.done:
		return 0, p.ended(&p.werr, &p.rerr)
	}
}

// Close makes writes fail.
func (r *PipeReader) Close() error { return r.CloseWithError(nil) }

// CloseWithError makes writes fail with err.
func (r *PipeReader) CloseWithError(err error) error {
	if err == nil {
		err = ErrClosedPipe
	}
	r.p.end(&r.p.rerr, err)
	return nil
}

func (w *PipeWriter) Write(b []byte) (n int, err error) {
	p := &w.r.p
	select {
	case <-p.done:
		return 0, p.ended(&p.rerr, &p.werr)
	default:
		p.writing.Lock()
		defer p.writing.Unlock()
	}
	for once := true; once || n < len(b); once = false {
		select {
		case p.data <- b[n:]:
			n += <-p.taken
		case <-p.done:
			return n, p.ended(&p.rerr, &p.werr)
		}
	}
	return n, nil
}

// Close ends the stream.
func (w *PipeWriter) Close() error { return w.CloseWithError(nil) }

// CloseWithError makes reads fail with err after what was written.
func (w *PipeWriter) CloseWithError(err error) error {
	if err == nil {
		err = EOF
	}
	p := &w.r.p
	p.end(&p.werr, err)
	return nil
}
