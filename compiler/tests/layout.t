#!/bin/sh
# Layouts of three thousand structs (layout_generate.c), on each target gomem knows: constants of the checker, against what real toolchains
# say (layout.golden); a wrong figure is refused. Runs from the top directory.
tools=$(dirname "$0")
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
n=0

verdict() { # STATUS NAME
    n=$((n + 1))
    [ "$1" = 0 ] && echo "ok $n - $2" || echo "not ok $n - $2"
}

accepted() { # ARCH
    "$tools/check_dir" -arch "$1" -tags gomem -root =compiler/lib "$work/layouts.go" >"$work/out" 2>&1
}

lines=$(wc -l <compiler/tests/layout.golden)
for width in 64 32; do
    "$tools/layout_generate" "$lines" $width compiler/tests/layout.golden >"$work/layouts.go"
    verdict $? "$lines structs with their figures of $width-bit targets"
    [ $width = 64 ] && targets='amd64 arm64 riscv64 mips64 mips64le ppc64 ppc64le s390x wasm loong64' || targets='386 arm mips mipsle'
    for arch in $targets; do
        accepted "$arch"
        status=$?
        verdict $status "$arch"
        [ $status = 0 ] || head -5 "$work/out" | sed 's/^/# /'
    done
    sed -i '0,/Offsetof(S7{}[^ ]*^[0-9]*/s//Offsetof(S7{}.a)^12345/' "$work/layouts.go"
    accepted "$arch"
    [ $? = 1 ] && [ "$(grep -c overflows "$work/out")" = 1 ]
    verdict $? "a wrong offset is refused on $arch"
done
echo "1..$n"
