#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""./run attack: twelve attacks on the running demo. Runs inside the namespace that tests/card/private_pcscd.sh makes.

usage: attack.py BUILD [--out DIR] [--only NAME,NAME] [--sabotage NAME] | attack.py --judge attack.json [--sabotage NAME]
Leaves attack.html (what was expected, what was seen) and attack.json; exit code 0 only if every attack was held off.
Each attack brings its canary: what a product without the guard would have shown, which its own judge must call broken.
--sabotage puts that in the place of what was seen: the run must end red. --judge does so with the record of an earlier run.
"""
import argparse
import json
import pathlib
import shutil
import sys
import time
import traceback

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), *(str(HERE.parent / name) for name in ("e2e", "web", "unit/sync/backend"))]

import page  # noqa: E402
from attacks import ATTACKS  # noqa: E402


def verdict_of(attack, seen, sabotage):
    """What the judge says of it, and which weakened versions of the same he would have let pass."""
    if sabotage == attack.name:
        seen = attack.weakened(seen)[0][1]
    # A weakened version is judged against what was really seen: it must be worse by what was weakened.
    blind = [name for name, weaker in attack.weakened(seen) if not attack.judge(weaker)]
    blind += [f"no canary for: {rule}" for rule in attack.uncovered(seen)] if not attack.judge(seen) else []
    return {"number": attack.number, "name": attack.name, "title": attack.title, "expected": attack.expected, "seen": seen,
            "wrong": attack.judge(seen), "canaries": len(attack.weakened(seen)), "blind": blind}


def strike(attack, world, sabotage):
    began = time.monotonic()
    try:
        row = verdict_of(attack, attack.strike(world), sabotage)
    except Exception as failure:  # whatever it was: this attack was not held off, and the page says why
        traceback.print_exc()
        row = {"number": attack.number, "name": attack.name, "title": attack.title, "expected": attack.expected, "seen": {},
               "wrong": [f"the attack could not be carried out: {failure}"], "canaries": 0, "blind": []}
    row["ms"] = int((time.monotonic() - began) * 1000)
    return row


def told(row):
    ok = not row["wrong"] and not row["blind"]
    print(f"{'ok  ' if ok else 'NOT '} {row['title']}  ({row.get('ms', 0) / 1000:.1f} s)", flush=True)
    for wrong in row["wrong"]:
        print(f"     {wrong}", flush=True)
    for name in row["blind"]:
        print(f"     the judge is blind: it let pass “{name}”", flush=True)
    return ok


def run(options, attacks):
    from world import World  # needs the programs, --judge does not
    build = options.build.resolve()
    folder = build.parent / "attack"
    shutil.rmtree(folder, ignore_errors=True)
    out = (options.out or folder / "report").resolve()
    out.mkdir(parents=True, exist_ok=True)
    rows = []
    with World(build, folder, out) as world:
        for attack in attacks:
            rows.append(strike(attack, world, options.sabotage))
            told(rows[-1])
    rows.sort(key=lambda row: row["number"])
    ok = bool(rows) and all(not row["wrong"] and not row["blind"] for row in rows)
    page.write(out, rows, ok)
    print(f"\n{out}/attack.html  {out}/attack.json  ok={str(ok).lower()}")
    return 0 if ok else 1


def judge_again(file, sabotage):
    record = {row["name"]: row for row in json.loads(file.read_text())["attacks"]}
    rows = [verdict_of(attack, record[attack.name]["seen"], sabotage) for attack in ATTACKS if record[attack.name]["seen"]]
    good = [told(row) for row in rows]
    return 0 if all(good) and len(good) == len(ATTACKS) else 1


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build", type=pathlib.Path, nargs="?")
    parser.add_argument("--out", type=pathlib.Path)
    names = [attack.name for attack in ATTACKS]
    parser.add_argument("--only", type=lambda text: text.split(","), default=names)
    parser.add_argument("--sabotage", choices=names)
    parser.add_argument("--judge", type=pathlib.Path)
    options = parser.parse_args()
    if options.judge:
        return judge_again(options.judge, options.sabotage)
    if not options.build or set(options.only) - set(names):
        parser.error(f"give the build folder; attacks are {', '.join(names)}")
    return run(options, [attack for attack in ATTACKS if attack.name in options.only])


if __name__ == "__main__":
    sys.exit(main())
