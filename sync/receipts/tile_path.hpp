// SPDX-License-Identifier: EUPL-1.2
// Names of the pieces in which a log can be fetched: "tile/1/x001/x234/067.p/17". The same name is
// a path on the server and a file in an auditor's folder. Pure, any thread. Norm: C2SP tlog-tiles.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace receipts {

struct TileName {
    std::optional<unsigned> level;  ///< 0..7; nothing = the entries themselves
    std::uint64_t n = 0;            ///< which tile of its level
    unsigned width = 256;           ///< 1..256; below 256 it is partial
    friend bool operator==(const TileName&, const TileName&) = default;
};

[[nodiscard]] std::string to_path(const TileName& name);
/// Reads the parts behind "tile/". Nothing if it is no name in its one form.
[[nodiscard]] std::optional<TileName> parse_tile_name(std::span<const std::string> parts);

}  // namespace receipts
