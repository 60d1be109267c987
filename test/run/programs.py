#!/usr/bin/env python3
"""Runs the Java programs of test/java on Coracle and on the JDK's own java, and compares what they do.

Standard output, standard error and exit status must be equal, byte for byte; neither side is filtered.

A program is test/java/NAME.java, test/java/GROUP/NAME.java, or a folder test/java/NAME holding NAME.java, more sources
and resources. Beside it may stand:
    NAME.args      its arguments, one a line
    NAME.stdin     its standard input
    NAME.slowstdin the same, through a pipe, a line every 50 ms
    NAME.opts      options before the main class, one a line (-ea, -Xss..., -D...)
    NAME.javac     options for javac; a group's options.javac holds for all of the group
    NAME.slowstress  why it takes too long with a collection at every allocation; it is skipped (and counted so) in that
                   mode unless --slow is given
    NAME.nofreeze  why it cannot be frozen at a random point; it is skipped (and counted so) in --mode freeze
NAME.same, without a source of its own, makes a program of the source that it names, with its own options.
test/run/expected_failures.txt may name programs (one a line, # begins a comment) that are known to fail: they are run,
shown and counted apart; one that passes is a failure of the list.
"""
import argparse
import base64
import concurrent.futures
import difflib
import fnmatch
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
import zlib

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SOURCES = os.path.join(ROOT, "test", "java")
LIBRARY = os.path.join(SOURCES, "lib")  # classes that programs share; each gets a copy of what it uses
BUILD = os.path.join(ROOT, "build", "test")
DEBUG_MODES = [  # name, options: the debug build's ways to break what is not a root or not relocatable
    ("stress", ["--debug=stress"]),
    ("verify", ["--debug=verify"]),
    ("move", ["--debug=move"]),
]
# What the programs' own threads were doing when they were frozen (the class library's wait all the time); the suite wants
# each of them at least once (in --mode freeze).
FROZEN_STATES = ["computing", "clinit", "loadclass", "linking", "monitor", "wait", "sleep", "park", "call"]
# A freeze while the program has a file open refuses, and rightly, and a program may end before it comes to the point; then
# other points are tried, so many times.
REFUSED = re.compile(rb"is not written: .* is open$", re.MULTILINE)
FREEZE_TRIES = 16
FREEZES = 2  # of each program, each at another point; of those that are there to be frozen more
FREEZES_OF_GROUP = {"frozen": 10}
DIFF_LINES = 24
# HotSpot looks at all of the stack when a class is defined: 40 seconds for deep/NestedLoads, minutes on a busy machine.
PEER_TIMEOUT_S = 600


class Program:
    """One program: where its sources are, what it is run with, and its folder of class files."""

    def __init__(self, name, stem, sources, resources=None, main=None):
        self.name = name
        self.main = main or os.path.basename(name)
        self.sources = sources
        self.resources = resources  # the folder whose other files go beside the class files, or None
        self.classes = os.path.join(BUILD, "java", name)
        self.arguments = read_lines(stem + ".args")
        self.options = read_lines(stem + ".opts")
        self.javac = read_lines(stem + ".javac") or read_lines(os.path.join(os.path.dirname(stem), "options.javac"))
        self.slow = os.path.exists(stem + ".slowstdin")
        self.stdin = next((path for path in (stem + ".stdin", stem + ".slowstdin") if os.path.exists(path)), os.devnull)
        self.exact_seed = False
        self.nofreeze = " ".join(read_lines(stem + ".nofreeze"))
        self.slowstress = " ".join(read_lines(stem + ".slowstress"))

    def source_hash(self):
        digest = hashlib.sha256(" ".join(self.javac).encode())
        for path in self.sources + self.resource_files() + files_under(LIBRARY):
            digest.update(path.encode() + b"\0" + read_bytes(path))
        return digest.hexdigest()

    def resource_files(self):
        return [path for path in files_under(self.resources) if not path.endswith(".java")] if self.resources else []

    def run_hash(self, java_version):
        digest = hashlib.sha256(json.dumps([java_version, self.arguments, self.options]).encode())
        for path in files_under(self.classes):
            digest.update(os.path.relpath(path, self.classes).encode() + b"\0" + read_bytes(path))
        digest.update(read_bytes(self.stdin))
        return digest.hexdigest()[:32]

    def open_stdin(self):
        """Standard input as an open file. A freeze and its thaw share it, and so its position."""
        if not self.slow:
            return open(self.stdin, "rb", buffering=0)
        reader, writer = os.pipe()
        threading.Thread(target=feed_slowly, args=(writer, self.stdin), daemon=True).start()
        return os.fdopen(reader, "rb", buffering=0)

    def command(self):
        """What follows `java` on the command line."""
        return self.options + ["-cp", self.classes, self.main] + self.arguments


class Outcome:
    """What a run wrote and how it ended."""

    def __init__(self, status, out, err):
        self.status, self.out, self.err = status, out, err

    def same_as(self, other):
        return (self.status, self.out, self.err) == (other.status, other.out, other.err)


def read_bytes(path):
    with open(path, "rb") as file:
        return file.read()


def read_lines(path):
    if not os.path.exists(path):
        return []
    return [line for line in read_bytes(path).decode().split("\n") if line]


def files_under(folder):
    found = []
    for where, folders, files in os.walk(folder):
        folders.sort()
        found += [os.path.join(where, file) for file in sorted(files)]
    return found


def feed_slowly(writer, path):
    with open(path, "rb") as lines, os.fdopen(writer, "wb", buffering=0) as out:
        for line in lines:
            try:
                out.write(line)
            except BrokenPipeError:
                return
            time.sleep(0.05)


def find_programs():
    programs = []
    for entry in sorted(os.listdir(SOURCES)):
        path = os.path.join(SOURCES, entry)
        if entry.endswith(".java"):
            programs.append(Program(entry[:-5], path[:-5], [path]))
        elif entry.endswith(".same"):
            main = read_lines(path)[0]
            programs.append(Program(entry[:-5], path[:-5], [os.path.join(SOURCES, main + ".java")], main=main))
        elif os.path.isfile(os.path.join(path, entry + ".java")):
            java = [file for file in files_under(path) if file.endswith(".java")]
            programs.append(Program(entry, os.path.join(path, entry), java, path))
        elif os.path.isdir(path) and path != LIBRARY:
            for file in sorted(os.listdir(path)):
                if file.endswith(".java"):
                    source = os.path.join(path, file)
                    programs.append(Program(entry + "/" + file[:-5], source[:-5], [source]))
    return programs


def compile_programs(programs, java):
    """Compiles what changed, all in one process. Returns the names of the programs that do not compile."""
    stamps, lines = {}, []
    for program in programs:
        stamp = os.path.join(BUILD, "stamp", program.name)
        digest = program.source_hash()
        if os.path.exists(stamp) and read_bytes(stamp).decode() == digest:
            continue
        shutil.rmtree(program.classes, ignore_errors=True)
        os.makedirs(program.classes)
        for path in program.resource_files():
            target = os.path.join(program.classes, os.path.relpath(path, program.resources))
            os.makedirs(os.path.dirname(target), exist_ok=True)
            shutil.copyfile(path, target)
        stamps[program.classes] = (stamp, digest, program.name)
        lines.append("\t".join([program.classes, " ".join(["-sourcepath", LIBRARY] + program.javac), " ".join(program.sources)]))
    if not lines:
        return set()
    compiler = os.path.join(ROOT, "test", "run", "CompileAll.java")
    done = subprocess.run([java, "-XX:TieredStopAtLevel=1", compiler], input="\n".join(lines).encode(),
                          stdout=subprocess.PIPE, env=environment())
    for line in done.stdout.decode().splitlines():
        word, _, classes = line.partition(" ")
        if word == "ok":
            stamp, digest, _ = stamps.pop(classes)
            os.makedirs(os.path.dirname(stamp), exist_ok=True)
            with open(stamp, "w") as file:
                file.write(digest)
    return {name for _, _, name in stamps.values()}


def environment():
    """The same for both sides: nothing of the user's that changes what a program prints."""
    kept = {key: value for key, value in os.environ.items()
            if key not in ("JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS", "CLASSPATH")}
    kept.update(TZ="UTC", LANG="C.UTF-8", LC_ALL="C.UTF-8")
    return kept


def run(command, scratch, stdin, timeout):
    """Runs a command in the folder scratch."""
    process = subprocess.Popen(command, cwd=scratch, stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               env=environment(), start_new_session=True)
    try:
        out, err = process.communicate(timeout=timeout)
        return Outcome(process.returncode, out, err)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        out, err = process.communicate()
        return Outcome("timeout after %d s" % timeout, out, err)


def limited(command, options):
    """The same under a C stack that no recursion for guest code survives; in a small address space, if that is asked for."""
    limits = [(letter, kib) for letter, kib in (("s", options.c_stack), ("v", options.address_space << 10)) if kib]
    if not limits:
        return command
    return ["/bin/sh", "-c", "".join("ulimit -S -%s %d && " % limit for limit in limits) + 'exec "$@"', "sh"] + command


def fresh_folder(*names):
    path = os.path.join(BUILD, *names)
    shutil.rmtree(path, ignore_errors=True)
    os.makedirs(path)
    return path


def run_peer(program, options, fresh=False):
    """What the JDK's java does with the program; kept until class files, arguments or the JDK change."""
    cache = os.path.join(BUILD, "peer", program.run_hash(options.java_version) + ".json")
    if not fresh and os.path.exists(cache):
        saved = json.loads(read_bytes(cache))
        return Outcome(saved["status"], base64.b64decode(saved["out"]), base64.b64decode(saved["err"]))
    scratch = fresh_folder("scratch", program.name, "peer")
    with program.open_stdin() as stdin:
        outcome = run([options.java] + program.command(), scratch, stdin, max(options.timeout, PEER_TIMEOUT_S))
    if not fresh and isinstance(outcome.status, int):
        os.makedirs(os.path.dirname(cache), exist_ok=True)
        text = json.dumps({"program": program.name, "status": outcome.status,
                           "out": base64.b64encode(outcome.out).decode(),
                           "err": base64.b64encode(outcome.err).decode()})
        temporary = cache + ".%d.%d" % (os.getpid(), threading.get_ident())
        with open(temporary, "w") as file:
            file.write(text)
        os.replace(temporary, cache)
    return outcome


def run_plain(program, options, extra):
    scratch = fresh_folder("scratch", program.name, "coracle")
    with program.open_stdin() as stdin:
        command = [options.coracle, "java"] + extra + options.coracle_options + program.command()
        return run(limited(command, options), scratch, stdin, options.timeout)


def run_frozen(program, options, seed, extra):
    """Freezes the program at a random freeze point, thaws it, and gives what both wrote, one after the other."""
    scratch = fresh_folder("scratch", program.name, "freeze%d" % seed)
    image = os.path.join(scratch + ".image")
    report = os.path.join(scratch + ".report")
    for path in (image, report):
        if os.path.exists(path):
            os.remove(path)
    command = [options.coracle, "freeze", "-o", image, "--at-random", str(seed), "--report", report, "--"]
    with program.open_stdin() as stdin:
        command += extra + options.coracle_options + program.command()
        first = run(limited(command, options), scratch, stdin, options.timeout)
        if not os.path.exists(image):  # it ended before it came to the point
            return first, None
        second = run(limited([options.thaw_with or options.coracle, image], options), scratch, stdin, options.timeout)
        os.remove(image)
    status = second.status if first.status == 0 else "freeze: %s" % first.status
    lines = read_lines(report)
    states = [line.split()[0] for line in lines if not line.endswith(" of the library")]
    if not lines:
        status = "freeze: the report names no thread"
    return Outcome(status, first.out + second.out, first.err + second.err), states


def seed_for(program, number):
    """Another point for each program; the same one in each run of the tests, unless --exact-seed gave it."""
    return number if program.exact_seed else (zlib.crc32(program.name.encode()) + number * 1000003) % 1000000


def describe_difference(peer, ours):
    lines = []
    if peer.status != ours.status:
        lines.append("  exit status: java %s, coracle %s" % (peer.status, ours.status))
    for what, theirs, mine in (("stdout", peer.out, ours.out), ("stderr", peer.err, ours.err)):
        if theirs != mine:
            diff = list(difflib.unified_diff(show(theirs), show(mine), "java " + what, "coracle " + what, n=2,
                                             lineterm=""))
            lines += ["  " + shorten(line) for line in diff[:DIFF_LINES]]
            if len(diff) > DIFF_LINES:
                lines.append("  ... %d more lines" % (len(diff) - DIFF_LINES))
    return "\n".join(lines)


def show(data):
    lines = data.decode("utf-8", "backslashreplace").split("\n")
    return lines[:-1] if lines[-1] == "" else lines[:-1] + [lines[-1] + "<no newline>"]


def shorten(line):
    return line if len(line) <= 600 else "%s ...[%d more] %08x" % (line[:600], len(line) - 600, zlib.crc32(line.encode()))


class Tally:
    """Counts and prints, as programs end, in whatever order."""

    def __init__(self, options):
        self.lock = threading.Lock()
        self.passed = self.failed = self.skipped = self.known = 0
        self.states = dict.fromkeys(FROZEN_STATES, 0)
        self.ended_early = self.refused = 0
        self.quiet = not options.verbose
        path = os.path.join(ROOT, "test", "run", "expected_failures.txt")
        self.expected = {line.split("#")[0].strip() for line in read_lines(path)} - {""}

    def add(self, name, kind, difference):
        label = name if kind == "plain" else "%s (%s)" % (name, kind)
        with self.lock:
            if difference is None:
                if name in self.expected and kind == "plain":
                    self.failed += 1
                    print("FAIL %s: passes, though test/run/expected_failures.txt names it" % label)
                else:
                    self.passed += 1
                    if not self.quiet:
                        print("ok   %s" % label)
            elif name in self.expected:
                self.known += 1
                print("known failing: %s" % label)
            else:
                self.failed += 1
                print("FAIL %s\n%s" % (label, difference))
            sys.stdout.flush()

    def skip(self, name, why):
        with self.lock:
            self.skipped += 1
            print("skip %s: %s" % (name, why), flush=True)

    def count_missed(self, refused):
        with self.lock:
            self.refused += refused
            self.ended_early += not refused

    def count_states(self, states):
        with self.lock:
            for state in states:
                self.states[state] = self.states.get(state, 0) + 1


def check_program(program, options, tally):
    peer = run_peer(program, options)
    if not isinstance(peer.status, int):
        tally.add(program.name, "peer", "  java: %s" % peer.status)
        return
    runs = [(name, extra) for name, extra in DEBUG_MODES] if options.debug_modes else [("plain", [])]
    for name, extra in runs:
        if name == "stress" and program.slowstress and not options.slow:
            tally.skip(program.name + " (stress)", program.slowstress)
            continue
        if options.mode == "plain":
            ours = run_plain(program, options, extra)
            tally.add(program.name, name, None if ours.same_as(peer) else describe_difference(peer, ours))
            continue
        if program.nofreeze:
            tally.skip(program.name, program.nofreeze)
            continue
        for number in range(options.freezes or FREEZES_OF_GROUP.get(os.path.dirname(program.name), FREEZES)):
            check_frozen(program, options, tally, peer, number, name, extra)


def check_frozen(program, options, tally, peer, number, mode, extra):
    """One freeze, at the first point in a row of random ones that the program comes to."""
    for attempt in range(FREEZE_TRIES):
        seed = seed_for(program, options.seed + number + 1000 * attempt)
        ours, states = run_frozen(program, options, seed, extra)
        refused = states is None and REFUSED.search(ours.err) is not None
        if states is not None or not (refused or ours.same_as(peer)):
            break
        tally.count_missed(refused)
    kind = "freeze, seed %d%s" % (seed, "" if mode == "plain" else ", " + mode)
    difference = None if ours.same_as(peer) else describe_difference(peer, ours)
    if states is not None:
        tally.count_states(states)
    elif difference is None and not program.exact_seed:
        difference = "  it was not frozen at any of %d points" % FREEZE_TRIES
    tally.add(program.name, kind, difference)


def check_stable(program, options, tally):
    """The peer alone, several times: a program whose output changes from run to run is no test."""
    first = run_peer(program, options, fresh=True)
    for _ in range(options.stable - 1):
        again = run_peer(program, options, fresh=True)
        if not again.same_as(first) or not isinstance(again.status, int):
            tally.add(program.name, "stable", describe_difference(first, again) or "  %s" % again.status)
            return
    tally.add(program.name, "stable", None)


def parse_options():
    parser = argparse.ArgumentParser(description="Runs the programs of test/java on Coracle and on java.")
    parser.add_argument("--only", action="append", metavar="PATTERN", help="programs whose name matches (shell pattern)")
    parser.add_argument("--except", action="append", default=[], dest="excepted", metavar="PATTERN", help="but not these")
    parser.add_argument("--sample", type=int, metavar="N", help="every N-th program only")
    parser.add_argument("--coracle", default=os.path.join(ROOT, "build", "coracle"), help="the executable")
    parser.add_argument("--freezes", type=int, metavar="N", help="of each program, each at another point")
    parser.add_argument("--thaw-with", metavar="FILE", help="the executable of another build, for thawing")
    parser.add_argument("--coracle-options", default="", metavar="OPTIONS", help="before the program's own options")
    parser.add_argument("--java", help="the peer (default: JAVA_HOME's, else Debian's 17, else the PATH's)")
    parser.add_argument("--mode", choices=("plain", "freeze"), default="plain")
    parser.add_argument("--seed", type=int, default=1, help="of the random freeze points")
    parser.add_argument("--exact-seed", type=int, metavar="SEED", help="one freeze, with the seed that a failure named")
    parser.add_argument("--debug-modes", action="store_true", help="each program in each mode of the debug build")
    parser.add_argument("--slow", action="store_true", help="what takes many minutes in a debug mode, too")
    parser.add_argument("--stable", type=int, metavar="N", help="run the peer alone N times; outputs must be equal")
    parser.add_argument("--timeout", type=int, default=120, metavar="SECONDS")
    parser.add_argument("--c-stack", type=int, default=256, metavar="KIB", help="the C stack of coracle; 0: leave it")
    parser.add_argument("--address-space", type=int, default=0, metavar="MB", help="of coracle; 0: leave it")
    parser.add_argument("-j", type=int, default=2, dest="jobs")
    parser.add_argument("-v", "--verbose", action="store_true", help="name the programs that pass, too")
    options = parser.parse_args()
    options.coracle_options = options.coracle_options.split()
    options.coracle = os.path.abspath(options.coracle)
    options.thaw_with = options.thaw_with and os.path.abspath(options.thaw_with)
    options.java = options.java or find_java()
    options.java_version = subprocess.run([options.java, "-version"], stderr=subprocess.PIPE,
                                          env=environment()).stderr.decode()
    return options


def find_java():
    homes = [os.environ.get("JAVA_HOME", ""), "/usr/lib/jvm/java-17-openjdk-amd64", "/usr/lib/jvm/java-17-openjdk-arm64"]
    for home in homes:
        if home and os.access(os.path.join(home, "bin", "java"), os.X_OK):
            return os.path.join(home, "bin", "java")
    return shutil.which("java") or sys.exit("programs: no java: install openjdk-17-jdk-headless or set JAVA_HOME")


def main():
    options = parse_options()
    programs = find_programs()
    if options.exact_seed is not None:
        options.mode, options.seed = "freeze", options.exact_seed
        FREEZES_OF_GROUP.clear()
        globals().update(FREEZES=1, FREEZE_TRIES=1)
        for program in programs:
            program.exact_seed = True
    if options.only:
        programs = [program for program in programs
                    if any(fnmatch.fnmatchcase(program.name, pattern) for pattern in options.only)]
    programs = [program for program in programs
                if not any(fnmatch.fnmatchcase(program.name, pattern) for pattern in options.excepted)]
    programs = programs[::options.sample or 1]
    if not programs:
        sys.exit("programs: no program matches")
    tally = Tally(options)
    broken = compile_programs(programs, options.java)
    for name in sorted(broken):
        tally.add(name, "javac", "  it does not compile")
    programs = [program for program in programs if program.name not in broken]
    if not options.stable and not os.access(options.coracle, os.X_OK):
        sys.exit("programs: %s is not there: run make first" % options.coracle)
    check = check_stable if options.stable else check_program
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for done in [pool.submit(check, program, options, tally) for program in programs]:
            done.result()
    missing = []
    if options.mode == "freeze" and not options.stable:
        print("frozen threads: " + ", ".join("%s %d" % item for item in tally.states.items())
              + "; ended before the freeze point: %d; refused for an open file: %d" % (tally.ended_early, tally.refused))
        if not options.only and not options.sample:
            missing = [state for state in FROZEN_STATES if tally.states[state] == 0]
            for state in missing:
                print("FAIL no thread was frozen in the state: %s" % state)
    print("programs: %d passed, %d failed, %d skipped%s" % (
        tally.passed, tally.failed, tally.skipped, ", %d known failing" % tally.known if tally.known else ""))
    sys.exit(1 if tally.failed or missing else 0)


main()
