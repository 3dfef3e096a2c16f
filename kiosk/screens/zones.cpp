// SPDX-License-Identifier: EUPL-1.2
// Implementation of zones.hpp: from the edges inwards, the content takes what is left. Pure.
#include "kiosk/screens/zones.hpp"

#include <algorithm>

namespace screens {
namespace {

struct Measures {
    int header, margin, top, bottom, pair, actions, below;
};

Measures measures_of(const widgets::Kit& kit, bool steps) {
    if (kit.landscape()) {
        const int pair = kit.big() ? 168 : 104;
        return {kit.either(80, 112), kit.px(32),          kit.px(20), kit.px(16),
                kit.px(pair),        kit.either(96, 128), kit.px(20)};
    }
    const int pair = kit.big() ? 2 * 144 + 24 : 144;
    const int top = steps && !kit.big() ? 24 : 32;
    return {kit.either(104, 112), kit.either(48, 40),  kit.px(top), kit.px(24),
            kit.px(pair),         kit.either(96, 128), kit.px(24)};
}

}  // namespace

Zones zones_of(const widgets::Kit& kit, const ZoneRequest& request) {
    const widgets::Panel& panel = kit.panel();
    const Measures m = measures_of(kit, request.steps);
    Zones z;
    int right = panel.width;
    int bottom = panel.height;
    if (request.tools && kit.landscape()) {
        const int width = kit.either(176, 330);
        right -= width;
        z.tools = {right, 0, width, panel.height};
    } else if (request.tools) {
        const int height = kit.either(144, 224);
        bottom -= height;
        z.tools = {0, bottom, panel.width, height};
    }
    z.header = {0, 0, right, m.header};
    z.page = {0, m.header, right, bottom - m.header};
    const int width = right - 2 * m.margin;
    if (request.actions) {
        bottom -= m.below + m.actions;
        z.actions = {m.margin, bottom, width, m.actions};
    }
    if (request.pair) {
        const int pair = std::max(m.pair, request.pair_px);
        bottom -= m.below + pair;
        z.pair = {m.margin, bottom, width, pair};
    }
    const int top = m.header + m.top;
    z.content = {m.margin, top, width, bottom - m.bottom - top};
    return z;
}

}  // namespace screens
