// SPDX-License-Identifier: EUPL-1.2
// A dialog: one card with an accent border in the lower half; the screen beneath is not drawn. UI
// thread only.
#pragma once

#include "kiosk/screens/chrome.hpp"

namespace screens {

/// The card with title, blocks and buttons, as low as `height` allows, made closer if it must be.
[[nodiscard]] Box dialog(const Kit& kit, const view::Screen& screen, int width, int height);

}  // namespace screens
