// SPDX-License-Identifier: EUPL-1.2
// A take-back code before it is used: whose it is, and whether it was used here already. It names
// nobody, and nothing of what it takes back is looked up. Pure but for reading the file.
#include <algorithm>

#include "sync/journal/core.hpp"
#include "sync/model/record.hpp"
#include "sync/seal/slip_code.hpp"

namespace journal {
namespace {

using base::ByteView;
using base::Errc;

constexpr const char* first_epoch_sql = "SELECT coalesce(min(epoch), 0) FROM chain";
constexpr const char* withdrawals_sql =
    "SELECT r.kind, r.scopes FROM target t JOIN record r ON r.position = t.position "
    "WHERE t.value = ?";

base::Result<bool> signed_here(Core& core, const model::CheckCode& code, std::string_view jws) {
    if (code.terminal != core.options().terminal) return false;
    const auto& keys = core.journal_keys();
    const bool ours = std::ranges::any_of(keys, [&](const crypto::Point& key) {
        const auto verified = seal::verify_check(jws, key);
        return verified && *verified == code;
    });
    if (ours) return true;
    // A file that began with a later epoch does not have the keys of what was before it.
    TRY(first_epoch, core.db().number(first_epoch_sql));
    if (first_epoch == 1) return base::fail(Errc::slip_bad, "slip signature");
    return false;
}

base::Result<bool> taken_back_here(Core& core, const model::CheckCode& code) {
    const model::Digest value = model::declaration_value(code.declaration);
    TRY(query, core.db().query(withdrawals_sql));
    query.bind(ByteView(value));
    for (;;) {
        TRY(row, query.step());
        if (!row) return false;
        if (static_cast<model::Kind>(query.number(0)) != model::Kind::withdrawal) continue;
        TRY(scopes, model::parse_scopes(query.blob(1)));  // of what protects they always stay
        const bool by_slip = scopes.tag_s == model::Digest{};
        if (!by_slip || scopes.slip_hash == code.secret_hash) return true;
    }
}

}  // namespace

base::Result<SlipStanding> Journal::slip_standing(const model::CheckCode& code,
                                                  std::string_view check_jws) {
    return core_->guarded([&]() -> base::Result<SlipStanding> {
        TRY(ours, signed_here(*core_, code, check_jws));
        TRY(ended, taken_back_here(*core_, code));
        return SlipStanding{ours, ended};
    });
}

}  // namespace journal
