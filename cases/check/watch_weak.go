//go:build go1.24

package check

import (
	"unsafe"
	"weak"
)

// Watched tells whether a block is still alive, without keeping it alive.
type Watched struct{ p weak.Pointer[byte] }

// Watch watches the block that p points to the start of.
func Watch(p unsafe.Pointer) *Watched { return &Watched{weak.Make((*byte)(p))} }

// address is that of the block, as a number that does not keep it.
func (w *Watched) address() uintptr { return uintptr(unsafe.Pointer(w.p.Value())) }

func (w *Watched) settled() bool { return w.p.Value() == nil }
