# Coracle: `make` builds build/coracle, the guest library and java.image; see README.md for the other targets.
CC ?= gcc
PREFIX ?= /usr/local
BUILD ?= build
VARIANT_FLAGS ?=
WARNINGS = -Wall -Wextra -Werror -Wno-unused-parameter -Wno-missing-field-initializers
CFLAGS ?= -O2 -g
ALL_CFLAGS = -std=gnu11 $(CFLAGS) $(WARNINGS) -Isrc -Iinclude -I$(BUILD)/gen -fno-strict-aliasing -fwrapv -pthread $(VARIANT_FLAGS)
LIBS = -lffi -ldl -lm -pthread

FOLDERS = base os code heap ffi image run java smalltalk vm main
SOURCES := $(foreach folder,$(FOLDERS),$(wildcard src/$(folder)/*.c))
OBJECTS := $(SOURCES:src/%.c=$(BUILD)/obj/%.o)
LIBRARY_OBJECTS := $(filter-out $(BUILD)/obj/main/%,$(OBJECTS))

.PHONY: all unit clean objects
all: $(BUILD)/coracle

objects: $(OBJECTS)

$(BUILD)/coracle: $(OBJECTS)
	@echo "  LINK $@"
	@$(CC) $(ALL_CFLAGS) -o $@ $(OBJECTS) $(LIBS)

$(BUILD)/obj/%.o: src/%.c
	@mkdir -p $(dir $@)
	@echo "  CC $<"
	@$(CC) $(ALL_CFLAGS) $(EXTRA_CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/obj/run/interpret.o: EXTRA_CFLAGS = -fno-gcse -fno-tree-slp-vectorize -fno-crossjumping

-include $(OBJECTS:.o=.d)
-include lib/java/build.mk

UNIT_TESTS := $(patsubst test/unit/%.c,$(BUILD)/unit/%,$(wildcard test/unit/*_test.c))
$(BUILD)/libcoracle.a: $(LIBRARY_OBJECTS)
	@rm -f $@
	@ar rcs $@ $^
$(BUILD)/unit/%: test/unit/%.c $(BUILD)/libcoracle.a
	@mkdir -p $(dir $@)
	@echo "  TEST $@"
	@$(CC) $(ALL_CFLAGS) -Itest/unit -o $@ $< $(BUILD)/libcoracle.a $(LIBS)
unit: $(UNIT_TESTS)
	@for t in $(UNIT_TESTS); do $$t || exit 1; done

clean:
	rm -rf $(BUILD)
