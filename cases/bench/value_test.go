package bench

// Maps, slices, strings and interfaces.

import (
	"strings"
	"testing"
)

const many = 1000000

var (
	sinkMap    map[int]int
	sinkInts   []int
	sinkString string

	ringStrings [ringSize]string
	ringBytes   [ringSize][]byte
	ringValues  [ringSize]interface{}
)

// numbers is a map of the keys 0 to n-1.
func numbers(n int) map[int]int {
	m := make(map[int]int)
	for k := 0; k < n; k++ {
		m[k] = k
	}
	return m
}

// One op builds a map of 1000000 keys, from empty.
func BenchmarkMapAssignGrow(b *testing.B) {
	begin := clock()
	for i := 0; i < b.N; i++ {
		sinkMap = numbers(many)
	}
	b.ReportMetric(float64(clock()-begin)/float64(b.N)/many, "ns/key")
	sinkMap = nil
}

// lookUp measures look-ups of keys from base on, in an order without a pattern, in maps of 2^10 and 2^20 keys.
func lookUp(b *testing.B, base int) {
	for _, size := range []struct {
		name string
		bits uint
	}{{"1k", 10}, {"1M", 20}} {
		var m map[int]int
		b.Run(size.name, func(b *testing.B) {
			if m == nil {
				m = numbers(1 << size.bits)
			}
			mask := uint32(1)<<size.bits - 1
			b.ResetTimer()
			x, sum := uint32(1), 0
			for i := 0; i < b.N; i++ {
				x = next(x)
				sum += m[base+int(x>>8&mask)]
			}
			sinkInt = sum
		})
	}
}

// One op looks up a key that is there.
//
//bench:rows 1k 1M
func BenchmarkMapHit(b *testing.B) { lookUp(b, 0) }

// One op looks up a key that is not there.
//
//bench:rows 1k 1M
func BenchmarkMapMiss(b *testing.B) { lookUp(b, 1<<24) }

// One op is one step of a range over a map of 1024 keys.
func BenchmarkMapIterate(b *testing.B) {
	m, sum := numbers(1024), 0
	b.ResetTimer()
	for left := b.N; left > 0; {
		for k := range m {
			sum += k
			if left--; left == 0 {
				break
			}
		}
	}
	sinkInt = sum
}

// One op is a look-up, that finds it, of one of 1024 keys that are strings of 8 bytes.
func BenchmarkMapStringHit(b *testing.B) {
	m, keys := make(map[string]int), make([]string, 1024)
	for i := range keys {
		text := [8]byte{'k', 'e', 'y', '-', byte('a' + i>>8), byte('a' + i>>4&15), byte('a' + i&15), '.'}
		keys[i] = string(text[:])
		m[keys[i]] = i
	}
	b.ResetTimer()
	x, sum := uint32(1), 0
	for i := 0; i < b.N; i++ {
		x = next(x)
		sum += m[keys[x>>8&1023]]
	}
	sinkInt = sum
}

// One op appends 1000000 numbers, one by one, to an empty slice.
func BenchmarkSliceAppendGrow(b *testing.B) {
	begin := clock()
	for i := 0; i < b.N; i++ {
		var s []int
		for k := 0; k < many; k++ {
			s = append(s, k)
		}
		sinkInts = s
	}
	b.ReportMetric(float64(clock()-begin)/float64(b.N)/many, "ns/elem")
	sinkInts = nil
}

var (
	half16  = strings.Repeat("a", 16)
	other16 = strings.Repeat("b", 16)
	text32  = strings.Repeat("c", 32)
	text1K  = strings.Repeat("d", 1<<10)
)

// One op concatenates two strings of 16 bytes.
func BenchmarkStringConcat2(b *testing.B) {
	for i := 0; i < b.N; i++ {
		ringStrings[i&ringMask] = half16 + other16
	}
}

// One op builds a string of 1 KiB of 64 strings of 16 bytes.
func BenchmarkStringBuilder1K(b *testing.B) {
	for i := 0; i < b.N; i++ {
		var sb strings.Builder
		for k := 0; k < 64; k++ {
			sb.WriteString(half16)
		}
		ringStrings[i&ringMask] = sb.String()
	}
}

func toBytes(b *testing.B, s string) {
	for i := 0; i < b.N; i++ {
		ringBytes[i&ringMask] = []byte(s)
	}
}

// One op copies a string of 32 bytes to a slice of bytes, or one of 1 KiB.
func BenchmarkStringToBytes32(b *testing.B) { toBytes(b, text32) }
func BenchmarkStringToBytes1K(b *testing.B) { toBytes(b, text1K) }

// One op makes an interface value of a struct of two words without pointers.
func BenchmarkIfaceBox16(b *testing.B) {
	type pair struct{ first, second uint64 }
	for i := 0; i < b.N; i++ {
		ringValues[i&ringMask] = pair{uint64(i), 7}
	}
}
