package block

// Addresses of blocks: BLOCK.ALIGN, BLOCK.NOMOVE, BLOCK.ZEROSIZE.

import (
	"runtime"
	"unsafe"

	"gomem/cases/check"
)

// aligned fails unless the address is a multiple of align.
func aligned(what string, n int, p unsafe.Pointer, align uintptr) {
	if uintptr(p)%align != 0 {
		check.Fatal("a value of", n, what, "is aligned to", uintptr(p)&-uintptr(p), "want", align)
	}
}

var (
	shorts    []uint16
	longs     []uint32
	quads     []uint64
	floats    []float64
	complexes []complex128
	strings   []string
)

// Values of every size from 2 to 32768 bytes are aligned as their type demands; values of one byte in between shift tiny blocks.
//
//gomem:case BLOCK.ALIGN
func SmallSizesAreAligned() {
	step := check.Scale(13, 1, 1)
	for n := 1; n <= 32768; n++ {
		if n > 3000 && n%step != 0 {
			continue
		}
		if n%3 == 0 {
			bytesSink = make([]byte, 1)
		}
		if n%2 == 0 {
			shorts = make([]uint16, n/2)
			aligned("uint16 bytes", n, unsafe.Pointer(&shorts[0]), unsafe.Alignof(uint16(0)))
		}
		if n%4 == 0 {
			longs = make([]uint32, n/4)
			aligned("uint32 bytes", n, unsafe.Pointer(&longs[0]), unsafe.Alignof(uint32(0)))
		}
		if n%8 == 0 {
			quads, floats = make([]uint64, n/8), make([]float64, n/8)
			aligned("uint64 bytes", n, unsafe.Pointer(&quads[0]), unsafe.Alignof(uint64(0)))
			aligned("float64 bytes", n, unsafe.Pointer(&floats[0]), unsafe.Alignof(float64(0)))
			pointersSink = make([]*byte, n/check.Word)
			aligned("pointer bytes", n, unsafe.Pointer(&pointersSink[0]), unsafe.Alignof(pointersSink[0]))
		}
		if n%16 == 0 {
			complexes, strings = make([]complex128, n/16), make([]string, n/16)
			aligned("complex128 bytes", n, unsafe.Pointer(&complexes[0]), unsafe.Alignof(complex128(0)))
			aligned("string bytes", n, unsafe.Pointer(&strings[0]), unsafe.Alignof(""))
		}
	}
}

// Small structs and arrays made by new, in any order and beside single bytes, are aligned as their fields demand.
//
//gomem:case BLOCK.ALIGN
func TinyStructsAreAligned() {
	var r check.Rand
	for i := 0; i < 5000; i++ {
		switch r.Intn(8) {
		case 0:
			bytesSink = make([]byte, 1+r.Intn(3))
		case 1:
			a := new([3]uint16)
			arraySink = a
			aligned("[3]uint16", 1, unsafe.Pointer(a), unsafe.Alignof(a[0]))
		case 2:
			b := new([5]uint16)
			array5Sink = b
			aligned("[5]uint16", 1, unsafe.Pointer(b), unsafe.Alignof(b[0]))
		case 3:
			c := new([3]uint32)
			array3Sink = c
			aligned("[3]uint32", 1, unsafe.Pointer(c), unsafe.Alignof(c[0]))
		case 4:
			d := new(mixed)
			mixedSink = d
			aligned("struct with a uint32", 1, unsafe.Pointer(d), unsafe.Alignof(*d))
			aligned("uint32 field", 1, unsafe.Pointer(&d.b), unsafe.Alignof(d.b))
		case 5:
			e := new(uint64)
			wordSink = e
			aligned("uint64", 1, unsafe.Pointer(e), unsafe.Alignof(*e))
		case 6:
			f := new(struct{ a, b uint32 })
			pairSink = f
			aligned("two uint32", 1, unsafe.Pointer(f), unsafe.Alignof(*f))
		case 7:
			g := new(*byte)
			pointerSink = g
			aligned("pointer", 1, unsafe.Pointer(g), unsafe.Alignof(*g))
		}
	}
}

type mixed struct {
	a byte
	b uint32
	c byte
}

var (
	arraySink   *[3]uint16
	array5Sink  *[5]uint16
	array3Sink  *[3]uint32
	mixedSink   *mixed
	wordSink    *uint64
	pairSink    *struct{ a, b uint32 }
	pointerSink **byte
)

// Large values are aligned as their type demands.
//
//gomem:case BLOCK.ALIGN
func LargeSizesAreAligned() {
	for _, n := range []int{32752, 32760, 32768, 32776, 40000, 40960, 65536, 100008, 1 << 20, 10000008} {
		quads, pointersSink = make([]uint64, n/8), make([]*byte, n/check.Word)
		aligned("uint64 bytes", n, unsafe.Pointer(&quads[0]), unsafe.Alignof(uint64(0)))
		aligned("pointer bytes", n, unsafe.Pointer(&pointersSink[0]), unsafe.Alignof(pointersSink[0]))
		complexes = make([]complex128, n/16)
		aligned("complex128 bytes", n, unsafe.Pointer(&complexes[0]), unsafe.Alignof(complex128(0)))
	}
	quads, pointersSink, complexes = nil, nil, nil
}

// Channels, maps and closures are values too: what they carry is aligned when it is taken out.
//
//gomem:case BLOCK.ALIGN
func CarriedValuesAreAligned() {
	c, m := make(chan *[3]uint64, 3), map[byte]*[3]uint64{}
	for i := 0; i < 100; i++ {
		c <- new([3]uint64)
		m[byte(i)] = new([3]uint64)
		aligned("received", 1, unsafe.Pointer(<-c), unsafe.Alignof(uint64(0)))
		aligned("looked up", 1, unsafe.Pointer(m[byte(i)]), unsafe.Alignof(uint64(0)))
		s := []interface{}{uint16(1000 + i), uint64(1000 + i), complex(float64(i), 1)}
		aligned("boxed uint64", 1, (*[2]unsafe.Pointer)(unsafe.Pointer(&s[1]))[1], unsafe.Alignof(uint64(0)))
	}
}

// A block stays where it is: its address, kept as a number, is the same after collections that free its neighbours, while a pointer
// to it is all that holds it.
//
//gomem:case BLOCK.NOMOVE
func BlocksStay() {
	var blocks [][]byte
	var pointers [][]*byte
	var addresses []uintptr
	for round := 0; round < 3; round++ {
		for _, n := range recycled {
			b, p := make([]byte, n), make([]*byte, (n+check.Word-1)/check.Word)
			blocks, pointers = append(blocks, b), append(pointers, p)
			addresses = append(addresses, uintptr(unsafe.Pointer(&b[0])), uintptr(unsafe.Pointer(&p[0])))
			bytesSink = make([]byte, n)
		}
	}
	bytesSink = nil
	for round := 0; round < 5; round++ {
		check.Collect()
		for i := range blocks {
			if uintptr(unsafe.Pointer(&blocks[i][0])) != addresses[2*i] {
				check.Fatal("a block of", len(blocks[i]), "bytes moved in round", round)
			}
			if uintptr(unsafe.Pointer(&pointers[i][0])) != addresses[2*i+1] {
				check.Fatal("a block of", len(pointers[i]), "pointers moved in round", round)
			}
		}
	}
}

// Blocks that hold a variable, a map's element by pointer or a closure's variable stay as well, also when stacks grow and maps do.
//
//gomem:case BLOCK.NOMOVE
func ReferredBlocksStay() {
	m := map[int]*record{}
	where := map[int]uintptr{}
	x := int64(5)
	variableSink = &x
	before := uintptr(unsafe.Pointer(&x))
	for i := 0; i < 2000; i++ {
		m[i] = &record{b: int64(i)}
		where[i] = uintptr(unsafe.Pointer(m[i]))
		if i%500 == 0 {
			deepen(200)
			runtime.GC()
		}
	}
	for i, r := range m {
		if uintptr(unsafe.Pointer(r)) != where[i] || r.b != int64(i) {
			check.Fatal("record", i, "moved")
		}
	}
	check.Equal("address of the variable", uintptr(unsafe.Pointer(&x)), before)
	check.Equal("address of the variable, as it escaped", uintptr(unsafe.Pointer(variableSink)), before)
}

var variableSink *int64

// deepen makes the stack grow by some hundred bytes per call.
func deepen(n int) int {
	var a [256]byte
	a[n%256] = byte(n)
	if n > 0 {
		return deepen(n-1) + sum(a[:])
	}
	return 0
}

// Values without size cost nothing: neither an allocation nor a byte, one or a million of them.
//
//gomem:case BLOCK.ZEROSIZE
//gomem:needs counts
func ZeroSizeCostsNothing() {
	million := 1000000
	check.Equal("blocks for new(struct{})", check.Allocs(func() { nothing = new(struct{}) }), 0)
	check.Equal("bytes for new(struct{})", check.Bytes(func() { nothing = new(struct{}) }), 0)
	check.Equal("blocks for new([0]int64)", check.Allocs(func() { noInts = new([0]int64) }), 0)
	check.Equal("blocks for a struct of nothing", check.Allocs(func() { nothings = new(empties) }), 0)
	check.Equal("blocks for a million struct{}", check.Allocs(func() { many = make([]struct{}, million) }), 0)
	check.Equal("bytes for a million struct{}", check.Bytes(func() { many = make([]struct{}, million) }), 0)
	check.Equal("length", len(many), 1000000)
	check.Equal("blocks for a literal", check.Allocs(func() { many = []struct{}{{}, {}} }), 0)
	check.Equal("blocks for a variable", check.Allocs(func() {
		var v struct{}
		nothing = &v
	}), 0)
}

type empties struct {
	a struct{}
	b [0]string
	c [5]struct{}
}

var (
	nothing  *struct{}
	noInts   *[0]int64
	nothings *empties
	many     []struct{}
)

// Values without size have an address all the same, and on the heap it is one for all of them, whatever their types.
//
//gomem:case BLOCK.ZEROSIZE
func ZeroSizeSharesAnAddress() {
	nothing, noInts, nothings = new(struct{}), new([0]int64), new(empties)
	many = make([]struct{}, len(sizes))
	check.That("an address is nil", nothing != nil && noInts != nil && nothings != nil && many != nil)
	one := uintptr(unsafe.Pointer(nothing))
	check.Equal("address of a [0]int64", uintptr(unsafe.Pointer(noInts)), one)
	check.Equal("address of a struct of nothing", uintptr(unsafe.Pointer(nothings)), one)
	check.Equal("address of element 0", uintptr(unsafe.Pointer(&many[0])), one)
	check.Equal("address of the last element", uintptr(unsafe.Pointer(&many[len(many)-1])), one)
}

// A value whose only field without size is behind others does have a size, and a block.
//
//gomem:case BLOCK.ZEROSIZE
//gomem:needs counts
func ZeroSizeFieldIsNoZeroSize() {
	check.Equal("blocks", check.Allocs(func() { tailed = new(withTail) }), 1)
	check.That("the address of the field is behind the block",
		uintptr(unsafe.Pointer(&tailed.tail)) < uintptr(unsafe.Pointer(tailed))+unsafe.Sizeof(*tailed))
}

type withTail struct {
	n    int64
	tail struct{}
}

var tailed *withTail
