# SPDX-License-Identifier: EUPL-1.2
"""Attacks 9, 8 and 10: somebody else's person, a recipient that is nobody, and a receipt that was tampered with."""
import copy
import json
import re
import urllib.parse
import uuid

from attack_base import Attack
from check_test import SlipBrowser
from processes import Failed, run
from slips import consent, sent
from stranger import b64, unb64, verify_set
from syncd_wire import RECEIVED
from world import AGENCY, ENTRY, JOBCENTER, OFFICE
from hostile import evidence

FILE_NUMBER = "43-0815/2026"


def questions():
    """Everything that an authority can ask about a declaration or a file: (method, path, body)."""
    access = {"id": "FRESH", "categories": ["C07"], "purpose": "x", "system": "x", "at": "2026-01-05T08:00:00.000Z"}
    return {
        "assignment": ("POST", "/v1/inbox/DECLARATION/assignment", '{"file_number":"9"}'), "applied": ("POST", "/v1/declarations/DECLARATION/applied", '{"state":"applied"}'),
        "applied without a body": ("POST", "/v1/declarations/DECLARATION/applied", ""), "not usable": ("POST", "/v1/declarations/DECLARATION/applied", '{"state":"not_usable"}'),
        "usable": ("GET", f"/v1/usable?file_number=FILE&entry={ENTRY}", None), "usable as source": ("GET", f"/v1/usable?file_number=FILE&entry={ENTRY}&recipient={AGENCY}", None),
        "an access by declaration": ("POST", "/v1/accesses", json.dumps({**access, "declaration": "DECLARATION"})),
        "an access by file": ("POST", "/v1/accesses", json.dumps({**access, "file_number": "FILE", "entry": ENTRY})),
        "a request": ("POST", "/v1/requests", json.dumps({"id": "FRESH", "file_number": "FILE", "entry": ENTRY, "until": "2027-01-05"}))}


def shape(answer):
    """All that an asker can see of an answer, the time of day and the asker's own fresh ids aside."""
    body = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "ID", answer.body.decode())
    return [answer.status, body, {name: value for name, value in sorted(answer.headers.items()) if name != "date"}]


class ForeignPerson(Attack):
    number, name = 9, "foreign-person"
    title = "An authority asks for another’s person"
    expected = ("The job centre, which the citizen named nowhere, knows the declaration’s id and the other office’s file number: on every route its "
                "answer is, byte for byte, the answer about a person who does not exist, and the roles of terminal and auditor stay closed.")
    rules = (
        ("an answer tells a foreign person from an unknown one", lambda s: not s["told_apart"] and s["routes_compared"] >= 9),
        ("a foreign declaration could be assigned or applied", lambda s: not s["taken"]),
        ("the inbox shows somebody else’s person", lambda s: s["foreign_in_inbox"] == 0 and s["own_in_inbox"] >= 1),
        ("a route of another role was open", lambda s: not s["open_doors"]),
        ("the right authority did not get its answer", lambda s: s["right_authority_may_use"]),
    )
    weak = (
        ("unknown is 404 and foreign is 403", {"told_apart": ["assignment"]}), ("whoever knows the id may assign", {"taken": ["assignment"]}),
        ("one inbox for all", {"foreign_in_inbox": 1}), ("nobody was there to be seen", {"own_in_inbox": 0}),
        ("roles are not checked", {"open_doors": ["releases"]}), ("nobody may use anything", {"right_authority_may_use": False}),
    )

    @classmethod
    def strike(cls, world):
        agency, other = world.authority(AGENCY), world.authority(JOBCENTER)
        items = agency.ask("GET", "/v1/inbox").json()["items"]
        mine = next(item for item in items if item["state"] == "usable" and item["person"]["family_name"].upper() == "HADDAD")
        ident, nobody = mine["declaration"], str(uuid.uuid4())
        if agency.ask("POST", f"/v1/inbox/{ident}/assignment", json.dumps({"file_number": FILE_NUMBER})).status != 200:
            raise Failed("the right authority could not assign its person")
        seen = {"right_authority_may_use": agency.ask("GET", f"/v1/usable?file_number={FILE_NUMBER}&entry={ENTRY}").json()["may_use"]}
        pairs = questions()
        apart, taken = [], []
        for name, (method, path, body) in pairs.items():
            number = "FILE" in path + (body or "")
            known, unknown = (FILE_NUMBER, "0-0") if number else (ident, nobody)

            def asked(about):
                fill = lambda text, value: text and text.replace("FILE", value).replace("DECLARATION", value).replace("FRESH", str(uuid.uuid4()))  # noqa: E731
                return other.ask(method, fill(path, urllib.parse.quote(about, safe="")), fill(body, about))

            foreign = asked(known)
            if shape(foreign) != shape(asked(unknown)):
                apart.append(name)
            if method == "POST" and foreign.status < 400 or b'"may_use":true' in foreign.body:
                taken.append(name)
        inbox = other.ask("GET", "/v1/inbox").json()["items"]
        terminal = (world.site.pki / "terminal.id").read_text().strip()
        doors = {"releases": ("GET", f"/v1/subjects/{world.tag}/releases"), "events": ("GET", f"/v1/terminals/{terminal}/events"),
                 "batches": ("POST", f"/v1/terminals/{terminal}/batches"), "entries": ("GET", "/v1/log/tile/entries/000.p/1"),
                 "metrics": ("GET", "/metrics"), "enrolment": ("POST", "/v1/enrolments")}
        wide = [name for name, (method, path) in doors.items()
                if other.ask(method, path, "{}" if method == "POST" else None, "application/jose" if name == "enrolment" else "application/json").status < 400]
        seen.update({"routes_compared": len(pairs), "told_apart": apart, "taken": taken, "open_doors": wide,
                     "foreign_in_inbox": sum(item["declaration"] == ident for item in inbox), "own_in_inbox": len(items)})
        return seen


class NoBody(Attack):
    number, name = 8, "jba-recipient"
    title = "“JBA” as recipient"
    expected = ("A cooperation without legal personality can receive nothing. The catalogue checker refuses it by rule and place; a kiosk is never "
                "offered it; a record that names it is shown to nobody; a certificate in its name opens no inbox.")
    rules = (
        ("the catalogue checker took a cooperation as authority", lambda s: s["as_authority"] == "refused" and s["untouched"] == "accepted"),
        ("the catalogue checker took a cooperation as recipient", lambda s: s["as_recipient"] == "refused"),
        ("the catalogue checker took a cooperation as controller", lambda s: s["as_controller"] == "refused"),
        ("a record for a cooperation reached somebody", lambda s: s["shown_to"] == [OFFICE] and not s["may_use"]),
        ("a certificate in its name opened something", lambda s: s["certificate_opened"] == []),
    )
    weak = (
        ("ids are free text", {"as_authority": "accepted"}), ("the checker refuses everything", {"untouched": "refused"}),
        ("recipients are free text", {"as_recipient": "accepted"}), ("controllers are free text", {"as_controller": "accepted"}),
        ("whoever is named is asked", {"shown_to": [AGENCY, OFFICE]}), ("whoever is named may use", {"may_use": True}),
        ("the role alone opens", {"certificate_opened": ["/v1/inbox"]}),
    )

    @classmethod
    def strike(cls, world):
        plain = json.loads(run(["cat", cls._source()], "the catalogue"))

        def verdict(change):
            changed = copy.deepcopy(plain)
            change(changed)
            file = world.folder / "jba.json"
            file.write_text(json.dumps(changed, ensure_ascii=False), encoding="utf-8")
            said = world.site.ctl("catalogue", "check", file, allow_failure=True)
            return "refused" if said.strip() and "JBA" in said.upper() or "LR-" in said else "accepted"

        def authority(c):
            c["authorities"][0]["id"] = "jba-musterstadt"
            text = json.dumps(c["entries"]).replace(f'"{AGENCY}"', '"jba-musterstadt"')
            c["entries"] = json.loads(text)

        def recipient(c):
            c["entries"][0]["recipients"]["authorities"] = ["jba-musterstadt"]

        def controller(c):
            c["authorities"][0]["controller"]["name"] = "Jugendberufsagentur Musterstadt"

        seen = {"untouched": verdict(lambda c: None), "as_authority": verdict(authority), "as_recipient": verdict(recipient), "as_controller": verdict(controller)}
        person = {"pseudonym": b"\x22" * 32, "family_name": "Nowak", "given_names": "Jan", "birth_date": "2006-02-03"}
        record = consent(world.stranger, person, recipients=("jba-musterstadt",))
        sent(world, world.stranger.append("grant", record))
        shown, may_use = [], False
        for name in (AGENCY, JOBCENTER, OFFICE):
            line = world.authority(name)
            items = [item for item in line.ask("GET", "/v1/inbox").json()["items"] if item["declaration"] == record["id"]]
            shown += [name] if items else []
            may_use = may_use or any(item["state"] == "usable" and "recipient" in item.get("role", "") for item in items)
        world.certificate("authority", "jba-musterstadt", "jba")
        opened = [path for path in ("/v1/inbox", f"/v1/usable?file_number=1&entry={ENTRY}")
                  if world.line("jba").ask("GET", path).status < 400]
        return {**seen, "shown_to": sorted(shown), "may_use": may_use, "certificate_opened": opened}

    @staticmethod
    def _source():
        from stack import SOURCE
        return SOURCE / "assets/catalogue/catalogue.json"


class TamperedReceipt(Attack):
    number, name = 10, "tampered-receipt"
    title = "A tampered receipt"
    expected = ("What proves a record to the citizen and to others cannot be changed: the backend’s SETs with one byte altered are refused by the kiosk "
                "and by a foreign tool, and the page that checks slips calls an altered slip forged, in a real browser.")
    rules = (
        ("a genuine receipt does not verify elsewhere", lambda s: s["genuine_verifies"]),
        ("a foreign tool took an altered receipt", lambda s: not s["altered_verified"] and s["altered_tried"] >= 3),
        ("the genuine slip is not good", lambda s: s["page_genuine"] == "good"),
        ("the page took an altered slip", lambda s: not s["page_taken"] and s["page_tried"] >= 4),
        ("the page repeated what a forgery says", lambda s: not s["page_repeats_forgery"]),
    )
    weak = (
        ("receipts are not signed", {"genuine_verifies": False}), ("a signature of other bytes is enough", {"altered_verified": ["time"]}),
        ("nothing is good", {"page_genuine": "forged"}), ("the page shows what it is told", {"page_taken": ["date"]}), ("a forgery is quoted", {"page_repeats_forgery": True}),
    )

    @classmethod
    def strike(cls, world):
        token = evidence(world, "SELECT token FROM receipt_set ORDER BY id LIMIT 1")[0][0]
        key = world.site.pki / "receipts.jwk"
        seen = {"genuine_verifies": RECEIVED in verify_set(token, key)["events"]}
        head, payload, signature = token.split(".")
        said = json.loads(unb64(payload))

        def altered(change):
            document = copy.deepcopy(said)
            change(document)
            return f"{head}.{b64(json.dumps(document, separators=(',', ':')).encode())}.{signature}"

        tries = {"time": altered(lambda d: d.update(iat=d["iat"] + 1)), "terminal": altered(lambda d: d.update(aud=str(uuid.uuid4()))),
                 "ciphertext": altered(lambda d: d["events"][RECEIVED]["records"][0].update(jwe_sha256=b64(bytes(32)))),
                 "signature": f"{head}.{payload}." + b64(bytes([unb64(signature)[0] ^ 1]) + unb64(signature)[1:])}
        verified = []
        for name, text in tries.items():
            try:
                verify_set(text, key)
                verified.append(name)
            except RuntimeError:
                continue
        seen.update({"altered_tried": len(tries), "altered_verified": verified})
        seen.update(cls._page(world, world.slip.split("~")[0]))
        return seen

    @staticmethod
    def _page(world, good):
        head, payload, signature = good.split(".")
        said = json.loads(unb64(payload))
        forged = {"date": {**said, "date": "2031-12-24"}, "declaration": {**said, "id": str(uuid.uuid4())}, "terminal": {**said, "terminal": str(uuid.uuid4())}}
        codes = {name: f"{head}.{b64(json.dumps(text, separators=(',', ':')).encode())}.{signature}" for name, text in forged.items()}
        codes["signature"] = f"{head}.{payload}." + b64(bytes([unb64(signature)[0] ^ 1]) + unb64(signature)[1:])
        with SlipBrowser(f"http://127.0.0.1:{world.site.ports[1]}/check/") as browser:
            browser.watch()
            genuine = browser.load(good)
            verdicts, repeats = {}, False
            for name, code in codes.items():
                verdicts[name] = browser.load(code)
                repeats = repeats or "2031" in browser.text()
            browser.screenshot(world.out / "tampered-slip.png")
        return {"page_genuine": genuine, "page_tried": len(codes), "page_verdicts": verdicts, "page_repeats_forgery": repeats,
                "page_taken": [name for name, verdict in verdicts.items() if verdict != "forged" and (name != "terminal" or verdict != "unknown")]}
