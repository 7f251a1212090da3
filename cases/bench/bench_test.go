// Package bench measures what a Go runtime costs: allocation, collection, channels, goroutines, locks, timers, and the parts of
// the language that lean on them. `go test -bench . ./bench` runs it on a Go toolchain, `gomem bench` on a runtime in C too
// and side by side with Go.
//
// The comment above a benchmark says what one operation (op) is, and ends with what gomem bench must know before it runs it:
//
//	//bench:rows A B    its sub-benchmarks, each a row of its own (NAME/A, NAME/B)
//	//bench:procs 1     it is also measured on one processor, as NAME/procs:1
//	//bench:ops N       a run is N ops, as one is long or only the first ones count
//
// Rows are run one by one, each in a process of its own. A row that reports a unit of its own is about that unit, not about
// its time per op. The files take any Go from 1.17 on, without generics. This one holds what several share.
package bench

import (
	"os"
	"time"
)

// Results that somebody might see cannot be optimised away.
var (
	sinkInt  int
	sinkWord uint64
)

// next steps a generator that visits every uint32 once.
func next(x uint32) uint32 { return 1664525*x + 1013904223 }

var start = time.Now()

// clock is nanoseconds of a monotonic clock.
func clock() uint64 { return uint64(time.Since(start)) }

// latencies counts durations in 16 buckets for each power of two, so that a percentile is at most 1/16 too high.
type latencies struct {
	count, longest uint64
	buckets        [61 * 16]uint64
}

// bucketOf is the bucket of v, edgeOf the largest value in a bucket.
func bucketOf(v uint64) int {
	if v < 16 {
		return int(v)
	}
	shift := log2(v) - 4
	return shift<<4 + int(v>>uint(shift))
}

func edgeOf(bucket int) uint64 {
	if bucket < 16 {
		return uint64(bucket)
	}
	shift := uint(bucket>>4 - 1)
	return uint64(bucket&15+17)<<shift - 1
}

// log2 is that of v rounded down, v not 0.
func log2(v uint64) int {
	n := 0
	for shift := 32; shift > 0; shift >>= 1 {
		if v>>uint(shift) != 0 {
			v >>= uint(shift)
			n += shift
		}
	}
	return n
}

func (l *latencies) add(ns uint64) {
	l.count++
	l.buckets[bucketOf(ns)]++
	if ns > l.longest {
		l.longest = ns
	}
}

// percentile is the duration that a share of all do not exceed, in nanoseconds.
func (l *latencies) percentile(share float64) float64 {
	rest := int64(share * float64(l.count))
	for i, n := range l.buckets {
		rest -= int64(n)
		if rest >= 0 {
			continue
		}
		if edge := edgeOf(i); edge < l.longest {
			return float64(edge)
		}
		break
	}
	return float64(l.longest)
}

func (l *latencies) longestNs() float64 { return float64(l.longest) }

// resident is the process's resident memory in bytes (Linux).
func resident() uint64 {
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		panic(err)
	}
	pages, column := uint64(0), 0
	for _, c := range text {
		switch {
		case c == ' ':
			column++
		case column == 1:
			pages = 10*pages + uint64(c-'0')
		}
	}
	return pages * uint64(os.Getpagesize())
}
