#!/usr/bin/env python3
"""`coracle freeze`: where --at stops a program, by all kinds of names, what is said when it cannot or does not happen, how
threads that waited go on, and that the locale stays."""
import argparse
import os
import resource
import shutil
import subprocess

import checks

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
WORK = os.path.join(ROOT, "build", "test", "freezing")
CORACLE = os.path.join(ROOT, "build", "coracle")
SOURCE = """
public class Kinds {
    static int made = make();
    static int make() { System.out.println("make"); return 5; }
    Kinds() { System.out.println("constructor"); }
    Kinds(int number) { System.out.println("constructor of int"); }
    static void same() { System.out.println("same"); }
    static void same(int number) { System.out.println("same of int"); }
    static long same(String text, int[] array) { System.out.println("same of String and int[]"); return 0; }
    static class Inner {
        void here() { System.out.println("here"); }
    }
    interface Face {
        default void usual() { System.out.println("usual"); }
    }
    static void never() { }

    public static void main(String[] arguments) throws Exception {
        System.out.println("main");
        new Kinds();
        new Kinds(3);
        same();
        same(1);
        same("", new int[0]);
        new Inner().here();
        new Face() { }.usual();
        Runnable lambda = () -> System.out.println("lambda");
        lambda.run();
        System.out.println(String.join("-", "a", "b"));
        System.out.println(new java.util.TreeMap<>(java.util.Map.of("one", 1)).put("two", 2));
        if (arguments.length != 0) System.exit(Integer.parseInt(arguments[0]));
    }
}
"""
OUTPUT = ["make", "main", "constructor", "constructor of int", "same", "same of int", "same of String and int[]", "here", "usual", "lambda",
          "a-b", "null"]
# The method, and the first line that the thawed program writes.
POINTS = {
    "Kinds.main": "main", "Kinds.<clinit>": "make", "Kinds.make": "make", "Kinds.<init>": "constructor",
    "Kinds.<init>(I)": "constructor of int", "Kinds.<init>(I)V": "constructor of int", "Kinds.same": "same", "Kinds.same()": "same",
    "Kinds.same(I)V": "same of int", "Kinds.same(Ljava/lang/String;[I)": "same of String and int[]",
    "Kinds.same(Ljava/lang/String;[I)J": "same of String and int[]", "Kinds$Inner.here": "here", "Kinds.Inner.here": "here",
    "Kinds.Face.usual": "usual", "Kinds.lambda$main$0": "lambda",
    # What the class library has called already, when java.image was made: from now on it is the first time.
    "java.lang.String.join": "a-b", "java.util.TreeMap.put": "null", "java.io.PrintStream.println": "make",
}
NOT_CALLED = ["Kinds.never", "Kinds.nope", "No.such", "Kinds.same(J)", "Kinds.same(I)I"]


def run(*words, before=(), **more):
    done = subprocess.run([*before, CORACLE, *words], cwd=WORK, stdin=subprocess.DEVNULL, capture_output=True, text=True, encoding="utf-8", timeout=60, **more)
    return done.returncode, done.stdout.split("\n")[:-1], done.stderr


def freeze(image, method, *words, **more):
    return run("freeze", "-o", image, "--at", method, "--", *(words or ("-cp", ".", "Kinds")), **more)


def check_points(check):
    for options in ((), ("-Xshare:off",)):
        for method, line in POINTS.items():
            before = OUTPUT[:OUTPUT.index(line)]
            check.equal("before " + method, freeze("at.image", method, *options, "-cp", ".", "Kinds"), (0, before, ""))
            check.equal("after " + method, run("at.image"), (0, OUTPUT[len(before):], ""))


def check_not_called(check):
    """An image that was there before stays as it was."""
    with open(os.path.join(WORK, "kept.image"), "w") as file:
        file.write("kept")
    for method in NOT_CALLED:
        for status in ("", "0", "3"):
            words = ["-cp", ".", "Kinds"] + ([status] if status else [])
            check.equal("never " + method + " " + status, freeze("kept.image", method, *words),
                        (1, OUTPUT, f"coracle: kept.image is not written: the program has ended and has not called {method}\n"))
    check.equal("kept", open(os.path.join(WORK, "kept.image")).read(), "kept")


def check_not_written(check):
    """Whatever is in the way stays, and no temporary file is left."""
    os.mkdir(os.path.join(WORK, "folder"))
    os.mkfifo(os.path.join(WORK, "pipe"))
    for path, why in (("folder", "is there already and is no file"), ("pipe", "is there already and is no file"),
                      ("nowhere/x.image", "No such file or directory"),
                      ("kept.image/x.image", "Not a directory")):
        status, lines, errors = freeze(path, "Kinds.same")
        check.equal(path, (status, lines, errors), (1, OUTPUT[:4], f"coracle: {path} is not written: {why}\n"))
    check.equal("what is in the way", (os.path.isdir(os.path.join(WORK, "folder")), os.path.isfile(os.path.join(WORK, "pipe"))), (True, False))
    before = sorted(os.listdir(WORK))
    status, lines, errors = freeze("long.image", "Kinds.same",
                                   preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20)))
    check.equal("a limit of files", (status, lines, "long.image is not written: " in errors, "File too large" in errors), (1, OUTPUT[:4], True, True))
    check.equal("what is left", sorted(os.listdir(WORK)), before)


def check_unreadable_folder(check):
    """A folder in which a user may write and not read. Root may read any, but for one without its capabilities."""
    before = ["setpriv", "--bounding-set", "-all", "--inh-caps", "-all"] if os.getuid() == 0 else []
    if before and subprocess.run(before + ["true"], stderr=subprocess.DEVNULL).returncode != 0:
        print("freezing: an unreadable folder is not tried: root cannot give up its capabilities here")
        return
    folder = os.path.join(WORK, "unreadable")
    os.mkdir(folder)
    os.chmod(folder, 0o333)
    path = os.path.join(folder, "x.image")
    check.equal("the folder cannot be read", subprocess.run(before + ["ls", folder], stderr=subprocess.DEVNULL).returncode != 0, True)
    check.equal("in a folder that cannot be read", freeze(path, "Kinds.same", before=before), (0, OUTPUT[:4], ""))
    check.equal("from there", run(path, before=before), (0, OUTPUT[4:], ""))
    os.chmod(folder, 0o755)


def check_links(check):
    """What a symbolic link leads to is written, be it there or not; the link stays."""
    os.mkdir(os.path.join(WORK, "images"))
    for link, target in (("absolute", os.path.join(WORK, "images", "a.image")), ("relative", "images/b.image"), ("images/up", "../c.image"),
                         ("twice", "images/up")):
        os.symlink(target, os.path.join(WORK, link))
        for at in ("Kinds.same", "Kinds.make"):
            before = OUTPUT[:OUTPUT.index(POINTS[at])]
            check.equal("onto " + link, (freeze(link, at), os.readlink(os.path.join(WORK, link))), ((0, before, ""), target))
            check.equal("from " + link, run(link), (0, OUTPUT[len(before):], ""))
    os.symlink("circle", os.path.join(WORK, "circle"))
    check.equal("a circle", freeze("circle", "Kinds.same"),
                (1, OUTPUT[:4], "coracle: circle is not written: Too many levels of symbolic links\n"))
    check.equal("only images", sorted(os.listdir(os.path.join(WORK, "images"))), ["a.image", "b.image", "up"])


# What the other threads wait for when Waits.here is called, and what the thawed program writes.
WAITS = {"park": ["16 done, 0 alive"], "monitor": ["RUNNABLE", "1 done, 0 alive"], "timed": ["8 done, 0 alive"], "given": ["2 done, 0 alive"],
         "ending": ["1 done, 0 alive"],
         "main": ["0 done, 0 alive", "hook"]}


def check_waits(check):
    """Whether the threads look before what they wait for comes, or after, is chance: so several times."""
    for kind, lines in WAITS.items():
        check.equal("before " + kind, freeze("waits.image", "Waits.here", "-cp", ".", "Waits", kind), (0, [], ""))
        for number in range(4):
            check.equal("after %s, %d" % (kind, number), run("waits.image"), (0, lines, ""))


def check_log(check):
    """Lines about collections are wanted of the thawed program, too, if they were of the first process."""
    for options, wanted in ((("-Xlog:gc",), True), ((), False)):
        for boot in ((), ("-Xshare:off",)):
            freeze("collects.image", "Collects.here", *boot, *options, "-cp", ".", "Collects")
            status, lines, errors = run("collects.image")
            told = [line for line in lines if "Pause Full (System.gc())" in line]
            check.equal("collects " + " ".join(boot + options), (status, len(told), lines[-1], errors), (0, int(wanted), str(wanted).lower(), ""))


def check_locales(check):
    """Text, names of files too, stays in the character set of the program's first process."""
    os.mkdir(os.path.join(WORK, "names"))
    open(os.path.join(os.fsencode(WORK), b"names", "\u00e9".encode()), "w").close()
    places = [dict({name: value for name, value in os.environ.items() if not name.startswith("LC_")}, LANG=value) for value in ("C.UTF-8", "C")]
    for options in ((), ("-Xshare:off",)):
        for first in places:
            status, lines, errors = freeze("names.image", "Names.here", *options, "-cp", ".", "Names", env=first)
            check.equal("before, in " + first["LANG"], (status, len(lines), errors), (0, 5, ""))
            for then in places:
                check.equal("from %s in %s" % (first["LANG"], then["LANG"]), run("names.image", env=then), (0, lines, ""))


def check_commands(check):
    for words in (["-o", "", "--at", "Kinds.same"], ["-o", "x.image"], ["--at", "Kinds.same"], ["-o", "x.image", "--at", "same"],
                  ["-o", "x.image", "--at", ".same"], ["-o", "x.image", "--at", "Kinds."], ["-o", "x.image", "--at", ""]):
        status, lines, errors = run("freeze", *words, "--", "-cp", ".", "Kinds")
        check.equal(" ".join(words), (status, lines, errors.startswith("coracle: freeze: "), "Usage:" in errors), (2, [], True, True))
    freeze("at.image", "Kinds.same")
    check.equal("a word behind the image", run("at.image", "word"),
                (2, [], "coracle: at.image: a frozen program takes no arguments, and there is no option word\n"))
    check.equal("no file", run("missing.image"), (1, [], "coracle: missing.image: there is no such file, or it cannot be read\n"))
    check.equal("a folder", run("folder"), (2, [], "coracle: folder: this is no file; `coracle help` lists the commands\n"))
    check.equal("another file", run("Kinds.class"), (1, [], "coracle: Kinds.class: neither an image of coracle nor a 64-bit Spur image\n"))


def main():
    global CORACLE
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--coracle", default=CORACLE)
    CORACLE = os.path.abspath(parser.parse_args().coracle)
    shutil.rmtree(WORK, ignore_errors=True)
    os.makedirs(WORK)
    with open(os.path.join(WORK, "Kinds.java"), "w") as file:
        file.write(SOURCE)
    home = [name for name in ("/usr/lib/jvm/java-17-openjdk-amd64", "/usr/lib/jvm/java-17-openjdk-arm64", os.environ.get("JAVA_HOME"))
            if name and os.path.exists(name + "/bin/javac")]
    checks.run([(home[0] + "/bin/javac") if home else "javac", "-d", WORK, os.path.join(WORK, "Kinds.java"),
                *(os.path.join(ROOT, "test", "run", "freezing", name) for name in ("Waits.java", "Names.java", "Collects.java"))])
    check = checks.Check("freezing")
    check_points(check)
    check_not_called(check)
    check_not_written(check)
    check_unreadable_folder(check)
    check_links(check)
    check_waits(check)
    check_log(check)
    check_locales(check)
    check_commands(check)
    check.finish()


main()
