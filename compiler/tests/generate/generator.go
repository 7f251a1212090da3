// generator is what one program is made with: chance, the text so far, the types, functions and variables there are.
//
// Programs have one meaning, which the generator sees to: loops spend fuel, so that they end; maps are walked in the order of their
// keys; an expression has at most one operation that may panic, and calls a function with effects only where nothing else in the statement
// reads what it may change, as the order of such things is left open by the language. Slices are of two kinds: those that are
// appended to freely are never aliased, those that are aliased are appended to behind a capacity that the program itself sets.
package main

import (
	"fmt"
	"math/rand"
	"strings"
)

type variable struct {
	name    string
	t       *typ
	fixed   bool // not to be assigned to
	builder bool // a slice that is appended to freely and never aliased
}

type function struct {
	name            string
	params, results []*typ
	variadic        bool // the last parameter is ...T
	recv            *typ // a method's
}

type generator struct {
	*rand.Rand
	lang      int // minor version of the language
	prefix    string
	out       strings.Builder
	names     int
	scopes    [][]variable
	structs   []*typ
	named     []*typ // of basic types, with methods
	ifaces    []*typ
	boxes     []*typ // instances of generic types
	pures     []function
	functions []function // with effects, callable from what comes later
	methods   []function // with effects
	results   []*typ     // of the function being written, nil in main
	risk      int        // operations that may panic and still may be put into this statement
	loops     []string   // labels of the loops around, "" without one
	depth     int        // of blocks
	closures  int        // of function literals
	labels    int
}

func newGenerator(seed int64, number, lang int) *generator {
	return &generator{Rand: rand.New(rand.NewSource(seed)), lang: lang, prefix: fmt.Sprintf("p%d", number)}
}

// one is true once in n times.
func (g *generator) one(n int) bool { return g.Intn(n) == 0 }

func (g *generator) pick(choices ...string) string { return choices[g.Intn(len(choices))] }

func (g *generator) print(format string, args ...interface{}) { fmt.Fprintf(&g.out, format, args...) }

func (g *generator) line(format string, args ...interface{}) {
	g.print(format, args...)
	g.out.WriteByte('\n')
}

// name makes a name for something local, top one for something at package level.
func (g *generator) name(kind string) string {
	g.names++
	return fmt.Sprintf("%s%d", kind, g.names)
}

func (g *generator) top(kind string) string { return g.prefix + g.name(kind) }

// label is what a line of output begins with.
func (g *generator) label() string {
	g.labels++
	return fmt.Sprintf("%q", fmt.Sprint(g.labels))
}

func (g *generator) push() { g.scopes = append(g.scopes, nil) }

func (g *generator) pop() { g.scopes = g.scopes[:len(g.scopes)-1] }

func (g *generator) declare(v variable) {
	top := len(g.scopes) - 1
	g.scopes[top] = append(g.scopes[top], v)
}

// local declares a variable with a value and uses it.
func (g *generator) local(t *typ, value string) string {
	v := g.name("v")
	if g.one(4) {
		g.line("var %s %s = %s", v, t, value)
	} else {
		g.line("%s := %s", v, g.typed(t, value))
	}
	g.line("_ = %s", v)
	g.declare(variable{name: v, t: t})
	return v
}

// typed is a value as an expression that has the type by itself.
func (g *generator) typed(t *typ, value string) string {
	if t.kind == kindPointer || t.kind == kindFunc || t.kind == kindSlice || t.kind == kindMap {
		return fmt.Sprintf("(%s)(%s)", t, value)
	}
	return fmt.Sprintf("%s(%s)", t, value)
}

// find chooses among the variables that are fit, "" when none is.
func (g *generator) find(fit func(variable) bool) (variable, bool) {
	var all []variable
	for _, scope := range g.scopes {
		for _, v := range scope {
			if fit(v) {
				all = append(all, v)
			}
		}
	}
	if len(all) == 0 {
		return variable{}, false
	}
	// The newest are likelier, so that what a block computes is used in it.
	i := g.Intn(len(all))
	if j := g.Intn(len(all)); j > i {
		i = j
	}
	return all[i], true
}

// risky tells whether an operation that may panic may stand here, and if so takes note of it.
func (g *generator) risky() bool {
	if g.risk == 0 || !g.one(6) {
		return false
	}
	g.risk--
	return true
}

// program writes the whole of a program whose entry is the function called entry.
func (g *generator) program(entry string) string {
	g.push()
	g.declarations()
	g.line("func %s() {", entry)
	g.push()
	for n := 1 + g.Intn(3); n > 0; n-- {
		g.line("guard(%s, func() {", g.label())
		g.body(3+g.Intn(3), nil)
		g.line("})")
	}
	g.line("finish()")
	g.ending()
	g.pop()
	g.line("}")
	return g.out.String()
}

// ending is how some programs end otherwise than by returning.
func (g *generator) ending() {
	switch g.Intn(12) {
	case 0:
		g.line("os.Exit(%d)", 1+g.Intn(120))
	case 1:
		// No float: it is printed otherwise before 1.26.
		g.line("panic(%s)", g.pick(`"the end"`, "errorf(7)", "failure{3, \"x\"}", "uint8(200)", "int8(-3)", "&failure{}"))
	case 2:
		g.line("defer func() { show(%s, \"deferred\") }()", g.label())
		g.line("var p *failure\nshow(%s, p.code)", g.label())
	case 3:
		g.line("defer func() { panic(fmt.Sprint(\"again \", recover())) }()")
		g.line("var s []int\ns[len(s)+%d]++", g.Intn(3))
	}
}
