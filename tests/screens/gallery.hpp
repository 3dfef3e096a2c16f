// SPDX-License-Identifier: EUPL-1.2
// Every screen of the product as a value, with names that are stable: what goldens draw, what audio
// coverage speaks, what layout rules measure. Made by walking the real core, so a screen that
// nobody can reach is not here. Tests only.
#pragma once

#include <string>
#include <vector>

#include "kiosk/view/view_model.hpp"

namespace gallery {

struct Shot {
    std::string name;  ///< unique, fit for a file name: "release-chosen"
    view::Screen screen;
};

/// All places, overlays and variants of one language at 100 %, light.
[[nodiscard]] std::vector<Shot> places(const std::string& language);
/// One screen for each base::Errc, "failed-<name>".
[[nodiscard]] std::vector<Shot> failures(const std::string& language);
/// The same screen for other eyes; words do not change.
[[nodiscard]] view::Screen shown(view::Screen screen, std::uint16_t text_percent,
                                 view::Contrast contrast);

}  // namespace gallery
