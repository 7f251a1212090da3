package reflect

import (
	"gomem/rt"
	"unsafe"
)

// pair is two places whose comparison has begun; circular values lead back to it.
type pair struct {
	a, b unsafe.Pointer
	t    *rt.Type
}

// DeepEqual compares what x and y hold and refer to: pointers by what they point to, slices and maps element by element, functions
// only when both are nil.
func DeepEqual(x, y any) bool {
	a, b := rt.Unpack(x), rt.Unpack(y)
	if a.Type == nil || b.Type == nil {
		return a.Type == b.Type
	}
	return a.Type == b.Type && deep(a.Type, a.Address(), b.Address(), map[pair]bool{})
}

func word(p unsafe.Pointer) unsafe.Pointer { return *(*unsafe.Pointer)(p) }

func deep(t *rt.Type, a, b unsafe.Pointer, seen map[pair]bool) bool {
	if t.Kind == rt.Pointer || t.Kind == rt.Map || t.Kind == rt.Slice {
		k := pair{a, b, t} // two slices of one array may have several lengths
		if t.Kind != rt.Slice {
			k.a, k.b = word(a), word(b)
		}
		if seen[k] {
			return true
		}
		seen[k] = true
	}
	switch t.Kind {
	case rt.Pointer:
		p, q := word(a), word(b)
		return p == q || p != nil && q != nil && deep(t.Elem, p, q, seen)
	case rt.Func:
		return word(a) == nil && word(b) == nil
	case rt.Struct:
		for i := 0; i < int(t.FieldCount); i++ {
			f := t.FieldAt(i)
			if !deep(f.Type, unsafe.Add(a, f.Offset), unsafe.Add(b, f.Offset), seen) {
				return false
			}
		}
		return true
	case rt.Array:
		return deepItems(t.Elem, a, b, int(t.Len), seen)
	case rt.Slice:
		x, y := *(*[]byte)(a), *(*[]byte)(b)
		if (x == nil) != (y == nil) || len(x) != len(y) {
			return false
		}
		p, q := unsafe.Pointer(unsafe.SliceData(x)), unsafe.Pointer(unsafe.SliceData(y))
		return p == q || deepItems(t.Elem, p, q, len(x), seen)
	case rt.Map:
		return deepMaps(t, word(a), word(b), seen)
	case rt.Interface:
		x, y := rt.Dynamic(t, a), rt.Dynamic(t, b)
		if x.Type == nil || y.Type == nil {
			return x.Type == y.Type
		}
		return x.Type == y.Type && deep(x.Type, x.Address(), y.Address(), seen)
	}
	return rt.Load(t, a) == rt.Load(t, b)
}

func deepItems(elem *rt.Type, a, b unsafe.Pointer, n int, seen map[pair]bool) bool {
	for i := 0; i < n; i++ {
		at := uintptr(i) * elem.Size
		if !deep(elem, unsafe.Add(a, at), unsafe.Add(b, at), seen) {
			return false
		}
	}
	return true
}

func deepMaps(t *rt.Type, a, b unsafe.Pointer, seen map[pair]bool) bool {
	if (a == nil) != (b == nil) {
		return false
	}
	if a == b {
		return true
	}
	if mapLen(a) != mapLen(b) {
		return false
	}
	keys, elems, n := rt.MapEntries(t, a)
	for i := 0; i < n; i++ {
		other := rt.MapAccess(t, b, unsafe.Add(keys, uintptr(i)*t.Key.Size))
		if other == nil || !deep(t.Elem, unsafe.Add(elems, uintptr(i)*t.Elem.Size), other, seen) {
			return false
		}
	}
	return true
}
