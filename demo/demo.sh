#!/bin/sh
# Builds the programs of demo/, runs them on Coracle, freezes one in mid-loop and thaws it, and says what took how long.
# Usage: demo/demo.sh [EXECUTABLE]
set -eu
cd "$(dirname "$0")/.."
coracle=${1:-build/coracle}
classes=build/demo
image=build/demo/counter.image
[ -x "$coracle" ] || { echo "demo: $coracle is not there: run make first" >&2; exit 1; }

javac=javac
for home in "${JAVA_HOME:-}" /usr/lib/jvm/java-17-openjdk-*; do
    if [ -n "$home" ] && [ -x "$home/bin/javac" ]; then
        javac=$home/bin/javac
        break
    fi
done

now_ms() {
    echo $(($(date +%s%N) / 1000000))
}

# timed WHAT COMMAND...: shows the command, runs it, says how long it took; keeps its status in $status.
timed() {
    what=$1
    shift
    printf '\n$ %s\n' "$*"
    begin=$(now_ms)
    status=0
    "$@" || status=$?
    elapsed=$(($(now_ms) - begin))
    printf '(%s: %d ms)\n' "$what" "$elapsed"
    table="$table$(printf '%-44s %6d ms' "$what" "$elapsed")
"
}

table=""
mkdir -p "$classes"
"$javac" -d "$classes" demo/Hello.java demo/WordCount.java demo/Modern.java demo/Counter.java

timed "start and Hello, world" "$coracle" java -cp "$classes" Hello
[ "$status" = 0 ]
timed "words of a text file" "$coracle" java -cp "$classes" WordCount LICENSE 8
[ "$status" = 0 ]
timed "lambdas, streams, records, sealed types" "$coracle" java -cp "$classes" Modern
[ "$status" = 0 ]
timed "counter, without stopping" "$coracle" java -cp "$classes" Counter
[ "$status" = 0 ]

rm -f "$image"
timed "counter, frozen half-way" "$coracle" freeze -o "$image" --at Counter.half -- -cp "$classes" Counter
[ "$status" = 0 ]
printf '(%s: %d KB)\n' "$image" $(($(wc -c < "$image") / 1024))
timed "counter, thawed, to its end" "$coracle" "$image"
[ "$status" = 0 ]

printf '\nWhat took how long:\n%s' "$table"
