package strings

import "iter"

// Lines are the lines of s with their ends.
func Lines(s string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for len(s) > 0 {
			n := IndexByte(s, '\n') + 1
			if n == 0 {
				n = len(s)
			}
			if !yield(s[:n]) {
				return
			}
			s = s[n:]
		}
	}
}

func each(list []string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, s := range list {
			if !yield(s) {
				return
			}
		}
	}
}

// The parts that the functions without Seq give.

func SplitSeq(s, sep string) iter.Seq[string]                    { return each(Split(s, sep)) }
func SplitAfterSeq(s, sep string) iter.Seq[string]               { return each(SplitAfter(s, sep)) }
func FieldsSeq(s string) iter.Seq[string]                        { return each(Fields(s)) }
func FieldsFuncSeq(s string, f func(rune) bool) iter.Seq[string] { return each(FieldsFunc(s, f)) }
