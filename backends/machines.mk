# ref, the plain groups and the runner for other machines than this one: below build/MACHINE/, for --backend NAME:arch=MACHINE. The cases are
# compiled with the same flags (harness/cmd_unit.c). On 386 floating-point numbers stay in SSE registers, as in Go; arm64 is run by QEMU
# (REF_EMULATED: backends/ref/stack/slot.c).

# machine: name, compiler, flags.
define machine
MACHINE_OBJ_$(1) := $$(REF_OBJ:build/obj/%=build/obj/$(1)/%) $$(PORTABLE_OBJ:build/obj/%=build/obj/$(1)/%) \
                    $$(patsubst %.c,build/obj/$(1)/%.o,$$(filter-out %/standalone.c,$$(wildcard harness/runner/*.c)))

build/obj/$(1)/%.o: %.c
	@mkdir -p $$(@D)
	$(2) $(3) $$(REF_FLAGS) -Ibuild/obj/runner -O2 -c -o $$@ $$<

build/obj/$(1)/%.o: %.S
	@mkdir -p $$(@D)
	$(2) $(3) $$(REF_FLAGS) -c -o $$@ $$<

build/obj/$(1)/harness/runner/trace.o: build/obj/runner/trace_wrappers.inc

build/$(1)/lib/libref.so: $$(REF_OBJ:build/obj/%=build/obj/$(1)/%)
	@mkdir -p $$(@D)
	$(2) $(3) -shared -pthread -Wl,-z,defs -o $$@ $$^

build/$(1)/lib/libportable.so: $$(PORTABLE_OBJ:build/obj/%=build/obj/$(1)/%)
	@mkdir -p $$(@D)
	$(2) $(3) -shared -pthread -o $$@ $$^

build/$(1)/gomem-runner: $$(filter build/obj/$(1)/harness/runner/%,$$(MACHINE_OBJ_$(1)))
	@mkdir -p $$(@D)
	$(2) $(3) -pthread -rdynamic -o $$@ $$^

MACHINE_$(1) := build/$(1)/gomem-runner build/$(1)/lib/libref.so build/$(1)/lib/libportable.so

-include $$(MACHINE_OBJ_$(1):.o=.d)
endef
$(eval $(call machine,386,$(CC),-m32 -msse2 -mfpmath=sse))

$(eval $(call machine,arm64,clang,--target=aarch64-linux-gnu -DREF_EMULATED))

# QEMU 7.2 on amd64 lets a load that is sequentially consistent pass such a store, also in a program of C: those cases would judge it.
check-arm64: build/gomem $(MACHINE_arm64) ## all cases on ref as a program for arm64, which QEMU runs, FLAGS are passed on
	build/gomem check --backend ref:arch=arm64 --exclude 'order/*StoreBuffering*' --exclude order/TestR $(FLAGS)

check-32: build/gomem $(MACHINE_386) ## all cases on ref as a 32-bit program, FLAGS are passed on
	build/gomem check --backend ref:arch=386 $(FLAGS)
