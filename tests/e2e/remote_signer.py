#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""A terminal whose key for cards is at the site's eID service: reached through syncd over mutual TLS, right, wrong, silent, gone and back.

usage: remote_signer.py BUILD [--out DIR]      inside tests/card/private_pcscd.sh; exit 1 at the first step that is not as it must be
"""
import json
import pathlib
import sys

from bad_days import BadDays
from day import expect
from processes import run, wait_until
from signing_service import SigningService
from stack import Site
from walked import run_walk


class RemoteSite(Site):
    """The terminal has no key for cards and no certificate of its own: both are at the service."""

    def _kiosk_files(self):
        super()._kiosk_files()
        card = self.state / "card"
        config = json.loads((self.state / "kiosk.json").read_text())
        names = config["card"].pop("certificates")
        config["card"]["signer"] = "remote"
        (self.state / "kiosk.json").write_text(json.dumps(config), encoding="utf-8")
        key = self.folder / "service.pem"
        run(["openssl", "pkcs8", "-inform", "DER", "-nocrypt", "-in", self.pki / "terminal.key", "-out", key], "the service's key as PEM")
        wrong = self.folder / "wrong.pem"
        run(["openssl", "ecparam", "-name", "brainpoolP256r1", "-genkey", "-noout", "-out", wrong], "another key")
        tls_key = self.folder / "service-tls.pem"
        run(["openssl", "pkcs8", "-inform", "DER", "-nocrypt", "-in", self.pki / "backend.key", "-out", tls_key], "the service's TLS key")
        certificates = [(card / pathlib.Path(name).name).read_bytes() for name in names]
        holder = run(["cvc-print", "--cvc", self.pki / "terminal.cvcert"], "the terminal certificate")
        holder = next(line.split(":")[1].strip() for line in holder.splitlines() if "CHR" in line)
        self.service = SigningService(self.pki / "tls-ca.crt", self.pki / "backend.crt", tls_key, key, wrong, certificates, holder)
        self.service.start()
        for name in names:
            (card / pathlib.Path(name).name).unlink()
        (self.state / "keys/terminal.key").unlink()
        syncd = json.loads((self.state / "syncd.json").read_text())
        syncd["signer"] = {"origin": f"https://localhost:{self.service.port}", "ca": syncd["ca"],
                           "kiosk_socket": str(self.state / "sign.sock")}
        (self.state / "syncd.json").write_text(json.dumps(syncd))


class RemoteDays(BadDays):
    def noticed(self, obstacle="none"):
        """By itself: nobody told the terminal."""
        def seen():
            lines = [line for line in self.site.kiosk.log.read_text(errors="replace").splitlines() if line.startswith("pin_mode")]
            return lines and lines[-1].endswith(f"obstacle={obstacle}")

        wait_until(seen, f"the terminal to look at its signer, obstacle={obstacle}", 60)

    def again(self, entry="JBA-03"):
        self.fresh()
        self.to_review(entry)
        self.site.tell_card("insert")

    def signed(self):
        """No key lies at the terminal; the service signs for one card, and the release is recorded."""
        expect(not list(self.site.state.rglob("terminal.key")), "the terminal's key lies at the terminal")
        self.noticed()
        self.language("de")
        self.to_review("JBA-03")
        self.site.tell_card("insert")
        self.record()
        expect(len(self.site.service.signed) == 1, f"{len(self.site.service.signed)} signatures were asked for, not one")
        expect(self.rows() == 1, "the release is not in the journal")

    def wrong(self):
        """A signature of another key, and nonsense: the card never sees them, the screen says whose fault it is, the PIN lost no try."""
        for mode in ("wrong-key", "nonsense"):
            self.site.service.mode = mode
            self.again()
            self.kiosk.wait_for("card-ask")
            self.go("ask.next", "pin")
            self.type_pin("123456")
            self.told("failed-signer_failed")
            self.go("failed.home", "home")
        self.site.service.mode = "right"
        expect(self.rows() == 1, "something was recorded without a card")

    def silent(self):
        """A service that does not answer: after its time the screen says so, and nothing waits any longer."""
        self.site.service.mode = "silent"
        self.again()
        self.kiosk.wait_for("card-ask")
        self.go("ask.next", "pin")
        self.type_pin("123456")
        self.told("failed-signer_failed")
        self.site.service.released.set()
        self.site.service.mode = "right"

    def gone(self):
        """The service is gone: found out before the PIN is used, and from then on said before a card is asked for; taking back is still offered."""
        # After a run the terminal looks once more and then sleeps for minutes: so it does not know yet.
        wait_until(lambda: self.site.service.looked > self.site.service.looked_at_silence, "the terminal to look at its signer")
        looked = self.site.service.looked
        self.again()
        self.kiosk.wait_for("card-ask")
        self.go("ask.next", "pin")
        # A card makes it look once more, seconds later, and then it sleeps again.
        wait_until(lambda: self.site.service.looked > looked, "the terminal to look at its signer")
        self.site.service.stop()
        self.type_pin("123456")
        self.told("failed-signer_failed")
        self.go("failed.home", "home")
        self.noticed("signer")
        self.kiosk.save("home-without-signer")
        self.go("home.give", "list")
        self.turn_to("list.JBA-03", "list")
        self.go("list.JBA-03", "release")
        self.go("release.to.0")
        self.turn_to("release.yes", "release")
        self.go("release.yes", "duration")
        self.turn_to("duration.next", "duration")
        self.go("duration.next")
        self.told("failed-certificate_expired")
        self.go("failed.home", "home")

    def back(self):
        """It is back: the terminal notices by itself, and the next release is recorded. Every PIN was right, so no try was ever lost."""
        self.site.service.start()
        self.noticed()
        self.again()
        self.record()
        expect(self.rows() == 2, "the release is not in the journal")
        self.site.tell_card("remove")

    STEPS = (("Signed elsewhere", signed), ("A wrong signature", wrong), ("A silent service", silent), ("The service is gone", gone),
             ("The service is back", back))


if __name__ == "__main__":
    sys.exit(run_walk("remote-signer", RemoteSite, RemoteDays, "steps with a remote signer"))
