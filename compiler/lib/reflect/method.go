package reflect

import (
	"gomem/rt"
	"iter"
	"sync"
)

// tables are the program's reflections, and the types made at run time.
var tables struct {
	sync.Mutex
	once  sync.Once
	known map[*rt.Type]*rt.Reflection
	types []*rt.Type            // all
	ptrTo map[*rt.Type]*rt.Type // the pointer type of a type
}

// add makes a type known.
func add(r *rt.Reflection) {
	tables.known[r.Type] = r
	tables.types = append(tables.types, r.Type)
	if r.Type.Kind == rt.Pointer && r.Type.Flags&rt.Named == 0 {
		tables.ptrTo[r.Type.Elem] = r.Type
	}
}

func load() {
	tables.once.Do(func() {
		tables.known, tables.ptrTo = map[*rt.Type]*rt.Reflection{}, map[*rt.Type]*rt.Type{}
		for _, r := range rt.Reflections() {
			if tables.known[r.Type] == nil {
				add(r)
			}
		}
	})
}

func reflectionOf(t *rt.Type) *rt.Reflection {
	load()
	tables.Lock()
	defer tables.Unlock()
	return tables.known[t]
}

func exported(m *rt.Method) bool { return m.Package == "" }

// methods are the numbers in t's descriptor of its methods: of an interface all, else those that are exported.
func methods(t *rt.Type) []int {
	var list []int
	for i := 0; i < int(t.MethodCount); i++ {
		if t.Kind == rt.Interface || exported(t.MethodAt(i)) {
			list = append(list, i)
		}
	}
	return list
}

// Method is a method of a type. Func takes the receiver as its first argument.
type Method struct {
	Name    string
	PkgPath string
	Type    Type
	Func    Value
	Index   int
}

// IsExported tells whether other packages see the method.
func (m Method) IsExported() bool { return m.PkgPath == "" }

func (d *descriptor) NumMethod() int {
	n := 0
	for i := 0; i < int(d.rt().MethodCount); i++ {
		if d.Kind() == Interface || exported(d.rt().MethodAt(i)) {
			n++
		}
	}
	return n
}

func (d *descriptor) Method(i int) Method {
	list := methods(d.rt())
	if i < 0 || i >= len(list) {
		panic("reflect: Method index out of range")
	}
	m := d.rt().MethodAt(list[i])
	method := Method{Name: m.Name, PkgPath: m.Package, Type: of(m.Type), Index: i}
	if d.Kind() == Interface {
		return method
	}
	plain := of(m.Type)
	in, out := []Type{d}, []Type{}
	for t := range plain.Ins() {
		in = append(in, t)
	}
	for t := range plain.Outs() {
		out = append(out, t)
	}
	method.Type = FuncOf(in, out, plain.IsVariadic())
	call := func(args []Value) []Value {
		bound := args[0].Method(i)
		rt.PassRecovery()
		if plain.IsVariadic() {
			return bound.CallSlice(args[1:])
		}
		return bound.Call(args[1:])
	}
	method.Func = makeFunc(method.Type.rt(), call)
	return method
}

func (d *descriptor) MethodByName(name string) (Method, bool) {
	for i, k := range methods(d.rt()) {
		if d.rt().MethodAt(k).Name == name {
			return d.Method(i), true
		}
	}
	return Method{}, false
}

func (d *descriptor) Methods() iter.Seq[Method] {
	return func(yield func(Method) bool) {
		for i := 0; i < d.NumMethod() && yield(d.Method(i)); i++ {
		}
	}
}

func (d *descriptor) function(what string) *rt.Reflection {
	d.need(what, Func)
	return reflectionOf(d.rt())
}

func (d *descriptor) IsVariadic() bool { return d.function("IsVariadic").Variadic }
func (d *descriptor) NumIn() int       { return len(d.function("NumIn").Params()) }
func (d *descriptor) In(i int) Type    { return of(d.function("In").Params()[i]) }
func (d *descriptor) NumOut() int      { return len(d.function("NumOut").Results()) }
func (d *descriptor) Out(i int) Type   { return of(d.function("Out").Results()[i]) }

func each(list []*rt.Type) iter.Seq[Type] {
	return func(yield func(Type) bool) {
		for _, t := range list {
			if !yield(of(t)) {
				return
			}
		}
	}
}

func (d *descriptor) Ins() iter.Seq[Type]  { return each(d.function("Ins").Params()) }
func (d *descriptor) Outs() iter.Seq[Type] { return each(d.function("Outs").Results()) }
