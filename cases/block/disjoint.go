package block

// Live blocks do not overlap: BLOCK.DISJOINT. The same from several goroutines at once is HEAP.PARALLEL.

import (
	"runtime/debug"
	"sort"
	"unsafe"

	"gomem/cases/check"
)

// classes are the sizes that the allocator's small requests are rounded to; requests are drawn around them.
var classes = []int{8, 16, 24, 32, 48, 64, 80, 96, 112, 128, 144, 160, 176, 192, 208, 224, 240, 256, 288, 320, 352, 384, 416, 448, 480,
	512, 576, 640, 704, 768, 896, 1024, 1152, 1280, 1408, 1536, 1792, 2048, 2304, 2688, 3072, 3200, 3456, 4096, 4864, 5376, 6144,
	6528, 6784, 6912, 8192, 9472, 9728, 10240, 10880, 12288, 13568, 14336, 16384, 18432, 19072, 20480, 21760, 24576, 27264, 28672,
	32768}

// A live is a block with its canaries: bytes, or pointers, that say which block they belong to.
type live struct {
	id       int
	bytes    []byte
	pointers []*byte
}

func (l *live) fill() {
	for i := range l.bytes {
		l.bytes[i] = byte(l.id*31 + i)
	}
	for i := range l.pointers {
		l.pointers[i] = &target[(l.id*31+i)%64]
	}
}

func (l *live) whole() bool {
	for i, x := range l.bytes {
		if x != byte(l.id*31+i) {
			return false
		}
	}
	for i, p := range l.pointers {
		if p != &target[(l.id*31+i)%64] {
			return false
		}
	}
	return true
}

// span returns the first address of the block and the one behind its last.
func (l *live) span() (from, to uintptr) {
	if len(l.bytes) > 0 {
		from = uintptr(unsafe.Pointer(&l.bytes[0]))
		return from, from + uintptr(len(l.bytes))
	}
	from = uintptr(unsafe.Pointer(&l.pointers[0]))
	return from, from + uintptr(len(l.pointers)*check.Word)
}

// drawSize returns a size at, below or above one of the classes, or now and then a large one.
func drawSize(r *check.Rand) int {
	if r.Intn(50) == 0 {
		return 32768 + r.Intn(300000)
	}
	n := classes[r.Intn(len(classes))] + r.Intn(3) - 1
	if r.Intn(4) == 0 {
		n -= r.Intn(n)
	}
	return n
}

func allocate(r *check.Rand, id int) live {
	l := live{id: id}
	if n := drawSize(r); r.Intn(3) > 0 {
		l.bytes = make([]byte, n)
	} else {
		l.pointers = make([]*byte, n/check.Word+1)
	}
	l.fill()
	return l
}

// Blocks of all sizes, kept and dropped at random while collections recycle the dropped ones, keep their canaries.
//
//gomem:case BLOCK.DISJOINT
func CanariesSurvive() {
	debug.SetGCPercent(30)
	var r check.Rand
	blocks := make([]live, 200)
	for id := 1; id <= check.Scale(2500, 200000, 2000000); id++ {
		slot := r.Intn(len(blocks))
		if !blocks[slot].whole() {
			check.Fatal("block", blocks[slot].id, "was overwritten before the request number", id)
		}
		blocks[slot] = allocate(&r, id)
	}
	for i := range blocks {
		check.That("a block was overwritten", blocks[i].whole())
	}
}

// The address ranges of the blocks that live at one time, for every size class and large sizes, do not meet.
//
//gomem:case BLOCK.DISJOINT
func RangesDoNotMeet() {
	debug.SetGCPercent(30)
	var r check.Rand
	blocks := make([]live, 0, 3000)
	for round := 0; round < 3; round++ {
		kept := blocks[:0]
		for i := range blocks {
			if r.Intn(2) == 0 {
				kept = append(kept, blocks[i])
			}
		}
		for i := len(kept); i < len(blocks); i++ {
			blocks[i] = live{}
		}
		blocks = kept
		for _, n := range classes {
			for i := 0; i < 10; i++ {
				blocks = append(blocks, live{id: 1, bytes: make([]byte, n)}, live{id: 2, pointers: make([]*byte, (n+7)/check.Word)})
			}
		}
		for i := 0; i < 30; i++ {
			blocks = append(blocks, live{id: 3, bytes: make([]byte, 32769+r.Intn(100000))})
		}
		apart(blocks)
	}
}

// apart checks that no block begins before the one below it ends.
func apart(blocks []live) {
	order := make([]*live, len(blocks))
	for i := range blocks {
		order[i] = &blocks[i]
	}
	sort.Slice(order, func(i, j int) bool {
		a, _ := order[i].span()
		b, _ := order[j].span()
		return a < b
	})
	for i := 1; i < len(order); i++ {
		_, end := order[i-1].span()
		if start, _ := order[i].span(); start < end {
			check.Fatal("a block of", len(order[i].bytes), "bytes begins in one of", len(order[i-1].bytes))
		}
	}
}

// Tiny values that may share one block of memory still have bytes of their own.
//
//gomem:case BLOCK.DISJOINT
func TinyValuesAreApart() {
	var r check.Rand
	values := make([][]byte, 3000)
	for i := range values {
		values[i] = make([]byte, 1+r.Intn(15))
	}
	for i, v := range values {
		for j := range v {
			v[j] = byte(i*17 + j)
		}
	}
	for i, v := range values {
		for j := range v {
			if v[j] != byte(i*17+j) {
				check.Fatal("byte", j, "of value", i, "was overwritten")
			}
		}
	}
}
