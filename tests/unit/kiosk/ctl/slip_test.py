#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""`freigabectl slip`: an invitation slip is made, judged by the jose tool and by check, and refused when it was changed, is of another
hand, or asks for nonsense. usage: slip_test.py <build folder>"""
import base64
import datetime
import json
import pathlib
import subprocess
import sys
import tempfile

TOOL = pathlib.Path(sys.argv[1]) / "bin/freigabectl"


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def run(*arguments, stdin="", status=0):
    done = subprocess.run([TOOL, *map(str, arguments)], input=stdin, capture_output=True, text=True)
    assert done.returncode == status, (arguments, done.returncode, done.stderr)
    return done.stdout.strip()


def public_jwk(key, out):
    """The public half of a DER key as JWK: what an authority gives to the backend's operator."""
    der = subprocess.run(["openssl", "pkey", "-inform", "DER", "-in", key, "-pubout", "-outform", "DER"], capture_output=True, check=True).stdout
    out.write_text(json.dumps({"kty": "EC", "crv": "P-256", "x": b64(der[-64:-32]), "y": b64(der[-32:])}))
    return out


def main():
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        run("pki", "init", "--out", work / "pki", "--dns", "localhost")
        for name in ("office", "other"):
            run("pki", "key", "--curve", "P-256", "--out", work / f"{name}.key")
            public_jwk(work / f"{name}.key", work / f"{name}.jwk")
        make = ["slip", "make", "--key", work / "office.key", "--authority", "amt-b", "--entry", "JBA-03", "--views-key", work / "pki/views.jwk"]
        who = "4711/26\n2007-01-02\n"
        code = run(*make, "--days", 7, stdin=who)
        assert len(code) <= 1400 and "4711" not in code, code
        file = work / "code"
        file.write_text(code + "\n")
        until = datetime.datetime.now(datetime.timezone.utc).date() + datetime.timedelta(days=7)
        assert run("slip", "check", "--key", work / "office.jwk", "--code", file) == f"genuine: amt-b asks for JBA-03 until {until}"
        payload = json.loads(subprocess.run(["jose", "jws", "ver", "-i", "-", "-k", work / "office.jwk", "-O", "-"], input=code.encode(),
                                            capture_output=True, check=True).stdout)
        assert payload["authority"] == "amt-b" and payload["entry"] == "JBA-03" and payload["sealed"].count(".") == 4, payload
        assert json.loads(unb64(code.split(".")[0])) == {"alg": "ES256", "typ": "freigabe-invitation+jwt", "kid": "amt-b"}
        run("slip", "check", "--key", work / "other.jwk", "--code", file, status=1)
        at = code.index(".") + 20
        file.write_text(code[:at] + ("A" if code[at] != "A" else "B") + code[at + 1:])
        run("slip", "check", "--key", work / "office.jwk", "--code", file, status=1)
        for wrong in (["--days", 0], ["--days", 93], ["--days", "x"]):
            run(*make, *wrong, stdin=who, status=1)
        for text in ("", "4711\n", "4711\nyesterday\n", "\n2007-01-02\n", "1" * 65 + "\n2007-01-02\n"):
            run(*make, stdin=text, status=1)
        run("slip", "make", status=2)
        run("slip", "burn", "--key", work / "office.key", status=2)
    print("slip_test: ok")


if __name__ == "__main__":
    main()
