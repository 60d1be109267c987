#!/usr/bin/env python3
"""Runs `coracle java` and the JDK's java with right and wrong command lines, class files and jars, and compares them.

Standard output, standard error and exit status must be equal; in the cases marked `says`, where the words are the
machine's own, the status must be equal and standard error must hold the words given.
"""
import argparse
import os
import shutil
import struct
import subprocess
import sys
import zipfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
WORK = os.path.join(ROOT, "build", "test", "commands")
TIMEOUT = 60

SOURCES = {
    "Show.java": """
        public class Show {
            public static void main(String[] args) {
                System.out.println(args.length + java.util.Arrays.toString(args) + " " + System.getProperty("p") + " "
                    + System.getProperty("java.class.path"));
            }
        }""",
    "NoMain.java": "public class NoMain { public static void other(String[] args) { } }",
    "NotStatic.java": "public class NotStatic { public void main(String[] args) { } }",
    "NotVoid.java": "public class NotVoid { public static int main(String[] args) { return 1; } }",
    "Hidden.java": "public class Hidden { static void main(String[] args) { } }",
    "Face.java": "public interface Face { static void main(String[] args) { System.out.println(\"interface\"); } }",
    "Heir.java": "public class Heir extends Show { }",
    "BadInit.java": """
        public class BadInit {
            static int x = 1 / Integer.parseInt("0");
            public static void main(String[] args) { }
        }""",
    "Orphan.java": "public class Orphan extends Parent { public static void main(String[] args) { } }\nclass Parent { }",
    "p/q/Inside.java": """
        package p.q;
        public class Inside {
            public static void main(String[] args) {
                System.out.println(Inside.class + " " + Inside.class.getPackage() + " " + Inside.class.getResource("data.txt").getProtocol());
                System.out.println(Inside.class.getPackage().getImplementationVersion());
                try {
                    System.out.println(new String(Inside.class.getResourceAsStream("data.txt").readAllBytes()));
                    System.out.println(Class.forName("Extra").getDeclaredConstructor().newInstance());
                } catch (Exception e) {
                    System.out.println(e);
                }
            }
        }""",
    "extra/Extra.java": "public class Extra { public String toString() { return \"extra\"; } }",
}


def prepare(javac):
    """Class files and jars, good and bad, in build/test/commands."""
    shutil.rmtree(WORK, ignore_errors=True)
    for name, text in SOURCES.items():
        path = os.path.join(WORK, "source", name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as file:
            file.write(text)
    main = [os.path.join(WORK, "source", name) for name in SOURCES if not name.startswith("extra/")]
    subprocess.run([javac, "-nowarn", "-d", os.path.join(WORK, "classes")] + main, check=True)
    subprocess.run([javac, "-nowarn", "-d", os.path.join(WORK, "extra"), os.path.join(WORK, "source", "extra/Extra.java")], check=True)
    write("classes/p/q/data.txt", b"data")
    os.remove(at("classes/Parent.class"))
    show = read("classes/Show.class")
    for name, data in {
            "Truncated": show[:len(show) // 2], "Empty": b"", "Short": show[:6], "Garbage": b"this is no class file at all",
            "Future": show[:4] + struct.pack(">HH", 0, 99) + show[8:], "Preview": show[:4] + struct.pack(">HH", 65535, 60) + show[8:],
            "Ancient": show[:4] + struct.pack(">HH", 0, 44) + show[8:], "Renamed": show}.items():
        write("bad/%s.class" % name, data)
    write("tail/Show.class", show + b"more")
    write("bad/Show.class", show[:10] + bytes([99]) + show[11:])
    entries = {"p/q/Inside.class": read("classes/p/q/Inside.class"), "p/q/data.txt": b"data in the jar"}
    jar("good.jar", "Main-Class: p.q.Inside\nClass-Path: extra/ other.jar\nImplementation-Version: 7.1\n", entries)
    jar("stored.jar", "Main-Class: Show\n", {"Show.class": show}, zipfile.ZIP_STORED)
    jar("nomain.jar", "", entries)
    jar("wrongmain.jar", "Main-Class: not.There\n", entries)
    jar("library/one.jar", "", {"Show.class": show})
    write("nojar.jar", b"this is no zip file")
    write("empty.jar", b"")
    good = read("good.jar")
    write("cut.jar", good[:len(good) * 2 // 3])
    write("options", b"-Dp=from-a-file\n# comment\n-cp classes Show 'a b' c")


def at(name):
    return os.path.join(WORK, name)


def read(name):
    with open(at(name), "rb") as file:
        return file.read()


def write(name, data):
    os.makedirs(os.path.dirname(at(name)), exist_ok=True)
    with open(at(name), "wb") as file:
        file.write(data)


def jar(name, manifest, entries, method=zipfile.ZIP_DEFLATED):
    os.makedirs(os.path.dirname(at(name)), exist_ok=True)
    with zipfile.ZipFile(at(name), "w", method) as out:
        out.writestr("META-INF/MANIFEST.MF", "Manifest-Version: 1.0\n" + manifest + "\n")
        for entry, data in entries.items():
            out.writestr(entry, data)


class Case:
    """says: None to compare everything; else words that standard error must hold."""

    def __init__(self, name, words, says=None, environment=None):
        self.name, self.words, self.says, self.environment = name, words, says, environment or {}


CASES = [
    Case("arguments", ["-cp", "classes", "Show", "a", "", "b c", "-x"]),
    Case("class path option", ["-classpath", "classes", "Show"]),
    Case("long class path option", ["--class-path=classes", "Show"]),
    Case("class path variable", ["Show"], environment={"CLASSPATH": "classes"}),
    Case("two folders", ["-cp", "nowhere:extra:classes", "Show"]),
    Case("jars by wildcard", ["-cp", "library/*", "Show"]),
    Case("property", ["-Dp=a=b", "-cp", "classes", "Show"]),
    Case("argument file", ["@options", "-d"]),
    Case("options variable", ["-cp", "classes", "Show"], says=["JDK_JAVA_OPTIONS"], environment={"JDK_JAVA_OPTIONS": "-Dp=variable"}),
    Case("package", ["-cp", "classes:extra", "p.q.Inside"]),
    Case("package by slashes", ["-cp", "classes", "p/q/Inside"]),
    Case("inherited main", ["-cp", "classes", "Heir", "x"]),
    Case("main of an interface", ["-cp", "classes", "Face"]),
    Case("jar", ["-jar", "good.jar"]),
    Case("stored jar", ["-jar", "stored.jar", "a"]),
    Case("jar on the class path", ["-cp", "good.jar", "p.q.Inside"]),
    Case("missing class", ["-cp", "classes", "Missing"]),
    Case("missing class in a package", ["-cp", "classes", "no.such.Missing"]),
    Case("class by file name", ["-cp", "classes", "Show.class"]),
    Case("wrong case", ["-cp", "classes", "show"]),
    Case("no main", ["-cp", "classes", "NoMain"]),
    Case("main not static", ["-cp", "classes", "NotStatic"]),
    Case("main not void", ["-cp", "classes", "NotVoid"]),
    Case("main not public", ["-cp", "classes", "Hidden"]),
    Case("failing initialiser", ["-cp", "classes", "BadInit"]),
    Case("missing parent", ["-cp", "classes", "Orphan"]),
    Case("truncated class file", ["-cp", "bad", "Truncated"]),
    Case("empty class file", ["-cp", "bad", "Empty"]),
    Case("class file cut in its header", ["-cp", "bad", "Short"]),
    Case("no class file", ["-cp", "bad", "Garbage"]),
    Case("future version", ["-cp", "bad", "Future"]),
    Case("preview of another version", ["-cp", "bad", "Preview"]),
    Case("ancient version", ["-cp", "bad", "Ancient"]),
    Case("other name inside", ["-cp", "bad", "Renamed"]),
    Case("bytes after the end", ["-cp", "tail", "Show"]),
    Case("bad constant tag", ["-cp", "bad", "Show"]),
    Case("missing jar", ["-jar", "missing.jar"]),
    Case("no jar", ["-jar", "nojar.jar"]),
    Case("empty jar", ["-jar", "empty.jar"]),
    Case("cut jar", ["-jar", "cut.jar"]),
    Case("jar without main class", ["-jar", "nomain.jar"]),
    Case("jar with a wrong main class", ["-jar", "wrongmain.jar"]),
    Case("broken jar on the class path", ["-cp", "nojar.jar:classes", "Show"]),
    Case("unknown option", ["-unknown", "Show"], says=["Unrecognized option: -unknown"]),
    Case("class path without a value", ["-cp"], says=["-cp requires class path specification"]),
    Case("jar without a file", ["-jar"], says=["-jar requires jar file specification"]),
    Case("bad heap size", ["-Xmx12q", "-cp", "classes", "Show"], says=["Invalid maximum heap size: -Xmx12q"]),
    Case("missing argument file", ["@missing"], says=["missing"]),
    Case("nothing", [], says=["Usage: "]),
    Case("version", ["-version"], says=["version \"17."]),
]


def run(command, case):
    environment = {key: value for key, value in os.environ.items()
                   if key not in ("JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS", "CLASSPATH")}
    environment.update(TZ="UTC", LANG="C.UTF-8", LC_ALL="C.UTF-8")
    environment.update(case.environment)
    try:
        done = subprocess.run(command + case.words, cwd=WORK, env=environment, stdin=subprocess.DEVNULL, timeout=TIMEOUT,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    except subprocess.TimeoutExpired:
        return "timeout", "", ""
    return done.returncode, done.stdout.decode("utf-8", "backslashreplace"), done.stderr.decode("utf-8", "backslashreplace")


def judge(case, java, ours):
    """What is wrong with ours; None if nothing is."""
    problems = []
    if ours[0] != java[0]:
        problems.append("exit status %s, java's is %s" % (ours[0], java[0]))
    if ours[1] != java[1] and not (case.says and ours[0]):
        problems.append("stdout %r, java's is %r" % (ours[1][:400], java[1][:400]))
    if case.says is None and ours[2] != java[2]:
        problems.append("stderr %r\n    java's is %r" % (ours[2][:600], java[2][:600]))
    for words in case.says or []:
        if words not in ours[2] + ours[1]:
            problems.append("does not say %r but %r" % (words, ours[2][:400]))
    return problems


def check_without_jdk(coracle):
    """Where there is no JDK the message must say what to install or set."""
    environment = dict(os.environ, JAVA_HOME="/nonexistent")
    done = subprocess.run([coracle, "java", "-cp", "classes", "Show"], cwd=WORK, env=environment, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, timeout=TIMEOUT)
    text = done.stderr.decode("utf-8", "replace")
    if done.returncode == 0:  # it may fall back to Debian's place
        return []
    return [] if done.returncode == 1 and "JAVA_HOME" in text else ["wrong JAVA_HOME: status %d, %r" % (done.returncode, text[:300])]


def main():
    parser = argparse.ArgumentParser(description="Compares command lines, wrong class files and jars with java.")
    parser.add_argument("--coracle", default=os.path.join(ROOT, "build", "coracle"))
    parser.add_argument("--only", default="", metavar="TEXT", help="cases whose name holds the text")
    parser.add_argument("--show", action="store_true", help="only show what java does")
    options = parser.parse_args()
    homes = [os.environ.get("JAVA_HOME") or "", "/usr/lib/jvm/java-17-openjdk-amd64", "/usr/lib/jvm/java-17-openjdk-arm64"]
    found = [home + "/bin/java" for home in homes if home and os.path.exists(home + "/bin/java")]
    java = (found + [shutil.which("java")])[0] or sys.exit("commands: no java")
    prepare(os.path.join(os.path.dirname(os.path.realpath(java)), "javac"))
    if not options.show and not os.access(options.coracle, os.X_OK):
        sys.exit("commands: %s is not there: run make first" % options.coracle)
    passed = failed = 0
    for case in CASES:
        if options.only not in case.name:
            continue
        theirs = run([java], case)
        if options.show:
            print("%s: %s\n%s%s" % (case.name, theirs[0], theirs[1], theirs[2]))
            continue
        problems = judge(case, theirs, run([os.path.abspath(options.coracle), "java"], case))
        if problems:
            failed += 1
            print("FAIL %s (java %s)\n    %s" % (case.name, " ".join(case.words), "\n    ".join(problems)))
        else:
            passed += 1
    if not options.show and not options.only:
        for problem in check_without_jdk(os.path.abspath(options.coracle)):
            failed += 1
            print("FAIL " + problem)
    print("commands: %d passed, %d failed" % (passed, failed))
    sys.exit(1 if failed else 0)


main()
