package stack

// What the stack cases share: frames of a known kind, recursion to a wanted depth in bytes, and crowds of parked goroutines.
//
// Depth is measured, not computed: the distance between a variable in the outermost frame and one in the frame at hand. Frames
// hold pointers and have their address taken, so that they are on the goroutine's stack whatever a compiler does with scalars.

import (
	"runtime"
	"runtime/debug"
	"sync"
	"unsafe"

	"gomem/cases/check"
)

// A pad is the bulk of a small frame.
type pad [16]*int

// A slab is the bulk of a large frame, still far below what would be placed on the heap.
type slab [512]*int

// distance is how far apart two variables of one stack are. They are arguments, so that both are where they are now.
func distance(a, b unsafe.Pointer) int {
	if uintptr(a) < uintptr(b) {
		a, b = b, a
	}
	return int(uintptr(a) - uintptr(b))
}

// descend calls itself until its frame is at least target bytes away from top and runs bottom there. It returns the number of
// frames, and fails the case for each that does not hold on the way back what it held on the way down.
func descend(top *pad, target int, bottom func()) int {
	var here pad
	sentinel := target
	here[3] = &sentinel
	frames := 1
	if distance(unsafe.Pointer(top), unsafe.Pointer(&here)) >= target {
		bottom()
	} else {
		frames += descend(top, target, bottom)
	}
	if !here.holds(target) {
		check.Fail("a frame of the recursion changed, frames below it:", frames-1)
	}
	return frames
}

// holds tells whether only element 3 is set, and refers to want.
func (p *pad) holds(want int) bool {
	for i, q := range p {
		if (i == 3) != (q != nil) {
			return false
		}
	}
	return *p[3] == want
}

// plunge is descend with frames of slabs: few calls for many bytes. It returns the number of frames.
func plunge(top *slab, target int) int {
	var here slab
	frames := 1
	here[100] = &frames
	if distance(unsafe.Pointer(top), unsafe.Pointer(&here)) < target {
		*here[100] += plunge(top, target)
	}
	return *here[100]
}

// A crowd is a number of goroutines that are all parked where their body called wait.
type crowd struct {
	arrived, gone sync.WaitGroup
	gate          chan struct{}
}

// gather starts n goroutines that run body, and returns once each has called wait.
func gather(n int, body func(wait func())) *crowd {
	c := &crowd{gate: make(chan struct{})}
	c.arrived.Add(n)
	c.gone.Add(n)
	wait := func() {
		c.arrived.Done()
		<-c.gate
	}
	for i := 0; i < n; i++ {
		go func() {
			body(wait)
			c.gone.Done()
		}()
	}
	c.arrived.Wait()
	runtime.Gosched()
	return c
}

// release lets the crowd go on, and returns once all have left.
func (c *crowd) release() {
	close(c.gate)
	c.gone.Wait()
}

// stackBytes is the memory that goroutine stacks occupy.
func stackBytes() int {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int(m.StackInuse)
}

// alone makes stack sizes comparable until the function that it returns is called: no collection comes on its own, and one processor
// runs, because each has a cache of free stacks.
func alone() func() {
	percent, procs := debug.SetGCPercent(-1), runtime.GOMAXPROCS(1)
	return func() {
		debug.SetGCPercent(percent)
		runtime.GOMAXPROCS(procs)
	}
}
