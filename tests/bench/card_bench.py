#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Every card flow through the real pcscd: commands and bytes against the norm's least, processor time, and what the driver adds
to the card's own time.

usage: card_bench.py BUILD        inside tests/card/private_pcscd.sh; prints JSON lines for table.py
The card's own time is what freigabe-card says itself (busy_us): from each whole command to its whole answer. It is told to take
COMMAND_MS more for each: a quick real card needs as much, and a share of a card that answers at once would measure nothing but this
machine's scheduler. Times are those of the run that was disturbed least.
"""
import json
import pathlib
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "e2e"))
from card_flows import Sizes, flows  # noqa: E402
from processes import Failed, Process, wait_until  # noqa: E402
from stack import SOURCE, Site  # noqa: E402

RUNS = 5
COMMAND_MS = 20
READER = "Virtual PCD 00 00"
PIN, CAN, PUK, TRANSPORT = "123456", "500540", "9876543210", "12345"
# A full run reads five groups (eid.md, budgets): names, birth date and place, address.
GROUPS = "4,5,8,9,17"
CPU_MS_MAX = 60
# What a run may take beyond the card's own time: a tenth of it, and 15 ms for a program that starts and finds the reader.
OVERHEAD_SHARE, OVERHEAD_MS = 0.10, 15


class Flow:
    """One line of the table: how the card starts, what freigabectl is told, what it reads from standard input."""

    def __init__(self, arguments, secrets, pin_state="operational"):
        self.arguments, self.secrets, self.pin_state = arguments, secrets, pin_state


def all_flows(site, blocked):
    read = ["read", "--at-cert", site.pki / "cvca-link.cvcert", site.pki / "dv.cvcert", site.pki / "terminal.cvcert", "--at-key",
            site.pki / "terminal.key", "--sector", site.pki / "sector.pub", "--cvca-dir", site.pki, "--dg", GROUPS, "--csca",
            site.folder / "csca.der"]
    return {
        "read with PIN": Flow([*read, "--pin-stdin"], [PIN]),
        "read, block list": Flow([*read, "--pin-stdin", *blocked], [PIN]),
        "read, suspended: CAN + PIN": Flow([*read, "--can-stdin", "--pin-stdin"], [CAN, PIN], "suspended"),
        "read on site: CAN": Flow([*read, "--can-stdin"], [CAN]),
        "PIN status": Flow(["pin-status"], []),
        "change PIN": Flow(["change-pin"], [PIN, "654321", ""]),
        "change transport PIN": Flow(["change-pin"], [TRANSPORT, PIN, ""], "transport"),
        "resume: CAN, PIN": Flow(["resume"], [CAN, PIN], "suspended"),
        "unblock: PUK": Flow(["unblock"], [PUK, ""], "blocked"),
    }


def start_card(site, pin_state):
    """A card of its own for each run: nothing of the run before is left."""
    site.card_socket.unlink(missing_ok=True)
    card = Process("card", [site.bin / "freigabe-card", "--person", site.person, "--cvca", site.pki / "cvca2.cvcert", "--pin", PIN,
                            "--can", CAN, "--puk", PUK, "--pin-state", pin_state, "--control", site.card_socket,
                            "--delay-ms", COMMAND_MS, "--export-csca", site.folder / "csca.der"], site.logs)
    wait_until(lambda: card.check() or site.card_socket.exists(), "the virtual card")
    wait_until(lambda: json.loads(site.tell_card("status"))["connected"], "the card in its reader")
    return card


def run_once(site, flow):
    """Differences of the card's counters, what freigabectl says, and milliseconds of wall and processor."""
    card = start_card(site, flow.pin_state)
    try:
        command = [str(part) for part in (site.bin / "freigabectl", "card", *flow.arguments, "--reader", READER, "--json")]
        # The first question powers the card up; no flow is to pay for that.
        subprocess.run([*command[:2], "pin-status", "--reader", READER], capture_output=True, check=False)
        before, used = json.loads(site.tell_card("status")), resource.getrusage(resource.RUSAGE_CHILDREN)
        began = time.perf_counter()
        done = subprocess.run(command, input="".join(f"{line}\n" for line in flow.secrets), text=True, capture_output=True,
                              check=False)
        wall = (time.perf_counter() - began) * 1000
        spent = resource.getrusage(resource.RUSAGE_CHILDREN)
        after = json.loads(site.tell_card("status"))
    finally:
        card.stop()
    if done.returncode != 0:
        raise Failed(f"freigabectl card {flow.arguments[0]}: {done.stdout} {done.stderr}")
    run = {name: after[name] - before[name] for name in ("commands", "command_bytes", "busy_us")}
    if json.loads(done.stdout)["apdus"] != run["commands"]:
        raise Failed("freigabectl and the card count differently")
    run["cpu"] = (spent.ru_utime + spent.ru_stime - used.ru_utime - used.ru_stime) * 1000
    run["wall"] = wall
    run["overhead"] = wall - run["busy_us"] / 1000
    return run


def value_of(data, at=0):
    """One TLV object: its content, its whole, and where the next one begins."""
    start, tag = at, 2 if data[at] & 0x1F == 0x1F else 1
    at += tag
    size = data[at]
    at += 1
    if size >= 0x80:
        width = size & 0x7F
        size, at = int.from_bytes(data[at:at + width], "big"), at + width
    return data[at:at + size], data[start:at + size], at + size


def sizes_of(site):
    """From the terminal's own files: what it must send of them."""
    sent, issuers, holder = [], [], 0
    for name in ("dv", "terminal"):
        content, _, _ = value_of((site.pki / f"{name}.cvcert").read_bytes())
        body, _, _ = value_of(content)
        sent.append(len(content))
        _, _, at = value_of(body)                       # profile
        issuer, _, at = value_of(body, at)
        issuers.append(len(issuer))
        _, _, at = value_of(body, at)                   # key
        name_of_holder, _, _ = value_of(body, at)
        holder = len(name_of_holder)
    sector, _, _ = value_of((site.pki / "sector.pub").read_bytes())
    return Sizes(sent, issuers, holder, len(sector))


def block_list(site):
    """A list of the revocation sector with one foreign card on it."""
    cards, file, sector = site.folder / "cards.txt", site.folder / "cards.blocklist", site.pki / "sector-revocation.pub"
    cards.write_text("00" * 32 + "\n", encoding="utf-8")
    site.ctl("blocklist", "build", "--created", time.strftime("%Y%m%d"), "--sector", sector, cards, file)
    return ["--block-list", file, "--revocation-sector", sector]


def row(name, value, unit, reference, reference_value, limit, ok):
    print(json.dumps({"name": name, "value": round(value, 1), "unit": unit, "reference": reference, "reference_value": reference_value,
                      "ratio": round(value / reference_value, 3) if reference_value else None, "budget": limit, "ok": ok}),
          flush=True)


def report(name, runs, least):
    commands, sent = max(run["commands"] for run in runs), max(run["command_bytes"] for run in runs)
    best = min(runs, key=lambda run: run["overhead"])
    cpu, busy = min(run["cpu"] for run in runs), best["busy_us"] / 1000
    for measure, value, unit, fewest in (("commands", commands, "APDU", len(least)), ("sent", sent, "bytes", sum(least))):
        row(f"{name}: {measure}", value, unit, "least by the norm (card_flows.py)", fewest, f"<= {fewest}", value <= fewest)
    row(f"{name}: driver CPU", cpu, "ms", "the card's own time", round(busy, 1), f"<= {CPU_MS_MAX} ms", cpu <= CPU_MS_MAX)
    limit = OVERHEAD_SHARE * busy + OVERHEAD_MS
    row(f"{name}: beyond the card", best["overhead"], "ms", "the card's own time", round(busy, 1),
        f"<= 10 % + 15 ms = {limit:.0f} ms", best["overhead"] <= limit)


def main():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="freigabe-bench-"))
    site = Site(pathlib.Path(sys.argv[1]).resolve(), folder)
    try:
        site.logs.mkdir(parents=True)
        site.ctl("pki", "init", "--out", site.pki, "--dns", "localhost")
        least = flows(sizes_of(site), len(GROUPS.split(",")))
        stated = re.search(r"eid_run_apdus_max == (\d+)", (SOURCE / "drivers/base/limits.hpp").read_text(encoding="utf-8"))
        if len(least["read with PIN"]) != int(stated.group(1)):
            raise Failed("limits.hpp and card_flows.py count a full run differently")
        for name, flow in all_flows(site, block_list(site)).items():
            report(name, [run_once(site, flow) for _ in range(RUNS)], least[name])
    finally:
        site.stop()
        shutil.rmtree(folder, ignore_errors=True)


main()
