// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/ingest/terminals.hpp"

#include <algorithm>
#include <array>

#include "drivers/base/check.hpp"
#include "drivers/base/limits.hpp"
#include "drivers/crypto/digest.hpp"
#include "sync/backend/ingest/revocation.hpp"
#include "sync/backend/store/columns.hpp"
#include "sync/backend/store/retry.hpp"
#include "sync/model/json.hpp"
#include "sync/seal/jws.hpp"
#include "sync/seal/key_change.hpp"

namespace backend {
namespace {

constexpr Statement add_invitation{
    "INSERT INTO invitation (code_hash, terminal, site, expires_ms, used) VALUES ($1, $2, $3, $4, "
    "0)"};
// Locks the row before it is read: of two keys that come with one code at once, on two instances,
// the second must find it used.
constexpr Statement lock_invitation{
    "UPDATE invitation SET used = used WHERE code_hash = $1"
    " RETURNING terminal, site, expires_ms, used"};
// All of this terminal: one that is left would let a second device in.
constexpr Statement use_invitations{"UPDATE invitation SET used = 1 WHERE terminal = $1"};
constexpr Statement add_terminal{
    "INSERT INTO terminal (terminal, site, enrolled_ms) VALUES ($1, $2, $3)"
    " ON CONFLICT (terminal) DO UPDATE SET site = excluded.site"};
constexpr Statement find_keys{
    "SELECT public_key, key_no, from_epoch FROM terminal_key WHERE terminal = $1"
    " ORDER BY key_no DESC LIMIT $2"};
constexpr Statement add_key{
    "INSERT INTO terminal_key (terminal, key_no, public_key, from_epoch, enrolled_ms)"
    " VALUES ($1, $2, $3, $4, $5)"};
constexpr Statement lock_keys{
    "UPDATE terminal SET site = site WHERE terminal = $1 RETURNING enrolled_ms"};
constexpr Statement newest_epoch{
    "SELECT epoch FROM chain WHERE terminal = $1 ORDER BY epoch DESC LIMIT 1"};
constexpr Statement find_recorded{
    "SELECT 1 FROM chain WHERE terminal = $1 UNION SELECT 1 FROM advance WHERE terminal = $1"};
constexpr std::int64_t any_epoch = 1;
constexpr Statement find_chains{
    "SELECT epoch, next_seq, head_jws FROM chain WHERE terminal = $1 ORDER BY epoch DESC LIMIT "
    "$2"};

// Without 0, O, 1, I: a technician reads the code from one screen and types it at another.
constexpr std::string_view code_alphabet = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
static_assert(code_alphabet.size() == 32);
constexpr std::size_t code_characters = 20;

struct Enrolment {
    EnrolmentPayload says;
    crypto::Point key;
};

base::Result<Enrolment> read_enrolment(std::string_view body) {
    TRY(jws, seal::parse_compact(body));
    if (jws.header.typ != seal::typ_enrolment || !jws.header.jwk) {
        return base::fail(base::Errc::message_bad, "enrol.header");
    }
    // The key proves only that its holder wrote this; the code proves that we asked for it.
    if (!seal::verify(jws, *jws.header.jwk)) {
        return base::fail(base::Errc::signature_bad, "enrol.signature");
    }
    TRY(says, parse_enrolment(jws.payload));
    return Enrolment{std::move(says), *jws.header.jwk};
}

base::Result<void> store_key(Store& store, const Enrolment& enrolment, std::uint64_t now_ms) {
    const auto& terminal = enrolment.says.terminal.get();
    TRY_VOID(store.run(add_terminal, {terminal, enrolment.says.site, column_of(now_ms)}));
    TRY(keys, store.run(find_keys, {terminal, std::int64_t{1}}));
    const std::int64_t number = keys.empty() ? 1 : keys[0].number(1) + 1;
    TRY_VOID(
        store.run(add_key, {terminal, number, enrolment.key.bytes, any_epoch, column_of(now_ms)}));
    return {};
}

/// The transaction of an enrolment whose signature holds.
base::Result<void> use_code(Store& store, const Enrolment& enrolment, std::uint64_t now_ms) {
    const base::Error refused{base::Errc::peer_not_allowed, "enrol.invitation"};
    const base::Uuid& caller = enrolment.says.terminal;
    const auto hash = crypto::sha256(base::as_bytes(enrolment.says.code));
    TRY(transaction, Transaction::begin(store));
    TRY(found, store.run(lock_invitation, {hash}));
    if (found.empty() || uuid_of(found[0].bytes(0)) != caller ||
        found[0].text(1) != enrolment.says.site) {
        return tl::unexpected(refused);
    }
    if (found[0].number(3) != 0) {
        TRY(keys, journal_keys(store, caller));
        const bool same = !keys.empty() && keys[0].bytes == enrolment.key.bytes;
        return same ? base::Result<void>{} : base::Result<void>(tl::unexpected(refused));
    }
    if (found[0].count(2) < now_ms) return tl::unexpected(refused);
    TRY_VOID(store.run(use_invitations, {caller.get()}));
    TRY_VOID(store_key(store, enrolment, now_ms));
    return transaction.commit();
}

base::Result<std::uint64_t> take_key(Store& store, std::string_view body, const base::Uuid& caller,
                                     std::uint64_t now_ms) {
    const base::Error refused{base::Errc::peer_not_allowed, "change_key"};
    TRY(transaction, Transaction::begin(store));
    TRY(locked, store.run(lock_keys, {caller.get()}));
    TRY(rows, store.run(find_keys, {caller.get(), column_of(limits::terminal_keys_max + 1)}));
    TRY(keys, journal_keys(store, caller));
    if (locked.empty() || keys.empty()) return tl::unexpected(refused);
    auto change = seal::verify_key_change(body, keys[0]);
    // A lost answer: the statement is that of the key before.
    if (!change && keys.size() > 1) {
        const auto again = seal::verify_key_change(body, keys[1]);
        if (again && again->terminal == caller && again->key.bytes == keys[0].bytes)
            return rows[0].count(1);
    }
    if (!change) return tl::unexpected(change.error());
    const bool used = std::ranges::any_of(
        keys, [&](const crypto::Point& key) { return key.bytes == change->key.bytes; });
    if (change->terminal != caller || used || rows.size() > limits::terminal_keys_max)
        return tl::unexpected(refused);
    TRY(newest, store.run(newest_epoch, {caller.get()}));
    const bool begun = !newest.empty() && newest[0].number(0) >= change->epoch;
    if (begun || rows[0].number(2) >= change->epoch)
        return base::fail(base::Errc::record_bad, "change_key.epoch");
    const std::int64_t number = rows[0].number(1) + 1;
    TRY_VOID(store.run(add_key, {caller.get(), number, change->key.bytes,
                                 std::int64_t{change->epoch}, column_of(now_ms)}));
    TRY_VOID(transaction.commit());
    return static_cast<std::uint64_t>(number);
}

}  // namespace

base::Result<std::string> invite(Store& store, const Invitation& invitation, port::Random& random) {
    TRY(revoked, is_revoked(store, invitation.terminal));
    if (revoked) return base::fail(base::Errc::config_bad, "invite.revoked_terminal");
    std::array<std::uint8_t, code_characters> bytes{};
    random.fill(bytes);
    std::string code;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (i != 0 && i % 4 == 0) code += '-';
        code += code_alphabet[bytes[i] % code_alphabet.size()];
    }
    const auto hash = crypto::sha256(base::as_bytes(code));
    TRY_VOID(store.run(add_invitation, {hash, invitation.terminal.get(), invitation.site,
                                        column_of(invitation.expires_ms)}));
    return code;
}

base::Result<bool> has_recorded(Store& store, const base::Uuid& terminal) {
    TRY(rows, store.run(find_recorded, {terminal.get()}));
    return !rows.empty();
}

base::Result<EnrolmentPayload> parse_enrolment(base::ByteView payload) {
    TRY(json, model::parse_json(base::as_text(payload), limits::jws_bytes_max));
    model::JsonFields fields(json);
    EnrolmentPayload says{fields.uuid("terminal"), fields.text("site", limits::site_bytes_max),
                          fields.text("code", code_characters * 2)};
    if (!fields.ok()) return base::fail(base::Errc::message_bad, "enrol.payload");
    return says;
}

base::Result<void> enrol(Store& store, std::string_view body, const base::Uuid& caller,
                         std::uint64_t now_ms) {
    TRY(enrolment, read_enrolment(body));
    const base::Error refused{base::Errc::peer_not_allowed, "enrol.invitation"};
    if (enrolment.says.terminal != caller) return tl::unexpected(refused);
    TRY(revoked, is_revoked(store, caller));
    if (revoked) return tl::unexpected(refused);
    return with_retries([&] { return use_code(store, enrolment, now_ms); });
}

base::Result<std::vector<crypto::Point>> journal_keys(Store& store, const base::Uuid& terminal) {
    TRY(rows, store.run(find_keys, {terminal.get(), column_of(limits::terminal_keys_max)}));
    std::vector<crypto::Point> keys;
    for (const Row& row : rows) {
        TRY(key, crypto::parse_point(crypto::Curve::p256, row.bytes(0)));
        keys.push_back(std::move(key));
    }
    return keys;
}

base::Result<std::vector<crypto::Point>> journal_keys(Store& store, const base::Uuid& terminal,
                                                      std::uint32_t epoch) {
    TRY(rows, store.run(find_keys, {terminal.get(), column_of(limits::terminal_keys_max)}));
    std::vector<crypto::Point> keys;
    for (const Row& row : rows) {
        if (row.number(2) > epoch) continue;
        TRY(key, crypto::parse_point(crypto::Curve::p256, row.bytes(0)));
        keys.push_back(std::move(key));
        // A key that was changed to ends those before it; one that came by an invitation does not.
        if (row.number(2) > any_epoch) break;
    }
    return keys;
}

base::Result<std::uint64_t> change_key(Store& store, std::string_view body,
                                       const base::Uuid& caller, std::uint64_t now_ms) {
    return with_retries([&] { return take_key(store, body, caller, now_ms); });
}

base::Result<std::vector<ChainStand>> chains_of(Store& store, const base::Uuid& terminal) {
    TRY(rows, store.run(find_chains, {terminal.get(), column_of(limits::epochs_max)}));
    std::vector<ChainStand> chains;
    for (auto row = rows.rbegin(); row != rows.rend(); ++row) {
        chains.push_back({static_cast<std::uint32_t>(row->count(0)), row->count(1), row->text(2)});
    }
    return chains;
}

}  // namespace backend
