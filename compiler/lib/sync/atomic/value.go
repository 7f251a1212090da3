package atomic

import (
	"gomem/rt"
	"unsafe"
)

// Value holds any value of one concrete type, the first one stored.
//
// The type word is nil before the first store, `storing` during it and the type ever after; the data word is published before
// the type and read after it.
type Value struct {
	v any
}

// storing is the type word while the first store is under way.
var storing rt.Type

func words(p *any) (typ, data *unsafe.Pointer) {
	e := (*rt.Eface)(unsafe.Pointer(p))
	return (*unsafe.Pointer)(unsafe.Pointer(&e.Type)), &e.Data
}

// Load returns the value stored last, nil before the first.
func (v *Value) Load() (val any) {
	typ, data := words(&v.v)
	t := LoadPointer(typ)
	if t == nil || t == unsafe.Pointer(&storing) {
		return nil
	}
	return rt.Pack((*rt.Type)(t), LoadPointer(data))
}

// first makes val the first value; false when another was quicker.
func (v *Value) first(val *rt.Eface) bool {
	typ, data := words(&v.v)
	if !CompareAndSwapPointer(typ, nil, unsafe.Pointer(&storing)) {
		return false
	}
	StorePointer(data, val.Data)
	StorePointer(typ, unsafe.Pointer(val.Type))
	return true
}

// settled waits until the first store is over and tells whether there was one.
func (v *Value) settled() (t *rt.Type, stored bool) {
	typ, _ := words(&v.v)
	for {
		switch p := LoadPointer(typ); p {
		case nil:
			return nil, false
		case unsafe.Pointer(&storing):
			rt.Yield()
		default:
			return (*rt.Type)(p), true
		}
	}
}

// Store sets the value.
func (v *Value) Store(val any) {
	if val == nil {
		panic("sync/atomic: store of nil value into Value")
	}
	e := rt.Unpack(val)
	for {
		t, stored := v.settled()
		if !stored && v.first(&e) {
			return
		}
		if !stored {
			continue
		}
		if t != e.Type {
			panic("sync/atomic: store of inconsistently typed value into Value")
		}
		_, data := words(&v.v)
		StorePointer(data, e.Data)
		return
	}
}

// Swap sets the value and returns the one before, nil when there was none.
func (v *Value) Swap(new any) (old any) {
	if new == nil {
		panic("sync/atomic: swap of nil value into Value")
	}
	e := rt.Unpack(new)
	for {
		t, stored := v.settled()
		if !stored && v.first(&e) {
			return nil
		}
		if !stored {
			continue
		}
		if t != e.Type {
			panic("sync/atomic: swap of inconsistently typed value into Value")
		}
		_, data := words(&v.v)
		return rt.Pack(t, SwapPointer(data, e.Data))
	}
}

// CompareAndSwap sets the value to new when it is old.
func (v *Value) CompareAndSwap(old, new any) (swapped bool) {
	if new == nil {
		panic("sync/atomic: compare and swap of nil value into Value")
	}
	o, n := rt.Unpack(old), rt.Unpack(new)
	if old != nil && o.Type != n.Type {
		panic("sync/atomic: compare and swap of inconsistently typed values")
	}
	for {
		t, stored := v.settled()
		if !stored {
			if old != nil {
				return false
			}
			if v.first(&n) {
				return true
			}
			continue
		}
		if t != n.Type {
			panic("sync/atomic: compare and swap of inconsistently typed value into Value")
		}
		_, data := words(&v.v)
		p := LoadPointer(data)
		if rt.Pack(t, p) != old {
			return false
		}
		return CompareAndSwapPointer(data, p, n.Data)
	}
}
