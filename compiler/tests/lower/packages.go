package main

import (
	"container/heap"
	"container/list"
	"container/ring"
	"context"
	"errors"
	"fmt"
	"log"
	"math/rand"
	"os"
	"time"
)

type ints []int

func (h ints) Len() int           { return len(h) }
func (h ints) Less(i, j int) bool { return h[i] < h[j] }
func (h ints) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *ints) Push(x any)        { *h = append(*h, x.(int)) }
func (h *ints) Pop() any {
	old := *h
	x := old[len(old)-1]
	*h = old[:len(old)-1]
	return x
}

// own is a context of a user's, which calls what follows it itself.
type own struct {
	context.Context
	done chan struct{}
	f    map[int]func()
	made int
}

func (o *own) Done() <-chan struct{} { return o.done }

func (o *own) Err() error {
	select {
	case <-o.done:
		return errors.New("own is over")
	default:
		return nil
	}
}

func (o *own) AfterFunc(f func()) (stop func() bool) {
	n := o.made
	o.made++
	o.f[n] = f
	return func() bool {
		_, there := o.f[n]
		delete(o.f, n)
		return there
	}
}

func followed() {
	o := &own{context.Background(), make(chan struct{}), map[int]func(){}, 0}
	a, endA := context.WithCancel(o)
	b, endB := context.WithTimeout(o, time.Hour)
	defer endB()
	fmt.Println(len(o.f))
	endA()
	fmt.Println(len(o.f), a.Err(), context.Cause(a))
	close(o.done)
	fmt.Println(b.Err())
	for _, f := range o.f {
		f()
	}
	fmt.Println(b.Err(), context.Cause(b))
	late, endLate := context.WithCancel(o)
	defer endLate()
	fmt.Println(late.Err(), len(o.f))
}

func main() {
	h := &ints{5, 2, 8}
	heap.Init(h)
	heap.Push(h, 3)
	for h.Len() > 0 {
		fmt.Print(heap.Pop(h), " ")
	}
	fmt.Println()
	l := list.New()
	e4 := l.PushBack(4)
	e1 := l.PushFront(1)
	l.InsertBefore(3, e4)
	l.InsertAfter(2, e1)
	l.MoveToFront(e4)
	for e := l.Front(); e != nil; e = e.Next() {
		fmt.Print(e.Value, " ")
	}
	r := ring.New(5)
	for i := 0; i < r.Len(); i++ {
		r.Value = i
		r = r.Next()
	}
	r.Unlink(2)
	r.Do(func(p any) { fmt.Print(p, ",") })
	fmt.Println(l.Len())
	after := make(chan bool)
	over, end := context.WithCancel(context.Background())
	ready := make(chan bool)
	var stopAfter func() bool
	stopAfter = context.AfterFunc(over, func() { <-ready; after <- stopAfter() })
	end()
	close(ready)
	fmt.Println(<-after, stopAfter(), context.AfterFunc(context.Background(), func() {})())
	ctx, cancel := context.WithCancelCause(context.WithValue(context.Background(), "k", "v"))
	child, stop := context.WithTimeout(ctx, time.Hour)
	defer stop()
	cancel(errors.New("why"))
	<-child.Done()
	fmt.Println(child.Err(), context.Cause(child), child.Value("k"))
	short, stop2 := context.WithTimeout(context.Background(), time.Millisecond)
	defer stop2()
	<-short.Done()
	fmt.Println(short.Err(), errors.Is(short.Err(), context.DeadlineExceeded))
	followed()
	log.SetFlags(log.Lshortfile)
	log.SetPrefix("p: ")
	log.SetOutput(os.Stdout)
	log.Printf("hello %d", 4)
	p := rand.New(rand.NewSource(1)).Perm(10)
	sum := 0
	for _, x := range p {
		sum += x
	}
	fmt.Println(sum, rand.Intn(1), rand.Float64() < 1)
}
