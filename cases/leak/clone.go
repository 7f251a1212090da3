//go:build go1.18

package leak

// LEAK.SUBSTRING.CURE with strings.Clone.

import (
	"strings"

	"gomem/cases/check"
)

// Replaced by its Clone, the substring lets go of the 1 MiB, for one block of 64 bytes.
//
//gomem:case LEAK.SUBSTRING.CURE
//gomem:needs collect counts
//gomem:since 1.18
func CloneCures() {
	retains("clones", 0, func() interface{} { return parts(strings.Clone) })
	s := strings.Repeat("0123456789", 10)[3:53]
	check.Equal("clone", strings.Clone(s), s)
	check.Equal("blocks", check.Allocs(func() { result = strings.Clone(s) }), 1)
	check.Equal("bytes", check.Bytes(func() { result = strings.Clone(s) }), 64)
}
