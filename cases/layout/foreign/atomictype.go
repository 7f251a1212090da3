//go:build go1.19

package foreign

import (
	"sync/atomic"
	"unsafe"
)

// atomic.Int64 and atomic.Uint64 are 8-aligned on every target, and lend their alignment to a struct.
//
//gomem:case LAYOUT.ATOMICTYPE
//gomem:compile linux/386 linux/arm linux/arm64 linux/mips js/wasm
func ForeignAtomicType() {}

var _ [8]struct{} = [unsafe.Alignof(atomic.Int64{})]struct{}{}
var _ [8]struct{} = [unsafe.Alignof(atomic.Uint64{})]struct{}{}
var _ [8]struct{} = [unsafe.Offsetof(atomicField{}.b)]struct{}{}
var _ [24]struct{} = [unsafe.Sizeof(atomicField{})]struct{}{}
var _ [8]struct{} = [unsafe.Alignof(alignedBytes{})]struct{}{}
var _ [16]struct{} = [unsafe.Sizeof(alignedBytes{})]struct{}{}

type atomicField struct {
	a int32
	b atomic.Int64
	c byte
}

type alignedBytes struct {
	_ [0]atomic.Int64
	b [12]byte
}
