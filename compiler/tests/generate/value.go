// Values of types with a structure: literals, paths into variables, calls of pure functions, functions themselves.
package main

import (
	"fmt"
	"strings"
)

// literal is a value that mentions no variable.
func (g *generator) literal(t *typ, depth int) string {
	switch {
	case depth < 0 && nilable(t):
		return fmt.Sprintf("(%s)(nil)", t)
	case depth < 0 && t.kind >= kindSlice && t.kind != kindParam:
		return t.text + "{}"
	}
	switch t.kind {
	case kindInt, kindParam:
		return g.edge(t)
	case kindFloat:
		return g.floatLiteral()
	case kindComplex:
		return g.complexExpr(t, 0)
	case kindString:
		return g.stringLiteral()
	case kindBool:
		return g.pick("true", "false")
	case kindFunc:
		return g.funcLiteral(t)
	case kindPointer:
		if t.elem.kind == kindStruct {
			return "&" + g.literal(t.elem, depth-1)
		}
		return fmt.Sprintf("to[%s](%s)", t.elem, g.literal(t.elem, depth-1))
	case kindAny:
		b := g.basic()
		return g.typed(b, g.literal(b, 0))
	case kindInterface:
		i := t.fields[g.Intn(len(t.fields))].t
		return fmt.Sprintf("%s(%s)", t, g.typed(i, g.literal(i, depth-1)))
	}
	return g.composite(t, depth, func(e *typ) string { return g.literal(e, depth-1) })
}

// composite is a composite literal with such elements.
func (g *generator) composite(t *typ, depth int, value func(*typ) string) string {
	var parts []string
	switch t.kind {
	case kindStruct:
		for _, f := range t.fields {
			if !g.one(4) {
				parts = append(parts, fieldName(f)+": "+value(f.t))
			}
		}
	case kindArray:
		for i := 0; i < t.n && !g.one(4); i++ {
			parts = append(parts, value(t.elem))
		}
	case kindSlice:
		for i := g.Intn(4); i > 0; i-- {
			parts = append(parts, value(t.elem))
		}
		if len(parts) > 0 && g.one(8) {
			parts[len(parts)-1] = fmt.Sprintf("%d: %s", len(parts)+g.Intn(3), parts[len(parts)-1])
		}
	case kindMap:
		for i := g.Intn(4); i > 0; i-- {
			parts = append(parts, g.key(t.key, i)+": "+value(t.elem))
		}
	}
	return t.text + "{" + strings.Join(parts, ", ") + "}"
}

// key is the i-th of some different constants.
func (g *generator) key(t *typ, i int) string {
	if t.kind == kindString {
		return []string{`""`, `"k"`, `"key\xff"`, `"世"`}[i]
	}
	return []string{"0", "1", "100", "7"}[i]
}

func fieldName(f field) string {
	if !f.embedded {
		return f.name
	}
	name := strings.TrimPrefix(f.t.text, "*")
	if i := strings.IndexByte(name, '['); i > 0 {
		name = name[:i]
	}
	return name
}

// compound is a value of a type with a structure, made of expressions.
func (g *generator) compound(t *typ, depth int) string {
	if depth <= 0 {
		if g.one(2) {
			return g.solid(t, 0)
		}
		return g.literal(t, 1)
	}
	switch t.kind {
	case kindSlice:
		return g.sliceExpr(t, depth)
	case kindArray:
		if g.lang >= 20 && g.risky() {
			s := g.solid(sliceOf(t.elem), 0)
			return g.pick(fmt.Sprintf("%s(%s)", t, s), fmt.Sprintf("*(*%s)(%s)", t, s))
		}
	case kindMap:
		if g.one(4) {
			return fmt.Sprintf("make(%s, %d)", t, g.Intn(20))
		}
	case kindPointer:
		return g.pointerExpr(t, depth)
	case kindFunc:
		return g.funcLiteral(t)
	case kindAny:
		b := g.anyTyp(1)
		return fmt.Sprintf("any(%s)", g.typed(b, g.expr(b, depth-1)))
	case kindInterface:
		i := t.fields[g.Intn(len(t.fields))].t
		return fmt.Sprintf("%s(%s)", t, g.typed(i, g.expr(i, depth-1)))
	}
	return g.composite(t, depth, func(e *typ) string { return g.expr(e, depth-1) })
}

func (g *generator) sliceExpr(t *typ, depth int) string {
	v := g.solid(t, 0)
	switch g.Intn(8) {
	case 0:
		return fmt.Sprintf("make(%s, %d, %d)", t, g.Intn(4), 4+g.Intn(4))
	case 1:
		return fmt.Sprintf("make(%s, bound(float64(%s)) & 7)", t, g.solid(intType, 0))
	case 2:
		return fmt.Sprintf("append(clip(%s), %s)", v, g.expr(t.elem, depth-1))
	case 3:
		return fmt.Sprintf("append(%s(nil), %s...)", t, v)
	case 4:
		return g.pick(v+"[:len("+v+")/2]", v+"[len("+v+")/2:]", v+"[:len("+v+")/2:len("+v+")/2]")
	case 5:
		if same(t.elem, byteType) || same(t.elem, runeType) {
			return fmt.Sprintf("%s(%s)", t, g.expr(stringType, depth-1))
		}
		if g.risky() {
			return fmt.Sprintf("%s[%s:]", v, g.solid(intType, 0))
		}
	}
	return g.composite(t, depth, func(e *typ) string { return g.expr(e, depth-1) })
}

func (g *generator) pointerExpr(t *typ, depth int) string {
	if v, ok := g.find(func(v variable) bool { return same(v.t, t.elem) && !v.fixed && !v.builder }); ok && g.one(2) {
		return "&" + v.name
	}
	if t.elem.kind == kindStruct && g.one(2) {
		return "&" + g.composite(t.elem, depth, func(e *typ) string { return g.expr(e, depth-1) })
	}
	if g.one(10) {
		return fmt.Sprintf("(%s)(nil)", t)
	}
	return fmt.Sprintf("to[%s](%s)", t.elem, g.expr(t.elem, depth-1))
}

// path is something of the type reached from a variable without a panic, or with one that risk allows.
func (g *generator) path(t *typ) (string, bool) {
	var all []string
	for _, scope := range g.scopes {
		for _, v := range scope {
			g.reach(v.name, v.t, t, 3, v.builder, &all)
		}
	}
	if len(all) == 0 {
		return "", false
	}
	i := g.Intn(len(all))
	if j := g.Intn(len(all)); j > i {
		i = j
	}
	return all[i], true
}

// reach adds the ways from a value to parts of the type wanted.
func (g *generator) reach(at string, t, want *typ, depth int, builder bool, all *[]string) {
	if same(t, want) && !builder {
		*all = append(*all, at)
	}
	if depth == 0 {
		return
	}
	switch t.kind {
	case kindStruct:
		for _, f := range t.fields {
			g.reach(at+"."+fieldName(f), f.t, want, depth-1, false, all)
			if f.embedded && f.t.kind == kindStruct {
				for _, inner := range f.t.fields {
					g.reach(at+"."+fieldName(inner), inner.t, want, depth-1, false, all)
				}
			}
		}
	case kindArray:
		g.reach(fmt.Sprintf("%s[%d]", at, g.Intn(t.n)), t.elem, want, depth-1, false, all)
	case kindSlice:
		if want.kind != kindMap && same(t.elem, want) {
			*all = append(*all, fmt.Sprintf("at(%s, %d)", at, g.Intn(4)))
			if g.risk > 0 && g.one(20) {
				g.risk--
				*all = append(*all, fmt.Sprintf("%s[%d]", at, g.Intn(4)))
			}
		}
	case kindMap:
		if same(t.elem, want) {
			*all = append(*all, fmt.Sprintf("%s[%s]", at, g.key(t.key, g.Intn(4))))
		}
	case kindPointer:
		if same(t.elem, want) {
			*all = append(*all, fmt.Sprintf("deref(%s)", at))
		}
		if g.risk > 0 && g.one(12) && t.elem.kind == kindStruct {
			before := len(*all)
			g.reach(at, t.elem, want, 1, true, all)
			if len(*all) > before {
				g.risk--
			}
		}
	case kindFunc:
		if same(t.results[0], want) {
			*all = append(*all, fmt.Sprintf("invoke(%s, %s)", at, g.literal(t.params[0], 0)))
		}
	}
}

// pureCall calls a function that has no effects and cannot panic.
func (g *generator) pureCall(t *typ, depth int) (string, bool) {
	var fit []function
	for _, f := range g.pures {
		if same(f.results[0], t) {
			fit = append(fit, f)
		}
	}
	if len(fit) == 0 {
		return "", false
	}
	f := fit[g.Intn(len(fit))]
	saved := g.risk
	g.risk = 0
	defer func() { g.risk = saved }()
	if f.recv == nil {
		return f.name + g.arguments(f, depth), true
	}
	recv := g.solid(f.recv, 0)
	for _, outer := range g.structs {
		e := outer.fields[0]
		if e.embedded && e.t == f.recv && g.one(2) {
			return g.solid(outer, 0) + "." + f.name + g.arguments(f, depth), true
		}
	}
	if g.one(3) {
		return fmt.Sprintf("%s.%s%s", f.recv, f.name, strings.Replace(g.arguments(f, depth), "(", "("+recv+", ", 1)), true
	}
	return recv + "." + f.name + g.arguments(f, depth), true
}

func (g *generator) arguments(f function, depth int) string {
	var parts []string
	for i, p := range f.params {
		if f.variadic && i == len(f.params)-1 {
			if g.one(3) {
				parts = append(parts, g.expr(p, depth)+"...")
				break
			}
			for n := g.Intn(4); n > 0; n-- {
				parts = append(parts, g.expr(p.elem, depth))
			}
			break
		}
		parts = append(parts, g.typed(p, g.expr(p, depth)))
	}
	return "(" + strings.Join(parts, ", ") + ")"
}

// funcLiteral is a closure without effects.
func (g *generator) funcLiteral(t *typ) string {
	if g.closures > 2 || len(g.scopes) == 0 {
		return fmt.Sprintf("func(%s) (r %s) { return }", t.params[0], t.results[0])
	}
	g.closures++
	saved := g.risk
	g.risk = 0
	g.push()
	p := g.name("a")
	g.declare(variable{name: p, t: t.params[0]})
	body := g.expr(t.results[0], 2)
	g.pop()
	g.risk = saved
	g.closures--
	return fmt.Sprintf("func(%s %s) %s { return %s }", p, t.params[0], t.results[0], body)
}
