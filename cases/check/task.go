package check

import (
	"runtime"
	"sync/atomic"
)

// A Task is a function under way in a goroutine of its own. Cases use it to show that an operation waits, and for what.
type Task struct{ begun, ended int32 }

// Start runs f in a new goroutine.
func Start(f func()) *Task {
	t := new(Task)
	go func() {
		atomic.StoreInt32(&t.begun, 1)
		f()
		atomic.StoreInt32(&t.ended, 1)
	}()
	return t
}

// Waits gives the task every chance to go on and reports whether it has not ended. Meanwhile one processor runs, so that
// every yield hands it to whatever can run.
func (t *Task) Waits() bool {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	Until(func() bool { return atomic.LoadInt32(&t.begun) != 0 })
	Yields(100)
	return !t.Done()
}

// Done tells whether it has ended.
func (t *Task) Done() bool { return atomic.LoadInt32(&t.ended) != 0 }

// Join waits for the end of the task.
func (t *Task) Join() { Until(t.Done) }

// AtOnce runs two functions, the second in this goroutine, once both goroutines run, and returns when both have ended.
func AtOnce(first, second func()) {
	var begun int32
	meet := func() {
		atomic.AddInt32(&begun, 1)
		Until(func() bool { return atomic.LoadInt32(&begun) == 2 })
	}
	other := Start(func() {
		meet()
		first()
	})
	meet()
	second()
	other.Join()
}
