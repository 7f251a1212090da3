// What random programs (scripts/differential) and inputs (make fuzz) found, made small.
package main

// A large parameter that nothing reads.
type large struct{ a, b, c, d int }

func (x large) unread(y large, n *int) int {
	*n++
	return *n
}

func parameters() {
	n := 1
	println(large{}.unread(large{}, &n), n)
}

// A concatenation of many strings.
func many(a string) string {
	return a + "1" + a + "2" + a + "3" + a + "4" + a + "5" + a + "6" + a + "7" + a + "8" + a + "9" + a + "0" + a + "1" + a + "2" + a + "3" +
		a + "4" + a + "5" + a + "6" + a + "7" + a + "8" + a + "9" + a + "0" + a + "1" + a + "2" + a + "3" + a + "4" + a + "5" + a + "6" + a +
		"7" + a + "8" + a + "9" + a + "0" + a + "1" + a + "2" + a + "3" + a + "4" + a + "5" + a + "6" + a + "7" + a + end() + a
}

func end() string { return "end" }

func main() {
	parameters()
	println(many("ab"))
}
