// Types and values at run time.
package main

import (
	"fmt"
	"math"
	"reflect"
	"runtime"
)

type T struct {
	A int `json:"a" x:"y"`
	b string
	C []int
	E
}
type E struct{ F float64 }

func (t T) Sum(x, y int) (int, error) { return t.A + x + y, nil }
func (t *T) Inc(n ...int) {
	for _, k := range n {
		t.A += k
	}
}

type S interface{ Sum(x, y int) (int, error) }

func big(a [10]int, s string, f float32) (r [6]int, q string) {
	r[0], r[5] = a[9], len(s)
	return r, s + fmt.Sprint(f)
}

// ranges goes over maps that change meanwhile.
func ranges() {
	nan := math.NaN()
	m := map[float64]string{nan: "a", nan: "b", nan: "c", 1: "d"}
	seen := 0
	it := reflect.ValueOf(m).MapRange()
	for it.Next() {
		seen += len(it.Value().String())
	}
	fmt.Println(seen, len(m))
	it.Reset(reflect.ValueOf(m))
	for seen = 0; it.Next(); seen++ {
		clear(m)
	}
	fmt.Println(seen, len(m))
	big := map[int]*int{}
	for i := range 1000 {
		big[i] = new(int)
		*big[i] = i
	}
	sum := 0
	for it.Reset(reflect.ValueOf(big)); it.Next(); {
		k := int(it.Key().Int())
		sum += *it.Value().Interface().(*int) - k + 1
		delete(big, 999-k)
		runtime.Gosched()
	}
	fmt.Println(sum, len(big))
	for it.Reset(reflect.ValueOf(map[int]int(nil))); it.Next(); {
		fmt.Println("an entry of a nil map")
	}
}

type catcher struct{ by string }

func (c *catcher) Catch() { fmt.Println(c.by, "caught", recover()) }
func deeper()             { fmt.Println("deeper", recover()) }

func throw(f func()) {
	defer func() { fmt.Println("left", recover()) }()
	defer f()
	panic("thrown")
}

// recoveries are those of deferred calls that go through package reflect.
func recoveries() {
	c := reflect.ValueOf(&catcher{"value"})
	throw(c.Method(0).Interface().(func()))
	throw(func() { c.Method(0).Call(nil) })
	func() {
		defer reflect.TypeOf(&catcher{}).Method(0).Func.Interface().(func(*catcher))(&catcher{"expression"})
		panic("thrown")
	}()
	plain := reflect.TypeFor[func()]()
	throw(reflect.MakeFunc(plain, func([]reflect.Value) []reflect.Value { fmt.Println(recover()); return nil }).Interface().(func()))
	throw(reflect.MakeFunc(plain, func([]reflect.Value) []reflect.Value { deeper(); return nil }).Interface().(func()))
}

func sixty(s string, p0, p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12, p13, p14, p15, p16, p17, p18, p19, p20, p21, p22, p23, p24, p25, p26, p27, p28, p29, p30, p31, p32, p33, p34, p35, p36, p37, p38, p39, p40, p41, p42, p43, p44, p45, p46, p47, p48, p49, p50, p51, p52, p53, p54, p55, p56, p57, p58, p59 *int, e error) (*int, string) {
	*p59 += *p0
	return p59, s
}

func carried() {
	f := reflect.ValueOf(sixty)
	x, y := 1, 2
	args := []reflect.Value{reflect.ValueOf("s")}
	for range 59 {
		args = append(args, reflect.ValueOf(&x))
	}
	args = append(args, reflect.ValueOf(&y), reflect.Zero(f.Type().In(61)))
	r := f.Call(args)
	made := reflect.MakeFunc(f.Type(), f.Call)
	q := made.Call(args)
	fmt.Println(r[0].Elem(), r[1], q[0].Elem(), q[1])
}

// asserted takes values out as types that they are, are not, and hold.
func asserted(v reflect.Value, t any) {
	sums, ok := reflect.TypeAssert[S](v)
	fmt.Println(sums == t, ok)
	_, ok = reflect.TypeAssert[string](v)
	fmt.Println(ok)
	var held, none any = 5, nil
	fmt.Println(reflect.TypeAssert[int](reflect.ValueOf(&held).Elem()))
	fmt.Println(reflect.TypeAssert[any](reflect.ValueOf(&none).Elem()))
	sum, ok := reflect.TypeAssert[func(int, int) (int, error)](v.Method(1))
	fmt.Println(sum != nil, ok)
	defer func() { fmt.Println(recover()) }()
	reflect.TypeAssert[int](reflect.Value{})
}

func main() {
	carried()
	ranges()
	recoveries()
	t := T{A: 1, b: "x", C: []int{1, 2}}
	v := reflect.ValueOf(&t)
	fmt.Println(v.Type(), v.Elem().Type(), v.NumMethod(), v.Elem().NumMethod())
	for i := 0; i < v.Elem().NumField(); i++ {
		f := v.Elem().Type().Field(i)
		fmt.Println(f.Name, f.Type, f.Tag, f.Tag.Get("x"), f.PkgPath, f.Anonymous, f.Offset, f.Index)
	}
	out := v.MethodByName("Sum").Call([]reflect.Value{reflect.ValueOf(3), reflect.ValueOf(4)})
	fmt.Println(out[0].Int(), out[1].IsNil(), out[0])
	v.MethodByName("Inc").Call([]reflect.Value{reflect.ValueOf(3), reflect.ValueOf(4)})
	fmt.Println(t.A)
	fb := reflect.ValueOf(big).Call([]reflect.Value{reflect.ValueOf([10]int{9: 7}), reflect.ValueOf("hey"), reflect.ValueOf(float32(1.5))})
	fmt.Println(fb[0], fb[1])
	fn := reflect.MakeFunc(reflect.TypeOf(big), func(a []reflect.Value) []reflect.Value {
		fmt.Println("made", a[0], a[1], a[2])
		return []reflect.Value{reflect.ValueOf([6]int{1, 2, 3}), reflect.ValueOf("res")}
	}).Interface().(func([10]int, string, float32) ([6]int, string))
	fmt.Println(fn([10]int{1}, "arg", 2.5))
	m := v.Method(1).Interface().(func(int, int) (int, error))
	fmt.Println(m(10, 20))
	var s S = reflect.New(reflect.TypeOf(t)).Interface().(S)
	fmt.Println(s.Sum(1, 1))
	v.Elem().FieldByName("F").SetFloat(2.25)
	v.Elem().Field(2).Set(reflect.Append(v.Elem().Field(2), reflect.ValueOf(9)))
	fmt.Printf("%+v\n", t)
	mp := reflect.MakeMap(reflect.MapOf(reflect.TypeOf(""), reflect.TypeOf(0)))
	mp.SetMapIndex(reflect.ValueOf("a"), reflect.ValueOf(5))
	fmt.Println(mp.Interface().(map[string]int), mp.MapIndex(reflect.ValueOf("a")), mp.MapIndex(reflect.ValueOf("b")).IsValid())
	fmt.Println(reflect.TypeOf(t).Method(0).Type, reflect.TypeOf((*S)(nil)).Elem().Method(0).Type)
	r := reflect.TypeOf(t).Method(0).Func.Call([]reflect.Value{reflect.ValueOf(t), reflect.ValueOf(1), reflect.ValueOf(2)})
	fmt.Println(r[0])
	st := reflect.StructOf([]reflect.StructField{{Name: "X", Type: reflect.TypeOf(0), Tag: `a:"b"`}, {Name: "Y", Type: reflect.TypeOf("")}})
	x := reflect.New(st).Elem()
	x.Field(1).SetString("why")
	fmt.Printf("%v %+v\n", st, x.Interface())
	fmt.Println(reflect.ValueOf(3).Convert(reflect.TypeOf(1.0)), reflect.ArrayOf(3, reflect.TypeOf(t)), reflect.TypeOf(big))
	ch := make(chan int, 1)
	reflect.ValueOf(ch).Send(reflect.ValueOf(4))
	fmt.Println(reflect.ValueOf(ch).Recv())
	for i := range reflect.ValueOf(3).Seq() {
		fmt.Print(i, " ")
	}
	fmt.Println()
	type circle []circle
	a, b := circle{nil}, circle{nil}
	a[0], b[0] = a, b
	fmt.Println(reflect.DeepEqual(a, b), reflect.DeepEqual(a, circle{nil}), reflect.DeepEqual(map[int]int{1: 1}, map[int]int{1: 1, 2: 2}))
	grown, arrays := reflect.ValueOf([]int32{}), 0
	for i := int32(0); i < 1000; i++ {
		before := grown.Pointer()
		if grown = reflect.Append(grown, reflect.ValueOf(i)); grown.Pointer() != before {
			arrays++
		}
	}
	fmt.Println(grown.Len(), grown.Index(999), arrays > 5 && arrays < 30)
	asserted(v, t)
	defer func() { fmt.Println(recover()) }()
	v.Elem().Field(1).SetString("z")
}
