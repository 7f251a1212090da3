# The compiler: objects under build/obj/compiler/, test programs under build/tests/compiler/.
#
# Included by the top Makefile, which may set CC, CFLAGS and LDFLAGS before and uses afterwards:
#   COMPILER_SRC, COMPILER_OBJ   the library's sources and objects
#   COMPILER_LIB                 the same as an archive
#   COMPILER_TESTS               test programs that take no arguments and print TAP
#   COMPILER_TOOLS               test programs that take arguments (parse_tree, parse_fuzz)

COMPILER_BUILD ?= build

COMPILER_WARNINGS := -Wall -Wextra -Wshadow -Wconversion -Werror
COMPILER_SRC := $(wildcard compiler/*.c)
COMPILER_OBJ := $(COMPILER_SRC:compiler/%.c=$(COMPILER_BUILD)/obj/compiler/%.o)
COMPILER_LIB := $(COMPILER_BUILD)/obj/compiler/libcompiler.a
COMPILER_TESTS := $(patsubst compiler/tests/%.c,$(COMPILER_BUILD)/tests/compiler/%,$(wildcard compiler/tests/*_test.c))
COMPILER_TOOLS := $(COMPILER_BUILD)/tests/compiler/parse_tree $(COMPILER_BUILD)/tests/compiler/parse_fuzz

$(COMPILER_BUILD)/obj/compiler/%.o: compiler/%.c
	@mkdir -p $(@D)
	$(CC) -std=gnu11 -O2 -g $(COMPILER_WARNINGS) $(CFLAGS) -MMD -MP -c $< -o $@

$(COMPILER_LIB): $(COMPILER_OBJ)
	@rm -f $@
	$(AR) rcs $@ $^

$(COMPILER_BUILD)/tests/compiler/%: compiler/tests/%.c $(COMPILER_LIB)
	@mkdir -p $(@D)
	$(CC) -std=gnu11 -O2 -g $(COMPILER_WARNINGS) $(CFLAGS) -MMD -MP $< $(COMPILER_LIB) $(LDFLAGS) -o $@

.PHONY: compiler compiler-tests compiler-check
compiler: $(COMPILER_LIB)
compiler-tests: $(COMPILER_TESTS) $(COMPILER_TOOLS)

# Runs each test program; a failing one fails the target.
compiler-check: compiler-tests
	@for t in $(COMPILER_TESTS); do $$t >$$t.tap || { grep -A9 '^not ok' $$t.tap; echo "$$t failed"; exit 1; }; \
	  echo "$$t: $$(grep -c '^ok' $$t.tap) passed"; done

-include $(COMPILER_OBJ:.o=.d) $(COMPILER_TESTS:=.d) $(COMPILER_TOOLS:=.d)
