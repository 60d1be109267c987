#!/bin/sh
# start_order.sh PROGRAM CLASSES > src/start.ld: the functions that a start of Hello from java.image executes stand together, as
# valgrind tells. Names are written without what the compiler appends to them (.part.0, .constprop.1), so that they last longer.
# A name that is no longer there, or one that is missing, costs some pages or page faults, no more.
program=$1 classes=$2
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

valgrind -q --tool=callgrind --callgrind-out-file="$work/calls" "$program" java -cp "$classes" Hello > /dev/null || exit 1
cat <<END
/*
 * Made by \`make start-order\`: what a start executes stands together in front. First what runs before os_program_populate, in the
 * pages that the dynamic linker has touched.
 */
SECTIONS
{
  .text :
  {
    *crt1.o(.text) *crti.o(.text) *crtbegin*.o(.text)
    *(.text.startup .text.startup.* .text.os_program_populate .text.os_memory_populate* .text.os_page_size)
    *libffi.a:(.text)
END
nm "$program" | sed -n 's/^[0-9a-f]* [tT] \([A-Za-z_0-9]*\).*/\1/p' | LC_ALL=C sort -u > "$work/here"
sed -n 's/^c\{0,1\}fn=([0-9]*) \([A-Za-z_0-9]*\).*/\1/p' "$work/calls" | LC_ALL=C sort -u | LC_ALL=C comm -12 - "$work/here" |
    sed 's/.*/    *(.text.& .text.&.*)/'
cat <<END
    start_text_end = .;
    *(.text.unlikely .text.unlikely.*)
    *(.text .text.*)
  }
}
INSERT AFTER .plt;
END
