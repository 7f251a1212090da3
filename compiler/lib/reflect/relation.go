package reflect

import "gomem/rt"

// sameUnder tells whether types have the same underlying type; tags may be left out, at any depth.
func sameUnder(a, b *rt.Type, tags bool) bool {
	if a == b {
		return true
	}
	if a.Kind != b.Kind {
		return false
	}
	switch k := Kind(a.Kind); {
	case k >= Bool && k <= Complex128 || k == String || k == UnsafePointer:
		return true
	case k == Array || k == Chan:
		return a.Len == b.Len && same(a.Elem, b.Elem, tags)
	case k == Pointer || k == Slice:
		return same(a.Elem, b.Elem, tags)
	case k == Map:
		return same(a.Key, b.Key, tags) && same(a.Elem, b.Elem, tags)
	case k == Func:
		return sameFunctions(a, b, tags)
	case k == Interface:
		return sameMethods(a, b)
	case k == Struct:
		return sameFields(a, b, tags)
	}
	return false
}

// same tells whether types are identical; tags may be left out.
func same(a, b *rt.Type, tags bool) bool {
	return a == b || a.Flags&rt.Named == 0 && b.Flags&rt.Named == 0 && sameUnder(a, b, tags)
}

func sameList(a, b []*rt.Type, tags bool) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !same(a[i], b[i], tags) {
			return false
		}
	}
	return true
}

func sameFunctions(a, b *rt.Type, tags bool) bool {
	x, y := reflectionOf(a), reflectionOf(b)
	return x != nil && y != nil && x.Variadic == y.Variadic && sameList(x.Params(), y.Params(), tags) &&
		sameList(x.Results(), y.Results(), tags)
}

func sameMethods(a, b *rt.Type) bool {
	if a.MethodCount != b.MethodCount {
		return false
	}
	for i := 0; i < int(a.MethodCount); i++ {
		x, y := a.MethodAt(i), b.MethodAt(i)
		if x.Name != y.Name || x.Package != y.Package || x.Type != y.Type {
			return false
		}
	}
	return true
}

func sameFields(a, b *rt.Type, tags bool) bool {
	if a.FieldCount != b.FieldCount {
		return false
	}
	for i := 0; i < int(a.FieldCount); i++ {
		f, g := of(a).Field(i), of(b).Field(i)
		if f.Name != g.Name || f.PkgPath != g.PkgPath || f.Anonymous != g.Anonymous || tags && f.Tag != g.Tag ||
			!same(f.Type.rt(), g.Type.rt(), tags) {
			return false
		}
	}
	return true
}

// implements tells whether t has the methods of the interface type u.
func implements(t, u *rt.Type) bool {
	if u.Kind != rt.Interface {
		return false
	}
	k := 0
	for i := 0; i < int(u.MethodCount); i++ {
		want := u.MethodAt(i)
		for ; k < int(t.MethodCount); k++ {
			if m := t.MethodAt(k); m.Name == want.Name && m.Package == want.Package {
				break
			}
		}
		if k == int(t.MethodCount) || t.MethodAt(k).Type != want.Type {
			return false
		}
	}
	return true
}

// assignable tells whether a value of type t may be assigned to a variable of type u that is no interface, or of the same type.
func assignable(t, u *rt.Type) bool {
	if t == u {
		return true
	}
	if t.Flags&rt.Named != 0 && u.Flags&rt.Named != 0 || t.Kind != u.Kind {
		return false
	}
	if t.Kind == rt.Chan && ChanDir(t.Len) == BothDir && same(t.Elem, u.Elem, true) {
		return true
	}
	if k := Kind(t.Kind); k >= Bool && k <= Complex128 || k == String || k == UnsafePointer {
		return false // predeclared types have names too
	}
	return sameUnder(t, u, true)
}

func (d *descriptor) Implements(u Type) bool {
	if u == nil {
		panic("reflect: nil type passed to Type.Implements")
	}
	if u.Kind() != Interface {
		panic("reflect: non-interface type passed to Type.Implements")
	}
	return implements(d.rt(), u.rt())
}

func (d *descriptor) AssignableTo(u Type) bool {
	if u == nil {
		panic("reflect: nil type passed to Type.AssignableTo")
	}
	return assignable(d.rt(), u.rt()) || implements(d.rt(), u.rt())
}

func (d *descriptor) ConvertibleTo(u Type) bool {
	if u == nil {
		panic("reflect: nil type passed to Type.ConvertibleTo")
	}
	return conversion(d.rt(), u.rt()) != nil
}

func (d *descriptor) OverflowInt(x int64) bool {
	d.need("OverflowInt", ints...)
	shift := 64 - d.rt().Size*8
	return x<<shift>>shift != x
}

func (d *descriptor) OverflowUint(x uint64) bool {
	d.need("OverflowUint", uints...)
	shift := 64 - d.rt().Size*8
	return x<<shift>>shift != x
}

const maxFloat32 = 0x1p127 * (1 + (1 - 0x1p-23))

func overflows32(x float64) bool {
	if x < 0 {
		x = -x
	}
	return maxFloat32 < x && x <= 0x1p1023*(1+(1-0x1p-52))
}

func (d *descriptor) OverflowFloat(x float64) bool {
	d.need("OverflowFloat", Float32, Float64)
	return d.Kind() == Float32 && overflows32(x)
}

func (d *descriptor) OverflowComplex(x complex128) bool {
	d.need("OverflowComplex", Complex64, Complex128)
	return d.Kind() == Complex64 && (overflows32(real(x)) || overflows32(imag(x)))
}

// yields tells whether the type is that of a range's function with n variables.
func (d *descriptor) yields(n int) bool {
	if d.Kind() != Func || d.NumIn() != 1 || d.NumOut() != 0 {
		return false
	}
	y := d.In(0)
	return y.Kind() == Func && y.NumIn() == n && y.NumOut() == 1 && y.Out(0).Kind() == Bool
}

func (d *descriptor) CanSeq() bool {
	switch k := d.Kind(); k {
	case Array, Slice, Chan, String, Map:
		return true
	case Pointer:
		return d.Elem().Kind() == Array
	default:
		return k >= Int && k <= Uintptr || d.yields(1)
	}
}

func (d *descriptor) CanSeq2() bool {
	switch d.Kind() {
	case Array, Slice, String, Map:
		return true
	case Pointer:
		return d.Elem().Kind() == Array
	}
	return d.yields(2)
}
