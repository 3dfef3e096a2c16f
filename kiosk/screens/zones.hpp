// SPDX-License-Identifier: EUPL-1.2
// Where header, content, decision pair, action row and tools lie on a panel (design.md 3 and 5),
// counted from the reading edge. The tools are at the same place on every screen of a panel and
// text size. Pure.
#pragma once

#include "kiosk/widgets/kit.hpp"

namespace screens {

using widgets::Rect;

struct Zones {
    Rect header;
    Rect content;  ///< inside its paddings
    Rect pair;
    Rect actions;
    Rect tools;
    Rect page;  ///< everything but header and tools
};

struct ZoneRequest {
    bool steps = false;  ///< the content starts with the steps, a little higher
    bool pair = false;
    int pair_px = 0;  ///< what the words of the pair need; the design's height if less
    bool actions = false;
    bool tools = true;
};

[[nodiscard]] Zones zones_of(const widgets::Kit& kit, const ZoneRequest& request);

}  // namespace screens
