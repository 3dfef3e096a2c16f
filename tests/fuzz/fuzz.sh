#!/usr/bin/env bash
# SPDX-License-Identifier: EUPL-1.2
# Runs every libFuzzer target for some seconds, new inputs kept in BUILD/corpus. Started by ./run fuzz.
# usage: fuzz.sh BUILD [SECONDS]   Exits 1 at the first crash and names the input that caused it.
# First a planted mistake is looked for: only if it is found does the silence of the others mean something.
set -euo pipefail
build=$(readlink -f "$1")
seconds=${2:-60}
here=$(dirname "$(readlink -f "$0")")
targets=("$build"/bin/*_fuzz)
[[ -x ${targets[0]} ]] || { echo "fuzz: no target in $build/bin" >&2; exit 1; }

mkdir -p "$build/found" "$build/corpus"
# A person pressing Ctrl+C, and a crash, both leave what was found in BUILD/found and BUILD/corpus.
if (cd "$build/found" && "$build/bin/fuzz_canary" -max_total_time=60 -verbosity=0 >canary.log 2>&1); then
    echo "fuzz: the planted mistake was not found; the machinery does not look" >&2
    exit 1
fi
grep -q "deadly signal" "$build/found/canary.log" \
    || { cat "$build/found/canary.log" >&2; echo "fuzz: the canary ended, but not by its mistake" >&2; exit 1; }
rm -f "$build"/found/crash-*
echo "== canary: the planted mistake is found"

at=0
for target in "${targets[@]}"; do
    name=$(basename "$target" _fuzz)
    at=$((at + 1))
    mkdir -p "$build/corpus/$name"
    seeds=()
    [[ -d $here/corpus/$name ]] && seeds+=("$here/corpus/$name")
    # The folders among the given seeds; single files are put beside what was found.
    IFS=';' read -ra given <"$build/tests/fuzz/$name.seeds" || true
    for seed in "${given[@]}"; do
        if [[ -d $seed ]]; then seeds+=("$seed"); elif [[ -f $seed ]]; then cp "$seed" "$build/corpus/$name/"; fi
    done
    printf '== %d/%d %s, %s s\n' "$at" "${#targets[@]}" "$name" "$seconds"
    log=$build/found/$name.log
    (cd "$build/found" && "$target" -max_total_time="$seconds" -max_len=65536 -timeout=10 -rss_limit_mb=2048 \
        -print_final_stats=1 -verbosity=0 -artifact_prefix="$name-" "$build/corpus/$name" "${seeds[@]}" >"$log" 2>&1) \
        || { tail -40 "$log" >&2; echo "fuzz: $name failed; its input is in $build/found" >&2; exit 1; }
    sed -n 's/^stat::number_of_executed_units: */   runs: /p; s/^stat::new_units_added: */   new inputs: /p' "$log"
done
echo "${#targets[@]} fuzz targets, no crash"
