# Coracle: `make` builds build/coracle, the guest library and java.image; see README.md for the other targets.
CC ?= gcc
PREFIX ?= /usr/local
STRIP ?= strip
BUILD ?= build
VARIANT_FLAGS ?=
WARNINGS = -Wall -Wextra -Werror -Wno-unused-parameter -Wno-missing-field-initializers
CFLAGS ?= -O2 -g
# No tables for unwinding C: nothing unwinds it but debuggers, which have tables of their own with -g.
LEAN_CFLAGS = -fno-asynchronous-unwind-tables -fno-unwind-tables
ALL_CFLAGS = -std=gnu11 $(CFLAGS) $(LEAN_CFLAGS) $(PLACE_CFLAGS) $(ORDER_CFLAGS) $(WARNINGS) -Isrc -Iinclude -I$(BUILD)/gen -fno-strict-aliasing -fno-math-errno -fwrapv -pthread $(VARIANT_FLAGS)
# libffi becomes part of the program where it can: one library less to load at each start.
LIBFFI ?= $(or $(filter /%,$(shell $(CC) -print-file-name=libffi.a)),-lffi)
# What libc has too (ldexp) is taken from there: then libm is loaded only when a program calculates (src/os/os_math.c).
LIBS = $(LIBFFI) -ldl -lc -Wl,--as-needed -lm -pthread
# What is built for another processor is run by this, if at all: `qemu-aarch64 -L FOLDER` (doc/testing.md).
EMULATOR ?=
# At a fixed address: nothing is relocated, and no page dirtied for it, when the program starts.
PLACE_LDFLAGS ?= -no-pie
PLACE_CFLAGS = $(if $(filter -no-pie,$(PLACE_LDFLAGS)),-fno-pie)
# The statics that are always touched stand together (src/place.ld), the functions that a start executes too (src/start.ld), and
# what nothing calls is left out.
# Without RELRO, and with code and constants in one segment, a start has three mappings and some page faults less.
ORDER_CFLAGS = -fdata-sections -ffunction-sections
ORDER_LDFLAGS = -Wl,-T,src/place.ld -Wl,-T,src/start.ld -Wl,--gc-sections -Wl,-z,norelro -Wl,-z,noseparate-code

FOLDERS = base os code heap ffi jar image run java smalltalk javap vm main
SOURCES := $(foreach folder,$(FOLDERS),$(wildcard src/$(folder)/*.c))
OBJECTS := $(SOURCES:src/%.c=$(BUILD)/obj/%.o)
LIBRARY_OBJECTS := $(filter-out $(BUILD)/obj/main/%,$(OBJECTS))

.PHONY: all objects clean
all: $(BUILD)/coracle $(BUILD)/java.image

objects: $(OBJECTS)

# Copied: what a linker writes in small pieces also lies in small pieces in the page cache, and takes longer to start.
$(BUILD)/coracle: $(OBJECTS) src/place.ld src/start.ld
	@echo "  LINK $@"
	@$(CC) $(ALL_CFLAGS) $(PLACE_LDFLAGS) $(ORDER_LDFLAGS) -Wl,-Map=$@.map -o $@.linked $(OBJECTS) $(LIBS)
	@cp $@.linked $@ && rm $@.linked

$(BUILD)/obj/%.o: src/%.c
	@mkdir -p $(dir $@)
	@echo "  CC $<"
	@$(CC) $(ALL_CFLAGS) $(EXTRA_CFLAGS) -MMD -MP -c -o $@ $<

# Images say which build made them: register code and the numbers of primitives are good for that one only.
BUILD_OBJECT = $(BUILD)/obj/vm/build.o
$(BUILD_OBJECT): $(filter-out $(BUILD_OBJECT),$(LIBRARY_OBJECTS))

$(BUILD)/obj/run/interpret.o: EXTRA_CFLAGS = -fno-gcse -fno-tree-slp-vectorize -fno-crossjumping

# What runs seldom, and never long, is made small.
COLD_FOLDERS = main vm javap jar
COLD_FILES = code/parse code/print code/verify heap/verify image/check java/dump java/npe_message java/primitive_management \
	java/properties java/raise java/reflect java/reflect_class java/reflect_pool java/unload java/verify java/verify_code \
	java/verify_map java/verify_old java/verify_types
WARM_FILES = javap/output
COLD_OBJECTS := $(filter-out $(WARM_FILES:%=$(BUILD)/obj/%.o), \
	$(filter $(COLD_FOLDERS:%=$(BUILD)/obj/%/%.o) $(COLD_FILES:%=$(BUILD)/obj/%.o),$(OBJECTS)))
$(COLD_OBJECTS): EXTRA_CFLAGS = $(subst -O2,-Os,$(filter -O2,$(CFLAGS)))

$(BUILD_OBJECT): EXTRA_CFLAGS = -DBUILD='"$(shell cat $(filter-out $(BUILD_OBJECT),$(LIBRARY_OBJECTS)) | cksum | tr " " -)"'

# The booted class library, from which `coracle java` starts. The second one is laid out by what the first has found out;
# then a start notes which pages it touches. It is made for one locale, and without options from the environment, which the
# class library would not ask for again; starts in other locales change it (Thaw.java).
$(BUILD)/java.image: $(BUILD)/coracle $(BUILD)/lib/java/.built
	@echo "  IMAGE $@"
	@rm -f $@
	@unset JAVA_TOOL_OPTIONS JDK_JAVA_OPTIONS _JAVA_OPTIONS $$(env | grep -o '^LC_[A-Z]*'); export LANG=C.UTF-8 && \
		$(EMULATOR) $(BUILD)/coracle java -Xshare:dump=$@ && $(EMULATOR) $(BUILD)/coracle java -Xshare:dump=$@ && \
		$(EMULATOR) $(BUILD)/coracle java -Xshare:note=$@ -cp $(BUILD)/lib/java/train Hello > /dev/null

# Names in src/start.ld need not be exact: this is for now and then, when a start executes other functions (needs valgrind). Which
# of equal constants stays depends on the order, so it is done anew until hardly any is missing.
.PHONY: start-order
start-order: all
	@earlier=; for pass in 1 2 3 4; do $(MAKE) all && \
		tool/start_order $(BUILD)/coracle $(BUILD)/coracle.map $(BUILD)/lib/java/train $$earlier > $(BUILD)/start.ld && \
		mv $(BUILD)/start.ld src/start.ld || exit 1; earlier=src/start.ld; done

-include $(OBJECTS:.o=.d)
-include lib/java/build.mk
# What tests call java, javac and javap is of the JDK that they are built with, whatever PATH has.
export PATH := $(if $(JDK_HOME),$(JDK_HOME)/bin:)$(PATH)

UNIT_TESTS := $(patsubst test/unit/%.c,$(BUILD)/unit/%,$(wildcard test/unit/*_test.c))
$(BUILD)/libcoracle.a: $(LIBRARY_OBJECTS)
	@rm -f $@
	@$(AR) rcs $@ $^
$(BUILD)/unit/%: test/unit/%.c $(BUILD)/libcoracle.a
	@mkdir -p $(dir $@)
	@echo "  TEST $@"
	@$(CC) $(ALL_CFLAGS) $(PLACE_LDFLAGS) -Itest/unit -o $@ $< $(BUILD)/libcoracle.a $(LIBS)

# ---- tests ----

TEST_PARTS = check programs commands linkage random explain dump javap freezes damaged modes natives smalltalk smalltalk-freezes sanitize portable
TEST_ALL_PARTS = tools random-all linkage-all damaged-all modes-all sanitize-all races smalltalk-damaged javap-all fuzz-javap
.PHONY: $(TEST_PARTS) $(TEST_ALL_PARTS) test-aarch64 unit layers symbols test test-all sanitized-program bench demo install
unit: $(UNIT_TESTS)
	@for t in $(UNIT_TESTS); do $(EMULATOR) $$t || exit 1; done

layers:
	@python3 tool/check_layers.py
symbols: objects
	@sh tool/check_symbols.sh $(BUILD)/obj

# Quick: before each commit.
check: all layers symbols unit

# Java programs, side by side with the JDK's own java: as they are, frozen and thawed at random points, a sample in the
# debug modes, and the command line.
# Where addresses are few, collections and threads find less room.
IN_SMALL_SPACE = --address-space 800 $(patsubst %,--only %,BigNumbers Buffers Executors HashMaps Lambdas Locks OutOfMemory References \
	Reflection Sorting StackOverflow ThreadBasics UserLoader ZipAndChecksums)
programs: all
	@python3 test/run/programs.py
	@python3 test/run/programs.py $(IN_SMALL_SPACE)
commands: all
	@python3 test/run/commands.py
# Linkage errors and damaged classes beside the JDK's own java.
linkage: all
	@python3 test/run/linkage.py --count 200 --step 5
linkage-all: all
	@python3 test/run/linkage.py
# Java tools as Debian packages them, beside the JDK's own java.
tools: all
	@python3 test/run/tools.py
	@python3 test/run/tomcat.py
# Programs made at random, by seed, beside the JDK's own java.
random: all
	@python3 test/fuzz/random_java.py --count 10
random-all: all
	@python3 test/fuzz/random_java.py --first 1000 --count 300
# The counts of `coracle explain` beside those that follow from the JDK's javap.
explain: all
	@python3 test/run/explain.py
	@python3 test/run/javap_code.py
# Signals, and the thread dump that kill -QUIT asks for, beside java's.
dump: all
	@python3 test/run/thread_dump.py
	@python3 test/run/signals.py
freezes: all
	@python3 test/run/freezing.py
	@python3 test/run/programs.py --mode freeze
	@python3 test/run/programs.py --mode freeze $(IN_SMALL_SPACE)
# Damaged images of a frozen program: a sample (`make unit` damages smaller ones 2,000 times), or all.
damaged: all
	@python3 test/run/damaged.py
damaged-all: all
	@python3 test/run/damaged.py --count 2000 --fields 1
MODES = python3 test/run/programs.py --debug-modes --coracle-options=-Xshare:off
modes: all
	@$(MODES) --sample 6
	@$(MODES) --only 'frozen/In*'
modes-all: all
	@$(MODES) --timeout 3600 --slow
# Smalltalk: images made from text, and the real Cuis if it is in $$CORACLE_IMAGES/cuis64.
smalltalk: all
	@mkdir -p $(BUILD)/test/smalltalk
	@python3 test/smalltalk/run.py $(BUILD)/coracle $(BUILD)/test/smalltalk
# The same programs frozen and thawed.
smalltalk-freezes: all
	@mkdir -p $(BUILD)/test/smalltalk
	@python3 test/smalltalk/freezes.py $(BUILD)/coracle $(BUILD)/test/smalltalk
# The tests of `smalltalk` with 2,000 damaged images, with AddressSanitizer and UndefinedBehaviorSanitizer: half an hour.
smalltalk-damaged:
	@$(MAKE) $(SANITIZE) build/sanitize/coracle
	@mkdir -p build/sanitize/test/smalltalk
	@python3 test/smalltalk/run.py build/sanitize/coracle build/sanitize/test/smalltalk 2000
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

# Unit tests, a sample of the programs, as they are and frozen, and the Smalltalk images made from text, with
# AddressSanitizer and UndefinedBehaviorSanitizer. What a program has not given back at its end is no leak.
SANITIZE = --no-print-directory BUILD=build/sanitize VARIANT_FLAGS=-DRUN_DISPATCH_INDEX \
	CFLAGS="-O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all"
SANITIZED = --coracle build/sanitize/coracle --c-stack 0 --timeout 600
sanitize:
	@$(MAKE) $(SANITIZE) unit sanitized-program
	@ASAN_OPTIONS=detect_leaks=0 python3 test/run/programs.py $(SANITIZED) --sample 3
	@ASAN_OPTIONS=detect_leaks=0 python3 test/run/programs.py $(SANITIZED) --sample 10 --mode freeze
	@mkdir -p build/sanitize/test/smalltalk
	@ASAN_OPTIONS=detect_leaks=0 CORACLE_IMAGES= python3 test/smalltalk/run.py build/sanitize/coracle build/sanitize/test/smalltalk
	@ASAN_OPTIONS=detect_leaks=0 CORACLE_IMAGES= python3 test/smalltalk/freezes.py build/sanitize/coracle build/sanitize/test/smalltalk --freezes 1
sanitize-all:
	@$(MAKE) $(SANITIZE) sanitized-program
	@ASAN_OPTIONS=detect_leaks=0 python3 test/run/programs.py $(SANITIZED)
	@ASAN_OPTIONS=detect_leaks=0 python3 test/run/programs.py $(SANITIZED) --mode freeze
	@ASAN_OPTIONS=detect_leaks=0 python3 test/run/freezing.py --coracle build/sanitize/coracle
sanitized-program:
	@ASAN_OPTIONS=detect_leaks=0 $(MAKE) --no-print-directory all

# Programs of many threads with ThreadSanitizer: a report is a difference on standard error. It does not know fences.
RACES = --no-print-directory BUILD=build/races VARIANT_FLAGS=-DRUN_DISPATCH_INDEX CFLAGS="-O1 -g -fsanitize=thread -Wno-tsan"
RACING = Monitors Locks Parking InterruptsTogether Suspending Thread* Executors ForkJoin ConcurrentCollections InitThreads ClassesTogether \
	SitesTogether LinkedTogether ResolvedTogether Timers References Finalizers DaemonExit ShutdownHooks UncaughtHandlers VarHandleAccess UserLoader frozen/*
RACES_ARGUMENTS = --coracle build/races/coracle --c-stack 0 --timeout 600 --coracle-options=-Xshare:off $(RACING:%=--only '%')
races:
	@$(MAKE) $(RACES) build/races/coracle java-library
	@TSAN_OPTIONS=suppressions=$(CURDIR)/test/run/thread_sanitizer.supp python3 test/run/programs.py $(RACES_ARGUMENTS)
	@TSAN_OPTIONS=suppressions=$(CURDIR)/test/run/thread_sanitizer.supp python3 test/run/programs.py $(RACES_ARGUMENTS) --mode freeze

# The interpreter as a plain switch, as any C compiler can build it: its instructions one by one, and programs that the one
# build has frozen and the other thaws.
SWITCH = --no-print-directory BUILD=build/switch VARIANT_FLAGS=-DRUN_DISPATCH_SWITCH CFLAGS="-O1 -g"
portable: all
	@$(MAKE) $(SWITCH) build/switch/coracle build/switch/unit/run_code_test java-library
	@build/switch/unit/run_code_test
	@python3 test/run/programs.py --coracle build/switch/coracle --sample 9 --coracle-options=-Xshare:off
	@python3 test/run/programs.py --mode freeze --only 'frozen/*' --freezes 3 --thaw-with build/switch/coracle
	@mkdir -p $(BUILD)/test/smalltalk
	@python3 test/smalltalk/freezes.py $(BUILD)/coracle $(BUILD)/test/smalltalk --freezes 1 --thaw-with build/switch/coracle

# Built for aarch64 and run by qemu, if what that takes is there.
test-aarch64: all
	@sh test/run/aarch64.sh

# One after the other, whatever -j says: they share processors and build folders.
test:
	@for part in $(TEST_PARTS); do $(MAKE) --no-print-directory $$part || exit 1; done
# Everything instead of samples: hours. `./run test-all` installs the packages that it needs.
test-all: test
	@for part in $(TEST_ALL_PARTS); do $(MAKE) --no-print-directory $$part || exit 1; done

bench: all
	@python3 bench/bench.py

demo: all
	@sh demo/demo.sh

install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/lib/coracle
	install -s --strip-program=$(STRIP) $(BUILD)/coracle $(DESTDIR)$(PREFIX)/bin/coracle
	install -m 644 $(BUILD)/java.image $(DESTDIR)$(PREFIX)/lib/coracle/java.image
	rm -rf $(DESTDIR)$(PREFIX)/lib/coracle/java
	cp -R $(BUILD)/lib/java $(DESTDIR)$(PREFIX)/lib/coracle/java

# Python keeps what it has compiled beside the test scripts.
clean:
	rm -rf build
	@find bench test tool -name __pycache__ -prune -exec rm -rf {} +
