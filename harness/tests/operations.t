#!/usr/bin/env bash
# Runtime backends whose operations misbehave: each damages the cases that use it, in words that say how, and no other. The odd
# backends have one bad group; backends/portable completes them.
# shellcheck disable=SC2154 # lib.sh sets status
. "$(dirname "$0")/lib.sh"
own_build
mark=$((400000 + $$)).$RANDOM

# One path for all of them, so that the cases are compiled once.
so() { # < C: makes $T/odd.so, a backend that has the groups which the C defines
    { printf '#include <stdlib.h>\n#include <string.h>\n#include <unistd.h>\n#include "gomem.h"\n'; cat; } >"$T/odd.c"
    gcc -std=gnu11 -D_GNU_SOURCE -shared -fPIC -I"$TOP/spec" -o "$T/odd.so" "$T/odd.c" || echo "Bail out! gcc failed"
}
backend() { # MEMBER...: its entry
    echo "static const gomem_backend_table t = { .contract = GOMEM_CONTRACT, .size = sizeof t, .name = \"odd\", .release = \"1.26\", .gc_profile = true, .capabilities = \"counts\", $1 };"
    echo 'const gomem_backend_table *gomem_backend(uint32_t contract, const char *options) { (void)contract; (void)options; return &t; }'
}
on() { # CASE...: checks the cases on that backend and portable's groups
    gomem check --backend "$T/odd.so+$TOP/build/lib/libportable.so" --timeout 10 "$@"
}
# judged NAME PATTERN STATUS WANT: the last check ended with the status, and a line of its output matches
judged() {
    if [ "$status" = "$2" ] && grep -Eq -- "$3" "$T/out"; then pass "$1"; else fail "$1: status $status" "$T/out" "$T/err"; fi
}
mapfile -t names < <("$GOMEM" list --cases 'channel/*' | awk '{print $1}' | head -2)
other=$("$GOMEM" list --cases 'block/*' | awk '{print $1}' | head -1)
# a case that counts nothing
still=$("$GOMEM" list --cases BLOCK.COPY | awk '{print $1}' | head -1)
both=(--rule "${names[0]}" --rule "${names[1]}" --rule "$other")

so < <(echo 'static gomem_chan *make(gomem_g *g, const gomem_type *type, int64_t n) { (void)g; (void)type; (void)n; abort(); }
static const gomem_chans_group chans = { .size = sizeof chans, .make = make };'; backend '.chans = &chans')
on "${both[@]}"
judged "a crash in an operation" 1 'message: "the process was killed by signal 6'
judged "a crash leaves the other case intact" 1 "^ok .* $other\$"
judged "the C that was made of a failing case is named" 1 'generated: ".*/bin/channel.src"'
on "${both[@]}" --trace-calls
judged "--trace-calls: what a crash was asked" 1 '^    g[0-9a-f]+ chans.make\(chan [a-z]+, [0-9]+\) \.\.\.$'
judged "--trace-calls: verdicts stay" 1 "^ok .* $other\$"
refused "--trace-calls of a toolchain" 2 "--trace-calls is for runtime backends; go is a toolchain" check --backend go --trace-calls

so < <(echo "static void hang(void) { execlp(\"sleep\", \"sleep\", \"$mark\", (char *)0); }
static gomem_chan *make(gomem_g *g, const gomem_type *type, int64_t n) { (void)g; (void)type; (void)n; hang(); return NULL; }
static const gomem_chans_group chans = { .size = sizeof chans, .make = make };"; backend '.chans = &chans')
on "${both[@]}" --timeout 3
judged "a hang in an operation" 1 'verdict: "timeout"'
judged "a hang leaves the other case intact" 1 "^ok .* $other\$"
no_process "no process of a hang is left" "$mark"

so < <(echo 'static gomem_chan *make(gomem_g *g, const gomem_type *type, int64_t n) { (void)g; (void)type; (void)n; _exit(0); }
static const gomem_chans_group chans = { .size = sizeof chans, .make = make };'; backend '.chans = &chans')
on "${both[@]}"
judged "an exit with 0 in the middle" 1 'message: "the process exited with status 0 before the case returned'
judged "an exit leaves the other case intact" 1 "^ok .* $other\$"

so < <(echo 'static void read_stats(gomem_g *g, gomem_mem_stats *s)
{ (void)g; static uint64_t n = 1u << 30; memset(s, 0, sizeof *s); s->mallocs = n -= 7; s->frees = 3; s->heap_alloc = s->total_alloc = n * 3; s->num_gc = (uint32_t)n; }
static const gomem_collector_group collector = { .size = sizeof collector, .read_stats = read_stats };'; backend '.collector = &collector')
on --rule ALLOC.NEW --rule "$still"
judged "counters that decrease" 1 '^not ok .* alloc/'
judged "counters that decrease leave the other case intact" 1 "^ok .* $still\$"

so < <(echo 'static void read_stats(gomem_g *g, gomem_mem_stats *s) { (void)g; memset(s, 0, sizeof *s); }
static const gomem_collector_group collector = { .size = sizeof collector, .read_stats = read_stats };'; backend '.collector = &collector')
on --rule ALLOC.NEW --rule "$still"
judged "counters that contradict the blocks held" 1 'message: ".*got 0 want 1'
judged "counters that contradict leave the other case intact" 1 "^ok .* $still\$"

so < <(echo 'static gomem_chan *make(gomem_g *g, const gomem_type *type, int64_t n) { (void)g; (void)type; (void)n; static char block[1 << 16]; memset(block, 10, sizeof block); for (;;) if (write(2, block, sizeof block) < 0) abort(); }
static const gomem_chans_group chans = { .size = sizeof chans, .make = make };'; backend '.chans = &chans')
on "${both[@]}"
judged "a flood in an operation" 1 'flooded its output'

so < <(echo '#include <pthread.h>
struct start { gomem_g g; gomem_func *fn; };
static intptr_t alive = 1;
static void *body(void *p)
{ struct start *s = p; static _Thread_local char stack[1 << 18]; s->g.sp = s->g.stack_base = stack + sizeof stack; s->g.stack_guard = stack + 65536;
  ((void (*)(gomem_g *, gomem_func *))s->fn->code)(&s->g, s->fn); __atomic_sub_fetch(&alive, 1, __ATOMIC_SEQ_CST); return NULL; }
static void go(gomem_g *g, gomem_func *fn)
{ (void)g; struct start *s = calloc(1, sizeof *s); pthread_t t; s->fn = fn; __atomic_add_fetch(&alive, 1, __ATOMIC_SEQ_CST); if (pthread_create(&t, NULL, body, s)) abort(); pthread_detach(t); }
static intptr_t count(gomem_g *g) { (void)g; return __atomic_load_n(&alive, __ATOMIC_SEQ_CST); }
static const gomem_sched_group sched = { .size = sizeof sched, .go = go, .count = count };'; backend '.sched = &sched')
on --rule channel/RecvWaitsForValue --rule sched/AfterFuncRunsOnce --rule panics/GoexitRunsDeferred
judged "goroutines of its own wait in portable's channels" 0 '^ok .* channel/RecvWaitsForValue$'
judged "portable's timers start goroutines of its own" 0 '^ok .* sched/AfterFuncRunsOnce$'
judged "which portable cannot end" 0 '^ok .* panics/GoexitRunsDeferred # SKIP needs panics$'

so < <(echo 'static int run(const gomem_unit *unit, int argc, char **argv) { (void)unit; (void)argc; (void)argv; abort(); }'; backend '.run = run')
on --rule channel/RecvWaitsForValue
judged "without goroutines of its own, portable runs it" 0 '^ok .* channel/RecvWaitsForValue$'

so < <(echo 'static void *new_object(gomem_g *g, const gomem_type *type) { (void)g; return calloc(1, type->size + 1); }
static void *new_array(gomem_g *g, const gomem_type *elem, intptr_t n) { (void)g; return calloc((size_t)n + 1, elem->size + 1); }
static const gomem_heap_group heap = { .size = sizeof heap, .new_object = new_object, .new_array = new_array };'; backend '.heap = &heap')
gomem check --backend "$T/odd.so" "${both[@]}" --rule "$still"
judged "what is missing is skipped by name" 0 "^ok .* ${names[0]} # SKIP needs chans"
judged "what an allocator can do runs" 0 "^ok .* $still\$"
finish
