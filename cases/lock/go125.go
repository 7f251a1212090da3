//go:build go1.25

package lock

// WaitGroup.Go: SYNC.WAITGROUP.GO.

import (
	"sync"

	"gomem/cases/check"
)

// Go runs each function in a goroutine that counts as one task until the function returns.
//
//gomem:case SYNC.WAITGROUP.GO
//gomem:since 1.25
//gomem:race silent
func WaitGroupGoCountsTask() {
	var wg sync.WaitGroup
	results := make([]int, 20)
	for i := range results {
		p := &results[i]
		wg.Go(func() { *p = 1 })
	}
	wg.Wait()
	sum := 0
	for _, r := range results {
		sum += r
	}
	check.Equal("tasks that ran before Wait returned", sum, len(results))
}

// Wait waits while a function of Go is blocked, and Go itself does not.
//
//gomem:case SYNC.WAITGROUP.GO
//gomem:since 1.25
func WaitGroupGoIsConcurrent() {
	var wg sync.WaitGroup
	proceed := make(chan bool)
	wg.Go(func() { <-proceed })
	wg.Go(func() { <-proceed })
	waiter := check.Start(wg.Wait)
	check.That("both tasks run", waiter.Waits())
	proceed <- true
	check.That("one task runs", waiter.Waits())
	proceed <- true
	waiter.Join()
}
