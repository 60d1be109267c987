#!/bin/sh
# Lists what the object files of the machine import from outside it: only those of the folders os and ffi may import
# more than the pure C library (tool/check_symbols.allow), and only base/memory.o the C library's heap. Usage: tool/check_symbols.sh FOLDER, which holds
# os/*.o, ffi/*.o, heap/*.o ..., one for each source of src/ (what else lies there is not looked at).
set -eu
tool=$(dirname "$0")
objects=${1:?usage: tool/check_symbols.sh FOLDER-OF-OBJECT-FILES}
[ -d "$objects" ] || { echo "check_symbols: no folder $objects" >&2; exit 2; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for source in "$tool"/../src/*/*.c; do
    folder=${source%/*}
    echo "$objects/${folder##*/}/$(basename "$source" .c).o"
done > "$work/files"
while read -r file; do
    [ -s "$file" ] || { echo "check_symbols: no object file $file" >&2; exit 2; }
done < "$work/files"
# nm -A -P: "file: symbol type ..."
xargs nm -A -P -g --defined-only < "$work/files" > "$work/nm"
awk '{ print $2 }' "$work/nm" | sort -u > "$work/defined"
xargs nm -A -P -u < "$work/files" > "$work/nm"
awk '{ sub(/:$/, "", $1); print $1, $2 }' "$work/nm" > "$work/imported"
# What os and ffi are there for must show, or nothing was looked at.
for symbol in mmap dlsym; do
    grep -q " $symbol$" "$work/imported" || { echo "check_symbols: nobody imports $symbol: nm tells nothing" >&2; exit 2; }
done
awk -v allow="$tool/check_symbols.allow" -v defined="$work/defined" -v list="$work/files" '
    BEGIN {
        while ((getline line < allow) > 0) {
            sub(/#.*/, "", line)
            count = split(line, words, /[ \t]+/)
            for (i = 1; i <= count; i++) {
                if (words[i] ~ /\*$/) prefixes[substr(words[i], 1, length(words[i]) - 1)] = 1
                else allowed[words[i]] = 1
            }
        }
        while ((getline line < defined) > 0) allowed[line] = 1
        while ((getline line < list) > 0) files++
    }
    {
        count = split($1, path, "/")
        folder = path[count - 1]
        symbol = $2
        sub(/@.*/, "", symbol)
        heap = symbol ~ /^(malloc|calloc|realloc|free|aligned_alloc|strdup|strndup)$/ && path[count] !~ /^memory\.o/
        if (!heap && (folder == "os" || folder == "ffi" || symbol in allowed)) next
        for (prefix in prefixes) if (index(symbol, prefix) == 1) next
        print $1 ": imports " symbol
        problems++
    }
    END {
        printf "symbols: %d object files, %d problems\n", files, problems
        exit problems ? 1 : 0
    }' "$work/imported"
