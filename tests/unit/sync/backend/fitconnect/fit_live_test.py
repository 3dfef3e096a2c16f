#!/usr/bin/python3
# SPDX-License-Identifier: EUPL-1.2
"""The running backend and a FIT-Connect on this machine, over TLS with an RSA certificate as the public web has them. The other side is
jwcrypto on OpenSSL. usage: fit_live_test.py <folder of programs>"""
import hashlib
import http.server
import json
import pathlib
import ssl
import subprocess
import sys
import threading
import urllib.parse
import uuid

from jwcrypto import jwe, jwk, jws

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from stranger import verify_set, wait_for  # noqa: E402
from stranger_test import LEYLA, World, consent  # noqa: E402

AUTHORITY = "musterstadt-agentur"
DESTINATION = "6f1d2c0e-52a5-4d5e-8f0a-3b3c0d9a1e77"
EVENTS = "https://schema.fitko.de/fit-connect/events/"


class Delivery:
    """Keys, submissions and their event logs; the recipient takes everything at once and says so."""

    def __init__(self, folder):
        self.wrong, self.data, self.submissions, self.logs = [], [], {}, {}
        self.seal = jwk.JWK.generate(kty="RSA", size=4096, kid="seal-1", alg="RSA-OAEP-256", key_ops=["wrapKey"])
        self.open = jwk.JWK(**{**json.loads(self.seal.export()), "key_ops": ["unwrapKey"]})
        self.sign = jwk.JWK.generate(kty="RSA", size=4096, kid="sign-1", alg="PS512", key_ops=["sign"])
        self.check = {**json.loads(self.sign.export_public()), "key_ops": ["verify"]}
        owner = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def serve(self):
                size = int(self.headers.get("content-length") or 0)
                status, answer = owner.answer(self.command, self.path, self.headers, self.rfile.read(size).decode())
                reply = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(reply)))
                self.end_headers()
                self.wfile.write(reply)

            do_GET = do_POST = do_PUT = serve

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        key, self.ca = folder / "fit.key", folder / "fit.crt"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:3072", "-nodes", "-keyout", key, "-out", self.ca, "-days", "2", "-subj",
                        "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"], check=True, capture_output=True)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.ca, key)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def answer(self, method, path, headers, body):
        if path == "/token":
            form = urllib.parse.parse_qs(body, strict_parsing=True)
            good = form == {"grant_type": ["client_credentials"], "client_id": ["freigabe"], "client_secret": ["geheim & lang"]}
            return (200, {"access_token": "t-1", "token_type": "Bearer", "expires_in": 1800}) if good else self.refuse(401, "token")
        if headers.get("authorization") != "Bearer t-1":
            return self.refuse(401, "authorization")
        parts = path.partition("?")[0].strip("/").split("/")
        if method == "GET" and parts == ["v2", "destinations", DESTINATION]:
            return 200, {"destinationId": DESTINATION, "status": "active", "encryptionKid": "seal-1"}
        if method == "GET" and parts[:4] == ["v2", "destinations", DESTINATION, "keys"]:
            return 200, {"seal-1": json.loads(self.seal.export_public()), "sign-1": self.check}[parts[4]]
        if method == "POST" and parts == ["v2", "submissions"]:
            wish = json.loads(body)
            if wish["destinationId"] != DESTINATION or wish["announcedAttachments"] != [] or not wish["publicService"]["identifier"]:
                return self.refuse(422, "announcement")
            made = {"submissionId": str(uuid.uuid4()), "caseId": str(uuid.uuid4())}
            self.submissions[made["submissionId"]] = made["caseId"]
            self.logs[made["caseId"]] = []
            return 201, made
        if method == "PUT" and parts[:2] == ["v2", "submissions"]:
            return self.take(parts[2], json.loads(body))
        if method == "GET" and parts[:2] == ["v2", "cases"] and parts[3:] == ["events"]:
            log = self.logs[parts[2]]
            return 200, {"count": len(log), "offset": 0, "totalCount": len(log), "eventLog": log}
        return self.refuse(404, path)

    def take(self, submission, body):
        texts = {}
        for name in ("encryptedMetadata", "encryptedData"):
            message = jwe.JWE()
            message.deserialize(body[name], key=self.open)
            if message.jose_header["enc"] != "A256GCM" or message.jose_header["cty"] != "application/json":
                return self.refuse(422, "jose header")
            texts[name] = message.payload
        about = json.loads(texts["encryptedMetadata"])["contentStructure"]["data"]
        if about["hash"] != {"type": "sha512", "content": hashlib.sha512(texts["encryptedData"]).hexdigest()}:
            return self.refuse(422, "hash")
        self.data.append(json.loads(texts["encryptedData"]))
        case = self.submissions[submission]
        tags = {"metadata": body["encryptedMetadata"].split(".")[4], "data": body["encryptedData"].split(".")[4]}
        claims = {"jti": str(uuid.uuid4()), "iss": DESTINATION, "iat": 1, "sub": f"submission:{submission}", "txn": f"case:{case}",
                  "events": {EVENTS + "accept-submission": {"authenticationTags": tags}}}
        token = jws.JWS(json.dumps(claims).encode())
        token.add_signature(self.sign, alg="PS512", protected=json.dumps({"typ": "secevent+jwt", "kid": "sign-1", "alg": "PS512"}))
        self.logs[case].append(token.serialize(compact=True))
        return 200, {}

    def refuse(self, status, what):
        self.wrong.append(what)
        return status, {"title": what}


def main():
    with World(sys.argv[1]) as world:
        world.prepare()
        delivery = Delivery(world.folder)
        account = world.folder / "fitconnect.json"
        account.write_text(json.dumps({
            "schema": "freigabe-fitconnect-1", "api": f"https://localhost:{delivery.port}", "token": f"https://localhost:{delivery.port}",
            "token_path": "/token", "client_id": "freigabe", "client_secret": "geheim & lang",
            "service": {"name": "Freigabe", "identifier": "urn:de:fim:leika:leistung:99000000000000"},
            "data_schema": "urn:freigabe:schema:change-1", "destinations": {AUTHORITY: DESTINATION}, "look_s": 0}))
        account.chmod(0o600)
        world.more_options = ["--fitconnect", account, "--fitconnect-ca", delivery.ca]
        world.launch()
        assert world.terminal_line.ask("POST", "/v1/enrolments", world.terminal.enrolment(world.invite()),
                                       "application/jose").status == 201
        declaration = consent(world)
        world.terminal.append("grant", declaration)
        world.terminal.append("withdrawal", world.terminal.declaration("withdrawn", LEYLA, targets=[{"declaration": declaration["id"]}]))
        assert world.terminal_line.ask("POST", world.path + "/batches", world.terminal.batch(1, 2)).status == 200
        wait_for(lambda: len(delivery.data) == 2, "two submissions", 60)
        assert not delivery.wrong, delivery.wrong
        assert [item["n"] for item in delivery.data] == [1, 2]
        for item, kind in zip(delivery.data, ("received", "withdrawn")):
            change = verify_set(item["change"], world.pki / "receipts.jwk")
            assert change["aud"] == AUTHORITY and change["events"]["urn:freigabe:event:change"]["kind"] == kind, change
            assert item["$schema"] == "urn:freigabe:schema:change-1"
            assert item["item"]["person"]["family_name"] == LEYLA["family_name"], item

        def acknowledged():
            page = world.terminal_line.ask("GET", world.path + "/events").json()
            told = [verify_set(event["set"], world.pki / "receipts.jwk")["events"] for event in page["events"]]
            return any(event.get("urn:freigabe:event:applied", {}).get("state") == "acknowledged" for event in told)

        wait_for(acknowledged, "the terminal to be told of the recipient's word", 60)
    print("fit_live_test: ok")


if __name__ == "__main__":
    main()
