#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""The running backend, spoken to by people who mean harm: smuggling, floods, slow senders, JSON that is none, other people's ids,
certificates that are not quite right, SQL and log lines in every field. After each part a good client must be served as before.
usage: http_abuse_test.py <folder of programs>"""
import contextlib
import json
import pathlib
import re
import socket
import ssl
import subprocess
import sys
import threading
import time
import uuid

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "unit/sync/backend")]

import abuse_tables as tables  # noqa: E402
from raw_http import Drip, Raw  # noqa: E402
from stranger import Line, Terminal  # noqa: E402
from stranger_test import LEYLA, World, consent  # noqa: E402

# Every connection may hold one body (8 MB) while it comes; the worst of this test are a dozen of 4 MB, and JSON values around one.
PEAK_KB_MAX = 512 << 10
CANARY = "Zaphod-Q7"  # in every hostile text: no log may have it


def expect(condition, what):
    if not condition:
        raise RuntimeError("not so: " + what)


class Abuse(World):
    def start(self):
        super().start()
        self.enrol(self.terminal, self.terminal_line)
        self.terminal_door = Raw(self.port, self.terminal_line.context)
        self.agency_door = Raw(self.port, self.agency.context)
        self.plain_door = Raw(self.plain_port)

    def enrol(self, terminal, line):
        code = self.run("freigabe-backend", "invite", "--db", self.folder / "backend.db", "--terminal", terminal.id, "--site", terminal.site)
        answer = line.ask("POST", "/v1/enrolments", terminal.enrolment(code), "application/jose")
        expect(answer.status == 201, f"enrolled: {answer.body}")

    def certificate(self, role, ident, *more):
        """A certificate of the site's CA by freigabectl; returns a line."""
        stem = self.pki / f"made-{uuid.uuid4().hex[:8]}"
        self.run("freigabectl", "pki", "key", "--curve", "P-256", "--out", f"{stem}.key")
        self.run("freigabectl", "pki", "tls-cert", "--ca-name", "Freigabe TLS CA", "--signer", self.pki / "tls-ca.key", "--role", role, "--id", ident,
                 "--key", f"{stem}.key", "--out", stem, *more)
        pem = subprocess.run(["openssl", "pkey", "-inform", "DER", "-in", f"{stem}.key"], capture_output=True, text=True, check=True).stdout
        pathlib.Path(f"{stem}.pem").write_text(pathlib.Path(f"{stem}.crt").read_text() + pem)
        return Line(self.port, self.pki / "tls-ca.crt", f"{stem}.pem")

    def log_size(self):
        return json.loads(self.auditor.ask("GET", "/healthz").body)["log_size"]

    def good(self):
        """A client that behaves is served, and the state is what it was."""
        expect(self.auditor.ask("GET", "/healthz").status == 200, "a good client is served")
        expect(self.backend.poll() is None, "the backend lives")


def misread(door, row, parts):
    """What is wrong with the answers to one row; nothing = as it must be."""
    name, data, status, answers = row
    reply = door.say(data, parts)
    if reply.statuses[:1] != [status] or len(reply.responses) != answers or reply.rest:
        return f"{name} in {parts} parts: {status} x {answers}, not {reply.statuses} {reply.data[:200]}"
    if status >= 400 and answers == 1 and not reply.ended:
        return f"{name}: the connection ends behind a refused request"
    return None


def framing(world):
    """Every way to make two readers disagree about where a request ends: refused, one answer, and nothing behind it is read."""
    for row in tables.framing(world.path):
        for parts in (1, 7):
            wrong = misread(world.terminal_door, row, parts)
            expect(not wrong, wrong)
    for name, data, status in tables.plain_framing():
        reply = world.plain_door.say(data)
        expect(reply.statuses == [status], f"plain listener, {name}: {status}, not {reply.statuses}")


def canary(world):
    """The same table against Python's own server, which is lenient: it must be seen to be."""
    import http.server

    class Lenient(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            self.rfile.read(int(self.headers.get("Content-Length") or 0) if self.command == "POST" else 0)
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_POST = do_HEAD = do_GET

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Lenient)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    rows = {row[0]: row for row in tables.framing(world.path)}
    for name in ("a bare LF", "two equal lengths", "TE.CL", "GET with a body", "two hosts", "a folded line"):
        expect(misread(Raw(server.server_port), rows[name], 1), f"a lenient server is seen to be lenient: {name}")
    expect(not misread(Raw(server.server_port), rows["two requests in a row"], 1), "and to answer good requests")
    server.shutdown()
    server.server_close()


def json_bodies(world):
    for name, body, status, word in tables.json_bodies():
        for who, path, kind in ((world.terminal_line, world.path + "/batches", "batch"), (world.terminal_line, world.path + "/advance", "advance")):
            answer = who.ask("POST", path, body)
            expect((answer.status, answer.problem()) == (status, word), f"{name} as {kind}: {status} {word}, not {answer.status} {answer.body[:200]}")
    ident = world.declaration["id"]
    for name, body, statuses in tables.file_numbers(CANARY):
        answer = world.agency.ask("POST", f"/v1/inbox/{ident}/assignment", body)
        expect(answer.status in statuses, f"file number {name}: {statuses}, not {answer.status} {answer.body[:200]}")
        if answer.status == 200:
            expect(answer.json()["file_number"] == json.loads(body)["file_number"], f"file number {name} comes back as it went")
            break  # assigned: from here on only this one
    for name, body, statuses in tables.applied_bodies(CANARY):
        answer = world.agency.ask("POST", f"/v1/declarations/{ident}/applied", body)
        expect(answer.status in statuses, f"state {name}: {statuses}, not {answer.status} {answer.body[:200]}")


def injections(world):
    """SQL, log lines, format strings and paths, wherever a text can go."""
    before = world.log_size()
    for text in tables.texts(CANARY):
        for who, method, target, statuses in tables.places(text, world.declaration["id"], world.terminal_id):
            answer = getattr(world, who).ask(method, target, "{}" if method == "POST" else None)
            expect(answer.status in statuses, f"{method} {target!r}: {statuses}, not {answer.status} {answer.body[:200]}")
            expect(CANARY.encode() not in answer.body, f"{target!r} is not repeated in the answer")
    # In what a terminal declares: sealed, opened by the views, shown to the case worker as it is.
    for text in tables.texts(CANARY):
        person = {**LEYLA, "family_name": text[:100] if text.isprintable() else CANARY, "pseudonym": uuid.uuid4().bytes * 2}
        day = world.declaration["selection"]["from"]
        record = world.terminal.declaration("given", person, entry=world.declaration["entry"], selection={**world.declaration["selection"], "from": day})
        seq = world.terminal.append("grant", record)
        expect(world.terminal_line.ask("POST", world.path + "/batches", world.terminal.batch(seq, seq)).status == 200, f"{text!r} is a name like any other")
        before += 1
    names = [item["person"]["family_name"] for item in world.agency.ask("GET", "/v1/inbox").json()["items"] if item.get("person")]
    expect(any("DROP TABLE" in name for name in names), f"the case worker sees what was declared: {names}")
    expect(world.log_size() == before, "nothing was added to or taken from the log")
    # Whoever runs the backend types these.
    for text in tables.texts(CANARY):
        if "\0" not in text:
            subprocess.run([world.bin / "freigabe-backend", "invite", "--db", world.folder / "backend.db", "--terminal", str(uuid.uuid4()), "--site", text],
                           capture_output=True)


def identities(world):
    """Whose certificate it is decides, whatever path and body say."""
    other = Terminal(str(uuid.uuid4()), "Nachbarstadt", world.pki / "views.jwk")
    line = world.certificate("terminal", str(other.id))
    world.enrol(other, line)
    seq = world.terminal.append("grant", consent(world))
    body = world.terminal.batch(seq, seq)
    for path in (world.path, f"/v1/terminals/{other.id}"):
        answer = line.ask("POST", path + "/batches", body)
        expect(answer.status == 403, f"another terminal's batch at {path}: {answer.status}")
    expect(line.ask("GET", world.path + "/events").status == 403, "another terminal's events")
    expect(line.ask("POST", world.path + "/advance", "{}").status == 403, "another terminal's advance copies")
    stolen = world.terminal.enrolment("AAAA-AAAA-AAAA-AAAA-AAAA")
    expect(line.ask("POST", "/v1/enrolments", stolen, "application/jose").status == 403, "another terminal's enrolment")
    # The same head under the right path is taken once, and a replay of the very bytes changes nothing.
    before = world.log_size()
    first, again = (world.terminal_line.ask("POST", world.path + "/batches", body) for _ in range(2))
    expect((first.status, again.status, world.log_size()) == (200, 200, before + 1), "a replayed request is one record")
    expect(other.append("grant", consent(world)) == 1, "")
    mixed = json.loads(other.batch(1, 1))
    mixed["terminal"] = world.terminal_id
    expect(world.terminal_line.ask("POST", world.path + "/batches", json.dumps(mixed)).status == 400, "another terminal's record under my name")


def certificates(world):
    """What the handshake lets in."""
    ca, key = world.folder / "ca.pem", world.folder / "ca.key.pem"
    ca.write_bytes((world.pki / "tls-ca.crt").read_bytes())
    subprocess.run(["openssl", "pkey", "-inform", "DER", "-in", world.pki / "tls-ca.key", "-out", key], check=True)
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", world.folder / "foreign.key", "-out",
                    world.folder / "foreign.pem", "-subj", "/CN=Freigabe TLS CA/O=Freigabe/C=DE", "-days", "2"], check=True, capture_output=True)
    for name, subject, options, signer, outcome in tables.certificates():
        stem = world.folder / f"cert-{name.replace(' ', '-')}"
        issuer, issuer_key = (ca, key) if signer == "ours" else (world.folder / "foreign.pem", world.folder / "foreign.key")
        if signer == "self":
            issuer = None
        algorithm = options.get("key", ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"])
        command = ["openssl", "req", *algorithm, "-nodes", "-keyout", f"{stem}.key", "-subj", subject, "-utf8", "-multivalue-rdn"]
        extension = options.get("extension", "extendedKeyUsage=clientAuth")
        if issuer:
            subprocess.run([*command, "-out", f"{stem}.csr"], check=True, capture_output=True)
            pathlib.Path(f"{stem}.ext").write_text(extension + "\n")
            clock = ["faketime", "-f", options["when"]] if "when" in options else []
            made = subprocess.run([*clock, "openssl", "x509", "-req", "-in", f"{stem}.csr", "-CA", issuer, "-CAkey", issuer_key,
                                   "-CAcreateserial", "-CAserial", f"{stem}.srl", "-days", "2", options.get("digest", "-sha256"), "-extfile", f"{stem}.ext",
                                   "-out", f"{stem}.crt"], capture_output=True, text=True)
        else:
            made = subprocess.run([*command, "-x509", "-days", "2", "-out", f"{stem}.crt"], capture_output=True, text=True)
        expect(made.returncode == 0, f"{name} was made: {made.stderr}")
        try:
            line = Line(world.port, world.pki / "tls-ca.crt", f"{stem}.crt", f"{stem}.key")
            line.context.set_ciphers("ALL:@SECLEVEL=0")
            got = line.ask("GET", "/v1/log/checkpoint").status
        except (ssl.SSLError, ConnectionError):
            got = "refused"
        expect(got == outcome or (outcome == 403 and got == "refused"), f"certificate {name}: {outcome}, not {got}")


def still_open(line):
    """True if the server has neither answered nor ended."""
    line.setblocking(False)
    try:
        line.recv(1)
        return False
    except BlockingIOError:
        return True
    except OSError:
        return False


def floods(world):
    """More connections than the server has places, all of them slow: silent, half a head, half a body, a handshake that stops."""
    lines, start = [], f"POST {world.path}/batches HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 4000000\r\n\r\n".encode()
    try:
        for n in range(300):
            port, half = ((world.port, b"\x16\x03\x01\x02\x00\x01\x00") if n % 2 else (world.plain_port, b"GET /healthz HT"))
            lines.append(socket.create_connection(("localhost", port), 30))
            with contextlib.suppress(OSError):  # one that was turned away at once
                lines[-1].sendall(half)
        world.good()
        # Not after they were put out, but beside them.
        held = sum(still_open(line) for line in lines)
        expect(held >= 32, f"the slow ones still held places when the good one was served: {held}")
        for _ in range(6):
            slow = world.terminal_door.open()
            slow.sendall(start + b"[" * 1000)
            lines.append(slow)
        world.good()
        expect(world.plain("GET", "/healthz")[0] == 200, "the plain listener serves")
    finally:
        for line in lines:
            line.close()
    # Many at once that do it right.
    wrong = []

    def ask():
        if world.auditor.ask("GET", "/healthz").status != 200:
            wrong.append(1)

    threads = [threading.Thread(target=ask) for _ in range(60)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    expect(not wrong, f"{len(wrong)} of 60 honest clients at once were not served")


def drips(world):
    """Slow senders that began with the test; all the rest of it was served beside them."""
    head = Drip(world.terminal_door, b"GET /healthz HTTP/1.1\r\nHost: a\r\nX-Slow: aaaa")
    return {"half a head": head, "half a head, plain": Drip(world.plain_door, head.data), "a handshake": Drip(world.terminal_door, b"\x16\x03\x01\x02\x00\x01", False)}


def put_out(world, slow):
    """Each has its deadline; nobody holds a place for good."""
    for name, drip in slow.items():
        drip.join(60)
        expect(not drip.is_alive(), f"{name}, a byte at a time, is ended")
        expect(drip.sent > 5, f"{name} was let begin: {drip.sent} bytes")
    peak = int(re.search(r"VmHWM:\s+(\d+) kB", pathlib.Path(f"/proc/{world.backend.pid}/status").read_text())[1])
    expect(peak < PEAK_KB_MAX, f"what was sent is not kept: {peak} kB at most")


def logs(world):
    """One line an event, and nothing of what anybody sent."""
    world.backend.terminate()
    world.backend.wait(30)
    text = (world.folder / "backend.log").read_bytes()
    expect(CANARY.encode() not in text and b"Demir" not in text, "no text from outside is in the log")
    for line in text.decode("ascii").splitlines():
        expect(re.fullmatch(r"""[a-z_]+( [a-z0-9_]+=([\w.,:/+()'*-]*|"[\w .,:/+()'*-]*"))*""", line), f"a log line is an event and its fields: {line!r}")


def main():
    with Abuse(sys.argv[1]) as world:
        world.start()
        world.declaration = consent(world)
        world.terminal.append("grant", world.declaration)
        expect(world.terminal_line.ask("POST", world.path + "/batches", world.terminal.batch(1, 1)).status == 200, "a first record")
        slow = drips(world)
        for drip in slow.values():
            drip.start()
        for step in (framing, canary, json_bodies, injections, identities, certificates, floods):
            began = time.monotonic()
            step(world)
            world.good()
            print(f"{step.__name__}: as it must be ({time.monotonic() - began:.1f} s)", flush=True)
        put_out(world, slow)
        logs(world)
    print("http_abuse_test: ok")


if __name__ == "__main__":
    main()
