// Package derived states for foreign targets where the array field of MYTH.DERIVEDSLICE lies.
package derived

import "unsafe"

type counters struct {
	flag  int32
	words [3]int64
}

// On 32-bit targets the array, and with it any slice of it, starts 4 bytes into a block that is 8-aligned.
//
//gomem:case MYTH.DERIVEDSLICE
//gomem:compile linux/386 linux/arm linux/mips
func DerivedSliceOffset() {}

var _ [4]struct{} = [unsafe.Offsetof(counters{}.words)]struct{}{}
var _ [28]struct{} = [unsafe.Sizeof(counters{})]struct{}{}
