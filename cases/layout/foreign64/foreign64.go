// Package foreign64 states layouts in plain figures for 64-bit targets; see package foreign for the form.
package foreign64

import "unsafe"

type (
	wideInside struct {
		a int8
		b int64
		c int16
	}
	wideLast struct {
		a int8
		b int16
		c int64
	}
	several struct {
		a bool
		b string
		c byte
		d float64
		e [3]int16
		f interface{}
		g complex128
		h byte
	}
)

// {int8; int64; int16} takes 24 bytes and {int8; int16; int64} 16.
//
//gomem:case LAYOUT.PADDING
//gomem:compile linux/arm64 linux/riscv64 linux/mips64 linux/mips64le linux/ppc64le linux/s390x linux/loong64 js/wasm darwin/arm64 windows/amd64
func Padding64() {}

var _ [24]struct{} = [unsafe.Sizeof(wideInside{})]struct{}{}
var _ [8]struct{} = [unsafe.Offsetof(wideInside{}.b)]struct{}{}
var _ [16]struct{} = [unsafe.Offsetof(wideInside{}.c)]struct{}{}
var _ [16]struct{} = [unsafe.Sizeof(wideLast{})]struct{}{}
var _ [2]struct{} = [unsafe.Offsetof(wideLast{}.b)]struct{}{}
var _ [8]struct{} = [unsafe.Offsetof(wideLast{}.c)]struct{}{}
var _ [8]struct{} = [unsafe.Offsetof(several{}.b)]struct{}{}
var _ [24]struct{} = [unsafe.Offsetof(several{}.c)]struct{}{}
var _ [32]struct{} = [unsafe.Offsetof(several{}.d)]struct{}{}
var _ [40]struct{} = [unsafe.Offsetof(several{}.e)]struct{}{}
var _ [48]struct{} = [unsafe.Offsetof(several{}.f)]struct{}{}
var _ [64]struct{} = [unsafe.Offsetof(several{}.g)]struct{}{}
var _ [80]struct{} = [unsafe.Offsetof(several{}.h)]struct{}{}
var _ [88]struct{} = [unsafe.Sizeof(several{})]struct{}{}

// 64-bit types are 8-aligned.
//
//gomem:case LAYOUT.ALIGN
//gomem:compile linux/arm64 linux/riscv64 linux/mips64 linux/mips64le linux/ppc64le linux/s390x linux/loong64 js/wasm
func Alignments64() {}

var _ [8]struct{} = [unsafe.Alignof(int64(0))]struct{}{}
var _ [8]struct{} = [unsafe.Alignof(uint64(0))]struct{}{}
var _ [8]struct{} = [unsafe.Alignof(float64(0))]struct{}{}
var _ [8]struct{} = [unsafe.Alignof(complex128(0))]struct{}{}
var _ [8]struct{} = [unsafe.Alignof([9]int64{})]struct{}{}
var _ [8]struct{} = [unsafe.Alignof(several{})]struct{}{}

// A word is 8 bytes.
//
//gomem:case LAYOUT.WORD
//gomem:compile linux/arm64 linux/riscv64 linux/mips64 linux/mips64le linux/ppc64le linux/s390x linux/loong64 js/wasm
func Words64() {}

var _ [8]struct{} = [unsafe.Sizeof(0)]struct{}{}
var _ [8]struct{} = [unsafe.Sizeof((*several)(nil))]struct{}{}
var _ [16]struct{} = [unsafe.Sizeof("")]struct{}{}
var _ [16]struct{} = [unsafe.Sizeof(error(nil))]struct{}{}
var _ [24]struct{} = [unsafe.Sizeof([]byte(nil))]struct{}{}

// A zero-size field at the end is padded: {int64; struct{}} takes 16 bytes, {struct{}; int64} 8.
//
//gomem:case LAYOUT.TAIL
//gomem:compile linux/arm64 linux/riscv64 linux/mips64 linux/mips64le linux/ppc64le linux/s390x linux/loong64 js/wasm
func Tail64() {}

var _ [8]struct{} = [unsafe.Sizeof(emptyFirst{})]struct{}{}
var _ [16]struct{} = [unsafe.Sizeof(emptyLast{})]struct{}{}
var _ [8]struct{} = [unsafe.Offsetof(emptyLast{}.b)]struct{}{}
var _ [16]struct{} = [unsafe.Sizeof(wideEmpty{})]struct{}{}
var _ [2]struct{} = [unsafe.Sizeof(byteLast{})]struct{}{}

type (
	emptyFirst struct {
		a struct{}
		b int64
	}
	emptyLast struct {
		a int64
		b struct{}
	}
	wideEmpty struct {
		a byte
		b [0]int64
	}
	byteLast struct {
		a byte
		b [0]byte
	}
)

// A struct of zero-size fields has size zero.
//
//gomem:case LAYOUT.ZEROSTRUCT
//gomem:compile linux/arm64 linux/riscv64 linux/mips64 linux/mips64le linux/ppc64le linux/s390x linux/loong64 js/wasm
func ZeroStruct64() {}

var _ [0]struct{} = [unsafe.Sizeof(empty{})]struct{}{}
var _ [0]struct{} = [unsafe.Offsetof(empty{}.c)]struct{}{}
var _ [8]struct{} = [unsafe.Alignof(empty{})]struct{}{}

type empty struct {
	a struct{}
	b [0]int64
	c [4]struct{}
}
