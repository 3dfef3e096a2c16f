# SPDX-License-Identifier: EUPL-1.2
"""A terminal and a backend that share no network, only a stick: people declare and take back, two people agree to an export, the
stick travels, the backend takes it in without running, the stick comes back, and the journal has its receipts. Then everything again
with the same stick: no effect. And with sticks that somebody prepared: refused, with the reason.

usage: courier.py BUILD"""
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile

from processes import Failed, wait_until
from stack import Site


def expect(condition, what):
    if not condition:
        raise Failed(what)


class Kiosk:
    """The kiosk's journal thread, asked by lines."""

    def __init__(self, site):
        with open(site.logs / "kiosk.log", "ab") as log:
            self.popen = subprocess.Popen([site.bin / "courier_kiosk", site.state, site.state / "kiosk.json"], text=True,
                                          stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log)
        expect(self.popen.stdout.readline() == "ready\n", "the kiosk's journal thread did not start")

    def say(self, line, answer=None):
        self.popen.stdin.write(line + "\n")
        self.popen.stdin.flush()
        said = self.popen.stdout.readline().strip()
        expect(answer is None or said == answer, f"{line}: {said} instead of {answer}")
        return said

    def stop(self):
        self.popen.stdin.close()
        self.popen.wait(30)


class TwoSites(Site):
    """The terminal's side and the office's side; between them only self.stick."""

    def prepare_without_card(self):
        for folder in (self.folder, self.logs):
            folder.mkdir(parents=True, exist_ok=True)
        self.ctl("pki", "init", "--out", self.pki, "--dns", "localhost")
        self._sign_catalogue()
        self.start_backend()
        self._enrol()
        (self.state / "kiosk.json").write_text(json.dumps({
            "schema": "freigabe-kiosk-1", "provider": "Stadt Musterstadt", "languages": ["de"],
            "card": {"certificates": ["none.cvcert"], "sector": "none.pub", "csca": ["none.der"]}}), encoding="utf-8")
        self.terminal = (self.pki / "terminal.id").read_text().strip()
        self.stick = self.folder / "stick"
        self.stick.mkdir()
        self.technician, self.staff = self.pki / "catalogue-publisher.key", self.pki / "catalogue-dsb.key"
        entries = [self.ctl("courier", "approver", "--person", person, "--role", role, "--key", key).strip()
                   for person, role, key in (("t-1", "technician", self.technician), ("s-1", "staff", self.staff))]
        (self.state / "approvers.json").write_text('{"approvers":[' + ",".join(entries) + "]}")
        config = json.loads((self.state / "syncd.json").read_text())
        config["backend"] = "https://localhost:1"  # nobody is there: the stick is the only way
        config["courier"] = {"stick": str(self.stick), "requests": str(self.state / "courier"),
                             "approvers": str(self.state / "approvers.json"), "any_folder": True}
        (self.state / "syncd.json").write_text(json.dumps(config))
        self.stop_backend()

    def stop_backend(self):
        self.backend.stop()
        self.running.remove(self.backend)

    def ask(self, name, source=None):
        """Puts a request where syncd looks and waits for its word."""
        folder = self.state / "courier"
        (folder / "result.json").unlink(missing_ok=True)
        part = folder / (name + ".part")
        shutil.copyfile(source, part) if source else part.write_text("")
        part.rename(folder / name)
        wait_until(lambda: self.syncd.check() or (folder / "result.json").exists(), f"syncd's answer to {name}")
        return json.loads((folder / "result.json").read_text())

    def agree(self, both=True):
        first, second = self.folder / "request.once", self.folder / "request.twice"
        self.ctl("courier", "approve", "--terminal", self.terminal, "--role", "technician", "--key", self.technician, first)
        if not both:
            return first
        self.ctl("courier", "approve", "--role", "staff", "--key", self.staff, first, second)
        return second

    def export(self):
        answer = self.ask("export.jws", self.agree())
        expect(answer["ok"], f"the export: {answer}")
        verified = self.ask("verify")
        expect(verified["ok"] and verified["state"] == "verified", f"reading the stick back: {verified}")
        return answer

    def ingest(self, stick=None, whole=True):
        text = self.ctl("courier", "ingest", stick or self.stick, "--store", f"sqlite:{self.folder / 'backend.db'}",
                        "--receipt-key", self.pki / "receipts.key", "--json", allow_failure=True)
        report = json.loads(text)
        expect(report["whole"] == whole, f"the stick at the backend: {report}")
        return report

    def log_size(self):
        """Records in the backend's log; only while it runs."""
        with socket.create_connection(("127.0.0.1", self.ports[1]), 10) as plain:
            plain.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            data = b""
            while part := plain.recv(65536):
                data += part
        return json.loads(data.partition(b"\r\n\r\n")[2])["log_size"]


def check(site):
    return json.loads(site.ctl("courier", "check", site.stick, "--json", allow_failure=True))


def declare_and_travel(site, kiosk):
    for recipient in ("musterstadt-agentur", "musterstadt-jobcenter"):
        kiosk.say(f"give {recipient}", "recorded")
    kiosk.say("take-back-all", "recorded")
    kiosk.say("give musterstadt-agentur", "recorded")
    lonely = site.ask("export.jws", site.agree(both=False))
    expect(not lonely["ok"] and lonely["errc"] == 709 and not any(site.stick.iterdir()), f"one person alone: {lonely}")
    answer = site.export()
    expect(answer["files"] == 2, f"a copy of the withdrawal and one batch: {answer}")
    again = site.ask("export.jws", site.folder / "request.twice")
    expect(not again["ok"] and again["errc"] == 710, f"one agreement, two exports: {again}")
    expect("CANARY" not in "".join(p.read_text() for p in site.stick.rglob("*") if p.is_file()), "a name on the stick")
    view = check(site)["folders"]
    expect(len(view) == 1 and view[0]["to"] == 4 and view[0]["problems"] == [], f"check: {view}")
    kiosk.say("releases", "queued withdrawn queued withdrawn queued")
    expect(site.journal()["receipts"] == 0, "nothing may count as sent")
    report = site.ingest()
    expect(report["terminals"][0]["taken"] == 2, f"taken: {report}")


def come_back(site, kiosk):
    answer = site.ask("import")
    expect(answer["ok"] and answer["receipts"] == 2 and answer["checkpoint"] and not answer["refused"], f"the import: {answer}")
    journal = site.journal()
    expect(journal["ok"] and journal["rows"] == 4 and journal["receipts"] == 4, f"the journal after the import: {journal}")
    kiosk.say("releases", "received withdrawn received withdrawn received")


def replay(site):
    """The same stick at both ends once more."""
    before = site.journal()
    site.ingest()
    answer = site.ask("import")
    expect(answer["ok"] and not answer["refused"] and site.journal() == before, f"the same stick again: {answer}")
    site.start_backend()
    expect(site.log_size() == 4, f"four records, once each, are {site.log_size()} in the log")


def events_come_by_stick(site, kiosk):
    """The office's own backend runs, its views see the records; what authorities are told comes with the next stick."""
    def seen():
        return site._request("authority-musterstadt-agentur", "/v1/inbox")["total"] > 0
    wait_until(seen, "the records in the inbox of an authority")
    site.stop_backend()
    kiosk.say("take-back-all", "recorded")
    site.export()
    site.ingest()
    answer = site.ask("import")
    expect(answer["ok"] and answer["receipts"] == 1 and answer["events"] > 0, f"events by stick: {answer}")
    expect(site.journal()["receipts"] == 5, "the second round's receipt")


def prepared_sticks(site):
    """Each refused with its reason; nothing followed, nothing hangs, the records stay as they are."""
    before = site.journal()
    out = pathlib.Path("freigabe/out") / site.terminal

    def damaged(change, errc):
        stick = site.folder / "prepared"
        shutil.rmtree(stick, ignore_errors=True)
        shutil.copytree(site.stick, stick)
        change(stick)
        report = site.ingest(stick, whole=False)
        part = report["terminals"][0] if report["terminals"] else {}
        found = part.get("errc") or (606 if part.get("damaged") else None)
        expect(found == errc, f"{change.__name__}: {report}")

    def no_manifest(stick):
        (stick / out / "manifest.jws").unlink()

    def body_is_a_link(stick):
        (stick / out / "batch-0001.json").unlink()
        (stick / out / "batch-0001.json").symlink_to(site.pki / "receipts.key")

    def folder_is_a_link(stick):
        shutil.move(stick / out, stick / "elsewhere")
        (stick / out).symlink_to(stick / "elsewhere", target_is_directory=True)

    def pipe(stick):
        (stick / out / "manifest.jws").unlink()
        os.mkfifo(stick / out / "manifest.jws")

    def second_name(stick):
        os.link(stick / out / "batch-0001.json", stick / "another")

    def cut(stick):
        body = stick / out / "batch-0001.json"
        body.write_bytes(body.read_bytes()[:-1])

    def huge(stick):
        os.truncate(stick / out / "manifest.jws", 1 << 40)

    def other_terminal(stick):
        (stick / out).rename(stick / "freigabe/out/0190a0b0-0000-7000-8000-000000000001")

    for change in (no_manifest, body_is_a_link, folder_is_a_link, pipe, second_name, cut, huge, other_terminal):
        damaged(change, 606)
    stick = site.folder / "prepared"
    shutil.rmtree(stick)
    shutil.copytree(site.stick, stick)
    (stick / "freigabe/out/BATCH").mkdir()
    (stick / "freigabe/out" / ("ä" * 60)).mkdir()
    report = site.ingest(stick)
    expect(report["foreign"] == 2, f"foreign names are left alone: {report}")
    shutil.rmtree(site.stick / "freigabe/in" / site.terminal)
    shutil.copytree(stick / "freigabe/in" / site.terminal, site.stick / "freigabe/in/0190a0b0-0000-7000-8000-000000000001")
    answer = site.ask("import")
    expect(not answer["ok"] and answer["errc"] == 606, f"answers for another terminal: {answer}")
    shutil.move(site.stick, site.folder / "pulled")
    answer = site.ask("import")
    expect(not answer["ok"] and answer["errc"] == 601, f"no stick: {answer}")
    expect(site.journal() == before, "the journal after all of them")


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory(prefix="freigabe-courier-") as folder:
        site = TwoSites(build, folder)
        try:
            site.prepare_without_card()
            site.start_syncd()
            kiosk = Kiosk(site)
            try:
                declare_and_travel(site, kiosk)
                come_back(site, kiosk)
                replay(site)
                events_come_by_stick(site, kiosk)
                prepared_sticks(site)
            finally:
                kiosk.stop()
        finally:
            site.stop()
    print("courier: out and in by stick, again without effect, and prepared sticks refused")


if __name__ == "__main__":
    try:
        main()
    except Failed as failure:
        print(f"courier: {failure}", file=sys.stderr)
        sys.exit(1)
