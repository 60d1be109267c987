#!/usr/bin/env python3
"""Compares `coracle javap` with the JDK's own javap, byte for byte: standard output, and where it matters standard error and status.

Without options: a seeded sample of java.base, class files compiled and made by hand, command lines, JSON, damaged files, and
files where no JDK is to be found. With --all: every class of java.base under every set of options, and ten jars of Debian.
One process of the peer reads all classes of a comparison; it must succeed and print something.
"""
import argparse
import json
import os
import random
import shutil
import struct
import subprocess
import sys
import zipfile

import class_writer

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
WORK = os.path.join(ROOT, "build", "test", "javap")
OPTION_SETS = [["-v", "-p"], ["-c", "-l", "-s", "-p"], [], ["-constants"], ["-public"], ["-sysinfo", "-protected"]]
JARS = ["groovy-all.jar", "jython.jar", "bcprov.jar", "scala-library.jar", "hsqldb.jar", "xalan2.jar", "xml-apis.jar", "commons-lang3.jar",
        "icu4j.jar", "js.jar"]
ENVIRONMENT = dict(os.environ, LC_ALL="C.UTF-8", TZ="UTC")
TIMEOUT = 600
CHUNK = 1 << 20
JCOV_SOURCE = """class Ranges {
    int f(int a) {
        if (a > 3) { return a * 2; }
        for (;;) { a++; if (a == 9) break; }
        switch (a) { case 3: return f(1); default: }
        return a > 4 && a < 9 ? 3 : new Object().hashCode();
    }
}
"""


class Tally:
    def __init__(self):
        self.passed, self.failed = 0, 0

    def check(self, holds, name, detail=""):
        if holds:
            self.passed += 1
        else:
            self.failed += 1
            print("FAIL javap %s\n    %s" % (name, detail), flush=True)
        return holds


def run(command, words, folder=WORK, environment=ENVIRONMENT):
    done = subprocess.run(command + words, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          stdin=subprocess.DEVNULL, timeout=TIMEOUT)
    return done.returncode, done.stdout, done.stderr


def run_to_file(command, words, name, folder):
    """The same for output of hundreds of megabytes: the output goes to a file."""
    path = os.path.join(WORK, name)
    with open(path, "wb") as file:
        done = subprocess.run(command + words, cwd=folder, env=ENVIRONMENT, stdout=file, stderr=subprocess.PIPE, timeout=TIMEOUT)
    return done.returncode, path, done.stderr


def first_difference(path, other):
    """None if the files are equal; else the lines that differ first."""
    with open(path, "rb") as a, open(other, "rb") as b:
        before = 0
        while True:
            x, y = a.read(CHUNK), b.read(CHUNK)
            if x != y:
                break
            if not x:
                return None
            before += len(x)
    at = before + next((i for i in range(min(len(x), len(y))) if x[i] != y[i]), min(len(x), len(y)))
    texts = []
    for name in (path, other):
        with open(name, "rb") as file:
            file.seek(max(0, at - 200))
            texts.append(file.read(400)[-400:].decode("utf-8", "replace"))
    return "at byte %d: javap has\n%s\n    coracle has\n%s" % (at, texts[0], texts[1])


def compare_many(tally, peer, coracle, name, words, folder=WORK):
    """Many classes at once; says how many bytes were equal."""
    theirs = run_to_file(peer, words, "theirs.txt", folder)
    ours = run_to_file(coracle, words, "ours.txt", folder)
    size = os.path.getsize(theirs[1])
    if not tally.check(theirs[0] == 0 and size > 0, name, "the peer failed: status %d, %d bytes, %s" % (theirs[0], size, theirs[2][:300])):
        return
    difference = first_difference(theirs[1], ours[1])
    if tally.check(difference is None and ours[0] == 0 and theirs[2] == ours[2], name,
                   difference or "status %d; %s; %s" % (ours[0], theirs[2][:300], ours[2][:300])):
        print("javap: %s: %d bytes are the same" % (name, size), flush=True)
    os.remove(theirs[1])
    os.remove(ours[1])


def class_names_of_module(peer, module):
    """By the JDK's own jimage tool."""
    home = os.path.dirname(os.path.dirname(peer))
    done = subprocess.run([os.path.join(home, "bin", "jimage"), "list", "--include", "regex:/%s/.*\\.class" % module,
                           os.path.join(home, "lib", "modules")], stdout=subprocess.PIPE, text=True, check=True)
    names, package = [], ""
    for line in done.stdout.splitlines():
        word = line.strip()
        if word.startswith("Package:"):
            package = word[8:].strip()
        elif word.endswith(".class"):
            name = word[:-6]
            names.append(name if "/" in name or not package else package + "." + name)
    return names


def prepare(javac):
    shutil.rmtree(WORK, ignore_errors=True)
    os.makedirs(os.path.join(WORK, "made"))
    subprocess.run([javac, "-nowarn", "-g", "-parameters", "-d", WORK, os.path.join(ROOT, "test", "javap", "Rich.java")], check=True,
                   stderr=subprocess.DEVNULL)
    write("jcov/Ranges.java", JCOV_SOURCE.encode())
    subprocess.run([javac, "-nowarn", "-Xjcov", "-d", os.path.join(WORK, "jcov"), os.path.join(WORK, "jcov/Ranges.java")], check=True)
    for name, make in class_writer.MADE.items():
        write("made/%s.class" % name, make())
    rich = read("q/Rich$E.class")
    write("top/All.class", read("q/All.class"))
    write("sub/Other.class", rich)
    write("bad/Short.class", rich[:700])
    write("bad/Empty.class", b"")
    os.makedirs(os.path.join(WORK, "odd +ü%"))
    for name in ("x.jar", "odd +ü%/y z.jar"):
        with zipfile.ZipFile(os.path.join(WORK, name), "w", zipfile.ZIP_DEFLATED) as jar:
            jar.writestr(zipfile.ZipInfo("q/All.class", (2001, 2, 3, 4, 5, 6)), read("q/All.class"))
            jar.write(os.path.join(WORK, "q/Rich.class"), "q/Rich.class")
    os.utime(os.path.join(WORK, "x.jar"), (1580702706, 1580702706))
    write("bad/broken.jar", read("x.jar")[:-30])


def write(name, data):
    path = os.path.join(WORK, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(data)


def read(name):
    with open(os.path.join(WORK, name), "rb") as file:
        return file.read()


def command_lines():
    jar = "jar:file://%s/x.jar!/q/" % WORK
    return [
        ["-sysinfo", "q/All.class"], ["-sysinfo", "./q/All.class"], ["-sysinfo", "sub/../q/All.class"], ["-sysinfo", WORK + "/q/All.class"],
        ["q.Rich.P1"], ["q.Rich$P1"], ["q/Rich/P1"], ["q/All"], ["sub/Other.class"], ["-sysinfo", jar + "All.class"], [jar + "No.class"],
        ["jar:file:///no.jar!/q/No.class"], ["file://%s/q/All.class" % WORK], ["file:///no/such.class"], ["-sysinfo", "-cp", "x.jar", "q.All"],
        ["-sysinfo", "-cp", "./x.jar", "q.All"], ["-sysinfo", "-cp", "odd +ü%/y z.jar", "q.All"], ["-sysinfo", "-cp", "odd +ü%/*", "q.All"],
        ["-cp", "/nonexistent", "q.All"], ["-cp", "q/All.class", "q.All"], ["-sysinfo", "-cp", "sub:.", "q.All"], ["-cp", "top", "All"],
        ["-cp", "sub/../top", "All"], ["-sysinfo", "java/lang/Comparable"], ["java.base/java.lang.Comparable"], ["java.util.Map.Entry"],
        ["-m", "java.base", "java.sql.Driver"], ["-m", "nosuch", "java.lang.Object"], ["-sysinfo", "java.sql.Driver"],
        ["--module", "java.sql", "-v", "module-info"], ["-m", "java.base", "module-info"], ["-m", "java.base", "q.All"], ["module-info"],
        ["-sysinfo", "jrt:/java.base/java/lang/Comparable.class"], ["-cp"], ["--module"], ["-m"], ["--foo=3"], ["-version=3"], ["-c=1", "q.All"],
        ["Nope.class"], ["Nope"], ["sub"], ["http://x/y"], ["foo:bar"], [""], ["-version"], ["-fullversion"], ["-version", "q.All"], ["-"],
        ["-J-Dfoo=1", "q.TB"], ["-XDfoo", "q.TB"], ["-s", "--class-path=x.jar", "q.All"], ["--system", "/nonexistent", "q.TB"],
        ["-p", "-private", "q.TB"], ["-public", "-private", "q.TB"], ["q.TB", "-c"], ["-c"], ["-all", "q.TB"], ["-verbose", "-package", "q.Rich"],
        ["-bootclasspath", "x.jar", "q.All"], ["-classpath", "x.jar", "-l", "-c", "q.Rich"], ["q.Nope", "Nope"],
    ]


def compare_command_lines(tally, peer, coracle):
    for words in command_lines():
        theirs, ours = run(peer, words), run(coracle, words)
        tally.check(theirs == ours, " ".join(words), "javap %r\n    coracle %r" % (theirs, ours))
    for words in ([], ["-help"]):
        theirs, ours = run(peer, words), run(coracle, words)
        tally.check(theirs[0] == ours[0] and ours[1].startswith(theirs[1][:30]), "help", repr(ours))


def hide_jdk(coracle):
    """The command and environment under which coracle finds no JDK: a mount of its own over Debian's place, if that is allowed."""
    environment = dict(ENVIRONMENT, JAVA_HOME="/nonexistent", PATH="/nonexistent")
    hidden = [shutil.which("unshare") or "/nonexistent", "-rm", "/bin/sh", "-c", '/bin/mount -t tmpfs none /usr/lib/jvm && exec "$@"', "sh"]
    probe = subprocess.run(hidden + ["/bin/true"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) if shutil.which("unshare") else None
    if probe is None or probe.returncode != 0:
        print("javap: the JDK cannot be hidden here but by JAVA_HOME and PATH")
        return coracle, environment
    return hidden + coracle, environment


def compare_files(tally, peer, coracle):
    """Class files compiled and made by hand; also where no JDK is to be found."""
    bare, hidden = hide_jdk(coracle)
    if bare != coracle:
        status, _, errors = run(bare, ["java.lang.Object"], environment=hidden)
        says = (b"Error: class not found: java.lang.Object: ", b"JAVA_HOME: /nonexistent", b"openjdk-17-jre-headless")
        tally.check(status == 1 and all(words in errors for words in says), "the JDK is hidden", repr(errors))
    files = sorted(os.path.join(folder, name) for folder in ("q", "made", "jcov")
                   for name in os.listdir(os.path.join(WORK, folder)) if name.endswith(".class"))
    for options in OPTION_SETS + [["-v"], ["-public", "-v", "-constants"], ["-l", "-p"]]:
        theirs = run(peer, options + files)
        for command, environment in ((coracle, ENVIRONMENT), (bare, hidden)):
            ours = run(command, options + files, environment=environment)
            tally.check(theirs[0] == 0 and len(theirs[1]) > 1000 and theirs == ours, "%s of %d files" % (options, len(files)), different(theirs, ours))


def different(theirs, ours):
    a, b = theirs[1].splitlines(), ours[1].splitlines()
    for number, (x, y) in enumerate(zip(a, b)):
        if x != y:
            return "line %d: javap %r\n    coracle %r" % (number + 1, x, y)
    return "status %d and %d, %d and %d lines; %r %r" % (theirs[0], ours[0], len(a), len(b), theirs[2][:200], ours[2][:200])



def check_json(tally, coracle, peer):
    """What JSON says must be what the text says: constants, members, and the instructions of each method by number."""
    files = ["q/" + name for name in sorted(os.listdir(os.path.join(WORK, "q")))] + ["made/%s.class" % name for name in sorted(class_writer.MADE)]
    status, text, _ = run(coracle, ["--json"] + files)
    classes = json.loads(text.decode("utf-8"))
    tally.check(status == 0 and len(classes) == len(files), "--json", "status %d" % status)
    for file, one in zip(files, classes):
        lines = run(peer, ["-v", "-p", file])[1].decode("utf-8").splitlines()
        pool = sum(1 for line in lines if line.lstrip().startswith("#") and " = " in line)
        tally.check(pool == len(one["constantPool"]), "--json " + file, "the pool has %d and %d constants" % (pool, len(one["constantPool"])))
        head = next(line for line in lines if line.startswith("  interfaces: "))
        counts = "  interfaces: %d, fields: %d, methods: %d, attributes: %d" % tuple(
            len(one[name]) for name in ("interfaces", "fields", "methods", "attributes"))
        tally.check(head == counts, "--json " + file, "%s; %s" % (head, counts))
        code = [attribute for method in one["methods"] for attribute in method["attributes"] if attribute["name"] == "Code"]
        ours = ["%d: %s" % (i["pc"], i.get("name", "bytecode") + ("_w" if "wide" in i else "")) for attribute in code for i in attribute["instructions"]]
        theirs = [" ".join(line.split()[:2]) for line in lines if is_instruction(line)]
        tally.check(ours == theirs, "--json " + file, "instructions differ: %s" % [p for p in zip(ours, theirs) if p[0] != p[1]][:3])


def is_instruction(line):
    words = line.split()
    return len(words) >= 2 and line.startswith("      ") and words[0].endswith(":") and words[0][:-1].isdigit() and (
        words[1][0].islower() and not words[1].isdigit())


def check_damage(tally, coracle, seed):
    """Truncated and changed files: a message with an offset and status 1, or text; never anything else, and at once."""
    chooser = random.Random(seed)
    for source in ["q/Rich.class", "q/Rich$R.class", "q/All.class"] + ["made/%s.class" % name for name in sorted(class_writer.MADE)]:
        data = read(source)
        variants = {"cut at %d" % size: data[:size] for size in chooser.sample(range(len(data)), 25)}
        for _ in range(40):
            changed = bytearray(data)
            for _ in range(chooser.choice([1, 1, 2, 5])):
                changed[chooser.randrange(len(data))] = chooser.choice([0, 1, 255, chooser.randrange(256)])
            variants["changed %d" % len(variants)] = bytes(changed)
        for name, variant in variants.items():
            write("damaged.class", variant)
            for options in (["-v", "-p"], ["--json"], ["-c", "-l", "-constants"]):
                status, text, errors = run(coracle, options + ["damaged.class"])
                fine = (status == 0 and not errors) or (status == 1 and errors.startswith(b"Error: error while reading damaged.class: ")
                                                        and b" offset " in errors and errors.count(b"\n") == 1)
                if name.startswith("cut"):
                    fine = fine and status == 1
                tally.check(fine, "%s of %s, %s (seed %d)" % (options, source, name, seed), "%d %r" % (status, errors[:300]))
                if options == ["--json"] and fine:
                    json.loads(text)


def check_damaged_jars(tally, coracle, seed):
    chooser = random.Random(seed)
    data = read("x.jar")
    for number in range(60):
        changed = bytearray(data[:chooser.randrange(len(data))] if number % 4 == 0 else data)
        for _ in range(chooser.choice([0, 1, 3, 9])):
            where = chooser.randrange(max(0, len(changed) - 400), len(changed)) if changed else 0
            if changed:
                changed[where] = chooser.choice([0, 255, chooser.randrange(256)])
        write("damaged.jar", bytes(changed))
        status, _, errors = run(coracle, ["-cp", "damaged.jar", "q.All", "q.Rich"])
        tally.check(status in (0, 1) and (status == 0) == (errors == b""), "damaged jar %d (seed %d)" % (number, seed), "%d %r" % (status, errors))


def check_limits(tally, coracle):
    """Files that are made to take for ever."""
    w = class_writer.ClassWriter()
    w.attributes = [w.attribute("NestMembers", class_writer.u2(65535) + class_writer.u2(w.klass("y" * 65535)) * 65535)] * 3
    write("bad/Large.class", w.bytes())
    deep = class_writer.ClassWriter()
    value = b"s" + class_writer.u2(deep.utf8("v"))
    for _ in range(20000):
        value = b"[" + class_writer.u2(1) + value
    deep.method(0x401, "m", "()I", [deep.attribute("AnnotationDefault", value)])
    write("bad/Deep.class", deep.bytes())
    nested = class_writer.ClassWriter()
    nested.field(0, "f", "I", [nested.attribute("Signature", class_writer.u2(nested.utf8("Lp/A<" * 5000 + "*" + ">;" * 5000)))])
    write("bad/Nested.class", nested.bytes())
    zero = class_writer.ClassWriter()
    zero.attributes = [zero.attribute("Signature", class_writer.u2(zero.utf8(b"<T\0:Lp/A;")))]
    write("bad/Zero.class", zero.bytes())
    status, _, errors = run(coracle, ["bad/Zero.class"])
    tally.check(status == 1 and b" offset " in errors, "a 0 in a signature", repr(errors))
    for name in ("Deep", "Nested"):
        status, _, errors = run(coracle, ["-v", "-p", "bad/%s.class" % name])
        tally.check(status == 1 and b"deep at offset" in errors, name, repr(errors))
    with open(os.devnull, "wb") as nowhere:
        done = subprocess.run(coracle + ["-v", "-p", "bad/Large.class"], cwd=WORK, stdout=nowhere, stderr=subprocess.PIPE, timeout=TIMEOUT)
    tally.check(done.returncode == 1 and b"bytes of text" in done.stderr, "Large", repr(done.stderr))
    status, _, errors = run(coracle, ["bad/Short.class", "bad/Empty.class"])
    tally.check(status == 1 and errors.count(b" offset ") == 2, "short files", repr(errors))
    write("bad/Tail.class", read("q/All.class") + b"more")
    status, _, errors = run(coracle, ["bad/Tail.class"])
    tally.check(status == 1 and b"4 bytes are left over at offset" in errors, "bytes behind the end", repr(errors))
    status, _, errors = run(coracle, ["-cp", "bad/broken.jar", "q.All"])
    tally.check(status == 1 and b"broken.jar: no zip archive" in errors, "a broken jar", repr(errors))
    with open("/dev/full", "wb") as full:
        done = subprocess.run(coracle + ["q/All.class"], cwd=WORK, stdout=full, stderr=subprocess.PIPE)
    tally.check(done.returncode == 1, "a full disk", "status %d" % done.returncode)


def compare_numbers(tally, peer, coracle, options):
    """Floating-point constants: of every size, near powers of two and ten, with few digits."""
    chooser = random.Random(options.seed)
    words = []
    for number in range(60 if options.all else 2):
        w = class_writer.ClassWriter("p/Numbers%d" % number)
        while w.next < 65500:
            kind = chooser.randrange(5)
            if kind == 0:
                w.double(chooser.getrandbits(64))
                w.float(chooser.getrandbits(32))
            elif kind == 1:
                value = float("%de%d" % (chooser.randrange(100000), chooser.randrange(-330, 305)))
                w.double(struct.unpack(">Q", struct.pack(">d", value))[0])
                w.float(struct.unpack(">I", struct.pack(">f", float("%de%d" % (chooser.randrange(1000), chooser.randrange(-46, 35)))))[0])
            elif kind == 2:
                w.double(chooser.randrange(2048) << 52 | chooser.choice([0, 1, (1 << 52) - 1]))
                w.float(chooser.randrange(256) << 23 | chooser.choice([0, 1, (1 << 23) - 1]))
            elif kind == 3:
                w.double(chooser.randrange(953, 1093) << 52 | chooser.getrandbits(52) >> chooser.randrange(52) << chooser.randrange(52) & (1 << 52) - 1)
                w.float(chooser.randrange(67, 187) << 23 | chooser.getrandbits(23) >> chooser.randrange(23) << chooser.randrange(23) & (1 << 23) - 1)
            else:
                w.double(struct.unpack(">Q", struct.pack(">d", chooser.randrange(-1 << 31, 1 << 31) / 1000))[0])
                w.float(struct.unpack(">I", struct.pack(">f", chooser.randrange(100000) / 100))[0])
        write("numbers/Numbers%d.class" % number, w.bytes())
        words.append("numbers/Numbers%d.class" % number)
    compare_many(tally, peer, coracle, "numbers", ["-v"] + words)


def compare_identifiers(tally, peer, coracle, options):
    """Is a character one that names begin with, and one that they may hold? All of Unicode, or two pages of it."""
    chooser = random.Random(options.seed)
    size = 16000
    starts = range(0, 0x110000, size)
    words = []
    for start in starts if options.all else [0, chooser.choice(starts)]:
        w = class_writer.ClassWriter("p/Names%x" % start)
        for character in range(start, min(start + size, 0x110000)):
            for name in (chr(character), "a" + chr(character)):
                if not 0xd800 <= character < 0xe000:
                    w.klass(name)
        write("names/Names%x.class" % start, w.bytes())
        words.append("names/Names%x.class" % start)
    compare_many(tally, peer, coracle, "names", ["-v"] + words)


def compare_jars(tally, peer, coracle):
    for name in JARS:
        path = os.path.join("/usr/share/java", name)
        if not tally.check(os.path.exists(path), name, "is not there: ./run test-all installs it"):
            continue
        with zipfile.ZipFile(path) as jar:
            names = [entry[:-6] for entry in jar.namelist() if entry.endswith(".class") and not entry.startswith("META-INF/")]
            versions = sorted({jar.read(entry + ".class")[7] for entry in names})
        for options in [["-v", "-p"], ["-c", "-constants"]]:
            compare_many(tally, peer, coracle, "%s %s, versions %s, %d classes" % (name, " ".join(options), versions, len(names)),
                         options + ["-cp", path] + names)


def compare_classes(tally, peer, coracle, options):
    names = class_names_of_module(peer[0], "java.base")
    chosen = names if options.all else sorted(random.Random(options.seed).sample(names, options.sample)) + ["module-info"]
    for words in OPTION_SETS:
        compare_many(tally, peer, coracle, "java.base %s, %d classes" % (" ".join(words), len(chosen)), words + ["--module", "java.base"] + chosen)
    if options.all:
        compare_jars(tally, peer, coracle)


def main():
    parser = argparse.ArgumentParser(description="Compares coracle javap with the JDK's javap.")
    parser.add_argument("--coracle", default=os.path.join(ROOT, "build", "coracle"))
    parser.add_argument("--all", action="store_true", help="all of java.base, and ten jars")
    parser.add_argument("--seed", type=int, default=17, help="of the sample and of the damage (17)")
    parser.add_argument("--only", metavar="PART", help="one of the parts: classes, numbers, names, files, commands, json, damage, jars, limits")
    parser.add_argument("--sample", type=int, default=150, help="classes of java.base for each set of options (150)")
    options = parser.parse_args()
    homes = [os.environ.get("JAVA_HOME") or "", "/usr/lib/jvm/java-17-openjdk-amd64", "/usr/lib/jvm/java-17-openjdk-arm64"]
    home = next((home for home in homes if home and os.path.exists(home + "/bin/javap")), None) or sys.exit("javap: no JDK")
    peer, coracle = [os.path.realpath(home) + "/bin/javap"], [os.path.abspath(options.coracle), "javap"]
    prepare(home + "/bin/javac")
    tally = Tally()
    parts = {"classes": lambda: compare_classes(tally, peer, coracle, options), "numbers": lambda: compare_numbers(tally, peer, coracle, options),
             "names": lambda: compare_identifiers(tally, peer, coracle, options), "files": lambda: compare_files(tally, peer, coracle),
             "commands": lambda: compare_command_lines(tally, peer, coracle), "json": lambda: check_json(tally, coracle, peer),
             "damage": lambda: check_damage(tally, coracle, options.seed), "jars": lambda: check_damaged_jars(tally, coracle, options.seed),
             "limits": lambda: check_limits(tally, coracle)}
    for name, part in parts.items():
        if options.only in (None, name):
            part()
    print("javap: %d passed, %d failed" % (tally.passed, tally.failed))
    sys.exit(1 if tally.failed else 0)


main()
