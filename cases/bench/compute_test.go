package bench

// Plain computation: what a compiler makes of calls, loops, bounds checks and floating point.

import (
	"math"
	"testing"
)

func fib(n int) int {
	if n < 2 {
		return n
	}
	return fib(n-1) + fib(n-2)
}

// One op computes the 25th Fibonacci number by 242785 calls.
func BenchmarkFib25(b *testing.B) {
	for i := 0; i < b.N; i++ {
		sinkInt += fib(25)
	}
}

func primes(composite []bool) int {
	count := 0
	for i := range composite {
		composite[i] = false
	}
	for i := 2; i < len(composite); i++ {
		if composite[i] {
			continue
		}
		count++
		for k := i * i; k < len(composite); k += i {
			composite[k] = true
		}
	}
	return count
}

// One op sieves the numbers below 65536.
func BenchmarkSieve64K(b *testing.B) {
	composite := make([]bool, 1<<16)
	for i := 0; i < b.N; i++ {
		if primes(composite) != 6542 {
			b.Fatal("wrong number of primes")
		}
	}
}

type matrix [][]float64

func newMatrix(n int, seed float64) matrix {
	m := make(matrix, n)
	for i := range m {
		m[i] = make([]float64, n)
		for k := range m[i] {
			m[i][k] = seed * float64(i-k)
		}
	}
	return m
}

func (m matrix) product(a, b matrix) {
	for i := range m {
		for k := range m[i] {
			sum := 0.0
			for j := range b {
				sum += a[i][j] * b[j][k]
			}
			m[i][k] = sum
		}
	}
}

// One op multiplies two matrices of 64 by 64.
func BenchmarkMatMul64(b *testing.B) {
	x, y, product := newMatrix(64, 1), newMatrix(64, 0.5), newMatrix(64, 0)
	b.ResetTimer()
	for i := 0; i < b.N; i++ {
		product.product(x, y)
	}
	sinkInt += int(product[3][4])
}

type body struct{ x, y, z, vx, vy, vz, mass float64 }

// advance moves the bodies by one step of dt, each drawn by all others.
func advance(bodies []body, dt float64) {
	for i := range bodies {
		b := &bodies[i]
		for k := i + 1; k < len(bodies); k++ {
			c := &bodies[k]
			dx, dy, dz := b.x-c.x, b.y-c.y, b.z-c.z
			square := dx*dx + dy*dy + dz*dz
			pull := dt / (square * math.Sqrt(square))
			b.vx -= dx * c.mass * pull
			b.vy -= dy * c.mass * pull
			b.vz -= dz * c.mass * pull
			c.vx += dx * b.mass * pull
			c.vy += dy * b.mass * pull
			c.vz += dz * b.mass * pull
		}
	}
	for i := range bodies {
		b := &bodies[i]
		b.x += dt * b.vx
		b.y += dt * b.vy
		b.z += dt * b.vz
	}
}

// One op advances five bodies by 1000 steps.
func BenchmarkNBody1000(b *testing.B) {
	bodies := make([]body, 5)
	for i := range bodies {
		f := float64(i + 1)
		bodies[i] = body{x: f * 3, y: 1 / f, z: f * f / 8, vx: 0.1 * f, vy: 0.3 / f, mass: 4 / (f * f)}
	}
	b.ResetTimer()
	for i := 0; i < b.N; i++ {
		for step := 0; step < 1000; step++ {
			advance(bodies, 0.001)
		}
	}
	sinkInt += int(bodies[0].x)
}

// flips counts how often the first q[0]+1 elements of a permutation of 0 to 8 are turned round until 0 comes first.
func flips(q [9]int) int {
	count := 0
	for q[0] != 0 {
		for i, k := 0, q[0]; i < k; i, k = i+1, k-1 {
			q[i], q[k] = q[k], q[i]
		}
		count++
	}
	return count
}

// mostFlips is the largest number of flips over the permutations of p[:n], the rest of p as it is.
func mostFlips(p *[9]int, n int) int {
	if n == 1 {
		return flips(*p)
	}
	most := 0
	for i := 0; i < n; i++ {
		if f := mostFlips(p, n-1); f > most {
			most = f
		}
		k := 0
		if n%2 == 0 {
			k = i
		}
		p[k], p[n-1] = p[n-1], p[k]
	}
	return most
}

// One op turns all permutations of nine numbers (fannkuch): indexes into arrays that stay in registers or on the stack.
func BenchmarkFannkuch9(b *testing.B) {
	for i := 0; i < b.N; i++ {
		p := [9]int{0, 1, 2, 3, 4, 5, 6, 7, 8}
		if mostFlips(&p, 9) != 30 {
			b.Fatal("wrong number of flips")
		}
	}
}
