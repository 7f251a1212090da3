// Functions and their names at run time.
package main

import (
	"fmt"
	"reflect"
	"runtime"
)

func f(n int) int      { return n % 2 }
func gen[T any](x T) T { return x }

type T struct{}

func (T) M()  {}
func (*T) P() {}

func name(fn any) string {
	x := runtime.FuncForPC(reflect.ValueOf(fn).Pointer())
	_, line := x.FileLine(reflect.ValueOf(fn).Pointer())
	return fmt.Sprint(x.Name(), " ", line)
}

var lit = func() {}

func main() {
	a := 1
	fmt.Println(name(f))
	fmt.Println(name(func() {}))
	fmt.Println(name(lit))
	fmt.Println(name(func() {
		println(a, name(func() {}))
	}))
	fmt.Println(name(gen[int]))
	fmt.Println(name(T.M))
	fmt.Println(name((*T).P))
	fmt.Println(runtime.FuncForPC(reflect.ValueOf(T{}.M).Pointer()).Name())
	fmt.Println(runtime.FuncForPC(reflect.ValueOf(fmt.Println).Pointer()).Name(), runtime.FuncForPC(1) == nil)
	fmt.Println(name(generated))
	directed()
	local[T]()
	type L int
	local[L]()
	local[outer[L]]()
	holder[L]{}.local()
	fmt.Printf("%T %T %T\n", outer[struct{ x L }]{}, outer[interface{ m() }]{}, outer[<-chan (<-chan L)]{})
}

type outer[A any] struct{}

// What a local type is named: with what the function was instantiated with, and with its number where it is an argument.
func local[A any]() {
	type I int
	type J = I
	type P[B any] struct{}
	fmt.Printf("%T %T %T %T\n", I(0), P[J]{}, outer[P[A]]{}, map[I]outer[[]I]{})
	fmt.Println(reflect.TypeOf(P[J]{}).Name(), reflect.TypeOf(I(0)).String())
}

type holder[A any] struct{}

func (holder[A]) local() {
	func() {
		type I struct{ a A }
		fmt.Printf("%T %T\n", I{}, outer[I]{})
	}()
}

func here() {
	_, file, line, _ := runtime.Caller(1)
	fmt.Println(file, line)
}

func directed() {
//line grammar.y:10
	here()
//line :30
	here()
//line dir with: colon/x.y:7:3
	here()
	/*line :50:1*/ here() /*line other.y:60*/
	here()
	here()

//line nothing
	func() { here() }()
	// line other.y:1
	//line other.y:1
	here() /* line other.y:1 */
}

//line grammar.y:100
func generated() {}
