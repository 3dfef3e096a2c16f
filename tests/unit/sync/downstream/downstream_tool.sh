#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
# freigabectl downstream, as the people use it who sign what comes down; `jose` judges the signatures.
# Usage: downstream_tool.sh FREIGABECTL CATALOGUE.JSON SCRATCH_FOLDER
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
down() { "$ctl" downstream "$@"; }

say "a root by three people, signed by two; one is not enough"
down keys --out k
down root root.draft --root-keys k/root-?.jwk --manifest-keys k/manifest-?.jwk
down sign --key k/root-1.key root.draft
refuses down release d root.draft
refuses down sign --key k/root-1.key root.draft
cp root.draft forged
down sign --key k/manifest-1.key forged
refuses down release d forged
down sign --key k/root-3.key root.draft
down release d root.draft
for who in root-1 root-3; do jose jws ver -i d/root.1.jws -k k/$who.jwk -O - >payload; done
grep -q freigabe-root-1 payload

say "a manifest of files, each checked as what it claims to be"
"$ctl" pki init --out p >/dev/null
"$ctl" catalogue sign --role authority_publisher --key p/catalogue-publisher.key "$source" half.jws
"$ctl" catalogue sign --role dsb_approver --key p/catalogue-dsb.key half.jws catalogue.jws
cat p/cvca-link.cvcert p/dv.cvcert p/terminal.cvcert >terminals.cvcerts
printf '{"schema":"freigabe-configuration-1","ages":{"majority":18}}' >site.json
seq 1 2000 | while read -r n; do printf '%032x%032d\n' "$((n * 7919))" 0; done >lost.txt
"$ctl" blocklist build --created 20261101 --sector p/sector-revocation.pub lost.txt cards.blocklist
refuses down publish --days 30 d catalogue="$source"
refuses down publish --days 30 d certificates=p/csca.der
refuses down publish --days 30 d block_list=site.json
refuses down publish --days 30 d configuration=catalogue.jws
refuses down publish --days 30 d catalogue=catalogue.jws@2026-13-01
refuses down publish --days 30 d catalogue=catalogue.jws@2099-01-01
down publish --days 30 d catalogue=catalogue.jws certificates=terminals.cvcerts csca=p/csca.der \
    block_list=cards.blocklist configuration=site.json
down sign --key k/manifest-1.key d/manifest.draft
refuses down release d d/manifest.draft
down sign --key k/manifest-2.key d/manifest.draft one.jws
down release d one.jws
down verify d
jose jws ver -i d/manifest.jws -k k/manifest-2.jwk -O /dev/null

say "the next one: a catalogue for later, a list that comes as a delta"
seq 1 2040 | while read -r n; do printf '%032x%032d\n' "$((n * 7919))" 0; done >lost.txt
"$ctl" blocklist build --created 20261102 --sector p/sector-revocation.pub lost.txt next.blocklist
sed 's/"version": "1.0.0"/"version": "1.1.0"/' "$source" >later.json
"$ctl" catalogue sign --role authority_publisher --key p/catalogue-publisher.key later.json half.jws
"$ctl" catalogue sign --role dsb_approver --key p/catalogue-dsb.key half.jws later.jws
down publish --days 30 d catalogue=later.jws@2099-01-01 block_list=next.blocklist | tee said.txt
grep -q 'later.jws.*from 2099-01-01' said.txt
grep -q 'next.blocklist.*with deltas' said.txt
grep -q 'catalogue.jws' said.txt
[ "$(sed -n 's/^delta \([0-9]*\) .*/\1/p' said.txt)" -lt 1200 ]
down sign --key k/manifest-1.key d/manifest.draft
down sign --key k/manifest-3.key d/manifest.draft
down release d d/manifest.draft
refuses down release d one.jws
grep -q manifest_rollback refused.txt

say "a file that was changed or is missing is found"
target=$(sha256sum later.jws | cut -d' ' -f1)
cp "d/targets/$target" kept
printf x >>"d/targets/$target"
refuses down verify d
grep -q manifest_bad refused.txt
rm "d/targets/$target"
refuses down verify d
cp kept "d/targets/$target"
down verify d >/dev/null

say "rotation: old and new keys sign; a terminal with the first root walks to the second"
down keys --out n
down root root.draft --from d/root.1.jws --root-keys n/root-?.jwk --manifest-keys n/manifest-?.jwk
down sign --key n/root-1.key root.draft
down sign --key n/root-2.key root.draft
refuses down release d root.draft
down sign --key k/root-1.key root.draft
down sign --key k/root-2.key root.draft
cp d/root.1.jws first.jws
down release d root.draft
refuses down verify d --root first.jws
grep -q manifest_untrusted refused.txt
down publish --days 30 d --drop csca/csca.der
down sign --key n/manifest-1.key d/manifest.draft
down sign --key n/manifest-2.key d/manifest.draft
down release d d/manifest.draft
down verify d --root first.jws | tee said.txt
grep -q '^root 2' said.txt
! grep -q csca.der said.txt
say "all as it should be"
