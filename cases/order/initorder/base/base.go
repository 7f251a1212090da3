// Package base is imported by the two others of its program.
package base

import (
	"os"
	"strconv"
)

// Say prints a line: words, then numbers.
func Say(words string, numbers ...int) bool {
	for i, n := range numbers {
		if i > 0 {
			words += " and"
		}
		words += " " + strconv.Itoa(n)
	}
	os.Stdout.WriteString(words + "\n")
	return true
}

// Answer is plain data that init has a goroutine write.
var Answer int

var _ = Say("base variable")

func init() { Say("base init 1") }

func init() {
	done := make(chan bool)
	go func() {
		Answer = 42
		done <- true
	}()
	<-done
	os.Stdout.WriteString("base init 2, " + strconv.Itoa(Answer) + " from its goroutine\n")
}
