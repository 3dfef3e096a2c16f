// SPDX-License-Identifier: EUPL-1.2
// Is what the receipts say in the log? A receipt's leaf must stand at its index in the verified
// checkpoint (I13): a proof of inclusion shows it, and the log being append-only keeps it there.
// Another leaf that is proved to stand at that index proves that the backend signed two things
// that cannot both be true; no proof at all proves nothing, since who carries it may withhold it.
#include "drivers/base/encoding.hpp"
#include "drivers/base/limits_journal.hpp"
#include "sync/journal/core.hpp"
#include "sync/journal/log_view.hpp"

namespace journal {
namespace {

using base::Errc;

constexpr const char* unproven_sql =
    "SELECT DISTINCT log_index FROM receipt WHERE proven = 0 AND disputed = 0 AND log_index < ? "
    "AND generation = ? ORDER BY log_index LIMIT ?";
constexpr const char* receipts_at_sql =
    "SELECT r.leaf, s.token FROM receipt q JOIN record r ON r.position = q.position "
    "JOIN receipt_set s ON s.id = q.set_id "
    "WHERE q.log_index = ? AND q.generation = ? AND q.proven = 0 AND q.disputed = 0";
constexpr const char* set_proven_sql =
    "UPDATE receipt SET proven = ? WHERE log_index = ? AND generation = ? AND proven = 0 AND "
    "disputed = 0";
constexpr const char* set_disputed_sql =
    "UPDATE receipt SET disputed = 1 WHERE log_index = ? AND generation = ? AND proven = 0";

/// What our receipts say about one place of the log.
struct Said {
    bool agrees = true;  ///< every receipt names the leaf that stands there
    std::string token;   ///< of one that does not, else of any; empty = no receipt names the place
};

base::Result<Said> read_said(Core& core, const InclusionClaim& claim) {
    Said said;
    TRY(query, core.db().query(receipts_at_sql));
    query.bind(claim.index).bind(core.log_generation());
    for (;;) {
        TRY(row, query.step());
        if (!row) return said;
        const bool same = base::equal(query.blob(0), claim.leaf);
        if (said.token.empty() || !same) said.token = query.text(1);
        said.agrees = said.agrees && same;
    }
}

/// The verified note and what is proved to stand in its log, as evidence for others.
std::string evidence_of(const InclusionClaim& claim, const std::string& note) {
    std::string text = note + "index " + std::to_string(claim.index) + "\nleaf " +
                       base::to_base64url(claim.leaf) + "\n";
    for (const receipts::Hash& hash : claim.proof) text += base::to_base64url(hash) + "\n";
    return text;
}

base::Result<void> set_proof_state(Core& core, const InclusionClaim& claim, const Said& said,
                                   const std::string& note) {
    TRY_VOID(core.set_size_bound(true));
    TRY(transaction, Transaction::begin(core.db()));
    if (said.agrees) {
        TRY(update, core.db().query(set_proven_sql));
        TRY_VOID(update.bind(claim.size).bind(claim.index).bind(core.log_generation()).run());
    } else {
        TRY(update, core.db().query(set_disputed_sql));
        TRY_VOID(update.bind(claim.index).bind(core.log_generation()).run());
        TRY_VOID(add_log_conflict(core, said.token, evidence_of(claim, note)));
    }
    TRY_VOID(transaction.commit());
    core.set_compaction_due(true);
    core.after_commit();
    return {};
}

base::Result<void> judge_inclusion(Core& core, const InclusionClaim& claim) {
    TRY(held, read_held(core));
    const receipts::TreeHead& head = held.checkpoint.head;
    // Asked for before a newer checkpoint came: it will be asked for again.
    if (held.note.empty() || claim.size != head.size)
        return base::fail(Errc::receipt_bad, "inclusion in another checkpoint");
    const receipts::Inclusion inclusion{claim.leaf, claim.index, head.size, head.root};
    if (!receipts::verify_inclusion(inclusion, claim.proof))
        return base::fail(Errc::receipt_bad, "inclusion proof");
    TRY(said, read_said(core, claim));
    if (said.token.empty()) return {};
    TRY_VOID(set_proof_state(core, claim, said, held.note));
    if (!said.agrees) return base::fail(Errc::fork_detected, "another record in the log");
    return {};
}

}  // namespace

base::Result<Unproven> Journal::unproven() {
    return core_->guarded([this]() -> base::Result<Unproven> {
        TRY(held, read_held(*core_));
        Unproven out{held.checkpoint.head.size, {}};
        TRY(query, core_->db().query(unproven_sql));
        query.bind(out.size)
            .bind(core_->log_generation())
            .bind(std::uint64_t{limits::inclusion_indexes_max});
        for (;;) {
            TRY(row, query.step());
            if (!row) return out;
            out.indexes.push_back(query.number(0));
        }
    });
}

base::Result<void> Journal::store_inclusion(const InclusionClaim& claim) {
    return core_->guarded([&] { return judge_inclusion(*core_, claim); });
}

}  // namespace journal
