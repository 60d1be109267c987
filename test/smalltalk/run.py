#!/usr/bin/env python3
"""run.py - makes images of the tests here in each bytecode set, runs them, and compares what they print.

    run.py CORACLE [FOLDER FOR THE IMAGES [NUMBER OF DAMAGED IMAGES [SEED]]]

Then, if there is a Cuis image in $CORACLE_IMAGES/cuis64, its start-up script cuis-hello.st."""
import glob, os, re, shutil, subprocess, sys, tempfile
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import bytecodes, damaged
HERE = os.path.dirname(os.path.abspath(__file__))
TOOL = os.path.join(HERE, '..', '..', 'tool', 'image_from_text', 'image_from_text.py')
SETS = {'v3': ['--set', 'v3'], 'sista': ['--set', 'sista'], 'sista-closures': ['--set', 'sista', '--closures']}
failures = 0

def expected(path, word):
    return [m.replace('""', '"') for m in re.findall(r'"' + word + r': ((?:[^"]|"")*)"', open(path, encoding='latin-1').read())]

def check(name, command, lines, wanted_status=0, message=None):
    """message: what standard error must hold."""
    global failures
    try:
        done = subprocess.run(command, capture_output=True, timeout=120)
        got, status, errors = done.stdout.decode('latin-1').split('\n')[:-1], done.returncode, done.stderr.decode('latin-1')
    except subprocess.TimeoutExpired as error:
        got, status, errors = (error.stdout or b'').decode('latin-1').split('\n'), 'timeout', ''
    if got == lines and status == wanted_status and (message is None or message in errors):
        print('  ok   %s: %d lines' % (name, len(lines)))
        return
    failures += 1
    print('  FAIL %s: status %s' % (name, status))
    for i in range(max(len(got), len(lines))):
        want, have = lines[i] if i < len(lines) else '(nothing)', got[i] if i < len(got) else '(nothing)'
        if want != have:
            print('       line %d: expected %s\n       %s  got      %s' % (i + 1, want, ' ' * len(str(i + 1)), have))
            break
    print('       ' + errors.strip().replace('\n', '\n       ')[:1500])

def main(coracle, folder, count=300, seed=1):
    global failures
    os.makedirs(folder, exist_ok=True)
    for name, options in SETS.items():
        used = set() if name != 'sista-closures' else used
        for test in ('language', 'quick', 'control', 'readonly', 'drawing', 'bytecodes', 'snapshot'):
            source = os.path.join(HERE, test + '.st')
            if test == 'bytecodes':
                source = os.path.join(folder, 'bytecodes-%s.st' % name)
                bytecodes.write(source, options[1] == 'sista')
            sources = [os.path.join(HERE, 'kernel.st'), source]
            image = os.path.join(folder, '%s-%s.image' % (test, name))
            subprocess.run([sys.executable, TOOL] + options + ['--coverage', image + '.used', image] + sources, check=True)
            used |= set(map(int, open(image + '.used').read().split()))
            lines = [line for path in sources[1:] for line in expected(path, 'expect')]
            if test != 'snapshot': check('%s (%s)' % (test, name), [coracle, image], lines)
            if test != 'control': # which is too long for a collection at every allocation
                shutil.copy(image, image + '.debug')
                for mode in ('stress', 'move'):
                    check('%s (%s), --debug=%s' % (test, name, mode), [coracle, image + '.debug', '--debug=verify', '--debug=' + mode], lines)
                    shutil.copy(image, image + '.debug')
            if test == 'snapshot':
                check('%s (%s)' % (test, name), [coracle, image], lines)
                check('resumed (%s)' % name, [coracle, image], expected(source, 'resumed'))
        if name != 'sista': report_coverage(name, used)
        unsound(coracle, folder, name)
    missing(coracle, folder)
    for name in SETS:
        check('low space (%s)' % name, [coracle, make('lowspace-' + name, ['kernel.st', 'lowspace.st'], folder, SETS[name]), '--heap-limit=60'],
              expected(os.path.join(HERE, 'lowspace.st'), 'expect'))
    cut(coracle, folder, os.path.join(folder, 'language-v3.image'))
    images = [(os.path.join(folder, '%s-%s.image' % (test, name)), []) for name in SETS for test in ('language', 'bytecodes', 'unsound')]
    failures += damaged.check(coracle, folder, images, count, seed)
    cuis(coracle, folder, count, seed)
    return 1 if failures else 0

def make(name, sources, folder, options):
    image = os.path.join(folder, name + '.image')
    subprocess.run([sys.executable, TOOL] + options + [image] + [os.path.join(HERE, source) for source in sources], check=True)
    return image

def unsound(coracle, folder, name):
    """A program that tries to break the machine: what fails as a primitive does, and what ends it with a message."""
    image, source = make('unsound-' + name, ['kernel.st', 'unsound.st'], folder, SETS[name]), os.path.join(HERE, 'unsound.st')
    check('unsound (%s)' % name, [coracle, image], expected(source, 'expect'))
    for what, lines, message in re.findall(r'"(\w+): (\d+) lines?, then ([^"]*)"', open(source).read()):
        check('unsound %s (%s)' % (what, name), [coracle, image, '--heap-limit=30', '--time-limit=%d' % (1 if what == 'loop' else 60), what], ['here'] * int(lines), 1, message)

def missing(coracle, folder):
    """A primitive that the machine does not have fails, and is named when that is asked for."""
    image, source = make('missing', ['kernel.st', 'missing.st'], folder, []), os.path.join(HERE, 'missing.st')
    lines, names = expected(source, 'expect'), expected(source, 'named')
    for options in ([], ['--trace=primitives']):
        done = subprocess.run([coracle, image] + options, capture_output=True, timeout=60)
        wanted = ''.join('coracle: missing primitive: %s\n' % n for n in names) if options else ''
        report('missing primitives' + ''.join(' ' + o for o in options),
               done.returncode == 0 and done.stdout.decode().split('\n')[:-1] == lines and done.stderr.decode() == wanted, done)

def report(name, well, done):
    global failures
    failures += not well
    print('  %s %s' % ('ok  ' if well else 'FAIL', name))
    if not well: print('       status %s\n%s\n%s' % (done.returncode, done.stdout.decode('latin-1'), done.stderr.decode('latin-1')))

def cut(coracle, folder, image):
    """Truncated files and changed headers: a message and status 1, or the right result."""
    global failures
    whole, wrong = open(image, 'rb').read(), []
    right = expected(os.path.join(HERE, 'language.st'), 'expect')
    copy = os.path.join(folder, 'damaged.image')
    variants = [('cut to %d' % n, whole[:n]) for n in [0, 4, 64, 127, 128, 200] + [len(whole) * k // 24 // 8 * 8 + 3 * (k % 2) for k in range(1, 24)]]
    for at in list(range(0, 80, 4)):
        for bits in (0xff, 1):
            variants.append(('byte %d changed' % at, whole[:at] + bytes([whole[at] ^ bits]) + whole[at + 1:]))
    for what, content in variants:
        open(copy, 'wb').write(content)
        try:
            done = subprocess.run([coracle, copy], capture_output=True, timeout=60)
        except subprocess.TimeoutExpired:
            wrong.append(what + ': does not end')
            continue
        if done.returncode == 0 and done.stdout.decode('latin-1').split('\n')[:-1] != right:
            wrong.append('%s: another result: %s' % (what, done.stdout.decode('latin-1')[:200]))
        elif done.returncode != 0 and not (done.returncode == 1 and done.stderr):
            wrong.append('%s: status %d %s' % (what, done.returncode, done.stderr.decode('latin-1')[:200]))
    failures += len(wrong)
    print('  %s cut images, and each field of the header: %d' % ('FAIL' if wrong else 'ok  ', len(variants)))
    for line in wrong[:5]: print('       ' + line)

UNUSED = {'v3': {126, 127}, 'sista': set(range(84, 88)) | {217, 236, 230, 246, 247, 254, 255} | set(range(217, 224))}

def report_coverage(name, used):
    missing = sorted(set(range(256)) - used - UNUSED[name.split('-')[0]])
    global failures
    if missing:
        failures += 1
        print('  FAIL bytecodes of %s that no test holds: %s' % (name, ' '.join(map(str, missing))))

def sections(place):
    """A script that prints what each section of cuis-sections.txt answers; each is compiled by itself, as a method holds few literals."""
    first, *rest = re.split(r'^=== (\w+)\n', open(os.path.join(HERE, 'cuis-sections.txt')).read(), flags=re.M)
    quoted = lambda text: "'%s'" % text.strip().replace("'", "''")
    path = os.path.join(place, 'cuis-sections.st')
    with open(path, 'w') as script:
        script.write("| s |\ns := StdIOWriteStream stdout.\n"
                     "Utilities classPool at: #AuthorName put: 'Tester'; at: #AuthorInitials put: 'tt'.\n" + first + '#(\n')
        for name, text in zip(rest[::2], rest[1::2]): script.write('(%s %s)\n' % (quoted(name), quoted(text)))
        script.write(""") do: [:each |
    s nextPutAll: each first; nextPutAll: ': '; nextPutAll: ([Compiler evaluate: each last]
        on: Error, Warning do: [:e | e return: {#error. e class name. e description}]) printString; newLine; flush].
Smalltalk quitPrimitive
""")
    return os.path.abspath(path)

def cuis(coracle, place, count, seed):
    folder = os.path.join(os.environ.get('CORACLE_IMAGES', ''), 'cuis64')
    images = glob.glob(os.path.join(folder, '*.image'))
    script = os.path.join(HERE, 'cuis-hello.st')
    if not images:
        print('  skipped: Cuis (no image in $CORACLE_IMAGES/cuis64)')
        return
    check('Cuis', [coracle, images[0], '-s', script], ['7', '265252859812191058636308480000000'])
    # checksums of forms that are drawn into, as OpenSmalltalk's Cog (5.0, 64-bit) prints them
    check('Cuis draws', [coracle, images[0], '-s', os.path.join(HERE, 'cuis-draw.st')], open(os.path.join(HERE, 'cuis-draw.expected')).read().split('\n')[:-1])
    check('Cuis in sections', [coracle, images[0], '-s', sections(place)], open(os.path.join(HERE, 'cuis-sections.expected')).read().split('\n')[:-1])
    global failures
    failures += damaged.check(coracle, place, [(images[0], ['-s', script])], count // 10, seed)
    # the same image saves itself, starts again from what it saved, and changes a class that has an instance
    copy = os.path.join(tempfile.mkdtemp(dir=place), os.path.basename(images[0]))
    for path in (images[0], images[0][:-6] + '.changes'): shutil.copy(path, os.path.join(os.path.dirname(copy), os.path.basename(path)))
    for path in glob.glob(os.path.join(folder, '*.sources')): os.symlink(path, os.path.join(os.path.dirname(copy), os.path.basename(path)))
    check('Cuis saves', [coracle, copy, '-s', os.path.join(HERE, 'cuis-save.st')], ['saving'])
    check('Cuis goes on', [coracle, copy, '-s', os.path.join(HERE, 'cuis-more.st')], open(os.path.join(HERE, 'cuis-more.expected')).read().split('\n')[:-1])

if __name__ == '__main__':
    if len(sys.argv) > 2: sys.exit(main(sys.argv[1], sys.argv[2], *map(int, sys.argv[3:5])))
    with tempfile.TemporaryDirectory() as folder: sys.exit(main(sys.argv[1], folder))
