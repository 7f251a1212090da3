package escape

// What is too large for a frame, or has no size before it runs: ESCAPE.LARGE, LARGE.NONCONST.HEAP, LARGE.NONCONST.SMALL.

import "gomem/cases/check"

const (
	implicitLimit = 64 << 10
	explicitLimit = 128 << 10 // 10 MiB until 1.23
)

// new, &T{}, make and a slice literal above 64 KiB are on the heap although their pointers stay; 64 KiB are not too many.
//
//gomem:case ESCAPE.LARGE
//gomem:diagnostics
func LargeImplicit() {
	a := new([65536]byte) //= new([65536]byte) does not escape
	a[0] = 1
	b := new([65537]byte) //= new([65537]byte) escapes to heap
	b[0] = 1
	c := &[65536]byte{} //= &[65536]byte{} does not escape
	c[0] = 1
	d := &[65537]byte{} //= &[65537]byte{} escapes to heap
	d[0] = 1
	e := make([]byte, 65536) //= make([]byte, 65536) does not escape
	e[0] = 1
	f := make([]byte, 65537) //= make([]byte, 65537) escapes to heap
	f[0] = 1
	g := make([]byte, 0, 65536) //= make([]byte, 0, 65536) does not escape
	_ = len(g)
	h := make([]byte, 0, 65537) //= make([]byte, 0, 65537) escapes to heap
	_ = len(h)
}

// A declared variable above 128 KiB is on the heap although nothing takes its address.
//
//gomem:case ESCAPE.LARGE
//gomem:since 1.24
//gomem:diagnostics
func LargeExplicit() {
	var a [explicitLimit]byte
	a[localSum]++
	var b [explicitLimit + 1]byte //= moved to heap: b
	b[localSum]++
}

// A declared variable above 10 MiB is on the heap although nothing takes its address.
//
//gomem:case ESCAPE.LARGE
//gomem:until 1.23
//gomem:diagnostics
func LargeExplicitOld() {
	var a [10 << 20]byte
	a[localSum]++
	var b [10<<20 + 1]byte //= moved to heap: b
	b[localSum]++
}

// The limit of 64 KiB for implicit variables, counted in blocks.
//
//gomem:case ESCAPE.LARGE
//gomem:needs counts
func LargeImplicitCount() {
	localSum = 0
	check.Equal("blocks at the limit", check.Allocs(func() {
		a, b, c := new([implicitLimit]byte), &[implicitLimit]byte{}, make([]byte, implicitLimit)
		localSum += int(a[0] + b[0] + c[0])
	}), 0)
	check.Equal("blocks beyond it", check.Allocs(func() {
		a, b, c := new([implicitLimit + 1]byte), &[implicitLimit + 1]byte{}, make([]byte, implicitLimit+1)
		localSum += int(a[0] + b[0] + c[0])
	}), 3)
}

// The limit of 128 KiB for declared variables, counted in blocks.
//
//gomem:case ESCAPE.LARGE
//gomem:since 1.24
//gomem:needs counts
func LargeExplicitCount() {
	localSum = 0
	check.Equal("blocks at the limit", check.Allocs(func() {
		var a [explicitLimit]byte
		a[localSum] = 1
		localSum = int(a[1])
	}), 0)
	check.Equal("blocks beyond it", check.Allocs(func() {
		var a [explicitLimit + 1]byte
		a[localSum] = 1
		localSum = int(a[1])
	}), 1)
}

// Between 128 KiB and 10 MiB a declared variable is on the stack.
//
//gomem:case ESCAPE.LARGE
//gomem:until 1.23
//gomem:needs counts
func LargeExplicitOldCount() {
	localSum = 0
	check.Equal("blocks above 128 KiB", check.Allocs(func() {
		var a [explicitLimit + 1]byte
		a[localSum] = 1
		localSum = int(a[1])
	}), 0)
	check.Equal("blocks above 10 MiB", check.Allocs(func() {
		var a [10<<20 + 1]byte
		a[localSum] = 1
		localSum = int(a[1])
	}), 1)
}

// A make whose size is not constant is on the heap, however small.
//
//gomem:case ESCAPE.LARGE.NONCONST.HEAP
//gomem:until 1.24
//gomem:diagnostics
func NonConstantHeap() {
	n := localSum
	a := make([]byte, n) //= make([]byte, n) escapes to heap
	_ = len(a)
	b := make([]byte, 4, n) //= make([]byte, 4, n) escapes to heap
	_ = len(b)
	c := make([]byte, 4) //= make([]byte, 4) does not escape
	_ = len(c)
}

// A block for each make whose size is not constant, also for one byte.
//
//gomem:case ESCAPE.LARGE.NONCONST.HEAP
//gomem:until 1.24
//gomem:needs counts
func NonConstantHeapCount() {
	check.Equal("blocks for one byte", check.Allocs(func() { localSum = makeBytes(1) }), 1)
	check.Equal("blocks for 32 bytes", check.Allocs(func() { localSum = makeBytes(32) }), 1)
}

func makeBytes(n int) int {
	s := make([]byte, n)
	for i := range s {
		s[i] = byte(i)
	}
	return len(s)
}

// A make whose size is not constant is reported as staying when its result does.
//
//gomem:case ESCAPE.LARGE.NONCONST.SMALL
//gomem:since 1.25
//gomem:diagnostics
func NonConstantSmall() {
	n := localSum
	a := make([]byte, n) //= make([]byte, n) does not escape
	_ = len(a)
	b := make([]int, n, 2*n) //= make([]int, n, 2 * n) does not escape
	_ = len(b)
	intsSink = make([]int, n) //= make([]int, n) escapes to heap
}

// Such a make uses the stack while it needs at most 32 bytes, and the heap beyond that or when its result leaves.
//
//gomem:case ESCAPE.LARGE.NONCONST.SMALL
//gomem:since 1.25
//gomem:needs counts
func NonConstantSmallCount() {
	check.Equal("blocks for 32 bytes", check.Allocs(func() { localSum = makeBytes(32) }), 0)
	check.Equal("blocks for 33 bytes", check.Allocs(func() { localSum = makeBytes(33) }), 1)
	check.Equal("blocks for words that fit", check.Allocs(func() { localSum = makeInts(32 / check.Word) }), 0)
	check.Equal("blocks for one word more", check.Allocs(func() { localSum = makeInts(32/check.Word + 1) }), 1)
	n := 1
	check.Equal("blocks when it leaves", check.Allocs(func() { intsSink = make([]int, n) }), 1)
}

func makeInts(n int) int {
	s := make([]int, n)
	for i := range s {
		s[i] = i
	}
	return len(s)
}
