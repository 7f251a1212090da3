package block

// Fresh memory is zero: BLOCK.ZERO. What append leaves behind a slice's length is in ../alloc/append.go.

import (
	"unsafe"

	"gomem/cases/check"
)

// recycled are sizes over all ways to allocate: tiny, small classes with and without waste, large.
var recycled = []int{1, 4, 7, 8, 12, 15, 16, 24, 32, 48, 64, 100, 128, 256, 500, 512, 520, 1000, 1024, 2048, 3000, 4096, 8192, 10000,
	16384, 20000, 32752, 32768, 32769, 50000, 100000, 300000}

// howMany is how many blocks of n bytes make up several spans, or a few large ones.
func howMany(n int) int {
	if k := 100000 / (n + 8); k < 1000 {
		return k + 3
	}
	return 1000
}

// dirtyBytes allocates k blocks of n bytes, all of which must be zero, fills them, and returns their addresses.
func dirtyBytes(k, n int) map[uintptr]bool {
	blocks, addresses := make([][]byte, k), make(map[uintptr]bool, k)
	for i := range blocks {
		b := make([]byte, n)
		bytesSink = b
		for j, x := range b {
			if x != 0 {
				check.Fatal("byte", j, "of a fresh block of", n, "is", x)
			}
		}
		for j := range b {
			b[j] = 0xFF
		}
		blocks[i] = b
		addresses[uintptr(unsafe.Pointer(&b[0]))] = true
	}
	return addresses
}

// recur counts the addresses of b that are in a.
func recur(a, b map[uintptr]bool) (n int) {
	for p := range b {
		if a[p] {
			n++
		}
	}
	return n
}

// Pointer-free blocks of every kind are zero when they are made, and again when collected blocks that were full serve new requests.
//
//gomem:case BLOCK.ZERO
//gomem:needs collect
func RecycledBytesAreZero() {
	reused := 0
	for _, n := range recycled {
		before := dirtyBytes(howMany(n), n)
		bytesSink = nil
		check.Collect()
		reused += recur(before, dirtyBytes(howMany(n), n))
	}
	check.That("no block was used again, so the case shows nothing", reused > 100)
}

var target [64]byte

// dirtyPointers is dirtyBytes for blocks of n pointers.
func dirtyPointers(k, n int) map[uintptr]bool {
	blocks, addresses := make([][]*byte, k), make(map[uintptr]bool, k)
	for i := range blocks {
		b := make([]*byte, n)
		pointersSink = b
		for j, p := range b {
			if p != nil {
				check.Fatal("pointer", j, "of a fresh block of", n, "is not nil")
			}
		}
		for j := range b {
			b[j] = &target[j%64]
		}
		blocks[i] = b
		addresses[uintptr(unsafe.Pointer(&b[0]))] = true
	}
	return addresses
}

var pointersSink []*byte

// Blocks with pointers are nil all over when they are made, and again when collected blocks serve new requests.
//
//gomem:case BLOCK.ZERO
//gomem:needs collect
func RecycledPointersAreNil() {
	reused := 0
	for _, n := range recycled {
		words := (n + check.Word - 1) / check.Word
		before := dirtyPointers(howMany(n), words)
		pointersSink = nil
		check.Collect()
		reused += recur(before, dirtyPointers(howMany(n), words))
	}
	check.That("no block was used again, so the case shows nothing", reused > 100)
}

// A block that last held bytes is nil when it serves pointers of its size, and zero the other way round.
//
//gomem:case BLOCK.ZERO
//gomem:needs collect
func RecycledAcrossKinds() {
	for _, n := range []int{64, 512, 4096, 32768, 100000} {
		dirtyBytes(howMany(n), n)
		bytesSink = nil
		check.Collect()
		dirtyPointers(howMany(n), n/check.Word)
		pointersSink = nil
		check.Collect()
		dirtyBytes(howMany(n), n)
	}
}

// A recycled struct is zero in each field, and what new, a literal and a slice of structs give is zero alike.
//
//gomem:case BLOCK.ZERO
//gomem:needs collect
func RecycledStructsAreZero() {
	for round := 0; round < 5; round++ {
		for i := 0; i < 500; i++ {
			r, l, s := new(record), &record{c: 5}, make([]record, 3)
			recordSink, recordsSink = r, s
			l.c = 0
			for _, x := range []*record{r, l, &s[2]} {
				recordSink = x
				if x.a != 0 || x.b != 0 || x.c != 0 || x.d != "" || x.e != [3]byte{} || x.f != nil || x.g || x.h != nil ||
					x.i.x != 0 || x.i.y != nil || x.j != 0 || x.k != [2]uint16{} {
					check.Fatal("a field of a fresh struct is not zero, round", round)
				}
				*x = record{1, 2, 3, "4", [3]byte{5}, []int32{6}, true, 7, x.i, 8, [2]uint16{9}}
				x.i.x, x.i.y = 10, &x.b
			}
		}
		check.Collect()
	}
}

// Blocks that nobody used before are zero: bytes, pointers and structs of every size, whether or not the runtime collects.
//
//gomem:case BLOCK.ZERO
func FreshBlocksAreZero() {
	for _, n := range recycled {
		for i := 0; i < 20; i++ {
			b, p := make([]byte, n), make([]*byte, n/check.Word)
			bytesSink, pointersSink = b, p
			for j := range b {
				if b[j] != 0 {
					check.That("a byte of a fresh block is not zero", false)
				}
				b[j] = 0xFF
			}
			for j := range p {
				if p[j] != nil {
					check.That("a pointer of a fresh block is not nil", false)
				}
				p[j] = &target[j%64]
			}
			r := new(record)
			recordSink = r
			check.That("a field of a fresh struct is not zero", r.a == 0 && len(r.d) == 0 && r.f == nil && r.h == nil && r.j == 0)
			r.a, r.j = 1, 1
		}
	}
}

// A variable in the frame is zero when it is declared without a value, whatever the calls before left on the stack.
//
//gomem:case BLOCK.ZERO
func DeclaredVariablesAreZero() {
	for depth := 0; depth < 5; depth++ {
		check.Equal("bytes left by a former call", 0xFF*512, dirtyFrame(depth))
		check.Equal("sum of a fresh array", cleanFrame(depth), 0)
	}
	for i := 0; i < 3; i++ {
		var a [3]int
		check.Equal("element in a fresh iteration", a[i], 0)
		a[0], a[1], a[2] = 1, 1, 1
	}
}

func dirtyFrame(depth int) int {
	var a [512]byte
	for i := range a {
		a[i] = 0xFF
	}
	if depth > 0 {
		dirtyFrame(depth - 1)
	}
	return sum(a[:])
}

func cleanFrame(depth int) int {
	var a [512]byte
	if depth > 0 {
		return sum(a[:]) + cleanFrame(depth-1)
	}
	return sum(a[:])
}

func sum(b []byte) int {
	n := 0
	for _, x := range b {
		n += int(x)
	}
	return n
}

// What a map, a channel and an interface give for nothing is zero: a missing entry, a receive from a closed channel, a new entry.
//
//gomem:case BLOCK.ZERO
func MissingValuesAreZero() {
	m := map[int]record{1: {a: 1, d: "x"}}
	delete(m, 1)
	x, ok := m[1]
	check.That("a missing entry is not zero", !ok && x.a == 0 && x.d == "" && x.h == nil)
	counts := map[string]int{}
	counts["new"]++
	check.Equal("new entry", counts["new"], 1)
	wide := map[int][200]byte{}
	check.That("a missing wide element is not zero", wide[5] == [200]byte{})
	c := make(chan record, 1)
	c <- record{a: 1, d: "x"}
	<-c
	close(c)
	x, ok = <-c
	check.That("a receive from a closed channel is not zero", !ok && x.a == 0 && x.d == "" && x.h == nil)
	var i interface{} = "text"
	n, ok := i.(int)
	check.That("a failed assertion is not zero", !ok && n == 0)
}
