#!/usr/bin/env bash
# SPDX-License-Identifier: EUPL-1.2
# Runs the benchmarks and prints one table: each value beside its peer or limit, measured in the same run.
# Started by ./run bench. usage: bench.sh BUILD [card|screens|sync|store] [--json FILE]
# Each bench program prints JSON lines {name,value,unit,reference,reference_value,ratio,budget,ok}.
set -euo pipefail
build=$(readlink -f "$1")
shift
here=$(dirname "$(readlink -f "$0")")
topic=all
json=""
while (($#)); do
    case $1 in
        --json) json=$2; shift 2 ;;
        card | screens | sync | store) topic=$1; shift ;;
        *) echo "bench: unknown argument $1 (card, screens, sync, store, --json FILE)" >&2; exit 2 ;;
    esac
done
rows=$(mktemp)
trap 'rm -f "$rows"' EXIT
wants() { [[ $topic == all || $topic == "$1" ]]; }

if wants store; then "$build/bin/journal_bench" >>"$rows"; fi
if wants sync; then "$build/bin/ingest_bench" >>"$rows"; fi
if wants screens; then
    "$build/bin/screen_bench" >>"$rows"
    python3 "$here/kiosk_bench.py" "$build" >>"$rows"
fi
if wants card; then "$here/../card/private_pcscd.sh" -- python3 "$here/card_bench.py" "$build" >>"$rows"; fi
[[ -z $json ]] || cp "$rows" "$json"
exec python3 "$here/table.py" "$rows"
