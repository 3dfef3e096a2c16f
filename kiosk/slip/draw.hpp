// SPDX-License-Identifier: EUPL-1.2
// A slip as dots: the same text engine as on the screen, so every script comes out right, and QR
// codes of whole dots a module. What it makes holds a secret; whoever asks for it wipes it. One
// thread, which the engine belongs to.
// Norm: ISO/IEC 18004 (QR), quiet zone of four modules.
#pragma once

#include "drivers/base/result.hpp"
#include "drivers/port/printer.hpp"
#include "kiosk/slip/contents.hpp"
#include "kiosk/text/engine.hpp"

namespace slip {

/// limits::slip_width_px wide, as high as it needs to be.
/// errors  device_failed: more than fits on a slip, or a code that no QR code holds.
base::Result<port::SlipImage> draw(text::Engine& engine, const std::vector<Part>& parts);

}  // namespace slip
