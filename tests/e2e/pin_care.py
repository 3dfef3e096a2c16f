#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""PIN first aid at the terminal (J4): people with the letter PIN, a blocked PIN, one try left, and a PUK that is used up.

usage: pin_care.py BUILD [--out DIR]      inside tests/card/private_pcscd.sh; exit 1 at the first step that is not as it must be
"""
import json
import sys

from bad_days import BadDays
from day import PIN, expect
from processes import wait_until
from stack import SOURCE, Site
from walked import run_walk

LETTER_PIN = "12345"
OWN_PIN = "246802"
OTHER_PIN = "864208"
CAN = "500540"
PUK = "9876543210"


class PinCare(BadDays):
    # Small things.

    def card(self):
        return json.loads(self.site.tell_card("status"))

    def lay(self, person):
        """The next person's card; the one before is taken away."""
        self.fresh()
        self.site.tell_card(f"swap {SOURCE / 'tests/card/people' / person}.json")
        self.site.tell_card("remove")  # a swapped card lies there at once
        expect(self.card()["person"] == person, f"the card is not that of {person}")

    def typed_in(self, screen, digits, *then):
        self.kiosk.wait_for(screen)
        self.kiosk.type_digits(digits)
        self.kiosk.touch("pad.next")
        return self.kiosk.wait_for(*then)

    def new_pin(self, digits):
        self.typed_in("new-pin", digits, "new-pin-again")
        self.typed_in("new-pin-again", digits, "pin-done")

    def help_for_pin(self, care):
        """From home over the help page; the card lies there or is laid down."""
        self.go("home.help", "help")
        self.go("help.pin", "pin-help")
        self.go(care)

    # The steps.

    def letter_pin(self):
        """Five digits are typed where six belong: the kiosk asks, an own PIN is set, and no try is spent on the way."""
        self.language("de")
        self.to_review("JBA-03")
        self.site.tell_card("insert")
        self.kiosk.wait_for("card-ask")
        self.go("ask.next", "pin")
        self.typed_in("pin", LETTER_PIN, "letter-pin")
        self.kiosk.save("letter-pin")
        self.go("letter_pin.yes", "new-pin")
        self.kiosk.save("new-pin")
        self.typed_in("new-pin", OWN_PIN, "new-pin-again")
        self.kiosk.save("new-pin-again")
        self.typed_in("new-pin-again", OTHER_PIN, "new-pin")
        self.told("new-pin-differed")
        self.new_pin(OWN_PIN)
        self.told("pin-done-next")
        expect(self.card()["pin_tries"] == 3, f"a try was spent: {self.card()}")

    def release_goes_on(self):
        """… and the release goes on from the card, with the new PIN, to recorded."""
        self.go("pin_done.go_on", "card", "card-ask")
        self.kiosk.wait_for("card-ask")
        self.go("ask.next", "pin")
        self.type_pin(OWN_PIN)
        self.kiosk.wait_for("review")
        self.turn_to("review.yes", "review")
        self.go("review.yes", "done")
        expect(self.rows() == 1, "the release is not in the journal")

    def change(self):
        """From the help of the home screen: a wrong PIN costs one try and is told, the right one is changed."""
        self.fresh()
        self.help_for_pin("care.change_pin")
        self.site.tell_card("insert")
        self.typed_in("old-pin", LETTER_PIN + "9", "new-pin")
        self.typed_in("new-pin", OTHER_PIN, "new-pin-again")
        self.typed_in("new-pin-again", OTHER_PIN, "old-pin")
        self.told("old-pin-wrong")
        expect(self.card()["pin_tries"] == 2, f"not exactly one try was spent: {self.card()}")
        self.typed_in("old-pin", OWN_PIN, "new-pin")
        self.new_pin(OTHER_PIN)
        expect(self.card()["pin_tries"] == 3, f"the counter is not whole: {self.card()}")
        self.kiosk.save("pin-changed")

    def card_taken(self):
        """The card is taken while the new PIN is typed: what was typed is gone, nothing has changed, it begins anew."""
        self.fresh()
        self.help_for_pin("care.change_pin")
        self.site.tell_card("insert")
        self.typed_in("old-pin", OTHER_PIN, "new-pin")
        self.kiosk.type_digits(OWN_PIN)
        self.site.tell_card("remove")
        self.told("card-removed")
        self.site.tell_card("insert")
        self.kiosk.wait_for("old-pin")
        # Another card instead: it is asked for its own tries, and gets nothing of what was typed for the first.
        self.typed_in("old-pin", OTHER_PIN, "new-pin")
        self.site.tell_card(f"swap {SOURCE / 'tests/card/people'}/suspended.json")
        self.kiosk.wait_for("can")
        expect(self.card()["pin_tries"] == 1, f"the other card was touched: {self.card()}")

    def suspended(self):
        """One try is left: the CAN first, then the change inside its channel; the counter is whole again."""
        self.go("can.yes", "can-pad")
        self.typed_in("can-pad", CAN, "old-pin")
        self.typed_in("old-pin", PIN, "new-pin")
        self.new_pin(OWN_PIN)
        expect(self.card()["pin_tries"] == 3, f"the counter is not whole: {self.card()}")

    def blocked(self):
        """Blocked on the way to taking back: a wrong PUK is told, the right one unblocks, and the old PIN works again."""
        self.lay("blocked")
        self.go("home.take_back", "card")
        self.site.tell_card("insert")
        self.told("failed-pin_blocked")
        self.go("care.unblock", "puk")
        self.kiosk.save("puk")
        self.go("puk.yes", "puk-pad")
        uses = self.card()["puk_uses"]
        self.typed_in("puk-pad", "0" * 10, "puk-pad", "card-writing")
        self.told("puk-pad-wrong")
        self.typed_in("puk-pad", PUK, "pin-done")
        self.told("pin-done-unblocked")
        expect(self.card()["pin_tries"] == 3 and self.card()["puk_uses"] == uses - 1, f"not unblocked with one use: {self.card()}")
        self.go("pin_done.go_on", "card", "card-ask")
        self.kiosk.wait_for("card-ask")
        self.go("ask.next", "pin")
        self.type_pin(PIN)
        self.told("my-releases")

    def puk_used_up(self):
        """A PUK without uses: who helps is said, and no way leads back to it."""
        self.lay("puk_used_up")
        self.help_for_pin("care.unblock")
        self.site.tell_card("insert")
        self.kiosk.wait_for("puk")
        self.go("puk.yes", "puk-pad")
        self.typed_in("puk-pad", PUK, "failed")
        view = self.told("failed-puk_inoperative")
        expect("care.unblock" not in view["widgets"], "a spent PUK is offered again")

    def nothing_kept(self):
        """No secret is in a log or in any file of the terminal."""
        self.fresh()
        self.site.kiosk.stop()
        secrets = [secret.encode() for secret in (OWN_PIN, OTHER_PIN, PUK)]
        files = [path for folder in (self.site.logs, self.site.state) for path in folder.rglob("*") if path.is_file()]
        expect(len(files) > 5, "the terminal has no files to look at")
        for path in files:
            data = path.read_bytes()
            expect(not any(secret in data for secret in secrets), f"a PIN or PUK stands in {path}")
        wait_until(lambda: "pin_care_finished" in self.site.kiosk.log.read_text(errors="replace"), "the log to tell of the care")

    STEPS = (("The PIN from the letter", letter_pin), ("The release goes on", release_goes_on), ("Another PIN", change),
             ("The card is taken, and exchanged", card_taken), ("One try left", suspended), ("Blocked", blocked),
             ("The PUK is used up", puk_used_up), ("Nothing is kept", nothing_kept))


if __name__ == "__main__":
    sys.exit(run_walk("pin-care", lambda build, folder: Site(build, folder, person="transport_pin"), PinCare, "steps", syncd=False))
