#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""./run demo: all of Freigabe on one machine. Runs inside the namespace that tests/card/private_pcscd.sh makes.

usage: demo.py BUILD [--headless] [--out DIR] [--sabotage receipt|journal|alive|card]
With a display a person walks; with --headless the day of day.py walks by itself and leaves pictures, report.html and summary.json.
"""
import argparse
import json
import pathlib
import re
import select
import shutil
import subprocess
import sys
import time

from day import PIN, WEB, Day
from processes import Failed, Process
from report import Report
from scanner import Scanner, codes_in
from screen import Display, Kiosk
from stack import Site

NOTE = """
The terminal is in the window. The virtual card belongs to Amira Haddad, 21. Her PIN is {pin}, the CAN on its front 500540.
Touch with the mouse, or use Tab, Enter, Escape and the digits. Type here, each with Enter:

  i   put the card on the reader        r   take it away
  p   photograph the codes on the screen (after a yes)
  s   hold that photo to the reader for slips: it takes the release back without the card
  b   backend gone, and back again      w   the case worker's page
  q   end (or close the window)
"""


def walk(site, day, report):
    ok = True
    for name, step in day.STEPS:
        taken = len(day.kiosk.taken)
        started = time.monotonic()
        failure = ""
        try:
            step(day)
        except Failed as failed:
            failure = str(failed)
            ok = False
        milliseconds = int((time.monotonic() - started) * 1000)
        pictures = day.kiosk.taken[taken:]
        pictures += sorted(p.name for p in day.out.glob("agency-*.png") if p.name not in {n for s in report.steps for n in s["pictures"]})
        report.step(name, step.__doc__, not failure, milliseconds, pictures, failure)
        print(f"{'ok  ' if not failure else 'NOT '} {name}  ({milliseconds / 1000:.1f} s)", flush=True)
        if failure:
            print(failure, flush=True)
            break
    return ok


def numbers_of(site, day):
    """Read from the programs, whatever happened before: a sabotaged day has numbers, too."""
    journal = site.journal()
    site.card.stop()
    apdus = re.findall(r"(\d+) commands", site.card.log.read_text(errors="replace"))
    return {"apdus": int(apdus[-1]) if apdus else 0, "tls": site.tls, "journal_rows": journal.get("rows", 0),
            "receipts_verified": journal.get("receipts", 0),
            "alive_grants_before_revoke": day.numbers.get("alive_grants_before_revoke"),
            "alive_grants_after_revoke": day.numbers.get("alive_grants_after_revoke")}


def headless(options, site, out):
    display = Display(site.folder / "display", site.logs)
    kiosk = Kiosk(display, options.build, out, site.logs)
    report = Report(out)
    day = Day(site, kiosk, out, options.sabotage)
    try:
        site.start_kiosk(display)
        site.start_syncd()
        ok = walk(site, day, report)
        numbers = numbers_of(site, day)
    finally:
        kiosk.close()
        site.stop()
        display.stop()
    for pair in day.pairs:
        report.pair(*pair)
    ok = ok and numbers["alive_grants_after_revoke"] == 0 and numbers["receipts_verified"] >= 2 and numbers["apdus"] > 0
    report.write({"ok": ok, **numbers})
    print(f"\n{out}/report.html  {out}/summary.json  ok={str(ok).lower()}")
    return 0 if ok else 1


class Hands:
    """The keys of the interactive demo, one line each."""

    def __init__(self, site, scanner):
        self.site = site
        self.scanner = scanner
        self.photo = {}
        self.backend_up = True
        self.pages = []

    def obey(self, key):
        if key in ("i", "r"):
            word = self.site.tell_card("insert" if key == "i" else "remove")
            return "the card lies on the reader" if word == "ok" and key == "i" else "the card is off the reader" if word == "ok" else word
        if key == "p":
            return self.take_photo()
        if key == "s":
            if "take_back" not in self.photo:
                return "no photo of a code for taking back yet: say yes to a release, then p"
            self.scanner.hold(self.photo["take_back"])
            return "the code lies before the reader"
        if key == "b":
            if self.backend_up:
                self.site.backend.stop()
            else:
                self.site.start_backend()
            self.backend_up = not self.backend_up
            return "the backend is " + ("back" if self.backend_up else "gone: the terminal works on without it")
        if key == "w":
            self.pages.append(Process("case-worker", ["python3", WEB / "agency.py", "--url", f"https://localhost:{self.site.ports[0]}/agency/",
                                                      "--pki", self.site.pki, "--authority", "musterstadt-agentur", "--show"], self.site.logs))
            return "the case worker's page opens in a window of its own"
        return "" if not key else f"“{key}”? The keys are i, r, p, s, b, w, q."

    def take_photo(self):
        picture = self.site.folder / "photo.png"
        done = subprocess.run(["import", "-silent", "-window", "root", str(picture)], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            return "this display gives no picture of itself (Wayland does not)"
        self.photo.update(codes_in(picture))
        return f"codes on the photos so far: {', '.join(sorted(self.photo)) or 'none; turn the page, nothing may lie over the window'}"

    def rest(self):
        for page in self.pages:
            page.stop()


def interactive(site):
    scanner = Scanner(site.folder)
    config = json.loads((site.state / "kiosk.json").read_text())
    (site.state / "kiosk.json").write_text(json.dumps({**config, "slip_reader": str(scanner.path)}), encoding="utf-8")
    site.start_kiosk()
    site.start_syncd()
    print(NOTE.format(pin=PIN), flush=True)
    hands = Hands(site, scanner)
    inputs = [sys.stdin]
    while site.kiosk.alive():
        # Whoever closes the window has ended the demo; without a terminal there is only the window.
        ready, _, _ = select.select(inputs, [], [], 0.5)
        if not ready:
            continue
        line = sys.stdin.readline()
        if not line:
            inputs = []
        elif line.strip() == "q":
            break
        elif answer := hands.obey(line.strip()):
            print(answer, flush=True)
    hands.rest()
    scanner.stop()
    print(f"Ended. What it left is in {site.folder} until the next time.")
    return 0


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--headless", action="store_true")
    parser.add_argument("--out", type=pathlib.Path)
    parser.add_argument("--sabotage", choices=("receipt", "journal", "alive", "card"))
    options = parser.parse_args()
    options.build = options.build.resolve()
    folder = options.build.parent / "demo"
    shutil.rmtree(folder, ignore_errors=True)
    out = (options.out or folder / "report").resolve()
    out.mkdir(parents=True, exist_ok=True)
    site = Site(options.build, folder)
    try:
        site.prepare()
        site.start_card(wrong_key=options.sabotage == "card")
        return headless(options, site, out) if options.headless else interactive(site)
    except Failed as failed:
        print(f"the demo could not start: {failed}", file=sys.stderr)
        return 1
    finally:
        site.stop()


if __name__ == "__main__":
    sys.exit(main())
