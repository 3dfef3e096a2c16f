#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""freigabectl blocklist as a technician uses it, and `card read --block-list` on a virtual card behind pcscd: the card reported
lost is refused without a name, the same card is read under a list that does not hold it.

usage: blocklist_test.py BUILD        inside tests/card/private_pcscd.sh
"""
import json
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3] / "e2e"))
from processes import wait_until  # noqa: E402
from stack import Site  # noqa: E402


def expect(condition, text, seen):
    if not condition:
        sys.exit(f"{text}: {seen}")


class Desk:
    def __init__(self, build, folder):
        self.site = Site(build, folder, person="block_listed")
        self.folder = pathlib.Path(folder)
        self.file = self.folder / "cards.blocklist"

    def ask(self, code, *arguments, stdin=""):
        """Standard output and error of freigabectl, which must end with this code."""
        command = [str(part) for part in (self.site.bin / "freigabectl", *arguments)]
        done = subprocess.run(command, input=stdin, capture_output=True, text=True)
        expect(done.returncode == code, f"{' '.join(command[1:4])} ends with {done.returncode}, not {code}", done.stderr)
        return done.stdout if "--json" in arguments else done.stdout + done.stderr

    def build(self, lines, sector="sector-revocation"):
        (self.folder / "lost.txt").write_text("".join(f"{line}\n" for line in lines))
        return self.ask(0, "blocklist", "build", "--created", "20261120", "--sector", self.site.pki / f"{sector}.pub",
                        self.folder / "lost.txt", self.file)

    def read(self, code, *arguments):
        pki = self.site.pki
        return json.loads(self.ask(
            code, "card", "read", "--json", "--pin-stdin", "--at-cert", pki / "terminal.cvcert", pki / "dv.cvcert", "--cvca-dir", pki,
            "--at-key", pki / "terminal.key", "--dg", "4,5", "--wait", "10", *arguments, stdin="123456\n"))


def check_files(desk):
    ids = [f"{number:064x}" for number in (3 << 128, 1 << 128, 2 << 128)]
    told = desk.build(["# lost in November", *ids, "", f"{ids[0]}  # twice\r"])
    expect("3 entries" in told, "three different cards", told)
    told = desk.ask(0, "blocklist", "check", desk.file, "--today", "20261125", "--sector", desk.site.pki / "sector-revocation.pub")
    expect("entries: 3\ncreated: 20261120\ndays_old: 5\n" in told, "what the list says of itself", told)
    told = desk.ask(1, "blocklist", "check", desk.file, "--sector", desk.site.pki / "sector.pub")
    expect("config_bad" in told, "another sector", told)
    expect("card_on_block_list" in desk.ask(1, "blocklist", "lookup", desk.file, ids[2]), "listed", ids[2])
    expect("not listed" in desk.ask(0, "blocklist", "lookup", desk.file, f"{9 << 128:064x}"), "not listed", ids)
    for bad in ("12", ids[0] + "0", "x" * 64):
        expect("config_bad" in desk.ask(1, "blocklist", "lookup", desk.file, bad), "no identifier", bad)
    expect("file_io" in desk.ask(1, "blocklist", "check", desk.folder / "none"), "no file", "")
    content = desk.file.read_bytes()
    desk.file.write_bytes(content[:-1])
    expect("config_bad" in desk.ask(1, "blocklist", "check", desk.file), "cut file", "")
    for wrong in ([], ["build", desk.file], ["check"], ["lookup", desk.file], ["sort", desk.file]):
        desk.ask(2, "blocklist", *wrong)


def check_card(desk):
    pki = desk.site.pki
    listed = ("--block-list", desk.file, "--revocation-sector", pki / "sector-revocation.pub")
    desk.build([])
    report = desk.read(0, *listed)
    expect(report["groups"]["DG4"] == "KARIM" and report["verification"]["block_list"] == "not_listed", "a list without it", report)
    # The issuer's side: what this card answers to key 1 in the sector that the list is for.
    identifier = desk.read(0, "--sector", pki / "sector-revocation.pub", "--block-list-id")["block_list_id"]
    desk.build([identifier])
    report = desk.read(1, *listed)
    expect(report["errc"] == "card_on_block_list" and report["step"] == "restricted_id", "the card reported lost", report)
    expect("KARIM" not in json.dumps(report), "a name of a refused card", report)
    desk.build([f"{int(identifier[:32], 16) ^ 1:032x}{identifier[32:]}"])
    expect(desk.read(0, *listed)["ok"], "its neighbour on the list", identifier)
    desk.build([identifier], sector="sector")
    expect(desk.read(2, *listed)["errc"] == "config_bad", "a list of another sector", identifier)
    desk.read(2, *listed[:2])
    desk.read(2, *listed[2:])


def main():
    with tempfile.TemporaryDirectory(prefix="freigabe-blocklist-") as folder:
        desk = Desk(pathlib.Path(sys.argv[1]).resolve(), folder)
        desk.site.logs.mkdir()
        desk.site.ctl("pki", "init", "--out", desk.site.pki, "--dns", "localhost")
        try:
            check_files(desk)
            desk.site.start_card(absent=False)
            wait_until(lambda: "three_tries" in desk.ask(0, "card", "pin-status", "--wait", "10", "--json"), "a card in the reader")
            check_card(desk)
        finally:
            desk.site.stop()
    print("blocklist: files, refusals, and a card reported lost")


main()
