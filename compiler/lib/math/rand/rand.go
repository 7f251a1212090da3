// Package rand makes pseudo-random numbers. The numbers that a seed gives are gomem's own, not Go's.
package rand

import (
	"gomem/rt"
	"math/bits"
	"sync"
)

// Source is where the numbers come from.
type Source interface {
	Int63() int64
	Seed(seed int64)
}

// Source64 has all 64 bits.
type Source64 interface {
	Source
	Uint64() uint64
}

// generator is splitmix64: a counter whose value is mixed.
type generator struct{ state uint64 }

func (g *generator) Seed(seed int64) { g.state = uint64(seed) }

func (g *generator) Uint64() uint64 {
	g.state += 0x9E3779B97F4A7C15
	x := g.state
	x = (x ^ x>>30) * 0xBF58476D1CE4E5B9
	x = (x ^ x>>27) * 0x94D049BB133111EB
	return x ^ x>>31
}

func (g *generator) Int63() int64 { return int64(g.Uint64() >> 1) }

func NewSource(seed int64) Source { return &generator{uint64(seed)} }

type locked struct {
	mu sync.Mutex
	g  generator
}

func (l *locked) Seed(seed int64) {
	l.mu.Lock()
	l.g.Seed(seed)
	l.mu.Unlock()
}

func (l *locked) Uint64() uint64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.g.Uint64()
}

func (l *locked) Int63() int64 { return int64(l.Uint64() >> 1) }

// Rand makes numbers from a source.
type Rand struct{ src Source }

func New(src Source) *Rand { return &Rand{src} }

var global = New(&locked{g: generator{uint64(rt.Wall())}})

func (r *Rand) Seed(seed int64) { r.src.Seed(seed) }
func (r *Rand) Int63() int64    { return r.src.Int63() }

func (r *Rand) Uint64() uint64 {
	if s, ok := r.src.(Source64); ok {
		return s.Uint64()
	}
	return uint64(r.Int63())>>31 | uint64(r.Int63())<<32
}

func (r *Rand) Uint32() uint32 { return uint32(r.Int63() >> 31) }
func (r *Rand) Int31() int32   { return int32(r.Int63() >> 32) }
func (r *Rand) Int() int       { return int(uint(r.Int63())) }

// below is less than n, each number as likely.
func (r *Rand) below(n uint64) uint64 {
	high, low := bits.Mul64(r.Uint64(), n)
	for bound := -n % n; low < bound; {
		high, low = bits.Mul64(r.Uint64(), n)
	}
	return high
}

func (r *Rand) Int63n(n int64) int64 {
	if n <= 0 {
		panic("invalid argument to Int63n")
	}
	return int64(r.below(uint64(n)))
}

func (r *Rand) Int31n(n int32) int32 {
	if n <= 0 {
		panic("invalid argument to Int31n")
	}
	return int32(r.below(uint64(n)))
}

func (r *Rand) Intn(n int) int {
	if n <= 0 {
		panic("invalid argument to Intn")
	}
	return int(r.below(uint64(n)))
}

func (r *Rand) Float64() float64 { return float64(r.Uint64()>>11) / (1 << 53) }
func (r *Rand) Float32() float32 { return float32(r.Uint64()>>40) / (1 << 24) }

// Perm is a permutation of the numbers below n.
func (r *Rand) Perm(n int) []int {
	m := make([]int, n)
	for i := range m {
		j := r.Intn(i + 1)
		m[i] = m[j]
		m[j] = i
	}
	return m
}

func (r *Rand) Shuffle(n int, swap func(i, j int)) {
	if n < 0 {
		panic("invalid argument to Shuffle")
	}
	for i := n - 1; i > 0; i-- {
		swap(i, r.Intn(i+1))
	}
}

func (r *Rand) Read(p []byte) (n int, err error) {
	for i := range p {
		p[i] = byte(r.Uint64() >> 56)
	}
	return len(p), nil
}

func Seed(seed int64)                    { global.Seed(seed) }
func Int63() int64                       { return global.Int63() }
func Uint64() uint64                     { return global.Uint64() }
func Uint32() uint32                     { return global.Uint32() }
func Int31() int32                       { return global.Int31() }
func Int() int                           { return global.Int() }
func Int63n(n int64) int64               { return global.Int63n(n) }
func Int31n(n int32) int32               { return global.Int31n(n) }
func Intn(n int) int                     { return global.Intn(n) }
func Float64() float64                   { return global.Float64() }
func Float32() float32                   { return global.Float32() }
func Perm(n int) []int                   { return global.Perm(n) }
func Shuffle(n int, swap func(i, j int)) { global.Shuffle(n, swap) }
func Read(p []byte) (n int, err error)   { return global.Read(p) }
