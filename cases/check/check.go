// Package check is what cases import: assertions, allocation counts, watched blocks, outcomes. It is plain Go (1.17, no
// generics) on the standard packages, so that any toolchain builds it.
//
// The verdict travels to the harness as lines on descriptor 3 (see ../../harness/protocol.h), never on stdout: a case may
// print, flood or close what it likes without touching another verdict. Without a harness (descriptor 3 closed and no
// GOMEM_TOKEN) the lines go to stderr, so that an area executable also serves by hand: `alloc alloc/NewEscapes`.
//
// Elsewhere: stress.go (actors and outcomes), watch*.go (is a block still alive), count.go (allocation counts).
package check

import (
	"os"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
)

// A Case is one row of the table that the harness generates for an area.
type Case struct {
	Name string
	Run  func()
}

var (
	mu     sync.Mutex // guards outcomes
	out    *os.File
	token  string
	failed int32 // atomic
)

// failureLimit bounds the failures that one case reports; the rest are only counted.
const failureLimit = 20

// Main runs the one case named by the first argument and returns when it has returned.
func Main(cases []Case) {
	open()
	if len(os.Args) != 2 {
		usage(cases)
	}
	for i := range cases {
		if cases[i].Name == os.Args[1] {
			say("begin", token)
			cases[i].Run()
			flushOutcomes()
			say("done", token)
			return
		}
	}
	usage(cases)
}

func open() {
	token = os.Getenv("GOMEM_TOKEN")
	out = os.Stderr
	if token != "" {
		out = os.NewFile(3, "verdict")
	}
}

func usage(cases []Case) {
	os.Stderr.WriteString("usage: " + os.Args[0] + " CASE\ncases:\n")
	for i := range cases {
		os.Stderr.WriteString("  " + cases[i].Name + "\n")
	}
	os.Exit(64)
}

// say sends one line to the harness. Lines are short, so the write to a pipe is atomic. What a passing case says takes no more
// from a backend than blocks and slices, so that an allocator alone gets verdicts.
func say(word, rest string) {
	if out == nil {
		open()
	}
	line := make([]byte, 0, len(word)+len(rest)+2)
	line = append(line, word...)
	line = append(line, ' ')
	line = append(line, rest...)
	out.Write(append(line, '\n'))
}

// Fail records a failure of the case, which goes on. The message is the operands, separated by spaces.
func Fail(operands ...interface{}) {
	n := atomic.AddInt32(&failed, 1)
	if n == 1 {
		failing()
	}
	if n <= failureLimit {
		say("fail", oneLine(text(operands))+where())
	}
}

// failing says that a check failed before its text is made: that may take more from a backend than it has.
func failing() { say("failing", "a check failed") }

// Fatal records a failure and ends the process at once.
func Fatal(operands ...interface{}) {
	failing()
	say("fail", oneLine(text(operands))+where())
	os.Exit(1)
}

// Note sends a remark that the report shows with the case's result.
func Note(operands ...interface{}) { say("note", oneLine(text(operands))) }

// That fails the case unless ok.
func That(what string, ok bool) {
	if !ok {
		Fail(what)
	}
}

// Equal fails the case unless got == want. Integers of different types compare by value.
func Equal(what string, got, want interface{}) {
	if !same(got, want) {
		Fail(what+": got", got, "want", want)
	}
}

// Within fails the case unless low <= got <= high.
func Within(what string, got, low, high int) {
	if got < low || got > high {
		Fail(what+": got", got, "want", low, "to", high)
	}
}

// Failed reports whether a check of this case has failed.
func Failed() bool {
	return atomic.LoadInt32(&failed) > 0
}

// Panics calls f and returns what it panicked with, nil when it returned. f must not panic with nil.
func Panics(f func()) (value interface{}) {
	defer func() { value = recover() }()
	f()
	return nil
}

// PanicText calls f, which must panic, and returns the panic value as text: an error's message, a Stringer-free string.
func PanicText(f func()) string {
	v := Panics(f)
	if v == nil {
		return "(no panic)"
	}
	return text([]interface{}{v})
}

// Until waits for a state: it yields until cond holds. There is no deadline here; the watchdog stands outside.
func Until(cond func() bool) {
	for !cond() {
		runtime.Gosched()
	}
}

// CollectUntil runs collections, and yields to the finalizers, until cond holds. The watchdog stands outside here too.
func CollectUntil(cond func() bool) {
	for !cond() {
		runtime.GC()
		Yields(10)
	}
}

// Yields lets other goroutines run n times over: what has not happened after it was not merely late on one processor.
func Yields(n int) {
	for i := 0; i < n; i++ {
		runtime.Gosched()
	}
}

func same(a, b interface{}) bool {
	if x, neg, ok := integer(a); ok {
		if y, negY, okY := integer(b); okY {
			return x == y && neg == negY
		}
	}
	return a == b
}

// integer returns the magnitude bits and sign of any integer value.
func integer(v interface{}) (bits uint64, negative, ok bool) {
	switch v := v.(type) {
	case int:
		return uint64(v), v < 0, true
	case int8:
		return uint64(v), v < 0, true
	case int16:
		return uint64(v), v < 0, true
	case int32:
		return uint64(v), v < 0, true
	case int64:
		return uint64(v), v < 0, true
	case uint:
		return uint64(v), false, true
	case uint8:
		return uint64(v), false, true
	case uint16:
		return uint64(v), false, true
	case uint32:
		return uint64(v), false, true
	case uint64:
		return v, false, true
	case uintptr:
		return uint64(v), false, true
	}
	return 0, false, false
}

func text(operands []interface{}) string {
	s := ""
	for i, v := range operands {
		if i > 0 {
			s += " "
		}
		s += format(v)
	}
	return s
}

func format(v interface{}) string {
	if bits, negative, ok := integer(v); ok {
		if negative {
			return strconv.FormatInt(int64(bits), 10)
		}
		return strconv.FormatUint(bits, 10)
	}
	switch v := v.(type) {
	case nil:
		return "nil"
	case string:
		return v
	case bool:
		return strconv.FormatBool(v)
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64)
	case float32:
		return strconv.FormatFloat(float64(v), 'g', -1, 32)
	case error:
		return v.Error()
	case []byte:
		return strconv.Quote(string(v))
	}
	return "(a value of another type)"
}

// oneLine keeps a message one line of bounded length, as the protocol asks.
func oneLine(s string) string {
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s) && i < 2000; i++ {
		if c := s[i]; c >= ' ' {
			b = append(b, c)
		} else {
			b = append(b, ' ')
		}
	}
	return string(b)
}

// where names the file and line of the check that failed: the first caller outside this package.
func where() string {
	for skip := 2; skip < 8; skip++ {
		_, file, line, ok := runtime.Caller(skip)
		if !ok {
			break
		}
		if dir, base := split(file); dir != "check" {
			return " (" + base + ":" + strconv.Itoa(line) + ")"
		}
	}
	return ""
}

// split returns the last directory and the base name of a path.
func split(path string) (dir, base string) {
	end := len(path)
	for i := len(path) - 1; i >= 0; i-- {
		if path[i] == '/' {
			if base == "" {
				base, end = path[i+1:], i
				continue
			}
			return path[i+1 : end], base
		}
	}
	return path[:end], base
}
