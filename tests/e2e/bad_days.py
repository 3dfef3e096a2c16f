#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Everything that goes wrong in a hallway, done to the running programs: each has one screen and one way on, and nothing is lost.

usage: bad_days.py BUILD [--out DIR]      inside tests/card/private_pcscd.sh; exit 1 at the first step that is not as it must be
"""
import contextlib
import os
import pathlib
import signal
import socket
import sqlite3
import ssl
import struct
import subprocess
import sys
import threading

from day import PIN, Day, expect
from processes import Failed, Process, can_connect, run, wait_until
from stack import Site
from walked import run_walk

VPCD_PORT = 35963
STATE_BYTES = 48 << 20  # the terminal's data partition of this test


class GarbageBackend:
    """A server with the right certificate that answers every request with bytes of no meaning."""

    def __init__(self, site):
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=site.pki / "tls-ca.crt")
        context.verify_mode = ssl.CERT_REQUIRED
        key = site.folder / "backend.pem"
        run(["openssl", "pkcs8", "-inform", "DER", "-nocrypt", "-in", site.pki / "backend.key", "-out", key], "the backend's key as PEM")
        context.load_cert_chain(site.pki / "backend.crt", key)
        self.answered = 0
        self.stopped = False
        self.listener = context.wrap_socket(socket.create_server(("127.0.0.1", site.ports[0])), server_side=True)
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self):
        while not self.stopped:
            try:
                line, _ = self.listener.accept()
                line.recv(4096)
                line.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 64\r\n\r\n" + os.urandom(64))
                self.answered += 1
                line.close()
            except OSError:
                continue  # a line that was cut, or a visitor without a certificate

    def stop(self):
        self.stopped = True
        # A port is free only when nobody waits at it any more: a last visitor ends the wait.
        can_connect(self.listener.getsockname()[1])
        self.thread.join()
        self.listener.close()


class ForeignCard:
    """Some other chip card in the virtual reader: it has no file that we know."""
    ATR = bytes.fromhex("3B6500009C02020702")  # T=0, five historical bytes, as bank cards have

    def __init__(self):
        self.line = socket.create_connection(("127.0.0.1", VPCD_PORT))
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while head := self.line.recv(2, socket.MSG_WAITALL):
            command = self.line.recv(struct.unpack(">H", head)[0], socket.MSG_WAITALL)
            answer = self.ATR if command == b"\x04" else b"\x6a\x82" if len(command) > 1 else b""
            if answer:
                self.line.sendall(struct.pack(">H", len(answer)) + answer)

    def stop(self):
        self.line.shutdown(socket.SHUT_RDWR)
        self.line.close()


class BadDays(Day):
    def told(self, shot):
        """Waits until the window shows this screen of the gallery (or one of its family: words may be shared), and keeps its picture."""
        def there():
            view = self.kiosk.look()
            return view if view["shot"].startswith(shot) else None

        try:
            view = wait_until(there, f"the screen {shot}", 60, every=0.2)
        except Failed as failure:
            raise Failed(f"{failure}; the window looks like “{self.kiosk.look()['shot']}”, see {self.kiosk.save('unexpected')}") from failure
        self.kiosk.save(shot)
        return view

    def to_review(self, entry):
        """From home: one release, its first recipient if it can be chosen, its usual duration, the card, the PIN."""
        self.go("home.give", "list")
        self.turn_to(f"list.{entry}", "list")
        self.go(f"list.{entry}", "release")
        view = self.kiosk.wait_for("release")
        if "release.to.0" in view["widgets"]:
            self.go("release.to.0")
        self.turn_to("release.yes", "release")
        self.go("release.yes", "duration")
        self.turn_to("duration.next", "duration")
        self.go("duration.next", "card")

    def typed(self, *then):
        """From "this is read from your card" to what the PIN opens."""
        self.kiosk.wait_for("card-ask")
        self.go("ask.next", "pin")
        self.type_pin(PIN)
        self.kiosk.wait_for(*then)

    def record(self):
        self.typed("review")
        self.turn_to("review.yes", "review")
        self.go("review.yes", "done")

    def fresh(self):
        """Nobody is there; the next person touches German."""
        self.site.tell_card("remove")
        self.kiosk.touch("tool.leave")
        self.kiosk.wait_for("start")
        self.kiosk.touch("language.de")
        self.kiosk.wait_for("home")

    def lines(self, event):
        """How often the kiosk's log says this."""
        return self.site.kiosk.log.read_text(errors="replace").count(event)

    def rows(self):
        journal = self.site.journal()
        expect(journal["ok"], f"the journal is not whole: {journal}")
        return journal["rows"]

    # The steps.

    def service_dies(self):
        """pcscd is killed while the card is asked for: the screen says that the reader rests; when it is back, it goes on by itself."""
        self.language("de")
        self.to_review("JBA-03")
        pid = int(pathlib.Path("/run/pcscd/pcscd.pid").read_text().split()[0])
        os.kill(pid, signal.SIGKILL)
        self.told("failed-reader_service_gone")
        for stale in ("pcscd.comm", "pcscd.pid"):
            pathlib.Path("/run/pcscd", stale).unlink(missing_ok=True)
        self.pcscd = Process("pcscd", ["/usr/sbin/pcscd", "--foreground"], self.site.logs, {"PCSCLITE_HP_DROPDIR": "/run/pcscd/no-usb-drivers"})
        wait_until(lambda: can_connect(VPCD_PORT), "pcscd to come back")
        self.kiosk.wait_for("card")

    def foreign_card(self):
        """Another chip card: the screen says so and what fits; taking it away is enough to go on."""
        card = ForeignCard()
        self.told("failed-card_foreign")
        card.stop()
        self.kiosk.wait_for("card")

    def card_pulled(self):
        """The card is pulled while it is read: no try is lost, the choice is kept, the card put back goes on."""
        self.site.tell_card("insert")
        self.typed("reading", "review")
        self.site.tell_card("remove")
        self.told("card-removed")
        self.site.tell_card("insert")

    def recorded(self):
        """… and to the end: recorded."""
        self.record()
        expect(self.rows() == 1, "the release is not in the journal")

    def garbage(self):
        """A backend that answers nonsense changes nothing; the real one gets the record, once, and its receipt verifies."""
        wait_until(lambda: self.site.journal()["receipts"] == 1, "the receipt of the first release")
        self.site.backend.stop()
        liar = GarbageBackend(self.site)
        self.fresh()
        self.to_review("JBA-03")
        self.site.tell_card("insert")
        self.record()
        wait_until(lambda: liar.answered >= 2, "syncd to have asked the liar twice")
        journal = self.site.journal()
        expect(journal["ok"] and journal["rows"] == 2 and journal["receipts"] == 1, f"nonsense was believed: {journal}")
        liar.stop()
        self.site.start_backend()
        wait_until(lambda: self.site.journal()["receipts"] == 2, "the receipt of the real backend")

    def disk_full(self):
        """No room on the disk: a release is refused with its reason and is not recorded; taking back goes through all the same."""
        self.fresh()
        with open(self.site.state / "filler", "wb", buffering=0) as filler:
            try:
                while True:
                    filler.write(bytes(4096))
            except OSError:
                pass
        self.to_review("JBA-03")
        self.site.tell_card("insert")
        self.typed("review")
        self.turn_to("review.yes", "review")
        before = self.rows()
        self.go("review.yes")
        self.told("not-recorded")
        expect(self.rows() == before, "a refused release left a row")
        self.go("failed.home", "home")
        self.go("home.take_back", "card", "card-ask")
        self.typed("my-releases")
        self.kiosk.wait_still()
        self.kiosk.press("Tab")
        self.kiosk.press("Return")
        self.kiosk.wait_for("take-back")
        self.turn_to("take_back.yes", "take-back")
        self.go("take_back.yes", "done")
        self.kiosk.save("taken-back-on-a-full-disk")
        expect(self.rows() == before + 1, "the withdrawal is not in the journal")
        (self.site.state / "filler").unlink()

    def restart(self, shot):
        self.site.kiosk.stop()
        self.site.start_kiosk(self.kiosk.display)
        return self.told(shot) if shot else self.kiosk.wait_for("start")

    def unknown_schema(self):
        """A journal of a later version is refused, not reset: every byte stays, and with the right program it is there again."""
        rows = self.rows()
        self.site.tell_card("remove")
        self.site.kiosk.stop()
        journal = self.site.state / "journal.db"
        with contextlib.closing(sqlite3.connect(journal)) as file:
            version = file.execute("PRAGMA user_version").fetchone()[0]
        self._change(journal, "PRAGMA user_version = 99")
        self.restart("failed-journal_schema_unknown")
        self.site.kiosk.stop()
        self._change(journal, f"PRAGMA user_version = {version}")
        self.restart(None)
        expect(self.rows() == rows, "rows were lost")

    def tampered_catalogue(self):
        """One changed letter in the signed catalogue: nothing is offered, never an altered text; taking back works; the right file serves again."""
        file = self.site.state / "catalogue.jws"
        good = file.read_bytes()
        middle = len(good) // 2
        file.write_bytes(good[:middle] + (b"A" if good[middle:middle + 1] != b"A" else b"B") + good[middle + 1:])
        connected = self.lines("syncd_connected")
        self.restart(None)
        # The list below is the same with and without a line, but not the way through it by keys.
        wait_until(lambda: self.lines("syncd_connected") > connected, "syncd to find the kiosk again")
        self.kiosk.touch("language.de")
        self.kiosk.wait_for("home")
        self.go("home.give")
        self.told("failed-catalogue_signature_bad")
        self.go("failed.home", "home")
        self.go("home.take_back", "card")
        self.site.tell_card("insert")
        self.typed("my-releases")
        self.kiosk.wait_still()
        self.kiosk.save("my-releases-without-texts")
        for key in ("Tab", "Tab", "Return"):  # back, then take back everything: how a person without a pointer gets there
            self.kiosk.press(key)
        self.kiosk.wait_for("take-back")
        self.turn_to("take_back.yes", "take-back")
        before = self.rows()
        self.go("take_back.yes", "done")
        expect(self.rows() == before + 1, "the withdrawal is not in the journal")
        self.site.tell_card("remove")
        file.write_bytes(good)
        self.restart(None)

    STEPS = (("pcscd dies", service_dies), ("A foreign card", foreign_card), ("The card is pulled", card_pulled),
             ("Recorded all the same", recorded), ("A backend that answers nonsense", garbage), ("The disk is full", disk_full),
             ("A journal of another version", unknown_schema), ("A changed catalogue", tampered_catalogue))


class SmallDisk(Site):
    """The terminal's folder on a disk that fills up within a test."""

    def prepare(self):
        self.state.mkdir(parents=True)
        # Mounted in this namespace only: gone with it.
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={STATE_BYTES}", "tmpfs", self.state], check=True)
        super().prepare()


if __name__ == "__main__":
    sys.exit(run_walk("bad-days", SmallDisk, BadDays, "bad days"))
