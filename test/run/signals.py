#!/usr/bin/env python3
"""Signals that come to a program with one thread of its own, whatever that does, beside the JDK's own java: how it ends, and
that its shutdown hook has run. Before a program starts a second thread, none of the machine's waits for signals."""
import os
import resource
import signal
import subprocess
import sys
import threading
import time

import checks

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
WORK = os.path.join(ROOT, "build", "test", "signals")
CORACLE = os.path.join(ROOT, "build", "coracle")
SOURCE = """
public class Signalled {
    static volatile long count;

    public static void main(String[] arguments) throws Exception {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> System.err.println("hook")));
        System.out.println("ready");
        switch (arguments[0]) {
        case "computing":
            while (true) count++;
        case "reading":
            System.in.read();
            break;
        case "sleeping":
            Thread.sleep(100000);
            break;
        case "waiting":
            synchronized (Signalled.class) {
                Signalled.class.wait();
            }
            break;
        case "writing":
            byte[] bytes = new byte[65536];
            while (true) System.out.write(bytes, 0, bytes.length);
        }
    }
}
"""
FILLING = """
public class Filling {
    public static void main(String[] arguments) throws Exception {
        java.io.File file = new java.io.File(arguments[0]);
        try (java.io.FileOutputStream out = new java.io.FileOutputStream(file)) {
            byte[] bytes = new byte[10000];
            while (true) out.write(bytes);
        } catch (java.io.IOException e) {
            System.out.println(e + " " + file.length());
        }
        System.out.println(new ProcessBuilder("sh", "-c", "kill -XFSZ $$; echo alive").start().waitFor() != 0);
    }
}
"""
STATES = ["computing", "reading", "sleeping", "waiting", "writing"]
SIGNALS = [signal.SIGTERM, signal.SIGINT, signal.SIGHUP]
LIMIT_SECONDS = 30


def ignored():
    """As a shell starts programs in the background, and nohup any."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)


def by_default():
    """What a shell starts in the background may find some ignored."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_DFL)


def with_small_files():
    """What is written beyond that raises SIGXFSZ."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))


def filling(command):
    """What the program says that writes more into a file than it may, and its exit status."""
    target = os.path.join(WORK, "filled")
    program = subprocess.run(command + ["-cp", WORK, "Filling", target], capture_output=True, text=True, preexec_fn=with_small_files)
    os.remove(target)
    return program.stdout, program.stderr, program.returncode


def outcome(command, state, number, delay):
    """Exit status and standard error of the program that gets the signal so long after it said that it is ready."""
    program = subprocess.Popen(command + ["-cp", WORK, "Signalled", state], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, text=True, preexec_fn=by_default)
    killer = threading.Timer(LIMIT_SECONDS, program.kill)
    killer.start()
    program.stdout.readline()
    time.sleep(delay)
    program.send_signal(number)
    if number == signal.SIGQUIT:  # the thread dump, and then
        while (line := program.stdout.readline()) and not line.startswith("Full thread dump"):
            pass
        program.send_signal(signal.SIGTERM)
    status = program.wait()  # its input stays open, its output is not read
    killer.cancel()
    error = program.stderr.read()
    program.communicate()
    return status, error


def main():
    check = checks.Check("signals")
    os.makedirs(WORK, exist_ok=True)
    for name, source in (("Signalled", SOURCE), ("Filling", FILLING)):
        with open(os.path.join(WORK, name + ".java"), "w") as file:
            file.write(source)
        checks.run(["javac", "-d", WORK, os.path.join(WORK, name + ".java")])
    check.equal("a file beyond its limit", filling([CORACLE, "java", "-Xshare:off"]), filling(["java", "-XX:-UsePerfData"]))
    check.equal("a file beyond its limit, from java.image", filling([CORACLE, "java"]), filling(["java", "-XX:-UsePerfData"]))
    for state in STATES:
        for number in SIGNALS + ([signal.SIGQUIT] if state != "writing" else []):
            wanted = outcome(["java"], state, number, 0.1)
            for delay in (0, 0.002, 0.1):
                got = outcome([CORACLE, "java"], state, number, delay)
                check.equal(f"{state}, {signal.Signals(number).name} after {delay} s", got, wanted)
    image = os.path.join(WORK, "java.image")  # what its maker found ignored, its users need not
    subprocess.run([CORACLE, "java", "-Xshare:dump=" + image], preexec_fn=ignored, check=True)
    for number in SIGNALS:
        got = outcome([CORACLE, "java", "-XX:SharedArchiveFile=" + image], "sleeping", number, 0.1)
        check.equal(f"{signal.Signals(number).name}, ignored when java.image was made", got, outcome(["java"], "sleeping", number, 0.1))
    check.finish()


if __name__ == "__main__":
    sys.exit(main())
