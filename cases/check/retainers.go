//go:build gomem

package check

import (
	"gomem/rt"
	"strconv"
)

// retainers tells what keeps the block at an address: a way from a root through the fewest blocks. The text is empty when nothing
// does, or the backend cannot tell.
func retainers(block uintptr) string {
	text, n := "", rt.FindHolders(block)
	for i := 0; i < n; i++ {
		if i > 0 {
			text += ", which points to "
		}
		if skipped := n - 2*toldHolders; i == toldHolders && skipped > 0 {
			text += strconv.Itoa(skipped) + " blocks, one to the next, of which the last points to "
			i += skipped
		}
		text += holder(i)
	}
	return text
}

// toldHolders is how many holders are told of at each end of a long way.
const toldHolders = 4

func holder(i int) string {
	var h rt.Holder
	rt.HolderAt(i, &h)
	switch h.Kind {
	case rt.HeldByVariable:
		return "variable " + h.Name + " at byte " + number(h.Offset)
	case rt.HeldByGoroutine:
		text := "goroutine " + strconv.FormatUint(h.Goroutine, 10)
		if function, _, line := rt.Place(h.Place); function != "" {
			text += " in " + function + ", line " + strconv.Itoa(line)
		}
		return text
	case rt.HeldByRuntime:
		return h.Name
	}
	return "a block of " + number(h.Bytes) + " bytes at byte " + number(h.Offset)
}

func number(n uintptr) string { return strconv.FormatUint(uint64(n), 10) }
