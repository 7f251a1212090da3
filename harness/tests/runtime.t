#!/usr/bin/env bash
# Runtime backends that cannot be loaded, each broken in its own way: one clear line, status 3, no process left.
# shellcheck disable=SC2154 # lib.sh sets status
. "$(dirname "$0")/lib.sh"
fixture_root one
cp -r "$TOP/backends/gomem" "$T/root/backends/"
mark=$((300000 + $$)).$RANDOM

# so NAME makes $T/NAME.so of the C on stdin, behind the contract.
so() {
    { echo '#include <stdlib.h>'; echo '#include <signal.h>'; echo '#include <stdio.h>'; echo '#include <unistd.h>'; echo '#include "gomem.h"'; cat; } >"$T/$1.c"
    gcc -std=gnu11 -shared -fPIC -I"$TOP/spec" -o "$T/$1.so" "$T/$1.c" || echo "Bail out! gcc failed"
}
# entry BODY is a whole backend whose entry has that body.
entry() { echo "const gomem_backend_table *gomem_backend(uint32_t contract, const char *options) { (void)contract; (void)options; $1 }"; }
fields='.contract = GOMEM_CONTRACT, .size = sizeof(gomem_backend_table), .name = "odd", .release = "1.26", .capabilities = ""'

refused "a path that does not exist" 3 "the backend /no/where.so cannot be read" check --backend /no/where.so
refused "a folder" 3 "no shared object that loads" check --backend "$T/"
echo "hello" >"$T/text.so"
refused "a text" 3 "no shared object that loads: .*(invalid ELF header|file too short)" check --backend "$T/text.so"
: >"$T/empty.so"
refused "an empty file" 3 "no shared object that loads: .*file too short" check --backend "$T/empty.so"
so none <<<'int nothing;'
refused "no entry point" 3 "none.so has no entry gomem_backend" check --backend "$T/none.so"
so undefined <<<'extern int there_is_none(void); int f(void) { return there_is_none(); }'
refused "an undefined symbol" 3 "undefined symbol: there_is_none" check --backend "$T/undefined.so"
so null < <(entry 'return NULL;')
refused "an entry that returns NULL" 3 "does not take contract 1 with options ''" check --backend "$T/null.so"
so options < <(entry 'fprintf(stderr, "options are %0900d, last=1\n", 0); return NULL;')
refused "options that a backend lists, at any length, and gomem's own" 3 "0, last=1; gomem's own are .*valgrind.*no-escape" check --backend "$T/options.so:help"
so version < <(entry "static const gomem_backend_table t = { $fields, }; static gomem_backend_table other; other = t; other.contract = 77; return &other;")
refused "another version" 3 "speaks contract 77; this gomem speaks 1" check --backend "$T/version.so"
so nameless < <(entry 'static const gomem_backend_table t = { .contract = GOMEM_CONTRACT, .size = sizeof t }; return &t;')
refused "no description of itself" 3 "describes itself incompletely" check --backend "$T/nameless.so"
so release < <(entry "static const gomem_backend_table t = { $fields, .release = \"new\" }; return &t;")
refused "a release that is none" 3 "emulates no Go release that can be read" check --backend "$T/release.so"
so crash < <(entry 'raise(SIGSEGV); return NULL;')
refused "a crash in the entry" 3 "cannot be loaded: .*killed by signal 11" check --backend "$T/crash.so"
so load < <(echo '__attribute__((constructor)) static void on_load(void) { abort(); }'; entry 'return NULL;')
refused "a crash on load" 3 "cannot be loaded: .*killed by signal 6" check --backend "$T/load.so"
so prints < <(echo '__attribute__((constructor)) static void on_load(void) { for (int i = 0; i < 9999; i++) puts("chatter"); }'; entry "static const gomem_backend_table t = { $fields }; return &t;")
refused "a flood of output on load" 3 "prints so much while it is loaded that its description is lost" check --backend "$T/prints.so"
so silent < <(entry '_exit(0);')
refused "an exit with 0 in the entry" 3 "emulates no Go release|cannot be loaded" check --backend "$T/silent.so"
so hang < <(entry "execlp(\"sleep\", \"sleep\", \"$mark\", (char *)0); return NULL;")
refused "a hang in the entry" 3 "cannot be loaded: .*did not end within" check --backend "$T/hang.so" --build-timeout 2
no_process "no process of a hang is left" "$mark"
so flood < <(entry 'for (;;) puts("flood of text that has no end and no meaning");')
refused "a flood on load" 3 "cannot be loaded: .*flooded" check --backend "$T/flood.so"
so good < <(entry "static const gomem_backend_table t = { $fields, }; if (*options) { fprintf(stderr, \"odd: unknown option %s\\n\", options); return NULL; } return &t;")
refused "unknown options" 3 "odd: unknown option speed=11" check --backend "$T/good.so:speed=11"
refused "a machine that no code is made for" 2 "unknown option 'arch=mips': code for a runtime is made for arch=386 and arch=arm64" check --backend "$T/good.so:arch=mips"
refused "the second of two is missing" 3 "no backend 'nosuch'" check --backend "$T/good.so+nosuch"

# the race lanes: builds of their own, which ask of the detector what their lane is about
refused "no build for a race lane" 3 "no build of '.*good.so' for the lane race=program: .*good-race.so is missing" check --backend "$T/good.so:race=program"
cp "$T/good.so" "$T/good-race.so"
cp "$T/good.so" "$T/good-race-implementation.so"
refused "one that announces nothing" 3 "good-race.so announces no edge to the race detector" check --backend "$T/good.so:race"
refused "one that is not instrumented" 3 "good-race-implementation.so is not instrumented" check --backend "$T/good.so:race=implementation"
so both < <(echo 'void __tsan_release(void *), __tsan_func_entry(void *); void edge(void) { __tsan_release(0); __tsan_func_entry(0); }'; entry 'return NULL;')
cp "$T/both.so" "$T/both-race.so"
refused "an instrumented one as that which announces" 3 "both-race.so is instrumented: race=program needs" check --backend "$T/both-race.so:race=program"
refused "the plain groups announce nothing" 3 "no build of 'portable' for the lane race=program" check --backend portable:race=program

so chat < <(entry "static const gomem_backend_table t = { $fields, }; printf(\"loading\"); return &t;")
"$TOP/build/gomem-runner" --describe "$T/chat.so" >"$T/out" 2>"$T/err"
ok "one that has begun a line of its own" grep -qx 'name odd' "$T/out"
if "$TOP/build/gomem-runner" --describe "$T/good.so" >"$T/out" 2>"$T/err" && grep -qx 'release 1.26' "$T/out"; then
    pass "a whole one is described"
else
    fail "a whole one is described" "$T/out" "$T/err"
fi
finish
