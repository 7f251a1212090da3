//go:build go1.19

package layout

// The types of package sync/atomic: LAYOUT.ATOMICTYPE.

import (
	"reflect"
	"sync/atomic"
	"unsafe"

	"gomem/cases/check"
)

type atomicField struct {
	small int32
	wide  atomic.Int64
	tail  byte
	more  atomic.Uint64
}

type aligned struct {
	_    [0]atomic.Int64
	data [12]byte
}

// atomic.Int64 and atomic.Uint64 are 8-aligned on every target, as fields too, and give that alignment to their struct; so
// does a field [0]atomic.Int64.
//
//gomem:case LAYOUT.ATOMICTYPE
func AtomicTypeLayout() {
	var s atomicField
	check.Equal("size of atomic.Int64", unsafe.Sizeof(s.wide), 8)
	check.Equal("alignment of atomic.Int64", unsafe.Alignof(s.wide), 8)
	check.Equal("alignment of atomic.Uint64", unsafe.Alignof(s.more), 8)
	check.Equal("offset behind an int32", unsafe.Offsetof(s.wide), 8)
	check.Equal("offset behind a byte", unsafe.Offsetof(s.more), 24)
	check.Equal("alignment of the struct", unsafe.Alignof(s), 8)
	check.Equal("size of the struct", unsafe.Sizeof(s), 32)
	var a aligned
	check.Equal("alignment by [0]atomic.Int64", unsafe.Alignof(a), 8)
	check.Equal("size rounded up by it", unsafe.Sizeof(a), 16)
	check.Equal("offset of the data", unsafe.Offsetof(a.data), 0)
	check.Equal("alignment of an array of such structs", unsafe.Alignof([3]aligned{}), 8)
	check.Equal("reflected alignment", reflect.TypeOf(s).Align(), 8)
	check.Equal("reflected field alignment", reflect.TypeOf(s).Field(1).Type.FieldAlign(), 8)
	check.Equal("size of atomic.Int32", unsafe.Sizeof(atomic.Int32{}), 4)
	check.Equal("alignment of atomic.Int32", unsafe.Alignof(atomic.Int32{}), 4)
}

var globalAtomic atomicField

// Such words are 8-aligned in place: in globals, locals, blocks and elements, and their operations never panic.
//
//gomem:case LAYOUT.ATOMICTYPE
func AtomicTypePlaces() {
	var local atomicField
	var lone atomic.Int64
	list := make([]atomicField, 5)
	places := []*atomicField{&globalAtomic, &local, &list[1], &list[4], new(atomicField)}
	for _, s := range places {
		check.Equal("address of the first modulo 8", at(unsafe.Pointer(&s.wide))%8, 0)
		check.Equal("address of the second modulo 8", at(unsafe.Pointer(&s.more))%8, 0)
		check.Equal("the sum", s.wide.Add(1<<40), int64(1)<<40)
		check.That("the comparison", s.more.CompareAndSwap(0, 1<<50))
		check.Equal("the word", s.more.Load(), uint64(1)<<50)
	}
	check.Equal("a local word", lone.Add(-1), -1)
	check.Equal("its address modulo 8", at(unsafe.Pointer(&lone))%8, 0)
	for i := 0; i < 50; i++ {
		scraps = append(scraps, make([]byte, 1+i%11))
		a := new(aligned)
		check.Equal("address of an aligned struct modulo 8", at(unsafe.Pointer(a))%8, 0)
		held = append(held, a)
	}
	held, scraps = nil, nil
}
