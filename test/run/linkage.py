#!/usr/bin/env python3
"""Linkage errors and verification, compared with the JDK's own java.

1. Classes are compiled (test/run/linkage/before), then some of them again in an incompatible form (after), and files are
   damaged. Main names what it runs into; all of its output must be equal.
2. Thousands of damaged variants of one class are loaded (verifier/Mut.java), of a new class file and of an old one
   (without StackMapTable). Each must be accepted or refused as the peer does; and nearly all texts must be equal.
3. Class files that have each attribute somewhere (files/Shapes.java) are cut off at each byte, and each byte is changed
   (files/Files.java); what is accepted is looked at by reflection. All texts must be equal.
"""
import argparse
import os
import re
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SOURCES = os.path.join(ROOT, "test", "run", "linkage")
SHAPES = "Plain Mark Annotated Point Sealed Lambdas Lambdas$1Local Level".split()
RECOMPILED = "A Ctor CI CImpl IC ICImpl IS NowAbstract MAbs D2 FinalBase FinalMBase IfBase ClassBase SealedBase SealedIf CircB Sup E AS0".split()


def run(command, folder=None):
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, errors="replace", timeout=600)


def compile_java(target, *arguments):
    os.makedirs(target, exist_ok=True)
    done = run(["javac", "-nowarn", "-g", "-d", target, *arguments])
    if done.returncode != 0:
        sys.exit(done.stderr)


def java_files(folder):
    return [os.path.join(path, name) for path, _, names in os.walk(folder) for name in names if name.endswith(".java")]


def change(path, how):
    with open(path, "rb") as file:
        data = bytearray(file.read())
    data = how(data)
    with open(path, "wb") as file:
        file.write(data)


def set_byte(at, value):
    def how(data):
        data[at] = value
        return data
    return how


def prepare_mismatch(out):
    again = out + "-after"
    compile_java(out, os.path.join(SOURCES, "Main.java"), *java_files(os.path.join(SOURCES, "before")))
    after = os.path.join(SOURCES, "after")
    compile_java(again, *[path for path in java_files(after) if not path.endswith("Mod.java")])
    compile_java(out, "--add-exports", "java.base/jdk.internal.misc=ALL-UNNAMED", "--add-exports", "java.base/sun.nio.ch=ALL-UNNAMED",
                 os.path.join(after, "Mod.java"))
    for name in RECOMPILED + ["p/Hid", "p/HidI", "p/Pub"]:
        shutil.copy(os.path.join(again, name + ".class"), os.path.join(out, name + ".class"))
    for name in ("Gone", "GoneI", "GoneI2"):
        os.remove(os.path.join(out, name + ".class"))
    change(os.path.join(out, "MImpl.class"), lambda data: data.replace(b"\x01\x00\x01b", b"\x01\x00\x01c", 1))
    change(os.path.join(out, "NewVer.class"), set_byte(7, 70))
    change(os.path.join(out, "BadMagic.class"), set_byte(0, 1))
    change(os.path.join(out, "Trunc.class"), lambda data: data[:-20])
    change(os.path.join(out, "Wrong.class"), lambda data: data.replace(b"Wrong", b"Wrxng"))


def differences(expected, actual):
    return [pair for pair in zip(expected, actual + [""] * len(expected)) if pair[0] != pair[1]] + \
           [("", line) for line in actual[len(expected):]]


def test_mismatch(java, coracle, build):
    out = os.path.join(build, "mismatch")
    prepare_mismatch(out)
    texts = []
    for command in (java, coracle):
        done = run(command + ["-cp", out, "Main"])
        texts.append(re.sub("@0x[0-9a-f]+", "@", done.stdout + done.stderr).splitlines() + ["exit status %d" % done.returncode])
    wrong = differences(*texts)
    for expected, actual in wrong:
        print(f"  - {expected}\n  + {actual}")
    print(f"linkage: {len(texts[0])} lines, {len(wrong)} different")
    return not wrong and len(texts[0]) > 100


def read_variants(path):
    variants = {}
    with open(path, errors="replace") as file:
        for part in re.split(r"(?m)^#(?=\d+ )", file.read())[1:]:
            number, text = part.split(" ", 1)
            variants[int(number)] = text
    return variants


def verdict(text):
    return text.split("\n")[0].split(":")[0].strip()


def test_variants(java, coracle, build, name, count, old, least_equal):
    out = os.path.join(build, name)
    verifier = os.path.join(SOURCES, "verifier")
    sample = os.path.join(out, "Sample.java")
    os.makedirs(out, exist_ok=True)
    with open(os.path.join(verifier, "Sample.java")) as file:
        text = [line for line in file if not (old and "lam(" in line)]
    with open(sample, "w") as file:
        file.writelines(text)
    compile_java(out, *(["--release", "8"] if old else []), sample, os.path.join(verifier, "p", "Base.java"))
    compile_java(out, os.path.join(verifier, "Mut.java"))
    path = os.path.join(out, "Sample.class")
    if old:
        change(path, set_byte(7, 49))
    results = []
    for which, command in (("java", java), ("coracle", coracle)):
        result = os.path.join(out, which + ".txt")
        run(command + ["-cp", out, "Mut", path, "7", str(count), result])
        results.append(read_variants(result))
    expected, actual = results
    wrong = [i for i in expected if (verdict(expected[i]) == "ok") != (verdict(actual.get(i, "")) == "ok")]
    equal = sum(expected[i] == actual.get(i) for i in expected)
    for i in wrong[:10]:
        print(f"  - {expected[i].splitlines()[0]}\n  + {actual.get(i, 'nothing').splitlines()[0]}")
    print(f"{name}: {len(expected)} variants, {len(wrong)} other verdicts, {equal} texts equal")
    return not wrong and len(expected) == count and equal >= least_equal * count


# A supertype that is no interface is found when the file is read there, here when all of it has been read: another error
# may come before that one.
ORDER = re.compile("IncompatibleClassChangeError: class .* can not implement")


def read_lines(path):
    with open(path, errors="replace") as file:
        return file.read().splitlines()


def test_files(java, coracle, build, step):
    out = os.path.join(build, "files")
    folder = os.path.join(SOURCES, "files")
    compile_java(out, "-parameters", *java_files(folder))
    good = True
    total = 0
    for name in SHAPES:
        texts = []
        for which, command in (("java", java), ("coracle", coracle)):
            result = os.path.join(out, which + ".txt")
            done = run(command + ["-cp", out, "Files", os.path.join(out, f"Shapes${name}.class"), str(step), result])
            good = good and done.returncode == 0
            texts.append(read_lines(result) + ([done.stdout + done.stderr] if done.returncode != 0 else []))
        wrong = [pair for pair in differences(*texts) if not (ORDER.search(pair[0]) and "ClassFormatError" in pair[1])]
        for expected, actual in wrong[:10]:
            print(f"  {name}\n  - {expected[:400]}\n  + {actual[:400]}")
        good = good and not wrong and len(texts[0]) > 0
        total += len(texts[0])
    print(f"files: {total} variants of {len(SHAPES)} class files, all texts equal: {good}")
    return good


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--coracle", default=os.path.join(ROOT, "build", "coracle"))
    parser.add_argument("--java", default="java")
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--step", type=int, default=1, help="every how many bytes one is changed")
    options = parser.parse_args()
    build = os.path.join(ROOT, "build", "test", "linkage")
    shutil.rmtree(build, ignore_errors=True)
    java, coracle = [options.java], [os.path.abspath(options.coracle), "java"]
    good = test_mismatch(java, coracle, build)
    good = test_variants(java, coracle, build, "by map", options.count, False, 0.95) and good
    good = test_variants(java, coracle, build, "by inference", options.count, True, 0.9) and good
    good = test_files(java, coracle, build, options.step) and good
    sys.exit(0 if good else 1)


main()
