// SPDX-License-Identifier: EUPL-1.2
// Track: recorded, sent, arrived, applied; each step told by icon, word and colour, and by a time
// or "not yet". UI thread only.
#include <algorithm>
#include <utility>

#include "kiosk/widgets/components.hpp"

namespace widgets {
namespace {

using State = view::TrackStep::State;

Box dot(const Kit& kit, const view::TrackStep& step) {
    const int size = kit.either(72, 96);
    Surface look{Colour::surface, Colour::border, kit.px(4), size / 2, false};
    Colour ink = Colour::ink_soft;
    std::string name = step.icon;
    if (step.state == State::done) {
        look.fill = look.border = Colour::ok;
        ink = Colour::surface;
        name = "check";
    } else if (step.state == State::now) {
        look.fill = Colour::warn_tint;
        look.border = ink = Colour::warn;
        if (name.empty()) name = "waiting";
    }
    Box box;
    box.kind = Box::Kind::column;
    box.width = size;
    box.min_height = size;
    box.main = Align::center;
    box.look = look;
    box.children.push_back(icon(name, kit.either(step.state == State::done ? 44 : 40, 56), ink));
    return box;
}

/// The dot, and below it the line to the next one.
Box rail(const Kit& kit, const view::TrackStep& step, bool last) {
    Box box = column(0, {dot(kit, step)});
    box.width = kit.either(72, 96);
    if (last) return box;
    Box line;
    line.kind = Box::Kind::picture;
    line.grow = 1;
    const int width = kit.px(4);
    line.paint = [width](Canvas& canvas, const Rect& r) {
        canvas.fill({r.x + (r.w - width) / 2, r.y, width, r.h}, Colour::border);
    };
    box.children.push_back(std::move(line));
    return box;
}

}  // namespace

Part track(const Kit& kit, const view::Track& track) {
    Part part;
    for (std::size_t i = 0; i < track.steps.size(); ++i) {
        const view::TrackStep& step = track.steps[i];
        const bool last = i + 1 == track.steps.size();
        Box words = grown(column(0, {text(kit, step.title, kit.label(), Colour::ink)}));
        words.children.front().node->role = a11y::Role::status;
        words.children.push_back(text(kit, step.line, kit.body(), Colour::ink_soft));
        words.pad.bottom = last ? 0 : kit.px(24);
        Box box = row(kit.px(24), {rail(kit, step, last), std::move(words)});
        box.cross = Box::Cross::stretch;
        box.min_height = kit.px(last ? 72 : 116);
        part.items.push_back(std::move(box));
    }
    const Kit* source = &kit;
    part.wrap = [source](std::vector<Box> items) {
        const int pad = source->px(source->big() ? 32 : 30);
        return card(*source, column(0, std::move(items)), {pad, pad, pad, pad});
    };
    return part;
}

}  // namespace widgets
