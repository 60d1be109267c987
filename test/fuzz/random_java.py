#!/usr/bin/env python3
"""Makes random Java programs, runs each on Coracle and on the JDK's own java, and compares what they print.

    test/fuzz/random_java.py [--coracle build/coracle] [--first 1] [--count 30] [--keep FOLDER] [-- OPTIONS OF CORACLE]

The programs compute with all primitive types, arrays, statics, calls, loops, switches, exceptions and monitors: what the
translator to register code and the interpreter must get right. The same seed gives the same program.
"""
import argparse
import glob
import os
import random
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
TYPES = ["int", "long", "float", "double", "byte", "short", "char", "boolean"]
WIDE_TYPES = TYPES[:4]  # what arithmetic is done in
LITERALS = {
    "int": ["0", "1", "-1", "2", "7", "31", "32", "127", "128", "-128", "255", "256", "32767", "32768", "-32768", "65535",
            "Integer.MAX_VALUE", "Integer.MIN_VALUE", "123456789"],
    "long": ["0L", "1L", "-1L", "63L", "64L", "Long.MAX_VALUE", "Long.MIN_VALUE", "123456789012345L", "32768L", "(1L << 40)"],
    "float": ["0f", "-0f", "1.5f", "Float.NaN", "Float.POSITIVE_INFINITY", "Float.NEGATIVE_INFINITY", "3e9f", "1e20f", "-7.25f"],
    "double": ["0.0", "-0.0", "1.5", "Double.NaN", "Double.POSITIVE_INFINITY", "Double.NEGATIVE_INFINITY", "-3e9", "1e300", "1e19"],
    "byte": ["((byte) 0)", "((byte) -1)", "((byte) 127)", "((byte) -128)"],
    "short": ["((short) 0)", "((short) -32768)", "((short) 32767)"],
    "char": ["'a'", "'\\uffff'", "(char) 0"],
    "boolean": ["true", "false"],
}
CALL_PARAMETERS = ["int", "long", "boolean", "double"]


class Program:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.name = "R%d" % seed
        self.lines = []
        self.variables = []  # (name, type)
        self.write_class()

    def line(self, depth, text):
        self.lines.append("    " * depth + text)

    def pick(self, choices):
        return self.random.choice(choices)

    def chance(self, probability):
        return self.random.random() < probability

    # ---- expressions ----

    def literal(self, kind):
        return self.pick(LITERALS[kind])

    def variable(self, kind):
        names = [name for name, its in self.variables if its == kind]
        return self.pick(names) if names else self.literal(kind)

    def call(self, kind, depth):
        return "call_%s(%s)" % (kind, ", ".join(self.expression(p, depth) for p in CALL_PARAMETERS))

    def choice(self, kind, depth):
        return "(%s ? %s : %s)" % (self.expression("boolean", depth), self.expression(kind, depth), self.expression(kind, depth))

    def condition(self, depth):
        kind = self.pick(WIDE_TYPES)
        makers = [
            lambda: "(%s %s %s)" % (self.expression(kind, depth), self.pick(["<", "<=", ">", ">=", "==", "!="]), self.expression(kind, depth)),
            lambda: "(%s %s %s)" % (self.expression("boolean", depth), self.pick(["&&", "||", "&", "|", "^"]), self.expression("boolean", depth)),
            lambda: "(!%s)" % self.expression("boolean", depth),
            lambda: self.call("boolean", depth),
            lambda: self.choice("boolean", depth),
        ]
        return self.random.choices(makers, [5, 2, 1, 1, 1])[0]()

    def change(self, kind, depth):
        """An assignment as an expression: what lies on the operand stack meanwhile must keep its value."""
        names = [name for name, its in self.variables if its == kind]
        if not names:
            return self.literal(kind)
        if kind == "int":
            return "(%s%s)" % (self.pick(names), self.pick(["++", "--"]))
        return "(%s %s %s)" % (self.pick(names), self.pick(["+=", "-=", "="]), self.expression(kind, depth))

    def expression(self, kind, depth):
        if depth <= 0 or self.chance(0.15):
            return self.variable(kind) if self.chance(0.7) else self.literal(kind)
        depth -= 1
        if kind == "boolean":
            return self.condition(depth)
        if kind in ("byte", "short", "char"):
            return "((%s) (%s))" % (kind, self.expression(self.pick(WIDE_TYPES), depth))
        is_integer = kind in ("int", "long")
        other = self.pick([t for t in TYPES if t not in ("boolean", kind)])
        operators = ["+", "-", "*"] + (["&", "|", "^"] if is_integer else ["/", "%"])
        makers = [
            (8, lambda: "(%s %s %s)" % (self.expression(kind, depth), self.pick(operators), self.expression(kind, depth))),
            (1, lambda: "(- %s)" % self.expression(kind, depth)),
            (2, lambda: "((%s) %s)" % (kind, self.expression(other, depth))),
            (1, lambda: self.choice(kind, depth)),
            (1, lambda: self.call(kind, depth)),
            (1, lambda: "array_%s[(%s) & 7]" % (kind, self.expression("int", depth))),
            (1, lambda: self.change(kind, depth)),
        ]
        if is_integer:
            makers += [
                (2, lambda: "divide_%s(%s, %s)" % (kind, self.expression(kind, depth), self.expression(kind, depth))),
                (1, lambda: "(%s %s %s)" % (self.expression(kind, depth), self.pick(["/", "%"]), self.pick(["3", "7", "-5", "1024"]))),
                (2, lambda: "(%s %s %s)" % (self.expression(kind, depth), self.pick(["<<", ">>", ">>>"]),
                                            self.expression(self.pick(["int", "long"]), depth))),
            ]
        return self.random.choices([maker for _, maker in makers], [weight for weight, _ in makers])[0]()

    # ---- statements ----

    def assign(self, at):
        name, kind = self.pick(self.variables)
        operator = "=" if kind in TYPES[4:] else self.pick(["=", "+=", "-=", "*="])
        self.line(at, "%s %s %s;" % (name, operator, self.expression(kind, 3)))

    def block(self, at, depth, most):
        for _ in range(self.random.randint(1, most)):
            self.statement(at, depth)

    def branch(self, at, depth):
        self.line(at, "if (%s) {" % self.expression("boolean", 2))
        self.block(at + 1, depth, 3)
        if self.chance(0.5):
            self.line(at, "} else {")
            self.block(at + 1, depth, 2)
        self.line(at, "}")

    def loop(self, at, depth):
        name = "i%d" % self.random.randrange(10**6)
        self.line(at, "for (int %s = %d; %s < %d; %s++) {" % (name, self.random.randint(0, 3), name, self.random.randint(3, 7), name))
        self.block(at + 1, depth, 3)
        if self.chance(0.3):
            self.line(at + 1, "if (%s) %s;" % (self.expression("boolean", 2), self.pick(["break", "continue"])))
        self.line(at, "}")

    def attempt(self, at, depth):
        self.line(at, "try {")
        self.block(at + 1, depth, 2)
        self.line(at + 1, "if (%s) v0 = v0 / (%s);" % (self.expression("boolean", 2), self.expression("int", 2)))
        self.line(at + 1, "array_int[(%s) & 15] = %s;" % (self.expression("int", 2), self.expression("int", 2)))
        self.line(at, "} catch (ArithmeticException e) {")
        self.assign(at + 1)
        self.line(at, "} catch (RuntimeException e) {")
        self.line(at + 1, "v0 += e.getClass().getName().hashCode();")
        if self.chance(0.6):
            self.line(at, "} finally {")
            self.assign(at + 1)
        self.line(at, "}")

    def switch(self, at, depth):
        keys = self.random.sample(range(-3, 12) if self.chance(0.5) else range(-10**5, 10**5), 4)
        self.line(at, "switch (%s %% 13) {" % self.expression("int", 2))
        for key in keys:
            self.line(at, "case %d:" % key)
            self.assign(at + 1)
            if self.chance(0.7):
                self.line(at + 1, "break;")
        self.line(at, "default:")
        self.assign(at + 1)
        self.line(at, "}")

    def store(self, at, depth):
        kind = self.pick(TYPES[:7])
        self.line(at, "array_%s[(%s) & 7] %s (%s) (%s);" % (kind, self.expression("int", 2), self.pick(["=", "+="]), kind, self.expression(kind, 2)))

    def store_static(self, at, depth):
        kind = self.pick(TYPES)
        self.line(at, "static_%s = %s;" % (kind, self.expression(kind, 3)))
        self.line(at, "if (static_%s == static_%s) v0 += 2;" % (kind, kind))

    def lock(self, at, depth):
        self.line(at, "synchronized (LOCK) {")
        self.statement(at + 1, depth)
        self.line(at, "}")

    def statement(self, at, depth):
        if depth <= 0:
            return self.assign(at)
        maker = self.random.choices([None, self.branch, self.loop, self.attempt, self.switch, self.store, self.store_static, self.lock],
                                    [35, 15, 15, 10, 10, 8, 4, 3])[0]
        return self.assign(at) if maker is None else maker(at, depth - 1)

    # ---- the class ----

    def write_helpers(self):
        for kind in TYPES:
            self.line(1, "static %s[] array_%s = new %s[8];" % (kind, kind, kind))
            self.line(1, "static %s static_%s;" % (kind, kind))
        for kind in ("int", "long"):
            self.line(1, "static %s divide_%s(%s a, %s b) {" % (kind, kind, kind, kind))
            self.line(2, "try { return a / b + a % b; } catch (ArithmeticException e) { return -77; }")
            self.line(1, "}")
        for kind in TYPES:
            self.variables = [("a", "int"), ("b", "long"), ("c", "boolean"), ("d", "double")]
            self.line(1, "static int depth_%s;" % kind)
            self.line(1, "%sstatic %s call_%s(int a, long b, boolean c, double d) {" % ("synchronized " if self.chance(0.3) else "", kind, kind))
            self.line(2, "if (depth_%s++ > 3) { depth_%s--; return %s; }" % (kind, kind, self.literal(kind)))
            self.line(2, "try { return %s; } finally { depth_%s--; }" % (self.expression(kind, 2), kind))
            self.line(1, "}")

    def write_run(self):
        self.line(1, "static String run(int round) {")
        self.variables = []
        for i in range(13):
            kind = TYPES[i] if i < 8 else self.pick(WIDE_TYPES)
            self.line(2, "%s v%d = %s;" % (kind, i, self.literal(kind)))
            self.variables.append(("v%d" % i, kind))
        self.line(2, "v0 += round;")
        for _ in range(14):
            self.statement(2, 3)
        self.line(2, 'return "" + %s;' % ' + " " + '.join(("(int) " if kind == "char" else "") + name for name, kind in self.variables))
        self.line(1, "}")

    def write_class(self):
        self.line(0, "public class %s {" % self.name)
        self.line(1, "static final Object LOCK = new Object();")
        self.write_helpers()
        self.write_run()
        self.line(1, "public static void main(String[] args) {")
        self.line(2, "for (int round = 0; round < 6; round++) {")
        self.line(3, "try { System.out.println(run(round)); } catch (Throwable t) { System.out.println(t); }")
        self.line(2, "}")
        for kind in TYPES:
            self.line(2, 'for (%s e : array_%s) System.out.print(%se + " ");' % (kind, kind, "(int) " if kind == "char" else ""))
        self.line(2, "System.out.println();")
        self.line(1, "}")
        self.line(0, "}")


def tool(name):
    homes = [os.environ.get("JAVA_HOME")] + sorted(glob.glob("/usr/lib/jvm/java-17-openjdk-*"))
    found = [os.path.join(home, "bin", name) for home in homes if home and os.path.exists(os.path.join(home, "bin", name))]
    return found[0] if found else name


def outcome(command):
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60)
        return done.returncode, done.stdout
    except subprocess.TimeoutExpired:
        return "timeout", b""


def check(options, folder):
    seeds = range(options.first, options.first + options.count)
    sources = []
    for seed in seeds:
        program = Program(seed)
        sources.append(os.path.join(folder, program.name + ".java"))
        with open(sources[-1], "w") as file:
            file.write("\n".join(program.lines) + "\n")
    subprocess.run([tool("javac"), "-nowarn", "-d", folder] + sources, check=True)
    failures = []
    for seed in seeds:
        words = ["-cp", folder, "R%d" % seed]
        if outcome([tool("java")] + words) != outcome([options.coracle, "java"] + options.options + words):
            failures.append(seed)
            print("FAIL seed %d" % seed)
    print("random_java: %d programs, %d differ" % (len(seeds), len(failures)))
    return 1 if failures else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--coracle", default=os.path.join(ROOT, "build", "coracle"))
    parser.add_argument("--first", type=int, default=1, help="seed of the first program")
    parser.add_argument("--count", type=int, default=30)
    parser.add_argument("--keep", help="folder for the programs")
    parser.add_argument("options", nargs="*", help="options of coracle java")
    options = parser.parse_args()
    if options.keep:
        os.makedirs(options.keep, exist_ok=True)
        return check(options, options.keep)
    with tempfile.TemporaryDirectory() as folder:
        return check(options, folder)


if __name__ == "__main__":
    sys.exit(main())
