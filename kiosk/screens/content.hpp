// SPDX-License-Identifier: EUPL-1.2
// The blocks of a screen as components, in reading order; neighbours that belong on one surface are
// joined. UI thread only.
#pragma once

#include <vector>

#include "kiosk/view/view_model.hpp"
#include "kiosk/widgets/components.hpp"

namespace screens {

/// Makes the parts of a screen. The screen and the kit outlive them.
/// The keys, if digits are typed here; they and what is typed belong on one page.
[[nodiscard]] const view::DigitPad* pad_of(const view::Screen& screen);
[[nodiscard]] std::vector<widgets::Part> parts_of(const widgets::Kit& kit,
                                                  const view::Screen& screen);

}  // namespace screens
