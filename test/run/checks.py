"""What test scripts share: commands that must succeed, the sections of images, a count of values that are as they should be."""
import os
import re
import struct
import subprocess
import sys

IMAGE_HEADER_BYTES = IMAGE_TABLE_AT = 128  # src/image/image.h draws header and section table
IMAGE_SECTION_BYTES = 80
MASK = (1 << 64) - 1
ODD_A, ODD_B = 0x9E3779B97F4A7C15, 0xD6E8FEB86659FD93


def run(command, **variables):
    """The finished process of a command, with these environment variables besides; ends the script if it fails."""
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, env=dict(os.environ, **variables))
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}: exit status {done.returncode}\n{done.stderr}")
    return done


def preferred_place(header, name):
    """The address that the machine wants to have for something, as a header in src says."""
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../src", header), encoding="utf-8") as text:
        return int(re.search(r"#define %s \w*\(?(0x[0-9a-f]+)" % name, text.read())[1], 16)


def image_sections(data):
    """Name of each section of an image, and where its entry in the section table begins; data: at least the first 64 KB."""
    for i in range(struct.unpack_from("<I", data, 20)[0]):
        at = IMAGE_TABLE_AT + i * IMAGE_SECTION_BYTES
        yield bytes(data[at:at + 32]).split(b"\0")[0].decode(), at


def rotate(x, bits):
    return (x << bits | x >> (64 - bits)) & MASK


def image_checksum(data):
    """As the machine reckons it."""
    lanes = [ODD_A, ODD_B, ~ODD_A & MASK, ~ODD_B & MASK]
    padded = data + bytes(-len(data) % 32)
    for i, (word,) in enumerate(struct.iter_unpack("<Q", padded)):
        lanes[i % 4] = rotate((lanes[i % 4] ^ word) * ODD_A & MASK, 29)
    total = len(data) * ODD_B & MASK
    for lane in lanes:
        total = rotate((total ^ lane) * ODD_B & MASK, 31)
        total ^= total >> 29
    return total * ODD_A & MASK


class Check:
    def __init__(self, name):
        self.name, self.checks, self.failures = name, 0, 0

    def equal(self, what, actual, wanted):
        self.checks += 1
        if actual != wanted:
            self.failures += 1
            print(f"{self.name}: {what}: {actual!r}, expected {wanted!r}")

    def finish(self):
        """Prints the count and ends the script."""
        print(f"{self.name}: {self.checks} checks, {self.failures} failed")
        sys.exit(self.failures != 0)
