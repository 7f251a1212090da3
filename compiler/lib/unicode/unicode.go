// Package unicode tells what characters are and changes their case.
package unicode

import (
	"gomem/characters"
	"gomem/unicode"
)

const (
	MaxRune         = '\U0010FFFF'
	ReplacementChar = '\uFFFD'
	MaxASCII        = '\u007F'
	MaxLatin1       = '\u00FF'
)

// Range16 and Range32 are the runes Lo, Lo+Stride, … Hi.
type Range16 struct{ Lo, Hi, Stride uint16 }
type Range32 struct{ Lo, Hi, Stride uint32 }

// RangeTable is a set of runes, in ascending order. Those of R32 are above 0xFFFF; the first LatinOffset ranges end below 0x100.
type RangeTable struct {
	R16         []Range16
	R32         []Range32
	LatinOffset int
}

// table takes apart what the generator packs: how many ranges R16 and R32 have, and for each range how far it begins from the last one's end,
// doubled and one more with a stride, its length, and the stride. Each number is five bits a character, the lowest first; all but the last are
// marked.
func table(packed string) *RangeTable {
	n, at := 0, uint32(0)
	next := func() (v uint32) {
		for shift := 0; ; shift += 5 {
			d := uint32(packed[n] - '0')
			n++
			v |= d & 31 << shift
			if d < 32 {
				return v
			}
		}
	}
	t := &RangeTable{R16: make([]Range16, 0, next()), R32: make([]Range32, 0, next())}
	for n < len(packed) {
		first := next()
		lo := at + first/2
		hi, stride := lo+next(), uint32(1)
		if first%2 == 1 {
			stride = next()
		}
		if hi > 0xFFFF {
			t.R32 = append(t.R32, Range32{lo, hi, stride})
		} else {
			t.R16 = append(t.R16, Range16{uint16(lo), uint16(hi), uint16(stride)})
		}
		if hi <= MaxLatin1 {
			t.LatinOffset++
		}
		at = hi
	}
	return t
}

// within tells whether r is in one of the ranges.
func within[N uint16 | uint32, R ~struct{ Lo, Hi, Stride N }](ranges []R, r N) bool {
	low, high := 0, len(ranges)
	for low < high {
		m := int(uint(low+high) / 2)
		switch x := struct{ Lo, Hi, Stride N }(ranges[m]); {
		case r < x.Lo:
			high = m
		case r > x.Hi:
			low = m + 1
		default:
			return x.Stride == 1 || (r-x.Lo)%x.Stride == 0
		}
	}
	return false
}

// Is tells whether r is in the table.
func Is(t *RangeTable, r rune) bool {
	if r < 0 {
		return false
	}
	if n := len(t.R16); n > 0 && uint32(r) <= uint32(t.R16[n-1].Hi) {
		return within(t.R16, uint16(r))
	}
	return within(t.R32, uint32(r))
}

// In tells whether r is in one of the tables.
func In(r rune, tables ...*RangeTable) bool { return IsOneOf(tables, r) }

// IsOneOf is In.
func IsOneOf(tables []*RangeTable, r rune) bool {
	for _, t := range tables {
		if Is(t, r) {
			return true
		}
	}
	return false
}

// The tables of categories under their long names.
var (
	Letter = L
	Upper  = Lu
	Lower  = Ll
	Title  = Lt
	Mark   = M
	Number = N
	Digit  = Nd
	Punct  = P
	Symbol = S
	Space  = Z
	Other  = C

	GraphicRanges = []*RangeTable{L, M, N, P, S, Zs}
	PrintRanges   = []*RangeTable{L, M, N, P, S}
)

func IsLetter(r rune) bool  { return characters.In(characters.Letters, r) }
func IsUpper(r rune) bool   { return characters.In(characters.Uppers, r) }
func IsLower(r rune) bool   { return characters.In(characters.Lowers, r) }
func IsTitle(r rune) bool   { return characters.In(characters.Titles, r) }
func IsDigit(r rune) bool   { return characters.In(characters.Digits, r) }
func IsNumber(r rune) bool  { return characters.In(characters.Numbers, r) }
func IsMark(r rune) bool    { return characters.In(characters.Marks, r) }
func IsPunct(r rune) bool   { return characters.In(characters.Puncts, r) }
func IsSymbol(r rune) bool  { return characters.In(characters.Symbols, r) }
func IsSpace(r rune) bool   { return characters.Space(r) }
func IsControl(r rune) bool { return 0 <= r && r < 0x20 || 0x7F <= r && r < 0xA0 }

// IsGraphic tells whether r is a letter, mark, number, punctuation, symbol or space.
func IsGraphic(r rune) bool { return characters.In(characters.Graphics, r) }

// IsPrint is IsGraphic, of spaces with ' ' alone.
func IsPrint(r rune) bool { return characters.Print(r) }

// The cases of To.
const (
	UpperCase = iota
	LowerCase
	TitleCase
	MaxCase
)

// UpperLower in a CaseRange says that upper and lower case take turns.
const UpperLower = MaxRune + 1

// CaseRange is runes that have another case: what to add for each.
type CaseRange = unicode.CaseRange

// SpecialCase are the changes of case of a language, which come before the general ones.
type SpecialCase = unicode.SpecialCase

// CaseRanges are the changes of case.
var CaseRanges = caseRanges()

func caseRanges() (all []CaseRange) {
	for i := 0; ; i++ {
		lo, hi, add, ok := characters.Changes(i)
		if !ok {
			return all
		}
		all = append(all, CaseRange{uint32(lo), uint32(hi), add})
	}
}

// To is r in that case.
func To(_case int, r rune) rune {
	if _case < 0 || _case >= MaxCase {
		return ReplacementChar
	}
	return characters.To(_case, r)
}

func ToUpper(r rune) rune { return characters.ToUpper(r) }
func ToLower(r rune) rune { return characters.ToLower(r) }
func ToTitle(r rune) rune { return characters.ToTitle(r) }

// SimpleFold is the next of the runes that differ from r in case alone.
func SimpleFold(r rune) rune { return characters.Fold(r) }

// TurkishCase has a dotted and a dotless i.
var TurkishCase = SpecialCase{
	{0x49, 0x49, [MaxCase]rune{0, 0x131 - 0x49, 0}},
	{0x69, 0x69, [MaxCase]rune{0x130 - 0x69, 0, 0x130 - 0x69}},
	{0x130, 0x130, [MaxCase]rune{0, 0x69 - 0x130, 0}},
	{0x131, 0x131, [MaxCase]rune{0x49 - 0x131, 0, 0x49 - 0x131}},
}

var AzeriCase = TurkishCase
