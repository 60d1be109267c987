"""Writes class files by hand, for what javac does not make: rare attributes, odd flags, defects."""
import struct


def u1(value):
    return struct.pack(">B", value & 0xff)


def u2(value):
    return struct.pack(">H", value & 0xffff)


def u4(value):
    return struct.pack(">I", value & 0xffffffff)


def modified_utf8(text):
    """Python text, which may hold lone surrogates, as class files have it."""
    data = b""
    for unit in struct.unpack(">%dH" % (len(text.encode("utf-16-be", "surrogatepass")) // 2), text.encode("utf-16-be", "surrogatepass")):
        if 0 < unit < 0x80:
            data += bytes([unit])
        elif unit < 0x800:
            data += bytes([0xc0 | unit >> 6, 0x80 | unit & 0x3f])
        else:
            data += bytes([0xe0 | unit >> 12, 0x80 | unit >> 6 & 0x3f, 0x80 | unit & 0x3f])
    return data


class ClassWriter:
    """A pool that grows while members and attributes are made; then bytes()."""

    def __init__(self, name="p/Made", parent="java/lang/Object", flags=0x21, version=61):
        self.pool, self.known, self.next = b"", {}, 1
        self.flags, self.version = flags, version
        self.this = self.klass(name)
        self.parent = self.klass(parent) if parent else 0
        self.interfaces, self.fields, self.methods, self.attributes = [], [], [], []

    def constant(self, data, size=1):
        if data not in self.known:
            self.known[data] = self.next
            self.pool += data
            self.next += size
        return self.known[data]

    def utf8(self, text):
        data = text if isinstance(text, bytes) else modified_utf8(text)
        return self.constant(b"\x01" + u2(len(data)) + data)

    def klass(self, name):
        return self.constant(b"\x07" + u2(self.utf8(name)))

    def string(self, text):
        return self.constant(b"\x08" + u2(self.utf8(text)))

    def integer(self, value):
        return self.constant(b"\x03" + u4(value))

    def float(self, bits):
        return self.constant(b"\x04" + u4(bits))

    def long(self, value):
        return self.constant(b"\x05" + struct.pack(">q", value), 2)

    def double(self, bits):
        return self.constant(b"\x06" + struct.pack(">Q", bits), 2)

    def name_and_type(self, name, descriptor):
        return self.constant(b"\x0c" + u2(self.utf8(name)) + u2(self.utf8(descriptor)))

    def member(self, tag, owner, name, descriptor):
        return self.constant(u1(tag) + u2(self.klass(owner)) + u2(self.name_and_type(name, descriptor)))

    def handle(self, kind, member):
        return self.constant(b"\x0f" + u1(kind) + u2(member))

    def method_type(self, descriptor):
        return self.constant(b"\x10" + u2(self.utf8(descriptor)))

    def dynamic(self, tag, bootstrap, name, descriptor):
        return self.constant(u1(tag) + u2(bootstrap) + u2(self.name_and_type(name, descriptor)))

    def module(self, name):
        return self.constant(b"\x13" + u2(self.utf8(name)))

    def package(self, name):
        return self.constant(b"\x14" + u2(self.utf8(name)))

    def attribute(self, name, data):
        return u2(self.utf8(name)) + u4(len(data)) + data

    def code(self, data, attributes=(), stack=9, local=9, exceptions=b""):
        return self.attribute("Code", u2(stack) + u2(local) + u4(len(data)) + data + u2(len(exceptions) // 8) + exceptions
                              + self.table(attributes))

    def field(self, flags, name, descriptor, attributes=()):
        self.fields.append(u2(flags) + u2(self.utf8(name)) + u2(self.utf8(descriptor)) + self.table(attributes))

    def method(self, flags, name, descriptor, attributes=()):
        self.methods.append(u2(flags) + u2(self.utf8(name)) + u2(self.utf8(descriptor)) + self.table(attributes))

    @staticmethod
    def table(items):
        return u2(len(items)) + b"".join(items)

    def bytes(self):
        body = (u2(self.flags) + u2(self.this) + u2(self.parent) + self.table([u2(index) for index in self.interfaces])
                + self.table(self.fields) + self.table(self.methods) + self.table(self.attributes))
        return u4(0xcafebabe) + u2(0) + u2(self.version) + u2(self.next) + self.pool + body


def every_constant():
    """All 17 tags, and text of all kinds."""
    w = ClassWriter()
    for text in ["", " lead and trail ", "tab\tline\nreturn\rbell\x07quote\"'\\", "\x00\x7f\x85\xa0", "é\u4e2d\u2028\ufeff", "\U0001f600",
                 "\ud800", "\udc00x\ud800", "a/b", "/a", "a//b", "a b", "1a", "a.b", "$_", "<init>", "\u00b7a", "a\u00b7", "\u2070", "€£"]:
        w.klass(text)
        w.string(text)
        w.member(10, "java/lang/" + (text or "X"), text or "x", "()V")
    for bits in [0, 1 << 63, 1, 0x7ff0000000000000, 0xfff0000000000000, 0x7ff8000000000001, 0x44b52d02c7e14af6, 0x3ff0000000000000,
                 0x7fefffffffffffff, 0x10000000000000, 0xfffffffffffff, 0x3eb0c6f7a0b5ed8d, 0x3f50624dd2f1a9fc, 0x416312d000000000]:
        w.double(bits)
        w.float(bits >> 32)
    for value in [0, -1, 1 << 62, -1 << 63, 2147483648]:
        w.long(value)
        w.integer(value)
    method = w.member(11, "java/util/List", "size", "()I")
    for kind in range(1, 10):
        w.handle(kind, method)
    w.method_type("(I[J)Lp/X;")
    w.dynamic(17, 0, "d", "I")
    w.dynamic(18, 0, "i", "()I")
    w.member(9, "p/Made", "f", "I")
    w.module("m.n")
    w.package("a/b")
    w.attributes = [w.attribute("BootstrapMethods", u2(1) + u2(w.handle(6, method)) + u2(2) + u2(w.string("x")) + u2(w.integer(7)))]
    return w.bytes()


def every_instruction():
    """Each opcode with operands of some kind, wide ones, both switches, and opcodes that are none."""
    w = ClassWriter()
    w.member(10, "p/Made", "own", "()V")
    pools = {18: w.string("s"), 19: w.float(0x40490fdb), 20: w.double(0x400921fb54442d18), 187: w.klass("p/X"), 189: w.klass("[[I"),
             192: w.klass("[Lp/X;"), 193: w.klass("p/X")}
    member = w.member(9, "p/Made", "f", "I")
    code = b""
    for op in range(202):
        code += u1(op)
        if op == 18:
            code += u1(pools[op])
        elif op in pools:
            code += u2(pools[op])
        elif op == 16 or 21 <= op <= 25 or 54 <= op <= 58 or op == 169:
            code += u1(200)
        elif op == 17 or 153 <= op <= 168 or op in (198, 199):
            code += u2(-300)
        elif op == 132:
            code += u1(255) + u1(-128)
        elif 178 <= op <= 181:
            code += u2(member)
        elif 182 <= op <= 184:
            code += u2(w.member(10 if op != 184 else 11, "p/Other", "m-n" if op == 182 else "<init>", "(J)V"))
        elif op == 185:
            code += u2(w.member(11, "p/Face", "m", "(J)V")) + u1(3) + u1(0)
        elif op == 186:
            code += u2(w.dynamic(18, 0, "lambda", "()Lp/X;")) + u2(0)
        elif op == 188:
            code += u1(4 + len(code) % 8)
        elif op == 196:
            code += b"".join(u1(inner) + u2(1000) for inner in [21])
            for inner in [22, 23, 24, 25, 54, 55, 56, 57, 58, 169]:
                code += u1(196) + u1(inner) + u2(65535)
            code += u1(196) + u1(132) + u2(500) + u2(-32768)
        elif op == 197:
            code += u2(w.klass("[[[J")) + u1(2)
        elif op in (200, 201):
            code += u4(70000)
        elif op == 170:
            code += b"\0" * (-len(code) % 4) + u4(-5) + u4(-1) + u4(1) + u4(10) + u4(-20) + u4(100000)
        elif op == 171:
            code += b"\0" * (-len(code) % 4) + u4(7) + u4(2) + u4(-2147483648) + u4(1) + u4(2147483647) + u4(2)
    code += bytes([202, 203, 230, 253])
    w.method(0x9, "all", "(IJ[DLp/X;)V", [w.code(code, exceptions=u2(0) + u2(9) + u2(70) + u2(0) + u2(1) + u2(2) + u2(3) + u2(pools[187]))])
    w.method(0x1, "all", "(IJ[DLp/X;)V", [w.code(b"\xb1")])
    return w.bytes()


def rare_attributes():
    w = ClassWriter(flags=0x7fff & ~0x8000)
    frames = (u1(3) + u1(64) + u1(0) + u1(127) + u1(7) + u2(w.this) + u1(247) + u2(9) + u1(8) + u2(4) + u1(248) + u2(1) + u1(250) + u2(2)
              + u1(251) + u2(3) + u1(252) + u2(4) + u1(1) + u1(254) + u2(5) + u1(2) + u1(3) + u1(4)
              + u1(255) + u2(6) + u2(3) + u1(5) + u1(6) + u1(0) + u2(1) + u1(1) + u1(255) + u2(0) + u2(0) + u2(0))
    inner = [w.attribute("StackMapTable", u2(10) + frames), w.attribute("StackMap", u2(1) + u2(7) + u2(1) + u1(1) + u2(0)),
             w.attribute("CharacterRangeTable", u2(2) + u2(0) + u2(1000) + u4(0x41e) + u4(0xfffffc00) + u2(0xffff) + bytes(14)), w.attribute("LineNumberTable", u2(0)), w.attribute("LineNumberTable", u2(1) + u2(0) + u2(65535)),
             w.attribute("LocalVariableTable", u2(2) + u2(0) + u2(1) + u2(w.utf8("averylongname")) + u2(w.utf8("I")) + u2(7)
                         + u2(0) + u2(1) + u2(w.utf8("\u4e2d")) + u2(w.utf8("Lé;")) + u2(65535))]
    w.method(0xffff, "m", "([I[[Ljava/lang/String;J)V", [
        w.code(b"\xb1", inner), w.attribute("Synthetic", b""), w.attribute("Deprecated", b""), w.attribute("Exceptions", u2(0)),
        w.attribute("MethodParameters", u1(4) + u2(0) + u2(0x9010) + u2(w.utf8("n")) + u2(0x8000) + u2(w.utf8("o" * 40)) + u2(0x1000) + u2(0) + u2(0)),
        w.attribute("Unknown", bytes(range(40))), w.attribute("Empty", b""), w.attribute("Sixteen", bytes(16)),
        w.attribute("RuntimeVisibleParameterAnnotations", u1(2) + u2(0) + u2(0)), w.attribute("RuntimeVisibleAnnotations", u2(0))])
    w.field(0xffff, "f", "[[Lp/X;", [w.attribute("Synthetic", b""), w.attribute("ConstantValue", u2(w.string("x y ")))])
    w.field(0x18, "c", "C", [w.attribute("ConstantValue", u2(w.integer(34)))])
    w.field(0x18, "z", "Z", [w.attribute("ConstantValue", u2(w.integer(2)))])
    w.attributes = [
        w.attribute("SourceFile", u2(w.utf8("é.java"))), w.attribute("SourceDebugExtension", b"SMAP\nA.java\r\nJSP\n\nend"),
        w.attribute("EnclosingMethod", u2(w.klass("p/Outer")) + u2(0)), w.attribute("NestMembers", u2(0)),
        w.attribute("InnerClasses", u2(3) + u2(w.klass("p/Outer$I")) + u2(w.klass("p/Outer")) + u2(w.utf8("I")) + u2(0xffff)
                    + u2(w.klass("p/Outer$1")) + u2(0) + u2(0) + u2(0x4609) + u2(w.klass("p/Q")) + u2(0) + u2(w.utf8("Q")) + u2(2)),
        w.attribute("PermittedSubclasses", u2(2) + u2(w.klass("p/A")) + u2(w.klass("p/B"))),
        w.attribute("Record", u2(2) + u2(w.utf8("a")) + u2(w.utf8("[I")) + u2(0) + u2(w.utf8("b")) + u2(w.utf8("J"))
                    + ClassWriter.table([w.attribute("Odd", b"\1"), w.attribute("Deprecated", b"")])),
        w.attribute("SourceID", u2(w.utf8("source"))), w.attribute("CompilationID", u2(w.utf8("compilation"))),
        w.attribute("BootstrapMethods", u2(1) + u2(w.handle(6, w.member(10, "p/B", "b", "()V"))) + u2(0)),
        w.attribute("SourceID", u2(w.utf8("source")))]
    return w.bytes()


def module():
    w = ClassWriter("module-info", None, 0x8000)
    a, b = w.module("m.a"), w.module("m-b")
    p = w.package("x/y")
    w.attributes = [
        w.attribute("Module", u2(a) + u2(0x9020) + u2(w.utf8("1.0")) + u2(3) + u2(b) + u2(0x9060) + u2(0) + u2(w.module("java.base")) + u2(0x8000)
                    + u2(w.utf8("17")) + u2(w.module("t")) + u2(0x20) + u2(0) + u2(2) + u2(p) + u2(0x9000) + u2(0) + u2(p) + u2(0) + u2(2) + u2(a)
                    + u2(b) + u2(2) + u2(p) + u2(0x1000) + u2(1) + u2(b) + u2(p) + u2(0) + u2(0) + u2(1) + u2(w.klass("x/S"))
                    + u2(1) + u2(w.klass("x/S")) + u2(2) + u2(w.klass("x/I")) + u2(w.klass("x/J"))),
        w.attribute("ModulePackages", u2(2) + u2(p) + u2(w.package("z"))), w.attribute("ModuleMainClass", u2(w.klass("x/Main"))),
        w.attribute("ModuleTarget", u2(w.utf8("linux-amd64"))), w.attribute("ModuleResolution", u2(0xf)),
        w.attribute("ModuleHashes", u2(w.utf8("SHA-256")) + u2(2) + u2(a) + u2(4) + b"\x01\x80\xff\x10" + u2(b) + u2(0))]
    return w.bytes()


def signatures():
    w = ClassWriter(flags=0x601)
    w.attributes = [w.attribute("Signature", u2(w.utf8("Ljava/lang/Object;")))]
    for number, text in enumerate(["<T:Ljava/lang/Object;U::Lp/I<TT;>;:Lp/J;V:TT;>(TT;[[TU;I)Lp/O<*>.In<+[I-TT;>;^TV;^Lp/X;", "()V", "<T::Lp/I;>(TT;)V",
                                   "([Ljava/util/List<[[J>;[J)V", "(Lp/\u4e2d<*>;)V"]):
        for flags in (0x401, 0x80):
            w.method(flags, "m%d" % number, "([I)V", [w.attribute("Signature", u2(w.utf8(text))),
                                                      w.attribute("Exceptions", u2(1) + u2(w.klass("p/X")))])
    w.method(0x8, "<clinit>", "()V")
    w.method(0x1, "<init>", "(Lp/X;)V")
    w.field(0, "f", "I", [w.attribute("Signature", u2(w.utf8("Lp/A<Lp/B<*>;>.C.D<[TT;>;")))])
    return w.bytes()


MADE = {"Constants": every_constant, "Instructions": every_instruction, "Rare": rare_attributes, "Module": module, "Signatures": signatures}
