package testing

import (
	"fmt"
	"os"
	"strings"
	"time"
)

// T is a run of a test.
type T struct {
	common
	parent   *T
	began    time.Time
	spent    time.Duration
	paused   chan bool   // to the parent: it goes on without waiting
	released chan bool   // closed when the parent's function has returned
	parallel []chan bool // each of a test below that waits for that, and ends then
	reports  []*T        // of tests below, which failed
}

// InternalTest is a test by its name.
type InternalTest struct {
	Name string
	F    func(*T)
}

// InternalExample is an example, which is not run.
type InternalExample struct {
	Name, Output string
	F            func()
	Unordered    bool
}

func newTest(name string, parent *T) *T {
	return &T{common: common{name: name, placed: true}, parent: parent, paused: make(chan bool), released: make(chan bool)}
}

// runs calls f on a goroutine of its own, so that it can be left from anywhere. It returns when f is over, or lets others go first
// (Parallel); ended is closed when the test is over, with those below it.
func (t *T) runs(f func(*T)) (ended chan bool) {
	ended = make(chan bool)
	go func() {
		returned := false
		defer func() {
			if !returned {
				if r := recover(); r != nil {
					t.Fail()
					t.report("")
					panic(r)
				}
				if !t.Failed() && !t.Skipped() {
					t.Fail() // left by runtime.Goexit
				}
			}
			t.spent += time.Since(t.began)
			close(t.released)
			for _, below := range t.parallel {
				<-below
			}
			t.clean()
			if t.parent != nil && t.Failed() {
				t.parent.Fail()
				t.parent.told(t)
			}
			close(ended)
		}()
		t.began = time.Now()
		f(t)
		returned = true
	}()
	select {
	case <-ended:
	case <-t.paused:
		t.parent.parallel = append(t.parent.parallel, ended)
	}
	return ended
}

// told is called by a test below t that failed. What is not below another test is reported at once.
func (t *T) told(below *T) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.parent == nil {
		below.report("")
	} else {
		t.reports = append(t.reports, below)
	}
}

// Run runs a test below t and tells whether it has not failed so far.
func (t *T) Run(name string, f func(t *T)) bool {
	sub := newTest(t.name+"/"+strings.ReplaceAll(name, " ", "_"), t)
	sub.runs(f)
	return !sub.Failed()
}

// Parallel has the tests of one parent that call it run together, once the parent's function has returned.
func (t *T) Parallel() {
	if t.parent == nil {
		return
	}
	t.spent += time.Since(t.began)
	t.paused <- true
	<-t.parent.released
	t.began = time.Now()
}

func (t *T) report(indent string) {
	fmt.Printf("%s--- FAIL: %s (%.2fs)\n", indent, t.name, t.spent.Seconds())
	for _, below := range t.reports {
		below.report(indent + "    ")
	}
	for _, line := range t.log {
		fmt.Printf("%s    %s\n", indent, strings.ReplaceAll(line, "\n", "\n"+indent+"        "))
	}
}

// RunTests runs the tests whose names match, "" being the pattern, and prints those that fail.
func RunTests(match func(pattern, name string) (bool, error), tests []InternalTest) (ok bool) {
	all := newTest("", nil)
	<-all.runs(func(all *T) {
		for _, x := range tests {
			if matched, err := match("", x.Name); err != nil || !matched {
				continue
			}
			newTest(x.Name, all).runs(x.F)
		}
	})
	return !all.Failed()
}

// Main runs tests and ends the program: with status 0 when none fails, else 1. Benchmarks and examples are left.
func Main(match func(pattern, name string) (bool, error), tests []InternalTest, benchmarks []InternalBenchmark, examples []InternalExample) {
	if !RunTests(match, tests) {
		fmt.Println("FAIL")
		os.Exit(1)
	}
	fmt.Println("PASS")
	os.Exit(0)
}
