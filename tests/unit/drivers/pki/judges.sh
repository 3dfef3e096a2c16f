#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
# What independent programs say to certificates made by freigabectl pki: OpenPACE's cvc-print and
# cvc-create, openssl and jose. Usage: judges.sh FREIGABECTL SCRATCH_FOLDER
set -eu
ctl=$1
dir=$2
# Only the fresh folder made here is ever removed, never a path that was handed in.
mkdir -p "$dir"
dir=$(mktemp -d "$dir/run.XXXXXX")
trap 'rm -rf "$dir"' EXIT
mkdir "$dir/trusted"
say() { printf '%s\n' "$*"; }

"$ctl" pki init --out "$dir/p" --dns localhost backend.example
cd "$dir/p"

say "cvc-print verifies our chain: cvca -> link -> cvca2 -> dv -> terminal"
cp cvca.cvcert ../trusted/DECVCAFREI00001
cp cvca2.cvcert ../trusted/DECVCAFREI00002
cp dv.cvcert ../trusted/DEDVFREI00001
for name in cvca cvca-link cvca2 dv terminal; do
    cvc-print --cvc=$name.cvcert --cvc-dir=../trusted >../$name.txt
    grep -q '^certificate verified' ../$name.txt
done
cvc-print --cvc=terminal.cvcert --cvc-dir=../trusted --description=terminal.desc >../terminal.txt
grep -q 'certificate description matches certificate' ../terminal.txt
grep -q 'Restricted Identification' ../terminal.txt
grep -q 'id-sector' ../terminal.txt
if grep -q 'Write DG' ../terminal.txt; then say "terminal may write"; exit 1; fi

say "a certificate with one changed bit is not verified"
cp terminal.cvcert ../changed.cvcert
printf '\377' | dd of=../changed.cvcert bs=1 seek=140 conv=notrunc 2>/dev/null
if cvc-print --cvc=../changed.cvcert --cvc-dir=../trusted 2>/dev/null | grep -q '^certificate verified'; then
    say "a changed certificate was verified"; exit 1
fi

say "our dv and cvc-create's work together: a terminal certificate of theirs under our dv"
cvc-create --role=terminal --type=at --sign-with=dv.key --sign-as=dv.cvcert --scheme=ECDSA_SHA_256 \
    --chr=DETHEIRS00001 --expires="$(date -d '+20 days' +%y%m%d)" --rid --read-dg4 \
    --out-cert=../theirs.cvcert --out-key=../theirs.pkcs8 --out-desc=../theirs.desc >/dev/null
cvc-print --cvc=../theirs.cvcert --cvc-dir=../trusted | grep -q '^certificate verified'

say "single subcommands make the same kinds"
"$ctl" pki key --out ../k.key --curve brainpoolP384r1
"$ctl" pki cvca --holder DESINGLE00001 --key ../k.key --out ../single.cvcert
cvc-print --cvc=../single.cvcert | grep -q 'CHR: DESINGLE00001'
"$ctl" pki key --out ../t.key
"$ctl" pki terminal --authority DEDVFREI00001 --signer dv.key --holder DESINGLE00002 --key ../t.key \
    --rights dg4,dg5,rid --sector sector.pub --description terminal.desc --out ../single-at.cvcert
cvc-print --cvc=../single-at.cvcert --cvc-dir=../trusted | grep -q '^certificate verified'
"$ctl" pki sector --key sector.key --out ../sector.pub
cmp ../sector.pub sector.pub

say "openssl accepts the X.509 chains, strictly and for their purpose"
openssl verify -x509_strict -purpose sslserver -verify_hostname backend.example -CAfile tls-ca.crt backend.crt
for name in tls-terminal auditor authority-musterstadt-agentur authority-musterstadt-jobcenter \
    authority-musterstadt-jugendamt; do
    openssl verify -x509_strict -purpose sslclient -CAfile tls-ca.crt $name.crt
done
openssl verify -x509_strict -CAfile csca.crt ds.crt
if openssl verify -purpose sslserver -CAfile tls-ca.crt tls-terminal.crt 2>/dev/null; then
    say "a client certificate passes as server"; exit 1
fi
openssl x509 -in tls-terminal.crt -noout -subject | grep -q "OU = terminal, CN = $(cat terminal.id)"

say "keys are PKCS#8 and belong to their certificates; a browser bundle can be made"
for name in tls-ca backend tls-terminal auditor; do
    openssl pkey -inform DER -in $name.key -pubout >../key.pub
    openssl x509 -in $name.crt -pubkey -noout | cmp - ../key.pub
done
openssl pkcs12 -export -in auditor.pem -passout pass:demo -out ../auditor.p12
openssl pkcs12 -in ../auditor.p12 -passin pass:demo -noout

say "private keys are for their owner only; public JSON Web Keys are well formed"
for key in *.key *.pem; do test "$(stat -c %a "$key")" = 600; done
for key in views receipts catalogue-publisher catalogue-dsb; do
    thumb=$(jose jwk thp -i $key.jwk)
    grep -q "\"kid\":\"$thumb\"" $key.jwk
done

say "an existing PKI is never overwritten"
cp cvca.key ../before
if "$ctl" pki init --out . 2>/dev/null; then say "overwrote"; exit 1; fi
cmp cvca.key ../before
say "help is no error, wrong use is one, and neither writes"
"$ctl" pki --help | grep -q 'usage: freigabectl pki'
"$ctl" pki terminal --help | grep -q -- '--sector FILE'
for wrong in "" bogus cvca "key --out ../x.key --curve nonsense"; do
    code=0
    "$ctl" pki $wrong >/dev/null 2>&1 || code=$?
    test "$code" -ne 0
done
test ! -e ../x.key
say "all judges agree"
