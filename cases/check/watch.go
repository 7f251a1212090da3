package check

import "runtime"

// watchRounds is how many complete collections Kept waits for, and Collected gives the collector: a conforming one needs
// one, and one more where a finalizer of the case runs first.
const watchRounds = 4

// Collected runs collections until the watched block is gone. When it outlives watchRounds of them the answer is false, and
// where the backend can tell what keeps the block a remark says so.
func (w *Watched) Collected() bool {
	if w.collected() {
		return true
	}
	if way := retainers(w.address()); way != "" {
		Note("the block is kept by", way)
	}
	return false
}

func (w *Watched) collected() bool {
	for i := 0; i < watchRounds; i++ {
		runtime.GC()
		if w.settled() {
			return true
		}
	}
	return false
}

// Kept reports that the watched block outlives watchRounds complete collections.
func (w *Watched) Kept() bool { return !w.collected() }

// Keep stores a value where no compiler can tell that it is never read: what it refers to stays reachable until Drop.
func Keep(v interface{}) { kept = append(kept, v) }

// Drop forgets all that Keep stored.
func Drop() { kept = nil }

var kept []interface{}

// Use tells the compiler that the value is read.
func Use(v interface{}) {
	if v == used {
		unseen = v
	}
}

var used, unseen interface{} = &struct{ _ int }{}, nil
