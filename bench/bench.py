#!/usr/bin/env python3
"""Measures Coracle beside its peers, each in turn, and prints the README's tables in Markdown.

Everything runs through launch.c. Times are the wall clock's (--cpu: processor time) of whole processes, from before the
process is made to its end, so a machine's start and the work of its compilers count; the second mean takes each machine's
own Hello, world off again. A round runs every program once on every machine, in an order that changes from round to
round; what is shown is the median over the rounds. Memory is the peak of the resident pages, in runs of its own.

The programs of bench/java print a checksum, which must be the same everywhere. Writes build/bench.json. Nothing here is
a test: the exit status is 1 only if a program fails or differs.
"""
import argparse
import collections
import fnmatch
import glob
import json
import math
import os
import re
import shutil
import statistics
import subprocess
import sys
import zipfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, "test", "run"))
import tomcat  # noqa: E402
import tools  # noqa: E402

BENCH = os.path.join(ROOT, "bench")
BUILD = os.path.join(ROOT, "build", "bench")
ABOUT = {"Dispatch": "virtual and interface calls", "Fib": "recursive calls", "Mandelbrot": "doubles", "Maps": "hash maps",
         "Matrix": "nested loops", "Nbody": "doubles", "Sieve": "arrays", "Throws": "exceptions", "Trees": "allocation",
         "Words64": "64-bit arithmetic"}
ALLOCATING = ["Trees", "Maps", "Strings", "Sort"]
XINT = ["-Xint", "-XX:StackShadowPages=10"]

Run = collections.namedtuple("Run", "seconds first processor megabytes status output")


def machines(options):
    """Name, heading and command of each machine; the first is what ratios are of."""
    java = options.java
    found = [("coracle", "Coracle", [options.coracle, "java"]),
             ("xint", "java -Xint", [java] + XINT),
             ("c1", "C1", [java, "-XX:TieredStopAtLevel=1"]),
             ("c2", "C2", [java])]
    return found if options.has_coracle else found[1:]


def run(command, read=True, folder=None):
    """Runs a command, which may begin with LANG=..., in a folder; seconds until its end and, if that is measured, until its
    first output, of processor time, peak of resident memory; its output, or how long that is."""
    return run_in_a_row(1, command, read, folder)[0]


def run_in_a_row(times, command, read=True, folder=None, first=False):
    """The same, several times; the output of all is the last one's."""
    report, output = os.path.join(BUILD, "report"), os.path.join(BUILD, "output")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LC_")}
    environment["LANG"] = "C.UTF-8"
    if command[0].startswith("LANG="):
        environment["LANG"], command = command[0][5:], command[1:]
    subprocess.run([os.path.join(BUILD, "launch")] + ["-f"] * first + [report, output, str(times)] + command, check=True, cwd=folder, env=environment)
    text = os.path.getsize(output)
    if read:
        with open(output, "rb") as file:
            text = file.read().decode("utf-8", "replace")
    with open(report) as file:
        numbers = [map(int, line.split()) for line in file]
    return [Run(total / 1e9, first / 1e9, processor / 1e6, kilobytes / 1024, status, text) for status, total, first, processor, kilobytes in numbers]


def compile_launcher():
    os.makedirs(BUILD, exist_ok=True)
    subprocess.run([os.environ.get("CC", "cc"), "-O2", "-o", os.path.join(BUILD, "launch"), os.path.join(BENCH, "launch.c")], check=True)


def compile_programs(options):
    sources = sorted(glob.glob(os.path.join(BENCH, "java", "*.java")))
    subprocess.run([options.javac, "-nowarn", "-d", BUILD] + sources + [os.path.join(BENCH, "Hello.java")], check=True)
    with zipfile.ZipFile(os.path.join(BUILD, "hello.jar"), "w", zipfile.ZIP_DEFLATED) as jar:
        jar.writestr("META-INF/MANIFEST.MF", "Main-Class: Hello\n")
        jar.write(os.path.join(BUILD, "Hello.class"), "Hello.class")
    names = [os.path.basename(source)[:-5] for source in sources]
    return [name for name in names if not options.only or any(fnmatch.fnmatchcase(name, one) for one in options.only)]


def rotated(items, number):
    number %= len(items)
    return items[number:] + items[:number]


def measure(programs, machine_list, options, problems, after_round=lambda: None):
    """Medians by program and machine; None where a program fails."""
    times = {program: {name: [] for name, _, _ in machine_list} for program in programs}
    checksums = {}
    for number in range(options.rounds):
        for place, program in enumerate(programs):
            for name, _, command in rotated(machine_list, number + place):
                if times[program][name] is None:
                    continue
                one = run(command + ["-cp", BUILD, program])
                if one.status == 0 and name != "coracle":
                    checksums.setdefault(program, one.output)
                if one.status != 0 or one.output != checksums.get(program, one.output):
                    problems.append("%s on %s: status %d, output %r" % (program, name, one.status, one.output[:200]))
                    times[program][name] = None
                else:
                    times[program][name].append(one.processor if options.cpu else one.seconds)
            print(".", end="", file=sys.stderr, flush=True)
        after_round()
    print(file=sys.stderr)
    return {program: {name: statistics.median(values) if values else None for name, values in by_machine.items()}
            for program, by_machine in times.items()}


def geometric_mean(values):
    return math.exp(sum(map(math.log, values)) / len(values)) if values else None


def show(value, form="%.2f"):
    return form % value if value is not None else "-"


def ratios(medians, peer, starts=None):
    """Of the programs that ran on both; with the starts of the machines, these are taken off."""
    off = (starts[peer], starts["coracle"]) if starts else (0, 0)
    return {program: (row[peer] - off[0]) / (row["coracle"] - off[1])
            for program, row in medians.items() if (row[peer] or 0) > off[0] and (row["coracle"] or 0) > off[1]}


def print_programs(medians, machine_list, starts, results):
    results["programs"] = medians
    if machine_list[0][0] != "coracle":
        for program, row in medians.items():
            print("%-12s %s" % (program, " ".join("%s %s" % (name, show(row[name])) for name, _, _ in machine_list)))
        return
    peers = machine_list[1:]
    by_peer = {name: ratios(medians, name) for name, _, _ in peers}
    print("\n| Program | Coracle (s) | " + " | ".join(heading.replace("java ", "") + " / Coracle" for _, heading, _ in peers) + " |")
    print("|---|---:|" + "---:|" * len(peers))
    for program, row in medians.items():
        name = "%s (%s)" % (program, ABOUT[program]) if program in ABOUT else program
        cells = [show(row["coracle"])] + [show(by_peer[peer].get(program)) for peer, _, _ in peers]
        print("| %s | %s |" % (name, " | ".join(cells)))
    means = {peer: geometric_mean(list(by_peer[peer].values())) for peer, _, _ in peers}
    print("| geometric mean | | %s |" % " | ".join("**%s**" % show(means[peer]) for peer, _, _ in peers))
    without = {peer: geometric_mean(list(ratios(medians, peer, starts).values())) for peer, _, _ in peers if starts}
    if starts:
        print("| geometric mean, each machine's start taken off | | %s |" % " | ".join(show(without[peer]) for peer, _, _ in peers))
    results.update(geometric_mean_of_ratios=means, geometric_mean_without_start=without, ratios=by_peer,
                   slowest_ratio_to_xint=min(by_peer["xint"].values(), default=None))


# ---- the second table: rows of a name and what was measured ----

def add(rows, name, text):
    rows.append((name, text))


def repeat(ways, count, expected, problems, in_a_row=1, first=False):
    """Runs each way count times, in turn: its Runs by name, without those that fail. in_a_row: so many together, as lists.
    first: the first output is measured."""
    samples = {name: [] for name, _ in ways}
    for number in range(count):
        for name, command in rotated(ways, number):
            runs = run_in_a_row(in_a_row, command, first=first)
            wrong = [one for one in runs if one.status != 0 or (expected is not None and one.output != expected)]
            if wrong:
                problems.append("%s: status %d, output %r" % (name, wrong[0].status, wrong[0].output[:200]))
            else:
                samples[name].append(runs if in_a_row > 1 else runs[0])
    return samples


def median_of(runs, field, factor=1):
    return statistics.median(getattr(one, field) for one in runs) * factor if runs else None


STARTS_IN_A_ROW = 20


class Starts:
    """Hello, world: time from before the process is made to its end, after another program and started again and again; Cuis:
    to the first line of a script, on each processor, since it has no peer beside it to tell how fast that is just then. A part of
    them is taken before the programs, one after each round of these: a host's speed changes from minute to minute. Memory is
    measured in other runs."""

    def __init__(self, options, problems):
        hello = ["-cp", BUILD, "Hello"]
        self.options, self.problems, self.variants = options, problems, []
        self.ways = [("nothing", ["/bin/true"]), ("c2", [options.java] + hello), ("xint", [options.java] + XINT + hello),
                     ("c1", [options.java, "-XX:TieredStopAtLevel=1"] + hello)]
        if options.has_coracle:
            self.variants = [("locale", ["LANG=C", options.coracle, "java"] + hello),
                             ("jar", [options.coracle, "java", "-jar", os.path.join(BUILD, "hello.jar")])]
            self.ways = [("coracle", [options.coracle, "java"] + hello), ("boot", [options.coracle, "java", "-Xshare:off"] + hello)] + self.ways
        images = glob.glob(os.path.join(os.environ.get("CORACLE_IMAGES", ""), "cuis64", "*.image"))
        self.cuis = [options.coracle, images[0], "-s"] if images and options.has_coracle else None
        self.cuis_way = [("Cuis", self.cuis + [cuis_script("first.st", "'ready'")])] if self.cuis else []
        self.times, self.again, self.cuis_times = {}, {}, {}

    def take(self):
        count = -(-self.options.starts // (1 + self.options.rounds))
        in_a_row = [(name, command) for name, command in self.ways if name in ("nothing", "c2", "coracle")] + self.variants
        # Once without being counted: a host may have dropped from memory what was not read since the part before.
        repeat(self.cuis_way + self.ways, 1, None, self.problems)
        if self.cuis:
            self.take_cuis(count)
        parts = [(self.times, repeat(self.ways, count, None, self.problems)),
                 (self.again, {name: [one for runs in together for one in runs[1:]] for name, together in
                               repeat(in_a_row, max(count // 3, 1), None, self.problems, STARTS_IN_A_ROW).items()})]
        for samples, part in parts:
            for name, runs in part.items():
                samples.setdefault(name, []).extend(runs)

    def take_cuis(self, count):
        processors = os.sched_getaffinity(0)
        for processor in sorted(processors):
            os.sched_setaffinity(0, {processor})
            self.cuis_times.setdefault(processor, []).extend(repeat(self.cuis_way, count, "ready\n", self.problems, first=True)["Cuis"])
        os.sched_setaffinity(0, processors)

    def finish(self, results):
        memory = repeat(self.ways + self.variants, 5, None, self.problems)
        for name, runs in list(self.times.items()) + list(memory.items()) + list(self.again.items()):
            if name != "nothing" and any(one.output != "Hello, world\n" for one in runs):
                self.problems.append("%s: output %r" % (name, runs[0].output[:200]))
        field = "processor" if self.options.cpu else "seconds"
        results["start"] = {name: {"ms": median_of(self.times.get(name), field, 1000), "again_ms": median_of(self.again.get(name), field, 1000),
                                   "least_ms": min((getattr(one, field) * 1000 for one in self.times.get(name, []) + self.again.get(name, [])), default=None),
                                   "mb": median_of(memory[name], "megabytes")} for name, _ in self.ways + self.variants}
        return results["start"]


def start_rows(rows, start, options):
    if not options.has_coracle:
        return
    for heading, field in (("started again and again", "again_ms"), ("after another program", "ms")):
        add(rows, "Hello, world from java.image, " + heading, "%s ms (`java`: %s ms, `/bin/true`: %s ms)" % tuple(
            show(start[name][field], "%.1f") for name in ("coracle", "c2", "nothing")))
    add(rows, "the same, again and again, in locale C; from a jar", "%s ms; %s ms" % tuple(show(start[name]["again_ms"], "%.1f") for name in ("locale", "jar")))
    add(rows, "its resident memory", "%s MB; in locale C %s MB, from a jar %s MB (`java`: %s MB)" % (
        *(show(start[name]["mb"], "%.1f") for name in ("coracle", "locale", "jar")), show(start["c2"]["mb"], "%.0f")))
    add(rows, "Hello, world, booting from the classes", "%s ms, %s MB resident" % (show(start["boot"]["ms"], "%.0f"), show(start["boot"]["mb"], "%.1f")))


def longest_pause(command, problems):
    one = run(command)
    pauses = [float(number) for number in re.findall(r"([0-9.]+) ?ms\b", one.output)]
    if one.status != 0:
        problems.append("%s: status %d" % (" ".join(command), one.status))
    return max(pauses, default=None) # none: the heap was large enough


def allocation_rows(rows, programs, options, results, problems):
    """Allocation beside the Serial collector, and the longest pause that -Xlog:gc tells, in runs of its own."""
    chosen = [program for program in ALLOCATING if program in programs]
    if not chosen or not options.has_coracle:
        return
    pair = [("coracle", "Coracle", [options.coracle, "java"]),
            ("serial", "java -Xint, Serial", [options.java] + XINT + ["-XX:+UseSerialGC"])]
    medians = measure(chosen, pair, options, problems)
    pauses = {program: {name: longest_pause(command + ["-Xlog:gc", "-cp", BUILD, program], problems) for name, _, command in pair}
              for program in chosen}
    faster = ratios(medians, "serial")
    results["allocation"] = {program: dict(medians[program], ratio=faster.get(program), pause_ms=pauses[program]) for program in chosen}
    add(rows, "allocation benchmarks against `-XX:+UseSerialGC -Xint`",
        ", ".join("%s %s" % (program, show(faster.get(program))) for program in chosen) + " times as fast")
    longest = {name: max((pauses[program][name] for program in chosen if pauses[program][name]), default=None) for name, _, _ in pair}
    add(rows, "longest pause of the allocation benchmarks", "%s ms (Serial: %s ms)" % (show(longest["coracle"], "%.1f"), show(longest["serial"], "%.1f")))


def size_rows(rows, options, results):
    if not options.has_coracle:
        return
    stripped = os.path.join(BUILD, "coracle.stripped")
    subprocess.run(["strip", "-o", stripped, options.coracle], check=True)
    sizes = {"executable": os.path.getsize(stripped)}
    for where, _, files in os.walk(os.path.dirname(options.coracle)):
        if "java.image" in files and "java.image" not in sizes:
            sizes["java.image"] = os.path.getsize(os.path.join(where, "java.image"))
    add(rows, "executable, stripped; java.image", "%.2f MB; %s MB" % (sizes["executable"] / 1e6, show(sizes.get("java.image", 0) / 1e6, "%.1f")))
    results["sizes"] = sizes


CUIS_SCRIPT = """| s |
s := StdIOWriteStream stdout.
s nextPutAll: %s; newLine; flush.
Smalltalk quitPrimitive
"""


def cuis_script(name, expression):
    path = os.path.join(BUILD, name)
    with open(path, "w") as file:
        file.write(CUIS_SCRIPT % expression)
    return path


def cuis_rows(rows, taken, options, results, problems):
    """Cuis: from before the process is made to the script's first byte of output; memory and tinyBenchmarks apart."""
    if not options.has_coracle:
        return
    if taken.cuis is None:
        print("\nSkipped: Cuis (no image in $CORACLE_IMAGES/cuis64)")
        return
    memory = repeat(taken.cuis_way, 5, "ready\n", problems)["Cuis"]
    tiny = repeat([("0 tinyBenchmarks", taken.cuis + [cuis_script("tiny.st", "0 tinyBenchmarks")])], options.rounds, None, problems)
    numbers = [[float(text.replace(",", "")) for text in re.findall(r"[0-9][0-9,]*", one.output)[:2]] for one in tiny["0 tinyBenchmarks"]]
    on_each = sorted(median_of(runs, "first", 1000) for runs in taken.cuis_times.values() if runs)
    found = {"first_line_ms": on_each, "mb": median_of(memory, "megabytes")}
    for place, name in enumerate(["bytecodes_a_second", "sends_a_second"]):
        found[name] = statistics.median(pair[place] for pair in numbers if len(pair) == 2) if numbers else None
    results["cuis"] = found
    add(rows, "Cuis 5.0, start to the script's first line", "%s ms on the host's processors, %s MB resident" % (
        " and ".join("%.1f" % one for one in on_each) or "-", show(found["mb"], "%.1f")))
    if numbers:
        add(rows, "Cuis 5.0, `0 tinyBenchmarks`", "{:,.0f} million bytecodes and {:,.0f} million sends a second".format(
            found["bytecodes_a_second"] / 1e6, found["sends_a_second"] / 1e6))


def library_classes(tools):
    """The names of all classes of java.base."""
    listing = subprocess.run([os.path.join(tools, "jimage"), "list", "--include", r"regex:/java.base/.*\.class",
                              os.path.join(os.path.dirname(tools), "lib", "modules")], stdout=subprocess.PIPE, text=True, check=True).stdout
    names, package = [], ""
    for line in map(str.strip, listing.splitlines()):
        if line.startswith("Package:"):
            package = line[8:].strip() + "."
        elif line.endswith(".class"):
            names.append(line[:-6] if "/" in line else package + line[:-6])
    return names


def javap_rows(rows, options, results, problems):
    """Every class of java.base with -v -p, into a file, by one process each."""
    if not options.has_coracle:
        return
    tools = os.path.dirname(os.path.realpath(options.java))
    names = library_classes(tools)
    words = ["-v", "-p", "--module", "java.base"] + names
    samples = {"java": [], "coracle": []}
    for _ in range(options.rounds):
        for name, command in (("java", [os.path.join(tools, "javap")]), ("coracle", [options.coracle, "javap"])):
            one = run(command + words, read=False)
            if one.status != 0 or one.output < 1e8:
                problems.append("javap on %s: status %d, %d bytes" % (name, one.status, one.output))
                return
            samples[name].append(one)
    os.remove(os.path.join(BUILD, "output"))
    field = "processor" if options.cpu else "seconds"
    theirs, ours = (median_of(samples[name], field) for name in ("java", "coracle"))
    results["javap"] = {"classes": len(names), "coracle": ours, "java": theirs, "ratio": theirs / ours,
                        "mb": {name: median_of(samples[name], "megabytes") for name in samples}}
    add(rows, "`javap -v -p` of the %d classes of java.base" % len(names), "%s s, %s MB (the JDK's: %s s, %s MB): %s times as fast" % (
        show(ours), show(results["javap"]["mb"]["coracle"], "%.0f"), show(theirs, "%.1f"), show(results["javap"]["mb"]["java"], "%.0f"), show(theirs / ours, "%.0f")))


def print_tools(options, results, problems):
    """Java tools as they are installed: what a user waits for, and what the processor does."""
    found = [tool for tool in tools.tools() if tools.is_there(tool)] if options.has_coracle else []
    if not found:
        return
    print("\n| Tool | Coracle (s) | java (s) | java / Coracle | processor time: java / Coracle | Coracle (MB) | java (MB) |\n|---|---:|---:|---:|---:|---:|---:|")
    results["tools"] = {}
    for tool in found:
        folder = os.path.join(BUILD, "tools")
        samples = {"coracle": [], "java": []}
        for _ in range(options.rounds):
            for name, machine in (("java", [options.java]), ("coracle", [options.coracle, "java"])):
                tools.prepare(folder)
                samples[name].append(run(machine + tool.words, folder=folder))
        if len({one.status for runs in samples.values() for one in runs}) != 1:
            problems.append("%s: exit status %s" % (tool.name, {name: [one.status for one in runs] for name, runs in samples.items()}))
            continue
        own, peer = ({field: median_of(samples[name], field) for field in ("seconds", "processor", "megabytes")} for name in ("coracle", "java"))
        results["tools"][tool.name] = {"coracle": own, "java": peer}
        print("| %s: %s | %.2f | %.2f | %.2f | %.2f | %.0f | %.0f |" % (
            tool.name, tool.about, own["seconds"], peer["seconds"], peer["seconds"] / own["seconds"],
            peer["processor"] / own["processor"], own["megabytes"], peer["megabytes"]))


def tomcat_rows(rows, options, results, problems):
    """From the start of a server to its first answer; the frozen one has its applications deployed."""
    if not tomcat.is_there() or not options.has_coracle:
        return
    folder, image, port = os.path.join(BUILD, "tomcat"), os.path.join(BUILD, "tomcat.image"), tomcat.free_port()
    tomcat.prepare(folder, port)
    tomcat.freeze(options.coracle, folder, image)
    ways = [("coracle", [options.coracle, "java"] + tomcat.words(folder)), ("java", [options.java] + tomcat.words(folder)),
            ("thawed", [options.coracle, image]), ("trusted", [options.coracle, image, "--trust-image"])]
    samples = {name: [] for name, _ in ways}
    for number in range(options.rounds):
        for name, command in rotated(ways, number):
            try:
                with tomcat.served(command, port, os.path.join(BUILD, "output")) as seconds:
                    samples[name].append(seconds)
            except RuntimeError as error:
                problems.append("tomcat: %s" % error)
                return
    results["tomcat"] = {name: statistics.median(found) for name, found in samples.items()}
    add(rows, "Tomcat 10, to its first answer", "%(coracle).2f s (`java`: %(java).2f s)" % results["tomcat"])
    add(rows, "Tomcat 10 frozen when it is about to listen, to its first answer", "%.0f ms; %.0f ms with `--trust-image`; the image has %.0f MB" % (
        results["tomcat"]["thawed"] * 1000, results["tomcat"]["trusted"] * 1000, os.path.getsize(image) / 1e6))


def print_rows(rows):
    print("\n| | measured |\n|---|---:|")
    for name, text in rows:
        print("| %s | %s |" % (name, text))


def describe_host(options):
    model = "unknown processor"
    with open("/proc/cpuinfo") as file:
        for line in file:
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    version = subprocess.run([options.java, "-version"], stderr=subprocess.PIPE).stderr.decode().splitlines()
    return {"processor": model, "processors": os.cpu_count(), "load": os.getloadavg()[0], "java": version[1] if len(version) > 1 else ""}


def parse_options():
    parser = argparse.ArgumentParser(description="Measures Coracle beside its peers.")
    parser.add_argument("--rounds", type=int, default=5, help="runs of each program on each machine (5)")
    parser.add_argument("--starts", type=int, default=20, help="starts of Hello, world on each machine, and of Cuis (20)")
    parser.add_argument("--cpu", action="store_true", help="processor time instead of the wall clock's, for a busy host")
    parser.add_argument("--only", action="append", metavar="PATTERN", help="programs whose name matches")
    parser.add_argument("--coracle", default=os.path.join(ROOT, "build", "coracle"))
    parser.add_argument("--java", help="the peer (default: JAVA_HOME's, Debian's 17, or the PATH's)")
    options = parser.parse_args()
    homes = [os.environ.get("JAVA_HOME") or "", "/usr/lib/jvm/java-17-openjdk-amd64", "/usr/lib/jvm/java-17-openjdk-arm64"]
    found = [os.path.join(home, "bin", "java") for home in homes if home and os.path.exists(os.path.join(home, "bin", "java"))]
    options.java = options.java or (found + [shutil.which("java")])[0] or sys.exit("bench: no java")
    options.javac = os.path.join(os.path.dirname(os.path.realpath(options.java)), "javac")
    options.coracle = os.path.abspath(options.coracle)
    options.has_coracle = os.access(options.coracle, os.X_OK)
    if not options.has_coracle:
        print("bench: %s is not there: measuring the peers only" % options.coracle, file=sys.stderr)
    return options


def main():
    options = parse_options()
    problems, rows = [], []
    results = {"host": describe_host(options), "rounds": options.rounds, "measure": "cpu" if options.cpu else "wall"}
    compile_launcher()
    programs = compile_programs(options)
    print("%(processor)s, %(processors)d processors, load %(load).1f; %(java)s" % results["host"])
    print("%s of whole processes, medians of %d rounds; ratios above 1: Coracle is faster." % (
        "Processor time" if options.cpu else "Time", options.rounds))
    taken = Starts(options, problems)
    taken.take()
    medians = measure(programs, machines(options), options, problems, taken.take)
    start = taken.finish(results)
    start_rows(rows, start, options)
    starts = {name: start[name]["ms"] / 1000 for name, _, _ in machines(options) if start[name]["ms"]}
    print_programs(medians, machines(options), starts if len(starts) == len(machines(options)) else None, results)
    allocation_rows(rows, programs, options, results, problems)
    size_rows(rows, options, results)
    cuis_rows(rows, taken, options, results, problems)
    javap_rows(rows, options, results, problems)
    tomcat_rows(rows, options, results, problems)
    print_rows(rows)
    print_tools(options, results, problems)
    results["problems"] = problems
    with open(os.path.join(ROOT, "build", "bench.json"), "w") as file:
        json.dump(results, file, indent=1)
    for problem in problems:
        print("\nFAILED: " + problem)
    sys.exit(1 if problems else 0)


main()
