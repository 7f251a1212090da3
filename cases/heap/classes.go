package heap

// Size classes, as they show in sizes and addresses: HEAP.PAGE, HEAP.CLASSES, HEAP.ROUND.*, HEAP.LARGE. Tiny blocks are in tiny.go.

import (
	"runtime/debug"
	"sort"
	"unsafe"

	"gomem/cases/check"
)

// No page of 8 KiB holds blocks of two size classes, in whichever order sizes were asked for.
//
//gomem:case HEAP.PAGE
func PageServesOneClass() {
	var r check.Rand
	type holder struct {
		class    int
		pointers bool
	}
	pages := map[uintptr]holder{}
	var kept []unsafe.Pointer
	for i := 0; i < 20000; i++ {
		n, pointers := 16+r.Intn(4000), i%2 == 0
		if r.Intn(2) == 0 {
			n = 16 + r.Intn(100)
		}
		h := holder{classOf(n), pointers}
		if pointers {
			n = (n + 7) / 8 * 8
			h.class = classOf(withHeader(n))
		}
		p := fresh(1, n, pointers)[0]
		kept = append(kept, p)
		if was, ok := pages[uintptr(p)/pageSize]; ok && was != h {
			check.Fatal("a page holds blocks of", was.class, "and", h.class, "bytes, with pointers:", was.pointers, h.pointers)
		}
		pages[uintptr(p)/pageSize] = h
	}
	check.That("two blocks never shared a page", len(pages) < len(kept)/2)
	check.Keep(kept)
}

// withHeader returns what a block of n bytes with pointers takes, its header included.
func withHeader(n int) int {
	if check.Release() >= 22 && n > headerless {
		return n + 8
	}
	return n
}

// headerless is the largest size in bytes of a block with pointers that has no header.
const headerless = check.Word * check.Word * 8

// Large blocks begin at multiples of 8 KiB and take multiples of it, not of more.
//
//gomem:case HEAP.PAGE
//gomem:needs counts
func PageIsEightKiB() {
	odd := false
	for _, n := range []int{33000, 40960, 40961, 50000, 57344, 65537, 100000} {
		n := n
		pages := (n + pageSize - 1) / pageSize
		check.Equal("bytes for a large block", check.Bytes(func() { bytesSink = make([]byte, n) }), pages*pageSize)
		for _, p := range fresh(10, n, false) {
			check.Equal("offset of a large block in its page", uintptr(p)%pageSize, 0)
			odd = odd || uintptr(p)%(2*pageSize) != 0
		}
	}
	check.That("every large block lies at a multiple of 16 KiB", odd)
}

// A span is a run of whole pages: blocks of a class that does not divide a page lie across its inner borders, and at the same offsets
// from a page border in each span.
//
//gomem:case HEAP.PAGE
func SpanCrossesPages() {
	blocks := fresh(2000, 1792, false)
	crossing, offsets := 0, map[uintptr]bool{}
	for _, p := range blocks {
		if uintptr(p)/pageSize != (uintptr(p)+1791)/pageSize {
			crossing++
		}
		offsets[uintptr(p)%(2*pageSize)] = true
	}
	check.That("no block of 1792 bytes lies across a page border", crossing > 0)
	check.Within("different offsets of the 9 blocks in spans of two pages", len(offsets), 9, 18)
	check.Keep(blocks)
}

// Each request that is a size class takes exactly that many bytes, and one byte more takes the next class.
//
//gomem:case HEAP.CLASSES
//gomem:needs counts
func ClassTable() {
	check.Equal("classes, 0 included", len(classes)+1, 68)
	for i, c := range classes {
		c, next := c, 40960
		if i+1 < len(classes) {
			next = classes[i+1].size
		}
		if c.size >= 16 {
			check.Equal("bytes for a request of the class", check.Bytes(func() { bytesSink = make([]byte, c.size) }), c.size)
		}
		if c.size+1 >= 16 {
			check.Equal("bytes for one more", check.Bytes(func() { bytesSink = make([]byte, c.size+1) }), next)
		}
	}
	check.Equal("bytes for 8 bytes with a pointer", check.Bytes(func() { pointersSink = make([]*byte, 8/check.Word) }), 8)
}

// The spans of each class that leaves a tail have the table's pages: block after block lies one class size further, and
// the next span begins that many pages after the last.
//
//gomem:case HEAP.CLASSES
//gomem:until 1.25
func SpanPages() { spanPages(func(size, pages int) int { return pages * pageSize % size }) }

// The spans of each class have the table's pages, and those of 16 to 512 bytes give their last 128 bytes to marks.
//
//gomem:case HEAP.CLASSES
//gomem:needs 64bit
//gomem:since 1.26
func SpanPagesWithMarks() {
	spanPages(func(size, pages int) int {
		if size <= 512 {
			return (pages*pageSize-128)%size + 128
		}
		return pages * pageSize % size
	})
}

// spanPages looks, for each class, for spans that follow one another and measures the distance of their first blocks. tail gives
// the bytes that no block of a span covers; a class without any cannot be told from its neighbours and is left out. No collection runs, or
// spans would go into the holes it leaves.
func spanPages(tail func(size, pages int) int) {
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	for _, c := range classes {
		t := tail(c.size, c.pages)
		if c.size < 16 || t == 0 {
			continue
		}
		blocks := fresh(6*c.pages*pageSize/c.size+6, c.size, false)
		sort.Slice(blocks, func(i, j int) bool { return uintptr(blocks[i]) < uintptr(blocks[j]) })
		inSpan, spans := (c.pages*pageSize-t)/c.size, 0
		for i := inSpan; i < len(blocks); i++ {
			first, last, next := uintptr(blocks[i-inSpan]), uintptr(blocks[i-1]), uintptr(blocks[i])
			if last-first != uintptr((inSpan-1)*c.size) {
				continue
			}
			if gap := next - last; gap != uintptr(c.size) {
				if first%pageSize == 0 && gap == uintptr(c.size+t) {
					spans++
				}
			} else if first%pageSize == 0 && (i == inSpan || uintptr(blocks[i-inSpan-1]) != first-uintptr(c.size)) {
				check.Fatal("a span of class", c.size, "has more than", inSpan, "blocks")
			}
		}
		if spans == 0 {
			check.Fail("class", c.size, ": no span of", c.pages, "pages with", inSpan, "blocks is followed by another")
		}
	}
}

// perPage returns the largest number of blocks of n bytes that share one page, out of enough to fill several.
func perPage(n int, pointers bool) int {
	most, in := 0, map[uintptr]int{}
	blocks := fresh(8*pageSize/n, n, pointers)
	for _, p := range blocks {
		page := uintptr(p) / pageSize
		if in[page]++; in[page] > most {
			most = in[page]
		}
	}
	check.Keep(blocks)
	return most
}

// A page of pointer-free blocks of 16 to 512 bytes gives 128 of its bytes to marks; below and above it gives none.
//
//gomem:case HEAP.CLASSES
//gomem:needs 64bit
//gomem:since 1.26
func ObjectsPerPage() {
	for _, c := range []struct{ size, want int }{{16, 504}, {24, 336}, {32, 252}, {48, 168}, {64, 126}, {80, 100}, {96, 84}, {128, 63},
		{144, 56}, {192, 42}, {256, 31}, {320, 25}, {512, 15}, {576, 14}, {768, 10}, {1024, 8}, {2048, 4}, {2688, 3}, {4096, 2}} {
		check.Equal("pointer-free blocks per page", perPage(c.size, false), c.want)
	}
}

// A page of pointer-free blocks is used up by them but for the table's tail.
//
//gomem:case HEAP.CLASSES
//gomem:until 1.25
func ObjectsPerPageBefore() {
	for _, c := range []struct{ size, want int }{{16, 512}, {24, 341}, {32, 256}, {48, 170}, {64, 128}, {80, 102}, {96, 85}, {128, 64},
		{144, 56}, {192, 42}, {256, 32}, {320, 25}, {512, 16}, {576, 14}, {768, 10}, {1024, 8}, {2048, 4}, {2688, 3}, {4096, 2}} {
		check.Equal("pointer-free blocks per page", perPage(c.size, false), c.want)
	}
}

// A page of blocks with pointers of at most 512 bytes gives 128 of its bytes to the pointers' bitmap and 128 to marks.
//
//gomem:case HEAP.CLASSES
//gomem:needs 64bit
//gomem:since 1.26
func ScannedObjectsPerPage() {
	for _, c := range []struct{ size, want int }{{8, 1008}, {16, 496}, {32, 248}, {64, 124}, {128, 62}, {256, 31}, {512, 15}} {
		check.Equal("blocks with pointers per page", perPage(c.size, true), c.want)
	}
}

// A page of blocks with pointers of at most 512 bytes gives 128 of its bytes to the pointers' bitmap.
//
//gomem:case HEAP.CLASSES
//gomem:needs 64bit
//gomem:since 1.22
//gomem:until 1.25
func ScannedObjectsPerPageBitmap() {
	for _, c := range []struct{ size, want int }{{8, 1008}, {16, 504}, {32, 252}, {64, 126}, {128, 63}, {256, 31}, {512, 15}} {
		check.Equal("blocks with pointers per page", perPage(c.size, true), c.want)
	}
}

// A page of blocks with pointers is used up by them like one of pointer-free blocks: the pointers' bitmap lies elsewhere.
//
//gomem:case HEAP.CLASSES
//gomem:until 1.21
func ScannedObjectsPerPageBefore() {
	for _, c := range []struct{ size, want int }{{8, 1024}, {16, 512}, {32, 256}, {64, 128}, {128, 64}, {256, 32}, {512, 16}} {
		check.Equal("blocks with pointers per page", perPage(c.size, true), c.want)
	}
}

// Every pointer-free request has the smallest class that fits as its usable size.
//
//gomem:case HEAP.ROUND
func UsableSizes() {
	step, i := check.Scale(9, 1, 1), 0
	for n := 1; n <= 32760; n++ {
		for classes[i].size < n {
			i++
		}
		edge := n == classes[i].size || n == classes[i].size-1 || i > 0 && n == classes[i-1].size+1
		if !edge && n > 1024 && n%step != 0 {
			continue
		}
		if got := usable(n); got != classes[i].size {
			check.Fail("usable bytes of", n, "are", got, "want", classes[i].size)
		}
	}
}

// The bytes that a request counts are those of its usable size.
//
//gomem:case HEAP.ROUND
//gomem:needs counts
func CountedSizes() {
	for _, n := range []int{16, 17, 25, 33, 100, 513, 1000, 1025, 1300, 2049, 5000, 9000, 20000, 32000, 32760} {
		n := n
		check.Equal("bytes", check.Bytes(func() { bytesSink = make([]byte, n) }), classOf(n))
		check.Equal("usable bytes", usable(n), classOf(n))
	}
}

// A request with pointers up to the threshold (512 bytes, on 32-bit 128) has a class of its own size, beyond it that of its size and a
// header's 8 bytes: the usable size is that class without them.
//
//gomem:case HEAP.ROUND.HEADER
func UsableSizesWithPointers() {
	for n := check.Word; n <= 32768-8; n += check.Word {
		if n > 2048 && n%check.Scale(1000, 24, 8) >= check.Word && classOf(n) == classOf(n+8) {
			continue
		}
		want := classOf(n)
		if n > headerless {
			want = classOf(n+8) - 8
		}
		if got := usableWords(n/check.Word) * check.Word; got != want {
			check.Fail("usable bytes of", n, "with pointers are", got, "want", want)
		}
	}
}

// The header lies before the block, which so begins 8 bytes behind a multiple of its class; one without a header begins at the multiple.
//
//gomem:case HEAP.ROUND.HEADER
func HeaderShiftsTheAddress() {
	for _, class := range []int{1024, 2048, 4096, 8192} {
		for _, p := range fresh(50, class-8, true) {
			check.Equal("offset of a block with pointers in its slot", uintptr(p)%uintptr(class), 8)
		}
		for _, p := range fresh(50, class-8, false) {
			check.Equal("offset of a pointer-free block in its slot", uintptr(p)%uintptr(class), 0)
		}
	}
	for _, p := range fresh(50, headerless, true) {
		check.Equal("offset of a block at the threshold", uintptr(p)%uintptr(headerless), 0)
	}
}

// The header's bytes count: one word beyond the threshold takes the class of 8 bytes more.
//
//gomem:case HEAP.ROUND.HEADER
//gomem:needs counts
func HeaderIsCounted() {
	words := headerless / check.Word
	check.Equal("bytes at the threshold", check.Bytes(func() { pointersSink = make([]*byte, words) }), headerless)
	check.Equal("bytes one word beyond", check.Bytes(func() { pointersSink = make([]*byte, words+1) }), classOf(headerless+check.Word+8))
	for _, n := range []int{1024, 2048, 4096, 8192, 16384} {
		n := n
		check.Equal("bytes for a class's size with pointers", check.Bytes(func() { pointersSink = make([]*byte, n/check.Word) }), classOf(n+8))
		check.Equal("bytes for 8 less", check.Bytes(func() { pointersSink = make([]*byte, (n-8)/check.Word) }), n)
	}
}

// Blocks with pointers have no header: their usable sizes are the size classes, as those of pointer-free blocks.
//
//gomem:case HEAP.ROUND
//gomem:until 1.21
func UsableSizesWithPointersBefore() {
	for n := 8; n <= 32760; n += 8 {
		if got := usableWords(n/check.Word) * check.Word; got != classOf(n) {
			check.Fail("usable bytes of", n, "with pointers are", got, "want", classOf(n))
		}
	}
}

// A large request takes whole pages of its own: usable and counted size are the size rounded up to 8 KiB.
//
//gomem:case HEAP.LARGE
//gomem:needs counts
func LargeIsPageRounded() {
	for _, n := range []int{32769, 40959, 40960, 40961, 49152, 50000, 100000, 1 << 20, 1<<20 + 1, 10000000} {
		n := n
		want := (n + pageSize - 1) / pageSize * pageSize
		check.Equal("usable bytes", usable(n), want)
		check.Equal("counted bytes", check.Bytes(func() { bytesSink = make([]byte, n) }), want)
		check.Equal("counted bytes with pointers", check.Bytes(func() { pointersSink = make([]*byte, n/check.Word) }),
			(n/check.Word*check.Word+pageSize-1)/pageSize*pageSize)
	}
	bytesSink, pointersSink = nil, nil
}

// Large blocks begin at a page border, with pointers too, for their header lies elsewhere.
//
//gomem:case HEAP.LARGE
func LargeBeginsAtAPage() {
	for _, n := range []int{32776, 33000, 40960, 100000} {
		for _, p := range append(fresh(10, n, false), fresh(10, n, true)...) {
			check.Equal("offset in the page", uintptr(p)%pageSize, 0)
		}
	}
}

// With pointers, 32760 bytes with their header are still a small request of the largest class, and 32768 are a large one.
//
//gomem:case HEAP.LARGE
//gomem:since 1.22
func LargestSmallRequest() {
	for i, n := range []int{32752, 32760, 32768} {
		for _, p := range fresh(10, n, true) {
			check.Equal("offset in the page", uintptr(p)%pageSize, []int{8, 8, 0}[i])
		}
	}
	check.Equal("usable words of 32752 bytes", usableWords(32752/check.Word), 32760/check.Word)
	check.Equal("usable words of 32768 bytes", usableWords(32768/check.Word), 32768/check.Word)
}
