#!/usr/bin/env bash
# SPDX-License-Identifier: EUPL-1.2
# The whole check: everyday build with every test, then the same unit tests under sanitizers.
# Started by ./run check. Ends with ctest's own count of tests for each round.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf '\n== %s  (%(%H:%M:%S)T)\n' "$*" -1; }

# round PRESET "TARGETS" CTEST-ARGUMENTS...
round() {
    local preset=$1 targets=$2
    shift 2
    say "$preset: configure and build"
    cmake --preset "$preset" >"build/$preset.configure.log" 2>&1 \
        || { cat "build/$preset.configure.log" >&2; return 1; }
    # shellcheck disable=SC2086  # several targets are several words
    cmake --build "build/$preset" --target $targets
    say "$preset: tests"
    ctest --test-dir "build/$preset" --output-on-failure --schedule-random "$@"
}

mkdir -p build
round dev all --parallel 2
# Under sanitizers: what reads bytes of a card or of a socket, and what handles keys.
targets='unit_base unit_crypto unit_apdu unit_eid tlv_fuzz apdu_fuzz card_access_fuzz cv_certificate_fuzz data_groups_fuzz'
targets+=' card_security_fuzz frame_fuzz'
round asan "$targets" --parallel 2 --tests-regex "^(${targets// /|})\$"
say "check passed"
