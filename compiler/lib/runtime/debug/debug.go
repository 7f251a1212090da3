// Package debug steers the collector and the limits of a program.
package debug

import (
	"gomem/rt"
	"os"
	"runtime"
	"sort"
	"time"
)

// SetGCPercent sets how much the heap may grow between collections (negative: no collections) and returns what it was.
func SetGCPercent(percent int) int { return int(rt.SetPercent(int32(percent))) }

// SetMemoryLimit sets the soft limit on memory (negative: leaves it) and returns what it was.
func SetMemoryLimit(limit int64) int64 { return rt.SetLimit(limit) }

// SetMaxStack sets how large a goroutine's stack may grow and returns what it was.
func SetMaxStack(bytes int) int { return int(rt.SetMaxStack(int64(bytes))) }

// FreeOSMemory collects and gives back to the system what it can.
func FreeOSMemory() { rt.FreeOSMemory() }

// SetMaxThreads sets how many threads the program may have and returns what the limit was.
func SetMaxThreads(threads int) int { return rt.SetMaxThreads(threads) }

// GCStats tells about collections.
type GCStats struct {
	LastGC         time.Time
	NumGC          int64
	PauseTotal     time.Duration
	Pause          []time.Duration
	PauseEnd       []time.Time
	PauseQuantiles []time.Duration
}

// ReadGCStats fills stats; pauses are the newest first.
func ReadGCStats(stats *GCStats) {
	var s rt.MemStats
	rt.ReadStats(&s)
	stats.LastGC = time.Unix(0, int64(s.LastGC))
	stats.NumGC = int64(s.NumGC)
	stats.PauseTotal = time.Duration(s.PauseTotalNs)
	stats.Pause, stats.PauseEnd = stats.Pause[:0], stats.PauseEnd[:0]
	room := uint32(len(s.PauseNs))
	for i := uint32(0); i < s.NumGC && i < room; i++ {
		at := (s.NumGC - 1 - i) % room
		stats.Pause = append(stats.Pause, time.Duration(s.PauseNs[at]))
		stats.PauseEnd = append(stats.PauseEnd, time.Unix(0, int64(s.PauseEnd[at])))
	}
	fillQuantiles(stats.PauseQuantiles, stats.Pause)
}

// fillQuantiles sets q to the least of the pauses, what divides them evenly, and the greatest.
func fillQuantiles(q, pauses []time.Duration) {
	sorted := append([]time.Duration(nil), pauses...)
	sort.Slice(sorted, func(i, k int) bool { return sorted[i] < sorted[k] })
	for i := range q {
		switch {
		case len(sorted) == 0:
			q[i] = 0
		case i == len(q)-1:
			q[i] = sorted[len(sorted)-1]
		default:
			q[i] = sorted[len(sorted)*i/(len(q)-1)]
		}
	}
}

// Stack is the traceback of the goroutine that calls it.
func Stack() []byte {
	for buf := make([]byte, 1024); ; buf = make([]byte, 2*len(buf)) {
		if n := runtime.Stack(buf, false); n < len(buf) {
			return buf[:n]
		}
	}
}

// PrintStack prints it to the standard error.
func PrintStack() { os.Stderr.Write(Stack()) }

// SetPanicOnFault returns what it was: a fault that is no nil pointer's always ends the program.
func SetPanicOnFault(enabled bool) bool { return false }

// SetTraceback does nothing: there is one level.
func SetTraceback(level string) {}
