# SPDX-License-Identifier: EUPL-1.2
"""TLS seen from outside, by hand: writes ClientHellos as nobody's library would, reads what the server picks, reads what a client
offers. Shares no code with mbedTLS or OpenSSL, so that neither's own limits hide what the other end would take.
Norm: RFC 5246 7.4.1, RFC 8446 4.1 (layout), RFC 8422 (curves)."""
import os
import socket
import struct

TLS10, TLS11, TLS12, TLS13 = 0x0301, 0x0302, 0x0303, 0x0304
ALL_GROUPS = [*range(1, 31), 31, 32, 33, 0x0100, 0x0101, 0x0102, 0xFF01, 0xFF02]
ALL_SIGNATURES = [(h << 8) | s for h in range(7) for s in range(4)] + list(range(0x0704, 0x0710)) + list(range(0x0804, 0x0820))
GREASE_FREE = [suite for suite in range(1, 0x10000) if suite not in (0x00FF, 0x5600)]  # the two signals are no suites


def _vector(data, size):
    return len(data).to_bytes(size, "big") + data


def _extension(kind, data):
    return struct.pack(">H", kind) + _vector(data, 2)


def _words(values):
    return b"".join(struct.pack(">H", value) for value in values)


def client_hello(version, suites, groups=None, signatures=None, compression=b"\0", name="localhost"):
    """A whole record. Version 0x0304 is asked for by its extension, all others in the old field."""
    extensions = _extension(0, _vector(b"\0" + _vector(name.encode(), 2), 2))
    extensions += _extension(10, _vector(_words(groups if groups is not None else ALL_GROUPS), 2)) + _extension(11, b"\x01\x00")
    if version >= TLS12:
        extensions += _extension(13, _vector(_words(signatures if signatures is not None else ALL_SIGNATURES), 2))
    if version == TLS13:
        key = b"\x04" + bytes.fromhex("6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
                                      "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5")  # the generator of P-256: a valid share
        extensions += _extension(43, _vector(_words([TLS13]), 1)) + _extension(51, _vector(struct.pack(">H", 23) + _vector(key, 2), 2))
    body = struct.pack(">H", min(version, TLS12)) + os.urandom(32) + _vector(os.urandom(32) if version == TLS13 else b"", 1)
    body += _vector(_words(suites), 2) + _vector(compression, 1) + _vector(extensions, 2)
    message = b"\x01" + _vector(body, 3)
    out = b""
    while message:
        out += b"\x16\x03\x01" + _vector(message[:16000], 2)
        message = message[16000:]
    return out


class Picked:
    """What a server answered: an alert, or its choice."""

    def __init__(self):
        self.alert = self.version = self.suite = self.compression = self.curve = self.signature = None
        self.extensions, self.asks_certificate, self.certificate = {}, False, b""

    def __bool__(self):
        return self.suite is not None


def _read_handshake(line, picked):
    """Feeds whole handshake messages until the server waits for us or ends."""
    data, messages = b"", b""
    while True:
        part = line.recv(65536)
        if not part:
            return
        data += part
        while len(data) >= 5 and len(data) >= 5 + struct.unpack(">H", data[3:5])[0]:
            kind, length = data[0], struct.unpack(">H", data[3:5])[0]
            record, data = data[5:5 + length], data[5 + length:]
            if kind == 21:
                picked.alert = record[1]
                return
            if kind != 22:
                return  # TLS 1.3 has gone over to its keys
            messages += record
            while len(messages) >= 4 and len(messages) >= 4 + int.from_bytes(messages[1:4], "big"):
                size = int.from_bytes(messages[1:4], "big")
                if _take(messages[0], messages[4:4 + size], picked):
                    return
                messages = messages[4 + size:]


def _take(kind, body, picked):
    if kind == 2:
        picked.version, at = struct.unpack(">H", body[:2])[0], 35 + body[34]
        picked.suite, picked.compression = struct.unpack(">H", body[at:at + 2])[0], body[at + 2]
        rest = body[at + 5:]
        while rest:
            name, size = struct.unpack(">HH", rest[:4])
            picked.extensions[name], rest = rest[4:4 + size], rest[4 + size:]
        if 43 in picked.extensions:
            picked.version = struct.unpack(">H", picked.extensions[43])[0]
    elif kind == 11:
        picked.certificate = body[6:6 + int.from_bytes(body[3:6], "big")]
    elif kind == 12 and body[:1] == b"\x03":
        picked.curve = struct.unpack(">H", body[1:3])[0]
        at = 4 + body[3]
        picked.signature = struct.unpack(">H", body[at:at + 2])[0]
    elif kind == 13:
        picked.asks_certificate = True
    return kind == 14


def ask(port, hello):
    """Sends a hello; returns what the server picked."""
    picked = Picked()
    with socket.create_connection(("127.0.0.1", port), 30) as line:
        try:
            line.sendall(hello)
            _read_handshake(line, picked)
        except (ConnectionResetError, BrokenPipeError):
            pass  # refused without a word
    return picked


def accepted(port, version, candidates, pick, offer, at_once):
    """Every candidate that the server takes: offers all that are left, strikes out the one it picked, until it picks none."""
    taken = []
    for start in range(0, len(candidates), at_once):
        left = candidates[start:start + at_once]
        while left and (picked := ask(port, offer(version, left))) and picked.version == version:
            chosen = pick(picked)
            if chosen not in left:
                raise RuntimeError(f"the server picked {chosen:#06x}, which was not offered")
            taken.append(chosen)
            left = [each for each in left if each != chosen]
    return taken


class Offered:
    """A client's hello, read."""

    def __init__(self, record):
        body = record[9:]
        self.version, at = struct.unpack(">H", body[:2])[0], 34
        at += 1 + body[at]
        size = struct.unpack(">H", body[at:at + 2])[0]
        self.suites = [word for (word,) in struct.iter_unpack(">H", body[at + 2:at + 2 + size])]
        at += 2 + size
        self.compression = list(body[at + 1:at + 1 + body[at]])
        rest, self.extensions = body[at + 3 + body[at]:], {}
        while len(rest) >= 4:
            name, size = struct.unpack(">HH", rest[:4])
            self.extensions[name], rest = rest[4:4 + size], rest[4 + size:]

    def words(self, extension):
        return [word for (word,) in struct.iter_unpack(">H", self.extensions.get(extension, b"\0\0")[2:])]

    def versions(self):
        listed = self.extensions.get(43)
        return [word for (word,) in struct.iter_unpack(">H", listed[1:])] if listed else [self.version]
