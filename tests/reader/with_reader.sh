#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
# Runs a command beside a pcscd of its own that has the reader of this folder on USB besides the two of vpcd.
#
#   with_reader.sh FOLDER COMMAND [ARGUMENT...]        FOLDER: of libfreigabe_reader.so and libfreigabe_plug.so
#
# Inside, COMMAND sees the reader "Freigabe Pad 00 00" (a virtual card connects to TCP 127.0.0.1:35970), its script as
# $READER_SCRIPT, and what its pad was asked for as $READER_SCRIPT.asked. script.hpp says what a script may say.
set -eu
here="$(cd "$(dirname "$0")" && pwd)"
if [ "$1" = "--inside" ]; then
    trap 'rm -rf "$(dirname "$READER_SCRIPT")"' EXIT
    shift
    # 35970 is 8C82: pcscd has loaded the driver.
    for _ in $(seq 200); do
        grep -q ':8C82 0*:0000 0A' /proc/net/tcp && break
        sleep 0.05
    done
    "$@"
    exit
fi
libraries="$(realpath "$1")"
shift
folder="$(mktemp -d)"
export READER_SCRIPT="$folder/script" PRIVATE_PCSCD_DRIVERS="$folder/drivers" PRIVATE_PCSCD_PLUG="$libraries/libfreigabe_plug.so"
echo "port=35970" >"$READER_SCRIPT"
mkdir -p "$PRIVATE_PCSCD_DRIVERS/pad.bundle/Contents/Linux"
ln -s "$libraries/libfreigabe_reader.so" "$PRIVATE_PCSCD_DRIVERS/pad.bundle/Contents/Linux"
cat >"$PRIVATE_PCSCD_DRIVERS/pad.bundle/Contents/Info.plist" <<'PLIST'
<?xml version="1.0" encoding="UTF-8"?>
<plist version="1.0">
<dict>
    <key>CFBundleName</key><string>PAD</string>
    <key>CFBundleExecutable</key><string>libfreigabe_reader.so</string>
    <key>ifdCapabilities</key><string>0x00000000</string>
    <key>ifdVendorID</key><array><string>0xFFFE</string></array>
    <key>ifdProductID</key><array><string>0x0001</string></array>
    <key>ifdFriendlyName</key><array><string>Freigabe Pad</string></array>
</dict>
</plist>
PLIST
exec "$here/../card/private_pcscd.sh" -- "$here/with_reader.sh" --inside "$@"
