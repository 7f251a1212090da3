package check

// Allocation counts. The exact counters are those of runtime.MemStats: Mallocs counts every object, each tiny one too.
// While a count runs, one processor runs and the collector is off, so that what is counted is what f did; the runtime's own
// rare allocations only ever add, so the smallest of several runs is the count.

import (
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"unsafe"
)

const countRuns = 8

// measure runs f once to warm it up, then countRuns times, and returns the smallest difference of a counter.
func measure(f func(), counter func(*runtime.MemStats) uint64) int {
	procs := runtime.GOMAXPROCS(1)
	percent := debug.SetGCPercent(-1)
	defer runtime.GOMAXPROCS(procs)
	defer debug.SetGCPercent(percent)
	var before, after runtime.MemStats
	f()
	least := ^uint64(0)
	for i := 0; i < countRuns; i++ {
		runtime.ReadMemStats(&before)
		f()
		runtime.ReadMemStats(&after)
		if n := counter(&after) - counter(&before); n < least {
			least = n
		}
	}
	return int(least)
}

// Allocs returns how many objects one call of f allocates. f is called nine times.
func Allocs(f func()) int {
	return measure(f, func(m *runtime.MemStats) uint64 { return m.Mallocs })
}

// Bytes returns how many bytes, in whole size classes, one call of f allocates. f is called nine times.
func Bytes(f func()) int {
	return measure(f, func(m *runtime.MemStats) uint64 { return m.TotalAlloc })
}

// Collect runs complete collections until what was unreachable at the call is swept, finalized objects included.
func Collect() {
	for i := 0; i < 3; i++ {
		runtime.GC()
		runtime.Gosched()
	}
}

// LiveBlocks returns the number of blocks on the heap after Collect (a tiny block counts once).
func LiveBlocks() int {
	Collect()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int(m.Mallocs - m.Frees)
}

// LiveBytes returns the bytes of blocks on the heap after Collect.
func LiveBytes() int {
	Collect()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc)
}

// Word is the size of a word on the target.
const Word = int(unsafe.Sizeof(uintptr(0)))

// Release is the minor number of the Go release the backend emulates: 26 for go1.26.8. Zero when it does not say.
func Release() int {
	v := runtime.Version()
	for i := 0; i+4 < len(v); i++ {
		if v[i:i+4] == "go1." {
			n := 0
			for j := i + 4; j < len(v) && v[j] >= '0' && v[j] <= '9'; j++ {
				n = n*10 + int(v[j]-'0')
			}
			return n
		}
	}
	return 0
}

// Scale returns the figure for the tier that runs: quick, full or nightly.
func Scale(quick, full, nightly int) int {
	switch os.Getenv("GOMEM_TIER") {
	case "full":
		return full
	case "nightly":
		return nightly
	}
	return quick
}

// Seed is the seed of this run of the case; the harness prints it, and --seed gives it again.
func Seed() uint64 {
	n, _ := strconv.ParseUint(os.Getenv("GOMEM_SEED"), 10, 64)
	return n
}

// A Rand is a small generator (xorshift64*), the same on every backend. The zero value starts from Seed.
type Rand struct{ state uint64 }

// Uint64 returns the next 64 bits.
func (r *Rand) Uint64() uint64 {
	if r.state == 0 {
		r.state = Seed()*0x9E3779B97F4A7C15 | 1
	}
	r.state ^= r.state >> 12
	r.state ^= r.state << 25
	r.state ^= r.state >> 27
	return r.state * 0x2545F4914F6CDD1D
}

// Intn returns a number from 0 to n-1.
func (r *Rand) Intn(n int) int { return int(r.Uint64() >> 1 % uint64(n)) }
