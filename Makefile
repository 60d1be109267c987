# Coracle: `make` builds build/coracle, the guest library and java.image; see README.md for the other targets.
CC ?= gcc
PREFIX ?= /usr/local
BUILD ?= build
VARIANT_FLAGS ?=
WARNINGS = -Wall -Wextra -Werror -Wno-unused-parameter -Wno-missing-field-initializers
CFLAGS ?= -O2 -g
# No tables for unwinding C: nothing unwinds it but debuggers, which have tables of their own with -g.
LEAN_CFLAGS = -fno-asynchronous-unwind-tables -fno-unwind-tables
ALL_CFLAGS = -std=gnu11 $(CFLAGS) $(LEAN_CFLAGS) $(WARNINGS) -Isrc -Iinclude -I$(BUILD)/gen -fno-strict-aliasing -fwrapv -pthread $(VARIANT_FLAGS)
# libffi becomes part of the program where it can: one library less to load at each start.
LIBFFI ?= $(or $(filter /%,$(shell $(CC) -print-file-name=libffi.a)),-lffi)
LIBS = $(LIBFFI) -ldl -lm -pthread
# At a fixed address: nothing is relocated, and no page dirtied for it, when the program starts.
PLACE_LDFLAGS ?= -no-pie

FOLDERS = base os code heap ffi image run java smalltalk javap vm main
SOURCES := $(foreach folder,$(FOLDERS),$(wildcard src/$(folder)/*.c))
OBJECTS := $(SOURCES:src/%.c=$(BUILD)/obj/%.o)
LIBRARY_OBJECTS := $(filter-out $(BUILD)/obj/main/%,$(OBJECTS))

.PHONY: all objects clean
all: $(BUILD)/coracle $(BUILD)/java.image

objects: $(OBJECTS)

$(BUILD)/coracle: $(OBJECTS)
	@echo "  LINK $@"
	@$(CC) $(ALL_CFLAGS) $(PLACE_LDFLAGS) -o $@ $(OBJECTS) $(LIBS)

$(BUILD)/obj/%.o: src/%.c
	@mkdir -p $(dir $@)
	@echo "  CC $<"
	@$(CC) $(ALL_CFLAGS) $(EXTRA_CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/obj/run/interpret.o: EXTRA_CFLAGS = -fno-gcse -fno-tree-slp-vectorize -fno-crossjumping

# What runs seldom, and never long, is made small.
COLD_FOLDERS = main vm javap
COLD_FILES = code/parse code/print code/verify heap/verify image/check java/dump java/npe_message java/primitive_management \
	java/properties java/raise java/reflect java/reflect_class java/reflect_pool java/unload java/verify java/verify_code \
	java/verify_map java/verify_old java/verify_types smalltalk/spur
COLD_OBJECTS := $(filter $(COLD_FOLDERS:%=$(BUILD)/obj/%/%.o) $(COLD_FILES:%=$(BUILD)/obj/%.o),$(OBJECTS))
$(COLD_OBJECTS): EXTRA_CFLAGS = $(subst -O2,-Os,$(filter -O2,$(CFLAGS)))

# The booted class library, from which `coracle java` starts.
$(BUILD)/java.image: $(BUILD)/coracle $(BUILD)/lib/java/.built
	@echo "  IMAGE $@"
	@$(BUILD)/coracle java -Xshare:dump=$@

-include $(OBJECTS:.o=.d)
-include lib/java/build.mk

UNIT_TESTS := $(patsubst test/unit/%.c,$(BUILD)/unit/%,$(wildcard test/unit/*_test.c))
$(BUILD)/libcoracle.a: $(LIBRARY_OBJECTS)
	@rm -f $@
	@ar rcs $@ $^
$(BUILD)/unit/%: test/unit/%.c $(BUILD)/libcoracle.a
	@mkdir -p $(dir $@)
	@echo "  TEST $@"
	@$(CC) $(ALL_CFLAGS) $(PLACE_LDFLAGS) -Itest/unit -o $@ $< $(BUILD)/libcoracle.a $(LIBS)

# ---- tests ----

.PHONY: unit layers symbols check programs commands explain freezes damaged modes natives test sanitize portable bench demo install
unit: $(UNIT_TESTS)
	@for t in $(UNIT_TESTS); do $$t || exit 1; done

layers:
	@python3 tool/check_layers.py
symbols: objects
	@sh tool/check_symbols.sh $(BUILD)/obj

# Quick: before each commit.
check: all layers symbols unit

# Java programs, side by side with the JDK's own java: as they are, frozen and thawed at random points, a sample in the
# debug modes, and the command line.
programs: all
	@python3 test/run/programs.py
commands: all
	@python3 test/run/commands.py
# The counts of `coracle explain` beside those that follow from the JDK's javap.
explain: all
	@python3 test/run/explain.py
	@python3 test/run/javap_code.py
freezes: all
	@python3 test/run/programs.py --mode freeze
# Damaged images of a frozen program.
damaged: all
	@python3 test/run/damaged.py
modes: all
	@python3 test/run/programs.py --debug-modes --sample 12 --coracle-options=-Xshare:off
# Smalltalk: images made from text, and the real Cuis if it is in $$CORACLE_IMAGES/cuis64.
smalltalk: all
	@mkdir -p $(BUILD)/test/smalltalk
	@python3 test/smalltalk/run.py $(BUILD)/coracle $(BUILD)/test/smalltalk
# Natives of the class library beside the JDK's own, and a program that freezes itself with things open.
natives: all
	@test/natives/run.sh
	@test/natives/frozen.sh $(BUILD)

# Unit tests, and a sample of the programs, with AddressSanitizer and UndefinedBehaviorSanitizer.
SANITIZE = --no-print-directory BUILD=build/sanitize VARIANT_FLAGS=-DRUN_DISPATCH_INDEX \
	CFLAGS="-O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all"
sanitize:
	@$(MAKE) $(SANITIZE) unit

# The interpreter as a plain switch, as any C compiler can build it: its instructions one by one, and programs that the one
# build has frozen and the other thaws.
SWITCH = --no-print-directory BUILD=build/switch VARIANT_FLAGS=-DRUN_DISPATCH_SWITCH CFLAGS="-O1 -g"
portable: all
	@$(MAKE) $(SWITCH) build/switch/coracle build/switch/unit/run_code_test java-library
	@build/switch/unit/run_code_test
	@python3 test/run/programs.py --coracle build/switch/coracle --sample 9 --coracle-options=-Xshare:off
	@python3 test/run/programs.py --mode freeze --only 'frozen/*' --freezes 3 --thaw-with build/switch/coracle

# One after the other, whatever -j says: they share processors and build folders.
test:
	@$(MAKE) --no-print-directory check
	@$(MAKE) --no-print-directory programs
	@$(MAKE) --no-print-directory commands
	@$(MAKE) --no-print-directory explain
	@$(MAKE) --no-print-directory freezes
	@$(MAKE) --no-print-directory damaged
	@$(MAKE) --no-print-directory modes
	@$(MAKE) --no-print-directory natives
	@$(MAKE) --no-print-directory smalltalk
	@$(MAKE) --no-print-directory sanitize
	@$(MAKE) --no-print-directory portable

bench: all
	@python3 bench/bench.py

demo: all
	@sh demo/demo.sh

install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/lib/coracle
	install -s $(BUILD)/coracle $(DESTDIR)$(PREFIX)/bin/coracle
	install -m 644 $(BUILD)/java.image $(DESTDIR)$(PREFIX)/lib/coracle/java.image
	rm -rf $(DESTDIR)$(PREFIX)/lib/coracle/java
	cp -R $(BUILD)/lib/java $(DESTDIR)$(PREFIX)/lib/coracle/java

clean:
	rm -rf build
