// Packages slices, maps, cmp, iter, sort, math and math/bits; errors.As and its like, keys without a hash, durations, quoting; reflect.DeepEqual.
package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"math"
	"math/bits"
	"reflect"
	"runtime"
	"slices"
	"sort"
	"strconv"
	"sync"
	"time"
	"unsafe"
)

type node struct {
	next *node
	v    any
}

func deepEqual() {
	a, b := &node{v: []int{1}}, &node{v: []int{1}}
	a.next, b.next = a, b
	fmt.Println(reflect.DeepEqual(a, b), reflect.DeepEqual(a, &node{}))
	fmt.Println(reflect.DeepEqual(map[string][]int{"a": {1}}, map[string][]int{"a": {1}}), reflect.DeepEqual([]int(nil), []int{}))
	fmt.Println(reflect.DeepEqual(nil, nil), reflect.DeepEqual(1, int8(1)), reflect.DeepEqual(map[int]int{1: 1}, map[int]int{2: 1}))
	fmt.Println(reflect.DeepEqual([]error{nil}, []error{nil}), reflect.DeepEqual(deepEqual, deepEqual))
}

func sorting() {
	s := make([]int, 0, 1000)
	for i := range 1000 {
		s = append(s, i*7919%1009)
	}
	t := slices.Clone(s)
	slices.Sort(s)
	slices.SortStableFunc(t, func(a, b int) int { return cmp.Compare(a/10, b/10) })
	at, found := slices.BinarySearch(s, 500)
	fmt.Println(slices.IsSorted(s), t[:12], at, found, slices.Max(s), slices.Min(t))
}

func editing() {
	s := []string{"a", "b", "c", "d"}
	s = slices.Insert(s, 1, "x", "y")
	s = slices.Delete(s, 3, 4)
	s = slices.Replace(s, 0, 1, "p", "q", "r")
	slices.Reverse(s)
	fmt.Println(s, slices.Index(s, "x"), slices.Compact([]int{1, 1, 2, 2, 1}), slices.Concat([]int{1}, nil, []int{2, 3}))
	fmt.Println(slices.Compare([]int{1, 2}, []int{1, 3}), slices.Equal(s, s[1:]), slices.Repeat([]int{1, 2}, 2))
}

func sequences() {
	m := map[string]int{"one": 1, "two": 2, "three": 3}
	fmt.Println(slices.Sorted(maps.Keys(m)), maps.Equal(m, maps.Collect(maps.All(m))))
	next, stop := iter.Pull(slices.Values([]int{7, 8, 9}))
	a, ok := next()
	b, _ := next()
	stop()
	_, after := next()
	fmt.Println(a, b, ok, after)
	pulls()
	for i, v := range slices.Backward([]int{5, 6}) {
		fmt.Println(i, v)
	}
}

// pulls has sequences that go on when they are stopped, that take their turn when it is not theirs, and that leave by Goexit.
func pulls() {
	heedless := func(yield func(int) bool) {
		defer fmt.Println("heedless is over")
		for i := range 3 {
			fmt.Println(yield(i))
		}
	}
	next, stop := iter.Pull(heedless)
	next()
	stop()
	fmt.Println(next())
	try(func() {
		var next func() (int, bool)
		next, _ = iter.Pull(func(yield func(int) bool) { next() })
		next()
	})
	try(func() {
		var kept func(int) bool
		next, stop := iter.Pull(func(yield func(int) bool) { kept = yield; yield(1) })
		defer stop()
		next()
		kept(2)
	})
	over := make(chan string)
	go func() {
		defer func() { over <- fmt.Sprint("left with ", recover()) }()
		next, _ := iter.Pull(func(yield func(int) bool) { runtime.Goexit() })
		next()
		fmt.Println("next has returned")
	}()
	fmt.Println(<-over)
}

func numbers() {
	for _, x := range []uint64{0, 1, 0x80, 1<<63 + 5, ^uint64(0)} {
		fmt.Println(bits.Len64(x), bits.OnesCount64(x), bits.TrailingZeros64(x), bits.LeadingZeros32(uint32(x)), bits.Reverse64(x), bits.ReverseBytes64(x), bits.RotateLeft64(x, 3))
		hi, lo := bits.Mul64(x, x-3)
		sum, carry := bits.Add64(x, lo, 1)
		diff, borrow := bits.Sub64(x, lo, 1)
		quo, rem := bits.Div64(x/2, lo, x|1<<62)
		fmt.Println(hi, lo, sum, carry, diff, borrow, quo, rem)
	}
}

// Insert and Replace work in the array where there is room, whatever lies where.
func shifting() {
	s := append(make([]int, 0, 10), 1, 2, 3)
	t := slices.Insert(s, 1, 7, 8)
	fmt.Println(t, &t[0] == &s[0], slices.Insert(t, 0, t[1:3]...), t)
	fmt.Println(slices.Insert(t[:3], 1, t[2:5]...), t, slices.Insert([]int{1}, 1, 2))
	u := slices.Replace([]int{1, 2, 3, 4, 5}, 1, 4, 9)
	fmt.Println(u, cap(u), u[:5], slices.Replace(u, 0, 1, u[1:3]...), u[:5])
	for _, f := range []func(){func() { slices.Min([]int{}) }, func() { slices.MaxFunc([]int{}, nil) }} {
		func() {
			defer func() { fmt.Println(recover()) }()
			f()
		}()
	}
}

func try(f func()) {
	defer func() { fmt.Println(recover()) }()
	f()
}

type bad struct{ n int }

func (b bad) Error() string { return "bad" }

type other struct{ error }

func (o other) As(target any) bool {
	b, ok := target.(*bad)
	if ok {
		b.n = 7
	}
	return ok
}

func failures() {
	fmt.Println(errors.AsType[bad](fmt.Errorf("%w", bad{3})))
	fmt.Println(errors.AsType[bad](errors.Join(nil, other{errors.New("x")})))
	_, ok := errors.AsType[other](bad{})
	fmt.Println(ok)
	try(func() { errors.As(bad{}, new(string)) })
	try(func() { fmt.Println(errors.As(bad{}, new(any))) })
	var m sync.Map
	try(func() { m.Load([]int{}) })
	try(func() { m.Store([2]any{1, []int{}}, 1) })
	fmt.Println(m.LoadOrStore("not locked", 2))
	try(func() { context.WithValue(context.Background(), []int{}, 1) })
	var b *byte
	n := 1
	try(func() { b = unsafe.SliceData(unsafe.Slice(b, n)) })
	try(func() { n = len(unsafe.String(b, n)) })
}

func durations() {
	for _, s := range []string{"", "0", "+5s", "1h15m30.918273645s", "-1.5h", ".5s", "1.s", ".s", "1", "1x", "3000000h", "9223372036854775807ns", "-9223372036854775808ns", "9223372036854775808ns",
		"1µs1us", "9223372036.854775808s", "0.3333333333333333333h", "\"\xff", "100000000000000000000s", "-"} {
		d, err := time.ParseDuration(s)
		fmt.Println(d, err)
	}
}

func quotes() {
	fmt.Println(strconv.QuoteToGraphic("a\u00a0\u3000\tb\x00☺"), strconv.QuoteRuneToGraphic('\u3000'), string(strconv.AppendQuoteRuneToASCII(nil, 'é')), strconv.Quote("\u00a0\u3000"))
	for _, s := range []string{"\"\xff\"", "''", "'\xff'", "'", "'ab'"} {
		fmt.Println(strconv.Unquote(s))
	}
	fmt.Println(strconv.FormatComplex(complex(1, math.Inf(-1)), 'g', -1, 128))
}

func exact() {
	for _, f := range []float64{0, math.Copysign(0, -1), 0.5, 1.5, -2.5, 0.49999999999999994, math.Inf(1), math.Inf(-1), math.NaN(), 5e-324, 100} {
		fmt.Println(math.RoundToEven(f), math.Logb(f), math.Ilogb(f), math.Nextafter(f, 2), math.Nextafter32(float32(f), -2), math.Dim(f, 1), math.Hypot(f, 3), math.Remainder(f, 2), math.FMA(f, f, 1),
			math.Ldexp(f, 3), math.Ldexp(f, -1074), math.Ldexp(f, 2000), math.Max(f, math.NaN()), math.Min(math.NaN(), f))
		fmt.Printf("%.9g %.9g %.9g %.9g\n", math.Atan2(f, 2), math.Gamma(f), math.Log1p(f), math.Cosh(f))
	}
	zero, tiny := math.Copysign(0, -1), math.Nextafter(1, 2)
	fmt.Println(math.Nextafter(0, zero), math.Nextafter(zero, 0), math.Nextafter(-tiny, 0), math.J1(math.Inf(-1)), math.J1(zero), math.Jn(-3, 0), math.Jn(0, 0))
	fmt.Println(math.Ldexp(tiny, -1075), math.Ldexp(1, -1075), math.Ldexp(10, 1<<30), math.Ldexp(-10, -1<<30), math.Ldexp(1.5, -1073), math.Ldexp(5e-324, 2097))
	fmt.Println(len(slices.Repeat([]int{}, math.MaxInt)), cap(slices.Repeat([]int{1, 2, 3}, 3)), slices.Repeat([]int{1, 2, 3}, 3))
	try(func() { slices.Repeat([]struct{}{{}, {}, {}}, math.MaxInt) })
	fmt.Println(bits.Add(math.MaxUint, 1, 1))
	fmt.Println(bits.Sub(0, 1, 1))
	fmt.Println(bits.Mul(math.MaxUint, 3))
	fmt.Println(bits.Div(3, 5, 7))
	fmt.Println(bits.Div32(3, 5, 7))
	fmt.Println(bits.Rem(100, 5, 7), bits.Rem32(100, 5, 7), bits.Rem64(100, 5, 7))
	try(func() { bits.Div32(7, 0, 7) })
}

func finding() {
	fmt.Println(sort.Find(5, func(i int) int { return 3 - i }))
	fmt.Println(sort.Find(3, func(i int) int { return 1 }))
	fmt.Println(sort.SearchFloat64s([]float64{1, 2, 3}, 2.5), sort.IntSlice{1, 3}.Search(2), sort.StringSlice{"a", "c"}.Search("c"))
	for c := range slices.Chunk([]int{1, 2, 3, 4, 5}, 2) {
		fmt.Println(c, cap(c))
	}
	try(func() { slices.Chunk([]int{}, 0) })
	try(func() { slices.Insert([]int{1}, 9, 1) })
	fmt.Println(slices.SortedFunc(slices.Values([]int{2, 3, 1}), func(a, b int) int { return b - a }), slices.SortedStableFunc(slices.Values([]string{"bb", "a", "cc"}), func(a, b string) int { return len(a) - len(b) }))
}

func main() {
	failures()
	durations()
	quotes()
	exact()
	finding()
	deepEqual()
	shifting()
	sorting()
	editing()
	sequences()
	numbers()
	fmt.Println(cmp.Or(0, 3, 4), cmp.Compare(2.5, 1), cmp.Less("a", "b"))
}
