//go:build go1.21

package leak

import (
	"runtime"

	"gomem/cases/check"
)

// A map that clear has emptied keeps the table for all its entries.
//
//gomem:case LEAK.MAP
//gomem:needs collect counts
func ClearedMapKeepsTable() {
	full, holder := retained(func() interface{} { return fill(50000) })
	cleared, clearedHolder := retained(func() interface{} {
		m := fill(50000)
		clear(m)
		check.Equal("entries", len(m), 0)
		return m
	})
	check.That("the full map takes more than 1 MiB", full > mib)
	check.Within("per cent of it that the cleared map keeps", cleared*100/full, 75, 125)
	runtime.KeepAlive(holder)
	runtime.KeepAlive(clearedHolder)
}
