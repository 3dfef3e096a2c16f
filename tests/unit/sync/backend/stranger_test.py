#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""The running backend against a client that was written from sync/backend/interface.md alone: enrolment, batches, receipts,
advance copies, the authority's desk, and every kind of wrong request. usage: stranger_test.py <folder of programs>"""
import datetime
import hashlib
import http.client
import json
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid

from stranger import Line, Terminal, b64, unb64, verify_set, wait_for
from stranger_exchange import exchange, insight

SITE = "Musterstadt"
LEYLA = {"pseudonym": b"\x11" * 32, "family_name": "Demir", "given_names": "Leyla", "birth_date": "2007-03-14"}
RECEIVED = "urn:freigabe:event:received"
APPLIED = "urn:freigabe:event:applied"


class World:
    """A backend of its own in a temporary folder."""

    def __init__(self, programs):
        self.bin = pathlib.Path(programs)
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="stranger-"))
        self.pki = self.folder / "pki"
        self.backend = None
        self.more_options = []
        self.store = f"sqlite:{self.folder}/backend.db"

    def start(self):
        self.prepare()
        self.launch()

    def prepare(self):
        self.run("freigabectl", "pki", "init", "--out", self.pki, "--dns", "localhost")
        self.terminal_id = (self.pki / "terminal.id").read_text().strip()
        self.terminal = Terminal(self.terminal_id, SITE, self.pki / "views.jwk")
        self.path = f"/v1/terminals/{self.terminal_id}"
        self.run("freigabectl", "pki", "key", "--curve", "P-256", "--out", self.folder / "portal.key")
        self.run("freigabectl", "pki", "tls-cert", "--ca-name", "Freigabe TLS CA", "--signer", self.pki / "tls-ca.key", "--role", "portal",
                 "--id", "konto", "--key", self.folder / "portal.key", "--out", self.folder / "portal")
        subprocess.run(["openssl", "pkey", "-inform", "DER", "-in", self.folder / "portal.key", "-out", self.folder / "portal.pem"], check=True)
        self._downstream()

    def launch(self):
        (self.folder / "ports").unlink(missing_ok=True)
        self.log = open(self.folder / "backend.log", "ab")
        self.backend = subprocess.Popen([
            self.bin / "freigabe-backend", "serve", "--store", self.store, "--listen", "127.0.0.1:0", "--plain-listen",
            "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0", "--tls-ca", self.pki / "tls-ca.crt", "--tls-cert", self.pki / "backend.crt", "--tls-key",
            self.pki / "backend.key", "--receipt-key", self.pki / "receipts.key", "--views-key", self.pki / "views.key",
            "--authority-secrets", self.pki / "authority-secrets.json", "--downstream", self.folder / "downstream", "--port-file", self.folder / "ports", *self.more_options], stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
        ports = wait_for(lambda: (self.folder / "ports").exists() and len((self.folder / "ports").read_text().split()) == 3 and (self.folder / "ports").read_text().split(), "the backend")
        self.port, self.plain_port, self.metrics_port = (int(port) for port in ports)
        ca = self.pki / "tls-ca.crt"
        key = self.folder / "tls-terminal.pem"
        subprocess.run(["openssl", "pkey", "-inform", "DER", "-in", self.pki / "tls-terminal.key", "-out", key], check=True)
        self.terminal_line = Line(self.port, ca, self.pki / "tls-terminal.crt", key)
        self.agency = Line(self.port, ca, self.pki / "authority-musterstadt-agentur.pem")
        self.office = Line(self.port, ca, self.pki / "authority-musterstadt-jugendamt.pem")
        self.portal = Line(self.port, ca, self.folder / "portal.crt", self.folder / "portal.pem")
        self.auditor = Line(self.port, ca, self.pki / "auditor.pem")

    def _downstream(self):
        """The backend serves bytes and does not ask who signed them."""
        files = self.folder / "downstream"
        (files / "targets").mkdir(parents=True)
        (files / "root.1.jws").write_bytes((self.pki / "downstream-root.jws").read_bytes())
        (files / "manifest.jws").write_text("manifest")
        content = b"what comes down"
        self.target = hashlib.sha256(content).hexdigest()
        (files / "targets" / self.target).write_bytes(content)

    def run(self, program, *arguments):
        done = subprocess.run([self.bin / program, *map(str, arguments)], capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(f"{program} {arguments}: {done.stderr}")
        return done.stdout.strip()

    def invite(self):
        return self.run("freigabe-backend", "invite", "--store", self.store, "--terminal", self.terminal_id, "--site", SITE)

    def receipts(self, answer):
        assert answer.status == 200, (answer.status, answer.body)
        return [verify_set(text, self.pki / "receipts.jwk") for text in answer.json()["receipts"]]

    def plain(self, method, path, port=None):
        connection = http.client.HTTPConnection("127.0.0.1", port or self.plain_port, timeout=30)
        connection.request(method, path)
        response = connection.getresponse()
        return response.status, dict((k.lower(), v) for k, v in response.getheaders()), response.read().decode()

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        """Nothing of it outlives the test; one that failed says what the backend said last."""
        log = self.folder / "backend.log"
        if kind is not None:
            sys.stderr.write(log.read_text(errors="replace")[-2000:] if log.exists() else "the backend never started\n")
        self.close()

    def close(self):
        if self.backend and self.backend.poll() is None:
            self.backend.kill()
            self.backend.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def enrolment(world):
    enrol = lambda code, terminal: world.terminal_line.ask("POST", "/v1/enrolments", terminal.enrolment(code), "application/jose")
    assert world.terminal_line.ask("POST", world.path + "/batches", "{}").problem() == "message-bad"
    code = world.invite()
    assert re.fullmatch(r"[2-9A-HJ-NP-Z]{4}(-[2-9A-HJ-NP-Z]{4}){4}", code), code
    assert enrol("AAAA-AAAA-AAAA-AAAA-AAAA", world.terminal).problem() == "not-allowed"
    assert enrol(code, world.terminal).status == 201
    assert enrol(code, world.terminal).status == 201, "a lost answer costs nothing"
    assert enrol(code, Terminal(world.terminal_id, SITE, world.terminal.views_key)).problem() == "not-allowed", "a code opens once"
    stranger = Terminal(str(uuid.UUID(int=7)), SITE, world.terminal.views_key)
    assert enrol(world.invite(), stranger).problem() == "not-allowed", "the certificate says who asks"
    statuses = [enrol("AAAA-AAAA-AAAA-AAAA-AAAA", world.terminal).status for _ in range(12)]
    assert statuses[0] == 403 and statuses[-1] == 429, statuses
    refused = enrol(code, world.terminal)
    assert refused.problem() == "too-many-attempts" and int(refused.headers["retry-after"]) > 0


def consent(world, days=30):
    today = datetime.datetime.now(datetime.timezone.utc).date()
    return world.terminal.declaration("given", LEYLA, entry={
        "id": "JBA-03", "version": "1.0", "catalogue_version": "1.0.0", "catalogue_hash": b64(bytes(32))}, selection={
            "sources": ["musterstadt-jugendamt"], "recipients": ["musterstadt-agentur"], "categories": ["C07"], "topics": [],
            "from": str(today), "to": str(today + datetime.timedelta(days))})


def batches(world):
    terminal = world.terminal
    declaration = consent(world)
    terminal.append("grant", declaration)
    for _ in range(2):
        receipt, = world.receipts(world.terminal_line.ask("POST", world.path + "/batches", terminal.batch(1, 1)))
        event = receipt["events"][RECEIVED]
        assert receipt["aud"] == world.terminal_id and event["lane"] == "chain" and event["log_size"] == 1, receipt
        record, = event["records"]
        assert unb64(record["leaf"]) == terminal.records[0]["leaf"] and record["log_index"] == 0
        assert unb64(record["jwe_sha256"]) == hashlib.sha256(terminal.records[0]["jwe"].encode()).digest(), "bound to the sealed bytes"
    # The withdrawal runs ahead of a notice-like grant that still waits; then the chain brings both.
    terminal.append("grant", consent(world), observed=1)
    withdrawal = terminal.declaration("withdrawn", LEYLA, targets=[{"subject": True}])
    terminal.append("withdrawal", withdrawal)
    gap = world.terminal_line.ask("POST", world.path + "/batches", terminal.batch(3, 3))
    assert gap.status == 409 and gap.problem() == "gap" and gap.json()["next_seq"] == 2
    ahead, = world.receipts(world.terminal_line.ask("POST", world.path + "/advance", terminal.advance(3)))
    assert ahead["events"][RECEIVED]["lane"] == "advance" and ahead["events"][RECEIVED]["records"][0]["seq"] == 3
    assert world.terminal_line.ask("POST", world.path + "/advance", terminal.advance(2)).problem() == "record-bad"
    chain, = world.receipts(world.terminal_line.ask("POST", world.path + "/batches", terminal.batch(1, 3)))
    assert [record["log_index"] for record in chain["events"][RECEIVED]["records"]] == [0, 2, 1], "one event, one index"
    # The next grant has seen all of that, and lives.
    terminal.append("grant", consent(world), observed=3)
    world.receipts(world.terminal_line.ask("POST", world.path + "/batches", terminal.batch(4, 4)))
    forged = json.loads(terminal.batch(4, 4))
    forged["records"][0]["jwe"] += "A"
    assert world.terminal_line.ask("POST", world.path + "/batches", json.dumps(forged)).problem() == "record-bad"
    forged = json.loads(terminal.batch(4, 4))
    forged["head"] = terminal.head(3)
    assert world.terminal_line.ask("POST", world.path + "/batches", json.dumps(forged)).problem() == "record-bad"
    return declaration, withdrawal


def desk(world, declaration, withdrawal):
    items = world.agency.ask("GET", "/v1/inbox").json()["items"]
    states = sorted(item["state"] for item in items)
    assert states == ["usable", "withdrawn", "withdrawn"], states
    assert all(item["person"]["family_name"] == "Demir" for item in items)
    path = f"/v1/inbox/{declaration['id']}/assignment"
    assert world.agency.ask("POST", path, '{"file_number":"4711"}').status == 200
    assert world.agency.ask("POST", path, '{"file_number":"4712"}').problem() == "already-assigned"
    answer = world.agency.ask("GET", "/v1/usable?file_number=4711&entry=JBA-03").json()
    assert answer["may_use"] is True, answer
    proof = verify_set(answer["proof"], world.pki / "receipts.jwk")
    assert proof["events"][RECEIVED]["records"][0]["seq"] == 4
    assert world.office.ask("GET", "/v1/usable?file_number=4711&entry=JBA-03").json()["may_use"] is False
    assert world.agency.ask("POST", f"/v1/declarations/{declaration['id']}/applied", '{"state":"applied"}').status == 200
    events = world.terminal_line.ask("GET", world.path + "/events?after=0").json()
    told = [verify_set(event["set"], world.pki / "receipts.jwk")["events"][APPLIED] for event in events["events"]]
    assert any(event["declaration"] == withdrawal["id"] and event["state"] == "applied" for event in told), told
    assert world.terminal_line.ask("GET", f"{world.path}/events?after={events['next']}").json()["events"] == []
    scopes = world.terminal.scopes(declaration)
    releases = world.auditor.ask("GET", f"/v1/subjects/{scopes[17:49].hex()}/releases").json()
    assert releases["alive"] == 1 and len(releases["releases"]) == 3, releases


def wrong_requests(world):
    line, path = world.terminal_line, world.path
    rows = [
        (line, "GET", path + "/batches", None, 405, "method-not-allowed"),
        (line, "DELETE", path + "/batches", None, 405, "method-not-allowed"),
        (line, "PUT", path + "/events", "{}", 405, "method-not-allowed"),
        (line, "POST", "/healthz", "{}", 405, "method-not-allowed"),
        (world.agency, "POST", "/v1/inbox", "{}", 405, "method-not-allowed"),
        (world.agency, "PATCH", "/agency/", "{}", 405, "method-not-allowed"),
        (line, "POST", path + "/nowhere", "{}", 404, "not-found"),
        (line, "GET", "/", None, 404, "not-found"),
        (line, "GET", f"/v1/terminals/{uuid.UUID(int=7)}/events", None, 403, "not-allowed"),
        (line, "GET", "/v1/inbox", None, 403, "not-allowed"),
        (line, "GET", path + "/events?after=-1", None, 400, "message-bad"),
        (line, "GET", path + "/events?after=1&after=2", None, 400, "message-bad"),
        (line, "POST", path + "/batches", "[" * 100_000, 400, "message-bad"),
        (line, "POST", path + "/batches", '{"terminal":1,"terminal":2}', 400, "message-bad"),
        (line, "POST", path + "/batches", " " * ((4 << 20) + 1), 413, "too-large"),
        (line, "POST", path + "/batches", " " * ((8 << 20) + 1), 413, "request"),
        (line, "GET", "/" + "x" * 20_000, None, 431, "request"),
    ]
    for who, method, target, body, status, word in rows:
        answer = who.ask(method, target, body)
        assert (answer.status, answer.problem()) == (status, word), (method, target[:60], answer.status, answer.body)
        assert (status == 405) == ("allow" in answer.headers), answer.headers
    typed = line.ask("POST", path + "/batches", "a=b", "application/x-www-form-urlencoded")
    assert (typed.status, typed.problem()) == (415, "media-type"), typed.body
    smuggled = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
    start = f"POST {path}/batches HTTP/1.1\r\nHost: localhost\r\n".encode()
    for data, status in [
            (b"\x16\x03\x01 nonsense\r\n\r\n", 400), (b"GET /healthz\r\n\r\n", 400), (b"GET /healthz HTTP/1.0\r\nHost: a\r\n\r\n", 505),
            (b"GET /healthz HTTP/1.1\nHost: a\n\n", 400), (b"GET /healthz HTTP/1.1\r\n\r\n", 400),
            (b"BREW /healthz HTTP/1.1\r\nHost: a\r\n\r\n", 501),
            (start + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + smuggled, 400),
            (start + b"Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcd" + smuggled, 400),
            (start + b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n" + smuggled, 400),
            (start + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + smuggled, 501),
            (start + b"\r\n" + smuggled, 411), (b"GET /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nabcde", 400)]:
        answer = line.raw(data)
        assert answer.startswith(f"HTTP/1.1 {status} ".encode()), (data[:80], answer[:200])
        assert answer.count(b"HTTP/1.1 ") == 1, "nothing behind a refused request is read"
        assert b"application/problem+json" in answer
    waiting = start + b"Content-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"
    assert b"HTTP/1.1 400 " in line.raw(waiting), "a client that asks first is served"


def metrics(world):
    status, headers, text = world.plain("GET", "/metrics", world.metrics_port)
    assert status == 200 and headers["content-type"] == "application/openmetrics-text; version=1.0.0; charset=utf-8"
    samples = dict(re.findall(r"^(freigabe_\w+) (\S+)$", text, re.MULTILINE))
    assert samples["freigabe_log_size"] == "4" and samples["freigabe_terminals"] == "1", samples
    for port, paths in ((world.plain_port, {"/healthz": 200, "/metrics": 404, "/v1/inbox": 404}),
                        (world.metrics_port, {"/healthz": 200, "/check/": 404, "/v1/inbox": 404})):
        for path, wanted in paths.items():
            assert world.plain("GET", path, port)[0] == wanted, path
    assert world.plain("POST", "/healthz")[0] == 405


def stop(world):
    """SIGTERM while a request is half sent: it is finished, then the program ends."""
    import socket
    body = world.terminal.batch(4, 4).encode()
    head = f"POST {world.path}/batches HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    with socket.create_connection(("localhost", world.port), 30) as plain, \
            world.terminal_line.context.wrap_socket(plain, server_hostname="localhost") as tls:
        tls.sendall(head.encode() + body[:100])
        time.sleep(0.5)
        world.backend.send_signal(signal.SIGTERM)
        time.sleep(0.5)
        tls.sendall(body[100:])
        assert tls.recv(100).startswith(b"HTTP/1.1 200 ")
    assert world.backend.wait(20) == 0
    for line in (world.folder / "backend.log").read_text().splitlines():
        assert "Demir" not in line and "4711" not in line, line


def main():
    with World(sys.argv[1]) as world:
        world.start()
        enrolment(world)
        declaration, withdrawal = batches(world)
        desk(world, declaration, withdrawal)
        exchange(world, declaration)
        insight(world, declaration)
        wrong_requests(world)
        metrics(world)
        stop(world)
    print("stranger_test: ok")


if __name__ == "__main__":
    main()
