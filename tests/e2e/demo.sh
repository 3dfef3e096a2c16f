#!/usr/bin/env bash
# SPDX-License-Identifier: EUPL-1.2
# Started by ./run demo: runs demo.py beside a pcscd of its own. usage: demo.sh BUILD [--headless] [--out DIR] [--sabotage ...]
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
if [[ " $* " != *" --headless "* && -z ${DISPLAY:-}${WAYLAND_DISPLAY:-} ]]; then
    echo "There is no display here. See the whole day as pictures with: ./run demo --headless" >&2
    exit 2
fi
exec "$here/../card/private_pcscd.sh" -- python3 "$here/demo.py" "$@"
