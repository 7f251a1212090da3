package fmt

import (
	"gomem/rt"
	"sort"
	"unsafe"
)

func (v value) isInt() bool  { return rt.Int <= v.t.Kind && v.t.Kind <= rt.Int64 }
func (v value) isUint() bool { return rt.Uint <= v.t.Kind && v.t.Kind <= rt.Uintptr }

// isBytes is of []byte itself, not of types made of it.
func (v value) isBytes() bool {
	return v.t.Kind == rt.Slice && v.t.Flags&rt.Named == 0 && v.t.Elem.Kind == rt.Uint8 && v.t.Elem.Flags&rt.Named == 0
}

func (v value) int() int64          { return rt.LoadInt(v.t, v.p) }
func (v value) uint() uint64        { return rt.LoadUint(v.t, v.p) }
func (v value) float() float64      { return rt.LoadFloat(v.t, v.p) }
func (v value) complex() complex128 { return rt.LoadComplex(v.t, v.p) }

func (v value) word() unsafe.Pointer { return *(*unsafe.Pointer)(v.p) }

// any is the value as an interface holds it: a copy.
func (v value) any() any { return rt.Load(v.t, v.p) }

// dynamic is what an interface holds; t is nil when it holds nothing.
func (v value) dynamic() value {
	e := rt.Dynamic(v.t, v.p)
	if e.Type == nil {
		return value{}
	}
	boxed := &e
	return value{t: e.Type, p: boxed.Address(), hidden: v.hidden}
}

func (v value) field(i int) (value, string) {
	f := v.t.FieldAt(i)
	x := value{t: f.Type, p: unsafe.Add(v.p, f.Offset), hidden: v.hidden || !f.Exported}
	return x, f.Name
}

// elements are those of an array or slice.
func (v value) elements() (p unsafe.Pointer, n int) {
	if v.t.Kind == rt.Array {
		return v.p, int(v.t.Len)
	}
	header := *(*[]byte)(v.p)
	return unsafe.Pointer(unsafe.SliceData(header)), len(header)
}

func (p *printer) composite(v value, verb rune, depth int) bool {
	switch v.t.Kind {
	case rt.Map:
		p.mapped(v, verb, depth)
	case rt.Struct:
		p.structure(v, verb, depth)
	case rt.Interface:
		p.inner(v, verb, depth)
	case rt.Array, rt.Slice:
		return p.list(v, verb, depth)
	case rt.Pointer:
		if depth == 0 && v.word() != nil {
			switch v.t.Elem.Kind {
			case rt.Array, rt.Slice, rt.Struct, rt.Map:
				p.putc('&')
				p.value(value{t: v.t.Elem, p: v.word(), hidden: v.hidden}, verb, depth+1)
				return true
			}
		}
		return p.pointer(v, verb)
	case rt.Chan, rt.Func, rt.UnsafePointer:
		return p.pointer(v, verb)
	default:
		return false
	}
	return true
}

func (p *printer) separate(i int) {
	switch {
	case i == 0:
	case p.sharpV:
		p.puts(", ")
	default:
		p.putc(' ')
	}
}

func (p *printer) structure(v value, verb rune, depth int) {
	if p.sharpV {
		p.typeOf(v)
	}
	p.putc('{')
	for i := 0; i < int(v.t.FieldCount); i++ {
		p.separate(i)
		field, name := v.field(i)
		if p.plusV || p.sharpV {
			p.puts(name)
			p.putc(':')
		}
		if field.t.Kind == rt.Interface {
			if inner := field.dynamic(); inner.t != nil {
				field = inner
			}
		}
		p.value(field, verb, depth+1)
	}
	p.putc('}')
}

func (p *printer) inner(v value, verb rune, depth int) {
	x := v.dynamic()
	switch {
	case x.t != nil:
		p.value(x, verb, depth+1)
	case p.sharpV:
		p.typeOf(v)
		p.puts("(nil)")
	default:
		p.puts("<nil>")
	}
}

func (p *printer) list(v value, verb rune, depth int) bool {
	at, n := v.elements()
	elem := v.t.Elem
	if elem.Kind == rt.Uint8 {
		switch verb {
		case 's', 'q', 'x', 'X':
			return p.bytes(unsafe.Slice((*byte)(at), n), verb)
		}
	}
	open, end := byte('['), byte(']')
	if p.sharpV {
		p.typeOf(v)
		if v.t.Kind == rt.Slice && at == nil {
			p.puts("(nil)")
			return true
		}
		open, end = '{', '}'
	}
	p.putc(open)
	for i := 0; i < n; i++ {
		p.separate(i)
		p.value(value{t: elem, p: unsafe.Add(at, uintptr(i)*elem.Size), hidden: v.hidden}, verb, depth+1)
	}
	p.putc(end)
	return true
}

type entry struct{ key, elem value }

// entries are those of a map, ordered by key.
func (v value) entries() []entry {
	keys, elems, n := rt.MapEntries(v.t, v.word())
	list := make([]entry, n)
	for i := range list {
		list[i].key = value{t: v.t.Key, p: unsafe.Add(keys, uintptr(i)*v.t.Key.Size), hidden: v.hidden}
		list[i].elem = value{t: v.t.Elem, p: unsafe.Add(elems, uintptr(i)*v.t.Elem.Size), hidden: v.hidden}
	}
	sort.SliceStable(list, func(i, j int) bool { return compare(list[i].key, list[j].key) < 0 })
	return list
}

func (p *printer) mapped(v value, verb rune, depth int) {
	end := byte(']')
	if p.sharpV {
		p.typeOf(v)
		if v.word() == nil {
			p.puts("(nil)")
			return
		}
		p.putc('{')
		end = '}'
	} else {
		p.puts("map[")
	}
	for i, e := range v.entries() {
		p.separate(i)
		p.value(e.key, verb, depth+1)
		p.putc(':')
		p.value(e.elem, verb, depth+1)
	}
	p.putc(end)
}

func order[T int64 | uint64 | float64 | string](a, b T) int {
	switch {
	case a < b || a != a && b == b:
		return -1
	case a > b || a == a && b != b:
		return 1
	}
	return 0
}

// compare orders keys: numbers and strings by value, false before true, by address, field by field, of interfaces nil first and
// then by type.
func compare(a, b value) int {
	if a.t != b.t {
		return order(uint64(uintptr(unsafe.Pointer(a.t))), uint64(uintptr(unsafe.Pointer(b.t))))
	}
	switch {
	case a.isInt():
		return order(a.int(), b.int())
	case a.isUint(), a.t.Kind == rt.Bool:
		return order(a.uint(), b.uint())
	}
	switch a.t.Kind {
	case rt.String:
		return order(*(*string)(a.p), *(*string)(b.p))
	case rt.Float32, rt.Float64:
		return order(a.float(), b.float())
	case rt.Complex64, rt.Complex128:
		x, y := a.complex(), b.complex()
		if c := order(real(x), real(y)); c != 0 {
			return c
		}
		return order(imag(x), imag(y))
	case rt.Pointer, rt.Chan, rt.UnsafePointer:
		return order(uint64(uintptr(a.word())), uint64(uintptr(b.word())))
	}
	return compareParts(a, b)
}

func compareParts(a, b value) int {
	switch a.t.Kind {
	case rt.Struct:
		for i := 0; i < int(a.t.FieldCount); i++ {
			x, _ := a.field(i)
			y, _ := b.field(i)
			if c := compare(x, y); c != 0 {
				return c
			}
		}
	case rt.Array:
		for i := uintptr(0); i < a.t.Len; i++ {
			x, y := value{t: a.t.Elem, p: unsafe.Add(a.p, i*a.t.Elem.Size)}, value{t: a.t.Elem, p: unsafe.Add(b.p, i*a.t.Elem.Size)}
			if c := compare(x, y); c != 0 {
				return c
			}
		}
	case rt.Interface:
		x, y := a.dynamic(), b.dynamic()
		if x.t == nil || y.t == nil {
			return order(uint64(uintptr(unsafe.Pointer(x.t))), uint64(uintptr(unsafe.Pointer(y.t))))
		}
		return compare(x, y)
	}
	return 0
}
