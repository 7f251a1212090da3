package final

// How misuse of finalizers ends a program: FINAL.START.TEXT, FINAL.TYPE.TEXT, FINAL.TWICE.TEXT, FINAL.NILARG.TEXT, FINAL.PANIC. None of
// these deaths can be recovered but the panic, and that only in the finalizer itself.

import (
	"runtime"

	"gomem/cases/check"
)

// notRecovered runs f, which must end the program.
func notRecovered(f func()) {
	check.Fatal("SetFinalizer returned or panicked with", check.Panics(f))
}

// A pointer to a later field is not accepted.
//
//gomem:case FINAL.START.TEXT
//gomem:needs finalizers
//gomem:exit 2
//gomem:stderr runtime.SetFinalizer: pointer not at beginning of allocated block
func InteriorIsRefused() {
	notRecovered(func() { runtime.SetFinalizer(&newObject(1).text, func(*string) {}) })
}

// A pointer to the second element of an array is not accepted either.
//
//gomem:case FINAL.START.TEXT
//gomem:needs finalizers
//gomem:exit 2
//gomem:stderr fatal error: runtime.SetFinalizer: pointer not at beginning of allocated block
func SecondElementIsRefused() {
	s := make([]*object, 4)
	check.Keep(s)
	notRecovered(func() { runtime.SetFinalizer(&s[1], func(**object) {}) })
}

// A pointer to the first field is the block's start and is accepted.
//
//gomem:case FINAL.RUNS
//gomem:needs finalizers
func FirstFieldIsAccepted() {
	var ran counter
	func() { runtime.SetFinalizer(&newObject(1).next, func(**object) { ran.add() }) }()
	check.CollectUntil(func() bool { return ran.get() == 1 })
}

// A function of another parameter type is refused, the types are named.
//
//gomem:case FINAL.TYPE.TEXT
//gomem:needs finalizers
//gomem:exit 2
//gomem:stderr runtime.SetFinalizer: cannot pass *final.object to finalizer func(int)
func WrongTypeIsRefused() {
	notRecovered(func() { runtime.SetFinalizer(newObject(1), func(int) {}) })
}

// A function without a parameter is refused.
//
//gomem:case FINAL.TYPE.TEXT
//gomem:needs finalizers
//gomem:exit 2
//gomem:stderr runtime.SetFinalizer: cannot pass *final.object to finalizer func()
func NoParameterIsRefused() {
	notRecovered(func() { runtime.SetFinalizer(newObject(1), func() {}) })
}

// An interface that the pointer does not implement is refused.
//
//gomem:case FINAL.TYPE.TEXT
//gomem:needs finalizers
//gomem:exit 2
//gomem:stderr runtime.SetFinalizer: cannot pass *final.object to finalizer func(error)
func WrongInterfaceIsRefused() {
	notRecovered(func() { runtime.SetFinalizer(newObject(1), func(error) {}) })
}

// A second finalizer on the same object is refused.
//
//gomem:case FINAL.TWICE.TEXT
//gomem:needs finalizers
//gomem:exit 2
//gomem:stderr runtime.SetFinalizer: finalizer already set
func TwiceIsRefused() {
	o := newObject(1)
	runtime.SetFinalizer(o, func(*object) {})
	notRecovered(func() { runtime.SetFinalizer(o, func(*object) {}) })
}

// A nil first argument is refused.
//
//gomem:case FINAL.NILARG.TEXT
//gomem:needs finalizers
//gomem:exit 2
//gomem:stderr runtime.SetFinalizer: first argument is nil
func NilIsRefused() {
	notRecovered(func() { runtime.SetFinalizer(nil, func(*object) {}) })
}

// A panic that leaves a finalizer ends the program, with status 2 and no deferred call of another goroutine.
//
//gomem:case FINAL.PANIC
//gomem:needs finalizers
//gomem:exit 2
//gomem:stderr panic: from the finalizer
func PanicEndsProgram() {
	defer check.Fail("a deferred call of the case ran")
	func() { runtime.SetFinalizer(newObject(1), func(*object) { panic("from the finalizer") }) }()
	check.CollectUntil(func() bool { return false })
}

// A panic that the finalizer itself recovers does no harm: later finalizers run.
//
//gomem:case FINAL.PANIC
//gomem:needs finalizers
func RecoveredPanicIsHarmless() {
	var recovered, later counter
	func() {
		runtime.SetFinalizer(newObject(1), func(*object) {
			defer func() {
				if recover() == "from the finalizer" {
					recovered.add()
				}
			}()
			panic("from the finalizer")
		})
	}()
	check.CollectUntil(func() bool { return recovered.get() == 1 })
	func() { runtime.SetFinalizer(newObject(2), func(*object) { later.add() }) }()
	check.CollectUntil(func() bool { return later.get() == 1 })
}
