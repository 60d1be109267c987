#!/bin/sh
# Lists what the object files of the machine import from outside it: only those of the folders os and ffi may import
# more than the pure C library (tool/check_symbols.allow). Usage: tool/check_symbols.sh FOLDER, which holds
# os/*.o, ffi/*.o, heap/*.o ... somewhere below; the name of the folder that holds an object file decides.
set -eu
tool=$(dirname "$0")
objects=${1:?usage: tool/check_symbols.sh FOLDER-OF-OBJECT-FILES}
[ -d "$objects" ] || { echo "check_symbols: no folder $objects" >&2; exit 2; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
find "$objects" -name '*.o' | sort > "$work/files"
[ -s "$work/files" ] || { echo "check_symbols: no object file below $objects" >&2; exit 2; }
# nm -A -P: "file: symbol type ..."
xargs nm -A -P -g --defined-only < "$work/files" | awk '{ print $2 }' | sort -u > "$work/defined"
xargs nm -A -P -u < "$work/files" | awk '{ sub(/:$/, "", $1); print $1, $2 }' > "$work/imported"
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
        if (folder == "os" || folder == "ffi" || symbol in allowed) next
        for (prefix in prefixes) if (index(symbol, prefix) == 1) next
        print $1 ": imports " symbol
        problems++
    }
    END {
        printf "symbols: %d object files, %d problems\n", files, problems
        exit problems ? 1 : 0
    }' "$work/imported"
