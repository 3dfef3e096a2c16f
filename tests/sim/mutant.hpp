// SPDX-License-Identifier: EUPL-1.2
// Wrong programs on purpose. Each takes the place of one component at a seam of the simulation (a
// statement of the store, what the kiosk offers, what the line answers, a sync of the disk); the
// product's code is never touched. A mutant that no invariant catches is a hole in the simulation.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace sim {

enum class Mutant : std::uint8_t {
    none,
    lww_by_wall_clock,         ///< the later act by the wall clock wins
    ack_before_durable_kiosk,  ///< WAL+NORMAL under the journal: told before it is on the disk
    ack_before_durable_backend,
    no_dedup_no_chain_check,  ///< the backend appends whatever comes, at the next free place
    drop_on_reject,           ///< what the backend refuses once is never offered again
    old_backup_unnoticed,     ///< backend restored from a backup, and terminals are shown no proof
    clone_unnoticed,          ///< contradictions go into no quarantine
    observed_unverified,      ///< a receipt's log size becomes `observed` without a checkpoint
    advance_counted_twice,    ///< the chain entry takes effect again after its advance copy
    epoch_without_base,       ///< the backend forgets what a new epoch continues
    receipt_not_bound,        ///< the kiosk stores a receipt for other bytes at its place
    spool_over_journal,       ///< syncd sends what it spooled as long as there is something
    ack_a_fork,               ///< the backend gives a receipt for a record that it does not take
    no_fast_lane,             ///< withdrawals wait for their place in the chain
    starve_grants,            ///< nothing but withdrawals ever travels
    floor_forgotten,          ///< a restart begins with the wall clock's idea of time
    log_rewritten,            ///< the sequencer swaps two entries of the log
    canary_in_the_clear,      ///< the views write a name into the database
    act_lost_at_ingest,       ///< acknowledged and stored, but a withdrawal is never applied
};

struct MutantRow {
    Mutant mutant;
    std::string_view name;
    /// Invariants of sync.md, one of which must catch it; separated by blanks.
    std::string_view caught_by;
};
[[nodiscard]] std::span<const MutantRow> mutants();
[[nodiscard]] std::optional<Mutant> find_mutant(std::string_view name);

}  // namespace sim
