# Coracle: `make` builds build/coracle, the guest library and java.image; see README.md for the other targets.
CC ?= gcc
PREFIX ?= /usr/local
BUILD ?= build
VARIANT_FLAGS ?=
WARNINGS = -Wall -Wextra -Werror -Wno-unused-parameter -Wno-missing-field-initializers
# Nothing unwinds C: without the tables for it the program is an eighth smaller.
CFLAGS ?= -O2 -g -fno-asynchronous-unwind-tables
ALL_CFLAGS = -std=gnu11 $(CFLAGS) $(WARNINGS) -Isrc -Iinclude -I$(BUILD)/gen -fno-strict-aliasing -fwrapv -pthread $(VARIANT_FLAGS)
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

# What prints class files is large and mostly cold.
$(BUILD)/obj/javap/%.o: EXTRA_CFLAGS = -Os
$(BUILD)/obj/javap/output.o: EXTRA_CFLAGS =

$(BUILD)/obj/run/interpret.o: EXTRA_CFLAGS = -fno-gcse -fno-tree-slp-vectorize -fno-crossjumping

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

.PHONY: unit layers symbols check programs commands freezes modes natives javap javap-all fuzz-javap test test-all sanitize bench demo install
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
freezes: all
	@python3 test/run/programs.py --mode freeze
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

# Class files shown side by side with the JDK's javap: a seeded sample, or all of java.base and ten jars of Debian.
javap: all
	@python3 test/javap/compare.py
javap-all: all
	@python3 test/javap/compare.py --all
# The reader of class files, with files that are damaged at random, for FUZZ_SECONDS.
FUZZ_SECONDS ?= 60
fuzz-javap:
	@BUILD=$(BUILD)/fuzz SECONDS=$(FUZZ_SECONDS) sh test/fuzz/javap.sh

# Unit tests, and a sample of the programs, with AddressSanitizer and UndefinedBehaviorSanitizer.
SANITIZE = --no-print-directory BUILD=build/sanitize VARIANT_FLAGS=-DRUN_DISPATCH_INDEX \
	CFLAGS="-O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all"
sanitize:
	@$(MAKE) $(SANITIZE) unit

# One after the other, whatever -j says: they share processors and build folders.
test:
	@$(MAKE) --no-print-directory check
	@$(MAKE) --no-print-directory programs
	@$(MAKE) --no-print-directory commands
	@$(MAKE) --no-print-directory javap
	@$(MAKE) --no-print-directory freezes
	@$(MAKE) --no-print-directory modes
	@$(MAKE) --no-print-directory natives
	@$(MAKE) --no-print-directory smalltalk
	@$(MAKE) --no-print-directory sanitize

# What takes minutes more: everything instead of samples. `./run test-all` installs the packages that it needs.
test-all: test
	@$(MAKE) --no-print-directory javap-all
	@$(MAKE) --no-print-directory fuzz-javap

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
