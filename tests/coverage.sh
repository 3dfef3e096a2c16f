#!/usr/bin/env bash
# SPDX-License-Identifier: EUPL-1.2
# Line coverage of drivers/eid and drivers/apdu by their unit tests: one line per file, the sum last. Started by
# ./run coverage, which builds before.
# usage: coverage.sh BUILD      Exits 1 if the sum is below the limit; BUILD/coverage/ then shows every line that never ran.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."
build=$(readlink -f "$1")
limit=95
report=$build/coverage

find "$build" -name '*.gcda' -delete  # counts of an earlier run
ctest --test-dir "$build" --output-on-failure --no-tests=error -R '^unit_(apdu|eid|eid_runs|eid_flows)$' >"$build/coverage.log" \
    || { cat "$build/coverage.log" >&2; echo "coverage: a test failed, so nothing was counted" >&2; exit 1; }
mkdir -p "$report"
gcovr --root . --object-directory "$build" --filter drivers/eid/ --filter drivers/apdu/ --exclude-throw-branches \
    --json-summary "$report/summary.json" --html-details "$report/index.html" --txt "$report/lines.txt" \
    "$build/drivers/eid" "$build/drivers/apdu" "$build/tests/unit/drivers/eid" "$build/tests/unit/drivers/apdu"
sed '1,5d;/^---/d;/^TOTAL/d' "$report/lines.txt"
python3 - "$report/summary.json" "$limit" <<'PYTHON'
import json, sys
summary, limit = json.load(open(sys.argv[1])), float(sys.argv[2])
lines, reached = summary["line_total"], summary["line_covered"]
percent = 100 * reached / lines if lines else 0
print(f"coverage of drivers/eid and drivers/apdu: {percent:.1f} % of {lines} lines (limit {limit:.0f} %)")
sys.exit(percent < limit)
PYTHON
