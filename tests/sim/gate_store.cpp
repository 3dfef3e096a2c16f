// SPDX-License-Identifier: EUPL-1.2
#include "tests/sim/gate_store.hpp"

namespace sim {
namespace {

using backend::Rows;
using backend::Statement;

auto gone() {
    return base::fail(base::Errc::journal_io, "the process was killed");
}

// What mutants run instead or besides. Each stands for one mistake that a programmer could make.
constexpr Statement last_writer_wins{
    "UPDATE part SET state = CASE WHEN EXISTS (SELECT 1 FROM act a WHERE a.wall_ms > part.wall_ms"
    " AND a.tag IN (part.declaration, part.tag_s, part.tag_sr, part.tag_er)) THEN 2 ELSE 0 END"
    " WHERE kind <> 3"};
constexpr Statement add_act_again{
    "INSERT INTO act (leaf, target_no, terminal, epoch, seq, on_chain, kind, declaration, "
    "target_kind, tag, tag_s, slip_hash, observed, wall_ms)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) ON CONFLICT DO NOTHING"};
constexpr Statement add_part_again{
    "INSERT INTO part (leaf, part_no, terminal, epoch, seq, kind, declaration, tag_s, tag_sr, "
    "tag_er, observed, slip_hash, wall_ms, state)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) ON CONFLICT DO NOTHING"};
constexpr Statement add_effect_again{
    "INSERT INTO effect (part_leaf, part_no, act_leaf, strength) VALUES ($1, $2, $3, $4)"
    " ON CONFLICT DO NOTHING"};
constexpr Statement add_chain{
    "INSERT INTO chain (terminal, epoch, next_seq, head, head_jws, base_epoch, base_seq, "
    "logged_seq) VALUES ($1, $2, 1, $3, '', $4, $5, 0)"};
constexpr Statement swap_entries{
    "UPDATE log_entry SET log_index = CASE log_index WHEN 2 THEN -3 WHEN 3 THEN -2 ELSE log_index "
    "END WHERE (SELECT COUNT(*) FROM log_entry) = 12"};
constexpr Statement swap_back{"UPDATE log_entry SET log_index = -log_index WHERE log_index < 0"};

}  // namespace

bool GateStore::alive() {
    if (left_ && (*left_)-- == 0) {
        left_.reset();
        dead_ = true;
    }
    return !dead_;
}

base::Result<void> GateStore::begin() {
    if (!alive()) return gone();
    if (std::exchange(busy_, false)) return base::fail(base::Errc::busy, "another writer");
    return base_->begin();
}

base::Result<void> GateStore::commit() {
    if (!alive()) return gone();
    TRY_VOID(spoil());
    return base_->commit();
}

/// What some mutants do at the end of each transaction.
base::Result<void> GateStore::spoil() {
    if (context_.mutant == Mutant::lww_by_wall_clock) {
        TRY_VOID(base_->run(last_writer_wins, backend::Params{}));
    }
    if (context_.mutant == Mutant::log_rewritten) {
        TRY_VOID(base_->run(swap_entries, backend::Params{}));
        TRY_VOID(base_->run(swap_back, backend::Params{}));
    }
    return {};
}

/// What a mutant answers in place of the database; nothing = the statement runs as it is.
std::optional<base::Result<Rows>> GateStore::instead(std::string_view sql,
                                                     std::span<const backend::Param> params) {
    switch (context_.mutant) {
        case Mutant::epoch_without_base:
            if (sql.starts_with("INSERT INTO chain ("))
                return base_->run(add_chain, {params[0], params[1], params[2], nullptr, nullptr});
            return std::nullopt;
        case Mutant::clone_unnoticed:
            if (sql.starts_with("INSERT INTO quarantine")) return base::Result<Rows>(Rows{});
            return std::nullopt;
        case Mutant::advance_counted_twice:
            if (sql.starts_with("SELECT leaf, terminal, declaration, 1 FROM act"))
                return base::Result<Rows>(Rows{});
            if (sql.starts_with("INSERT INTO act ")) return base_->run(add_act_again, params);
            if (sql.starts_with("INSERT INTO part ")) return base_->run(add_part_again, params);
            if (sql.starts_with("INSERT INTO effect ")) return base_->run(add_effect_again, params);
            return std::nullopt;
        case Mutant::act_lost_at_ingest:
            if (sql.starts_with("UPDATE part SET state = $1")) return base::Result<Rows>(Rows{});
            return std::nullopt;
        case Mutant::canary_in_the_clear:
            if (sql.starts_with("INSERT INTO view_item ")) {
                std::vector<backend::Param> changed(params.begin(), params.end());
                changed.at(3) = std::string_view("Kanarienvogel");
                static constexpr Statement add_item{
                    "INSERT INTO view_item (authority, leaf, declaration, entry, act_type, role, "
                    "handle, match_key, from_date, to_date, log_index, received_ms, valid, resumes)"
                    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"
                    " ON CONFLICT DO NOTHING"};
                if (changed.size() == 14) return base_->run(add_item, changed);
            }
            return std::nullopt;
        default:
            return std::nullopt;
    }
}

base::Result<Rows> GateStore::run(const Statement& statement,
                                  std::span<const backend::Param> params) {
    if (!alive()) return gone();
    if (auto answer = instead(statement.sql, params)) return std::move(*answer);
    return base_->run(statement, params);
}

base::Result<std::vector<Rows>> GateStore::run_all(std::span<const backend::Query> queries) {
    std::vector<Rows> all;
    for (const backend::Query& query : queries) {
        TRY(rows, run(query.statement, query.params));
        all.push_back(std::move(rows));
    }
    return all;
}

base::Result<Rows> GateStore::run_many(const Statement& statement,
                                       std::span<const backend::Param> params,
                                       std::size_t columns) {
    if (!alive()) return gone();
    if (context_.mutant == Mutant::none) return base_->run_many(statement, params, columns);
    // Row by row, so that a mutant meets each of them.
    Rows all;
    TRY(each, run_each(statement, params, columns));
    for (Rows& rows : each) {
        for (backend::Row& row : rows) all.push_back(std::move(row));
    }
    return all;
}

base::Result<std::vector<Rows>> GateStore::run_each(const Statement& statement,
                                                    std::span<const backend::Param> params,
                                                    std::size_t columns) {
    if (!alive()) return gone();
    if (context_.mutant == Mutant::none) return base_->run_each(statement, params, columns);
    std::vector<Rows> all;
    for (std::size_t at = 0; at < params.size(); at += columns) {
        TRY(rows, run(statement, params.subspan(at, columns)));
        all.push_back(std::move(rows));
    }
    return all;
}

base::Result<void> GateStore::queue_many(const Statement& statement,
                                         std::span<const backend::Param> params,
                                         std::size_t columns) {
    TRY_VOID(run_many(statement, params, columns));
    return {};
}

base::Result<void> GateStore::queue_each(const Statement& statement,
                                         std::span<const backend::Param> params,
                                         std::size_t columns) {
    TRY_VOID(run_each(statement, params, columns));
    return {};
}

}  // namespace sim
