#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
# freigabectl enrol against a real backend: a wrong code is refused and changes nothing that matters, the right one makes a
# terminal, a second time is refused. Usage: enrol.sh FREIGABECTL FREIGABE-BACKEND CATALOGUE.JSON SCRATCH_FOLDER
set -eu
ctl=$1
backend=$2
source=$3
dir=$4
# Only the fresh folder made here is ever removed, never a path that was handed in.
mkdir -p "$dir"
dir=$(mktemp -d "$dir/run.XXXXXX")
trap 'rm -rf "$dir"' EXIT
cd "$dir"
say() { printf '%s\n' "$*"; }

"$ctl" pki init --out p
"$ctl" catalogue sign --role authority_publisher --key p/catalogue-publisher.key "$source" half.jws
"$ctl" catalogue sign --role dsb_approver --key p/catalogue-dsb.key half.jws whole.jws
"$ctl" catalogue names whole.jws >names.json
terminal=$(cat p/terminal.id)

code=$("$backend" invite --store sqlite:backend.db --terminal "$terminal" --site Musterstadt)
"$backend" serve --store sqlite:backend.db --listen 127.0.0.1:0 --plain-listen 127.0.0.1:0 \
    --tls-ca p/tls-ca.crt --tls-cert p/backend.crt --tls-key p/backend.key \
    --receipt-key p/receipts.key --views-key p/views.key \
    --authority-secrets p/authority-secrets.json --names names.json --port-file port 2>backend.log &
server=$!
trap 'kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; rm -rf "$dir"' EXIT
tries=0
while ! test -s port; do
    tries=$((tries + 1))
    test "$tries" -le 100 || { say "the backend did not start"; cat backend.log; exit 1; }
    sleep 0.1
done
url=https://localhost:$(head -n 1 port)
site=Musterstadt
enrol() {
    "$ctl" enrol --backend "$url" --site "$site" --state state --pki p --catalogue whole.jws "$@"
}

say "options that do not fit are refused before anything is written"
if enrol --code "$code" --mode live --drafts show 2>/dev/null; then say "drafts in live mode"; exit 1; fi
if enrol --code "$code" --mode demo --drafts perhaps 2>/dev/null; then say "unknown drafts"; exit 1; fi
test ! -e state

say "a wrong code is refused; the key stays for the next attempt"
if enrol --code WRONGWRONG --mode demo --drafts show 2>said; then say "enrolled"; exit 1; fi
grep -q "freigabe-backend invite" said || { say "no word on what to do next"; cat said; exit 1; }
test ! -e state/terminal.json
cp state/keys/journal.key journal.before

say "the right code makes a terminal, also typed in small letters and without hyphens"
enrol --code "$(printf %s "$code" | tr -d - | tr 'A-Z' 'a-z')" --mode demo --drafts show >id
test "$(cat id)" = "$terminal"
cmp state/keys/journal.key journal.before
for key in state/keys/journal.key state/keys/tls.key; do test "$(stat -c %a $key)" = 600; done
test "$(stat -c %a state)" = 700
cmp state/catalogue.jws whole.jws
cmp state/trust.json p/trust.json
grep -q '"mode":"demo"' state/terminal.json
floor=$(sed 's/.*"time_floor_ms":\([0-9]*\).*/\1/' state/terminal.json)
now=$(date +%s)
test "$((floor / 1000 - now))" -lt 60
test "$((now - floor / 1000))" -lt 60

say "a terminal is enrolled once; it says so again to a backend that comes out of a backup, and nothing changes here"
cp state/terminal.json terminal.before
enrol --code "$code" --mode demo --drafts show >/dev/null
cmp state/terminal.json terminal.before
cmp state/keys/journal.key journal.before
site=Anderswo
if enrol --code "$code" --mode demo --drafts show 2>said; then say "another site"; exit 1; fi
grep -q "stands at another site" said || { say "no word on why"; cat said; exit 1; }
say "enrolment holds"
