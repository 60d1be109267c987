"""What test scripts share: commands that must succeed, the sections of images, a count of values that are as they should be."""
import os
import struct
import subprocess
import sys

IMAGE_TABLE_AT, IMAGE_SECTION_BYTES = 128, 80  # src/image/image.h draws header and section table


def run(command, **variables):
    """The finished process of a command, with these environment variables besides; ends the script if it fails."""
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, env=dict(os.environ, **variables))
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}: exit status {done.returncode}\n{done.stderr}")
    return done


def image_sections(data):
    """Name of each section of an image, and where its entry in the section table begins; data: at least the first 64 KB."""
    for i in range(struct.unpack_from("<I", data, 20)[0]):
        at = IMAGE_TABLE_AT + i * IMAGE_SECTION_BYTES
        yield bytes(data[at:at + 32]).split(b"\0")[0].decode(), at


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
