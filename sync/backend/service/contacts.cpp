// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/service/contacts.hpp"

#include "sync/backend/store/columns.hpp"
#include "sync/backend/store/retry.hpp"

namespace backend {
namespace {

constexpr Statement write_contact{
    "UPDATE terminal SET contact_ms = $1 WHERE terminal = $2 AND contact_ms < $1"};
constexpr Statement write_clock{"UPDATE terminal SET ahead_ms = $1 WHERE terminal = $2"};

}  // namespace

void Contacts::seen(const base::Uuid& terminal, std::uint64_t now_ms) {
    fresh_[terminal].at_ms = now_ms;
}

void Contacts::clock(const base::Uuid& terminal, std::uint64_t ahead_ms) {
    Contact& contact = fresh_[terminal];
    contact.ahead_ms = ahead_ms;
    contact.clock_seen = true;
}

base::Result<void> Contacts::write_if_due(Store& store, std::uint64_t now_ms) {
    if (fresh_.empty() || now_ms < written_ms_ + write_ms) return {};
    return write(store, now_ms);
}

base::Result<void> Contacts::write(Store& store, std::uint64_t now_ms) {
    written_ms_ = now_ms;
    TRY_VOID(with_retries([&] { return write_all(store); }));
    fresh_.clear();
    return {};
}

base::Result<void> Contacts::write_all(Store& store) const {
    TRY(transaction, Transaction::begin(store));
    // std::map walks in sorted order: two instances never wait for each other in a circle.
    for (const auto& [terminal, contact] : fresh_) {
        TRY_VOID(store.run(write_contact, {column_of(contact.at_ms), terminal.get()}));
        if (contact.clock_seen)
            TRY_VOID(store.run(write_clock, {column_of(contact.ahead_ms), terminal.get()}));
    }
    return transaction.commit();
}

}  // namespace backend
