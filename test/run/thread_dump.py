#!/usr/bin/env python3
"""What `kill -QUIT` makes a program print of its threads, beside the JDK's own java; before and after a freeze."""
import os
import re
import signal
import subprocess
import sys

import checks

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
WORK = os.path.join(ROOT, "build", "test", "thread_dump")
CORACLE = os.path.join(ROOT, "build", "coracle")
NAMES = ["main", "sleeper", "waiter", "blocked", "parked", "runner", "on a condition"]
SOURCE = """
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

public class Waiting {
    static final Object monitor = new Object();
    static final ReentrantLock lock = new ReentrantLock();
    static volatile boolean goesOn = true;

    static class Waiter implements Runnable {
        public void run() {
            synchronized (Waiting.class) {
                try {
                    Waiting.class.wait();
                } catch (InterruptedException e) {
                }
            }
        }
    }

    static class Blocked implements Runnable {
        public void run() {
            synchronized (monitor) { goesOn = false; } // on one line: java's interpreter shows the instruction behind monitorenter
        }
    }

    static class Parked implements Runnable {
        public void run() {
            LockSupport.park("blocker");
        }
    }

    static class Locked implements Runnable {
        public void run() {
            lock.lock();
        }
    }

    static class Runner implements Runnable {
        public void run() {
            for (long i = 0; goesOn; i++) {
            }
        }
    }

    static class Sleeper implements Runnable {
        public void run() {
            try {
                Thread.sleep(100_000);
            } catch (InterruptedException e) {
            }
        }
    }

    static void start(String name, Runnable what, Thread.State state) throws InterruptedException {
        Thread thread = new Thread(what, name);
        thread.setDaemon(!name.equals("sleeper"));
        if (name.equals("waiter")) thread.setPriority(7);
        thread.start();
        while (thread.getState() != state) Thread.sleep(1);
    }

    static void ready() {
    }

    public static void main(String[] arguments) throws InterruptedException {
        synchronized (monitor) {
            lock.lock();
            start("sleeper", new Sleeper(), Thread.State.TIMED_WAITING);
            start("waiter", new Waiter(), Thread.State.WAITING);
            start("blocked", new Blocked(), Thread.State.BLOCKED);
            start("parked", new Parked(), Thread.State.WAITING);
            start("on a condition", new Locked(), Thread.State.WAITING);
            start("runner", new Runner(), Thread.State.RUNNABLE);
            ready();
            System.out.println("ready");
            Thread.sleep(100_000);
        }
    }
}
"""


def dump(command):
    """The lines about each of the program's threads."""
    program = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    while program.stdout.readline() != "ready\n":
        if program.poll() is not None:
            sys.exit("%s: no program to ask" % " ".join(command))
    threads, name = {}, None
    while set(threads) != set(NAMES) or name is not None:
        if program.poll() is not None:
            sys.exit("%s: ended before it told of all threads" % " ".join(command))
        program.send_signal(signal.SIGQUIT)  # main may not have gone to sleep at the first
        threads = {}
        for line in iter(program.stdout.readline, ""):
            line = line.rstrip("\n")
            if line.startswith("Heap"):
                break
            if line.startswith('"'):
                name = line[1:line.rindex('"')]
                line = re.sub(r" #\d+| os_prio=\S+| cpu=\S+| elapsed=\S+| tid=\S+| nid=\S+| +\[0x\w+\] *$", "", line).rstrip()
            elif line == "":
                name = None
            if name in NAMES and not line.startswith("\t- locked"):
                threads.setdefault(name, []).append(re.sub(r"0x\w{16}", "<address>", line))
        if not any("Thread.sleep" in line for line in threads.get("main", [])):
            threads = {}
    program.kill()
    program.wait()
    return threads


def main():
    os.makedirs(WORK, exist_ok=True)
    source, image = os.path.join(WORK, "Waiting.java"), os.path.join(WORK, "waiting.image")
    with open(source, "w") as file:
        file.write(SOURCE)
    checks.run(["javac", "-d", WORK, source])
    check = checks.Check("thread dump")
    wanted = dump(["java", "-cp", WORK, "Waiting"])
    checks.run([CORACLE, "freeze", "-o", image, "--at", "Waiting.ready", "--", "-cp", WORK, "Waiting"])
    for way, command in (("", [CORACLE, "java", "-cp", WORK, "Waiting"]), (" from the classes", [CORACLE, "java", "-Xshare:off", "-cp", WORK, "Waiting"]),
                         (" thawed", [CORACLE, image])):
        threads = dump(command)
        for name in NAMES:
            check.equal(name + way, threads.get(name), wanted[name])
    check.finish()


main()
