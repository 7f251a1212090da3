package fmt

import (
	"errors"
	"sort"
)

type wrapError struct {
	text string
	err  error
}

func (e *wrapError) Error() string { return e.text }
func (e *wrapError) Unwrap() error { return e.err }

type wrapErrors struct {
	text string
	errs []error
}

func (e *wrapErrors) Error() string   { return e.text }
func (e *wrapErrors) Unwrap() []error { return e.errs }

// Errorf makes an error of that text, which wraps the operands of %w.
func Errorf(format string, a ...any) error {
	p := printer{wraps: true}
	p.printf(format, a)
	text := string(p.buf)
	switch len(p.wrapped) {
	case 0:
		return errors.New(text)
	case 1:
		err, _ := a[p.wrapped[0]].(error)
		return &wrapError{text, err}
	}
	sort.Ints(p.wrapped)
	e := &wrapErrors{text: text}
	for i, n := range p.wrapped {
		if i > 0 && p.wrapped[i-1] == n {
			continue
		}
		if err, ok := a[n].(error); ok {
			e.errs = append(e.errs, err)
		}
	}
	return e
}
