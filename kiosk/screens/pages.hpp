// SPDX-License-Identifier: EUPL-1.2
// Cuts a screen into pages at the borders of components, never inside one (design.md 5). The
// decision pair comes on the last page only, so that everything was shown before it (LR-03). Pure
// but for text measuring. UI thread only.
#pragma once

#include <vector>

#include "kiosk/screens/chrome.hpp"
#include "kiosk/screens/zones.hpp"

namespace screens {

struct Page {
    Box content;
    bool pair = false;
};

struct Pages {
    std::vector<Page> pages;    ///< at least one
    ZoneRequest zones;          ///< without the pair, which is per page
    bool others_in_row = true;  ///< the other and the main button stand in the action row
};

[[nodiscard]] Pages paginate(const Kit& kit, const view::Screen& screen);

}  // namespace screens
