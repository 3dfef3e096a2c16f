# SPDX-License-Identifier: EUPL-1.2
"""The rows of http_abuse_test.py: what is sent, and the one answer that is right. RFC 9112 decides; where it leaves a choice, ours is
the stricter one (sync/backend/interface.md)."""
import json
import urllib.parse

GET = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
LAST = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


def framing(path):
    """(name, bytes, first status, number of answers)"""
    post = f"POST {path}/batches HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n".encode()

    def body(head, content):
        return post + head + b"\r\n\r\n" + content + GET

    rows = [
        # RFC 9112 6.1 and 6.3: the two lengths together, and every way to hide one of them.
        ("CL.TE", body(b"Content-Length: 6\r\nTransfer-Encoding: chunked", b"0\r\n\r\nG"), 400), ("TE.CL", body(b"Transfer-Encoding: chunked\r\nContent-Length: 3", b"8\r\nSMUGGLED\r\n0\r\n\r\n"), 400),
        ("two lengths", body(b"Content-Length: 2\r\nContent-Length: 3", b"{} "), 400), ("two equal lengths", body(b"Content-Length: 2\r\nContent-Length: 2", b"{}"), 400),
        ("a list of lengths", body(b"Content-Length: 2, 2", b"{}"), 400), ("a signed length", body(b"Content-Length: +2", b"{}"), 400),
        ("a negative length", body(b"Content-Length: -2", b"{}"), 400), ("a hexadecimal length", body(b"Content-Length: 0x2", b"{}"), 400),
        ("a length with a blank inside", body(b"Content-Length: 1 2", b"{}"), 400), ("an empty length", body(b"Content-Length:", b"{}"), 400),
        ("a length of 2^64", body(b"Content-Length: 18446744073709551616", b"{}"), 400), ("a length of 2^64 + 2", body(b"Content-Length: 18446744073709551618", b"{}"), 400),
        ("a huge length", body(b"Content-Length: 9223372036854775807", b""), 413), ("a length in other digits", body("Content-Length: \u0662".encode(), b"{}"), 400),
        ("two codings", body(b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", b"0\r\n\r\n"), 400), ("identity before chunked", body(b"Transfer-Encoding: identity, chunked", b"0\r\n\r\n"), 501),
        ("chunked twice", body(b"Transfer-Encoding: chunked, chunked", b"0\r\n\r\n"), 501), ("chunked with a tab", body(b"Transfer-Encoding:\x0bchunked", b"0\r\n\r\n"), 400),
        ("gzip", body(b"Transfer-Encoding: gzip", b"0\r\n\r\n"), 501), ("a quoted coding", body(b'Transfer-Encoding: "chunked"', b"0\r\n\r\n"), 501),
        ("an empty coding", body(b"Transfer-Encoding:", b"0\r\n\r\n"), 501), ("a coding with a parameter", body(b"Transfer-Encoding: chunked;q=1", b"0\r\n\r\n"), 501),
        ("a blank before the colon", body(b"Transfer-Encoding : chunked", b"0\r\n\r\n"), 400), ("a folded line", body(b"Transfer-Encoding:\r\n chunked", b"0\r\n\r\n"), 400),
        ("a folded length", body(b"Content-Length: 2\r\n 0", b"{}"), 400), ("a blank before the name", body(b" Content-Length: 2", b"{}"), 400),
        ("a NUL in a value", body(b"Content-Length: 2\0", b"{}"), 400), ("a NUL in a name", body(b"X\0Y: 1\r\nContent-Length: 2", b"{}"), 400),
        ("a bare LF", post.replace(b"\r\n", b"\n") + b"Content-Length: 2\n\n{}" + GET, 400), ("a bare CR in a value", body(b"X: a\rContent-Length: 2", b"{}"), 400),
        ("a name that is empty", body(b": x\r\nContent-Length: 2", b"{}"), 400), ("a line without a colon", body(b"Content-Length 2", b"{}"), 400),
        ("bytes above ASCII", body(b"X: \xff\xfe\r\nContent-Length: 2", b"{}"), 400),
        # Chunks.
        ("a chunk extension", body(b"Transfer-Encoding: chunked", b"2;a=b\r\n{}\r\n0\r\n\r\n"), 400), ("a chunk size with a sign", body(b"Transfer-Encoding: chunked", b"+2\r\n{}\r\n0\r\n\r\n"), 400),
        ("a chunk size as 0x", body(b"Transfer-Encoding: chunked", b"0x2\r\n{}\r\n0\r\n\r\n"), 400), ("a chunk size with a blank", body(b"Transfer-Encoding: chunked", b"2 \r\n{}\r\n0\r\n\r\n"), 400),
        ("a chunk that ends with LF", body(b"Transfer-Encoding: chunked", b"2\n{}\r\n0\r\n\r\n"), 400), ("a chunk longer than it says", body(b"Transfer-Encoding: chunked", b"1\r\n{}\r\n0\r\n\r\n"), 400),
        ("a chunk of 2^64", body(b"Transfer-Encoding: chunked", b"10000000000000000\r\n{}"), 400), ("a chunk of 4 GB", body(b"Transfer-Encoding: chunked", b"ffffffff\r\n{}"), 413),
        ("a trailer", body(b"Transfer-Encoding: chunked", b"2\r\n{}\r\n0\r\nContent-Length: 9\r\n\r\n"), 400), ("an empty chunk size", body(b"Transfer-Encoding: chunked", b"\r\n{}"), 400),
        # Bodies where none belongs, and none where one belongs.
        ("GET with a body", b"GET /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nabcde" + GET, 400), ("GET with chunks", b"GET /healthz HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + GET, 400),
        ("HEAD with a body", b"HEAD /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nabcde" + GET, 400), ("POST without a length", post + b"\r\n" + GET, 411),
        # The line and the target.
        ("absolute form of another host", b"GET https://a/healthz HTTP/1.1\r\nHost: localhost\r\n\r\n" + GET, 400), ("authority form", b"GET localhost:443 HTTP/1.1\r\nHost: localhost\r\n\r\n" + GET, 400),
        ("CONNECT", b"CONNECT localhost:443 HTTP/1.1\r\nHost: localhost\r\n\r\n" + GET, 501), ("asterisk form", b"OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n" + GET, 400),
        ("TRACE", b"TRACE /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n" + GET, 501), ("a small method", b"get /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n" + GET, 501),
        ("a method with a colon", b"GE:T /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n" + GET, 400), ("the preface of HTTP/2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 501),
        ("two blanks", b"GET  /healthz HTTP/1.1\r\nHost: a\r\n\r\n" + GET, 400), ("a tab for a blank", b"GET\t/healthz\tHTTP/1.1\r\nHost: a\r\n\r\n" + GET, 400),
        ("HTTP/1.0", b"GET /healthz HTTP/1.0\r\nHost: a\r\n\r\n" + GET, 505), ("HTTP/1.10", b"GET /healthz HTTP/1.10\r\nHost: a\r\n\r\n" + GET, 400), ("HTTP/0.9", b"GET /healthz\r\n\r\n" + GET, 400),
        ("http in small letters", b"GET /healthz http/1.1\r\nHost: a\r\n\r\n" + GET, 400), ("dot segments", b"GET /v1/../healthz HTTP/1.1\r\nHost: a\r\n\r\n" + GET, 400),
        ("encoded dot segments", b"GET /v1/%2e%2e/healthz HTTP/1.1\r\nHost: a\r\n\r\n" + GET, 400), ("an encoded slash", b"GET /v1%2finbox HTTP/1.1\r\nHost: a\r\n\r\n" + GET, 400),
        ("an encoded line end", b"GET /healthz%0d%0aX:%20y HTTP/1.1\r\nHost: a\r\n\r\n" + GET, 400), ("an encoded NUL", b"GET /healthz%00 HTTP/1.1\r\nHost: a\r\n\r\n" + GET, 400),
        ("half a percent sign", b"GET /healthz%2 HTTP/1.1\r\nHost: a\r\n\r\n" + GET, 400), ("two slashes", b"GET //healthz HTTP/1.1\r\nHost: a\r\n\r\n" + GET, 400),
        ("a fragment", b"GET /healthz#x HTTP/1.1\r\nHost: a\r\n\r\n" + GET, 400), ("a backslash", b"GET /v1\\inbox HTTP/1.1\r\nHost: a\r\n\r\n" + GET, 400),
        ("two empty lines first", b"\r\n\r\n" + GET, 400), ("a bare LF first", b"\n" + GET, 400),
        # Host (RFC 9112 3.2): missing, twice, or no host.
        ("no host", b"GET /healthz HTTP/1.1\r\n\r\n" + GET, 400), ("two hosts", b"GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n" + GET, 400),
        ("a host with a path", b"GET /healthz HTTP/1.1\r\nHost: a/b\r\n\r\n" + GET, 400), ("a host with a user", b"GET /healthz HTTP/1.1\r\nHost: u@a\r\n\r\n" + GET, 400),
        ("an unknown expectation", body(b"Expect: 200-maybe\r\nContent-Length: 2", b"{}"), 417),
        # Floods of head.
        ("a long line", b"GET /healthz?" + b"x" * 20_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n" + GET, 431), ("a long value", b"GET /healthz HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 20_000 + b"\r\n\r\n", 431),
        ("many fields", b"GET /healthz HTTP/1.1\r\nHost: a\r\n" + b"".join(b"X%d: 1\r\n" % n for n in range(200)) + b"\r\n", 431),
    ]
    single = [(name, data, status, 1) for name, data, status in rows]
    return single + [("an empty line before each request", b"\r\n" + GET + b"\r\n" + LAST, 200, 2),
                     ("absolute form", b"GET https://localhost/healthz HTTP/1.1\r\nHost: localhost\r\n\r\n" + LAST, 200, 2), ("two requests in a row", GET + LAST, 200, 2), ("twenty requests in a row", GET * 19 + LAST, 200, 20),
                     ("a chunked body, in small pieces", post + b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n1\r\n}\r\n0\r\n\r\n" + LAST, 400, 2),
                     ("a refusal in good form keeps the line", b"GET /nowhere HTTP/1.1\r\nHost: a\r\n\r\n" + LAST, 404, 2)]


def plain_framing():
    return [("HTTP/1.0 of a proxy", b"GET /healthz HTTP/1.0\r\nConnection: keep-alive\r\n\r\n" + GET, 200), ("HTTP/1.0 with chunks", b"GET /healthz HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + GET, 400),
            ("POST in HTTP/1.0", b"POST /healthz HTTP/1.0\r\nContent-Length: 0\r\n\r\n", 505), ("POST", b"POST /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", 405), ("a route of the other listener", b"GET /v1/inbox HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 404),
            ("TLS", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(500), 400), ("CL.TE", b"POST /check/ HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
            ("the auditor's entries", b"GET /v1/log/tile/entries/000 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 404)]


def json_bodies():
    """(name, bytes, status, problem): none of them may be a batch."""
    bad = {
        "nothing": b"", "a blank": b" ", "null": b"null", "a list": b"[]", "a number": b"1", "a text": b'"x"', "depth 17": b"[" * 17 + b"]" * 17, "depth 100,000": b"[" * 100_000 + b"]" * 100_000,
        "objects 10,000 deep": b'{"a":' * 10_000 + b"1" + b"}" * 10_000, "half a text": b'{"terminal":"', "a trailing comma": b'{"terminal":"x",}', "a comment": b'{/*x*/"terminal":"x"}',
        "single quotes": b"{'terminal':'x'}", "a byte order mark": b'\xef\xbb\xbf{"terminal":"x"}', "UTF-16": '{"terminal":"x"}'.encode("utf-16"), "invalid UTF-8": b'{"terminal":"\xff\xfe"}',
        "an overlong slash": b'{"terminal":"\xc0\xaf"}', "a lone surrogate": b'{"terminal":"\\ud800"}', "a surrogate in UTF-8": b'{"terminal":"\xed\xa0\x80"}', "an escaped NUL": b'{"terminal":"\\u0000"}',
        "1e999": b'{"terminal":1e999}', "-1e999": b'{"from":-1e999}', "2^64": b'{"from":18446744073709551616}', "a number of 100,000 digits": b'{"from":' + b"9" * 100_000 + b"}", "NaN": b'{"from":NaN}', "Infinity": b'{"from":Infinity}',
        "a leading zero": b'{"from":01}', "a member twice": b'{"terminal":"a","terminal":"b"}', "100,000 members": b"{" + b",".join(b'"a%d":0' % n for n in range(100_000)) + b"}",
        "a million zeros": b"[" + b"0," * 1_000_000 + b"0]", "__proto__": b'{"__proto__":{"terminal":"x"}}', "a text of 4 MB": b'{"terminal":"' + b"x" * 4_000_000 + b'"}', "two documents": b"{}{}", "an escape in a name": b'{"\\u0074erminal":"x"}',
    }
    return [(name, data, 400, "message-bad") for name, data in bad.items()] + [("4 MB and one byte", b" " * ((4 << 20) + 1), 413, "too-large")]


def file_numbers(canary):
    """(name, body, statuses); the last one is good and is taken."""
    number = lambda text: json.dumps({"file_number": text})  # noqa: E731
    return [("empty", number(""), (400,)), ("65 bytes", number("x" * 65), (400,)), ("a line end", number(f"1\nrequest_served status=200 {canary}"), (400,)), ("a NUL", number(f"1\0{canary}"), (400,)),
            ("an escape sequence", number(f"\x1b[31m{canary}"), (400,)), ("a number", '{"file_number":4711}', (400,)), ("a list", '{"file_number":["1"]}', (400,)), ("another member", '{"file_number":"1","x":1}', (200, 400)),
            ("SQL", number(f"{canary}'; DROP TABLE record;--"), (200, 409))]


def applied_bodies(canary):
    return [("unknown", json.dumps({"state": canary}), (400,)), ("a number", '{"state":1}', (400,)), ("SQL", json.dumps({"state": "applied' OR 1=1"}), (400,)), ("received", '{"state":"received"}', (400,)), ("applied", '{"state":"applied"}', (200,))]


def texts(canary):
    """Hostile texts."""
    return [f"{canary}'; DROP TABLE record;--", f'{canary}" OR "1"="1', f"{canary}' UNION SELECT jwe FROM record--", f"{canary}$1", f"{canary}%s%n%x", f"{canary}${{jndi:ldap://x}}", f"<script>{canary}</script>", f"../../{canary}",
            f"{canary}\u202e\u0000x", f"{canary}\r\nrequest_served status=200", f"{canary}\x1b[2J", f"{canary}|rm -rf /;`id`"]


def places(text, declaration, terminal):
    """(line, method, target, statuses) for every part of a target where a text can stand."""
    word = urllib.parse.quote(text, safe="")
    return [("agency", "POST", f"/v1/inbox/{word}/assignment", (400, 404)), ("agency", "POST", f"/v1/declarations/{word}/applied", (400, 404)), ("agency", "GET", f"/v1/usable?file_number={word}&entry=JBA-03", (200, 400)),
            ("agency", "GET", f"/v1/usable?file_number=1&entry={word}", (200, 400)), ("agency", "GET", f"/v1/usable?file_number=1&entry=JBA-03&recipient={word}", (200, 400)), ("agency", "GET", f"/agency/{word}", (400, 404)),
            ("terminal_line", "GET", f"/v1/terminals/{word}/events", (400, 403, 404)), ("terminal_line", "GET", f"/v1/terminals/{terminal}/events?after={word}", (400,)), ("auditor", "GET", f"/v1/subjects/{word}/releases", (400, 404)),
            ("auditor", "GET", f"/v1/log/tile/{word}", (400, 404)), ("auditor", "GET", f"/v1/log/growth?from={word}", (400,)), ("auditor", "GET", f"/{word}", (400, 404)), ("auditor", "GET", f"/healthz?{word}", (200,))]


def certificates():
    """(name, subject, options, signer, outcome of GET /v1/log/checkpoint: 403 may be said in the handshake already)"""
    rsa = ["-newkey", "rsa:2048"]
    return [("good", "/OU=auditor/CN=a", {}, "ours", 200), ("without a role", "/CN=a", {}, "ours", 403), ("with an unknown role", "/OU=admin/CN=a", {}, "ours", 403), ("with a role in large letters", "/OU=AUDITOR/CN=a", {}, "ours", 403),
            ("with two roles", "/OU=terminal/OU=auditor/CN=a", {}, "ours", 403), ("with a role and a NUL", "/OU=auditor\\00x/CN=a", {}, "ours", 403), ("without a name", "/OU=auditor", {}, "ours", 403),
            ("of another CA by the same name", "/OU=auditor/CN=a", {}, "foreign", "refused"), ("signed by itself", "/OU=auditor/CN=a", {}, "self", "refused"),
            ("expired", "/OU=auditor/CN=a", {"when": "-10d"}, "ours", "refused"), ("of tomorrow", "/OU=auditor/CN=a", {"when": "+5d"}, "ours", "refused"), ("with RSA", "/OU=auditor/CN=a", {"key": rsa}, "ours", "refused"),
            ("with P-521", "/OU=auditor/CN=a", {"key": ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-521"]}, "ours", "refused"), ("with SHA-1", "/OU=auditor/CN=a", {"digest": "-sha1"}, "ours", "refused"),
            ("for servers", "/OU=auditor/CN=a", {"extension": "extendedKeyUsage=serverAuth"}, "ours", "refused")]
