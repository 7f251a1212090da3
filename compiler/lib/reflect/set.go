package reflect

import (
	"gomem/rt"
	"strconv"
	"unsafe"
)

func (v Value) settable(method string) {
	if v.t == nil {
		v.fail(method)
	}
	if v.flag&closed != 0 {
		panic("reflect: reflect.Value." + method + " using value obtained using unexported field")
	}
	if v.flag&addressable == 0 {
		panic("reflect: reflect.Value." + method + " using unaddressable value")
	}
}

// as is v as a value of type t, to which it must be assignable.
func (v Value) as(what string, t *rt.Type) Value {
	if v.t == nil {
		panic(what + ": value is the zero Value")
	}
	if v.method() >= 0 {
		v = v.bound()
	}
	switch {
	case assignable(v.t, t):
		return Value{t, v.p, v.flag}
	case t.Kind == rt.Interface && v.t.Kind == rt.Interface && v.IsNil() && implements(v.t, t):
		return fresh(t)
	case implements(v.t, t):
		return v.inside(t)
	}
	panic(what + ": value of type " + v.t.Name + " is not assignable to type " + t.Name)
}

// inside is v held by an interface of type t, whose methods its dynamic type has.
func (v Value) inside(t *rt.Type) Value {
	w := fresh(t)
	e := rt.Unpack(rt.Load(v.t, v.p))
	if t.MethodCount > 0 && e.Type != nil {
		e.Type = (*rt.Type)(rt.Itab(t, e.Type))
	}
	*(*rt.Eface)(w.p) = e
	return w
}

// Set gives the variable that v is the value x.
func (v Value) Set(x Value) {
	v.settable("Set")
	x.open("Set")
	x = x.as("reflect.Set", v.t)
	rt.TypedCopy(v.t, v.p, x.p, 1)
}

// SetZero sets v to its type's zero value.
func (v Value) SetZero() {
	v.settable("SetZero")
	rt.TypedCopy(v.t, v.p, rt.NewObject(v.t), 1)
}

func (v Value) SetBool(x bool) {
	v.settable("SetBool")
	v.need("SetBool", Bool)
	*(*bool)(v.p) = x
}

func (v Value) SetInt(x int64) {
	v.settable("SetInt")
	if !v.CanInt() {
		v.fail("SetInt")
	}
	rt.StoreInt(v.t, v.p, x)
}

func (v Value) SetUint(x uint64) {
	v.settable("SetUint")
	if !v.CanUint() {
		v.fail("SetUint")
	}
	rt.StoreInt(v.t, v.p, int64(x))
}

func (v Value) SetFloat(x float64) {
	v.settable("SetFloat")
	v.need("SetFloat", Float32, Float64)
	rt.StoreFloat(v.t, v.p, x)
}

func (v Value) SetComplex(x complex128) {
	v.settable("SetComplex")
	v.need("SetComplex", Complex64, Complex128)
	rt.StoreComplex(v.t, v.p, x)
}

func (v Value) SetString(x string) {
	v.settable("SetString")
	v.need("SetString", String)
	*(*string)(v.p) = x
}

func (v Value) SetBytes(x []byte) {
	v.settable("SetBytes")
	v.need("SetBytes", Slice)
	if v.t.Elem.Kind != rt.Uint8 {
		panic("reflect.Value.SetBytes of non-byte slice")
	}
	*(*[]byte)(v.p) = x
}

func (v Value) SetPointer(x unsafe.Pointer) {
	v.settable("SetPointer")
	v.need("SetPointer", UnsafePointer)
	*(*unsafe.Pointer)(v.p) = x
}

// ---- conversions ----

type converter func(v Value, t *rt.Type) Value

// Convert is v converted to a type.
func (v Value) Convert(t Type) Value {
	if v.method() >= 0 {
		v = v.bound()
	}
	convert := conversion(v.t, t.rt())
	if convert == nil {
		cannot(".Value.Convert", v.t.Name, t.String())
	}
	w := convert(v, t.rt())
	w.flag = v.inherited()
	return w
}

func isInt(t *rt.Type) bool   { return rt.Int <= t.Kind && t.Kind <= rt.Int64 }
func isUint(t *rt.Type) bool  { return rt.Uint <= t.Kind && t.Kind <= rt.Uintptr }
func isFloat(t *rt.Type) bool { return t.Kind == rt.Float32 || t.Kind == rt.Float64 }
func isComplex(t *rt.Type) bool {
	return t.Kind == rt.Complex64 || t.Kind == rt.Complex128
}

// conversion is how values of type t become values of type u; nil when they do not.
func conversion(t, u *rt.Type) converter {
	switch {
	case isInt(t) || isUint(t) || isFloat(t):
		if isInt(u) || isUint(u) || isFloat(u) {
			return convertNumber
		}
		if u.Kind == rt.String && !isFloat(t) {
			return convertRune
		}
	case isComplex(t) && isComplex(u):
		return func(v Value, t *rt.Type) Value {
			w := fresh(t)
			rt.StoreComplex(w.t, w.p, v.Complex())
			return w
		}
	case t.Kind == rt.String && u.Kind == rt.Slice && u.Elem.Flags&rt.Named == 0 && (u.Elem.Kind == rt.Uint8 || u.Elem.Kind == rt.Int32):
		return convertFromString
	case u.Kind == rt.String && t.Kind == rt.Slice && t.Elem.Flags&rt.Named == 0 && (t.Elem.Kind == rt.Uint8 || t.Elem.Kind == rt.Int32):
		return convertToString
	case t.Kind == rt.Slice && u.Kind == rt.Pointer && u.Elem.Kind == rt.Array && t.Elem == u.Elem.Elem:
		return func(v Value, t *rt.Type) Value {
			return pointer(t, v.array(t.Elem, "pointer to array"))
		}
	case t.Kind == rt.Slice && u.Kind == rt.Array && t.Elem == u.Elem:
		return func(v Value, t *rt.Type) Value {
			w := fresh(t)
			rt.TypedCopy(t, w.p, v.array(t, "array"), 1)
			return w
		}
	}
	if sameUnder(t, u, false) || assignable(t, u) ||
		t.Kind == rt.Pointer && u.Kind == rt.Pointer && t.Flags&rt.Named == 0 && u.Flags&rt.Named == 0 && sameUnder(t.Elem, u.Elem, false) {
		return func(v Value, t *rt.Type) Value {
			w := fresh(t)
			rt.TypedCopy(t, w.p, v.p, 1)
			return w
		}
	}
	if implements(t, u) {
		return func(v Value, t *rt.Type) Value { return v.as("reflect.Value.Convert", t) }
	}
	return nil
}

func (v Value) array(t *rt.Type, what string) unsafe.Pointer {
	if v.Len() < int(t.Len) {
		panic("reflect: cannot convert slice with length " + strconv.Itoa(v.Len()) + " to " + what + " with length " + strconv.Itoa(int(t.Len)))
	}
	return v.word()
}

func convertNumber(v Value, t *rt.Type) Value {
	w := fresh(t)
	switch {
	case t.Kind == v.t.Kind: // signaling NaNs stay so
		rt.TypedCopy(t, w.p, v.p, 1)
	case isFloat(t) && isFloat(v.t):
		rt.StoreFloat(w.t, w.p, v.Float())
	case isFloat(t) && isInt(v.t):
		rt.StoreFloat(w.t, w.p, float64(v.Int()))
	case isFloat(t):
		rt.StoreFloat(w.t, w.p, float64(v.Uint()))
	case isFloat(v.t) && isInt(t):
		rt.StoreInt(w.t, w.p, int64(v.Float()))
	case isFloat(v.t):
		rt.StoreInt(w.t, w.p, int64(uint64(v.Float())))
	case isInt(v.t):
		rt.StoreInt(w.t, w.p, v.Int())
	default:
		rt.StoreInt(w.t, w.p, int64(v.Uint()))
	}
	return w
}

func text(t *rt.Type, s string) Value {
	w := fresh(t)
	*(*string)(w.p) = s
	return w
}

func convertRune(v Value, t *rt.Type) Value {
	r := rune(0xfffd)
	if isInt(v.t) && int64(rune(v.Int())) == v.Int() {
		r = rune(v.Int())
	} else if isUint(v.t) && uint64(rune(v.Uint())) == v.Uint() {
		r = rune(v.Uint())
	}
	return text(t, string(r))
}

func convertFromString(v Value, t *rt.Type) Value {
	w := fresh(t)
	if t.Elem.Kind == rt.Uint8 {
		*(*[]byte)(w.p) = []byte(v.String())
	} else {
		*(*[]rune)(w.p) = []rune(v.String())
	}
	return w
}

func convertToString(v Value, t *rt.Type) Value {
	if v.t.Elem.Kind == rt.Uint8 {
		return text(t, string(*(*[]byte)(v.p)))
	}
	return text(t, string(*(*[]rune)(v.p)))
}
