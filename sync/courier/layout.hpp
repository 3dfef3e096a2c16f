// SPDX-License-Identifier: EUPL-1.2
// What stands where on a stick, and under which names. A stick may serve many terminals; each has a
// folder of its own in both directions.
//
//   freigabe/out/<terminal>/   terminal -> backend. Bodies exactly as HTTPS would carry them:
//        advance-0001.json     withdrawals that run ahead: POST .../advance
//        batch-0001.json       the chain: POST .../batches
//        manifest.jws          last: without it the export is unfinished
//   freigabe/in/<terminal>/    backend -> terminal. Answers exactly as HTTPS would give them:
//        advance-0001-receipts.json  batch-0001-receipts.json  events-0001.json  growth.json
//        manifest.json         last
//   freigabe/downstream/       signed files for every terminal, see sync/downstream
//   *.tmp                      half-written, of no meaning
//
// A name that comes from a stick is turned into a FileName and never used as a path, so case,
// Unicode, dots and slashes have no effect. Pure, any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "drivers/base/uuid.hpp"

namespace courier {

/// In the order in which files are read: withdrawals before everything else.
enum class FileKind : std::uint8_t {
    advance,
    batch,
    advance_receipts,
    batch_receipts,
    events,
    growth
};
struct FileName {
    FileKind kind = FileKind::batch;
    std::uint32_t number = 1;  ///< 1..courier_files_max; growth has always 1
    friend auto operator<=>(const FileName&, const FileName&) = default;
};
[[nodiscard]] std::string to_text(const FileName& name);
/// Nothing if the text is not exactly what to_text writes.
[[nodiscard]] std::optional<FileName> parse_file_name(std::string_view text);

enum class Direction : std::uint8_t { out, in };
/// True if files of this kind travel in this direction.
[[nodiscard]] bool belongs(FileKind kind, Direction direction);

[[nodiscard]] std::string folder_of(Direction direction);
[[nodiscard]] std::string folder_of(Direction direction, const base::Uuid& terminal);
[[nodiscard]] std::string_view manifest_name(Direction direction);
inline constexpr std::string_view downstream_folder = "freigabe/downstream";
inline constexpr std::string_view half_written_suffix = ".tmp";

}  // namespace courier
