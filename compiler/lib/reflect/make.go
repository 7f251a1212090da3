package reflect

import (
	"gomem/characters"
	"gomem/rt"
	"strconv"
)

// Types made at run time are found again, so that they stay identical. They have no methods; arrays and structs among them cannot be
// compared, and functions of them neither called nor made.

// find is the known type that fits, or nil; with the tables locked.
func find(kind uint8, fits func(t *rt.Type) bool) *rt.Type {
	for _, t := range tables.types {
		if t.Kind == kind && t.Flags&rt.Named == 0 && fits(t) {
			return t
		}
	}
	return nil
}

// once finds a type, or makes it known.
func once(kind uint8, fits func(t *rt.Type) bool, build func() *rt.Reflection) *rt.Type {
	load()
	tables.Lock()
	defer tables.Unlock()
	if t := find(kind, fits); t != nil {
		return t
	}
	r := build()
	r.Type.Kind = kind
	for _, c := range []byte(r.Type.Name) {
		r.Type.Hash = r.Type.Hash*31 + uint32(c)
	}
	add(r)
	return r.Type
}

// like is a type with the size, the mask and the comparison of another one's.
func like(x any, name string, elem, key *rt.Type) *rt.Reflection {
	t := new(rt.Type)
	*t = *rt.Unpack(x).Type
	t.Name, t.Elem, t.Key, t.Len = name, elem, key, 0
	return &rt.Reflection{Type: t}
}

func pointerTo(t *rt.Type) *rt.Type {
	load()
	tables.Lock()
	p := tables.ptrTo[t]
	tables.Unlock()
	if p != nil {
		return p
	}
	return once(rt.Pointer, func(u *rt.Type) bool { return u.Elem == t },
		func() *rt.Reflection { return like((*int)(nil), "*"+t.Name, t, nil) })
}

// PointerTo is the type *t.
func PointerTo(t Type) Type { return of(pointerTo(t.rt())) }

// PtrTo is the old name of PointerTo.
func PtrTo(t Type) Type { return PointerTo(t) }

// SliceOf is the type []t.
func SliceOf(t Type) Type {
	return of(once(rt.Slice, func(u *rt.Type) bool { return u.Elem == t.rt() },
		func() *rt.Reflection { return like([]int(nil), "[]"+t.String(), t.rt(), nil) }))
}

// MapOf is the type map[key]elem.
func MapOf(key, elem Type) Type {
	if !key.Comparable() {
		panic("reflect.MapOf: invalid key type " + key.String())
	}
	return of(once(rt.Map, func(u *rt.Type) bool { return u.Key == key.rt() && u.Elem == elem.rt() },
		func() *rt.Reflection {
			return like(map[int]int(nil), "map["+key.String()+"]"+elem.String(), elem.rt(), key.rt())
		}))
}

// ChanOf is the channel type of a direction.
func ChanOf(dir ChanDir, t Type) Type {
	if dir < RecvDir || dir > BothDir {
		panic("reflect.ChanOf: invalid dir")
	}
	name := t.String()
	if dir == BothDir && len(name) > 2 && name[:2] == "<-" {
		name = "(" + name + ")"
	}
	return of(once(rt.Chan, func(u *rt.Type) bool { return u.Elem == t.rt() && ChanDir(u.Len) == dir },
		func() *rt.Reflection {
			r := like((chan int)(nil), dir.String()+" "+name, t.rt(), nil)
			r.Type.Len = uintptr(dir)
			return r
		}))
}

// ArrayOf is the type [n]t.
func ArrayOf(n int, t Type) Type {
	if n < 0 {
		panic("reflect: negative length passed to ArrayOf")
	}
	e := t.rt()
	if e.Size > 0 && uintptr(n) > ^uintptr(0)/e.Size {
		panic("reflect.ArrayOf: array size would exceed virtual address space")
	}
	return of(once(rt.Array, func(u *rt.Type) bool { return u.Elem == e && u.Len == uintptr(n) },
		func() *rt.Reflection {
			a := &rt.Type{Size: e.Size * uintptr(n), Align: e.Align, FieldAlign: e.FieldAlign, Elem: e, Len: uintptr(n)}
			a.Name = "[" + strconv.Itoa(n) + "]" + e.Name
			a.MaskLike(e)
			if n > 0 && e.PtrData > 0 {
				a.PtrData = e.Size*uintptr(n-1) + e.PtrData
			}
			if n == 1 {
				a.Flags = e.Flags & rt.Direct
			}
			return &rt.Reflection{Type: a}
		}))
}

func list(types []*rt.Type) string {
	s := ""
	for i, t := range types {
		if i > 0 {
			s += ", "
		}
		s += t.Name
	}
	return s
}

func functionName(in, out []*rt.Type, variadic bool) string {
	s := "func("
	if variadic {
		n := len(in) - 1
		s += list(in[:n])
		if n > 0 {
			s += ", "
		}
		s += "..." + in[n].Elem.Name
	} else {
		s += list(in)
	}
	s += ")"
	switch len(out) {
	case 0:
		return s
	case 1:
		return s + " " + out[0].Name
	}
	return s + " (" + list(out) + ")"
}

func raw(types []Type) []*rt.Type {
	all := make([]*rt.Type, len(types))
	for i, t := range types {
		all[i] = t.rt()
	}
	return all
}

func equalLists(a, b []*rt.Type) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// FuncOf is a func type.
func FuncOf(in, out []Type, variadic bool) Type {
	if variadic && (len(in) == 0 || in[len(in)-1].Kind() != Slice) {
		panic("reflect.FuncOf: last arg of variadic func must be slice")
	}
	params, results := raw(in), raw(out)
	fits := func(u *rt.Type) bool {
		r := tables.known[u]
		return r.Variadic == variadic && equalLists(r.Params(), params) && equalLists(r.Results(), results)
	}
	return of(once(rt.Func, fits, func() *rt.Reflection {
		r := like((func())(nil), functionName(params, results, variadic), nil, nil)
		r.Variadic = variadic
		r.SetTypes(params, results)
		return r
	}))
}

func structName(fields []StructField) string {
	s := "struct {"
	for i, f := range fields {
		if i > 0 {
			s += ";"
		}
		s += " "
		if !f.Anonymous {
			s += f.Name + " "
		}
		s += f.Type.String()
		if f.Tag != "" {
			s += " " + strconv.Quote(string(f.Tag))
		}
	}
	if len(fields) > 0 {
		s += " "
	}
	return s + "}"
}

func identifier(s string) bool {
	for i, r := range s {
		if r != '_' && !characters.In(characters.Letters, r) && (i == 0 || !characters.In(characters.Digits, r)) {
			return false
		}
	}
	return s != ""
}

func checkField(f StructField, i int) {
	switch {
	case f.Name == "":
		panic("reflect.StructOf: field " + strconv.Itoa(i) + " has no name")
	case !identifier(f.Name):
		panic("reflect.StructOf: field " + strconv.Itoa(i) + " has invalid name")
	case f.Type == nil:
		panic("reflect.StructOf: field " + strconv.Itoa(i) + " has no type")
	case f.Anonymous && f.PkgPath != "":
		panic("reflect.StructOf: field \"" + f.Name + "\" is anonymous but has PkgPath set")
	case f.PkgPath == "" && (f.Name[0] == '_' || 'a' <= f.Name[0] && f.Name[0] <= 'z'):
		panic("reflect.StructOf: field \"" + f.Name + "\" is unexported but missing PkgPath")
	}
}

// checkFields also looks at what fields have to do with each other.
func checkFields(fields []StructField) {
	names := map[string]bool{}
	pkg := ""
	for i, f := range fields {
		checkField(f, i)
		if pkg != "" && f.PkgPath != "" && pkg != f.PkgPath {
			panic("reflect.Struct: fields with different PkgPath " + pkg + " and " + f.PkgPath)
		}
		if f.PkgPath != "" {
			pkg = f.PkgPath
		}
		if names[f.Name] && f.Name != "_" {
			panic("reflect.StructOf: duplicate field " + f.Name)
		}
		names[f.Name] = true
	}
}

// after is size and more bytes.
func after(size, more uintptr) uintptr {
	if more > ^uintptr(0)-size {
		panic("reflect.StructOf: struct size would exceed virtual address space")
	}
	return size + more
}

func fitsFields(u *rt.Type, fields []StructField) bool {
	if int(u.FieldCount) != len(fields) {
		return false
	}
	r := tables.known[u]
	for i, f := range fields {
		g := u.FieldAt(i)
		if f.Name != g.Name || f.Type.rt() != g.Type || f.Anonymous != g.Embedded || string(f.Tag) != r.Tag(i) ||
			!g.Exported && f.PkgPath != r.Package {
			return false
		}
	}
	return true
}

// StructOf is a struct type.
func StructOf(fields []StructField) Type {
	checkFields(fields)
	return of(once(rt.Struct, func(u *rt.Type) bool { return fitsFields(u, fields) },
		func() *rt.Reflection { return buildStruct(fields) }))
}

func buildStruct(fields []StructField) *rt.Reflection {
	t := &rt.Type{Name: structName(fields), Align: 1, FieldAlign: 1}
	r := &rt.Reflection{Type: t}
	all, tags := make([]rt.Field, len(fields)), make([]string, len(fields))
	for i, f := range fields {
		e := f.Type.rt()
		t.Align = max(t.Align, e.FieldAlign)
		t.Size = after(t.Size, uintptr(e.FieldAlign)-1) &^ (uintptr(e.FieldAlign) - 1)
		all[i] = rt.Field{Name: f.Name, Type: e, Offset: t.Size, Exported: f.PkgPath == "", Embedded: f.Anonymous}
		tags[i] = string(f.Tag)
		if f.PkgPath != "" {
			r.Package = f.PkgPath
		}
		if e.PtrData > 0 {
			t.PtrData = t.Size + e.PtrData
		}
		t.Size = after(t.Size, e.Size)
		if i == len(fields)-1 && e.Size == 0 && t.Size > 0 {
			t.Size = after(t.Size, 1)
		}
	}
	t.FieldAlign = t.Align
	t.Size = after(t.Size, uintptr(t.Align)-1) &^ (uintptr(t.Align) - 1)
	if len(all) == 1 {
		t.Flags = all[0].Type.Flags & rt.Direct
	}
	t.SetFields(all)
	r.SetTags(tags)
	return r
}
