package channel

// When the operands and the left-hand sides of a select are evaluated: CHAN.SELECT.EVAL, CHAN.SELECT.ASSIGN.

import "gomem/cases/check"

// Channels and send values of all cases are evaluated once, in source order, whichever case is chosen.
//
//gomem:case CHAN.SELECT.EVAL
func SelectEvaluatesAll() {
	ready := make(chan int, 1)
	never := make(chan int)
	log := ""
	channel := func(name string, c chan int) chan int { log += name; return c }
	value := func(name string) int { log += name; return 1 }
	for i := 0; i < 50; i++ {
		log = ""
		ready <- 1
		select {
		case channel("a", never) <- value("b"):
		case <-channel("c", ready):
		case channel("d", nil) <- value("e"):
		case <-channel("f", never):
		}
		check.Equal("with a case that proceeds", log, "abcdef")
		log = ""
		select {
		case channel("a", never) <- value("b"):
		case <-channel("c", nil):
		default:
			log += "!"
		}
		check.Equal("with default", log, "abc!")
	}
}

// A select that waits has evaluated its operands before, and does not evaluate them again.
//
//gomem:case CHAN.SELECT.EVAL
//gomem:race silent
func SelectEvaluatesBeforeWaiting() {
	a, b := make(chan int), make(chan int)
	evaluated := make(chan string, 20)
	note := func(name string, c chan int) chan int { evaluated <- name; return c }
	value := func() int { evaluated <- "value"; return 5 }
	t := check.Start(func() {
		select {
		case <-note("a", a):
		case note("b", b) <- value():
		}
	})
	check.That("the select waits", t.Waits())
	check.Equal("evaluated before waiting", len(evaluated), 3)
	check.Equal("value", <-b, 5)
	t.Join()
	check.Equal("evaluated in all", len(evaluated), 3)
	check.Equal("order", <-evaluated+<-evaluated+<-evaluated, "abvalue")
}

// An operand that panics ends the select before anything is communicated.
//
//gomem:case CHAN.SELECT.EVAL
func SelectOperandPanics() {
	ready := make(chan int, 1)
	ready <- 1
	bad := func() int { panic("operand") }
	check.Equal("panic", check.PanicText(func() {
		select {
		case <-ready:
		case ready <- bad():
		}
	}), "operand")
	check.Equal("nothing was received", len(ready), 1)
}

// The left-hand side of a receive case is evaluated, and assigned to, only when that case is chosen.
//
//gomem:case CHAN.SELECT.ASSIGN
func SelectAssignsChosenOnly() {
	a, b := make(chan int, 1), make(chan int, 1)
	var values [2]int
	var oks [2]bool
	log := ""
	index := func(name string, i int) int { log += name; return i }
	for i := 0; i < selects; i++ {
		values, oks, log = [2]int{-1, -1}, [2]bool{}, ""
		want := i % 2
		[]chan int{a, b}[want] <- 7
		select {
		case values[index("a", 0)], oks[index("A", 0)] = <-a:
		case values[index("b", 1)], oks[index("B", 1)] = <-b:
		}
		check.Equal("evaluated", log, []string{"aA", "bB"}[want])
		check.Equal("the chosen value", values[want], 7)
		check.Equal("the other value", values[1-want], -1)
		check.That("the second results", oks[want] && !oks[1-want])
	}
}

// With default chosen no left-hand side is touched.
//
//gomem:case CHAN.SELECT.ASSIGN
func SelectDefaultAssignsNothing() {
	c := make(chan int)
	evaluated := 0
	values := []int{5}
	index := func() int { evaluated++; return 0 }
	select {
	case values[index()] = <-c:
	default:
	}
	check.Equal("evaluations", evaluated, 0)
	check.Equal("the variable", values[0], 5)
}

// A left-hand side that panics does so after the communication: the value has been taken.
//
//gomem:case CHAN.SELECT.ASSIGN
func SelectAssignmentPanics() {
	c := make(chan int, 1)
	c <- 1
	var nowhere []int
	check.That("the assignment panics", check.Panics(func() {
		select {
		case nowhere[0] = <-c:
		default:
		}
	}) != nil)
	check.Equal("values left", len(c), 0)
}
