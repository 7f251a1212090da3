// Package foreign states the layout of types for targets that are compiled for and not executed. An assertion is an array
// of two lengths, which does not compile when they differ. What depends on the target is stated by way of the word's size,
// which w derives from the width of uintptr and not from Sizeof; packages foreign32 and foreign64 state plain figures.
package foreign

import "unsafe"

// w is the size of a word: 4 or 8.
const w = 4 << (^uintptr(0) >> 63)

// Numeric types have their stated widths on every target.
//
//gomem:case LAYOUT.SIZE.NUMERIC
//gomem:compile linux/386 linux/arm linux/arm64 linux/riscv64 linux/mips linux/mips64le linux/ppc64le linux/s390x linux/loong64 js/wasm windows/386 darwin/arm64
func ForeignSizes() {}

var _ [1]struct{} = [unsafe.Sizeof(int8(0))]struct{}{}
var _ [1]struct{} = [unsafe.Sizeof(uint8(0))]struct{}{}
var _ [2]struct{} = [unsafe.Sizeof(int16(0))]struct{}{}
var _ [2]struct{} = [unsafe.Sizeof(uint16(0))]struct{}{}
var _ [4]struct{} = [unsafe.Sizeof(int32(0))]struct{}{}
var _ [4]struct{} = [unsafe.Sizeof(uint32(0))]struct{}{}
var _ [4]struct{} = [unsafe.Sizeof(float32(0))]struct{}{}
var _ [8]struct{} = [unsafe.Sizeof(int64(0))]struct{}{}
var _ [8]struct{} = [unsafe.Sizeof(uint64(0))]struct{}{}
var _ [8]struct{} = [unsafe.Sizeof(float64(0))]struct{}{}
var _ [8]struct{} = [unsafe.Sizeof(complex64(0))]struct{}{}
var _ [16]struct{} = [unsafe.Sizeof(complex128(0))]struct{}{}

// A bool takes one byte on every target.
//
//gomem:case LAYOUT.SIZE.BOOL
//gomem:compile linux/386 linux/arm linux/arm64 linux/riscv64 linux/mips linux/mips64le linux/ppc64le linux/s390x linux/loong64 js/wasm
func ForeignBool() {}

var _ [1]struct{} = [unsafe.Sizeof(false)]struct{}{}
var _ [5]struct{} = [unsafe.Sizeof([5]bool{})]struct{}{}

// Words, pairs and triples of words.
//
//gomem:case LAYOUT.WORD
//gomem:compile linux/386 linux/arm linux/arm64 linux/riscv64 linux/mips linux/mips64le linux/ppc64le linux/s390x linux/loong64 js/wasm
func ForeignWords() {}

var _ [w]struct{} = [unsafe.Sizeof(int(0))]struct{}{}
var _ [w]struct{} = [unsafe.Sizeof(uint(0))]struct{}{}
var _ [w]struct{} = [unsafe.Sizeof(uintptr(0))]struct{}{}
var _ [w]struct{} = [unsafe.Sizeof((*byte)(nil))]struct{}{}
var _ [w]struct{} = [unsafe.Sizeof(unsafe.Pointer(nil))]struct{}{}
var _ [w]struct{} = [unsafe.Sizeof(map[string]int(nil))]struct{}{}
var _ [w]struct{} = [unsafe.Sizeof(chan int(nil))]struct{}{}
var _ [w]struct{} = [unsafe.Sizeof((func())(nil))]struct{}{}
var _ [2 * w]struct{} = [unsafe.Sizeof("")]struct{}{}
var _ [2 * w]struct{} = [unsafe.Sizeof(interface{}(nil))]struct{}{}
var _ [2 * w]struct{} = [unsafe.Sizeof(error(nil))]struct{}{}
var _ [3 * w]struct{} = [unsafe.Sizeof([]byte(nil))]struct{}{}

// Alignments: the width up to 4 bytes, and the word for whatever is wider.
//
//gomem:case LAYOUT.ALIGN
//gomem:compile linux/386 linux/arm linux/arm64 linux/riscv64 linux/mips linux/mips64le linux/ppc64le linux/s390x linux/loong64 js/wasm
func ForeignAlignments() {}

var _ [1]struct{} = [unsafe.Alignof(false)]struct{}{}
var _ [1]struct{} = [unsafe.Alignof(int8(0))]struct{}{}
var _ [2]struct{} = [unsafe.Alignof(uint16(0))]struct{}{}
var _ [4]struct{} = [unsafe.Alignof(int32(0))]struct{}{}
var _ [4]struct{} = [unsafe.Alignof(float32(0))]struct{}{}
var _ [4]struct{} = [unsafe.Alignof(complex64(0))]struct{}{}
var _ [w]struct{} = [unsafe.Alignof(int64(0))]struct{}{}
var _ [w]struct{} = [unsafe.Alignof(float64(0))]struct{}{}
var _ [w]struct{} = [unsafe.Alignof(complex128(0))]struct{}{}
var _ [w]struct{} = [unsafe.Alignof("")]struct{}{}
var _ [w]struct{} = [unsafe.Alignof([]byte(nil))]struct{}{}
var _ [w]struct{} = [unsafe.Alignof(interface{}(nil))]struct{}{}

// The least alignments: 1, the strictest field's, the element's.
//
//gomem:case LAYOUT.ALIGN.MIN
//gomem:compile linux/386 linux/arm linux/arm64 linux/riscv64 linux/mips js/wasm
func ForeignMinimum() {}

var _ [1]struct{} = [unsafe.Alignof(struct{}{})]struct{}{}
var _ [1]struct{} = [unsafe.Alignof([0]byte{})]struct{}{}
var _ [2]struct{} = [unsafe.Alignof([7]int16{})]struct{}{}
var _ [4]struct{} = [unsafe.Alignof(fields{})]struct{}{}
var _ [w]struct{} = [unsafe.Alignof([0]int64{})]struct{}{}

type fields struct {
	a byte
	b float32
	c int16
}

// Sizes are multiples of the alignment.
//
//gomem:case LAYOUT.MULTIPLE
//gomem:compile linux/386 linux/arm linux/arm64 linux/riscv64 linux/mips js/wasm
func ForeignMultiples() {}

var _ [0]struct{} = [unsafe.Sizeof(fields{}) % 4]struct{}{}
var _ [12]struct{} = [unsafe.Sizeof(fields{})]struct{}{}
var _ [0]struct{} = [unsafe.Sizeof(tail{}) % w]struct{}{}
var _ [8 + w]struct{} = [unsafe.Sizeof(tail{})]struct{}{}
var _ [3 * (8 + w)]struct{} = [unsafe.Sizeof([3]tail{})]struct{}{}

type tail struct {
	a int64
	b byte
}

// Alignments of a variable and of a field agree.
//
//gomem:case LAYOUT.FIELDALIGN
//gomem:compile linux/386 linux/arm linux/arm64 linux/riscv64 linux/mips js/wasm
func ForeignFields() {}

var _ [unsafe.Alignof(int64(0))]struct{} = [unsafe.Alignof(each{}.wide)]struct{}{}
var _ [unsafe.Alignof(int64(0))]struct{} = [unsafe.Offsetof(each{}.wide)]struct{}{}
var _ [unsafe.Alignof(complex64(0))]struct{} = [unsafe.Alignof(each{}.pair)]struct{}{}
var _ [unsafe.Alignof("")]struct{} = [unsafe.Alignof(each{}.text)]struct{}{}

type each struct {
	a    byte
	wide int64
	b    byte
	pair complex64
	c    byte
	text string
}

// Fields keep their order.
//
//gomem:case LAYOUT.ORDER
//gomem:compile linux/386 linux/arm linux/arm64 linux/riscv64 linux/mips js/wasm
func ForeignOrder() {}

var _ [0]struct{} = [unsafe.Offsetof(each{}.a)]struct{}{}
var _ [w + 8]struct{} = [unsafe.Offsetof(each{}.b)]struct{}{}
var _ [w + 12]struct{} = [unsafe.Offsetof(each{}.pair)]struct{}{}
var _ [w + 20]struct{} = [unsafe.Offsetof(each{}.c)]struct{}{}
var _ [w + 24]struct{} = [unsafe.Offsetof(each{}.text)]struct{}{}
