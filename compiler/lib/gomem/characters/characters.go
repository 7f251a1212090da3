// Package characters knows what kinds of characters there are and how their case changes. Its tables are text of records of a fixed length, in
// ascending order and searched by halving: they are constants, so a program that imports strings pays nothing for them at its start.
// A number in a record is four characters of 64 values each, the highest first.
package characters

const number = 4

func at(s string, i int) rune {
	return rune(s[i]-'0')<<18 | rune(s[i+1]-'0')<<12 | rune(s[i+2]-'0')<<6 | rune(s[i+3]-'0')
}

// find is where in table, of records of size characters, the last one is whose first number is not above r; -1 if none.
func find(table string, size int, r rune) int {
	low, high := 0, len(table)/size
	for low < high {
		middle := int(uint(low+high) / 2)
		if at(table, middle*size) <= r {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return (low - 1) * size
}

// In tells whether r is in table, of ranges.
func In(table string, r rune) bool {
	i := find(table, 2*number, r)
	return i >= 0 && r <= at(table, i+number)
}

// The cases of To, and what stands for a change of theirs where upper and lower case take turns.
const (
	Upper = iota
	Lower
	Title
	Cases
	turns = 0x10FFFF + 1
)

const change = (2 + Cases) * number // a record of cases: the first and last rune, what to add for each case, with MaxRune added

// Changes is the i-th range of runes that have another case: what to add for each. ok is false behind the last.
func Changes(i int) (lo, hi rune, add [Cases]rune, ok bool) {
	if i *= change; i >= len(cases) {
		return
	}
	for k := range add {
		add[k] = at(cases, i+(2+k)*number) - 0x10FFFF
	}
	return at(cases, i), at(cases, i+number), add, true
}

// Change is r, of a range that begins with lo, in another case: what that adds is add.
func Change(to int, lo, add, r rune) rune {
	if add >= turns { // upper and lower case by turns, upper first; title is as upper
		return lo + ((r-lo)&^1 | rune(to&1))
	}
	return r + add
}

// To is r in another case, r itself if it has none.
func To(to int, r rune) rune {
	if i := find(cases, change, r); i >= 0 {
		if lo, hi, add, _ := Changes(i / change); r <= hi {
			return Change(to, lo, add[to], r)
		}
	}
	return r
}

// ToUpper and ToLower decide ASCII by arithmetic.
func ToUpper(r rune) rune {
	if r < 0x80 {
		if 'a' <= r && r <= 'z' {
			r -= 'a' - 'A'
		}
		return r
	}
	return To(Upper, r)
}

func ToLower(r rune) rune {
	if r < 0x80 {
		if 'A' <= r && r <= 'Z' {
			r += 'a' - 'A'
		}
		return r
	}
	return To(Lower, r)
}

// ToTitle is r as the first letter of a title.
func ToTitle(r rune) rune { return To(Title, r) }

// Fold is the next rune of those that differ from r in case alone: the smallest above it, else the smallest of all.
func Fold(r rune) rune {
	if r < 0 || r > 0x10FFFF {
		return r
	}
	if i := find(orbits, 2*number, r); i >= 0 && at(orbits, i) == r {
		return at(orbits, i+number)
	}
	if l := ToLower(r); l != r {
		return l
	}
	return ToUpper(r)
}

// EqualFold tells whether a and b differ in case alone.
func EqualFold(a, b rune) bool {
	for r := Fold(a); ; r = Fold(r) {
		if r == b {
			return true
		}
		if r == a {
			return false
		}
	}
}

// Space tells whether r is white space.
func Space(r rune) bool {
	switch {
	case r == ' ' || '\t' <= r && r <= '\r' || r == 0x85 || r == 0xA0:
		return true
	case r < 0x1680:
		return false
	}
	return r == 0x1680 || 0x2000 <= r && r <= 0x200A || r == 0x2028 || r == 0x2029 || r == 0x202F || r == 0x205F || r == 0x3000
}

// Print tells whether r leaves a mark on paper or is ' '.
func Print(r rune) bool {
	if r < 0x80 {
		return ' ' <= r && r < 0x7F
	}
	return In(Graphics, r) && !Space(r)
}
