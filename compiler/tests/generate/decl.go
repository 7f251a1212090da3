// Declarations at package level: types with their methods, generic ones, pure functions, functions with effects, variables.
package main

import (
	"fmt"
	"strings"
)

func (g *generator) declarations() {
	for n := g.Intn(3); n > 0; n-- {
		g.namedBasic()
	}
	for n := 1 + g.Intn(3); n > 0; n-- {
		g.structType()
	}
	g.genericType()
	g.interfaceType()
	g.structs = append(g.structs, nodeType)
	for n := 1 + g.Intn(2); n > 0; n-- {
		g.pureFunction()
	}
	g.genericFunction()
	for n := 1 + g.Intn(3); n > 0; n-- {
		g.global()
	}
	for n := 1 + g.Intn(2); n > 0; n-- {
		g.effectful(nil)
	}
	g.effectful(g.structs[g.Intn(len(g.structs))])
}

// namedBasic declares a type made from a basic one, with a pure method.
func (g *generator) namedBasic() {
	under := g.pickType(g.number(), g.number(), stringType)
	t := *under
	t.text, t.basic = g.top("N"), under
	g.line("type %s %s", t.text, under)
	g.named = append(g.named, &t)
	g.pureMethod(&t)
	if g.one(3) {
		g.line("func (x %s) String() string { return fmt.Sprint(\"<\", %s(x), \">\") }", t.text, under)
	}
}

// structType declares a struct, perhaps with another one embedded, and methods of it.
func (g *generator) structType() {
	t := &typ{text: g.top("S"), kind: kindStruct}
	if len(g.structs) > 0 && g.one(2) {
		inner := g.structs[g.Intn(len(g.structs))]
		if g.one(4) {
			inner = pointerTo(inner)
		}
		t.fields = append(t.fields, field{t: inner, embedded: true})
	}
	for n := 1 + g.Intn(4); n > 0; n-- {
		ft := g.anyTyp(2)
		if g.one(8) {
			ft = pointerTo(t)
		}
		t.fields = append(t.fields, field{name: g.name("f"), t: ft})
	}
	g.line("type %s struct {", t)
	for _, f := range t.fields {
		g.line("%s %s", f.name, f.t)
	}
	g.line("}")
	g.structs = append(g.structs, t)
	g.pureMethod(t)
}

// pureMethod declares a method by value whose body is one expression.
func (g *generator) pureMethod(t *typ) {
	f := function{name: g.name("M"), recv: t, results: []*typ{g.basic()}, params: []*typ{g.basic()}}
	g.pureBody(f, func(recv, params, body string) {
		g.line("func (%s %s) %s(%s) %s { return %s }", recv, t, f.name, params, f.results[0], body)
	})
	g.pures = append(g.pures, f)
}

// pureBody makes the parts of a pure function's declaration.
func (g *generator) pureBody(f function, write func(recv, params, body string)) {
	g.push()
	recv := ""
	if f.recv != nil {
		recv = g.name("r")
		g.declare(variable{name: recv, t: f.recv})
	}
	var params []string
	for _, p := range f.params {
		name := g.name("a")
		params = append(params, name+" "+p.text)
		g.declare(variable{name: name, t: p})
	}
	saved := g.risk
	g.risk = 0
	body := g.expr(f.results[0], 3)
	g.risk = saved
	g.pop()
	write(recv, strings.Join(params, ", "), body)
}

func (g *generator) pureFunction() {
	f := function{name: g.top("pure"), results: []*typ{g.anyTyp(1)}}
	for n := 1 + g.Intn(3); n > 0; n-- {
		f.params = append(f.params, g.anyTyp(2))
	}
	g.pureBody(f, func(_, params, body string) {
		g.line("func %s(%s) %s { return %s }", f.name, params, f.results[0], body)
	})
	g.pures = append(g.pures, f)
}

// genericType declares a generic struct with methods, and makes some instances known.
func (g *generator) genericType() {
	name := g.top("Box")
	g.line("type %s[T any] struct {\nv T\nmore []T\nn int\n}", name)
	g.line("func (b *%s[T]) put(x T) *%s[T] {\nb.more = append(b.more, b.v)\nb.v = x\nb.n++\nreturn b\n}", name, name)
	g.line("func (b %s[T]) all() []T { return append(clip(b.more), b.v) }", name)
	for n := 1 + g.Intn(2); n > 0; n-- {
		elem := g.anyTyp(1)
		t := &typ{text: fmt.Sprintf("%s[%s]", name, elem), kind: kindStruct}
		t.fields = []field{{name: "v", t: elem}, {name: "more", t: sliceOf(elem)}, {name: "n", t: intType}}
		g.boxes = append(g.boxes, t)
		g.pures = append(g.pures, function{name: "all", recv: t, results: []*typ{sliceOf(elem)}})
	}
}

// genericFunction declares arithmetic on a type parameter, and makes some instances known.
func (g *generator) genericFunction() {
	name := g.top("gen")
	p := &typ{text: "T", kind: kindParam, bits: 7, signed: true}
	f := function{params: []*typ{p, p}, results: []*typ{p}}
	savedNamed, savedPures := g.named, g.pures
	g.named, g.pures = nil, nil
	g.pureBody(f, func(_, params, body string) {
		g.line("func %s[T integers](%s) T { return %s }", name, params, body)
	})
	g.named, g.pures = savedNamed, savedPures
	for n := 2; n > 0; n-- {
		t := g.integer()
		f := function{name: name, params: []*typ{t, t}, results: []*typ{t}}
		if g.one(2) {
			f.name += "[" + t.text + "]"
		}
		g.pures = append(g.pures, f)
	}
}

// interfaceType declares an interface and gives some types its method.
func (g *generator) interfaceType() {
	t := &typ{text: g.top("I"), kind: kindInterface}
	m := function{name: g.name("do"), recv: t, params: []*typ{g.basic()}, results: []*typ{g.basic()}}
	g.line("type %s interface { %s(%s) %s }", t, m.name, m.params[0], m.results[0])
	impls := append(append([]*typ(nil), g.named...), g.structs...)
	for i, impl := range impls {
		if i < len(impls)-1 && !g.one(2) {
			continue
		}
		recv := impl
		if impl.kind == kindStruct && g.one(2) {
			recv = pointerTo(impl)
		}
		f := m
		f.recv = impl
		g.pureBody(f, func(r, params, body string) {
			if recv != impl {
				g.line("func (p%s %s) %s(%s) %s {\n%s := deref(p%s)\n_ = %s\nreturn %s\n}", r, recv, m.name, params, m.results[0], r, r, r, body)
				return
			}
			g.line("func (%s %s) %s(%s) %s { return %s }", r, recv, m.name, params, m.results[0], body)
		})
		t.fields = append(t.fields, field{t: recv})
	}
	g.ifaces = append(g.ifaces, t)
	g.methods = append(g.methods, m)
}

func (g *generator) global() {
	t := g.anyTyp(2)
	name := g.top("global")
	saved := g.risk
	g.risk = 0
	if g.one(3) {
		g.line("var %s %s", name, t)
	} else {
		g.line("var %s %s = %s", name, t, g.literal(t, 2))
	}
	g.risk = saved
	g.declare(variable{name: name, t: t})
}

// effectful declares a function, or a method of recv, whose body is statements.
func (g *generator) effectful(recv *typ) {
	f := function{name: g.top("f"), recv: recv}
	g.push()
	defer g.pop()
	head := ""
	if recv != nil {
		r := g.name("r")
		head = fmt.Sprintf("(%s *%s) ", r, recv)
		g.declare(variable{name: r, t: pointerTo(recv), fixed: true})
	}
	var params []string
	for n := g.Intn(4); n > 0; n-- {
		p := g.anyTyp(2)
		name := g.name("a")
		g.declare(variable{name: name, t: p})
		if n == 1 && g.one(3) {
			f.variadic = true
			scope := g.scopes[len(g.scopes)-1]
			scope[len(scope)-1].t = sliceOf(p)
			params = append(params, name+" ..."+p.text)
			f.params = append(f.params, sliceOf(p))
			break
		}
		params = append(params, name+" "+p.text)
		f.params = append(f.params, p)
	}
	g.functionBody(head+f.name, strings.Join(params, ", "), &f)
	if recv == nil {
		g.functions = append(g.functions, f)
	} else {
		g.methods = append(g.methods, f)
	}
}

func (g *generator) functionBody(head, params string, f *function) {
	var results []string
	named := g.one(2)
	saved := g.results
	for n := g.Intn(3); n > 0; n-- {
		r := g.anyTyp(2)
		f.results = append(f.results, r)
		results = append(results, r.text)
		if named {
			name := g.name("r")
			results[len(results)-1] = name + " " + r.text
			g.declare(variable{name: name, t: r})
		}
	}
	g.line("func %s(%s) (%s) {", head, params, strings.Join(results, ", "))
	g.line("step()")
	g.body(2+g.Intn(4), f.results)
	g.returns(f.results)
	g.line("}")
	g.results = saved
}

func (g *generator) returns(results []*typ) {
	var values []string
	for _, r := range results {
		values = append(values, g.expr(r, 2))
	}
	g.line("return %s", strings.Join(values, ", "))
}
