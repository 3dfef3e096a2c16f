# SPDX-License-Identifier: EUPL-1.2
"""The drill of operations.md "Restore": a backend comes out of an old backup and goes on with its log under the next name. Its own word
brings it nothing; once two people have signed the name, the terminal follows, brings what it still has, and every record of it is proved
in the new log. A withdrawal that the backup had lost counts as before. The terminal's key was changed after the backup, too: its records
are refused until the backend is told once more, and then nothing of them is missing.

usage: next_log.py BUILD"""
import contextlib
import json
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import tempfile

from courier import Kiosk, TwoSites, expect
from processes import run, wait_until

NEXT = "urn:freigabe:backend:log2"


class OneSite(TwoSites):
    """A terminal without a window, and a backend that is there."""

    def prepare_with_line(self):
        for folder in (self.folder, self.logs):
            folder.mkdir(parents=True, exist_ok=True)
        self.ctl("pki", "init", "--out", self.pki, "--dns", "localhost")
        self._sign_catalogue()
        self.ctl("downstream", "release", self.downstream, self.pki / "downstream-root.jws")
        self.start_backend()
        self._enrol()
        (self.state / "kiosk.json").write_text(json.dumps({
            "schema": "freigabe-kiosk-1", "provider": "Stadt Musterstadt", "languages": ["de"],
            "card": {"certificates": ["none.cvcert"], "sector": "none.pub", "csca": ["none.der"]}}), encoding="utf-8")
        config = json.loads((self.state / "syncd.json").read_text())
        config["test"]["round_ms"] = 500
        (self.state / "syncd.json").write_text(json.dumps(config))
        self.publish(f"catalogue={self.folder / 'catalogue.jws'}")

    def restart_backend(self, database=None, name=None):
        self.stop_backend()
        if database:
            for end in ("-wal", "-shm"):
                (self.folder / f"backend.db{end}").unlink(missing_ok=True)
            shutil.copyfile(database, self.folder / "backend.db")
        self.backend_words = ["--issuer", name] if name else []
        self.start_backend()

    def rows(self, sql):
        with contextlib.closing(sqlite3.connect(f"file:{self.folder / 'backend.db'}?mode=ro", uri=True)) as database:
            return database.execute(sql).fetchall()

    def stopped_journal(self, sql):
        with contextlib.closing(sqlite3.connect(self.state / "journal.db")) as journal:
            return journal.execute(sql).fetchall()

    def kiosk_lines(self, start):
        return sum(line.startswith(start) for line in (self.logs / "kiosk.log").read_text().splitlines())

    def let_go(self):
        """Records whose sealed bytes the terminal has let go of, so each was proved in a log that it follows."""
        lines = (self.logs / "kiosk.log").read_text().splitlines()
        return sum(int(line.rpartition("=")[2]) for line in lines if line.startswith("records_compacted "))

    def held(self):
        return self.ctl("journal", "checkpoint", self.state / "journal.db").splitlines()[0]


def wait_for_proofs(site, what, condition):
    """syncd looks at the log at its start, and then every minute."""
    without_place = "SELECT (SELECT count(*) FROM record) - (SELECT count(*) FROM log_entry)"
    wait_for(site, "a place in the log for each record", lambda: site.rows(without_place) == [(0,)])
    site.syncd.stop()
    site.start_syncd()
    wait_for(site, what, condition)


def wait_for(site, what, condition):
    wait_until(lambda: site.syncd.check() or condition(), what, 60)


def wait_for_records(site, count):
    wait_for(site, f"{count} records at the backend", lambda: site.rows("SELECT count(*) FROM record")[0][0] == count)


def lose(site, kiosk):
    """Two releases are in the backup; what takes them back, another one, a new key and a release under that are not."""
    for _ in range(2):
        kiosk.say("give musterstadt-agentur", "recorded")
    wait_for_records(site, 2)
    wait_for_proofs(site, "the first two to be proved", lambda: site.let_go() == 2)
    run([site.bin / "freigabe-backend", "backup", "--db", site.folder / "backend.db", "--to", site.folder / "old.db"], "the backup")
    kiosk.say("take-back-all", "recorded")
    kiosk.say("give musterstadt-jobcenter", "recorded")
    wait_for_records(site, 4)
    wait_for_proofs(site, "all four to be proved", lambda: site.let_go() == 4)
    kiosk.stop()
    site.ctl("rotate-key", "--state", site.state)
    kiosk = Kiosk(site)
    kiosk.say("give musterstadt-agentur", "recorded")
    wait_for_records(site, 5)
    wait_for_proofs(site, "the fifth to be proved", lambda: site.let_go() == 5)
    states = site.rows("SELECT state, count(*) FROM part GROUP BY state ORDER BY state")
    expect(states == [(0, 2), (2, 2)], f"before the loss: {states}")
    return kiosk


def by_its_own_word(site, kiosk):
    """An old backup under the old name, then under the next one: neither is followed."""
    site.restart_backend(site.folder / "old.db")
    kiosk.say("give musterstadt-agentur", "recorded")
    wait_for(site, "the new key to be refused", lambda: "name=signature_bad" in (site.logs / "backend.log").read_text())
    site.ctl("rotate-key", "--state", site.state, "--again")
    wait_for_records(site, 6)
    site.restart_backend(name=NEXT)
    kiosk.say("give musterstadt-agentur", "recorded")
    wait_for_records(site, 7)
    wait_for(site, "the terminal to call somebody", lambda: site.kiosk_lines("alarm_raised kind=2 ") > 0)
    expect(site.let_go() == 5, "something was let go that no log of ours proves")
    kiosk.stop()
    site.syncd.stop()
    expect(site.held() == "urn:freigabe:backend", f"followed by its own word: {site.held()}")
    return Kiosk(site)


def by_a_signed_word(site, kiosk):
    trust = json.loads((site.state / "trust.json").read_text())
    log = site.folder / "log.json"
    log.write_text(json.dumps({"schema": "freigabe-log-1", "name": NEXT, "keys": [trust["backend"]["receipts"]]}))
    site.publish(f"log={log}")
    site.start_syncd()
    wait_for(site, "the signed word", lambda: site.kiosk_lines("downstream_activated version=2") == 1)
    wait_for_proofs(site, "the new log to prove the rest", lambda: site.let_go() == 7)
    kiosk.say("give musterstadt-jobcenter", "recorded")
    wait_for_records(site, 8)
    wait_for_proofs(site, "an eighth", lambda: site.let_go() == 8)
    kiosk.stop()
    site.syncd.stop()


def from_before_the_terminal(site):
    """The backup is older than the terminal: nothing is taken until it has been enrolled once more, in the place where it stands."""
    kiosk = Kiosk(site)
    site.start_syncd()
    kiosk.say("give musterstadt-agentur", "recorded")
    wait_for_records(site, 1)
    site.stop_backend()
    for file in site.folder.glob("backend.db*"):
        file.unlink()
    site.start_backend()
    kiosk.say("give musterstadt-jobcenter", "recorded")
    wait_for(site, "the terminal to be refused", lambda: "where=ingest.not_enrolled" in (site.logs / "backend.log").read_text())
    before = (site.state / "terminal.json").read_bytes()
    site._enrol()
    expect((site.state / "terminal.json").read_bytes() == before, "enrolled once more, the terminal was changed")
    wait_for_records(site, 2)
    kiosk.stop()
    site.syncd.stop()


def judge(site):
    expect(site.held() == NEXT, f"the log that is followed: {site.held()}")
    expect(site.ctl("journal", "checkpoint", "--given-up", site.state / "journal.db").startswith("urn:freigabe:backend\n"),
           "the old checkpoint is kept")
    report = json.loads(site.ctl("journal", "verify", site.state / "journal.db", "--json"))
    expect(report["ok"] and report["rows"] == 8 and report["receipts"] == 8, f"the journal: {report}")
    kinds = [kind for kind, in site.stopped_journal("SELECT kind FROM alarm ORDER BY kind")]
    expect(2 not in kinds and 1 not in kinds, f"alarms that a backup explains are settled: {kinds}")
    closed = site.stopped_journal("SELECT kind FROM alarm_closed WHERE generation = 2")
    expect((2,) in closed, f"and written down: {closed}")
    last, = site.stopped_journal("SELECT header FROM record ORDER BY position DESC LIMIT 1")
    observed = int.from_bytes(last[0][126:134], "big")
    expect(observed >> 48 == 1 and observed & 0xFFFFFFFFFFFF >= 7, f"observed of the last release: {observed:x}")
    # The content of the fourth and fifth is nowhere any more; the third, which took the first two back, lost its content and kept its effect.
    alive = site.rows("SELECT count(*) FROM part WHERE state = 0")[0][0]
    ended = site.rows("SELECT count(*) FROM part WHERE state = 2")[0][0]
    expect((alive, ended) == (3, 2), f"alive {alive}, ended {ended}: the lost withdrawal must end what it ended")
    site.ctl("log", "verify", "--url", f"https://localhost:{site.ports[0]}", "--tls-ca", site.pki / "tls-ca.crt", "--tls-cert",
             site.pki / "auditor.crt", "--tls-key", site.pki / "auditor.key", "--trust", site.pki / "trust.json", "--entries")
    site.stop_backend()
    words = [*site.backend.popen.args, "--issuer", "urn:freigabe:backend"]
    old = subprocess.run(words, capture_output=True, text=True, timeout=60)
    stick = site.folder / "stick"
    stick.mkdir()
    ingest = subprocess.run([site.bin / "freigabectl", "courier", "ingest", stick, "--store", f"sqlite:{site.folder / 'backend.db'}",
                             "--receipt-key", site.pki / "receipts.key"], capture_output=True, text=True, timeout=60)
    for refused in (old, ingest):
        expect(refused.returncode == 1 and "that ends in :log2 as --issuer" in refused.stderr, f"an earlier name: {refused.stderr[-300:]}")


def drill(site):
    kiosk = Kiosk(site)
    site.start_syncd()
    by_a_signed_word(site, by_its_own_word(site, lose(site, kiosk)))
    judge(site)


def play(scene):
    with tempfile.TemporaryDirectory() as folder:
        site = OneSite(sys.argv[1], pathlib.Path(folder) / "site")
        try:
            site.prepare_with_line()
            scene(site)
        except Exception:
            for log in ("kiosk.log", "syncd.log", "backend.log"):
                path = site.logs / log
                if path.exists():
                    sys.stderr.write(f"--- {log}\n{path.read_text()[-3000:]}\n")
            raise
        finally:
            site.stop()


def main():
    play(drill)
    play(from_before_the_terminal)
    print("next log: followed by a signed word and by nothing else; 8 records proved in it, the lost withdrawal counts")


if __name__ == "__main__":
    main()
