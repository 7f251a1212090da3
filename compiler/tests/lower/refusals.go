// What packages reflect and runtime refuse, and the edges of what they take.
package main

import (
	"fmt"
	"math"
	"reflect"
	"runtime"
	"unsafe"
)

type hidden interface {
	W()
	w()
}

type worker int

func (worker) W() {}
func (worker) w() {}

type list []struct{ C int }

func text(what string, f func()) {
	defer func() { fmt.Printf("%s: %v\n", what, recover()) }()
	f()
}

func channels() {
	var x struct {
		a <-chan (<-chan string)
		b chan (<-chan string)
		c chan<- (<-chan string)
		d <-chan chan<- int
	}
	t := reflect.TypeOf(x)
	for f := range t.Fields() {
		fmt.Println(f.Type)
	}
	receive := reflect.TypeFor[<-chan int]()
	for _, dir := range []reflect.ChanDir{reflect.RecvDir, reflect.SendDir, reflect.BothDir} {
		fmt.Println(reflect.ChanOf(dir, receive))
	}
	text("select", func() { reflect.Select(make([]reflect.SelectCase, 65537)) })
}

func methods() {
	type embedding struct{ hidden }
	v := reflect.ValueOf(&struct{ X hidden }{worker(1)}).Elem().Field(0)
	v.Method(0).Call(nil)
	text("unexported", func() { v.Method(1).Call(nil) })
	text("embedded", func() { reflect.ValueOf(embedding{worker(1)}).Field(0).Method(0).Call(nil) })
}

func values() {
	text("overflow", func() { reflect.ValueOf(1.5).OverflowInt(0) })
	text("overflow", func() { reflect.ValueOf(int64(1)).OverflowComplex(0) })
	text("len", func() { reflect.ValueOf(new(int)).Len() })
	text("cap", func() { reflect.ValueOf(new(int)).Cap() })
	text("len", func() { reflect.ValueOf(1).Len() })
	s := reflect.ValueOf(make([]byte, 4))
	text("convert", func() { s.Convert(reflect.TypeFor[*[8]byte]()) })
	text("convert", func() { s.Convert(reflect.TypeFor[[8]byte]()) })
	type float float32
	nan := float(math.Float32frombits(0x7f800001))
	converted := reflect.ValueOf(nan).Convert(reflect.TypeFor[float32]()).Interface().(float32)
	fmt.Printf("%#x\n", math.Float32bits(converted))
	fmt.Println(reflect.Kind(math.MaxUint), reflect.Kind(27))
	type embeds struct{ list }
	type has struct{ l list }
	fmt.Println(reflect.ValueOf(embeds{list{{}}}).Field(0).Index(0).Field(0).CanSet(),
		reflect.ValueOf(has{list{{}}}).Field(0).Index(0).Field(0).CanSet())
	it := reflect.ValueOf(map[string]int{"a": 1}).MapRange()
	k := reflect.New(reflect.TypeFor[string]()).Elem()
	text("iterator", func() { k.SetIterKey(it) })
	text("iterator", func() { it.Key() })
	it.Next()
	text("iterator", func() { reflect.ValueOf("").SetIterKey(it) })
	k.SetIterKey(it)
	it.Next()
	text("iterator", func() { k.SetIterValue(it) })
	fmt.Println(k)
}

func comparisons() {
	equal := func(a, b any) {
		text("equal", func() { fmt.Println(reflect.ValueOf(a).Equal(reflect.ValueOf(b))) })
	}
	equal([]int{}, []int{})
	equal([1]any{[]int{}}, [1]any{[]int{}})
	equal(struct{ a, b any }{1, []int{}}, struct{ a, b any }{2, []int{}})
	equal(struct{ a, b any }{1, "x"}, struct{ a, b any }{1, "x"})
	equal([0]func(){}, [0]func(){})
	fmt.Println(reflect.ValueOf([0]map[int]int{}).Comparable(), reflect.ValueOf([1]any{1}).Comparable(),
		reflect.ValueOf([1]any{[]int{}}).Comparable(), reflect.ValueOf([0]any{}).Comparable(), reflect.Value{}.Comparable())
}

func slices() {
	var p [4]uint64
	fmt.Println(reflect.SliceAt(reflect.TypeFor[uint64](), unsafe.Pointer(&p), 4).Len())
	fmt.Println(reflect.SliceAt(reflect.TypeFor[uint64](), nil, 0).IsNil())
	text("slice", func() { reflect.SliceAt(reflect.TypeFor[uint64](), nil, 1) })
	text("slice", func() { reflect.SliceAt(reflect.TypeFor[uint64](), unsafe.Pointer(&p), -1) })
	text("slice", func() {
		reflect.SliceAt(reflect.TypeFor[uint64](), unsafe.Pointer(&p), 1<<(unsafe.Sizeof(uintptr(0))*8-3))
	})
}

func structs() {
	number := reflect.TypeFor[int]()
	of := func(fields ...reflect.StructField) {
		text("struct", func() { fmt.Println(reflect.StructOf(fields)) })
	}
	of(reflect.StructField{Name: "1a", Type: number})
	of(reflect.StructField{Name: "Φ", Type: number})
	of(reflect.StructField{Name: "φ", Type: number})
	of(reflect.StructField{Name: "A٣", Type: number})
	of(reflect.StructField{Name: "A", Type: number, PkgPath: "p"})
	of(reflect.StructField{Name: "A"})
	of(reflect.StructField{Name: "a", Type: number, PkgPath: "p"}, reflect.StructField{Name: "b", Type: number, PkgPath: "q"})
	of(reflect.StructField{Name: "A", Type: number}, reflect.StructField{Name: "A", Type: number})
	huge := reflect.ArrayOf(math.MaxInt, reflect.TypeFor[byte]())
	of(reflect.StructField{Name: "A", Type: huge}, reflect.StructField{Name: "B", Type: huge}, reflect.StructField{Name: "C", Type: huge})
	t := reflect.StructOf([]reflect.StructField{{Name: "P", Type: reflect.TypeFor[*int]()}, {Name: "A", Type: huge}})
	fmt.Println(t.Size() == uintptr(math.MaxInt)+1+unsafe.Sizeof(t)/2)
}

func cleanups() {
	p := new([2]*int)
	defer func() {
		r := recover()
		fmt.Printf("%T %v\n", r, r)
	}()
	runtime.AddCleanup(p, func(unsafe.Pointer) {}, unsafe.Pointer(p))
}

func main() {
	channels()
	methods()
	values()
	comparisons()
	slices()
	structs()
	cleanups()
}
