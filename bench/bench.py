#!/usr/bin/env python3
"""Measures Coracle beside its peers, each in turn, and prints tables in Markdown.

The programs of bench/java print a checksum, which must be the same everywhere. A round runs each program once on every
machine, in an order that changes from round to round; times are the wall clock's, of the whole process, medians over the
rounds. Writes build/bench.json. Nothing here is a test: the exit status is 1 only if a program fails or differs.
"""
import argparse
import fnmatch
import json
import math
import os
import re
import shutil
import statistics
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BUILD = os.path.join(ROOT, "build", "bench")
ALLOCATING = ["Trees", "Maps", "Strings", "Sort"]
JAVAP_RATIO = 20
START_LIMIT_MS, START_LIMIT_MB, BOOT_LIMIT_MS, IMAGE_LIMIT_MB, EXECUTABLE_LIMIT_MB = 5, 10, 150, 20, 1


def machines(options):
    """Name, heading and command of each machine; the first is what ratios are of."""
    java = options.java
    found = [("coracle", "Coracle", [options.coracle, "java"]),
             ("xint", "java -Xint", [java, "-Xint", "-XX:StackShadowPages=10"]),
             ("c1", "C1", [java, "-XX:TieredStopAtLevel=1"]),
             ("c2", "C2", [java])]
    return found if options.has_coracle else found[1:]


def run(command):
    """Runs a command; gives seconds, seconds of processor time, peak resident KB, exit status and output."""
    read, write = os.pipe()
    begin = time.perf_counter()
    process = subprocess.Popen(command, stdout=write, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
    os.close(write)
    chunks = []
    while chunk := os.read(read, 65536):
        chunks.append(chunk)
    os.close(read)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - begin
    process.returncode = os.waitstatus_to_exitcode(status)
    return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss, process.returncode, b"".join(chunks).decode("utf-8", "replace")


def compile_programs(options):
    sources = sorted(os.path.join(ROOT, "bench", "java", name) for name in os.listdir(os.path.join(ROOT, "bench", "java")))
    os.makedirs(BUILD, exist_ok=True)
    subprocess.run([options.javac, "-nowarn", "-d", BUILD] + sources + [os.path.join(ROOT, "bench", "Hello.java")], check=True)
    names = [os.path.basename(source)[:-5] for source in sources]
    return [name for name in names if not options.only or any(fnmatch.fnmatchcase(name, one) for one in options.only)]


def measure(programs, machine_list, options, problems):
    """times[program][machine] = list of seconds; None where a program fails."""
    times = {program: {name: [] for name, _, _ in machine_list} for program in programs}
    for program in programs:
        checksum = None
        for number in range(options.rounds):
            order = machine_list[number % len(machine_list):] + machine_list[:number % len(machine_list)]
            for name, _, command in order:
                if times[program][name] is None:
                    continue
                seconds, processor, _, status, output = run(command + ["-cp", BUILD, program])
                if checksum is None and status == 0 and name != "coracle":
                    checksum = output
                if status != 0 or (checksum is not None and output != checksum):
                    problems.append("%s on %s: status %d, output %r" % (program, name, status, output[:200]))
                    times[program][name] = None
                else:
                    times[program][name].append(processor if options.cpu else seconds)
            print(".", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return {program: {name: statistics.median(values) if values else None for name, values in by_machine.items()}
            for program, by_machine in times.items()}


def geometric_mean(values):
    return math.exp(sum(map(math.log, values)) / len(values)) if values else None


def show(value, form="%.2f"):
    return form % value if value is not None else "-"


def print_programs(medians, machine_list, results):
    peers = [(name, heading) for name, heading, _ in machine_list if name != "coracle"]
    has_coracle = len(peers) < len(machine_list)
    headings = [heading + " (s)" for _, heading, _ in machine_list]
    if has_coracle:
        headings += [heading + " / Coracle" for _, heading in peers]
    print("\n| Program | " + " | ".join(headings) + " |")
    print("|---|" + "---:|" * len(headings))
    ratios = {name: [] for name, _ in peers}
    for program, by_machine in medians.items():
        cells = [show(by_machine[name]) for name, _, _ in machine_list]
        for name, _ in peers if has_coracle else []:
            both = by_machine["coracle"] and by_machine[name]
            ratio = by_machine[name] / by_machine["coracle"] if both else None
            if ratio:
                ratios[name].append(ratio)
            cells.append(show(ratio))
        print("| %s | %s |" % (program, " | ".join(cells)))
    if has_coracle:
        means = {name: geometric_mean(values) for name, values in ratios.items()}
        cells = [""] * len(machine_list) + ["**%s**" % show(means[name]) for name, _ in peers]
        print("| geometric mean | %s |" % " | ".join(cells))
        results["geometric_mean_of_ratios"] = means
        results["slowest_ratio_to_xint"] = min(ratios["xint"], default=None)
    results["programs"] = medians


def print_allocation(programs, options, results, problems):
    """Allocation beside the Serial collector, and the longest pause that -Xlog:gc reports."""
    chosen = [program for program in ALLOCATING if program in programs]
    if not chosen or not options.has_coracle:
        return
    pair = [("coracle", "Coracle", [options.coracle, "java"]),
            ("serial", "java -Xint, Serial", [options.java, "-Xint", "-XX:StackShadowPages=10", "-XX:+UseSerialGC"])]
    medians = measure(chosen, pair, options, problems)
    print("\n| Allocation | Coracle (s) | java -XX:+UseSerialGC -Xint (s) | ratio | longest pause (ms) | Serial's (ms) |")
    print("|---|---:|---:|---:|---:|---:|")
    rows = {}
    for program, by_machine in medians.items():
        pauses = [longest_pause(command + ["-Xlog:gc", "-cp", BUILD, program]) for _, _, command in pair]
        ours, theirs = by_machine["coracle"], by_machine["serial"]
        print("| %s | %s | %s | %s | %s | %s |" % (program, show(ours), show(theirs), show(theirs / ours if ours and theirs else None),
                                                   show(pauses[0]), show(pauses[1])))
        rows[program] = {"coracle": ours, "serial": theirs, "coracle_pause_ms": pauses[0], "serial_pause_ms": pauses[1]}
    results["allocation"] = rows


def longest_pause(command):
    pauses = [float(number) for number in re.findall(r"([0-9.]+) ?ms\b", run(command)[4])]
    return max(pauses, default=None)


def print_start(options, results, problems):
    """Hello, world: time from exec to the end, and the peak of resident memory."""
    ways = [("java", "java", [options.java]), ("java -Xshare:off", "java -Xshare:off", [options.java, "-Xshare:off"]),
            ("java -Xint", "java -Xint", [options.java, "-Xint"])]
    if options.has_coracle:
        ways = [("image", "Coracle, from java.image", [options.coracle, "java"]),
                ("boot", "Coracle -Xshare:off", [options.coracle, "java", "-Xshare:off"])] + ways
    samples = {name: [] for name, _, _ in ways}
    for _ in range(options.starts):
        for name, _, command in ways:
            seconds, _, kilobytes, status, output = run(command + ["-cp", BUILD, "Hello"])
            if status != 0 or output != "Hello, world\n":
                problems.append("Hello on %s: status %d, output %r" % (name, status, output[:200]))
            else:
                samples[name].append((seconds * 1000, kilobytes / 1024))
    print("\n| Hello, world | ms (median) | ms (least) | resident MB |")
    print("|---|---:|---:|---:|")
    results["start"] = {}
    for name, heading, _ in ways:
        if not samples[name]:
            print("| %s | - | - | - |" % heading)
            continue
        times = [ms for ms, _ in samples[name]]
        row = {"ms": statistics.median(times), "least_ms": min(times), "mb": statistics.median(mb for _, mb in samples[name])}
        results["start"][name] = row
        print("| %s | %.1f | %.1f | %.1f |" % (heading, row["ms"], row["least_ms"], row["mb"]))
    if options.has_coracle:
        print("\nWanted: from the image at most %d ms and %d MB, from the classes at most %d ms." % (
            JAVAP_RATIO = 20
START_LIMIT_MS, START_LIMIT_MB, BOOT_LIMIT_MS))


def print_javap(options, results, problems):
    """Every class of java.base with -v -p, into a file, by one process each."""
    if not options.has_coracle:
        return
    tools = os.path.dirname(os.path.realpath(options.java))
    listing = subprocess.run([os.path.join(tools, "jimage"), "list", "--include", r"regex:/java.base/.*\.class",
                              os.path.join(os.path.dirname(tools), "lib", "modules")], stdout=subprocess.PIPE, text=True, check=True).stdout
    names, package = [], ""
    for line in map(str.strip, listing.splitlines()):
        if line.startswith("Package:"):
            package = line[8:].strip() + "."
        elif line.endswith(".class"):
            names.append(line[:-6] if "/" in line else package + line[:-6])
    words = ["-v", "-p", "--module", "java.base"] + names
    target = os.path.join(BUILD, "javap.txt")
    samples = {"java": [], "coracle": []}
    for _ in range(options.rounds):
        for name, command in (("java", [os.path.join(tools, "javap")]), ("coracle", [options.coracle, "javap"])):
            with open(target, "wb") as file:
                begin = time.perf_counter()
                process = subprocess.Popen(command + words, stdout=file)
                _, status, usage = os.wait4(process.pid, 0)
                process.returncode = os.waitstatus_to_exitcode(status)
                seconds = usage.ru_utime + usage.ru_stime if options.cpu else time.perf_counter() - begin
            if process.returncode != 0 or os.path.getsize(target) < 1e8:
                problems.append("javap on %s: status %d, %d bytes" % (name, process.returncode, os.path.getsize(target)))
                return
            samples[name].append(seconds)
    size = os.path.getsize(target) / 1e6
    os.remove(target)
    theirs, ours = (statistics.median(samples[name]) for name in ("java", "coracle"))
    print("\n| javap -v -p of java.base, %.0f MB | Coracle (s) | JDK (s) | ratio | wanted at least |" % size)
    print("|---|---:|---:|---:|---:|")
    print("| %d classes | %.2f | %.2f | %.1f | %d |" % (len(names), ours, theirs, theirs / ours, JAVAP_RATIO))
    results["javap"] = {"coracle": ours, "java": theirs, "ratio": theirs / ours}


def print_sizes(options, results):
    if not options.has_coracle:
        return
    stripped = os.path.join(BUILD, "coracle.stripped")
    subprocess.run(["strip", "-o", stripped, options.coracle], check=True)
    sizes = {"executable, stripped": (os.path.getsize(stripped), EXECUTABLE_LIMIT_MB)}
    for where, _, files in os.walk(os.path.dirname(options.coracle)):
        if "java.image" in files:
            sizes["java.image"] = (os.path.getsize(os.path.join(where, "java.image")), IMAGE_LIMIT_MB)
    print("\n| Size | MB | wanted at most |")
    print("|---|---:|---:|")
    for name, (size, limit) in sizes.items():
        print("| %s | %.2f | %d |" % (name, size / 1e6, limit))
    results["sizes"] = {name: size for name, (size, _) in sizes.items()}


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
    parser.add_argument("--rounds", type=int, default=3, help="runs of each program on each machine (3)")
    parser.add_argument("--starts", type=int, default=15, help="starts of Hello, world on each machine (15)")
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
    problems = []
    results = {"host": describe_host(options), "rounds": options.rounds, "measure": "cpu" if options.cpu else "wall"}
    programs = compile_programs(options)
    print("%(processor)s, %(processors)d processors, load %(load).1f; %(java)s" % results["host"])
    print("\n%s of the whole process, medians of %d rounds; ratios above 1: Coracle is faster." % (
        "Seconds of processor time" if options.cpu else "Seconds", options.rounds))
    medians = measure(programs, machines(options), options, problems)
    print_programs(medians, machines(options), results)
    print_allocation(programs, options, results, problems)
    print_start(options, results, problems)
    print_javap(options, results, problems)
    print_sizes(options, results)
    results["problems"] = problems
    with open(os.path.join(ROOT, "build", "bench.json"), "w") as file:
        json.dump(results, file, indent=1)
    for problem in problems:
        print("\nFAILED: " + problem)
    sys.exit(1 if problems else 0)


main()
