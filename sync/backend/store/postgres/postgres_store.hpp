// SPDX-License-Identifier: EUPL-1.2
// PostgreSQL behind the Store interface. BEGIN, preparing and executing go out together, so a
// statement costs one round trip; rows of an INSERT become one statement, and writes without an
// answer go with what follows them. A lost connection is an
// error of the present transaction and mended by the next one. One connection per object, one
// thread per connection. Norm: sync.md "Chain and backend".
#pragma once

#include <map>
#include <memory>
#include <string>

#include "sync/backend/store/postgres/session.hpp"
#include "sync/backend/store/store.hpp"

namespace backend {

class PostgresStore final : public Store {
  public:
    /// Connects and brings the schema up to date; instances that start at once do not collide.
    /// url     postgresql://.. as libpq reads it, without a password.
    /// errors  config_bad, network_unreachable, journal_open_failed, journal_schema_unknown (a
    ///         newer program wrote it), busy.
    static base::Result<std::unique_ptr<PostgresStore>> open(const std::string& url);

    base::Result<void> begin() override;
    base::Result<void> commit() override;
    void rollback() noexcept override;
    base::Result<Rows> run(const Statement& statement, std::span<const Param> params) override;
    base::Result<std::vector<Rows>> run_all(std::span<const Query> queries) override;
    base::Result<Rows> run_many(const Statement& statement, std::span<const Param> params,
                                std::size_t columns) override;
    base::Result<std::vector<Rows>> run_each(const Statement& statement,
                                             std::span<const Param> params,
                                             std::size_t columns) override;
    base::Result<void> queue_many(const Statement& statement, std::span<const Param> params,
                                  std::size_t columns) override;
    base::Result<void> queue_each(const Statement& statement, std::span<const Param> params,
                                  std::size_t columns) override;
    using Store::run;

  private:
    /// One execution of a statement; with `columns` for all rows of parameters at once, without (0)
    /// as it stands.
    struct Execution {
        const Statement* statement;
        std::span<const Param> params;
        std::size_t columns;
    };
    enum class Begun : std::uint8_t { no, asked, yes };

    explicit PostgresStore(std::string url) : url_(std::move(url)) {}
    base::Result<void> connect();
    base::Result<void> migrate();
    base::Result<bool> make_version_table();
    base::Result<bool> take_migrations();
    static std::vector<Execution> at_once(const Statement& statement, std::span<const Param> params,
                                          std::size_t columns);
    static std::vector<Execution> one_by_one(const Statement& statement,
                                             std::span<const Param> params, std::size_t columns);
    base::Result<std::vector<Rows>> execute(std::span<const Execution> executions);
    base::Result<void> queue_all(std::span<const Execution> executions);
    base::Result<std::vector<std::size_t>> send(std::span<const Execution> executions);
    base::Result<std::vector<Rows>> attempt(std::span<const Execution> executions);
    base::Result<void> send(const Execution& execution, const postgres::Parameters& parameters,
                            std::vector<std::size_t>& places);
    base::Result<std::string> queue_prepare(const Execution& execution,
                                            const postgres::Parameters& parameters);
    void forget_names();
    [[nodiscard]] bool repeatable(std::span<const Execution> executions) const;

    using Key = std::pair<const Statement*, std::size_t>;  ///< and the columns of an execution

    std::string url_;
    std::unique_ptr<postgres::Session> session_;  ///< null while there is none
    std::map<Key, std::string> prepared_;         ///< names in this session
    std::size_t names_ = 0;
    std::size_t names_known_ = 0;  ///< those up to here the server has taken for sure
    Begun begun_ = Begun::no;
};

/// Opens connections to one database.
class PostgresOpener final : public StoreOpener {
  public:
    explicit PostgresOpener(std::string url) : url_(std::move(url)) {}
    base::Result<std::unique_ptr<Store>> open() override;
    [[nodiscard]] bool shared() const override { return true; }

  private:
    std::string url_;
};

}  // namespace backend
