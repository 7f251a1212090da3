// Package weak has pointers that do not keep what they point to.
package weak

import (
	"gomem/rt"
	"unsafe"
)

// Pointer points weakly to a T. Two are equal when they were made of equal pointers, also after the value is gone.
type Pointer[T any] struct {
	_      [0]*T
	handle unsafe.Pointer // of the block, one per block
	offset uintptr        // of the pointer in the block
}

// Make makes a weak pointer of ptr; of nil, the zero one.
func Make[T any](ptr *T) Pointer[T] {
	if ptr == nil {
		return Pointer[T]{}
	}
	handle := rt.WeakMake(unsafe.Pointer(ptr))
	offset := uintptr(unsafe.Pointer(ptr)) - uintptr(rt.WeakGet(handle))
	return Pointer[T]{handle: handle, offset: offset}
}

// Value gives the pointer back, nil once the value is gone.
func (p Pointer[T]) Value() *T {
	if p.handle == nil {
		return nil
	}
	block := rt.WeakGet(p.handle)
	if block == nil {
		return nil
	}
	return (*T)(unsafe.Add(block, p.offset))
}
