// Package reflect tells about types what the compiler's descriptors say: kinds, sizes, fields. Values are left out.
package reflect

import (
	"gomem/rt"
	"strconv"
	"unsafe"
)

// Kind is what sort of type a type is.
type Kind uint

const (
	Invalid Kind = iota
	Bool
	Int
	Int8
	Int16
	Int32
	Int64
	Uint
	Uint8
	Uint16
	Uint32
	Uint64
	Uintptr
	Float32
	Float64
	Complex64
	Complex128
	Array
	Chan
	Func
	Interface
	Map
	Pointer
	Slice
	String
	Struct
	UnsafePointer
)

// Ptr is the old name of Pointer.
const Ptr = Pointer

var names = [...]string{"invalid", "bool", "int", "int8", "int16", "int32", "int64", "uint", "uint8", "uint16", "uint32",
	"uint64", "uintptr", "float32", "float64", "complex64", "complex128", "array", "chan", "func", "interface", "map", "ptr",
	"slice", "string", "struct", "unsafe.Pointer"}

func (k Kind) String() string {
	if int(k) < len(names) {
		return names[k]
	}
	return "kind" + strconv.Itoa(int(k))
}

// Type is a type. Two are equal when the types are.
type Type interface {
	Align() int
	FieldAlign() int
	Size() uintptr
	Kind() Kind
	Name() string
	PkgPath() string
	String() string
	Comparable() bool
	Elem() Type
	Key() Type
	Len() int
	NumField() int
	Field(i int) StructField
	NumMethod() int
}

// StructField is a field of a struct type.
type StructField struct {
	Name      string
	PkgPath   string
	Type      Type
	Offset    uintptr
	Index     []int
	Anonymous bool
}

// IsExported tells whether other packages see the field.
func (f StructField) IsExported() bool { return f.PkgPath == "" }

// descriptor is a Type: equal types have one descriptor, so its address is the type's identity.
type descriptor struct {
	t rt.Type
}

func of(t *rt.Type) Type {
	if t == nil {
		return nil
	}
	return (*descriptor)(unsafe.Pointer(t))
}

// TypeOf is the dynamic type of x, nil for nil.
func TypeOf(x any) Type { return of(rt.Unpack(x).Type) }

// TypeFor is the type T.
func TypeFor[T any]() Type { return TypeOf((*T)(nil)).Elem() }

func (d *descriptor) Align() int       { return int(d.rt().Align) }
func (d *descriptor) FieldAlign() int  { return int(d.rt().FieldAlign) }
func (d *descriptor) Size() uintptr    { return d.rt().Size }
func (d *descriptor) Kind() Kind       { return Kind(d.rt().Kind) }
func (d *descriptor) String() string   { return d.rt().Name }
func (d *descriptor) Comparable() bool { return d.rt().Comparable() }
func (d *descriptor) NumMethod() int   { return int(d.rt().MethodCount) }
func (d *descriptor) rt() *rt.Type     { return &d.t }

// PkgPath is the import path of a defined type's package.
func (d *descriptor) PkgPath() string {
	if d.rt().Flags&rt.Named == 0 {
		return ""
	}
	return d.rt().Package
}

// Name is a defined type's name without its package.
func (d *descriptor) Name() string {
	if d.rt().Flags&rt.Named == 0 && d.predeclared() == "" {
		return ""
	}
	s, depth := d.rt().Name, 0
	for i := len(s) - 1; i >= 0; i-- {
		switch s[i] {
		case ']':
			depth++
		case '[':
			depth--
		case '.':
			if depth == 0 {
				return s[i+1:]
			}
		}
	}
	return s
}

func (d *descriptor) predeclared() string {
	k := d.Kind()
	if k >= Bool && k <= Complex128 || k == String || k == UnsafePointer {
		return d.rt().Name
	}
	return ""
}

func (d *descriptor) need(what string, kinds ...Kind) {
	for _, k := range kinds {
		if d.Kind() == k {
			return
		}
	}
	panic("reflect: " + what + " of invalid type " + d.String())
}

func (d *descriptor) Elem() Type {
	d.need("Elem", Array, Chan, Map, Pointer, Slice)
	return of(d.rt().Elem)
}

func (d *descriptor) Key() Type {
	d.need("Key", Map)
	return of(d.rt().Key)
}

func (d *descriptor) Len() int {
	d.need("Len", Array)
	return int(d.rt().Len)
}

func (d *descriptor) NumField() int {
	d.need("NumField", Struct)
	return int(d.rt().FieldCount)
}

func (d *descriptor) Field(i int) StructField {
	d.need("Field", Struct)
	if i < 0 || i >= d.NumField() {
		panic("reflect: Field index out of bounds")
	}
	f := d.rt().FieldAt(i)
	s := StructField{Name: f.Name, Type: of(f.Type), Offset: f.Offset, Index: []int{i}, Anonymous: f.Embedded}
	if !f.Exported {
		s.PkgPath = d.rt().Package
	}
	return s
}
