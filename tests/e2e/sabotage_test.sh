#!/usr/bin/env bash
# SPDX-License-Identifier: EUPL-1.2
# The demo with one thing falsified must fail, at the step and for the reason that belongs to it.
# usage: sabotage_test.sh BUILD KIND WORDS-OF-THE-FAILURE
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
out="$1/sabotage-$2"
if text=$("$here/demo.sh" "$1" --headless --out "$out" --sabotage "$2"); then
    echo "the falsified $2 was not noticed"
    exit 1
fi
printf '%s\n' "$text"
grep -q '"ok": false' "$out/summary.json"
grep -qF "$3" <<<"$text"
