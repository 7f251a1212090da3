package lock

// A task is a function under way in a goroutine of its own. Cases use it to show that an operation waits, and for what.
// There are no cases in this file.

import (
	"runtime"
	"sync/atomic"

	"gomem/cases/check"
)

type task struct{ begun, ended int32 }

// start runs f in a new goroutine.
func start(f func()) *task {
	t := new(task)
	go func() {
		atomic.StoreInt32(&t.begun, 1)
		f()
		atomic.StoreInt32(&t.ended, 1)
	}()
	return t
}

// waits gives the task every chance to go on and reports whether it has not ended. Meanwhile one processor runs, so that
// every yield hands it to whatever can run.
func (t *task) waits() bool {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	check.Until(func() bool { return atomic.LoadInt32(&t.begun) != 0 })
	check.Yields(100)
	return !t.done()
}

func (t *task) done() bool { return atomic.LoadInt32(&t.ended) != 0 }

// join waits for the end of the task.
func (t *task) join() { check.Until(t.done) }
