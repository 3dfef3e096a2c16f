#!/usr/bin/env bash
# SPDX-License-Identifier: EUPL-1.2
# The whole check: everyday build with every test, then the same unit tests under sanitizers.
# Started by ./run check. Ends with ctest's own count of tests for each round.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf '\n== %s  (%(%H:%M:%S)T)\n' "$*" -1; }

round() {
    local preset=$1
    shift
    say "$preset: configure and build"
    cmake --preset "$preset" >"build/$preset.configure.log" 2>&1 \
        || { cat "build/$preset.configure.log" >&2; return 1; }
    cmake --build "build/$preset"
    say "$preset: tests"
    ctest --test-dir "build/$preset" --output-on-failure --schedule-random "$@"
}

mkdir -p build
round dev --parallel 2
# Under sanitizers only what runs in one process: the daemons of the end-to-end tests are built without them.
round asan --parallel 2 --label-regex '^(unit|fuzz)$'
say "check passed"
