// Package errors makes and examines error values.
package errors

import (
	"gomem/rt"
	"unsafe"
)

type errorString struct {
	s string
}

func (e *errorString) Error() string { return e.s }

// New makes an error with that text; each is equal to itself only.
func New(s string) error { return &errorString{s} }

// ErrUnsupported says that an operation is not supported.
var ErrUnsupported = New("unsupported operation")

// Unwrap is the error err wraps, or nil.
func Unwrap(err error) error {
	if u, ok := err.(interface{ Unwrap() error }); ok {
		return u.Unwrap()
	}
	return nil
}

// visit calls f for err and all it wraps, depth first, until f returns true.
func visit(err error, f func(error) bool) bool {
	for err != nil {
		if f(err) {
			return true
		}
		switch x := err.(type) {
		case interface{ Unwrap() error }:
			err = x.Unwrap()
		case interface{ Unwrap() []error }:
			for _, e := range x.Unwrap() {
				if visit(e, f) {
					return true
				}
			}
			return false
		default:
			return false
		}
	}
	return false
}

// Is tells whether err or what it wraps is target.
func Is(err, target error) bool {
	if err == nil || target == nil {
		return err == target
	}
	comparable := rt.Unpack(target).Type.Comparable()
	return visit(err, func(e error) bool {
		if comparable && e == target {
			return true
		}
		x, ok := e.(interface{ Is(error) bool })
		return ok && x.Is(target)
	})
}

// AsType finds the first error in err of type E.
func AsType[E error](err error) (E, bool) {
	var target E
	found := err != nil && visit(err, func(e error) bool {
		x, ok := e.(E)
		if ok {
			target = x
			return true
		}
		as, ok := e.(interface{ As(any) bool })
		return ok && as.As(&target)
	})
	return target, found
}

// As finds the first error in err that *target can hold, and sets it.
func As(err error, target any) bool {
	if err == nil {
		return false
	}
	t := rt.Unpack(target)
	if t.Type == nil {
		panic("errors: target cannot be nil")
	}
	if t.Type.Kind != rt.Pointer || t.Data == nil {
		panic("errors: target must be a non-nil pointer")
	}
	if elem := t.Type.Elem; elem.Kind != rt.Interface && rt.Itab(errorType, elem) == nil {
		panic("errors: *target must be interface or implement error")
	}
	return visit(err, func(e error) bool {
		if assign(t.Type.Elem, t.Data, e) {
			return true
		}
		x, ok := e.(interface{ As(any) bool })
		return ok && x.As(target)
	})
}

var errorType = rt.Unpack((*error)(nil)).Type.Elem

// assign sets the variable of type t at p to e, if it can hold that.
func assign(t *rt.Type, p unsafe.Pointer, e error) bool {
	v := rt.Unpack(e)
	if v.Type == t {
		rt.TypedCopy(t, p, v.Address(), 1)
		return true
	}
	if t.Kind != rt.Interface {
		return false
	}
	if t.MethodCount == 0 {
		*(*any)(p) = e
		return true
	}
	tab := rt.Itab(t, v.Type)
	if tab == nil {
		return false
	}
	iface := struct{ tab, data unsafe.Pointer }{tab, v.Data}
	rt.TypedCopy(t, p, unsafe.Pointer(&iface), 1)
	return true
}

type joinError struct {
	errs []error
}

func (j *joinError) Error() string {
	s := j.errs[0].Error()
	for _, e := range j.errs[1:] {
		s += "\n" + e.Error()
	}
	return s
}

func (j *joinError) Unwrap() []error { return j.errs }

// Join wraps all errors that are not nil; nil when there are none.
func Join(errs ...error) error {
	j := new(joinError)
	for _, e := range errs {
		if e != nil {
			j.errs = append(j.errs, e)
		}
	}
	if len(j.errs) == 0 {
		return nil
	}
	return j
}
