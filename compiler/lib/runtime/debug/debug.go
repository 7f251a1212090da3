// Package debug steers the collector and the limits of a program.
package debug

import (
	"gomem/rt"
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

var maxThreads = 10000

// SetMaxThreads returns what the limit was; backends have their own.
func SetMaxThreads(threads int) int {
	old := maxThreads
	maxThreads = threads
	return old
}

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
	stats.Pause = stats.Pause[:0]
	n := s.NumGC
	if n > uint32(len(s.PauseNs)) {
		n = uint32(len(s.PauseNs))
	}
	for i := uint32(0); i < n; i++ {
		stats.Pause = append(stats.Pause, time.Duration(s.PauseNs[(s.NumGC-1-i)%uint32(len(s.PauseNs))]))
	}
}
