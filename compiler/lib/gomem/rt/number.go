package rt

import "unsafe"

// Numbers in memory, by the size that their type has.

func LoadInt(t *Type, p unsafe.Pointer) int64 {
	switch t.Size {
	case 1:
		return int64(*(*int8)(p))
	case 2:
		return int64(*(*int16)(p))
	case 4:
		return int64(*(*int32)(p))
	}
	return *(*int64)(p)
}

func LoadUint(t *Type, p unsafe.Pointer) uint64 {
	beyond := 64 - 8*t.Size // bits that the number does not have
	return uint64(LoadInt(t, p)) << beyond >> beyond
}

func LoadFloat(t *Type, p unsafe.Pointer) float64 {
	if t.Size == 4 {
		return float64(*(*float32)(p))
	}
	return *(*float64)(p)
}

func LoadComplex(t *Type, p unsafe.Pointer) complex128 {
	if t.Size == 8 {
		return complex128(*(*complex64)(p))
	}
	return *(*complex128)(p)
}

// StoreInt keeps the low bits; of unsigned numbers too.
func StoreInt(t *Type, p unsafe.Pointer, x int64) {
	switch t.Size {
	case 1:
		*(*int8)(p) = int8(x)
	case 2:
		*(*int16)(p) = int16(x)
	case 4:
		*(*int32)(p) = int32(x)
	default:
		*(*int64)(p) = x
	}
}

func StoreFloat(t *Type, p unsafe.Pointer, x float64) {
	if t.Size == 4 {
		*(*float32)(p) = float32(x)
	} else {
		*(*float64)(p) = x
	}
}

func StoreComplex(t *Type, p unsafe.Pointer, x complex128) {
	if t.Size == 8 {
		*(*complex64)(p) = complex64(x)
	} else {
		*(*complex128)(p) = x
	}
}
