# backends/portable: build/lib/libportable.so
PORTABLE_SRC := $(wildcard backends/portable/*.c)
PORTABLE_OBJ := $(PORTABLE_SRC:%.c=build/obj/%.o)

build/obj/backends/portable/%.o: backends/portable/%.c backends/portable/portable.h $(wildcard backends/common/*.h) spec/gomem.h
	@mkdir -p $(@D)
	$(CC) $(filter-out -Wconversion,$(ALL_CFLAGS)) -fPIC -fvisibility=hidden -fno-strict-aliasing -Ispec -c -o $@ $<

build/lib/libportable.so: $(PORTABLE_OBJ)
	@mkdir -p $(@D)
	$(CC) -shared -pthread -o $@ $^
