#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
# Runs pcsc_live beside a pcscd of its own: live_test.sh PCSC_LIVE FREIGABE_CARD
# private_pcscd.sh says what is missing if there is no pcscd or no virtual reader.
set -eu
FREIGABE_CARD="$(realpath "$2")"
export FREIGABE_CARD
exec "$(dirname "$0")/../../../card/private_pcscd.sh" -- "$(realpath "$1")" --order-by=file
