// SPDX-License-Identifier: EUPL-1.2
// Draws an ImGui draw list with the processor, to the pixel the same on every machine: integers
// only where it matters, no contraction of floats. Apart because it is the one renderer of the
// product and of the goldens. Pure, any thread.
#pragma once

#include <imgui.h>

#include "kiosk/widgets/atlas.hpp"
#include "kiosk/widgets/frame.hpp"

namespace widgets {

/// Draws `list` over `frame`. Quads on the pixel grid are filled or masked from `atlas`; every
/// other triangle is filled with its vertex alpha (that is how ImGui smooths edges). cost  about 1
/// ms for each million covered pixels.
void rasterise(const ImDrawList& list, const Atlas& atlas, Frame& frame);

}  // namespace widgets
