# The compiler: objects under build/obj/compiler/, test programs under build/tests/compiler/.
#
# Included by the top Makefile, which gives CC, ALL_CFLAGS and LDFLAGS and uses afterwards
#   COMPILER_SRC, COMPILER_OBJ, COMPILER_LIB   the library: sources, objects, archive
#   TESTS_COMPILER                             what `prove` runs: programs and scripts that print TAP
# The tools take arguments; tests/tree.t, tests/check.t and tests/layout.t run them.

COMPILER_SRC := $(wildcard compiler/*.c)
COMPILER_OBJ := $(COMPILER_SRC:compiler/%.c=build/obj/compiler/%.o)
COMPILER_LIB := build/obj/compiler/libcompiler.a
COMPILER_TOOLS := build/tests/compiler/parse_tree build/tests/compiler/parse_fuzz \
                  build/tests/compiler/check_dir build/tests/compiler/layout_generate
COMPILER_TESTS := $(patsubst compiler/tests/%.c,build/tests/compiler/%,$(wildcard compiler/tests/*_test.c))
COMPILER_SCRIPTS := build/tests/compiler/tree.t build/tests/compiler/check.t build/tests/compiler/layout.t
TESTS_COMPILER := $(COMPILER_TESTS) $(COMPILER_SCRIPTS) build/tests/compiler/lower.t build/tests/compiler/escape_random.t build/tests/compiler/differential.t

build/obj/compiler/%.o: compiler/%.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(COMPILER_LIB): $(COMPILER_OBJ)
	@rm -f $@
	$(AR) rcs $@ $^

build/tests/compiler/%: compiler/tests/%.c $(COMPILER_LIB)
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -MMD -MP -o $@ $< $(COMPILER_LIB) $(LDFLAGS)

$(COMPILER_SCRIPTS): build/tests/compiler/%.t: compiler/tests/%.t $(COMPILER_TOOLS)
	install -m 755 $< $@

# A C compiler that does not optimise, which is three times as fast. Objects are kept by the compiler's name: those who use this one share them.
build/cc-quick: compiler/module.mk
	@mkdir -p $(@D)
	printf '#!/bin/sh\nexec %s "$$@" -O0\n' '$(CC)' >$@ && chmod +x $@

build/tests/compiler/lower.t: compiler/tests/lower.t build/gomem build/gomem-runner build/lib/libportable.so build/cc-quick
	@mkdir -p $(@D)
	install -m 755 $< $@

build/tests/compiler/differential.t: compiler/tests/differential.t build/gomem build/gomem-runner build/lib/libref.so build/lib/libref-debug.so build/cc-quick
	@mkdir -p $(@D)
	install -m 755 $< $@

build/tests/compiler/escape_random.t: compiler/tests/escape_random.t build/gomem
	@mkdir -p $(@D)
	install -m 755 $< $@

.PHONY: compiler test-compiler
compiler: $(COMPILER_LIB) ## the compiler as a library
test-compiler: $(TESTS_COMPILER) ## the compiler's own tests
	prove $(TESTS_COMPILER)

-include $(COMPILER_OBJ:.o=.d) $(COMPILER_TESTS:=.d) $(COMPILER_TOOLS:=.d)

# The fuzzer: clang's, with its sanitizers. Inputs worth keeping are in compiler/tests/fuzz/, what a run collects in build/fuzz/.
FUZZ_CC      ?= clang
FUZZ_SECONDS ?= 600
FUZZ_FLAGS = -std=gnu11 -D_GNU_SOURCE -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=undefined -DFUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION -MMD -MP
FUZZ_OBJ := $(patsubst compiler/%.c,build/fuzz/obj/%.o,$(COMPILER_SRC) compiler/tests/fuzz_test.c compiler/tests/fuzz_mutate.c)

build/fuzz/obj/%.o: compiler/%.c
	@mkdir -p $(@D)
	$(FUZZ_CC) $(FUZZ_FLAGS) -fsanitize=fuzzer-no-link -c -o $@ $<

build/fuzz/fuzz_compiler: $(FUZZ_OBJ)
	$(FUZZ_CC) $(FUZZ_FLAGS) -fsanitize=fuzzer -o $@ $^

.PHONY: fuzz
fuzz: build/fuzz/fuzz_compiler ## fuzz the compiler, lexer to lowering, for FUZZ_SECONDS
	@mkdir -p build/fuzz/corpus
	$< -max_total_time=$(FUZZ_SECONDS) -max_len=8192 -timeout=30 -rss_limit_mb=4096 -artifact_prefix=build/fuzz/ \
	    build/fuzz/corpus compiler/tests/fuzz compiler/tests/lower compiler/tests/escape_programs

-include $(FUZZ_OBJ:.o=.d)
