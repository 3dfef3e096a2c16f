#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
# The driver end to end: freigabectl card, through the real pcscd and the virtual reader, against freigabe-card in every
# state of its PIN, with certificates and keys in every encoding, and with the card pulled in the middle of a run.
# A card follows when pcscd has seen the reader empty: no hand is faster than its look every 0.4 s.
#   card_through_pcscd.sh FREIGABECTL FREIGABE_CARD
# Runs itself inside private_pcscd.sh, which says what is missing if there is no pcscd or no virtual reader.
set -eu
here="$(cd "$(dirname "$0")" && pwd)"
ctl="$(realpath "$1")" card="$(realpath "$2")"
if [ "${3-}" != "--inside" ]; then
    exec "$here/../../../card/private_pcscd.sh" -- "$0" "$ctl" "$card" --inside
fi

work="$(mktemp -d)"
virtual='' wait=10
stop_card() {
    [ -n "$virtual" ] || return 0
    kill "$virtual" 2>/dev/null || true
    wait "$virtual" 2>/dev/null || true
    virtual=''
    python3 "$here/reader_empty.py" "Virtual PCD 00 00" 30
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
value() { sed -n "s/^ *\"$1\": \"\?\([^\",]*\)\"\?,\?$/\1/p" "$work/out" | head -n 1; }
expect() { [ "$(value "$1")" = "$2" ] || fail "$1 is '$(value "$1")', expected '$2'"; }
# run CODE ERRC SECRETS COMMAND...: the command must end with this status and, if it fails, with this errc
run() {
    local code="$1" errc="$2" secrets="$3" got=0
    shift 3
    printf "$secrets" | timeout 60 "$ctl" card "$@" --reader "Virtual PCD 00 00" --wait "$wait" --json >"$work/out" 2>"$work/log" || got=$?
    [ "$got" = "$code" ] || fail "$* ended with $got, expected $code ($errc)"
    [ "$errc" = - ] || expect errc "$errc"
    python3 -m json.tool "$work/out" >/dev/null || fail "$*: standard output is no JSON object"
}
pki="$work/pki"
read_options=(--at-cert "$pki/terminal.cvcert" "$pki/dv.cvcert" --at-key "$pki/terminal.key" --cvca-dir "$pki" --sector "$pki/sector.pub" --dg 1,4,5,8,17)
read_pin() { run "$1" "$2" "$3\n" read --pin-stdin "${read_options[@]}" "${@:4}"; }

echo "1. a full run within the budget of limits.hpp"
start_card --person leyla
read_pin 0 - 123456 --csca "$work/csca.der" --aux age=16,validity,community=0276
expect DG4 LEYLA; expect passive_auth verified; expect chip_auth verified; expect terminal_auth accepted
expect age true; expect validity true; expect community true
pseudonym="$(value pseudonym)"
[ ${#pseudonym} = 64 ] || fail "no pseudonym"
read_pin 0 - 123456
expect pseudonym "$pseudonym"; expect passive_auth no_trust_anchor
budget="$(sed -n 's/^static_assert(eid_run_apdus_max == \([0-9]*\));/\1/p' "$here/../../../../drivers/base/limits.hpp")"
expect apdus "$budget"

echo "2. an older trust point: the link certificate is found; another curve and cipher"
start_card --person leyla --cvca "$pki/cvca.cvcert"
read_pin 0 - 123456

start_card --person leyla --suite brainpoolP512r1/256
run 0 - '123456\n' read --pin-stdin --at-cert "$pki/terminal.cvcert" "$pki/dv.cvcert" --at-key "$pki/terminal.key" --dg 4
expect DG4 LEYLA

echo "3. wrong PIN, counter, right PIN"
start_card --person leyla
read_pin 1 pin_wrong 111111
expect status_word 63C2; expect tries_left 2; expect step pace
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
run 0 - '123456\n500540\n' resume --pin-stdin --can-stdin
start_card --person leyla --pin-state suspended
run 0 - '123456\n500540\n' read --pin-stdin --can-stdin "${read_options[@]}"
start_card --person leyla --pin-state suspended
run 0 - '123456\n654321\n500540\n' change-pin
start_card --person leyla --pin-state suspended
run 1 pin_wrong '500540\n111111\n' resume
expect status_word 63C0; expect tries_left 0

echo "5. blocked: only the PUK; refused while tries remain"
start_card --person leyla --pin-state blocked
read_pin 1 pin_blocked 123456
run 1 puk_wrong '1111111111\n' unblock
run 0 - '9876543210\n' unblock
run 1 puk_not_needed '9876543210\n' unblock
read_pin 0 - 123456
start_card --person leyla --pin-state blocked
run 0 - '9876543210\n424242\n' unblock
read_pin 0 - 424242
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

echo "8. foreign chip, expired certificate, no card, no reader, wrong use"
start_card --person leyla --wrong-key
read_pin 1 chip_auth_failed 123456
expect step chip_auth
start_card --person leyla
read_pin 1 certificate_expired 123456 --today 20990101
"$card" --tell "$work/control" remove >/dev/null
wait=0
for _ in $(seq 40); do
    printf '' | "$ctl" card pin-status --reader "Virtual PCD 00 00" --wait 0 --json >"$work/out" 2>"$work/log" || true
    grep -q card_removed "$work/out" && break
    sleep 0.1
done
run 1 card_removed '' pin-status
printf '' | "$ctl" card pin-status --reader "no such reader" --json >"$work/out" 2>"$work/log" && fail "a reader that is not there"
expect errc reader_missing
run 2 config_bad '' read --no-such-option
run 2 config_bad '' no-such-command
run 2 config_bad '123456\n' read --pin-stdin --at-key "$pki/terminal.key"
run 2 config_bad '123456\n' read "${read_options[@]}"
run 2 config_bad '123456\n' read --pin-stdin "${read_options[@]}" --aux shoesize=43
run 1 secret_format_bad '1234567\n' read --pin-stdin "${read_options[@]}"
run 1 secret_format_bad '' read --pin-stdin "${read_options[@]}"
"$ctl" card --help | grep -q 'Exit status' || fail "card --help"
for what in read pin-status change-pin resume unblock; do
    "$ctl" card $what --help | grep -q "usage: freigabectl card $what" || fail "card $what --help"
done
wait=10
"$card" --tell "$work/control" insert >/dev/null
run 1 secret_format_bad '12345a\n654321\n' change-pin
run 0 - '' pin-status
expect pin_state three_tries; expect apdus 2

echo "9. certificates, keys and sector in other orders and encodings, strangers among them"
more="$work/more"
mkdir "$more"
pem() { echo "-----BEGIN CERTIFICATE-----"; base64 "$1"; echo "-----END CERTIFICATE-----"; }
pem "$pki/terminal.cvcert" >"$more/certificates.pem"
pem "$pki/dv.cvcert" >>"$more/certificates.pem"
pem "$work/csca.der" >"$more/csca.pem"
openssl pkey -inform DER -in "$pki/terminal.key" -out "$more/terminal.pem"
openssl ec -inform DER -in "$pki/terminal.key" -outform DER -out "$more/terminal.sec1" 2>/dev/null
openssl ec -inform DER -in "$pki/terminal.key" -param_enc explicit -outform DER -out "$more/terminal.explicit" 2>/dev/null
openssl pkey -inform DER -in "$pki/sector.key" -pubout -outform DER -out "$more/sector.der"
openssl pkey -inform DER -in "$pki/sector.key" -pubout -out "$more/sector.pem"
cat "$pki/cvca-link.cvcert" "$pki/dv.cvcert" "$pki/terminal.cvcert" >"$more/all.cvcert"
"$ctl" pki key --out "$more/other.key"
"$ctl" pki cvca --holder DESTRANGE00001 --key "$more/other.key" --out "$more/strange.cvcert"
"$ctl" pki sector --key "$more/other.key" --out "$more/strange.pub"
signed_by_dv=(--authority DEDVFREI00001 --signer "$pki/dv.key")
"$ctl" pki terminal "${signed_by_dv[@]}" --holder DEOTHER00001 --key "$more/other.key" --out "$more/other.cvcert"
"$ctl" pki terminal "${signed_by_dv[@]}" --holder DENARROW00001 --key "$more/other.key" --rights dg4,rid --sector "$pki/sector.pub" --out "$more/narrow.cvcert"
mkdir "$more/dir" "$more/dir/folder"
cp "$pki/dv.cvcert" "$more/sector.pem" "$pki/terminal.key" "$work/csca.der" "$more/dir"
head -c 2000000 /dev/zero >"$more/dir/large.cvcert"
head -c 100 "$pki/dv.cvcert" >"$more/dir/cut.cvcert"
start_card --person leyla
same() {
    run 0 - '123456\r\n' read --pin-stdin --dg 4 "$@"
    expect pseudonym "$pseudonym"; expect DG4 LEYLA
}
key=(--at-key "$pki/terminal.key") sector=(--sector "$pki/sector.pub") certificates=(--at-cert "$more/all.cvcert")
same "${key[@]}" "${sector[@]}" "${certificates[@]}"
same "${key[@]}" "${sector[@]}" --at-cert "$pki/dv.cvcert" --at-cert "$pki/terminal.cvcert"
same "${key[@]}" "${sector[@]}" --at-cert "$more/other.cvcert" "$more/strange.cvcert" "$pki/terminal.cvcert" "$pki/dv.cvcert"
same "${key[@]}" "${sector[@]}" --at-cert "$pki/terminal.cvcert" --cvca-dir "$more/dir"
same "${key[@]}" "${sector[@]}" --at-cert "$more/certificates.pem" --csca "$more/csca.pem"
expect passive_auth verified
same --at-key "$more/terminal.pem" --sector "$more/sector.der" "${certificates[@]}"
same --at-key "$more/terminal.sec1" --sector "$more/sector.pem" "${certificates[@]}"
same --at-key "$more/terminal.explicit" "${sector[@]}" "${certificates[@]}"
run 1 key_bad '123456\n' read --pin-stdin "${key[@]}" "${certificates[@]}" --sector "$pki/dv.cvcert"
run 1 restricted_id_failed '123456\n' read --pin-stdin "${key[@]}" "${certificates[@]}" --sector "$more/strange.pub"
expect apdus 0
run 1 key_bad '123456\n' read --pin-stdin --at-key "$pki/dv.key" "${certificates[@]}" --dg 4
run 1 certificate_bad '123456\n' read --pin-stdin "${key[@]}" --at-cert "$more/dir/cut.cvcert" --dg 4
run 1 file_io '123456\n' read --pin-stdin "${key[@]}" --at-cert "$more/nowhere.cvcert" --dg 4

echo "10. what the certificate does not allow is reported per group, and never asked for"
narrow=(--at-cert "$more/narrow.cvcert" "$pki/dv.cvcert" --at-key "$more/other.key")
run 0 - '123456\n' read --pin-stdin "${narrow[@]}" "${sector[@]}" --dg 4,5,9
expect DG4 LEYLA; expect errc right_missing; expect rights 0000000804
grep -q '"DG5": {' "$work/out" && grep -q '"DG9": {' "$work/out" || fail "refused groups are not named"
run 1 right_missing '123456\n' read --pin-stdin "${narrow[@]}" --aux age=18

echo "11. a chain that only cvc-create has made"
theirs="$work/theirs"
mkdir "$theirs"
for name in cvca dv at; do
    openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:brainpoolP256r1 -outform DER -out "$theirs/$name.pkcs8"
done
create() {
    cvc-create --type=at --scheme=ECDSA_SHA_256 --can-allowed --verify-age --read-dg4 --read-dg5 \
        --expires="$(date -d '+20 days' +%y%m%d)" "$@" >/dev/null
}
create --role=cvca --chr=DECVCATHEM00001 --sign-with="$theirs/cvca.pkcs8" --key="$theirs/cvca.pkcs8" --out-cert="$theirs/cvca.cvcert"
create --role=dv_domestic --chr=DEDVTHEM00001 --sign-with="$theirs/cvca.pkcs8" --sign-as="$theirs/cvca.cvcert" --key="$theirs/dv.pkcs8" --out-cert="$theirs/dv.cvcert"
create --role=terminal --chr=DEATTHEM00001 --sign-with="$theirs/dv.pkcs8" --sign-as="$theirs/dv.cvcert" --key="$theirs/at.pkcs8" --out-cert="$theirs/at.cvcert" --out-desc="$theirs/at.desc"
stop_card
rm -f "$work/control"
"$card" --person leyla --cvca "$theirs/cvca.cvcert" --control "$work/control" >"$work/card.log" 2>&1 &
virtual=$!
run 0 - '123456\n' read --pin-stdin --at-cert "$theirs/at.cvcert" --at-key "$theirs/at.pkcs8" --cvca-dir "$theirs" --dg 4,5,8 --aux age=16
expect DG5 YILDIZ; expect age true; expect errc right_missing

# At every single command: tests/unit/drivers/eid/fault_test.cpp, in one process.
echo "12. the card pulled at every fourth command: card_removed"
wait=2
for at in $(seq 1 4 "$budget"); do
    start_card --person leyla --cut-at "$at"
    read_pin 1 card_removed 123456
done

echo "13. an authority switches the PIN on and off: only with the right of PIN management"
"$ctl" pki key --out "$more/authority.key"
"$ctl" pki terminal "${signed_by_dv[@]}" --holder DEBUERGER00001 --key "$more/authority.key" --rights pin,can --out "$more/authority.cvcert"
authority=(--at-cert "$more/authority.cvcert" "$pki/dv.cvcert" --at-key "$more/authority.key" --cvca-dir "$pki")
start_card --person minor_deactivated
run 0 - '500540\n' read --can-stdin "${authority[@]}" --pin-activity activate
run 0 - '' pin-status; expect pin_state three_tries
read_pin 0 - 123456
run 0 - '123456\n' read --pin-stdin "${authority[@]}" --pin-activity deactivate
run 0 - '' pin-status; expect pin_state deactivated
run 1 right_missing '500540\n' read --can-stdin --at-cert "$more/narrow.cvcert" "$pki/dv.cvcert" --at-key "$more/other.key" --pin-activity activate
run 2 config_bad '500540\n' read --can-stdin "${authority[@]}" --pin-activity toggle

echo "passed: the driver through pcscd"
