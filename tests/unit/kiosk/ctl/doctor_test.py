#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""freigabectl doctor on a whole terminal and on one that is broken in one place at a time: each fault has its own line, its
own remedy and exit code 1; the whole one has none.

usage: doctor_test.py BUILD        inside tests/card/private_pcscd.sh
"""
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3] / "e2e"))
from processes import wait_until  # noqa: E402
from stack import Site  # noqa: E402


def doctor(site, *arguments):
    command = [site.bin / "freigabectl", "doctor", "--json", *arguments]
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    report = json.loads(done.stdout)
    expect(done.returncode == (0 if report["ok"] else 1), "exit code and report differ", done.returncode)
    expect(all(f["remedy"] for f in report["findings"] if f["verdict"] != "ok"), "a fault without a remedy", report)
    return report


def expect(condition, text, seen):
    if not condition:
        sys.exit(f"{text}: {json.dumps(seen, indent=1, ensure_ascii=False)}")


def finding(report, verdict, check, words):
    return any(f["verdict"] == verdict and f["check"] == check and words in f["what"] for f in report["findings"])


def terminal(site, *arguments):
    return doctor(site, "--state", site.state, *arguments)


def check_whole(site):
    report = terminal(site)
    expect(report["ok"], "a whole terminal is refused", report)
    for check, words in (("pcscd", "runs"), ("reader", "Virtual PCD 00 00: eID card, three tries left"),
                         ("keys", "key journal"), ("catalogue", "catalogue 1."), ("time", "time floor 2"),
                         ("certificate", "TLS certificate"), ("certificate", "card certificate terminal.cvcert"),
                         ("certificate", "card issuer csca.der"), ("backend", "answers, TLSv1."), ("font", "NotoSans-Bold"),
                         ("locale", "locale ar"), ("journal", "not begun")):
        expect(finding(report, "ok", check, words), f"no line for {check} {words}", report)
    expect(finding(report, "warn", "socket", "kiosk: not running"), "nobody listens, and doctor is silent", report)
    text = subprocess.run([str(site.bin / "freigabectl"), "doctor", "--state", str(site.state)], capture_output=True, text=True)
    expect(text.returncode == 0 and "\n      -> start freigabe-kiosk\n" in text.stdout, "the printed form has no remedy", text.stdout)


def broken(site, change, verdict, check, words):
    """A copy of the terminal with one fault."""
    copy = site.folder / "broken"
    shutil.copytree(site.state, copy)
    try:
        change(copy)
        report = doctor(site, "--state", copy, "--offline")
        expect(finding(report, verdict, check, words), f"doctor does not see “{words}”", report)
        expect(report["ok"] == (verdict != "bad"), "verdict and report differ", report)
    finally:
        shutil.rmtree(copy)


def edit(name, **values):
    def change(folder):
        path = folder / name
        path.write_text(json.dumps({**json.loads(path.read_text()), **values}))
    return change


def check_faults(site):
    broken(site, lambda f: f.chmod(0o755), "bad", "state", "others may enter")
    broken(site, lambda f: (f / "keys/journal.key").chmod(0o644), "bad", "keys", "key_bad")
    broken(site, lambda f: (f / "keys/terminal.key").unlink(), "bad", "keys", "key terminal: not there")
    broken(site, lambda f: (f / "journal.db").write_bytes(b"x" * 5000), "bad", "journal", "journal: ")
    broken(site, lambda f: (f / "catalogue.jws").write_text("{}"), "bad", "catalogue", "catalogue: ")
    broken(site, lambda f: (f / "terminal.json").unlink(), "bad", "terminal", "terminal.json: file_io")
    broken(site, lambda f: (f / "tls.crt").write_text("x"), "bad", "certificate", "TLS certificate: certificate_bad")
    broken(site, lambda f: (f / "card/dv.cvcert").unlink(), "bad", "certificate", "dv.cvcert: file_io")
    broken(site, lambda f: (f / "kiosk.json").unlink(), "bad", "certificate", "none named")
    broken(site, lambda f: (f / "syncd.json").write_text("{}"), "bad", "syncd", "config_bad")
    year_ms = 366 * 86_400_000
    floor = json.loads((site.state / "terminal.json").read_text())["time_floor_ms"]
    broken(site, edit("terminal.json", time_floor_ms=floor + 20 * year_ms), "bad", "time", "the clock is behind")
    broken(site, edit("terminal.json", time_floor_ms=floor + 20 * year_ms), "bad", "certificate", "expired")
    broken(site, edit("terminal.json", time_floor_ms=floor - 5 * 86_400_000), "warn", "time", "5 days without word")
    broken(site, edit("terminal.json", mode="live", drafts="hide"), "bad", "vpcd", "installed on a live terminal")
    report = doctor(site, "--fonts", site.folder)
    expect(finding(report, "bad", "font", "NotoSans-Regular.ttf: file_io"), "missing fonts are not seen", report)


def main():
    site = Site(pathlib.Path(sys.argv[1]).resolve(), tempfile.mkdtemp(prefix="freigabe-doctor-"))
    try:
        site.prepare()
        site.start_card(absent=False)
        wait_until(lambda: finding(doctor(site), "ok", "reader", "eID card"), "a card in the reader")
        check_whole(site)
        check_faults(site)
        site.backend.stop()
        report = terminal(site)
        expect(report["ok"] and finding(report, "warn", "backend", "network_unreachable"), "a dead line is not a warning", report)
    finally:
        site.stop()
        shutil.rmtree(site.folder, ignore_errors=True)
    print("doctor: a whole terminal, and every planted fault")


main()
