// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/log/sequencer.hpp"

#include "drivers/base/check.hpp"
#include "drivers/base/limits.hpp"
#include "sync/backend/log/nodes.hpp"
#include "sync/backend/store/columns.hpp"
#include "sync/backend/store/retry.hpp"

namespace backend {
namespace {

// The update locks the row on every engine before anything is read: two sequencers cannot give one
// index twice.
constexpr Statement lock_log{
    "UPDATE log_state SET log_size = log_size WHERE id = 1 RETURNING log_size, frontier"};
constexpr Statement read_log{"SELECT log_size, frontier FROM log_state WHERE id = 1"};
constexpr Statement store_log{"UPDATE log_state SET log_size = $1, frontier = $2 WHERE id = 1"};
constexpr Statement find_pending{
    "SELECT p.terminal, p.epoch, p.seq, p.leaf, l.log_index FROM log_pending p LEFT JOIN log_entry "
    "l"
    " ON l.terminal = p.terminal AND l.epoch = p.epoch AND l.seq = p.seq AND l.leaf = p.leaf"
    " ORDER BY p.leaf LIMIT $1"};
constexpr Statement drop_pending{"DELETE FROM log_pending WHERE leaf = $1"};
constexpr Statement find_chains{
    "SELECT terminal, epoch, logged_seq FROM chain WHERE logged_seq < next_seq - 1"
    " ORDER BY terminal, epoch LIMIT $1"};
constexpr Statement find_records{
    "SELECT r.seq, r.leaf, l.log_index FROM record r LEFT JOIN log_entry l ON l.terminal = "
    "r.terminal"
    " AND l.epoch = r.epoch AND l.seq = r.seq AND l.leaf = r.leaf"
    " WHERE r.terminal = $1 AND r.epoch = $2 AND r.seq > $3 ORDER BY r.seq LIMIT $4"};
constexpr Statement add_entry{
    "INSERT INTO log_entry (log_index, terminal, epoch, seq, leaf) VALUES ($1, $2, $3, $4, $5)"};
constexpr Statement move_logged{
    "UPDATE chain SET logged_seq = $1 WHERE terminal = $2 AND epoch = $3"};
constexpr Statement find_range{
    "SELECT r.seq, r.leaf, r.header, l.log_index FROM record r JOIN log_entry l"
    " ON l.terminal = r.terminal AND l.epoch = r.epoch AND l.seq = r.seq AND l.leaf = r.leaf"
    " WHERE r.terminal = $1 AND r.epoch = $2 AND r.seq >= $3 AND r.seq <= $4 ORDER BY r.seq LIMIT "
    "$5"};
constexpr Statement find_index{
    "SELECT log_index FROM log_entry WHERE terminal = $1 AND epoch = $2 AND seq = $3 AND leaf = "
    "$4"};

base::Result<MerkleFrontier> frontier_of(const Rows& rows) {
    CHECK(rows.size() == 1);
    const std::uint64_t size = rows[0].count(0);
    if (size == 0) return MerkleFrontier{};
    auto frontier = MerkleFrontier::decode(size, rows[0].bytes(1));
    if (!frontier) return base::fail(base::Errc::journal_chain_broken, "log.frontier");
    return std::move(*frontier);
}

/// One round of sequencing: the frontier grows with the entries that are written.
class Round {
  public:
    Round(Store& store, MerkleFrontier frontier) : store_(store), frontier_(std::move(frontier)) {}

    base::Result<void> pending() {
        TRY(rows, store_.run(find_pending, {room()}));
        for (const Row& row : rows) {
            if (row.is_null(4))
                TRY_VOID(add(row.bytes(0), row.number(1), row.number(2), row.bytes(3)));
            TRY_VOID(store_.run(drop_pending, {row.bytes(3)}));
        }
        return {};
    }

    base::Result<void> chains() {
        TRY(rows, store_.run(find_chains, {room()}));
        for (const Row& row : rows) {
            if (room() == 0) return {};
            TRY_VOID(chain(row.bytes(0), row.number(1), row.number(2)));
        }
        return {};
    }

    [[nodiscard]] const MerkleFrontier& frontier() const { return frontier_; }

  private:
    [[nodiscard]] std::int64_t room() const {
        return static_cast<std::int64_t>(limits::sequencer_entries_max - added_);
    }

    base::Result<void> chain(const base::Bytes& terminal, std::int64_t epoch, std::int64_t logged) {
        TRY(records, store_.run(find_records, {terminal, epoch, logged, room()}));
        for (const Row& row : records) {
            // An advance copy of the same record may have its index already: one event, one entry.
            if (row.is_null(2)) TRY_VOID(add(terminal, epoch, row.number(0), row.bytes(1)));
            logged = row.number(0);
        }
        TRY_VOID(store_.run(move_logged, {logged, terminal, epoch}));
        return {};
    }

    base::Result<void> add(const base::Bytes& terminal, std::int64_t epoch, std::int64_t seq,
                           const base::Bytes& leaf) {
        const auto index = static_cast<std::int64_t>(frontier_.size());
        TRY_VOID(store_.run(add_entry, {index, terminal, epoch, seq, leaf}));
        frontier_.append(array_of<32>(leaf));
        ++added_;
        return {};
    }

    Store& store_;
    MerkleFrontier frontier_;
    std::size_t added_ = 0;
};

base::Result<LogHead> sequence_once(Store& store, Lease* lease) {
    TRY(transaction, Transaction::begin(store));
    if (lease != nullptr) TRY_VOID(lease->fence(store));
    TRY(state, store.run(lock_log, {}));
    TRY(frontier, frontier_of(state));
    const std::uint64_t size_before = frontier.size();
    Round round(store, std::move(frontier));
    TRY_VOID(round.pending());
    TRY_VOID(round.chains());
    const MerkleFrontier& after = round.frontier();
    if (after.size() != size_before) {
        const base::Bytes hashes = after.encode();
        TRY_VOID(store.run(store_log, {static_cast<std::int64_t>(after.size()), hashes}));
        if (after.size() / receipts::tile_width != size_before / receipts::tile_width)
            TRY_VOID(extend_nodes(store, after.size()));
    }
    TRY_VOID(transaction.commit());
    return LogHead{after.size(), after.root()};
}

}  // namespace

base::Result<LogHead> sequence(Store& store, Lease* lease) {
    return with_retries([&] { return sequence_once(store, lease); });
}

base::Result<LogHead> read_log_head(Store& store) {
    TRY(state, store.run(read_log, {}));
    TRY(frontier, frontier_of(state));
    return LogHead{frontier.size(), frontier.root()};
}

base::Result<void> complete_nodes(Store& store) {
    return with_retries([&]() -> base::Result<void> {
        TRY(transaction, Transaction::begin(store));
        TRY(state, store.run(lock_log, {}));
        TRY_VOID(extend_nodes(store, state.at(0).count(0)));
        return transaction.commit();
    });
}

base::Result<std::vector<LoggedRecord>> logged_range(Store& store, const Place& from,
                                                     std::uint64_t to) {
    TRY(rows,
        store.run(find_range, {from.terminal.get(), std::int64_t{from.epoch},
                               static_cast<std::int64_t>(from.seq), static_cast<std::int64_t>(to),
                               static_cast<std::int64_t>(limits::batch_records_max)}));
    std::vector<LoggedRecord> records;
    records.reserve(rows.size());
    for (const Row& row : rows) {
        records.push_back({row.count(0), array_of<32>(row.bytes(1)), row.bytes(2), row.count(3)});
    }
    return records;
}

base::Result<std::optional<std::uint64_t>> log_index_of(Store& store, const Place& place,
                                                        const Hash& leaf) {
    TRY(rows, store.run(find_index, {place.terminal.get(), std::int64_t{place.epoch},
                                     static_cast<std::int64_t>(place.seq), leaf}));
    if (rows.empty()) return std::optional<std::uint64_t>{};
    return std::optional<std::uint64_t>{rows[0].count(0)};
}

}  // namespace backend
