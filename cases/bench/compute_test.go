package bench

// Plain computation: what a compiler makes of calls, loops, bounds checks and floating point.

import "testing"

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
