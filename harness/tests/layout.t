#!/usr/bin/env bash
# gomem layout shows how structs lie in memory: sizes and holes by target, a better order, generic instances, imports from a module, a
# distribution and gomem's library; JSON; what is wrong is said in one line.
# shellcheck disable=SC2154 # lib.sh sets status
. "$(dirname "$0")/lib.sh"
cd "$T" || exit 1
mkdir -p mod/sub mod/vendor/example.net/v none bad lost cache/example.com/!upper@v1.2.0 fork
cat >mod/go.mod <<'END'
module example.org/mod

go 1.22

require (
	example.com/Upper v1.2.0 // indirect
	example.org/forked v0.1.0
)

replace example.org/forked => ../fork
END
cat >mod/main.go <<'END'
package main

import (
	"example.com/Upper"
	"example.net/v"
	"example.org/forked"
	"example.org/mod/sub"
	"sync/atomic"
)

type holes struct {
	a int8
	b int64
	c int16
	_ [0]func()
}

type pair[K comparable, V any] struct {
	k K
	v V
}

type more struct {
	*holes
	sub.Point
	flag   bool
	n      atomic.Int64
	p      pair[int8, string]
	_      uint8
	vendor v.T
	upper  upper.T
	fork   forked.T
	last   struct{}
}

type empty struct{}
type number int
type alias = holes

var _ pair[*more, [3]bool]

func main() {
	type local struct{ n int }
}
END
printf 'package sub\n\ntype Point struct{ X, Y int16 }\n' >mod/sub/sub.go
printf 'package v\n\ntype T struct{ b [3]byte }\n' >mod/vendor/example.net/v/v.go
printf 'package upper\n\ntype T [5]uint16\n' >'cache/example.com/!upper@v1.2.0/u.go'
printf 'package forked\n\ntype T struct{ n [2]int32 }\n' >fork/f.go
printf 'package bad\n\ntype T struct {\n\ta int\n\tb nosuch\n}\n' >bad/bad.go
printf 'package lost\n\nimport "example.com/nowhere"\n\ntype A struct{ n nowhere.N }\ntype B struct{ n int }\ntype C struct{ a [4]A }\ntype D struct{ p *A }\n' >lost/lost.go
export GOMODCACHE=$T/cache GOROOT=$T/none

gomem layout mod
is "a module: status" "$status" 0
cat >want <<'END'
type holes struct { // size 32, align 8, padding 21 in 3 places
	a int8      // offset  0, size 1
	// 7 bytes of padding
	b int64     // offset  8, size 8
	c int16     // offset 16, size 2
	// 6 bytes of padding
	_ [0]func() // offset 24, size 0
	// 8 bytes of padding
}
// 16 bytes, 16 fewer, in the order _, b, c, a
END
is "sizes, holes, a better order" "$(sed '/^$/,$d' out)" "$(cat want)"
is "types are shown in the order of the source, instances with their arguments" "$(sed -n 's/^type \(.*\) struct .*/\1/p' out | tr '\n' ' ')" \
    "holes pair[int8,string] pair[*more,[3]bool] more empty "
is "embedded and blank fields, fields of other packages" "$(sed -n '/^type more/,/^}/s/^\t\([^/ ]*\).*offset.*/\1/p' out | tr '\n' ' ')" \
    "*holes sub.Point flag n p _ vendor upper fork last "
offsets() { sed -n "/^type $1 /,/^}/s/.*offset *\([0-9]*\),.*/\1/p" out | tr '\n' ' '; }
is "offsets, padding behind a last field without size" "$(offsets more)$(grep -o '^type more struct.*' out)" \
    "0 8 12 16 24 48 49 52 64 72 type more struct { // size 80, align 8, padding 13 in 3 places, pointers in the first 40"
is "a struct without fields" "$(grep -A1 '^type empty' out | tr '\n' ' ')" "type empty struct { // size 0, align 1 } "
gomem layout --arch 386 mod
is "a 32-bit target: offsets" "$(offsets holes)" "0 4 12 16 "
is "a 32-bit target: atomic.Int64 is 8-aligned, and so is what holds it" "$(offsets more)$(grep -o '^type more struct.*align [0-9]*' out)" \
    "0 4 8 16 24 36 37 40 52 60 type more struct { // size 64, align 8"
for arch in amd64 arm64 riscv64 mips64 ppc64le s390x wasm loong64; do
    gomem layout --arch=$arch mod
    is "$arch is laid out as a 64-bit target" "$(offsets holes)" "0 8 16 24 "
done
for arch in arm mips; do
    gomem layout --arch $arch mod
    is "$arch is laid out as a 32-bit target" "$(offsets holes)" "0 4 12 16 "
done
gomem layout --format json mod/main.go
is "JSON of files: status" "$status" 0
if command -v python3 >/dev/null; then
    python3 - >got 2>&1 <<'END'
import json
d = json.load(open("out"))
a = d[0]
print(a["name"], a["size"], a["align"], a["padding"], a["better"]["size"], *a["better"]["order"])
print([(f["name"], f["type"], f["offset"], f["size"], f["align"], f["padding"]) for f in a["fields"]][1:3], d[4]["better"])
END
    is "JSON" "$(cat got)" "holes 32 8 21 16 _ b c a
[('b', 'int64', 8, 8, 8, 0), ('c', 'int16', 16, 2, 2, 6)] None"
fi

gomem layout lost
is "a package that is not found: status" "$status" 1
is "a package that is not found is named, and what depends on it" "$(cat err | head -3)" \
    "lost/lost.go:3:8: package example.com/nowhere is not found: what it declares is not known
lost/lost.go:5:6: A is left out: what it holds is not known
lost/lost.go:7:6: C is left out: what it holds is not known"
is "the rest is shown" "$(sed -n 's/^type \(.*\) struct .*/\1/p' out | tr '\n' ' ')" "B D "

refused() { # NAME STATUS TEXT ARGUMENT...
    local name=$1 want=$2 text=$3
    shift 3
    gomem "$@"
    if [ "$status" = "$want" ] && [ "$(wc -l <err)" = 1 ] && grep -Fq -- "$text" err; then
        pass "$name"
    else
        fail "$name: status $status" out err
    fi
}
mkfifo mod/sub/pipe.go
mkdir mod/sub/folder.go
gomem layout mod/sub
is "a pipe and a folder that are called as files are none" "$status $(grep -c '^type Point' out)" "0 1"
rm mod/sub/pipe.go

refused "what does not compile" 1 'bad/bad.go:5:4: undefined: nosuch' layout bad
refused "what does not compile, with a slash" 1 'bad.go:5:4: undefined: nosuch' layout bad/
refused "what does not compile, by its file" 1 'bad.go:5:4: undefined: nosuch' layout ./bad/bad.go
printf 'module example.org/bad\n' >bad/go.mod
refused "what does not compile, in a module" 1 'bad.go:5:4: undefined: nosuch' layout "$T/bad/."
refused "a folder without Go files" 1 'no Go files in none' layout none
refused "a folder that is not there" 2 'there is no folder nosuch' layout nosuch
refused "two folders" 2 "one folder, or Go files, and not 'bad'; see gomem layout" layout mod bad
refused "a target it does not know" 2 "--arch takes amd64, 386, arm64, " layout --arch vax mod
refused "a format it does not know" 2 "--format takes text or json, and not 'xml'" layout --format xml mod
refused "no value" 2 '--arch needs a value' layout mod --arch
refused "an option it does not know" 2 'unknown option --all' layout --all mod
refused "no distribution" 2 'no Go distribution in mod' layout --goroot mod mod
gomem layout --help
ok "--help: status $status" grep -q '^usage: gomem layout ' out

{
    printf 'package p\n\ntype T0 struct { a int8; b int64 }\n'
    for ((i = 1; i < 80; i++)); do echo "type T$i struct { a, b T$((i - 1)) }"; done
} >"$T/double.go"
gomem layout "$T/double.go"
is "types that hold the one above twice: those that fit are shown" "$(grep -c '^type ' "$T/out")" 59
is "types that hold the one above twice: the others are too large" "$(grep -c 'it is too large for the target' "$T/err")" 21
finish
