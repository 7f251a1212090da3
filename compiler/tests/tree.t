#!/bin/sh
# The parser on real Go: every file of the standard library and of this project's cases is accepted, its tree is valid and
# survives printing; then damaged copies of the cases. Runs from the top directory.
tools=$(dirname "$0")
goroot=$(GOTOOLCHAIN=local go env GOROOT) || exit 1
n=0

check() {
    name=$1
    shift
    n=$((n + 1))
    if out=$("$@" 2>&1); then
        echo "ok $n - $name: $(printf '%s\n' "$out" | tail -n 1)"
    else
        echo "not ok $n - $name"
        printf '%s\n' "$out" | tail -n 20 | sed 's/^/# /'
    fi
}

check "standard library" "$tools/parse_tree" "$goroot/src"
check "cases" "$tools/parse_tree" cases
# Names of Go files hold no blanks.
# shellcheck disable=SC2046
check "damaged cases" "$tools/parse_fuzz" -n 3000 $(find cases -name '*.go')
echo "1..$n"
