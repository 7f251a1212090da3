// Package os is what programs need of the system: arguments, environment, files, pipes, exit.
package os

import (
	"gomem/rt"
	"io"
	"unsafe"
)

// Args are the program's name and arguments.
var Args = rt.Args()

// Exit ends the program at once.
func Exit(code int) { rt.Exit(code) }

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
	fd      int
	name    string
	appends bool
}

// The standard streams.
var (
	Stdin  = NewFile(0, "/dev/stdin")
	Stdout = NewFile(1, "/dev/stdout")
	Stderr = NewFile(2, "/dev/stderr")
)

// NewFile makes a File of a descriptor, none of a negative one.
func NewFile(fd uintptr, name string) *File {
	if int(fd) < 0 {
		return nil
	}
	return &File{fd: int(fd), name: name}
}

// Pipe makes a connected pair: what is written to w is read from r.
func Pipe() (r *File, w *File, err error) {
	rfd, wfd, errno := rt.Pipe()
	if errno != 0 {
		return nil, nil, &SyscallError{"pipe2", number(errno)}
	}
	return NewFile(uintptr(rfd), "|0"), NewFile(uintptr(wfd), "|1"), nil
}

func (f *File) Name() string { return f.name }

// Fd is the descriptor, -1 when there is none.
func (f *File) Fd() uintptr {
	if f == nil {
		return ^uintptr(0)
	}
	return uintptr(f.fd)
}

func (f *File) check(op string) error {
	if f == nil {
		return ErrInvalid
	}
	if f.fd < 0 {
		return &PathError{op, f.name, ErrClosed}
	}
	return nil
}

// failed is the error of a system call on a file, which another goroutine may have closed meanwhile.
func (f *File) failed(op string, errno int) error {
	if errno != 0 && f.fd < 0 {
		return f.check(op)
	}
	return failed(op, f.name, errno)
}

// Close closes the file.
func (f *File) Close() error {
	if err := f.check("close"); err != nil {
		return err
	}
	fd := f.fd
	f.fd = -1
	return failed("close", f.name, rt.Close(fd))
}

// Write writes all of b.
func (f *File) Write(b []byte) (n int, err error) {
	if err := f.check("write"); err != nil {
		return 0, err
	}
	for n < len(b) {
		m, errno := rt.Write(f.fd, unsafe.Pointer(&b[n]), len(b)-n)
		if errno != 0 {
			return n, f.failed("write", errno)
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
		return 0, f.failed("read", errno)
	case n == 0:
		return 0, io.EOF
	}
	return n, nil
}

// Getpagesize is the size of a page of memory.
func Getpagesize() int { return rt.PageSize() }

func Getpid() int { return rt.Getpid() }

// Getwd is the current folder.
func Getwd() (dir string, err error) {
	dir, errno := rt.Getwd()
	if errno != 0 {
		return "", &SyscallError{"getwd", number(errno)}
	}
	return dir, nil
}
