#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""freigabectl log verify against a running backend and against folders: whole, grown, rewritten, cut, forged; and the same tree and
signature by Python and openssl, which share no code with either.

usage: log_test.py BUILD
"""
import base64
import hashlib
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3] / "e2e"))
from processes import run  # noqa: E402
from stack import Site  # noqa: E402

RECORDS = 300  # more than a tile


def expect(condition, text, seen):
    if not condition:
        sys.exit(f"{text}: {seen}")


def tree(leaves):
    """RFC 6962 2.1, by its recursive definition."""
    if len(leaves) == 1:
        return leaves[0]
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return hashlib.sha256(b"\x01" + tree(leaves[:half]) + tree(leaves[half:])).digest()


class Auditor:
    def __init__(self, site):
        self.site = site
        self.tool = site.bin / "freigabectl"
        self.where = ["--url", f"https://localhost:{site.ports[0]}", "--tls-ca", site.pki / "tls-ca.crt", "--tls-cert",
                      site.pki / "auditor.crt", "--tls-key", site.pki / "auditor.key"]

    def verify(self, code, *arguments, where=None):
        command = [self.tool, "log", "verify", "--json", "--trust", self.site.pki / "trust.json", *(where or self.where), *arguments]
        done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
        expect(done.returncode == code, f"log verify {arguments} ends with {done.returncode}, not {code}", done.stdout + done.stderr)
        return json.loads(done.stdout) if done.stdout else done.stderr


def check_independently(site, folder, report):
    """What the tool says of the folder, from the bytes alone."""
    origin, size, root = (folder / "checkpoint").read_text().splitlines()[:3]
    entries, leaves = [], []
    for name in ("000", f"001.p/{RECORDS - 256}"):
        bundle = (folder / "tile/entries" / name).read_bytes()
        while bundle:
            length = int.from_bytes(bundle[:2], "big")
            entries.append(bundle[2:2 + length])
            bundle = bundle[2 + length:]
        tile = (folder / "tile/0" / name).read_bytes()
        leaves += [tile[at:at + 32] for at in range(0, len(tile), 32)]
    expect([hashlib.sha256(b"\0" + entry).digest() for entry in entries] == leaves, "an entry is not its leaf", len(entries))
    expect(len(leaves) == int(size) == RECORDS == report["size"], "sizes differ", (len(leaves), size, report))
    expect(base64.b64encode(tree(leaves)).decode() == root, "Python has another root", root)
    expect(origin == report["origin"], "another origin", report)
    text, _, signature = (folder / "checkpoint").read_bytes().rpartition(b"\n\n")
    raw = base64.b64decode(signature.split()[-1])
    public = site.folder / "receipts.pem"
    run(["openssl", "pkey", "-inform", "DER", "-in", site.pki / "receipts.key", "-pubout", "-out", public], "the log's key")
    spki = subprocess.run(["openssl", "pkey", "-pubin", "-in", public, "-outform", "DER"], capture_output=True, check=True).stdout
    expect(hashlib.sha256(spki).digest()[:4] == raw[:4], "the key id is another", raw[:4].hex())
    (site.folder / "text").write_bytes(text + b"\n")
    (site.folder / "signature").write_bytes(raw[4:])
    run(["openssl", "dgst", "-sha256", "-verify", public, "-signature", site.folder / "signature", site.folder / "text"],
        "openssl's word on the checkpoint")
    return public


def spoiled(folder, name, change):
    copy = folder.parent / "spoiled"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(folder, copy)
    piece = copy / name
    piece.write_bytes(change(piece.read_bytes()))
    return ["--dir", copy]


def check(site):
    auditor = Auditor(site)
    saved = site.folder / "saved"
    first = site.folder / "first"
    report = auditor.verify(0, "--save", first)
    expect(report["size"] == 0, "an empty log", report)
    old = site.folder / "old.checkpoint"
    run([site.bin / "log_filler", site.folder / "backend.db", "120"], "records for the log")
    auditor.verify(0, "--save", first)
    shutil.copyfile(first / "checkpoint", old)
    run([site.bin / "log_filler", site.folder / "backend.db", str(RECORDS - 120)], "more records")
    report = auditor.verify(0, "--entries", "--since", old, "--save", saved)
    expect(report["ok"] and report["older_checkpoints"] == 1, "a log that has grown", report)
    public = check_independently(site, saved, report)
    again = auditor.verify(0, "--entries", "--since", old, where=["--dir", saved])
    expect(again == report, "from the folder it is another log", again)
    plain = subprocess.run([str(auditor.tool), "log", "verify", "--dir", str(saved), "--key", str(public)], capture_output=True, text=True)
    expect(plain.returncode == 0 and "whole" in plain.stdout, "with a key file and in words", plain.stdout + plain.stderr)

    flip = lambda at: lambda data: data[:at] + bytes([data[at] ^ 1]) + data[at + 1:]  # noqa: E731
    partial = f"001.p/{RECORDS - 256}"
    for name, change, words in (("tile/0/000", flip(40), "root"), ("tile/1/000.p/1", flip(3), "an inner tile"),
                                (f"tile/0/{partial}", lambda data: data[:-32], "a tile of another size"),
                                ("tile/entries/000", flip(300), "an entry that is not its leaf"),
                                ("tile/entries/000", lambda data: data[:-1], "an entry that is not its leaf")):
        flags = ["--entries"] if "entries" in name else []
        report = auditor.verify(1, *flags, where=spoiled(saved, name, change))
        expect(not report["ok"] and words in report["broken"], f"{name}: not “{words}”", report)
    expect("receipt_bad" in auditor.verify(1, where=spoiled(saved, "checkpoint", lambda data: data.replace(b"\n300\n", b"\n299\n"))),
           "a changed checkpoint", "")
    expect("file_io" in auditor.verify(1, where=["--dir", site.folder / "nowhere"]), "no folder", "")
    # A younger checkpoint than the log's own: the backend was set back to an old backup.
    report = auditor.verify(1, "--since", saved / "checkpoint", where=["--dir", first])
    expect("older checkpoint" in report["broken"], "a log that was set back", report)
    compare(site, auditor, saved)
    strange = ["--url", auditor.where[1], "--tls-ca", site.pki / "tls-ca.crt", "--tls-cert", site.pki / "tls-terminal.crt", "--tls-key",
               site.pki / "tls-terminal.key"]
    auditor.verify(0, where=strange)
    expect("http_status" in auditor.verify(1, "--entries", where=strange), "a terminal may not have entries", "")


def compare(site, auditor, saved):
    """A split view: the same key signs another log for somebody else. Either side's note and ours are the proof."""
    mine = saved / "checkpoint"
    report = auditor.verify(0, "--compare", mine, site.folder / "old.checkpoint")
    expect(report["compared"] == 2, "two notes of this log", report)
    shown = {}
    for name, counts in (("same", ["120", "180"]), ("smaller", ["40"]), ("larger", ["310"])):
        other = Site(site.folder.parent, site.folder / name)
        other.bin, other.pki = site.bin, site.pki
        for folder in (other.folder, other.logs):
            folder.mkdir(parents=True, exist_ok=True)
        (other.folder / "names.json").write_text("{}")
        run([site.bin / "log_filler", other.folder / "backend.db", "7"], "another beginning")
        for count in counts:
            run([site.bin / "log_filler", other.folder / "backend.db", count], "another log")
        other.start_backend()
        try:
            there = Auditor(other)
            there.verify(0, "--save", other.folder / "saved")
            shown[name] = other.folder / "saved/checkpoint"
            report = there.verify(1, "--compare", mine)
            expect("somebody else" in report["broken"] and mine.read_text() in report["proof"], f"{name}: seen from there", report)
        finally:
            other.stop()
    for name, note in shown.items():
        report = auditor.verify(1, "--compare", mine, note)
        expect("somebody else" in report["broken"] and report["proof"] == [mine.read_text(), note.read_text()], f"{name}: seen from here",
               report)


def main():
    site = Site(pathlib.Path(sys.argv[1]).resolve(), tempfile.mkdtemp(prefix="freigabe-log-"))
    try:
        for folder in (site.folder, site.logs):
            folder.mkdir(parents=True, exist_ok=True)
        site.ctl("pki", "init", "--out", site.pki, "--dns", "localhost")
        (site.folder / "names.json").write_text("{}")
        site.start_backend()
        check(site)
    finally:
        site.stop()
        shutil.rmtree(site.folder, ignore_errors=True)
    print("log: whole, grown, and every planted change")


main()
