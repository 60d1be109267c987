"""A small Smalltalk compiler: methods in text to bytecodes of V3-with-closures or SistaV1.

It knows no image: literals stay Python values (Symbol, Char, Binding, CompiledBlock), which image.py turns into objects.
"""
import re

class Symbol(str): pass
class Char(str): pass
class Binding(str): "a global variable's name, as a literal"
class CompileError(Exception): pass

SPECIAL = ['+', '-', '<', '>', '<=', '>=', '=', '~=', '*', '/', '\\\\', '@', 'bitShift:', '//', 'bitAnd:', 'bitOr:',
           'at:', 'at:put:', 'size', 'next', 'nextPut:', 'atEnd', '==', 'class', None, 'value', 'value:', 'do:', 'new',
           'new:', 'x', 'y']

# ---- reading ----

TOKEN = re.compile(r'''\s*(?:"(?:[^"])*"\s*)*(?:
    (?P<float>-?\d+\.\d+(?:e-?\d+)?) | (?P<radix>-?\d+r-?[0-9A-Z]+) | (?P<int>-?\d+) |
    (?P<keyword>[A-Za-z_]\w*:(?!=)) | (?P<name>[A-Za-z_]\w*) |
    (?P<string>'(?:[^']|'')*') | (?P<symbol>\#(?:(?:[A-Za-z_]\w*:?)+|[-+*/\\<>=~@%|&?,!]+|'(?:[^']|'')*')) |
    (?P<char>\$.) | (?P<open>\#\(|\#\[) | (?P<assign>:=) |
    (?P<punct>[()\[\]{}.;^:|]) | (?P<binary>[-+*/\\<>=~@%&?,!]+)
    )''', re.X | re.S)

def tokenize(text):
    at, tokens = 0, []
    end = len(text.rstrip())
    while at < end:
        match = TOKEN.match(text, at)
        if not match:
            rest = re.match(r'\s*(?:"[^"]*"\s*)*$', text[at:])
            if rest:
                break
            raise CompileError('cannot read: %r' % text[at:at + 30])
        kind = match.lastgroup
        word = match.group(kind)
        # "a-1" is a subtraction: a number's sign counts only where an operand may begin
        if kind in ('int', 'float', 'radix') and word[0] == '-' and tokens and (
                tokens[-1][0] in ('name', 'int', 'float', 'radix', 'string', 'symbol', 'char') or tokens[-1][1] in (')', ']', '}')):
            tokens.append(('binary', '-'))
            at = match.start(kind) + 1
            continue
        tokens.append((kind, word))
        at = match.end()
    tokens.append(('end', ''))
    return tokens

def number_of(kind, word):
    if kind == 'int': return int(word)
    if kind == 'float': return float(word)
    sign = -1 if word[0] == '-' else 1
    base, digits = word.lstrip('-').split('r')
    return sign * int(digits, int(base))

class Node:
    def __init__(self, kind, **fields):
        self.kind = kind
        self.__dict__.update(fields)

class Parser:
    def __init__(self, text):
        self.tokens, self.at = tokenize(text), 0
    def peek(self): return self.tokens[self.at]
    def next(self):
        self.at += 1
        return self.tokens[self.at - 1]
    def accept(self, word):
        if self.peek()[1] == word and self.peek()[0] in ('punct', 'binary', 'assign'):
            self.at += 1
            return True
        return False
    def expect(self, word):
        if not self.accept(word):
            raise CompileError('%r expected, %r found' % (word, self.peek()[1]))

    def method(self):
        kind, word = self.next()
        arguments = []
        if kind == 'name':
            selector = word
        elif kind in ('binary', 'punct'):
            selector = word
            arguments.append(self.next()[1])
        else:
            selector = word
            arguments.append(self.next()[1])
            while self.peek()[0] == 'keyword':
                selector += self.next()[1]
                arguments.append(self.next()[1])
        node = Node('method', selector=selector, arguments=arguments, primitive=0, error=None, raw=None)
        self.pragmas(node)
        node.temps = self.temps()
        self.pragmas(node)
        node.body = self.statements('end')
        return node
    def pragmas(self, node):
        while self.peek() == ('binary', '<') and self.tokens[self.at + 1][0] == 'keyword':
            self.next()
            while not self.accept('>'):
                keyword, (kind, word) = self.next()[1], self.next()
                if keyword == 'primitive:':
                    node.primitive = int(word) if kind == 'int' else [word[1:-1], None]
                elif keyword == 'module:':
                    node.primitive = [node.primitive[0], word[1:-1]]
                elif keyword == 'error:':
                    node.error = word
                elif keyword == 'bytes:':  # raw bytecodes: a literal array of bytes, then of literals
                    node.raw = self.literal_array(']')
                elif keyword == 'literals:':
                    node.raw_literals = self.literal_array(')')
                elif keyword == 'temps:':
                    node.raw_temps = int(word)
                else:
                    raise CompileError('pragma ' + keyword)
    def temps(self):
        names = []
        if self.accept('|'):
            while not self.accept('|'):
                names.append(self.next()[1])
        return names
    def statements(self, end):
        list = []
        while True:
            while self.accept('.'): pass
            if self.peek()[1] == end or self.peek()[0] == 'end':
                break
            if self.accept('^'):
                list.append(Node('return', value=self.expression()))
            else:
                list.append(self.expression())
            if not self.accept('.'):
                break
        if end != 'end':
            self.expect(end)
        elif self.peek()[0] != 'end':
            raise CompileError('unexpected %r' % self.peek()[1])
        return list
    def expression(self):
        if self.peek()[0] == 'name' and self.tokens[self.at + 1][0] == 'assign':
            name = self.next()[1]
            self.next()
            return Node('assign', name=name, value=self.expression())
        node = self.keyword_send(self.binary_send(self.unary_send(self.primary())))
        if self.peek()[1] == ';' and node.kind == 'send':
            receiver, messages = node.receiver, [(node.selector, node.arguments)]
            while self.accept(';'):
                part = self.keyword_send(self.binary_send(self.unary_send(Node('cascaded'))))
                messages.append((part.selector, part.arguments))
            return Node('cascade', receiver=receiver, messages=messages)
        return node
    def unary_send(self, node):
        while self.peek()[0] == 'name':
            node = Node('send', receiver=node, selector=self.next()[1], arguments=[])
        return node
    def binary_send(self, node):
        while self.peek()[0] == 'binary' or self.peek() == ('punct', '|'):
            selector = self.next()[1]
            argument = self.unary_send(self.primary())
            node = Node('send', receiver=node, selector=selector, arguments=[argument])
        return node
    def keyword_send(self, node):
        selector, arguments = '', []
        while self.peek()[0] == 'keyword':
            selector += self.next()[1]
            arguments.append(self.binary_send(self.unary_send(self.primary())))
        return Node('send', receiver=node, selector=selector, arguments=arguments) if selector else node
    def primary(self):
        kind, word = self.next()
        if kind == 'name':
            return Node('variable', name=word)
        if kind in ('int', 'float', 'radix'):
            return Node('literal', value=number_of(kind, word))
        if kind == 'string':
            return Node('literal', value=word[1:-1].replace("''", "'"))
        if kind == 'symbol':
            return Node('literal', value=Symbol(word[2:-1] if word[1] == "'" else word[1:]))
        if kind == 'char':
            return Node('literal', value=Char(word[1]))
        if word == '(':
            node = self.expression()
            self.expect(')')
            return node
        if word == '[':
            return self.block()
        if word == '{':
            return Node('brace', elements=self.statements('}'))
        if kind == 'open':
            return Node('literal', value=self.literal_array(')' if word == '#(' else ']'))
        if word == '-' and self.peek()[0] in ('int', 'float'):
            return Node('literal', value=-number_of(*self.next()))
        raise CompileError('unexpected %r' % word)
    def literal_array(self, end):
        if self.peek()[1] in ('(', '[') or self.peek()[0] == 'open':
            if self.tokens[self.at - 1][0] == 'keyword':
                self.next()
        items = []
        while not self.accept(end):
            kind, word = self.next()
            if kind in ('int', 'float', 'radix'): items.append(number_of(kind, word))
            elif kind == 'string': items.append(word[1:-1].replace("''", "'"))
            elif kind == 'char': items.append(Char(word[1]))
            elif kind == 'symbol': items.append(Symbol(word[1:]))
            elif word in ('nil', 'true', 'false'): items.append({'nil': None, 'true': True, 'false': False}[word])
            elif kind == 'open' or word in '([': items.append(self.literal_array(']' if word in ('[', '#[') else ')'))
            elif kind == 'end': raise CompileError('a literal array without end')
            elif kind == 'name' and word[0].isupper() and end == ')' and self.tokens[self.at][1] == '.':
                self.next()
                items.append(Binding(word))
            else: items.append(Symbol(word))
        return bytes(items) if end == ']' else items
    def block(self):
        arguments = []
        while self.accept(':'):
            arguments.append(self.next()[1])
        if arguments and self.peek()[1] != ']':
            self.expect('|')
        temps = self.temps()
        return Node('block', arguments=arguments, temps=temps, body=self.statements(']'))

# ---- variables ----

class Variable:
    def __init__(self, name, scope, argument):
        self.name, self.scope, self.argument = name, scope, argument
        self.captured = self.assigned = False
    @property
    def remote(self): return self.captured and self.assigned

class Scope:
    "A method or a block that is a closure."
    def __init__(self, parent, node):
        self.parent, self.node = parent, node
        self.variables = []   # arguments, then temporaries (those of inlined blocks too)
        self.free = []        # what is copied into a block: variables and vectors of scopes
        self.names = [{}]
    def declare(self, name, argument=False):
        variable = Variable(name, self, argument)
        self.variables.append(variable)
        self.names[-1][name] = variable
        return variable
    def find(self, name):
        for names in reversed(self.names):
            if name in names:
                return names[name]
    @property
    def vector(self): return [v for v in self.variables if v.remote]

INLINED = {'ifTrue:': (0,), 'ifFalse:': (0,), 'ifTrue:ifFalse:': (0, 0), 'ifFalse:ifTrue:': (0, 0), 'and:': (0,), 'or:': (0,),
           'whileTrue:': (0,), 'whileFalse:': (0,), 'whileTrue': (), 'whileFalse': (), 'ifNil:': (0,), 'ifNotNil:': (None,),
           'ifNil:ifNotNil:': (0, None), 'to:do:': (None, 1), 'to:by:do:': (None, None, 1)}

def is_inlined(node):
    if node.kind != 'send' or node.selector not in INLINED:
        return False
    if node.selector.startswith('while') and not (node.receiver.kind == 'block' and not node.receiver.arguments):
        return False
    if node.selector.startswith('to:'):
        last = node.arguments[-1]
        step_ok = len(node.arguments) == 2 or (node.arguments[1].kind == 'literal' and node.arguments[1].value != 0)
        return last.kind == 'block' and len(last.arguments) == 1 and step_ok
    return all(a.kind == 'block' and len(a.arguments) <= (1 if 'NotNil' in node.selector else 0) for a in node.arguments)

# ---- analysis: binds names to variables, marks those that closures capture ----

class Analysis:
    def __init__(self, method, instance_variables):
        self.instance_variables = instance_variables
        self.scope = Scope(None, method)
        method.scope = self.scope
        for name in method.arguments: self.scope.declare(name, True)
        if method.error: self.scope.declare(method.error)
        for name in method.temps: self.scope.declare(name)
        for node in method.body: self.visit(node)
    def look_up(self, name, assigning):
        scope = self.scope
        while scope:
            variable = scope.find(name)
            if variable:
                if scope is not self.scope: variable.captured = True
                if assigning: variable.assigned = True
                return variable
            scope = scope.parent
        return None
    def visit(self, node):
        getattr(self, 'visit_' + node.kind)(node)
    def visit_return(self, node): self.visit(node.value)
    def visit_literal(self, node): pass
    def visit_cascaded(self, node): pass
    def visit_brace(self, node):
        for element in node.elements: self.visit(element)
    def visit_variable(self, node): node.variable = self.look_up(node.name, False)
    def visit_assign(self, node):
        node.variable = self.look_up(node.name, True)
        self.visit(node.value)
    def visit_cascade(self, node):
        self.visit(node.receiver)
        for selector, arguments in node.messages:
            for argument in arguments: self.visit(argument)
    def visit_send(self, node):
        if not is_inlined(node):
            self.visit(node.receiver)
            for argument in node.arguments: self.visit(argument)
            return
        for part in [node.receiver] + node.arguments:
            if part.kind == 'block' and not (part is node.receiver and not node.selector.startswith('while')):
                self.visit_inline(part, node)
            else:
                self.visit(part)
        if node.selector.startswith('to:') and node.arguments[0].kind != 'literal':
            node.limit = self.scope.declare('')
    def visit_inline(self, block, node):
        self.scope.names.append({})
        block.inline_variables = [self.scope.declare(name) for name in block.arguments + block.temps]
        if node.selector.startswith('to:'):
            block.inline_variables[0].assigned = True
        for variable in block.inline_variables[:len(block.arguments)]: variable.assigned = True
        for statement in block.body: self.visit(statement)
        self.scope.names.pop()
    def visit_block(self, node):
        self.scope = node.scope = Scope(self.scope, node)
        for name in node.arguments: self.scope.declare(name, True)
        for name in node.temps: self.scope.declare(name)
        for statement in node.body: self.visit(statement)
        self.scope = self.scope.parent

# ---- code ----

class CompiledBlock:
    "A SistaV1 block's own method: a literal of the method around it."

class Emitter:
    """Bytecodes of one method with labels. Instructions are kept as (operation, operands) until their sizes are known."""
    def __init__(self): self.items, self.label_count = [], 0
    def emit(self, *item): self.items.append(item)
    def label(self):
        self.label_count += 1
        return self.label_count
    def place(self, label): self.items.append(('label', label))

def find_free(node, scope, found):
    "The variables beyond `scope` that a block's body (with the blocks in it) refers to."
    def note(variable):
        s = variable.scope
        while s is not None and s is not scope: s = s.parent
        if s is None or variable.scope is not scope and not is_inside(variable.scope, scope):
            key = variable.scope if variable.remote else variable
            if key not in found: found.append(key)
    def walk(n):
        if n.kind in ('variable', 'assign') and getattr(n, 'variable', None): note_outer(n.variable)
        for value in n.__dict__.values():
            if isinstance(value, Node): walk(value)
            elif isinstance(value, list):
                for v in value:
                    if isinstance(v, Node): walk(v)
                    elif isinstance(v, tuple):
                        for a in v[1]: walk(a)
        if hasattr(n, 'limit') and not is_inside(n.limit.scope, scope): note_outer(n.limit)
    def note_outer(variable):
        if not is_inside(variable.scope, scope):
            key = variable.scope if variable.remote else variable
            if key not in found: found.append(key)
    for statement in node.body: walk(statement)

def is_inside(scope, outer):
    while scope is not None:
        if scope is outer: return True
        scope = scope.parent
    return False

class Generator:
    def __init__(self, compiler, scope, emitter, literals):
        self.compiler, self.scope, self.out, self.literals = compiler, scope, emitter, literals
        self.sista = compiler.sista
        arguments = [v for v in scope.variables if v.argument]
        self.slots = arguments + scope.free
        self.slots += [v for v in scope.variables if not v.argument and not v.remote]
        if scope.vector: self.slots.append(scope)
        self.argument_count = len(arguments)
        self.depth = self.most = 0

    # literals and stack depth
    def literal(self, value):
        for i, known in enumerate(self.literals):
            if type(known) is type(value) and known == value and not isinstance(value, (list, CompiledBlock)): return i
        self.literals.append(value)
        return len(self.literals) - 1
    def emit(self, change, *item):
        self.out.emit(*item)
        self.depth += change
        self.most = max(self.most, self.depth)

    def prologue(self):
        vector = self.scope.vector
        if vector:
            self.emit(1, 'new_array', len(vector))
            self.emit(-1, 'pop_temp', self.slots.index(self.scope))
            for v in vector:
                if v.argument:
                    self.emit(1, 'push_temp', self.slots.index(v))
                    self.store(v, True)

    # variables
    def push_slot(self, key): self.emit(1, 'push_temp', self.slots.index(key))
    def push_variable(self, variable):
        if variable.remote:
            self.emit(1, 'push_remote', variable.scope.vector.index(variable), self.slots.index(variable.scope))
        else:
            self.push_slot(variable)
    def store(self, variable, pop):
        change = -1 if pop else 0
        if variable.remote:
            self.emit(change, 'pop_remote' if pop else 'store_remote', variable.scope.vector.index(variable), self.slots.index(variable.scope))
        else:
            self.emit(change, 'pop_temp' if pop else 'store_temp', self.slots.index(variable))
    def push_name(self, node):
        name = node.name
        if getattr(node, 'variable', None): return self.push_variable(node.variable)
        if name in ('self', 'super'): return self.emit(1, 'push_self')
        if name in ('nil', 'true', 'false'): return self.emit(1, 'push_special', name)
        if name == 'thisContext': return self.emit(1, 'push_context')
        if name in self.compiler.instance_variables:
            return self.emit(1, 'push_field', self.compiler.instance_variables.index(name))
        if not name[0].isupper(): raise CompileError('unknown variable ' + name)
        self.emit(1, 'push_global', self.literal(Binding(name)))
    def store_name(self, node, pop):
        change = -1 if pop else 0
        if getattr(node, 'variable', None): return self.store(node.variable, pop)
        if node.name in self.compiler.instance_variables:
            return self.emit(change, 'pop_field' if pop else 'store_field', self.compiler.instance_variables.index(node.name))
        if not node.name[0].isupper(): raise CompileError('unknown variable ' + node.name)
        self.emit(change, 'pop_global' if pop else 'store_global', self.literal(Binding(node.name)))

    # nodes
    def value(self, node): getattr(self, 'value_' + node.kind)(node)
    def effect(self, node):
        if node.kind == 'assign':
            self.value(node.value)
            self.store_name(node, True)
        elif node.kind == 'return':
            self.value_return(node)
        elif is_inlined(node):
            self.inline(node, False)
        else:
            self.value(node)
            self.emit(-1, 'pop')
    def value_variable(self, node): self.push_name(node)
    def value_assign(self, node):
        self.value(node.value)
        self.store_name(node, False)
    def value_literal(self, node): self.push_literal(node.value)
    def push_literal(self, value):
        if value is None or value is True or value is False:
            return self.emit(1, 'push_special', {None: 'nil', True: 'true', False: 'false'}[value])
        if type(value) is int and (value in (-1, 0, 1, 2) and not self.sista or self.sista and -32768 <= value <= 32767):
            return self.emit(1, 'push_int', value)
        if isinstance(value, Char) and self.sista:
            return self.emit(1, 'push_char', ord(value))
        self.emit(1, 'push_literal', self.literal(value))
    def value_return(self, node):
        in_block = self.scope.parent is not None
        value = node.value
        special = value.kind == 'variable' and not getattr(value, 'variable', None) and value.name in ('self', 'nil', 'true', 'false')
        if special:
            self.emit(0, 'return_special', value.name)
        else:
            self.value(value)
            self.emit(-1, 'return_top')
    def value_brace(self, node):
        for element in node.elements: self.value(element)
        self.emit(1 - len(node.elements), 'new_array_filled', len(node.elements))
    def value_cascade(self, node):
        self.value(node.receiver)
        for i, (selector, arguments) in enumerate(node.messages):
            last = i == len(node.messages) - 1
            if not last: self.emit(1, 'dup')
            for argument in arguments: self.value(argument)
            self.send(selector, len(arguments), False)
            if not last: self.emit(-1, 'pop')
    def value_send(self, node):
        if is_inlined(node): return self.inline(node, True)
        self.value(node.receiver)
        for argument in node.arguments: self.value(argument)
        self.send(node.selector, len(node.arguments), node.receiver.kind == 'variable' and node.receiver.name == 'super')
    def send(self, selector, count, to_super):
        special = SPECIAL.index(selector) if selector in SPECIAL else None
        if selector == '~~' and self.sista: special = 24
        if special is not None and not to_super and self.compiler.use_special:
            self.emit(-count, 'send_special', special)
        else:
            self.emit(-count, 'send_super' if to_super else 'send', self.literal(Symbol(selector)), count)
    def value_block(self, node):
        inner = node.scope
        inner.free = []
        find_free(node, inner, inner.free)
        for key in inner.free: self.push_slot(key)
        copied = len(inner.free)
        if self.sista and self.compiler.full_blocks:
            block = self.compiler.compile_full_block(node, self)
            self.emit(1 - copied, 'full_closure', self.literal(block), copied)
            return
        end = self.out.label()
        self.emit(1 - copied, 'closure', copied, len(node.arguments), end)
        generator = Generator(self.compiler, inner, self.out, self.literals)
        generator.block_body(node, True)
        self.most = max(self.most, generator.most + len(generator.slots))
        self.out.place(end)
    def block_body(self, node, push_temps):
        if push_temps:
            for i in range(len(self.slots) - self.argument_count - len(self.scope.free)): self.emit(1, 'push_special', 'nil')
        self.prologue()
        if not node.body and self.sista:
            return self.emit(0, 'return_block_nil')
        self.body_value(node.body)
        if not (node.body and node.body[-1].kind == 'return'):
            self.emit(-1, 'return_block')
    def body_value(self, body):
        "Leaves the value of the last statement on the stack."
        for statement in body[:-1]: self.effect(statement)
        if not body: self.emit(1, 'push_special', 'nil')
        elif body[-1].kind == 'return': self.value_return(body[-1]); self.depth += 1
        else: self.value(body[-1])

    # control structures
    def block_value(self, block, needed):
        "An inlined block, whose arguments are stored already."
        if needed: return self.body_value(block.body)
        for statement in block.body: self.effect(statement)
    def clear_temps(self, block):
        for variable in block.inline_variables[len(block.arguments):]:
            self.emit(1, 'push_special', 'nil')
            self.store(variable, True)
    def inline(self, node, needed):
        selector = node.selector
        if selector.startswith('while'): self.inline_while(node)
        elif selector.startswith('to:'): self.inline_to(node)
        elif 'Nil' in selector: return self.inline_nil(node, needed)
        else: return self.inline_if(node, needed)
        if needed: self.emit(1, 'push_special', 'nil')
    def branches(self, jump, first, second, needed):
        "Jump if the stack's top says so to `second` (a function), else go on in `first`."
        other, end = self.out.label(), self.out.label()
        self.emit(-1, jump, other)
        depth = self.depth
        first()
        after = self.depth
        self.emit(0, 'jump', end)
        self.out.place(other)
        self.depth = depth
        second()
        assert self.depth == after, 'branches leave different stacks'
        self.out.place(end)
    def inline_if(self, node, needed):
        self.value(node.receiver)
        selector, arguments = node.selector, node.arguments
        def body(i): return lambda: (self.clear_temps(arguments[i]), self.block_value(arguments[i], needed))
        def constant(name): return lambda: self.emit(1, 'push_special', name) if needed else None
        if selector == 'ifTrue:': self.branches('jump_false', body(0), constant('nil'), needed)
        elif selector == 'ifFalse:': self.branches('jump_true', body(0), constant('nil'), needed)
        elif selector == 'ifTrue:ifFalse:': self.branches('jump_false', body(0), body(1), needed)
        elif selector == 'ifFalse:ifTrue:': self.branches('jump_true', body(0), body(1), needed)
        elif selector == 'and:': self.branches('jump_false', body(0), constant('false'), needed)
        else: self.branches('jump_true', body(0), constant('true'), needed)
    def inline_nil(self, node, needed):
        self.value(node.receiver)
        blocks = dict(zip(node.selector.split(':'), node.arguments))
        self.emit(1, 'dup')
        self.emit(1, 'push_special', 'nil')
        self.send('==', 1, False)
        def when_nil():
            self.emit(-1, 'pop')
            if 'ifNil' in blocks: self.block_value(blocks['ifNil'], needed)
            elif needed: self.emit(1, 'push_special', 'nil')
        def when_not():
            if 'ifNotNil' in blocks:
                block = blocks['ifNotNil']
                if block.arguments: self.store(block.inline_variables[0], True)
                else: self.emit(-1, 'pop')
                self.block_value(block, needed)
            elif not needed: self.emit(-1, 'pop')
        self.branches('jump_false', when_nil, when_not, needed)
    def inline_while(self, node):
        start, end = self.out.label(), self.out.label()
        self.out.place(start)
        self.block_value(node.receiver, True)
        self.emit(-1, 'jump_false' if 'True' in node.selector else 'jump_true', end)
        if node.arguments:
            self.clear_temps(node.arguments[0])
            self.block_value(node.arguments[0], False)
        self.emit(0, 'jump', start)
        self.out.place(end)
    def inline_to(self, node):
        block = node.arguments[-1]
        variable = block.inline_variables[0]
        step = node.arguments[1].value if len(node.arguments) == 3 else 1
        limit = node.arguments[0]
        self.value(node.receiver)
        self.store(variable, True)
        if hasattr(node, 'limit'):
            self.value(limit)
            self.store(node.limit, True)
        start, end = self.out.label(), self.out.label()
        self.out.place(start)
        self.push_variable(variable)
        if hasattr(node, 'limit'): self.push_variable(node.limit)
        else: self.value(limit)
        self.send('<=' if step > 0 else '>=', 1, False)
        self.emit(-1, 'jump_false', end)
        self.clear_temps(block)
        self.block_value(block, False)
        self.push_variable(variable)
        self.push_literal(step)
        self.send('+', 1, False)
        self.store(variable, True)
        self.emit(0, 'jump', start)
        self.out.place(end)

# ---- bytes ----

class Bytes:
    "Encodes the emitted items; jumps grow until they fit."
    def __init__(self, items, sista):
        self.items, self.sista = items, sista
        self.lengths = [self.shortest(item) for item in items]
        while True:
            places, at, positions = {}, 0, []
            for item, length in zip(items, self.lengths):
                positions.append(at)
                if item[0] == 'label': places[item[1]] = at
                at += length
            out, changed = b'', False
            for i, item in enumerate(items):
                code = self.encode(item, positions[i], self.lengths[i], places)
                if len(code) > self.lengths[i]:
                    self.lengths[i], changed = len(code), True
                out += code.ljust(self.lengths[i], b'\0') if False else code
            if not changed and len(out) == at:
                self.bytes = out
                return
            if not changed:
                self.lengths = [max(a, len(self.encode(item, positions[i], a, places))) for i, (item, a) in enumerate(zip(items, self.lengths))]
    def shortest(self, item):
        if item[0] == 'label': return 0
        if item[0] in ('jump', 'jump_true', 'jump_false'): return 1
        return len(self.encode(item, 0, 0, None))
    def encode(self, item, position, length, places):
        if item[0] == 'label': return b''
        return bytes(getattr(self, ('sista_' if self.sista else 'v3_') + item[0])(*item[1:], **(
            dict(position=position, length=length, places=places) if item[0] in ('jump', 'jump_true', 'jump_false', 'closure') else {})))

    # V3
    def v3_push_field(self, i): return [i] if i < 16 else [128, i] if i < 64 else [132, 2 << 5, i]
    def v3_push_temp(self, i): return [16 + i] if i < 16 else [128, 64 | i]
    def v3_push_literal(self, i): return [32 + i] if i < 32 else [128, 128 | i] if i < 64 else [132, 3 << 5, i]
    def v3_push_global(self, i): return [64 + i] if i < 32 else [128, 192 | i] if i < 64 else [132, 4 << 5, i]
    def v3_pop_field(self, i): return [96 + i] if i < 8 else [130, i] if i < 64 else [132, 6 << 5, i]
    def v3_pop_temp(self, i): return [104 + i] if i < 8 else [130, 64 | i]
    def v3_push_self(self): return [112]
    def v3_push_special(self, name): return [{'true': 113, 'false': 114, 'nil': 115}[name]]
    def v3_push_int(self, i): return [117 + i]
    def v3_return_special(self, name): return [{'self': 120, 'true': 121, 'false': 122, 'nil': 123}[name]]
    def v3_return_top(self): return [124]
    def v3_return_block(self): return [125]
    def v3_store_field(self, i): return [129, i] if i < 64 else [132, 5 << 5, i]
    def v3_store_temp(self, i): return [129, 64 | i]
    def v3_store_global(self, i): return [129, 192 | i] if i < 64 else [132, 7 << 5, i]
    def v3_pop_global(self, i): return [130, 192 | i] if i < 64 else [132, 7 << 5, i, 135]
    def v3_send(self, i, n):
        if i < 16 and n < 3: return [208 + 16 * n + i]
        if i < 32 and n < 8: return [131, n << 5 | i]
        if i < 64 and n < 4: return [134, n << 6 | i]
        return [132, n, i]
    def v3_send_super(self, i, n): return [133, n << 5 | i] if i < 32 and n < 8 else [132, 1 << 5 | n, i]
    def v3_send_special(self, k): return [176 + k]
    def v3_pop(self): return [135]
    def v3_dup(self): return [136]
    def v3_push_context(self): return [137]
    def v3_new_array(self, n): return [138, n]
    def v3_new_array_filled(self, n): return [138, 128 | n]
    def v3_primitive(self, n): return [139, n & 255, n >> 8]
    def v3_push_remote(self, i, v): return [140, i, v]
    def v3_store_remote(self, i, v): return [141, i, v]
    def v3_pop_remote(self, i, v): return [142, i, v]
    def v3_closure(self, copied, n, end, position, length, places):
        size = places[end] - position - 4 if places else 0
        return [143, copied << 4 | n, size >> 8, size & 255]
    def distance(self, label, position, length, places): return places[label] - position - length if places else 0
    def v3_jump(self, label, position, length, places):
        d = self.distance(label, position, length, places)
        return [144 + d - 1] if length == 1 and 1 <= d <= 8 else [160 + 4 + (d >> 8), d & 255]
    def v3_jump_false(self, label, position, length, places):
        d = self.distance(label, position, length, places)
        return [152 + d - 1] if length == 1 and 1 <= d <= 8 else [172 + (d >> 8 & 3), d & 255]
    def v3_jump_true(self, label, position, length, places):
        d = self.distance(label, position, length, places)
        return [168 + (d >> 8 & 3), d & 255]

    # SistaV1
    def extended_a(self, i): return [224, i >> 8] if i > 255 else []
    def extended_b(self, i): return [225, i >> 8 & 255] if i < 0 or i > 255 else []
    def sista_push_field(self, i): return [i] if i < 16 else self.extended_a(i) + [226, i & 255]
    def sista_push_global(self, i): return [16 + i] if i < 16 else self.extended_a(i) + [227, i & 255]
    def sista_push_literal(self, i): return [32 + i] if i < 32 else self.extended_a(i) + [228, i & 255]
    def sista_push_temp(self, i): return [64 + i] if i < 12 else [229, i]
    def sista_push_self(self): return [76]
    def sista_push_special(self, name): return [{'true': 77, 'false': 78, 'nil': 79}[name]]
    def sista_push_int(self, i): return [80 + i] if i in (0, 1) else self.extended_b(i) + [232, i & 255]
    def sista_push_char(self, i): return self.extended_b(i) + [233, i & 255]
    def sista_push_context(self): return [82]
    def sista_dup(self): return [83]
    def sista_return_special(self, name): return [{'self': 88, 'true': 89, 'false': 90, 'nil': 91}[name]]
    def sista_return_top(self): return [92]
    def sista_return_block(self): return [94]
    def sista_return_block_nil(self): return [93]
    def sista_send_special(self, k): return [96 + k]
    def sista_send(self, i, n):
        if i < 16 and n < 3: return [128 + 16 * n + i]
        return ([224, i >> 5] if i > 31 else []) + ([225, n >> 3] if n > 7 else []) + [234, (i & 31) << 3 | n & 7]
    def sista_send_super(self, i, n):
        return ([224, i >> 5] if i > 31 else []) + ([225, n >> 3] if n > 7 else []) + [235, (i & 31) << 3 | n & 7]
    def sista_jump_form(self, label, short, long, position, length, places):
        d = self.distance(label, position, length, places)
        if length == 1 and 1 <= d <= 8: return [short + d - 1]
        if 0 <= d <= 255 and length <= 2: return [long, d]
        return [225, d >> 8 & 255, long, d & 255] if length >= 4 or places is None else [225, 0, long, 0]
    def sista_jump(self, label, position, length, places): return self.sista_jump_form(label, 176, 237, position, length, places)
    def sista_jump_true(self, label, position, length, places): return self.sista_jump_form(label, 184, 238, position, length, places)
    def sista_jump_false(self, label, position, length, places): return self.sista_jump_form(label, 192, 239, position, length, places)
    def sista_pop_field(self, i): return [200 + i] if i < 8 else self.extended_a(i) + [240, i & 255]
    def sista_pop_temp(self, i): return [208 + i] if i < 8 else [242, i]
    def sista_pop(self): return [216]
    def sista_new_array(self, n): return [231, n]
    def sista_new_array_filled(self, n): return [231, 128 | n]
    def sista_pop_global(self, i): return self.extended_a(i) + [241, i & 255]
    def sista_store_field(self, i): return self.extended_a(i) + [243, i & 255]
    def sista_store_global(self, i): return self.extended_a(i) + [244, i & 255]
    def sista_store_temp(self, i): return [245, i]
    def sista_primitive(self, n): return [248, n & 255, n >> 8]
    def sista_full_closure(self, i, copied): return self.extended_a(i) + [249, i & 255, copied]
    def sista_closure(self, copied, n, end, position, length, places):
        head = [224, (copied >> 3) * 16 + (n >> 3)] if copied > 7 or n > 7 else []
        # always with ExtB, so that the length does not depend on the size
        size = places[end] - position - len(head) - 5 if places else 0
        return head + [225, size >> 8, 250, (copied & 7) << 3 | n & 7, size & 255]
    def sista_push_remote(self, i, v): return [251, i, v]
    def sista_store_remote(self, i, v): return [252, i, v]
    def sista_pop_remote(self, i, v): return [253, i, v]

# ---- the whole ----

class Compiled:
    "Bytes, literals, counts: what a CompiledMethod is made of."
    def __init__(self, **fields): self.__dict__.update(fields)

class Compiler:
    def __init__(self, sista, instance_variables, use_special=True, full_blocks=True):
        self.sista, self.instance_variables, self.use_special, self.full_blocks = sista, instance_variables, use_special, full_blocks
    def compile(self, text):
        method = Parser(text).method()
        if method.raw is not None:
            return Compiled(selector=method.selector, bytes=method.raw, literals=list(getattr(method, 'raw_literals', [])),
                            arguments=len(method.arguments), temps=len(method.arguments) + getattr(method, 'raw_temps', 0),
                            primitive=method.primitive, most=40)
        Analysis(method, self.instance_variables)
        emitter, literals = Emitter(), []
        generator = Generator(self, method.scope, emitter, literals)
        if method.primitive:
            if isinstance(method.primitive, list):
                module, name = method.primitive[1], method.primitive[0]
                literals.append([module, Symbol(name), 0, 0])
                method.primitive = 117
            generator.emit(0, 'primitive', method.primitive)
            if method.error:
                generator.emit(0, 'store_temp', generator.slots.index(method.scope.find(method.error)))
        generator.prologue()
        for statement in method.body: generator.effect(statement)
        if not (method.body and method.body[-1].kind == 'return'):
            generator.emit(0, 'return_special', 'self')
        return Compiled(selector=method.selector, bytes=Bytes(emitter.items, self.sista).bytes, literals=literals,
                        arguments=len(method.arguments), temps=len(generator.slots), primitive=method.primitive,
                        most=generator.most + len(generator.slots))
    def compile_full_block(self, node, outer):
        emitter, block = Emitter(), CompiledBlock()
        block.literals = []
        generator = Generator(self, node.scope, emitter, block.literals)
        generator.block_body(node, False)
        block.bytes = Bytes(emitter.items, self.sista).bytes
        block.arguments, block.temps, block.most = len(node.arguments), len(generator.slots), generator.most + len(generator.slots)
        return block
