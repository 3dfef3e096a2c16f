// SPDX-License-Identifier: EUPL-1.2
// The real journal on a disk that fails, and how many worlds of it a run looks at.
#pragma once

#include <cstdlib>

#include "tests/crash/power_cut_disk.hpp"
#include "tests/fakes/journal_world.hpp"

namespace crash {

/// How many seeds: as many as usual, or what FREIGABE_WORLDS says.
inline std::uint64_t worlds(std::uint64_t usual) {
    const char* wanted = std::getenv("FREIGABE_WORLDS");
    return wanted == nullptr ? usual : std::strtoull(wanted, nullptr, 10);
}

inline journal::Options on_disk(const fakes::JournalWorld& world, const PowerCutDisk& disk) {
    journal::Options options = world.options();
    options.path = "/journal.db";
    options.vfs = disk.vfs_name();
    options.reserve_bytes = 0;
    return options;
}

}  // namespace crash
