// SPDX-License-Identifier: EUPL-1.2
// The backend came out of an older backup, and its people have said so: its log goes on under the
// next name (receipts::log_generation). Nothing of the new log is verified then. What was verified
// of the old one, and what its receipts say, is kept as evidence; records that are still whole are
// offered again, so that the new log proves them; what authorities said is fetched anew. Who may
// say so is the caller's to know: never the backend alone.
#include "drivers/base/limits_journal.hpp"
#include "drivers/base/log.hpp"
#include "sync/journal/key_blob.hpp"
#include "sync/journal/log_view.hpp"

namespace journal {
namespace {

using base::Errc;

constexpr const char* follow_sql = "INSERT OR REPLACE INTO log_followed VALUES(1, ?, ?)";
constexpr const char* followed_sql = "SELECT origin, keys FROM log_followed";
constexpr const char* give_up_sql = "INSERT INTO log_given_up VALUES(?, ?, ?, ?)";
constexpr const char* forget_checkpoint_sql = "DELETE FROM checkpoint";
constexpr const char* begin_observed_sql = "UPDATE meta SET observed = ?, event_cursor = 0";
// The backend numbers its events anew from the backup on: those of before keep their order, ahead.
constexpr const char* set_events_ahead_sql =
    "UPDATE event SET n = n - (SELECT max(n) + 1 FROM event)";
// What was proved in the old log is no reason to let anything go that is still here.
constexpr const char* unprove_sql =
    "UPDATE receipt SET proven = 0 WHERE generation < ? AND position IN "
    "(SELECT position FROM record WHERE jwe <> '')";
constexpr const char* renewable_sql =
    "SELECT position FROM record r WHERE jwe <> '' AND EXISTS(SELECT 1 FROM receipt WHERE "
    "position = r.position AND lane = 0 AND generation < ?) ORDER BY position LIMIT 1";

/// The log that is followed so far; empty = whichever comes first.
std::string present_name(const Followed& followed, const Held& held) {
    if (!followed.origin.empty() || held.note.empty()) return followed.origin;
    return held.checkpoint.origin;
}

base::Result<void> write_followed(Core& core, const LogIdentity& log) {
    TRY(follow, core.db().query(follow_sql));
    return follow.bind(std::string_view(log.name)).bind(key_blob(log.keys)).run();
}

base::Result<void> write_given_up(Core& core, const Held& held) {
    TRY(give_up, core.db().query(give_up_sql));
    return give_up.bind(core.log_generation())
        .bind(std::string_view(held.note))
        .bind(model::log_size_of(core.observed()))
        .bind(core.ports().clock.wall_ms())
        .run();
}

/// Begins with the next log, in one transaction.
base::Result<void> begin_log(Core& core, const LogIdentity& log, const Held& held) {
    const std::uint32_t generation = receipts::log_generation(log.name);
    const std::uint64_t claim = model::observed_claim(generation, 0);
    TRY_VOID(core.set_size_bound(true));
    TRY(transaction, Transaction::begin(core.db()));
    if (core.observed() != 0 || !held.note.empty()) TRY_VOID(write_given_up(core, held));
    TRY_VOID(core.db().execute(forget_checkpoint_sql));
    TRY_VOID(write_followed(core, log));
    TRY_VOID(core.db().execute(set_events_ahead_sql));
    {
        TRY(begin, core.db().query(begin_observed_sql));
        TRY_VOID(begin.bind(claim).run());
        TRY(unprove, core.db().query(unprove_sql));
        TRY_VOID(unprove.bind(generation).run());
    }
    TRY_VOID(close_alarms(core, generation));
    TRY_VOID(transaction.commit());
    core.raise_observed(claim);
    core.after_commit();
    TRY(resend, renewal(core));
    core.set_resend(resend);
    return {};
}

base::Result<void> follow(Core& core, const LogIdentity& log) {
    TRY(held, read_held(core));
    TRY(followed, read_followed(core));
    const std::string present = present_name(followed, held);
    const std::uint32_t generation = receipts::log_generation(log.name);
    if (present != log.name) {
        const bool later = generation > core.log_generation();
        // Its name is the only thing that tells one log from another: an old one is over for good.
        if (!later && (!present.empty() || generation < core.log_generation()))
            return base::fail(Errc::config_bad, "a log that was given up", generation);
        return begin_log(core, log, held);
    }
    if (log.keys.empty() || key_blob(log.keys) == key_blob(followed.keys)) return {};
    TRY_VOID(core.set_size_bound(true));
    TRY_VOID(write_followed(core, log));
    core.after_commit();
    return {};
}

}  // namespace

base::Result<Followed> read_followed(Core& core) {
    TRY(query, core.db().query(followed_sql));
    TRY(row, query.step());
    Followed out;
    if (!row) return out;
    out.origin = query.text(0);
    TRY(keys, keys_of_blob(query.blob(1)));
    out.keys = std::move(keys);
    return out;
}

base::Result<std::optional<Core::Resend>> renewal(Core& core) {
    TRY(query, core.db().query(renewable_sql));
    TRY(row, query.bind(core.log_generation()).step());
    if (!row) return std::optional<Core::Resend>();
    return std::optional(Core::Resend{query.number(0), query.number(0)});
}

base::Result<void> begin_with_named_log(Core& core) {
    if (core.options().log_name.empty()) return {};
    // Refused: what came down signed since is younger than this word. The journal opens all the
    // same: people are served.
    const auto begun = follow(core, {core.options().log_name, {}});
    if (!begun && begun.error().code == Errc::journal_io) return begun;
    if (!begun) base::log_error(begun.error());
    return {};
}

base::Result<void> Journal::follow_log(const LogIdentity& log) {
    if (!receipts::checkpoint_origin_ok(log.name))
        return base::fail(Errc::config_bad, "name of a log");
    return core_->guarded([&] { return follow(*core_, log); });
}

base::Result<void> Journal::trust_backend(const seal::PublicJwk& views,
                                          std::span<const crypto::Point> receipts) {
    return core_->guarded([&] { return core_->trust_backend(views, receipts); });
}

}  // namespace journal
