// SPDX-License-Identifier: EUPL-1.2
// One backend instance's way to the common database: the process may be killed between any two
// statements, another writer may be too slow, and mutants rewrite statements here. One thread.
#pragma once

#include <memory>
#include <optional>

#include "sync/backend/store/store.hpp"
#include "tests/sim/context.hpp"

namespace sim {

class GateStore final : public backend::Store {
  public:
    /// base  the database; another object takes its place after a power cut.
    GateStore(Context& context, std::unique_ptr<backend::Store>& base)
        : context_(context), base_(base) {}

    /// The process dies before its n-th next statement; nothing works from then on.
    void kill_after(std::uint64_t statements) { left_ = statements; }
    /// The next BEGIN finds another writer at work.
    void be_busy() { busy_ = true; }
    [[nodiscard]] bool dead() const { return dead_; }

    base::Result<void> begin() override;
    base::Result<void> commit() override;
    void rollback() noexcept override { base_->rollback(); }
    base::Result<backend::Rows> run(const backend::Statement& statement,
                                    std::span<const backend::Param> params) override;
    base::Result<std::vector<backend::Rows>> run_all(
        std::span<const backend::Query> queries) override;
    base::Result<backend::Rows> run_many(const backend::Statement& statement,
                                         std::span<const backend::Param> params,
                                         std::size_t columns) override;
    base::Result<std::vector<backend::Rows>> run_each(const backend::Statement& statement,
                                                      std::span<const backend::Param> params,
                                                      std::size_t columns) override;
    base::Result<void> queue_many(const backend::Statement& statement,
                                  std::span<const backend::Param> params,
                                  std::size_t columns) override;
    base::Result<void> queue_each(const backend::Statement& statement,
                                  std::span<const backend::Param> params,
                                  std::size_t columns) override;
    using Store::run;

  private:
    bool alive();
    base::Result<void> spoil();
    std::optional<base::Result<backend::Rows>> instead(std::string_view sql,
                                                       std::span<const backend::Param> params);

    Context& context_;
    std::unique_ptr<backend::Store>& base_;
    std::optional<std::uint64_t> left_;
    bool busy_ = false;
    bool dead_ = false;
};

}  // namespace sim
