#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""freigabectl keys as a technician uses it, on a SoftHSM token made here: a key is made once, shown as often as one likes, and
neither the PIN nor the private half appears anywhere.

usage: keys_tool_test.py BUILD
"""
import os
import pathlib
import subprocess
import sys
import tempfile

MODULE = "/usr/lib/softhsm/libsofthsm2.so"
PIN = "271828"


def expect(condition, text, seen):
    if not condition:
        sys.exit(f"{text}: {seen}")


class Desk:
    def __init__(self, build, folder):
        self.tool = pathlib.Path(build) / "bin/freigabectl"
        self.folder = pathlib.Path(folder)
        self.pin = self.folder / "pin"
        self.uri = f"pkcs11:token=freigabe?pin-source=file:{self.pin}"
        (self.folder / "tokens").mkdir()
        conf = self.folder / "softhsm2.conf"
        conf.write_text(f"directories.tokendir = {self.folder}/tokens\nobjectstore.backend = file\nlog.level = ERROR\n")
        self.environment = {**os.environ, "SOFTHSM2_CONF": str(conf)}
        self.write_pin(PIN)
        subprocess.run(["softhsm2-util", "--init-token", "--free", "--label", "freigabe", "--so-pin", "31415926", "--pin", PIN],
                       env=self.environment, check=True, capture_output=True)

    def write_pin(self, pin, mode=0o600):
        self.pin.write_text(pin + "\n")
        self.pin.chmod(mode)

    def ask(self, code, what, name, *arguments, uri=None):
        command = [self.tool, "keys", what, "--uri", uri or self.uri, "--module", MODULE, "--name", name, *arguments]
        done = subprocess.run([str(part) for part in command], env=self.environment, capture_output=True, text=True)
        expect(done.returncode == code, f"keys {what} {name} ends with {done.returncode}, not {code}", done.stderr)
        expect(PIN not in done.stdout + done.stderr, "the PIN is printed", what)
        return done.stdout if code == 0 else done.stderr


def check(desk):
    out = desk.folder / "journal.der"
    made = desk.ask(0, "create", "journal", "--out", out)
    read = subprocess.run(["openssl", "pkey", "-pubin", "-inform", "DER", "-in", out], capture_output=True, text=True, check=True)
    expect(read.stdout == made, "openssl reads the same key from the file", read.stdout + made)
    expect(desk.ask(0, "show", "journal") == made, "the same key is shown", made)
    expect("key_bad" in desk.ask(1, "create", "journal"), "a name is given once", "journal")
    expect(desk.ask(0, "show", "journal") == made, "the first key is still there", made)
    for curve in ("brainpoolP256r1", "P-384", "brainpoolP512r1"):
        made = desk.ask(0, "create", curve.lower(), "--curve", curve)
        expect(desk.ask(0, "show", curve.lower()) == made, "every curve is shown as it was made", curve)
    expect("key_bad" in desk.ask(1, "show", "nobody"), "no such key", "nobody")
    expect("config_bad" in desk.ask(1, "create", "No Name"), "a bad name", "No Name")
    expect("config_bad" in desk.ask(1, "create", "other", "--curve", "P-1"), "a bad curve", "P-1")
    expect("pin-value" in desk.ask(1, "show", "journal", uri="pkcs11:token=freigabe?pin-value=000000"), "a PIN in the URI", "uri")
    expect("device_absent" in desk.ask(1, "show", "journal", uri=desk.uri.replace("freigabe", "pulled", 1)), "no token", "uri")
    desk.write_pin("999999")
    expect("0xA0" in desk.ask(1, "show", "journal"), "a wrong PIN has the code of PKCS#11", "pin")
    desk.write_pin(PIN, 0o644)
    expect("key_bad" in desk.ask(1, "show", "journal"), "a PIN file that others may read", "pin")


def main():
    with tempfile.TemporaryDirectory(prefix="freigabe-keys-") as folder:
        check(Desk(sys.argv[1], folder))
    print("keys: made, shown, refused")


main()
