# The compiler: objects under build/obj/compiler/, test programs under build/tests/compiler/.
#
# Included by the top Makefile, which gives CC, ALL_CFLAGS and LDFLAGS and uses afterwards
#   COMPILER_SRC, COMPILER_OBJ, COMPILER_LIB   the library: sources, objects, archive
#   TESTS_COMPILER                             what `prove` runs: programs and scripts that print TAP
# parse_tree, parse_fuzz and check_dir take arguments; tests/tree.t and tests/check.t run them.

COMPILER_SRC := $(wildcard compiler/*.c)
COMPILER_OBJ := $(COMPILER_SRC:compiler/%.c=build/obj/compiler/%.o)
COMPILER_LIB := build/obj/compiler/libcompiler.a
COMPILER_TOOLS := build/tests/compiler/parse_tree build/tests/compiler/parse_fuzz \
                  build/tests/compiler/check_dir
COMPILER_TESTS := $(patsubst compiler/tests/%.c,build/tests/compiler/%,$(wildcard compiler/tests/*_test.c))
COMPILER_SCRIPTS := build/tests/compiler/tree.t build/tests/compiler/check.t
TESTS_COMPILER := $(COMPILER_TESTS) $(COMPILER_SCRIPTS) build/tests/compiler/lower.t

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

build/tests/compiler/lower.t: compiler/tests/lower.t build/gomem build/gomem-runner build/lib/libportable.so
	@mkdir -p $(@D)
	install -m 755 $< $@

.PHONY: compiler test-compiler
compiler: $(COMPILER_LIB) ## the compiler as a library
test-compiler: $(TESTS_COMPILER) ## the compiler's own tests
	prove $(TESTS_COMPILER)

-include $(COMPILER_OBJ:.o=.d) $(COMPILER_TESTS:=.d) $(COMPILER_TOOLS:=.d)
