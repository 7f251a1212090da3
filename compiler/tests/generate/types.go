// The types that programs use: all basic ones but uintptr, and what is made of them. A type is told by its pointer; anonymous ones are made
// anew each time and compared by how they are written.
package main

import "fmt"

type kind int

const (
	kindInt kind = iota
	kindFloat
	kindComplex
	kindString
	kindBool
	kindSlice
	kindArray
	kindMap
	kindStruct
	kindPointer
	kindFunc
	kindInterface
	kindAny
	kindParam // a type parameter constrained to integers
)

type field struct {
	name     string
	t        *typ
	embedded bool
}

type typ struct {
	text      string
	kind      kind
	bits      int // of numbers
	signed    bool
	elem, key *typ
	n         int // length of an array
	fields    []field
	params    []*typ
	results   []*typ
	basic     *typ // what a named type is made from
	methods   []function
	flat      bool // holds nothing that refers to something else
}

func (t *typ) String() string { return t.text }

func basics() []*typ {
	var all []*typ
	for _, bits := range []int{8, 16, 32, 64} {
		all = append(all, &typ{text: fmt.Sprint("int", bits), kind: kindInt, bits: bits, signed: true, flat: true},
			&typ{text: fmt.Sprint("uint", bits), kind: kindInt, bits: bits, flat: true})
	}
	return append(all, intType, uintType,
		&typ{text: "float32", kind: kindFloat, bits: 32, flat: true}, floatType,
		&typ{text: "complex64", kind: kindComplex, bits: 64, flat: true},
		&typ{text: "complex128", kind: kindComplex, bits: 128, flat: true})
}

var (
	intType    = &typ{text: "int", kind: kindInt, bits: 64, signed: true, flat: true}
	uintType   = &typ{text: "uint", kind: kindInt, bits: 64, flat: true}
	floatType  = &typ{text: "float64", kind: kindFloat, bits: 64, flat: true}
	stringType = &typ{text: "string", kind: kindString, flat: true}
	boolType   = &typ{text: "bool", kind: kindBool, flat: true}
	runeType   = &typ{text: "rune", kind: kindInt, bits: 32, signed: true, flat: true}
	byteType   = &typ{text: "byte", kind: kindInt, bits: 8, flat: true}
	anyType    = &typ{text: "any", kind: kindAny}
	numbers    = basics()
	nodeType   = node()
)

// node is the prelude's type, but for f.
func node() *typ {
	t := &typ{text: "node", kind: kindStruct}
	t.fields = []field{{name: "n", t: intType}, {name: "text", t: stringType}, {name: "next", t: pointerTo(t)}, {name: "other", t: pointerTo(t)},
		{name: "more", t: sliceOf(pointerTo(t))}, {name: "x", t: anyType}}
	return t
}

func sliceOf(t *typ) *typ { return &typ{text: "[]" + t.text, kind: kindSlice, elem: t} }

func arrayOf(t *typ, n int) *typ {
	return &typ{text: fmt.Sprintf("[%d]%s", n, t), kind: kindArray, elem: t, n: n, flat: t.flat}
}

func mapOf(key, elem *typ) *typ {
	return &typ{text: fmt.Sprintf("map[%s]%s", key, elem), kind: kindMap, key: key, elem: elem}
}

func pointerTo(t *typ) *typ { return &typ{text: "*" + t.text, kind: kindPointer, elem: t} }

func same(a, b *typ) bool { return a.text == b.text || alias(a.text) == alias(b.text) }

func alias(text string) string {
	switch text {
	case "rune":
		return "int32"
	case "byte":
		return "uint8"
	}
	return text
}

// number is a random type of numbers.
func (g *generator) number() *typ {
	if g.one(3) {
		return intType
	}
	return numbers[g.Intn(len(numbers))]
}

func (g *generator) integer() *typ {
	if g.one(3) {
		return intType
	}
	return numbers[g.Intn(10)]
}

// basic is a random type without a structure.
func (g *generator) basic() *typ {
	switch n := g.Intn(10); {
	case n < 2:
		return stringType
	case n < 3:
		return boolType
	case n < 5 && len(g.named) > 0:
		return g.named[g.Intn(len(g.named))]
	}
	return g.number()
}

// keyType is one whose values can be sorted.
func (g *generator) keyType() *typ {
	if g.one(2) {
		return stringType
	}
	return g.integer()
}

// anyTyp is any type, with so many levels of structure.
func (g *generator) anyTyp(depth int) *typ {
	if depth <= 0 || g.one(3) {
		return g.basic()
	}
	switch g.Intn(12) {
	case 0, 1:
		return sliceOf(g.anyTyp(depth - 1))
	case 2:
		return arrayOf(g.anyTyp(depth-1), 1+g.Intn(4))
	case 3:
		return mapOf(g.keyType(), g.anyTyp(depth-1))
	case 4, 5, 6:
		if len(g.structs) > 0 {
			return g.structs[g.Intn(len(g.structs))]
		}
	case 7:
		return pointerTo(g.anyTyp(depth - 1))
	case 8:
		return g.funcType()
	case 9:
		if len(g.ifaces) > 0 {
			return g.ifaces[g.Intn(len(g.ifaces))]
		}
	case 10:
		return anyType
	case 11:
		if len(g.boxes) > 0 {
			return g.boxes[g.Intn(len(g.boxes))]
		}
	}
	return g.basic()
}

func (g *generator) funcType() *typ {
	p, r := g.basic(), g.basic()
	return &typ{text: fmt.Sprintf("func(%s) %s", p, r), kind: kindFunc, params: []*typ{p}, results: []*typ{r}}
}

// isComparable tells whether == may stand between values without a panic.
func isComparable(t *typ) bool {
	switch t.kind {
	case kindSlice, kindMap, kindFunc, kindAny, kindInterface:
		return false
	case kindArray:
		return isComparable(t.elem)
	case kindStruct:
		for _, f := range t.fields {
			if !isComparable(f.t) {
				return false
			}
		}
	}
	return true
}

// isPlain tells whether fmt prints the same for it each time: no addresses.
func isPlain(t *typ) bool {
	switch t.kind {
	case kindPointer, kindFunc, kindInterface, kindAny, kindParam:
		return false
	case kindSlice, kindArray:
		return isPlain(t.elem)
	case kindMap:
		return isPlain(t.elem)
	case kindStruct:
		for _, f := range t.fields {
			if !isPlain(f.t) {
				return false
			}
		}
	}
	return true
}
