//go:build gomem

// Package probe opens a runtime backend to white-box cases: it is what the contract's group probe offers (spec/gomem.h). Cases that
// import it are in files with the tag gomem, say `needs probe`, and are skipped on toolchains and on backends without the group.
package probe

import (
	"gomem/cases/check"
	"gomem/rt"
	"unsafe"
)

// Counter returns a count since the start, by its name in spec/gomem.h. It allocates nothing.
func Counter(name string) uint64 {
	n := rt.Counter(name)
	if n == ^uint64(0) {
		check.Fatal("the backend's probe has no counter", name)
	}
	return n
}

// A Phase is one that a stepped collection stops in.
type Phase int

const (
	Swept      Phase = iota + 1 // the earlier cycle is swept whole; the barrier is off
	Marking                     // the barrier is on; no root has been looked at
	Roots                       // what variables refer to is grey; no stack was scanned unless by Scan
	Stacks                      // every stack is scanned
	Marked                      // nothing is grey; the barrier is still on
	Terminated                  // the barrier is off; nothing is swept but by who allocates
	Done                        // swept
)

// Step begins a stepped collection if none is under way, and goes on with it until the phase is reached. From Marking to Marked
// nothing is marked but by Scan, Mark and Blacken.
func Step(to Phase) { rt.GCStep(int(to)) }

// Scan scans the stack of a goroutine, whose number Goroutine returned to it, and tells whether that was still to be done.
func Scan(goroutine uint64) bool { return rt.GCScan(goroutine) }

// Mark scans up to n grey blocks and returns how many.
func Mark(n int) int { return rt.GCMark(n) }

// Blacken scans a grey block and tells whether it was one.
func Blacken(block uintptr) bool { return rt.GCBlacken(block) }

// Assists lets those who allocate assist during a stepped collection, or not.
func Assists(on bool) { rt.GCAssists(on) }

// Check has every collection followed by a second, simple mark; see the counters check_blocks and check_errors.
func Check(on bool) { rt.GCCheck(on) }

// Goroutine returns the number of the calling goroutine.
func Goroutine() uint64 { return rt.Goroutine() }

// AdvanceClock has the monotonic clock jump.
func AdvanceClock(ns int64) { rt.AdvanceClock(ns) }

// A Leak is a goroutine that is blocked for ever.
type Leak struct {
	Goroutine uint64 // its number
	WaitsFor  string // as tracebacks say it
	Calls     []Call // where it blocks, the innermost call first
}

// A Call is the place of one.
type Call struct {
	Function string // with its package's path
	Line     int
}

// Leaks returns the goroutines that are blocked on what nobody can reach who runs or may run one day.
func Leaks() []Leak {
	leaks := make([]Leak, rt.FindLeaks())
	for i := range leaks {
		leaks[i].Goroutine, leaks[i].WaitsFor = rt.LeakGoroutine(i), rt.LeakWaitsFor(i)
		for k := 0; rt.LeakCall(i, k) != 0; k++ {
			function, _, line := rt.Place(rt.LeakCall(i, k))
			leaks[i].Calls = append(leaks[i].Calls, Call{function, line})
		}
	}
	return leaks
}

// A Holder holds a pointer, on the way from a root to a block.
type Holder struct {
	Kind                   HolderKind
	Name                   string // of a variable, with its package's path; what of the runtime it is
	Address, Bytes, Offset uintptr
	Goroutine              uint64
	Function               string // whose frame it is
	Line                   int
}

// A HolderKind is one of spec/gomem.h.
type HolderKind int

const (
	Variable HolderKind = rt.HeldByVariable
	Frame    HolderKind = rt.HeldByGoroutine // or what else a goroutine has
	Runtime  HolderKind = rt.HeldByRuntime
	Block    HolderKind = rt.HeldByBlock
)

// Retainers returns what keeps the block at an address, which Hidden made: a way of the fewest blocks from a root, which is
// the first. It is empty when nothing does.
func Retainers(block uintptr) []Holder {
	way := make([]Holder, rt.FindHolders(block))
	for i := range way {
		var h rt.Holder
		rt.HolderAt(i, &h)
		way[i] = Holder{HolderKind(h.Kind), h.Name, h.Address, h.Bytes, h.Offset, h.Goroutine, "", 0}
		if h.Place != 0 {
			way[i].Function, _, way[i].Line = rt.Place(h.Place)
		}
	}
	return way
}

// A Colour is one of a block.
type Colour int

const (
	NoBlock Colour = iota
	White
	Grey
	Black
)

// String returns the colour's name.
func (c Colour) String() string { return [...]string{"no block", "white", "grey", "black"}[c] }

// ColourOf returns the colour of the block at an address, which Hidden made.
func ColourOf(block uintptr) Colour { return Colour(rt.Colour(block)) }

// Hidden is the address of a block, as a number that keeps nothing alive.
func Hidden(p unsafe.Pointer) uintptr { return uintptr(p) }
