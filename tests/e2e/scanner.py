# SPDX-License-Identifier: EUPL-1.2
"""A reader for slips without a reader, and a printer without a printer: the far sides of pseudo terminals. And the eye that finds codes
in a picture."""
import os
import pathlib
import subprocess
import time


class Scanner:
    """The kiosk opens `path` as it would a 2D scanner in USB-COM mode; what is held to the scanner goes down the line."""

    def __init__(self, folder):
        self.path = pathlib.Path(folder) / "scanner"
        self.path.unlink(missing_ok=True)
        self.line, self.other_side = os.openpty()
        # Before the kiosk is there a terminal would answer what it is told.
        subprocess.run(["stty", "-F", os.ttyname(self.other_side), "raw", "-echo"], check=True)
        self.path.symlink_to(os.ttyname(self.other_side))
        self.last = 0.0

    def hold(self, code):
        # The kiosk drops for a second what follows a code: a real one sends the same picture again and again.
        time.sleep(max(0.0, self.last + 1.5 - time.monotonic()))
        os.write(self.line, code.encode("ascii") + b"\r\n")
        self.last = time.monotonic()

    def stop(self):
        self.path.unlink(missing_ok=True)
        os.close(self.line)
        os.close(self.other_side)


class Paper:
    """A receipt printer without a printer: takes what the kiosk sends until the knife, and burns it into a picture."""
    CUT = b"\x1dVB\x00"

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.line, self.other_side = os.openpty()
        self.path = os.ttyname(self.other_side)
        subprocess.run(["stty", "-F", self.path, "raw", "-echo"], check=True)

    def slip(self):
        """The picture of the next slip, made of the raster bands alone."""
        sent = b""
        while not sent.endswith(self.CUT):
            sent += os.read(self.line, 65536)
        rows, at = b"", sent.index(b"\x1dv0\x00")
        while sent[at:at + 4] == b"\x1dv0\x00":
            width, height = (int.from_bytes(sent[at + place:at + place + 2], "little") for place in (4, 6))
            rows += sent[at + 8:at + 8 + width * height]
            at += 8 + width * height
        picture = self.folder / "slip.pbm"
        picture.write_bytes(b"P4\n%d %d\n" % (width * 8, len(rows) // width) + rows)
        return picture

    def stop(self):
        os.close(self.line)
        os.close(self.other_side)


def codes_in(picture):
    """What a program that is not ours reads in a picture: {"check": code, "take_back": code}, as far as they are there."""
    done = subprocess.run(["zbarimg", "-q", "--raw", str(picture)], capture_output=True, text=True, check=False)
    words = [line.strip() for line in done.stdout.splitlines()]
    return {"take_back" if "~" in word else "check": word for word in words if word.startswith("eyJ")}
