// Package utf8 translates between runes and UTF-8.
package utf8

const (
	RuneError = '\uFFFD'
	RuneSelf  = 0x80
	MaxRune   = '\U0010FFFF'
	UTFMax    = 4
)

// form is how many bytes a first byte begins, and what the second one may be; 0 bytes: no first byte.
func form(b byte) (n int, low, high byte) {
	switch {
	case b < RuneSelf:
		return 1, 0, 0
	case b < 0xC2:
		return 0, 0, 0
	case b < 0xE0:
		return 2, 0x80, 0xBF
	case b == 0xE0:
		return 3, 0xA0, 0xBF
	case b == 0xED:
		return 3, 0x80, 0x9F
	case b < 0xF0:
		return 3, 0x80, 0xBF
	case b == 0xF0:
		return 4, 0x90, 0xBF
	case b < 0xF4:
		return 4, 0x80, 0xBF
	case b == 0xF4:
		return 4, 0x80, 0x8F
	}
	return 0, 0, 0
}

type text interface {
	string | []byte
}

func decode[T text](p T) (rune, int) {
	if len(p) == 0 {
		return RuneError, 0
	}
	n, low, high := form(p[0])
	if n == 1 {
		return rune(p[0]), 1
	}
	if n == 0 || len(p) < n || p[1] < low || p[1] > high {
		return RuneError, 1
	}
	r := rune(p[0])&(1<<(7-n)-1)<<6 | rune(p[1])&0x3F
	for i := 2; i < n; i++ {
		if p[i]&0xC0 != 0x80 {
			return RuneError, 1
		}
		r = r<<6 | rune(p[i])&0x3F
	}
	return r, n
}

func DecodeRune(p []byte) (rune, int)         { return decode(p) }
func DecodeRuneInString(s string) (rune, int) { return decode(s) }

func decodeLast[T text](p T) (rune, int) {
	end := len(p)
	if end == 0 {
		return RuneError, 0
	}
	for start := end - 1; start >= 0 && start >= end-UTFMax; start-- {
		if !RuneStart(p[start]) {
			continue
		}
		if r, n := decode(p[start:]); start+n == end {
			return r, n
		}
		break
	}
	return RuneError, 1
}

func DecodeLastRune(p []byte) (rune, int)         { return decodeLast(p) }
func DecodeLastRuneInString(s string) (rune, int) { return decodeLast(s) }

// RuneStart tells whether b can begin a rune.
func RuneStart(b byte) bool { return b&0xC0 != 0x80 }

// RuneLen is how many bytes r takes, -1 when it is none.
func RuneLen(r rune) int {
	switch {
	case r < 0 || r > MaxRune || 0xD800 <= r && r <= 0xDFFF:
		return -1
	case r < 0x80:
		return 1
	case r < 0x800:
		return 2
	case r < 0x10000:
		return 3
	}
	return 4
}

func ValidRune(r rune) bool { return RuneLen(r) > 0 }

// AppendRune appends the bytes of r.
func AppendRune(p []byte, r rune) []byte {
	switch RuneLen(r) {
	case 1:
		return append(p, byte(r))
	case 2:
		return append(p, 0xC0|byte(r>>6), 0x80|byte(r)&0x3F)
	case 3:
		return append(p, 0xE0|byte(r>>12), 0x80|byte(r>>6)&0x3F, 0x80|byte(r)&0x3F)
	case 4:
		return append(p, 0xF0|byte(r>>18), 0x80|byte(r>>12)&0x3F, 0x80|byte(r>>6)&0x3F, 0x80|byte(r)&0x3F)
	}
	return append(p, "\uFFFD"...)
}

// EncodeRune writes the bytes of r to p and returns how many.
func EncodeRune(p []byte, r rune) int {
	n := RuneLen(r)
	if n < 0 {
		n = 3
	}
	_ = p[n-1]
	return len(AppendRune(p[:0:n], r))
}

func count[T text](p T) (n int) {
	for len(p) > 0 {
		_, size := decode(p)
		p = p[size:]
		n++
	}
	return n
}

func RuneCount(p []byte) int         { return count(p) }
func RuneCountInString(s string) int { return count(s) }

func valid[T text](p T) bool {
	for len(p) > 0 {
		r, size := decode(p)
		if r == RuneError && size == 1 {
			return false
		}
		p = p[size:]
	}
	return true
}

func Valid(p []byte) bool       { return valid(p) }
func ValidString(s string) bool { return valid(s) }

func full[T text](p T) bool {
	if len(p) == 0 {
		return false
	}
	n, low, high := form(p[0])
	if len(p) >= n {
		return true
	}
	if len(p) > 1 && (p[1] < low || p[1] > high) {
		return true
	}
	return len(p) > 2 && p[2]&0xC0 != 0x80
}

func FullRune(p []byte) bool         { return full(p) }
func FullRuneInString(s string) bool { return full(s) }
