# SPDX-License-Identifier: EUPL-1.2
"""Slips that nobody printed, for check_test.py: broken by hand, or made with the jose tool, which shares no code with us."""
import base64
import hashlib
import hmac
import json
import subprocess
import tempfile


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class Forge:
    """Slips that nobody printed."""

    def __init__(self, slips):
        self.good = slips["good"]
        self.head, self.body, self.signature = self.good.split(".")
        self.header = json.loads(unb64(self.head))
        self.slip = json.loads(unb64(self.body))
        self.lone, self.lone_id = slips["lone_key"], slips["lone_terminal"]
        self.worn, self.worn_id = slips["worn_key"], slips["worn_terminal"]

    def jose(self, header, payload, key=None):
        """A JWS that another implementation made."""
        with tempfile.NamedTemporaryFile("w", suffix=".jwk") as file:
            json.dump(key or self.lone, file)
            file.flush()
            return subprocess.run(["jose", "jws", "sig", "-I", "-", "-k", file.name, "-c", "-s", json.dumps({"protected": header}),
                                   "-o", "-"], input=payload, capture_output=True, text=True, check=True).stdout.strip()

    def lone_header(self, **more):
        return {"alg": "ES256", "typ": "freigabe-slip+jwt", "kid": self.lone_id, **more}

    def lone_slip(self, **more):
        return json.dumps({**self.slip, "terminal": self.lone_id, **more})

    def worn_slip(self, day):
        """By the key that its terminal replaced on 24 November 2025."""
        header = {"alg": "ES256", "typ": "freigabe-slip+jwt", "kid": self.worn_id}
        return self.jose(header, json.dumps({**self.slip, "terminal": self.worn_id, "date": day}), self.worn)

    def hmac_with(self, secret):
        head = b64(json.dumps({**self.header, "alg": "HS256"}).encode())
        return f"{head}.{self.body}." + b64(hmac.new(secret, f"{head}.{self.body}".encode(), hashlib.sha256).digest())

    def flipped(self, part, place):
        parts = self.good.split(".")
        data = bytearray(unb64(parts[part]))
        data[place] ^= 1
        parts[part] = b64(bytes(data))
        return ".".join(parts)

    def cases(self):
        """(name, code, verdict)"""
        stranger = json.loads(subprocess.run(["jose", "jwk", "gen", "-i", '{"alg":"ES256"}'], capture_output=True, check=True).stdout)
        public = {name: stranger[name] for name in ("kty", "crv", "x", "y")}
        x, y = unb64(self.lone["x"]), unb64(self.lone["y"])
        own = {name: self.lone[name] for name in ("crv", "kty", "x", "y", "kid")}
        none = b64(json.dumps({**self.header, "alg": "none"}).encode())
        last = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
        other_spelling = self.good[:-1] + last[last.index(self.good[-1]) ^ 1]
        other_day = b64(json.dumps({**self.slip, "date": "2025-11-25"}).encode())
        twice = self.lone_slip()[:-1] + ', "date": "2030-01-01"}'
        yield "made by jose", self.jose(self.lone_header(), self.lone_slip()), "good"
        yield "made by jose with another order and a member more in the header", self.jose(
            {"kid": self.lone_id, "cty": "x", "typ": "freigabe-slip+jwt", "alg": "ES256"}, self.lone_slip()), "good"
        yield "by a replaced key, on its last day", self.worn_slip("2025-11-24"), "old"
        yield "by a replaced key, a day later", self.worn_slip("2025-11-25"), "late"
        yield "signature flipped at its first bit", self.flipped(2, 0), "forged"
        yield "signature flipped at its last byte", self.flipped(2, 63), "forged"
        yield "another day under the signature", f"{self.head}.{other_day}.{self.signature}", "forged"
        yield "secret hash flipped", self.flipped(1, len(unb64(self.body)) - 20), "forged"
        yield "second spelling of the signature", other_spelling, "forged"
        yield "padding", self.good + "=", "forged"
        yield "signature cut", self.good[:-4], "forged"
        yield "no signature", f"{self.head}.{self.body}.", "forged"
        yield "alg none", f"{none}.{self.body}.", "forged"
        yield "alg none with the old signature", f"{none}.{self.body}.{self.signature}", "forged"
        for name, secret in (("as JWK", json.dumps(own, separators=(",", ":")).encode()), ("as point", b"\x04" + x + y),
                             ("as coordinates", x + y)):
            yield "alg HS256 with the public key " + name, self.hmac_with(secret), "forged"
        yield "a stranger's key under a known name", self.jose(self.lone_header(), self.lone_slip(), stranger), "forged"
        yield "a key that it brings along", self.jose(self.lone_header(jwk=public), self.lone_slip(), stranger), "forged"
        yield "crit", self.jose(self.lone_header(crit=["exp"], exp="1"), self.lone_slip()), "forged"
        yield "one terminal's key for another's slip", self.jose(self.lone_header(), self.lone_slip(
            terminal=self.slip["terminal"])), "forged"
        yield "a member more", self.jose(self.lone_header(), self.lone_slip(name="Anna")), "forged"
        yield "a member twice", self.jose(self.lone_header(), twice), "forged"
        yield "a day that is not", self.jose(self.lone_header(), self.lone_slip(date="2025-02-29")), "forged"
        yield "right key, another purpose", self.jose(self.lone_header(typ="freigabe-head+jwt"), self.lone_slip()), "nothing"
        yield "no typ", self.jose({"alg": "ES256", "kid": self.lone_id}, self.lone_slip()), "nothing"
        yield "alg twice", ".".join([b64(unb64(self.head)[:-1] + b',"alg":"ES256"}'), self.body, self.signature]), "forged"
        yield "words", "Guten Tag", "nothing"
        yield "markup", "<img src=x onerror=alert(1)>", "nothing"
        yield "dots", "..", "nothing"
        yield "two parts", f"{self.head}.{self.body}", "nothing"
        yield "four parts", self.good + ".x", "nothing"
        yield "a broken percent sign", "%E0%A4%A", "nothing"
        yield "2049 characters", "a" * 2049, "long"
        yield "2048 characters", "a" * 2048, "nothing"
        yield "a megabyte", "eyJ" * 350_000, "long"
