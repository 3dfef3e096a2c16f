#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
# freigabectl card --pin-pad and doctor through the real pcscd, a driver of its own, and freigabe-card: every state of the PIN,
# every way the pad can end, short readers, two cards at once, a reader that comes and goes.
#   pad_live_test.sh FREIGABECTL FREIGABE_CARD FOLDER        FOLDER: of libfreigabe_reader.so and libfreigabe_plug.so
set -eu
here="$(cd "$(dirname "$0")" && pwd)"
ctl="$(realpath "$1")" card="$(realpath "$2")"
if [ "${4-}" != "--inside" ]; then
    exec "$here/with_reader.sh" "$3" "$0" "$ctl" "$card" "$3" --inside
fi

pad="Freigabe Pad 00 00" empty="$here/../unit/drivers/pcsc/reader_empty.py"
work="$(mktemp -d)"
virtual=''
stop_card() {
    [ -n "$virtual" ] || return 0
    kill "$virtual" 2>/dev/null || true
    wait "$virtual" 2>/dev/null || true
    virtual=''
    python3 "$empty" "$pad" 30
}
trap 'stop_card; rm -rf "$work"' EXIT
fail() {
    echo "FAILED: $*"
    cat "$work/card.log" /run/pcscd/log "$work/out" "$work/log" "$READER_SCRIPT" "$READER_SCRIPT.asked" 2>/dev/null | tail -n 50
    exit 1
}
# script WORD...: what is typed and what goes wrong, from now on
script() { { echo "port=35970"; printf '%s\n' "$@"; } >"$READER_SCRIPT.new"; mv "$READER_SCRIPT.new" "$READER_SCRIPT"; }
start_card() {
    stop_card
    rm -f "$work/control" "$READER_SCRIPT.asked"
    "$card" --port 35970 --cvca "$work/pki/cvca2.cvcert" --control "$work/control" --person leyla "$@" >"$work/card.log" 2>&1 &
    virtual=$!
    for _ in $(seq 200); do
        "$card" --tell "$work/control" status 2>/dev/null | grep -q '"connected":true' && return
        sleep 0.05
    done
    fail "the card did not get into the reader: $*"
}
value() { sed -n "s/^ *\"$1\": \"\?\([^\",]*\)\"\?,\?$/\1/p" "$work/out" | head -n 1; }
expect() { [ "$(value "$1")" = "$2" ] || fail "$1 is '$(value "$1")', expected '$2'"; }
asked() { grep -qx "$1" "$READER_SCRIPT.asked" || fail "the pad was asked otherwise: $1"; }
# run CODE ERRC COMMAND...: nothing stands on standard input, so whatever is typed was typed at the reader
run() {
    local code="$1" errc="$2" got=0
    shift 2
    timeout 60 "$ctl" card "$@" --wait 10 --json </dev/null >"$work/out" 2>"$work/log" || got=$?
    [ "$got" = "$code" ] || fail "$* ended with $got, expected $code ($errc)"
    [ "$errc" = - ] || expect errc "$errc"
}
"$ctl" pki init --out "$work/pki" >/dev/null
pki="$work/pki"
read_options=(--at-cert "$pki/terminal.cvcert" "$pki/dv.cvcert" --at-key "$pki/terminal.key" --cvca-dir "$pki" --sector "$pki/sector.pub" --dg 1,4,5,8,17 --reader Pad)
read_pad() { run "$1" "$2" read --pin-pad "${read_options[@]}" "${@:3}"; }

echo "1. the PIN typed at the reader: the same result as with the PIN typed here, and no secret left this machine"
start_card
printf '123456\n' | "$ctl" card read --pin-stdin "${read_options[@]}" --wait 10 --json >"$work/out" 2>"$work/log" || fail "read with the PIN here"
pseudonym="$(value pseudonym)" apdus="$(value apdus)"
read_pad 0 -
expect pseudonym "$pseudonym"; expect DG4 LEYLA; expect chip_auth verified; expect terminal_auth accepted
expect apdus "$((apdus - 4))"
asked times=1; asked password=3; asked pin=; asked description=
grep -q "type the PIN at the reader" "$work/log" || fail "nobody was told where to type"

echo "2. wrong PIN, two left, right PIN; a holder who takes six seconds"
script pin=111111
read_pad 1 pin_wrong
expect status_word 63C2; expect tries_left 2; asked times=2
script entry_ms=6000
read_pad 0 -
run 0 - pin-status --reader Pad; expect pin_state three_tries

echo "3. suspended: told, then resumed with CAN and PIN at the pad; a new PIN, and one for the letter's"
script
start_card --pin-state suspended
read_pad 1 pin_suspended
[ ! -e "$READER_SCRIPT.asked" ] || ! grep -qx "password=2" "$READER_SCRIPT.asked" || fail "the CAN was asked for"
script can=111111
run 1 can_wrong resume --pin-pad --reader Pad
script
ended="$(sed -n 's/^ended=//p' "$READER_SCRIPT.asked")"
run 0 - resume --pin-pad --reader Pad
asked "ended=$((ended + 1))"
run 0 - pin-status --reader Pad; expect pin_state three_tries
start_card --pin-state suspended
read_pad 0 - --can-pad
start_card --pin-state suspended
script pin=111111
run 1 pin_wrong resume --pin-pad --reader Pad
expect status_word 63C0
script
read_pad 1 pin_blocked

start_card --pin-state transport
script pin=12345 new_pin=242424
run 0 - change-pin --pin-pad --reader Pad
script pin=242424 new_pin=123456 again=123465
run 1 secret_format_bad change-pin --pin-pad --reader Pad
script pin=242424 new_status=6401
run 1 cancelled change-pin --pin-pad --reader Pad
script new_pin=none
run 1 reader_feature_missing change-pin --pin-pad --reader Pad
script pin=242424
read_pad 0 -

echo "4. cancelled, timed out, garbage, cut, another file, another state, no protection, no pad"
start_card
while read -r errc words; do
    # shellcheck disable=SC2086
    script $words
    read_pad 1 "$errc"
done <<ROWS
cancelled result=F0200001
card_timeout result=F0200002
card_removed result=F0100002
pace_failed result=E0000006
card_answer_bad cut=3
pace_failed card_access=wrong
pin_counter_moved status=63C2
terminal_auth_refused protect=no
reader_feature_missing abilities=none
reader_feature_missing answer=00ff
reader_feature_missing abilities=40
ROWS
script
run 2 config_bad read --pin-pad --pin-stdin "${read_options[@]}"
run 2 config_bad read --can-pad --pin-stdin "${read_options[@]}"
run 1 file_io read --pin-pad --at-description "$work/nowhere" "${read_options[@]}"
run 1 certificate_bad read --pin-pad --at-description "$pki/terminal.cvcert" "${read_options[@]}"
run 0 - pin-status --reader Pad; expect pin_state three_tries
read_pad 0 -

echo "5. the card pulled while the reader works: card_removed"
for at in 3 5 8 9 12; do
    start_card --cut-at "$at"
    read_pad 1 card_removed
    [ "$(value apdus)" -gt 0 ] || fail "the card was never there"
done

echo "6. a reader that carries short APDUs only, with its pad and without"
start_card
for bytes in 256 255; do
    script "apdu_bytes=$bytes"
    read_pad 0 -
    expect pseudonym "$pseudonym"
    printf '123456\n' | "$ctl" card read --pin-stdin "${read_options[@]}" --wait 10 --json >"$work/out" 2>"$work/log" || fail "short reader without its pad"
    expect pseudonym "$pseudonym"
done
start_card --suite brainpoolP512r1/256
script apdu_bytes=256
run 0 - read --pin-pad --at-cert "$pki/terminal.cvcert" "$pki/dv.cvcert" --at-key "$pki/terminal.key" --dg 4 --reader Pad

echo "7. what doctor says of each reader"
look() { "$ctl" doctor --json >"$work/out" 2>"$work/log" || true; }
line() { look; grep -q "\"what\":\"reader $pad: $1\"" "$work/out" || fail "doctor does not say '$1'"; }
remedy() { grep -q "\"what\":\"reader $pad: [^\"]*\",\"remedy\":\"$1" "$work/out" || fail "no remedy '$1'"; }
line "eID card, three tries left, extended length; pad with PACE for eID; APDUs of at most 256 bytes"
remedy "reading takes more commands"
script
line "eID card, three tries left, extended length; pad with PACE for eID; APDUs of at most 65536 bytes"
grep -q '"what":"reader Virtual PCD 00 00: empty; no pad with PACE; size of an APDU not stated"' "$work/out" || fail "vpcd's reader"
script abilities=40
line "eID card, three tries left, extended length; pad with PACE, but not for eID; APDUs of at most 65536 bytes"
script answer=00
line "eID card, three tries left, extended length; pad that does not tell what it can do; APDUs of at most 65536 bytes"
remedy "renew the reader"
script abilities=none
line "eID card, three tries left, extended length; no pad with PACE; APDUs of at most 65536 bytes"
script
stop_card
line "empty; pad with PACE for eID; APDUs of at most 65536 bytes"

echo "8. two cards: nobody guesses; one card: it is found, in whatever reader it lies"
rm -f "$work/control2"
"$card" --port 35964 --cvca "$pki/cvca2.cvcert" --person erika --control "$work/control2" >"$work/card2.log" 2>&1 &
second=$!
run 0 - pin-status --reader "00 01"; expect pin_state three_tries
run 0 - pin-status; expect pin_state three_tries
start_card --pin-state two_left
for _ in $(seq 100); do
    "$ctl" doctor --json 2>/dev/null | grep -q "$pad: eID" && break
    sleep 0.1
done
run 1 reader_missing pin-status
grep -q "name one with --reader" "$work/log" || fail "nobody is told what to do"
run 0 - pin-status --reader Pad; expect pin_state two_tries
run 0 - pin-status --reader "PCD 00 01"; expect pin_state three_tries
kill "$second"
wait "$second" 2>/dev/null || true
python3 "$empty" "Virtual PCD 00 01" 30
run 0 - pin-status; expect pin_state two_tries

echo "9. the reader unplugged while the holder types, and plugged in again"
script entry_ms=6000
rm -f "$work/log"
(
    for _ in $(seq 400); do
        grep -qs "type the PIN at the reader" "$work/log" && break
        sleep 0.05
    done
    sleep 1
    script entry_ms=6000 plugged=no
) &
# The reader still ends its PACE, and is gone with the next command.
read_pad 1 reader_missing
expect step terminal_auth
wait $!
script
for _ in $(seq 100); do
    "$ctl" doctor --json 2>/dev/null | grep -q "$pad: eID card" && break
    sleep 0.1
done
read_pad 0 -
run 0 - pin-status --reader Pad; expect pin_state three_tries
echo "passed: the pad through pcscd"
