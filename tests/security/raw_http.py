# SPDX-License-Identifier: EUPL-1.2
"""HTTP/1.1 written by hand over TLS, and what comes back, split by somebody who trusts nothing: for http_abuse_test.py."""
import re
import socket
import ssl
import threading
import time


class Reply:
    """Everything that came until the end, as responses; rest is what is none."""

    def __init__(self, data, ended):
        self.data, self.ended, self.responses = data, ended, []
        while match := re.match(rb"HTTP/1\.1 (\d{3}) [^\r\n]*\r\n(.*?)\r\n\r\n", data, re.DOTALL):
            length = re.search(rb"(?im)^content-length: (\d+)", match[2])
            end = match.end() + (int(length[1]) if length and match[1] != b"100" else 0)
            self.responses.append((int(match[1]), match[2].decode("latin-1"), data[match.end():end]))
            data = data[end:]
        self.rest = data

    @property
    def statuses(self):
        return [status for status, _, _ in self.responses]


class Raw:
    """A door: the TLS listener with somebody's certificate, or the plain one."""

    def __init__(self, port, context=None):
        self.port, self.context = port, context

    def open(self, timeout=30):
        plain = socket.create_connection(("localhost", self.port), timeout)
        return self.context.wrap_socket(plain, server_hostname="localhost") if self.context else plain

    def say(self, data, parts=1):
        """Sends bytes, in so many pieces, and reads until the server ends or has nothing more to say for a while."""
        with self.open() as line:
            step = max(1, (len(data) + parts - 1) // parts)
            try:
                for start in range(0, len(data), step):
                    line.sendall(data[start:start + step])
            except (ConnectionResetError, BrokenPipeError, ssl.SSLError):
                pass  # refused before all was sent: what it said is still to be read
            return self.read(line)

    @staticmethod
    def read(line, silence=0.6):
        out, ended = b"", False
        try:
            while True:
                part = line.recv(65536)
                if not part:
                    ended = True
                    break
                out += part
                line.settimeout(silence)
        except TimeoutError:
            pass
        except (ConnectionResetError, ssl.SSLError):
            ended = True
        return Reply(out, ended)


class Drip(threading.Thread):
    """A byte every 200 ms for ever, from the beginning of `data` and then its last byte again: holds a place as long as it may."""

    def __init__(self, door, data, handshake=True):
        super().__init__(daemon=True)
        self.line = door.open() if handshake else socket.create_connection(("localhost", door.port), 30)
        self.data, self.sent = data, 0

    def run(self):
        try:
            while True:
                self.line.sendall(self.data[min(self.sent, len(self.data) - 1):][:1])
                self.sent += 1
                time.sleep(0.2)
        except OSError:
            self.line.close()  # put out
