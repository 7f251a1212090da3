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
