# SPDX-License-Identifier: EUPL-1.2
"""Attack 12: a stick that somebody prepared, on its way in and on its way out."""
import base64
import hashlib
import json
import os
import pathlib
import shutil

from attack_base import Attack
from processes import run, wait_until
from syncd_wire import PULL_BATCH, ReceiptForge, Wire
from hostile import evidence
from world import private_jwk


def entry(name, data):
    return {"name": name, "bytes": len(data), "digest": "sha-256=:" + base64.b64encode(hashlib.sha256(data).digest()).decode() + ":"}


class Stick:
    """A folder as syncd sees it where sticks are mounted, and the folder in which it is asked."""

    def __init__(self, world):
        self.world = world
        self.root, self.requests, self.approvers = world.folder / "stick", world.folder / "requests", world.folder / "approvers.json"
        self.terminal = (world.site.pki / "terminal.id").read_text().strip()
        self.inside = self.root / "freigabe/in" / self.terminal
        for folder in (self.root, self.requests):
            folder.mkdir()
        file = world.site.state / "syncd.json"
        file.write_text(json.dumps({**json.loads(file.read_text()), "courier": {
            "stick": str(self.root), "requests": str(self.requests), "approvers": str(self.approvers), "any_folder": True}}))

    def ask(self, name, text="{}"):
        """Puts a request and waits for what syncd says of it."""
        result = self.requests / "result.json"
        result.unlink(missing_ok=True)
        half = self.requests / "half"
        half.write_text(text)
        half.rename(self.requests / name)
        wait_until(result.exists, f"what syncd says of {name}", 60)
        return json.loads(result.read_text())

    def fresh(self, files, names=None):
        """An answer of the backend with these files, complete and listed as it must be."""
        shutil.rmtree(self.inside, ignore_errors=True)
        self.inside.mkdir(parents=True)
        for name, data in files.items():
            (self.inside / name).write_bytes(data)
        listed = [entry(name, data) for name, data in (names or files).items()]
        self.manifest({"schema": "freigabe-courier-in-1", "terminal": self.terminal, "files": listed, "refused": []})

    def manifest(self, document):
        (self.inside / "manifest.json").write_text(document if isinstance(document, str) else json.dumps(document))


class MaliciousStick(Attack):
    number, name = 12, "malicious-stick"
    title = "A malicious stick"
    expected = ("Without a line, a stick comes in with forged receipts, names that climb, links to the terminal’s keys, pipes, folders that contain "
                "themselves, files of terabytes, another terminal’s and old answers: all of it is refused with a reason, nothing is acknowledged, "
                "nothing outside the stick is touched, syncd and kiosk live. Records go out only if two different people with two roles agree. "
                "An altered stick is refused by the backend; the honest one carries everything, without any network.")
    rules = (
        ("a forged receipt on a stick was believed", lambda s: s["lies_on_stick"] >= 14 and s["receipts_after_lies"] == s["receipts_before"]),
        ("a hostile stick was taken", lambda s: not s["hostile_taken"] and s["hostile_sticks"] >= 12),
        ("it was refused without a reason", lambda s: s["reasons"] == s["hostile_sticks"]),
        ("something was acknowledged", lambda s: s["receipts_after_hostile"] == s["receipts_before"]),
        ("something outside the stick was changed or carried off", lambda s: s["outside_unchanged"] and not s["carried_off"]),
        ("syncd or kiosk did not live through it", lambda s: s["alive_programs"] == 2),
        ("one person was enough for an export", lambda s: not s["exported_without_two"] and s["exports_tried"] >= 4),
        ("the backend took an altered stick", lambda s: not s["altered_taken"] and s["altered_sticks"] >= 3),
        ("the honest stick did not carry the records", lambda s: s["receipts_after_honest"] == s["rows"]),
    )
    weak = (
        ("what is on a stick is believed", lambda s: {"receipts_after_lies": s["receipts_before"] + 1}), ("names are paths", {"hostile_taken": ["a name that climbs"]}),
        ("a bad stick is ignored", {"reasons": 0}), ("old answers count again", lambda s: {"receipts_after_hostile": s["receipts_before"] + 1}),
        ("links are followed", {"carried_off": ["journal.key"]}), ("a pipe stops syncd", {"alive_programs": 1}), ("one signature is enough", {"exported_without_two": ["one person"]}),
        ("the backend reads what is there", {"altered_taken": ["a record"]}), ("the stick is lost", lambda s: {"receipts_after_honest": s["receipts_before"]}),
    )

    @classmethod
    def strike(cls, world):
        site = world.site
        site.syncd.stop()
        stick = Stick(world)
        site.backend.stop()
        world.give("given-without-a-line")
        before = world.journal()
        seen = {"rows": before["rows"], "receipts_before": before["receipts"]}
        forge = cls._forge(world)
        site.start_syncd()
        seen.update(cls._lies(world, stick, forge))
        seen.update(cls._hostile(world, stick))
        seen["receipts_after_hostile"] = world.journal()["receipts"]
        seen["alive_programs"] = site.syncd.alive() + site.kiosk.alive()
        shutil.rmtree(stick.root / "freigabe", ignore_errors=True)
        seen.update(cls._exports(world, stick))
        seen.update(cls._altered(world, stick))
        seen["honest_ingest"] = cls._ingest(world, stick.root)
        stick.ask("import")
        seen["receipts_after_honest"] = world.journal()["receipts"]
        site.start_backend()
        return seen

    @staticmethod
    def _forge(world):
        """Lies about the record that waits, made while nobody else asks the kiosk."""
        wire = Wire(world.site.state / "kiosk.sock")
        body = wire.ask(PULL_BATCH)[1]
        wire.close()
        key = {**private_jwk(world.site.pki / "receipts.key"), "alg": "ES256"}
        key["kid"] = json.loads((world.site.pki / "receipts.jwk").read_text()).get("kid", "")
        real = evidence(world, "SELECT token FROM receipt_set ORDER BY id LIMIT 1")[0][0]
        return ReceiptForge(body, key, real, "urn:freigabe:backend")

    @staticmethod
    def _lies(world, stick, forge):
        told = [text for _, text in forge.lies()]
        batch = json.dumps({"receipts": told, "next_seq": 99, "epoch": 1}).encode()
        stick.fresh({"batch-0001-receipts.json": batch})
        stick.ask("import")
        for text in told:  # and each alone: one refusal must not shield the next
            stick.fresh({"batch-0001-receipts.json": json.dumps({"receipts": [text], "next_seq": 99, "epoch": 1}).encode()})
            stick.ask("import")
        return {"lies_on_stick": len(told), "receipts_after_lies": world.journal()["receipts"]}

    @classmethod
    def _hostile(cls, world, stick):
        state = world.site.state
        real = evidence(world, "SELECT token FROM receipt_set ORDER BY id LIMIT 1")[0][0]
        good = json.dumps({"receipts": [real], "next_seq": 2, "epoch": 1}).encode()
        name = "batch-0001-receipts.json"
        guarded = {file: file.read_bytes() for file in [*(state / "keys").glob("*"), state / "trust.json", state / "syncd.json"]}
        sticks = {
            "a name that climbs": lambda: stick.fresh({}, {f"../../../{name}": good}), "a name from the root": lambda: stick.fresh({}, {"/etc/passwd": good}),
            "a long name": lambda: stick.fresh({}, {"x" * 4000: good}), "a name with a NUL": lambda: stick.fresh({}, {"batch-0001-receipts.json\0.txt": good}),
            "a name of another case": lambda: stick.fresh({}, {name.upper(): good}), "listed and not there": lambda: stick.fresh({}, {name: good}),
            "other bytes than listed": lambda: stick.fresh({name: good + b" "}, {name: good}), "no list": lambda: (stick.fresh({name: good}), (stick.inside / "manifest.json").unlink()),
            "a list that is no JSON": lambda: (stick.fresh({name: good}), stick.manifest("{" * 100_000)), "a list of a million": lambda: (stick.fresh({name: good}), stick.manifest({
                "schema": "freigabe-courier-in-1", "terminal": stick.terminal, "files": [entry(name, good)] * 20_000, "refused": []})),
            "another terminal's list": lambda: (stick.fresh({name: good}), stick.manifest({"schema": "freigabe-courier-in-1", "terminal": str(world.stranger.id),
                                                                                           "files": [entry(name, good)], "refused": []})),
            "a link to a key": lambda: cls._link(stick, name, state / "keys/journal.key"), "a link for the list": lambda: cls._link(stick, "manifest.json", state / "trust.json"),
            "a link for the folder": lambda: cls._folder_link(stick, state), "a folder that contains itself": lambda: cls._cycle(stick),
            "a pipe": lambda: cls._special(stick, name, lambda path: os.mkfifo(path)), "a pipe for the list": lambda: cls._special(stick, "manifest.json", lambda path: os.mkfifo(path)),
            "a folder for a file": lambda: cls._special(stick, name, lambda path: path.mkdir()), "a file of a terabyte": lambda: cls._huge(stick, name, good),
        }
        taken, reasons = [], 0
        receipts = world.journal()["receipts"]
        for what, make in sticks.items():
            cls._empty(stick)
            make()
            said = stick.ask("import")
            if said["ok"] and not said.get("refused"):
                taken.append(what)
            reasons += bool(said.get("why") or said.get("refused"))
            if world.journal()["receipts"] != receipts:
                taken.append(what + " was acknowledged")
        cls._empty(stick)
        secrets = [data for file, data in guarded.items() if file.suffix == ".key"]
        lying = [file for file in [*stick.root.rglob("*"), *stick.requests.rglob("*")] if file.is_file() and not file.is_symlink()]
        return {"hostile_sticks": len(sticks), "hostile_taken": taken, "reasons": reasons, "outside_unchanged": all(file.read_bytes() == data for file, data in guarded.items()),
                "carried_off": [file.name for file in lying if any(secret in file.read_bytes() for secret in secrets)]}

    @staticmethod
    def _empty(stick):
        for child in stick.root.iterdir():
            child.unlink() if child.is_symlink() or child.is_file() else shutil.rmtree(child)

    @staticmethod
    def _link(stick, name, target):
        stick.fresh({}, {"batch-0001-receipts.json": pathlib.Path(target).read_bytes()})
        (stick.inside / name).unlink(missing_ok=True)
        (stick.inside / name).symlink_to(target)

    @staticmethod
    def _folder_link(stick, state):
        stick.inside.parent.mkdir(parents=True)
        stick.inside.symlink_to(state)

    @staticmethod
    def _cycle(stick):
        (stick.root / "freigabe").mkdir()
        (stick.root / "freigabe/in").symlink_to(stick.root)

    @staticmethod
    def _special(stick, name, make):
        stick.fresh({}, {"batch-0001-receipts.json": b"{}"})
        (stick.inside / name).unlink(missing_ok=True)
        make(stick.inside / name)

    @staticmethod
    def _huge(stick, name, good):
        stick.fresh({name: good})
        with open(stick.inside / name, "ab") as file:
            file.truncate(1 << 40)

    @classmethod
    def _exports(cls, world, stick):
        """Two people, two roles, one request, one hour, once."""
        people = {}
        for person, role in (("Ada", "technician"), ("Ben", "staff"), ("Cem", "technician")):
            world.site.ctl("pki", "key", "--curve", "P-256", "--out", world.folder / f"{person}.key")
            people[person] = (role, world.folder / f"{person}.key")
        listed = [json.loads(world.site.ctl("courier", "approver", "--person", person, "--role", people[person][0], "--key", people[person][1])) for person in ("Ada", "Ben")]
        stick.approvers.write_text(json.dumps({"approvers": listed}))

        def request(*signers, terminal=stick.terminal):
            files = [world.folder / f"request.{n}" for n in range(len(signers))]
            for n, (person, role) in enumerate(signers):
                source = ["--terminal", terminal] if n == 0 else []
                world.site.ctl("courier", "approve", *source, "--role", role, "--key", people[person][1], *files[max(0, n - 1):n], files[n])
            return files[-1].read_text()

        ada, ben, cem = ("Ada", "technician"), ("Ben", "staff"), ("Cem", "technician")
        right = request(ada, ben)
        document = json.loads(right)
        bad = {"nobody": "{}", "one person": request(ada), "one person in two roles": request(ada, ("Ada", "staff")), "somebody who is not on the list": request(cem, ben),
               "two people in one role": request(("Ben", "technician"), ada), "another terminal": request(ada, ben, terminal=str(world.stranger.id)),
               "one signature twice": json.dumps({**document, "signatures": [document["signatures"][0]] * 2}) if "signatures" in document else "{}"}
        out = stick.root / "freigabe/out"
        done = [what for what, text in bad.items() if stick.ask("export.jws", text)["ok"] or out.exists()]
        honest = stick.ask("export.jws", right)
        again = stick.ask("export.jws", right)
        done += ["a request that was used"] if again["ok"] else []
        return {"exports_tried": len(bad) + 1, "exported_without_two": done, "honest_export": honest["ok"]}

    @classmethod
    def _altered(cls, world, stick):
        """The stick on its way to the backend, in somebody's hands."""
        folder = stick.root / "freigabe/out" / stick.terminal
        batch = next(folder.glob("batch-*.json"))

        def record(copy):
            file = copy / batch.relative_to(stick.root)
            data = bytearray(file.read_bytes())
            data[len(data) // 2] ^= 1
            file.write_bytes(data)

        def listed(copy):
            """The file altered and listed as altered, below the old signature."""
            record(copy)
            manifest = copy / folder.relative_to(stick.root) / "manifest.jws"
            head, payload, signature = manifest.read_text().split(".")
            said = json.loads(base64.urlsafe_b64decode(payload + "=="))
            data = (copy / batch.relative_to(stick.root)).read_bytes()
            said["files"] = [entry(each["name"], data) if each["name"] == batch.name else each for each in said["files"]]
            manifest.write_text(".".join([head, base64.urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("="), signature]))

        def other(copy):
            (copy / folder.relative_to(stick.root)).rename(copy / "freigabe/out" / str(world.stranger.id))

        def link(copy):
            file = copy / batch.relative_to(stick.root)
            file.unlink()
            file.symlink_to(batch)

        taken = []
        for what, change in (("a record", record), ("a record and its list", listed), ("another terminal's folder", other), ("a link for a file", link)):
            copy = world.folder / "altered-stick"
            shutil.rmtree(copy, ignore_errors=True)
            shutil.copytree(stick.root, copy)
            before = cls._records(world)
            change(copy)
            if cls._ingest(world, copy) or cls._records(world) != before:
                taken.append(what)
        return {"altered_sticks": 4, "altered_taken": taken}

    @staticmethod
    def _records(world):
        return world.database("SELECT count(*) FROM record")[0][0]

    @staticmethod
    def _ingest(world, root):
        """Takes a stick in at the backend; True if it was whole."""
        said = run([world.site.bin / "freigabectl", "courier", "ingest", root, "--store", f"sqlite:{world.site.folder / 'backend.db'}", "--receipt-key",
                    world.site.pki / "receipts.key", "--json"], "taking the stick in", allow_failure=True)
        return bool(said.strip()) and json.loads(said).get("whole", False)
