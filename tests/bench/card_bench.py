#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""One full reading run through the real pcscd: APDUs against the norm's least, processor time of the driver against the card's.

usage: card_bench.py BUILD        inside tests/card/private_pcscd.sh; prints JSON lines for table.py
"""
import json
import os
import pathlib
import re
import resource
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))
from processes import Failed, wait_until  # noqa: E402
from stack import SOURCE, Site  # noqa: E402

RUNS = 10
# A full run reads five groups (eid.md, budgets): names, birth date and place, address.
GROUPS = "4,5,8,9,17"


def cpu_ms(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


def read_once(site):
    """Returns what freigabectl says and the processor time it took."""
    command = [site.bin / "freigabectl", "card", "read", "--reader", "Virtual PCD 00 00", "--pin-stdin", "--at-cert",
               site.pki / "cvca-link.cvcert", site.pki / "dv.cvcert", site.pki / "terminal.cvcert", "--at-key", site.pki / "terminal.key",
               "--sector", site.pki / "sector.pub", "--cvca-dir", site.pki, "--dg", GROUPS, "--json"]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([str(part) for part in command], input="123456\n", text=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode != 0:
        return None
    spent = (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1000
    return json.loads(done.stdout), spent


def budget():
    text = (SOURCE / "drivers/base/limits.hpp").read_text(encoding="utf-8")
    found = re.search(r"eid_run_apdus_max == (\d+)", text)
    return int(found.group(1)) if found else None


def row(name, value, unit, reference, reference_value, limit, ok):
    print(json.dumps({"name": name, "value": round(value, 1), "unit": unit, "reference": reference, "reference_value": reference_value,
                      "ratio": round(value / reference_value, 2) if reference_value else None, "budget": limit, "ok": ok}))


def main():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="freigabe-bench-"))
    site = Site(pathlib.Path(sys.argv[1]).resolve(), folder)
    try:
        site.prepare()
        site.start_card(absent=False)
        wait_until(lambda: read_once(site), "a first run")
        card_before = cpu_ms(site.card.popen.pid)
        runs = [read_once(site) for _ in range(RUNS)]
        card_ms = (cpu_ms(site.card.popen.pid) - card_before) / RUNS
        if not all(runs):
            raise Failed("a run failed; see freigabectl card read")
        spent = sorted(time for _, time in runs)[RUNS // 2]
        apdus = max(answer["apdus"] for answer, _ in runs)
        row("APDUs of a full run", apdus, "APDU", "least by the norm (limits.hpp)", budget(), "<= limit",
            budget() is None or apdus <= budget())
        row("driver CPU of a full run", spent, "ms", "CPU of the virtual card", round(card_ms, 1), "<= 60 ms", spent <= 60)
    finally:
        site.stop()
        shutil.rmtree(folder, ignore_errors=True)


main()
