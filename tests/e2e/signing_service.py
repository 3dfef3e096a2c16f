# SPDX-License-Identifier: EUPL-1.2
"""A site's eID service as the terminal needs it: holds the terminal's key and signs. Built on Python's TLS and the openssl program, so that it
shares no code with what it judges. The interface is that of sync/transport/signing_service.hpp. `mode` makes it wrong on purpose."""
import base64
import contextlib
import http.server
import json
import socket
import ssl
import subprocess
import threading

COORDINATE = 32  # bytes, brainpoolP256r1


def b64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def from_b64url(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def plain_signature(der):
    """SEQUENCE { INTEGER r, INTEGER s } as r || s (TR-03111 5.2)."""
    at, numbers = 2, []
    for _ in range(2):
        size = der[at + 1]
        numbers.append(int.from_bytes(der[at + 2:at + 2 + size], "big"))
        at += 2 + size
    return b"".join(number.to_bytes(COORDINATE, "big") for number in numbers)


class SigningService:
    """Serves on `port` (0: any). Mutual TLS: only certificates of `ca` are let in."""

    def __init__(self, ca, certificate, tls_key, signing_key, wrong_key, certificates, holder):
        self.certificates = certificates
        self.holder = holder
        self.keys = {"right": signing_key, "wrong-key": wrong_key}
        self.mode = "right"
        self.signed = []
        self.lines = []
        self.looked = 0  # how often somebody asked for the certificates
        self.looked_at_silence = 0
        self.released = threading.Event()
        self.tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=ca)
        self.tls.verify_mode = ssl.CERT_REQUIRED
        self.tls.load_cert_chain(certificate, tls_key)
        self.server = None
        self.port = 0

    def start(self):
        service = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def answer(self, status, body):
                data = body if isinstance(body, bytes) else json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def do_GET(self):
                if self.path != "/v1/terminal-authentication/certificates":
                    return self.answer(404, {})
                service.looked += 1
                return self.answer(200, {"certificates": [b64url(each) for each in service.certificates]})

            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                if self.path != "/v1/terminal-authentication/signatures" or body["holder"] != service.holder:
                    return self.answer(404, {})
                message = from_b64url(body["message"])
                service.signed.append(message)
                if service.mode == "silent":
                    # The thread that looks is the one that waits here: what is counted later comes behind this run.
                    service.looked_at_silence = service.looked
                    service.released.wait(60)
                    return self.close_connection_now()
                if service.mode == "nonsense":
                    return self.answer(200, b"\x00nonsense")
                der = subprocess.run(["openssl", "dgst", "-sha256", "-sign", service.keys.get(service.mode, service.keys["right"])],
                                     input=message, capture_output=True, check=True).stdout
                return self.answer(200, {"signature": b64url(plain_signature(der))})

            def close_connection_now(self):
                self.close_connection = True

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def get_request(self):
                line, address = self.socket.accept()
                line.settimeout(30)
                secured = service.tls.wrap_socket(line, server_side=True, do_handshake_on_connect=False)
                service.lines.append(secured)
                return secured, address

            def handle_error(self, *_):
                pass  # a visitor without a certificate, or one that went

        self.released.clear()
        self.server = Server(("127.0.0.1", self.port), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, args=(0.1,), daemon=True).start()

    def stop(self):
        self.released.set()
        self.server.shutdown()
        self.server.server_close()
        for line in self.lines:  # kept connections, too
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
        self.lines = []
