// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/log/sequencer.hpp"

#include <algorithm>

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
// A place in the log is looked up record by record. As a join PostgreSQL may read all of a
// terminal's entries for each record: it knows that both sides have one terminal, and without
// statistics it takes that for enough.
#define LOG_INDEX_OF_RECORD                                                                    \
    "(SELECT l.log_index FROM log_entry l WHERE l.terminal = r.terminal AND l.epoch = r.epoch" \
    " AND l.seq = r.seq AND l.leaf = r.leaf)"
constexpr Statement find_records{
    "SELECT r.seq, r.leaf, " LOG_INDEX_OF_RECORD
    " FROM record r WHERE r.terminal = $1 AND r.epoch = $2 AND r.seq > $3 ORDER BY r.seq LIMIT $4"};
constexpr Statement add_entry{
    "INSERT INTO log_entry (log_index, terminal, epoch, seq, leaf) VALUES ($1, $2, $3, $4, $5)"};
constexpr Statement move_logged{
    "UPDATE chain SET logged_seq = $1 WHERE terminal = $2 AND epoch = $3"};
constexpr Statement find_range{
    "SELECT r.seq, r.leaf, r.header, " LOG_INDEX_OF_RECORD
    " FROM record r WHERE r.terminal = $1 AND r.epoch = $2 AND r.seq >= $3 AND r.seq <= $4"
    " ORDER BY r.seq LIMIT $5"};
#undef LOG_INDEX_OF_RECORD
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

/// One round of sequencing: the frontier grows with the entries that are written. What is read
/// together and written together costs one exchange with the database, however much it is.
class Round {
  public:
    Round(Store& store, MerkleFrontier frontier) : store_(store), frontier_(std::move(frontier)) {}

    base::Result<void> pending() {
        TRY(rows, store_.run(find_pending, {room()}));
        std::vector<Param> leaves;
        for (const Row& row : rows) {
            if (row.is_null(4)) add(row.bytes(0), row.number(1), row.number(2), row.bytes(3));
            leaves.emplace_back(row.bytes(3));
        }
        TRY_VOID(store_.queue_many(add_entry, entries_, entry_columns));
        entries_.clear();
        TRY_VOID(store_.queue_each(drop_pending, leaves, 1));
        return {};
    }

    base::Result<void> chains() {
        while (room() > 0) {
            TRY(rows, store_.run(find_chains, {std::min(room(), std::int64_t{chains_at_once})}));
            if (rows.empty()) return {};
            TRY(moved, take(rows));
            // A chain whose records are missing must not keep the others waiting for ever.
            if (!moved) return {};
            const bool all = std::ssize(rows) < chains_at_once;
            if (all && !shared_out_) return {};
        }
        return {};
    }

    [[nodiscard]] const MerkleFrontier& frontier() const { return frontier_; }

  private:
    static constexpr std::int64_t chains_at_once = 20;
    static constexpr std::size_t entry_columns = 5;

    [[nodiscard]] std::int64_t room() const {
        return static_cast<std::int64_t>(limits::sequencer_entries_max - added_);
    }

    /// The next records of these chains, an equal share of the room for each.
    /// returns  true if there were any.
    base::Result<bool> take(const Rows& chains) {
        const std::int64_t share = room() / static_cast<std::int64_t>(chains.size());
        std::vector<Param> params;
        for (const Row& chain : chains) {
            params.insert(params.end(), {chain.bytes(0), chain.number(1), chain.number(2), share});
        }
        TRY(records, store_.run_each(find_records, params, 4));
        params.clear();
        bool moved = false;
        shared_out_ = false;
        for (std::size_t i = 0; i < chains.size(); ++i) {
            std::int64_t logged = chains[i].number(2);
            for (const Row& row : records[i]) {
                // An advance copy of the same record may have its index already: one event, one
                // entry.
                if (row.is_null(2))
                    add(chains[i].bytes(0), chains[i].number(1), row.number(0), row.bytes(1));
                logged = row.number(0);
            }
            moved = moved || logged != chains[i].number(2);
            shared_out_ = shared_out_ || std::ssize(records[i]) == share;
            params.insert(params.end(), {logged, chains[i].bytes(0), chains[i].number(1)});
        }
        TRY_VOID(store_.queue_many(add_entry, entries_, entry_columns));
        entries_.clear();
        TRY_VOID(store_.queue_each(move_logged, params, 3));
        return moved;
    }

    /// The row of an entry to be written. Its bytes stay where they are until then.
    void add(const base::Bytes& terminal, std::int64_t epoch, std::int64_t seq,
             const base::Bytes& leaf) {
        const auto index = static_cast<std::int64_t>(frontier_.size());
        entries_.insert(entries_.end(), {index, terminal, epoch, seq, leaf});
        frontier_.append(array_of<32>(leaf));
        ++added_;
    }

    Store& store_;
    MerkleFrontier frontier_;
    std::vector<Param> entries_;
    std::size_t added_ = 0;
    bool shared_out_ = false;  ///< a chain of the last take had more than its share
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
        TRY_VOID(store.queue(store_log, {static_cast<std::int64_t>(after.size()), hashes}));
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
        if (row.is_null(3)) continue;  // the log has not come to it yet
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
