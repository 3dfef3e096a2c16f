# SPDX-License-Identifier: EUPL-1.2
"""Attacks 2 and 6: a syncd that means harm, and one that does nothing at all."""
import contextlib
import json
import os
import pathlib
import signal
import sqlite3
import struct
import time

from attack_base import Attack
from processes import run
from stranger import Line
from syncd_wire import (CHECKPOINT, CURSOR, EVENT, LINK, PULL_ADVANCE, PULL_BATCH, RECEIPT, Flood, Gone, ReceiptForge, Wire)
from world import private_jwk


def evidence(world, statement):
    """Reads a copy of the journal, as a technician would."""
    world.journal()
    with contextlib.closing(sqlite3.connect(world.site.folder / "evidence/journal.db")) as file:
        return file.execute(statement).fetchall()


def terminal_line(world):
    """What syncd may do: the terminal's own certificate."""
    key = world.folder / "stolen-tls.pem"
    run(["openssl", "pkey", "-inform", "DER", "-in", world.site.state / "keys/tls.key", "-out", key], "the terminal's TLS key as PEM")
    return Line(world.site.ports[0], world.site.pki / "tls-ca.crt", world.site.state / "tls.crt", key)


def ended(path, data):
    """True if the kiosk ends a connection on which these bytes come."""
    wire = Wire(path)
    try:
        wire.raw(data)
        wire.answer()
        return False
    except (Gone, BrokenPipeError):
        return True
    finally:
        wire.close()


class HostileSyncd(Attack):
    number, name = 2, "hostile-syncd"
    title = "A hostile syncd"
    expected = ("A program in syncd’s place lies about the line, floods, sends frames that are too long or stop halfway, forged and altered "
                "receipts, events and checkpoints, and alters what it carries: nothing is acknowledged, the citizen gives a release meanwhile, "
                "the time floor stays, the backend stores nothing altered; the real syncd then delivers everything.")
    rules = (
        ("a lie about a receipt was believed", lambda s: not s["lies_believed"] and s["lies_told"] >= 14),
        ("a forged event or checkpoint was believed", lambda s: not s["other_lies_believed"]),
        ("something was acknowledged", lambda s: s["receipts_after"] == s["receipts_before"]),
        ("the citizen could not give a release during the flood",
         lambda s: s["rows_during_flood"] == s["rows_before"] + 1 and s["lies_about_the_line"] > 100),
        ("bytes that are no frame did not end the connection", lambda s: not s["frames_endured"]),
        ("half a frame locked the next syncd out", lambda s: s["served_after_half_a_frame"]),
        ("a refused message raised the time floor", lambda s: s["floor_raised_ms"] < 600_000),
        ("altered records were stored", lambda s: not s["altered_taken"] and s["log_after"] == s["log_before"]),
        ("the real syncd did not deliver what was left", lambda s: s["delivered_at_last"]),
    )
    weak = (
        ("signatures are not verified", {"lies_believed": ["another key"]}), ("events are believed", {"other_lies_believed": ["event"]}),
        ("sent is taken for received", lambda s: {"receipts_after": s["receipts_before"] + 1}),
        ("the kiosk waits for syncd", lambda s: {"rows_during_flood": s["rows_before"]}), ("no flood came", {"lies_about_the_line": 0}),
        ("frames have no bound", {"frames_endured": ["4 GB"]}), ("the first connection stays", {"served_after_half_a_frame": False}),
        ("any message moves the clock", {"floor_raised_ms": 10**11}), ("hashes are not compared", {"altered_taken": ["jwe"]}),
        ("altered records have a place", lambda s: {"log_after": s["log_before"] + 1}), ("what was lied about is lost", {"delivered_at_last": False}),
    )

    @classmethod
    def strike(cls, world):
        socket = world.site.state / "kiosk.sock"
        world.site.syncd.stop()
        before = world.journal()
        floor = evidence(world, "SELECT floor_ms FROM meta")[0][0]
        seen = {"rows_before": before["rows"], "receipts_before": before["receipts"], "log_before": world.metric("log_size")}
        flood = Flood(socket)
        flood.start()
        try:
            world.give("given-during-the-flood")
        finally:
            flood.stop()
        seen.update({"rows_during_flood": world.rows(), "lies_about_the_line": flood.lies})
        seen.update(cls._frames(socket))
        seen.update(cls._lies(world, socket))
        seen.update(cls._altered(world, socket))
        seen["log_after"] = world.metric("log_size")
        seen["receipts_after"] = world.journal()["receipts"]
        seen["floor_raised_ms"] = evidence(world, "SELECT floor_ms FROM meta")[0][0] - floor
        world.site.start_syncd()
        world.wait_acknowledged(seen["rows_during_flood"])
        seen["delivered_at_last"] = world.journal()["receipts"] == seen["rows_during_flood"]
        return seen

    @staticmethod
    def _frames(socket):
        bad = {"4 GB": struct.pack(">IB", 0xFFFFFFFF, RECEIPT), "length 0": struct.pack(">IB", 0, PULL_BATCH),
               "a receipt above its bound": struct.pack(">IB", (128 << 10) + 2, RECEIPT), "unknown type": struct.pack(">IB", 1, 77),
               "a frame of the other direction": struct.pack(">IB", 3, 131) + b"\0\0", "a link neither up nor down": struct.pack(">IBBQ", 10, LINK, 2, 0),
               "a receipt that is no token": struct.pack(">IB", 5, RECEIPT) + b"\x00\xff{}", "an order with a payload": struct.pack(">IBB", 2, PULL_BATCH, 0),
               "random bytes": b"\xff" + os.urandom(64)}
        endured = [name for name, data in bad.items() if not ended(socket, data)]
        half = Wire(socket)
        half.raw(struct.pack(">IB", 1 << 16, RECEIPT) + b"e" * 100)  # and then nothing more
        next_one = Wire(socket)
        served = next_one.ask(CURSOR)[0] == 133
        next_one.close()
        half.close()
        # One byte at a time is slow, not wrong.
        slow = Wire(socket)
        for byte in struct.pack(">IB", 1, PULL_BATCH):
            slow.raw(bytes([byte]))
            time.sleep(0.02)
        served = served and slow.answer()[0] == 129
        slow.close()
        return {"frames_endured": endured, "frames_sent": len(bad), "served_after_half_a_frame": served}

    @staticmethod
    def _lies(world, socket):
        real = evidence(world, "SELECT token FROM receipt_set ORDER BY id LIMIT 1")[0][0]
        key = {**private_jwk(world.site.pki / "receipts.key"), "alg": "ES256"}
        key["kid"] = json.loads((world.site.pki / "receipts.jwk").read_text()).get("kid", "")
        wire = Wire(socket)
        body = wire.ask(PULL_BATCH)[1]
        forge = ReceiptForge(body, key, real, "urn:freigabe:backend")
        told, believed = 0, []
        for name, text in forge.lies():
            told += 1
            if wire.result_of(RECEIPT, text.encode()) == 0:
                believed.append(name)
        applied = {"declaration": "01a216a7-ccc0-7b87-b294-88ea576c6cad", "authority": "musterstadt-agentur", "state": "applied",
                   "at": "2026-01-01T00:00:00.000Z"}
        event = forge.sign({**forge.stranger, "kid": key["kid"]}, applied, name="urn:freigabe:event:applied")
        note = b"urn:freigabe:backend\n4000000\n" + b"A" * 43 + b"=\n\n\xe2\x80\x94 urn:freigabe:backend AAAAAgAA\n"
        others = [("event", EVENT, struct.pack(">Q", 10**6) + event.encode()),
                  ("checkpoint", CHECKPOINT, struct.pack(">H", len(note)) + note + bytes(64)),
                  ("a receipt as event", EVENT, struct.pack(">Q", 10**6) + real.encode())]
        wrong = [name for name, kind, payload in others if wire.result_of(kind, payload) == 0]
        wire.close()
        world.notes["forge"] = forge
        return {"lies_told": told, "lies_believed": believed, "other_lies_believed": wrong}

    @staticmethod
    def _altered(world, socket):
        """What a carrier could do to what it carries."""
        wire = Wire(socket)
        body, advance = json.loads(wire.ask(PULL_BATCH)[1]), wire.ask(PULL_ADVANCE)[1]
        wire.close()
        line, path = terminal_line(world), "/v1/terminals/" + body["terminal"]

        def changed(**members):
            return {**body, "records": [{**body["records"][0], **members}, *body["records"][1:]]}

        first = body["records"][0]
        flipped = lambda text: ("B" if text[40] == "A" else "A").join((text[:40], text[41:]))  # noqa: E731
        bodies = {"jwe": changed(jwe=first["jwe"] + "A"), "scopes": changed(scopes=flipped(first["scopes"])),
                  "header": changed(header=flipped(first["header"])), "no records": {**body, "records": []},
                  "another place": {**body, "from": body["from"] + 1, "to": body["to"] + 1}, "head": {**body, "head": flipped(body["head"])}}
        taken = [name for name, each in bodies.items() if line.ask("POST", path + "/batches", json.dumps(each)).status == 200]
        grant = {"terminal": body["terminal"], "advance": [{"head": body["head"], "record": first}]}
        if line.ask("POST", path + "/advance", json.dumps(grant)).status == 200:
            taken.append("a grant on the lane of withdrawals")
        return {"altered_taken": taken, "altered_sent": len(bodies) + 1, "advance_bytes": len(advance)}


class Frozen(Attack):
    number, name = 6, "frozen-sync"
    title = "Frozen sync"
    expected = ("syncd is stopped with SIGSTOP at a dozen moments and stays stopped; then the backend is gone as well. The citizen takes back and "
                "gives all the same, each recorded durably; within three rounds the window says “Ohne Netz”, and the slip since when; afterwards all of it arrives.")
    rules = (
        ("the citizen could not take back while syncd was frozen", lambda s: s["rows_while_frozen"] == s["rows_before"] + 1),
        ("the citizen could not give while the backend was gone", lambda s: s["rows_without_backend"] == s["rows_before"] + 2),
        ("something was taken for acknowledged", lambda s: s["receipts_without_backend"] == s["receipts_before"]),
        ("the window did not say that there is no line", lambda s: s["window_before"] == "online" and s["window_without_backend"] == "offline"),
        ("the window went on saying that there is a line", lambda s: s["window_while_frozen"] == "offline"),
        ("not everything arrived afterwards", lambda s: s["receipts_after"] == s["rows_before"] + 2),
        ("the withdrawal of that entry, or the release behind it, has no effect", lambda s: s["alive_after"] == 1),
        ("it was never frozen", lambda s: s["stops"] >= 12 and s["frozen"]),
    )
    weak = (
        ("a withdrawal waits for syncd", lambda s: {"rows_while_frozen": s["rows_before"]}),
        ("a release waits for the backend", lambda s: {"rows_without_backend": s["rows_before"]}),
        ("journaled is called acknowledged", lambda s: {"receipts_without_backend": s["receipts_before"] + 2}),
        ("the window goes on saying online", {"window_without_backend": "online"}), ("a stopped syncd is believed", {"window_while_frozen": "online"}),
        ("frozen records are lost", lambda s: {"receipts_after": s["rows_before"]}), ("the withdrawal never arrives", lambda s: {"alive_after": 1 + s["alive_before"]}),
        ("no SIGSTOP came", {"frozen": False}),
    )

    @classmethod
    def strike(cls, world):
        before = world.journal()
        world.copy_disk("clone")  # what somebody may do at any time; the next attack starts from it
        seen = {"rows_before": before["rows"], "receipts_before": before["receipts"], "alive_before": world.alive(),
                "window_before": line_shown(world)}
        pid, stops = world.site.syncd.popen.pid, 0
        for n in range(12):
            os.kill(pid, signal.SIGSTOP)
            stops += 1
            time.sleep(0.03)
            if n < 11:  # the last one stays
                os.kill(pid, signal.SIGCONT)
                time.sleep(0.01 * n)
        seen["stops"] = stops
        world.take_back("taken-back-while-frozen")
        seen["rows_while_frozen"] = world.rows()
        world.settle(lambda: line_shown(world) == "offline", 60)
        seen["window_while_frozen"] = line_shown(world)
        seen["frozen"] = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1][0] == "T"
        world.site.backend.stop()
        os.kill(pid, signal.SIGCONT)
        world.settle(lambda: line_shown(world) == "offline", 60)
        seen["window_without_backend"] = line_shown(world)
        world.give("given-without-backend")
        journal = world.journal()
        seen.update({"rows_without_backend": journal["rows"], "receipts_without_backend": journal["receipts"]})
        world.site.start_backend()
        world.wait_acknowledged(seen["rows_without_backend"])
        seen.update({"receipts_after": world.journal()["receipts"], "alive_after": world.alive()})
        return seen


def line_shown(world):
    """What the pill at the top of the window says, by its colour: amber without a line."""
    file = world.kiosk.save("line")
    text = run(["convert", file, "-crop", "1080x104+0+0", "-depth", "8", "-format", "%c", "histogram:info:"], "the colours of the window's head")
    amber = 0
    for row in text.splitlines():
        count, _, colour = row.partition(":")
        red, green, blue = (int(part) for part in colour[colour.index("(") + 1:colour.index(")")].split(",")[:3])
        if red > 225 and red - blue > 25 and green > 200:
            amber += int(count)
    return "offline" if amber > 800 else "online"
