package reflect

import (
	"gomem/rt"
	"iter"
	"strconv"
	"unsafe"
)

// SliceHeader and StringHeader are the words of slices and strings.
type SliceHeader struct {
	Data     uintptr
	Len, Cap int
}

type StringHeader struct {
	Data uintptr
	Len  int
}

type header struct {
	data     unsafe.Pointer
	len, cap int
}

func (v Value) header() *header { return (*header)(v.p) }

// mapLen is how many entries a map has: with that it begins.
func mapLen(m unsafe.Pointer) int {
	if m == nil {
		return 0
	}
	return *(*int)(m)
}

// failLength is fail for methods that pointers to arrays have too.
func (v Value) failLength(method string) {
	if v.Kind() == Pointer {
		panic("reflect: call of reflect.Value." + method + " on ptr to non-array Value")
	}
	v.fail(method)
}

func (v Value) Len() int {
	switch v.Kind() {
	case Array:
		return int(v.t.Len)
	case Chan:
		return rt.ChanLen(v.word())
	case Map:
		return mapLen(v.word())
	case Slice:
		return v.header().len
	case String:
		return len(*(*string)(v.p))
	case Pointer:
		if v.t.Elem.Kind == rt.Array {
			return int(v.t.Elem.Len)
		}
	}
	v.failLength("Len")
	return 0
}

func (v Value) Cap() int {
	switch v.Kind() {
	case Array:
		return int(v.t.Len)
	case Chan:
		return rt.ChanCap(v.word())
	case Slice:
		return v.header().cap
	case Pointer:
		if v.t.Elem.Kind == rt.Array {
			return int(v.t.Elem.Len)
		}
	}
	v.failLength("Cap")
	return 0
}

var byteType = TypeOf(byte(0)).rt()

func (v Value) Index(i int) Value {
	switch v.Kind() {
	case Array:
		index(i, v.Len(), "array")
		return Value{v.t.Elem, unsafe.Add(v.p, uintptr(i)*v.t.Elem.Size), v.flag}
	case Slice:
		index(i, v.Len(), "slice")
		return Value{v.t.Elem, unsafe.Add(v.word(), uintptr(i)*v.t.Elem.Size), v.inherited() | addressable}
	case String:
		index(i, v.Len(), "string")
		return Value{byteType, unsafe.Add(v.word(), i), v.inherited()}
	}
	v.fail("Index")
	return Value{}
}

// ---- slices ----

func sliceValue(t *rt.Type, h header) Value {
	w := fresh(t)
	*w.header() = h
	return w
}

// MakeSlice is make for a slice type.
func MakeSlice(t Type, length, capacity int) Value {
	if t.Kind() != Slice {
		panic("reflect.MakeSlice of non-slice type")
	}
	if length < 0 || capacity < 0 || length > capacity {
		panic("reflect.MakeSlice: bad len or cap")
	}
	return sliceValue(t.rt(), header{rt.NewArray(t.rt().Elem, capacity), length, capacity})
}

// SliceAt is a slice of n values of type t at p.
func SliceAt(t Type, p unsafe.Pointer, n int) Value {
	size := int(t.Size())
	bytes := n * size
	if n > 0 && (bytes/n != size || bytes < 0) {
		bytes = -1
	}
	_ = unsafe.Slice((*byte)(p), bytes) // says what is wrong
	return sliceValue(SliceOf(t).rt(), header{p, n, n})
}

func (v Value) base(method string) (data unsafe.Pointer, capacity int, t *rt.Type) {
	switch {
	case v.Kind() == Slice:
		return v.word(), v.Cap(), v.t
	case v.Kind() != Array:
		v.fail(method)
	case v.flag&addressable == 0:
		panic("reflect.Value." + method + ": slice of unaddressable array")
	}
	return v.p, v.Len(), SliceOf(of(v.t.Elem)).rt()
}

func (v Value) Slice(i, j int) Value {
	if v.Kind() == String {
		s := *(*string)(v.p)
		if i < 0 || j < i || j > len(s) {
			panic("reflect.Value.Slice: string slice index out of bounds")
		}
		w := text(v.t, s[i:j])
		w.flag = v.inherited()
		return w
	}
	_, n, _ := v.base("Slice")
	return v.slice("Slice", i, j, n)
}

func (v Value) Slice3(i, j, k int) Value { return v.slice("Slice3", i, j, k) }

func (v Value) slice(method string, i, j, k int) Value {
	data, n, t := v.base(method)
	if i < 0 || j < i || k < j || k > n {
		panic("reflect.Value." + method + ": slice index out of bounds")
	}
	if k > i {
		data = unsafe.Add(data, uintptr(i)*t.Elem.Size)
	}
	w := sliceValue(t, header{data, j - i, k - i})
	w.flag = v.inherited()
	return w
}

func (v Value) SetLen(n int) {
	v.settable("SetLen")
	v.need("SetLen", Slice)
	if n < 0 || n > v.Cap() {
		panic("reflect: slice length out of range in SetLen")
	}
	v.header().len = n
}

func (v Value) SetCap(n int) {
	v.settable("SetCap")
	v.need("SetCap", Slice)
	if n < v.Len() || n > v.Cap() {
		panic("reflect: slice capacity out of range in SetCap")
	}
	v.header().cap = n
}

// Grow makes room for n more elements.
func (v Value) Grow(n int) {
	v.settable("Grow")
	v.need("Grow", Slice)
	if n < 0 {
		panic("reflect.Value.Grow: negative len")
	}
	h := v.header()
	if h.len+n < h.len {
		panic("reflect.Value.Grow: slice overflow")
	}
	if h.len+n <= h.cap {
		return
	}
	s := (*[]byte)(v.p)
	*s = rt.GrowSlice(v.t.Elem, *s, h.len+n)[:h.len]
}

// copied is a variable with v's slice.
func (v Value) copied() Value {
	return Value{v.t, sliceValue(v.t, *v.header()).p, addressable}
}

// Append adds x to a slice.
func Append(s Value, x ...Value) Value {
	s.open("Append")
	s.need("Append", Slice)
	w := s.copied()
	w.Grow(len(x))
	n := w.Len()
	w.SetLen(n + len(x))
	for i, e := range x {
		w.Index(n + i).Set(e)
	}
	w.flag = 0
	return w
}

// AppendSlice adds the elements of slice t to s.
func AppendSlice(s, t Value) Value {
	s.open("AppendSlice")
	s.need("AppendSlice", Slice)
	if s.t != t.t {
		panic("reflect.AppendSlice: " + s.t.Name + " != " + t.t.Name)
	}
	w := s.copied()
	n := w.Len()
	w.Grow(t.Len())
	w.SetLen(n + t.Len())
	Copy(w.Slice(n, w.Len()), t)
	w.flag = 0
	return w
}

// Copy copies elements, as many as both have.
func Copy(dst, src Value) int {
	dst.need("Copy", Array, Slice)
	if dst.Kind() == Array {
		dst.settable("Copy")
	}
	dst.open("Copy")
	src.open("Copy")
	n := min(dst.Len(), src.Len())
	if n == 0 {
		return 0
	}
	from := src.p
	if src.Kind() != Array {
		from = src.word()
	}
	to := dst.p
	if dst.Kind() != Array {
		to = dst.word()
	}
	rt.TypedCopy(dst.t.Elem, to, from, n)
	return n
}

// Clear empties a map, or zeroes the elements of a slice.
func (v Value) Clear() {
	v.need("Clear", Map, Slice)
	if v.Kind() == Map {
		rt.MapClear(v.t, v.word())
		return
	}
	for i := 0; i < v.Len(); i++ {
		v.Index(i).SetZero()
	}
}

// Swapper is a function that swaps elements of a slice.
func Swapper(slice any) func(i, j int) {
	v := ValueOf(slice)
	if v.Kind() != Slice {
		panic(&ValueError{"Swapper", v.Kind()})
	}
	return func(i, j int) {
		a, b, spare := v.Index(i), v.Index(j), rt.NewObject(v.t.Elem)
		rt.TypedCopy(v.t.Elem, spare, a.p, 1)
		rt.TypedCopy(v.t.Elem, a.p, b.p, 1)
		rt.TypedCopy(v.t.Elem, b.p, spare, 1)
	}
}

// ---- maps ----

// MakeMap and MakeMapWithSize are make for a map type.
func MakeMap(t Type) Value { return MakeMapWithSize(t, 0) }

func MakeMapWithSize(t Type, n int) Value {
	if t.Kind() != Map {
		panic("reflect.MakeMapWithSize of non-map type")
	}
	return pointer(t.rt(), rt.MakeMap(t.rt(), n))
}

func duplicate(t *rt.Type, p unsafe.Pointer, f flag) Value {
	w := fresh(t)
	rt.TypedCopy(t, w.p, p, 1)
	w.flag = f
	return w
}

// MapIndex is the element of key, none when there is none.
func (v Value) MapIndex(key Value) Value {
	v.need("MapIndex", Map)
	k := key.as("reflect.Value.MapIndex", v.t.Key)
	p := rt.MapAccess(v.t, v.word(), k.p)
	if p == nil {
		return Value{}
	}
	return duplicate(v.t.Elem, p, v.inherited()|key.inherited())
}

// SetMapIndex sets the element of key, or removes it when elem is no value.
func (v Value) SetMapIndex(key, elem Value) {
	v.need("SetMapIndex", Map)
	v.open("SetMapIndex")
	key.open("SetMapIndex")
	k := key.as("reflect.Value.SetMapIndex", v.t.Key)
	if elem.t == nil {
		rt.MapDelete(v.t, v.word(), k.p)
		return
	}
	elem.open("SetMapIndex")
	e := elem.as("reflect.Value.SetMapIndex", v.t.Elem)
	rt.TypedCopy(v.t.Elem, rt.MapAssign(v.t, v.word(), k.p), e.p, 1)
}

// MapKeys are the keys, in no order.
func (v Value) MapKeys() []Value {
	v.need("MapKeys", Map)
	keys, _, n := rt.MapEntries(v.t, v.word())
	list := make([]Value, n)
	for i := range list {
		list[i] = Value{v.t.Key, unsafe.Add(keys, uintptr(i)*v.t.Key.Size), v.inherited()}
	}
	return list
}

// MapIter goes over the entries of a map.
type MapIter struct {
	m         Value
	it        rt.MapIter
	key, elem unsafe.Pointer // copies of the entry's
	state     iterState
}

type iterState uint8

const (
	iterNew iterState = iota
	iterAtEntry
	iterExhausted
)

func (v Value) MapRange() *MapIter {
	v.need("MapRange", Map)
	return &MapIter{m: v}
}

func (it *MapIter) Next() bool {
	if !it.m.IsValid() {
		panic("MapIter.Next called on an iterator that does not have an associated map Value")
	}
	var found bool
	t := it.m.t
	switch it.state {
	case iterNew:
		it.key, it.elem = rt.NewObject(t.Key), rt.NewObject(t.Elem)
		found = rt.MapStart(t, it.m.word(), &it.it, it.key, it.elem)
	case iterAtEntry:
		found = rt.MapNext(t, &it.it, it.key, it.elem)
	default:
		panic("MapIter.Next called on exhausted iterator")
	}
	it.state = iterExhausted
	if found {
		it.state = iterAtEntry
	}
	return found
}

func (it *MapIter) there(method string) {
	switch it.state {
	case iterNew:
		panic(method + " called before Next")
	case iterExhausted:
		panic(method + " called on exhausted iterator")
	}
}

func (it *MapIter) Key() Value {
	it.there("MapIter.Key")
	return duplicate(it.m.t.Key, it.key, it.m.inherited())
}

func (it *MapIter) Value() Value {
	it.there("MapIter.Value")
	return duplicate(it.m.t.Elem, it.elem, it.m.inherited())
}

// Reset makes it an iterator over v.
func (it *MapIter) Reset(v Value) { *it = MapIter{m: v} }

// SetIterKey and SetIterValue are v.Set of the iterator's entry.
func (v Value) SetIterKey(it *MapIter) {
	it.there("reflect: Value.SetIterKey")
	v.settable("SetIterKey")
	v.Set(it.Key())
}

func (v Value) SetIterValue(it *MapIter) {
	it.there("reflect: Value.SetIterValue")
	v.settable("SetIterValue")
	v.Set(it.Value())
}

// ---- channels ----

// MakeChan is make for a channel type.
func MakeChan(t Type, n int) Value {
	if t.Kind() != Chan {
		panic("reflect.MakeChan of non-chan type")
	}
	if n < 0 {
		panic("reflect.MakeChan: negative buffer size")
	}
	if t.ChanDir() != BothDir {
		panic("reflect.MakeChan: unidirectional channel type")
	}
	return pointer(t.rt(), rt.MakeChan(t.rt(), n))
}

func (v Value) channel(method string, dir ChanDir) {
	v.need(method, Chan)
	v.open(method)
	if ChanDir(v.t.Len)&dir == 0 {
		panic("reflect: " + method + " on " + ChanDir(v.t.Len).String() + " channel")
	}
}

func (v Value) Send(x Value) {
	v.channel("Send", SendDir)
	rt.Send(v.word(), x.as("reflect.Value.Send", v.t.Elem).p)
}

func (v Value) Recv() (Value, bool) {
	v.channel("Recv", RecvDir)
	w := fresh(v.t.Elem)
	ok := rt.Recv(v.word(), w.p)
	return w, ok
}

func (v Value) TrySend(x Value) bool {
	v.channel("TrySend", SendDir)
	c := &rt.SelectCase{Chan: v.word(), Elem: x.as("reflect.Value.TrySend", v.t.Elem).p}
	chosen, _ := rt.Select(c, 1, 1, true)
	return chosen == 0
}

func (v Value) TryRecv() (Value, bool) {
	v.channel("TryRecv", RecvDir)
	w := fresh(v.t.Elem)
	chosen, ok := rt.Select(&rt.SelectCase{Chan: v.word(), Elem: w.p}, 0, 1, true)
	if chosen < 0 {
		return Value{}, false
	}
	return w, ok
}

func (v Value) Close() {
	v.channel("Close", SendDir)
	rt.CloseChan(v.word())
}

// SelectDir is what a case of Select does.
type SelectDir int

const (
	_ SelectDir = iota
	SelectSend
	SelectRecv
	SelectDefault
)

// SelectCase is a case of Select; one without a channel is never chosen.
type SelectCase struct {
	Dir  SelectDir
	Chan Value
	Send Value
}

const maxCases = 65536

// Select is a select statement.
func Select(cases []SelectCase) (chosen int, recv Value, recvOK bool) {
	if len(cases) > maxCases {
		panic("reflect.Select: too many cases (max " + strconv.Itoa(maxCases) + ")")
	}
	var list []rt.SelectCase
	var numbers []int
	sends, other := 0, -1
	for i, c := range cases {
		if c.Dir == SelectDefault {
			other = i
		} else if c.Dir == SelectSend {
			e := rt.SelectCase{}
			if c.Chan.IsValid() {
				c.Chan.channel("Select", SendDir)
				e = rt.SelectCase{Chan: c.Chan.word(), Elem: c.Send.as("reflect.Select", c.Chan.t.Elem).p}
			}
			list, numbers = append(list, e), append(numbers, i)
			sends++
		}
	}
	for i, c := range cases {
		if c.Dir == SelectRecv {
			e := rt.SelectCase{}
			if c.Chan.IsValid() {
				c.Chan.channel("Select", RecvDir)
				e = rt.SelectCase{Chan: c.Chan.word(), Elem: rt.NewObject(c.Chan.t.Elem)}
			}
			list, numbers = append(list, e), append(numbers, i)
		}
	}
	if len(list) == 0 && other < 0 {
		select {}
	}
	k, received := rt.Select(unsafe.SliceData(list), sends, len(list), other >= 0)
	if k < 0 {
		return other, Value{}, false
	}
	chosen = numbers[k]
	if k >= sends {
		recv, recvOK = Value{t: cases[chosen].Chan.t.Elem, p: list[k].Elem}, received
	}
	return
}

// ---- ranges ----

// Seq ranges over v with one variable.
func (v Value) Seq() iter.Seq[Value] {
	if !v.Type().CanSeq() {
		panic("reflect: " + v.Type().String() + " cannot produce iter.Seq[Value]")
	}
	return func(yield func(Value) bool) {
		switch {
		case v.Kind() == Func:
			v.drive(func(args []Value) bool { return yield(args[0]) })
		case v.Kind() == Chan:
			for x, ok := v.Recv(); ok && yield(x); x, ok = v.Recv() {
			}
		case v.CanInt():
			for i := int64(0); i < v.Int() && yield(ValueOf(i).Convert(v.Type())); i++ {
			}
		case v.CanUint():
			for i := uint64(0); i < v.Uint() && yield(ValueOf(i).Convert(v.Type())); i++ {
			}
		default:
			for k := range v.Seq2() {
				if !yield(k) {
					return
				}
			}
		}
	}
}

// Seq2 ranges over v with two variables.
func (v Value) Seq2() iter.Seq2[Value, Value] {
	if !v.Type().CanSeq2() {
		panic("reflect: " + v.Type().String() + " cannot produce iter.Seq2[Value, Value]")
	}
	return func(yield func(Value, Value) bool) {
		switch v.Kind() {
		case Func:
			v.drive(func(args []Value) bool { return yield(args[0], args[1]) })
		case Map:
			for it := v.MapRange(); it.Next() && yield(it.Key(), it.Value()); {
			}
		case String:
			for i, r := range v.String() {
				if !yield(ValueOf(i), ValueOf(r)) {
					return
				}
			}
		default:
			list := Indirect(v)
			for i := 0; i < list.Len() && yield(ValueOf(i), list.Index(i)); i++ {
			}
		}
	}
}

func (v Value) drive(yield func(args []Value) bool) {
	body := func(args []Value) []Value {
		w := New(v.Type().In(0).Out(0)).Elem()
		w.SetBool(yield(args))
		return []Value{w}
	}
	v.Call([]Value{MakeFunc(v.Type().In(0), body)})
}
