#!/bin/sh
# Compares the natives of lib/java with those of the JDK, in the JDK's own java: test/natives/run.sh [JDK]
set -eu
cd "$(dirname "$0")/../.."
jdk=${1:-${JAVA_HOME:-$(ls -d /usr/lib/jvm/java-17-openjdk-* | head -1)}}
build=${BUILD:-build}
out=$build/natives
MAKEFLAGS= make -s java-library
mkdir -p "$out"
${CC:-gcc} -std=gnu11 -O1 -g -fPIC -shared -fno-strict-aliasing -Isrc -I"$jdk/include" -I"$jdk/include/linux" -o "$out/libbridge.so" \
    test/natives/bridge.c src/base/*.c src/os/*.c src/ffi/*.c -lffi -lm -pthread
opens=""
for package in coracle.natives coracle.ffi java.io java.lang java.util java.util.zip jdk.internal.misc jdk.internal.access jdk.internal.util sun.nio.fs sun.nio.ch sun.net sun.net.dns; do
    opens="$opens --add-opens java.base/$package=ALL-UNNAMED --add-exports java.base/$package=ALL-UNNAMED"
done
"$jdk/bin/javac" -encoding UTF-8 -nowarn -d "$out" --add-exports java.base/jdk.internal.misc=ALL-UNNAMED \
    --add-exports java.base/jdk.internal.access=ALL-UNNAMED --patch-module java.base="$build/lib/java" \
    --add-exports java.base/coracle.ffi=ALL-UNNAMED test/natives/NativesTest.java
exec "$jdk/bin/java" -Xcheck:jni -Xlog:disable -cp "$out" $opens --patch-module java.base="$build/lib/java" -Dclasses="$build/lib/java" NativesTest "$PWD/$out/libbridge.so"
