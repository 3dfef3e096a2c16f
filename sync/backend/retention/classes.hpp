// SPDX-License-Identifier: EUPL-1.2
// Which deletion class each table of the backend's database belongs to (retention/README.md). A
// test holds the list against the schema: a table in no class is one that nobody has thought about.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace backend {

enum class Deletion : std::uint8_t {
    /// Its content goes with its record, when that record's period is over (K6, K7).
    with_record,
    own_period,  ///< rows have a period of their own (expire.hpp)
    k9,          ///< counts of ten people and more: unlimited
    proof,       ///< hashes, keys, places: keeps every proof valid, names nobody, never goes
    operation,   ///< where the backend itself stands; names nobody
};

struct TableClass {
    std::string_view table;
    Deletion deletion;
};
[[nodiscard]] std::span<const TableClass> table_classes();

}  // namespace backend
