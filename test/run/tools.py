#!/usr/bin/env python3
"""Java tools as Debian packages them, beside the JDK's own java: standard output, standard error, exit status and the files
that they write must be equal. Durations and the time of day that a tool prints stand as <time> on both sides.

A tool that is not installed is skipped by name. bench/bench.py measures the same commands."""
import argparse
import collections
import glob
import os
import re
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SAMPLES = os.path.join(ROOT, "test", "run", "tools")
WORK = os.path.join(ROOT, "build", "test", "tools")
JARS = "/usr/share/java/"
MAVEN = "/usr/share/maven"
TIMES = re.compile(r"(?<=Total time: ).*|(?<=Finished at: ).*|(?<=Time: ).*")

# about: what it does; package: of Debian; needs: files; words: behind `java`
Tool = collections.namedtuple("Tool", "name about package needs words")


def jars(*names):
    return ":".join(JARS + name for name in names)


def jython_path():
    """What its jar names as its class path, and leaves out of it (guava's failure access)."""
    return ":".join(sorted(glob.glob(JARS + "*.jar")))


def tools():
    classworlds = (glob.glob(MAVEN + "/boot/plexus-classworlds*.jar") + [MAVEN + "/boot"])[0]
    scala = jars("scala-library.jar", "scala-compiler.jar", "scala-reflect.jar", "scala-xml_2.11.jar",
                 "scala-parser-combinators_2.11.jar")
    return [
        Tool("javac", "compiles three programs", None, [],
             ["-m", "jdk.compiler/com.sun.tools.javac.Main", "-d", "out"] +
             [os.path.join(ROOT, "demo", name) for name in ("Counter.java", "Modern.java", "WordCount.java")]),
        Tool("ant", "copies, packs, unpacks", "ant", ["/usr/share/ant/lib/ant-launcher.jar"],
             ["-cp", "/usr/share/ant/lib/ant-launcher.jar", "-Dant.home=/usr/share/ant", "org.apache.tools.ant.launch.Launcher"]),
        Tool("junit", "runs four tests", "junit4", [JARS + "junit4.jar"],
             ["-cp", jars("junit4.jar", "hamcrest-core.jar") + ":classes", "org.junit.runner.JUnitCore", "SampleTest"]),
        Tool("maven", "validates a project", "maven", [classworlds, MAVEN + "/lib"],
             ["-cp", classworlds, "-Dclassworlds.conf=" + MAVEN + "/bin/m2.conf", "-Dmaven.home=" + MAVEN,
              "-Dmaven.multiModuleProjectDirectory=.", "org.codehaus.plexus.classworlds.launcher.Launcher", "-o", "-B",
              "-Dmaven.repo.local=/usr/share/maven-repo", "validate"]),
        Tool("groovy", "runs a script", "groovy", [JARS + "groovy-all.jar"],
             ["-cp", jars("groovy-all.jar", "commons-cli.jar"), "groovy.ui.GroovyMain", "sample.groovy"]),
        Tool("clojure", "runs a script", "clojure", [JARS + "clojure.jar"],
             ["-cp", jars("clojure.jar", "spec.alpha.jar", "core.specs.alpha.jar"), "clojure.main", "sample.clj"]),
        Tool("jython", "runs a script", "jython", [JARS + "jython.jar"],
             ["-Dpython.home=/usr/share/jython", "-Dpython.cachedir=cache", "-cp", JARS + "jython.jar", "org.python.util.jython",
              "sample.py"]),
        Tool("jruby", "runs a script", "jruby", ["/usr/share/jruby/lib/jruby.jar"],
             ["--add-opens=java.base/java.io=ALL-UNNAMED", "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
              "-Xbootclasspath/a:/usr/share/jruby/lib/jruby.jar", "-Djruby.home=/usr/share/jruby",
              "-Djruby.lib=/usr/share/jruby/lib", "-Djruby.script=jruby", "-Djruby.shell=/bin/sh", "org.jruby.Main", "sample.rb"]),
        Tool("scalac", "compiles a program", "scala", [JARS + "scala-compiler.jar"],
             ["-Xss20m", "-cp", scala, "-Dscala.usejavacp=true", "scala.tools.nsc.Main", "-d", ".", "Sample.scala"]),
    ]


def is_there(tool):
    return all(os.path.exists(path) for path in tool.needs)


def prepare(folder):
    """An empty folder with the samples; SampleTest compiled where JUnit is."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(SAMPLES, folder)
    os.mkdir(os.path.join(folder, "out"))
    if os.path.exists(JARS + "junit4.jar"):
        subprocess.run(["javac", "-cp", JARS + "junit4.jar", "-d", os.path.join(folder, "classes"),
                        os.path.join(SAMPLES, "SampleTest.java")], check=True)


def files_of(folder):
    """What lies in the folder, but for caches."""
    found = {}
    for path, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name != "cache"]
        for name in names:
            with open(os.path.join(path, name), "rb") as file:
                found[os.path.relpath(os.path.join(path, name), folder)] = file.read()
    return found


def run(tool, machine, folder):
    prepare(folder)
    done = subprocess.run(machine + tool.words, cwd=folder, capture_output=True, text=True, errors="replace", timeout=900)
    return done.returncode, TIMES.sub("<time>", done.stdout), TIMES.sub("<time>", done.stderr), files_of(folder)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--coracle", default=os.path.join(ROOT, "build", "coracle"))
    parser.add_argument("--java", default="java")
    parser.add_argument("--only", help="the name of one tool")
    options = parser.parse_args()
    passed = failed = 0
    skipped = []
    for tool in tools():
        if options.only not in (None, tool.name):
            continue
        if not is_there(tool):
            skipped.append("%s (package %s)" % (tool.name, tool.package))
            continue
        # One folder for both, one after the other: paths show in what a tool writes.
        folder = os.path.join(WORK, tool.name)
        peer = run(tool, [options.java], folder)
        own = run(tool, [os.path.abspath(options.coracle), "java"], folder)
        differ = [what for what, a, b in zip(("exit status", "standard output", "standard error", "files"), own, peer) if a != b]
        if differ:
            failed += 1
            print("FAIL %s: not as java: %s" % (tool.name, ", ".join(differ)))
            for side, got in (("coracle", own), ("java", peer)):
                print("--- %s: exit status %d\n%s%s" % (side, got[0], got[1][-3000:], got[2][-3000:]))
        else:
            passed += 1
    print("tools: %d as java, %d failed; not installed: %s" % (passed, failed, ", ".join(skipped) or "none"))
    return 1 if failed or passed == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
