package os

import (
	"gomem/rt"
	"io"
	"strconv"
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
	return NewFile(uintptr(fd), name), nil
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
	if errno != 0 {
		return 0, &PathError{"seek", f.name, number(errno)}
	}
	return int64(at), nil
}

func failed(op, name string, errno int) error {
	if errno == 0 {
		return nil
	}
	return &PathError{op, name, number(errno)}
}

// Remove removes a file or an empty folder.
func Remove(name string) error { return failed("remove", name, rt.Remove(name)) }

// Mkdir makes a folder.
func Mkdir(name string, perm FileMode) error { return failed("mkdir", name, rt.Mkdir(name, int(perm))) }

func Chdir(dir string) error { return failed("chdir", dir, rt.Chdir(dir)) }

// LinkError is the error of an operation on two files.
type LinkError struct {
	Op, Old, New string
	Err          error
}

func (e *LinkError) Error() string { return e.Op + " " + e.Old + " " + e.New + ": " + e.Err.Error() }
func (e *LinkError) Unwrap() error { return e.Err }

func Rename(oldpath, newpath string) error {
	if errno := rt.Rename(oldpath, newpath); errno != 0 {
		return &LinkError{"rename", oldpath, newpath, number(errno)}
	}
	return nil
}

// MkdirAll makes a folder and those above it.
func MkdirAll(path string, perm FileMode) error {
	for i := 1; i <= len(path); i++ {
		if i < len(path) && path[i] != '/' {
			continue
		}
		if err := Mkdir(path[:i], perm); err != nil && !IsExist(err) {
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
func fresh(dir, pattern string, try func(name string) error) error {
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
	err = fresh(dir, pattern, func(name string) (err error) {
		f, err = OpenFile(name, O_RDWR|O_CREATE|O_EXCL, 0600)
		return err
	})
	return f, err
}

// MkdirTemp makes a new folder.
func MkdirTemp(dir, pattern string) (made string, err error) {
	err = fresh(dir, pattern, func(name string) error {
		made = name
		return Mkdir(name, 0700)
	})
	return made, err
}
