#!/bin/sh
# A program that freezes itself with files, sockets, a process and compressed streams open: test/natives/frozen.sh [BUILD]
set -eu
cd "$(dirname "$0")/../.."
build=${1:-build}
jdk=${JAVA_HOME:-$(ls -d /usr/lib/jvm/java-17-openjdk-* | head -1)}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
printf 'abcdefgh' > "$folder/letters"
mkdir "$folder/classes"
"$jdk/bin/javac" -nowarn -XDignore.symbol.file -cp "$build/lib/java" -d "$folder/classes" test/natives/Frozen.java test/natives/FrozenInCall.java test/natives/FrozenBootPath.java
(cd "$folder/classes" && "$jdk/bin/jar" cfe ../frozen.jar Frozen ./*.class)

refusals='ab
FOLDER/refused.image: the process cat (N) has not been waited for
FOLDER/refused.image: the file FOLDER/written is open
FOLDER/refused.image: the file FOLDER/written is mapped into memory
FOLDER/refused.image: a socket is open (descriptor N, N.N.N.N:N)
FOLDER/refused.image: a socket is open (descriptor N, N.N.N.N:N to N.N.N.N:N)
FOLDER/refused.image: a socket is open (descriptor N, FOLDER/end)
FOLDER/refused.image: a deflater is in the middle of a stream that is too long to be kept
FOLDER/refused.image: an inflater is in the middle of a stream that is too long to be kept
FOLDER/no/where: No such file or directory
FOLDER: is there already and is no file
an empty path
FOLDER/refused.image: a path with a zero character'
rest='cd
hello hello hello
[one, three, two] secure
14 16 17 true'
end='woken
late 1'
failed=0
expect() {
    if [ "$2" != "$3" ]; then
        echo "frozen: $1:"; echo "$3" | diff "$folder/expected" - || true
        failed=1
    fi
}
check() { # name, expected, output
    echo "$2" > "$folder/expected"
    expect "$1" "$2" "$3"
}
check "before, classes" "$refusals
going on
$rest
$end" "$("$build/coracle" java -cp "$folder/classes" Frozen "$folder" classes 2>&1)"
check "before, jar" "$refusals
going on
$rest
$end" "$("$build/coracle" java -jar "$folder/frozen.jar" "$folder" jar 2>&1)"
for image in classes jar classes; do
    check "after, $image" "thawed
$rest
$end" "$("$build/coracle" "$folder/$image.image" 2>&1)"
done
# Where places are taken, objects and arena go elsewhere; what is at an address by contract refuses.
${CC:-gcc} -O1 -fPIC -shared -o "$folder/taken.so" test/run/taken.c
arena=$(sed -n 's/^#define ARENA_PREFERRED_BASE .*(0x\(.*\))$/\1/p' src/heap/arena.h)
classes=$(printf %x $((0x$arena - 65536)))
for places in 2000000000 $arena $classes 2000000000,$classes,18100f0000,1810100000,c000f0000,$arena,1900000000; do
    check "after, with $places taken" "thawed
$rest
$end" "$(TAKEN=$places LD_PRELOAD="$folder/taken.so" "$build/coracle" "$folder/classes.image" 2>&1)"
done
check "native memory's place taken" "coracle: $folder/classes.image: native memory: the place of native memory is taken
status 1" "$(TAKEN=c00100000 LD_PRELOAD="$folder/taken.so" "$build/coracle" "$folder/classes.image" 2>&1 || echo "status $?")"
rm "$folder/letters"
check "file gone" "coracle: $folder/letters, which the program has open: No such file or directory" "$("$build/coracle" "$folder/classes.image" 2>&1 || true)"

# What the command line told the boot loader holds for the thawed program.
mkdir -p "$folder/boot" "$folder/sources/java.base/java/util"
echo 'package boot; public class InFolder {}' > "$folder/boot/InFolder.java"
echo 'package boot; public class InJar {}' > "$folder/boot/InJar.java"
echo 'package java.util; public class Patched {}' > "$folder/sources/java.base/java/util/Patched.java"
"$jdk/bin/javac" -d "$folder/first" "$folder/boot/InFolder.java"
"$jdk/bin/javac" -d "$folder/second" "$folder/boot/InJar.java"
"$jdk/bin/javac" --patch-module "java.base=$folder/sources/java.base" -d "$folder/patch" "$folder/sources/java.base/java/util/Patched.java"
"$jdk/bin/jar" cf "$folder/second.jar" -C "$folder/second" .
paths="-Xbootclasspath/a:$folder/first:$folder/second.jar --patch-module java.base=$folder/patch -cp $folder/classes FrozenBootPath"
"$build/coracle" freeze -o "$folder/paths.image" --at FrozenBootPath.ready -- $paths
check "boot path" "$("$jdk/bin/java" $paths)" "$("$build/coracle" "$folder/paths.image" 2>&1)"

# In calls of C: one that must finish is waited for, an abandonable one has failed in the thawed program.
${CC:-gcc} -O1 -fPIC -shared -o "$folder/slow.so" test/natives/slow.c
looked='slow.test/127.0.0.1'
abandoned='slow.test: Temporary failure in name resolution'
check "in a call" "going on
true
going on
$looked" "$(LD_PRELOAD="$folder/slow.so" "$build/coracle" java -cp "$folder/classes" FrozenInCall "$folder" 2>&1)"
check "after one that had to finish" "thawed
true
going on
$looked" "$(LD_PRELOAD="$folder/slow.so" "$build/coracle" "$folder/finish.image" 2>&1)"
check "after an abandoned one" "thawed
$abandoned" "$("$build/coracle" "$folder/abandon.image" 2>&1)"
[ $failed = 0 ] && echo "frozen: as expected"
exit $failed
