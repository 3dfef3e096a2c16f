#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
# Runs a command beside a pcscd of its own, with the two virtual readers of vpcd, cut off from the machine's.
#
#   private_pcscd.sh [--] COMMAND [ARGUMENT...]
#
#   private_pcscd.sh pcsc_scan -r
#   private_pcscd.sh -- sh -c 'freigabe-card --person leyla.json & ...; kill $!'
#
# Inside, COMMAND sees: readers "Virtual PCD 00 00" (a virtual card connects to TCP 127.0.0.1:35963) and
# "Virtual PCD 00 01" (35964); a loopback interface of its own and no other network, so every fixed port is free.
# The exit status is the command's; 125 if pcscd could not be started (its log is printed then). When the command
# ends, whatever it left behind in this namespace is ended too. If this script is killed, pcscd and the command follow.
# PRIVATE_PCSCD_LOG=FILE keeps the log of pcscd. PRIVATE_PCSCD_DRIVERS=FOLDER of drivers for readers on USB, and
# PRIVATE_PCSCD_PLUG=LIBRARY that pcscd asks for such readers in place of libudev: tests/reader/with_reader.sh.
#
# Why a namespace: the socket path /run/pcscd/pcscd.comm is compiled into pcscd, and the port of vpcd stands in
# /etc/reader.conf.d. Needs root, or a kernel that allows user namespaces and an existing /run/pcscd.
# Debian packages: pcscd vsmartcard-vpcd iproute2 util-linux.
set -u

usage() { sed -n '3,8p' "$0" | cut -c3-; exit 125; }
fail() { echo "private_pcscd.sh: $*" >&2; exit 125; }

# Outside: enter fresh namespaces and start over. `exec` keeps the process id, so that a caller's kill finds us.
if [ "${1-}" != "--inside" ]; then
    [ "${1-}" = "--" ] && shift
    [ $# -gt 0 ] || usage
    command -v pcscd >/dev/null || PATH="$PATH:/usr/sbin:/sbin"
    export PATH
    command -v pcscd >/dev/null || fail "pcscd is missing: apt-get install pcscd vsmartcard-vpcd"
    [ -e /etc/reader.conf.d/vpcd ] || fail "the virtual reader is missing: apt-get install vsmartcard-vpcd"
    as_root=()
    if [ "$(id -u)" != 0 ]; then
        [ -d /run/pcscd ] || fail "/run/pcscd is missing and only root can create it: start pcscd once, or run as root"
        as_root=(--user --map-root-user)
    else
        mkdir -p /run/pcscd
    fi
    exec unshare "${as_root[@]}" --mount --net -- "$0" --inside "$@"
fi
shift

ip link set lo up || fail "cannot bring up the loopback interface (iproute2)"
mount -t tmpfs -o mode=755 tmpfs /run/pcscd || fail "cannot cover /run/pcscd"
log="${PRIVATE_PCSCD_LOG:-/run/pcscd/log}"

# Sends $1 to all that still lives in this network namespace; false when nothing is left. The namespace exists for
# this run only, so nothing foreign can be in it.
signal_others() {
    local mine other pid found=1
    mine="$(readlink /proc/self/ns/net)"
    for other in /proc/[0-9]*; do
        pid="${other#/proc/}"
        [ "$pid" = "$$" ] && continue
        [ "$(readlink "$other/ns/net" 2>/dev/null)" = "$mine" ] || continue
        kill -"$1" "$pid" 2>/dev/null && found=0
    done
    return "$found"
}
clean_up() {
    signal_others TERM || return
    for _ in $(seq 20); do
        sleep 0.05
        signal_others 0 || return
    done
    signal_others KILL
}
trap clean_up EXIT

# A real reader at this machine stays with its owner: no driver for USB is seen here but those that the caller brings.
# The folder is compiled into pcscd, too.
installed=/usr/lib/pcsc/drivers mine=/run/pcscd/drivers
mkdir "$mine"
cp -R "$installed"/serial "$mine" || fail "the virtual reader's driver is missing: apt-get install vsmartcard-vpcd"
[ -z "${PRIVATE_PCSCD_DRIVERS:-}" ] || cp -RL "$PRIVATE_PCSCD_DRIVERS"/. "$mine"
mount --bind "$mine" "$installed" || fail "cannot cover $installed"

LD_PRELOAD="${PRIVATE_PCSCD_PLUG:-}" \
    setpriv --pdeathsig KILL pcscd --foreground >"$log" 2>&1 &
pcscd_pid=$!

# Ready when both the socket for clients and the port for cards (0x8C7B) are there.
ready() { [ -S /run/pcscd/pcscd.comm ] && grep -q ':8C7B 0*:0000 0A' /proc/net/tcp /proc/net/tcp6; }
for _ in $(seq 200); do
    ready && break
    kill -0 "$pcscd_pid" 2>/dev/null || { cat "$log" >&2; fail "pcscd ended at once"; }
    sleep 0.05
done
ready || { cat "$log" >&2; fail "pcscd offers no virtual reader after 10 s"; }

setpriv --pdeathsig TERM "$@"
