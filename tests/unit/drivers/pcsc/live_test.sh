#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
# Runs pcsc_live beside a pcscd of its own: live_test.sh PCSC_LIVE FREIGABE_CARD
# Exit 77 (skipped) where there is no pcscd or no virtual reader.
set -eu
PATH="$PATH:/usr/sbin:/sbin"
command -v pcscd >/dev/null || { echo "skipped: pcscd is not installed"; exit 77; }
[ -e /etc/reader.conf.d/vpcd ] || { echo "skipped: vsmartcard-vpcd is not installed"; exit 77; }
FREIGABE_CARD="$(realpath "$2")"
export FREIGABE_CARD
exec "$(dirname "$0")/../../../card/private_pcscd.sh" -- "$(realpath "$1")" --order-by=file
