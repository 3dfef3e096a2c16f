#!/usr/bin/env bash
# SPDX-License-Identifier: EUPL-1.2
# The whole check: everyday build with every test, then the unit tests and parsers once more under sanitizers.
# Started by ./run check. Each step says what it does and, at the end, how long it took and how many tests ran.
set -Eeuo pipefail
cd "$(dirname "$0")/.."

say() { printf '\n== %s  (%(%H:%M:%S)T)\n' "$*" -1; }
began=$SECONDS
summary=()
step=start
# How doctest, the sanitizers, Python, pcscd's helpers and ctest itself say that something is wrong.
blames='ERROR: |Sanitizer:|runtime error:|^Traceback|[A-Za-z]*Error: |^FAIL|\*\*\*(Failed|Timeout|Exception)'
failed() {
    trap - ERR  # once, not for each caller
    local log="build/${step%%:*}.tests.log"
    printf '\n== check failed at: %s\n' "$step"
    # A failed test prints all that its programs logged; who reads a log that was cut in the middle needs these lines last.
    [[ $step != *": tests" ]] || grep -aE -B 6 -A 4 "$blames" "$log" | tail -120 || true
    printf 'one test again: ctest --test-dir build/dev --output-on-failure -R NAME   (build/asan under sanitizers)\n'
}
trap failed ERR
note() { summary+=("$(printf '%-34s %4d s   %s' "$1" "$2" "$3")"); }

# How many test cases the doctest programs of a round reported.
cases_of() {
    sed -n 's/.*\[doctest\] test cases: *\([0-9]*\) .*/\1/p' "build/$1.tests.xml" | awk '{ n += $1 } END { print n + 0 }'
}

# round PRESET "TARGETS" CTEST-ARGUMENTS...
round() {
    local preset=$1 targets=$2 from=$SECONDS result
    shift 2
    step="$preset: configure and build"
    say "$step"
    cmake --preset "$preset" >"build/$preset.configure.log" 2>&1 \
        || { cat "build/$preset.configure.log" >&2; return 1; }
    # shellcheck disable=SC2086  # several targets are several words
    NINJA_STATUS="[$preset %f/%t, %es] " cmake --build "build/$preset" --target $targets
    note "$preset: built" $((SECONDS - from)) ""
    from=$SECONDS
    step="$preset: tests"
    say "$step"
    # A report of its own: a test that asks ctest something overwrites ctest's log.
    ctest --test-dir "build/$preset" --output-on-failure --output-junit "$PWD/build/$preset.tests.xml" \
        --test-output-size-passed 4000000 "$@" | tee "build/$preset.tests.log"
    result=$(grep -E 'tests passed|tests failed' "build/$preset.tests.log" | tail -1)
    note "$preset: tests" $((SECONDS - from)) "$result; $(cases_of "$preset") test cases in them"
}

mkdir -p build
# Three on two cores: the two walks that run at a time wait more than they work.
round dev all --parallel 3

# Under sanitizers (address, leaks, undefined): what reads bytes of a card, of a socket, of a file or of a person, what
# handles keys, and what draws.
units=(unit_base unit_crypto unit_apdu unit_eid unit_eid_runs unit_eid_flows unit_pcsc unit_keys
    unit_model unit_seal unit_journal unit_receipts unit_downstream unit_http unit_outbox unit_transport unit_syncd unit_backend
    unit_backend_fitconnect unit_courier unit_usb
    unit_consent unit_kiosk_core unit_kiosk_view unit_kiosk_i18n unit_kiosk_text unit_kiosk_a11y unit_kiosk_widgets
    unit_kiosk_screens)
names=$(IFS='|'; echo "${units[*]}")
export ASAN_OPTIONS=detect_leaks=1:strict_string_checks=1:detect_stack_use_after_return=1
export UBSAN_OPTIONS=print_stacktrace=1
round asan "${units[*]} fuzz_targets" --parallel 2 --no-tests=error --tests-regex "^($names)\$|_fuzz\$|^fuzz_canary\$"

say "check passed in $(((SECONDS - began) / 60)) min $(((SECONDS - began) % 60)) s"
printf '%s\n' "${summary[@]}"
