#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Prints benchmark rows as a table, and as one JSON array with --json FILE. Exits 1 if a row with a budget is outside of it: a budget is a ratio or a count, never a wall time."""
import json
import sys


KEYS = ("name", "value", "unit", "reference", "reference_value", "ratio", "budget", "ok")


def cell(value):
    if value is None:
        return ""
    return f"{value:,.3g}" if isinstance(value, float) and abs(value) < 1000 else f"{value:,}"


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        rows = [json.loads(line) for line in file if line.strip()]
    if len(sys.argv) > 3 and sys.argv[2] == "--json":
        with open(sys.argv[3], "w", encoding="utf-8") as file:
            json.dump([{key: row.get(key) for key in KEYS} for row in rows], file, indent=1, ensure_ascii=False)
    head = ("name", "value", "unit", "reference", "reference value", "ratio", "budget", "ok")
    table = [head] + [(row["name"], cell(row["value"]), row["unit"], row.get("reference") or "",
                       cell(row.get("reference_value")), cell(row.get("ratio")), str(row.get("budget") or ""),
                       "yes" if row.get("ok", True) else "NO") for row in rows]
    widths = [max(len(line[column]) for line in table) for column in range(len(head))]
    for number, line in enumerate(table):
        print("  ".join(text.ljust(width) for text, width in zip(line, widths)).rstrip())
        if number == 0:
            print("  ".join("-" * width for width in widths))
    outside = [row["name"] for row in rows if not row.get("ok", True)]
    print(f"{len(rows)} rows, {len(outside)} outside their budget {' '.join(outside)}".rstrip())
    sys.exit(1 if outside else 0)


main()
