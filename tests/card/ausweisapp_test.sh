#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
# The independent judge: AusweisApp2 from Debian changes the PIN of freigabe-card through pcscd,
# headless. Proves the change three ways: AusweisApp says so; a second change succeeds only with the
# new PIN; the old PIN is refused and costs exactly one try. Afterwards a suspended card is resumed
# with the CAN by AusweisApp, and a blocked one is unblocked with the PUK.
#   ausweisapp_test.sh PATH_OF_FREIGABE_CARD
# Runs itself inside private_pcscd.sh. Fails where AusweisApp2 is not installed (image/packages/test.txt).
set -eu
here="$(cd "$(dirname "$0")" && pwd)"
card="$(realpath "$1")"
command -v AusweisApp2 >/dev/null || { echo "AusweisApp2 is missing: apt-get install ausweisapp2"; exit 1; }
if [ "${2-}" != "--inside" ]; then
    exec "$here/private_pcscd.sh" "$0" "$card" --inside
fi

work="$(mktemp -d)"
trap 'kill "$app" "$virtual" 2>/dev/null || true; wait; rm -rf "$work"' EXIT
app='' virtual=''
export HOME="$work" XDG_RUNTIME_DIR="$work" QT_QPA_PLATFORM=offscreen

fail() { echo "FAILED: $*"; tail -n 20 "$work"/*.log; exit 1; }
# status KEY: one value of the card's status line.
status() {
    "$card" --tell "$work/control" status | tr ',{}' '\n' | sed -n "s/^\"$1\":\"\?\([^\"]*\)\"\?$/\1/p"
}
change() { "$here/ausweisapp_change_pin.py" "$@"; }

"$card" --person leyla --control "$work/control" --trace >"$work/card.log" 2>&1 &
virtual=$!
for _ in $(seq 50); do [ -S "$work/control" ] && break; sleep 0.1; done
AusweisApp2 --ui websocket --no-proxy >"$work/app.log" 2>&1 &
app=$!

echo "1. AusweisApp changes 123456 to 654321"
change 123456 654321 || fail "AusweisApp could not change the PIN"
echo "2. the old PIN is refused"
change 123456 111111 && fail "the old PIN still works"
[ "$(status pin_tries)" = 2 ] || fail "the wrong PIN must cost exactly one try"
echo "3. the new PIN works and sets the counter back"
change 654321 222222 || fail "the new PIN does not work"
[ "$(status pin_tries)" = 3 ] || fail "the right PIN must set the counter back"
swap() {
    "$card" --tell "$work/control" swap "$1"
    for _ in $(seq 50); do [ "$(status connected)" = true ] && return; sleep 0.1; done
    fail "the reader did not take the card $1"
}
echo "4. a suspended card: AusweisApp asks for the CAN and resumes"
swap suspended
[ "$(status pin_tries)" = 1 ] || fail "the card must start suspended"
change 123456 333333 500540 || fail "AusweisApp could not resume the card"
[ "$(status pin_tries)" = 3 ] || fail "resuming must set the counter back"
echo "5. a blocked card: AusweisApp asks for the PUK and unblocks"
swap blocked
[ "$(status pin_tries)" = 0 ] || fail "the card must start blocked"
change 123456 444444 500540 9876543210 || fail "AusweisApp could not unblock the card"
[ "$(status puk_uses)" = 9 ] || fail "unblocking must use the PUK once"
echo "passed: AusweisApp2 accepts the card"
