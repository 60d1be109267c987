#!/usr/bin/env python3
"""image_from_text.py - makes a tiny 64-bit Spur image from Smalltalk text.

    image_from_text.py [--set v3|sista] [--closures] [--coverage FILE] OUTPUT.image SOURCE.st...

Source files hold class lines and methods. A class line is

    class NAME SUPERCLASS [kind=fixed|variable|bytes|words|words32|weak|ephemeron|method|context] [VARIABLE...]

A method begins at the left margin with `NAME >> pattern` or `NAME class >> pattern`; its body is indented. The image
starts with a process that runs `Main class >> main`. --closures: SistaV1 blocks lie in their method, not in their own.
"""
import re, struct, sys, os
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from compiler import Compiler, CompileError, Symbol, Char, Binding, CompiledBlock, SPECIAL

BASE = 0x10000000
FORMATS = {'fixed': 1, 'variable': 2, 'context': 3, 'weak': 4, 'ephemeron': 5, 'words': 9, 'words32': 10, 'bytes': 16, 'method': 24}
INDEXES = {'SmallInteger': 1, 'Character': 2, 'SmallFloat64': 4, 'LargeNegativeInteger': 32, 'LargePositiveInteger': 33,
           'BoxedFloat64': 34, 'Message': 35, 'Context': 36, 'BlockClosure': 37, 'FullBlockClosure': 38, 'Array': 51}

class Object:
    def __init__(self, cls, format, slots=None, data=None):
        self.cls, self.format, self.slots, self.data, self.hash, self.address = cls, format, slots, data, 0, 0
    def slot_count(self):
        if self.slots is None: return (len(self.data) + 7) // 8
        return len(self.slots) + (len(self.data) + 7) // 8 if self.data is not None else len(self.slots)

class Class:
    def __init__(self, name, parent, kind, variables):
        self.name, self.parent, self.kind, self.variables = name, parent, kind, variables
        self.methods, self.class_methods = {}, {}
    def all_variables(self): return (self.parent.all_variables() if self.parent else []) + self.variables
    def format(self):
        kind = self.kind or (self.parent and self.parent.format_name()) or 'fixed'
        format = FORMATS[kind]
        if format == 1 and not self.all_variables(): format = 0
        return format
    def format_name(self): return self.kind or (self.parent.format_name() if self.parent else 'fixed')

class Image:
    def __init__(self, sista, full_blocks):
        self.sista, self.full_blocks = sista, full_blocks
        self.objects, self.symbols, self.globals, self.classes, self.class_objects = [], {}, {}, {}, {}
        self.next_hash, self.next_index, self.table = 1, 64, {}
        self.coverage = set()

    # objects
    def make(self, cls, format, slots=None, data=None):
        object = Object(cls, format, slots, data)
        self.objects.append(object)
        return object
    def bytes(self, cls, data): return self.make(cls, 16 + (-len(data) & 7), data=data)
    def symbol(self, name):
        if name not in self.symbols:
            object = self.symbols[name] = self.bytes('Symbol', name.encode('latin-1'))
            object.hash = self.next_hash = (self.next_hash * 1103515245 + 12345) % 4194303 + 1
        return self.symbols[name]
    def array(self, items): return self.make('Array', 2, slots=list(items))
    def binding(self, name):
        if name not in self.globals:
            self.globals[name] = self.make('Association', 1, slots=[self.symbol(name), self.nil])
        return self.globals[name]
    def float(self, number):
        raw, = struct.unpack('<Q', struct.pack('<d', number))
        exponent, mantissa = raw >> 52 & 0x7ff, raw & ((1 << 52) - 1)
        if exponent > 896 and exponent <= 1151 or exponent == 896 and mantissa or exponent == 0 and mantissa == 0:
            rotated = (raw << 1 | raw >> 63) & (1 << 64) - 1
            return ('immediate', ((rotated - (896 << 53) if rotated > 1 else rotated) << 3) | 4)
        return self.make('BoxedFloat64', 9, data=struct.pack('<d', number))
    def literal(self, value, owner=None):
        if isinstance(value, Object) or isinstance(value, tuple): return value
        if value is None: return self.nil
        if value is True: return self.true
        if value is False: return self.false
        if isinstance(value, Binding): return self.binding(str(value))
        if isinstance(value, Symbol): return self.symbol(str(value))
        if isinstance(value, Char): return ('immediate', ord(value) << 3 | 2)
        if isinstance(value, CompiledBlock): return self.method_object(value, 'CompiledBlock', None, owner)
        if isinstance(value, str): return self.bytes('ByteString', value.encode('latin-1'))
        if isinstance(value, bytes): return self.bytes('ByteArray', value)
        if isinstance(value, float): return self.float(value)
        if isinstance(value, list): return self.array([self.literal(v) for v in value])
        if -(1 << 60) <= value < 1 << 60: return ('immediate', (value << 3 | 1) & (1 << 64) - 1)
        data = abs(value).to_bytes((abs(value).bit_length() + 7) // 8, 'little')
        return self.bytes('LargeNegativeInteger' if value < 0 else 'LargePositiveInteger', data)

    # methods
    def method_object(self, compiled, cls, class_name, owner=None):
        method = self.make(cls, 24, slots=[None], data=compiled.bytes)
        literals = [self.literal(v, method) for v in compiled.literals]
        if class_name is not None:
            literals += [self.symbol(compiled.selector), self.class_binding(class_name)]
        else:
            literals += [owner]
        primitive = getattr(compiled, 'primitive', 0)
        header = len(literals) | bool(primitive) << 16 | (compiled.most > 14) << 17 | compiled.temps << 18 | compiled.arguments << 24
        if self.sista: header -= 1 << 60
        method.slots = [('immediate', (header << 3 | 1) & (1 << 64) - 1)] + literals
        method.format = 24 + (-len(compiled.bytes) & 7)
        self.cover(compiled.bytes)
        return method
    def class_binding(self, name):
        if name.endswith(' class'):
            return self.make('Association', 1, slots=[self.nil, ('metaclass', name[:-6])])
        return self.binding(name)
    def cover(self, code):
        at = 0
        while at < len(code):
            byte = code[at]
            self.coverage.add(byte)
            if self.sista: at += 1 if byte < 224 else 2 if byte < 248 else 3
            elif byte == 143: at += 4
            elif byte in (132, 139, 140, 141, 142): at += 3
            elif byte in (128, 129, 130, 131, 133, 134, 138) or 160 <= byte < 176: at += 2
            else: at += 1

    # sources
    def read(self, path):
        current, lines = None, []
        for number, line in enumerate(open(path, encoding='latin-1').read().split('\n') + ['end'], 1):
            if line[:1] in ('', ' ', '\t'):
                lines.append(line)
                continue
            if current: self.add_method(path, current, lines)
            current, lines = None, []
            if line.startswith('"') or line == 'end': continue
            words = line.split()
            if words[0] == 'class':
                kind = [w[5:] for w in words if w.startswith('kind=')]
                parent = self.classes.get(words[2])
                self.classes[words[1]] = Class(words[1], parent, kind[0] if kind else None, [w for w in words[3:] if '=' not in w])
            else:
                match = re.match(r'(\w+)( class)? >> (.*)', line)
                if not match: raise CompileError('%s:%d: neither a class nor a method: %s' % (path, number, line))
                current, lines = (match.group(1), bool(match.group(2)), number), [match.group(3)]
    def add_method(self, path, key, lines):
        name, meta, number = key
        if name not in self.classes: raise CompileError('%s:%d: no class %s' % (path, number, name))
        cls = self.classes[name]
        (cls.class_methods if meta else cls.methods)[(path, number)] = '\n'.join(lines)
    def compile_methods(self, cls, meta):
        methods = {}
        variables = [] if meta else cls.all_variables()
        for (path, number), text in (cls.class_methods if meta else cls.methods).items():
            compiler = Compiler(self.sista, variables, full_blocks=self.full_blocks)
            try:
                compiled = compiler.compile(text)
                methods[compiled.selector] = self.method_object(compiled, 'CompiledMethod', cls.name + (' class' if meta else ''))
            except (CompileError, ValueError, AssertionError, AttributeError) as error:
                raise CompileError('%s:%d: %s' % (path, number, error))
        return self.dictionary(methods)
    def dictionary(self, methods):
        size = 8
        while size < 2 * len(methods): size *= 2
        keys, values = [self.nil] * size, [self.nil] * size
        for selector, method in methods.items():
            symbol = self.symbol(selector)
            at = symbol.hash & size - 1
            while keys[at] is not self.nil: at = (at + 1) % size
            keys[at], values[at] = symbol, method
        return self.make('MethodDictionary', 3, slots=[self.literal(len(methods)), self.array(values)] + keys)

    # classes
    def make_classes(self):
        for name in self.classes:
            if name in self.globals and self.globals[name].slots[1] is not self.nil: continue
            cls, meta = self.make(('metaclass', name), 1, slots=[self.nil] * 9), self.make('Metaclass', 1, slots=[self.nil] * 6)
            self.class_objects[name] = (cls, meta)
            self.binding(name).slots[1] = cls
            index = INDEXES.get(name)
            if index is None: index, self.next_index = self.next_index, self.next_index + 1
            cls.hash, self.table[index] = index, cls
            meta.hash, self.table[self.next_index] = self.next_index, meta
            self.next_index += 1
            if name == 'SmallInteger': self.table[3] = cls
        for name, (cls, meta) in self.class_objects.items():
            info = self.classes[name]
            parent = self.class_objects[info.parent.name] if info.parent else None
            cls.slots[0] = parent[0] if parent else self.nil
            meta.slots[0] = parent[1] if parent else self.class_objects['Class'][0]
            cls.slots[1], meta.slots[1] = self.compile_methods(info, False), self.compile_methods(info, True)
            cls.slots[2] = self.literal(info.format() << 16 | len(info.all_variables()))
            meta.slots[2] = self.literal(1 << 16 | 9)
            cls.slots[6], meta.slots[5] = self.bytes('ByteString', name.encode()), cls

    def make_special(self):
        def cls(name): return self.class_objects[name][0] if name in self.class_objects else self.nil
        special = [self.nil] * 60
        lists = self.array([self.make('LinkedList', 1, slots=[self.nil, self.nil]) for i in range(8)])
        process = self.make('Process', 1, slots=[self.nil, self.start_context(), self.literal(4), self.nil])
        scheduler = self.make('ProcessorScheduler', 1, slots=[lists, process])
        self.binding('Processor').slots[1] = scheduler
        special[0:3] = [self.nil, self.false, self.true]
        special[3] = self.binding('Processor')
        for at, name in ((5, 'SmallInteger'), (6, 'ByteString'), (7, 'Array'), (9, 'BoxedFloat64'), (10, 'Context'), (12, 'Point'),
                         (13, 'LargePositiveInteger'), (15, 'Message'), (16, 'CompiledMethod'), (18, 'Semaphore'), (19, 'Character'),
                         (26, 'ByteArray'), (27, 'Process'), (36, 'BlockClosure'), (37, 'FullBlockClosure'), (42, 'LargeNegativeInteger')):
            special[at] = cls(name)
        for at, name in ((20, 'doesNotUnderstand:'), (21, 'cannotReturn:'), (25, 'mustBeBoolean'), (34, 'cannotInterpret:'), (48, 'aboutToReturn:through:'),
                         (49, 'run:with:in:'), (50, 'attemptToAssign:withIndex:'), (57, 'unusedBytecode')):
            special[at] = self.symbol(name)
        selectors = []
        for i, name in enumerate(SPECIAL):
            name = name or ('~~' if self.sista else 'blockCopy:')
            count = name.count(':') or (0 if name[0].isalpha() else 1)
            selectors += [self.symbol(name), self.literal(count)]
        special[23] = self.array(selectors)
        special[51] = self.array([self.nil] + [self.symbol(s) for s in (
            'bad receiver', 'bad argument', 'bad index', 'bad number of arguments', 'inappropriate operation',
            'unsupported operation', 'no modification', 'insufficient object memory', 'insufficient C memory', 'not found')])
        return self.array(special)
    def start_context(self):
        method = self.find_method('Main', 'main')
        header = method.slots[0][1] >> 3
        pc = 8 * len(method.slots) + 1
        temps = header >> 18 & 63
        slots = [self.nil, self.literal(pc), self.literal(temps), method, self.nil, self.class_objects['Main'][0]]
        return self.make('Context', 3, slots=slots + [self.nil] * 56)
    def find_method(self, class_name, selector):
        dictionary = self.class_objects[class_name][1].slots[1]
        for key, method in zip(dictionary.slots[2:], dictionary.slots[1].slots):
            if key is self.symbols.get(selector): return method
        raise CompileError('no method %s class >> %s' % (class_name, selector))

    # the file
    def build(self, sources):
        self.nil, self.false, self.true = Object('UndefinedObject', 0, slots=[]), Object('False', 0, slots=[]), Object('True', 0, slots=[])
        for path in sources: self.read(path)
        self.make_classes()
        self.special = self.make_special()
    def class_index(self, object):
        cls = object.cls
        if isinstance(cls, tuple): return self.class_objects[cls[1]][1].hash
        if isinstance(cls, int): return cls
        if cls not in self.class_objects: raise CompileError('no class ' + cls)
        return self.class_objects[cls][0].hash
    def write(self, path):
        hidden = Object(16, 2, slots=[self.nil] * 4104)
        free = Object(19, 9, data=bytes(512))
        pages = [Object(16, 2, slots=[self.table.get(p * 1024 + i, self.nil) for i in range(1024)]) for p in range(self.next_index // 1024 + 1)]
        for i, page in enumerate(pages): hidden.slots[i] = page
        order = [self.nil, self.false, self.true, free, hidden] + self.objects + pages
        address = BASE
        for object in order:
            count = object.slot_count()
            address += 8 if count >= 255 else 0
            object.address = address
            address += 8 + 8 * max(count, 1)
        out = bytearray()
        for object in order: self.put(out, object)
        total = len(out) + 16
        out += struct.pack('<QQ', 1 << 55 | 1 << 30 | 9 << 24 | 3, 0)
        header = bytearray(128)
        struct.pack_into('<IIQQQQQQ', header, 0, 68021, 128, total, BASE, self.special.address, 1, 640 << 16 | 480, 0)
        struct.pack_into('<QQ', header, 72, total, 0)
        with open(path, 'wb') as file: file.write(header + out)
    def put(self, out, object):
        count = object.slot_count()
        if count >= 255: out += struct.pack('<Q', 255 << 56 | count)
        out += struct.pack('<Q', min(count, 255) << 56 | object.hash << 32 | object.format << 24 | self.class_index(object))
        for slot in object.slots or []: out += struct.pack('<Q', self.value(slot))
        if object.data is not None: out += object.data + bytes(-len(object.data) & 7)
        if count == 0: out += bytes(8)
    def value(self, slot):
        if isinstance(slot, Object): return slot.address
        if slot[0] == 'metaclass': return self.class_objects[slot[1]][1].address
        return slot[1]

def main(arguments):
    sista = full = True
    sista, coverage, files = False, None, []
    while arguments:
        word = arguments.pop(0)
        if word == '--set': sista = arguments.pop(0) == 'sista'
        elif word == '--closures': full = False
        elif word == '--coverage': coverage = arguments.pop(0)
        else: files.append(word)
    if len(files) < 2:
        print(__doc__, file=sys.stderr)
        return 2
    image = Image(sista, full)
    try:
        image.build(files[1:])
        image.write(files[0])
    except CompileError as error:
        print('image_from_text:', error, file=sys.stderr)
        return 1
    if coverage:
        with open(coverage, 'w') as file: file.write(' '.join(map(str, sorted(image.coverage))) + '\n')
    return 0

if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
