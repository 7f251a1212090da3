package block

// Pointers into the middle of a block: BLOCK.INTERIOR.*.

import (
	"sort"
	"unsafe"

	"gomem/cases/check"
)

var (
	inside     *byte
	insidePart []byte
	insideText string
	insideLink **byte
)

// held are sizes over small classes, their edges and large blocks; all too large to be tiny.
var held = []int{16, 24, 48, 64, 100, 512, 520, 1024, 3000, 8192, 20000, 32760, 32768, 32769, 100000}

// hold makes a block of n bytes with a pattern, keeps the address of byte i as the only reference, and returns a watch on the block.
func hold(n, i int) *check.Watched {
	b := make([]byte, n)
	for j := range b {
		b[j] = byte(j * 3)
	}
	inside = &b[i]
	return check.Watch(unsafe.Pointer(&b[0]))
}

// A pointer to any byte of a block keeps it alive, with all its bytes: first, middle, last, for small classes and large sizes.
//
//gomem:case BLOCK.INTERIOR.KEEPS
//gomem:needs collect weak
func InteriorPointerKeepsBytes() {
	for round, n := range held {
		for at, i := range []int{0, 1, n / 2, n - 1} {
			if at != round%4 && check.Scale(0, 1, 1) == 0 {
				continue
			}
			w := hold(n, i)
			check.That("the block is gone", w.Kept())
			for j := 0; j < n; j += 1 + n/500 {
				if x := *(*byte)(unsafe.Pointer(uintptr(unsafe.Pointer(inside)) - uintptr(i) + uintptr(j))); x != byte(j*3) {
					check.Fatal("byte", j, "of", n, "changed while a pointer to byte", i, "was kept")
				}
			}
		}
	}
	inside = nil
}

// A pointer to a field keeps the whole struct and what its other fields refer to.
//
//gomem:case BLOCK.INTERIOR.KEEPS
//gomem:needs collect weak
func FieldPointerKeepsStruct() {
	whole, other := holdField()
	check.That("the struct is gone", whole.Kept())
	check.That("what another field refers to is gone", other.Kept())
	n := (*link)(unsafe.Pointer(uintptr(unsafe.Pointer(insideLink)) - unsafe.Offsetof(link{}.last)))
	check.Equal("other field", n.number, 77)
	check.Equal("what the other field refers to", n.first[99], 9)
	insideLink = nil
}

type link struct {
	first  *[100]byte
	number int64
	last   *byte
}

func holdField() (whole, other *check.Watched) {
	n := &link{first: new([100]byte), number: 77}
	n.first[99] = 9
	insideLink = &n.last
	return check.Watch(unsafe.Pointer(n)), check.Watch(unsafe.Pointer(n.first))
}

// A part of a slice and a part of a string keep the whole array, the elements that are out of their reach included.
//
//gomem:case BLOCK.INTERIOR.KEEPS
//gomem:needs collect weak
func PartKeepsTheWhole() {
	for _, n := range []int{16, 48, 512, 3000, 32769} {
		w, t := holdParts(n)
		check.That("the array of a slice is gone", w.Kept())
		check.That("the bytes of a string are gone", t.Kept())
		check.Equal("element of the part", insidePart[0], byte(n/2))
		check.Equal("byte of the part", insideText[0], byte(n/2))
	}
	insidePart, insideText = nil, ""
}

func holdParts(n int) (array, text *check.Watched) {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(i)
	}
	s := string(b)
	insidePart, insideText = b[n/2:n/2+1:n/2+1], s[n/2:n/2+1]
	return check.Watch(unsafe.Pointer(&b[0])), check.Watch(*(*unsafe.Pointer)(unsafe.Pointer(&s)))
}

// A pointer into the middle keeps a block from wherever it is held: a variable in the frame, a closure, a map, a channel, an interface.
//
//gomem:case BLOCK.INTERIOR.KEEPS
//gomem:needs collect weak
func InteriorPointerFromAnywhere() {
	var watched [5]*check.Watched
	make1 := func(i int) *int64 {
		p := new([10]int64)
		p[i] = int64(i)
		watched[i] = check.Watch(unsafe.Pointer(p))
		return &p[i]
	}
	local := make1(0)
	captured := make1(1)
	f := func() int64 { return *captured }
	m, c := map[string]*int64{"k": make1(2)}, make(chan *int64, 1)
	c <- make1(3)
	var i interface{} = make1(4)
	for j, w := range watched {
		if !w.Kept() {
			check.Fail("block", j, "is gone")
		}
	}
	check.Equal("numbers", *local*10000+f()*1000+*m["k"]*100+*<-c*10+*i.(*int64), 1234)
}

// neighbours makes blocks of n bytes, keeps one byte of one that has a block on either side, and returns watches on the two beside it and
// on itself.
func neighbours(n int, pick func(b []byte)) (below, self, above *check.Watched) {
	blocks := make([][]byte, 64)
	for {
		for i := range blocks {
			blocks[i] = make([]byte, n)
		}
		sort.Slice(blocks, func(i, j int) bool { return start(blocks[i]) < start(blocks[j]) })
		for i := 1; i < len(blocks)-1; i++ {
			if start(blocks[i])-start(blocks[i-1]) == uintptr(n) && start(blocks[i+1])-start(blocks[i]) == uintptr(n) {
				pick(blocks[i])
				return watch(blocks[i-1]), watch(blocks[i]), watch(blocks[i+1])
			}
		}
	}
}

func start(b []byte) uintptr        { return uintptr(unsafe.Pointer(&b[0])) }
func watch(b []byte) *check.Watched { return check.Watch(unsafe.Pointer(&b[0])) }

// A pointer into a block keeps neither the block below nor the one above, at whichever byte it points.
//
//gomem:case BLOCK.INTERIOR.ONLY
//gomem:needs collect weak
func NeighboursAreCollected() {
	for _, n := range []int{16, 256, 8192} {
		for _, i := range []int{0, n - 1} {
			below, self, above := neighbours(n, func(b []byte) { inside = &b[i] })
			check.That("the block below is kept", below.Collected())
			check.That("the block above is kept", above.Collected())
			check.That("the block itself is gone", self.Kept())
			inside = nil
			check.That("the block is kept by nothing", self.Collected())
		}
	}
}

// An empty slice or string at the end of a block keeps no neighbour: it never points behind its own block.
//
//gomem:case BLOCK.INTERIOR.ONLY
//gomem:needs collect weak
func EmptyTailKeepsNoNeighbour() {
	for _, n := range []int{16, 1024, 8192} {
		_, _, above := neighbours(n, func(b []byte) { insidePart = b[n:] })
		check.That("an empty slice keeps the block above", above.Collected())
		check.Equal("length and capacity", len(insidePart)+cap(insidePart), 0)
		above = textNeighbour(n)
		check.That("an empty string keeps the block above", above.Collected())
		insidePart, insideText = nil, ""
	}
}

// textNeighbour keeps the empty end of a string of n bytes and returns a watch on the block above it.
func textNeighbour(n int) *check.Watched {
	_, _, above := neighbours(n, func(b []byte) {
		s := *(*string)(unsafe.Pointer(&b))
		insideText = s[n:]
	})
	return above
}

// The address of a last field without size lies inside its struct, so it keeps that struct and not the block above.
//
//gomem:case BLOCK.INTERIOR.ONLY
//gomem:needs collect weak
func EmptyLastFieldKeepsItsOwn() {
	self, above := holdTail()
	check.That("the struct is gone", self.Kept())
	check.That("the block above is kept", above.Collected())
	insideNothing = nil
	check.That("the struct is kept by nothing", self.Collected())
}

var insideNothing *struct{}

func holdTail() (self, above *check.Watched) {
	type tailed struct {
		p *byte
		n [3]int64
		e struct{}
	}
	blocks := make([]*tailed, 64)
	for {
		for i := range blocks {
			blocks[i] = new(tailed)
		}
		sort.Slice(blocks, func(i, j int) bool {
			return uintptr(unsafe.Pointer(blocks[i])) < uintptr(unsafe.Pointer(blocks[j]))
		})
		for i := range blocks[1:] {
			a, b := blocks[i], blocks[i+1]
			if uintptr(unsafe.Pointer(b))-uintptr(unsafe.Pointer(a)) < 2*unsafe.Sizeof(*a) {
				insideNothing = &a.e
				return check.Watch(unsafe.Pointer(a)), check.Watch(unsafe.Pointer(b))
			}
		}
	}
}

// A pointer into a block keeps what the block refers to, and nothing that refers to the block.
//
//gomem:case BLOCK.INTERIOR.ONLY
//gomem:needs collect weak
func OnlyWhatItRefersTo() {
	owner, self, child := holdChain()
	check.That("the block that refers to it is kept", owner.Collected())
	check.That("the block is gone", self.Kept())
	check.That("what it refers to is gone", child.Kept())
	insideLink = nil
	check.That("the block is kept by nothing", self.Collected())
	check.That("what it referred to is kept", child.Collected())
}

func holdChain() (owner, self, child *check.Watched) {
	type parent struct {
		pad  [4]int64
		link *link
	}
	n := &link{first: new([100]byte)}
	o := &parent{link: n}
	insideLink = &n.last
	return check.Watch(unsafe.Pointer(o)), check.Watch(unsafe.Pointer(n)), check.Watch(unsafe.Pointer(n.first))
}
