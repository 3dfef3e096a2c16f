// SPDX-License-Identifier: EUPL-1.2
// A picture in the language of receipt printers: bands of raster rows, then paper fed and cut. No
// letters are ever sent, so no code page of a printer matters. Pure, any thread.
// Norm: ESC/POS, as Epson publishes it: ESC @, GS v 0, ESC d, GS V.
#pragma once

#include "drivers/port/printer.hpp"

namespace printer {

/// Nothing but bytes that a printer passes over between commands, as many as a band has: one that
/// stopped in the middle of a band takes them as its rest.
[[nodiscard]] base::Bytes escpos_resume();
/// image  width a multiple of 8, at most limits::slip_width_px; height at most
///        limits::slip_height_px_max; as many rows as it says.
/// errors device_failed (another form).
base::Result<base::Bytes> escpos_of(const port::SlipImage& image);

}  // namespace printer
