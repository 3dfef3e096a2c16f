# SPDX-License-Identifier: EUPL-1.2
"""Attacks 3 and 4: somebody's slip, used again or made up. The slip is read from a picture of the kiosk's screen."""
import hashlib
import json
import os
import uuid

from attack_base import Attack
from stranger import b64, unb64
from world import AGENCY, ENTRY, OFFICE
from processes import Failed

LEYLA = {"pseudonym": b"\x11" * 32, "family_name": "Demir", "given_names": "Leyla", "birth_date": "2007-03-14"}


def parts_of(slip):
    """Declaration id and hash of the secret."""
    check, secret = slip.split("~")
    return json.loads(unb64(check.split(".")[1]))["id"], hashlib.sha256(unb64(secret)).digest()


def consent(terminal, person=LEYLA, recipients=(AGENCY,), **members):
    day = terminal.declaration("given", person)["time"]["wall"][:10]
    return terminal.declaration("given", person, entry={
        "id": ENTRY, "version": "1.0", "catalogue_version": "1.0.0", "catalogue_hash": b64(bytes(32))}, selection={
            "sources": [OFFICE], "recipients": list(recipients), "categories": ["C07"], "topics": [], "from": day, "to": day}, **members)


def sent(world, seq):
    answer = world.send_stranger(seq, seq)
    if answer.status != 200:
        raise Failed(f"a well-formed record was refused: {answer.status} {answer.body}")
    return answer


class Forged(Attack):
    number, name = 4, "forged-slip"
    title = "A forged slip"
    expected = ("Through another enrolled terminal, withdrawals by slip whose secret is wrong, whose id was exchanged, that were signed with "
                "a key of the forger’s own, that bring no secret at all, or that try to give instead of to take: each is kept, and none "
                "ends or makes a release.")
    rules = (
        ("the citizen had no living release to begin with", lambda s: s["alive_before"] == 1),
        ("a wrong secret took a release back", lambda s: s["alive_after_wrong_secret"] == s["alive_before"]),
        ("one slip’s secret took another’s release back", lambda s: s["other_alive_after_exchanged_id"] == 1),
        ("a code of the forger’s own key took a release back", lambda s: s["alive_after_own_key"] == s["alive_before"]),
        ("without a secret a release without a slip was taken back", lambda s: s["other_alive_after_empty_secret"] == 1),
        ("a slip made a release", lambda s: s["alive_after_giving_by_slip"] == s["alive_before"]),
        ("the backend did not keep all of it", lambda s: s["kept"] == s["sent"]),
    )
    weak = (
        ("the secret is not compared", {"alive_after_wrong_secret": 0}), ("the id is not bound to the secret", {"other_alive_after_exchanged_id": 0}),
        ("any key will do", {"alive_after_own_key": 0}), ("a zero hash fits a zero hash", {"other_alive_after_empty_secret": 0}),
        ("a slip can give", {"alive_after_giving_by_slip": 2}), ("what is odd is dropped", {"kept": 0}), ("nothing was at stake", {"alive_before": 0}),
    )

    @classmethod
    def strike(cls, world):
        terminal = world.stranger
        ident, right = parts_of(world.slip)
        other = consent(terminal)
        sent(world, terminal.append("grant", other))
        tag = terminal.scopes(other)[17:49].hex()
        seen = {"alive_before": world.alive()}
        alive_other = lambda: world.site.releases_of(tag)["alive"]  # noqa: E731
        first = len(terminal.records)
        sent(world, terminal.by_slip(ident, hashlib.sha256(os.urandom(16)).digest()))
        seen["alive_after_wrong_secret"] = world.alive()
        sent(world, terminal.by_slip(other["id"], right))
        seen["other_alive_after_exchanged_id"] = alive_other()
        own_secret = os.urandom(16)  # a slip that names the citizen's release, made and signed by the forger: its own hash fits it
        sent(world, terminal.by_slip(ident, hashlib.sha256(own_secret).digest()))
        seen["alive_after_own_key"] = world.alive()
        sent(world, terminal.by_slip(other["id"], bytes(32)))
        seen["other_alive_after_empty_secret"] = alive_other()
        giving = consent(terminal, assurance={"method": "receipt_code", "level": "none", "certificate_age_h": 0}, slip_hash=b64(right))
        giving["id"] = str(uuid.UUID(ident))
        sent(world, terminal.append("grant", giving))
        seen["alive_after_giving_by_slip"] = world.alive()
        seen["sent"] = len(terminal.records) - first
        rows = world.database("SELECT count(*) FROM record WHERE terminal = ? AND seq > ?", terminal.id.bytes, first)
        seen["kept"] = rows[0][0]
        return seen


class Replayed(Attack):
    number, name = 3, "replayed-slip"
    title = "A slip, used again and again"
    expected = ("The genuine code takes back exactly its release, once. Shown again after the citizen has given anew, at whatever terminal and "
                "by whatever copy of the request, it changes nothing.")
    rules = (
        ("the genuine slip did not take its release back", lambda s: (s["alive_before"], s["alive_after_slip"]) == (1, 0)),
        ("the new release did not count", lambda s: s["alive_after_giving_anew"] == 1),
        ("the old slip ended the new release", lambda s: s["alive_after_replay"] == s["alive_after_giving_anew"]),
        ("a copied request was refused or counted again",
         lambda s: s["copied_request"] == 200 and s["log_after_copy"] == s["log_before_copy"] and s["receipt_of_copy"]),
        ("a copied request ended the new release", lambda s: s["alive_after_copy"] == s["alive_after_giving_anew"]),
    )
    weak = (
        ("slips do nothing", {"alive_after_slip": 1}), ("a slip closes its subject for good", {"alive_after_giving_anew": 0}),
        ("a slip takes back whatever lives", {"alive_after_replay": 0}), ("a copy is a new record", lambda s: {"log_after_copy": s["log_before_copy"] + 1}),
        ("a copy takes effect again", {"alive_after_copy": 0}),
    )

    @classmethod
    def strike(cls, world):
        ident, right = parts_of(world.slip)
        seen = {"alive_before": world.alive()}
        seq = world.stranger.by_slip(ident, right)
        body = world.stranger.batch(seq, seq)
        sent(world, seq)
        seen["alive_after_slip"] = world.alive()
        acknowledged = world.rows()
        world.slip_of_second = world.give("given-anew")
        world.wait_acknowledged(acknowledged + 1)
        seen["alive_after_giving_anew"] = world.alive()
        sent(world, world.stranger.by_slip(ident, right))
        seen["alive_after_replay"] = world.alive()
        seen["log_before_copy"] = world.metric("log_size")
        answer = world.line("stranger").ask("POST", world.stranger_path + "/batches", body)
        seen.update({"copied_request": answer.status, "receipt_of_copy": len(answer.json().get("receipts", [])),
                     "log_after_copy": world.metric("log_size"), "alive_after_copy": world.alive()})
        return seen
