// The lines that expressions of several lines are on: of their panics, and of the calls in them.
package main

import (
	"fmt"
	"runtime"
	"strings"
)

type T struct {
	a, b int
	list []int
	p    *T
	arr  [3]int
	m    map[string]int
}

//go:noinline
func line(xs ...any) int {
	_, _, l, _ := runtime.Caller(1)
	return l
}

//go:noinline
func at(name string, f func()) {
	defer func() {
		r := recover()
		pcs := make([]uintptr, 50)
		frames := runtime.CallersFrames(pcs[:runtime.Callers(0, pcs)])
		for {
			fr, more := frames.Next()
			if strings.HasPrefix(fr.Function, "main.") && !strings.HasPrefix(fr.Function, "main.at") {
				fmt.Println(name, fr.Line, r)
				return
			}
			if !more {
				break
			}
		}
	}()
	f()
}

var zero, i = 0, 5
var arr []int
var nilp *T
var m map[string]int
var e any = "x"
var s = "abc"
var sink any
var sinki int

//go:noinline
func (t *T) Foo(xs ...int) *T {
	_, _, l, _ := runtime.Caller(1)
	fmt.Println("Foo", l)
	return t
}

func main() {
	chained()
	panics()
	stores()
	more()
}

func chained() {
	t := &T{}
	t.
		Foo().
		Foo(
			1,
			line(),
		).
		Foo()
	fmt.Println(line(),
		line(),
		line(
			1,
			line(
				2)))
	x := line() +
		line() +
		line()
	fmt.Println(x)
	y := []int{
		line(),
		line(),
	}
	fmt.Println(y)
	fmt.Println(
		line(), fmt.Sprint(
			line(),
			func() int {
				return line() +
					line()
			}()),
	)
	defer func() {
		fmt.Println(line(),
			line())
	}()
	for i := line(); i < line(
		3) && i > 0; i =
		-1 +
			0*line() {
		fmt.Println(i)
	}
}

func panics() {
	at("index", func() {
		sink = 1 +
			arr[i]
	})
	at("index2", func() {
		sink = arr[i]
	})
	at("div", func() {
		sink = 1 +
			(i /
				zero)
	})
	at("nil", func() {
		sink = 1 +
			len(nilp.
				list)
	})
	at("map", func() {
		m[fmt.Sprint(
			1)] = line(
			2)
	})
	at("assert", func() {
		sink = 1 +
			e.(int)
	})
	at("slice", func() {
		sink = "" +
			s[2:i]
	})
	at("args", func() {
		line(1,
			arr[i],
			2)
	})
	at("assign", func() {
		arr[i] =
			line()
	})
	at("composite", func() {
		sink = T{
			list: []int{
				1,
				arr[i],
			},
		}
	})
	at("return", func() {
		_ = func() int {
			return 1 +
				arr[2] +
				arr[3]
		}()
	})
	at("cond", func() {
		if zero == 0 &&
			arr[i] == 2 ||
			arr[3] == 1 {
			return
		}
	})
	at("switch", func() {
		switch {
		case zero == 1,
			arr[i] == 1:
		}
	})
	at("for", func() {
		for k := 0; k <
			arr[k]; k++ {
		}
	})
	at("shift", func() {
		n := -1
		sink = 1 +
			(1 <<
				n)
	})
	at("conv", func() {
		sink = 1 +
			len([4]int(
				arr))
	})
	at("send", func() {
		var c chan int = make(chan int, 1)
		close(c)
		c <- 1
	})
	at("star", func() {
		sink = 1 +
			len((*nilp).list)
	})
	at("nilfunc", func() {
		var f func(int) int
		sink = 1 +
			f(
				2)
	})
	at("iface", func() {
		var f fmt.Stringer
		sink = "a" +
			f.
				String()
	})
	at("compare", func() {
		var a, b any = []int{}, []int{}
		sink = zero == 0 &&
			a ==
				b
	})
	at("panic", func() {
		panic(
			fmt.Sprint(
				"x"))
	})
	at("field", func() {
		nilp.
			list =
			nil
	})
	at("multi", func() {
		a, b :=
			arr[1],
			2
		_, _ = a, b
	})
}

func stores() {
	at("star store", func() {
		var p *int
		*p =
			1
	})
	at("op", func() {
		nilp.
			a +=
			1
	})
	at("inc", func() {
		nilp.
			p.a++
	})
	at("mapop", func() {
		m["x"+
			s] +=
			2
	})
	at("nested", func() {
		sink = nilp.
			p.
			a
	})
	at("nested store", func() {
		nilp.
			p.
			a = 1
	})
	at("arr", func() {
		sinki = (&T{}).
			arr[i]
	})
	at("arr store", func() {
		(&T{}).
			arr[i] = 1
	})
	at("commaok", func() {
		var ok bool
		sink, ok = e.(int)
		_, nilp.b = ok,
			2
	})
	at("commaok map", func() {
		var mm map[any]int
		mm = map[any]int{1: 2}
		_, ok := mm[[]int{}]
		_ = ok
	})
	at("recv", func() {
		var p *chan int
		_ = "" + fmt.Sprint(1,
			<-*p)
	})
	at("arg nil", func() {
		fmt.Sprint(1,
			nilp.a,
		)
	})
	at("closure", func() {
		func() {
			sinki = nilp.
				a
		}()
	})
	at("return many", func() {
		f := func() (int, int) {
			return 1,
				nilp.
					b
		}
		f()
	})
	at("and", func() {
		x := zero == 0 &&
			nilp.
				a == 1
		_ = x
	})
	at("if", func() {
		if x := 1; x == 1 &&
			nilp.a ==
				1 {
		}
	})
	at("else if", func() {
		if zero == 1 {
		} else if s == "abc" &&
			nilp.a == 1 {
		}
	})
	at("switch tag", func() {
		switch nilp.
			a {
		case 1:
		}
	})
}

func more() {
	at("range", func() {
		for range nilp.
			m {
		}
	})
	at("range arr", func() {
		for _, x := range nilp.
			arr {
			sinki = x
		}
	})
	at("go arg", func() {
		go line(1,
			nilp.a)
	})
	at("defer arg", func() {
		defer line(1,
			nilp.a)
	})
	at("defer nil", func() {
		var f func()
		defer f()
		sinki =
			1
	})
	at("conv", func() {
		sink = float64(
			nilp.
				a) + 1
	})
	at("string concat", func() {
		sink = s +
			s[i:] +
			"x"
	})
	at("string index", func() {
		sink = 1 +
			s[i]
	})
	at("addr", func() {
		sink = &nilp.
			p.
			b
	})
	at("addr arr", func() {
		sink = &nilp.
			arr[i]
	})
	at("method value", func() {
		var f fmt.Stringer
		sink = f.
			String
	})
	at("kv", func() {
		sink = map[any]int{
			1:          2,
			[]int(nil): 3,
		}
	})
	at("divassign", func() {
		sinki /=
			zero
	})
	at("send nil", func() {
		var p **chan int
		**p <- 1
	})
	at("select", func() {
		select {
		case <-*(*chan int)(nil):
		default:
		}
	})
	at("copy", func() {
		copy(arr,
			nilp.
				arr[:])
	})
	at("delete", func() {
		mm := map[any]int{1: 1}
		delete(mm,
			[]int{})
	})
	at("min", func() {
		sinki = min(1,
			nilp.
				a,
			arr[i])
	})
	at("append of make", func() {
		arr = append(arr,
			make([]int,
				-i)...)
	})
	at("append of much", func() {
		arr = append(arr, make([]int, uint(1)<<(58+i-5))...)
	})
	at("append to all", func() {
		x := make([]struct{}, 1<<62)
		y := append(x, x[1:]...)

		y = append(y,
			struct{}{},
			struct{}{})
		sinki = len(y)
	})
	at("append of all", func() {
		x := make([]struct{}, 1<<(57+i))
		x = append(x, struct{}{})

		x = append(
			x,
			x...)
		sinki = len(x)
	})
	at("slice to array", func() {
		a :=
			[4]int(
				append(
					arr, 1))
		sink = a
	})
	at("slice to pointer", func() {
		sink = (*[9]int)(
			nilp.foo().
				list)
	})
}

//go:noinline
func (t *T) foo() *T { return &T{} }
