package leak

// LEAK.SUBSTRING.REPEAT: a copy that is none.

import (
	"strings"

	"gomem/cases/check"
)

// strings.Repeat(s, 1) is s itself, and keeps what s kept.
//
//gomem:case LEAK.SUBSTRING.REPEAT
//gomem:needs collect counts
func RepeatOnceShares() {
	s := strings.Repeat("0123456789", 10)[3:53]
	check.That("the same bytes", stringData(repeatOnce(s)) == stringData(s))
	check.Equal("blocks", check.Allocs(func() { result = repeatOnce(s) }), 0)
	retains("substrings repeated once", count*mib, func() interface{} { return parts(repeatOnce) })
}
