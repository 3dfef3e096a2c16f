// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/log/log_names.hpp"

#include <algorithm>

#include "sync/backend/store/columns.hpp"
#include "sync/backend/store/retry.hpp"
#include "sync/model/record.hpp"
#include "sync/receipts/checkpoint.hpp"

namespace backend {
namespace {

constexpr std::string_view given_up = "log.name_given_up";

constexpr Statement read_names{
    "SELECT l.log_size, n.generation, n.first_index FROM log_state l CROSS JOIN log_name n"
    " WHERE l.id = 1 ORDER BY n.generation"};
// Locks the row on every engine: no entry comes in between.
constexpr Statement lock_size{
    "UPDATE log_state SET log_size = log_size WHERE id = 1 RETURNING log_size"};
constexpr Statement newest_name{"SELECT MAX(generation) FROM log_name"};
constexpr Statement add_name{
    "INSERT INTO log_name (generation, issuer, first_index) VALUES ($1, $2, $3)"
    " ON CONFLICT (generation) DO NOTHING"};

base::Result<void> enter_once(Store& store, std::string_view issuer) {
    const std::int64_t generation = receipts::log_generation(issuer);
    TRY(transaction, Transaction::begin(store));
    TRY(size, store.run(lock_size, {}));
    TRY(newest, store.run(newest_name, {}));
    if (newest.at(0).number(0) > generation)
        return base::fail(base::Errc::config_bad, given_up.data(),
                          static_cast<std::uint32_t>(newest.at(0).number(0)));
    TRY_VOID(store.run(add_name, {generation, issuer, size.at(0).number(0)}));
    return transaction.commit();
}

}  // namespace

std::uint64_t LogNames::provable(std::uint64_t claim) const {
    const std::uint32_t generation = model::generation_of(claim);
    auto seen = first.find(generation);
    if (seen == first.end()) return 0;
    // Every later log kept a beginning of the one before; the shortest is common to all.
    std::uint64_t common = model::log_size_of(claim);
    if (++seen == first.end()) return common <= size ? common : 0;
    for (; seen != first.end(); ++seen) common = std::min(common, seen->second);
    return common;
}

base::Result<LogNames> read_log_names(Store& store) {
    TRY(rows, store.run(read_names, {}));
    LogNames out;
    for (const Row& row : rows) {
        out.size = row.count(0);
        out.first[static_cast<std::uint32_t>(row.count(1))] = row.count(2);
    }
    return out;
}

base::Result<void> enter_log(Store& store, std::string_view issuer) {
    if (!receipts::checkpoint_origin_ok(issuer))
        return base::fail(base::Errc::config_bad, "options.issuer");
    return with_retries([&] { return enter_once(store, issuer); });
}

std::string remedy_of(const base::Error& error) {
    if (error.where != given_up) return {};
    return "This log goes on under a later name since a backup was restored: give the one\n"
           "that ends in :log" +
           std::to_string(error.detail) + " as --issuer (operations.md, \"Restore\").\n";
}

}  // namespace backend
