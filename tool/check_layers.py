#!/usr/bin/env python3
"""Holds the includes of src/ to the table src/LAYERS, and each header to being complete in itself.

- #include "folder/file.h" goes only to the folder itself or to those that LAYERS lists for it;
- *_internal.h is included only inside its folder;
- a system's own headers (all but those of the C standard) are included only in src/os and src/ffi;
- every header compiles alone, and carries a guard that is named after it.
"""
import concurrent.futures
import os
import re
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SRC = os.path.join(ROOT, "src")
STANDARD = set("""assert complex ctype errno fenv float inttypes limits locale math signal stdalign stdarg stdatomic
stdbool stddef stdint stdio stdlib stdnoreturn string tgmath threads time uchar wchar wctype""".split())
SYSTEM_FOLDERS = {"os", "ffi"}
INCLUDE = re.compile(r'^\s*#\s*include\s+(["<])([^">]+)[">]')


def read_layers():
    layers = {}
    with open(os.path.join(SRC, "LAYERS")) as file:
        for line in file:
            line = line.split("#")[0].strip()
            if line:
                folder, _, below = line.partition(":")
                layers[folder.strip()] = set(below.split())
    return layers


def check_table(layers):
    """The table itself must name known folders and hold no cycle."""
    problems = ["src/LAYERS: %s: unknown folder %s" % (folder, name)
                for folder, below in layers.items() for name in sorted(below) if name not in layers]
    remaining = dict(layers)
    while remaining:
        free = [folder for folder, below in remaining.items() if not below & set(remaining)]
        if not free:
            problems.append("src/LAYERS: a cycle among " + " ".join(sorted(remaining)))
            break
        for folder in free:
            del remaining[folder]
    return problems


def source_files():
    for where, folders, files in os.walk(SRC):
        folders.sort()
        for file in sorted(files):
            if file.endswith((".c", ".h", ".def", ".inc", ".S")):
                yield os.path.relpath(os.path.join(where, file), SRC)


def check_includes(path, layers):
    folder = path.split("/")[0]
    if "/" not in path or folder not in layers:
        return ["src/%s: its folder is not in src/LAYERS" % path]
    problems = []
    with open(os.path.join(SRC, path), encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            match = INCLUDE.match(line)
            if match:
                why = judge_include(folder, match[1] == "<", match[2], layers)
                if why:
                    problems.append("src/%s:%d: %s" % (path, number, why))
    return problems


def judge_include(folder, is_system, target, layers):
    if is_system:
        if target.removesuffix(".h") not in STANDARD and folder not in SYSTEM_FOLDERS:
            return "<%s> is not of the C standard; only os and ffi may include it" % target
        return None
    if target == "coracle.h":
        return None if folder in ("vm", "main") else "coracle.h is for vm and main"
    if "/" not in target:
        return '"%s": write the folder too' % target
    other = target.split("/")[0]
    if not os.path.exists(os.path.join(SRC, target)) and other in layers:
        return None if is_generated(target) else '"%s" does not exist' % target
    if other != folder and target.endswith("_internal.h"):
        return '"%s" is internal to %s' % (target, other)
    if other != folder and other not in layers[folder]:
        return '"%s": %s may not include %s' % (target, folder, other)
    return None


def is_generated(target):
    return os.path.exists(os.path.join(ROOT, "build", "gen", target))


def check_header(path):
    """Compiles a header alone, and looks at its guard."""
    guard = re.sub(r"[/.]", "_", path).upper()
    with open(os.path.join(SRC, path), encoding="utf-8") as file:
        if "#ifndef %s\n" % guard not in file.read():
            return ["src/%s: has no guard %s" % (path, guard)]
    command = [os.environ.get("CC", "gcc"), "-std=gnu11", "-fsyntax-only", "-Wall", "-Wextra", "-Wno-unused-parameter",
               "-Werror", "-I" + SRC, "-I" + os.path.join(ROOT, "include"), "-I" + os.path.join(ROOT, "build/gen"),
               "-x", "c", "-"]
    done = subprocess.run(command, input='#include "%s"\n#include "%s"\n' % (path, path), text=True,
                          stderr=subprocess.PIPE)
    if done.returncode == 0:
        return []
    return ["src/%s: does not compile alone:\n    %s" % (path, "\n    ".join(done.stderr.splitlines()[:6]))]


def check_itself(layers, paths):
    """That the check sees something: the folders have files, and includes that must be refused are."""
    problems = ["src/%s: no source file was found" % folder for folder in sorted(os.listdir(SRC))
                if os.path.isdir(os.path.join(SRC, folder)) and not any(path.startswith(folder + "/") for path in paths)]
    for folder, is_system, target in (("base", False, "os/os.h"), ("code", False, "heap/heap.h"), ("java", True, "unistd.h"),
                                      ("java", False, "run/run_internal.h")):
        if not judge_include(folder, is_system, target, layers):
            problems.append("%s may include %s: then nothing is checked" % (folder, target))
    return problems if paths else ["src: no source file was found"]


def main():
    layers = read_layers()
    problems = check_table(layers)
    paths = list(source_files())
    problems += check_itself(layers, paths)
    for path in paths:
        problems += check_includes(path, layers)
    headers = [path for path in paths if path.endswith(".h")]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for found in pool.map(check_header, headers):
            problems += found
    for problem in problems:
        print(problem)
    print("layers: %d files, %d headers, %d problems" % (len(paths), len(headers), len(problems)))
    sys.exit(1 if problems else 0)


main()
