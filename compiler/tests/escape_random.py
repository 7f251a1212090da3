#!/usr/bin/python3
"""Random Go programs in which pointers flow: food for escape_agreement.py.

    escape_random.py SEED NAME     prints one program, a file of package p whose names end in NAME

A program is a handful of functions, methods and a generic function over one struct type that holds a pointer in every way Go has. Bodies are
built of statements that move values of a dozen types between locals, parameters, results, fields, elements, closures, channels,
interfaces and globals; functions call each other, in circles too. Everything is well typed by construction: `expr` makes an expression of a
given type out of what is in scope. The numbers come from a generator of its own, so a seed means the same program everywhere.
"""
import sys


class Numbers:
    """xorshift64*: the state is never 0."""

    def __init__(self, seed):
        self.x = (seed * 0x9E3779B97F4A7C15 + 0x1234567) & (2**64 - 1) or 1
        for _ in range(4):
            self.below(2)

    def below(self, n):
        self.x ^= self.x >> 12
        self.x = (self.x ^ (self.x << 25)) & (2**64 - 1)
        self.x ^= self.x >> 27
        return ((self.x * 0x2545F4914F6CDD1D) & (2**64 - 1)) >> 33 & 0x7FFFFFFF if n == 0 else (
            ((self.x * 0x2545F4914F6CDD1D) & (2**64 - 1)) >> 33) % n

    def of(self, items):
        return items[self.below(len(items))]

    def chance(self, percent):
        return self.below(100) < percent


# Types by a letter; T and I end in the program's name.
TYPES = {
    "i": "int", "p": "*int", "q": "**int", "t": "T", "P": "*T", "s": "[]*int", "S": "[]T", "m": "map[string]*int",
    "a": "any", "f": "func(*int) *int", "c": "chan *int", "g": "string", "b": "[]byte", "A": "[2]*int", "I": "I",
}
EXPRESSIONS = {
    "i": ["len(%g)", "*%p", "#", "len(%s)", "cap(%b)"],
    "p": ["&i", "new(int)", "*%q", "%s[0]", '%m["k"]', "<-%c", "%A[%i&1]", "%f(%p)", "pick@(%p, %p)", "%s[%i]"],
    "q": ["&p", "new(*int)", "&[]*int{%p}[0]"],
    "t": ["T@{p: %p}", "*%P", "%S[0]", "T@{next: %P, list: %s}", "T@{box: %a}"],
    "P": ["&t", "new(T@)", "& T@{p: %p}", "& T@{next: %P, call: %f}", "pick@(%P, %P)"],
    "s": ["[]*int{%p, %p}", "make([]*int, 3)", "make([]*int, %i)", "append(%s, %p)", "append([]*int(nil), %s...)", "(%s)[:1]"],
    "S": ["[]T@{%t}", "make([]T@, 2, 4)", "append(%S, %t)", "(%S)[1:]"],
    "m": ["map[string]*int{%g: %p}", "make(map[string]*int)", "make(map[string]*int, %i)"],
    "a": ["any(%i)", "any(%p)", "any(%P)", "any(%t)", "any(%s)", "any(%g)", "any(%m)", "any(%b)", "any(%I)", "any(%A)"],
    "f": ["id@", "pick@(%f, %f)"],
    "c": ["make(chan *int, 1)", "make(chan *int)"],
    "g": ["(%g + %g)", "string(%b)", '("y" + %g)', "string(rune(%i))", "string([]byte(%g)[1:])"],
    "b": ["[]byte(%g)", "make([]byte, 10)", "make([]byte, %i)", "append(%b, %g...)", "[]byte{1, 2}"],
    "A": ["[2]*int{%p, %p}"],
    "I": ["I@(%P)"],
}
FIELDS = {"p": "p", "P": "next", "s": "list", "m": "table", "a": "box", "f": "call", "A": "pair", "i": "n", "g": "name"}


class Program:
    def __init__(self, seed, name, minor):
        self.r = Numbers(seed)
        self.minor = minor
        self.name = name
        self.out = []
        self.indent = 1
        self.count = 0
        self.scope = []  # (name, letter), innermost last
        self.closures = 0
        self.functions = [("f%d%s" % (i, name), self.letters(1, 3), self.letters(0, 2))
                          for i in range(3 + self.r.below(3))]
        self.methods = [("m%d" % i, self.letters(0, 2), self.letters(0, 1), self.r.chance(60)) for i in range(2)]

    def letters(self, low, high):
        return "".join(self.r.of("ipqtPsSmafcgbAI") for _ in range(low + self.r.below(high - low + 1)))

    def type(self, letter):
        text = TYPES[letter]
        if letter in "tPSI":
            text += self.name
        return text

    def line(self, text):
        self.out.append("\t" * self.indent + text)

    def fresh(self):
        self.count += 1
        return "v%d" % self.count

    # ---- expressions ----

    def variables(self, letter):
        return [n for n, k in self.scope if k == letter]

    def expr(self, letter, depth=0):
        known = self.variables(letter)
        if known and (depth > 2 or self.r.chance(55)):
            return self.r.of(known)
        return self.zero(letter) if depth > 3 else self.made(letter, depth + 1)

    def zero(self, letter):
        if letter == "i":
            return str(self.r.below(9))
        if letter == "g":
            return self.r.of(['"x"', '""'])
        if letter == "t":
            return "T%s{}" % self.name
        if letter == "A":
            return "[2]*int{}"
        return "(%s)(nil)" % self.type(letter)

    def via(self, letter):
        """Out of a struct's field, a call's result or an interface."""
        ways = []
        if letter in FIELDS:
            ways += [n + "." + FIELDS[letter] for n in self.variables("P") + self.variables("t")]
        for name, params, results in self.functions:
            if results == letter:
                ways.append((name, params))
        way = self.r.of(ways + [n + ".(" + self.type(letter) + ")" for n in self.variables("a")] or [None])
        if isinstance(way, tuple):
            return way[0] + "(" + ", ".join(self.expr(x, 3) for x in way[1]) + ")"
        return way

    def made(self, letter, depth):
        way = self.via(letter) if depth <= 3 and self.r.chance(35) else None
        if way:
            return way
        if letter == "f" and depth < 3:
            return self.literal(depth)
        return self.filled(self.r.of(EXPRESSIONS[letter]), depth)

    def filled(self, template, depth):
        """The template with an expression for each %x, an address for each &x, a number for # and the program's name for @."""
        out, i = "", 0
        while i < len(template):
            c = template[i]
            if c == "%":
                i += 1
                out += self.expr(template[i], depth)
            elif c == "&" and template[i + 1:i + 2] in ("i", "p", "t"):
                i += 1
                out += self.address(template[i])
            else:
                out += self.name if c == "@" else str(self.r.below(300)) if c == "#" else c
            i += 1
        return out

    def address(self, letter):
        known = self.variables(letter)
        return "&" + self.r.of(known) if known else "new(%s)" % self.type(letter)

    def literal(self, depth):
        """A function literal; what it does is written in one line."""
        self.closures += 1
        if self.closures > 12:
            return "id" + self.name
        name, kept = self.fresh(), len(self.scope)
        body = []
        if self.variables("p") and self.r.chance(40):
            body.append("%s = %s" % (self.r.of(self.variables("p")), name))
        if self.variables("i") and self.r.chance(30):
            body.append("%s++" % self.r.of(self.variables("i")))
        self.scope.append((name, "p"))
        body.append("return " + self.expr("p", depth + 1))
        del self.scope[kept:]
        return "func(%s *int) *int { %s }" % (name, "; ".join(body))

    # ---- statements ----

    def block(self, n, depth):
        kept = len(self.scope)
        self.indent += 1
        for _ in range(n):
            self.statement(depth + 1)
        self.use(kept)
        self.indent -= 1

    def use(self, kept):
        for name, _ in self.scope[kept:]:
            if name.startswith("v"):
                self.line("_ = " + name)
        del self.scope[kept:]

    def declare(self, depth):
        letter = self.r.of("iippqtPPsSmafcgbAI")
        value = self.expr(letter)
        name = self.fresh()
        if self.r.chance(30):
            self.line("var %s %s = %s" % (name, self.type(letter), value))
        elif letter == "I" or self.r.chance(15):
            self.line("var %s %s" % (name, self.type(letter)))
            self.line("%s = %s" % (name, value))
        else:
            self.line("%s := %s" % (name, value))
        self.scope.append((name, letter))

    def place(self):
        """Somewhere to store, with its type."""
        r = self.r
        ways = [(n, k) for n, k in self.scope]
        for letter, field in FIELDS.items():
            ways += [(n + "." + field, letter) for n in self.variables("P") + self.variables("t")]
        ways += [("*" + n, "i") for n in self.variables("p")] + [("*" + n, "p") for n in self.variables("q")]
        ways += [("*" + n, "t") for n in self.variables("P")] + [(n + "[0]", "p") for n in self.variables("s")]
        ways += [(n + "[1]", "p") for n in self.variables("A")] + [(n + "[0]", "t") for n in self.variables("S")]
        ways += [(n + '["k"]', "p") for n in self.variables("m")]
        ways += [("sink" + self.name, "p"), ("root" + self.name, "P"), ("any" + self.name, "a")]
        return r.of(ways) if r.chance(85) else r.of(ways[-3:])

    def assign(self, depth):
        if self.r.chance(10):
            a, k = self.place()
            same = [p for p in (self.place() for _ in range(8)) if p[1] == k]
            if same:
                self.line("%s, %s = %s, %s" % (a, same[0][0], same[0][0], a))
                return
        place, letter = self.place()
        self.line("%s = %s" % (place, self.expr(letter)))

    def call(self, depth):
        r = self.r
        name, params, results = r.of(self.functions)
        args = ", ".join(self.expr(x, 2) for x in params)
        receiver = self.variables("P")
        if receiver and r.chance(40):
            m = r.of(self.methods)
            name, params, results = r.of(receiver) + "." + m[0], m[1], m[2]
            args = ", ".join(self.expr(x, 2) for x in params)
        text = "%s(%s)" % (name, args)
        if r.chance(15):
            self.line(r.of(["go ", "defer "]) + text)
        elif len(results) == 2:
            a, b = self.fresh(), self.fresh()
            self.line("%s, %s := %s" % (a, b, text))
            self.scope += [(a, results[0]), (b, results[1])]
        else:
            self.line(text)

    def branch(self, depth):
        r = self.r
        if r.chance(50):
            self.line("if %s > %d {" % (self.expr("i", 2), r.below(5)))
            self.block(1 + r.below(2), depth)
            if r.chance(40):
                self.line("} else {")
                self.block(1 + r.below(2), depth)
            self.line("}")
            return
        name, kept = self.fresh(), len(self.scope)
        self.line("switch %s := %s.(type) {" % (name, r.of(self.variables("a")) if self.variables("a") else "any(1)"))
        for letter in ("p", "P", "i"):
            self.line("case %s:" % self.type(letter))
            self.scope.append((name, letter))
            self.indent += 1
            self.line("_ = " + name)
            self.statement(depth + 1)
            self.indent -= 1
            self.use_clause(kept)
        self.line("}")

    def use_clause(self, kept):
        self.indent += 1
        for n, _ in self.scope[kept + 1:]:
            self.line("_ = " + n)
        self.indent -= 1
        del self.scope[kept:]

    def loop(self, depth):
        r = self.r
        kind, name, kept = r.below(5), self.fresh(), len(self.scope)
        if kind == 0:
            self.line("for %s := 0; %s < 3; %s++ {" % (name, name, name))
            self.scope.append((name, "i"))
        elif kind == 1:
            self.line("for _, %s := range %s {" % (name, self.expr("s", 2)))
            self.scope.append((name, "p"))
        elif kind == 2:
            self.line("for _, %s := range %s {" % (name, self.expr("m", 2)))
            self.scope.append((name, "p"))
        elif kind == 3:
            self.line("for _, %s := range %s {" % (name, self.expr("S", 2)))
            self.scope.append((name, "t"))
        else:
            bound = self.expr("i", 2)
            self.line(f"for {name} := range {bound} {{" if self.minor >= 22 else f"for {name} := 0; {name} < {bound}; {name}++ {{")
            self.scope.append((name, "i"))
        self.block(1 + r.below(3), depth)
        self.indent += 1
        self.line("_ = " + name)
        self.indent -= 1
        del self.scope[kept:]
        self.line("}")

    def closure(self, depth):
        name, kept = self.fresh(), len(self.scope)
        how = self.r.below(4)
        self.line({0: "func() {", 1: "defer func() {", 2: "go func() {"}.get(how, name + " := func() {"))
        self.block(1 + self.r.below(3), depth + 1)
        self.line("}()" if how < 3 else "}")
        if how == 3:
            self.line(name + "()")
        del self.scope[kept:]

    def send(self, depth):
        known = self.variables("c")
        if not known:
            self.assign(depth)
        elif self.r.chance(50):
            self.line("%s <- %s" % (self.r.of(known), self.expr("p")))
        else:
            name = self.fresh()
            self.line("select {")
            self.line("case %s := <-%s:" % (name, self.r.of(known)))
            self.line("\tsink%s = %s" % (self.name, name))
            self.line("default:")
            self.line("}")

    def statement(self, depth):
        kinds = [self.declare] * 6 + [self.assign] * 7 + [self.call] * 3 + [self.send]
        if depth < 3:
            kinds += [self.branch, self.loop, self.loop, self.closure]
        self.r.of(kinds)(depth)

    # ---- functions ----

    def body(self, params, results, names):
        self.scope, self.count, self.closures = list(zip(names, params)), 0, 0
        for _ in range(4 + self.r.below(6)):
            self.statement(0)
        final = ", ".join(self.expr(x, 1) for x in results)
        self.use(0)
        if results:
            self.line("return " + final)
        self.out.append("}")
        self.out.append("")

    def signature(self, params, results):
        names = ["a%d" % i for i in range(len(params))]
        text = "(" + ", ".join("%s %s" % (n, self.type(k)) for n, k in zip(names, params)) + ")"
        if results:
            text += " (" + ", ".join(self.type(k) for k in results) + ")"
        return names, text

    def write(self):
        n = self.name
        self.out += ["package p", "", "var sink%s *int" % n, "var root%s *T%s" % (n, n), "var any%s any" % n, "",
                     "type T%s struct {" % n]
        self.out += ["\t%s %s" % (field, self.type(letter)) for letter, field in FIELDS.items()] + ["}", ""]
        self.out += ["type I%s interface {" % n]
        for name, params, results, _ in self.methods:
            self.out.append("\t%s%s" % (name, self.signature(params, results)[1]))
        self.out += ["}", "", "func id%s(p *int) *int { return p }" % n, "",
                     "func pick%s[E any](a, b E) E {" % n, "\tif len(any%s.(string)) > 1 {" % n, "\t\treturn a", "\t}",
                     "\treturn b", "}", ""]
        for name, params, results in self.functions:
            names, text = self.signature(params, results)
            self.out.append("func %s%s {" % (name, text))
            self.body(params, results, names)
        for name, params, results, pointer in self.methods:
            names, text = self.signature(params, results)
            self.out.append("func (t %sT%s) %s%s {" % ("*" if pointer else "", n, name, text))
            self.body("P" * pointer + "t" * (not pointer) + params, results, ["t"] + names)
        return "\n".join(self.out)


def program(seed, name, minor=26):
    """minor: of the language, go1.N"""
    return Program(seed, name, minor).write()


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.stdout.write(program(int(sys.argv[1]), sys.argv[2]))
