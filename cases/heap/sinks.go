package heap

// What several files of this area share: the table of size classes, and addresses of fresh blocks.

import (
	"unsafe"

	"gomem/cases/check"
)

var (
	bytesSink    []byte
	pointersSink []*byte
)

// classes are the size classes and the pages of 8 KiB in a span of each, class 0 left out.
var classes = []struct{ size, pages int }{
	{8, 1}, {16, 1}, {24, 1}, {32, 1}, {48, 1}, {64, 1}, {80, 1}, {96, 1}, {112, 1}, {128, 1}, {144, 1}, {160, 1}, {176, 1},
	{192, 1}, {208, 1}, {224, 1}, {240, 1}, {256, 1}, {288, 1}, {320, 1}, {352, 1}, {384, 1}, {416, 1}, {448, 1}, {480, 1}, {512, 1},
	{576, 1}, {640, 1}, {704, 1}, {768, 1}, {896, 1}, {1024, 1}, {1152, 1}, {1280, 1}, {1408, 2}, {1536, 1}, {1792, 2}, {2048, 1},
	{2304, 2}, {2688, 1}, {3072, 3}, {3200, 2}, {3456, 3}, {4096, 1}, {4864, 3}, {5376, 2}, {6144, 3}, {6528, 4}, {6784, 5},
	{6912, 6}, {8192, 1}, {9472, 7}, {9728, 6}, {10240, 5}, {10880, 4}, {12288, 3}, {13568, 5}, {14336, 7}, {16384, 2}, {18432, 9},
	{19072, 7}, {20480, 5}, {21760, 8}, {24576, 3}, {27264, 10}, {28672, 7}, {32768, 4},
}

const pageSize = 8192

// classOf returns the smallest size class of at least n bytes.
func classOf(n int) int {
	for _, c := range classes {
		if c.size >= n {
			return c.size
		}
	}
	return (n + pageSize - 1) / pageSize * pageSize
}

// usable returns how many bytes the allocator gave for a pointer-free block of n: what append may use without growing again.
func usable(n int) int {
	bytesSink = append([]byte(nil), make([]byte, n)...)
	return cap(bytesSink)
}

// usableWords is usable for n pointers, in words.
func usableWords(n int) int {
	pointersSink = append([]*byte(nil), make([]*byte, n)...)
	return cap(pointersSink)
}

// fresh makes count blocks of n bytes, or of n bytes of pointers, which stay alive through the result, in the order they were made.
func fresh(count, n int, pointers bool) []unsafe.Pointer {
	blocks := make([]unsafe.Pointer, count)
	for i := range blocks {
		if pointers {
			blocks[i] = unsafe.Pointer(&make([]*byte, n/check.Word)[0])
		} else {
			blocks[i] = unsafe.Pointer(&make([]byte, n)[0])
		}
	}
	return blocks
}
