//go:build go1.25

package order

// WaitGroup.Go: ORDER.WAITGROUP.

import (
	"sync"

	"gomem/cases/check"
)

// What the functions started by WaitGroup.Go wrote is visible after Wait, and what precedes Go is visible to them.
//
//gomem:case ORDER.WAITGROUP
//gomem:race silent
func WaitBringsGo() {
	const goroutines = 16
	var wg sync.WaitGroup
	var results [goroutines]int
	missing := 0
	for round := 1; round <= check.Scale(200, 2000, 20000); round++ {
		task := round
		for g := range results {
			wg.Go(func() { results[g] = task })
		}
		wg.Wait()
		for _, r := range results {
			missing += bit(r != round)
		}
	}
	check.Equal("results missing after Wait", missing, 0)
}
