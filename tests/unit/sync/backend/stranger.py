#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""A terminal and an authority by somebody who knows nothing of Freigabe but sync/backend/interface.md.

Shares no code with the product: bytes are packed by struct, keyed hashes are Python's, TLS is OpenSSL's, and all of JOSE
is the `jose` command of Debian. Used by stranger_test.py."""
import base64
import datetime
import hashlib
import hmac
import http.client
import json
import os
import pathlib
import ssl
import struct
import subprocess
import time
import uuid


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def jose(*arguments, data=b""):
    done = subprocess.run(["jose", *arguments], input=data, capture_output=True)
    if done.returncode != 0:
        raise RuntimeError(f"jose {arguments[:2]} refused: {done.stderr.decode().strip()}")
    return done.stdout


def verify_set(text, key_file):
    """What a signed receipt says, after the jose tool has verified it; the type keeps other signatures out."""
    header = json.loads(unb64(text.split(".")[0]))
    assert header["typ"] == "secevent+jwt" and header["alg"] == "ES256", header
    return json.loads(jose("jws", "ver", "-i", "-", "-k", str(key_file), "-O", "-", data=text.encode()))


def wait_for(condition, what, seconds=30):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if value := condition():
            return value
        time.sleep(0.05)
    raise RuntimeError(f"waited too long for {what}")


class Answer:
    def __init__(self, response):
        self.status = response.status
        self.headers = {name.lower(): value for name, value in response.getheaders()}
        self.body = response.read()

    def json(self):
        return json.loads(self.body)

    def problem(self):
        """The word behind urn:freigabe:problem: of a problem document."""
        assert self.headers["content-type"] == "application/problem+json", self.headers
        document = self.json()
        assert document["status"] == self.status and document["title"], document
        prefix = "urn:freigabe:problem:"
        assert document["type"].startswith(prefix), document
        return document["type"][len(prefix):]


class Line:
    """Mutual TLS to the backend as whoever the certificate says."""

    def __init__(self, port, authority, certificate, key=None):
        self.port = port
        self.context = ssl.create_default_context(cafile=authority)
        self.context.load_cert_chain(certificate, key)

    def ask(self, method, path, body=None, media_type="application/json", headers=None):
        fields = dict(headers or {})
        if body is not None and media_type is not None:
            fields["Content-Type"] = media_type
        connection = http.client.HTTPSConnection("localhost", self.port, timeout=30, context=self.context)
        try:
            connection.request(method, path, body, fields)
            return Answer(connection.getresponse())
        finally:
            connection.close()

    def raw(self, data, half_close=False):
        """Sends these bytes and reads until the end."""
        import socket
        with socket.create_connection(("localhost", self.port), 30) as plain, \
                self.context.wrap_socket(plain, server_hostname="localhost") as tls:
            tls.sendall(data)
            out = b""
            try:
                while part := tls.recv(65536):
                    out += part
            except (ConnectionResetError, ssl.SSLError):
                pass
            return out


class Terminal:
    """Chains, seals and signs as the page says."""

    KINDS = {"grant": 1, "withdrawal": 2, "objection": 3, "objection_withdrawn": 4, "decision": 5, "notice": 7}

    def __init__(self, ident, site, views_key):
        self.id = uuid.UUID(ident)
        self.site = site
        self.views_key = views_key
        self.key = jose("jwk", "gen", "-i", '{"kty":"EC","crv":"P-256"}')
        self.epoch = 1
        self.prev = bytes(32)
        self.records = []

    def sign(self, protected, payload):
        template = json.dumps({"protected": {"alg": "ES256", **protected}})
        key = pathlib.Path(f"/dev/shm/stranger-{os.getpid()}-{self.id}.jwk") if os.path.isdir("/dev/shm") else pathlib.Path("key.jwk")
        key.touch(0o600)
        try:
            key.write_bytes(self.key)
            return jose("jws", "sig", "-c", "-I", "-", "-k", str(key), "-s", template, "-o", "-", data=payload).decode().strip()
        finally:
            key.unlink()

    def enrolment(self, code):
        public = json.loads(jose("jwk", "pub", "-i", "-", data=self.key))
        public = {name: public[name] for name in ("kty", "crv", "x", "y")}
        payload = json.dumps({"terminal": str(self.id), "site": self.site, "code": code}).encode()
        return self.sign({"typ": "freigabe-enrolment+jwt", "jwk": public}, payload)

    def change_key(self, epoch):
        """The statement of the present key about the next one, which this terminal then has. As in interface.md."""
        old_key, new_key = self.key, jose("jwk", "gen", "-i", '{"kty":"EC","crv":"P-256"}')
        said = {"terminal": str(self.id), "epoch": epoch, "old": jose("jwk", "thp", "-i", "-", data=old_key).decode().strip()}
        public = json.loads(jose("jwk", "pub", "-i", "-", data=new_key))
        public = {name: public[name] for name in ("kty", "crv", "x", "y")}
        self.key = new_key
        inner = self.sign({"typ": "freigabe-key-change+jwt", "jwk": public}, json.dumps(said).encode())
        self.key = old_key
        outer = self.sign({"typ": "freigabe-key-change+jwt", "kid": str(self.id)}, json.dumps({**said, "new": inner}).encode())
        self.key = new_key
        return outer

    def head(self, seq):
        payload = json.dumps({"terminal": str(self.id), "epoch": self.epoch, "seq": seq, "head": b64(self.records[seq - 1]["leaf"])})
        return self.sign({"typ": "freigabe-head+jwt", "kid": str(self.id)}, payload.encode())

    def declaration(self, event, person, **members):
        now = datetime.datetime.now(datetime.timezone.utc)
        return {
            "schema": "freigabe-declaration-1", "id": str(uuid.UUID(int=(time.time_ns() // 10**6 << 80) | (7 << 76) | (2 << 62)
                                                                     | int.from_bytes(os.urandom(7), "big"))),
            "act_type": "consent", "event": event, "targets": [],
            "subject": {"kind": "pseudonym", "value": b64(person["pseudonym"])},
            "person": {name: person[name] for name in ("family_name", "given_names", "birth_date")},
            "declarant_role": "data_subject",
            "presentation": {"language": "de", "variant": "std", "text_hash": b64(bytes(32)), "text_percent": 100,
                             "contrast": "light", "review_shown": True, "draft": False},
            "assurance": {"method": "eid_pin", "level": "hoch", "certificate_age_h": 1},
            "place": {"terminal": str(self.id), "site": self.site},
            "time": {"wall": now.strftime("%Y-%m-%dT%H:%M:%S.") + f"{now.microsecond // 1000:03}Z", "floor_ms": 0, "quality": "wall"},
            **members}

    def scopes(self, declaration):
        """version | id | tag_s | n | n x (tag_sr | tag_er) | m | m x (kind | value) | slip hash"""
        secret = hmac.new(bytes(32), unb64(declaration["subject"]["value"]), hashlib.sha256).digest()
        key = hmac.new(secret, b"freigabe subject key\x01", hashlib.sha256).digest()

        def tag(text):
            return hmac.new(key, text.encode(), hashlib.sha256).digest()

        out = b"\x01" + uuid.UUID(declaration["id"]).bytes + tag("s")
        recipients = declaration["selection"]["recipients"] if declaration["event"] == "given" else []
        out += bytes([len(recipients)])
        for recipient in recipients:
            out += tag("r|" + recipient) + tag("e|" + declaration["entry"]["id"] + "|" + recipient)
        out += bytes([len(declaration["targets"])])
        for target in declaration["targets"]:
            if "declaration" in target:
                out += b"\x01" + uuid.UUID(target["declaration"]).bytes + bytes(16)
            elif "subject" in target:
                out += b"\x02" + tag("s")
            elif "entry" in target:
                out += b"\x04" + tag("e|" + target["entry"] + "|" + target["recipient"])
            else:
                out += b"\x03" + tag("r|" + target["recipient"])
        return out + bytes(32)

    def append(self, kind, declaration, observed=0):
        """Seals, chains and keeps a record; returns its seq."""
        template = json.dumps({"protected": {"alg": "ECDH-ES+A256KW", "enc": "A256GCM"}})
        plain = json.dumps(declaration, separators=(",", ":"), ensure_ascii=False).encode()
        jwe = jose("jwe", "enc", "-c", "-I", "-", "-k", str(self.views_key), "-i", template, "-o", "-", data=plain).decode().strip()
        return self.append_raw(self.KINDS[kind], self.scopes(declaration), jwe, observed)

    def append_raw(self, kind, scopes, jwe, observed=0):
        """Chains and keeps a record of these parts, whatever they hold; returns its seq."""
        seq = len(self.records) + 1
        header = b"\x01" + self.id.bytes + struct.pack(">IQ", self.epoch, seq) + self.prev
        header += hashlib.sha256(jwe.encode()).digest() + hashlib.sha256(scopes).digest()
        header += struct.pack(">BQQQB", kind, observed, time.time_ns() // 10**6, 0, 1)
        assert len(header) == 151
        leaf = hashlib.sha256(b"\x00" + header).digest()
        self.records.append({"leaf": leaf, "jwe": jwe, "body": {"header": b64(header), "scopes": b64(scopes), "jwe": jwe}})
        self.prev = leaf
        return seq

    def batch(self, first, last):
        return json.dumps({"terminal": str(self.id), "epoch": self.epoch, "from": first, "to": last, "head": self.head(last),
                           "records": [record["body"] for record in self.records[first - 1:last]]})

    def advance(self, *seqs):
        return json.dumps({"terminal": str(self.id), "advance": [{"head": self.head(seq), "record": self.records[seq - 1]["body"]}
                                                                for seq in seqs]})
