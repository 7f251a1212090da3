package order

// Goroutines and their beginning and end: ORDER.PROGRAM, ORDER.GO, ORDER.GO.AFTER, ORDER.EXIT.

import (
	"runtime"
	"sync/atomic"

	"gomem/cases/check"
)

// A goroutine reads what it last wrote, through whatever alias, call or closure, while the collector runs and its stack moves.
//
//gomem:case ORDER.PROGRAM
//gomem:race silent
func ProgramOrderThroughAliases() {
	var cells [64]int
	alias := cells[:]
	pointers := make([]*int, len(cells))
	for i := range cells {
		pointers[i] = &cells[i]
	}
	write := func(i, v int) { *pointers[i] = v }
	var random check.Rand
	stale := 0
	for step := 1; step <= check.Scale(20000, 200000, 2000000); step++ {
		i := random.Intn(len(cells))
		before := cells[i]
		switch random.Intn(3) {
		case 0:
			cells[i] = step
		case 1:
			alias[i] = step
		case 2:
			write(i, step)
		}
		stale += bit(before >= step || cells[i] != step || alias[i] != step || *pointers[i] != step)
		if step%4000 == 0 {
			runtime.GC()
			stale += bit(deep(200, pointers[i]) != step)
		}
	}
	check.Equal("reads that missed the latest write", stale, 0)
}

// deep reads through p below n frames.
func deep(n int, p *int) int {
	if n == 0 {
		return *p
	}
	var frame [16]int
	frame[n%16] = deep(n-1, p)
	return frame[n%16]
}

// Plain and atomic accesses of one goroutine are in program order among each other.
//
//gomem:case ORDER.PROGRAM
//gomem:race silent
func ProgramOrderWithAtomics() {
	word := new(int32)
	stale := 0
	for i := int32(1); i < int32(check.Scale(20000, 200000, 2000000)); i++ {
		*word = i
		stale += bit(atomic.LoadInt32(word) != i)
		atomic.StoreInt32(word, -i)
		stale += bit(*word != -i)
		*word = i
		stale += bit(atomic.AddInt32(word, 1) != i+1) + bit(*word != i+1)
	}
	check.Equal("reads that missed the latest write", stale, 0)
}

// The calls and receives among the operands of a call, of a return and of an assignment happen from left to right.
//
//gomem:case ORDER.PROGRAM
func ProgramOrderOfOperands() {
	step := 0
	next := func() int {
		step++
		return step
	}
	c := make(chan int, 2)
	c <- 7
	c <- 8
	check.Equal("operands of a call", digits(next(), <-c, next(), <-c), 1728)
	a, b, d := func() (int, int, int) { return next(), next(), next() }()
	check.Equal("results", digits(a, b, d, step), 3455)
	list := make([]int, 8)
	list[next()], list[next()] = next(), 0
	check.Equal("element behind the first index", list[6]*10+list[7], 80)
	all := []int{next(), next(), next()}
	check.Equal("elements of a literal", digits(all[0], all[1], all[2], step), 10121)
}

func digits(a, b, c, d int) int { return a*1000 + b*100 + c*10 + d }

// What precedes the go statement is visible to the new goroutine.
//
//gomem:case ORDER.GO
//gomem:race silent
//gomem:outcome forbidden 0 : the goroutine began before what was written before its go statement
//gomem:outcome required 1 : the goroutine saw the data
func GoSeesEarlierWrites() {
	for round := 0; round < blocking(); round++ {
		data := 0
		seen := make(chan int)
		data = 1
		go func() { seen <- data }()
		check.Outcome(check.Ints(<-seen).String())
	}
}

// What precedes a go statement is visible in goroutines that the new one starts in its turn.
//
//gomem:case ORDER.GO
//gomem:race silent
//gomem:outcome forbidden 0 0 : the inner goroutine saw neither write
//gomem:outcome forbidden 0 1 : the inner goroutine missed the write before the outer go statement
//gomem:outcome forbidden 1 0 : the inner goroutine missed the write before its own go statement
//gomem:outcome required 1 1 : the inner goroutine saw both writes
func GoNested() {
	for round := 0; round < blocking(); round++ {
		outer, inner := 0, 0
		seen := make(chan check.Key)
		outer = 1
		go func() {
			inner = 1
			go func() { seen <- check.Ints(outer, inner) }()
		}()
		check.Outcome((<-seen).String())
	}
}

// The function value and the arguments of a go statement are evaluated before the goroutine begins, and what they point to is as it was
// at that time.
//
//gomem:case ORDER.GO
//gomem:race silent
func GoEvaluatesArguments() {
	const goroutines = 100
	seen := make(chan int, goroutines)
	for n := 0; n < goroutines; n++ {
		box := new(int)
		f := func(v int, p *int) { seen <- v - *p }
		*box = n
		v := n + 7
		go f(v, box)
		v, f = -1, nil
	}
	for n := 0; n < goroutines; n++ {
		check.Equal("argument and what the pointer points to", <-seen, 7)
	}
}

// A write after the go statement is not ordered with what the goroutine does.
//
//gomem:case ORDER.GO.AFTER
//gomem:race report
func WriteAfterGo() {
	data := new(int)
	done := make(chan bool, 1)
	go func() {
		check.Use(*data)
		done <- true
	}()
	*data = 1
	<-done
}

// The go statement of another goroutine orders nothing either: siblings are not ordered.
//
//gomem:case ORDER.GO.AFTER
//gomem:race report
func SiblingsAreUnordered() {
	data := new(int)
	done := make(chan bool, 2)
	go func() {
		*data = 1
		done <- true
	}()
	go func() {
		*data = 2
		done <- true
	}()
	<-done
	<-done
}

// What a goroutine wrote is not ordered with one that finds it gone: its end orders nothing. (Its send orders nothing as long as nobody
// receives; it only tells that the write is over.)
//
//gomem:case ORDER.EXIT
//gomem:race report
func ExitOrdersNothing() {
	data := new(int)
	over := make(chan bool, 1)
	n := runtime.NumGoroutine()
	go func() {
		*data = 1
		over <- true
	}()
	passed(over)
	gone(n)
	check.Use(*data)
}

// The end by Goexit, with a deferred write, orders nothing either.
//
//gomem:case ORDER.EXIT
//gomem:race report
func GoexitOrdersNothing() {
	data := new(int)
	over := make(chan bool, 1)
	n := runtime.NumGoroutine()
	go func() {
		defer func() {
			*data = 1
			over <- true
		}()
		runtime.Goexit()
	}()
	passed(over)
	gone(n)
	check.Use(*data)
}
