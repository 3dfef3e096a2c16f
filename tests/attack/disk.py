# SPDX-License-Identifier: EUPL-1.2
"""Attack 1: the terminal is stolen, switched on, with everything on its disk. Last of all, when there is something to find."""
import base64
import contextlib
import hashlib
import hmac
import json
import os
import pathlib
import shutil
import sqlite3
import subprocess
import tempfile

from attack_base import Attack
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from day import PIN
from hostile import evidence
from stranger import unb64
from world import private_jwk

# What the programs of the terminal and of the backend wrote; the card's own log is the citizen's card.
LOGS = ("kiosk*.log", "syncd*.log", "backend*.log", "xvfb.log", "locate.log")


def spellings(word):
    """One secret as it could stand in a file: bytes, UTF-16, hexadecimal, and base64 at each of its three alignments."""
    raw = word if isinstance(word, bytes) else word.encode()
    out = {raw, raw.hex().encode(), raw.hex().upper().encode()}
    if isinstance(word, str):
        out |= {word.encode("utf-16-le"), word.encode("utf-16-be"), word.lower().encode(), word.title().encode()}
    for shift in range(3):
        text = base64.b64encode(b"\0" * shift + raw)[-(-shift * 4 // 3):]
        core = text.rstrip(b"=")[:-1] if (shift + len(raw)) % 3 else text
        if len(core) >= 6:
            out |= {core, core.replace(b"+", b"-").replace(b"/", b"_")}
    return {each for each in out if len(each) >= 4}


def found(files, words):
    """(file, what) for each secret that stands in a file, in whatever spelling."""
    hits = []
    for file in files:
        data = file.read_bytes()
        hits += [f"{name} in {file.name}" for name, word in words.items() if any(each in data for each in spellings(word))]
    return hits


def view_key(pseudonym, salt):
    key = hmac.new(salt, pseudonym, hashlib.sha256).digest()
    return hmac.new(key, b"freigabe view key\x01", hashlib.sha256).digest()


class StolenDisk(Attack):
    number, name = 1, "stolen-disk"
    title = "The stolen disk"
    expected = ("The terminal is cut off while a citizen reads her releases. Its whole disk with all its keys opens no record and no copy, lists no "
                "person, and no name, address, birth date, pseudonym, purpose, PIN or slip secret stands in database, WAL, temporary files, cores or "
                "logs, in any spelling. The citizen’s own pseudonym opens her copies: the search can find.")
    rules = (
        ("a record opens with the terminal’s keys", lambda s: s["records_opened"] == 0 and s["records"] >= 2),
        ("a citizen’s copy opens with the terminal’s keys", lambda s: s["copies_opened"] == 0 and s["copies"] >= 2),
        ("a person can be told from the index", lambda s: s["indices_guessed"] == 0),
        ("plain text stands on the disk", lambda s: not s["plain_text_on_disk"]),
        ("plain text stands in a temporary file or a core", lambda s: not s["plain_text_elsewhere"] and s["cores"] == 0 and s["core_limit"] == "0"),
        ("plain text stands in a log", lambda s: not s["plain_text_in_logs"] and s["logs"] >= 3),
        ("the search finds nothing that is there", lambda s: s["planted_found"] == s["planted"] and s["planted"] >= 4),
        ("the citizen’s own key does not open her copies", lambda s: s["copies_opened_by_citizen"] == s["copies"]),
    )
    weak = (
        ("the terminal keeps a key that opens", {"records_opened": 1}), ("copies under a terminal key", {"copies_opened": 1}),
        ("the index is a plain hash", {"indices_guessed": 1}), ("one name in the journal", {"plain_text_on_disk": ["family name in journal.db"]}),
        ("cores are allowed", {"core_limit": "unlimited"}), ("one name in a log", {"plain_text_in_logs": ["family name in kiosk.log"]}),
        ("the search is blind", {"planted_found": 0}), ("nobody can open anything", {"copies_opened_by_citizen": 0}),
    )

    @classmethod
    def strike(cls, world):
        site = world.site
        plain = world.opened()
        last = next(record for record in reversed(plain) if record.get("person"))
        pseudonym = unb64(last["subject"]["value"])
        words = cls._secrets(world, last, pseudonym)
        # Cut off in the middle of it.
        world.at_home()
        world.citizen.go("home.take_back", "card", "card-ask")
        site.tell_card("insert")
        world.kiosk.wait_for("card-ask")
        world.citizen.go("ask.next", "pin")
        world.citizen.type_pin(PIN)
        # With a line or without one: what stands below the title differs, the list does not.
        world.citizen.told("my-releases")
        pid = site.kiosk.popen.pid
        limit = pathlib.Path(f"/proc/{pid}/limits").read_text().split("Max core file size")[1].split()[0]
        site.syncd.kill()
        site.kiosk.kill()
        image = world.folder / "image"
        shutil.copytree(site.state, image, ignore=lambda _, names: [name for name in names if name.endswith(".sock")])
        disk = [file for file in image.rglob("*") if file.is_file()]
        # Public: what is offered, to everybody; under its own name, and as it came down.
        published = {file.read_bytes() for file in site.folder.glob("catalogue*.jws")}
        catalogue = [file for file in disk if file.name.startswith("catalogue") or file.read_bytes() in published]
        elsewhere = [file for place in (pathlib.Path(tempfile.gettempdir()), pathlib.Path("/var/tmp"), world.folder / "display")
                     for file in place.glob("*") if file.is_file() and file.name.startswith(("freigabe", "kiosk", "core")) and file.name != "Xvfb_screen0"]
        cores = [file for place in (world.folder, site.state, pathlib.Path.cwd()) for file in place.glob("core*") if file.is_file()]
        logs = [file for pattern in LOGS for file in site.logs.glob(pattern)]
        on_disk = found([file for file in disk if file not in catalogue], words)
        seen = {"plain_text_on_disk": on_disk, "plain_text_elsewhere": found(elsewhere + cores, words), "cores": len(cores), "core_limit": limit,
                "plain_text_in_logs": found(logs, words), "logs": len(logs), "files_on_disk": len(disk)}
        seen.update(cls._planted(world, words))
        seen.update(cls._opened(world, image, pseudonym))
        return seen

    @staticmethod
    def _secrets(world, record, pseudonym):
        secret = unb64(world.slip.split("~")[1])
        return {"family name": "HADDAD", "given name": "AMIRA", "birth date": "20050630", "birth date with hyphens": record["person"]["birth_date"],
                "street": "LINDENWEG 4", "permit": "AUFENTHALTSERLAUBNIS", "pseudonym": pseudonym, "PIN": PIN,
                "card access number": "500540", "purpose": "JBA-03", "slip secret": secret, "slip secret as printed": world.slip.split("~")[1]}

    @staticmethod
    def _planted(world, words):
        """The same search where each secret does stand: raw, in base64, in UTF-16, in a SQLite file's tail."""
        raw = lambda word: word if isinstance(word, bytes) else word.encode()  # noqa: E731
        ways = {"raw": raw, "base64": lambda w: base64.b64encode(b"x" + raw(w)), "hexadecimal": lambda w: raw(w).hex().encode(),
                "two bytes a letter": lambda w: w.encode("utf-16-le") if isinstance(w, str) else w}
        hits = 0
        for name, way in ways.items():
            file = world.folder / "planted"
            file.write_bytes(os.urandom(4096) + b"".join(way(word) + b" " for word in words.values()) + os.urandom(100))
            hits += len({hit.split(" in ")[0] for hit in found([file], words)}) == len(words)
            file.unlink()
        return {"planted": len(ways), "planted_found": hits}

    @classmethod
    def _opened(cls, world, image, pseudonym):
        """Every key of the terminal against every record and copy; then the citizen's."""
        keys = {file.name: file.read_bytes() for file in (image / "keys").glob("*.key")}
        # The terminal lets sealed bytes go once they are proved to be in the log; whoever copied the disk before has them all.
        records = evidence(world, "SELECT jwe FROM record WHERE jwe <> ''")
        if (earlier := world.folder / "clone/journal.db").exists():
            with contextlib.closing(sqlite3.connect(earlier)) as file:
                records += file.execute("SELECT jwe FROM record WHERE jwe <> ''").fetchall()
        views = evidence(world, "SELECT r.header, v.idx, v.sealed FROM view v JOIN record r ON r.position = v.position")
        terminal, salt = evidence(world, "SELECT terminal, salt FROM meta")[0]
        opened = 0
        for (jwe,) in records[:12]:
            for name in keys:
                if b"prime256v1" in keys[name] or name in ("journal.key", "tls.key"):
                    opened += cls._unseal(jwe, private_jwk(image / "keys" / name))
        guesses = [*keys.values(), *(key[-32:] for key in keys.values()), *(key[36:68] for key in keys.values()), salt, bytes(terminal), b"", bytes(32)]
        copies, guessed = 0, 0
        for header, index, sealed in views:
            for guess in guesses:
                for key in (view_key(guess, salt), guess[:32].ljust(32, b"\0")):
                    copies += cls._opens(sealed, header, key)
                    guessed += hmac.new(key, b"idx", hashlib.sha256).digest() == index
        # The persons whom a thief might suspect: without the card's pseudonym no name leads to an index.
        for person in ("HADDAD", "Haddad", "AMIRA HADDAD", "HADDAD|AMIRA|20050630"):
            for form in (person.encode(), hashlib.sha256(person.encode()).digest()):
                guessed += any(hmac.new(view_key(form, salt), b"idx", hashlib.sha256).digest() == index for _, index, _ in views)
        own = sum(cls._opens(sealed, header, view_key(pseudonym, salt)) for header, _, sealed in views)
        return {"records": len(records), "records_opened": opened, "copies": len(views), "copies_opened": copies, "indices_guessed": guessed,
                "copies_opened_by_citizen": own}

    @staticmethod
    def _unseal(jwe, jwk):
        with tempfile.NamedTemporaryFile("w", suffix=".jwk") as file:
            json.dump(jwk, file)
            file.flush()
            return subprocess.run(["jose", "jwe", "dec", "-i", "-", "-k", file.name, "-O", "-"], input=jwe.encode(), capture_output=True).returncode == 0

    @staticmethod
    def _opens(sealed, header, key):
        try:
            AESGCM(key).decrypt(sealed[:12], sealed[12:], header[1:29])  # terminal, epoch and seq as they stand in the header
            return 1
        except InvalidTag:
            return 0
