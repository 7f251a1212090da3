// Statements. Each declares what it makes in the scope it stands in, and leaves everything deterministic: see generator.go.
package main

import (
	"fmt"
	"strings"
)

const maxDepth = 3 // of blocks

// body is a number of statements in a function's outermost block; results are what a return has to give.
func (g *generator) body(n int, results []*typ) {
	savedResults, savedLoops := g.results, g.loops
	g.results, g.loops = results, nil
	g.push()
	g.line("{")
	for ; n > 0; n-- {
		g.statement()
	}
	g.line("}")
	g.pop()
	g.results, g.loops = savedResults, savedLoops
}

func (g *generator) block(n int) {
	g.depth++
	g.push()
	for ; n > 0; n-- {
		g.statement()
	}
	g.pop()
	g.depth--
}

func (g *generator) statement() {
	g.risk = 0
	if g.one(2) {
		g.risk = 1
	}
	simple := []func(){g.declaration, g.declaration, g.declaration, g.assignment, g.assignment, g.update, g.show, g.show, g.call, g.call, g.methodCall,
		g.appendTo, g.builtin, g.stress, g.pair, g.constants, g.deferred, g.jump, g.nodes, g.nodes}
	nested := []func(){g.ifStatement, g.ifStatement, g.forStatement, g.rangeStatement, g.rangeStatement, g.switchStatement, g.typeSwitch, g.closure,
		g.recovers, g.goroutine, g.selectStatement, g.gotoLoop, g.loopClosures, g.labelled}
	if g.depth < maxDepth && g.one(3+g.depth) {
		nested[g.Intn(len(nested))]()
		return
	}
	simple[g.Intn(len(simple))]()
}

func (g *generator) declaration() {
	t := g.anyTyp(2)
	if g.one(6) {
		v := g.name("v")
		g.line("var %s %s\n_ = %s", v, t, v)
		g.declare(variable{name: v, t: t})
		return
	}
	g.local(t, g.expr(t, 3))
}

// show prints what can be printed of a variable, or of an expression.
func (g *generator) show() {
	if g.one(2) {
		t := g.anyTyp(2)
		for !isPlain(t) {
			t = g.anyTyp(1)
		}
		g.line("show(%s, %s)", g.label(), g.typed(t, g.expr(t, 3)))
		return
	}
	if v, ok := g.find(func(variable) bool { return true }); ok {
		var parts []string
		g.shown(v.name, v.t, 3, &parts)
		g.line("show(%s, %s)", g.label(), strings.Join(parts, ", "))
	}
}

func (g *generator) shown(at string, t *typ, depth int, parts *[]string) {
	switch {
	case isPlain(t):
		*parts = append(*parts, at)
	case t.kind == kindAny || t.kind == kindInterface:
		*parts = append(*parts, "describe("+at+")")
	case depth == 0 || t.kind == kindFunc || t.kind == kindParam:
		if nilable(t) {
			*parts = append(*parts, at+" == nil")
		} else {
			*parts = append(*parts, `"..."`)
		}
	case t.kind == kindPointer:
		*parts = append(*parts, at+" == nil")
		g.shown("deref("+at+")", t.elem, depth-1, parts)
	case t.kind == kindStruct:
		for _, f := range t.fields {
			g.shown(at+"."+fieldName(f), f.t, depth-1, parts)
		}
	case t.kind == kindMap:
		*parts = append(*parts, "len("+at+")")
		g.shown(fmt.Sprintf("%s[%s]", at, g.key(t.key, g.Intn(4))), t.elem, depth-1, parts)
	default:
		*parts = append(*parts, "len("+at+")")
		if t.kind == kindArray {
			g.shown(at+"[0]", t.elem, depth-1, parts)
		} else {
			g.shown("at("+at+", 0)", t.elem, depth-1, parts)
		}
	}
}

// place is something that can be assigned to: its text, its type, and what has to hold for it not to panic.
func (g *generator) place() (text string, t *typ, needs string) {
	v, ok := g.find(func(v variable) bool { return !v.fixed })
	if !ok {
		return "", nil, ""
	}
	text, t = v.name, v.t
	if v.builder {
		return "", nil, ""
	}
	for n := g.Intn(4); n > 0; n-- {
		switch t.kind {
		case kindStruct:
			f := t.fields[g.Intn(len(t.fields))]
			text, t = text+"."+fieldName(f), f.t
		case kindArray:
			text, t = fmt.Sprintf("%s[%s %% %d]", text, "uint("+g.solid(g.integer(), 0)+")", t.n), t.elem
		case kindSlice:
			if needs != "" {
				return
			}
			i := g.Intn(4)
			needs = fmt.Sprintf("len(%s) > %d", text, i)
			text, t = fmt.Sprintf("%s[%d]", text, i), t.elem
			if g.risky() {
				needs = ""
				return
			}
		case kindPointer:
			if needs != "" {
				return
			}
			needs = text + " != nil"
			text, t = "(*"+text+")", t.elem
			if g.risky() {
				needs = ""
				return
			}
		case kindMap:
			if needs != "" {
				return
			}
			needs = text + " != nil"
			return fmt.Sprintf("%s[%s]", text, g.key(t.key, g.Intn(4))), t.elem, needs
		}
	}
	return
}

func (g *generator) assignment() {
	text, t, needs := g.place()
	if text == "" {
		return
	}
	g.needing(needs, fmt.Sprintf("%s = %s", text, g.expr(t, 3)))
}

func (g *generator) needing(needs, statement string) {
	if needs == "" {
		g.line("%s", statement)
		return
	}
	g.line("if %s {\n%s\n}", needs, statement)
}

// update is an assignment with an operator, ++ or --.
func (g *generator) update() {
	text, t, needs := g.place()
	if text == "" {
		return
	}
	switch t.kind {
	case kindInt:
		if g.one(3) {
			g.needing(needs, text+g.pick("++", "--"))
		} else {
			g.needing(needs, fmt.Sprintf("%s %s= %s", text, g.operator(), g.expr(t, 2)))
		}
	case kindFloat, kindComplex:
		g.needing(needs, fmt.Sprintf("%s %s= %s", text, g.pick("+", "-", "*", "/"), g.solid(t, 0)))
	case kindString:
		g.needing(needs, fmt.Sprintf("%s = short(%s + %s)", text, text, g.expr(t, 2)))
	default:
		g.needing(needs, fmt.Sprintf("%s = %s", text, g.expr(t, 2)))
	}
}

// pair assigns to two places at once; they are variables or elements of one array.
func (g *generator) pair() {
	v, ok := g.find(func(v variable) bool { return v.t.kind == kindArray && v.t.n > 1 && !v.fixed })
	if !ok || g.one(3) {
		a, ok := g.find(func(v variable) bool { return !v.fixed && !v.builder })
		b, _ := g.find(func(v variable) bool { return !v.fixed && !v.builder && same(v.t, a.t) })
		if ok && a.name != b.name {
			g.line("%s, %s = %s, %s", a.name, b.name, b.name, a.name)
		}
		return
	}
	i := g.local(intType, fmt.Sprint(g.Intn(v.t.n)))
	other := g.Intn(v.t.n)
	g.line("%s, %s[%s], %s[%d] = %d, %s[%d], %s[%s]", i, v.name, i, v.name, other, g.Intn(9), v.name, other, v.name, i)
}

// call calls a function with effects; nothing else is in the statement.
func (g *generator) call() {
	if len(g.functions) == 0 {
		return
	}
	f := g.functions[g.Intn(len(g.functions))]
	g.take(f, f.name+g.arguments(f, 2))
}

func (g *generator) methodCall() {
	if len(g.methods) == 0 {
		return
	}
	f := g.methods[g.Intn(len(g.methods))]
	v, ok := g.find(func(v variable) bool {
		return same(v.t, f.recv) && !v.fixed || v.t.kind == kindPointer && same(v.t.elem, f.recv) && f.recv.kind != kindInterface
	})
	if !ok {
		return
	}
	args := g.arguments(f, 2)
	nilable := v.t.kind == kindPointer || v.t.kind == kindInterface
	if nilable {
		g.line("if %s != nil {", v.name)
	}
	switch {
	case g.one(4):
		m := g.name("m")
		g.line("%s := %s.%s", m, v.name, f.name)
		g.take(f, m+args)
	default:
		g.take(f, v.name+"."+f.name+args)
	}
	if nilable {
		g.line("}")
	}
}

// take uses the results of a call.
func (g *generator) take(f function, call string) {
	if len(f.results) == 0 || g.one(5) {
		g.line("%s", call)
		return
	}
	var names []string
	for range f.results {
		names = append(names, g.name("v"))
	}
	g.line("%s := %s", strings.Join(names, ", "), call)
	inside := f.recv != nil // it may stand in a block of its own
	for i, r := range f.results {
		var parts []string
		g.shown(names[i], r, 2, &parts)
		g.line("show(%s, %s)", g.label(), strings.Join(parts, ", "))
		if !inside {
			g.declare(variable{name: names[i], t: r})
		}
	}
}

// appendTo makes slices longer: builders freely, others behind a capacity.
func (g *generator) appendTo() {
	if v, ok := g.find(func(v variable) bool { return v.builder }); ok && g.one(2) {
		g.line("if len(%s) < 40 {\n%s = append(%s, %s)\n}", v.name, v.name, v.name, g.expr(v.t.elem, 2))
		return
	}
	v, ok := g.find(func(v variable) bool { return v.t.kind == kindSlice && !v.builder && !v.fixed })
	if !ok || g.one(3) {
		t := sliceOf(g.anyTyp(1))
		name := g.name("b")
		g.line("var %s %s", name, t)
		g.declare(variable{name: name, t: t, builder: true})
		for n := 1 + g.Intn(4); n > 0; n-- {
			g.line("%s = append(%s, %s)", name, name, g.expr(t.elem, 1))
		}
		return
	}
	switch g.Intn(3) {
	case 0:
		g.line("if len(%s) < 40 {\n%s = append(%s[:len(%s):len(%s)], %s)\n}", v.name, v.name, v.name, v.name, v.name, g.expr(v.t.elem, 2))
	case 1:
		g.line("if n := len(%s); n > 0 {\n%s = append(%s[:n-1], %s)\n}", v.name, v.name, v.name, g.expr(v.t.elem, 2))
	case 2:
		g.line("if n := len(%s); n > 1 && n < 20 {\n%s = append(%s[:n/2:n/2], %s...)\n}", v.name, v.name, v.name, v.name)
	}
}

// builtin uses copy, delete, clear and the like.
func (g *generator) builtin() {
	v, ok := g.find(func(v variable) bool { return v.t.kind == kindSlice || v.t.kind == kindMap })
	if !ok {
		return
	}
	switch {
	case v.t.kind == kindMap && g.one(2):
		g.line("delete(%s, %s)", v.name, g.expr(v.t.key, 1))
	case v.t.kind == kindMap:
		k, ok := g.name("v"), g.name("v")
		g.line("%s, %s := %s[%s]\n_ = %s", k, ok, v.name, g.expr(v.t.key, 1), k)
		g.line("show(%s, %s)", g.label(), ok)
		g.declare(variable{name: k, t: v.t.elem})
	case g.lang >= 21 && g.one(6):
		g.line("clear(%s)", v.name)
	default:
		g.line("show(%s, copy(%s[len(%s)/2:], %s))", g.label(), v.name, v.name, v.name)
	}
}

// stress makes the runtime do what must not be seen.
func (g *generator) stress() {
	g.line("%s", g.pick("runtime.GC()", "churn()", "deepen(60)", "runtime.Gosched()"))
}

func (g *generator) deferred() {
	if g.one(2) {
		return
	}
	if len(g.functions) > 0 && g.one(2) {
		f := g.functions[g.Intn(len(g.functions))]
		g.line("defer %s%s", f.name, g.arguments(f, 1))
		return
	}
	g.line("defer func() {")
	g.nested(2, nil)
	g.line("}()")
}

// nested is the body of a function literal.
func (g *generator) nested(n int, results []*typ) {
	savedResults, savedLoops := g.results, g.loops
	g.results, g.loops = results, nil
	g.line("step()")
	g.depth++
	g.block(n)
	g.depth--
	g.results, g.loops = savedResults, savedLoops
}

// constants declares some that depend on each other, and a variable with the value of the last.
func (g *generator) constants() {
	t := g.integer()
	a, b := g.name("C"), g.name("C")
	steps := []string{"/ 3", "% 7", ">> 2", "&^ 6", "| 1", "^ 1"}
	g.line("const (\n%s %s = %s\n%s = %s %s %s\n)", a, t, g.edge(t), b, a, steps[g.Intn(6)], steps[g.Intn(6)])
	if g.one(3) {
		c := g.name("C")
		g.line("const (\n_ %s = 1 << iota * %d\n%s\n)", t, 1+g.Intn(2), c)
		b = c
	}
	g.local(t, b)
}
