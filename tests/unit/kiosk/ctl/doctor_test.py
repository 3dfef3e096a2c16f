#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""freigabectl doctor on a whole terminal and on one that is broken in one place at a time: each fault has its own line, its
own remedy and exit code 1; the whole one has none.

usage: doctor_test.py BUILD        inside tests/card/private_pcscd.sh
"""
import contextlib
import datetime
import json
import os
import pathlib
import shutil
import sqlite3
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
                         ("locale", "locale ar"), ("slip_reader", "none"), ("printer", "none"), ("journal", "not begun")):
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
    broken(site, edit("kiosk.json", slip_reader="/dev/no-such-line"), "warn", "slip_reader", "no-such-line: not there")
    broken(site, edit("kiosk.json", slip_reader=str(site.state / "kiosk.json")), "bad", "slip_reader", "no device")
    broken(site, edit("kiosk.json", printer="/dev/no-such-printer"), "warn", "printer", "no-such-printer: not there")
    broken(site, edit("kiosk.json", printer="/dev/null"), "ok", "printer", ": there")
    line, other_side = os.openpty()
    broken(site, edit("kiosk.json", slip_reader=os.ttyname(other_side)), "ok", "slip_reader", ": there")
    os.close(other_side)
    os.close(line)
    check_block_list(site)
    check_signer(site)
    check_token(site)
    report = doctor(site, "--fonts", site.folder)
    expect(finding(report, "bad", "font", "NotoSans-Regular.ttf: file_io"), "missing fonts are not seen", report)


def edit_card(**values):
    def change(folder):
        path = folder / "kiosk.json"
        kiosk = json.loads(path.read_text())
        kiosk["card"].update(values)
        path.write_text(json.dumps(kiosk))
    return change


def check_block_list(site):
    """None named is a warning; a named one must be whole and young."""
    expect(finding(terminal(site), "warn", "block_list", "none named"), "no list, and doctor is silent", "block_list")
    (site.folder / "ids").write_text("")

    def named(created, days_max=7, spoil=False):
        def change(folder):
            site.ctl("blocklist", "build", "--sector", site.pki / "sector.pub", "--created", created, site.folder / "ids",
                     folder / "card/list")
            if spoil:
                (folder / "card/list").write_bytes(b"FRGBLOCK")
            edit_card(block_list={"file": "card/list", "sector": "card/sector.pub", "days_max": days_max})(folder)
        return change

    today = datetime.date.today().strftime("%Y%m%d")
    broken(site, named(today), "ok", "block_list", "block list: 0 cards, 0 days old")
    broken(site, named("20250101"), "bad", "block_list", "too old, the PIN is off")
    broken(site, named(today, spoil=True), "bad", "block_list", "block list: config_bad")


CA_NAME = "Freigabe TLS CA"  # of freigabectl pki init


def check_signer(site):
    def remote(named):
        def change(folder):
            edit_card(signer="remote")(folder)
            (folder / "keys/terminal.key").unlink()
            if named:
                edit("syncd.json", signer={"origin": "https://eid.test", "ca": "/x", "kiosk_socket": "/y"})(folder)
        return change

    broken(site, remote(True), "ok", "signer", "the site's eID service")
    broken(site, remote(False), "bad", "signer", "syncd.json names none")


def check_token(site):
    """The journal's key on a SoftHSM token: there, missing, its PIN open to others, the token pulled."""
    tokens = site.folder / "tokens"
    tokens.mkdir()
    conf = site.folder / "softhsm2.conf"
    conf.write_text(f"directories.tokendir = {tokens}\nobjectstore.backend = file\nlog.level = ERROR\n")
    os.environ["SOFTHSM2_CONF"] = str(conf)
    pin = site.folder / "pin"
    pin.write_text("271828\n")
    pin.chmod(0o600)
    subprocess.run(["softhsm2-util", "--init-token", "--free", "--label", "freigabe", "--so-pin", "31415926", "--pin", "271828"],
                   check=True, capture_output=True)
    module = "/usr/lib/softhsm/libsofthsm2.so"

    def on_token(label="freigabe"):
        uri = f"pkcs11:token={label}?pin-source=file:{pin}"

        def change(folder):
            (folder / "keys/journal.key").unlink()
            (folder / "keys/terminal.key").unlink()
            edit("kiosk.json", keys={"kind": "pkcs11", "uri": uri, "module": module})(folder)
        return change

    uri = f"pkcs11:token=freigabe?pin-source=file:{pin}"
    site.ctl("keys", "create", "--uri", uri, "--module", module, "--name", "journal")
    broken(site, on_token(), "bad", "keys", "key terminal on the token: key_bad")
    site.ctl("keys", "create", "--uri", uri, "--module", module, "--name", "terminal", "--curve", "brainpoolP256r1")
    broken(site, on_token(), "ok", "keys", "key journal on the token")
    broken(site, on_token("pulled"), "bad", "keys", "token: device_absent")
    pin.chmod(0o644)
    broken(site, on_token(), "bad", "keys", "token: key_bad")
    pin.chmod(0o600)
    enrol_on_token(site, uri, module)


def enrol_on_token(site, uri, module):
    """A second terminal whose journal key is born on the token: enrolled, and no key file of that name anywhere."""
    subprocess.run(["softhsm2-util", "--init-token", "--free", "--label", "second", "--so-pin", "31415926", "--pin", "271828"],
                   check=True, capture_output=True)
    uri = uri.replace("token=freigabe", "token=second")
    state = site.folder / "second"
    new = site.folder / "second-pki"
    new.mkdir()
    first = (site.pki / "terminal.id").read_text().strip()
    identity = first[:-1] + ("0" if first[-1] != "0" else "1")
    site.ctl("pki", "key", "--out", new / "tls-terminal.key", "--curve", "P-256")
    site.ctl("pki", "tls-cert", "--ca-name", CA_NAME, "--signer", site.pki / "tls-ca.key", "--role", "terminal", "--id", identity,
             "--key", new / "tls-terminal.key", "--out", new / "tls-terminal")
    code = subprocess.run([str(site.bin / "freigabe-backend"), "invite", "--store", f"sqlite:{site.folder}/backend.db", "--terminal", identity,
                           "--site", "Zweigstelle"], capture_output=True, text=True, check=True).stdout.strip()
    site.ctl("enrol", "--backend", f"https://localhost:{site.ports[0]}", "--code", code, "--site", "Zweigstelle", "--state", state,
             "--terminal", identity, "--tls-ca", site.pki / "tls-ca.crt", "--tls-cert", new / "tls-terminal.crt", "--tls-key",
             new / "tls-terminal.key", "--trust", site.pki / "trust.json", "--mode", "demo", "--drafts", "show", "--keys-uri", uri,
             "--keys-module", module)
    files = sorted(each.name for each in (state / "keys").iterdir())
    expect(files == ["tls.key"], "the journal's key lies in a file", files)
    shown = site.ctl("keys", "show", "--uri", uri, "--module", module, "--name", "journal")
    expect("PUBLIC KEY" in shown, "the token has no journal key", shown)


def check_alarms(site):
    """What the journal has called for is said with its remedy; only a cloned identity keeps the terminal from its work."""
    kiosk = subprocess.Popen([str(site.bin / "courier_kiosk"), str(site.state), str(site.state / "kiosk.json")], text=True,
                             stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    expect(kiosk.stdout.readline() == "ready\n", "no journal was made", None)
    expect(finding(terminal(site, "--offline"), "ok", "journal", "its alarms are in the kiosk's log"), "an open journal", None)
    kiosk.stdin.close()
    expect(kiosk.wait(60) == 0, "the journal's program failed", kiosk.returncode)
    for left in site.state.glob("*.sock"):  # it ends without ceremony; nobody can copy a socket
        left.unlink()
    report = terminal(site, "--offline")
    expect(finding(report, "ok", "journal", "whole"), "no whole journal", report)
    expect(not any(f["check"] == "alarm" for f in report["findings"]), "an alarm that nobody raised", report)

    def raised(*kinds):
        def change(folder):
            with contextlib.closing(sqlite3.connect(folder / "journal.db")) as journal, journal:
                journal.executemany("INSERT INTO alarm VALUES(?, 2, 1764000000000, 1764086400000)", [(kind,) for kind in kinds])
        return change

    for kind, words in ((1, "log_conflict: the backend signed two logs"), (2, "backend_set_back"), (3, "content_lost"),
                        (4, "foreign_records"), (6, "disk_failed: writing to the disk failed, 2 times, last on 2025-11-25"),
                        (7, "record_untold: a declaration"), (8, "record_failed: a declaration of which nobody knew"),
                        (99, "of a newer program")):
        broken(site, raised(kind), "warn", "alarm", words)
    broken(site, raised(5, 6), "bad", "alarm", "identity_cloned")

    def noted(text, name="journal.db-untold"):
        return lambda folder: (folder / name).write_text(text)

    expect(not any(f["check"] == "untold" for f in report["findings"]), "an unknown outcome that nobody noted", report)
    whole = json.dumps({"schema": "freigabe-untold-1", "leaf": "A" * 43, "wall_ms": 1764086400000}, separators=(",", ":"))
    broken(site, noted(whole + "\n"), "warn", "untold", "a declaration of 2025-11-25, and nobody knows")
    broken(site, noted(whole[:40]), "warn", "untold", "the note of it is damaged")
    broken(site, noted("", "journal.db-untold.bad"), "warn", "untold", "journal.db-untold.bad")


def main():
    site = Site(pathlib.Path(sys.argv[1]).resolve(), tempfile.mkdtemp(prefix="freigabe-doctor-"))
    try:
        site.prepare()
        site.start_card(absent=False)
        wait_until(lambda: finding(doctor(site), "ok", "reader", "eID card"), "a card in the reader")
        check_whole(site)
        check_faults(site)
        check_alarms(site)
        site.backend.stop()
        report = terminal(site)
        expect(report["ok"] and finding(report, "warn", "backend", "network_unreachable"), "a dead line is not a warning", report)
    finally:
        site.stop()
        shutil.rmtree(site.folder, ignore_errors=True)
    print("doctor: a whole terminal, and every planted fault")


main()
