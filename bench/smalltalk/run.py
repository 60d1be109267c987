#!/usr/bin/env python3
"""run.py CORACLE - processor time of each Smalltalk benchmark, and what it means for the two of tinyBenchmarks."""
import os, resource, subprocess, sys, tempfile
HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(HERE, '..', '..')

def seconds(command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    text = subprocess.run(command, capture_output=True, check=True).stdout.decode().strip()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, text

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

main(sys.argv[1])
