#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
# The driver end to end: freigabectl card, through the real pcscd and the virtual reader, against freigabe-card in every
# state of its PIN, and with the card pulled at every command of a run.
#   card_through_pcscd.sh FREIGABECTL FREIGABE_CARD
# Runs itself inside private_pcscd.sh. Exit 77 (skipped) where there is no pcscd or no virtual reader.
set -eu
here="$(cd "$(dirname "$0")" && pwd)"
ctl="$(realpath "$1")" card="$(realpath "$2")"
PATH="$PATH:/usr/sbin:/sbin"
command -v pcscd >/dev/null || { echo "skipped: pcscd is not installed"; exit 77; }
[ -e /etc/reader.conf.d/vpcd ] || { echo "skipped: vsmartcard-vpcd is not installed"; exit 77; }
if [ "${3-}" != "--inside" ]; then
    exec "$here/../../../card/private_pcscd.sh" -- "$0" "$ctl" "$card" --inside
fi

work="$(mktemp -d)"
virtual='' wait=30
# Ends the card and leaves pcscd the time to see the reader empty, which it looks at every 0.4 s: a card that comes
# sooner is taken for the old one and never powered up. Asking pcscd by a command of ours would disturb just that.
stop_card() {
    [ -n "$virtual" ] || return 0
    kill "$virtual" 2>/dev/null || true
    wait "$virtual" 2>/dev/null || true
    virtual=''
    sleep 1.5
}
trap 'stop_card; rm -rf "$work"' EXIT
fail() { echo "FAILED: $*"; "$card" --tell "$work/control" status; cat "$work/card.log" /run/pcscd/log "$work/out" "$work/log" 2>/dev/null | tail -n 40; exit 1; }

"$ctl" pki init --out "$work/pki" >/dev/null
start_card() {
    stop_card
    rm -f "$work/control"
    "$card" --cvca "$work/pki/cvca2.cvcert" --control "$work/control" --export-csca "$work/csca.der" "$@" >"$work/card.log" 2>&1 &
    virtual=$!
    for _ in $(seq 100); do
        "$card" --tell "$work/control" status 2>/dev/null | grep -q '"connected":true' && return
        sleep 0.05
    done
    fail "the card did not get into the reader: $*"
}
# run CODE ERRC SECRETS COMMAND...: the command must end with this status and, if it fails, with this errc
run() {
    local code="$1" errc="$2" secrets="$3" got=0
    shift 3
    printf "$secrets" | timeout 60 "$ctl" card "$@" --reader "Virtual PCD 00 00" --wait "$wait" --json >"$work/out" 2>"$work/log" || got=$?
    [ "$got" = "$code" ] || fail "$* ended with $got, expected $code ($errc)"
    [ "$errc" = - ] || grep -q "\"errc\": \"$errc\"" "$work/out" || fail "$*: expected $errc"
}
value() { sed -n "s/^ *\"$1\": \"\?\([^\",]*\)\"\?,\?$/\1/p" "$work/out" | head -n 1; }
expect() { [ "$(value "$1")" = "$2" ] || fail "$1 is '$(value "$1")', expected '$2'"; }
pki="$work/pki"
read_options=(--at-cert "$pki/terminal.cvcert" "$pki/dv.cvcert" --at-key "$pki/terminal.key" --cvca-dir "$pki" --sector "$pki/sector.pub" --dg 1,4,5,8,17)
read_pin() { run "$1" "$2" "$3\n" read --pin-stdin "${read_options[@]}" "${@:4}"; }

echo "1. a full run within the budget of limits.hpp"
start_card --person leyla
read_pin 0 - 123456 --csca "$work/csca.der" --aux age=16,validity,community=0276
expect DG4 LEYLA; expect passive_auth verified; expect age true; expect validity true; expect community true
pseudonym="$(value pseudonym)"
[ ${#pseudonym} = 64 ] || fail "no pseudonym"
read_pin 0 - 123456
expect pseudonym "$pseudonym"
budget="$(sed -n 's/^static_assert(eid_run_apdus_max == \([0-9]*\));/\1/p' "$here/../../../../drivers/base/limits.hpp")"
expect apdus "$budget"

echo "2. an older trust point: the link certificate is found"
start_card --person leyla --cvca "$pki/cvca.cvcert"
read_pin 0 - 123456

echo "3. wrong PIN, counter, right PIN"
start_card --person leyla
read_pin 1 pin_wrong 111111
expect status_word 63C2; expect tries_left 2
run 0 - '' pin-status; expect pin_state two_tries
read_pin 0 - 123456
run 0 - '' pin-status; expect pin_state three_tries

echo "4. suspended: told, resumed with the CAN"
start_card --person leyla --pin-state suspended
read_pin 1 pin_suspended 123456
run 1 can_wrong '111111\n123456\n' resume
run 0 - '' pin-status; expect pin_state suspended
run 0 - '500540\n123456\n' resume
run 0 - '' pin-status; expect pin_state three_tries
start_card --person leyla --pin-state suspended
run 0 - '123456\n500540\n' read --pin-stdin --can-stdin "${read_options[@]}"

echo "5. blocked: only the PUK; refused while tries remain"
start_card --person leyla --pin-state blocked
read_pin 1 pin_blocked 123456
run 1 puk_wrong '1111111111\n' unblock
run 0 - '9876543210\n' unblock
run 1 puk_not_needed '9876543210\n' unblock
read_pin 0 - 123456
start_card --person leyla --pin-state puk_used_up
run 1 puk_inoperative '9876543210\n' unblock

echo "6. change of PIN, transport PIN"
start_card --person leyla
run 0 - '123456\n654321\n' change-pin
read_pin 1 pin_wrong 123456
read_pin 0 - 654321
start_card --person transport_pin
run 1 secret_format_bad '12345\n1234\n' change-pin
run 0 - '12345\n654321\n' change-pin
read_pin 0 - 654321

echo "7. deactivated: not with the PIN, but on-site with the CAN"
start_card --person minor_deactivated
run 0 - '' pin-status; expect pin_state deactivated
read_pin 1 pin_deactivated 123456
run 0 - '500540\n' read --can-stdin "${read_options[@]}"

echo "8. foreign chip, expired certificate, no card, no reader"
start_card --person leyla --wrong-key
read_pin 1 chip_auth_failed 123456
start_card --person leyla
read_pin 1 certificate_expired 123456 --today 20990101
"$card" --tell "$work/control" remove >/dev/null
for _ in $(seq 40); do
    printf '' | "$ctl" card pin-status --reader "Virtual PCD 00 00" --json >"$work/out" 2>"$work/log" || true
    grep -q card_removed "$work/out" && break
    sleep 0.1
done
wait=0
run 1 card_removed '' pin-status
wait=30
printf '' | "$ctl" card pin-status --reader "no such reader" --json >"$work/out" 2>"$work/log" && fail "a reader that is not there"
grep -q reader_missing "$work/out" || fail "reader_missing expected"

# At every single command: tests/unit/drivers/eid/fault_test.cpp, in one process.
echo "9. the card pulled at every fourth command: card_removed"
for at in $(seq 1 4 "$budget"); do
    start_card --person leyla --cut-at "$at"
    read_pin 1 card_removed 123456
done
echo "passed: the driver through pcscd"
