package time

import "errors"

func unitNamed(name string) Duration {
	switch name {
	case "ns":
		return Nanosecond
	case "us", "µs", "μs":
		return Microsecond
	case "ms":
		return Millisecond
	case "s":
		return Second
	case "m":
		return Minute
	case "h":
		return Hour
	}
	return 0
}

const most = 1 << 63 // of a duration's nanoseconds, below zero

// digits reads an integer, and whether it is too large.
func digits(s string) (n uint64, rest string, over bool) {
	for s != "" && '0' <= s[0] && s[0] <= '9' {
		over = over || n > most/10
		n = n*10 + uint64(s[0]-'0')
		over = over || n > most
		s = s[1:]
	}
	return n, s, over
}

// part reads what is behind a point in units of unit; digits that are too many have no effect.
func part(s string, unit *float64) (n float64, rest string) {
	var value uint64
	scale, over := 1.0, false
	for s != "" && '0' <= s[0] && s[0] <= '9' {
		if next := value*10 + uint64(s[0]-'0'); !over && value <= (most-1)/10 && next < most {
			value = next
			scale *= 10
		} else {
			over = true
		}
		s = s[1:]
	}
	*unit = scale
	return float64(value), s
}

func unitOf(s string) (name, rest string) {
	i := 0
	for i < len(s) && s[i] != '.' && (s[i] < '0' || s[i] > '9') {
		i++
	}
	return s[:i], s[i:]
}

// term reads a number with its unit.
func term(s string) (d uint64, rest, what string) {
	n, rest, over := digits(s)
	some := len(rest) < len(s)
	if over {
		return 0, "", "invalid duration"
	}
	var fraction, scale float64
	if rest != "" && rest[0] == '.' {
		before := rest[1:]
		fraction, rest = part(before, &scale)
		some = some || len(rest) < len(before)
	}
	if !some {
		return 0, "", "invalid duration"
	}
	name, rest := unitOf(rest)
	if name == "" {
		return 0, "", "missing unit in duration"
	}
	unit := uint64(unitNamed(name))
	if unit == 0 {
		return 0, "", "unknown unit " + quote(name) + " in duration"
	}
	if n > most/unit {
		return 0, "", "invalid duration"
	}
	n *= unit
	if fraction > 0 {
		n += uint64(fraction * (float64(unit) / scale))
		if n > most {
			return 0, "", "invalid duration"
		}
	}
	return n, rest, ""
}

// ParseDuration reads numbers with units, like -1.5h or 300ms.
func ParseDuration(s string) (Duration, error) {
	whole, negative := s, false
	fails := func(what string) (Duration, error) { return 0, errors.New("time: " + what + " " + quote(whole)) }
	if s != "" && (s[0] == '-' || s[0] == '+') {
		negative = s[0] == '-'
		s = s[1:]
	}
	if s == "0" {
		return 0, nil
	}
	if s == "" {
		return fails("invalid duration")
	}
	var sum uint64
	for s != "" {
		d, rest, what := term(s)
		if what != "" {
			return fails(what)
		}
		s = rest
		sum += d
		if sum > most {
			return fails("invalid duration")
		}
	}
	if negative {
		return -Duration(sum), nil
	}
	if sum == most {
		return fails("invalid duration")
	}
	return Duration(sum), nil
}

// quote is s as a string literal; what is not ASCII is shown byte by byte.
func quote(s string) string {
	const hex = "0123456789abcdef"
	b := []byte{'"'}
	for _, c := range []byte(s) {
		switch {
		case c == '"' || c == '\\':
			b = append(b, '\\', c)
		case c < ' ' || c >= 0x80:
			b = append(b, '\\', 'x', hex[c>>4], hex[c&15])
		default:
			b = append(b, c)
		}
	}
	return string(append(b, '"'))
}
