// Package time measures and waits: durations, instants, timers. Calendars and time zones are left out.
package time

import "gomem/rt"

// Duration is a time span in nanoseconds.
type Duration int64

const (
	Nanosecond  Duration = 1
	Microsecond          = 1000 * Nanosecond
	Millisecond          = 1000 * Microsecond
	Second               = 1000 * Millisecond
	Minute               = 60 * Second
	Hour                 = 60 * Minute
)

func (d Duration) Nanoseconds() int64  { return int64(d) }
func (d Duration) Microseconds() int64 { return int64(d) / 1e3 }
func (d Duration) Milliseconds() int64 { return int64(d) / 1e6 }

func (d Duration) in(unit Duration) float64 {
	return float64(d/unit) + float64(d%unit)/float64(unit)
}

func (d Duration) Seconds() float64 { return d.in(Second) }
func (d Duration) Minutes() float64 { return d.in(Minute) }
func (d Duration) Hours() float64   { return d.in(Hour) }

// Abs is |d|, the largest duration for the smallest.
func (d Duration) Abs() Duration {
	switch {
	case d >= 0:
		return d
	case d == -1<<63:
		return 1<<63 - 1
	}
	return -d
}

// Truncate rounds d towards zero to a multiple of m.
func (d Duration) Truncate(m Duration) Duration {
	if m <= 0 {
		return d
	}
	return d - d%m
}

// Round rounds d to the nearest multiple of m, halves away from zero.
func (d Duration) Round(m Duration) Duration {
	if m <= 0 {
		return d
	}
	r := d % m
	if d < 0 {
		r = -r
		if r < m-r {
			return d + r
		}
		if n := d - m + r; n < d {
			return n
		}
		return -1 << 63
	}
	if r < m-r {
		return d - r
	}
	if n := d + m - r; n > d {
		return n
	}
	return 1<<63 - 1
}

// writer fills a buffer from its end.
type writer struct {
	buf [32]byte
	at  int
}

func (w *writer) byte(c byte) {
	w.at--
	w.buf[w.at] = c
}

// number writes n.
func (w *writer) number(n uint64) {
	for {
		w.byte(byte('0' + n%10))
		n /= 10
		if n == 0 {
			return
		}
	}
}

// fraction writes n as a fraction of digits places, without zeros at its end, and returns what is before the point.
func (w *writer) fraction(n uint64, digits int) uint64 {
	some := false
	for i := 0; i < digits; i++ {
		d := byte(n % 10)
		n /= 10
		some = some || d != 0
		if some {
			w.byte('0' + d)
		}
	}
	if some {
		w.byte('.')
	}
	return n
}

// String is like 72h3m0.5s.
func (d Duration) String() string {
	w := writer{at: 32}
	n := uint64(d)
	if d < 0 {
		n = -n
	}
	w.byte('s')
	switch {
	case n == 0:
		return "0s"
	case n < uint64(Microsecond):
		w.byte('n')
		w.number(n)
	case n < uint64(Millisecond):
		w.at -= 2
		copy(w.buf[w.at:], "µ")
		w.number(w.fraction(n, 3))
	case n < uint64(Second):
		w.byte('m')
		w.number(w.fraction(n, 6))
	default:
		w.clock(w.fraction(n, 9))
	}
	if d < 0 {
		w.byte('-')
	}
	return string(w.buf[w.at:])
}

// clock writes whole seconds as hours, minutes and seconds.
func (w *writer) clock(n uint64) {
	w.number(n % 60)
	n /= 60
	if n == 0 {
		return
	}
	w.byte('m')
	w.number(n % 60)
	n /= 60
	if n > 0 {
		w.byte('h')
		w.number(n)
	}
}

// Time is an instant, gomem_instant of the contract. zero is the year 1; wall counts nanoseconds since 1970, mono those of the monotonic clock.
type Time struct {
	set  bool
	mono int64 // 0: none
	wall int64
}

// Now is the present.
func Now() Time {
	mono := rt.Now()
	if mono == 0 {
		mono = 1
	}
	return Time{true, mono, rt.Wall()}
}

// Unix is sec seconds and nsec nanoseconds after 1970.
func Unix(sec, nsec int64) Time { return Time{true, 0, sec*1e9 + nsec} }

// UnixMilli is msec milliseconds after 1970, UnixMicro usec microseconds.
func UnixMilli(msec int64) Time { return Time{true, 0, msec * 1e6} }
func UnixMicro(usec int64) Time { return Time{true, 0, usec * 1e3} }

func (t Time) IsZero() bool     { return !t.set }
func (t Time) Unix() int64      { return t.count(1e9) }
func (t Time) UnixMilli() int64 { return t.count(1e6) }
func (t Time) UnixMicro() int64 { return t.count(1e3) }
func (t Time) Nanosecond() int  { return int(t.wall - floorDiv(t.wall, 1e9)*1e9) }

// UnixNano is meaningless for the zero Time, as it does not fit.
func (t Time) UnixNano() int64 { return t.wall }

// count is how many units have passed since 1970; the zero Time lies 719162 days before.
func (t Time) count(unit int64) int64 {
	if !t.set {
		return -719162 * 86400 * (1e9 / unit)
	}
	return floorDiv(t.wall, unit)
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// Round strips the monotonic reading when d is 0, and else rounds too.
func (t Time) Round(d Duration) Time {
	t.mono = 0
	if d > 0 {
		t.wall = int64(Duration(t.wall).Round(d))
	}
	return t
}

// Add is t+d, the last instant that there is when that is later.
func (t Time) Add(d Duration) Time {
	t.set = true
	t.wall = sum(t.wall, int64(d))
	if t.mono != 0 {
		t.mono = sum(t.mono, int64(d))
	}
	return t
}

// Sub is t-u, by the monotonic clock when both have it; the longest duration when that is longer.
func (t Time) Sub(u Time) Duration {
	switch {
	case t.mono != 0 && u.mono != 0:
		return difference(t.mono, u.mono)
	case t.set == u.set:
		return difference(t.wall, u.wall)
	case t.set:
		return 1<<63 - 1
	}
	return -1 << 63
}

func sum(a, b int64) int64 {
	n := a + b
	switch {
	case b < 0 && n > a:
		return -1 << 63
	case b > 0 && n < a:
		return 1<<63 - 1
	}
	return n
}

func difference(a, b int64) Duration {
	d := a - b
	switch {
	case a < b && d > 0:
		return -1 << 63
	case a > b && d < 0:
		return 1<<63 - 1
	}
	return Duration(d)
}

func (t Time) After(u Time) bool  { return t.Compare(u) > 0 }
func (t Time) Before(u Time) bool { return t.Compare(u) < 0 }
func (t Time) Equal(u Time) bool  { return t.Compare(u) == 0 }

// Compare is -1, 0 or 1.
func (t Time) Compare(u Time) int {
	d := t.Sub(u)
	switch {
	case d < 0:
		return -1
	case d > 0:
		return 1
	}
	return 0
}

// Since is the time passed since t.
func Since(t Time) Duration {
	if t.mono != 0 {
		return Duration(rt.Now() - t.mono) // one clock is enough
	}
	return Now().Sub(t)
}

// Until is the time left until t.
func Until(t Time) Duration { return t.Sub(Now()) }
