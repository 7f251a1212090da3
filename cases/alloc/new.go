package alloc

// What new and declarations cost: ALLOC.NEW, ALLOC.VAR.

import "gomem/cases/check"

var intSink *int64

// A new(T) whose pointer leaves the function costs one block.
//
//gomem:case ALLOC.NEW
//gomem:needs counts
func NewEscapes() {
	check.Equal("blocks for new(int64)", check.Allocs(func() { intSink = new(int64) }), 1)
}
