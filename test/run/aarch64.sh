#!/bin/sh
# The machine built for aarch64 and run by qemu, beside this processor's build and the JDK's own java: unit tests, programs,
# freezes, and programs frozen on this processor and thawed on aarch64. doc/testing.md says what must be installed.
set -eu
cd "$(dirname "$0")/../.."
sysroot=${AARCH64_SYSROOT:-}
cc="aarch64-linux-gnu-gcc${sysroot:+ --sysroot=$sysroot}"
# JAVA_HOME is this processor's, for javac and the peer; what is emulated takes the JDK of the sysroot.
emulator="qemu-aarch64${sysroot:+ -L $sysroot}"
qemu="env -u JAVA_HOME $emulator"
build=build/aarch64

missing() {
    echo "aarch64: skipped: $1"
    exit 0
}
command -v aarch64-linux-gnu-gcc >/dev/null || missing "no aarch64-linux-gnu-gcc (gcc-aarch64-linux-gnu)"
command -v qemu-aarch64 >/dev/null || missing "no qemu-aarch64 (qemu-user)"
case $($cc -print-file-name=libffi.a) in
/*) ;;
*) missing "no libffi for aarch64 (libffi-dev:arm64)" ;;
esac

# Not image_test, which starts itself, and not heap_test: qemu keeps a record of every page ever reserved, and both open and
# close the heap so often that this comes to tens of gigabytes.
units=$(ls test/unit/*_test.c | grep -v -e image_test -e heap_test | sed "s,test/unit/\(.*\)\.c,$build/unit/\1,")
# shellcheck disable=SC2086
make --no-print-directory BUILD=$build CC="$cc" EMULATOR="$qemu" objects java-library $build/coracle $build/java.image $units
for unit in $units; do
    $qemu "$unit"
done

printf '#!/bin/sh\nexec %s %s "$@"\n' "$qemu" "$PWD/$build/coracle" > $build/emulated
chmod +x $build/emulated
# Not the programs that tell the processor's name or start others: of those, qemu loses how their start failed.
programs="--coracle $build/emulated --timeout 900 --except StdinReader --except Processes"
# shellcheck disable=SC2086
python3 test/run/programs.py $programs --sample "${SAMPLE:-8}"
# shellcheck disable=SC2086
python3 test/run/programs.py $programs --mode freeze --sample "${SAMPLE:-8}"
# Frozen on this processor, thawed on the other: with the class library that it was frozen with.
home=${JAVA_HOME:-/usr/lib/jvm/java-17-openjdk-amd64}
printf '#!/bin/sh\nexec %s %s "$@"\n' "env JAVA_HOME=$home $emulator" "$PWD/$build/coracle" > $build/thawing
chmod +x $build/thawing
python3 test/run/programs.py --mode freeze --only 'frozen/[CW]*' --only SymbolicLinks --only Sorting --only Locks --timeout 900 \
    --thaw-with $build/thawing
mkdir -p $build/test/smalltalk
CORACLE_IMAGES='' python3 test/smalltalk/run.py $build/emulated $build/test/smalltalk
