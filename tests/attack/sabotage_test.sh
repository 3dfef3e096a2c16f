#!/usr/bin/env bash
# SPDX-License-Identifier: EUPL-1.2
# The record of an attack run is judged again: as it is it holds, and with any one attack falsified it does not.
# usage: sabotage_test.sh ATTACK.JSON
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
judge() { /usr/bin/python3 "$here/attack.py" --judge "$1" "${@:2}"; }
judge "$1" >/dev/null || { echo "the record itself does not hold"; exit 1; }
mapfile -t names < <(/usr/bin/python3 -c 'import json, sys; [print(a["name"]) for a in json.load(open(sys.argv[1]))["attacks"]]' "$1")
for name in "${names[@]}"; do
    if text=$(judge "$1" --sabotage "$name"); then
        echo "the falsified $name was not noticed"
        exit 1
    fi
    test "$(grep -c '^NOT ' <<<"$text")" = 1 || { echo "falsified $name, and more than that was called broken:"; echo "$text"; exit 1; }
done
echo "${#names[@]} falsified attacks called broken, each alone"
