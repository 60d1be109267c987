#!/usr/bin/env python3
"""freezes.py - freezes running Smalltalk programs and thaws them.

    freezes.py CORACLE [FOLDER [--freezes N] [--thaw-with CORACLE]]

The tests of run.py are frozen at random places, by seed, in each bytecode set: what the two processes print, one after the
other, is what the program prints that is not frozen. frozen.st is frozen at chosen places, with files open, while it waits,
with something for the finalization semaphore; and by itself. So is Cuis, if it is in $CORACLE_IMAGES/cuis64."""
import argparse, concurrent.futures, glob, math, os, shutil, subprocess, sys, tempfile, threading, time
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import bytecodes
from run import HERE, SETS, TOOL, expected
TRIES = 200 # of seeds, until a program has been frozen as often as wanted
counts = {'passed': 0, 'failed': 0}
states = {}
lock = threading.Lock()

def report(name, problem):
    with lock:
        counts['failed' if problem else 'passed'] += 1
        if problem: print('FAIL %s: %s' % (name, problem), flush=True)

def count_state(state):
    with lock: states[state] = states.get(state, 0) + 1

def run(command, timeout=120):
    """Exit status, lines, standard error."""
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=timeout)
        return done.returncode, done.stdout.decode('latin-1').split('\n')[:-1], done.stderr.decode('latin-1')
    except subprocess.TimeoutExpired as error:
        return 'timeout', (error.stdout or b'').decode('latin-1').split('\n')[:-1], (error.stderr or b'').decode('latin-1')

def difference(got, wanted):
    if got == wanted: return None
    return 'expected %r\n     got      %r' % (wanted, got)

def safepoint(seed):
    """Which safepoint the seed means (src/vm/freeze_request.c)."""
    mask = (1 << 64) - 1
    mixed = (seed + 1) * 0x9e3779b97f4a7c15 & mask
    mixed ^= mixed >> 32
    mixed = mixed * 0xd6e8feb86659fd93 & mask
    mixed ^= mixed >> 32
    return 1 + (mixed >> 8) % (1 << (6 + mixed % 19))

class Freezer:
    def __init__(self, coracle, thaw_with, folder):
        self.coracle, self.thaw_with, self.folder = coracle, thaw_with, folder
        self.image = os.path.join(folder, 'frozen.image')

    def freeze(self, at, command):
        """Until the freeze; the third value is what the report says that the program was doing."""
        path = os.path.join(self.folder, 'report')
        for old in (self.image, path):
            if os.path.exists(old): os.remove(old)
        outcome = run([self.coracle, 'freeze', '-o', self.image, '--report', path] + at + ['--'] + command)
        return outcome, open(path).read().split()[0] if os.path.exists(path) else None

    def thaw(self, options=()):
        return run([self.thaw_with, self.image] + list(options))

    def at_random(self, name, command, lines, status, wanted, thaw_options=()):
        """Frozen as often as wanted, each time at another place; a place behind the program's end is none."""
        frozen, end = 0, 1 << 62
        for seed in range(TRIES):
            if frozen == wanted: break
            if safepoint(seed) >= end: continue
            first, state = self.freeze(['--at-random', str(seed)], command)
            if not os.path.exists(self.image):
                end = safepoint(seed)
                problem = difference(first, (status, lines, ''))
            else:
                frozen += 1
                count_state(state)
                second = self.thaw(thaw_options)
                problem = difference((first[0], second[0], first[1] + second[1], first[2] + second[2]), (0, status, lines, ''))
            if problem: report('%s, seed %d' % (name, seed), problem)
        report(name, None if frozen == wanted else 'it was frozen at %d places only' % frozen)

def is_newer(image, sources):
    return os.path.exists(image) and all(os.path.getmtime(image) > os.path.getmtime(source) for source in sources)

def image_of(folder, test, name):
    """The image of a test in a bytecode set; run.py makes those that it has in common with this in the same way."""
    image, source = os.path.join(folder, '%s-%s.image' % (test, name)), os.path.join(HERE, test + '.st')
    kernel, made_from = os.path.join(HERE, 'kernel.st'), source
    if test == 'bytecodes':
        source, made_from = os.path.join(folder, 'bytecodes-%s.st' % name), os.path.join(HERE, 'bytecodes.py')
        bytecodes.write(source, SETS[name][1] == 'sista')
    if not is_newer(image, glob.glob(os.path.join(os.path.dirname(TOOL), '*.py')) + [kernel, made_from]):
        subprocess.run([sys.executable, TOOL] + SETS[name] + [image, kernel, source], check=True)
    return image, expected(source, 'expect')

def random_places(freezer, image, lines, test, name, freezes):
    freezer.at_random('%s (%s)' % (test, name), [image], lines, 0, freezes if test != 'control' else (freezes + 1) // 2)
    if test == 'control' or name == 'sista-closures': return # which is too long for a collection at every allocation
    freezer.at_random('%s (%s), --debug=stress' % (test, name), [image, '--debug=stress', '--debug=verify'], lines, 0, 1,
                      ['--debug=stress', '--debug=verify'])
    freezer.at_random('%s (%s), --debug=move' % (test, name), [image, '--debug=move'], lines, 0, 1, ['--debug=move', '--debug=verify'])

def lines_of(process, program):
    """What frozen.st says that a process of the program prints."""
    return [text for name, _, text in (line.partition(' ') for line in expected(os.path.join(HERE, 'frozen.st'), process)) if name == program]

def check_thaw(freezer, name, program, options=()):
    report(name, difference(freezer.thaw(options), (3, lines_of('thawed', program), '')))

def frozen_at(freezer, image, program, selector='here', arguments=(), name=None):
    first, state = freezer.freeze(['--at', selector], [image, program] + list(arguments))
    count_state(state)
    report('%s, until it is frozen' % (name or program), difference(first, (0, lines_of('first', program), '')))

def chosen_places(freezer, image, name):
    place = lambda file: os.path.join(freezer.folder, file)
    for selector in ('here', 'Frozen>>here'):
        frozen_at(freezer, image, 'counts', selector)
        check_thaw(freezer, 'counts (%s)' % name, 'counts')
        check_thaw(freezer, 'counts (%s), trusted' % name, 'counts', ['--trust-image'])
    again = run([freezer.coracle, 'freeze', '-o', place('again.image'), '--at', 'here', '--', freezer.image])
    report('a frozen program (%s)' % name, difference(again, (2, [], 'coracle: freeze: %s is a frozen program, which can only freeze itself again\n' % freezer.image)))
    for selector in ('nowhere', 'Main>>here', 'Frozen class>>here'):
        outcome = freezer.freeze(['--at', selector], [image, 'counts'])
        said = 'coracle: %s is not written: the program has ended and has not called %s\n' % (freezer.image, selector)
        report('a method that is not there (%s)' % name, difference(outcome, ((1, lines_of('thawed', 'counts'), said), None)))
    before = sorted(os.listdir(freezer.folder))
    limited = run(['sh', '-c', 'ulimit -f 100; exec "$@"', 'sh', freezer.coracle, 'freeze', '-o', place('long.image'), '--at', 'here', '--', image, 'counts'])
    said = 'coracle: %s is not written: write: File too large\n' % place('long.image')
    report('a limit of files (%s)' % name, difference(limited, (1, lines_of('first', 'counts'), said)))
    report('what it leaves (%s)' % name, difference(sorted(os.listdir(freezer.folder)), before))
    for program in ('mourns', 'reshapes'):
        frozen_at(freezer, image, program)
        check_thaw(freezer, '%s (%s)' % (program, name), program)
    frozen_at(freezer, image, 'sleeps', 'Semaphore>>wait')
    time.sleep(0.6)
    began = time.monotonic()
    check_thaw(freezer, 'sleeps (%s)' % name, 'sleeps')
    report('what is left of a sleep (%s)' % name, None if time.monotonic() - began > 0.5 else 'it is over too soon')
    files(freezer, image, place, name)
    by_itself(freezer, image, place, name)
    shutil.copy(image, place('copy.image'))
    frozen_at(freezer, place('copy.image'), 'saves')
    check_thaw(freezer, 'saves (%s)' % name, 'saves')
    report('what it has saved (%s)' % name, difference(run([freezer.coracle, place('copy.image')]), (3, lines_of('again', 'saves'), '')))

def files(freezer, image, place, name):
    def begin():
        for file, text in (('read', 'abcdefghij'), ('written', '')): open(place(file), 'w').write(text)
        frozen_at(freezer, image, 'files', 'here', [place('read'), place('written')])
    def refused(what, message):
        status, lines, errors = freezer.thaw()
        report('%s (%s)' % (what, name), None if (status, lines) == (1, []) and message in errors else '%s %s %s' % (status, lines, errors))
    begin()
    check_thaw(freezer, 'files (%s)' % name, 'files')
    report('a written file (%s)' % name, difference(open(place('written')).read(), 'one two'))
    begin()
    open(place('written'), 'a').write('more')
    refused('a file that has changed', place('written') + ', which the program has open for writing, has changed')
    begin()
    os.remove(place('read'))
    refused('a file that is gone', 'a file that the program has open: ' + place('read'))
    open(place('read'), 'w').write('abcdefghij')
    (status, lines, errors), _ = freezer.freeze(['--at', 'here'], [image, 'missing', place('read')])
    wanted = 'coracle: %s is not written: the file %s is open' % (freezer.image, place('read'))
    report('a file that cannot be had again (%s)' % name, None if (status, lines) == (1, []) and wanted in errors else '%s %s %s' % (status, lines, errors))

def by_itself(freezer, image, place, name):
    def check(what, program, command, process, status=3):
        report('%s (%s)' % (what, name), difference(run(command), (status, lines_of(process, program), '')))
    check('a program that freezes itself', 'asks', [freezer.coracle, image, 'asks', freezer.image], 'first')
    check_thaw(freezer, 'asks, thawed (%s)' % name, 'asks')
    one, two = place('one.image'), place('two.image')
    check('one that does so twice', 'asksTwice', [freezer.coracle, image, 'asksTwice', one, two], 'first')
    check('the second of them', 'asksTwice', [freezer.thaw_with, two], 'again')
    os.remove(two)
    check('the first of them', 'asksTwice', [freezer.thaw_with, one], 'thawed')
    check('one of a thawed program', 'asksTwice', [freezer.thaw_with, two], 'again')
    status, lines, errors = run([freezer.coracle, image, 'refused'])
    named = lines_of('named', 'refused')
    good = status == 3 and [lines[0], lines[3]] == lines_of('first', 'refused') and named[0] in lines[1] and lines[2] == named[1]
    report('a freeze that fails (%s)' % name, None if good and errors == '' else '%s %s %s' % (status, lines, errors))

def cuis(freezer, freezes):
    images = glob.glob(os.path.join(os.environ.get('CORACLE_IMAGES', ''), 'cuis64', '*.image'))
    if not images:
        print('skipped: Cuis (no image in $CORACLE_IMAGES/cuis64)')
        return
    is_prime = lambda n: n > 1 and all(n % d for d in range(2, math.isqrt(n) + 1))
    lines = []
    for i in range(1, 9):
        lines.append('%d %d' % (i, len(str(math.factorial(100 + i)))))
        lines.append(str(sum(n for n in range(1, 100 * i + 1) if is_prime(n))))
    lines.append('ensured 7')
    freezer.at_random('Cuis', [images[0], '-s', os.path.join(HERE, 'cuis-freeze.st')], lines, 0, freezes)

def main():
    parser = argparse.ArgumentParser(description='Freezes Smalltalk programs and thaws them.')
    parser.add_argument('coracle')
    parser.add_argument('folder', nargs='?', default=None)
    parser.add_argument('--freezes', type=int, default=4, help='of each program, at random places')
    parser.add_argument('--thaw-with', metavar='CORACLE', help='the executable of another build, for thawing')
    options = parser.parse_args()
    folder = os.path.realpath(options.folder or tempfile.mkdtemp())
    jobs = []
    def job(function, *arguments):
        own = os.path.join(folder, 'freezes', str(len(jobs)))
        os.makedirs(own, exist_ok=True)
        jobs.append(pool.submit(function, Freezer(options.coracle, options.thaw_with or options.coracle, own), *arguments))
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for name in SETS:
            for test in ('control', 'language', 'readonly', 'bytecodes'):
                job(random_places, *image_of(folder, test, name), test, name, options.freezes)
        for name in ('v3', 'sista'): job(chosen_places, image_of(folder, 'frozen', name)[0], name)
        job(cuis, options.freezes)
        for done in jobs: done.result()
    for state in ('computing', 'sleep'):
        report('the state ' + state, None if states.get(state) else 'no program was frozen in it')
    print('frozen programs: ' + ', '.join('%s %d' % item for item in states.items()))
    print('smalltalk freezes: %d passed, %d failed' % (counts['passed'], counts['failed']))
    return counts['failed'] != 0

if __name__ == '__main__': sys.exit(main())
