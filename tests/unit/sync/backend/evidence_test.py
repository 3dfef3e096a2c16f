#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Evidence about one declaration out of a running backend: genuine by our tool and, from the bytes alone, by Python and openssl;
every file spoiled in turn; no person in it; opened for the court with the key. usage: evidence_test.py <folder of programs>"""
import base64
import hashlib
import json
import pathlib
import shutil
import subprocess
import sys

from stranger import b64, unb64
from stranger_test import LEYLA, World, consent

CATALOGUE = pathlib.Path(__file__).resolve().parents[4] / "assets/catalogue/catalogue.json"


def story(world):
    """Two releases, one taken back by its recipient at another place of the chain; a second terminal signs nothing here."""
    code = world.invite()
    assert world.terminal_line.ask("POST", "/v1/enrolments", world.terminal.enrolment(code), "application/jose").status == 201
    pinned = b64(hashlib.sha256(CATALOGUE.read_bytes()).digest())
    first, second = consent(world), consent(world)
    for declaration in (first, second):
        declaration["entry"]["catalogue_hash"] = pinned
        world.terminal.append("grant", declaration)
    world.terminal.append("grant", consent(world))
    send = lambda since, to: world.receipts(world.terminal_line.ask("POST", world.path + "/batches", world.terminal.batch(since, to)))
    send(1, 3)
    withdrawal = world.terminal.declaration("withdrawn", LEYLA, targets=[{"declaration": first["id"]}])
    world.terminal.append("withdrawal", withdrawal)
    world.terminal.append("grant", consent(world))
    send(4, 5)
    assert world.office.ask("GET", "/v1/inbox").json()["total"] >= 3
    assert world.agency.ask("POST", f"/v1/declarations/{first['id']}/applied", '{"state":"applied"}').status == 200
    return first, withdrawal


def sign_catalogue(world):
    once, twice = world.folder / "once", world.folder / "catalogue.jws"
    world.run("freigabectl", "catalogue", "sign", "--role", "authority_publisher", "--key", world.pki / "catalogue-publisher.key",
              CATALOGUE, once)
    world.run("freigabectl", "catalogue", "sign", "--role", "dsb_approver", "--key", world.pki / "catalogue-dsb.key", once, twice)
    return twice


def export(world, declaration, out, *more):
    command = [world.bin / "freigabe-backend", "evidence", "--db", world.folder / "backend.db", "--receipt-key",
               world.pki / "receipts.key", "--declaration", declaration, "--out", out, *more]
    return subprocess.run([str(part) for part in command], capture_output=True, text=True)


def evidence(world, code, folder, *arguments, verb="verify"):
    command = [world.bin / "freigabectl", "evidence", verb, folder, *arguments]
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    assert done.returncode == code, (arguments, done.returncode, done.stdout, done.stderr)
    return done.stdout if code == 0 else done.stderr


# The same from the bytes alone.

def openssl_verifies(world, key, data, der):
    (world.folder / "data").write_bytes(data)
    (world.folder / "signature").write_bytes(der)
    return subprocess.run(["openssl", "dgst", "-sha256", "-verify", key, "-signature", world.folder / "signature", world.folder / "data"],
                          capture_output=True).returncode == 0


def der_of(raw):
    def integer(value):
        value = value.lstrip(b"\0") or b"\0"
        value = b"\0" + value if value[0] & 0x80 else value
        return b"\x02" + bytes([len(value)]) + value
    body = integer(raw[:32]) + integer(raw[32:])
    return b"\x30" + bytes([len(body)]) + body


def jws_payload(world, key, text, typ):
    protected, payload, signature = text.split(".")
    header = json.loads(unb64(protected))
    assert header["alg"] == "ES256" and header["typ"] == typ, header
    assert openssl_verifies(world, key, f"{protected}.{payload}".encode(), der_of(unb64(signature))), header
    return json.loads(unb64(payload))


def pem_of(world, name, private):
    path = world.folder / f"{name}.pem"
    subprocess.run(["openssl", "pkey", "-inform", "DER", "-in", private, "-pubout", "-out", path], check=True)
    return path


def pem_of_jwk(world, jwk):
    """SubjectPublicKeyInfo of a key on P-256: a fixed head and the point."""
    head = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d030107034200")
    path = world.folder / "journal.pem"
    der = head + b"\x04" + unb64(jwk["x"]) + unb64(jwk["y"])
    path.write_text("-----BEGIN PUBLIC KEY-----\n" + base64.encodebytes(der).decode() + "-----END PUBLIC KEY-----\n")
    return path


def root_from(leaf, index, size, hashes):
    """RFC 9162 2.1.3.2"""
    fn, sn, node = index, size - 1, leaf
    for each in hashes:
        assert sn != 0
        if fn & 1 or fn == sn:
            node = hashlib.sha256(b"\1" + each + node).digest()
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            node = hashlib.sha256(b"\1" + node + each).digest()
        fn, sn = fn >> 1, sn >> 1
    assert sn == 0
    return node


def check_record(world, folder, receipts_key):
    header, jwe, scopes = ((folder / name).read_bytes() for name in ("header", "jwe", "scopes"))
    assert hashlib.sha256(jwe).digest() == header[61:93] and hashlib.sha256(scopes).digest() == header[93:125]
    leaf = last = hashlib.sha256(b"\0" + header).digest()
    links = (folder / "links").read_bytes()
    for at in range(0, len(links), 151):
        link = links[at:at + 151]
        assert link[29:61] == last
        last = hashlib.sha256(b"\0" + link).digest()
    jwks = json.loads((folder / "../../journal-keys.json").read_text())["keys"]
    head = jws_payload(world, pem_of_jwk(world, jwks[0]), (folder / "head.jws").read_text(), "freigabe-head+jwt")
    assert unb64(head["head"]) == last and head["seq"] == int.from_bytes(header[21:29], "big") + len(links) // 151
    lines = (folder / "log.tlog-proof").read_text().split("\n")
    blank = lines.index("")
    assert lines[0] == "c2sp.org/tlog-proof@v1"
    index, hashes = int(lines[1].split()[1]), [base64.b64decode(line) for line in lines[2:blank]]
    origin, size, root = lines[blank + 1:blank + 4]
    assert root_from(leaf, index, int(size), hashes) == base64.b64decode(root)
    signature = base64.b64decode(lines[blank + 5].split()[-1])
    assert openssl_verifies(world, receipts_key, f"{origin}\n{size}\n{root}\n".encode(), signature[4:])
    receipt = jws_payload(world, receipts_key, (folder / "receipt.jws").read_text(), "secevent+jwt")
    said, = receipt["events"].values()
    assert said["records"] == [{"seq": int.from_bytes(header[21:29], "big"), "leaf": b64(leaf), "jwe_sha256": b64(header[61:93]),
                                "log_index": index}], said
    return leaf


def check_independently(world, folder, report):
    key = pem_of(world, "receipts", world.pki / "receipts.key")
    sums = (folder / "SHA256SUMS").read_bytes()
    assert openssl_verifies(world, key, sums, (folder / "SHA256SUMS.sig").read_bytes())
    assert subprocess.run(["sha256sum", "--quiet", "--strict", "-c", "SHA256SUMS"], cwd=folder).returncode == 0
    listed = {line.split("  ")[1] for line in sums.decode().splitlines()}
    there = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert there - {"SHA256SUMS", "SHA256SUMS.sig"} == listed
    leaves = [check_record(world, path, key) for path in sorted((folder / "records").iterdir())]
    assert [b64(leaf) for leaf in leaves] == [record["leaf"] for record in report["records"]]
    said = [jws_payload(world, key, text, "secevent+jwt") for text in json.loads((folder / "statuses.json").read_text())["statuses"]]
    assert any(event["state"] == "applied" for each in said for event in each["events"].values()), said


def spoil(world, folder, keys):
    copy = world.folder / "spoiled"
    spoiled = 0
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        content = path.read_bytes()
        places = sorted({0, len(content) // 2, len(content) - 1}) if content else []
        changes = [content[:at] + bytes([content[at] ^ 1]) + content[at + 1:] for at in places]
        for change in [*changes, content + b"\n", None]:
            shutil.rmtree(copy, ignore_errors=True)
            shutil.copytree(folder, copy)
            target = copy / path.relative_to(folder)
            target.unlink() if change is None else target.write_bytes(change)
            evidence(world, 1, copy, *keys)
            spoiled += 1
    shutil.rmtree(copy)
    shutil.copytree(folder, copy)
    (copy / "records/001/more").write_text("")
    evidence(world, 1, copy, *keys)
    (copy / "records/001/more").unlink()
    (copy / "records/001/link").symlink_to("/etc/hostname")
    evidence(world, 1, copy, *keys)
    return spoiled


def check(world):
    first, withdrawal = story(world)
    folder = world.folder / "evidence"
    done = export(world, first["id"], folder, "--catalogue", sign_catalogue(world))
    assert done.returncode == 0, done.stderr
    assert export(world, first["id"], folder).returncode == 1, "a folder that is there is left alone"
    assert export(world, "00000000-0000-7000-8000-000000000000", world.folder / "none").returncode == 1
    trust = ["--trust", world.pki / "trust.json"]
    report = json.loads(evidence(world, 0, folder, *trust, "--json"))
    assert [record["declaration"] for record in report["records"]] == [first["id"], withdrawal["id"]], report
    assert report["effects"] == [{"record": 1, "part": 0, "by": 2, "effect": "ends"}], report
    assert report["records"][0]["terminal_key"] != "given"
    check_independently(world, folder, report)
    again = json.loads(evidence(world, 0, folder, *trust, "--json", "--journal-keys", folder / "journal-keys.json"))
    assert again["records"][0]["terminal_key"] == "given"
    wrong = ["--key", pem_of(world, "other", world.pki / "catalogue-dsb.key")]
    assert "signature_bad" in evidence(world, 1, folder, *wrong)
    for path in folder.rglob("*"):
        for word in ("Demir", "Leyla", "2007-03-14", LEYLA["pseudonym"].decode("latin1")):
            assert not path.is_file() or path.name == "catalogue.jws" or word.encode("latin1") not in path.read_bytes(), (path, word)
    spoiled = spoil(world, folder, trust)
    opened = [json.loads(line) for line in
              evidence(world, 0, folder, *trust, "--views-key", world.pki / "receipts.key", world.pki / "views.key", verb="open").splitlines()]
    assert opened[0]["declaration"]["person"]["family_name"] == "Demir" and all(each["agrees"] for each in opened), opened
    assert opened[0]["entry"]["id"] == "JBA-03", "the text that was shown"
    assert "open_failed" in evidence(world, 1, folder, *trust, "--views-key", world.pki / "receipts.key", verb="open")
    # About the act, too: what it ended comes with it.
    assert export(world, withdrawal["id"], world.folder / "act").returncode == 0
    about_act = json.loads(evidence(world, 0, world.folder / "act", *trust, "--json"))
    assert [each["kind"] for each in about_act["records"]] == ["withdrawal", "grant"], about_act
    return spoiled


def main():
    with World(sys.argv[1]) as world:
        world.start()
        spoiled = check(world)
    print(f"evidence: genuine by two ways, {spoiled} changes found, nobody's name in it")


if __name__ == "__main__":
    main()
