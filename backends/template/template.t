#!/usr/bin/env bash
# The tutorial holds: template.c, copied out of the tree and built by the command that its comment tells, loads; alone it passes what an
# allocator can pass and skips the rest by name; completed by the plain groups it fails nothing.
# shellcheck disable=SC2154 # lib.sh sets status
. "$(dirname "$0")/../../harness/tests/lib.sh"

mkdir "$T/mine" "$T/spec"
cp "$TOP/backends/template/template.c" "$T/mine/"
cp "$TOP"/spec/*.h "$T/spec/"
command=$(sed -n 's#^//  *\(cc .*\)$#\1#p' "$T/mine/template.c")
cd "$T/mine" || exit 1
# shellcheck disable=SC2086 # the command's words
built() { ${command//-I\/path\/to\/gomem\/spec/-I..\/spec} -Wall -Wextra -Werror; }
ok "the command in its comment builds it" built
is "it is a tutorial of few lines" "$(($(wc -l <template.c) < 150))" 1

count() { grep -Ec -- "$1" "$T/out"; } # lines of TAP

gomem check --backend ./libmine.so --rule 'block/*' --rule 'channel/*'
is "alone: nothing counts against it" "$status" 0
ok "alone: cases of blocks hold" test "$(count '^ok [0-9]+ - [^ ]+ block/[^ ]+$')" -ge 15
is "alone: no case of channels holds" "$(count '^ok [0-9]+ - [^ ]+ channel/[^ ]+$')" 0
skips "a case that needs another group says which" channel/RecvWaitsForValue "needs (chans|sched)"

# an allocator that leaves its chunks dirty: a check that fails counts, though its text needs what an allocator has not
sed 's/next = calloc(1, CHUNK);/next = malloc(CHUNK); if (next) __builtin_memset(next, 7, CHUNK);/' template.c >dirty.c
cc -std=c11 -shared -fPIC -I../spec -o libdirty.so dirty.c
gomem check --backend ./libdirty.so --rule BLOCK.ZERO
is "dirty: it does not conform" "$status" 1
ok "dirty: the failing check is no skip" test "$(count '^  message: "a check failed; to say which, it needs strings"$')" -ge 1

gomem check --backend ./libmine.so+portable --rule 'block/*' --rule 'channel/*' --rule 'panics/*'
is "completed: nothing counts against it" "$status" 0
for area in block channel panics; do
    ok "completed: cases of $area hold" test "$(count "^ok [0-9]+ - [^ ]+ $area/[^ ]+\$")" -ge 30
done
finish
