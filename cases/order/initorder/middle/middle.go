// Package middle imports base and is imported by main.
package middle

import "gomem/cases/order/initorder/base"

// Answer is one more than what base has.
var Answer int

var _ = base.Say("middle variable")

func init() {
	base.Say("middle init")
	Answer = base.Answer + 1
}
