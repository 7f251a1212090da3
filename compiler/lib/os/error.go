package os

import (
	"errors"
	"gomem/rt"
)

// Errors that paths and files lead to.
var (
	ErrInvalid    = errors.New("invalid argument")
	ErrPermission = errors.New("permission denied")
	ErrClosed     = errors.New("file already closed")
	ErrNotExist   = errors.New("file does not exist")
	ErrExist      = errors.New("file already exists")
)

// PathError says what failed on which file.
type PathError struct {
	Op, Path string
	Err      error
}

func (e *PathError) Error() string { return e.Op + " " + e.Path + ": " + e.Err.Error() }
func (e *PathError) Unwrap() error { return e.Err }

// LinkError is the error of an operation on two files.
type LinkError struct {
	Op, Old, New string
	Err          error
}

func (e *LinkError) Error() string { return e.Op + " " + e.Old + " " + e.New + ": " + e.Err.Error() }
func (e *LinkError) Unwrap() error { return e.Err }

// SyscallError says which system call failed.
type SyscallError struct {
	Syscall string
	Err     error
}

func (e *SyscallError) Error() string { return e.Syscall + ": " + e.Err.Error() }
func (e *SyscallError) Unwrap() error { return e.Err }

// number is an error of the system.
type number int

// Error is the system's text, in small letters but for abbreviations.
func (n number) Error() string {
	text := []byte(rt.ErrorString(int(n)))
	if len(text) > 1 && 'A' <= text[0] && text[0] <= 'Z' && text[1] >= 'a' {
		text[0] += 'a' - 'A'
	}
	return string(text)
}

const (
	notPermitted number = 1
	noEntry      number = 2
	noAccess     number = 13
	exists       number = 17
	noFolder     number = 20
	invalid      number = 22
	notEmpty     number = 39
)

func (n number) Is(target error) bool {
	switch target {
	case ErrNotExist:
		return n == noEntry
	case ErrExist:
		return n == exists || n == notEmpty
	case ErrPermission:
		return n == notPermitted || n == noAccess
	}
	return false
}

// IsNotExist tells whether err says that a file is missing.
func IsNotExist(err error) bool { return says(err, ErrNotExist) }

// IsExist tells whether err says that a file is there already.
func IsExist(err error) bool { return says(err, ErrExist) }

// IsPermission tells whether err says that something is not allowed.
func IsPermission(err error) bool { return says(err, ErrPermission) }

// says looks into the errors of this package only, unlike errors.Is.
func says(err, target error) bool {
	switch e := err.(type) {
	case *PathError:
		err = e.Err
	case *LinkError:
		err = e.Err
	case *SyscallError:
		err = e.Err
	}
	n, ok := err.(number)
	return err == target || ok && n.Is(target)
}
