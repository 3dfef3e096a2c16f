// SPDX-License-Identifier: EUPL-1.2
// Waiting: what happens, how long, what to do with the card; and the only countdown of the product.
// UI thread only.
#include <utility>

#include "kiosk/widgets/components.hpp"

namespace widgets {
namespace {

constexpr unsigned dots_count = 3;

/// Three dots that step; with reduced motion the sentence alone stands.
Box dots(const Kit& kit) {
    Box box = row(kit.px(20), {});
    for (unsigned i = 0; i < dots_count; ++i) {
        const int size = kit.px(24);
        Box dot;
        dot.width = size;
        dot.min_height = size;
        const bool on = i <= kit.phase() % dots_count;
        dot.look =
            Surface{on ? Colour::accent : Colour::divider, Colour::accent, 0, size / 2, false};
        box.children.push_back(std::move(dot));
    }
    return box;
}

Box segments(const Kit& kit, unsigned filled, unsigned total, int height, int gap, int radius) {
    Box box = row(gap, {});
    for (unsigned i = 0; i < total; ++i) {
        Box part = space();
        part.min_height = height;
        const Colour fill = i < filled ? Colour::accent : Colour::surface;
        part.look = Surface{fill, Colour::accent, kit.px(2), radius, false};
        box.children.push_back(std::move(part));
    }
    return box;
}

}  // namespace

Part countdown(const Kit& kit, const view::Countdown& value) {
    Box words = text(kit, value.words, kit.heading(), Colour::ink);
    words.node->role = a11y::Role::status;
    words.node->live = true;
    // More than a minute would make segments too thin to count: then one stands for several
    // seconds.
    constexpr unsigned segments_max = 60;
    const unsigned total = std::min(value.total_s, segments_max);
    const unsigned filled =
        value.total_s == 0 ? 0 : (value.left_s * total + value.total_s - 1) / value.total_s;
    Box bar = segments(kit, filled, total, kit.px(32), kit.px(total > 30 ? 3 : 6), kit.px(4));
    return single(column(kit.px(16), {std::move(words), std::move(bar)}));
}

Part waiting(const Kit& kit, const view::Waiting& value) {
    Box words = grown(column(kit.px(8), {}));
    Box what = text(kit, value.what, kit.heading(), Colour::ink);
    what.node->role = a11y::Role::status;
    what.node->live = true;
    words.children.push_back(std::move(what));
    if (!value.how_long.empty())
        words.children.push_back(text(kit, value.how_long, kit.body(), Colour::ink));
    Box head =
        row(kit.px(32), {icon("waiting", kit.either(96, 112), Colour::accent), std::move(words)});
    head.cross = Box::Cross::start;
    Box content = column(kit.px(28), {std::move(head)});
    if (value.steps > 0) {
        content.children.push_back(
            segments(kit, value.step, value.steps, kit.px(20), kit.px(8), kit.px(10)));
    }
    if (!kit.display().reduced_motion) content.children.push_back(row(0, {dots(kit), space()}));
    if (!value.card.empty()) {
        content.children.push_back(
            row(kit.px(20), {icon("card-in", kit.either(60, 84), Colour::accent),
                             grown(text(kit, value.card, kit.body(), Colour::ink))}));
    }
    return single(card(kit, std::move(content), {kit.px(40), kit.px(40), kit.px(40), kit.px(40)}));
}

}  // namespace widgets
