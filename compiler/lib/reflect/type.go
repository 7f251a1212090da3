// Package reflect shows types and values at run time.
//
// A Type is a descriptor of the contract (gomem/rt.Type); what descriptors lack, tags and the types of functions, is in tables that the
// compiler adds to programs which have this package (gomem/rt.Reflection). A Value is a type and the address of a value of it: of a
// variable when it is addressable, else of a copy that nobody changes.
//
// type.go has types, method.go their methods and functions, relation.go what may be assigned and converted; value.go, set.go, container.go
// and call.go have values; make.go types made at run time; equal.go DeepEqual.
package reflect

import (
	"gomem/rt"
	"iter"
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
	if uint(k) < uint(len(names)) {
		return names[k]
	}
	return "kind" + strconv.Itoa(int(k))
}

// Type is a type. Two are equal when the types are.
type Type interface {
	Align() int
	FieldAlign() int
	Size() uintptr
	Bits() int
	Kind() Kind
	Name() string
	PkgPath() string
	String() string
	Comparable() bool
	Implements(u Type) bool
	AssignableTo(u Type) bool
	ConvertibleTo(u Type) bool
	Elem() Type
	Key() Type
	Len() int
	ChanDir() ChanDir
	NumField() int
	Field(i int) StructField
	FieldByIndex(index []int) StructField
	FieldByName(name string) (StructField, bool)
	FieldByNameFunc(match func(string) bool) (StructField, bool)
	Fields() iter.Seq[StructField]
	NumMethod() int
	Method(i int) Method
	MethodByName(name string) (Method, bool)
	Methods() iter.Seq[Method]
	IsVariadic() bool
	NumIn() int
	In(i int) Type
	Ins() iter.Seq[Type]
	NumOut() int
	Out(i int) Type
	Outs() iter.Seq[Type]
	OverflowInt(x int64) bool
	OverflowUint(x uint64) bool
	OverflowFloat(x float64) bool
	OverflowComplex(x complex128) bool
	CanSeq() bool
	CanSeq2() bool
	rt() *rt.Type
}

// ChanDir is which way a channel goes.
type ChanDir int

const (
	RecvDir ChanDir = 1 << iota
	SendDir
	BothDir = RecvDir | SendDir
)

func (d ChanDir) String() string {
	switch d {
	case RecvDir:
		return "<-chan"
	case SendDir:
		return "chan<-"
	case BothDir:
		return "chan"
	}
	return "ChanDir" + strconv.Itoa(int(d))
}

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
func (d *descriptor) rt() *rt.Type     { return &d.t }

// Bits is the size of a number's type in bits.
func (d *descriptor) Bits() int {
	if k := d.Kind(); k < Int || k > Complex128 {
		panic("reflect: Bits of non-arithmetic Type " + d.String())
	}
	return int(d.rt().Size) * 8
}

// PkgPath is the import path of a defined type's package.
func (d *descriptor) PkgPath() string {
	switch {
	case d.String() == "unsafe.Pointer":
		return "unsafe"
	case d.rt().Flags&rt.Named == 0:
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

func (d *descriptor) ChanDir() ChanDir {
	d.need("ChanDir", Chan)
	return ChanDir(d.rt().Len)
}

// StructTag is what stands behind a field, by convention `key:"value" key:"value"`.
type StructTag string

// Get is the value of key, "" when there is none.
func (t StructTag) Get(key string) string {
	v, _ := t.Lookup(key)
	return v
}

// Lookup is the value of key, and whether there is one.
func (t StructTag) Lookup(key string) (value string, ok bool) {
	for t != "" {
		i := 0
		for i < len(t) && t[i] == ' ' {
			i++
		}
		t, i = t[i:], 0
		for i < len(t) && t[i] > ' ' && t[i] != ':' && t[i] != '"' && t[i] != 0x7f {
			i++
		}
		if i == 0 || i+1 >= len(t) || t[i] != ':' || t[i+1] != '"' {
			break
		}
		name := string(t[:i])
		t, i = t[i+1:], 1
		for i < len(t) && t[i] != '"' {
			if t[i] == '\\' {
				i++
			}
			i++
		}
		if i >= len(t) {
			break
		}
		quoted := string(t[:i+1])
		t = t[i+1:]
		if name == key {
			value, err := strconv.Unquote(quoted)
			return value, err == nil
		}
	}
	return "", false
}

// StructField is a field of a struct type.
type StructField struct {
	Name      string
	PkgPath   string
	Type      Type
	Tag       StructTag
	Offset    uintptr
	Index     []int
	Anonymous bool
}

// IsExported tells whether other packages see the field.
func (f StructField) IsExported() bool { return f.PkgPath == "" }

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
	if r := reflectionOf(d.rt()); r != nil {
		s.Tag = StructTag(r.Tag(i))
		if !f.Exported {
			s.PkgPath = r.Package
		}
	} else if !f.Exported {
		s.PkgPath = d.rt().Package
	}
	return s
}

func (d *descriptor) FieldByIndex(index []int) StructField {
	var f StructField
	var t Type = d
	for i, n := range index {
		if i > 0 && t.Kind() == Pointer && t.Elem().Kind() == Struct {
			t = t.Elem()
		}
		f = t.Field(n)
		t = f.Type
	}
	f.Index = append([]int(nil), index...)
	return f
}

// FieldByName finds a field as the language does: the shallowest, if there is one of that depth only.
func (d *descriptor) FieldByName(name string) (StructField, bool) {
	return d.FieldByNameFunc(func(s string) bool { return s == name })
}

// level is an embedded struct type to be searched.
type level struct {
	t     *rt.Type
	index []int
}

func (d *descriptor) FieldByNameFunc(match func(string) bool) (found StructField, ok bool) {
	d.need("FieldByNameFunc", Struct)
	visited := map[*rt.Type]bool{}
	for now := []level{{d.rt(), nil}}; len(now) > 0 && !ok; {
		var next []level
		count := 0
		seen := map[*rt.Type]bool{}
		for _, l := range now {
			if visited[l.t] {
				continue
			}
			seen[l.t] = true
			for i := 0; i < int(l.t.FieldCount); i++ {
				f := l.t.FieldAt(i)
				index := append(append([]int(nil), l.index...), i)
				if match(f.Name) {
					count++
					found = of(l.t).Field(i)
					found.Index = index
				} else if f.Embedded {
					if e := structOf(f.Type); e != nil {
						next = append(next, level{e, index})
					}
				}
			}
		}
		for t := range seen {
			visited[t] = true
		}
		if count > 1 {
			return StructField{}, false
		}
		ok = count == 1
		now = next
	}
	return found, ok
}

// structOf is the struct type that t is or points to, or nil.
func structOf(t *rt.Type) *rt.Type {
	if t.Kind == rt.Pointer {
		t = t.Elem
	}
	if t.Kind != rt.Struct {
		return nil
	}
	return t
}

func (d *descriptor) Fields() iter.Seq[StructField] {
	return func(yield func(StructField) bool) {
		for i := 0; i < d.NumField() && yield(d.Field(i)); i++ {
		}
	}
}

// VisibleFields are the fields of a struct type with those that embedded fields bring.
func VisibleFields(t Type) []StructField {
	if t.Kind() != Struct {
		panic("reflect.VisibleFields of non-struct type")
	}
	var all []StructField
	visibleFields(t, t, nil, map[Type]bool{}, &all)
	return all
}

func visibleFields(whole, t Type, index []int, inside map[Type]bool, all *[]StructField) {
	if inside[t] {
		return
	}
	inside[t] = true
	for f := range t.Fields() {
		f.Index = append(append([]int(nil), index...), f.Index...)
		if g, ok := whole.FieldByName(f.Name); ok && len(g.Index) == len(f.Index) {
			*all = append(*all, f)
		}
		if e := structOf(f.Type.rt()); f.Anonymous && e != nil {
			visibleFields(whole, of(e), f.Index, inside, all)
		}
	}
	inside[t] = false
}
