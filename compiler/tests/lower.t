#!/bin/sh
# Programs compiled to C print what Go prints: each compiler/tests/lower/NAME.go on each runtime backend that is built, with and
# without escape analysis, and with inlining on ref, against NAME.out, which is the toolchain's output (go run NAME.go). Programs that are about
# the library, or need package reflect, are built in one way: each way takes the C compiler half a minute for the packages that they import, and the
# others have fmt, strings and what these import in every way. What --no-escape and --inline make is code of the same kinds as without, which the C
# compiler is not asked to optimise again.
root=$(cd "$(dirname "$0")/../../.." && pwd)
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
number=0

verdict() { # STATUS NAME
    number=$((number + 1))
    [ "$1" = 0 ] && echo "ok $number - $2" || echo "not ok $number - $2"
}

check() { # NAME FLAG BACKEND
    "$root/build/gomem-runner" "$root/build/lib/lib$3.so" "" "$work/$1/unit.so" >"$work/out" 2>&1
    status=$?
    cmp -s "$work/out" "$root/compiler/tests/lower/$1.out" || status=1
    verdict $status "$1 $2 on $3"
    [ $status = 0 ] || diff "$root/compiler/tests/lower/$1.out" "$work/out" | head -5 | sed 's/^/# /'
}

for source in "$root"/compiler/tests/lower/*.go; do
    name=$(basename "$source" .go)
    mkdir -p "$work/$name"
    cp "$source" "$work/$name/$name.go"
    printf 'module programs/%s\n\ngo 1.26\n' "$name" >"$work/$name/go.mod"
    case $name in
        buffers | characters | files | library | names | packages | reflection | refusals | scanning | sorting | testing | texts) flags=plain ;;
        *) flags="plain --no-escape --inline" ;;
    esac
    for flag in $flags; do
        backends="portable ref" compiler=$root/build/cc-quick
        case $flag in
            plain) flag='' compiler=${CC:-cc} ;;
            --inline) backends=ref ;;
        esac
        (cd "$work/$name" && CC=$compiler "$root/build/gomem" unit build ${flag:+"$flag"} -o "$work/$name/unit.so" .) >"$work/errors" 2>&1
        status=$?
        verdict $status "$name $flag builds"
        [ $status = 0 ] || sed 's/^/# /' "$work/errors"
        for backend in $backends; do
            [ -f "$root/build/lib/lib$backend.so" ] && [ $status = 0 ] && check "$name" "$flag" "$backend"
        done
    done
done
echo "1..$number"
