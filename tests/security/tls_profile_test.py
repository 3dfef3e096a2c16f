#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""The running backend and the running syncd against BSI TR-02102-2: only what is on the lists of tls_scan.py, found by two scanners
that must both call a weak server weak. usage: tls_profile_test.py <folder of programs>"""
import json
import pathlib
import re
import socket
import struct
import subprocess
import sys
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "unit/sync/backend")]

from stranger import wait_for  # noqa: E402
from stranger_test import World  # noqa: E402
from tls_hello import Offered  # noqa: E402
from tls_scan import SUITES, TICKET_S_MAX, client_findings, findings, second_opinion  # noqa: E402


def expect(condition, what):
    if not condition:
        raise RuntimeError("not so: " + what)


def server(world):
    wrong, facts = findings(world.port)
    expect(wrong == [], f"the backend keeps to the profile: {wrong}")
    expect(facts["versions"] in (["0x0303"], ["0x0303", "0x0304"]), f"versions {facts}")
    expect(sorted(facts["suites"]) == sorted(SUITES.values()), f"exactly our suites: {facts}")
    # mbedTLS takes P-384 only beside the curve of its certificate, of which it is less fond.
    expect(facts["groups"] and set(facts["groups"]) <= {"secp256r1", "secp384r1"}, f"only our groups: {facts}")
    expect(facts["signatures"] and facts["asks for a certificate"], f"{facts}")
    other, ciphers = second_opinion(world.port, world.pki / "auditor.pem")
    expect(other == [] and ciphers, f"sslscan agrees: {other} {ciphers}")
    print(f"backend: {facts}; sslscan: {ciphers}")
    # The plain listener is for a proxy and speaks no TLS at all.
    expect(findings(world.plain_port)[1]["versions"] == [], "the plain listener speaks no TLS")


def s_client(world, *more, text="", certificate=True):
    pem = world.pki / "auditor.pem"
    own = ["-cert", pem, "-key", pem] if certificate else []
    done = subprocess.run(["openssl", "s_client", "-connect", f"localhost:{world.port}", "-servername", "localhost", "-CAfile", world.pki / "tls-ca.crt",
                           "-verify_return_error", "-tls1_2", *own, *more], input=text, capture_output=True, text=True, timeout=60)
    return done.stdout + done.stderr


def openssl_agrees(world):
    request = "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    said = s_client(world, "-ign_eof", text=request)
    expect("HTTP/1.1 200 OK" in said and "Verification: OK" in said, f"a good client is served: {said[-500:]}")
    expect("Extended master secret: yes" in said and "Compression: NONE" in said, "master secret and compression")
    lifetime = re.search(r"ticket lifetime hint: (\d+)", said)
    expect(lifetime and 0 < int(lifetime[1]) <= TICKET_S_MAX, f"a ticket lives at most an hour: {lifetime and lifetime[0]}")
    said = s_client(world, "-ign_eof", text=request, certificate=False)
    expect("HTTP/1.1" not in said and ("alert" in said or "unexpected eof" in said), f"without a certificate nobody is served: {said[-300:]}")
    said = s_client(world, text="R\n" + request)
    expect("HTTP/1.1" not in said, f"whoever renegotiates is not served: {said[-300:]}")


def resumption_needs_a_certificate(world):
    """A ticket brings back who it was made for, and nobody else: it is of no use under another server's key."""
    session = world.folder / "session.pem"
    request = "GET /v1/log/checkpoint HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    s_client(world, "-ign_eof", "-sess_out", session, text=request)
    said = s_client(world, "-ign_eof", "-sess_in", session, text=request)
    expect("Reused, TLSv1.2" in said and "HTTP/1.1 200" in said, f"a session is resumed: {said[-300:]}")
    said = s_client(world, "-ign_eof", "-sess_in", session, text=request.replace("/v1/log/checkpoint", "/v1/inbox"))
    expect("HTTP/1.1 403" in said, "and is still the auditor's")


def play_kiosk(listener):
    """A kiosk with something to send, so that syncd calls: answers a pull with two bytes and everything else with "done"."""
    line, _ = listener.accept()
    while head := line.recv(5, socket.MSG_WAITALL):
        length, kind = struct.unpack(">IB", head)
        line.recv(length - 1, socket.MSG_WAITALL) if length > 1 else b""
        answer = {1: b"\x81{}", 2: b"\x82"}.get(kind, b"\x83\0\0")
        line.sendall(struct.pack(">I", len(answer)) + answer)


def client(world):
    """What syncd offers to whoever it takes for its backend."""
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(60)
    pki = world.pki
    (world.folder / "spool").mkdir(mode=0o700)
    (world.folder / "syncd.json").write_text(json.dumps({
        "terminal": world.terminal_id, "backend": f"https://localhost:{listener.getsockname()[1]}", "ca": str(pki / "tls-ca.crt"),
        "certificate": str(pki / "tls-terminal.crt"), "key": str(pki / "tls-terminal.key"), "kiosk_socket": str(world.folder / "kiosk.sock"),
        "spool": str(world.folder / "spool"), "time_floor_ms": int(time.time() * 1000), "test": {"backoff_ms_min": 100, "backoff_ms_max": 200}}))
    kiosk = socket.socket(socket.AF_UNIX)
    kiosk.bind(str(world.folder / "kiosk.sock"))
    kiosk.listen(4)
    threading.Thread(target=play_kiosk, args=(kiosk,), daemon=True).start()
    with open(world.folder / "syncd.log", "wb") as log:
        syncd = subprocess.Popen([world.bin / "freigabe-syncd", world.folder / "syncd.json"], stdout=log, stderr=log)
    try:
        line, _ = listener.accept()
        record = line.recv(16384)
        wrong = client_findings(Offered(record))
        expect(wrong == [], f"syncd keeps to the profile: {wrong}")
        print(f"syncd offers {[hex(suite) for suite in Offered(record).suites]}")
        line.close()
    finally:
        syncd.terminate()
        syncd.wait()
        kiosk.close()
        listener.close()


def canary(world):
    """A weak server and a weak client: both scanners must say so, or what they say of ours means nothing."""
    key, crt = world.folder / "weak.key", world.folder / "weak.crt"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", crt, "-days", "2", "-subj", "/CN=localhost"],
                   check=True, capture_output=True)
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    weak = subprocess.Popen(["openssl", "s_server", "-accept", str(port), "-key", key, "-cert", crt, "-cipher", "AES128-SHA:ECDHE-RSA-AES128-SHA:@SECLEVEL=0",
                             "-no_tls1_3", "-min_protocol", "TLSv1", "-quiet"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(lambda: socket.socket().connect_ex(("127.0.0.1", port)) == 0, "the weak server")
        wrong, _ = findings(port)
        for word in ("speaks version 0x0301", "takes the suite 0x002f", "takes the suite 0xc013", "does not ask for a client certificate"):
            expect(word in wrong, f"our scanner calls a weak server weak: {word} is not in {wrong}")
        other, _ = second_opinion(port, world.pki / "auditor.pem")
        expect("takes AES128-SHA" in other, f"sslscan calls a weak server weak: {other}")
    finally:
        weak.kill()
        weak.wait()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        weak = subprocess.Popen(["openssl", "s_client", "-connect", f"localhost:{listener.getsockname()[1]}", "-cipher", "ALL:@SECLEVEL=0"],
                                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        line, _ = listener.accept()
        wrong = client_findings(Offered(line.recv(16384)))
        expect("offers the suite 0x002f" in wrong and "offers the group 29" in wrong, f"a weak client is called weak: {wrong}")
        line.close()
        weak.wait(30)


def main():
    with World(sys.argv[1]) as world:
        world.start()
        for step in (server, openssl_agrees, resumption_needs_a_certificate, client, canary):
            step(world)
    print("tls_profile_test: ok")


if __name__ == "__main__":
    main()
