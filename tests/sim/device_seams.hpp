// SPDX-License-Identifier: EUPL-1.2
// What a broken program would do to a machine's disk or spool. Mutants and damage only. One thread.
#pragma once

#include <filesystem>
#include <string>

#include "tests/crash/power_cut_disk.hpp"
#include "tests/sim/dice.hpp"
#include "tests/sim/ledger.hpp"
#include "tests/sim/mutant.hpp"

namespace sim {

/// Changes meta data of a journal that is closed, as some mutants do at a start.
void edit_before_boot(Mutant mutant, const crash::PowerCutDisk& disk, const Ledger& ledger,
                      std::size_t device);

/// Deletes, cuts, overwrites or doubles one file of a spool, or brings an old one back.
void spoil_folder(const std::filesystem::path& folder, Dice& dice);

}  // namespace sim
