// SPDX-License-Identifier: EUPL-1.2
// Bounds of the slip printer.
#pragma once

#include <cstddef>

namespace limits {

// 80 mm paper: 72 mm of print at 203 dpi, 8 dots a millimetre.
inline constexpr std::size_t slip_width_px = 576;
static_assert(slip_width_px % 8 == 0);
// Half a metre of paper, 8 dots a millimetre: two codes of 560 dots and some twenty lines in two
// languages come to 2,800.
inline constexpr std::size_t slip_height_px_max = 4'000;
// One raster command holds so many rows: 9,216 bytes, below the 12 kB that small printers buffer.
inline constexpr std::size_t slip_band_rows = 128;
// Half a metre at 100 mm/s takes five seconds; a printer that takes no byte for so long prints no
// more.
inline constexpr int printer_wait_ms_max = 8'000;
// The kernel's buffer of a USB printer is 8 kB.
inline constexpr std::size_t printer_write_bytes = 4'096;

}  // namespace limits
