#!/usr/bin/env python3
"""The counters of `coracle explain`.

test/run/explain/Counts.java and a class with subroutines (jsr, ret), which javac no longer makes, are executed here from the
listing of the JDK's javap, one bytecode after the other, by the rules of JVMS 6.5. What each of their methods executes,
pops, pushes, reads and writes must be what explain tells, exactly. What the register code executes is checked for
methods whose code follows from doc/translation.md by hand.
"""
import argparse
import os
import re
import struct
import sys
import xml.dom.minidom

from checks import Check, run

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SIDE = "instructions dispatches pops pushes reads writes calls allocations bytes".split()


# ---- listings ----

class Method:
    def __init__(self, owner, name, descriptor, is_static):
        self.owner, self.name, self.descriptor, self.is_static = owner, name, descriptor, is_static
        self.code, self.handlers, self.end = {}, [], 0
        self.counts = dict.fromkeys(SIDE, 0)
        self.entered = 0

    def key(self):
        return f"{self.owner}.{self.name}{self.descriptor}"


class Class:
    def __init__(self, name, parents):
        self.name, self.parents, self.methods, self.statics, self.is_ready = name, parents, {}, {}, False


def parameters(descriptor):
    return re.findall(r"\[*(?:L[^;]*;|[BCDFIJSZ])", descriptor[1:descriptor.index(")")])


def read_listing(text):
    classes, current, method, switch, previous = {}, None, None, None, None
    header = None
    for line in text.splitlines():
        found = re.match(r"(?:public |final |abstract |static )*(?:class|interface) (\S+)(?: extends (\S+))?(?: implements (\S+))? \{", line)
        if found:
            current = classes[found[1]] = Class(found[1], [p for p in (found[2], found[3]) if p])
        elif line.startswith("  ") and not line.startswith("   ") and line.endswith(";"):
            header = line.strip()
        elif line.startswith("    descriptor: ") and "(" in line:
            name = "<clinit>" if header.startswith("static {}") else re.search(r"(\S+)\(", header)[1]
            name = "<init>" if name == current.name else name
            method = Method(current.name, name, line.split()[1], "static" in header.split("(")[0])
            current.methods[name + method.descriptor] = method
        elif switch is not None:
            found = re.match(r"\s+(-?\d+|default): (\d+)$", line)
            if found:
                switch[found[1]] = int(found[2])
            else:
                switch = None
        elif re.match(r"\s+\d+: [a-z]", line):
            found = re.match(r"\s+(\d+): (\w+)\s*([^/]*?)\s*(?://\s*(.*))?$", line)
            pc = int(found[1])
            operands = found[3].strip()
            if found[2] in ("tableswitch", "lookupswitch"):
                operands = switch = {}
            method.code[pc] = [found[2], operands, found[4]]
            previous = pc
        else:
            found = re.match(r"\s+(\d+)\s+(\d+)\s+(\d+)\s+(?:Class (\S+)|any)$", line)
            if found:
                method.handlers.append((int(found[1]), int(found[2]), int(found[3]), found[4]))
    for one in classes.values():
        for method in one.methods.values():
            order = sorted(method.code)
            for at, following in zip(order, order[1:]):
                method.code[at].append(following)
    return classes


# ---- values: categories as the machine has them ----

class Long(int):
    pass


class Double(float):
    pass


class Thrown(Exception):
    def __init__(self, value):
        super().__init__()
        self.value = value


class Instance:
    def __init__(self, name):
        self.name, self.fields = name, {}


class Array:
    def __init__(self, items):
        self.items = items


def is_wide(value):
    return isinstance(value, (Long, Double))


def wrap(value, bits):
    value &= (1 << bits) - 1
    return value - (1 << bits) if value >> (bits - 1) else value


def to_int(value):
    return wrap(int(value), 32)


def to_long(value):
    return Long(wrap(int(value), 64))


def to_float(value):
    return struct.unpack("f", struct.pack("f", value))[0]


def zero(descriptor):
    return {"J": Long(0), "D": Double(0), "F": 0.0}.get(descriptor[0], None if descriptor[0] in "L[" else 0)


def quotient(a, b):
    if b == 0:
        raise Thrown(Instance("java/lang/ArithmeticException"))
    return abs(a) // abs(b) * (1 if (a < 0) == (b < 0) else -1)


LIBRARY_PARENTS = {"java/lang/NullPointerException": ["java/lang/RuntimeException"],
                   "java/lang/ArithmeticException": ["java/lang/RuntimeException"],
                   "java/lang/ArrayIndexOutOfBoundsException": ["java/lang/IndexOutOfBoundsException"],
                   "java/lang/IllegalStateException": ["java/lang/RuntimeException"],
                   "java/lang/IllegalArgumentException": ["java/lang/RuntimeException"]}
COMPARE = {"eq": lambda a, b: a == b, "ne": lambda a, b: a != b, "lt": lambda a, b: a < b, "ge": lambda a, b: a >= b,
           "gt": lambda a, b: a > b, "le": lambda a, b: a <= b}
ARITHMETIC = {"add": lambda a, b: a + b, "sub": lambda a, b: a - b, "mul": lambda a, b: a * b, "div": quotient,
              "rem": lambda a, b: a - quotient(a, b) * b, "and": lambda a, b: a & b, "or": lambda a, b: a | b,
              "xor": lambda a, b: a ^ b}
MAKERS = {"i": to_int, "l": to_long, "f": to_float, "d": Double}


class Machine:
    """Executes bytecode, and counts it."""

    def __init__(self, classes):
        self.classes = classes

    # -- classes --

    def initialize(self, name):
        one = self.classes.get(name)
        if one is None or one.is_ready:
            return
        one.is_ready = True
        for parent in one.parents[:1]:
            self.initialize(parent)
        if "<clinit>()V" in one.methods:
            self.call(one.methods["<clinit>()V"], [])

    def is_instance(self, name, wanted):
        if name == wanted:
            return True
        parents = self.classes[name].parents if name in self.classes else LIBRARY_PARENTS.get(name, [])
        return any(self.is_instance(parent, wanted) for parent in parents)

    def find(self, name, signature):
        while name in self.classes:
            if signature in self.classes[name].methods:
                return self.classes[name].methods[signature]
            name = (self.classes[name].parents + [None])[0]
        return None

    # -- methods --

    def call(self, method, arguments):
        method.entered += 1
        frame = Frame(self, method, arguments)
        while True:
            try:
                result = frame.step()
                if result is not None:
                    return result[0]
            except Thrown as thrown:
                frame.count(pushes=frame.unpushed())
                frame.handle(thrown)


class Frame:
    def __init__(self, machine, method, arguments):
        self.machine, self.method, self.stack, self.pc = machine, method, [], 0
        self.locals = {}
        at = 0
        for value in arguments:
            self.locals[at] = value
            at += 2 if is_wide(value) else 1

    def count(self, **more):
        for kind, value in more.items():
            self.method.counts[kind] += value

    def pop(self):
        self.count(pops=1)
        return self.stack.pop()

    def push(self, value):
        self.count(pushes=1)
        self.stack.append(value)

    def load(self, index):
        self.count(reads=1)
        return self.locals[index]

    def store(self, index, value):
        self.count(writes=1)
        self.locals[index] = value

    def unpushed(self):
        """What the instruction that raised would have pushed: it counts with all its operands."""
        operation, _, note, *_ = self.method.code[self.pc]
        if operation.startswith("invoke"):
            return int(not note.endswith("V"))
        return int(re.match("[il](div|rem)|[a-z]aload$|arraylength", operation) is not None)

    def handle(self, thrown):
        for start, end, target, kind in self.method.handlers:
            if start <= self.pc < end and (kind is None or self.machine.is_instance(thrown.value.name, kind)):
                self.stack = [thrown.value]
                self.pc = target
                return
        raise thrown

    def step(self):
        operation, operands, note, *following = self.method.code[self.pc]
        following = following[0] if following else None
        is_wide_form = operation.endswith("_w") and operation not in ("ldc_w", "ldc2_w", "goto_w", "jsr_w")
        self.count(instructions=1, dispatches=2 if is_wide_form else 1)
        self.count(bytes=(following if following is not None else self.method.end) - self.pc)
        target = self.execute(operation[:-2] if is_wide_form else operation, operands, note, following)
        if isinstance(target, list):
            return target
        self.pc = following if target is None else target
        return None

    def execute(self, operation, operands, note, following):
        found = re.match(r"([ilfda])(load|store)(?:_(\d))?$", operation)
        if found:
            index = int(found[3] or operands)
            if found[2] == "load":
                self.push(self.load(index))
            else:
                self.store(index, self.pop())
            return None
        for name in (operation, operation.split("_")[0], operation[1:], operation[:2]):
            handler = getattr(self, "do_" + name, None)
            if handler is not None:
                return handler(operation, operands, note, following)
        raise NotImplementedError(operation)

    # -- constants --

    def do_iconst(self, operation, *_):
        self.push(-1 if operation.endswith("m1") else int(operation[-1]))

    def do_lconst(self, operation, *_):
        self.push(Long(operation[-1]))

    def do_dconst(self, operation, *_):
        self.push(Double(operation[-1]))

    def do_aconst(self, *_):
        self.push(None)

    def do_bipush(self, _, operands, *__):
        self.push(int(operands))

    do_sipush = do_bipush

    def do_ldc(self, _, __, note, ___):
        kind, _, value = note.partition(" ")
        self.push(value if kind == "String" else int(value))

    def do_ldc2(self, _, __, note, ___):
        kind, value = note.split(" ", 1)
        self.push(Long(value.rstrip("l")) if kind == "long" else Double(value.rstrip("d")))

    # -- the stack --

    def take(self, count):
        return [self.pop() for _ in range(count)][::-1]

    def leave(self, values):
        for value in values:
            self.push(value)

    def do_pop(self, *_):
        self.pop()

    def do_pop2(self, *_):
        if not is_wide(self.pop()):
            self.pop()

    def do_dup(self, operation, *_):
        top = self.pop()
        under = []
        if operation == "dup_x1" or (operation == "dup_x2" and is_wide(self.stack[-1])):
            under = self.take(1)
        elif operation == "dup_x2":
            under = self.take(2)
        self.leave([top] + under + [top])

    def do_dup2(self, operation, *_):
        tops = self.take(1 if is_wide(self.stack[-1]) else 2)
        under = []
        if operation == "dup2_x1" or (operation == "dup2_x2" and is_wide(self.stack[-1])):
            under = self.take(1)
        elif operation == "dup2_x2":
            under = self.take(2)
        self.leave(tops + under + tops)

    # -- arithmetic --

    def arithmetic(self, operation, *_):
        b, a = self.pop(), self.pop()
        self.push(MAKERS[operation[0]](ARITHMETIC[operation[1:]](a, b)))

    do_add = do_sub = do_mul = do_div = do_rem = do_and = do_or = do_xor = arithmetic

    def do_neg(self, operation, *_):
        self.push(MAKERS[operation[0]](-self.pop()))

    def do_lshl(self, *_):
        b, a = self.pop(), self.pop()
        self.push(to_long(a << (b & 63)))

    def do_iinc(self, _, operands, *__):
        index, amount = (int(part) for part in operands.split(","))
        self.store(index, to_int(self.load(index) + amount))

    def convert(self, operation, *_):
        self.push(MAKERS[operation[2]](self.pop()))

    do_i2 = do_l2 = do_f2 = do_d2 = convert

    def do_lcmp(self, *_):
        b, a = self.pop(), self.pop()
        self.push((a > b) - (a < b))

    do_dcmpl = do_dcmpg = do_fcmpl = do_fcmpg = do_lcmp

    # -- control --

    def do_if(self, operation, operands, *_):
        if operation in ("ifnull", "ifnonnull"):
            taken = (self.pop() is None) == (operation == "ifnull")
        elif operation.startswith("if_"):
            b, a = self.pop(), self.pop()
            taken = a is b if operation == "if_acmpeq" else a is not b if operation == "if_acmpne" else COMPARE[operation[-2:]](a, b)
        else:
            taken = COMPARE[operation[2:]](self.pop(), 0)
        return int(operands) if taken else None

    do_ifnull = do_ifnonnull = do_if

    def do_goto(self, _, operands, *__):
        return int(operands)

    def do_jsr(self, _, operands, __, following):
        self.push(following)
        return int(operands)

    def do_ret(self, _, operands, *__):
        return self.load(int(operands))

    def do_tableswitch(self, _, operands, *__):
        return operands.get(str(self.pop()), operands["default"])

    do_lookupswitch = do_tableswitch

    def do_return(self, operation, *_):
        return [None if operation == "return" else self.pop()]

    def do_athrow(self, *_):
        raise Thrown(self.pop())

    # -- objects --

    def do_new(self, _, __, note, ___):
        name = note.split()[-1]
        self.count(allocations=1)
        self.machine.initialize(name)
        self.push(Instance(name))

    def do_newarray(self, _, operands, *__):
        self.count(allocations=1)
        empty = {"long": Long(0), "double": Double(0)}.get(operands, 0)
        self.push(Array([empty] * self.pop()))

    def do_anewarray(self, *_):
        self.count(allocations=1)
        self.push(Array([None] * self.pop()))

    def do_multianewarray(self, _, operands, note, __):
        self.count(allocations=1)
        lengths = self.take(int(operands.split(",")[1]))
        kind = note.split()[-1].strip('"')

        def make(depth):
            return Array([make(depth + 1) if depth + 1 < len(lengths) else zero(kind[depth + 1:]) for _ in range(lengths[depth])])
        self.push(make(0))

    def do_arraylength(self, *_):
        array = self.pop()
        if array is None:
            raise Thrown(Instance("java/lang/NullPointerException"))
        self.push(len(array.items))

    def element(self, array, index):
        if not 0 <= index < len(array.items):
            raise Thrown(Instance("java/lang/ArrayIndexOutOfBoundsException"))

    def do_aload(self, *_):
        index, array = self.pop(), self.pop()
        self.element(array, index)
        self.push(array.items[index])

    def do_astore(self, *_):
        value, index, array = self.pop(), self.pop(), self.pop()
        self.element(array, index)
        array.items[index] = value

    def field(self, note):
        name, descriptor = note.split(" ", 1)[1].split(":")
        owner, _, name = name.rpartition(".")
        return self.machine.classes[owner or self.method.owner], name, descriptor

    def do_getfield(self, _, __, note, ___):
        _, name, descriptor = self.field(note)
        self.push(self.pop().fields.get(name, zero(descriptor)))

    def do_putfield(self, _, __, note, ___):
        value, instance = self.pop(), self.pop()
        instance.fields[self.field(note)[1]] = value

    def do_getstatic(self, _, __, note, ___):
        owner, name, descriptor = self.field(note)
        self.machine.initialize(owner.name)
        self.push(owner.statics.get(name, zero(descriptor)))

    def do_putstatic(self, _, __, note, ___):
        owner, name, _ = self.field(note)
        self.machine.initialize(owner.name)
        owner.statics[name] = self.pop()

    def do_checkcast(self, *_):
        self.push(self.pop())

    def do_instanceof(self, _, __, note, ___):
        value = self.pop()
        self.push(int(value is not None and self.machine.is_instance(value.name, note.split()[-1])))

    def do_monitorenter(self, *_):
        self.pop()

    do_monitorexit = do_monitorenter

    # -- calls --

    def do_invoke(self, operation, _, note, __):
        name, descriptor = note.split(" ", 1)[1].split(":", 1)
        owner, _, name = name.replace('"', "").rpartition(".")
        owner = owner or self.method.owner
        arguments = self.take(len(parameters(descriptor)) + (operation != "invokestatic"))
        self.count(calls=1)
        if operation == "invokestatic":
            self.machine.initialize(owner)
        start = owner if operation in ("invokestatic", "invokespecial") or not isinstance(arguments[0], Instance) else arguments[0].name
        method = self.machine.find(start, name + descriptor)
        if method is not None:
            result = self.machine.call(method, arguments)
        elif name == "length":
            result = len(arguments[0])
        else:
            assert name == "<init>", note  # of the class library: not counted
            result = None
        if not descriptor.endswith("V"):
            self.push(result)

    do_invokestatic = do_invokespecial = do_invokevirtual = do_invokeinterface = do_invoke


# ---- a class with subroutines ----

def subroutine_class():
    """class Old: main calls sub(rounds, 0); sub calls its subroutine twice a round, once from each of two places."""
    sub = bytes([
        0x03, 0x3c,              # 0 iconst_0, istore_1
        0x1a, 0x99, 0, 20,       # 2 iload_0, 3 ifeq 23
        0xa8, 0, 19,             # 6 jsr 25
        0xc4, 0x84, 0, 0, 0xff, 0xff,  # 9 wide iinc 0 -1
        0xa8, 0, 10,             # 15 jsr 25
        0xa7, 0xff, 0xf0,        # 18 goto 2
        0x00, 0x00,              # 21 nop nop: dead
        0x1b, 0xac,              # 23 iload_1, ireturn
        0x4d,                    # 25 astore_2
        0x84, 1, 5,              # 26 iinc 1 5
        0xa9, 2])                # 29 ret 2
    main = bytes([0x10, 9, 0xb8, 0, 7, 0x57, 0xb1])  # bipush 9, invokestatic sub, pop, return
    utf = [b"Old", None, b"java/lang/Object", None, b"sub", b"(I)I", None, None, b"Code", b"main", b"([Ljava/lang/String;)V"]
    pool = b"".join([text(utf[0]), b"\7\0\1", text(utf[2]), b"\7\0\3", text(utf[4]), text(utf[5]), b"\x0a\0\2\0\x08",
                     b"\x0c\0\5\0\6", text(utf[8]), text(utf[9]), text(utf[10])])

    def method(name, descriptor, stack, local_count, code):
        body = struct.pack(">HHI", stack, local_count, len(code)) + code + struct.pack(">HH", 0, 0)
        return struct.pack(">HHHHHI", 9, name, descriptor, 1, 9, len(body)) + body
    return struct.pack(">IHHH", 0xcafebabe, 0, 48, 12) + pool + struct.pack(">HHHHHH", 0x21, 2, 4, 0, 0, 2) + \
        method(5, 6, 1, 3, sub) + method(10, 11, 1, 1, main) + struct.pack(">H", 0)


def text(data):
    return b"\1" + struct.pack(">H", len(data)) + data


# ---- comparison ----

def expected(javap, folder, main, names):
    listing = run([javap, "-c", "-p", "-s", "-cp", folder, *names]).stdout
    classes = read_listing(listing)
    methods = [method for one in classes.values() for method in one.methods.values()]
    if not methods:
        sys.exit("javap printed no methods")
    for method in methods:
        if method.code:
            last = max(method.code)
            method.end = last + {"goto": 3, "ret": 2}.get(method.code[last][0], 1)
    machine = Machine(classes)
    machine.initialize(main)
    machine.call(classes[main].methods["main([Ljava/lang/String;)V"], [Array([])])
    return {method.key(): method for method in methods if method.entered}


def told(coracle, folder, main, build, *options):
    tsv, svg, table = (os.path.join(build, "explain." + end) for end in ("tsv", "svg", "txt"))
    done = run([*coracle, "explain", "--tsv", tsv, "--svg", svg, "-o", table, *options, "-cp", folder, main])
    with open(tsv) as file:
        head, *lines = file.read().splitlines()
    rows = [dict(zip(head.split("\t"), line.split("\t"))) for line in lines]
    return {row["method"]: {kind: int(value) for kind, value in row.items() if kind != "method"} for row in rows}, done


def compare(check, rows, methods):
    for key, method in methods.items():
        if key not in rows:
            check.equal(key, "not told", "told")
            continue
        check.equal(f"{key}: times entered", rows[key]["entered"], method.entered)
        check.equal(f"{key}: bytes of its bytecode", rows[key]["bytecode_size"], method.end)
        for kind in SIDE:
            check.equal(f"{key}: {kind}", rows[key]["stack_" + kind], method.counts[kind])
        for kind in ("calls", "allocations"):
            check.equal(f"{key}: {kind} of the register code", rows[key]["register_" + kind], method.counts[kind])


def check_register_code(check, rows):
    """By hand from doc/translation.md, for what Counts.main calls."""
    def wants(key, instructions, reads, writes):
        check.equal(key + ": register instructions", rows[key]["register_instructions"], instructions)
        check.equal(key + ": registers read", rows[key]["register_reads"], reads)
        check.equal(key + ": registers written", rows[key]["register_writes"], writes)
    # s := 0, i := 0, leave if i >= n; rounds of s := s + i, i := i + 1, again if i < n; return s. n = 1000, 4, 0, 1.
    n = 1000 + 4 + 0 + 1
    wants("Counts.sum(I)I", 4 * 4 + 3 * n, 4 * 3 + 5 * n, 4 * 2 + 2 * n)
    # r := 0; rounds of r := r + 1, n := n - 3, again if n > 0; return r. 40: 14 rounds.
    wants("Counts.doWhile(I)I", 2 + 3 * 14, 1 + 3 * 14, 1 + 2 * 14)
    # Down to 0: leave if n /= 0; t := n - 1, call, t := 1 + t, return t. At 0: the test, t := 0, return t. n = 300, 0.
    wants("Counts.depth(I)I", 5 * 300 + 3 * 2, 5 * 300 + 2 * 2, 3 * 300 + 2)
    # Leaves: the test, return n. Others: test, t := n - 1, call, u := n - 2, call, t := t + u, return t.
    calls = [1, 1]
    while len(calls) <= 12:
        calls.append(1 + calls[-1] + calls[-2])
    inner = (calls[12] - 1) // 2
    leaves = calls[12] - inner
    check.equal("Counts.fibonacci(I)I: times entered", rows["Counts.fibonacci(I)I"]["entered"], calls[12])
    wants("Counts.fibonacci(I)I", 2 * leaves + 7 * inner, 2 * leaves + 8 * inner, 5 * inner)
    # list := null, i := 0, leave if i >= n; rounds: o := new, copy of o, i and list to arguments, constructor, list := o,
    # i := i + 1, again if i < n; return list.
    wants("Counts.list(I)LCounts;", 4 + 8 * 25, 3 + 10 * 25, 2 + 6 * 25)


def check_outputs(check, build, rows, done):
    with open(os.path.join(build, "explain.txt")) as file:
        table = file.read()
    total = sum(row["stack_instructions"] for row in rows.values() if row["bytecode_size"])
    line = next(line for line in table.splitlines() if line.startswith("instructions executed"))
    check.equal("the table's total", int(line.split()[2]), total)
    check.equal("the table's rows", sum(" Counts" in line for line in table.splitlines()) > 20, True)
    document = xml.dom.minidom.parse(os.path.join(build, "explain.svg"))
    bars = [node for node in document.getElementsByTagName("rect") if node.getAttribute("class") in ("stack", "register")]
    check.equal("bars", len(bars), 2 + 2 * (4 + min(len([1 for row in rows.values() if row["bytecode_size"]]), 400)))
    first = re.findall(r"^call 1 +(\S+)$", done.stderr, re.M)
    check.equal("first calls: each once", len(first), len(set(first)))
    check.equal("first calls of main and sum", [first.count("Counts.main([Ljava/lang/String;)V"), first.count("Counts.sum(I)I")], [1, 1])


def check_threads(check, rows, methods):
    """Four threads call spin(2000) and locked(20) 50 times each; the bytecode of one call is counted as for one thread."""
    machine = Machine(methods)
    for name, argument, calls in (("spin", 2000, 1), ("locked", 20, 21)):
        method = methods["Threads"].methods[name + "(I)I"]
        machine.call(method, [argument])
        row = rows[f"Threads.{name}(I)I"]
        check.equal(f"{name}: times entered", row["entered"], 200 * calls)
        for kind in SIDE:
            if kind != "bytes":
                check.equal(f"{name}: {kind}", row["stack_" + kind], 200 * method.counts[kind])
    check.equal("spin: register instructions", rows["Threads.spin(I)I"]["register_instructions"], 200 * (4 + 3 * 2000))


def check_trace(check, coracle, folder):
    done = run([*coracle, "java", "--trace=call", "-cp", folder, "Counts"])
    lines = [line for line in done.stderr.splitlines() if line.startswith("call 1 ")]
    depths = [len(line) - len(line[7:].lstrip()) - 7 for line in lines if line.endswith(" Counts.depth(I)I")]
    check.equal("calls of depth", len(depths), 302)
    check.equal("how deep they are", depths[:50], list(range(depths[0], depths[0] + 50)))
    check.equal("calls of fibonacci", sum(line.endswith(" Counts.fibonacci(I)I") for line in lines), 465)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--coracle", default=os.path.join(ROOT, "build", "coracle"))
    parser.add_argument("--build", default=os.path.join(ROOT, "build", "test", "explain"))
    arguments = parser.parse_args()
    folder = os.path.join(arguments.build, "classes")
    os.makedirs(folder, exist_ok=True)
    sources = [os.path.join(ROOT, "test", "run", "explain", name) for name in ("Counts.java", "Threads.java", "Collects.java")]
    run(["javac", "-nowarn", "-d", folder, *sources])
    with open(os.path.join(folder, "Old.class"), "wb") as file:
        file.write(subroutine_class())
    check = Check("explain")
    coracle = [arguments.coracle]
    sys.setrecursionlimit(20000)

    names = sorted(name[:-6] for name in os.listdir(folder) if name.startswith("Counts"))
    methods = expected("javap", folder, "Counts", names)
    rows, done = told(coracle, folder, "Counts", arguments.build, "--trace", "--rows", "400")
    compare(check, rows, methods)
    check_register_code(check, rows)
    check_outputs(check, arguments.build, rows, done)
    rows, _ = told(coracle, folder, "Old", arguments.build)
    compare(check, rows, expected("javap", folder, "Old", ["Old"]))
    rows, _ = told(coracle, folder, "Counts", arguments.build, "-Xshare:off")
    compare(check, rows, methods)
    rows, _ = told(coracle, folder, "Threads", arguments.build)
    check_threads(check, rows, read_listing(run(["javap", "-c", "-p", "-s", "-cp", folder, "Threads"]).stdout))
    check_trace(check, coracle, folder)
    _, done = told(coracle, folder, "Collects", arguments.build)
    check.equal("a program that collects", (done.returncode, done.stdout, done.stderr), (0, run(["java", "-cp", folder, "Collects"]).stdout, ""))
    check.finish()


if __name__ == "__main__":
    main()
