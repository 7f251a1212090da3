package reflect

import (
	"gomem/rt"
	"unsafe"
)

type flag uintptr

const (
	addressable    flag = 1 << iota // p is the address of a variable
	hidden                          // reached through a field that is not exported
	hiddenEmbedded                  // of an embedded one, whose exported fields are not hidden
	methodShift    = 8              // above: 1 + the number of the method that the value is, bound to the value at p

	closed = hidden | hiddenEmbedded
)

// Value is a Go value; its zero is none at all.
type Value struct {
	t    *rt.Type
	p    unsafe.Pointer
	flag flag
}

// ValueError is the panic of an operation that a value's kind does not have.
type ValueError struct {
	Method string
	Kind   Kind
}

func (e *ValueError) Error() string {
	if e.Kind == Invalid {
		return "reflect: call of " + e.Method + " on zero Value"
	}
	return "reflect: call of " + e.Method + " on " + e.Kind.String() + " Value"
}

// ValueOf is the value that x holds.
func ValueOf(x any) Value {
	e := rt.Unpack(x)
	if e.Type == nil {
		return Value{}
	}
	return held(e.Type, e.Data, 0)
}

// held is the value of an interface's two words.
func held(t *rt.Type, data unsafe.Pointer, f flag) Value {
	if t.Flags&rt.Direct != 0 {
		word := new(unsafe.Pointer)
		*word = data
		data = unsafe.Pointer(word)
	}
	return Value{t, data, f}
}

// fresh is a new zero value of a type, not addressable.
func fresh(t *rt.Type) Value { return Value{t: t, p: rt.NewObject(t)} }

// Zero is the zero value of a type.
func Zero(t Type) Value {
	if t == nil {
		panic("reflect: Zero(nil)")
	}
	return fresh(t.rt())
}

// pointer is a value of pointer-shaped type t with that word.
func pointer(t *rt.Type, word unsafe.Pointer) Value { return held(t, word, 0) }

// New is a pointer to a new zero value.
func New(t Type) Value {
	if t == nil {
		panic("reflect: New(nil)")
	}
	return pointer(pointerTo(t.rt()), rt.NewObject(t.rt()))
}

// NewAt is a pointer to a value of a type at p.
func NewAt(t Type, p unsafe.Pointer) Value { return pointer(pointerTo(t.rt()), p) }

// Indirect is what v points to, or v when it is no pointer.
func Indirect(v Value) Value {
	if v.Kind() != Pointer {
		return v
	}
	return v.Elem()
}

// inherited is the mark of values that v leads to. What an embedded field of unexported type promotes may be used, what it leads to otherwise
// may not.
func (v Value) inherited() flag {
	if v.flag&closed != 0 {
		return hidden
	}
	return 0
}

func (v Value) method() int          { return int(v.flag>>methodShift) - 1 }
func (v Value) word() unsafe.Pointer { return *(*unsafe.Pointer)(v.p) }

// Kind is Invalid for the zero Value.
func (v Value) Kind() Kind {
	if v.t == nil {
		return Invalid
	}
	if v.method() >= 0 {
		return Func
	}
	return Kind(v.t.Kind)
}

func (v Value) fail(method string) {
	panic(&ValueError{"reflect.Value." + method, v.Kind()})
}

func (v Value) need(method string, kinds ...Kind) {
	for _, k := range kinds {
		if v.Kind() == k {
			return
		}
	}
	v.fail(method)
}

func (v Value) open(method string) {
	if v.t == nil {
		v.fail(method)
	}
	if v.flag&closed != 0 {
		panic("reflect: reflect.Value." + method + " using value obtained using unexported field")
	}
}

func (v Value) IsValid() bool    { return v.t != nil }
func (v Value) CanAddr() bool    { return v.flag&addressable != 0 }
func (v Value) CanSet() bool     { return v.flag&(addressable|closed) == addressable }
func (v Value) CanInt() bool     { k := v.Kind(); return Int <= k && k <= Int64 }
func (v Value) CanUint() bool    { k := v.Kind(); return Uint <= k && k <= Uintptr }
func (v Value) CanFloat() bool   { k := v.Kind(); return k == Float32 || k == Float64 }
func (v Value) CanComplex() bool { k := v.Kind(); return k == Complex64 || k == Complex128 }
func (v Value) CanConvert(t Type) bool {
	if !v.Type().ConvertibleTo(t) {
		return false
	}
	length := t.rt()
	if length.Kind == rt.Pointer {
		length = length.Elem
	}
	return v.Kind() != Slice || length.Kind != rt.Array || int(length.Len) <= v.Len()
}

func (v Value) CanInterface() bool {
	if v.t == nil {
		v.fail("CanInterface")
	}
	return v.flag&closed == 0
}

// Type is v's type.
func (v Value) Type() Type {
	if v.t == nil {
		v.fail("Type")
	}
	if v.method() >= 0 {
		return of(v.methodOf().Type)
	}
	return of(v.t)
}

// Interface is v as an interface value.
func (v Value) Interface() any {
	if v.t == nil {
		v.fail("Interface")
	}
	if v.flag&closed != 0 {
		panic("reflect.Value.Interface: cannot return value obtained from unexported field or method")
	}
	return v.any()
}

// TypeAssert is v.Interface().(T).
func TypeAssert[T any](v Value) (T, bool) {
	if v.t == nil {
		panic(&ValueError{"reflect.TypeAssert", Invalid})
	}
	if v.flag&closed != 0 {
		panic("reflect.TypeAssert: cannot return value obtained from unexported field or method")
	}
	x, ok := v.any().(T)
	return x, ok
}

func (v Value) any() any {
	if v.method() >= 0 {
		v = v.bound()
	}
	return rt.Load(v.t, v.p)
}

// Shown is the value that package fmt prints in place of v, at p, and whether its methods are out of reach.
func (v Value) Shown() (t *rt.Type, p unsafe.Pointer, hidden bool) {
	if v.method() >= 0 {
		v = v.bound()
	}
	return v.t, v.p, v.flag&closed != 0
}

// Addr is a pointer to the variable that v is.
func (v Value) Addr() Value {
	if v.flag&addressable == 0 {
		panic("reflect.Value.Addr of unaddressable value")
	}
	w := pointer(pointerTo(v.t), v.p)
	w.flag = v.flag & closed
	return w
}

func (v Value) UnsafeAddr() uintptr {
	if v.flag&addressable == 0 {
		panic("reflect.Value.UnsafeAddr of unaddressable value")
	}
	return uintptr(v.p)
}

// Elem is what an interface holds or a pointer points to; none for nil.
func (v Value) Elem() Value {
	v.need("Elem", Interface, Pointer)
	if v.Kind() == Interface {
		e := rt.Dynamic(v.t, v.p)
		if e.Type == nil {
			return Value{}
		}
		return held(e.Type, e.Data, v.inherited())
	}
	if v.word() == nil {
		return Value{}
	}
	return Value{v.t.Elem, v.word(), v.flag&closed | addressable}
}

func (v Value) Bool() bool {
	v.need("Bool", Bool)
	return *(*bool)(v.p)
}

func (v Value) Int() int64 {
	if !v.CanInt() {
		v.fail("Int")
	}
	return rt.LoadInt(v.t, v.p)
}

func (v Value) Uint() uint64 {
	if !v.CanUint() {
		v.fail("Uint")
	}
	return rt.LoadUint(v.t, v.p)
}

func (v Value) Float() float64 {
	v.need("Float", Float32, Float64)
	return rt.LoadFloat(v.t, v.p)
}

func (v Value) Complex() complex128 {
	v.need("Complex", Complex64, Complex128)
	return rt.LoadComplex(v.t, v.p)
}

// String is a string's value; of other kinds "<T Value>".
func (v Value) String() string {
	switch v.Kind() {
	case Invalid:
		return "<invalid Value>"
	case String:
		return *(*string)(v.p)
	}
	return "<" + v.Type().String() + " Value>"
}

// Bytes is a slice or an addressable array of bytes.
func (v Value) Bytes() []byte {
	switch {
	case v.Kind() == Slice && v.t.Elem.Kind == rt.Uint8:
		return *(*[]byte)(v.p)
	case v.Kind() == Slice:
		panic("reflect.Value.Bytes of non-byte slice")
	case v.Kind() != Array:
		v.fail("Bytes")
	case v.t.Elem.Kind != rt.Uint8:
		panic("reflect.Value.Bytes of non-byte array")
	case v.flag&addressable == 0:
		panic("reflect.Value.Bytes of unaddressable byte array")
	}
	return unsafe.Slice((*byte)(v.p), v.t.Len)
}

func (v Value) IsNil() bool {
	v.need("IsNil", Chan, Func, Interface, Map, Pointer, Slice, UnsafePointer)
	return v.method() < 0 && v.word() == nil
}

// Pointer is the address in a pointer-like value, as a number.
func (v Value) Pointer() uintptr {
	v.need("Pointer", Pointer, Chan, Map, UnsafePointer, Func, Slice, String)
	return uintptr(v.UnsafePointer())
}

func (v Value) UnsafePointer() unsafe.Pointer {
	v.need("UnsafePointer", Pointer, Chan, Map, UnsafePointer, Func, Slice, String)
	if v.method() >= 0 {
		return v.methodOf().Code
	}
	p := v.word()
	if v.Kind() == Func && p != nil {
		p = *(*unsafe.Pointer)(p)
	}
	return p
}

// IsZero tells whether v is its type's zero value.
func (v Value) IsZero() bool {
	switch v.Kind() {
	case Invalid:
		v.fail("IsZero")
	case Float32, Float64:
		return v.Float() == 0 && !signbit(v.Float())
	case Complex64, Complex128:
		c := v.Complex()
		return c == 0 && !signbit(real(c)) && !signbit(imag(c))
	case Array:
		for i := 0; i < v.Len(); i++ {
			if !v.Index(i).IsZero() {
				return false
			}
		}
		return true
	case Struct:
		for i := 0; i < v.NumField(); i++ {
			if f := v.t.FieldAt(i); f.Name != "_" && !v.Field(i).IsZero() {
				return false
			}
		}
		return true
	case String:
		return v.Len() == 0
	case Chan, Func, Interface, Map, Pointer, Slice, UnsafePointer:
		return v.IsNil()
	}
	for _, b := range unsafe.Slice((*byte)(v.p), v.t.Size) {
		if b != 0 {
			return false
		}
	}
	return true
}

func signbit(f float64) bool { return *(*int64)(unsafe.Pointer(&f)) < 0 }

// Comparable tells whether v may be compared with itself.
func (v Value) Comparable() bool {
	switch v.Kind() {
	case Invalid:
		return false
	case Interface:
		return v.IsNil() || v.Elem().Comparable()
	case Array:
		if k := Kind(v.t.Elem.Kind); k != Interface && k != Array && k != Struct {
			break // whatever its length
		}
		for i := 0; i < v.Len(); i++ {
			if !v.Index(i).Comparable() {
				return false
			}
		}
		return true
	case Struct:
		for i := 0; i < v.NumField(); i++ {
			if !v.Field(i).Comparable() {
				return false
			}
		}
		return true
	}
	return v.method() < 0 && v.t.Comparable()
}

// equalParts compares the parts of values one by one, so that it is Equal that meets those that are not comparable.
func equalParts(n int, a, b func(int) Value) bool {
	for i := range n {
		if !a(i).Equal(b(i)) {
			return false
		}
	}
	return true
}

// Equal compares values; those of different types differ.
func (v Value) Equal(u Value) bool {
	if v.Kind() == Interface {
		v = v.Elem()
	}
	if u.Kind() == Interface {
		u = u.Elem()
	}
	if !v.IsValid() || !u.IsValid() {
		return v.IsValid() == u.IsValid()
	}
	if v.Kind() != u.Kind() || v.Type() != u.Type() {
		return false
	}
	if !v.t.Comparable() || v.method() >= 0 {
		panic("reflect.Value.Equal: values of type " + v.Type().String() + " are not comparable")
	}
	switch v.Kind() {
	case Array:
		return equalParts(v.Len(), v.Index, u.Index)
	case Struct:
		return equalParts(v.NumField(), v.Field, u.Field)
	}
	return rt.Equal(v.t, v.p, u.p)
}

func (v Value) NumField() int {
	v.need("NumField", Struct)
	return int(v.t.FieldCount)
}

func (v Value) Field(i int) Value {
	v.need("Field", Struct)
	if i < 0 || i >= int(v.t.FieldCount) {
		panic("reflect: Field index out of range")
	}
	f := v.t.FieldAt(i)
	w := Value{f.Type, unsafe.Add(v.p, f.Offset), v.flag & (addressable | hidden)}
	switch {
	case f.Exported:
	case f.Embedded:
		w.flag |= hiddenEmbedded
	default:
		w.flag |= hidden
	}
	return w
}

func (v Value) FieldByIndex(index []int) Value {
	w, err := v.FieldByIndexErr(index)
	if err != nil {
		panic("reflect: indirection through nil pointer to embedded struct")
	}
	return w
}

type nilEmbedded struct{ t Type }

func (e nilEmbedded) Error() string {
	return "reflect: indirection through nil pointer to embedded struct field " + e.t.Name()
}

func (v Value) FieldByIndexErr(index []int) (Value, error) {
	for i, n := range index {
		if i > 0 && v.Kind() == Pointer && v.t.Elem.Kind == rt.Struct {
			if v.IsNil() {
				return Value{}, nilEmbedded{of(v.t.Elem)}
			}
			v = v.Elem()
		}
		v = v.Field(n)
	}
	return v, nil
}

func (v Value) FieldByName(name string) Value {
	return v.FieldByNameFunc(func(s string) bool { return s == name })
}

func (v Value) FieldByNameFunc(match func(string) bool) Value {
	v.need("FieldByNameFunc", Struct)
	if f, ok := of(v.t).FieldByNameFunc(match); ok {
		return v.FieldByIndex(f.Index)
	}
	return Value{}
}

var (
	ints  = []Kind{Int, Int8, Int16, Int32, Int64}
	uints = []Kind{Uint, Uint8, Uint16, Uint32, Uint64, Uintptr}
)

func (v Value) OverflowInt(x int64) bool {
	v.need("OverflowInt", ints...)
	return v.Type().OverflowInt(x)
}

func (v Value) OverflowUint(x uint64) bool {
	v.need("OverflowUint", uints...)
	return v.Type().OverflowUint(x)
}

func (v Value) OverflowFloat(x float64) bool {
	v.need("OverflowFloat", Float32, Float64)
	return v.Type().OverflowFloat(x)
}

func (v Value) OverflowComplex(x complex128) bool {
	v.need("OverflowComplex", Complex64, Complex128)
	return v.Type().OverflowComplex(x)
}

func index(i, n int, what string) {
	if i < 0 || i >= n {
		panic("reflect: " + what + " index out of range")
	}
}

func cannot(what, t, u string) {
	panic("reflect" + what + ": value of type " + t + " cannot be converted to type " + u)
}
