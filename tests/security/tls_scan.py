# SPDX-License-Identifier: EUPL-1.2
"""What BSI TR-02102-2 allows us, as closed lists, and whether a server or a client keeps to it. Two eyes: our own hellos
(tls_hello.py), which ask for every number that two bytes can hold, and sslscan with OpenSSL behind it."""
import re
import subprocess
import xml.etree.ElementTree as tree

from tls_hello import (ALL_GROUPS, ALL_SIGNATURES, GREASE_FREE, TLS10, TLS11, TLS12, TLS13, accepted, ask, client_hello)

# Of what TR-02102-2 recommends (3.3.1, 3.4.4), our profile is ECDHE-ECDSA with GCM.
SUITES = {0xC02B: "ECDHE-ECDSA-AES128-GCM-SHA256", 0xC02C: "ECDHE-ECDSA-AES256-GCM-SHA384"}
SUITES_13 = {0x1301: "TLS_AES_128_GCM_SHA256", 0x1302: "TLS_AES_256_GCM_SHA384"}
GROUPS = {23: "secp256r1", 24: "secp384r1", 26: "brainpoolP256r1", 27: "brainpoolP384r1"}  # 3.3.3 table 4
SIGNATURES = {0x0403: "ecdsa with SHA-256", 0x0503: "ecdsa with SHA-384", 0x0603: "ecdsa with SHA-512"}  # 3.3.4 table 5
# mbedTLS 2.28 lists each hash with RSA as well; no suite of ours and no certificate of our profile can use it (3.3.4 allows it).
SIGNATURES_CLIENT = {**SIGNATURES, 0x0401: "RSA with SHA-256", 0x0501: "RSA with SHA-384"}
TICKET_S_MAX = 3600  # ours (limits.hpp); the TR demands a lifetime and keys that change with it (3.7)


def findings(port):
    """Every fact that breaks the profile, as words; and the facts themselves."""
    wrong = []
    versions = [version for version in (0x0300, TLS10, TLS11, TLS12, TLS13)
                if (picked := ask(port, client_hello(version, GREASE_FREE[:6000] + list(SUITES) + list(SUITES_13)))) and picked.version == version]
    wrong += [f"speaks version {version:#06x}" for version in versions if version not in (TLS12, TLS13)]
    suites = accepted(port, TLS12, GREASE_FREE, lambda p: p.suite, client_hello, 6000)
    wrong += [f"takes the suite {suite:#06x}" for suite in suites if suite not in SUITES]
    offer = lambda version, groups: client_hello(version, list(SUITES), groups=groups)  # noqa: E731
    groups = accepted(port, TLS12, ALL_GROUPS, lambda p: p.curve, offer, 200)
    wrong += [f"takes the group {group}" for group in groups if group not in GROUPS]
    offer = lambda version, words: client_hello(version, list(SUITES), signatures=words)  # noqa: E731
    signatures = accepted(port, TLS12, ALL_SIGNATURES, lambda p: p.signature, offer, 200)
    wrong += [f"signs with {signature:#06x}" for signature in signatures if signature not in SIGNATURES]
    picked = ask(port, client_hello(TLS12, list(SUITES) or GREASE_FREE[:100], compression=b"\x01\x00"))
    wrong += ["compresses"] if picked and picked.compression else []
    best = ask(port, client_hello(TLS12, GREASE_FREE[:0xC0] + list(SUITES)))
    wrong += ["does not ask for a client certificate"] if best and not best.asks_certificate else []
    wrong += ["has no secure renegotiation (RFC 5746)"] if best and not _renegotiation(port) else []
    facts = {"versions": [f"{v:#06x}" for v in versions], "suites": [SUITES.get(s, f"{s:#06x}") for s in suites],
             "groups": [GROUPS.get(g, str(g)) for g in groups], "signatures": [SIGNATURES.get(s, f"{s:#06x}") for s in signatures],
             "asks for a certificate": bool(best and best.asks_certificate)}
    return wrong, facts


def _renegotiation(port):
    """True if the server answers the renegotiation signal of a client."""
    picked = ask(port, client_hello(TLS12, [*SUITES, *GREASE_FREE[:0xA0], 0x00FF]))
    return bool(picked) and picked.extensions.get(0xFF01) == b"\x00"


def second_opinion(port, certificate):
    """What sslscan finds that breaks the profile. OpenSSL shares no code with us either."""
    out = subprocess.run(["sslscan", "--xml=-", f"--certs={certificate}", f"--pk={certificate}", f"localhost:{port}"], capture_output=True,
                         text=True, timeout=120).stdout
    scan = tree.fromstring(out[out.index("<?xml"):])
    wrong, ciphers = [], []
    for protocol in scan.iter("protocol"):
        if protocol.get("enabled") == "1" and (protocol.get("type"), protocol.get("version")) not in (("tls", "1.2"), ("tls", "1.3")):
            wrong.append(f"speaks {protocol.get('type')} {protocol.get('version')}")
    for cipher in scan.iter("cipher"):
        ciphers.append(cipher.get("cipher"))
        if cipher.get("cipher") not in (*SUITES.values(), *SUITES_13.values()):
            wrong.append(f"takes {cipher.get('cipher')}")
    for group in scan.iter("group"):
        if not re.search(r"secp256r1|secp384r1|prime256v1|brainpoolP(256|384)r1", group.get("name", "")):
            wrong.append(f"takes {group.get('name')}")
    for node in scan.iter("compression"):
        wrong += ["compresses"] if node.get("supported") == "1" else []
    for node in scan.iter("renegotiation"):
        wrong += ["renegotiates without protection"] if node.get("supported") == "1" and node.get("secure") != "1" else []
    for node in scan.iter("heartbleed"):
        wrong += ["bleeds"] if node.get("vulnerable") == "1" else []
    return sorted(set(wrong)), sorted(set(ciphers))


def client_findings(offered):
    """What a client's hello offers beyond the profile."""
    wrong = [f"offers version {version:#06x}" for version in offered.versions() if version not in (TLS12, TLS13)]
    wrong += [f"offers the suite {suite:#06x}" for suite in offered.suites if suite not in SUITES and suite not in SUITES_13 and suite != 0x00FF]
    wrong += [f"offers the group {group}" for group in offered.words(10) if group not in GROUPS]
    wrong += [f"offers the signature {word:#06x}" for word in offered.words(13) if word not in SIGNATURES_CLIENT]
    wrong += ["offers compression"] if offered.compression != [0] else []
    wrong += ["does not name the server (SNI)"] if 0 not in offered.extensions else []
    wrong += ["does not signal secure renegotiation"] if 0x00FF not in offered.suites and 0xFF01 not in offered.extensions else []
    wrong += ["does not offer the extended master secret (RFC 7627)"] if 23 not in offered.extensions else []
    return wrong
