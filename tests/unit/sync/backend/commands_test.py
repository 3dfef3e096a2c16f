#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""freigabe-backend as it is called wrongly: each failure names the option or file and what to do next, and leaves nothing behind.
usage: commands_test.py <folder of programs>"""
import datetime
import socket
import subprocess
import sys

from stranger_test import World


def call(world, *arguments, ahead_days=0):
    """Return code and what was said, at a clock that is so many days ahead."""
    command = [str(world.bin / "freigabe-backend"), *map(str, arguments)]
    if ahead_days:
        command = ["faketime", "-f", f"+{ahead_days}d", *command]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL)
    return done.returncode, done.stdout + done.stderr


def refused(world, said, *arguments, **clock):
    code, text = call(world, *arguments, **clock)
    assert code in (1, 2), (arguments, code, text)
    for words in said:
        assert str(words) in text, f"{words} is not said about {arguments}: {text}"


def files(world):
    """Everything that serve needs, each to be replaced by something wrong."""
    pki = world.pki
    return {"--listen": "127.0.0.1:0", "--tls-ca": pki / "tls-ca.crt", "--tls-cert": pki / "backend.crt", "--tls-key": pki / "backend.key",
            "--receipt-key": pki / "receipts.key", "--views-key": pki / "views.key", "--authority-secrets": pki / "authority-secrets.json"}


def starting(world):
    new = world.folder / "new.db"

    def start(said, database=new, **changes):
        options = files(world) | {"--" + name.replace("_", "-"): value for name, value in changes.items()}
        refused(world, said, "serve", "--db", database, *(item for pair in options.items() for item in pair))

    missing, open_key, wrong = world.folder / "missing", world.folder / "open.key", world.folder / "wrong"
    wrong.write_text("no key")
    wrong.chmod(0o600)
    open_key.write_bytes((world.pki / "receipts.key").read_bytes())
    open_key.chmod(0o644)
    for issuer in ("", "a b+c", "a b", "a+b"):
        start(["--issuer", "without blank and plus"], issuer=issuer)
    start([f"--receipt-key {missing}", "No such file"], receipt_key=missing)
    start([f"--receipt-key {open_key}", "chmod 600"], receipt_key=open_key)
    start([f"--views-key {wrong}", "freigabectl pki key"], views_key=f"{world.pki / 'views.key'},{wrong}")
    start([f"--tls-cert {missing}", "No such file"], tls_cert=missing)
    start(["--tls-cert", "openssl x509"], tls_cert=wrong)
    start([f"--authority-secrets {missing}"], authority_secrets=missing)
    secrets = world.folder / "secrets.json"
    good = '{"name":"A","secret":"' + "A" * 43 + '"}'
    for content, said in (("{", "no JSON"), ('{"amt-a":' + good + ',"amt-b":{"name":"B"}}', 'authority "amt-b"'),
                          ('{"amt-a":' + good + ',"-":' + good + "}", 'authority "-"'), ('{"a b":' + good + "}", 'authority "a b"')):
        secrets.write_text(content)
        secrets.chmod(0o600)
        start([f"--authority-secrets {secrets}", said], authority_secrets=secrets)
    start(["--views-key and --authority-secrets"], views_key="")
    start(["sqlite:/nowhere/at/all.db", "writable"], database="/nowhere/at/all.db")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        start([f"--listen {address}", "Address already in use", "ss -ltnp"], listen=address)
        start([f"--metrics-listen {address}", "Address already in use"], metrics_listen=address)
    start(["There is no option --lissten"], lissten="x")
    refused(world, ["There is no command severe"], "severe")
    refused(world, ["--db: its value is missing"], "serve", "--db")
    # A name that no checkpoint may bear is refused before there is a database.
    never = world.folder / "never.db"
    start(["--issuer"], database=never, issuer="a b")
    assert not never.exists(), "nothing was written"


def no_database(world):
    """Whoever mistypes the database must not be told that all is well."""
    typo = world.folder / "typo.db"
    some = "018bcfe5-6800-7075-9a14-fd964bfe8a3d"
    for command, *more in (("purge",), ("revoke", "--terminal", some, "--reason", "lost"), ("backup", "--to", world.folder / "copy.db"),
                           ("evidence", "--declaration", some, "--out", world.folder / "out", "--receipt-key", world.pki / "receipts.key")):
        refused(world, [f"no database at {typo}", "only serve and invite"], command, "--db", typo, *more)
        assert not typo.exists(), command
    done = subprocess.run([world.bin / "freigabectl", "courier", "ingest", world.folder, "--store", f"sqlite:{typo}", "--receipt-key",
                           world.pki / "receipts.key"], capture_output=True, text=True)
    assert done.returncode != 0 and not typo.exists(), done
    assert call(world, "invite", "--db", world.folder / "first.db", "--terminal", some, "--site", "Musterstadt")[0] == 0


def commands(world):
    database = world.folder / "backend.db"
    some = "018bcfe5-6800-7075-9a14-fd964bfe8a3d"
    refused(world, ["--terminal", "has been enrolled"], "revoke", "--db", database, "--terminal", some, "--reason", "lost")
    refused(world, ["--reason"], "revoke", "--db", database, "--terminal", some)
    refused(world, ["--site"], "invite", "--db", database, "--terminal", some)
    refused(world, ["--declaration UUID"], "evidence", "--db", database, "--receipt-key", world.pki / "receipts.key")
    refused(world, ["--declaration", "right one"], "evidence", "--db", database, "--receipt-key", world.pki / "receipts.key", "--declaration", some,
            "--out", world.folder / "out")
    refused(world, ["--issuer"], "evidence", "--db", database, "--receipt-key", world.pki / "receipts.key", "--declaration", some,
            "--out", world.folder / "out", "--issuer", "a b")
    refused(world, ["--evidence-days", "1098"], "purge", "--db", database, "--evidence-days", "1")
    refused(world, ["--store", "postgresql://"], "purge", "--store", "mysql:x")


def clock(world):
    """What purge deletes is gone: it wants more than a clock that may have jumped."""
    database = world.folder / "backend.db"
    assert call(world, "purge", "--db", database)[0] == 0
    assert call(world, "purge", "--db", database, ahead_days=30)[0] == 0
    refused(world, ["31 days ahead", "--today"], "purge", "--db", database, ahead_days=33)
    today = datetime.datetime.now(datetime.timezone.utc).date()
    refused(world, ["one of them is wrong"], "purge", "--db", database, "--today", today, ahead_days=33)
    said = [today + datetime.timedelta(days) for days in (33, 34)]  # midnight may pass meanwhile
    assert any(call(world, "purge", "--db", database, "--today", day, ahead_days=33)[0] == 0 for day in said)
    refused(world, ["--today"], "purge", "--db", database, "--today", "tomorrow")


def main():
    with World(sys.argv[1]) as world:
        world.start()
        assert world.terminal_line.ask("POST", "/v1/enrolments", world.terminal.enrolment(world.invite()), "application/jose").status == 201
        starting(world)
        no_database(world)
        commands(world)
        clock(world)
    print("commands_test: ok")


if __name__ == "__main__":
    main()
