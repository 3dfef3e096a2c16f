# SPDX-License-Identifier: EUPL-1.2
"""The demo as the attacks need it: the site of tests/e2e with a citizen at the window, and a second, enrolled terminal that
belongs to the attacker and shares no code with ours (stranger.py)."""
import contextlib
import json
import re
import shutil
import sqlite3
import subprocess
import uuid

from bad_days import BadDays
from cryptography.hazmat.primitives import serialization
from processes import Failed, run, wait_until
from screen import Display, Kiosk
from stack import Site
from stranger import Line, Terminal, b64, jose, unb64

AGENCY, OFFICE, JOBCENTER = "musterstadt-agentur", "musterstadt-jugendamt", "musterstadt-jobcenter"
ENTRY = "JBA-03"


def private_jwk(file):
    """A PKCS#8 file as JWK."""
    key = serialization.load_der_private_key(file.read_bytes(), None)
    numbers = key.private_numbers()
    names = {"d": numbers.private_value, "x": numbers.public_numbers.x, "y": numbers.public_numbers.y}
    return {"kty": "EC", "crv": "P-256", **{name: b64(value.to_bytes(32, "big")) for name, value in names.items()}}


class SlipTerminal(Terminal):
    """A terminal at which somebody shows slips: its records take back what a slip names."""

    def by_slip(self, declaration, slip_hash):
        """A withdrawal by slip alone: of this declaration, with this hash of a secret; returns its seq."""
        record = self.declaration("withdrawn", {"pseudonym": bytes(16), "family_name": "", "given_names": "", "birth_date": ""},
                                  targets=[{"declaration": declaration}], slip_hash=b64(slip_hash))
        del record["subject"], record["person"]
        record["assurance"] = {"method": "receipt_code", "level": "none", "certificate_age_h": 0}
        return self.append("withdrawal", record)

    def scopes(self, declaration):
        if "subject" in declaration:
            return super().scopes(declaration)
        target = uuid.UUID(declaration["targets"][0]["declaration"]).bytes
        return (b"\x01" + uuid.UUID(declaration["id"]).bytes + bytes(32) + b"\x00" + b"\x01\x01" + target + bytes(16)
                + unb64(declaration["slip_hash"]))


class World:
    def __init__(self, build, folder, out):
        self.site = Site(build, folder)
        self.folder = folder
        self.out = out
        self.display = None
        self.kiosk = None
        self.notes = {}  # what one attack leaves for another to look at

    def __enter__(self):
        try:
            self._start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        if self.kiosk:
            self.kiosk.close()
        self.site.stop()
        if self.display:
            self.display.stop()

    def _start(self):
        site = self.site
        site.prepare()
        site.start_card()
        self.display = Display(self.folder / "display", site.logs)
        self.kiosk = Kiosk(self.display, site.bin.parent, self.out, site.logs)
        self.citizen = BadDays(site, self.kiosk, self.out, None)
        site.start_kiosk(self.display)
        site.start_syncd()
        self._start_stranger()
        # The first release, its slip, and its receipt: what an attacker could have in hands.
        self.citizen.language("de")
        self.slip = self.give("given-first")
        self.wait_acknowledged(1)
        self.tag = self._tags()[0]
        self.old_backend = self.folder / "backend.old"
        with contextlib.closing(sqlite3.connect(site.folder / "backend.db")) as live, \
                contextlib.closing(sqlite3.connect(self.old_backend)) as copy:
            live.backup(copy)

    # The lines of everybody who has a certificate.

    def line(self, who):
        return Line(self.site.ports[0], self.site.pki / "tls-ca.crt", self.site.pki / f"{who}.pem")

    def authority(self, name):
        return self.line(f"authority-{name}")

    def certificate(self, role, ident, stem, *more):
        """A certificate of the site's CA, as PEM with its key; a mistake of its operator, or a second terminal."""
        pki = self.site.pki
        self.site.ctl("pki", "key", "--curve", "P-256", "--out", pki / f"{stem}.key")
        self.site.ctl("pki", "tls-cert", "--ca-name", self._ca_name(), "--signer", pki / "tls-ca.key", "--role", role, "--id", ident,
                      "--key", pki / f"{stem}.key", "--out", pki / stem, *more)
        key = run(["openssl", "pkey", "-inform", "DER", "-in", pki / f"{stem}.key"], "a key as PEM")
        (pki / f"{stem}.pem").write_text((pki / f"{stem}.crt").read_text() + key)
        return pki / f"{stem}.pem"

    def _ca_name(self):
        subject = run(["openssl", "x509", "-in", self.site.pki / "tls-ca.crt", "-noout", "-subject", "-nameopt", "multiline,utf8"], "the CA's name")
        return re.search(r"commonName\s*=\s*(.*)", subject)[1]

    def _start_stranger(self):
        ident = str(uuid.uuid4())
        self.certificate("terminal", ident, "stranger")
        self.stranger = SlipTerminal(ident, "Nachbarstadt", self.site.pki / "views.jwk")
        code = run([self.site.bin / "freigabe-backend", "invite", "--db", self.site.folder / "backend.db", "--terminal", ident, "--site",
                    "Nachbarstadt"], "inviting the second terminal").strip()
        self.stranger_path = f"/v1/terminals/{ident}"
        answer = self.line("stranger").ask("POST", "/v1/enrolments", self.stranger.enrolment(code), "application/jose")
        if answer.status != 201:
            raise Failed(f"the second terminal was not enrolled: {answer.body}")

    def send_stranger(self, first, last):
        return self.line("stranger").ask("POST", self.stranger_path + "/batches", self.stranger.batch(first, last))

    # The citizen.

    def give(self, picture):
        """A release at the window; returns the take-back code that the screen shows, read from its picture."""
        self.at_home()
        self.citizen.to_review(ENTRY)
        self.site.tell_card("insert")
        self.citizen.record()
        file = self.kiosk.save(picture)
        slip = subprocess.run(["zbarimg", "-q", "--raw", file], capture_output=True, text=True).stdout.strip()
        self.citizen.fresh()
        if "~" not in slip:
            raise Failed(f"no slip can be read from {file}")
        return slip

    def try_to_give(self, picture):
        """The same up to the last touch, on a terminal that may not record it; returns the name of the screen behind it."""
        self.at_home()
        self.citizen.to_review(ENTRY)
        self.site.tell_card("insert")
        self.citizen.typed("review")
        self.citizen.turn_to("review.yes", "review")
        self.citizen.go("review.yes")
        screen = self.kiosk.wait_for("done", "failed")["screen"]
        self.kiosk.save(picture)
        self.site.tell_card("remove")
        return screen

    def at_home(self):
        """The page where a citizen chooses what to do, whatever the window shows after a while without anybody."""
        if self.kiosk.look()["screen"] != "home":
            self.citizen.fresh() if "tool.leave" in self.kiosk.look()["widgets"] else self.kiosk.touch("language.de")
            self.kiosk.wait_for("home")

    def take_back(self, picture):
        """The newest release is taken back at the window, with every other one of that entry to that office."""
        # By keys: the first button is that of the newest one which can be taken back.
        self.at_home()
        self.citizen.go("home.take_back", "card", "card-ask")
        self.site.tell_card("insert")
        self.citizen.typed("my-releases")
        self.kiosk.wait_still()
        self.kiosk.press("Tab")
        self.kiosk.press("Return")
        self.kiosk.wait_for("take-back")
        self.citizen.turn_to("take_back.yes", "take-back")
        self.citizen.go("take_back.yes", "done")
        self.kiosk.save(picture)
        self.citizen.fresh()

    def copy_disk(self, name):
        """The terminal's disk with all its keys, as somebody with a minute alone with it has it."""
        shutil.copytree(self.site.state, self.folder / name, ignore=lambda _, names: [each for each in names if each.endswith(".sock")])

    def open_kiosk(self):
        """Starts the kiosk on the present state, up to the page where a citizen chooses what to do."""
        self.site.start_kiosk(self.display)
        self.kiosk.wait_for("start")
        self.kiosk.touch("language.de")
        self.kiosk.wait_for("home")

    # What can be seen.

    def journal(self):
        return self.site.journal()

    def wait_acknowledged(self, rows):
        def done():
            journal = self.journal()
            return journal["ok"] and journal["rows"] == rows and journal["receipts"] == rows

        wait_until(done, f"{rows} records to be acknowledged", 60, every=0.2)

    @staticmethod
    def settle(condition, seconds=20):
        """Gives the programs time to do what they do by themselves; whether they did is the judge's question."""
        with contextlib.suppress(Failed):
            wait_until(condition, "", seconds, every=0.2)

    def rows(self):
        return self.journal()["rows"]

    def database(self, statement, *arguments):
        with contextlib.closing(sqlite3.connect(f"file:{self.site.folder / 'backend.db'}?mode=ro", uri=True)) as file:
            return file.execute(statement, arguments).fetchall()

    def _tags(self):
        return [row[0].hex() for row in self.database("SELECT DISTINCT tag_s FROM part")]

    def alive(self):
        """Living releases of the citizen, as the auditor sees them."""
        return self.site.releases_of(self.tag)["alive"]

    def metric(self, name):
        return int(re.search(rf"^freigabe_{name} (-?\d+)$", self.site.metrics(), re.MULTILINE)[1])

    def opened(self):
        """Everything that the backend holds of the first terminal, opened with the views key: what must stay secret elsewhere."""
        key = self.folder / "views-private.jwk"
        key.write_text(json.dumps(private_jwk(self.site.pki / "views.key")))
        terminal = uuid.UUID((self.site.pki / "terminal.id").read_text().strip()).bytes
        texts = [row[0] for row in self.database("SELECT jwe FROM record WHERE terminal = ? AND jwe <> ''", terminal)]
        plain = [json.loads(jose("jwe", "dec", "-i", "-", "-k", str(key), "-O", "-", data=text.encode())) for text in texts]
        key.unlink()
        return plain
