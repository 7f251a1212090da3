#!/bin/sh
# The checker on real Go: the toolchain's whole standard library, gomem's own, and the cases over both, for two architectures.
# Runs from the top directory.
tools=$(dirname "$0")
goroot=$(GOTOOLCHAIN=local go env GOROOT) || exit 1
release=$(GOTOOLCHAIN=local go version | sed 's/^go version go1\.\([0-9]*\).*/\1/')
n=0

check() {
    name=$1
    shift
    n=$((n + 1))
    if out=$("$tools/check_dir" "$@" 2>&1); then
        echo "ok $n - $name: $(printf '%s\n' "$out" | tail -n 1)"
    else
        echo "not ok $n - $name"
        printf '%s\n' "$out" | tail -n 20 | sed 's/^/# /'
    fi
}

# Import paths of the packages below a directory that have files besides tests; $2 goes before them.
packages() {
    (cd "$1" && find . -name '*.go' ! -name '*_test.go' | sed 's,/[^/]*$,,;s,^\./,,' | sort -u) | sed "s,^,$2,"
}

std() {
    GOTOOLCHAIN=local CGO_ENABLED=0 GOOS=linux GOARCH=$1 go list -f '{{if .GoFiles}}{{.ImportPath}}{{end}}' std |
        grep -v '^vendor/'
}

lib=$(packages compiler/lib '')
# Cases of another architecture's layout hold on that one alone.
wide=$(packages cases gomem/cases/ | grep -v -e /foreign32 -e /derived$)
narrow=$(packages cases gomem/cases/ | grep -v -e /foreign64)

# Import paths hold no blanks.
# shellcheck disable=SC2046,SC2086
{
    check "standard library" -tags gc -root "=$goroot/src" -root "=$goroot/src/vendor" $(std amd64)
    check "standard library, 386" -arch 386 -tags gc -root "=$goroot/src" -root "=$goroot/src/vendor" $(std 386)
    check "library" -tags gomem -root =compiler/lib $lib
    check "cases" -tags gomem -root =compiler/lib -root gomem/cases=cases $wide
    check "cases, 386" -arch 386 -tags gomem -root =compiler/lib -root gomem/cases=cases $narrow
    check "cases over the toolchain's library" -go "$release" -tags gc -root "=$goroot/src" -root gomem/cases=cases \
        $(echo "$wide" | grep -v /probe$) # the probe is gomem's
}
echo "1..$n"
