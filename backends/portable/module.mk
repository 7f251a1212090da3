# backends/portable: build/lib/libportable.so
PORTABLE_SRC := $(wildcard backends/portable/*.c)
PORTABLE_OBJ := $(PORTABLE_SRC:%.c=build/obj/%.o)

build/obj/backends/portable/%.o: backends/portable/%.c backends/portable/portable.h $(wildcard backends/common/*.h) spec/gomem.h
	@mkdir -p $(@D)
	$(CC) $(filter-out -Wconversion,$(ALL_CFLAGS)) -fPIC -fvisibility=hidden -fno-strict-aliasing -Ispec -c -o $@ $<

build/lib/libportable.so: $(PORTABLE_OBJ)
	@mkdir -p $(@D)
	$(CC) -shared -pthread -o $@ $^

# Instrumented, for the race lane of the implementation: a thread is a goroutine, and the detector knows threads.
build/obj/race-implementation/backends/portable/%.o: backends/portable/%.c backends/portable/portable.h $(wildcard backends/common/*.h) spec/gomem.h
	@mkdir -p $(@D)
	$(RACE_CC) $(filter-out -Wconversion,$(ALL_CFLAGS)) -O1 -fPIC -fvisibility=hidden -fno-strict-aliasing -fsanitize=thread -Ispec -c -o $@ $<

build/lib/libportable-race-implementation.so: $(PORTABLE_OBJ:build/obj/%=build/obj/race-implementation/%)
	@mkdir -p $(@D)
	$(RACE_CC) -shared -pthread -o $@ $^
