package bytes

import "iter"

// Lines are the lines of s with their ends.
func Lines(s []byte) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		for len(s) > 0 {
			n := IndexByte(s, '\n') + 1
			if n == 0 {
				n = len(s)
			}
			if !yield(s[:n:n]) {
				return
			}
			s = s[n:]
		}
	}
}

func each(list [][]byte) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		for _, s := range list {
			if !yield(s) {
				return
			}
		}
	}
}

// The parts that the functions without Seq give.

func SplitSeq(s, sep []byte) iter.Seq[[]byte]                    { return each(Split(s, sep)) }
func SplitAfterSeq(s, sep []byte) iter.Seq[[]byte]               { return each(SplitAfter(s, sep)) }
func FieldsSeq(s []byte) iter.Seq[[]byte]                        { return each(Fields(s)) }
func FieldsFuncSeq(s []byte, f func(rune) bool) iter.Seq[[]byte] { return each(FieldsFunc(s, f)) }
