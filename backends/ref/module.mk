# backends/ref: build/lib/libref.so, its debug variant, and the archive for programs that are linked statically.
REF_SRC := $(filter-out %_test.c backends/ref/fault.c,$(wildcard backends/ref/*.c backends/ref/*/*.c)) $(wildcard backends/ref/*/*.S)
REF_OBJ := $(addsuffix .o,$(basename $(REF_SRC:%=build/obj/%)))
REF_DEBUG_OBJ := $(REF_OBJ:build/obj/%=build/obj/debug/%)
REF_ASAN_OBJ := $(REF_OBJ:build/obj/%=build/obj/asan/%)
REF_FAULTS_OBJ := $(REF_OBJ:build/obj/%=build/obj/faults/%) build/obj/faults/backends/ref/fault.o
REF_FLAGS = -std=gnu11 -D_GNU_SOURCE -g -fPIC -fvisibility=hidden -fno-strict-aliasing -fwrapv -Wno-psabi -Wall -Wextra -Wshadow -Werror -Ispec -MMD -MP

build/obj/backends/ref/%.o: backends/ref/%.c
	@mkdir -p $(@D)
	$(CC) $(REF_FLAGS) -O2 -c -o $@ $<

build/obj/backends/ref/%.o: backends/ref/%.S
	@mkdir -p $(@D)
	$(CC) $(REF_FLAGS) -c -o $@ $<

build/obj/debug/backends/ref/%.o: backends/ref/%.c
	@mkdir -p $(@D)
	$(CC) $(REF_FLAGS) -O1 -DREF_DEBUG -c -o $@ $<

build/obj/debug/backends/ref/%.o: backends/ref/%.S
	@mkdir -p $(@D)
	$(CC) $(REF_FLAGS) -DREF_DEBUG -c -o $@ $<

build/obj/faults/backends/ref/%.o: backends/ref/%.c
	@mkdir -p $(@D)
	$(CC) $(REF_FLAGS) -O1 -DREF_FAULTS -c -o $@ $<

build/obj/faults/backends/ref/%.o: backends/ref/%.S
	@mkdir -p $(@D)
	$(CC) $(REF_FLAGS) -DREF_FAULTS -c -o $@ $<

build/lib/libref.so: $(REF_OBJ)
	@mkdir -p $(@D)
	$(CC) -shared -pthread -Wl,-z,defs -o $@ $^

# ref with the alternatives of fault.h, of which the option fault=NAME chooses one (backends/faults).
build/lib/libref-faults.so: $(REF_FAULTS_OBJ)
	@mkdir -p $(@D)
	$(CC) -shared -pthread -Wl,-z,defs -o $@ $^

build/lib/libref-debug.so: $(REF_DEBUG_OBJ)
	@mkdir -p $(@D)
	$(CC) -shared -pthread -Wl,-z,defs -o $@ $^

# ref under the address and undefined-behaviour sanitizers, with the debug assertions, and a driver and a runner beside it that load it:
# build/asan/gomem check --backend ref.
ASAN_FLAGS = -O1 -DREF_DEBUG -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer --param asan-use-after-return=0

build/obj/asan/backends/ref/%.o: backends/ref/%.c
	@mkdir -p $(@D)
	$(CC) $(REF_FLAGS) $(ASAN_FLAGS) -c -o $@ $<

build/obj/asan/backends/ref/%.o: backends/ref/%.S
	@mkdir -p $(@D)
	$(CC) $(REF_FLAGS) -c -o $@ $<

build/asan/lib/libref.so: $(REF_ASAN_OBJ)
	@mkdir -p $(@D)
	$(CC) -shared -pthread -fsanitize=address,undefined -o $@ $^

build/asan/gomem-runner: $(filter-out %/standalone.c,$(wildcard harness/runner/*.c)) build/obj/runner/trace_wrappers.inc spec/gomem.h
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -fsanitize=address,undefined -Ispec -Ibuild/obj/runner -rdynamic -o $@ $(filter %.c,$^)

build/asan/gomem: build/gomem
	@mkdir -p $(@D)
	cp $< $@

# What the lanes of the tests need (scripts/make-check-tests).
REF_LANES := build/lib/libref-debug.so build/asan/gomem build/asan/gomem-runner build/asan/lib/libref.so

check-debug: build/gomem build/gomem-runner build/lib/libref-debug.so ## all cases on ref with its assertions, FLAGS are passed on
	build/gomem check --backend build/lib/libref-debug.so --expect backends/ref/expect $(FLAGS)

check-asan: build/asan/gomem build/asan/gomem-runner build/asan/lib/libref.so ## all cases on ref under the sanitizers
	GOMEM_ROOT=$(CURDIR) build/asan/gomem check --backend ref $(FLAGS)

# ref for Valgrind's memcheck (memcheck.h), with the debug assertions and the faults.
REF_VALGRIND_OBJ := $(REF_FAULTS_OBJ:build/obj/faults/%=build/obj/valgrind/%)

build/obj/valgrind/backends/ref/%.o: backends/ref/%.c
	@mkdir -p $(@D)
	$(CC) $(REF_FLAGS) -O1 -DREF_DEBUG -DREF_FAULTS -DREF_VALGRIND -c -o $@ $<

build/obj/valgrind/backends/ref/%.o: backends/ref/%.S
	@mkdir -p $(@D)
	$(CC) $(REF_FLAGS) -c -o $@ $<

build/lib/libref-valgrind.so: $(REF_VALGRIND_OBJ)
	@mkdir -p $(@D)
	$(CC) -shared -pthread -Wl,-z,defs -o $@ $^

memcheck: build/gomem build/gomem-runner build/lib/libref-valgrind.so ## all cases on ref under Valgrind's memcheck, FLAGS are passed on
	build/gomem check --backend ref:valgrind $(FLAGS)

build/lib/libref.a: $(REF_OBJ)
	@mkdir -p $(@D)
	rm -f $@ && ar rc $@ $^

# ref for the race lane (race.h), each with the faults: not instrumented, with announced edges; and instrumented. The two are loaded by a
# runner that has the detector.
RACE_CC ?= clang
REF_RACE_FLAGS = $(REF_FLAGS) -O1 -DREF_FAULTS -DREF_RACE -Wno-unknown-warning-option
REF_RACE_OBJ := $(REF_FAULTS_OBJ:build/obj/faults/%=build/obj/race/%)
REF_RACE_IMPLEMENTATION_OBJ := $(REF_FAULTS_OBJ:build/obj/faults/%=build/obj/race-implementation/%)

build/obj/race/backends/ref/%.o: backends/ref/%.c
	@mkdir -p $(@D)
	$(RACE_CC) $(REF_RACE_FLAGS) -DREF_RACE_PROGRAM -c -o $@ $<

build/obj/race-implementation/backends/ref/%.o: backends/ref/%.c
	@mkdir -p $(@D)
	$(RACE_CC) $(REF_RACE_FLAGS) -fsanitize=thread -c -o $@ $<

build/obj/race/backends/ref/%.o: backends/ref/%.S
	@mkdir -p $(@D)
	$(RACE_CC) $(REF_FLAGS) -c -o $@ $<

build/obj/race-implementation/backends/ref/%.o: build/obj/race/backends/ref/%.o # of assembly
	@mkdir -p $(@D)
	cp $< $@

build/lib/libref-race.so: $(REF_RACE_OBJ)
	@mkdir -p $(@D)
	$(RACE_CC) -shared -pthread -o $@ $^

build/lib/libref-race-implementation.so: $(REF_RACE_IMPLEMENTATION_OBJ)
	@mkdir -p $(@D)
	$(RACE_CC) -shared -pthread -o $@ $^

build/race/gomem-runner: $(filter-out %/standalone.o,$(RUNNER_OBJ))
	@mkdir -p $(@D)
	$(RACE_CC) -fsanitize=thread -rdynamic -o $@ $^

RACE_TOOLS := build/race/gomem-runner build/lib/libref-race.so build/lib/libref-race-implementation.so

REF_LANES += $(RACE_TOOLS)

# Some of the faults only the race lane catches; without its compiler they are skipped.
faults: $(if $(shell command -v $(RACE_CC)),$(RACE_TOOLS))

# Unit tests: each links the parts it tests, built for debugging, and stands in for the others.
TESTS_REF =

# ref-test: name of the test (a source below backends/ref), objects it is linked with.
define ref-test
build/tests/ref-$(notdir $(1)): backends/ref/$(1).c backends/ref/fakes_test.h backends/ref/compiled_test.h $(patsubst %,build/obj/debug/backends/ref/%.o,$(2))
	@mkdir -p $$(@D)
	$$(CC) $$(REF_FLAGS) -O1 -DREF_DEBUG -pthread -o $$@ $$(filter-out %.h,$$^) -lm
TESTS_REF += build/tests/ref-$(notdir $(1))
endef

REF_SCHED_PARTS := os $(filter-out %_test,$(patsubst backends/ref/%.c,%,$(wildcard backends/ref/sched/*.c backends/ref/stack/*.c backends/ref/panic/*.c))) sched/switch
$(eval $(call ref-test,sched/sched_test,$(REF_SCHED_PARTS)))
$(eval $(call ref-test,stack/stack_test,$(REF_SCHED_PARTS)))
REF_ALL_PARTS := $(REF_OBJ:build/obj/backends/ref/%.o=%)
$(eval $(call ref-test,whole_test,$(REF_ALL_PARTS)))

-include $(REF_OBJ:.o=.d) $(REF_DEBUG_OBJ:.o=.d) $(REF_ASAN_OBJ:.o=.d) $(REF_FAULTS_OBJ:.o=.d) $(REF_VALGRIND_OBJ:.o=.d) $(REF_RACE_OBJ:.o=.d) $(REF_RACE_IMPLEMENTATION_OBJ:.o=.d)

REF_HEAP := os heap/arena heap/classes heap/malloc heap/mcache heap/mcentral heap/pages heap/span heap/stats gc/sweep
$(eval $(call ref-test,heap/heap_test,$(REF_HEAP)))

$(eval $(call ref-test,value/value_test,$(REF_HEAP) value/slice value/box value/string value/hash))
$(eval $(call ref-test,value/map_test,$(REF_HEAP) value/map value/group value/table value/iter value/hash))
$(eval $(call ref-test,value/collected_test,$(REF_ALL_PARTS)))
REF_SYNC_PARTS := $(REF_SCHED_PARTS) $(filter-out %_test,$(patsubst backends/ref/%.c,%,$(wildcard backends/ref/sync/*.c))) value/hash
$(eval $(call ref-test,sync/chan_test,$(REF_SYNC_PARTS)))
$(eval $(call ref-test,sync/chan_timer_test,$(REF_SYNC_PARTS)))
$(eval $(call ref-test,sync/locks_test,$(REF_SYNC_PARTS)))
$(eval $(call ref-test,sync/pointers_test,$(REF_ALL_PARTS)))
$(eval $(call ref-test,gc/gc_test,$(REF_ALL_PARTS)))

# The implementation race lane of sync/: its sources, instrumented.
SYNC_RACE_SRC := $(filter-out %_test.c,$(wildcard backends/ref/sync/*.c)) backends/ref/value/hash.c backends/ref/os.c
build/tests/ref-race_test: backends/ref/sync/race_test.c $(SYNC_RACE_SRC) $(wildcard backends/ref/*.h backends/ref/sync/*.h)
	@mkdir -p $(@D)
	$(RACE_CC) $(filter-out -fPIC -Wno-psabi -MMD -MP,$(REF_FLAGS)) -O1 -fsanitize=thread -pthread -o $@ $(filter %.c,$^)
TESTS_REF += build/tests/ref-race_test

# The implementation race lane of the heap.
HEAP_RACE_SRC := $(REF_HEAP:%=backends/ref/%.c)
build/tests/ref-heap_race: backends/ref/heap/heap_test.c $(HEAP_RACE_SRC) $(wildcard backends/ref/*.h backends/ref/heap/*.h backends/ref/gc/*.h)
	@mkdir -p $(@D)
	$(RACE_CC) $(filter-out -fPIC -Wno-psabi -MMD -MP,$(REF_FLAGS)) -O1 -DHEAP_RACE -fsanitize=thread -pthread -o $@ $(filter %.c,$^)
TESTS_REF += build/tests/ref-heap_race
TESTS_REF += backends/ref/heap/failmap.t backends/ref/gc/check.t

# Its test needs the build above: prove is told of it, make of what it runs.
TESTS_REF += backends/ref/memcheck.t
backends/ref/memcheck.t: build/lib/libref-valgrind.so
