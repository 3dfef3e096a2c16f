// SPDX-License-Identifier: EUPL-1.2
// The one door to a database: transactions and prepared statements in a portable dialect. All SQL
// of the backend is written once, for every engine ($1 placeholders, INSERT .. ON CONFLICT,
// explicit keys, no procedures), so an engine is this interface and its schema and nothing more.
// One object is one connection and belongs to one thread. Norm: sync.md "Chain and backend".
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "drivers/base/bytes.hpp"
#include "drivers/base/result.hpp"

namespace backend {

/// A value going in. Views live only as long as the call.
using Param = std::variant<std::nullptr_t, std::int64_t, std::string_view, base::ByteView>;
/// A value coming out.
using Value = std::variant<std::nullptr_t, std::int64_t, std::string, base::Bytes>;
using Params = std::initializer_list<Param>;

/// One row of an answer. The readers CHECK the type: columns are ours, never input.
class Row {
  public:
    explicit Row(std::vector<Value> values) : values_(std::move(values)) {}
    [[nodiscard]] bool is_null(std::size_t column) const;
    [[nodiscard]] std::int64_t number(std::size_t column) const;
    [[nodiscard]] std::uint64_t count(
        std::size_t column) const;  ///< a number that is never negative
    [[nodiscard]] const std::string& text(std::size_t column) const;
    [[nodiscard]] const base::Bytes& bytes(std::size_t column) const;
    [[nodiscard]] const std::vector<Value>& values() const { return values_; }

  private:
    std::vector<Value> values_;
};
using Rows = std::vector<Row>;

/// One statement of the program. Statements are constants with static lifetime; their address is
/// the key under which an engine keeps them prepared.
struct Statement {
    const char* sql;
};

/// A statement and its parameters, to be run together with others.
struct Query {
    const Statement& statement;
    std::vector<Param> params;
};

class Store {
  public:
    virtual ~Store() = default;
    /// Starts a transaction that may write. Waits for another writer at most store_wait_ms_max.
    /// errors  busy (somebody else wrote too long), journal_io, network_unreachable (the database
    ///         is away; the next begin looks for it again).
    virtual base::Result<void> begin() = 0;
    /// Makes the transaction durable: after success no power cut takes it back.
    virtual base::Result<void> commit() = 0;
    /// Ends the transaction without effect; harmless if none is open.
    virtual void rollback() noexcept = 0;
    /// Runs a statement. returns  all rows of the answer (statements bound their number with LIMIT
    /// or by key).
    /// errors  busy, journal_full, journal_io, network_unreachable; detail = the engine's code. See
    ///         is_conflict for those that a new attempt can mend.
    virtual base::Result<Rows> run(const Statement& statement, std::span<const Param> params) = 0;

    base::Result<Rows> run(const Statement& statement, Params params) {
        return run(statement, std::span<const Param>(params.begin(), params.size()));
    }
    /// Runs statements one after the other and does not wait between them; each sees what those
    /// before it have done and waited for.
    /// returns  the answer to each, in order.
    virtual base::Result<std::vector<Rows>> run_all(std::span<const Query> queries) = 0;
    /// Runs an INSERT for each row of parameters, `columns` values per row. Its text holds the row
    /// as "($1, .., $columns)" and no other parameter; an engine may write many rows as one
    /// statement, so no two of them may meet in ON CONFLICT, and a column has values of one type
    /// and no null.
    /// returns  what RETURNING gave, in no particular order.
    virtual base::Result<Rows> run_many(const Statement& statement, std::span<const Param> params,
                                        std::size_t columns) = 0;
    /// Runs a statement once for each row of parameters and does not wait between them.
    /// returns  the answer to each, in order.
    virtual base::Result<std::vector<Rows>> run_each(const Statement& statement,
                                                     std::span<const Param> params,
                                                     std::size_t columns) = 0;
    /// As run_many and run_each, for writes whose answers nobody needs, inside a transaction. An
    /// engine may send them together with the next statement or the commit, which then reports
    /// their failure.
    virtual base::Result<void> queue_many(const Statement& statement, std::span<const Param> params,
                                          std::size_t columns) = 0;
    virtual base::Result<void> queue_each(const Statement& statement, std::span<const Param> params,
                                          std::size_t columns) = 0;
    base::Result<void> queue(const Statement& statement, Params params) {
        return queue_each(statement, std::span<const Param>(params.begin(), params.size()),
                          params.size());
    }
};

/// True if the database undid a transaction for the sake of another one; begun anew it may succeed
/// (retry.hpp does so).
[[nodiscard]] bool is_conflict(const base::Error& error);

/// An SQLSTATE, five letters or digits, as the detail of an error: a number to the base 36.
[[nodiscard]] constexpr std::uint32_t sqlstate(std::string_view code) {
    std::uint32_t number = 0;
    for (const char c : code) {
        const int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'Z' ? c - 'A' + 10 : 0;
        number = number * 36 + static_cast<std::uint32_t>(digit);
    }
    return number;
}

/// A transaction that is rolled back unless commit() succeeded.
class Transaction {
  public:
    static base::Result<Transaction> begin(Store& store);
    ~Transaction() {
        if (store_ != nullptr) store_->rollback();
    }
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    Transaction(Transaction&& other) noexcept : store_(std::exchange(other.store_, nullptr)) {}
    Transaction& operator=(Transaction&&) = delete;
    base::Result<void> commit();

  private:
    explicit Transaction(Store& store) : store_(&store) {}
    Store* store_;
};

/// Opens further connections to the same database, for instance for another thread.
class StoreOpener {
  public:
    virtual ~StoreOpener() = default;
    virtual base::Result<std::unique_ptr<Store>> open() = 0;
    /// True if programs on several machines may write to this database at the same time.
    [[nodiscard]] virtual bool shared() const = 0;
};

}  // namespace backend
