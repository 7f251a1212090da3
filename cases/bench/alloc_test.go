package bench

// Allocation. One op allocates a zeroed object and stores it in a ring, where it replaces the oldest one, which is garbage from
// then on. The ring is full before the clock starts. Whoever hands out pages that the system has not backed yet must pay for
// them, so one byte of each page is written in objects of 8 KiB and more.

import "testing"

const (
	ringSize = 1024
	ringMask = ringSize - 1
	bigMask  = 63 // for 1 MiB objects: 64 of them, as many bytes as 1024 of 64 KiB
	pageSize = 4096
)

type (
	linked16 struct { // its first word is a pointer
		other *linked16
		word  uintptr
	}
	linked64 struct { // its first four words are pointers
		others [4]*linked64
		words  [4]uintptr
	}
)

var (
	ring2        [ringSize]*[2]byte
	ring8        [ringSize]*uint64
	ring16Linked [ringSize]*linked16
	ring64       [ringSize]*[64]byte
	ring64Linked [ringSize]*linked64
	ring512      [ringSize]*[512]byte
	ring1K       [ringSize]*[1 << 10]byte
	ring8K       [ringSize]*[8 << 10]byte
	ring32K      [ringSize]*[32 << 10]byte
	ring64K      [ringSize]*[64 << 10]byte
	ring1M       [bigMask + 1]*[1 << 20]byte
)

// measure times allocate(b.N) after it has filled the ring.
func measure(b *testing.B, allocate func(n int)) {
	allocate(ringSize)
	b.ResetTimer()
	allocate(b.N)
}

// write makes the system back every page of p.
func write(p []byte) {
	for i := 0; i < len(p); i += pageSize {
		p[i] = 1
	}
}

// 2 bytes, which Go combines with others in a block of 16.
func BenchmarkAllocTiny2(b *testing.B) {
	measure(b, func(n int) {
		for i := 0; i < n; i++ {
			ring2[i&ringMask] = new([2]byte)
		}
	})
}

// 8 bytes without pointers.
func BenchmarkAlloc8(b *testing.B) {
	measure(b, func(n int) {
		for i := 0; i < n; i++ {
			ring8[i&ringMask] = new(uint64)
		}
	})
}

// 16 bytes, a pointer among them.
func BenchmarkAlloc16Ptr(b *testing.B) {
	measure(b, func(n int) {
		for i := 0; i < n; i++ {
			ring16Linked[i&ringMask] = new(linked16)
		}
	})
}

// 64 bytes without pointers.
func BenchmarkAlloc64(b *testing.B) {
	measure(b, func(n int) {
		for i := 0; i < n; i++ {
			ring64[i&ringMask] = new([64]byte)
		}
	})
}

// 64 bytes, half of them pointers.
func BenchmarkAlloc64Ptr(b *testing.B) {
	measure(b, func(n int) {
		for i := 0; i < n; i++ {
			ring64Linked[i&ringMask] = new(linked64)
		}
	})
}

// 512 bytes without pointers.
func BenchmarkAlloc512(b *testing.B) {
	measure(b, func(n int) {
		for i := 0; i < n; i++ {
			ring512[i&ringMask] = new([512]byte)
		}
	})
}

// 1 KiB without pointers.
func BenchmarkAlloc1K(b *testing.B) {
	measure(b, func(n int) {
		for i := 0; i < n; i++ {
			ring1K[i&ringMask] = new([1 << 10]byte)
		}
	})
}

// 8 KiB, the pages written.
func BenchmarkAlloc8K(b *testing.B) {
	measure(b, func(n int) {
		for i := 0; i < n; i++ {
			p := new([8 << 10]byte)
			write(p[:])
			ring8K[i&ringMask] = p
		}
	})
}

// 32 KiB, the pages written.
func BenchmarkAlloc32K(b *testing.B) {
	measure(b, func(n int) {
		for i := 0; i < n; i++ {
			p := new([32 << 10]byte)
			write(p[:])
			ring32K[i&ringMask] = p
		}
	})
}

// 64 KiB, beyond the size classes, the pages written.
func BenchmarkAlloc64K(b *testing.B) {
	measure(b, func(n int) {
		for i := 0; i < n; i++ {
			p := new([64 << 10]byte)
			write(p[:])
			ring64K[i&ringMask] = p
		}
	})
}

// 1 MiB, the pages written, in a ring of 64.
func BenchmarkAlloc1M(b *testing.B) {
	measure(b, func(n int) {
		for i := 0; i < n; i++ {
			p := new([1 << 20]byte)
			write(p[:])
			ring1M[i&bigMask] = p
		}
	})
}

// 64 bytes without pointers, on all processors: each goroutine has a ring of its own, only the allocator is shared.
func BenchmarkAllocParallel64(b *testing.B) {
	b.RunParallel(func(pb *testing.PB) {
		mine := make([]*[64]byte, ringSize)
		for i := 0; pb.Next(); i++ {
			mine[i&ringMask] = new([64]byte)
		}
	})
}
