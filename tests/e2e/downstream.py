#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""What comes down to a running terminal: a certificate and a block list that had run out, a new catalogue in the middle of a session, an old list again.

usage: downstream.py BUILD [--out DIR]      inside tests/card/private_pcscd.sh; exit 1 at the first step that is not as it must be
"""
import datetime
import json
import shutil
import sys

from bad_days import BadDays
from day import expect
from processes import wait_until
from stack import SOURCE, Site
from walked import run_walk


class DownSite(Site):
    """Enrolled long ago: its certificate has run out, its block list is old. Nothing has come down yet."""

    def _kiosk_files(self):
        super()._kiosk_files()
        card = self.state / "card"
        long_ago = datetime.date.today() - datetime.timedelta(days=40)
        (card / "terminal.cvcert").unlink()
        self.ctl("pki", "terminal", "--authority", "DEDVFREI00001", "--signer", self.pki / "dv.key", "--holder", "DEATFREI00001", "--key",
                 self.pki / "terminal.key", "--rights", "dg4,dg5,rid,age,community,pin,can", "--sector", self.pki / "sector.pub",
                 "--sector2", self.pki / "sector-revocation.pub", "--from", long_ago.isoformat(), "--days", "2", "--out", card / "terminal.cvcert")
        shutil.copyfile(self.pki / "sector-revocation.pub", card / "sector-revocation.pub")
        self.block_list(card / "cards.blocklist", long_ago)
        config = json.loads((self.state / "kiosk.json").read_text())
        config["card"]["block_list"] = {"file": "card/cards.blocklist", "sector": "card/sector-revocation.pub", "days_max": 7}
        (self.state / "kiosk.json").write_text(json.dumps(config), encoding="utf-8")

    def block_list(self, path, day):
        lost = self.folder / "lost.txt"
        lost.write_text("".join(f"{n * 7919:032x}{0:032x}\n" for n in range(1, 20_001)))
        self.ctl("blocklist", "build", "--created", day.strftime("%Y%m%d"), "--sector", self.pki / "sector-revocation.pub", lost, path)

    def look_down(self):
        """syncd looks for what comes down at its start, and then every hour."""
        self.syncd.stop()
        self.start_syncd()


class DownDays(BadDays):
    def said(self, line):
        log = self.site.kiosk.log.read_text(errors="replace").splitlines()
        return sum(each.startswith(line) for each in log)

    def active(self, version):
        wait_until(lambda: self.said(f"downstream_activated version={version}") == 1, f"manifest {version} to become active", 60)

    def catalogue(self):
        return json.loads((self.site.state / "catalogue.seen").read_text())["version"]

    def run_out(self):
        """Enrolled long ago: the terminal knows by itself that it may read no card with the PIN."""
        wait_until(lambda: self.said("pin_mode obstacle=certificate"), "the terminal to notice its certificate", 60)
        expect(self.catalogue() == "1.0.0", "another catalogue than that of enrolment")

    def renewed(self):
        """Certificate and list come down and are used without a restart: a card is read, a release recorded."""
        fleet = self.site.folder / "fleet.cvcerts"
        fleet.write_bytes(b"".join((self.site.pki / f"{name}.cvcert").read_bytes() for name in ("cvca-link", "dv", "terminal")))
        cards = self.site.folder / "cards.blocklist"
        self.site.block_list(cards, datetime.date.today())
        self.site.publish(f"catalogue={self.site.folder / 'catalogue.jws'}", f"certificates={fleet}", f"block_list={cards}")
        self.site.look_down()
        self.active(1)
        wait_until(lambda: self.said("pin_mode obstacle=none"), "the terminal to use what came down", 60)
        self.language("de")
        self.to_review("JBA-03")
        self.site.tell_card("insert")
        self.record()
        expect(self.rows() == 1, "the release is not in the journal")

    def amid(self):
        """A new catalogue becomes active while somebody decides: they end with the words they began with, the next person has the new ones."""
        self.fresh()
        self.to_review("JBA-03")
        self.site.publish(f"catalogue={self.site.sign_catalogue('1.1.0')}")
        self.site.look_down()
        self.active(2)
        expect(self.catalogue() == "1.0.0", "the catalogue changed under a person's hands")
        self.site.tell_card("insert")
        self.record()
        expect(self.catalogue() == "1.0.0", "the catalogue changed under a person's hands")
        self.site.tell_card("remove")
        self.kiosk.touch("tool.leave")
        self.kiosk.wait_for("start")
        wait_until(lambda: self.catalogue() == "1.1.0", "the new catalogue, now that nobody is there", 60)
        self.kiosk.touch("language.de")
        self.kiosk.wait_for("home")
        self.to_review("JBA-03")
        self.site.tell_card("insert")
        self.record()
        expect(self.rows() == 3, "a release is not in the journal")

    def old_again(self):
        """Somebody serves the first list again: refused, said, and after a restart the second one is still in force."""
        self.site.tell_card("remove")
        shutil.copyfile(self.site.folder / "manifest-1.jws", self.site.downstream / "manifest.jws")
        self.site.look_down()
        wait_until(lambda: "manifest_rollback" in self.site.syncd.log.read_text(errors="replace"), "syncd to say why", 60)
        loaded = self.said("catalogue_loaded")
        self.site.kiosk.stop()
        self.site.start_kiosk(self.display)
        wait_until(lambda: self.said("catalogue_loaded") > loaded, "the terminal to start", 60)
        expect(self.catalogue() == "1.1.0", "an old catalogue came back")
        expect(self.said("downstream_activated") == 2, "an old list became active")

    STEPS = (("Run out", run_out), ("Renewed without a restart", renewed), ("In the middle of a session", amid), ("An old list again", old_again))


if __name__ == "__main__":
    sys.exit(run_walk("downstream", DownSite, DownDays, "steps of what comes down"))
