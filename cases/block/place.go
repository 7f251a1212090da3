package block

// Where the parts of a value lie: BLOCK.CONTIG, BLOCK.STRUCT, BLOCK.ARRAY. Alignment is in address.go.

import (
	"runtime"
	"runtime/debug"
	"unsafe"

	"gomem/cases/check"
)

var (
	bytesSink   []byte
	wordsSink   []uintptr
	recordSink  *record
	recordsSink []record
)

// sizes are byte counts from one byte to 64 MiB: around powers of two, size classes, pages and arenas.
var sizes = []int{1, 2, 3, 7, 8, 9, 15, 16, 17, 24, 31, 33, 48, 100, 511, 512, 513, 1024, 4095, 8192, 10000, 32759, 32760,
	32761, 32768, 32769, 65536, 100003, 1 << 20, 1<<22 + 1, 1 << 26}

// at returns the byte that lies i bytes behind p.
func at(p unsafe.Pointer, i int) *byte { return (*byte)(unsafe.Pointer(uintptr(p) + uintptr(i))) }

// marks are the offsets at which a block of n bytes is looked at: all of a small one, its ends and a few thousand between in a large one.
func marks(n int) (offsets []int) {
	step := 1 + n/4096
	for i := 0; i < n-1; i += step {
		offsets = append(offsets, i)
	}
	return append(offsets, n-1)
}

// The bytes of one value, from one byte to 64 MiB, lie one behind the other: what an index writes is found at the start plus that index.
//
//gomem:case BLOCK.CONTIG
func BytesAreContiguous() {
	for _, n := range sizes {
		b := make([]byte, n)
		bytesSink = b
		start := unsafe.Pointer(&b[0])
		for _, i := range marks(n) {
			if uintptr(unsafe.Pointer(&b[i])) != uintptr(start)+uintptr(i) {
				check.Fatal("byte", i, "of", n, "lies elsewhere")
			}
			b[i] = byte(i*7 + 1)
		}
		for _, i := range marks(n) {
			if *at(start, i) != byte(i*7+1) {
				check.Fatal("byte", i, "of", n, "was overwritten")
			}
		}
	}
	bytesSink = nil
}

// A value of any size is one block: making it is one allocation.
//
//gomem:case BLOCK.CONTIG
//gomem:needs counts
func OneBlockPerValue() {
	for _, n := range sizes {
		if n > 1<<20 {
			break
		}
		n := n
		check.Equal("blocks", check.Allocs(func() { bytesSink = make([]byte, n) }), 1)
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	var before, after runtime.MemStats
	least := 1 << 30
	for i := 0; i < 5 && least > 1; i++ {
		bytesSink = nil
		runtime.GC()
		runtime.ReadMemStats(&before)
		bytesSink = make([]byte, 1<<26)
		runtime.ReadMemStats(&after)
		if n := int(after.Mallocs - before.Mallocs); n < least {
			least = n
		}
		check.That("64 MiB took less", after.TotalAlloc-before.TotalAlloc >= 1<<26)
	}
	check.Equal("blocks of 64 MiB", least, 1)
	bytesSink = nil
}

// The bytes of a string, joined from parts or converted, lie one behind the other.
//
//gomem:case BLOCK.CONTIG
func StringIsContiguous() {
	for _, n := range []int{1, 15, 16, 33, 1000, 40000, 1 << 20} {
		b := make([]byte, n)
		for i := range b {
			b[i] = byte(i * 5)
		}
		s := string(b[:n/2]) + string(b[n/2:])
		start := *(*unsafe.Pointer)(unsafe.Pointer(&s))
		for _, i := range marks(n) {
			if *at(start, i) != byte(i*5) || s[i] != byte(i*5) {
				check.Fatal("byte", i, "of a string of", n, "lies elsewhere")
			}
		}
		runtime.KeepAlive(s)
	}
}

// A record has fields of many kinds and sizes, with gaps between; gomem never states here where they lie.
type record struct {
	a byte
	b int64
	c int16
	d string
	e [3]byte
	f []int32
	g bool
	h interface{}
	i struct {
		x float32
		y *int64
	}
	j int32
	k [2]uint16
}

// place is a field's address and size, with the offset and the size that the compiler states for it.
type place struct {
	address      unsafe.Pointer
	offset, size uintptr
}

func places(r *record) []place {
	return []place{
		{unsafe.Pointer(&r.a), unsafe.Offsetof(r.a), unsafe.Sizeof(r.a)},
		{unsafe.Pointer(&r.b), unsafe.Offsetof(r.b), unsafe.Sizeof(r.b)},
		{unsafe.Pointer(&r.c), unsafe.Offsetof(r.c), unsafe.Sizeof(r.c)},
		{unsafe.Pointer(&r.d), unsafe.Offsetof(r.d), unsafe.Sizeof(r.d)},
		{unsafe.Pointer(&r.e), unsafe.Offsetof(r.e), unsafe.Sizeof(r.e)},
		{unsafe.Pointer(&r.f), unsafe.Offsetof(r.f), unsafe.Sizeof(r.f)},
		{unsafe.Pointer(&r.g), unsafe.Offsetof(r.g), unsafe.Sizeof(r.g)},
		{unsafe.Pointer(&r.h), unsafe.Offsetof(r.h), unsafe.Sizeof(r.h)},
		{unsafe.Pointer(&r.i), unsafe.Offsetof(r.i), unsafe.Sizeof(r.i)},
		{unsafe.Pointer(&r.i.y), unsafe.Offsetof(r.i) + unsafe.Offsetof(r.i.y), unsafe.Sizeof(r.i.y)},
		{unsafe.Pointer(&r.j), unsafe.Offsetof(r.j), unsafe.Sizeof(r.j)},
		{unsafe.Pointer(&r.k), unsafe.Offsetof(r.k), unsafe.Sizeof(r.k)},
		{unsafe.Pointer(&r.k[1]), unsafe.Offsetof(r.k) + 2, 2},
	}
}

// Each field of a struct, on the heap, in an array and in the frame, lies at the struct's address plus its Offsetof, within its Sizeof.
//
//gomem:case BLOCK.STRUCT
func FieldsAtTheirOffsets() {
	var local record
	recordSink, recordsSink = new(record), make([]record, 10)
	for _, r := range []*record{recordSink, &recordsSink[7], &local} {
		for i, p := range places(r) {
			check.Equal("offset of a field's address", uintptr(p.address)-uintptr(unsafe.Pointer(r)), p.offset)
			check.That("a field ends behind the struct", p.offset+p.size <= unsafe.Sizeof(*r))
			if i > 0 && p.offset < places(r)[i-1].offset {
				check.Fail("fields", i-1, "and", i, "are out of order")
			}
		}
	}
}

// Fields do not overlap: writing one leaves the others as they are, and each is read back.
//
//gomem:case BLOCK.STRUCT
func FieldsAreApart() {
	n := int64(5)
	r := new(record)
	recordSink = r
	write := func() {
		r.a, r.b, r.c, r.d, r.e, r.f = 1, -2, 3, "four", [3]byte{5, 6, 7}, []int32{8}
		r.g, r.h, r.i.x, r.i.y, r.j, r.k = true, "nine", 10, &n, 11, [2]uint16{12, 13}
	}
	whole := func() bool {
		return r.a == 1 && r.b == -2 && r.c == 3 && r.d == "four" && r.e == [3]byte{5, 6, 7} && len(r.f) == 1 && r.f[0] == 8 &&
			r.g && r.h == "nine" && r.i.x == 10 && r.i.y == &n && r.j == 11 && r.k == [2]uint16{12, 13}
	}
	write()
	check.That("a field overwrote another", whole())
	for i, p := range places(r) {
		for j := 0; j < int(p.size); j++ {
			saved := *at(p.address, j)
			if i != 3 && i != 5 && i != 7 && i != 8 && i != 9 {
				*at(p.address, j) = saved ^ 1
				check.That("a byte of a field is no part of the field", !whole())
			}
			*at(p.address, j) = saved
		}
	}
	check.That("a field was not written back", whole())
}

// A struct is one block with its fields, nested structs and arrays: making it is one allocation.
//
//gomem:case BLOCK.STRUCT
//gomem:needs counts
func StructIsOneBlock() {
	check.Equal("blocks for a struct", check.Allocs(func() { recordSink = new(record) }), 1)
	check.Equal("blocks for a struct of structs", check.Allocs(func() { nestedSink = new(nested) }), 1)
	n := nestedSink
	check.Equal("offset of a field deep inside", uintptr(unsafe.Pointer(&n.grid[2][3].c))-uintptr(unsafe.Pointer(n)),
		unsafe.Offsetof(n.grid)+(2*4+3)*unsafe.Sizeof(record{})+unsafe.Offsetof(n.grid[2][3].c))
}

type nested struct {
	first record
	grid  [3][4]record
	last  struct{ r record }
}

var nestedSink *nested

// stride compares the distances between elements; addresses holds those of elements 0, 1 and 99 of 100.
func stride(what string, size uintptr, addresses ...unsafe.Pointer) {
	start := uintptr(addresses[0])
	check.Equal("distance of neighbours: "+what, uintptr(addresses[1])-start, size)
	check.Equal("distance of first and last: "+what, uintptr(addresses[2])-start, 99*size)
}

// Element i of an array lies i times the element's Sizeof behind element 0, odd sizes and padded structs included.
//
//gomem:case BLOCK.ARRAY
func ElementsAtTheirStride() {
	type padded struct {
		a int64
		b byte
	}
	b, c, d := new([100]byte), new([100][3]byte), new([100]uint16)
	e, f, g := new([100][5]uint16), new([100]padded), new([100]string)
	h, i, j := new([100]interface{}), new([100]record), new([100][0]int64)
	check.Use(b)
	stride("byte", 1, unsafe.Pointer(&b[0]), unsafe.Pointer(&b[1]), unsafe.Pointer(&b[99]))
	stride("[3]byte", 3, unsafe.Pointer(&c[0]), unsafe.Pointer(&c[1]), unsafe.Pointer(&c[99]))
	stride("uint16", 2, unsafe.Pointer(&d[0]), unsafe.Pointer(&d[1]), unsafe.Pointer(&d[99]))
	stride("[5]uint16", 10, unsafe.Pointer(&e[0]), unsafe.Pointer(&e[1]), unsafe.Pointer(&e[99]))
	stride("padded struct", unsafe.Sizeof(f[0]), unsafe.Pointer(&f[0]), unsafe.Pointer(&f[1]), unsafe.Pointer(&f[99]))
	stride("string", unsafe.Sizeof(g[0]), unsafe.Pointer(&g[0]), unsafe.Pointer(&g[1]), unsafe.Pointer(&g[99]))
	stride("interface", unsafe.Sizeof(h[0]), unsafe.Pointer(&h[0]), unsafe.Pointer(&h[1]), unsafe.Pointer(&h[99]))
	stride("record", unsafe.Sizeof(i[0]), unsafe.Pointer(&i[0]), unsafe.Pointer(&i[1]), unsafe.Pointer(&i[99]))
	stride("nothing", 0, unsafe.Pointer(&j[0]), unsafe.Pointer(&j[1]), unsafe.Pointer(&j[99]))
	check.Equal("size of the array", unsafe.Sizeof(*i), 100*unsafe.Sizeof(i[0]))
}

// The elements of a slice have the same stride, behind an index that starts in the middle too, and so has an array in the frame.
//
//gomem:case BLOCK.ARRAY
func SliceElementsAtTheirStride() {
	var local [100]record
	s := make([]record, 200)
	recordsSink = s
	part := s[50:]
	stride("slice", unsafe.Sizeof(s[0]), unsafe.Pointer(&s[0]), unsafe.Pointer(&s[1]), unsafe.Pointer(&s[99]))
	stride("part", unsafe.Sizeof(s[0]), unsafe.Pointer(&part[0]), unsafe.Pointer(&part[1]), unsafe.Pointer(&part[99]))
	stride("local", unsafe.Sizeof(s[0]), unsafe.Pointer(&local[0]), unsafe.Pointer(&local[1]), unsafe.Pointer(&local[99]))
	check.That("the part begins elsewhere", &part[0] == &s[50])
}

// An array is one block: making one with a thousand elements is one allocation.
//
//gomem:case BLOCK.ARRAY
//gomem:needs counts
func ArrayIsOneBlock() {
	n := 1000
	check.Equal("blocks for records", check.Allocs(func() { recordsSink = make([]record, n) }), 1)
	check.Equal("blocks for words", check.Allocs(func() { wordsSink = make([]uintptr, n) }), 1)
	check.Equal("blocks for an array of arrays", check.Allocs(func() { cubeSink = new([10][10][10]record) }), 1)
	check.Equal("offset of an element deep inside",
		uintptr(unsafe.Pointer(&cubeSink[3][4][5]))-uintptr(unsafe.Pointer(cubeSink)), 345*unsafe.Sizeof(record{}))
}

var cubeSink *[10][10][10]record
