# gomem: `make help` says what there is. Everything is built below build/.
ifeq ($(origin CC),default)
CC := $(if $(shell command -v gcc),gcc,cc)
endif
PREFIX  ?= /usr/local
BACKEND ?= go
VERSION := 0.1.0

WARN     = -Wall -Wextra -Wshadow -Wconversion -Werror
CFLAGS  ?= -O2 -g
ALL_CFLAGS = -std=gnu11 -D_GNU_SOURCE $(WARN) $(CFLAGS)

HARNESS_SRC := $(wildcard harness/*.c)
HARNESS_OBJ := $(HARNESS_SRC:harness/%.c=build/obj/harness/%.o)

.PHONY: all check check-32 check-arm64 check-debug check-asan memcheck race matrix list faults test build-tests run-tests lint format install uninstall clean help

all: build/gomem build/gomem-runner build/lib/libportable.so build/lib/libref.so build/lib/libref.a build/lib/libstandalone.a ## build the driver and the runner of runtime backends

-include compiler/module.mk # before the rule that needs its archive

build/gomem: $(HARNESS_OBJ) $(COMPILER_LIB)
	$(CC) $(ALL_CFLAGS) -o $@ $^

build/obj/harness/%.o: harness/%.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -DGOMEM_VERSION='"$(VERSION)"' -MMD -MP -c -o $@ $<

RUNNER_OBJ := $(patsubst harness/runner/%.c,build/obj/runner/%.o,$(wildcard harness/runner/*.c))

build/gomem-runner: $(filter-out %/standalone.o,$(RUNNER_OBJ))
	$(CC) $(ALL_CFLAGS) -rdynamic -o $@ $^

# What gomem build links a program with, beside the archive of a backend.
build/lib/libstandalone.a: $(filter-out %/main.o,$(RUNNER_OBJ))
	@mkdir -p $(@D)
	rm -f $@ && $(AR) rc $@ $^

build/obj/runner/%.o: harness/runner/%.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -Ispec -Ibuild/obj/runner -MMD -MP -c -o $@ $<

build/obj/runner/trace.o: build/obj/runner/trace_wrappers.inc
build/obj/runner/trace_wrappers.inc: harness/runner/trace.awk spec/gomem.h
	@mkdir -p $(@D)
	awk -f $^ >$@.new && mv $@.new $@

-include $(HARNESS_OBJ:.o=.d) $(RUNNER_OBJ:.o=.d)

# A word for the shell, whatever it holds.
shell_word = '$(subst ','\'',$1)'

# What a backend that is no Go toolchain needs beside the driver.
RUNTIME_TOOLS = $(if $(filter go go:% toolchain:%,$(firstword $(BACKEND))),,build/gomem-runner build/lib/libportable.so build/lib/libref.so)

check: build/gomem $(RUNTIME_TOOLS) ## check BACKEND (default: go), FLAGS are passed on
	build/gomem check --backend $(call shell_word,$(BACKEND)) $(FLAGS)

matrix: all ## every backend found, side by side, FLAGS are passed on
	build/gomem matrix $(FLAGS)

faults: all build/lib/libref-faults.so ## prove that cases catch broken backends, FLAGS are passed on
	scripts/faults $(FLAGS)

list: build/gomem ## list the rules and what they lack
	build/gomem list

-include backends/portable/module.mk
-include backends/ref/module.mk
-include backends/machines.mk

# The race lanes of a runtime: of the program and of the implementation, of the latter alone where the plain groups take part.
RACE_PARTS = $(subst +, ,$(firstword $(subst :, ,$(BACKEND))))
RACES ?= $(if $(filter portable,$(RACE_PARTS)),,program) implementation
RACE_TOOLS_FOR = build/race/gomem-runner $(if $(filter ref,$(RACE_PARTS)),$(RACE_TOOLS)) $(if $(filter portable,$(RACE_PARTS)),build/lib/libportable-race-implementation.so)

race: build/gomem $(if $(RUNTIME_TOOLS),$(RACE_TOOLS_FOR)) ## the race lane of BACKEND (a runtime: of the program, then of the implementation; RACES chooses)
	$(if $(RUNTIME_TOOLS),$(foreach lane,$(RACES),$(call check_race,race=$(lane))),$(call check_race,race))

define check_race
build/gomem check --backend $(call shell_word,$(BACKEND):$(1)) $(FLAGS)

endef

# The tests: lint, those of each part, the cases on every Go toolchain found (each with its race lane).
TESTS_HARNESS =
-include harness/shim/module.mk
-include harness/tests/module.mk
-include reports/module.mk

test: ## everything that CI runs; installs what it misses
	scripts/setup
	@$(MAKE) --no-print-directory -j$$(nproc) build-tests
	@$(MAKE) --no-print-directory run-tests

# Apart from `test`, since building the tests already needs what set-up installs.
build-tests: all build/lib/libref-faults.so build/lib/libportable-race-implementation.so $(REF_LANES) $(MACHINE_386) $(TESTS_HARNESS) $(TESTS_COMPILER) $(TESTS_REF)

# Several at once, but for the lanes: each of those uses all processors, and its cases want them for themselves.
run-tests: build-tests
	scripts/make-check-tests
	@prove --timer --comments -j$$(nproc) build/tests/compiler/lower.t $(filter-out %/lower.t,$(TESTS_COMPILER)) scripts/lint $(TESTS_HARNESS) $(TESTS_REF) $(TESTS_REPORTS) backends/template/template.t; \
	status=$$?; prove --timer --comments build/tests/go-*.t build/tests/portable-*.t build/tests/ref-*.t && exit $$status

lint: build/gomem ## catalogue, directives, formatting
	scripts/lint

format: ## format C and Go
	clang-format -i $$(git ls-files '*.c' '*.h')
	gofmt -w cases

# An installation: the executables and libraries in lib/gomem, what they read in share/gomem.
DESTDIR ?=
LIBDIR   = $(DESTDIR)$(PREFIX)/lib/gomem
SHAREDIR = $(DESTDIR)$(PREFIX)/share/gomem
MANDIR   = $(DESTDIR)$(PREFIX)/share/man/man1
SHARED  := spec cases compiler/lib backends/go/toolchain backends/gccgo/toolchain backends/gomem/toolchain backends/faults/faults.tsv \
           backends/ref/expect backends/gccgo/expect backends/template README.md LICENSE

install: all ## into PREFIX (default: /usr/local), below DESTDIR
	install -d $(LIBDIR)/lib $(SHAREDIR) $(MANDIR) $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/include $(DESTDIR)$(PREFIX)/lib/pkgconfig
	install -m 755 build/gomem build/gomem-runner $(wildcard build/gomem-bench) $(LIBDIR)
	install -m 644 build/lib/libportable.so build/lib/libref.so build/lib/libref.a build/lib/libstandalone.a $(LIBDIR)/lib
	ln -sf ../lib/gomem/gomem $(DESTDIR)$(PREFIX)/bin/gomem
	install -m 644 spec/gomem.h $(DESTDIR)$(PREFIX)/include
	tar cf - $(SHARED) | tar xf - -C $(SHAREDIR)
	printf 'prefix=%s\nincludedir=$${prefix}/include\n\nName: gomem\nDescription: contract of Go runtimes for gomem\nVersion: %s\nCflags: -I$${includedir}\n' \
	    '$(PREFIX)' '$(VERSION)' >$(DESTDIR)$(PREFIX)/lib/pkgconfig/gomem.pc
	scripts/manual build/gomem >$(MANDIR)/gomem.1

uninstall: ## what install put there
	rm -rf $(LIBDIR) $(SHAREDIR)
	rm -f $(DESTDIR)$(PREFIX)/bin/gomem $(DESTDIR)$(PREFIX)/include/gomem.h $(DESTDIR)$(PREFIX)/lib/pkgconfig/gomem.pc $(MANDIR)/gomem.1

clean: ## remove all that was built
	rm -rf build

help: ## this list
	@awk -F':.*## ' '/^[a-z0-9-]+:.*## /{printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
