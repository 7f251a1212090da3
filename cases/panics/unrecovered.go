package panics

// Deaths by a panic that nobody recovers: PANIC.UNRECOVERED.*, PANIC.REPANIC.*, PANIC.NESTED.TEXT.

import "errors"

// A panic of another goroutine ends the whole program, and main's recover does not help.
//
//gomem:case PANIC.UNRECOVERED
//gomem:exit 2
//gomem:stderr in another goroutine
func UnrecoveredElsewhere() {
	defer func() { recover() }()
	go panic("in another goroutine")
	select {}
}

// A recover in a goroutine that does not panic does not stop another's panic.
//
//gomem:case PANIC.UNRECOVERED
//gomem:exit 2
//gomem:stderr in the first goroutine
func UnrecoveredBesideRecover() {
	ready := make(chan bool)
	go func() {
		defer func() { recover() }()
		ready <- true
		<-ready
	}()
	<-ready
	panic("in the first goroutine")
}

// Its status is 2, whatever the value.
//
//gomem:case PANIC.UNRECOVERED.EXIT
//gomem:exit 2
func UnrecoveredStatus() {
	panic(errors.New("7"))
}

// The goroutine's deferred calls have run before the program dies.
//
//gomem:case PANIC.UNRECOVERED.TEXT
//gomem:exit 2
//gomem:stderr deferred call
//gomem:stderr panic: the value
func UnrecoveredRunsDeferred() {
	defer println("deferred call")
	panic("the value")
}

// The value follows "panic: ", then comes the goroutine with a trace that names the functions, the innermost first.
//
//gomem:case PANIC.UNRECOVERED.TEXT
//gomem:exit 2
//gomem:stderr panic: the value
//gomem:stderr /goroutine [0-9]+ \[running\]:/
//gomem:stderr panics.fail(
//gomem:stderr unrecovered.go:
//gomem:stderr panics.UnrecoveredTrace(
func UnrecoveredTrace() {
	fail("the value")
}

func fail(s string) {
	panic(s)
}

// A panic after a recovered one prints both, the first with the note.
//
//gomem:case PANIC.REPANIC.TEXT
//gomem:exit 2
//gomem:stderr panic: first [recovered]
//gomem:stderr /^	panic: second$/
func RepanicPrintsBoth() {
	defer func() {
		recover()
		panic("second")
	}()
	panic("first")
}

// Until 1.24 a panic with the recovered value itself prints that value twice.
//
//gomem:case PANIC.REPANIC.TEXT
//gomem:until 1.24
//gomem:exit 2
//gomem:stderr /^panic: same \[recovered\]$/
//gomem:stderr /^	panic: same$/
func RepanicSameTwice() {
	defer func() { panic(recover()) }()
	panic("same")
}

// Since 1.25 a panic with the recovered value itself prints it once, with another note.
//
//gomem:case PANIC.REPANIC.SAME.TEXT
//gomem:since 1.25
//gomem:exit 2
//gomem:stderr panic: same [recovered, repanicked]
func RepanicSameOnce() {
	defer func() { panic(recover()) }()
	panic("same")
}

// Panics during panics print the whole chain, the earliest first.
//
//gomem:case PANIC.NESTED.TEXT
//gomem:exit 2
//gomem:stderr /^panic: first$/
//gomem:stderr /^	panic: second$/
//gomem:stderr /^	panic: third$/
//gomem:stderr /^goroutine [0-9]+ \[running\]:/
func NestedPrintsChain() {
	defer func() { panic("third") }()
	defer func() { panic("second") }()
	panic("first")
}

type (
	failure   struct{ code int }
	stringer  struct{ text string }
	number    int
	label     string
	impedance complex128
	switched  bool
	point     struct{ x, y int }
)

func (f *failure) Error() string  { return "failure text" }
func (s stringer) String() string { return "stringer " + s.text }

// An error is printed through its Error method.
//
//gomem:case PANIC.UNRECOVERED.VALUES
//gomem:exit 2
//gomem:stderr /^panic: failure text$/
func UnrecoveredError() { panic(&failure{1}) }

// A Stringer is printed through its String method.
//
//gomem:case PANIC.UNRECOVERED.VALUES
//gomem:exit 2
//gomem:stderr /^panic: stringer text$/
func UnrecoveredStringer() { panic(stringer{"text"}) }

// An integer is printed as it is.
//
//gomem:case PANIC.UNRECOVERED.VALUES
//gomem:exit 2
//gomem:stderr /^panic: -42$/
func UnrecoveredInt() { panic(-42) }

// A bool is printed as it is.
//
//gomem:case PANIC.UNRECOVERED.VALUES
//gomem:exit 2
//gomem:stderr /^panic: true$/
func UnrecoveredBool() { panic(true) }

// A uint8 is printed as a number.
//
//gomem:case PANIC.UNRECOVERED.VALUES
//gomem:exit 2
//gomem:stderr /^panic: 200$/
func UnrecoveredByte() { panic(byte(200)) }

// A floating-point value was printed with six digits and an exponent of three.
//
//gomem:case PANIC.UNRECOVERED.VALUES
//gomem:until 1.25
//gomem:exit 2
//gomem:stderr panic: +1.500000e+000
func UnrecoveredFloatLong() { panic(1.5) }

// A floating-point value is printed in its shortest form.
//
//gomem:case PANIC.UNRECOVERED.VALUES
//gomem:since 1.26
//gomem:exit 2
//gomem:stderr /^panic: 1\.5$/
func UnrecoveredFloatShort() { panic(1.5) }

// A named integer is printed with its type.
//
//gomem:case PANIC.UNRECOVERED.VALUES
//gomem:exit 2
//gomem:stderr /^panic: panics\.number\(5\)$/
func UnrecoveredNamedInt() { panic(number(5)) }

// A named string is printed with its type, and in quotes.
//
//gomem:case PANIC.UNRECOVERED.VALUES
//gomem:exit 2
//gomem:stderr /^panic: panics\.label\("x"\)$/
func UnrecoveredNamedString() { panic(label("x")) }

// A named bool is printed with its type.
//
//gomem:case PANIC.UNRECOVERED.VALUES
//gomem:exit 2
//gomem:stderr /^panic: panics\.switched\(false\)$/
func UnrecoveredNamedBool() { panic(switched(false)) }

// A complex number is printed in parentheses.
//
//gomem:case PANIC.UNRECOVERED.VALUES
//gomem:since 1.26
//gomem:exit 2
//gomem:stderr /^panic: \(1\.5-2i\)$/
func UnrecoveredComplex() { panic(1.5 - 2i) }

// A named one has its type before these, and no others.
//
//gomem:case PANIC.UNRECOVERED.VALUES
//gomem:since 1.26
//gomem:exit 2
//gomem:stderr /^panic: panics\.impedance\(1\.5-2i\)$/
func UnrecoveredNamedComplex() { panic(impedance(1.5 - 2i)) }

// A struct is printed as its type and an address.
//
//gomem:case PANIC.UNRECOVERED.VALUES
//gomem:exit 2
//gomem:stderr /^panic: \(panics\.point\) 0x[0-9a-f]+$/
func UnrecoveredStruct() { panic(point{1, 2}) }

// A pointer is printed as its type and its address.
//
//gomem:case PANIC.UNRECOVERED.VALUES
//gomem:exit 2
//gomem:stderr /^panic: \(\*panics\.point\) 0x[0-9a-f]+$/
func UnrecoveredPointer() { panic(&point{1, 2}) }

// The second line of a text stands as it is.
//
//gomem:case PANIC.UNRECOVERED.TEXT
//gomem:until 1.22
//gomem:exit 2
//gomem:stderr /^panic: one$/
//gomem:stderr /^two$/
func UnrecoveredTwoLines() { panic("one\ntwo") }

// The second line of a text is indented by a tab, so that it cannot pass for a line of the trace.
//
//gomem:case PANIC.UNRECOVERED.TEXT
//gomem:since 1.23
//gomem:exit 2
//gomem:stderr /^panic: one$/
//gomem:stderr /^	two$/
func UnrecoveredTwoLinesIndented() { panic("one\ntwo") }
