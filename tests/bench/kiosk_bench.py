#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Memory and processor time of the kiosk and of the terminal's other program, beside Chromium in kiosk mode showing a page of
the same content.

usage: kiosk_bench.py BUILD        prints JSON lines for tests/bench/table.py
Counts, not wall time: proportional set size, CPU time to the first picture, CPU and wake-ups while nobody touches anything.
"""
import json
import os
import pathlib
import shutil
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))
from processes import Process, wait_until  # noqa: E402
from screen import Display  # noqa: E402
from stack import Site  # noqa: E402

SETTLE_SECONDS = 5
IDLE_SECONDS = 20
PAGE = """<!doctype html><meta charset=utf-8><style>body{margin:0;background:#f3f5f7;font:34px "Noto Sans"}
h1{font-size:60px;margin:48px}div{background:#fff;border:3px solid #5b6770;border-radius:16px;margin:24px 48px;padding:56px;height:120px}
</style><h1>Was möchten Sie tun?</h1><div>Ansehen</div><div>Freigeben</div><div>Zurücknehmen</div><div>Meine Anträge</div><div>Hilfe</div>"""


def tree(pid):
    """A process and all its descendants, as ids."""
    ids = [pid]
    for parent in ids:
        try:
            for task in os.listdir(f"/proc/{parent}/task"):
                with open(f"/proc/{parent}/task/{task}/children", encoding="ascii") as file:
                    ids += [int(child) for child in file.read().split()]
        except FileNotFoundError:
            continue
    return ids


def each(pid, reader):
    total = 0
    for member in tree(pid):
        try:
            total += reader(member)
        except (FileNotFoundError, ProcessLookupError):
            continue
    return total


def pss_kib(pid):
    with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("Pss:"))


def cpu_ms(pid):
    """From the scheduler's own account, in nanoseconds: the usual counter has ticks of 10 ms."""
    total = 0
    for task in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{task}/schedstat", encoding="ascii") as file:
            total += int(file.read().split()[0])
    return total / 1e6


def wake_ups(pid):
    total = 0
    for task in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{task}/status", encoding="ascii", errors="replace") as file:
            total += next(int(line.split()[1]) for line in file if line.startswith("voluntary_ctxt_switches"))
    return total


def painted(picture):
    """True once the window shows more than one colour: sampled, because the picture has eight megabytes."""
    data = picture.read_bytes()[4096:]
    return len(set(data[i:i + 4] for i in range(0, len(data) - 4, 4001))) > 3


def measure(name, start, display, beside=()):
    """`beside`: starters of programs that belong to the application but paint nothing."""
    process = start()
    try:
        wait_until(lambda: painted(display.picture), f"{name} to paint", 120, every=0.02)
        first = each(process.popen.pid, cpu_ms)
        everyone = [process.popen.pid] + [other().popen.pid for other in beside]
        time.sleep(SETTLE_SECONDS)

        def of_all(reader):
            return sum(each(pid, reader) for pid in everyone)

        cpu, wakes = of_all(cpu_ms), of_all(wake_ups)
        time.sleep(IDLE_SECONDS)
        return {"pss": of_all(pss_kib) / 1024, "first": first, "idle": (of_all(cpu_ms) - cpu) / (IDLE_SECONDS * 10),
                "wakes": (of_all(wake_ups) - wakes) / IDLE_SECONDS}
    finally:
        process.stop()


def as_shipped(site):
    """syncd at the pace of a device, not of the demo."""
    path = site.state / "syncd.json"
    config = json.loads(path.read_text())
    config.pop("test")
    path.write_text(json.dumps(config))


def syncd(site):
    site.start_syncd()
    return site.syncd


def row(name, value, unit, peer, budget):
    print(json.dumps({"name": name, "value": round(value, 2), "unit": unit, "reference": "Chromium in kiosk mode",
                      "reference_value": round(peer, 2), "ratio": round(value / peer, 3) if peer else None,
                      "budget": f"<= {budget} {unit}", "ok": value <= budget}))


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="freigabe-bench-"))
    site = Site(build, folder)
    try:
        site.prepare()
        as_shipped(site)
        display = Display(folder / "x-kiosk", folder)
        ours = measure("kiosk", lambda: site.start_kiosk(display), display, [lambda: syncd(site)])
        site.stop()
        display.stop()
        display = Display(folder / "x-peer", folder)
        page = folder / "page.html"
        page.write_text(PAGE, encoding="utf-8")
        command = ["chromium", "--kiosk", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
                   "--disable-component-update", "--disable-sync", f"--user-data-dir={folder}/profile", page.as_uri()]
        peer = measure("chromium", lambda: Process("chromium", command, folder, display.environment), display)
        display.stop()
    finally:
        site.stop()
        shutil.rmtree(folder, ignore_errors=True)
    row("kiosk + syncd: memory (PSS)", ours["pss"], "MiB", peer["pss"], 60)
    row("kiosk: CPU to first picture", ours["first"], "ms", peer["first"], 100)
    # 0.0 % as a person reads it.
    row("kiosk + syncd: idle CPU", ours["idle"], "%", peer["idle"], 0.049)
    row("kiosk + syncd: idle wake-ups", ours["wakes"], "1/s", peer["wakes"], 1)


if __name__ == "__main__":
    main()
