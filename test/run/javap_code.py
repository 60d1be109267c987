#!/usr/bin/env python3
"""`coracle javap --code`: the text of `javap -c`, with lines of register code in between.

Without those lines the text is that of the JDK's javap -c. The register code is what the machine itself makes of the same methods
when it runs them (--dump=code). What only a running machine knows differs: numbers of constants (o) and literals.
"""
import argparse
import os
import re

import checks

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
LIBRARY = ["java.lang.String", "java.util.HashMap", "java.util.concurrent.ConcurrentHashMap", "java.lang.invoke.MethodHandleImpl"]


def run(command, **variables):
    return checks.run(command, LC_ALL="C.UTF-8", TZ="UTC", **variables)


def is_own(line):
    return re.match(r" +\| ", line) is not None


def bare(line):
    """A line of register code without what only a running machine knows."""
    line = re.sub(r" ; 0x.*", "", line.strip())
    return re.sub(r"\bo\d+", "o", line)


def listed(text):
    """The register code of each method, in its own order: words, then maps."""
    methods, name = {}, None
    for line in text.splitlines():
        if line.startswith("  ") and line[2] not in " }" and line.endswith(";"):
            name = line.strip()
        elif is_own(line):
            methods.setdefault(name, []).append(line.split("| ", 1)[1])
    return {name: ordered(lines) for name, lines in methods.items()}


def ordered(lines):
    words = sorted({int(re.match(r" *(\d+) ", line)[1]): bare(line) for line in lines if re.match(r" *\d+ ", line)}.items())
    maps = sorted(bare(line) for line in lines if line.strip().startswith(("map ", "handler ")))
    return [line for _, line in words], maps


def dumped(text):
    methods, name = {}, None
    for line in text.splitlines():
        if line.startswith("; "):
            name = line[2:]
            methods[name] = []
        elif name is not None:
            methods[name].append(line)
    return {name: ordered(lines) for name, lines in methods.items()}


def check_text(check, coracle, words):
    mine = run([coracle, "javap", "--code", *words]).stdout.splitlines()
    peer = run(["javap", "-c", *words]).stdout.splitlines()
    check.equal(f"{words}: the bytecode", [line for line in mine if not is_own(line)] == peer, True)
    check.equal(f"{words}: lines of register code", sum(map(is_own, mine)) > len(peer) // 4, True)


def check_code(check, coracle, folder, name):
    """Each method of the listing that was run, by the order of methods in the class file: names differ in form."""
    text = run([coracle, "javap", "--code", "-s", "-p", "-cp", folder, name]).stdout
    by_descriptor = re.sub(r"^  (\S.*);\n    descriptor: (\(\S+)$", lambda found: f"  {plain(name, found[1])}{found[2]};", text, flags=re.M)
    mine = {key[:-1]: code for key, code in listed(by_descriptor).items()}
    theirs = dumped(run([coracle, "java", "--dump=code", "-cp", folder, "Counts"]).stderr)
    compared = 0
    for key, (words, maps) in mine.items():
        real = theirs.get(f"{name}.{key}")
        if real is None:
            continue
        compared += 1
        check.equal(f"{name}.{key}: register code", words, real[0])
        check.equal(f"{name}.{key}: maps", maps, real[1])
    return compared


def plain(class_name, header):
    if header.startswith("static {}"):
        return "<clinit>"
    name = re.search(r"(\S+)\(", header)[1]
    return "<init>" if name == class_name else name


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--coracle", default=os.path.join(ROOT, "build", "coracle"))
    parser.add_argument("--build", default=os.path.join(ROOT, "build", "test", "explain"))
    arguments = parser.parse_args()
    folder = os.path.join(arguments.build, "classes")
    os.makedirs(folder, exist_ok=True)
    run(["javac", "-nowarn", "-d", folder, os.path.join(ROOT, "test", "run", "explain", "Counts.java")])
    check = checks.Check("javap --code")
    names = sorted(name[:-6] for name in os.listdir(folder) if name.startswith("Counts"))
    for words in [["-p", "-cp", folder, *names]] + [["-p", name] for name in LIBRARY]:
        check_text(check, arguments.coracle, words)
    check.equal("methods compared", sum(check_code(check, arguments.coracle, folder, name) for name in names) > 30, True)
    alone = run([arguments.coracle, "javap", "--code", os.path.join(folder, "Counts.class")], JAVA_HOME="/nonexistent").stdout
    check.equal("without a JDK", listed(alone) == listed(run([arguments.coracle, "javap", "--code", "-cp", folder, "Counts"]).stdout), True)
    check.finish()


if __name__ == "__main__":
    main()
