// Expressions of a given type. They are pure but for what risk allows; each has at least one operand that is no constant, lest constant
// arithmetic overflow, unless it is a literal.
package main

import (
	"fmt"
	"math/big"
)

// expr is an expression of the type, assignable to it.
func (g *generator) expr(t *typ, depth int) string {
	if depth > 0 && g.one(3) {
		if p, ok := g.path(t); ok {
			return p
		}
	}
	if depth > 0 && g.one(8) {
		if c, ok := g.pureCall(t, depth-1); ok {
			return c
		}
	}
	switch t.kind {
	case kindInt, kindParam:
		return g.intExpr(t, depth)
	case kindFloat:
		return g.floatExpr(t, depth)
	case kindComplex:
		return g.complexExpr(t, depth)
	case kindString:
		return g.stringExpr(t, depth)
	case kindBool:
		return g.boolExpr(t, depth)
	}
	return g.compound(t, depth)
}

// solid is an expression that is no constant.
func (g *generator) solid(t *typ, depth int) string {
	if p, ok := g.path(t); ok {
		return p
	}
	return fmt.Sprintf("hide[%s](%s)", t, g.literal(t, 1))
}

// edge is a literal of a type of integers, often near the end of its range.
func (g *generator) edge(t *typ) string {
	bits := t.bits
	if t.kind == kindParam {
		return fmt.Sprint(g.Intn(100))
	}
	v := big.NewInt(int64(g.Intn(12)))
	if g.one(2) {
		v.Lsh(big.NewInt(1), uint(g.Intn(bits)))
		v.Add(v, big.NewInt(int64(g.Intn(3)-1)))
	}
	if t.signed && g.one(3) {
		v.Neg(v)
	}
	low, high := new(big.Int), new(big.Int).Lsh(big.NewInt(1), uint(bits))
	if t.signed {
		high.Rsh(high, 1)
		low.Neg(high)
	}
	high.Sub(high, big.NewInt(1))
	if v.Cmp(low) < 0 {
		v = low
	} else if v.Cmp(high) > 0 {
		v = high
	}
	return g.spell(v)
}

// spell writes an integer in one of the forms of literals.
func (g *generator) spell(v *big.Int) string {
	sign, abs := "", new(big.Int).Abs(v)
	if v.Sign() < 0 {
		sign = "-"
	}
	switch g.Intn(12) {
	case 0:
		return fmt.Sprintf("%s%#x", sign, abs)
	case 1:
		return fmt.Sprintf("%s0b%b", sign, abs)
	case 2:
		return fmt.Sprintf("%s0o%o", sign, abs)
	case 3:
		return fmt.Sprintf("(%v - %v)", new(big.Int).Add(v, big.NewInt(1<<40)), 1<<40)
	case 4:
		return fmt.Sprintf("(%v << 70 >> 70)", v)
	case 5:
		if abs.IsInt64() && abs.Int64() >= 32 && abs.Int64() < 0xd800 {
			return fmt.Sprintf("%s%q", sign, rune(abs.Int64()))
		}
	}
	return v.String()
}

// operator is one that no operand makes fail.
func (g *generator) operator() string {
	return g.pick("+", "-", "*", "&", "|", "^", "&^")
}

func (g *generator) intExpr(t *typ, depth int) string {
	if depth <= 0 {
		if g.one(2) {
			return g.solid(t, 0)
		}
		return g.edge(t)
	}
	switch g.Intn(14) {
	case 0:
		return fmt.Sprintf("(%s / (%s | 1))", g.solid(t, 0), g.solid(t, 0))
	case 1:
		return fmt.Sprintf("(%s %% (%s | 1))", g.solid(t, 0), g.solid(t, 0))
	case 2:
		return g.shift(t, depth)
	case 3:
		return fmt.Sprintf("%s(%s)", g.pick("-", "^", "+"), g.expr0(t, depth-1))
	case 4, 5:
		return g.convertInt(t, depth)
	case 6:
		if t.kind != kindParam && g.risky() {
			return fmt.Sprintf("(%s %s %s)", g.solid(t, 0), g.pick("/", "%"), g.solid(t, 0))
		}
	case 7:
		if g.lang >= 21 {
			return fmt.Sprintf("%s(%s, %s)", g.pick("min", "max"), g.solid(t, 0), g.expr(t, depth-1))
		}
	case 8:
		if n, ok := g.length(); ok && t.kind != kindParam {
			return fmt.Sprintf("%s(%s)", t, n)
		}
	case 9:
		return g.edge(t)
	case 10: // values of all sizes meet constants of all sizes
		if hidden := fmt.Sprintf("hide[%s](%s)", t, g.edge(t)); g.one(2) {
			return fmt.Sprintf("(%s %s %s)", hidden, g.operator(), g.edge(t))
		} else {
			return fmt.Sprintf("(%s %s %s)", g.edge(t), g.operator(), hidden)
		}
	}
	return fmt.Sprintf("(%s %s %s)", g.expr0(t, depth-1), g.operator(), g.expr(t, depth-1))
}

// expr0 is an expression of a type of integers that is surely no constant.
func (g *generator) expr0(t *typ, depth int) string {
	if depth <= 0 {
		return g.solid(t, 0)
	}
	return fmt.Sprintf("(%s ^ %s)", g.solid(t, 0), g.expr(t, depth))
}

// length is an int from something that has one.
func (g *generator) length() (string, bool) {
	v, ok := g.find(func(v variable) bool {
		return v.t.kind == kindString || v.t.kind == kindSlice || v.t.kind == kindMap
	})
	return fmt.Sprintf("len(%s)", v.name), ok
}

func (g *generator) shift(t *typ, depth int) string {
	count := g.integer()
	c := g.expr0(count, depth-1)
	switch {
	case g.one(3):
		c = fmt.Sprint(g.Intn(70))
	case count.signed && !g.risky():
		c = fmt.Sprintf("(%s & 127)", c)
	case g.one(2):
		c = fmt.Sprintf("(%s %% 70)", c)
		if count.signed {
			c = fmt.Sprintf("(%s & 63)", c)
		}
	}
	return fmt.Sprintf("(%s %s %s)", g.solid(t, 0), g.pick("<<", ">>"), c)
}

func (g *generator) convertInt(t *typ, depth int) string {
	from := g.number()
	e := g.solid(from, 0)
	switch from.kind {
	case kindFloat:
		return fmt.Sprintf("%s(bound(float64(%s)))", t, e)
	case kindComplex:
		return fmt.Sprintf("%s(bound(float64(real(%s))))", t, e)
	}
	if depth > 1 {
		e = g.expr0(from, depth-1)
	}
	return fmt.Sprintf("%s(%s)", t, e)
}

func (g *generator) floatLiteral() string {
	return g.pick("0", "1", "-1", "0.5", "0.1", "1e10", "-2.5e-3", "3.0000001", "0x1p-10", "16777217", "1e30", "7", "-0.75", "1/3.0")
}

func (g *generator) floatExpr(t *typ, depth int) string {
	if depth <= 0 {
		if g.one(2) {
			return g.solid(t, 0)
		}
		return g.floatLiteral()
	}
	switch g.Intn(8) {
	case 0:
		return fmt.Sprintf("%s(%s)", t, g.solid(g.integer(), 0))
	case 1:
		return fmt.Sprintf("%s(%s)", t, g.solid(floatType, 0))
	case 2:
		return fmt.Sprintf("-(%s)", g.solid(t, 0))
	case 3:
		if t.bits == 64 {
			return fmt.Sprintf("%s(%s(%s))", t, g.pick("real", "imag"), g.solid(numbers[13], 0))
		}
	case 4:
		if g.lang >= 21 {
			return fmt.Sprintf("%s(%s, %s)", g.pick("min", "max"), g.solid(t, 0), g.expr(t, depth-1))
		}
	}
	return fmt.Sprintf("(%s %s %s)", g.solid(t, 0), g.pick("+", "-", "*", "/"), g.solid2(t, depth-1))
}

// solid2 is an operand behind an operator that no constant may be zero for.
func (g *generator) solid2(t *typ, depth int) string {
	if depth <= 0 {
		return g.solid(t, 0)
	}
	return "(" + g.solid(t, 0) + " + " + g.expr(t, depth-1) + ")"
}

func (g *generator) complexExpr(t *typ, depth int) string {
	part := floatType
	if t.bits == 64 {
		part = numbers[10]
	}
	if depth <= 0 {
		return g.pick("1", "2i", "(3 - 1i)", "0.5", "(1 + 1i)")
	}
	if g.one(2) {
		return fmt.Sprintf("%s(complex(%s, %s))", t, g.solid(part, 0), g.solid(part, 0))
	}
	return fmt.Sprintf("(%s %s %s)", g.solid(t, 0), g.pick("+", "-", "*", "/"), g.solid2(t, depth-1))
}

func (g *generator) stringLiteral() string {
	return g.pick(`""`, `"a"`, `"go"`, `"\xff"`, `"h\u00e9llo"`, `"\xe4\xb8"`, `"世界"`, `"a\x00b"`, `"\xed\xa0\x80x"`, "`raw\\n`",
		`"0123456789abcdef0123456789abcdef!"`, `"\U0001F600"`, `"\xf4\x90\x80\x80"`, `"con" + "stant"`)
}

func (g *generator) stringExpr(t *typ, depth int) string {
	if depth <= 0 {
		if g.one(2) {
			return g.solid(t, 0)
		}
		return g.stringLiteral()
	}
	switch g.Intn(10) {
	case 0:
		return fmt.Sprintf("%s(string(%s))", t, g.solid(sliceOf(g.pickType(byteType, runeType)), 0))
	case 1:
		return fmt.Sprintf("%s(rune(%s))", t, g.expr0(g.integer(), 0))
	case 2:
		v := g.solid(t, 0)
		return g.pick(v+"[:len("+v+")/2]", v+"[len("+v+")/2:]", v+"[len("+v+")/3:len("+v+")*2/3]")
	case 3:
		return fmt.Sprintf("%s(strconv.Itoa(int(%s)))", t, g.expr0(g.integer(), 1))
	case 4:
		b := g.basic()
		return fmt.Sprintf("%s(fmt.Sprint(%s))", t, g.typed(b, g.expr(b, depth-1)))
	case 5:
		if g.risky() {
			v := g.solid(t, 0)
			return fmt.Sprintf("%s[%s:]", v, g.solid(intType, 0))
		}
	case 6:
		return g.stringLiteral()
	case 7:
		if g.lang >= 21 {
			return fmt.Sprintf("%s(%s, %s)", g.pick("min", "max"), g.solid(t, 0), g.expr(t, depth-1))
		}
	}
	return fmt.Sprintf("(%s + %s)", g.solid(t, 0), g.expr(t, depth-1))
}

func (g *generator) pickType(choices ...*typ) *typ { return choices[g.Intn(len(choices))] }

func (g *generator) boolExpr(t *typ, depth int) string {
	if depth <= 0 {
		return g.solid(t, 0)
	}
	switch g.Intn(7) {
	case 0:
		return fmt.Sprintf("!(%s)", g.expr(t, depth-1))
	case 1, 2:
		// Either side may be left out, so neither may panic where that would be another statement's share.
		return fmt.Sprintf("(%s %s %s)", g.solid(t, 0), g.pick("&&", "||"), g.expr(t, depth-1))
	case 3:
		c := g.anyTyp(2)
		for !isComparable(c) {
			c = g.anyTyp(1)
		}
		return fmt.Sprintf("%s(%s %s %s)", t, g.solid(c, 0), g.pick("==", "!="), g.solid(c, 0))
	case 4:
		if v, ok := g.find(func(v variable) bool { return nilable(v.t) }); ok {
			return fmt.Sprintf("%s(%s %s nil)", t, v.name, g.pick("==", "!="))
		}
	}
	o := g.pickType(g.number(), stringType)
	for o.kind == kindComplex {
		o = g.number()
	}
	return fmt.Sprintf("%s(%s %s %s)", t, g.solid(o, 0), g.pick("==", "!=", "<", "<=", ">", ">="), g.expr(o, depth-1))
}

func nilable(t *typ) bool {
	switch t.kind {
	case kindSlice, kindMap, kindPointer, kindFunc, kindInterface, kindAny:
		return true
	}
	return false
}
