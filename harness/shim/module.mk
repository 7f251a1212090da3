# gomem-bench, which alone needs C++ and Google Benchmark.
SHIM_OBJ := build/obj/harness/shim/main.o build/obj/harness/shim/shim.o

.PHONY: bench
# BACKEND is the Makefile's own default for checks, so only what the user gives counts here.
bench: all build/gomem-bench ## measure BACKEND (default: ref); FILTER=REGEX, OUT=FILE.json, FLAGS are passed on
	build/gomem bench --backend $(call shell_word,$(if $(filter file,$(origin BACKEND)),ref,$(BACKEND))) \
	    $(if $(FILTER),--filter '$(FILTER)') $(if $(OUT),--output '$(OUT)') $(FLAGS)

build/gomem-bench: $(SHIM_OBJ)
	$(CXX) -g -o $@ $^ -lbenchmark -lpthread

build/obj/harness/shim/%.o: harness/shim/%.cc
	@mkdir -p $(@D)
	@echo | $(CXX) -x c++ -fsyntax-only -include benchmark/benchmark.h - 2>/dev/null || \
	    { echo 'make bench needs g++ and Google Benchmark: install g++ and libbenchmark-dev (Debian), or run scripts/setup' >&2; exit 1; }
	$(CXX) -std=c++17 -Wall -Wextra -Wshadow -Wconversion -Werror -O2 -g -MMD -MP -c -o $@ $<

run-tests: build/gomem-bench # harness/tests/bench.t

-include $(SHIM_OBJ:.o=.d)
