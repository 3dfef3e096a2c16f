#!/usr/bin/env bash
# SPDX-License-Identifier: EUPL-1.2
# The card driver, the seal and TLS with the mbedTLS and the compiler of Debian 13, in a chroot that is made from this
# machine's own apt sources. Started by ./run check-trixie. Its last line says how many tests passed, and with what.
#
# usage: trixie.sh [FOLDER]      FOLDER (build/trixie) keeps the chroot and the build: a second run takes over both
#
# Needs root (chroot, mounts), mmdebstrap, and 2 GB of disk. Mounts live in a namespace of this script's own: they are
# gone when it ends, however it ends. The chroot sees the checkout read-only. Remove everything: rm -r FOLDER
set -Eeuo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."
suite=trixie
# What uses mbedTLS, and what stands on it. Programs with doctest; each is a test of its own name.
targets=(unit_base unit_crypto unit_apdu unit_eid unit_eid_runs unit_eid_flows unit_eid_memory unit_pki unit_keys
    unit_keys_token unit_pcsc unit_seal unit_receipts unit_http unit_transport interop_driver_card interop_openpace)
# Debian 13 has no clang-format-14; the format is judged on Debian 12.
not_there=clang-format-14
beside=(doctest-dev jose libeac-dev libpng-dev libssl-dev openssl python3 softhsm2)

say() { printf '\n== %s  (%(%H:%M:%S)T)\n' "$*" -1; }
fail() {
    printf '\ncheck-trixie failed: %s\n-> %s\n' "$1" "$2" >&2
    exit 1
}
packages() { { sed 's/#.*//' image/packages/build.txt; printf '%s\n' "${beside[@]}"; } | grep -vxE "$not_there|\s*" | sort -u; }

# Inside the chroot: build, run, count. The checkout lies at its own path.
inside() {
    export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8
    local folder=$1 from=$SECONDS
    local build=$folder/build
    say "configuring with $(g++ --version | head -1)"
    cmake --preset dev -B "$build" >"$folder/configure.log" 2>&1 \
        || { tail -20 "$folder/configure.log"; fail "cmake could not configure" "a package is missing: add it to trixie.sh"; }
    say "building ${#targets[@]} test programs"
    NINJA_STATUS="[$suite %f/%t, %es] " cmake --build "$build" --target "${targets[@]}" -- -k 0 \
        || fail "what Debian 12 compiles, Debian 13 does not" "mend the messages above; only drivers/crypto may ask for a version"
    say "testing"
    ctest --test-dir "$build" --output-on-failure --no-tests=error --output-junit "$folder/tests.xml" \
        --test-output-size-passed 4000000 -R "^($(IFS='|'; echo "${targets[*]}"))\$" \
        || fail "a test that passes on Debian 12 fails on Debian 13" "see its output above and $folder/tests.xml"
    local programs cases library version
    programs=$(grep -c '\[doctest\] test cases' "$folder/tests.xml")
    cases=$(sed -n 's/.*\[doctest\] test cases: *\([0-9]*\) .*/\1/p' "$folder/tests.xml" | awk '{ n += $1 } END { print n + 0 }')
    ((programs == ${#targets[@]})) || fail "$programs of ${#targets[@]} programs reported test cases" "see $folder/tests.xml"
    version=$(echo MBEDTLS_VERSION_STRING | g++ -E -P -x c++ -include mbedtls/version.h - | tail -1 | tr -d '"')
    library=$(ldd "$build/bin/unit_crypto" | sed -n 's/^\s*\(libmbedcrypto[^ ]*\).*/\1/p')
    [[ $version == 3.* && -n $library ]] || fail "linked with mbedTLS ${version:-?} ${library:-?}" "this check is about version 3"
    printf '\ncheck-trixie: %d test cases in %d programs passed with mbedTLS %s (%s), Debian %s, g++ %s, in %d s\n' "$cases" \
        "$programs" "$version" "$library" "$(</etc/debian_version)" "$(g++ -dumpfullversion)" $((SECONDS - from))
}

# In a mount namespace of our own.
enter() {
    local root=$1 folder=$2
    mount --make-rprivate /
    mkdir -p "$root$PWD"
    mount --bind "$PWD" "$root$PWD"
    mount -o remount,bind,ro "$root$PWD"
    mount --bind "$folder" "$root$folder"
    mount -t proc proc "$root/proc"
    mount --rbind /dev "$root/dev"
    mount -t tmpfs tmpfs "$root/tmp"
    exec chroot "$root" /usr/bin/env -i "TERM=${TERM:-dumb}" /bin/bash "$PWD/tests/trixie.sh" --inside "$folder"
}

# Debian's part of this machine's sources, with the other suite; host, components and keys stay as they are.
sources() {
    local folder=$1 here
    here=$(. /etc/os-release && echo "${VERSION_CODENAME:?}")
    shopt -s nullglob
    # Which of these files a machine has differs: none of them needs to be there.
    sed -nE "s/^(deb (\[[^]]*\] )?\S+ )$here(-updates|-security)? /\1$suite\3 /p" /etc/apt/sources.list \
        /etc/apt/sources.list.d/*.list >"$folder/debian.list" 2>/dev/null || true
    awk -v RS= -v here="$here" -v suite="$suite" '/(^|\n)Types:[^\n]*deb/ && !/(^|\n)Enabled: *no/ {
            n = split($0, lines, "\n"); wanted = ""
            for (i = 1; i <= n; ++i) if (lines[i] ~ /^Suites:/) {
                m = split(substr(lines[i], 8), names, " ")
                for (j = 1; j <= m; ++j) if (names[j] ~ "^" here "(-updates|-security)?$") {
                    sub("^" here, suite, names[j]); wanted = wanted " " names[j] }
                lines[i] = "Suites:" wanted }
            for (i = 1; wanted != "" && i <= n; ++i) print lines[i]
            if (wanted != "") print "" }' /etc/apt/sources.list.d/*.sources </dev/null >"$folder/debian.sources"
    find "$folder" -name 'debian.*' -empty -delete
    compgen -G "$folder/debian.*" >/dev/null \
        || fail "no source of Debian $here in /etc/apt" "this check reads them there; add Debian's own, then start again"
}

make_root() {
    local root=$1 folder=$2 log=$2/mmdebstrap.log
    sources "$folder"
    # How this machine reaches its sources.
    apt-config dump | grep -E '^Acquire::(https?::|Check-|Retries)' >"$folder/apt.conf" || true
    say "making a Debian 13 with $(packages | wc -l) packages and what they need; log: $log"
    rm -rf "$root" "$root.new"
    mmdebstrap --mode=root --variant=minbase --include="$(packages | paste -sd,)" --aptopt="$folder/apt.conf" \
        "$suite" "$root.new" "$folder"/debian.* 2>&1 | tee "$log" | grep --line-buffered -E '^[IWE]:' || true
    if ! grep -q '^I: success' "$log"; then
        rm -rf "$root.new"
        tail -15 "$log" >&2
        grep -q NO_PUBKEY "$log" && fail "this machine does not know Debian 13's key" \
            "apt-get install --only-upgrade debian-archive-keyring, then start again"
        grep -qE 'Unable to locate package|has no installation candidate' "$log" && fail "a package has another name in Debian 13" \
            "mend the lists in image/packages/build.txt or trixie.sh"
        fail "no Debian 13 from this machine's sources" "see the messages above: is the network there, has the mirror $suite?"
    fi
    packages >"$root.new/freigabe-packages"
    mv "$root.new" "$root"
}

# The lists have changed since the chroot was made.
add_packages() {
    say "adding packages to it; log: $2"
    # shellcheck disable=SC2046  # several packages are several words
    unshare --mount --fork chroot "$1" /bin/sh -c 'apt-get update -qq && apt-get install -y -qq --no-install-recommends "$@"' \
        add $(packages) >"$2" 2>&1 || { tail -5 "$2" >&2; fail "apt could not add them" "remove $1, then start again"; }
    packages >"$1/freigabe-packages"
}

main() {
    local folder root
    folder=$(realpath -m "${1:-build/trixie}")
    root=$folder/root
    ((EUID == 0)) || fail "a chroot and its mounts need root" "sudo ./run check-trixie"
    command -v mmdebstrap >/dev/null || fail "mmdebstrap is missing" "apt-get install mmdebstrap"
    [[ $folder == "$PWD"/* ]] || fail "$folder lies outside of the checkout" "name a folder below $PWD"
    mkdir -p "$folder"
    if [[ ! -d $root ]]; then
        make_root "$root" "$folder"
    else
        say "taking the Debian 13 in $root; remove it for a new one"
        packages | cmp -s - "$root/freigabe-packages" || add_packages "$root" "$folder/apt.log"
    fi
    unshare --mount --fork --kill-child -- "$PWD/tests/trixie.sh" --enter "$root" "$folder"
}

case ${1-} in
    --enter) enter "$2" "$3" ;;
    --inside) inside "$2" ;;
    *) main "$@" ;;
esac
