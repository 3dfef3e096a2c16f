// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/store/store.hpp"

#include "drivers/base/check.hpp"

namespace backend {

bool Row::is_null(std::size_t column) const {
    CHECK(column < values_.size());
    return std::holds_alternative<std::nullptr_t>(values_[column]);
}

std::int64_t Row::number(std::size_t column) const {
    CHECK(column < values_.size());
    const auto* value = std::get_if<std::int64_t>(&values_[column]);
    CHECK(value != nullptr);
    return *value;
}

std::uint64_t Row::count(std::size_t column) const {
    const std::int64_t value = number(column);
    CHECK(value >= 0);
    return static_cast<std::uint64_t>(value);
}

const std::string& Row::text(std::size_t column) const {
    CHECK(column < values_.size());
    const auto* value = std::get_if<std::string>(&values_[column]);
    CHECK(value != nullptr);
    return *value;
}

const base::Bytes& Row::bytes(std::size_t column) const {
    CHECK(column < values_.size());
    const auto* value = std::get_if<base::Bytes>(&values_[column]);
    CHECK(value != nullptr);
    return *value;
}

bool is_conflict(const base::Error& error) {
    // 40001 serialization_failure, 40P01 deadlock_detected. SQLite has one writer: it knows none.
    return error.code == base::Errc::busy &&
           (error.detail == sqlstate("40001") || error.detail == sqlstate("40P01"));
}

base::Result<Transaction> Transaction::begin(Store& store) {
    TRY_VOID(store.begin());
    return Transaction(store);
}

base::Result<void> Transaction::commit() {
    CHECK(store_ != nullptr);
    TRY_VOID(store_->commit());
    store_ = nullptr;
    return {};
}

}  // namespace backend
