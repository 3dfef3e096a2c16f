#!/usr/bin/python3
# SPDX-License-Identifier: EUPL-1.2
"""What an operator sees and does, on a running backend: /metrics by an OpenMetrics parser of somebody else, every metric of dashboard
and alert rules there, no terminal or person in it; a terminal taken out of service; a restore from a backup.
usage: ops_test.py <folder of programs>"""
import datetime
import json
import pathlib
import re
import shutil
import subprocess
import sys
import threading

import yaml
from prometheus_client.openmetrics.parser import text_string_to_metric_families

from postgresql import Postgresql
from postgresql import programs as programs_of_postgresql
from stranger import wait_for
from stranger_test import LEYLA, World, consent

OPS = pathlib.Path(__file__).resolve().parents[4] / "sync/backend/ops"
PAGE = OPS.parent / "operations.md"


def families(world):
    status, _, text = world.plain("GET", "/metrics", world.metrics_port)
    assert status == 200, text
    return {family.name: family for family in text_string_to_metric_families(text)}, text


def value(found, name, **labels):
    for sample in found[name].samples:
        if sample.name in (name, name + "_total") and labels.items() <= sample.labels.items():
            return sample.value
    return None


def send(world, terminal, since, to):
    return world.terminal_line.ask("POST", world.path + "/batches", terminal.batch(since, to))


def used_names():
    """Metric names in every expression of rules and dashboard."""
    rules = [rule for group in yaml.safe_load((OPS / "alerts.yml").read_text())["groups"] for rule in group["rules"]]
    dashboard = json.loads((OPS / "dashboard.json").read_text())
    expressions = [rule["expr"] for rule in rules]
    expressions += [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
    page = PAGE.read_text()
    watched = {word for text in expressions for words in re.findall(r'problem=~?"([^"]+)"', text) for word in words.split("|")}
    for rule in rules:
        assert rule["annotations"]["summary"] and rule["labels"]["severity"] in ("page", "ticket"), rule
        assert f"**{rule['alert']}**" in page, f"operations.md does not say what to do about {rule['alert']}"
    return {name for text in expressions for name in re.findall(r"freigabe_\w+", text)}, watched


def metrics(world):
    terminal = world.terminal
    for _ in range(3):
        terminal.append("grant", consent(world))
    world.receipts(send(world, terminal, 1, 3))
    withdrawal = terminal.declaration("withdrawn", LEYLA, targets=[{"subject": True}])
    terminal.append("withdrawal", withdrawal)
    world.receipts(world.terminal_line.ask("POST", world.path + "/advance", terminal.advance(4)))
    terminal.append("grant", consent(world))
    assert send(world, terminal, 5, 5).problem() == "gap"
    world.receipts(send(world, terminal, 4, 5))
    found, text = families(world)
    samples = {sample.name for family in found.values() for sample in family.samples}
    used, watched = used_names()
    missing = used - samples
    assert not missing, f"dashboard or rules use what the backend does not expose: {missing}"
    assert watched and all(value(found, "freigabe_problems", problem=word) == 0 for word in watched), "a first failure is an increase, too"
    assert value(found, "freigabe_records") == 6, "five, and one of them came ahead as well"
    assert value(found, "freigabe_gaps") == 1 and value(found, "freigabe_problems", problem="gap") == 1
    assert value(found, "freigabe_responses", status="409") == 1
    assert value(found, "freigabe_log_queue_age_seconds") == 0
    now = datetime.datetime.now(datetime.timezone.utc).timestamp()
    assert abs(value(found, "freigabe_site_contact_timestamp_seconds", site="Musterstadt") - now) < 600
    for lane in ("chain", "advance"):
        count = [sample.value for sample in found["freigabe_delivery_delay_seconds"].samples
                 if sample.name.endswith("_count") and sample.labels["lane"] == lane]
        assert count == [{"chain": 2, "advance": 1}[lane]], (lane, count)
    for word in ("Demir", "Leyla", world.terminal_id, "musterstadt-agentur"):
        assert word not in text, word


def prometheus_agrees():
    """promtool, where the machine has it; the parser and the names above are checked in any case."""
    try:
        done = subprocess.run(["promtool", "check", "rules", OPS / "alerts.yml"], capture_output=True, text=True)
    except FileNotFoundError:
        return "no promtool here"
    assert done.returncode == 0, done.stderr
    return "promtool agrees"


def relaunch(world):
    """The same backend again; its ports are new."""
    world.backend.terminate()
    assert world.backend.wait(30) == 0
    (world.folder / "ports").unlink()
    database = world.folder / "backend.db"
    if (world.folder / "restore").exists():
        for suffix in ("", "-wal", "-shm"):
            database.with_name("backend.db" + suffix).unlink(missing_ok=True)
        shutil.copyfile(world.folder / "restore", database)
    world.backend = subprocess.Popen(world.backend.args, stdin=subprocess.DEVNULL, stdout=world.log, stderr=world.log)
    ports = wait_for(lambda: (world.folder / "ports").exists() and len((world.folder / "ports").read_text().split()) == 3
                     and (world.folder / "ports").read_text().split(), "the backend")
    world.port, world.plain_port, world.metrics_port = (int(port) for port in ports)
    for line in (world.terminal_line, world.agency, world.office, world.auditor):
        line.port = world.port


def backup(world, to):
    return subprocess.run([world.bin / "freigabe-backend", "backup", "--db", world.folder / "backend.db", "--to", to],
                          capture_output=True).returncode


def restore(world):
    """The drill of operations.md: back up under load, go on, lose the disk, take the copy; the terminal fills what is missing."""
    terminal, copy = world.terminal, world.folder / "restore.copy"
    log_size = lambda: world.auditor.ask("GET", "/healthz").json()["log_size"]
    stop, sent = threading.Event(), []

    def load():
        while not stop.is_set():
            seq = terminal.append("grant", consent(world))
            world.receipts(send(world, terminal, seq, seq))
            sent.append(seq)

    thread = threading.Thread(target=load)
    thread.start()
    wait_for(lambda: len(sent) >= 2 or not thread.is_alive(), "some load")
    assert backup(world, copy) == 0
    at_backup = len(sent)
    wait_for(lambda: len(sent) >= at_backup + 3 or not thread.is_alive(), "more load")
    stop.set()
    thread.join()
    assert backup(world, copy) == 1, "a copy is never overwritten"
    newest, whole = sent[-1], log_size()
    note = world.auditor.ask("GET", "/v1/log/checkpoint").body
    (world.folder / "old.note").write_bytes(note)
    copy.rename(world.folder / "restore")
    relaunch(world)
    assert log_size() < whole, "the copy is older"
    verify = [world.bin / "freigabectl", "log", "verify", "--url", f"https://localhost:{world.port}", "--tls-ca", world.pki / "tls-ca.crt",
              "--tls-cert", world.pki / "auditor.crt", "--tls-key", world.pki / "auditor.key", "--trust", world.pki / "trust.json",
              "--since", world.folder / "old.note"]
    assert subprocess.run(verify, capture_output=True).returncode == 1, "an auditor sees that the log was set back"
    growth = world.terminal_line.ask("GET", f"/v1/log/growth?from={whole}").json()
    assert int(growth["checkpoint"].split("\n")[1]) < whole, "a terminal sees it"
    terminal.append("grant", consent(world))
    refused = send(world, terminal, newest + 1, newest + 1)
    assert refused.problem() == "gap"
    missing = refused.json()["next_seq"]
    assert missing <= newest
    found, _ = families(world)
    assert value(found, "freigabe_log_conflicts") == 1 and value(found, "freigabe_gaps") == 1
    receipts = world.receipts(send(world, terminal, missing, newest + 1))
    said, = receipts[0]["events"].values()
    assert [record["seq"] for record in said["records"]] == list(range(missing, newest + 2)) and log_size() == whole + 1
    return newest + 1


def restore_postgresql(programs):
    """The same drill with PostgreSQL's own tools, as operations.md has them: a dump while the backend runs, a restored database that is older
    than what terminals know, the log's next name, and the terminal fills what is missing."""
    server, world = Postgresql(), World(programs)
    try:
        server.start()
        server.sql("CREATE DATABASE freigabe")
        world.store = server.url("freigabe")
        tools, dump = programs_of_postgresql(), server.folder / "freigabe.dump"
        at = ["-h", server.folder, "-U", "freigabe"]
        world.start()
        terminal = world.terminal
        assert world.terminal_line.ask("POST", "/v1/enrolments", terminal.enrolment(world.invite()), "application/jose").status == 201
        for _ in range(3):
            terminal.append("grant", consent(world))
        world.receipts(send(world, terminal, 1, 3))
        server._run(tools / "pg_dump", *at, "--format=custom", f"--file={dump}", "freigabe")
        withdrawal = terminal.declaration("withdrawn", LEYLA, targets=[{"subject": True}])
        terminal.append("withdrawal", withdrawal)
        terminal.append("grant", consent(world))
        world.receipts(send(world, terminal, 4, 5))
        world.backend.terminate()
        assert world.backend.wait(30) == 0
        server._run(tools / "pg_restore", *at, "--clean", "--if-exists", "--dbname=freigabe", dump)
        assert server.sql("SELECT count(*) FROM record", "freigabe") == [["3"]], "the dump is older"
        assert server.sql("SELECT count(*) FROM part WHERE state = 0", "freigabe") == [["3"]], "and knows no withdrawal"
        world.more_options = ["--issuer", "urn:freigabe:backend:log2"]
        world.launch()
        terminal.append("grant", consent(world))
        refused = send(world, terminal, 6, 6)
        assert refused.problem() == "gap" and refused.json()["next_seq"] == 4
        receipts = world.receipts(send(world, terminal, 4, 6))
        assert receipts[0]["iss"] == "urn:freigabe:backend:log2", receipts
        rows = server.sql("SELECT kind, state, count(*) FROM part GROUP BY kind, state ORDER BY state", "freigabe")
        assert rows == [["1", "0", "2"], ["1", "2", "3"]], rows
        assert server.sql("SELECT generation, first_index FROM log_name ORDER BY generation", "freigabe") == [["1", "0"], ["2", "3"]]
        note = world.auditor.ask("GET", "/v1/log/checkpoint").body.decode().split("\n")
        assert note[:2] == ["urn:freigabe:backend:log2", "6"], note
    except BaseException:
        log = world.folder / "backend.log"
        sys.stderr.write(log.read_text()[-2000:] if log.exists() else "no backend\n")
        raise
    finally:
        world.close()
        server.stop()


def new_device(world):
    """The disk died: the same UUID is refused early and with a remedy, and so is a code from before."""
    refused = subprocess.run([world.bin / "freigabe-backend", "invite", "--db", world.folder / "backend.db", "--terminal", world.terminal_id,
                              "--site", "Musterstadt"], capture_output=True, text=True)
    assert refused.returncode == 1 and "new UUID" in refused.stderr.replace("\n", " "), refused.stderr
    tool = [world.bin / "freigabectl", "enrol", "--backend", f"https://localhost:{world.port}", "--code", world.spare_code, "--site",
            "Musterstadt", "--state", world.folder / "new-device", "--pki", world.pki]
    done = subprocess.run(tool, capture_output=True, text=True)
    assert done.returncode == 1 and "new UUID" in done.stderr, done.stderr
    assert not (world.folder / "new-device/terminal.json").exists()


def revocation(world, known):
    terminal = world.terminal
    refused = subprocess.run([world.bin / "freigabe-backend", "revoke", "--db", world.folder / "backend.db", "--terminal",
                              world.terminal_id], capture_output=True)
    assert refused.returncode == 1, "without a reason"
    world.run("freigabe-backend", "revoke", "--db", world.folder / "backend.db", "--terminal", world.terminal_id, "--reason", "stolen")
    grant = consent(world)
    terminal.append("grant", grant)
    scope = terminal.declaration("withdrawn", LEYLA, targets=[{"subject": True}])
    terminal.append("withdrawal", scope)
    assert send(world, terminal, known + 1, known + 2).problem() == "terminal-revoked"
    for path in ("/v1/log/checkpoint", world.path + "/events"):
        assert world.terminal_line.ask("GET", path).problem() == "terminal-revoked", path
    tag = terminal.scopes(grant)[17:49].hex()
    releases = world.auditor.ask("GET", f"/v1/subjects/{tag}/releases").json()
    assert releases["alive"] == 0 and len(releases["releases"]) == known - 1, releases
    found, _ = families(world)
    assert value(found, "freigabe_revoked_terminals") == 1 and value(found, "freigabe_revoked_deliveries") == 1
    assert value(found, "freigabe_quarantined_records") == 2
    assert "site" not in {label for sample in found["freigabe_site_contact_timestamp_seconds"].samples for label in sample.labels}


def main():
    with World(sys.argv[1]) as world:
        world.start()
        world.spare_code = world.invite()
        assert world.terminal_line.ask("POST", "/v1/enrolments", world.terminal.enrolment(world.invite()), "application/jose").status == 201
        metrics(world)
        known = restore(world)
        new_device(world)
        revocation(world, known)
        said = prometheus_agrees()
        restore_postgresql(sys.argv[1])
    print(f"operations: metrics complete, {said}; a backup restored without loss on both databases; a revoked terminal's withdrawals count")


if __name__ == "__main__":
    main()
