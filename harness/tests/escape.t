#!/usr/bin/env bash
# gomem escape prints what go build -gcflags='-m -l' does, line for line: for files, folders, packages of a module, by release; what is
# wrong is said in one line.
# shellcheck disable=SC2154 # lib.sh sets status
. "$(dirname "$0")/lib.sh"
export GOTOOLCHAIN=local CGO_ENABLED=0
cd "$T" || exit 1
mkdir -p mod/sub none bad
printf 'module example.org/mod\n\ngo 1.19\n' >mod/go.mod
cat >mod/main.go <<'END'
package main

import (
	"errors"
	"example.org/mod/sub"
	"os"
	"sort"
	"strings"
)

type node struct{ next *node }

func push(list *node) *node {
	n := node{list}
	return &n
}

func grow(p []byte, s string) ([]byte, error) {
	if s == "" {
		return nil, errors.New("nothing: " + s)
	}
	return append(p, []byte(s)...), nil
}

func walk(list *node, visit func(*node)) {
	for ; list != nil; list = list.next {
		visit(list)
	}
}

func main() {
	var all []string
	walk(push(nil), func(*node) { all = append(all, "x") })
	sort.Strings(all)
	var b strings.Builder
	b.WriteString(sub.Join(all))
	p, _ := grow(make([]byte, 0, 8), b.String())
	os.Exit(len(p))
}
END
cat >mod/sub/sub.go <<'END'
package sub

type shape interface{ area() int }

type square struct{ side int }

func (s square) area() int { return s.side * s.side }

var Last interface{}

func Join(words []string) string {
	var s shape = square{len(words)}
	Last = s.area()
	out := ""
	for _, w := range words {
		defer func(w *string) { Last = *w }(&w)
		out += w
	}
	return out
}
END
printf 'package bad\n\nvar x int = "s"\n' >bad/bad.go

# Before 1.20 the column of a conversion that is not written out is that of whatever was looked at last; there columns are left out.
columns() { # RELEASE FILE
    [ "$1" != 1.19 ] || sed -i -E 's/^(.*\.go:[0-9]+):[0-9]+: /\1: /' "$2"
}

# like GO NAME FOLDER OPERAND...: gomem escape as that toolchain's release prints the very same lines as it does.
like() {
    local go=$1 name=$2 folder=$3 root release
    shift 3
    root=$("$go" env GOROOT) release=$("$go" env GOVERSION | sed -E 's/^go(1\.[0-9]+).*/\1/')
    (cd "$folder" && "$go" build -o "$T/out.bin" -gcflags='-m -l' "$@") >"$T/err" 2>&1
    (cd "$folder" && "$GOMEM" escape --release "$release" --goroot "$root" "$@") >"$T/out" 2>"$T/more"
    status=$?
    columns "$release" "$T/out"
    columns "$release" "$T/err"
    if [ "$status" = 0 ] && [ -s "$T/out" ] && cmp -s "$T/out" "$T/err"; then
        pass "$release: $name"
    else
        diff "$T/err" "$T/out" >"$T/difference"
        fail "$release: $name" "$T/difference" "$T/more"
    fi
}

for go in "$(command -v go)" /usr/lib/go-1.19/bin/go; do
    [ -x "$go" ] || continue
    like "$go" "a package of a module" mod .
    like "$go" "a package in a folder below" mod ./sub
    like "$go" "a file" mod/sub sub.go
done

gomem escape mod/sub
is "gomem's own library serves" "$status" 0
is "lines name files from where one stands" "$(sed -n 2p "$T/out")" "mod/sub/sub.go:13:15: devirtualizing s.area to square"
gomem escape mod/sub --release 1.19 -l
is "releases differ: $status" "$(grep -c 'moved to heap: w' "$T/out")" 1
cat >why.go <<'END'
package why

var kept *int

func keep(p *int) *int {
	q := p
	kept = q
	return p
}

func outer() func() {
	n, m := 1, 2
	f := func() { n++ }
	for i := 0; i < 3; i++ {
		keep(&m)
	}
	return f
}
END
ln -s why.go link.go
gomem escape link.go
ok "a link keeps its name" grep -q '^./link.go:' "$T/out"
rm link.go
gomem escape --why why.go
is "--why: the flows of what escapes" "$(cat "$T/out")" "# command-line-arguments
./why.go:5:11: leaking param: p
	p is assigned, so it is in q (./why.go:6:4)
	q is assigned (./why.go:7:7): what holds it then may live for ever
./why.go:12:2: moved to heap: n
	the address of n is captured, so it is in func literal (./why.go:13:7)
	func literal is assigned, so it is in f (./why.go:13:4)
	f is returned (./why.go:17:2): the caller keeps it
./why.go:12:5: moved to heap: m
	the address of m is passed to keep (./why.go:15:7): what holds it then may live for ever
./why.go:13:7: func literal escapes to heap
	func literal is assigned, so it is in f (./why.go:13:4)
	f is returned (./why.go:17:2): the caller keeps it"
mkdir -p vendored/vendor/example.net/v
printf 'module example.org/vendored\n\nrequire example.net/v v1.0.0\n' >vendored/go.mod
printf 'package v\n\nfunc Read(p *int) int { return *p }\n' >vendored/vendor/example.net/v/v.go
printf 'package vendored\n\nimport "example.net/v"\n\nfunc F() int { return v.Read(new(int)) }\n' >vendored/f.go
gomem escape vendored
is "a package of the vendor folder is known" "$(cat "$T/out" "$T/err")" '# example.org/vendored
vendored/f.go:5:33: new(int) does not escape'
gomem escape bad
is "what does not compile: status" "$status" 1
is "what does not compile: its place" "$(cat "$T/err")" \
    'bad/bad.go:3:13: cannot use "s" (untyped string constant) as int value in variable declaration'
refused "a folder without Go files" 1 'no Go files in none' escape none
mkdir dangling && ln -s nowhere dangling/x.go
gomem escape dangling
is "a link to nowhere" "$status $(cat "$T/err")" '1 cannot read dangling/x.go: No such file or directory'
refused "a file that is not there" 2 'there is no file nosuch.go' escape nosuch.go
refused "a folder that is not there" 2 'there is no folder nosuch' escape nosuch
refused "two folders" 2 "one folder, or Go files, and not 'bad'" escape mod bad
refused "files of two folders" 2 'the files of a package are in one folder' escape mod/main.go bad/bad.go
refused "a release gomem does not know" 2 "takes 1.19 to 1.26, and not '1.18'" escape --release=1.18 mod
refused "no release" 2 'needs a value' escape mod --release
refused "an option it does not know" 2 'unknown option --all' escape --all mod
refused "no distribution" 2 'no Go distribution in mod' escape --goroot mod mod
gomem escape --help
ok "--help: status $status" grep -q '^usage: gomem escape ' "$T/out"
finish
