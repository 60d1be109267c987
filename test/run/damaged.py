#!/usr/bin/env python3
"""Damages the image of a frozen program in many ways and has it thawed: each time there must be either a message that
names the file and exit status 1, or the right output; never a crash or a hang.

Bytes are flipped, stretches are zeroed, the file is cut off; and each field of the header and of the section table is
changed, with the checksums made right again (src/image/image.h draws both, src/image/checksum.c the checksum). The
whole image is also thawed where each of the places in memory that it comes from is taken.
"""
import argparse
import collections
import os
import random
import shutil
import struct
import subprocess
import sys

from checks import IMAGE_HEADER_BYTES, IMAGE_SECTION_BYTES, IMAGE_TABLE_AT, image_checksum, image_sections, preferred_place

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FOLDER = os.path.join(ROOT, "build", "test", "damaged")
FIRST_SECTION_AT = 65536
HEADER_FIELDS = [  # name, offset, bytes
    ("magic", 0, 8), ("line_ends", 8, 4), ("format_version", 12, 4), ("header_bytes", 16, 4), ("section_count", 20, 4),
    ("file_bytes", 24, 8), ("build", 40, 32), ("code_version", 72, 8), ("reserved", 80, 40)]
SECTION_FIELDS = [
    ("name", 0, 32), ("flags", 32, 4), ("reserved", 36, 4), ("offset", 40, 8), ("size", 48, 8), ("address", 56, 8),
    ("info", 64, 8), ("checksum", 72, 8)]


def make_sums_right(data):
    count = struct.unpack_from("<I", data, 20)[0]
    table = data[IMAGE_TABLE_AT:IMAGE_TABLE_AT + min(count, 1000) * IMAGE_SECTION_BYTES]
    struct.pack_into("<Q", data, 32, image_checksum(bytes(table)))
    struct.pack_into("<Q", data, IMAGE_HEADER_BYTES - 8, image_checksum(bytes(data[:IMAGE_HEADER_BYTES - 8])))


def other_values(old, size, chance):
    """A field's bytes changed in the ways that hurt most, and in one by chance."""
    values = [bytes(size), b"\xff" * size, chance.randbytes(size), bytes([old[0] ^ 1]) + old[1:], old[:-1] + bytes([old[-1] ^ 0x80])]
    if size in (4, 8):
        number = int.from_bytes(old, "little")
        values += [((number + step) % (1 << size * 8)).to_bytes(size, "little") for step in (-1, 1, 8, 16, 65536, -65536)]
    return [value for value in values if value != old]


def field_damages(image, chance):
    places = [("header." + name, at, size) for name, at, size in HEADER_FIELDS]
    for section, start in image_sections(image):
        places += [("section %s.%s" % (section, name), start + at, size) for name, at, size in SECTION_FIELDS]
    for name, at, size in places:
        for value in other_values(bytes(image[at:at + size]), size, chance):
            def damage(data, at=at, size=size, value=value):
                data[at:at + size] = value
                make_sums_right(data)
                return data
            yield "%s = %s" % (name, value.hex()), damage


def flip(data, chance):
    for _ in range(chance.choice([1, 1, 1, 8, 200])):
        at = chance.randrange(len(data)) if chance.random() < 0.8 else chance.randrange(FIRST_SECTION_AT)
        data[at] ^= 1 << chance.randrange(8)
    return data


def erase(data, chance):
    at = chance.randrange(len(data)) & ~4095
    data[at:at + 4096] = bytes(len(data[at:at + 4096]))
    return data


def cut(data, chance):
    return data[:chance.randrange(len(data))]


def random_damages(count, seed):
    for i in range(count):
        kind = (flip, flip, flip, erase, cut)[i % 5]
        yield "%s, seed %d" % (kind.__name__, seed + i), lambda data, kind=kind, i=i: kind(data, random.Random(seed + i))


def thaw(coracle, path, environment=None):
    try:
        done = subprocess.run([coracle, path], env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
        return done.returncode, done.stdout, done.stderr
    except subprocess.TimeoutExpired:
        return "hangs", b"", b""


def freeze_java(coracle, path):
    javac = os.path.join(jdk(), "bin", "javac")
    subprocess.run([javac, "-d", FOLDER, os.path.join(ROOT, "test", "run", "damaged", "Half.java")], check=True)
    subprocess.run([coracle, "freeze", "-o", path, "--at", "Half.half", "--", "-cp", FOLDER, "Half"], check=True)


def freeze_smalltalk(coracle, path):
    sources = [os.path.join(ROOT, "test", "smalltalk", name + ".st") for name in ("kernel", "frozen")]
    spur = os.path.join(FOLDER, "spur.image")
    tool = os.path.join(ROOT, "tool", "image_from_text", "image_from_text.py")
    subprocess.run([sys.executable, tool, spur] + sources, check=True)
    subprocess.run([coracle, "freeze", "-o", path, "--at", "Frozen>>here", "--", spur, "counts"], check=True)


PROGRAMS = {  # how each is frozen, and what it does when it is thawed
    "java": (freeze_java, (0, b"4950 2475 number 99\n", b"")),
    "smalltalk": (freeze_smalltalk, (3, b"5050\n255075100\n2432902008176640000\n", b""))}


# Where the machine wants to have its memory, and what it says when it cannot do with another place.
OBJECTS, ARENA, ENTRIES, NATIVE_MEMORY = (preferred_place(header, name) for header, name in (
    ("heap/heap_internal.h", "HEAP_PREFERRED_BASE"), ("heap/arena.h", "ARENA_PREFERRED_BASE"), ("heap/arena.h", "ENTRIES_PREFERRED_BASE"),
    ("ffi/native_memory.h", "NATIVE_MEMORY_BASE")))
BEFORE = 65536
PLACES = {
    "objects": (OBJECTS, None),
    "arena": (ARENA, None),
    "classes": (ARENA - BEFORE, None),
    "entries": (ENTRIES, None),
    "roots": (ENTRIES - BEFORE, None),
    "cards": (NATIVE_MEMORY - BEFORE, None),
    "lib/modules": (0x1400000000, b"java: the place of lib/modules, 0x1400000000, is taken"),
    "native memory": (NATIVE_MEMORY, b"native memory: "),
}


def thaw_with_places_taken(coracle, path, right, places):
    """Relocation, through a preloaded library that takes the place first. How many failed."""
    library, failed = os.path.join(FOLDER, "taken.so"), 0
    source = os.path.join(ROOT, "test", "run", "taken.c")
    subprocess.run([os.environ.get("CC", "gcc"), "-shared", "-fPIC", "-o", library, source], check=True)
    for name, (address, words) in list(places.items()) + [("objects and arena", ("%x,%x" % (OBJECTS, ARENA), None))]:
        taken = address if isinstance(address, str) else "%x" % address
        outcome = thaw(coracle, path, dict(os.environ, TAKEN=taken, LD_PRELOAD=library))
        if outcome != right if words is None else outcome[0] != 1 or words not in outcome[2]:
            failed += 1
            print("FAIL the place of %s is taken: %s" % (name, outcome))
    return failed


def jdk():
    homes = [os.environ.get("JAVA_HOME", "")] + ["/usr/lib/jvm/java-17-openjdk-" + kind for kind in ("amd64", "arm64")]
    return next(home for home in homes if home and os.access(os.path.join(home, "bin", "javac"), os.X_OK))


def main():
    parser = argparse.ArgumentParser(description="Thaws damaged images.")
    parser.add_argument("--coracle", default=os.path.join(ROOT, "build", "coracle"))
    parser.add_argument("--count", type=int, default=200, help="of random damages")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--fields", type=int, default=4, metavar="N", help="every N-th change of a field")
    parser.add_argument("--only", choices=PROGRAMS, help="the one program")
    options = parser.parse_args()
    shutil.rmtree(FOLDER, ignore_errors=True)
    os.makedirs(FOLDER)
    failed = sum(check(name, options) for name in PROGRAMS if options.only in (None, name))
    sys.exit(1 if failed else 0)


def check(program, options):
    """How many failed."""
    path = os.path.join(FOLDER, program + ".image")
    freeze, wanted = PROGRAMS[program]
    freeze(options.coracle, path)
    with open(path, "rb") as file:
        image = file.read()
    right = thaw(options.coracle, path)
    if right != wanted:
        sys.exit("damaged: the undamaged image of the %s program does not go on rightly: %r" % (program, right))
    rebuilt = bytearray(image)
    make_sums_right(rebuilt)
    if rebuilt != image:
        sys.exit("damaged: the checksums of header and table are not those of image.h")
    damages = list(random_damages(options.count, options.seed))
    damages += list(field_damages(image, random.Random(options.seed)))[::options.fields]
    broken = os.path.join(FOLDER, "broken.image")
    counts, failed = collections.Counter(), 0
    for name, damage in damages:
        with open(broken, "wb") as file:
            file.write(damage(bytearray(image)))
        status, out, err = thaw(options.coracle, broken)
        refused = status == 1 and out == b"" and err.startswith(b"coracle: ") and broken.encode() in err
        counts["refused" if refused else "right" if (status, out) == right[:2] else "failed"] += 1
        if not refused and (status, out) != right[:2]:
            failed += 1
            print("FAIL %s: exit status %s\n  %s" % (name, status, (out + err).decode(errors="replace")[:600]))
    places = {name: place for name, place in PLACES.items() if program == "java" or name != "lib/modules"}
    failed += thaw_with_places_taken(options.coracle, path, right, places)
    print("damaged images: %d refused, %d right all the same" % (counts["refused"], counts["right"]))
    print("damaged (%s): %d passed, %d failed" % (program, len(damages) + len(places) + 1 - failed, failed))
    return failed


main()
