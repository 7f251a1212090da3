// Package os is what programs need of the system: arguments, environment, files, pipes, exit.
package os

import (
	"errors"
	"gomem/rt"
	"io"
	"unsafe"
)

// Args are the program's name and arguments.
var Args = rt.Args()

// Errors that paths and files lead to.
var (
	ErrInvalid  = errors.New("invalid argument")
	ErrClosed   = errors.New("file already closed")
	ErrNotExist = errors.New("file does not exist")
	ErrExist    = errors.New("file already exists")
)

// PathError says what failed on which file.
type PathError struct {
	Op, Path string
	Err      error
}

func (e *PathError) Error() string { return e.Op + " " + e.Path + ": " + e.Err.Error() }
func (e *PathError) Unwrap() error { return e.Err }

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
	noEntry number = 2
	exists  number = 17
)

func (n number) Is(target error) bool {
	return target == ErrNotExist && n == noEntry || target == ErrExist && n == exists
}

// IsNotExist tells whether err says that a file is missing.
func IsNotExist(err error) bool { return errors.Is(err, ErrNotExist) }

// IsExist tells whether err says that a file is there already.
func IsExist(err error) bool { return errors.Is(err, ErrExist) }

// Exit ends the program at once.
func Exit(code int) { rt.Exit(code) }

// Getenv is the value of an environment variable, "" when it is not set.
func Getenv(key string) string {
	value, _ := rt.Getenv(key)
	return value
}

// LookupEnv tells a variable that is not set from an empty one.
func LookupEnv(key string) (string, bool) { return rt.Getenv(key) }

// Readlink is what a symbolic link points to.
func Readlink(name string) (string, error) {
	target, errno := rt.Readlink(name)
	if errno != 0 {
		return "", &PathError{"readlink", name, number(errno)}
	}
	return target, nil
}

// File is an open file.
type File struct {
	fd   int
	name string
}

// The standard streams.
var (
	Stdin  = NewFile(0, "/dev/stdin")
	Stdout = NewFile(1, "/dev/stdout")
	Stderr = NewFile(2, "/dev/stderr")
)

// NewFile makes a File of a descriptor.
func NewFile(fd uintptr, name string) *File { return &File{int(fd), name} }

// Pipe makes a connected pair: what is written to w is read from r.
func Pipe() (r *File, w *File, err error) {
	rfd, wfd, errno := rt.Pipe()
	if errno != 0 {
		return nil, nil, &SyscallError{"pipe2", number(errno)}
	}
	return NewFile(uintptr(rfd), "|0"), NewFile(uintptr(wfd), "|1"), nil
}

func (f *File) Name() string { return f.name }
func (f *File) Fd() uintptr  { return uintptr(f.fd) }

func (f *File) check(op string) error {
	if f == nil {
		return ErrInvalid
	}
	if f.fd < 0 {
		return &PathError{op, f.name, ErrClosed}
	}
	return nil
}

// Close closes the file.
func (f *File) Close() error {
	if err := f.check("close"); err != nil {
		return err
	}
	errno := rt.Close(f.fd)
	f.fd = -1
	if errno != 0 {
		return &PathError{"close", f.name, number(errno)}
	}
	return nil
}

// Write writes all of b.
func (f *File) Write(b []byte) (n int, err error) {
	if err := f.check("write"); err != nil {
		return 0, err
	}
	for n < len(b) {
		m, errno := rt.Write(f.fd, unsafe.Pointer(&b[n]), len(b)-n)
		if errno != 0 {
			return n, &PathError{"write", f.name, number(errno)}
		}
		n += m
	}
	return n, nil
}

// WriteString writes all of s.
func (f *File) WriteString(s string) (n int, err error) {
	return f.Write(unsafe.Slice(unsafe.StringData(s), len(s)))
}

// Read reads up to len(b) bytes; at the end, none and io.EOF.
func (f *File) Read(b []byte) (n int, err error) {
	if err := f.check("read"); err != nil {
		return 0, err
	}
	if len(b) == 0 {
		return 0, nil
	}
	n, errno := rt.Read(f.fd, unsafe.Pointer(&b[0]), len(b))
	switch {
	case errno != 0:
		return 0, &PathError{"read", f.name, number(errno)}
	case n == 0:
		return 0, io.EOF
	}
	return n, nil
}

// Getpagesize is the size of a page of memory.
func Getpagesize() int { return rt.PageSize() }

// Environ is the environment, each variable as name=value.
func Environ() []string { return append([]string(nil), rt.Environ()...) }

func Setenv(key, value string) error {
	if errno := rt.Setenv(key, value, true); errno != 0 {
		return &SyscallError{"setenv", number(errno)}
	}
	return nil
}

func Unsetenv(key string) error {
	if errno := rt.Setenv(key, "", false); errno != 0 {
		return &SyscallError{"unsetenv", number(errno)}
	}
	return nil
}

func Getpid() int { return rt.Getpid() }

// Getwd is the current folder.
func Getwd() (dir string, err error) {
	dir, errno := rt.Getwd()
	if errno != 0 {
		return "", &SyscallError{"getwd", number(errno)}
	}
	return dir, nil
}
