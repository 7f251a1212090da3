package leak

// LEAK.SUBSTRING.REPEAT.*: a copy that became none.

import (
	"strings"

	"gomem/cases/check"
)

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
