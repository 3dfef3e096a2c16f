// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/log/nodes.hpp"

#include "drivers/base/check.hpp"
#include "sync/backend/store/columns.hpp"

namespace backend {
namespace {

using receipts::Hash;
using receipts::tile_levels;
using receipts::tile_width;

constexpr Statement find_leaves{
    "SELECT leaf FROM log_entry WHERE log_index >= $1 ORDER BY log_index LIMIT $2"};
constexpr Statement find_nodes{
    "SELECT hash FROM log_node WHERE level = $1 AND n >= $2 ORDER BY n LIMIT $3"};
constexpr Statement find_last{"SELECT n FROM log_node WHERE level = $1 ORDER BY n DESC LIMIT 1"};
constexpr Statement add_node{"INSERT INTO log_node (level, n, hash) VALUES ($1, $2, $3)"};
// An entry came with its chain, ahead of it, or as a fork; its header is the same bytes in each.
constexpr Statement find_headers{
    "SELECT COALESCE(r.header, a.header, q.header) FROM log_entry l"
    " LEFT JOIN record r ON r.terminal = l.terminal AND r.epoch = l.epoch AND r.seq = l.seq"
    " AND r.leaf = l.leaf LEFT JOIN advance a ON a.leaf = l.leaf"
    " LEFT JOIN quarantine q ON q.terminal = l.terminal AND q.epoch = l.epoch AND q.seq = l.seq"
    " AND q.leaf = l.leaf WHERE l.log_index >= $1 ORDER BY l.log_index LIMIT $2"};

}  // namespace

base::Result<void> extend_nodes(Store& store, std::uint64_t size) {
    StoredNodes below(store);
    for (unsigned level = 1; level < tile_levels; ++level) {
        const std::uint64_t whole = size >> 8 * level;
        if (whole == 0) return {};
        TRY(last, store.run(find_last, {std::int64_t{level}}));
        for (std::uint64_t n = last.empty() ? 0 : last[0].count(0) + 1; n < whole; ++n) {
            TRY(hashes, below.nodes(level - 1, n * tile_width, tile_width));
            const Hash hash = receipts::tree_hash(hashes);
            TRY_VOID(store.run(add_node, {std::int64_t{level}, column_of(n), hash}));
        }
    }
    return {};
}

base::Result<std::vector<Hash>> StoredNodes::nodes(unsigned level, std::uint64_t first,
                                                   std::uint64_t count) {
    CHECK(level < tile_levels && count > 0 && count <= tile_width);
    const auto limit = column_of(count);
    auto rows = level == 0 ? store_.run(find_leaves, {column_of(first), limit})
                           : store_.run(find_nodes, {std::int64_t{level}, column_of(first), limit});
    if (!rows) return tl::unexpected(rows.error());
    if (rows->size() != count) return base::fail(base::Errc::message_bad, "log.nodes");
    std::vector<Hash> out;
    out.reserve(rows->size());
    for (const Row& row : *rows) out.push_back(array_of<32>(row.bytes(0)));
    return out;
}

base::Result<std::vector<base::Bytes>> entry_headers(Store& store, std::uint64_t first,
                                                     std::uint64_t count) {
    CHECK(count > 0 && count <= tile_width);
    TRY(rows, store.run(find_headers, {column_of(first), column_of(count)}));
    if (rows.size() != count) return base::fail(base::Errc::message_bad, "log.entries");
    std::vector<base::Bytes> out;
    out.reserve(rows.size());
    for (const Row& row : rows) {
        if (row.is_null(0)) return base::fail(base::Errc::journal_chain_broken, "log.entry");
        out.push_back(row.bytes(0));
    }
    return out;
}

}  // namespace backend
