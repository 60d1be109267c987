#!/usr/bin/env python3
"""run.py CORACLE - processor time of each Smalltalk benchmark, and what it means for the two of tinyBenchmarks; if there is a
Cuis image in $CORACLE_IMAGES/cuis64, its start to the first byte that a start-up script prints."""
import glob, os, resource, statistics, subprocess, sys, tempfile, time
HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(HERE, '..', '..')
FIRST_LINE = "StdIOWriteStream stdout nextPutAll: (3 + 4) printString; newLine; flush.\nSmalltalk quitPrimitive\n"

def seconds(command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    text = subprocess.run(command, capture_output=True, check=True).stdout.decode().strip()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, text

def start(command):
    """From the start to the first byte of output (ms), processor time of the whole (ms), resident (MB)."""
    reading, writing = os.pipe()
    began = time.monotonic()
    child = os.posix_spawn(command[0], command, os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, writing, 1), (os.POSIX_SPAWN_CLOSE, reading)])
    os.close(writing)
    os.read(reading, 1)
    first = time.monotonic() - began
    usage = os.wait4(child, 0)[2]
    os.close(reading)
    return first * 1e3, (usage.ru_utime + usage.ru_stime) * 1e3, usage.ru_maxrss / 1024

def cuis(coracle, folder, rounds=15):
    images = glob.glob(os.path.join(os.environ.get('CORACLE_IMAGES', ''), 'cuis64', '*.image'))
    if not images: return print('Cuis: no image in $CORACLE_IMAGES/cuis64')
    script = os.path.join(folder, 'first.st')
    with open(script, 'w') as file: file.write(FIRST_LINE)
    runs = [start([os.path.abspath(coracle), images[0], '-s', script]) for i in range(rounds)]
    print('Cuis, first line: median %.1f ms, least %.1f; processor time of the whole: median %.1f ms, least %.1f; %.1f MB resident' % (
        statistics.median(r[0] for r in runs), min(r[0] for r in runs), statistics.median(r[1] for r in runs), min(r[1] for r in runs),
        max(r[2] for r in runs)))

def main(coracle):
    with tempfile.TemporaryDirectory() as folder:
        image = os.path.join(folder, 'benchmarks.image')
        subprocess.run([sys.executable, os.path.join(ROOT, 'tool', 'image_from_text', 'image_from_text.py'), image,
                        os.path.join(ROOT, 'test', 'smalltalk', 'kernel.st'), os.path.join(HERE, 'benchmarks.st')], check=True)
        for name in ('fib', 'sieve', 'blocks', 'allocate', 'floats'):
            times = sorted(seconds([coracle, image, name])[0] for i in range(3))
            took, text = times[1], seconds([coracle, image, name])[1]
            note = ''
            if name == 'fib': note = '  %.0f million sends/s' % (int(text) / took / 1e6)
            print('%-10s %7.3f s%s' % (name, took, note))
        cuis(coracle, folder)

main(sys.argv[1])
