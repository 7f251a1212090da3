package stack

// The limit and what exceeding it does: STACK.LIMIT, STACK.SETMAX, STACK.OVERFLOW, STACK.FATAL.*, STACK.DEEP.
//
// Sizes are powers of two, so a limit of L lets a stack reach the largest power of two that is at most L. Most cases lower the limit,
// because the default one takes half a gigabyte to reach.

import (
	"runtime"
	"runtime/debug"

	"gomem/cases/check"
)

// overflow recurses until the stack is exhausted, at the latest past target bytes.
func overflow(target int) {
	var top slab
	plunge(&top, target)
	check.Fatal("the stack took", target, "bytes without overflowing")
}

// reaches recurses to target bytes and returns.
func reaches(target int) {
	var top slab
	frames := plunge(&top, target)
	check.Within("frames of a little over 512 words each", frames, target/(512*check.Word)*94/100, target/(512*check.Word)+1)
}

// The default limit is 1000000000 bytes on 64-bit systems and 250000000 on 32-bit ones.
//
//gomem:case STACK.LIMIT
func DefaultLimit() {
	want := 1000000000
	if check.Word == 4 {
		want = 250000000
	}
	check.Equal("limit before any change", debug.SetMaxStack(1<<20), want)
}

// Under the default limit a stack takes 90 % of 512 MiB, or of 128 MiB on 32-bit systems.
//
//gomem:case STACK.LIMIT
//gomem:tier full
//gomem:needs growstack
func LargestStackHolds() {
	onFreshStack(func() { reaches(largest() / 10 * 9) })
}

// Under the default limit a stack does not exceed 512 MiB, or 128 MiB on 32-bit systems, though the limit is nearly twice that.
//
//gomem:case STACK.LIMIT
//gomem:tier full
//gomem:needs growstack
//gomem:exit 2
//gomem:stderr fatal error: stack overflow
func LargestStackEnds() { overflow(largest() + largest()/100) }

func largest() int {
	if check.Word == 4 {
		return 128 << 20
	}
	return 512 << 20
}

// SetMaxStack returns the limit that the call before it set, zero included.
//
//gomem:case STACK.SETMAX
func SetMaxReturnsOld() {
	original := debug.SetMaxStack(8 << 20)
	check.Equal("second call", debug.SetMaxStack(3000000), 8<<20)
	check.Equal("third call", debug.SetMaxStack(original), 3000000)
	check.Equal("fourth call", debug.SetMaxStack(original), original)
}

// A raised limit is in force at once: a recursion past the old one returns.
//
//gomem:case STACK.SETMAX
//gomem:needs growstack
func SetMaxRaises() {
	debug.SetMaxStack(1 << 20)
	debug.SetMaxStack(16 << 20)
	reaches(4 << 20)
	onFreshStack(func() { reaches(8 << 20) })
}

// A limit that one goroutine sets ends another one's recursion, though that one started before.
//
//gomem:case STACK.SETMAX
//gomem:needs growstack
//gomem:exit 2
//gomem:stderr goroutine stack exceeds 1048576-byte limit
func SetMaxIsGlobal() {
	start, never := make(chan bool), make(chan bool)
	go func() {
		<-start
		overflow(2 << 20)
	}()
	onFreshStack(func() { debug.SetMaxStack(1 << 20) })
	start <- true
	<-never
}

// A limit of 1000000 bytes lets a stack reach 512 KiB, not more: the next size exceeds it.
//
//gomem:case STACK.SETMAX
//gomem:needs growstack
//gomem:exit 2
//gomem:stderr goroutine stack exceeds 1000000-byte limit
func SetMaxCountsWholeStacks() {
	debug.SetMaxStack(1000000)
	onFreshStack(func() { reaches(512 << 10 / 10 * 9) })
	onFreshStack(func() { overflow(512<<10 + 8<<10) })
}

// Unbounded recursion ends with the limit, the stack's bounds, the fatal error and status 2.
//
//gomem:case STACK.OVERFLOW
//gomem:needs growstack
//gomem:exit 2
//gomem:stderr /runtime: goroutine stack exceeds 8388608-byte limit/
//gomem:stderr fatal error: stack overflow
func OverflowText() {
	debug.SetMaxStack(8 << 20)
	overflow(9 << 20)
}

// With the default limit the text names 1000000000 bytes.
//
//gomem:case STACK.OVERFLOW
//gomem:tier full
//gomem:needs growstack 64bit
//gomem:exit 2
//gomem:stderr runtime: goroutine stack exceeds 1000000000-byte limit
//gomem:stderr /sp=0x[0-9a-f]+ stack=\[0x[0-9a-f]+, 0x[0-9a-f]+\]/
//gomem:stderr fatal error: stack overflow
func OverflowText64() { overflow(1000000000) }

// With the default limit of a 32-bit system the text names 250000000 bytes.
//
//gomem:case STACK.OVERFLOW
//gomem:tier full
//gomem:needs growstack 32bit
//gomem:exit 2
//gomem:stderr runtime: goroutine stack exceeds 250000000-byte limit
//gomem:stderr /sp=0x[0-9a-f]+ stack=\[0x[0-9a-f]+, 0x[0-9a-f]+\]/
//gomem:stderr fatal error: stack overflow
func OverflowText32() { overflow(250000000) }

// Mutual recursion through small frames and closures overflows in the same way.
//
//gomem:case STACK.OVERFLOW
//gomem:needs growstack
//gomem:exit 2
//gomem:stderr goroutine stack exceeds 1048576-byte limit
//gomem:stderr fatal error: stack overflow
func OverflowMutual() {
	debug.SetMaxStack(1 << 20)
	var ping, pong func(n int) int
	ping = func(n int) int { return pong(n+1) + 1 }
	pong = func(n int) int {
		if n > 1<<20 {
			check.Fatal("a million frames fit in 1 MiB")
		}
		return ping(n+1) + 1
	}
	check.Use(ping(0))
}

// An overflow in one goroutine ends the program while others, among them the case's own, are blocked or running.
//
//gomem:case STACK.FATAL.DIES
//gomem:needs growstack
//gomem:exit 2
func OverflowKillsAll() {
	debug.SetMaxStack(1 << 20)
	never := make(chan bool)
	go func() {
		for {
			runtime.Gosched()
		}
	}()
	go overflow(2 << 20)
	<-never
}

// Neither a deferred call of the overflowing frames nor one that recovers runs.
//
//gomem:case STACK.FATAL.NORECOVER
//gomem:needs growstack
//gomem:exit 2
//gomem:stderr fatal error: stack overflow
func OverflowRunsNoDefer() {
	debug.SetMaxStack(1 << 20)
	defer check.Fail("a deferred call ran")
	defer func() {
		if recover() != nil {
			check.Fail("the overflow was recovered")
		}
	}()
	onFreshStack(func() {
		defer check.Fail("a deferred call of the goroutine ran")
		defer func() { check.Use(recover()) }()
		deferAtEachLevel(0)
	})
}

func deferAtEachLevel(n int) int {
	defer func() {
		if r := recover(); r != nil || n > 1<<20 {
			check.Fail("a deferred call of a frame ran")
		}
	}()
	return deferAtEachLevel(n+1) + 1
}

// Just below a limit that is a power of two a recursion returns its right result, and again on the same stack.
//
//gomem:case STACK.DEEP
//gomem:needs growstack
func DeepSucceeds() {
	const limit = 8 << 20
	debug.SetMaxStack(limit)
	onFreshStack(func() {
		reaches(limit / 100 * 97)
		reaches(limit / 100 * 97)
	})
}

// The same with small frames, whose sum is known.
//
//gomem:case STACK.DEEP
//gomem:needs growstack
func DeepSumSucceeds() {
	debug.SetMaxStack(16 << 20)
	const n = 50000
	onFreshStack(func() { check.Equal("sum of 1 to 50000", triangle(n), n*(n+1)/2) })
}

func triangle(n int) int {
	var here pad
	here[n&15] = &n
	if n == 0 {
		return 0
	}
	return triangle(n-1) + *here[n&15]
}
