// Package a imports b, so that b is complete when a's variables are initialised.
package a

import "gomem/cases/panics/initorder/b"

var Value = b.Variable + b.Log("a: variable") - 1

func init() {
	b.Log("a: init")
	Value *= 2
}
