#!/usr/bin/env bash
# Go source that gomem's own compiler cannot take: garbage, torn files, texts without end, constructs it leaves out. Each is told in
# lines of `file:line:col: message` with status 1, quickly, and damages no other case.
# shellcheck disable=SC2154 # lib.sh sets status
. "$(dirname "$0")/lib.sh"
fixture_root
own_build
cp -r "$TOP/backends/gomem" "$T/root/backends/"
ln -s "$TOP/compiler" "$T/root/compiler"
cp "$TOP/spec/"*.h "$T/root/spec/"
mkdir -p "$T/src"
printf 'module m\n\ngo 1.26\n' >"$T/src/go.mod"

many() { perl -e 'print $ARGV[0] x $ARGV[1]' -- "$1" "$2"; } # TEXT COUNT

# rejects NAME PATTERN < SOURCE: main.go of that source is refused in lines that begin with a place, the first of which matches.
rejects() {
    cat >"$T/src/main.go"
    (cd "$T/src" && timeout 60 "$GOMEM" unit build -o "$T/unit.so" .) >"$T/out" 2>"$T/err" </dev/null
    status=$?
    if [ "$status" != 1 ]; then
        fail "$1: status $status, want 1" "$T/err"
    elif grep -Evq '^([a-z/]+\.go:[0-9]+:[0-9]+: |package m: |	|too many errors)' "$T/err"; then
        fail "$1: a line without its place" "$T/err"
    elif ! head -1 "$T/err" | grep -Eq -- "$2"; then
        fail "$1: the first line is not /$2/" "$T/err"
    else
        pass "$1"
    fi
}
body() { printf 'package main\n\nfunc main() {\n%s\n}\n' "$1"; }
top() { printf 'package main\n\n%s\n\nfunc main() {}\n' "$1"; }

rejects "an empty file" 'main.go:1:1: syntax error: package statement must be first' </dev/null
rejects "a text" 'main.go:1:1: syntax error: package statement' <<<'hello, world'
rejects "an executable" 'main.go:1:[12]: invalid' < <(head -c 100000 "$GOMEM")
rejects "a torn file" 'main.go:5:1: syntax error: unexpected EOF' < <(printf 'package main\nfunc main() {\n\tx := (1 +\n\n')
rejects "a torn string" 'main.go:2:23: string not terminated' < <(printf 'package main\nfunc main() { println("abc')
rejects "a torn raw string" 'main.go:2:23: string not terminated' < <(printf 'package main\nfunc main() { println(`abc\n')
rejects "a torn comment" 'main.go:2:1: comment not terminated' < <(printf 'package main\n/* abc\n')
rejects "invalid UTF-8" 'main.go:2:24: invalid UTF-8 encoding' < <(printf 'package main\nfunc main() { println("\xff\xfe") }\n')
rejects "NUL bytes" 'main.go:2:25: invalid NUL character' < <(printf 'package main\nfunc main() { println("a\0b") }\n')
rejects "a name of a megabyte" 'main.go:4:5: undefined: aaaa' < <(printf 'package main\n\nfunc main() {\n_ = '; many a 1000000; printf '\n}\n')
rejects "a number of a megabyte" 'main.go:2:19: excessively long constant' < <(printf 'package main\nfunc main() { _ = '; many 9 1000000; echo ' }')
rejects "a megabyte on a line, torn" 'main.go:2:[0-9]+: syntax error: unexpected EOF' < <(printf 'package main\nfunc main() { x := 0; '; many 'x += 1; ' 125000)
rejects "a sum of a million terms" 'main.go:2:[0-9]+: not supported: an expression higher than' < <(printf 'package main\nfunc main() { x := 1'; many ' + 1' 250000; echo ' }')
while IFS='|' read -r name first open close; do
    rejects "100000 levels of $name" 'main.go:4:[0-9]+: not supported: (nesting deeper|an expression higher) than' \
        < <(printf 'package main\nfunc f(...int) int { return 0 }\nfunc main() {\n%s' "$first"; many "$open" 100000; many "$close" 100000; printf '\n}\n')
done <<'END'
parentheses|_ = |(|)
blocks||{|}
calls||f(|)
loops||for {|}
function literals||func() {|}()
composite literals|_ = |[]int{|}
conditions||if true {|}
labels||L: |
indices|_ = f||[0]
END
rejects "100000 levels of pointers" 'main.go:3:[0-9]+: not supported: nesting deeper' < <(top "var x $(many '*' 100000)int")
rejects "100000 levels of structs" 'main.go:2:[0-9]+: not supported: nesting deeper' < <(printf 'package main\ntype T '; many 'struct{ a ' 100000; many '}' 100000)

rejects "cgo" 'main.go:3:8: not supported: import "C"' < <(top 'import "C"')
rejects "a function in assembly" 'main.go:3:1: not supported: a function without a body' < <(top 'func f(x int) int')
rejects "linkname" 'main.go:5:1: not supported: //go:linkname' < <(top $'import _ "unsafe"\n\n//go:linkname f runtime.nanotime\nfunc f() int64')
rejects "an embedded file" 'main.go:3:1: not supported: //go:embed' < <(top $'//go:embed main.go\nvar s string')
rejects "a directive of Go's runtime" 'main.go:3:3: //go:nowritebarrier only allowed in runtime$' < <(top $'//go:nowritebarrier\nfunc f() {}')
rejects "an array larger than memory" 'main.go:3:6: type \[4611686018427387904\]int larger than address space$' < <(top $'type T [1 << 62]int\nvar x T')
rejects "a local array larger than memory" 'main.go:4:[0-9]+: type \[1125899906842624\]int larger than address space$' < <(body $'var x [1 << 50]int\nx[0] = 1\nprintln(x[len(x)-1])')
rejects "an argument of a gigabyte" 'main.go:3:6: stack frame too large \(>1GB\): 0 MB locals \+ 1024 MB args$' < <(top 'func f(x [1 << 30]byte) { _ = x }')
rejects "a word of a later version" 'main.go:5:25: cannot range over 3 \(untyped int constant\): requires go1.22 or later \(file declares //go:build go1.21\)$' < <(printf '//go:build go1.21\n\npackage main\n\nfunc main() { for range 3 {} }\n')
rejects "an unknown package" 'main.go:3:8: could not import nosuch/pkg' < <(top 'import "nosuch/pkg"')
rejects "a package that gomem has not" "main.go:3:8: could not import net/http \(no package of the module, nor of gomem's library, which" < <(top 'import "net/http"')
mkdir -p "$T/src/a" "$T/src/b"
printf 'package a\n\nimport _ "m/b"\n' >"$T/src/a/a.go"
printf 'package b\n\nimport _ "m/a"\n' >"$T/src/b/b.go"
rejects "a cycle of imports" '^b/b.go:3:10: import cycle not allowed' < <(top 'import _ "m/a"')
rejects "no main" 'main.go:1:9: function main is undeclared in the main package' <<<'package main'
rejects "files that are left out" 'package m: build constraints exclude all Go files' <<<$'//go:build never\n\npackage main'
rejects "a function declared twice" 'main.go:4:6: f redeclared' < <(top $'func f() {}\nfunc f() {}')
rejects "a variable declared twice" 'main.go:4:[0-9]+: no new variables' < <(body 'x := 1; x := 2; _ = x')
rejects "a type that contains itself" 'main.go:3:6: invalid recursive type' < <(top 'type T struct { t T }')
rejects "instances without end" 'main.go:3:8: instantiation cycle' < <(top 'func f[P any](p P) { f(&p) }')
rejects "variables that need each other" 'main.go:3:5: initialization cycle' < <(top $'var a = b\nvar b = a')
rejects "a type without room" 'main.go:3:5: type .* larger than address space' < <(top 'var x [1 << 62]int')
rejects "a variable of a terabyte" 'main.go:3:5: m.x: symbol too large' < <(top 'var x [1 << 40]byte')
rejects "a shift without end" 'main.go:4:[0-9]+: invalid operation: invalid shift count' < <(body 'x := 1 << 100000000000; _ = x')

# lists NAME COUNT WORD... < SOURCE: with the words, a build lists that many errors and nothing else.
lists() {
    local name=$1 want=$2
    shift 2
    cat >"$T/src/main.go"
    (cd "$T/src" && "$GOMEM" unit build -o "$T/unit.so" "$@" .) 2>"$T/err"
    if [ "$(grep -c '^main.go:[0-9]*:[0-9]*: ' "$T/err")" = "$want" ] && [ "$(wc -l <"$T/err")" = "$want" ]; then
        pass "$name"
    else
        fail "$name: $(wc -l <"$T/err") lines, want $want" "$T/err"
    fi
}
lists "what is no error of the grammar does not hide what the checker finds" 4 \
    < <(body $'x := \'ab\'; goto L\ny := undefined; { L: }; _ = y\nvar unused int')
lists "a syntax error does" 1 < <(body $'var unused int\nx := := 1')
lists "ten errors, and that there are more" 11 < <(body "$(printf '_ = no%d\n' {1..20})")
lists "with -e all errors of the checker" 20 -e < <(body "$(printf '_ = no%d\n' {1..20})")
lists "with -e all errors of the scanner" 20 -e < <(body "$(printf '_ = 0x+%d\n' {1..20})")

# ---- the same in a check: the cases beside them keep their verdicts ----
odd=$T/root/cases/odd
mkdir -p "$odd"
kase() { printf '\n// It is a case.\n//\n//gomem:case FIX.LANG\nfunc %s() {\n%s\n}\n' "$1" "$2"; } # NAME BODY
{ echo '// Package odd has files that no compiler takes.'; echo 'package odd'; kase Good ''; } >"$odd/good.go"
file() { { echo 'package odd'; kase "$2" "$3"; cat; } >"$odd/$1.go"; } # NAME CASE BODY < REST
file deep Deep "_ = $(many '(' 100000)1$(many ')' 100000)" </dev/null
file nul Nul 'println("ZZ")' </dev/null
perl -pi -e 's/ZZ/\0/' "$odd/nul.go"
{ printf '\0'; kase BehindNul ''; } >>"$odd/nul.go"
file torn Torn 'for {' </dev/null
file binary Binary '' < <(head -c 50000 "$GOMEM")
file linked Linked 'f()' <<<$'\n//go:linkname f runtime.f\nfunc f()'
file long Long "_ = $(many a 100000)" </dev/null
file twice Good '' </dev/null
mkdir -p "$T/root/cases/cycle/x" "$T/root/cases/cycle/y"
for pair in 'x y' 'y x'; do
    read -r a b <<<"$pair"
    printf 'package %s\n\nimport _ "gomem/cases/cycle/%s"\n' "$a" "$b" >"$T/root/cases/cycle/$a/$a.go"
done
{ printf 'package cycle\n\nimport _ "gomem/cases/cycle/x"\n'; kase Turns ''; } >"$T/root/cases/cycle/turns.go"
gomem check --backend ref --rule 'odd/*' --rule 'cycle/*'
is "a check of them: status" "$status" 1
tap_is_sound "a check of them"
ok "the case beside them runs" grep -q '^ok [0-9]* - FIX.LANG odd/Good$' "$T/out"
fails "deep nesting" odd/Deep 'cases/odd/deep.go:7:[0-9]+: not supported: nesting'
fails "NUL bytes" odd/Nul 'cases/odd/nul.go:7:[0-9]+: invalid NUL'
fails "what stands behind them" odd/BehindNul 'cases/odd/nul.go:7:[0-9]+: invalid NUL'
fails "a torn file" odd/Torn 'cases/odd/torn.go:[0-9]+:[0-9]+: syntax error'
fails "garbage behind a case" odd/Binary 'cases/odd/binary.go:[0-9]+:[0-9]+: invalid'
fails "linkname" odd/Linked 'cases/odd/linked.go:[0-9]+:[0-9]+: not supported: //go:linkname'
fails "a long name" odd/Long 'cases/odd/long.go:7:[0-9]+: undefined: aaaa'
fails "a cycle of imports" cycle/Turns 'cases/cycle/y/y.go:3:10: import cycle not allowed'
ok "no message is long" awk 'length > 3000 { exit 1 }' "$T/out"
finish
