// Package log prints messages, to the standard error unless told otherwise. Of the flags for dates there are none.
package log

import (
	"fmt"
	"io"
	"os"
	"runtime"
	"strconv"
	"sync"
)

const (
	Ldate = 1 << iota
	Ltime
	Lmicroseconds
	Llongfile
	Lshortfile
	LUTC
	Lmsgprefix
	LstdFlags = Ldate | Ltime
)

// Logger prints a line a message; it may be used by several goroutines.
type Logger struct {
	mu     sync.Mutex
	prefix string
	flags  int
	out    io.Writer
}

func New(out io.Writer, prefix string, flag int) *Logger {
	return &Logger{prefix: prefix, flags: flag, out: out}
}

var std = New(os.Stderr, "", 0)

func Default() *Logger { return std }

func (l *Logger) head(depth int) string {
	place := ""
	if l.flags&(Llongfile|Lshortfile) != 0 {
		_, file, line, ok := runtime.Caller(depth + 1)
		if !ok {
			file, line = "???", 0
		}
		if l.flags&Lshortfile != 0 {
			for i := len(file) - 1; i >= 0; i-- {
				if file[i] == '/' {
					file = file[i+1:]
					break
				}
			}
		}
		place = file + ":" + strconv.Itoa(line) + ": "
	}
	if l.flags&Lmsgprefix != 0 {
		return place + l.prefix
	}
	return l.prefix + place
}

// Output prints s; depth 1 is the caller's place.
func (l *Logger) Output(depth int, s string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	s = l.head(depth) + s
	if s == "" || s[len(s)-1] != '\n' {
		s += "\n"
	}
	_, err := io.WriteString(l.out, s)
	return err
}

func (l *Logger) Print(v ...any)                 { l.Output(2, fmt.Sprint(v...)) }
func (l *Logger) Printf(format string, v ...any) { l.Output(2, fmt.Sprintf(format, v...)) }
func (l *Logger) Println(v ...any)               { l.Output(2, fmt.Sprintln(v...)) }

func (l *Logger) Fatal(v ...any) {
	l.Output(2, fmt.Sprint(v...))
	os.Exit(1)
}

func (l *Logger) Fatalf(format string, v ...any) {
	l.Output(2, fmt.Sprintf(format, v...))
	os.Exit(1)
}

func (l *Logger) Fatalln(v ...any) {
	l.Output(2, fmt.Sprintln(v...))
	os.Exit(1)
}

func (l *Logger) panic(s string) {
	l.Output(3, s)
	panic(s)
}

func (l *Logger) Panic(v ...any)                 { l.panic(fmt.Sprint(v...)) }
func (l *Logger) Panicf(format string, v ...any) { l.panic(fmt.Sprintf(format, v...)) }
func (l *Logger) Panicln(v ...any)               { l.panic(fmt.Sprintln(v...)) }

func (l *Logger) Flags() int            { return l.flags }
func (l *Logger) SetFlags(flag int)     { l.flags = flag }
func (l *Logger) Prefix() string        { return l.prefix }
func (l *Logger) SetPrefix(p string)    { l.prefix = p }
func (l *Logger) Writer() io.Writer     { return l.out }
func (l *Logger) SetOutput(w io.Writer) { l.out = w }

// The functions are the methods of the standard logger.

func Print(v ...any)                 { std.Output(2, fmt.Sprint(v...)) }
func Printf(format string, v ...any) { std.Output(2, fmt.Sprintf(format, v...)) }
func Println(v ...any)               { std.Output(2, fmt.Sprintln(v...)) }

func Fatal(v ...any) {
	std.Output(2, fmt.Sprint(v...))
	os.Exit(1)
}

func Fatalf(format string, v ...any) {
	std.Output(2, fmt.Sprintf(format, v...))
	os.Exit(1)
}

func Fatalln(v ...any) {
	std.Output(2, fmt.Sprintln(v...))
	os.Exit(1)
}

func Panic(v ...any)                 { std.panic(fmt.Sprint(v...)) }
func Panicf(format string, v ...any) { std.panic(fmt.Sprintf(format, v...)) }
func Panicln(v ...any)               { std.panic(fmt.Sprintln(v...)) }

func Flags() int            { return std.flags }
func SetFlags(flag int)     { std.flags = flag }
func Prefix() string        { return std.prefix }
func SetPrefix(p string)    { std.prefix = p }
func Writer() io.Writer     { return std.out }
func SetOutput(w io.Writer) { std.out = w }

// Output is the standard logger's.
func Output(depth int, s string) error { return std.Output(depth+1, s) }
