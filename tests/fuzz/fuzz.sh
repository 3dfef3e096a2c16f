#!/usr/bin/env bash
# SPDX-License-Identifier: EUPL-1.2
# Runs every libFuzzer target for some seconds, new inputs kept in BUILD/corpus. Started by ./run fuzz.
# usage: fuzz.sh BUILD [SECONDS]   Exits 1 at the first crash and names the input that caused it.
set -euo pipefail
build=$(readlink -f "$1")
seconds=${2:-60}
here=$(dirname "$(readlink -f "$0")")
count=0
for target in "$build"/bin/*_fuzz; do
    name=$(basename "$target" _fuzz)
    mkdir -p "$build/corpus/$name"
    seeds=()
    [[ -d $here/corpus/$name ]] && seeds=("$here/corpus/$name")
    printf '== %s, %s s\n' "$name" "$seconds"
    (cd "$build" && "$target" -max_total_time="$seconds" -max_len=65536 -print_final_stats=1 -verbosity=0 \
        "$build/corpus/$name" "${seeds[@]}") || { echo "fuzz: $name crashed; the input is in $build" >&2; exit 1; }
    count=$((count + 1))
done
((count)) || { echo "fuzz: no target in $build/bin" >&2; exit 1; }
echo "$count fuzz targets, no crash"
