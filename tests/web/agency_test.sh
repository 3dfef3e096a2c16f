#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
# The case worker's page in Chromium over mutual TLS: shows and assigns, says what may be used and what was withdrawn, and
# is served to nobody without a certificate of an authority. Usage: agency_test.sh <folder of programs> [folder for pictures]
set -eu
bin=$1
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
pictures=${2:-$work}
backend=
cleanup() {
    [ -z "$backend" ] || { kill "$backend" 2>/dev/null && wait "$backend" || true; }
    rm -rf "$work"
}
trap cleanup EXIT
fail() { echo "agency_test: $1" >&2; exit 1; }

"$bin/freigabectl" pki init --out "$work/pki" --dns localhost >/dev/null
"$bin/fill_inbox" "$work/backend.db" "$work/pki"
cat >"$work/names.json" <<'NAMES'
{"entries":{"JBA-01":"Ansprechpersonen verbinden","JBA-02":"Bildungsweg und Bewerbung","JBA-03":"Hilfe-Verlauf",
 "JBA-05":"Fallkonferenz","JBA-11":"Widerspruch: Meldung ans Land"},"authorities":{"land-bildung":"Land"}}
NAMES
"$bin/freigabe-backend" serve --store "sqlite:$work/backend.db" --listen 127.0.0.1:0 --tls-ca "$work/pki/tls-ca.crt" \
    --tls-cert "$work/pki/backend.crt" --tls-key "$work/pki/backend.key" --receipt-key "$work/pki/receipts.key" \
    --views-key "$work/pki/views.key" --authority-secrets "$work/pki/authority-secrets.json" \
    --names "$work/names.json" --port-file "$work/ports" 2>"$work/backend.log" &
backend=$!
tries=0
until [ -s "$work/ports" ]; do
    tries=$((tries + 1))
    [ "$tries" -lt 100 ] || fail "the backend did not start: $(tail -3 "$work/backend.log")"
    sleep 0.1
done
url="https://localhost:$(head -1 "$work/ports")/agency/"
page() { python3 "$here/agency.py" --url "$url" --pki "$work/pki" --authority "$@"; }
# expect <JSON> <python condition over `page`> <what it means>
expect() { printf '%s' "$1" | python3 -c "import json,sys; page = json.load(sys.stdin); sys.exit(not ($2))" || fail "$3: $1"; }

first=$(page musterstadt-agentur --rows --screenshot "$pictures/agency-inbox.png")
expect "$first" "len(page['rows']) == 9" "nine declarations are shown"
expect "$first" "any(row['state'] == 'access_request' for row in page['rows'])" "a request for access is shown"
expect "$first" "page['rows'][0]['state'] == 'withdrawn' and page['rows'][0]['alarm']" "the withdrawal stands first"
expect "$first" "sum(row['twin'] for row in page['rows']) == 2" "two cards of one name stand side by side"

leyla=$(printf '%s' "$first" | python3 -c "import json,sys
print(next(r['declaration'] for r in json.load(sys.stdin)['rows'] if r['person'] == 'Demir, Leyla' and r['state'] == 'usable'))")
second=$(page musterstadt-agentur --assign 4711/26 --declaration "$leyla" --applied --ask 4711/26 JBA-03 --rows \
    --screenshot "$pictures/agency-assigned.png")
expect "$second" "page['answer'].startswith('Ja')" "the assigned release may be used"
expect "$second" "sum(row['file_number'] == '4711/26' for row in page['rows']) == 2" "both of her declarations follow"
expect "$second" "any(row['done'] == 'Umgesetzt' for row in page['rows'])" "applied is shown"

# A note without proof holds its person's releases up until somebody has found it unfounded.
expect "$first" "{'provisional', 'suspended'} <= {row['state'] for row in page['rows']}" "a note suspends what it may mean"
third=$(page musterstadt-agentur --rows --script "
  return (async () => {
    const button = [...document.querySelectorAll('button')].find((each) => each.innerText === 'Unbegründet');
    button.click();
    const wait = (what) => new Promise((done) => { const look = () => what() ? done(true) : setTimeout(look, 50); look(); });
    await wait(() => document.querySelector('#message').innerText.includes('unbegründet'));
    return !document.querySelector('tr[data-state=suspended]');
  })()")
expect "$third" "page['script'] is True" "an unfounded note lets the release live again"

# More than a page: the rest comes when it is asked for, stays after a reload, and nothing stands twice.
paged=$(page musterstadt-jobcenter --script "return (async () => {
    const real = await (await fetch('/v1/inbox')).json();
    const all = [...Array(5).keys()].map((number) => ({ ...real.items[0], declaration: 'copy-' + number }));
    window.fetch = async (path) => {
      const from = Number(new URL(path, location).searchParams.get('from') || 0);
      const items = all.slice(Math.max(0, from - 1), from + 2);
      const next = from + 2 < all.length ? { next: from + 2 } : {};
      return new Response(JSON.stringify({ ...real, items, total: all.length, alarms: 0, overdue: 0, ...next }));
    };
    const count = () => document.querySelectorAll('tr[data-declaration]').length;
    const wait = (what) => new Promise((done) => { const look = () => what() ? done() : setTimeout(look, 50); look(); });
    await load();
    const seen = [count()];
    while (document.querySelector('#more')) {
      const before = count();
      document.querySelector('#more').click();
      await wait(() => count() > before);
      seen.push(count());
    }
    await load();
    return [...seen, count()];
  })()")
expect "$paged" "page['script'] == [2, 4, 5, 5]" "pages are added and stay"

# The source says that it does not pass something on (LR-15); a recipient has no such button.
withheld=$(page musterstadt-jugendamt --assign 99/26 --declaration "$leyla" --rows --script "return (async () => {
    const button = [...document.querySelectorAll('button')].find((each) => each.innerText === 'Nicht weitergeben');
    button.click();
    const wait = (what) => new Promise((done) => { const look = () => what() ? done(true) : setTimeout(look, 50); look(); });
    await wait(() => document.querySelector('#message').innerText.includes('nicht weitergegeben'));
    return [...document.querySelectorAll('.pill')].some((each) => each.innerText.trim() === 'Nicht weitergegeben');
  })()" --screenshot "$pictures/agency-withheld.png")
expect "$withheld" "page['script'] is True" "the source has withheld"
recipient=$(page musterstadt-agentur --script "return [...document.querySelectorAll('tr')].filter((row) =>
    row.innerText.includes('Demir') && row.innerText.includes('Hilfe-Verlauf')).some((row) =>
    row.innerText.includes('Nicht weitergeben'))")
expect "$recipient" "page['script'] is False" "a recipient cannot withhold"

# A request for access after its month stands above everything and says so in words, in its row and in the header.
overdue=$(page musterstadt-jugendamt --rows --script "
    return [document.querySelector('#inbox h2').innerText, document.querySelector('#alarm').innerText.trim(),
            document.querySelectorAll('tr[data-state=access_request]').length]" --screenshot "$pictures/agency-overdue.png")
expect "$overdue" "page['rows'][0]['state'] == 'access_request' and 'Auskunft überfällig' in page['rows'][0]['shown']
    and 'Frist war der' in page['rows'][0]['shown']" "an overdue request stands first"
expect "$overdue" "page['script'][0].startswith('Überfällig') and page['script'][1] == '3 Rücknahmen ohne Akte, 1 Auskunft überfällig' and page['script'][2] == 1" \
    "the header says what is overdue, and it stands once"
answered=$(page musterstadt-jugendamt --assign 7/26 --declaration "$(printf '%s' "$overdue" |
    python3 -c "import json,sys; print(json.load(sys.stdin)['rows'][0]['declaration'])")" --applied --rows \
    --script "return document.querySelector('#inbox h2').innerText")
expect "$answered" "page['script'].startswith('Noch nicht') and any(row['done'] == 'Beantwortet' for row in page['rows'])" \
    "an answered request is overdue no more"
expect "$first" "all('überfällig' not in row['shown'] for row in page['rows'])" "a request within its month is not overdue"

# Without the backend the page says since when it knows nothing new, and an authority without declarations is told so.
offline=$(page musterstadt-agentur --script "return (async () => {
    window.fetch = () => Promise.reject(new Error('gone'));
    await load();
    return [document.querySelector('#offline').hidden, document.querySelector('#offline').innerText,
            document.querySelector('#alarm').hidden];
  })()" --screenshot "$pictures/agency-offline.png")
expect "$offline" "page['script'][0] is False and 'Stand von' in page['script'][1] and page['script'][2]" "no connection is said"
empty=$(page musterstadt-jobcenter --script "return (async () => {
    const answer = { authority: { name: 'Jobcenter Musterstadt' }, alarms: 0, overdue: 0, total: 0, entries: [], items: [] };
    window.fetch = async () => new Response(JSON.stringify(answer));
    await load();
    return [...document.querySelectorAll('.empty')].map((each) => each.innerText);
  })()" --screenshot "$pictures/agency-empty.png")
expect "$empty" "page['script'][0].startswith('Nichts wartet')" "an empty inbox says so"

# Everything can be reached and done with the keyboard alone.
keys=$(page musterstadt-jugendamt --script "
    const names = [...document.querySelectorAll('a[href], button, input, select')].filter((each) => !each.hidden);
    return names.every((each) => each.tabIndex >= 0 && (each.innerText || each.getAttribute('aria-label') ||
        (each.labels && each.labels.length > 0)))")
expect "$keys" "page['script'] is True" "every control can be tabbed to and has a name"

other=$(page musterstadt-jugendamt --rows --ask 4711/26 JBA-03 --script "return performance.getEntriesByType('resource')
    .every((entry) => entry.name.startsWith(location.origin))")
expect "$other" "page['answer'].startswith('Nein')" "a file number of another authority means nothing"
expect "$other" "all(row['file_number'] in (None, '99/26', '7/26') for row in page['rows'])" "assignments stay with their authority"
expect "$other" "page['script'] is True" "nothing is loaded from elsewhere"

# A certificate of the right CA and the wrong role, and no certificate at all.
cp "$work/pki/auditor.pem" "$work/pki/authority-auditor.pem"
page auditor --expect-refused >/dev/null || fail "an auditor got the page"
if curl -s -o /dev/null --max-time 20 --cacert "$work/pki/tls-ca.crt" "$url"; then fail "served without a certificate"; fi
kill "$backend"
wait "$backend" || fail "the backend did not drain"
backend=
echo "agency_test: ok"
