// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/store/postgres/postgres_store.hpp"

#include <algorithm>

#include "drivers/base/check.hpp"
#include "drivers/base/limits_backend.hpp"
#include "sync/backend/store/multi_row.hpp"

namespace backend {

using postgres::Answer;
using postgres::Parameters;
using postgres::Session;

base::Result<std::unique_ptr<PostgresStore>> PostgresStore::open(const std::string& url) {
    std::unique_ptr<PostgresStore> store(new PostgresStore(url));
    TRY_VOID(store->connect());
    TRY_VOID(store->migrate());
    return store;
}

base::Result<void> PostgresStore::connect() {
    session_.reset();
    prepared_.clear();
    names_known_ = names_;
    TRY(session, Session::open(url_));
    session_ = std::move(session);
    return {};
}

base::Result<void> PostgresStore::begin() {
    CHECK(begun_ == Begun::no);
    if (session_ == nullptr || session_->lost()) TRY_VOID(connect());
    // It goes out with the first statement.
    begun_ = Begun::asked;
    return {};
}

base::Result<void> PostgresStore::commit() {
    CHECK(begun_ != Begun::no);
    if (std::exchange(begun_, Begun::no) == Begun::asked) return {};
    TRY_VOID(session_->send("COMMIT"));
    TRY(answers, session_->exchange());
    names_known_ = names_;
    // A transaction in which a statement had failed ends with ROLLBACK, and without an error.
    const std::string_view tag = PQcmdStatus(answers.back().get());
    if (tag != "COMMIT") return base::fail(base::Errc::journal_io, "store.commit");
    return {};
}

void PostgresStore::rollback() noexcept {
    begun_ = Begun::no;
    if (session_ == nullptr || session_->lost()) return;
    // What is still queued is answered for first: behind a failure the rest would be passed over.
    // What it came to does not matter any more.
    if (session_->queued() > 0) (void)session_->exchange();
    forget_names();
    if (session_->lost() || !session_->in_transaction()) return;
    // What cannot be rolled back is dropped with its session: the server rolls it back then.
    if (!session_->send("ROLLBACK") || !session_->exchange()) session_.reset();
}

/// True if the executions may be sent again after the connection broke under them: they only read,
/// or their transaction began with them and died with the connection.
bool PostgresStore::repeatable(std::span<const Execution> executions) const {
    if (begun_ == Begun::asked) return true;
    return begun_ == Begun::no && std::ranges::all_of(executions, [](const Execution& each) {
               return std::string_view(each.statement->sql).starts_with("SELECT ");
           });
}

base::Result<std::vector<Rows>> PostgresStore::execute(std::span<const Execution> executions) {
    const bool again = repeatable(executions);
    const Begun before = begun_;
    if (session_ == nullptr || session_->lost()) {
        if (begun_ == Begun::yes) {
            return base::fail(base::Errc::network_unreachable, "store.transaction");
        }
        TRY_VOID(connect());
    }
    auto answers = attempt(executions);
    if (answers || !session_->lost() || !again) return answers;
    // The server was restarted since the last time: nothing has happened yet.
    begun_ = before;
    TRY_VOID(connect());
    return attempt(executions);
}

base::Result<std::string> PostgresStore::queue_prepare(const Execution& execution,
                                                       const Parameters& parameters) {
    const Key key{execution.statement, execution.columns};
    if (const auto found = prepared_.find(key); found != prepared_.end()) return found->second;
    const std::string name = "s" + std::to_string(++names_);
    const std::string_view text = execution.statement->sql;
    const std::string sql =
        execution.columns == 0 ? std::string(text) : rows_of_arrays(text, execution.columns);
    TRY_VOID(session_->send_prepare(name, sql, parameters));
    prepared_.emplace(key, name);
    return name;
}

/// After a failure nobody knows which of the latest names the server has taken.
void PostgresStore::forget_names() {
    std::erase_if(prepared_, [this](const auto& entry) {
        return std::stoull(entry.second.substr(1)) > names_known_;
    });
}

/// Sends without waiting. returns  the places of their answers in the next exchange.
base::Result<std::vector<std::size_t>> PostgresStore::send(std::span<const Execution> executions) {
    std::vector<std::size_t> places;
    if (begun_ == Begun::asked) {
        TRY_VOID(session_->send("BEGIN"));
        begun_ = Begun::yes;
    }
    for (const Execution& each : executions) {
        if (each.columns == 0) {
            TRY_VOID(send(each, Parameters(each.params), places));
        } else {
            TRY_VOID(send(each, Parameters(each.params, each.columns), places));
        }
    }
    return places;
}

base::Result<void> PostgresStore::send(const Execution& execution, const Parameters& parameters,
                                       std::vector<std::size_t>& places) {
    TRY(name, queue_prepare(execution, parameters));
    places.push_back(session_->queued());
    return session_->send_prepared(name, parameters);
}

base::Result<std::vector<Rows>> PostgresStore::attempt(std::span<const Execution> executions) {
    TRY(places, send(executions));
    auto answers = session_->exchange();
    if (!answers) {
        forget_names();
        return tl::unexpected(answers.error());
    }
    names_known_ = names_;
    std::vector<Rows> all(executions.size());
    for (std::size_t i = 0; i < places.size(); ++i) {
        postgres::read_rows(*answers->at(places[i]), all[i]);
    }
    return all;
}

base::Result<void> PostgresStore::queue_all(std::span<const Execution> executions) {
    CHECK(begun_ != Begun::no);
    if (executions.empty()) return {};
    if (session_ == nullptr || session_->lost()) {
        return base::fail(base::Errc::network_unreachable, "store.transaction");
    }
    TRY_VOID(send(executions));
    return {};
}

std::vector<PostgresStore::Execution> PostgresStore::at_once(const Statement& statement,
                                                             std::span<const Param> params,
                                                             std::size_t columns) {
    CHECK(columns > 0);
    CHECK(params.size() % columns == 0);
    if (params.empty()) return {};
    return {{&statement, params, columns}};
}

std::vector<PostgresStore::Execution> PostgresStore::one_by_one(const Statement& statement,
                                                                std::span<const Param> params,
                                                                std::size_t columns) {
    CHECK(columns > 0);
    CHECK(params.size() % columns == 0);
    std::vector<Execution> executions;
    for (std::size_t at = 0; at < params.size(); at += columns) {
        executions.push_back({&statement, params.subspan(at, columns), 0});
    }
    return executions;
}

base::Result<Rows> PostgresStore::run(const Statement& statement, std::span<const Param> params) {
    const Execution one{&statement, params, 0};
    TRY(all, execute({&one, 1}));
    return std::move(all.at(0));
}

base::Result<std::vector<Rows>> PostgresStore::run_all(std::span<const Query> queries) {
    std::vector<Execution> executions;
    for (const Query& query : queries) executions.push_back({&query.statement, query.params, 0});
    if (executions.empty()) return std::vector<Rows>{};
    return execute(executions);
}

base::Result<Rows> PostgresStore::run_many(const Statement& statement,
                                           std::span<const Param> params, std::size_t columns) {
    const auto executions = at_once(statement, params, columns);
    Rows rows;
    if (executions.empty()) return rows;
    TRY(all, execute(executions));
    for (Rows& each : all) std::ranges::move(each, std::back_inserter(rows));
    return rows;
}

base::Result<std::vector<Rows>> PostgresStore::run_each(const Statement& statement,
                                                        std::span<const Param> params,
                                                        std::size_t columns) {
    const auto executions = one_by_one(statement, params, columns);
    if (executions.empty()) return std::vector<Rows>{};
    return execute(executions);
}

base::Result<void> PostgresStore::queue_many(const Statement& statement,
                                             std::span<const Param> params, std::size_t columns) {
    return queue_all(at_once(statement, params, columns));
}

base::Result<void> PostgresStore::queue_each(const Statement& statement,
                                             std::span<const Param> params, std::size_t columns) {
    return queue_all(one_by_one(statement, params, columns));
}

base::Result<std::unique_ptr<Store>> PostgresOpener::open() {
    TRY(store, PostgresStore::open(url_));
    return std::unique_ptr<Store>(std::move(store));
}

}  // namespace backend
