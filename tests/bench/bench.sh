#!/usr/bin/env bash
# SPDX-License-Identifier: EUPL-1.2
# Runs the benchmarks and prints one table: each value beside its peer or limit, measured in the same run.
# Started by ./run bench. usage: bench.sh BUILD [card|screens|sync|store|growth] [--json FILE]
# growth fills databases with a million events first, so it runs only when it is named.
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
        card | screens | sync | store | growth) topic=$1; shift ;;
        *) echo "bench: unknown argument $1 (card, screens, sync, store, growth, --json FILE)" >&2; exit 2 ;;
    esac
done
rows=$(mktemp)
trap 'rm -f "$rows"' EXIT
wants() { [[ $topic == all || $topic == "$1" ]]; }
log=$build/bench.log
: >"$log"
# measure TEXT COMMAND...  Adds the command's rows; says what is being measured, because a run takes minutes.
measure() {
    printf 'measuring: %s ...\n' "$1" >&2
    "${@:2}" >>"$rows" 2>>"$log" || { tail -20 "$log" >&2; echo "bench: $1 failed; whole log: $log" >&2; exit 1; }
}

if wants store || wants sync; then measure "confirm to durable" "$build/bin/journal_bench"; fi
if wants sync; then measure "backend ingest" "$here/../unit/sync/backend/postgresql.py" --durable "$build/bin/ingest_bench"; fi
if wants sync; then measure "fleets after an outage" python3 "$here/fleet.py" "$build" --rows --days 1 10 100 400; fi
if [[ $topic == growth ]]; then
    measure "ingest beside a million events" "$here/../unit/sync/backend/postgresql.py" --durable "$build/bin/growth_bench"
fi
if wants screens; then
    measure "frames" "$build/bin/screen_bench"
    # With a card service as on a device: a kiosk that looks for one wakes up more often.
    measure "kiosk beside Chromium" "$here/../card/private_pcscd.sh" -- python3 "$here/kiosk_bench.py" "$build"
fi
if wants card; then measure "block list" "$build/bin/block_list_bench"; fi
if wants card; then measure "card" "$here/../card/private_pcscd.sh" -- python3 "$here/card_bench.py" "$build"; fi
python3 "$here/table.py" "$rows" ${json:+--json "$json"}
