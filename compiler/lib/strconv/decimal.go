package strconv

// decimal is a number 0.d1d2d3… × 10**point, exact up to 800 digits, which every float64 fits in.
//
// It is multiplied and divided by powers of two digit by digit, so conversions between decimal and binary are exact.
type decimal struct {
	d        [800]byte // digits as numbers
	n        int
	point    int
	negative bool
	cut      bool // digits other than 0 were lost behind the last one
}

func (a *decimal) trim() {
	for a.n > 0 && a.d[a.n-1] == 0 {
		a.n--
	}
	if a.n == 0 {
		a.point = 0
	}
}

// assign sets a to an integer.
func (a *decimal) assign(v uint64) {
	var buf [20]byte
	n := 0
	for ; v > 0; v /= 10 {
		buf[n] = byte(v % 10)
		n++
	}
	a.n, a.point = n, n
	for i := 0; i < n; i++ {
		a.d[i] = buf[n-1-i]
	}
	a.trim()
}

// maxShift keeps the intermediate results of one step within a word.
const maxShift = 58

// right divides by 2**k, k <= maxShift.
func (a *decimal) right(k uint) {
	var n uint64
	r, w := 0, 0
	for n>>k == 0 {
		if r >= a.n {
			if n == 0 {
				a.n = 0
				return
			}
			for n>>k == 0 {
				n *= 10
				r++
			}
			break
		}
		n = n*10 + uint64(a.d[r])
		r++
	}
	a.point -= r - 1
	mask := uint64(1)<<k - 1
	for ; r < a.n; r++ {
		digit := n >> k
		n = n&mask*10 + uint64(a.d[r])
		a.d[w] = byte(digit)
		w++
	}
	for n > 0 {
		digit := n >> k
		n = n & mask * 10
		if w < len(a.d) {
			a.d[w] = byte(digit)
			w++
		} else if digit > 0 {
			a.cut = true
		}
	}
	a.n = w
	a.trim()
}

// left multiplies by 2**k, k <= maxShift.
func (a *decimal) left(k uint) {
	if a.n == 0 {
		return
	}
	var head [20]byte // what is carried out in front, least significant digit first
	var carry uint64
	for i := a.n - 1; i >= 0; i-- {
		carry += uint64(a.d[i]) << k
		a.d[i] = byte(carry % 10)
		carry /= 10
	}
	n := 0
	for ; carry > 0; carry /= 10 {
		head[n] = byte(carry % 10)
		n++
	}
	end := a.n + n
	for i := end - 1; i >= 0; i-- {
		var digit byte
		if i >= n {
			digit = a.d[i-n]
		} else {
			digit = head[n-1-i]
		}
		if i < len(a.d) {
			a.d[i] = digit
		} else if digit != 0 {
			a.cut = true
		}
	}
	a.n = min(end, len(a.d))
	a.point += n
	a.trim()
}

// shift multiplies by 2**k.
func (a *decimal) shift(k int) {
	for ; k > maxShift; k -= maxShift {
		a.left(maxShift)
	}
	for ; k < -maxShift; k += maxShift {
		a.right(maxShift)
	}
	if k > 0 {
		a.left(uint(k))
	} else if k < 0 {
		a.right(uint(-k))
	}
}

// up tells whether rounding to n digits rounds up: to the nearest, halves to even.
func (a *decimal) up(n int) bool {
	if n < 0 || n >= a.n {
		return false
	}
	if a.d[n] == 5 && n+1 == a.n {
		return a.cut || n > 0 && a.d[n-1]%2 != 0
	}
	return a.d[n] >= 5
}

func (a *decimal) round(n int) {
	if n < 0 || n >= a.n {
		return
	}
	if a.up(n) {
		a.roundUp(n)
	} else {
		a.roundDown(n)
	}
}

func (a *decimal) roundDown(n int) {
	if n >= 0 && n < a.n {
		a.n = n
		a.trim()
	}
}

func (a *decimal) roundUp(n int) {
	if n < 0 || n >= a.n {
		return
	}
	for i := n - 1; i >= 0; i-- {
		if a.d[i] < 9 {
			a.d[i]++
			a.n = i + 1
			return
		}
	}
	a.d[0] = 1
	a.n = 1
	a.point++
}

// integer is the number rounded to an integer, saturated when it has more than 18 digits.
func (a *decimal) integer() uint64 {
	if a.point > 20 {
		return 1<<64 - 1
	}
	var n uint64
	i := 0
	for ; i < a.point && i < a.n; i++ {
		n = n*10 + uint64(a.d[i])
	}
	for ; i < a.point; i++ {
		n *= 10
	}
	if a.up(a.point) {
		n++
	}
	return n
}
