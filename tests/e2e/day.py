# SPDX-License-Identifier: EUPL-1.2
"""One citizen day, as steps that each prove something. Every step either shows it or raises Failed."""
import contextlib
import datetime
import json
import pathlib
import sqlite3
import uuid

from processes import Failed, run, wait_until

WEB = pathlib.Path(__file__).resolve().parents[1] / "web"
PIN = "123456"
WRONG_PIN = "654321"
FILE_NUMBER = "43-0815/2026"
# Words of a reported use that nothing else says: a long one lives on the heap and is shown, a short one inside its object.
PURPOSE = "canary-of-the-day-7c2f90b1d3"
SYSTEM = "cnry.9d41e7"


def expect(condition, what):
    if not condition:
        raise Failed(what)


class Day:
    def __init__(self, site, kiosk, out, sabotage):
        self.site = site
        self.kiosk = kiosk
        self.out = pathlib.Path(out)
        self.sabotage = sabotage
        self.numbers = {}
        self.pairs = []

    # Small things a person does.

    def go(self, widget, *then):
        self.kiosk.touch(widget)
        return self.kiosk.wait_for(*then) if then else None

    def turn_to(self, widget, screen):
        """Turns pages until the widget is there, as a person who reads everything does."""
        for _ in range(8):
            view = self.kiosk.wait_for(screen)
            if widget in view["widgets"]:
                return view
            self.kiosk.save(f"{screen}-{self.kiosk.language}-page-{view['page'] + 1}")
            self.kiosk.touch("pager.next", view)
        raise Failed(f"no page of {screen} has {widget}")

    def type_pin(self, pin):
        self.kiosk.wait_for("pin")
        self.kiosk.type_digits(pin)
        self.kiosk.touch("pad.next")

    def identify(self, *then):
        self.site.tell_card("insert")
        self.kiosk.wait_for("card-ask")
        self.kiosk.save(f"card-ask-{self.kiosk.language}")
        self.go("ask.next", "pin")
        self.type_pin(PIN)
        return self.kiosk.wait_for(*then)

    def language(self, tag):
        self.kiosk.language = "de"
        self.kiosk.wait_for("start")
        self.kiosk.save("start")
        self.kiosk.touch(f"language.{tag}")
        self.kiosk.language = tag
        self.kiosk.wait_for("home")
        self.kiosk.save(f"home-{tag}")

    def agency(self, *arguments):
        """The case worker of the recipient at their page, in Chromium over mutual TLS."""
        text = run(["python3", WEB / "agency.py", "--url", f"https://localhost:{self.site.ports[0]}/agency/", "--pki", self.site.pki,
                    "--authority", "musterstadt-agentur", "--size", "1000x760", *arguments], "the case worker's page")
        return json.loads(text) if text.strip() else {}

    # The steps.

    def open(self):
        """A terminal with a signed catalogue is enrolled, everything runs, and nobody is there."""
        self.kiosk.wait_for("start")

    def read_a_release(self):
        """In Arabic, mirrored, without a card and without a trace: what would be said, to whom, what for, how long."""
        self.language("ar")
        self.go("home.give", "list")
        self.kiosk.save("list-ar")
        self.go("list.JBA-03", "release")
        self.kiosk.save("release-ar")

    def choose(self):
        """Nothing is chosen beforehand; the person picks one recipient and a duration."""
        self.go("release.to.0")
        self.kiosk.wait_for("release")
        self.kiosk.save("release-ar-chosen")
        self.turn_to("release.yes", "release")
        self.go("release.yes", "duration")
        self.kiosk.save("duration-ar")
        self.turn_to("duration.next", "duration")
        self.go("duration.next", "card")
        self.kiosk.save("card-ar")

    def wrong_pin(self):
        """The card is asked for its tries first; a wrong PIN costs one, is told calmly, and is never sent twice."""
        self.site.tell_card("insert")
        self.kiosk.wait_for("card-ask")
        self.kiosk.save("card-ask-ar")
        self.go("ask.next", "pin")
        self.type_pin(WRONG_PIN)

        def told():
            view = self.kiosk.look()
            return view if view["shot"] == "pin-wrong" else None

        wait_until(told, "the screen that says the PIN was wrong", 60, every=0.2)
        self.kiosk.save("pin-ar-wrong")

    def right_pin(self):
        """PACE, terminal authentication, passive and chip authentication, pseudonym, name: then the whole declaration."""
        self.type_pin(PIN)
        self.kiosk.wait_for("review")
        self.kiosk.save("review-ar")

    def grant_without_backend(self):
        """The backend is down. The declaration is recorded here, durably, and the screen says just that."""
        self.site.backend.stop()
        self.turn_to("review.yes", "review")
        self.go("review.yes", "done")
        self.kiosk.save("done-ar")

    def power_cut(self):
        """SIGKILL right after “recorded”: the record is there, whole and signed, when the kiosk starts again."""
        self.site.kiosk.kill()
        self.site.tell_card("remove")
        journal = self.site.journal()
        expect(journal.get("ok") and journal["rows"] == 1, f"the journal after the power cut: {journal}")
        if self.sabotage == "journal":
            self._change(self.site.state / "journal.db", "PRAGMA foreign_keys=OFF; DELETE FROM record")
        self.site.start_kiosk(self.kiosk.display)
        self.kiosk.language = "de"
        self.kiosk.wait_for("start")
        journal = self.site.journal()
        expect(journal.get("ok") and journal["rows"] == 1, f"the journal after the restart: {journal}")

    def sync(self):
        """The backend is back. syncd carries the sealed bytes over mutual TLS; the kiosk itself verifies the signed receipt."""
        self.site.start_backend(self.sabotage == "receipt")

        def verified():
            journal = self.site.journal()
            return journal if journal["ok"] and journal["receipts"] == 1 else None

        wait_until(verified, "a verified receipt in the journal", 30, every=0.5)
        self.numbers["alive_grants_before_revoke"] = self.alive()
        expect(self.numbers["alive_grants_before_revoke"] == 1, "the backend does not hold exactly one living grant")

    @staticmethod
    def _change(database, statements):
        """Falsifies a database from outside: sabotage only."""
        with contextlib.closing(sqlite3.connect(database)) as file:
            file.executescript(statements)
            file.commit()

    def alive(self):
        """Living parts of all releases of this subject, as the auditor sees them over mutual TLS."""
        with contextlib.closing(sqlite3.connect(f"file:{self.site.folder / 'backend.db'}?mode=ro", uri=True)) as file:
            tags = [row[0].hex() for row in file.execute("SELECT DISTINCT tag_s FROM part")]
        expect(len(tags) == 1, f"{len(tags)} subjects instead of one")
        answer = self.site.releases_of(tags[0])
        expect(answer["alive"] == sum(1 for part in answer["releases"] if part["state"] == "alive"), "the backend miscounts")
        return answer["alive"]

    def office_reports(self):
        """The office has used the data under this release and says so, and up to when its reports are complete."""
        now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.000Z")
        used = {"id": str(uuid.uuid4()), "file_number": FILE_NUMBER, "entry": "JBA-03", "categories": ["C07"], "purpose": PURPOSE,
                "system": SYSTEM, "at": now}
        answer = self.site.post("authority-musterstadt-agentur", "/v1/accesses", used)
        expect(answer["coverage"] == "covered", f"the use is {answer['coverage']}")
        self.site.post("authority-musterstadt-agentur", "/v1/coverage", {"complete_until": now})

    def sees_who_used_it(self):
        """The same card: who used what and when, who reports and who does not; in the memory of this session and nowhere else."""
        self.language("de")
        self.go("home.see", "insight")
        self.kiosk.save("insight-before-card-de")
        self.go("insight.look", "card")
        self.identify("insight")
        wait_until(lambda: self.site.kiosk_remembers(PURPOSE), "the reported use at the terminal")
        self.kiosk.wait_for("insight")
        self.kiosk.save("insight-de")
        expect(not self.site.on_disk(PURPOSE, SYSTEM), "what the office reported lies on the terminal's disk")

    def same_card_sees_it(self):
        """The same card opens its own copy on this terminal: given, and arrived at the office."""
        self.go("back", "home")
        self.go("home.take_back", "my-releases")
        self.kiosk.wait_still()
        self.kiosk.save("my-releases-de")

    def case_worker_assigns(self):
        """The case worker matches the declaration to a file once; from then on it may be used until its last day."""
        rows = self.agency("--rows", "--screenshot", self.out / "agency-inbox.png")
        expect(len(rows["rows"]) == 1, f"the inbox shows {len(rows['rows'])} declarations")
        self.agency("--assign", FILE_NUMBER, "--applied", "--screenshot", self.out / "agency-assigned.png")
        self.pairs.append(("Given: both sides see the same", "done-ar.png", "agency-assigned.png"))

    def take_back(self):
        """Two steps after the card, in German, without a reason; the first by key, as a person does who cannot touch."""
        self.kiosk.wait_still()
        self.kiosk.press("Tab")
        self.kiosk.press("Return")
        self.kiosk.wait_for("take-back")
        self.kiosk.save("take-back-de")
        self.turn_to("take_back.yes", "take-back")
        self.go("take_back.yes", "done")
        self.kiosk.save("taken-back-de")

    def gone(self):
        """The withdrawal went first; no grant of this person lives, and the case worker's page says so."""
        def drained():
            journal = self.site.journal()
            return journal["ok"] and journal["rows"] == 2 and journal["receipts"] == 2

        wait_until(drained, "the withdrawal to be received", 30, every=0.5)
        if self.sabotage == "alive":
            self._change(self.site.folder / "backend.db", "DELETE FROM effect; UPDATE part SET state = 0")
        self.numbers["alive_grants_after_revoke"] = self.alive()
        rows = self.agency("--rows", "--screenshot", self.out / "agency-withdrawn.png")
        expect(self.numbers["alive_grants_after_revoke"] == 0, "a grant lives although it was taken back")
        expect(rows["rows"] and all(row["state"] == "withdrawn" for row in rows["rows"]),
               f"the case worker's page does not say withdrawn: {rows['rows']}")
        self.pairs.append(("Taken back: both sides see it gone", "taken-back-de.png", "agency-withdrawn.png"))

    def leave(self):
        """The card is taken, the screen goes back to the languages, nothing of the person stays."""
        self.site.tell_card("remove")
        self.kiosk.touch("tool.leave")
        self.kiosk.language = "de"
        self.kiosk.wait_for("start")
        self.kiosk.save("start-again")
        for words in (PURPOSE, SYSTEM):
            wait_until(lambda words=words: not self.site.kiosk_remembers(words), f"the kiosk to forget “{words}”", 10)
        expect(not self.site.on_disk(PURPOSE, SYSTEM), "what the office reported lies on the terminal's disk")

    STEPS = (("The terminal is ready", open), ("A release is read, in Arabic", read_a_release), ("Whom and how long", choose),
             ("A wrong PIN", wrong_pin), ("The right PIN", right_pin), ("Yes, while the backend is down", grant_without_backend),
             ("Power cut right after “recorded”", power_cut), ("Backend up, sync, receipt", sync),
             ("The case worker assigns it", case_worker_assigns),
             ("The office reports a use", office_reports), ("The citizen sees who used it", sees_who_used_it),
             ("The same card sees it", same_card_sees_it),
             ("Taken back, in German", take_back), ("Gone everywhere", gone), ("Leave", leave))

