#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""J7: a release is given at one terminal without a network; its code, read off the screen, takes it back at another terminal that has
never seen it, without a network and without a card. The withdrawal reaches the backend first, the release after it: it is not usable.

usage: slip.py BUILD --out DIR      inside tests/card/private_pcscd.sh; exit 1 at the first step that is not as it must be
"""
import argparse
import contextlib
import json
import pathlib
import shutil
import sqlite3
import sys

from bad_days import BadDays
from day import expect
from demo import walk
from processes import run, wait_until
from report import Report
from scanner import Paper, Scanner, codes_in
from screen import Display, Kiosk
from stack import Site


class TwoTerminals(Site):
    """A second terminal beside the first, at the same backend; the second has a reader for slips."""

    def prepare_both(self):
        self.prepare()
        self.first = self.state
        self.second = self.folder / "second"
        new = self.folder / "second-pki"
        new.mkdir()
        name = (self.pki / "terminal.id").read_text().strip()
        name = name[:-1] + ("0" if name[-1] != "0" else "1")
        self.ctl("pki", "key", "--out", new / "tls-terminal.key", "--curve", "P-256")
        self.ctl("pki", "tls-cert", "--ca-name", "Freigabe TLS CA", "--signer", self.pki / "tls-ca.key", "--role", "terminal", "--id", name,
                 "--key", new / "tls-terminal.key", "--out", new / "tls-terminal")
        code = run([self.bin / "freigabe-backend", "invite", "--store", f"sqlite:{self.folder}/backend.db", "--terminal", name, "--site",
                    "Zweigstelle"], "inviting the second terminal").strip()
        self.ctl("enrol", "--backend", f"https://localhost:{self.ports[0]}", "--code", code, "--site", "Zweigstelle", "--state", self.second,
                 "--terminal", name, "--tls-ca", self.pki / "tls-ca.crt", "--tls-cert", new / "tls-terminal.crt", "--tls-key",
                 new / "tls-terminal.key", "--trust", self.pki / "trust.json", "--catalogue", self.folder / "catalogue.jws", "--mode", "demo",
                 "--drafts", "show")
        config = json.loads((self.second / "syncd.json").read_text())
        config["test"] = {"backoff_ms_min": 200, "backoff_ms_max": 1000}
        (self.second / "syncd.json").write_text(json.dumps(config))
        shutil.copytree(self.first / "card", self.second / "card")
        shutil.copyfile(self.first / "keys/terminal.key", self.second / "keys/terminal.key")
        (self.second / "keys/terminal.key").chmod(0o600)
        self.scanner = Scanner(self.folder)
        self.paper = Paper(self.folder)
        kiosk = json.loads((self.first / "kiosk.json").read_text())
        (self.first / "kiosk.json").write_text(json.dumps({**kiosk, "printer": self.paper.path}), encoding="utf-8")
        kiosk["slip_reader"] = str(self.scanner.path)
        (self.second / "kiosk.json").write_text(json.dumps(kiosk), encoding="utf-8")
        self.backend.stop()

    def parts(self):
        """State of every part of a release at the backend: 0 lives, 2 is taken back."""
        with contextlib.closing(sqlite3.connect(f"file:{self.folder / 'backend.db'}?mode=ro", uri=True)) as database:
            return [state for state, in database.execute("SELECT state FROM part")]

    def records(self):
        with contextlib.closing(sqlite3.connect(f"file:{self.folder / 'backend.db'}?mode=ro", uri=True)) as database:
            return database.execute("SELECT count(*) FROM record").fetchone()[0]


class SlipDays(BadDays):
    def given(self):
        """At the first terminal, without a network: a release, and its two codes on the screen and on paper, read by a program that is not ours."""
        self.language("de")
        self.to_review("JBA-03")
        self.site.tell_card("insert")
        self.record()
        found = {}

        def both():
            found.update(codes_in(self.kiosk.save("done")))
            view = self.kiosk.look()
            if len(found) < 2 and "pager.next" in view["widgets"]:
                self.kiosk.touch("pager.next", view)
            return len(found) == 2

        wait_until(both, "both codes on the screen", 30, every=0.5)
        self.codes = found
        self.turn_to("done.print", "done")
        self.kiosk.touch("done.print")
        expect(codes_in(self.site.paper.slip()) == found, "the paper has other codes than the screen")
        self.told("done-printed")
        self.site.tell_card("remove")
        self.site.kiosk.stop()

    def elsewhere(self):
        """At the second terminal, that has never heard of it: its start screen says that a slip will do, and the wrong half says which half."""
        self.site.state = self.site.second
        self.site.start_kiosk(self.kiosk.display)
        self.told("start-reader")
        expect(self.site.journal()["rows"] == 0, "the second terminal is not a stranger")
        # Whatever else is held to it is told apart, and takes nothing back.
        for code, shot in ((self.codes["check"], "slip-half"), ("4006381333931", "slip-foreign"), (self.codes["take_back"][:-3], "slip-damaged")):
            self.site.scanner.hold(code)
            self.told(shot)

    def taken_back(self):
        """The right half: asked once, without a card and without showing what it is about; then recorded."""
        self.site.scanner.hold(self.codes["take_back"])
        self.told("slip-ask-elsewhere")
        self.turn_to("slip_ask.yes", "slip-ask")
        self.go("slip_ask.yes", "done")
        self.told("done-slip-elsewhere")
        journal = self.site.journal()
        expect(journal["ok"] and journal["rows"] == 1, f"the journal of the second terminal: {journal}")
        self.go("done.home", "home")
        self.site.scanner.hold(self.codes["take_back"])
        self.told("slip-taken-back")
        secret = self.codes["take_back"].partition("~")[2]
        wait_until(lambda: not self.site.kiosk_remembers(secret), "the kiosk to forget the secret of the code", 10)
        expect(not self.site.on_disk(secret), "the secret of the code lies on the terminal's disk")

    def withdrawal_first(self):
        """The second terminal has a line again, the first has not: the backend knows of a withdrawal, and of nothing that it takes back."""
        self.site.start_backend()
        self.site.start_syncd()
        wait_until(lambda: self.site.records() == 1, "the withdrawal at the backend", 30, every=0.2)
        expect(self.site.parts() == [], f"the backend knows of a release: {self.site.parts()}")
        self.site.syncd.stop()
        self.site.kiosk.stop()

    def release_after_it(self):
        """Then the release arrives, weeks late as it may be, and is taken back from its first moment."""
        self.site.state = self.site.first
        self.site.start_kiosk(self.kiosk.display)
        self.kiosk.wait_for("start")
        self.site.start_syncd()
        wait_until(lambda: self.site.records() == 2, "the release at the backend", 30, every=0.2)
        states = self.site.parts()
        expect(states and all(state == 2 for state in states), f"a release lives although its slip was used: {states}")

    STEPS = (("A release without a network", given), ("Another terminal, and the wrong codes", elsewhere),
             ("Taken back by the code", taken_back), ("The withdrawal arrives first", withdrawal_first),
             ("The release arrives after it", release_after_it))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    options = parser.parse_args()
    folder = options.build.resolve().parent / "slip"
    shutil.rmtree(folder, ignore_errors=True)
    out = options.out.resolve()
    out.mkdir(parents=True, exist_ok=True)
    site = TwoTerminals(options.build.resolve(), folder)
    display = None
    try:
        site.prepare_both()
        site.start_card()
        display = Display(folder / "display", site.logs)
        kiosk = Kiosk(display, options.build, out, site.logs)
        report = Report(out)
        days = SlipDays(site, kiosk, out, None)
        site.start_kiosk(display)
        ok = walk(site, days, report)
        kiosk.close()
        site.scanner.stop()
        site.paper.stop()
        print(f"{len(report.steps)} of {len(days.STEPS)} steps with a slip walked, ok={str(ok).lower()}; pictures in {out}")
        return 0 if ok else 1
    finally:
        site.stop()
        if display:
            display.stop()


if __name__ == "__main__":
    sys.exit(main())
