package leak

// What is held longer than it is needed: LEAK.DEFER, LEAK.GOROUTINE, LEAK.MAP.

import (
	"runtime"
	"sync"

	"gomem/cases/check"
)

// A file is a resource of which the number in use is counted.
type file struct{ open, peak *int }

func openFile(open, peak *int) *file {
	*open++
	if *open > *peak {
		*peak = *open
	}
	return &file{open, peak}
}

func (f *file) close() { *f.open-- }

// Deferred closes in a loop hold all resources until the function returns.
//
//gomem:case LEAK.DEFER
func DeferHoldsAll() {
	const n = 1000
	open, peak := 0, 0
	func() {
		for i := 0; i < n; i++ {
			f := openFile(&open, &peak)
			defer f.close()
		}
		check.Equal("open at the end of the loop", open, n)
	}()
	check.Equal("open after the return", open, 0)
	check.Equal("open at once", peak, n)
}

// With a function for each step one resource is held at a time.
//
//gomem:case LEAK.DEFER
func DeferPerStep() {
	open, peak := 0, 0
	func() {
		for i := 0; i < 1000; i++ {
			func() {
				f := openFile(&open, &peak)
				defer f.close()
			}()
		}
		check.Equal("open at the end of the loop", open, 0)
	}()
	check.Equal("open at once", peak, 1)
}

// What the deferred calls would close stays on the heap for as long, in bytes; with a function for each step it does not.
//
//gomem:case LEAK.DEFER
//gomem:needs collect counts precise
func DeferRetainsBytes() {
	const n = 4
	var during, perStep int
	before := check.LiveBytes()
	func() {
		for i := 0; i < n; i++ {
			big := new([mib]byte)
			defer func() { big[0] = 1 }()
		}
		during = check.LiveBytes() - before
	}()
	func() {
		for i := 0; i < n; i++ {
			func() {
				big := new([mib]byte)
				defer func() { big[0] = 1 }()
			}()
		}
		perStep = check.LiveBytes() - before
	}()
	check.Within("bytes held by deferred calls", during, n*mib-mib/8, n*mib+mib/8)
	check.Within("bytes held with a function for each step", perStep, -mib/8, mib/8)
}

// block1MiB holds a megabyte and blocks; what it refers to is in use until it goes on.
func block1MiB(block func(), there, gone *sync.WaitGroup) {
	big := new([mib]byte)
	big[mib-1] = 7
	there.Done()
	block()
	check.Equal("last byte", big[mib-1], byte(7))
	gone.Done()
}

// A goroutine that is blocked for ever, on whatever, keeps what it refers to and its stack, and stays in the count.
//
//gomem:case LEAK.GOROUTINE
//gomem:needs collect counts
func BlockedRetains() {
	var mu sync.Mutex
	var wait sync.WaitGroup
	mu.Lock()
	wait.Add(1)
	for _, block := range []func(){
		func() { <-make(chan int) },
		func() { make(chan int) <- 1 },
		func() { <-(chan int)(nil) },
		func() { select {} },
		func() { mu.Lock() },
		func() { wait.Wait() },
		func() {
			select {
			case <-make(chan int):
			case make(chan int) <- 1:
			}
		},
	} {
		goroutines := runtime.NumGoroutine()
		retains("a blocked goroutine", mib, func() interface{} {
			var there, gone sync.WaitGroup
			there.Add(1)
			gone.Add(1)
			go block1MiB(block, &there, &gone)
			there.Wait()
			return nil
		})
		check.Equal("goroutines more than before", runtime.NumGoroutine()-goroutines, 1)
	}
}

// Its stack stays at the size that it needs, however many collections come.
//
//gomem:case LEAK.GOROUTINE
//gomem:needs growstack counts
func BlockedRetainsStack() {
	const n, depth = 32, 300
	before := stackBytes()
	var there sync.WaitGroup
	there.Add(n)
	for i := 0; i < n; i++ {
		go deepAndBlocked(depth, &there)
	}
	there.Wait()
	for i := 0; i < 4; i++ {
		runtime.GC()
	}
	const frame = 16 * check.Word // its array alone
	check.That("each keeps the stack that its frames need", stackBytes()-before >= n*depth*frame)
}

func deepAndBlocked(depth int, there *sync.WaitGroup) int {
	var frame [16]*int
	frame[depth&15] = &depth
	if depth == 0 {
		there.Done()
		<-(chan int)(nil)
	}
	return deepAndBlocked(depth-1, there) + *frame[depth&15]
}

func stackBytes() int {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int(m.StackInuse)
}

// A goroutine that can be told to leave, by closing a channel, lets go of it all.
//
//gomem:case LEAK.GOROUTINE
//gomem:needs collect counts
func ReleasedFrees() {
	goroutines := runtime.NumGoroutine()
	retains("goroutines that have left", 0, func() interface{} {
		quit := make(chan bool)
		var there, gone sync.WaitGroup
		there.Add(4)
		gone.Add(4)
		for i := 0; i < 4; i++ {
			go block1MiB(func() {
				select {
				case <-make(chan int):
				case <-quit:
				}
			}, &there, &gone)
		}
		there.Wait()
		close(quit)
		gone.Wait()
		check.Until(func() bool { return runtime.NumGoroutine() == goroutines })
		return nil
	})
}

// A map whose entries were all deleted keeps the table for all of them.
//
//gomem:case LEAK.MAP
//gomem:needs collect counts
func MapKeepsTable() {
	full, holder := retained(func() interface{} { return fill(50000) })
	emptied, emptyHolder := retained(func() interface{} {
		m := fill(50000)
		for k := range m {
			delete(m, k)
		}
		check.Equal("entries", len(m), 0)
		return m
	})
	check.That("the full map takes more than 1 MiB", full > mib)
	check.Within("per cent of it that the emptied map keeps", emptied*100/full, 75, 125)
	runtime.KeepAlive(holder)
	runtime.KeepAlive(emptyHolder)
}

func fill(n int) map[int][3]int {
	m := map[int][3]int{}
	for i := 0; i < n; i++ {
		m[i] = [3]int{i, i, i}
	}
	return m
}

// A new map in its place, with the entries that are left, frees it.
//
//gomem:case LEAK.MAP
//gomem:needs collect counts
func NewMapFreesTable() {
	retains("the new map", 0, func() interface{} {
		m := fill(50000)
		for k := range m {
			if k >= 10 {
				delete(m, k)
			}
		}
		left := make(map[int][3]int, len(m))
		for k, v := range m {
			left[k] = v
		}
		m = left
		check.Equal("entries", len(m), 10)
		check.Equal("an entry", m[9], [3]int{9, 9, 9})
		return m
	})
}

// What the deleted entries referred to is freed all the same: only the table stays.
//
//gomem:case LEAK.MAP
//gomem:needs collect counts
func MapFreesTargets() {
	retains("an emptied map of pointers", 0, func() interface{} {
		m := map[int]*[mib]byte{}
		for i := 0; i < 4; i++ {
			m[i] = new([mib]byte)
		}
		for k := range m {
			delete(m, k)
		}
		return m
	})
}

// Refilled with as many other keys, the emptied map needs no new table.
//
//gomem:case LEAK.MAP
//gomem:needs collect counts
func MapReusesTable() {
	m := fill(50000)
	check.Collect()
	var before, after runtime.MemStats
	for k := range m {
		delete(m, k)
	}
	runtime.ReadMemStats(&before)
	for i := 0; i < 40000; i++ {
		m[-i] = [3]int{i, i, i}
	}
	runtime.ReadMemStats(&after)
	check.Within("bytes allocated for 40000 new entries", int(after.TotalAlloc-before.TotalAlloc), 0, mib/2)
	check.Equal("entries", len(m), 40000)
}
