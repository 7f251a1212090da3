package strings

import "io"

// Replacer replaces strings by others, at each place the first of its pairs that fits.
type Replacer struct{ pairs []string }

func NewReplacer(oldnew ...string) *Replacer {
	if len(oldnew)%2 == 1 {
		panic("strings.NewReplacer: odd argument count")
	}
	return &Replacer{append([]string(nil), oldnew...)}
}

func (r *Replacer) at(s string, replacedEmpty bool) (old, new string, found bool) {
	for i := 0; i < len(r.pairs); i += 2 {
		old := r.pairs[i]
		if HasPrefix(s, old) && (old != "" || !replacedEmpty) {
			return old, r.pairs[i+1], true
		}
	}
	return
}

// Replace is s with all replacements.
func (r *Replacer) Replace(s string) string {
	var b []byte
	empty := false // what stands here was replaced by the pair of ""
	for i := 0; i <= len(s); {
		old, new, found := r.at(s[i:], empty)
		empty = false
		switch {
		case found:
			b = append(b, new...)
			i += len(old)
			empty = old == ""
			if !empty || i < len(s) {
				break
			}
			return string(b)
		case i < len(s):
			b = append(b, s[i])
			i++
		default:
			return string(b)
		}
		if empty {
			if i == len(s) {
				return string(b)
			}
			if old, _, again := r.at(s[i:], true); !again || old == "" {
				b = append(b, s[i])
				i++
				empty = false
			}
		}
	}
	return string(b)
}

func (r *Replacer) WriteString(w io.Writer, s string) (n int, err error) {
	return io.WriteString(w, r.Replace(s))
}
