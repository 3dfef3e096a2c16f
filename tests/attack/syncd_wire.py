# SPDX-License-Identifier: EUPL-1.2
"""The socket between kiosk and syncd, spoken by somebody who means harm: bytes as sync/outbox/frame.hpp draws them."""
import contextlib
import hashlib
import json
import socket
import struct
import tempfile
import threading
import uuid

from stranger import b64, jose, unb64

PULL_BATCH, PULL_ADVANCE, RECEIPT, LINK, CURSOR, EVENT, ASK_LOG, CHECKPOINT = range(1, 9)
BATCH, ADVANCE, RESULT, NEWS = 129, 130, 131, 134
RECEIVED = "urn:freigabe:event:received"


class Gone(Exception):
    """The kiosk has ended the connection."""


class Wire:
    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(30)
        self.socket.connect(str(path))

    def close(self):
        self.socket.close()

    def raw(self, data):
        self.socket.sendall(data)

    def send(self, kind, payload=b""):
        self.raw(struct.pack(">IB", 1 + len(payload), kind) + payload)

    def _exactly(self, count):
        out = b""
        while len(out) < count:
            try:
                part = self.socket.recv(count - len(out))
            except ConnectionResetError as reset:
                raise Gone from reset
            if not part:
                raise Gone
            out += part
        return out

    def answer(self):
        while True:
            length, kind = struct.unpack(">IB", self._exactly(5))
            payload = self._exactly(length - 1)
            if kind != NEWS:
                return kind, payload

    def ask(self, kind, payload=b""):
        self.send(kind, payload)
        return self.answer()

    def result_of(self, kind, payload):
        """The Errc that the kiosk answers with; 0 = it believed."""
        answer, body = self.ask(kind, payload)
        return struct.unpack(">H", body)[0] if answer == RESULT else -1


class Flood(threading.Thread):
    """Lies about the line as fast as the socket takes them, never reads an answer, and comes again when it is put out."""

    def __init__(self, path):
        super().__init__(daemon=True)
        self.path, self.lies, self.ended = path, 0, threading.Event()

    def run(self):
        while not self.ended.is_set():
            with contextlib.suppress(OSError):
                wire = Wire(self.path)
                wire.socket.settimeout(0.2)
                try:
                    for n in range(1 << 20):
                        wire.send(LINK, struct.pack(">BQ", n % 2, n))
                        self.lies += 1
                        if self.ended.is_set():
                            break
                finally:
                    wire.close()

    def stop(self):
        self.ended.set()
        self.join()


class ReceiptForge:
    """Receipts for a batch: the right one, and every lie about it. Signed with the backend's real key where that is the question."""

    def __init__(self, body, keys, real, issuer):
        self.body = json.loads(body)
        self.keys, self.real, self.issuer = keys, real, issuer
        self.stranger = json.loads(jose("jwk", "gen", "-i", '{"alg":"ES256"}'))

    def event(self, **changes):
        records = [{"seq": self.body["from"] + n, "leaf": leaf, "jwe_sha256": digest, "log_index": 1000 + n}
                   for n, (leaf, digest) in enumerate(self._leaves())]
        return {"epoch": self.body["epoch"], "from": self.body["from"], "to": self.body["to"], "lane": "chain", "records": records,
                "log_size": 2000, **changes}

    def _leaves(self):
        for record in self.body["records"]:
            header = unb64(record["header"])
            yield b64(hashlib.sha256(b"\x00" + header).digest()), b64(hashlib.sha256(record["jwe"].encode()).digest())

    def sign(self, key, event, typ="secevent+jwt", alg="ES256", name=RECEIVED, **claims):
        payload = {"iss": self.issuer, "iat": 1_900_000_000, "jti": str(uuid.uuid4()), "aud": self.body["terminal"], "events": {name: event}, **claims}
        header = {"alg": alg, "typ": typ, "kid": key.get("kid", "")}
        with tempfile.NamedTemporaryFile("w", suffix=".jwk") as file:
            json.dump(key, file)
            file.flush()
            return jose("jws", "sig", "-c", "-I", "-", "-k", file.name, "-s", json.dumps({"protected": header}), "-o", "-",
                        data=json.dumps(payload).encode()).decode().strip()

    def lies(self):
        """(what it is, text)"""
        right, real = self.event(), self.keys
        other = lambda member: [{**record, member: b64(bytes(32))} for record in right["records"]]  # noqa: E731
        yield "another key", self.sign({**self.stranger, "kid": real["kid"]}, right)
        yield "another key under its own name", self.sign(self.stranger, right)
        yield "another leaf", self.sign(real, self.event(records=other("leaf")))
        yield "another ciphertext", self.sign(real, self.event(records=other("jwe_sha256")))
        yield "another terminal", self.sign(real, right, aud=str(uuid.uuid4()))
        yield "another type of token", self.sign(real, right, typ="jwt")
        yield "a record that is not there", self.sign(real, self.event(to=right["to"] + 1, records=[
            *right["records"], {**right["records"][-1], "seq": right["to"] + 1}]))
        yield "another epoch", self.sign(real, self.event(epoch=right["epoch"] + 1))
        yield "an index outside its log", self.sign(real, self.event(log_size=1))
        head, payload, signature = self.sign(real, right).split(".")
        yield "no algorithm", b64(b'{"alg":"none","typ":"secevent+jwt"}') + f".{payload}."
        changed = json.loads(unb64(payload))
        changed["iat"] += 1
        yield "another time under the signature", f"{head}.{b64(json.dumps(changed).encode())}.{signature}"
        yield "a signature with one bit flipped", f"{head}.{payload}." + b64(bytes([unb64(signature)[0] ^ 1]) + unb64(signature)[1:])
        old = self.real.split(".")
        yield "an old receipt’s signature", f"{head}.{payload}.{old[2]}"
        yield "an old receipt with one byte changed", f"{old[0]}.{b64(unb64(old[1]).replace(b'chain', b'chaim'))}.{old[2]}"
