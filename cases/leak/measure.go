package leak

// What the leak cases share. A leak is shown by the bytes that are still on the heap after full collections, in units large enough
// that the runtime's own few kilobytes do not matter.

import (
	"runtime"
	"unsafe"

	"gomem/cases/check"
)

const mib = 1 << 20

// retained returns how many bytes more are on the heap after f, and what f returned is what keeps them.
func retained(f func() interface{}) (bytes int, holder interface{}) {
	before := check.LiveBytes()
	holder = f()
	return check.LiveBytes() - before, holder
}

// retains fails the case unless what f returns keeps want bytes, within a sixteenth and 64 KiB.
func retains(what string, want int, f func() interface{}) {
	slack := want/16 + 64<<10
	got, holder := retained(f)
	check.Within("bytes retained by "+what, got, want-slack, want+slack)
	runtime.KeepAlive(holder)
}

// A block holds a pointer and is no tiny object.
type block struct {
	next *block
	id   int
	pad  [2]int
}

func watched(id int) (*block, *check.Watched) {
	b := &block{id: id}
	return b, check.Watch(unsafe.Pointer(b))
}
