package panics

// The other run-time errors: PANIC.RUNTIMEERROR, PANIC.NIL*, PANIC.ASSERT, PANIC.DIVIDE, PANIC.SHIFT, PANIC.COMPARE, PANIC.HASH.

import (
	"runtime"

	"gomem/cases/check"
)

type large struct {
	first int
	_     [1 << 20]byte
	last  int
}

type (
	speaker  interface{ Speak() string }
	listener interface{ Listen() }
	person   struct{ name string }
)

func (p person) Speak() string   { return p.name }
func (p *person) isNil() bool    { return p == nil }
func (p *person) rename() string { p.name = "new"; return p.name }

// The values of the panics that the run-time system raises are all of type runtime.Error, and errors.
//
//gomem:case PANIC.RUNTIMEERROR
func RuntimeErrors() {
	var p *person
	var m map[int]int
	var f func()
	var v interface{} = "text"
	var c chan int
	s := make([]int, 2)
	all := []func(){
		func() { s[five]++ },
		func() { s = s[:five] },
		func() { check.Use((*[4]int)(s)) },
		func() { p.name = "x" },
		func() { f() },
		func() { m[1] = 1 },
		func() { check.Use(v.(int)) },
		func() { check.Use(v.(speaker)) },
		func() { check.Use(one / zero) },
		func() { check.Use(one << minusOne) },
		func() { var a, b interface{} = s, s; check.Use(a == b) },
		func() { check.Use(map[interface{}]int{1: 1}[s]) },
		func() { check.Keep(make([]int, minusOne)) },
		func() { check.Keep(make(chan int, minusOne)) },
		func() { close(c) },
	}
	for i, f := range all {
		e, ok := check.Panics(f).(runtime.Error)
		check.That("a runtime.Error from number "+string(rune('a'+i)), ok)
		if ok {
			e.RuntimeError()
			var err error = e
			check.That("it has a text", err.Error() != "")
		}
	}
	_, ok := check.Panics(func() { panic("mine") }).(runtime.Error)
	check.That("the program's own value is none", !ok)
}

// Reads and writes through nil panic at any offset, and nothing is assigned.
//
//gomem:case PANIC.NILDEREF
func NilDereference() {
	var i *int
	var p *large
	var a *[1 << 20]int
	var pp **int
	got := 7
	panics("reading", func() { got = *i })
	panics("writing", func() { *i = 1 })
	panics("reading a first field", func() { got = p.first })
	panics("reading a field beyond 1 MiB", func() { got = p.last })
	panics("writing a field beyond 1 MiB", func() { p.last = 1 })
	panics("the address of a field beyond 1 MiB", func() { check.Use(&p.last) })
	panics("an element of a nil array", func() { got = a[1<<19+zero] })
	panics("writing an element of a nil array", func() { a[1<<19+zero] = 1 })
	panics("slicing a nil array", func() { check.Use(a[zero:]) })
	panics("two steps", func() { got = **pp })
	panics("copying a whole struct", func() { q := *p; got = q.last })
	panics("ranging over a nil array's elements", func() {
		for _, got = range a {
		}
	})
	check.Equal("the variable", got, 7)
	check.Equal("its length is known", len(a), 1<<20)
}

// The text, and the value that has it.
//
//gomem:case PANIC.NILDEREF.TEXT
func NilDereferenceText() {
	var i *int
	var p *large
	const text = "invalid memory address or nil pointer dereference"
	fails("reading", func() { check.Use(*i) }, text)
	fails("writing", func() { *i = 1 }, text)
	fails("a far field", func() { p.last = 1 }, text)
}

// Unrecovered, a line about the signal follows.
//
//gomem:case PANIC.NILDEREF.TEXT
//gomem:exit 2
//gomem:stderr panic: runtime error: invalid memory address or nil pointer dereference
//gomem:stderr /^\[signal SIGSEGV: segmentation violation code=0x[0-9a-f]+ addr=0x0 pc=0x[0-9a-f]+\]$/
//gomem:stderr /^goroutine [0-9]+ \[running\]:/
func NilDereferenceDies() {
	var i *int
	*i = 1
}

// Calling a nil function panics after its arguments were evaluated.
//
//gomem:case PANIC.NILFUNC
func NilFunction() {
	var f func(int) int
	evaluated := 0
	arg := func() int { evaluated++; return 1 }
	fails("the call", func() { check.Use(f(arg())) }, "invalid memory address or nil pointer dereference")
	check.Equal("arguments evaluated", evaluated, 1)
}

// Calling a method of a nil interface panics, and so does taking its method value.
//
//gomem:case PANIC.NILIFACE
func NilInterfaceMethod() {
	var s speaker
	var err error
	panics("a call", func() { check.Use(s.Speak()) })
	panics("a call of Error", func() { check.Use(err.Error()) })
	panics("a method value", func() { f := s.Speak; check.Use(f != nil) })
}

// A value method through a nil pointer panics; a pointer method gets the nil and may do without it.
//
//gomem:case PANIC.NILRECEIVER
func NilReceiver() {
	var p *person
	var s speaker = p
	panics("a value method through a nil pointer", func() { check.Use(p.Speak()) })
	panics("through an interface", func() { check.Use(s.Speak()) })
	panics("as a method value", func() { f := p.Speak; check.Use(f != nil) })
	check.That("a pointer method", p.isNil())
	isNil := p.isNil
	check.That("a pointer method's value", isNil())
	panics("a pointer method that uses it", func() { p.rename() })
}

// Through an interface the text names type and method.
//
//gomem:case PANIC.NILRECEIVER.TEXT
func NilReceiverText() {
	check.Equal("text", runtimeText(func() { check.Use(absent.Speak()) }),
		"value method gomem/cases/panics.person.Speak called using nil *person pointer")
}

// A variable of the package, so that no compiler knows what is in it and calls the method directly.
var absent speaker = (*person)(nil)

// A nil map reads as an empty one and takes no entry.
//
//gomem:case PANIC.NILMAP
func NilMap() {
	var m map[string]int
	panics("a store", func() { m["a"] = 1 })
	panics("an increment", func() { m["a"]++ })
	panics("a nil map of structs", func() { var m map[int]person; m[1] = person{} })
	v, ok := m["a"]
	check.That("a read", v == 0 && !ok && m["b"] == 0)
	check.Equal("len", len(m), 0)
	delete(m, "a")
	for range m {
		check.Fail("an iteration")
	}
}

// The text, without the words "runtime error".
//
//gomem:case PANIC.NILMAP.TEXT
func NilMapText() {
	var strs map[string]int
	var ints map[int]int
	var words map[uint64]*int
	var any map[interface{}]int
	for _, f := range []func(){func() { strs["a"] = 1 }, func() { ints[1] = 1 }, func() { words[1] = nil }, func() { any[1] = 1 }} {
		check.Equal("text", runtimeText(f), "assignment to entry in nil map")
	}
}

// A failed assertion panics and assigns nothing; its two-value form gives the zero value and false.
//
//gomem:case PANIC.ASSERT
func AssertionFails() {
	var v interface{} = "text"
	var s speaker = person{"p"}
	n := 5
	panics("another type", func() { n = v.(int) })
	panics("nil", func() { n = interface{}(nil).(int) })
	panics("a missing method", func() { check.Use(v.(speaker)) })
	panics("a nil interface to an interface", func() { check.Use(speaker(nil).(listener)) })
	panics("the pointer type", func() { check.Use(s.(*person)) })
	check.Equal("the variable", n, 5)
	n, ok := v.(int)
	check.That("two values", n == 0 && !ok)
	l, ok := s.(listener)
	check.That("two values of an interface", l == nil && !ok)
	_, ok = speaker(nil).(speaker)
	check.That("nil is of no type", !ok)
	p, ok := s.(person)
	check.That("the right type", p.name == "p" && ok)
}

// The texts, and the type that has them.
//
//gomem:case PANIC.ASSERT.TEXT
func AssertionText() {
	var v, none interface{} = "text", nil
	var s, silent speaker = person{}, nil
	texts := []struct {
		f    func()
		text string
	}{
		{func() { check.Use(v.(int)) }, "interface conversion: interface {} is string, not int"},
		{func() { check.Use(none.(int)) }, "interface conversion: interface {} is nil, not int"},
		{func() { check.Use(s.(*person)) }, "interface conversion: panics.speaker is panics.person, not *panics.person"},
		{func() { check.Use(silent.(person)) }, "interface conversion: panics.speaker is nil, not panics.person"},
		{func() { check.Use(v.(speaker)) }, "interface conversion: string is not panics.speaker: missing method Speak"},
		{func() { check.Use(s.(listener)) }, "interface conversion: panics.person is not panics.listener: missing method Listen"},
		{func() { check.Use(none.(speaker)) }, "interface conversion: interface is nil, not panics.speaker"},
	}
	for _, t := range texts {
		e, ok := check.Panics(t.f).(*runtime.TypeAssertionError)
		check.That("a *runtime.TypeAssertionError", ok)
		if ok {
			check.Equal("text", e.Error(), t.text)
		}
	}
}

// Division and remainder by zero panic for every integer type, and the smallest number divided by -1 does not.
//
//gomem:case PANIC.DIVIDE
func DivideByZero() {
	n8, n16, n32, n64 := int8(zero), int16(zero), int32(zero), int64(zero)
	u8, u32, u64 := uint8(zero), uint32(zero), uint64(zero)
	got := 5
	panics("int", func() { got = one / zero })
	panics("int remainder", func() { got = one % zero })
	panics("zero by zero", func() { got = zero / zero })
	panics("int8", func() { check.Use(1 / n8) })
	panics("int16", func() { check.Use(1 % n16) })
	panics("int32", func() { check.Use(1 / n32) })
	panics("int64", func() { check.Use(1 / n64) })
	panics("int64 remainder", func() { check.Use(1 % n64) })
	panics("uint8", func() { check.Use(1 / u8) })
	panics("uint32", func() { check.Use(1 % u32) })
	panics("uint64", func() { check.Use(1 / u64) })
	panics("an assignment operation", func() { got /= zero })
	check.Equal("the variable", got, 5)
	least := -maxInt - 1
	check.Equal("the least int by -1", least/minusOne, least)
	check.Equal("its remainder", least%minusOne, 0)
	float := float64(zero)
	check.That("a floating-point division", 1/float > 1e300)
}

// The text.
//
//gomem:case PANIC.DIVIDE.TEXT
func DivideText() {
	n64 := int64(zero)
	fails("division", func() { check.Use(one / zero) }, "integer divide by zero")
	fails("remainder", func() { check.Use(one % zero) }, "integer divide by zero")
	fails("64 bits", func() { check.Use(1 / n64) }, "integer divide by zero")
}

// A shift by a negative count panics, whichever way; a count beyond the width does not.
//
//gomem:case PANIC.SHIFT
func ShiftByNegative() {
	got := 5
	i8, i64 := int8(minusOne), int64(-1)<<40
	panics("left", func() { got = one << minusOne })
	panics("right", func() { got = one >> minusOne })
	panics("an int8 count", func() { got = one << i8 })
	panics("an int64 count whose low half is zero", func() { got = one >> i64 })
	panics("an assignment operation", func() { got <<= minusOne })
	check.Equal("the variable", got, 5)
	check.Equal("a large count", one<<(five*100), 0)
	check.Equal("a large count of a negative number", minusOne>>(five*100), -1)
	check.Equal("count zero", five>>zero, 5)
}

// The text.
//
//gomem:case PANIC.SHIFT.TEXT
func ShiftText() {
	fails("left", func() { check.Use(one << minusOne) }, "negative shift amount")
	fails("right", func() { check.Use(one >> minusOne) }, "negative shift amount")
}

type holder struct {
	n int
	f interface{}
}

// Comparing values of one uncomparable type panics; of different types they are unequal.
//
//gomem:case PANIC.COMPARE
func CompareUncomparable() {
	var slice, same, m, f, n interface{} = []int{1}, []int{1}, map[int]int{}, func() {}, 1
	panics("slices", func() { check.Use(slice == same) })
	panics("a slice with itself", func() { check.Use(slice == slice) })
	panics("maps", func() { check.Use(m != m) })
	panics("functions", func() { check.Use(f == f) })
	panics("in a struct", func() { a, b := holder{1, slice}, holder{1, slice}; check.Use(a == b) })
	panics("in an array", func() { a, b := [1]interface{}{slice}, [1]interface{}{slice}; check.Use(a == b) })
	panics("in a switch", func() {
		switch slice {
		case same:
		}
	})
	check.That("different types", slice != m && slice != n && f != nil && slice != nil)
}

// The text names the type.
//
//gomem:case PANIC.COMPARE.TEXT
func CompareText() {
	type bad struct{ f func() }
	var a, b, f, s interface{} = []int{1}, []int{1}, func() {}, bad{}
	fails("slices", func() { check.Use(a == b) }, "comparing uncomparable type []int")
	fails("functions", func() { check.Use(f == f) }, "comparing uncomparable type func()")
	fails("structs", func() { check.Use(s == s) }, "comparing uncomparable type panics.bad")
}

// A key of an uncomparable type panics in a map, whatever is done with it, and the map stays as it was.
//
//gomem:case PANIC.HASH
func HashUnhashable() {
	m := map[interface{}]int{1: 1, "a": 2}
	key := interface{}([]int{1})
	panics("a store", func() { m[key] = 1 })
	panics("a read", func() { check.Use(m[key]) })
	panics("a delete", func() { delete(m, key) })
	panics("a key inside a struct", func() { check.Use(map[holder]int{{1, 2}: 3}[holder{1, key}]) })
	panics("a read of an empty map", func() { check.Use(map[interface{}]int{}[key]) })
	panics("a read of a nil map", func() { var none map[interface{}]int; check.Use(none[key]) })
	check.That("the map", len(m) == 2 && m[1] == 1 && m["a"] == 2)
}

// The text of a store names the type.
//
//gomem:case PANIC.HASH.TEXT
func HashText() {
	m := map[interface{}]int{1: 1}
	fails("a slice", func() { m[[]int{1}] = 1 }, "hash of unhashable type []int")
	fails("a map", func() { m[map[int]int{}] = 1 }, "hash of unhashable type map[int]int")
	fails("a function", func() { m[func() {}] = 1 }, "hash of unhashable type func()")
}

// A look-up in a map without entries words it another way.
//
//gomem:case PANIC.HASH.TEXT
//gomem:since 1.26
func HashTextWithoutEntries() {
	type holder struct {
		n     int
		inner [1]interface{}
	}
	var none map[interface{}]int
	empty, slice := map[holder]int{}, []int{1}
	fails := func(what string, f func(), text string) {
		check.Equal(what, runtimeText(f), text)
	}
	fails("a read of a nil map", func() { check.Use(none[slice]) }, "hash of unhashable type: []int")
	fails("a delete from it", func() { delete(none, func() {}) }, "hash of unhashable type: func()")
	fails("a key inside a struct", func() { check.Use(empty[holder{1, [1]interface{}{slice}}]) }, "hash of unhashable type: []int")
	empty[holder{}] = 1
	fails("a map with an entry", func() { check.Use(empty[holder{1, [1]interface{}{slice}}]) },
		"runtime error: hash of unhashable type []int")
}
