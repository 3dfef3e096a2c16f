// SPDX-License-Identifier: EUPL-1.2
// Implementation of dialog.hpp. UI thread only.
#include "kiosk/screens/dialog.hpp"

#include <array>
#include <utility>

#include "kiosk/screens/content.hpp"

namespace screens {
namespace {

using widgets::Colour;
using widgets::Weightiness;

struct Closeness {
    int gap, along, across;
    bool icon;
};

std::string icon_of(const view::Screen& screen) {
    if (!screen.icon.empty()) return screen.icon;
    for (const view::Block& block : screen.blocks) {
        if (std::holds_alternative<view::Countdown>(block)) return "waiting";
    }
    return "info";
}

Box action(const Kit& kit, const view::Button& button, Weightiness kind, const Closeness& close) {
    const int tall = kind == Weightiness::main ? 144 : 112;
    text::Style style = kit.big() ? kit.label() : kit.heading();
    return widgets::button(
        kit, button,
        widgets::ButtonLook{kind, style, kit.px(close.icon ? tall : 112), kit.either(56, 72), {}});
}

Box build(const Kit& kit, const view::Screen& screen, const Closeness& close) {
    Box title = widgets::text(kit, screen.title, kit.title(), Colour::ink);
    title.node->role = a11y::Role::heading;
    title.node->live = true;
    Box head = widgets::row(kit.px(28), {});
    if (close.icon)
        head.children.push_back(widgets::icon(icon_of(screen), kit.px(104), Colour::accent));
    head.children.push_back(widgets::grown(std::move(title)));
    Box card = widgets::column(close.gap, {std::move(head)});
    if (!screen.lead.empty())
        card.children.push_back(widgets::text(kit, screen.lead, kit.body(), Colour::ink));
    for (widgets::Part& part : parts_of(kit, screen)) {
        std::vector<Box> items = std::move(part.items);
        part.items.clear();
        card.children.push_back(widgets::joined(part, std::move(items)));
    }
    Box actions = widgets::column(kit.px(close.icon ? 24 : 16), {});
    if (kit.landscape()) {
        actions.kind = Box::Kind::grid;
        actions.columns = 2;
        actions.even = true;
    }
    if (screen.main)
        actions.children.push_back(action(kit, *screen.main, Weightiness::main, close));
    if (screen.other)
        actions.children.push_back(action(kit, *screen.other, Weightiness::side, close));
    if (screen.back)
        actions.children.push_back(action(kit, *screen.back, Weightiness::side, close));
    if (screen.pair) actions.children.push_back(widgets::pair(kit, *screen.pair));
    if (!actions.children.empty()) card.children.push_back(std::move(actions));
    card.pad = {close.along, close.across, close.along, close.across};
    card.look = widgets::Surface{Colour::surface, Colour::accent, kit.px(4), kit.px(16), false};
    return card;
}

}  // namespace

Box dialog(const Kit& kit, const view::Screen& screen, int width, int height) {
    const std::array<Closeness, 3> steps{{{kit.px(32), kit.px(60), kit.px(52), true},
                                          {kit.px(20), kit.px(32), kit.px(36), true},
                                          {kit.px(16), kit.px(20), kit.px(28), false}}};
    Box card;
    for (const Closeness& close : steps) {
        card = build(kit, screen, close);
        if (widgets::measure(kit, card, width).h <= height) break;
    }
    Box column = widgets::column(0, {widgets::space(), std::move(card)});
    return column;
}

}  // namespace screens
