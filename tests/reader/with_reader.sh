#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
# Runs a command beside a pcscd of its own that has the reader of this folder besides the two of vpcd.
#
#   with_reader.sh LIBRARY COMMAND [ARGUMENT...]        LIBRARY: libfreigabe_reader.so
#
# Inside, COMMAND sees the reader "Freigabe Pad 00 00" (a virtual card connects to TCP 127.0.0.1:35970), its script as
# $READER_SCRIPT, and what its pad was asked for as $READER_SCRIPT.asked. script.hpp says what a script may say.
set -eu
here="$(cd "$(dirname "$0")" && pwd)"
if [ "$1" = "--inside" ]; then
    trap 'rm -rf "$(dirname "$READER_SCRIPT")"' EXIT
    shift
    "$@"
    exit
fi
library="$(realpath "$1")"
shift
folder="$(mktemp -d)"
export READER_SCRIPT="$folder/script" PRIVATE_PCSCD_READER="$folder/reader.conf"
echo "port=35970" >"$READER_SCRIPT"
cat >"$PRIVATE_PCSCD_READER" <<CONF
FRIENDLYNAME "Freigabe Pad"
DEVICENAME   $READER_SCRIPT
LIBPATH      $library
CHANNELID    0
CONF
exec "$here/../card/private_pcscd.sh" -- "$here/with_reader.sh" --inside "$@"
