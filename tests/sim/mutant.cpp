// SPDX-License-Identifier: EUPL-1.2
#include "tests/sim/mutant.hpp"

#include <algorithm>
#include <array>

namespace sim {
namespace {

constexpr std::array rows{
    MutantRow{Mutant::lww_by_wall_clock, "lww_by_wall_clock", "I8"},
    MutantRow{Mutant::ack_before_durable_kiosk, "ack_before_durable_kiosk", "I1"},
    MutantRow{Mutant::ack_before_durable_backend, "ack_before_durable_backend", "I5 I11 I12 I13"},
    MutantRow{Mutant::no_dedup_no_chain_check, "no_dedup_no_chain_check", "I3 I4"},
    MutantRow{Mutant::drop_on_reject, "drop_on_reject", "I4 I7"},
    MutantRow{Mutant::old_backup_unnoticed, "old_backup_unnoticed", "I12"},
    MutantRow{Mutant::clone_unnoticed, "clone_unnoticed", "I6"},
    MutantRow{Mutant::observed_unverified, "observed_unverified", "I9"},
    MutantRow{Mutant::advance_counted_twice, "advance_counted_twice", "I4 I8 I10"},
    MutantRow{Mutant::epoch_without_base, "epoch_without_base", "I8 I10"},
    MutantRow{Mutant::receipt_not_bound, "receipt_not_bound", "I5 I11 I13"},
    MutantRow{Mutant::spool_over_journal, "spool_over_journal", "I7"},
    MutantRow{Mutant::ack_a_fork, "ack_a_fork", "I5 I6 I13"},
    MutantRow{Mutant::no_fast_lane, "no_fast_lane", "I11"},
    MutantRow{Mutant::starve_grants, "starve_grants", "I7 I11"},
    MutantRow{Mutant::floor_forgotten, "floor_forgotten", "I16"},
    MutantRow{Mutant::log_rewritten, "log_rewritten", "I12 I13"},
    MutantRow{Mutant::canary_in_the_clear, "canary_in_the_clear", "I15"},
    MutantRow{Mutant::act_lost_at_ingest, "act_lost_at_ingest", "I8"},
};

}  // namespace

std::span<const MutantRow> mutants() {
    return rows;
}

std::optional<Mutant> find_mutant(std::string_view name) {
    const auto* row = std::ranges::find(rows, name, &MutantRow::name);
    if (row == rows.end()) return std::nullopt;
    return row->mutant;
}

}  // namespace sim
