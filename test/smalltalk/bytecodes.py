"""bytecodes.py - writes a test that holds every bytecode of a set: many literals and selectors, and raw methods for jumps
of each length. Each prints what it should find."""

def lines_of(name, pattern, body, expected):
    return ['Bytes >> %s' % pattern] + [b if '>>' in b else '    ' + b for b in body] + [''], 'self show: %s. "expect: %s"' % (name, expected)

def many_literals(count):
    symbols = ['#s%d' % i for i in range(count)]
    return lines_of('self literals', 'literals', ['^{' + '. '.join(symbols) + '}'], '(' + ''.join(s + ' ' for s in symbols) + ')')

def many_globals(count):
    names = ['G%d' % i for i in range(count)]
    body = ['%s := %d.' % (n, i) for i, n in enumerate(names)] + ['G%d := G%d := 7.' % (count - 1, count - 2), '^{' + '. '.join(names) + '}']
    values = list(range(count - 2)) + [7, 7]
    body = body[:-1] + ['^self readGlobals', '', 'Bytes >> readGlobals', '    ' + body[-1]]
    return lines_of('self globals', 'globals', body, '(' + ''.join('%d ' % v for v in values) + ')')

def many_sends(arguments, count):
    keywords = ['a', 'b', 'c'][:arguments]
    name = 'sends%d' % arguments
    body, methods = [], []
    for i in range(count):
        parts = ['%s%d:' % (k, i) for k in keywords] or ['u%d' % i]
        body.append('self ' + ' '.join(p + (' %d' % (j + 1) if keywords else '') for j, p in enumerate(parts)) + '.')
        methods += ['Bytes >> ' + ' '.join(p + (' x%d' % j if keywords else '') for j, p in enumerate(parts)),
                    '    sum := sum + %d' % (i + 1) + ''.join(' + x%d' % j for j in range(len(keywords))), '']
    expected = sum(range(1, count + 1)) + count * sum(range(1, arguments + 1))
    main, call = lines_of('self ' + name, name, ['sum := 0.'] + body + ['^sum'], expected)
    return main + methods, call

def raw(name, code, expected, literals='#()', temps=0):
    text = ' '.join(map(str, code))
    return ['Bytes >> %s' % name, '    <bytes: #[%s] literals: %s temps: %d>' % (text, literals, temps), ''], \
        'self show: self %s. "expect: %s"' % (name, expected)

def wide(name, code, expected):
    "As raw, of a class with many variables."
    lines, call = raw(name, code, expected)
    return [lines[0].replace('Bytes', 'Wide')] + lines[1:], call.replace('self ' + name, 'Wide new ' + name)

def filled(count, literals):
    return '#(%s %s)' % (' '.join('#f%d' % i for i in range(count)), literals)

class Set:
    "What the raw methods are made of, in one of the sets."
    def __init__(self, sista):
        self.sista = sista
        self.true, self.false, self.nil = (77, 78, 91) if sista else (113, 114, 123) # push true, push false, return nil
        self.good = 89 if sista else 121 # return true
    def methods(self):
        short = ((176, None, 'jump'), (184, self.true, 'jumpTrue'), (192, self.false, 'jumpFalse')) if self.sista else \
                ((144, None, 'jump'), (152, self.false, 'jumpFalse'))
        for first, push, name in short:
            for k in range(1, 9):
                yield raw('%s%d' % (name, k), ([push] if push else []) + [first + k - 1] + [self.nil] * k + [self.good], 'true')
        other = {self.true: self.false, self.false: self.true}
        for first, push, name in short[1:]: # not taken
            yield raw(name + 'Not', [other[push], first + 3, self.good] + [self.nil] * 5, 'true')
        yield from (self.sista_methods() if self.sista else self.v3_methods())
    def v3_methods(self):
        for page in range(4):
            n = page * 256 + 9
            yield raw('longJump%d' % page, [164 + page, 9] + [self.nil] * n + [self.good], 'true')
            yield raw('longTrue%d' % page, [self.true, 168 + page, 9] + [self.nil] * n + [self.good], 'true')
            yield raw('longFalse%d' % page, [self.false, 172 + page, 9] + [self.nil] * n + [self.good], 'true')
            back = (4 - page) * 256 - 6 # distance back, from behind the jump to the place
            filler = back - 2 - 1
            over = 1 + filler
            yield raw('backJump%d' % page, [164 + (over >> 8), over & 255, self.good] + [self.nil] * filler + [160 + page, 6], 'true')
        yield raw('sendBlockCopy', [112, 118, 200, 124], '(copied 1 )')
        yield raw('superExtended', [112, 133, 0, 124], 'base', '#(#word Bytes.)')
        yield raw('superDouble', [112, 132, 32, 0, 124], 'base', '#(#word Bytes.)')
        yield wide('doubleFields', [118, 132, 160, 200, 135, 119, 132, 192, 201, 132, 64, 200, 132, 64, 201, 138, 130, 124], '(1 2 )')
        yield raw('sendSecond', [112, 134, 0, 124], 'derived', '#(#word Bytes.)')
    def sista_methods(self):
        yield raw('nothing', [95, 95, 89], 'true')
        yield raw('extendedJump', [225, 1, 237, 0] + [self.nil] * 256 + [self.good], 'true')
        yield raw('extendedTrue', [77, 225, 1, 238, 2] + [self.nil] * 258 + [self.good], 'true')
        yield raw('extendedFalse', [78, 239, 200] + [self.nil] * 200 + [self.good], 'true')
        yield raw('backJump', [237, 1, self.good, 225, 255, 237, 251], 'true')
        yield raw('pushExtended', [224, 0, 228, 0, 92], '#word', '#(#word Bytes.)')
        yield raw('pushCharacter', [225, 1, 233, 65, 76, 216, 92], 'a Character')
        yield raw('pushProcess', [225, 1, 82, 92], 'a Process')
        yield raw('pushNegative', [225, 255, 232, 254, 92], '-2')
        yield raw('superSend', [76, 235, 0, 92], 'base', '#(#word Bytes.)')
        yield raw('directedSuper', [76, 17, 225, 64, 235, 0, 92], 'base', '#(#word Bytes.)')
        yield raw('tempExtended', [232, 9, 242, 0, 229, 0, 245, 0, 92], '9', '#()', 1)
        yield raw('fieldExtended', [232, 9, 243, 0, 240, 0, 226, 0, 92], '9')
        yield raw('farLiteral', [224, 1, 228, 3, 92], '#far', filled(259, '#far'))
        yield raw('farVariables', [232, 9, 224, 1, 244, 0, 216, 232, 8, 224, 1, 241, 1, 224, 1, 227, 0, 224, 1, 227, 1, 231, 130, 92], '(9 8 )',
                  filled(256, 'G0. G1.'))
        yield wide('farFields', [232, 9, 224, 1, 243, 0, 216, 232, 8, 224, 1, 240, 1, 224, 1, 226, 0, 224, 1, 226, 1, 231, 130, 92], '(9 8 )')
        yield raw('farSend', [76, 224, 2, 234, 0, 92], 'derived', filled(64, '#word Bytes.'))
        yield raw('farSuper', [76, 224, 2, 235, 0, 92], 'base', filled(64, '#word Bytes.'))
        yield raw('manyArguments', [76] + [80, 81] * 5 + [225, 1, 234, 2, 92], '(0 1 0 1 0 1 0 1 0 1 )', '#(#%s Bytes.)' % TEN)
        yield raw('sumOneArgument', [76, 80, 144, 92], '(with 0 )', '#(#one: Bytes.)')
        yield raw('sumTwoArguments', [76, 80, 81, 160, 92], '(with 0 1 )', '#(#one:two: Bytes.)')

TEN = ''.join('k%d:' % i for i in range(10))
SPECIALS = ['next', 'atEnd', 'value', 'new', 'x', 'y', 'size']
SPECIALS_1 = ['nextPut:', 'value:', 'do:', 'new:', 'at:', '@', '+', '-', '<', '>', '<=', '>=', '=', '~=', '*', '/', '\\\\', '//',
              'bitShift:', 'bitAnd:', 'bitOr:']

def write(path, sista):
    parts = [many_literals(70), many_globals(70)] + [many_sends(n, 70) for n in (0, 1, 2, 3)] + list(Set(sista).methods())
    text = ['"Made by bytecodes.py."', '', 'class Base Object', 'class Bytes Base sum', 'class Special Object',
            'class Wide Object ' + ' '.join('v%d' % i for i in range(260)), '',
            'Main class >> main', '    Bytes new run.', '    self quit: 0', '']
    runs = [call for method, call in parts]
    for name in SPECIALS:
        text += ['Special >> ' + name, '    ^#%s' % name, '']
        runs.append('self show: Special new %s. "expect: #%s"' % (name, name) if name != 'new' else 'self show: Special new class. "expect: Special"')
    for name in SPECIALS_1:
        text += ['Special >> %s x' % name, '    ^{#op. x}', '']
        runs.append('self show: (Special new %s 5). "expect: (#op 5 )"' % name)
    text += ['Special >> at: x put: y', '    ^{x. y}', '']
    runs.append('self show: (Special new at: 1 put: 2). "expect: (1 2 )"')
    text += ['Base >> word', "    ^'base'", '', 'Bytes >> word', "    ^'derived'", '', 'Bytes >> blockCopy: x', "    ^{'copied'. x}", '',
             'Bytes >> one: x', "    ^{'with'. x}", '', 'Bytes >> one: x two: y', "    ^{'with'. x. y}", '',
             'Bytes >> ' + ' '.join('k%d: x%d' % (i, i) for i in range(10)), '    ^{' + '. '.join('x%d' % i for i in range(10)) + '}', '',
             'Character >> printString', "    ^'a Character'", '',
             'Metaclass >> printWord', '    ^nil', '']
    text += [line for method, call in parts for line in method]
    count = 0
    names = []
    for i in range(0, len(runs), 20):
        names.append('run%d' % i)
        text += ['Bytes >> run%d' % i] + ['    ' + r for r in runs[i:i + 20]] + ['']
    text += ['Bytes >> run'] + ['    self %s.' % n for n in names] + ['']
    with open(path, 'w') as file: file.write('\n'.join(text))
