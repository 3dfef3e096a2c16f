#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Webhooks of the running backend against a receiver that fails, cuts, redirects, answers late and says no: every urgent change
arrives, in order, at least once, also over SIGKILL. usage: webhook_test.py <folder of programs>"""
import http.server
import json
import re
import ssl
import subprocess
import sys
import threading
import time

from stranger import verify_set, wait_for
from stranger_test import LEYLA, World, consent

CHANGE = "urn:freigabe:event:change"
AUTHORITY = "musterstadt-agentur"


# A yes as foreign servers say it: all are answers by RFC 9110 and 9112, and the status alone counts.
FORMS = {
    "no_length": "HTTP/1.1 202 Accepted\r\n\r\n",  # and the connection stays open
    "no_length_close": "HTTP/1.1 202 Accepted\r\nConnection: close\r\n\r\n",
    "no_content": "HTTP/1.1 204 No Content\r\n\r\n",
    "one_zero": "HTTP/1.0 202 Accepted\r\nServer: old\r\n\r\nthanks",
    "interim": "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n",
    "umlaut": "HTTP/1.1 202 Accepted\r\nX-Server: M\u00fcller\r\nContent-Length: 0\r\n\r\n",
    "cut_body": "HTTP/1.1 202 Accepted\r\nConnection: close\r\nContent-Length: 9\r\n\r\nth",
}


class Receiver:
    """Answers as the script says, one word a request, and 202 when the script is over."""

    def __init__(self, pki, folder):
        self.script, self.taken, self.seen, self.wrong = [], [], [], []
        self.held = threading.Event()
        owner = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"])).decode()
                owner.answer(self, body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        key = folder / "receiver.pem"
        subprocess.run(["openssl", "pkey", "-inform", "DER", "-in", pki / "backend.key", "-out", key], check=True)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(pki / "backend.crt", key)
        context.load_verify_locations(pki / "tls-ca.crt")
        context.verify_mode = ssl.CERT_REQUIRED
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def answer(self, request, body):
        units = [value for part in request.connection.getpeercert()["subject"] for name, value in part
                 if name == "organizationalUnitName"]
        if (request.path, request.headers["content-type"], units) != ("/set/events", "application/secevent+jwt", ["backend"]):
            self.wrong.append((request.path, dict(request.headers), units))
        word = self.script.pop(0) if self.script else "take"
        self.seen.append(word)
        if word == "hold":
            self.held.set()
            time.sleep(30)
            return
        if word in ("take", "late", "lose") or word in FORMS:
            self.taken.append(body)
        if word in FORMS:
            request.wfile.write(FORMS[word].encode())
            request.close_connection = "close" in word or word in ("one_zero", "cut_body")
            return
        if word == "late":
            time.sleep(1.5)
        if word in ("cut", "lose"):
            request.connection.close()
            request.close_connection = True
            return
        status = {"busy": 503, "moved": 307, "wrong": 400}.get(word, 202)
        request.send_response(status)
        if word == "busy":
            request.send_header("Retry-After", "1")
        if word == "moved":
            request.send_header("Location", f"https://localhost:{self.port}/elsewhere")
        reply = b'{"err":"invalid_request","description":"no"}' if word == "wrong" else b""
        request.send_header("Content-Length", str(len(reply)))
        request.end_headers()
        request.wfile.write(reply)


def take_back(world, count):
    """So many releases and their withdrawals, handed in at once; returns the ids of the released in order."""
    terminal = world.terminal
    first, given = len(terminal.records) + 1, []
    for _ in range(count):
        given.append(consent(world))
        terminal.append("grant", given[-1])
    for declaration in given:
        terminal.append("withdrawal", terminal.declaration("withdrawn", LEYLA, targets=[{"declaration": declaration["id"]}]))
    answer = world.terminal_line.ask("POST", world.path + "/batches", terminal.batch(first, len(terminal.records)))
    assert answer.status == 200, answer.body
    return [declaration["id"] for declaration in given]


def metrics(world):
    """What an operator sees of it."""
    _, _, text = world.plain("GET", "/metrics", world.metrics_port)
    return {name: float(number) for name, number in re.findall(r"(?m)^(freigabe_webhook\w+) (\S+)$", text)}


def events(world, tokens):
    out = []
    for token in tokens:
        payload = verify_set(token, world.pki / "receipts.jwk")
        assert payload["aud"] == AUTHORITY and payload["jti"], payload
        out.append((payload["jti"], payload["events"][CHANGE]))
    return out


def arrived(world, receiver, ids):
    """Waits until all are there; then: nothing lost, nothing else, in order, and a repeated one is the same token."""
    wait_for(lambda: len(set(receiver.taken)) >= len(ids), f"{len(ids)} tokens, got {receiver.seen}", 60)
    told = events(world, receiver.taken)
    once = list(dict.fromkeys(jti for jti, _ in told))
    by_jti = dict(told)
    assert [by_jti[jti]["declaration"] for jti in once] == ids, "each withdrawal, in order, and no release"
    assert all(event["kind"] == "withdrawn" for _, event in told)
    numbers = [event["n"] for _, event in told]
    assert numbers == sorted(numbers), numbers
    assert not receiver.wrong, receiver.wrong
    receiver.taken.clear()


def main():
    with World(sys.argv[1]) as world:
        world.prepare()
        receiver = Receiver(world.pki, world.folder)
        secrets = world.pki / "authority-secrets.json"
        directory = json.loads(secrets.read_text())
        directory[AUTHORITY]["webhook"] = {"url": f"https://localhost:{receiver.port}/set/events"}
        secrets.write_text(json.dumps(directory))
        try:
            world.launch()
            raise AssertionError("a webhook on this machine is refused unless it is said to be a test")
        except RuntimeError:
            assert world.backend.wait(10) == 1
        directory[AUTHORITY]["webhook"]["loopback"] = True
        secrets.write_text(json.dumps(directory))
        world.launch()
        assert world.terminal_line.ask("POST", "/v1/enrolments", world.terminal.enrolment(world.invite()),
                                       "application/jose").status == 201
        receiver.script = ["take", "busy", "take", "cut", "lose", "take", "late", "moved"]
        ids = take_back(world, 6)
        arrived(world, receiver, ids)
        assert len(receiver.seen) == 10 and "/elsewhere" not in str(receiver.wrong), receiver.seen
        told = metrics(world)
        # A connection that was cut is tried once more by the client itself: with the lost answer one attempt.
        assert told["freigabe_webhooks_sent_total"] == 6 and told["freigabe_webhooks_failed_total"] == 3, told
        assert told["freigabe_webhooks_waiting"] == 0 and told["freigabe_webhook_oldest_age_seconds"] == 0, told
        # Every form of a yes is one, at the first try.
        receiver.script, receiver.seen = list(FORMS), []
        arrived(world, receiver, take_back(world, len(FORMS)))
        assert receiver.seen == list(FORMS), receiver.seen
        told = metrics(world)
        assert told["freigabe_webhooks_sent_total"] == 6 + len(FORMS) and told["freigabe_webhooks_failed_total"] == 3, told
        # Killed while a delivery hangs: the next process goes on with that one.
        receiver.script = ["take", "hold"]
        ids = take_back(world, 3)
        assert receiver.held.wait(30)
        assert metrics(world)["freigabe_webhooks_waiting"] == 2
        world.backend.kill()
        world.backend.wait()
        world.launch()
        arrived(world, receiver, ids)
        numbers = [change["n"] for change in world.agency.ask("GET", "/v1/changes").json()["changes"]]
        assert numbers == list(range(1, 19 + 2 * len(FORMS))), numbers
    print("webhook_test: ok")


if __name__ == "__main__":
    main()
