// What random programs (scripts/differential) found, made small.
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

func main() {
	parameters()
}
