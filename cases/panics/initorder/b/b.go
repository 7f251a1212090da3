// Package b is imported by a and by main, and imports neither.
package b

import "os"

var Variable = Log("b: variable")

// Log prints a line and gives 1.
func Log(line string) int {
	os.Stdout.WriteString(line + "\n")
	return 1
}

func init() {
	Log("b: init")
	Variable = 5
}
