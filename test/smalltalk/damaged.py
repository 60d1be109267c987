#!/usr/bin/env python3
"""damaged.py - runs images with random damage: flipped bits, changed bytes and words, cut files.

    damaged.py CORACLE FOLDER IMAGE [-- ARGUMENTS]... [--count N] [--seed S] [--only I] [--jobs J]

IMAGE may be followed by : and the image's own arguments. Each run must end by itself: with the right output, with a
message and status 1, or as the damaged program ends that the bytes now say. It must not crash, not be reported by a
sanitizer, and still answer when it loops: the machine's own time limit ends it then, which is counted."""
import argparse, collections, concurrent.futures, os, random, re, shutil, subprocess, sys, tempfile

KILL_SECONDS = 100
INTERESTING = (0, 1, 8, 9, 0xffffffffffffffff, 0x8000000000000000, 0x7fffffffffffffff, 0x00ffffff00000000, 0xffff, 2, 4, 3)

def word_put(content, at, word):
    content[at:at + 8] = word.to_bytes(8, 'little')

def objects_of(whole):
    """(offset of the header, slots, format, class index) of each object of a file with one segment."""
    at, found = int.from_bytes(whole[4:8], 'little'), []
    end = at + int.from_bytes(whole[72:80], 'little') - 16
    while at < end:
        header = int.from_bytes(whole[at:at + 8], 'little')
        slots = header >> 56
        if slots == 255:
            slots = header & (1 << 56) - 1
            at += 8
            header = int.from_bytes(whole[at:at + 8], 'little')
        found.append((at, slots, header >> 24 & 31, header & 0x3fffff))
        at += 8 + 8 * max(slots, 1)
    return found

def damage_knowing(whole, objects, rng):
    """Bytecodes, slots and headers changed so that most references still lead to objects."""
    content, notes = bytearray(whole), []
    base = int.from_bytes(whole[16:24], 'little') - int.from_bytes(whole[4:8], 'little')
    for _ in range(rng.choice((1, 1, 2, 4))):
        how = rng.choice(('bytecode', 'bytecode', 'slot', 'slot', 'number', 'header', 'class'))
        wanted = lambda o: o[3] > 31 and (o[2] >= 24 if how == 'bytecode' else o[2] <= 5 and o[1] > 0 if how in ('slot', 'number') else True)
        at, slots, form, index = rng.choice(objects)
        while not wanted((at, slots, form, index)): at, slots, form, index = rng.choice(objects)
        if how == 'bytecode':
            literals = int.from_bytes(whole[at + 8:at + 16], 'little') >> 3 & 0x7fff
            at += 8 + rng.choice((rng.randrange(8), rng.randrange(8 * (1 + literals), 8 * slots)))
            content[at] = rng.choice((content[at] ^ 1 << rng.randrange(8), rng.randrange(256)))
        elif how in ('slot', 'number'):
            at += 8 + 8 * rng.randrange(min(slots, 60))
            word = rng.choice(objects)[0] + base if how == 'slot' else (rng.choice((0, 1, -1, 2, 5, 100, 1 << 59, rng.randrange(1 << 20))) << 3 | 1) & (1 << 64) - 1
            word_put(content, at, word)
        elif how == 'header':
            content[at + rng.choice((3, 3, 7, 2))] ^= 1 << rng.randrange(8)
        else:
            header = int.from_bytes(content[at:at + 8], 'little')
            word_put(content, at, header & ~0x3fffff | rng.choice(objects)[3])
        notes.append('%s %d' % (how, at))
    return bytes(content), 'changed ' + ', '.join(notes)

def damage(whole, objects, rng):
    """The changed file, and what was changed."""
    if rng.random() < 0.5: return damage_knowing(whole, objects, rng)
    kind = rng.random()
    if kind < 0.1:
        size = rng.choice((rng.randrange(len(whole)), rng.randrange(len(whole)) // 8 * 8, len(whole) - rng.randrange(1, 64)))
        return whole[:size], 'cut to %d bytes' % size
    content, notes = bytearray(whole), []
    limit = len(whole) if kind < 0.85 else min(len(whole), 4096)
    for _ in range(rng.choice((1, 1, 1, 2, 4, 16))):
        at = rng.randrange(limit)
        how = rng.random()
        if how < 0.5:
            content[at] ^= 1 << rng.randrange(8)
        elif how < 0.7:
            content[at] = rng.randrange(256)
        else:
            at = min(at // 8 * 8, len(whole) // 8 * 8 - 8)
            other = rng.randrange(len(whole) // 8) * 8
            word = rng.choice((rng.choice(INTERESTING), int.from_bytes(whole[other:other + 8], 'little'), rng.getrandbits(64),
                               int.from_bytes(whole[at:at + 8], 'little') + rng.choice((8, -8, 16, 1 << 56, 1 << 24)) & (1 << 64) - 1))
            word_put(content, at, word)
        notes.append('%d' % at)
    return bytes(content), 'changed at ' + ' '.join(notes)

def run_one(coracle, image, objects, arguments, seed, folder, seconds):
    """(outcome, what was done, standard error); an outcome that begins with ! is a failure."""
    rng = random.Random(seed)
    content, note = damage(image, objects, rng)
    place = tempfile.mkdtemp(dir=folder)
    path = os.path.join(place, 'damaged.image')
    with open(path, 'wb') as file: file.write(content)
    command = [coracle, path, '--heap-limit=200', '--time-limit=%d' % seconds] + arguments
    environment = dict(os.environ, ASAN_OPTIONS='exitcode=86:detect_leaks=0:' + os.environ.get('ASAN_OPTIONS', ''), UBSAN_OPTIONS='exitcode=86:print_stacktrace=1')
    try:
        done = subprocess.run(command, capture_output=True, timeout=KILL_SECONDS, cwd=place, env=environment, stdin=subprocess.DEVNULL)
        status, errors, output = done.returncode, done.stderr.decode('latin-1'), done.stdout
    except subprocess.TimeoutExpired as error:
        status, errors, output = None, (error.stderr or b'').decode('latin-1'), b''
    shutil.rmtree(place)
    return verdict(status, errors), note, errors, output

def verdict(status, errors):
    if status is None: return '!does not answer'
    if status < 0: return '!signal %d' % -status
    if status == 86 or 'runtime error:' in errors or 'AddressSanitizer' in errors: return '!sanitizer'
    if status == 0: return 'ends with 0'
    if status == 1 and 'coracle: stopped after' in errors: return 'loops, and answers'
    if status == 1 and errors: return 'a message and status 1'
    if status == 1: return '!no message'
    return 'another status of its own'

def sound(coracle, path, arguments, folder, seconds):
    """What the whole image prints."""
    copy = os.path.join(folder, 'sound.image')
    shutil.copy(path, copy)
    done = subprocess.run([coracle, copy, '--heap-limit=200', '--time-limit=%d' % seconds] + arguments, capture_output=True, cwd=folder, timeout=KILL_SECONDS)
    if done.returncode != 0: sys.exit('damaged.py: the whole image %s fails: %s' % (path, done.stderr.decode('latin-1')))
    return done.stdout

def check(coracle, folder, images, count, seed, jobs=2, seconds=10, only=None):
    """The number of failures; images: (path, arguments)."""
    coracle, folder = os.path.abspath(coracle), os.path.abspath(folder)
    failures, outcomes = 0, collections.Counter()
    contents = [open(path, 'rb').read() for path, arguments in images]
    objects = [objects_of(content) for content in contents]
    right = [sound(coracle, path, arguments, folder, seconds) for path, arguments in images]
    numbers = range(count) if only is None else [only]
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        def work(i):
            which = i % len(images)
            return i, which, run_one(coracle, contents[which], objects[which], images[which][1], '%d/%d' % (seed, i), folder, seconds)
        for i, which, (outcome, note, errors, output) in pool.map(work, numbers):
            if outcome == 'ends with 0': outcome += ', the right output' if output == right[which] else ', as the damaged program does'
            outcomes[outcome] += 1
            if outcome[0] == '!':
                failures += 1
                print('  FAIL %s: %s %s: --seed %d --only %d' % (outcome[1:], os.path.basename(images[which][0]), note, seed, i))
                print('       ' + errors.strip().replace('\n', '\n       ')[:3000 if only is not None else 1500], flush=True)
            elif only is not None: print(outcome, note, errors, output.decode('latin-1')[-500:])
    print('  %s damaged images, seed %d: %d: %s' % ('FAIL' if failures else 'ok  ', seed, len(numbers), '; '.join('%d %s' % (n, o.strip('!')) for o, n in outcomes.most_common())))
    return failures

if __name__ == '__main__':
    parser = argparse.ArgumentParser()
    parser.add_argument('coracle'); parser.add_argument('folder'); parser.add_argument('images', nargs='+')
    for name, value in (('--count', 2000), ('--seed', 1), ('--jobs', 2), ('--seconds', 10), ('--only', None)):
        parser.add_argument(name, type=int, default=value)
    options = parser.parse_args()
    os.makedirs(options.folder, exist_ok=True)
    images = [(text.split('::')[0], text.split('::')[1:]) for text in options.images]
    sys.exit(1 if check(options.coracle, options.folder, images, options.count, options.seed, options.jobs, options.seconds, options.only) else 0)
