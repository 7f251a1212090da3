// Statements with blocks: conditions, loops, switches, closures, panics, goroutines.
package main

import (
	"fmt"
	"strings"
)

func (g *generator) ifStatement() {
	if g.one(4) {
		t := g.basic()
		v := g.name("v")
		g.push()
		g.line("if %s := %s; %s {", v, g.typed(t, g.expr(t, 2)), fmt.Sprintf("%s == %s", v, g.solid(t, 0)))
		g.declare(variable{name: v, t: t})
		defer g.pop()
	} else {
		g.line("if %s {", g.expr(boolType, 2))
	}
	g.block(1 + g.Intn(3))
	if g.one(2) {
		g.line("} else if %s {", g.safely(boolType, 2))
		g.block(1 + g.Intn(2))
	}
	if g.one(2) {
		g.line("} else {")
		g.block(1 + g.Intn(2))
	}
	g.line("}")
}

// safely is an expression that does not panic.
func (g *generator) safely(t *typ, depth int) string {
	saved := g.risk
	g.risk = 0
	defer func() { g.risk = saved }()
	return g.expr(t, depth)
}

// loop writes the body of a loop whose head is written.
func (g *generator) loop(label string) {
	g.loops = append(g.loops, label)
	g.line("step()")
	g.block(1 + g.Intn(3))
	g.loops = g.loops[:len(g.loops)-1]
	g.line("}")
}

func (g *generator) forStatement() {
	i := g.name("i")
	g.push()
	switch g.Intn(3) {
	case 0:
		g.line("for %s := %s(0); %s < %d; %s++ {", i, g.pickType(intType, uintType, byteType), i, 1+g.Intn(5), i)
	case 1:
		g.line("for %s, j := 10, %d; %s > j; %s, j = %s-2, j+1 {", i, g.Intn(8), i, i, i)
	case 2:
		g.line("%s := 0\nfor %s && %s < 5 {\n%s++", i, g.safely(boolType, 1), i, i)
	}
	g.declare(variable{name: i, t: &typ{text: "loop", kind: kindBool}, fixed: true})
	g.loop("")
	g.pop()
}

// labelled is two loops, the inner of which leaves the outer by its label.
func (g *generator) labelled() {
	l, i := g.name("L"), g.name("i")
	g.line("%s:\nfor %s := 0; %s < 4; %s++ {", l, i, i, i)
	g.push()
	g.declare(variable{name: i, t: intType, fixed: true})
	g.line("step()\nfor j := 0; j < 3; j++ {\nstep()\nif %s == j + %d { %s %s }", i, g.Intn(2), g.pick("continue", "break"), l)
	g.loops = append(g.loops, l, "")
	g.block(1 + g.Intn(2))
	g.loops = g.loops[:len(g.loops)-2]
	g.line("}\n}")
	g.pop()
}

// jump leaves a loop or the function.
func (g *generator) jump() {
	if len(g.loops) > 0 && g.one(2) {
		l := g.loops[g.Intn(len(g.loops))]
		if len(g.loops) > 1 && l == "" {
			l = g.loops[len(g.loops)-2]
		}
		g.line("if %s { %s %s }", g.safely(boolType, 2), g.pick("break", "continue"), l)
		return
	}
	if g.results != nil && g.depth > 0 {
		g.line("if %s {", g.safely(boolType, 2))
		g.returns(g.results)
		g.line("}")
	}
}

func (g *generator) rangeStatement() {
	v, ok := g.find(func(v variable) bool {
		return v.t.kind == kindSlice || v.t.kind == kindArray || v.t.kind == kindString && v.t.basic == nil || v.t.kind == kindMap
	})
	if !ok || g.one(4) {
		g.rangeNew()
		return
	}
	k, e := g.name("k"), g.name("e")
	g.push()
	switch v.t.kind {
	case kindMap:
		g.line("for _, %s := range keys(%s) {\n%s := %s[%s]", k, v.name, e, v.name, k)
		g.declare(variable{name: k, t: v.t.key})
		g.declare(variable{name: e, t: v.t.elem})
	case kindString:
		g.line("for %s, %s := range short(%s) {", k, e, v.name)
		g.declare(variable{name: k, t: intType})
		g.declare(variable{name: e, t: runeType})
	default:
		over := v.name
		if v.t.kind == kindArray && g.one(3) {
			over = "&" + over
		}
		g.line("for %s, %s := range %s {", k, e, over)
		g.declare(variable{name: k, t: intType})
		g.declare(variable{name: e, t: v.t.elem})
	}
	g.line("_, _ = %s, %s", k, e)
	g.loop("")
	g.pop()
}

// rangeNew ranges over an integer, a function, or a string given by an expression.
func (g *generator) rangeNew() {
	k := g.name("k")
	g.push()
	switch {
	case g.lang >= 23 && g.one(2):
		t := g.basic()
		g.line("for %s := range func(yield func(%s) bool) {\n", k, t)
		g.line("for i := 0; i < 3; i++ {\nif !yield(%s) { show(%s, i); return }\n}\n} {", g.safely(t, 2), g.label())
		g.declare(variable{name: k, t: t})
	case g.lang >= 22 && g.one(2):
		g.line("for %s := range %d {", k, 1+g.Intn(5))
		g.declare(variable{name: k, t: intType})
	default:
		g.line("for _, %s := range short(%s) {", k, g.expr(stringType, 2))
		g.declare(variable{name: k, t: runeType})
	}
	g.line("_ = %s", k)
	g.loop("")
	g.pop()
}

func (g *generator) switchStatement() {
	t := g.pickType(g.integer(), stringType)
	value := g.expr(t, 2)
	g.line("switch x := %s; x {", g.typed(t, value))
	g.push()
	n := 1 + g.Intn(3)
	for i := 0; i < n; i++ {
		g.line("case %s:", g.key(t, i))
		g.block(1 + g.Intn(2))
		if i < n-1 && g.one(4) {
			g.line("fallthrough")
		}
	}
	if g.one(3) {
		g.line("case %s:", g.solid(t, 0))
		g.block(1)
	}
	if g.one(2) {
		g.line("default:")
		g.block(1)
	}
	g.pop()
	g.line("}")
}

func (g *generator) typeSwitch() {
	value := g.expr(anyType, 2)
	x := g.name("x")
	g.line("switch %s := any(%s).(type) {", x, value)
	seen := map[string]bool{}
	for n := 1 + g.Intn(4); n > 0; n-- {
		t := g.anyTyp(1)
		if t.kind == kindAny || t.kind == kindInterface || seen[alias(t.text)] {
			continue
		}
		seen[alias(t.text)] = true
		g.line("case %s:\n_ = %s", t, x)
		g.push()
		g.declare(variable{name: x, t: t})
		g.block(1 + g.Intn(2))
		g.pop()
	}
	if len(g.ifaces) > 0 && g.one(2) {
		g.line("case %s, error:\nshow(%s, describe(%s))", g.ifaces[0], g.label(), x)
	}
	g.line("default:\nshow(%s, describe(%s))\n}", g.label(), x)
}

// closure declares a function literal that may change what is round it, and calls it.
func (g *generator) closure() {
	t, r := g.basic(), g.anyTyp(1)
	c, p := g.name("c"), g.name("a")
	g.line("%s := func(%s %s) %s {", c, p, t, r)
	g.push()
	g.declare(variable{name: p, t: t})
	g.nested(1+g.Intn(3), []*typ{r})
	g.returns([]*typ{r})
	g.pop()
	g.line("}")
	f := function{params: []*typ{t}, results: []*typ{r}}
	for n := 1 + g.Intn(2); n > 0; n-- {
		g.take(f, c+g.arguments(f, 1))
	}
}

// loopClosures collects closures over the variables of a loop.
func (g *generator) loopClosures() {
	if g.lang < 22 {
		return
	}
	fs, i, t := g.name("v"), g.name("i"), g.basic()
	g.line("var %s []func(int) %s\nfor %s := 0; %s < 3; %s++ {", fs, t, i, i, i)
	g.push()
	g.declare(variable{name: i, t: intType})
	x := g.local(t, g.expr(t, 2))
	g.line("%s = append(%s, func(n int) %s {\n%s += n\nshow(%s, %s)\nreturn %s\n})", fs, fs, t, i, g.label(), i, x)
	if g.one(2) {
		g.line("if %s > 5 { break }", i)
	}
	g.pop()
	g.line("}\nfor _, f := range %s {\nshow(%s, f(1), f(2))\n}", fs, g.label())
}

// recovers is a function literal that panics and recovers.
func (g *generator) recovers() {
	g.line("func() {\ndefer func() {\nshow(%s, caught(recover()))", g.label())
	g.nested(1, nil)
	g.line("}()")
	g.nested(1+g.Intn(3), nil)
	switch g.Intn(5) {
	case 0:
		t := g.basic()
		g.line("panic(%s)", g.typed(t, g.safely(t, 2)))
	case 1:
		g.line("var e any = %s\nshow(%s, e.(%s))", g.expr(anyType, 1), g.label(), g.basic())
	case 2:
		g.line("var m map[string]int\nm[\"x\"] = %d", g.Intn(5))
	case 3:
		g.line("a, b := any([]int{%d}), any([]int{1})\nshow(%s, a == b)", g.Intn(3), g.label())
	case 4:
		g.line("panic(%s)", g.pick("errorf(3)", "failure{1, \"f\"}", "&failure{2, \"g\"}"))
	}
	g.line("}()")
}

// goroutine hands values through a channel. The sender has them for itself: a variable that it shared could change while it sends.
func (g *generator) goroutine() {
	t := g.anyTyp(1)
	ch := g.name("ch")
	v := g.name("v")
	g.line("%s := make(chan %s%s)", ch, t, g.pick("", ", 1", ", 4"))
	var sent []string
	for n := 1 + g.Intn(4); n > 0; n-- {
		sent = append(sent, g.local(t, g.expr(t, 2)))
	}
	g.line("go func(sent ...%s) {\ndefer close(%s)\nfor _, one := range sent {\n%s <- one\n}\n}(%s)", t, ch, ch, strings.Join(sent, ", "))
	g.push()
	if g.one(2) {
		g.line("for %s := range %s {\n_ = %s", v, ch, v)
		g.declare(variable{name: v, t: t})
		// Leaving the loop would leave the sender behind, which is no error.
		g.loop("")
	} else {
		g.line("%s, ok := <-%s\n_ = %s\nshow(%s, ok)", v, ch, v, g.label())
	}
	g.pop()
}

// selectStatement has one case that is ready.
func (g *generator) selectStatement() {
	t := g.basic()
	a, b, v := g.name("ch"), g.name("ch"), g.name("v")
	g.line("%s, %s := make(chan %s, 1), make(chan %s)", a, b, t, t)
	if g.one(2) {
		g.line("%s <- %s", a, g.expr(t, 2))
	}
	g.line("select {\ncase %s := <-%s:\nshow(%s, %s)", v, a, g.label(), v)
	g.push()
	g.declare(variable{name: v, t: t})
	g.block(1)
	g.pop()
	g.line("case %s <- %s:\nshow(%s, \"sent\")", b, g.safely(t, 1), g.label())
	g.line("default:\nshow(%s, \"default\")", g.label())
	g.block(1)
	g.line("}")
}

func (g *generator) gotoLoop() {
	l, i := g.name("G"), g.name("i")
	g.line("{\nvar %s int\n%s:\n%s++\nstep()\n{", i, l, i)
	g.push()
	g.declare(variable{name: i, t: intType, fixed: true})
	saved := g.loops
	g.loops = nil
	g.block(1 + g.Intn(2))
	g.loops = saved
	g.pop()
	g.line("}\nif %s < %d { goto %s }\n}", i, 1+g.Intn(4), l)
}
