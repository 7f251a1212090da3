package leak

// Parts that keep the whole: LEAK.SUBSTRING.*, LEAK.SUBSLICE, LEAK.LOSTPTR, LEAK.TAIL.

import (
	"strings"
	"unsafe"

	"gomem/cases/check"
)

const count = 4 // of large strings and arrays in each measurement

// parts returns count substrings of 50 bytes, each of its own string of 1 MiB, passed through cure.
func parts(cure func(string) string) interface{} {
	var kept [count]string
	for i := range kept {
		whole := strings.Repeat("0123456789abcdef", mib/16)
		kept[i] = cure(whole[mib/2 : mib/2+50])
	}
	return &kept
}

// same is no cure.
func same(s string) string { return s }

func throughBytes(s string) string { return string([]byte(s)) }

func concatAndReslice(s string) string { return (" " + s)[1:] }

func throughBuilder(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	b.WriteString(s)
	return b.String()
}

func repeatOnce(s string) string { return strings.Repeat(s, 1) }

// A substring of 50 bytes keeps its string of 1 MiB.
//
//gomem:case LEAK.SUBSTRING
//gomem:needs collect counts
func SubstringRetains() {
	retains("substrings", count*mib, func() interface{} { return parts(same) })
}

// Replaced by a copy through []byte, by concatenation or with a Builder, the 1 MiB goes.
//
//gomem:case LEAK.SUBSTRING.CURE
//gomem:needs collect counts
func SubstringCures() {
	retains("copies through bytes", 0, func() interface{} { return parts(throughBytes) })
	retains("concatenations", 0, func() interface{} { return parts(concatAndReslice) })
	retains("Builders' strings", 0, func() interface{} { return parts(throughBuilder) })
}

// The copies equal the substring.
//
//gomem:case LEAK.SUBSTRING.CURE
func SubstringCuresCopyAll() {
	s := strings.Repeat("0123456789", 10)[3:53]
	for _, cure := range []func(string) string{throughBytes, concatAndReslice, throughBuilder} {
		got := cure(s)
		check.Equal("copy", got, s)
		check.That("the copy has bytes of its own", stringData(got) != stringData(s))
	}
}

func stringData(s string) unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&s)) }

// The copying that each cure costs: one block of 64 bytes, which hold 50 and also 51.
//
//gomem:case LEAK.SUBSTRING.CURE
//gomem:needs counts
func SubstringCureCosts() {
	s := strings.Repeat("0123456789", 10)[3:53]
	cost := func(what string, cure func(string) string, blocks int) {
		check.Equal("blocks for "+what, check.Allocs(func() { result = cure(s) }), blocks)
		check.Equal("bytes for "+what, check.Bytes(func() { result = cure(s) }), 64*blocks)
	}
	cost("concatenation", concatAndReslice, 1)
	cost("a Builder", throughBuilder, 1)
}

var result string

// Through []byte the bytes are copied once since 1.22.
//
//gomem:case LEAK.SUBSTRING.CURE
//gomem:needs counts
//gomem:since 1.22
func SubstringBytesOnce() {
	s := strings.Repeat("0123456789", 10)[3:53]
	check.Equal("blocks", check.Allocs(func() { result = throughBytes(s) }), 1)
}

// Through []byte the bytes were copied twice until 1.21.
//
//gomem:case LEAK.SUBSTRING.CURE
//gomem:needs counts
//gomem:until 1.21
func SubstringBytesTwice() {
	s := strings.Repeat("0123456789", 10)[3:53]
	check.Equal("blocks", check.Allocs(func() { result = throughBytes(s) }), 2)
}

// strings.Repeat(s, 1) is s itself, and keeps what s kept.
//
//gomem:case LEAK.SUBSTRING.REPEAT.SHARES
//gomem:needs collect counts
func RepeatOnceShares() {
	s := strings.Repeat("0123456789", 10)[3:53]
	check.That("the same bytes", stringData(repeatOnce(s)) == stringData(s))
	check.Equal("blocks", check.Allocs(func() { result = repeatOnce(s) }), 0)
	retains("substrings repeated once", count*mib, func() interface{} { return parts(repeatOnce) })
}

// Until 1.19 it was a copy, and a cure.
//
//gomem:case LEAK.SUBSTRING.REPEAT.COPIES
//gomem:needs collect counts
func RepeatOnceCopies() {
	s := strings.Repeat("0123456789", 10)[3:53]
	check.That("bytes of its own", stringData(repeatOnce(s)) != stringData(s))
	check.Equal("blocks", check.Allocs(func() { result = repeatOnce(s) }), 1)
	retains("substrings repeated once", 0, func() interface{} { return parts(repeatOnce) })
}

// The last 30 elements of an array of 1 MiB keep all of it.
//
//gomem:case LEAK.SUBSLICE
//gomem:needs collect counts
func SubsliceRetains() {
	retains("last 30 elements", count*mib, func() interface{} { return tails(func(s []int64) []int64 { return s }) })
}

// A copy of them does not, whether made with append or with copy.
//
//gomem:case LEAK.SUBSLICE
//gomem:needs collect counts
func SubsliceCures() {
	retains("elements appended to nil", 0, func() interface{} {
		return tails(func(s []int64) []int64 { return append([]int64(nil), s...) })
	})
	retains("copied elements", 0, func() interface{} {
		return tails(func(s []int64) []int64 {
			own := make([]int64, len(s))
			check.Equal("elements copied", copy(own, s), 30)
			return own
		})
	})
}

func tails(cure func([]int64) []int64) interface{} {
	var kept [count][]int64
	for i := range kept {
		s := make([]int64, mib/8)
		s[len(s)-1] = int64(i)
		kept[i] = cure(s[len(s)-30:])
		check.Equal("last element", kept[i][29], i)
	}
	return &kept
}

// After s = s[1:3:3] the first and the last of four pointers still keep their megabyte, although nobody can reach it any more.
//
//gomem:case LEAK.LOSTPTR
//gomem:needs collect counts
func LostPointersRetain() {
	retains("two visible and two lost pointers", 4*mib, func() interface{} { return middle(false) })
}

// Set to nil before, they keep nothing.
//
//gomem:case LEAK.LOSTPTR
//gomem:needs collect counts
func LostPointersCure() {
	retains("two visible pointers", 2*mib, func() interface{} { return middle(true) })
}

func middle(cure bool) interface{} {
	s := []*[mib]byte{new([mib]byte), new([mib]byte), new([mib]byte), new([mib]byte)}
	if cure {
		s[0], s[3] = nil, nil
	}
	s = s[1:3:3]
	check.Equal("capacity", cap(s), 2)
	return s
}

// Elements that truncation cuts off keep their targets, too, until they are set to nil or overwritten.
//
//gomem:case LEAK.LOSTPTR
//gomem:needs collect counts
func TruncatedPointersRetain() {
	fill := func(n int) []*[mib]byte {
		s := make([]*[mib]byte, n)
		for i := range s {
			s[i] = new([mib]byte)
		}
		return s
	}
	retains("one visible and three cut off", 4*mib, func() interface{} { return fill(4)[:1] })
	retains("one visible, one overwritten, two cut off", 3*mib, func() interface{} { return append(fill(4)[:1], nil) })
	retains("one visible and three set to nil", mib, func() interface{} {
		s := fill(4)
		for i := 1; i < 4; i++ {
			s[i] = nil
		}
		return s[:1]
	})
}

// A pointer to the zero-size field at a struct's end keeps that struct and not the block after it: of a row of blocks each second one
// is kept through such a pointer, and exactly those stay. The size of the fields before it is that of a whole block.
//
//gomem:case LEAK.TAIL
//gomem:needs weak
func TailKeepsNoNeighbour() {
	const n = 64
	var ends [n / 2]*struct{}
	var watches [n]*check.Watched
	fillRow(&ends, &watches)
	for i := 1; i < n; i += 2 {
		if !watches[i].Collected() {
			check.Fail("kept by the end of its neighbour: block", i)
		}
	}
	for i := 0; i < n; i += 2 {
		if i%16 == 0 && watches[i].Collected() {
			check.Fail("lost although its end is referred to: block", i)
		}
		row := (*tailed)(unsafe.Pointer(uintptr(unsafe.Pointer(ends[i/2])) - unsafe.Offsetof(tailed{}.end)))
		check.Equal("id of the block before the end", row.id, i)
	}
}

// A tailed fills a block of four words but for its end.
type tailed struct {
	p   *int
	id  int
	pad [2]int
	end struct{}
}

func fillRow(ends *[32]*struct{}, watches *[64]*check.Watched) {
	var row [64]*tailed
	for i := range row {
		row[i] = &tailed{id: i}
	}
	for i, t := range row {
		watches[i] = check.Watch(unsafe.Pointer(t))
		if i%2 == 0 {
			ends[i/2] = &t.end
		}
	}
}
