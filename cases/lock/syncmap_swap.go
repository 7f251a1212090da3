//go:build go1.20

package lock

// The read-modify-write operations of sync.Map: SYNC.MAP.SWAP.

import (
	"sync"

	"gomem/cases/check"
)

// Swap gives back what was there, CompareAndSwap and CompareAndDelete act only on the expected value.
//
//gomem:case SYNC.MAP.SWAP
//gomem:since 1.20
func MapSwapReports() {
	var m sync.Map
	previous, loaded := m.Swap("k", 1)
	check.That("Swap of an absent key", previous == nil && !loaded)
	previous, loaded = m.Swap("k", 2)
	check.That("Swap of a present key", previous == 1 && loaded)

	check.That("CompareAndSwap with another value", !m.CompareAndSwap("k", 1, 3))
	check.That("CompareAndSwap with the value", m.CompareAndSwap("k", 2, 3))
	check.That("CompareAndSwap of an absent key", !m.CompareAndSwap("absent", nil, 3))
	v, _ := m.Load("k")
	check.Equal("the value", v, 3)

	check.That("CompareAndDelete with another value", !m.CompareAndDelete("k", 2))
	check.That("CompareAndDelete with the value", m.CompareAndDelete("k", 3))
	check.That("CompareAndDelete of an absent key", !m.CompareAndDelete("k", 3))
	_, ok := m.Load("k")
	check.That("deleted", !ok)
}

// Concurrent CompareAndSwap calls lose no update, and concurrent Swaps lose no value.
//
//gomem:case SYNC.MAP.SWAP
//gomem:since 1.20
//gomem:race silent
func MapSwapIsAtomic() {
	var m sync.Map
	m.Store("sum", 0)
	m.Store("token", 0)
	rounds := check.Scale(500, 5000, 50000)
	swapped := make([]int, 4)
	group(len(swapped), func(i int) {
		for n := 0; n < rounds; n++ {
			check.Until(func() bool {
				v, _ := m.Load("sum")
				return m.CompareAndSwap("sum", v, v.(int)+1)
			})
			previous, _ := m.Swap("token", i*rounds+n+1)
			swapped[i] += previous.(int)
		}
	})
	v, _ := m.Load("sum")
	check.Equal("sum", v, len(swapped)*rounds)
	last, _ := m.Load("token")
	total := last.(int)
	for _, s := range swapped {
		total += s
	}
	n := len(swapped) * rounds
	check.Equal("every value was given back once", total, n*(n+1)/2)
}

// Of concurrent CompareAndDelete calls for one entry one succeeds.
//
//gomem:case SYNC.MAP.SWAP
//gomem:since 1.20
//gomem:race silent
func MapCompareAndDeleteOneWins() {
	var m sync.Map
	for key := 0; key < check.Scale(300, 3000, 30000); key++ {
		m.Store(key, "v")
		var won [4]int
		group(len(won), func(i int) {
			if m.CompareAndDelete(key, "v") {
				won[i] = 1
			}
		})
		check.Equal("calls that deleted", won[0]+won[1]+won[2]+won[3], 1)
	}
}
