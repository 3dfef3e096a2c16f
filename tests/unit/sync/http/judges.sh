#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
# What curl and openssl say to our server: programs that share no code with it. Usage: judges.sh JUDGE_SERVER
set -euo pipefail
dir=$(mktemp -d)
server=
cleanup() {
    [[ -n $server ]] && kill "$server" 2>/dev/null && wait "$server" || true
    rm -rf "$dir"
}
trap cleanup EXIT
mkfifo "$dir/ports"
"$1" "$dir" >"$dir/ports" 2>"$dir/log" &
server=$!
read -r port plain <"$dir/ports"
say() { printf '%s\n' "$*"; }
fail() { say "FAILED: $*"; cat "$dir/log"; exit 1; }
url="https://backend.test:$port"
ours=(--silent --show-error --max-time 20 --noproxy '*' --resolve "backend.test:$port:127.0.0.1" --cacert "$dir/ca.pem")
mine=(--cert "$dir/client.pem" --key "$dir/client.key")

say "curl gets, posts, posts in chunks, and keeps the connection"
[[ $(curl "${ours[@]}" "${mine[@]}" "$url/a%20b?x=1") == "t-1 /a b 0" ]] || fail get
head -c 300000 /dev/zero >"$dir/body"
[[ $(curl "${ours[@]}" "${mine[@]}" -H 'Expect:' --data-binary "@$dir/body" "$url/p") == "t-1 /p 300000" ]] || fail post
[[ $(curl "${ours[@]}" "${mine[@]}" -H 'Expect:' -H 'Transfer-Encoding: chunked' --data-binary "@$dir/body" "$url/c") == \
    "t-1 /c 300000" ]] || fail chunked
connects=$(curl "${ours[@]}" "${mine[@]}" -o /dev/null -o /dev/null -w '%{num_connects}\n' "$url/1" "$url/2" | tail -1)
[[ $connects == 0 ]] || fail keep-alive
[[ $(curl "${ours[@]}" "${mine[@]}" --head -o /dev/null -w '%{http_code}' "$url/") == 200 ]] || fail head
[[ $(curl "${ours[@]}" "${mine[@]}" -X BREW -o /dev/null -w '%{http_code}' "$url/") == 501 ]] || fail method

say "curl without a certificate, with HTTP/1.0, or over plain HTTP is not served"
if curl "${ours[@]}" "$url/" 2>/dev/null; then fail "no certificate"; fi
[[ $(curl "${ours[@]}" "${mine[@]}" --http1.0 --no-alpn -o /dev/null -w '%{http_code}' "$url/") == 505 ]] || fail "HTTP/1.0"
if curl --silent --max-time 20 --noproxy '*' "http://127.0.0.1:$port/"; then fail "plain"; fi
[[ $(curl --silent --max-time 20 --noproxy '*' "http://127.0.0.1:$plain/healthz") == "nobody /healthz 0" ]] || fail "plain listener"

say "openssl verifies the chain and the name, resumes, and is refused below our bar"
client=(openssl s_client -connect "127.0.0.1:$port" -servername backend.test -verify_return_error -verify_hostname backend.test
    -CAfile "$dir/ca.pem" -cert "$dir/client.pem" -key "$dir/client.key")
request=$'GET /o HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'
ask() { printf '%s' "$request" | timeout 20 "${client[@]}" -ign_eof "$@" 2>&1; }
answer=$(ask -sess_out "$dir/session") || fail openssl
[[ $answer == *"t-1 /o 0"* && $answer == *"ECDHE-ECDSA"* && $answer == *"Verify return code: 0 (ok)"* ]] || fail "openssl answer"
answer=$(ask -sess_in "$dir/session") || fail "openssl resumption"
[[ $answer == *"Reused, TLSv1.2"* && $answer == *"t-1 /o 0"* ]] || fail "resumed session without the peer"
for bar in "-cipher ECDHE-ECDSA-AES128-SHA256" "-cipher ECDHE-RSA-AES128-GCM-SHA256" "-cipher AES128-GCM-SHA256" \
    "-cipher ECDHE-ECDSA-CHACHA20-POLY1305" "-curves X25519" "-curves P-521" "-tls1_1 -cipher ALL@SECLEVEL=0" "-alpn h2"; do
    # shellcheck disable=SC2086
    if [[ $(ask $bar || true) == *"t-1 /o"* ]]; then fail "served with $bar"; fi
done
for good in "-cipher ECDHE-ECDSA-AES256-GCM-SHA384" "-curves P-384:P-256" "-alpn h2,http/1.1"; do
    # shellcheck disable=SC2086
    [[ $(ask $good) == *"t-1 /o"* ]] || fail "not served with $good"
done

say "SIGTERM ends it in order"
kill "$server"
wait "$server" || fail "exit status"
server=
say ok
