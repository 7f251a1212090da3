// Deferred calls, panics, recovery, goroutines, channels.
package main

import (
	"runtime"
	"strings"
	"sync"
)

type failure struct{ code int }

func (f *failure) Error() string { return "failure" }

func attempt(name string, f func()) {
	defer func() {
		r := recover()
		if e, ok := r.(error); ok {
			println(name, e.Error())
		} else if s, ok := r.(string); ok {
			println(name, "string", s)
		} else {
			println(name, r == nil)
		}
	}()
	f()
}

func result() (n int, err error) {
	defer func() {
		if recover() != nil {
			n, err = n*2, &failure{1}
		}
	}()
	n = 21
	panic("up")
}

func order() {
	for i := 0; i < 3; i++ {
		defer println("deferred", i)
	}
	defer func() {
		defer func() { println("inner", recover().(string)) }()
		panic("second " + recover().(string))
	}()
	panic("first")
}

type list struct{ next *list }

func produce(n int, out chan<- int, done *sync.WaitGroup) {
	defer done.Done()
	for i := 0; i < n; i++ {
		out <- i
	}
}

//go:noinline
func leaf(xs []int, i int) int { return xs[i] }

func deep(n int, xs []int) int {
	if n == 0 {
		return leaf(xs, 5)
	}
	return deep(n-1, xs) + 1
}

// A function without a frame panics however little of the stack is left.
func leavesPanic() (caught int) {
	for n := 0; n < 300; n++ {
		func() {
			defer func() {
				if recover() != nil {
					caught++
				}
			}()
			deep(n, nil)
		}()
	}
	return caught
}

// The frame of what panicked tells its line, also of operations that are no calls.
func failed(name string, f func()) {
	defer func() {
		recover()
		pcs := make([]uintptr, 10)
		frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs)])
		for {
			f, more := frames.Next()
			if strings.Contains(f.Function, "linesTold") {
				println(name, f.Line)
			}
			if !more {
				return
			}
		}
	}()
	f()
}

//go:noinline
func linesToldBySet(m map[string]int) {
	m["a"] = 1
}

func linesTold() {
	var none map[string]int
	keys := map[any]int{}
	var c chan int
	n := -1
	var a, b any = keys, keys
	failed("set", func() { linesToldBySet(none) })
	failed("nil map", func() {
		println(n)
		none["b"]++
	})
	failed("close", func() {
		n--
		close(c)
	})
	failed("make", func() {
		n--
		c = make(chan int, n)
	})
	failed("compare", func() {
		n--
		println(a == b)
	})
	failed("key", func() {
		n--
		keys[a] = 1
	})
}

func main() {
	linesTold()
	println(leavesPanic())
	var nilMap map[string]int
	var nilList *list
	var empty any
	xs, zero := []int{1, 2, 3}, 0
	attempt("index", func() { println(xs[zero+3]) })
	attempt("slice", func() { println(len(xs[zero+2 : zero+1])) })
	attempt("divide", func() { println(1 / zero) })
	attempt("nil", func() { println(nilList.next == nil) })
	attempt("map", func() { nilMap["a"] = 1 })
	attempt("assert", func() { println(empty.(int)) })
	attempt("convert", func() { println(len([4]int(xs))) })
	attempt("shift", func() { println(1 << (zero - 1)) })
	attempt("make", func() { println(len(make([]int, zero-1))) })
	attempt("compare", func() { println(any(xs) == any(xs)) })
	attempt("custom", func() { panic(&failure{2}) })
	attempt("closed", func() { c := make(chan int); close(c); close(c) })
	attempt("none", func() {})
	n, err := result()
	println(n, err.Error())
	order()
	c, done := make(chan int), new(sync.WaitGroup)
	for w := 1; w <= 3; w++ {
		done.Add(1)
		go produce(w*10, c, done)
	}
	go func() { done.Wait(); close(c) }()
	total := 0
	for v := range c {
		total += v
	}
	println(total)
	quit, ticks := make(chan bool, 1), make(chan string)
	go func() {
		ticks <- "tick"
		quit <- true
	}()
	for over := false; !over; {
		select {
		case s := <-ticks:
			println(s)
		case over = <-quit:
			println("over")
		}
	}
	select {
	case v, ok := <-c:
		println("closed", v, ok)
	default:
		println("never")
	}
	var mu sync.Mutex
	shared := map[int]int{}
	var group sync.WaitGroup
	for i := 0; i < 8; i++ {
		group.Add(1)
		go func() {
			defer group.Done()
			for k := 0; k < 50; k++ {
				mu.Lock()
				shared[k%5]++
				mu.Unlock()
				runtime.Gosched()
			}
		}()
	}
	group.Wait()
	println(len(shared), shared[0], shared[4])
	ended := make(chan bool)
	go func() {
		defer close(ended)
		defer println("goexit runs deferred calls")
		runtime.Goexit()
	}()
	<-ended
}
