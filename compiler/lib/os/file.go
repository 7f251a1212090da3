package os

import (
	"errors"
	"gomem/rt"
	"io"
	"strconv"
	"unsafe"
)

// How OpenFile opens a file.
const (
	O_RDONLY = 0
	O_WRONLY = 1
	O_RDWR   = 2
	O_CREATE = 0x40
	O_EXCL   = 0x80
	O_TRUNC  = 0x200
	O_APPEND = 0x400
)

// FileMode is what may be done with a file, as the system's bits.
type FileMode uint32

// ModePerm are the bits of permission.
const ModePerm FileMode = 0777

// OpenFile opens a file as the flags say.
func OpenFile(name string, flag int, perm FileMode) (*File, error) {
	fd, errno := rt.Open(name, flag, int(perm))
	if errno != 0 {
		return nil, &PathError{"open", name, number(errno)}
	}
	f := NewFile(uintptr(fd), name)
	f.appends = flag&O_APPEND != 0
	return f, nil
}

// Open opens a file to read it.
func Open(name string) (*File, error) { return OpenFile(name, O_RDONLY, 0) }

// Create makes an empty file, or empties it.
func Create(name string) (*File, error) { return OpenFile(name, O_RDWR|O_CREATE|O_TRUNC, 0666) }

// ReadFile is all that a file holds.
func ReadFile(name string) ([]byte, error) {
	f, err := Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(f)
}

// WriteFile makes data all that a file holds.
func WriteFile(name string, data []byte, perm FileMode) error {
	f, err := OpenFile(name, O_WRONLY|O_CREATE|O_TRUNC, perm)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if closing := f.Close(); err == nil {
		err = closing
	}
	return err
}

// Seek moves the place of the next read or write.
func (f *File) Seek(offset int64, whence int) (int64, error) {
	if err := f.check("seek"); err != nil {
		return 0, err
	}
	at, errno := rt.Seek(f.fd, int(offset), whence)
	return int64(at), f.failed("seek", errno)
}

// at checks what a transfer at a place of the file needs.
func (f *File) at(op string, offset int64) error {
	if f != nil && offset < 0 {
		return &PathError{op + "at", f.name, errors.New("negative offset")}
	}
	return f.check(op)
}

// ReadAt reads all of b from a place of the file; io.EOF when that ends before.
func (f *File) ReadAt(b []byte, offset int64) (n int, err error) {
	if err := f.at("read", offset); err != nil {
		return 0, err
	}
	for n < len(b) {
		m, errno := rt.ReadAt(f.fd, unsafe.Pointer(&b[n]), len(b)-n, offset+int64(n))
		if errno != 0 {
			return n, f.failed("read", errno)
		}
		if m == 0 {
			return n, io.EOF
		}
		n += m
	}
	return n, nil
}

// WriteAt writes all of b to a place of the file.
func (f *File) WriteAt(b []byte, offset int64) (n int, err error) {
	if f != nil && f.appends {
		return 0, errors.New("os: invalid use of WriteAt on file opened with O_APPEND")
	}
	if err := f.at("write", offset); err != nil {
		return 0, err
	}
	for n < len(b) {
		m, errno := rt.WriteAt(f.fd, unsafe.Pointer(&b[n]), len(b)-n, offset+int64(n))
		if errno != 0 {
			return n, f.failed("write", errno)
		}
		n += m
	}
	return n, nil
}

// Truncate makes the file size bytes long.
func (f *File) Truncate(size int64) error {
	if err := f.check("truncate"); err != nil {
		return err
	}
	return f.failed("truncate", rt.Truncate(f.fd, size))
}

func failed(op, name string, errno int) error {
	if errno == 0 {
		return nil
	}
	return &PathError{op, name, number(errno)}
}

// Remove removes a file or an empty folder.
func Remove(name string) error { return failed("remove", name, rt.Remove(name)) }

// RemoveAll removes what path names, a folder with all that it holds; when nothing is there, that is no error.
func RemoveAll(path string) error {
	if path == "." || len(path) > 1 && path[len(path)-2:] == "/." {
		return &PathError{"RemoveAll", path, invalid}
	}
	return failed("unlinkat", path, rt.RemoveAll(path))
}

// Mkdir makes a folder.
func Mkdir(name string, perm FileMode) error { return failed("mkdir", name, rt.Mkdir(name, int(perm))) }

func Chdir(dir string) error { return failed("chdir", dir, rt.Chdir(dir)) }

// Rename gives a file or folder another name, in place of a file that has it but of no folder.
func Rename(oldpath, newpath string) error {
	errno := int(exists)
	if _, missing := rt.Readlink(oldpath); number(missing) == noEntry || !rt.IsFolder(newpath, false) {
		errno = rt.Rename(oldpath, newpath)
	}
	if errno != 0 {
		return &LinkError{"rename", oldpath, newpath, number(errno)}
	}
	return nil
}

// MkdirAll makes a folder and those above it.
func MkdirAll(path string, perm FileMode) error {
	if path == "" {
		return Mkdir(path, perm)
	}
	for i := 1; i <= len(path); i++ {
		if i < len(path) && path[i] != '/' {
			continue
		}
		err := Mkdir(path[:i], perm)
		if IsExist(err) {
			err = nil
			if !rt.IsFolder(path[:i], true) {
				err = &PathError{"mkdir", path[:i], noFolder}
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// TempDir is where temporary files belong.
func TempDir() string {
	if dir := Getenv("TMPDIR"); dir != "" {
		return dir
	}
	return "/tmp"
}

// fresh calls try with names made of pattern, whose last * is replaced, until one is new.
func fresh(op, dir, pattern string, try func(name string) error) error {
	for i := range len(pattern) {
		if pattern[i] == '/' {
			return &PathError{op, pattern, errors.New("pattern contains path separator")}
		}
	}
	if dir == "" {
		dir = TempDir()
	}
	head, tail := pattern, ""
	for i := len(pattern) - 1; i >= 0; i-- {
		if pattern[i] == '*' {
			head, tail = pattern[:i], pattern[i+1:]
			break
		}
	}
	for seed := uint64(rt.Wall()); ; seed = seed*6364136223846793005 + 1442695040888963407 {
		err := try(dir + "/" + head + strconv.FormatUint(seed>>32, 10) + tail)
		if !IsExist(err) {
			return err
		}
	}
}

// CreateTemp makes a new file.
func CreateTemp(dir, pattern string) (f *File, err error) {
	err = fresh("createtemp", dir, pattern, func(name string) (err error) {
		f, err = OpenFile(name, O_RDWR|O_CREATE|O_EXCL, 0600)
		return err
	})
	return f, err
}

// MkdirTemp makes a new folder.
func MkdirTemp(dir, pattern string) (made string, err error) {
	err = fresh("mkdirtemp", dir, pattern, func(name string) error {
		made = name
		return Mkdir(name, 0700)
	})
	return made, err
}
