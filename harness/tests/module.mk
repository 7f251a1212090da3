# The harness's own tests: programs that print TAP, run by prove in `make test`.
TESTS_HARNESS = build/tests/harness-unit $(wildcard harness/tests/*.t)

UNIT_OBJ = $(filter-out build/obj/harness/main.o,$(HARNESS_OBJ))

build/tests/harness-unit: harness/tests/unit_test.c $(UNIT_OBJ) $(COMPILER_LIB)
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -Iharness -MMD -MP -o $@ $< $(UNIT_OBJ) $(COMPILER_LIB)

-include build/tests/harness-unit.d
