package reflect

import (
	"gomem/rt"
	"unsafe"
)

// NumMethod counts the methods that Method takes.
func (v Value) NumMethod() int {
	if v.t == nil {
		v.fail("NumMethod")
	}
	if v.method() >= 0 {
		return 0
	}
	return of(v.t).NumMethod()
}

// Method is the i-th method, bound to v.
func (v Value) Method(i int) Value {
	if v.t == nil {
		v.fail("Method")
	}
	if i < 0 || v.method() >= 0 || i >= len(methods(v.t)) {
		panic("reflect: Method index out of range")
	}
	if v.Kind() == Interface && v.IsNil() {
		panic("reflect: Method on nil interface value")
	}
	receiver := duplicate(v.t, v.p, v.inherited())
	receiver.flag |= flag(i+1) << methodShift
	return receiver
}

func (v Value) MethodByName(name string) Value {
	if v.t == nil {
		v.fail("MethodByName")
	}
	for i, k := range methods(v.t) {
		if v.t.MethodAt(k).Name == name {
			return v.Method(i)
		}
	}
	return Value{}
}

// methodOf is the method that v is.
func (v Value) methodOf() *rt.Method { return v.t.MethodAt(methods(v.t)[v.method()]) }

// target is what to call: the function's type, its code, and what comes first.
func (v Value) target() (t *rt.Type, code, first unsafe.Pointer) {
	if v.method() < 0 {
		fn := v.word()
		if fn == nil {
			panic("reflect: call of nil function")
		}
		return v.t, *(*unsafe.Pointer)(fn), fn
	}
	m, e := v.methodOf(), rt.Unpack(rt.Load(v.t, v.p))
	if v.t.Kind == rt.Interface {
		if !exported(m) {
			panic("reflect: Call of unexported method")
		}
		for i := 0; i < int(e.Type.MethodCount); i++ {
			if own := e.Type.MethodAt(i); own.Name == m.Name && own.Package == m.Package {
				m = own
			}
		}
	}
	return m.Type, m.Code, e.Data
}

// Call calls a function; values beyond a variadic one's parameters are gathered in a slice.
func (v Value) Call(in []Value) []Value {
	v.need("Call", Func)
	v.open("Call")
	rt.PassRecovery()
	return v.call("Call", in, true)
}

// CallSlice calls a variadic function with the slice for its last parameter.
func (v Value) CallSlice(in []Value) []Value {
	v.need("CallSlice", Func)
	v.open("CallSlice")
	if !v.Type().IsVariadic() {
		panic("reflect: CallSlice of non-variadic function")
	}
	rt.PassRecovery()
	return v.call("CallSlice", in, false)
}

func gather(what string, in []Value, n int, slice *rt.Type) []Value {
	rest := MakeSlice(of(slice), len(in)-n, len(in)-n)
	for i, x := range in[n:] {
		if !x.IsValid() {
			panic("reflect: " + what + " using zero Value argument")
		}
		if !x.Type().AssignableTo(of(slice.Elem)) {
			panic("reflect: cannot use " + x.Type().String() + " as type " + slice.Elem.Name + " in " + what)
		}
		rest.Index(i).Set(x)
	}
	return append(append([]Value(nil), in[:n]...), rest)
}

func (v Value) call(what string, in []Value, spread bool) []Value {
	t, code, first := v.target()
	r := reflectionOf(t)
	params := r.Params()
	if r.Variadic && spread {
		if len(in) < len(params)-1 {
			panic("reflect: " + what + " with too few input arguments")
		}
		in = gather(what, in, len(params)-1, params[len(params)-1])
	}
	if len(in) < len(params) {
		panic("reflect: " + what + " with too few input arguments")
	}
	if len(in) > len(params) {
		panic("reflect: " + what + " with too many input arguments")
	}
	given := make([]Value, len(in))
	for i, x := range in {
		if !x.IsValid() {
			panic("reflect: " + what + " using zero Value argument")
		}
		x.open(what)
		if !x.Type().AssignableTo(of(params[i])) {
			panic("reflect: " + what + " using " + x.Type().String() + " as type " + params[i].Name)
		}
		given[i] = x.as("reflect.Value.Call", params[i])
	}
	if v.method() < 0 && code == unmadeCode() {
		f := (*madeFunc)(first)
		rt.PassRecovery()
		out := f.fn(given)
		return f.checked(out, r.Results())
	}
	rt.PassRecovery()
	return perform(r, code, first, given)
}

// perform calls; what it calls with lies in args, which lives as long as the call.
func perform(r *rt.Reflection, code, first unsafe.Pointer, in []Value) []Value {
	if r.Made == nil {
		panic("reflect: call of a function of type " + r.Type.Name + ", which the program does not have")
	}
	args, results := make([]unsafe.Pointer, len(in)+1), make([]unsafe.Pointer, len(r.Results())+1)
	out := make([]Value, len(r.Results()))
	for i, x := range in {
		args[i] = x.p
	}
	for i, t := range r.Results() {
		out[i] = fresh(t)
		results[i] = out[i].p
	}
	rt.PassRecovery()
	rt.Call(r, code, first, unsafe.Pointer(&args[0]), unsafe.Pointer(&results[0]))
	return out
}

// madeFunc is the closure of a function made at run time.
type madeFunc struct {
	code unsafe.Pointer
	t    *rt.Type
	fn   func(args []Value) []Value
}

// MakeFunc is a function of a type that calls fn.
func MakeFunc(t Type, fn func(args []Value) (results []Value)) Value {
	if t.Kind() != Func {
		panic("reflect: call of MakeFunc with non-Func type")
	}
	return makeFunc(t.rt(), fn)
}

func makeFunc(t *rt.Type, fn func(args []Value) []Value) Value {
	code := reflectionOf(t).Made
	if code == nil {
		code = unmadeCode()
	}
	return pointer(t, unsafe.Pointer(&madeFunc{code, t, fn}))
}

// unmade stands for functions of types that the program does not have.
var unmade = func() { panic("reflect: call of a function whose type the program does not have") }

func unmadeCode() unsafe.Pointer { return **(**unsafe.Pointer)(unsafe.Pointer(&unmade)) }

// bound is the func value of a method value.
func (v Value) bound() Value {
	t, _, _ := v.target()
	w := makeFunc(t, func(args []Value) []Value {
		rt.PassRecovery()
		return v.call("Call", args, false)
	})
	w.flag = v.inherited()
	return w
}

// made is what the code of made functions calls: words are the addresses of the arguments, then of the results.
func made(closure, words unsafe.Pointer) {
	f := (*madeFunc)(closure)
	r := reflectionOf(f.t)
	params, results := r.Params(), r.Results()
	all := unsafe.Slice((*unsafe.Pointer)(words), len(params)+len(results))
	args := make([]Value, len(params))
	for i, t := range params {
		args[i] = Value{t: t, p: all[i]}
	}
	rt.PassRecovery()
	out := f.fn(args)
	for i, x := range f.checked(out, results) {
		rt.TypedCopy(x.t, all[len(params)+i], x.p, 1)
	}
}

// checked are what a made function returned, as values of the types of its results.
func (f *madeFunc) checked(out []Value, results []*rt.Type) []Value {
	if len(out) != len(results) {
		panic("reflect: wrong return count from function created by MakeFunc")
	}
	for i, t := range results {
		if !out[i].IsValid() {
			panic("reflect: function created by MakeFunc using closure returned zero Value")
		}
		if out[i].flag&closed != 0 {
			panic("reflect: function created by MakeFunc using closure returned value obtained from unexported field")
		}
		out[i] = out[i].as("reflect.MakeFunc", t)
	}
	return out
}
