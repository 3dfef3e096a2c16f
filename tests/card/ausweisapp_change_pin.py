#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
# Asks a running AusweisApp (--ui websocket) to change a card's PIN and prints every message of the
# talk. Standard library only: the little of RFC 6455 that one local client needs is written out.
# Exit 0 = the change succeeded, 1 = AusweisApp says it did not, 2 = no talk at all.
"""usage: ausweisapp_change_pin.py OLD_PIN NEW_PIN [CAN [PUK]]"""
import base64
import json
import os
import socket
import struct
import sys
import time

HOST, PORT, PATH = "127.0.0.1", 24727, "/eID-Kernel"


class WebSocket:
    def __init__(self, deadline):
        self.socket = self.connect(deadline)
        self.buffer = b""
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall(
            (f"GET {PATH} HTTP/1.1\r\nHost: {HOST}:{PORT}\r\nUpgrade: websocket\r\n"
             f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\n"
             "Sec-WebSocket-Version: 13\r\n\r\n").encode())
        while b"\r\n\r\n" not in self.buffer:
            self.more()
        head, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
        if b" 101 " not in head.split(b"\r\n")[0]:
            sys.exit(2)

    @staticmethod
    def connect(deadline):
        while True:
            try:
                connection = socket.create_connection((HOST, PORT), timeout=60)
                return connection
            except OSError:
                if time.monotonic() > deadline:
                    print("AusweisApp does not listen", file=sys.stderr)
                    sys.exit(2)
                time.sleep(0.2)

    def more(self):
        data = self.socket.recv(65536)
        if not data:
            sys.exit(2)
        self.buffer += data

    def take(self, count):
        while len(self.buffer) < count:
            self.more()
        data, self.buffer = self.buffer[:count], self.buffer[count:]
        return data

    def send(self, message, opcode=1):
        data = json.dumps(message).encode() if opcode == 1 else message
        mask = os.urandom(4)
        length = len(data)
        head = bytes([0x80 | opcode])
        head += bytes([0x80 | length]) if length < 126 else b"\xfe" + struct.pack(">H", length)
        self.socket.sendall(head + mask + bytes(b ^ mask[i % 4] for i, b in enumerate(data)))

    def receive(self):
        while True:
            first, second = self.take(2)
            length = second & 0x7F
            if length == 126:
                length = struct.unpack(">H", self.take(2))[0]
            elif length == 127:
                length = struct.unpack(">Q", self.take(8))[0]
            data = self.take(length)
            opcode = first & 0x0F
            if opcode == 9:
                self.send(data, 10)
            elif opcode == 8:
                sys.exit(2)
            elif opcode == 1:
                return json.loads(data)


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    old_pin, new_pin = sys.argv[1], sys.argv[2]
    can = sys.argv[3] if len(sys.argv) > 3 else "500540"
    puk = sys.argv[4] if len(sys.argv) > 4 else None
    talk = WebSocket(time.monotonic() + 60)
    talk.send({"cmd": "RUN_CHANGE_PIN"})
    asked_pin = 0
    while True:
        message = talk.receive()
        print(json.dumps(message), flush=True)
        kind = message.get("msg")
        if kind == "ENTER_PIN":
            # Never twice: a wrong PIN must not be tried until the card is blocked.
            asked_pin += 1
            talk.send({"cmd": "SET_PIN", "value": old_pin} if asked_pin == 1 else {"cmd": "CANCEL"})
        elif kind == "ENTER_CAN":
            talk.send({"cmd": "SET_CAN", "value": can})
        elif kind == "ENTER_NEW_PIN":
            talk.send({"cmd": "SET_NEW_PIN", "value": new_pin})
        elif kind == "ENTER_PUK":
            # Once: the PUK has ten uses, and a wrong one does not become right.
            talk.send({"cmd": "SET_PUK", "value": puk} if puk else {"cmd": "CANCEL"})
            puk = None
        elif kind in ("BAD_STATE", "INVALID", "INTERNAL_ERROR", "UNKNOWN_COMMAND"):
            talk.send({"cmd": "CANCEL"})
        elif kind == "CHANGE_PIN" and "success" in message:
            sys.exit(0 if message["success"] else 1)


main()
