// Package runtime is gomem's: the operations of the contract under the names Go gives them.
package runtime

import "gomem/rt"

// Compiler names the toolchain.
const Compiler = "gomem"

// GOOS is the system programs run on.
const GOOS = "linux"

// GC runs a collection and waits for it.
func GC() { rt.Collect() }

// Gosched lets others run.
func Gosched() { rt.Yield() }

// Goexit ends the goroutine after its deferred calls.
func Goexit() { rt.Goexit() }

// GOMAXPROCS sets how many goroutines run at once (n < 1: leaves it) and returns what it was.
func GOMAXPROCS(n int) int { return rt.MaxProcs(n) }

// NumGoroutine counts goroutines.
func NumGoroutine() int { return rt.NumGoroutine() }

// NumCPU counts processors.
func NumCPU() int { return rt.NumCPU() }

// LockOSThread ties the goroutine to its thread.
func LockOSThread() { rt.LockThread() }

// UnlockOSThread undoes LockOSThread.
func UnlockOSThread() { rt.UnlockThread() }

// Version is the release of Go that the compiler speaks.
func Version() string { return "go1.26 gomem" }

// Breakpoint stops in a debugger; without one it ends the program.
func Breakpoint() { rt.Trap() }

// KeepAlive keeps x reachable up to here.
//
//go:noinline
func KeepAlive(x any) {
	kept(x)
}

//go:noinline
func kept(x any) { _ = x }

// MemProfileRate is here for programs that set it: there is no profile.
var MemProfileRate = 512 * 1024

// NumCgoCall is 0: there is no cgo.
func NumCgoCall() int64 { return 0 }

// GOROOT is "": there is no distribution.
func GOROOT() string { return "" }
