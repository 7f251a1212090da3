// Variables that lead to each other by their addresses: what lives in a frame only because another variable points there, until none does.
package main

import "fmt"

// nodes declares some, links them with others that there are, and walks over what they lead to while the runtime collects and moves stacks.
func (g *generator) nodes() {
	for n := 1 + g.Intn(3); n > 0; n-- {
		g.node()
	}
	for n := 2 + g.Intn(6); n > 0; n-- {
		g.link()
	}
}

func (g *generator) node() {
	v, t := g.name("n"), nodeType
	text := fmt.Sprintf("strconv.Itoa(%d + fuel)", 100000+g.Intn(1000))
	switch g.Intn(5) {
	case 0:
		g.line("var %s node", v)
	case 1:
		g.line("%s := &node{n: %d, text: %s}", v, g.Intn(100), text)
		t = pointerTo(t)
	case 2:
		g.line("%s := &node{n: %d, next: %s}", v, g.Intn(100), g.nodePointer())
		t = pointerTo(t)
	default:
		g.line("%s := node{n: %d, text: %s}", v, g.Intn(100), text)
	}
	g.line("_ = %s", v)
	g.declare(variable{name: v, t: t})
}

func isNode(v variable) bool { return !v.fixed && v.t == nodeType }

// nodePointer is a pointer to a node, most often a variable's address.
func (g *generator) nodePointer() string {
	if v, ok := g.find(isNode); ok && !g.one(4) {
		return "&" + v.name
	}
	if v, ok := g.find(func(v variable) bool { return !v.fixed && v.t.kind == kindPointer && v.t.elem == nodeType }); ok && !g.one(4) {
		return v.name
	}
	return fmt.Sprintf("&node{n: %d}", g.Intn(100))
}

func (g *generator) link() {
	v, ok := g.find(isNode)
	if !ok {
		return
	}
	to := g.nodePointer()
	switch g.Intn(16) {
	case 0, 1, 2:
		g.line("%s.%s = %s", v.name, g.pick("next", "other"), to)
	case 3:
		g.line("%s.more = []*node{%s, %s}", v.name, to, g.nodePointer())
	case 4:
		g.line("%s.more = append(clip(%s.more), %s)", v.name, v.name, to)
	case 5:
		g.line("%s.x = %s", v.name, g.pick(to, "any("+to+")", fmt.Sprint(g.Intn(9))))
	case 6:
		other, _ := g.find(isNode)
		g.line("%s.f = func() int {\n%s.n++\nreturn %s.n %% 100\n}", v.name, other.name, other.name)
	case 7:
		p := g.name("q")
		g.line("%s := %s\nif %s.next != nil {\n%s = %s.next\n}", p, to, p, p, p)
		g.declare(variable{name: p, t: pointerTo(nodeType)})
	case 8:
		g.line("%s = node{n: %d, other: %s}", v.name, g.Intn(100), to)
	case 9:
		g.line("%s.%s = nil", v.name, g.pick("next", "other", "more", "x", "f"))
	case 10:
		g.line("if p := %s.%s; p != nil {\n%s = *p\n}", v.name, g.pick("next", "other"), v.name)
	case 11, 12:
		g.stress()
	case 13:
		if g.one(3) {
			g.line("defer func() { show(%s, walk(&%s, 3)) }()", g.label(), v.name)
		}
	default:
		g.line("show(%s, walk(%s, %d))", g.label(), to, 2+g.Intn(3))
	}
}
