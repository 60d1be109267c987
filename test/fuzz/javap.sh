#!/bin/sh
# Runs libFuzzer over the reader of class files for $SECONDS, in the folder $BUILD, which keeps what was found interesting.
# Without clang, class files are damaged at random by test/javap/compare.py instead.
set -eu
cd "$(dirname "$0")/../.."
build=${BUILD:-build/fuzz}
seconds=${SECONDS:-60}
mkdir -p "$build/seeds" "$build/corpus"
if ! echo 'int LLVMFuzzerTestOneInput(const char *d, long n) { return 0; }' |
    clang -x c -fsanitize=fuzzer -o "$build/probe" - 2>/dev/null; then
    echo "fuzz-javap: no clang with libFuzzer: damaging class files instead"
    exec python3 test/javap/compare.py --only damage --seed "$(date +%s)"
fi
sources=$(ls src/javap/*.c | grep -v -e command -e find -e jar -e inflate)
# shellcheck disable=SC2086
clang -std=gnu11 -O1 -g -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all -fwrapv -fno-strict-aliasing -Isrc -Iinclude \
    -o "$build/javap_fuzz" test/fuzz/javap_fuzz.c $sources src/base/*.c src/os/*.c -lm -pthread
(cd test/javap && python3 -B -c '
import sys, class_writer
for name, make in class_writer.MADE.items():
    open(sys.argv[1] + "/" + name + ".class", "wb").write(make())' "$OLDPWD/$build/seeds")
if command -v javac >/dev/null 2>&1; then
    javac -nowarn -g -parameters -d "$build/seeds" test/javap/Rich.java 2>/dev/null || true
fi
"$build/javap_fuzz" -max_total_time="$seconds" -max_len=16384 -timeout=60 -report_slow_units=60 -rss_limit_mb=1024 -print_final_stats=1 \
    -artifact_prefix="$build/" "$build/corpus" "$build/seeds" 2>"$build/log" || { tail -40 "$build/log"; exit 1; }
grep -e 'stat::number_of_executed_units' -e 'cov:' "$build/log" | tail -2
