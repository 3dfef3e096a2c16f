# SPDX-License-Identifier: EUPL-1.2
"""From nothing to a walk and back: a fresh folder, everything of a site started, the steps of one story, and nothing left running."""
import argparse
import pathlib
import shutil

from demo import walk
from report import Report
from screen import Display, Kiosk


def run_walk(name, make_site, days_of, told, syncd=True):
    """Walks `days_of`.STEPS at `make_site`(build, folder), with the folder build/`name` and pictures in --out. `told`: what the steps are
    called. Returns the exit code."""
    parser = argparse.ArgumentParser()
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    options = parser.parse_args()
    build, out = options.build.resolve(), options.out.resolve()
    folder = build.parent / name
    shutil.rmtree(folder, ignore_errors=True)
    out.mkdir(parents=True, exist_ok=True)
    site = make_site(build, folder)
    display = None
    try:
        site.prepare()
        site.start_card()
        display = Display(folder / "display", site.logs)
        kiosk = Kiosk(display, build, out, site.logs)
        report = Report(out)
        days = days_of(site, kiosk, out, None)
        days.display = display
        site.start_kiosk(display)
        if syncd:
            site.start_syncd()
        ok = walk(site, days, report)
        kiosk.close()
        print(f"{len(report.steps)} of {len(days.STEPS)} {told} walked, ok={str(ok).lower()}; pictures in {out}")
        return 0 if ok else 1
    finally:
        site.stop()
        if display:
            display.stop()
