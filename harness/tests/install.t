#!/usr/bin/env bash
# An installation in a folder of its own: it checks, runs and builds from anywhere, writes only to the user's cache, and goes without a trace.
# shellcheck disable=SC2154 # lib.sh sets status
. "$(dirname "$0")/lib.sh"
prefix=$(mktemp -d "${TMPDIR:-/tmp}/gomem-prefix.XXXXXX") # make takes no folder with spaces
make -s -C "$TOP" install PREFIX="$prefix" >"$T/out" 2>"$T/err"
trap 'rm -rf "$T" "$prefix"' EXIT
ok "make install" test -x "$prefix/bin/gomem"
GOMEM=$prefix/bin/gomem
export HOME="$T/home" XDG_CACHE_HOME=
mkdir -p "$HOME"
share_objects "$HOME/.cache/gomem"
cd "$T" || exit 1
gomem check --backend ref --rule ALLOC.NEW
is "check from another folder: status" "$status" 0
tap_is_sound "check from another folder"
ok "it writes to the user's cache" test -d "$HOME/.cache/gomem/units/ref"
gomem lint
is "lint, without the sources that faults edit" "$status" 0
printf 'package main\n\nfunc main() { println("installed") }\n' >hello.go
gomem run hello.go
is "run" "$(cat "$T/err")" "installed"
gomem build -o hello hello.go
is "build" "$(./hello 2>&1)" "installed"
cat >own.c <<'END'
#include <gomem.h>
const gomem_backend_table *gomem_backend(uint32_t contract, const char *options)
{
    static const gomem_backend_table t = {.contract = GOMEM_CONTRACT, .size = sizeof t, .name = "own", .release = "1.26", .capabilities = ""};
    (void)options;
    return contract == GOMEM_CONTRACT ? &t : 0;
}
END
cflags=$(sed -n "s|^prefix=||p" "$prefix/lib/pkgconfig/gomem.pc")/include
gcc -shared -fPIC -I"$cflags" -o own.so own.c 2>"$T/err"
gomem check --backend ./own.so+portable --rule BLOCK.COPY
is "a runtime made with the installed header" "$status" 0
page=$prefix/share/man/man1/gomem.1
ok "the manual page knows every command" bash -c '
    for c in $("$1" --help | sed -n "/^commands:$/,/^$/s/^  \([a-z]*\) .*/\1/p"); do grep -q "^.SH \"gomem $c\"" "$2" || exit 1; done' - "$GOMEM" "$page"
tr -d '\\' <"$page" >"$T/page"
missing=$("$GOMEM" check --help | sed -n 's/^  --\([a-z-]*\) .*/\1/p' | while read -r o; do grep -q -- "--$o" "$T/page" || echo "$o"; done)
is "the manual page knows every option of check" "$missing" ""
make -s -C "$TOP" uninstall PREFIX="$prefix" >"$T/out" 2>"$T/err"
is "make uninstall leaves no file" "$(find "$prefix" ! -type d | head -3)" ""
finish
