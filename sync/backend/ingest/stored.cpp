// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/ingest/stored.hpp"

#include <tuple>

#include "sync/backend/store/columns.hpp"

namespace backend {
namespace {

constexpr Statement find_acts{
    "SELECT a.leaf, a.terminal, a.epoch, a.seq, a.on_chain, a.kind, a.target_kind, a.tag, a.tag_s,"
    " a.slip_hash, a.observed, l.log_index, a.declaration FROM act a LEFT JOIN log_entry l ON "
    "l.terminal = "
    "a.terminal"
    " AND l.epoch = a.epoch AND l.seq = a.seq AND l.leaf = a.leaf WHERE a.tag = $1"};

#define PART_COLUMNS                                                                           \
    "SELECT p.leaf, p.part_no, p.terminal, p.epoch, p.seq, p.kind, p.declaration, p.tag_s,"    \
    " p.tag_sr, p.tag_er, p.slip_hash, p.observed, l.log_index,"                               \
    " CASE WHEN p.kind <> 3 OR EXISTS (SELECT 1 FROM record r WHERE r.terminal = p.terminal"   \
    " AND r.epoch = p.epoch AND r.seq = p.seq AND r.leaf = p.leaf) THEN 1"                     \
    " WHEN EXISTS (SELECT 1 FROM quarantine q WHERE q.terminal = p.terminal"                   \
    " AND q.epoch = p.epoch AND q.seq = p.seq AND q.leaf = p.leaf)"                            \
    " OR EXISTS (SELECT 1 FROM record r WHERE r.terminal = p.terminal AND r.epoch = p.epoch"   \
    " AND r.seq = p.seq) THEN 0 ELSE 1 END FROM part p"                                        \
    " LEFT JOIN log_entry l"                                                                   \
    " ON l.terminal = p.terminal AND l.epoch = p.epoch AND l.seq = p.seq AND l.leaf = p.leaf " \
    "WHERE "
static_assert(static_cast<int>(RecordKind::objection) == 3);
// One statement per target kind, in its order: each uses its own index.
constexpr Statement find_parts[] = {
    {PART_COLUMNS "p.declaration = $1"},
    {PART_COLUMNS "p.tag_s = $1"},
    {PART_COLUMNS "p.tag_sr = $1"},
    {PART_COLUMNS "p.tag_er = $1"},
};
#undef PART_COLUMNS

std::optional<std::uint64_t> optional_count(const Row& row, std::size_t column) {
    if (row.is_null(column)) return std::nullopt;
    return row.count(column);
}

Place place_of(const Row& row, std::size_t column) {
    return {uuid_of(row.bytes(column)), static_cast<std::uint32_t>(row.count(column + 1)),
            row.count(column + 2)};
}

StoredAct read_act(const Row& row) {
    StoredAct stored;
    stored.leaf = array_of<32>(row.bytes(0));
    stored.act.place = place_of(row, 1);
    stored.act.on_chain = row.number(4) != 0;
    stored.act.kind = static_cast<RecordKind>(row.number(5));
    stored.act.target_kind = static_cast<TargetKind>(row.number(6));
    stored.act.target = array_of<32>(row.bytes(7));
    stored.act.tag_s = array_of<32>(row.bytes(8));
    stored.act.slip_hash = array_of<32>(row.bytes(9));
    stored.act.observed = row.count(10);
    stored.act.log_index = optional_count(row, 11);
    stored.declaration = array_of<32>(row.bytes(12));
    return stored;
}

StoredPart read_part(const Row& row) {
    StoredPart stored;
    stored.leaf = array_of<32>(row.bytes(0));
    stored.part_no = row.number(1);
    stored.part.place = place_of(row, 2);
    stored.part.kind = static_cast<RecordKind>(row.number(5));
    stored.part.declaration = array_of<32>(row.bytes(6));
    stored.part.tag_s = array_of<32>(row.bytes(7));
    stored.part.tag_sr = array_of<32>(row.bytes(8));
    stored.part.tag_er = array_of<32>(row.bytes(9));
    stored.part.slip_hash = array_of<32>(row.bytes(10));
    stored.part.observed = row.count(11);
    stored.part.log_index = optional_count(row, 12);
    stored.part.on_chain = row.number(13) != 0;
    return stored;
}

std::vector<Param> params_of(const std::vector<Tag>& tags) {
    return {tags.begin(), tags.end()};
}

}  // namespace

bool is_same_act(const StoredAct& a, const StoredAct& b) {
    const auto content = [](const StoredAct& one) {
        const Act& act = one.act;
        return std::tie(act.place.terminal, one.declaration, act.kind, act.target_kind, act.target,
                        act.tag_s, act.slip_hash, act.observed);
    };
    return content(a) == content(b);
}

base::Result<std::vector<StoredAct>> acts_on(Store& store, const std::vector<Tag>& tags) {
    TRY(answers, store.run_each(find_acts, params_of(tags), 1));
    std::vector<StoredAct> acts;
    for (const Rows& rows : answers) {
        for (const Row& row : rows) acts.push_back(read_act(row));
    }
    return acts;
}

base::Result<std::vector<std::vector<StoredPart>>> parts_named(Store& store, TargetKind kind,
                                                               const std::vector<Tag>& targets) {
    const auto by = static_cast<std::size_t>(kind) - 1;
    CHECK(by < std::size(find_parts));
    TRY(answers, store.run_each(find_parts[by], params_of(targets), 1));
    std::vector<std::vector<StoredPart>> parts;
    for (const Rows& rows : answers) {
        auto& named = parts.emplace_back();
        for (const Row& row : rows) named.push_back(read_part(row));
    }
    return parts;
}

}  // namespace backend
