// SPDX-License-Identifier: EUPL-1.2
#include "sync/journal/epochs.hpp"

#include <algorithm>
#include <vector>

#include "drivers/base/limits_journal.hpp"
#include "drivers/base/log.hpp"
#include "sync/seal/chain.hpp"

namespace journal {
namespace {

using base::ByteView;

constexpr const char* newest_foreign_sql = "SELECT coalesce(max(epoch), 0) FROM foreign_head";
// A new key does not help rows that wait in an epoch of the old one: they are what is in doubt.
constexpr const char* waiting_epoch_sql =
    "SELECT r.epoch FROM unsent u JOIN record r USING(position) ORDER BY u.position LIMIT 1";
// Since the last epoch that was begun by choice: a new key ends the quarrel.
constexpr const char* healed_sql =
    "SELECT count(*) FROM chain WHERE reason = 2 AND epoch > "
    "(SELECT coalesce(max(epoch), 0) FROM chain WHERE reason = 1)";
constexpr const char* add_chain_sql =
    "INSERT INTO chain(epoch, base, first, seq, leaf, reason, base_position, key_change) "
    "VALUES(?, ?, ?, ?, ?, ?, ?, ?)";
// Of a row that was chained anew a receipt may come all the same; but it is offered no more, so a
// backend that lost it could never have what continues it.
constexpr const char* last_received_sql =
    "SELECT coalesce(max(position), 0) FROM record r WHERE EXISTS(SELECT 1 FROM receipt WHERE "
    "position = r.position AND lane = 0) "
    "AND NOT EXISTS(SELECT 1 FROM moved WHERE position = r.position)";
constexpr const char* base_leaf_sql = "SELECT leaf FROM record WHERE position = ?";
constexpr const char* rows_behind_sql =
    "SELECT position, header FROM record r WHERE (position > ? OR NOT EXISTS(SELECT 1 FROM receipt "
    "WHERE position = r.position AND lane = 0)) "
    "AND NOT EXISTS(SELECT 1 FROM moved WHERE position = r.position) ORDER BY position";
constexpr const char* chain_anew_sql =
    "INSERT INTO record SELECT ?, ?, ?, kind, protective, ?, ?, scopes, jwe, ? FROM record "
    "WHERE position = ?";
constexpr const char* give_up_content_sql =
    "UPDATE record SET jwe = '', scopes = CASE protective WHEN 1 THEN scopes ELSE x'' END "
    "WHERE position = ?";
constexpr const char* pass_on_sql = "UPDATE moved SET successor = ? WHERE successor = ?";
constexpr const char* move_sql = "INSERT INTO moved VALUES(?, ?)";

struct ChainStart {
    std::uint32_t epoch = 0;
    EpochReason reason = EpochReason::chosen;
    std::uint64_t base_position = 0;  ///< 0 = the last row
    model::Digest base{};
    std::uint64_t seq = 0;
    model::Digest leaf{};
};

base::Result<void> add_chain(Core& core, const ChainStart& start, std::string_view key_change) {
    TRY(chain, core.db().query(add_chain_sql));
    TRY_VOID(chain.bind(start.epoch)
                 .bind(ByteView(start.base))
                 .bind(core.tip().position + 1)
                 .bind(start.seq)
                 .bind(ByteView(start.leaf))
                 .bind(static_cast<std::uint64_t>(start.reason))
                 .bind(start.base_position)
                 .bind(key_change)
                 .run());
    base::log(base::LogEvent::epoch_begun, {{"epoch", start.epoch}});
    return {};
}

/// A row that the backend will not take where it stands, and what takes its place.
struct Moved {
    std::uint64_t position = 0;
    base::Bytes header;
    model::Digest leaf{};
    std::string head;
};

/// The same content, time and knowledge, at the next place of the new epoch.
base::Result<std::vector<Moved>> chain_anew(Core& core, ChainStart& start) {
    std::vector<Moved> out;
    seal::StoreSigner signer(core.ports().keys, journal_key_name);
    TRY(rows, core.db().query(rows_behind_sql));
    rows.bind(start.base_position);
    for (;;) {
        TRY(row, rows.step());
        if (!row) return out;
        TRY(header, model::parse_header(rows.blob(1)));
        header.key = {core.options().terminal, start.epoch, ++start.seq};
        header.prev = start.leaf;
        Moved moved{rows.number(0), model::encode(header), {}, {}};
        moved.leaf = seal::leaf_hash(moved.header);
        TRY(head, seal::sign_head({header.key, moved.leaf}, signer));
        moved.head = std::move(head);
        start.leaf = moved.leaf;
        out.push_back(std::move(moved));
    }
}

base::Result<void> write_moved(Core& core, std::uint32_t epoch, const std::vector<Moved>& rows) {
    std::uint64_t seq = 0;
    for (const Moved& each : rows) {
        const std::uint64_t successor = core.tip().position + ++seq;
        {
            TRY(copy, core.db().query(chain_anew_sql));
            TRY_VOID(copy.bind(successor)
                         .bind(epoch)
                         .bind(seq)
                         .bind(ByteView(each.leaf))
                         .bind(each.header)
                         .bind(std::string_view(each.head))
                         .bind(each.position)
                         .run());
        }
        for (const char* sql : {pass_on_sql, give_up_content_sql, move_sql}) {
            TRY(query, core.db().query(sql));
            if (sql == pass_on_sql) query.bind(successor);
            query.bind(each.position);
            if (sql == move_sql) query.bind(successor);
            TRY_VOID(query.run());
        }
    }
    return {};
}

}  // namespace

base::Result<Identity> read_identity(Core& core) {
    TRY(foreign, core.db().number(newest_foreign_sql));
    TRY(healed, core.db().number(healed_sql));
    TRY(waiting, core.db().number(waiting_epoch_sql));
    Identity identity;
    identity.in_doubt = foreign >= (waiting == 0 ? core.tip().epoch : waiting);
    identity.cloned = identity.in_doubt && healed > 0;
    return identity;
}

base::Result<void> begin_epoch(Core& core, std::uint32_t epoch, std::string_view key_change) {
    // The new epoch names the last verified head of the old one: only so it is the same chain.
    const ChainStart start{epoch, EpochReason::chosen, 0, core.tip().leaf, 0, core.tip().leaf};
    TRY_VOID(add_chain(core, start, key_change));
    Core::Tip tip = core.tip();
    tip.epoch = epoch;
    tip.seq = 0;
    core.set_tip(tip);
    return {};
}

base::Result<void> begin_epoch_after_doubt(Core& core) {
    TRY(last, core.db().number(last_received_sql));
    return begin_epoch_behind(core, last);
}

base::Result<void> begin_epoch_behind(Core& core, std::uint64_t base_position) {
    TRY(foreign, core.db().number(newest_foreign_sql));
    ChainStart start;
    start.epoch =
        static_cast<std::uint32_t>(std::max<std::uint64_t>(foreign, core.tip().epoch) + 1);
    start.reason = EpochReason::foreign_head;
    start.base_position = base_position;
    if (start.epoch > limits::epochs_max)
        return base::fail(base::Errc::identity_cloned, "no epoch left");
    {
        TRY(base, core.db().query(base_leaf_sql));
        TRY(row, base.bind(base_position).step());
        const base::Bytes leaf = row ? base.blob(0) : base::Bytes();
        std::copy_n(leaf.begin(), std::min(leaf.size(), start.base.size()), start.base.begin());
    }
    start.leaf = start.base;
    TRY(rows, chain_anew(core, start));
    TRY_VOID(core.set_size_bound(true));
    TRY(transaction, Transaction::begin(core.db()));
    TRY_VOID(add_chain(core, start, ""));
    TRY_VOID(write_moved(core, start.epoch, rows));
    TRY_VOID(transaction.commit());
    core.set_tip({core.tip().position + rows.size(), start.epoch, start.seq, start.leaf});
    core.after_commit();
    return {};
}

}  // namespace journal
