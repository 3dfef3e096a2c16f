#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""A fleet that comes back after an outage: `freigabectl fleet` against a backend of its own, with fleets of growing size.

usage: fleet.py BUILD [--days D] [--rows] TERMINALS...
Prints a table, or with --rows lines for ./run bench; exits 1 if the log did not grow by exactly what was acknowledged, or (rows) if a
withdrawal among the backlog took longer than it may. The test of the same name runs a small one."""
import argparse
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

WITHDRAWAL_MS_MAX = 2000  # 99 of 100, from written to acknowledged


class Backend:
    """Role ingest, as the fleet needs it: its sealed texts are shared by all records."""

    def __init__(self, build):
        self.bin = pathlib.Path(build).resolve() / "bin"
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="fleet-"))
        self.pki, self.db = self.folder / "pki", self.folder / "backend.db"
        self.run("freigabectl", "pki", "init", "--out", self.pki, "--dns", "localhost")
        self.log = open(self.folder / "log", "wb")
        self.process = subprocess.Popen([
            self.bin / "freigabe-backend", "serve", "--store", f"sqlite:{self.db}", "--role", "ingest", "--listen", "127.0.0.1:0", "--tls-ca",
            self.pki / "tls-ca.crt", "--tls-cert", self.pki / "backend.crt", "--tls-key", self.pki / "backend.key", "--receipt-key",
            self.pki / "receipts.key", "--port-file", self.folder / "port"], stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
        end = time.monotonic() + 60
        while not (self.folder / "port").exists():
            if time.monotonic() > end or self.process.poll() is not None:
                raise RuntimeError("the backend did not start: " + (self.folder / "log").read_text()[-500:])
            time.sleep(0.05)
        self.url = f"https://localhost:{(self.folder / 'port').read_text().split()[0]}"

    def run(self, program, *arguments):
        done = subprocess.run([self.bin / program, *map(str, arguments)], capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(f"{program} {arguments[:2]}: {done.stdout} {done.stderr}")
        return done.stdout

    def drain(self, first, terminals, *options):
        ids, codes = self.folder / "ids", self.folder / "codes"
        ids.write_text(self.run("freigabectl", "fleet", "ids", "--terminals", terminals, "--first", first))
        codes.write_text(self.run("freigabe-backend", "invite", "--store", f"sqlite:{self.db}", "--terminals", ids, "--site", "Fleet"))
        return json.loads(self.run("freigabectl", "fleet", "drain", "--url", self.url, "--pki", self.pki, "--codes", codes, "--first", first,
                                   "--terminals", terminals, "--json", *options))

    def stored(self):
        return sum(file.stat().st_size for file in self.folder.glob("backend.db*"))

    def close(self):
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
        shutil.rmtree(self.folder, ignore_errors=True)


def table(results):
    head = ("terminals", "events", "stored before", "s", "events/s", "MB sent", "B/event stored", "resumed", "repeated", "withdrawals", "p50 ms",
            "p99 ms", "longest ms")
    lines = [head] + [(
        f"{each['terminals']:,}", f"{each['events']:,}", f"{each['before']:,}", f"{each['drain_s']:.1f}", f"{each['events_per_s']:,.0f}",
        f"{each['bytes'] / 1e6:,.1f}", f"{each['stored'] / max(1, each['before'] + each['events']):,.0f}",
        f"{each['resumed']}/{each['connections']}", str(each["repeats"]), str(each["withdrawals"]), f"{each['withdrawal_p50_ms']:.0f}",
        f"{each['withdrawal_p99_ms']:.0f}", f"{each['withdrawal_max_ms']:.0f}") for each in results]
    widths = [max(len(line[i]) for line in lines) for i in range(len(head))]
    for line in lines:
        print("  ".join(text.rjust(width) for text, width in zip(line, widths)))


def rows(results):
    base = results[0]
    for each in results:
        name = f"fleet of {each['terminals']:,} terminals drained"
        ratio = each["events_per_s"] / base["events_per_s"]
        print(json.dumps({"name": name, "value": each["events_per_s"], "unit": "events/s", "reference": f"{base['terminals']:,} terminals",
                          "reference_value": base["events_per_s"], "ratio": ratio, "budget": "", "ok": True}))
        late = each["withdrawal_p99_ms"]
        print(json.dumps({"name": f"fresh withdrawal meanwhile ({each['terminals']:,}), p99", "value": late, "unit": "ms", "reference": "wanted",
                          "reference_value": WITHDRAWAL_MS_MAX, "ratio": late / WITHDRAWAL_MS_MAX, "budget": "<= 1",
                          "ok": late <= WITHDRAWAL_MS_MAX}))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build")
    parser.add_argument("terminals", type=int, nargs="+")
    parser.add_argument("--days", default="7")
    parser.add_argument("--rows", action="store_true")
    parser.add_argument("--workers", default="8")
    options = parser.parse_args()
    backend = Backend(options.build)
    results, first, before = [], 0, 0
    try:
        for terminals in options.terminals:
            result = backend.drain(first, terminals, "--days", options.days, "--workers", options.workers)
            results.append({**result, "before": before, "stored": backend.stored()})
            if not options.rows:
                print(f"{terminals:,} terminals: {result['events']:,} events in {result['drain_s']:.0f} s", file=sys.stderr, flush=True)
            first += terminals + 4
            before += result["log_grown"]
    finally:
        backend.close()
    if options.rows:
        rows(results)
    else:
        table(results)
    if not all(each["resumed"] > 0 or each["connections"] <= each["terminals"] for each in results):
        sys.exit("no TLS session was resumed")


if __name__ == "__main__":
    main()
