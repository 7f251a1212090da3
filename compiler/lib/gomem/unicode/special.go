// Package unicode has the types of package unicode that strings and bytes name. It stands apart because package unicode makes its tables when a
// program starts, and most programs import strings.
package unicode

import "gomem/characters"

type d [characters.Cases]rune

// CaseRange is runes that have another case: what to add for each.
type CaseRange struct {
	Lo, Hi uint32
	Delta  d
}

// SpecialCase are the changes of case of a language, which come before the general ones.
type SpecialCase []CaseRange

func (special SpecialCase) to(to int, r rune) rune {
	for _, c := range special {
		if lo := rune(c.Lo); lo <= r && r <= rune(c.Hi) {
			return characters.Change(to, lo, c.Delta[to], r)
		}
	}
	return characters.To(to, r)
}

func (special SpecialCase) ToUpper(r rune) rune { return special.to(characters.Upper, r) }
func (special SpecialCase) ToLower(r rune) rune { return special.to(characters.Lower, r) }
func (special SpecialCase) ToTitle(r rune) rune { return special.to(characters.Title, r) }
