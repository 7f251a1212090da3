package final

// What the finalizer cases share. Objects hold a pointer and are larger than 16 bytes, so that none shares a tiny block. They are made
// in functions of their own, so that no variable of the case still refers to them.

import (
	"runtime"
	"sync/atomic"

	"gomem/cases/check"
)

// An object can be recognised, and refer to another.
type object struct {
	next *object
	id   int
	text string
}

func newObject(id int) *object { return &object{id: id, text: "object"} }

func (o *object) is(id int) bool { return o != nil && o.id == id && o.text == "object" }

// A counter counts what finalizers did.
type counter struct{ n int32 }

func (c *counter) add()     { atomic.AddInt32(&c.n, 1) }
func (c *counter) get() int { return int(atomic.LoadInt32(&c.n)) }

// drain runs collections until every finalizer has run that was due at the call: finalizers set later run later, as long as
// there is one goroutine for all of them, and each round's marker is queued no sooner than what was due before it.
func drain() {
	for i := 0; i < 3; i++ {
		var passed counter
		func() {
			o := newObject(-1)
			runtime.SetFinalizer(o, func(*object) { passed.add() })
		}()
		check.CollectUntil(func() bool { return passed.get() > 0 })
	}
}
