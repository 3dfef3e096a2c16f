#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
# freigabectl catalogue, as an editor and a data-protection officer use it; `jose` judges the signatures.
# Usage: catalogue_tool.sh FREIGABECTL CATALOGUE.JSON SCRATCH_FOLDER
set -eu
ctl=$1
source=$2
dir=$3
# Only the fresh folder made here is ever removed, never a path that was handed in.
mkdir -p "$dir"
dir=$(mktemp -d "$dir/run.XXXXXX")
trap 'rm -rf "$dir"' EXIT
cd "$dir"
say() { printf '%s\n' "$*"; }
refuses() {
    if "$@" >refused.txt 2>&1; then
        say "was accepted: $*"
        exit 1
    fi
}

"$ctl" pki init --out p
say "signed in two roles, verified with the terminal's trust"
"$ctl" catalogue check "$source"
"$ctl" catalogue sign --role authority_publisher --key p/catalogue-publisher.key "$source" half.jws
refuses "$ctl" catalogue check half.jws --keys p/trust.json
"$ctl" catalogue sign --role dsb_approver --key p/catalogue-dsb.key half.jws whole.jws
"$ctl" catalogue check whole.jws --keys p/trust.json

say "jose finds both signatures good, over exactly the bytes of the source"
for key in catalogue-publisher catalogue-dsb; do
    jose jws ver -i whole.jws -k p/$key.jwk -O payload.json
    cmp payload.json "$source"
done

say "a tampered catalogue is refused"
sed 's/"payload":"e/"payload":"f/' whole.jws >tampered.jws
refuses "$ctl" catalogue check tampered.jws --keys p/trust.json

say "one key in both roles is refused"
"$ctl" catalogue sign --role dsb_approver --key p/catalogue-publisher.key half.jws same.jws
refuses "$ctl" catalogue check same.jws --keys p/trust.json

say "keys of another town are refused"
"$ctl" pki init --out q
refuses "$ctl" catalogue check whole.jws --keys q/trust.json

say "a JBA as recipient is named with entry, rule and remedy, and cannot be signed"
sed '0,/"authorities": \["musterstadt-agentur", "musterstadt-jugendamt"\]/s//"authorities": ["JBA"]/' \
    "$source" >jba.json
refuses "$ctl" catalogue check jba.json
grep -q '^JBA-01: LR-02: recipient JBA .* -> name the authorities themselves' refused.txt
refuses "$ctl" catalogue sign --role dsb_approver --key p/catalogue-dsb.key jba.json never.jws
test ! -e never.jws
say "the tool keeps the rules"
