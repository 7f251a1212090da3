// Package testing has tests and benchmarks, as far as a program that has them in its main package runs them itself: RunTests, Main and
// Benchmark. How gomem-bench runs benchmarks, and how often, is decided outside the program (serve.go).
package testing

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync"
)

// common is what tests and benchmarks can both do.
type common struct {
	mu       sync.Mutex
	name     string
	failed   bool
	skipped  bool
	log      []string
	placed   bool // messages begin with their place
	cleanups []func()
}

// TB is T or B.
type TB interface {
	Chdir(dir string)
	Cleanup(func())
	Error(args ...any)
	Errorf(format string, args ...any)
	Fail()
	FailNow()
	Failed() bool
	Fatal(args ...any)
	Fatalf(format string, args ...any)
	Helper()
	Log(args ...any)
	Logf(format string, args ...any)
	Name() string
	Setenv(key, value string)
	Skip(args ...any)
	SkipNow()
	Skipf(format string, args ...any)
	Skipped() bool
	TempDir() string
	say(text string)
}

func (c *common) Name() string { return c.name }

// Helper changes nothing: a message's place is that of the call that made it.
func (c *common) Helper() {}

// Cleanup has f called when the run is over, the last one first.
func (c *common) Cleanup(f func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.cleanups = append(c.cleanups, f)
}

func (c *common) clean() {
	for {
		c.mu.Lock()
		n := len(c.cleanups)
		if n == 0 {
			c.mu.Unlock()
			return
		}
		f := c.cleanups[n-1]
		c.cleanups = c.cleanups[:n-1]
		c.mu.Unlock()
		f()
	}
}

// Setenv sets a variable of the environment until the run is over.
func (c *common) Setenv(key, value string) {
	old, had := os.LookupEnv(key)
	c.need(os.Setenv(key, value))
	c.Cleanup(func() {
		if had {
			os.Setenv(key, old)
		} else {
			os.Unsetenv(key)
		}
	})
}

// need ends the run when what it needs went wrong.
func (c *common) need(err error) {
	if err != nil {
		c.say(err.Error())
		c.FailNow()
	}
}

// Chdir changes the current folder until the run is over.
func (c *common) Chdir(dir string) {
	old, err := os.Getwd()
	c.need(err)
	c.need(os.Chdir(dir))
	c.Cleanup(func() {
		if err := os.Chdir(old); err != nil {
			panic(err)
		}
	})
}

// TempDir is a new folder each time, which goes when the run is over.
func (c *common) TempDir() string {
	dir, err := os.MkdirTemp("", "test")
	c.need(err)
	c.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			c.Errorf("TempDir RemoveAll cleanup: %v", err)
		}
	})
	return dir
}

// say keeps the text of a message.
func (c *common) say(text string) {
	text = strings.TrimSuffix(text, "\n")
	if c.placed {
		_, file, line, _ := runtime.Caller(2)
		text = fmt.Sprintf("%s:%d: %s", file[strings.LastIndexByte(file, '/')+1:], line, text)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.log = append(c.log, text)
}

// Log keeps a message for the case that the run fails.
func (c *common) Log(args ...any)                 { c.say(fmt.Sprintln(args...)) }
func (c *common) Logf(format string, args ...any) { c.say(fmt.Sprintf(format, args...)) }

// Fail and Error mark the run as failed, FailNow and Fatal end it too.
func (c *common) Fail() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.failed = true
}

func (c *common) FailNow() {
	c.Fail()
	runtime.Goexit()
}

func (c *common) Error(args ...any) {
	c.say(fmt.Sprintln(args...))
	c.Fail()
}

func (c *common) Errorf(format string, args ...any) {
	c.say(fmt.Sprintf(format, args...))
	c.Fail()
}

func (c *common) Fatal(args ...any) {
	c.say(fmt.Sprintln(args...))
	c.FailNow()
}

func (c *common) Fatalf(format string, args ...any) {
	c.say(fmt.Sprintf(format, args...))
	c.FailNow()
}

// SkipNow and Skip end the run without a result.
func (c *common) SkipNow() {
	c.mu.Lock()
	c.skipped = true
	c.mu.Unlock()
	runtime.Goexit()
}

func (c *common) Skip(args ...any) {
	c.say(fmt.Sprintln(args...))
	c.SkipNow()
}

func (c *common) Skipf(format string, args ...any) {
	c.say(fmt.Sprintf(format, args...))
	c.SkipNow()
}

func (c *common) Failed() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.failed
}

func (c *common) Skipped() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.skipped
}

// Init, Short, Verbose and Testing are what they are when nobody asks for anything.
func Init()         {}
func Short() bool   { return false }
func Verbose() bool { return false }
func Testing() bool { return true }
