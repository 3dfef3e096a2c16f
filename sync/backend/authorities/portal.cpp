// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/authorities/portal.hpp"

#include "drivers/base/limits_exchange.hpp"
#include "drivers/base/limits_portal.hpp"
#include "drivers/crypto/digest.hpp"
#include "sync/backend/store/columns.hpp"
#include "sync/backend/store/retry.hpp"
#include "sync/backend/views/opener.hpp"
#include "sync/model/declaration_json.hpp"
#include "sync/model/json.hpp"
#include "sync/seal/jwe.hpp"

namespace backend {
namespace {

constexpr Statement add_code{
    "INSERT INTO portal_code (code_hash, sealed, expires_ms) VALUES ($1, $2, $3)"
    " ON CONFLICT (code_hash) DO NOTHING"};
// A used or expired code stays, without the person: were it forgotten, a replayed request of a
// terminal would open it again.
constexpr Statement find_code{
    "SELECT sealed, expires_ms FROM portal_code WHERE code_hash = $1 AND sealed <> ''"};
constexpr Statement use_code{
    "UPDATE portal_code SET sealed = '' WHERE code_hash = $1 AND sealed <> '' RETURNING code_hash"};
constexpr Statement empty_old_codes{
    "UPDATE portal_code SET sealed = '' WHERE sealed <> '' AND expires_ms < $1"};
constexpr Statement find_bound{
    "SELECT code_hash, sealed FROM portal_account WHERE portal = $1 AND account = $2"};
constexpr Statement put_account{
    "INSERT INTO portal_account (portal, account, code_hash, sealed, linked_ms)"
    " VALUES ($1, $2, $3, $4, $5) ON CONFLICT (portal, account) DO UPDATE SET"
    " code_hash = excluded.code_hash, sealed = excluded.sealed, linked_ms = excluded.linked_ms"};
constexpr Statement drop_account{
    "DELETE FROM portal_account WHERE portal = $1 AND account = $2 RETURNING linked_ms"};

model::Digest tag_of(const PortalAccount& account) {
    return crypto::sha256(
        base::as_bytes(std::string(account.portal) + '\x1F' + std::string(account.account)));
}

}  // namespace

base::Result<void> PortalLinks::open(const model::Digest& code_hash,
                                     const model::SubjectRef& subject) {
    const std::string text = model::JsonWriter()
                                 .text("kind", model::word(subject.kind))
                                 .bytes("value", subject.value)
                                 .done();
    TRY(sealed,
        seal::seal_jwe(base::as_bytes(text), {"", parts_.views_keys.front().point}, parts_.random));
    const std::uint64_t now_ms = parts_.clock.wall_ms();
    return with_retries([&]() -> base::Result<void> {
        TRY(transaction, Transaction::begin(parts_.store));
        TRY_VOID(parts_.store.run(empty_old_codes, {column_of(now_ms)}));
        TRY_VOID(parts_.store.run(
            add_code, {code_hash, sealed, column_of(now_ms + limits::link_code_ms_max)}));
        return transaction.commit();
    });
}

base::Result<bool> PortalLinks::bind(const PortalAccount& account, const model::Digest& code_hash) {
    const model::Digest tag = tag_of(account);
    const std::uint64_t now_ms = parts_.clock.wall_ms();
    return with_retries([&]() -> base::Result<bool> {
        TRY(transaction, Transaction::begin(parts_.store));
        TRY(code, parts_.store.run(find_code, {code_hash}));
        TRY(used, parts_.store.run(use_code, {code_hash}));
        if (code.empty() || used.empty()) {
            TRY(bound, parts_.store.run(find_bound, {account.portal, tag}));
            return !bound.empty() && base::equal(bound[0].bytes(0), code_hash);
        }
        const bool valid = code[0].count(1) >= now_ms;
        if (valid) {
            TRY_VOID(parts_.store.run(
                put_account, {account.portal, tag, code_hash, code[0].text(0), column_of(now_ms)}));
        }
        TRY_VOID(transaction.commit());
        return valid;
    });
}

base::Result<std::optional<model::SubjectRef>> PortalLinks::subject_of(
    const PortalAccount& account) const {
    TRY(rows, parts_.store.run(find_bound, {account.portal, tag_of(account)}));
    if (rows.empty()) return std::optional<model::SubjectRef>{};
    TRY(plain, open_sealed(rows[0].text(1), parts_.views_keys, parts_.random));
    const auto json = model::parse_json(base::as_text(plain), limits::exchange_body_bytes_max);
    base::wipe(plain);
    if (!json || !json->is_object()) return base::fail(base::Errc::open_failed, "portal.subject");
    model::JsonFields fields(*json);
    model::SubjectRef subject;
    const bool pseudonym = fields.text("kind", 32) == model::word(model::SubjectKind::pseudonym);
    subject.kind = pseudonym ? model::SubjectKind::pseudonym : model::SubjectKind::random;
    subject.value = fields.bytes("value", 16, 64);
    if (!fields.ok()) return base::fail(base::Errc::open_failed, "portal.subject");
    return std::optional{std::move(subject)};
}

base::Result<bool> PortalLinks::end(const PortalAccount& account) {
    TRY(rows, parts_.store.run(drop_account, {account.portal, tag_of(account)}));
    return !rows.empty();
}

}  // namespace backend
