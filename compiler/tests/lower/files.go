// Package os: files by place, folders, the environment, and what its errors say.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"testing"
	"time"
)

// nameless says what went wrong, but not with which name, which is new in each run.
func nameless(err error) any {
	if e, ok := err.(*os.PathError); ok {
		return e.Op + ": " + e.Err.Error()
	}
	return err
}

func places(dir string) {
	f, err := os.Create(dir + "/places")
	fmt.Println(err)
	b := make([]byte, 6)
	f.WriteString("hello")
	n, err := f.ReadAt(b, 1)
	fmt.Printf("%d %v %q\n", n, err, b[:n])
	n, err = f.WriteAt([]byte("xyz"), 7)
	fmt.Println(n, err)
	fmt.Println(f.Truncate(9))
	n, err = f.ReadAt(b[:4], 5)
	fmt.Printf("%d %v %q\n", n, err, b[:n])
	n, err = f.WriteAt(b, -1)
	fmt.Println(n, nameless(err))
	n, err = f.ReadAt(b, -1)
	fmt.Println(n, nameless(err), nameless(f.Truncate(-1)))
	at, err := f.Seek(-2, io.SeekEnd)
	fmt.Println(at, err)
	rest, err := io.ReadAll(f)
	fmt.Printf("%q %v\n", rest, err)
	section, err := io.ReadAll(io.NewSectionReader(f, 1, 4))
	fmt.Printf("%q %v\n", section, err)
	fmt.Println(nameless(f.Close()), nameless(f.Close()), f.Fd() == ^uintptr(0))
	_, err = f.ReadAt(b, 0)
	fmt.Println(nameless(err), errors.Is(err, os.ErrClosed))

	f, err = os.OpenFile(dir+"/places", os.O_RDWR|os.O_APPEND, 0)
	fmt.Println(err)
	_, err = f.WriteAt(b, 0)
	fmt.Println(err)
	f.Close()
}

func folders(dir string) {
	fmt.Println(nameless(os.MkdirAll(dir+"/a/b/c", 0o777)), nameless(os.MkdirAll(dir+"/a/b", 0o777)), nameless(os.MkdirAll("", 0o777)))
	fmt.Println(os.WriteFile(dir+"/a/file", []byte("x"), 0o666))
	fmt.Println(nameless(os.MkdirAll(dir+"/a/file", 0o777)), nameless(os.MkdirAll(dir+"/a/file/d", 0o777)))
	err := os.Remove(dir + "/a")
	fmt.Println(nameless(err), os.IsExist(err))
	for _, to := range []string{"/a/b", "/a/file", "/new"} {
		err := os.Rename(dir+"/a/b/c", dir+to)
		fmt.Println(errors.Unwrap(err), os.IsExist(err))
	}
	fmt.Println(errors.Unwrap(os.Rename(dir+"/none", dir+"/a")))
	fmt.Println(os.RemoveAll(dir+"/a"), os.RemoveAll(dir+"/a"), os.RemoveAll("."), os.RemoveAll(""))
	_, err = os.Open(dir + "/a")
	fmt.Println(nameless(err), os.IsNotExist(err), errors.Is(err, os.ErrNotExist))
	wrapped := fmt.Errorf("with more: %w", err)
	fmt.Println(os.IsNotExist(wrapped), errors.Is(wrapped, os.ErrNotExist))
}

func names() {
	_, err := os.Open("a\x00b")
	fmt.Printf("%q\n", err.Error())
	for _, err := range []error{os.Mkdir("a\x00b", 0), os.Remove("a\x00b"), os.Rename("a", "b\x00c"), os.Chdir("\x00")} {
		fmt.Println(err != nil, errors.Unwrap(err))
	}
	_, err = os.CreateTemp("", "a/b")
	fmt.Println(err)
	_, err = os.MkdirTemp("", "/*")
	fmt.Println(err)
	var none *os.File
	fmt.Println(none.Close(), none.Fd() == ^uintptr(0), os.NewFile(^uintptr(0), "none") == nil)
	for _, err := range []error{os.ErrPermission, &os.SyscallError{Syscall: "x", Err: os.ErrPermission}, os.ErrExist, nil} {
		fmt.Println(os.IsPermission(err), os.IsExist(err), os.IsNotExist(err))
	}
}

func environment() {
	fmt.Println(os.Setenv("", "x"), os.Setenv("a=b", "x"), os.Setenv("a\x00", "x"), os.Setenv("a", "x\x00y"))
	os.Clearenv()
	fmt.Println(len(os.Environ()))
	os.Setenv("NAME", "value")
	os.Setenv("1", "one")
	for _, s := range []string{"$NAME-${NAME}$NAME.", "$ ${} $$ $*x ${1}$1x", "${NAME", "$", "$NAMES|$NAME_|", "${a b}ä$ä", "{$NAME}"} {
		fmt.Printf("%q\n", os.ExpandEnv(s))
	}
	fmt.Printf("%q\n", os.Expand("$a ${b c}$9", func(s string) string { return "<" + s + ">" }))
}

func within(t *testing.T) {
	dir, other := t.TempDir(), t.TempDir()
	fmt.Println(dir != other)
	places(dir)
	folders(dir)
	before, _ := os.Getwd()
	t.Run("below", func(t *testing.T) {
		t.Chdir(dir)
		fmt.Println(os.WriteFile("here", nil, 0o666))
	})
	after, _ := os.Getwd()
	_, err := os.ReadFile(dir + "/here")
	fmt.Println(before == after, err)
	kept = dir
}

var kept string

func afterwards(t *testing.T) {
	_, err := os.Open(kept)
	fmt.Println(os.IsNotExist(err))
	names()
	environment()
}

func instants(t *testing.T) {
	const most = time.Duration(1<<63 - 1)
	var zero time.Time
	now, before := time.Now(), time.Unix(-9e9, 0)
	fmt.Println(zero.Unix(), zero.UnixMilli(), zero.UnixMicro(), time.UnixMicro(-1500001).UnixMilli())
	fmt.Println(now.Sub(zero) == most, zero.Sub(now), time.Unix(9e9, 0).Sub(before), before.Sub(time.Unix(9e9, 0)))
	fmt.Println(now.Add(most).After(now), before.Before(now), zero.Before(before), zero.Equal(zero), time.Unix(0, 5).Equal(time.Unix(0, 5)))
	fmt.Println((most - 1).Round(most), (2 - most).Round(most), time.Duration(1<<62).Round(1<<62+1))
}

func main() {
	tests := []testing.InternalTest{{"within", within}, {"afterwards", afterwards}, {"instants", instants}}
	testing.Main(func(pattern, name string) (bool, error) { return true, nil }, tests, nil, nil)
}
