// What characters are, and their case: sums over all of Unicode, which tell the tables apart.
package main

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"unicode"
)

type sum uint64

func (s *sum) add(n rune) { *s = (*s ^ sum(uint32(n))) * 1099511628211 }

func over(f func(rune) rune) sum {
	var s sum
	for r := rune(-2); r <= unicode.MaxRune+2; r++ {
		s.add(f(r))
	}
	return s
}

func truth(is func(rune) bool) (n int, s sum) {
	for r := rune(-2); r <= unicode.MaxRune+2; r++ {
		if is(r) {
			n++
			s.add(r)
		}
	}
	return n, s
}

func tables(name string, m map[string]*unicode.RangeTable) {
	n, ranges, latin, s := 0, 0, 0, sum(0)
	for k, t := range m {
		n++
		ranges += len(t.R16) + len(t.R32)
		latin += t.LatinOffset
		var own sum
		for _, r := range t.R16 {
			own.add(rune(r.Lo))
			own.add(rune(r.Hi))
			own.add(rune(r.Stride))
		}
		for _, r := range t.R32 {
			own.add(rune(r.Lo))
			own.add(rune(r.Hi))
			own.add(rune(r.Stride))
		}
		s += own * sum(len(k))
	}
	fmt.Println(name, n, ranges, latin, s)
}

func main() {
	fmt.Println(unicode.Version, len(unicode.CategoryAliases), unicode.CategoryAliases["Letter"])
	tables("categories", unicode.Categories)
	tables("scripts", unicode.Scripts)
	tables("properties", unicode.Properties)
	tables("folds", unicode.FoldCategory)
	tables("folds of scripts", unicode.FoldScript)
	fmt.Println(truth(unicode.IsLetter))
	fmt.Println(truth(unicode.IsUpper))
	fmt.Println(truth(unicode.IsLower))
	fmt.Println(truth(unicode.IsTitle))
	fmt.Println(truth(unicode.IsDigit))
	fmt.Println(truth(unicode.IsNumber))
	fmt.Println(truth(unicode.IsMark))
	fmt.Println(truth(unicode.IsPunct))
	fmt.Println(truth(unicode.IsSymbol))
	fmt.Println(truth(unicode.IsSpace))
	fmt.Println(truth(unicode.IsControl))
	fmt.Println(truth(unicode.IsGraphic))
	fmt.Println(truth(unicode.IsPrint))
	fmt.Println(truth(strconv.IsPrint))
	fmt.Println(truth(func(r rune) bool { return unicode.In(r, unicode.Han, unicode.Upper, unicode.White_Space) }))
	fmt.Println(over(unicode.ToUpper), over(unicode.ToLower), over(unicode.ToTitle), over(unicode.SimpleFold))
	fmt.Println(over(unicode.TurkishCase.ToUpper), over(unicode.TurkishCase.ToLower), over(unicode.TurkishCase.ToTitle))
	keeps := unicode.SpecialCase{{'a', 'c', [3]rune{}}, {'p', 's', [3]rune{unicode.UpperLower, unicode.UpperLower, unicode.UpperLower}}}
	fmt.Println(over(keeps.ToUpper), over(keeps.ToLower), over(keeps.ToTitle), strings.Map(keeps.ToUpper, "abcdpqrs"))
	fmt.Println(len(unicode.CaseRanges), unicode.CaseRanges[100], unicode.To(7, 'a'))
	const text = "Grüße aus ΣΊΣΥΦΟΣ, Ǆ ǆ, ŉ, ı İ — Привет_мир 3rd ﬁ \xff"
	fmt.Println(strings.ToUpper(text), strings.ToLower(text), strings.ToTitle(text), strings.Title(strings.ToLower(text)))
	fmt.Println(string(bytes.ToUpper([]byte(text))) == strings.ToUpper(text), bytes.EqualFold([]byte("Straße"), []byte("STRAßE")))
	for _, pair := range [][2]string{{"Σς", "σΣ"}, {"K", "\u212a"}, {"ß", "ss"}, {"a", "ab"}, {"\xff", "\xfe"}, {"ǅ", "ǆ"}, {"i", "İ"}} {
		fmt.Print(strings.EqualFold(pair[0], pair[1]), " ")
	}
	fmt.Println()
	fmt.Printf("%q %+q\n", "\u0378\u200b\ufeff \u3000é\U000e0041", "é\u0378")
}
