// SPDX-License-Identifier: EUPL-1.2
// One declaration in "my releases": title, since when, one state per authority, and what one can
// do. UI thread only.
#include <utility>

#include "kiosk/widgets/components.hpp"

namespace widgets {

namespace {

Box status_line(const Kit& kit, const view::ReleaseCard::Status& status) {
    Box who = text(kit, status.who, kit.body(), Colour::ink);
    if (kit.big()) {
        Box words =
            grown(column(kit.px(8), {std::move(who), row(0, {pill(kit, status.pill), space()})}));
        Box line =
            row(kit.px(28), {icon(status.icon, kit.px(72), Colour::accent), std::move(words)});
        line.cross = Box::Cross::start;
        line.pad = {kit.px(12), 0, kit.px(12), 0};
        return line;
    }
    Box picture = icon(status.icon, kit.px(48), Colour::accent);
    picture.width = kit.px(52);
    Box line = row(kit.px(16), {std::move(picture), grown(std::move(who)), pill(kit, status.pill)});
    line.min_height = kit.px(76);
    return line;
}

}  // namespace

Part release_card(const Kit& kit, const view::ReleaseCard& value) {
    Part part;
    part.gap = kit.px(6);
    // The heading never stands alone at the end of a page: it goes with the first line.
    Box head = column(part.gap, {});
    Box title = text(kit, value.title, kit.heading(), Colour::ink);
    title.node->role = a11y::Role::heading;
    if (value.icon.empty()) {
        head.children.push_back(std::move(title));
    } else {
        head.children.push_back(
            row(kit.px(16),
                {icon(value.icon, kit.either(56, 96), Colour::accent), grown(std::move(title))}));
    }
    // What follows may be cut off: at big text a card with all its lines is taller than a page.
    for (const view::Text& line : value.lines)
        part.items.push_back(text(kit, line, kit.body(), Colour::ink_soft));
    for (const auto& status : value.statuses) part.items.push_back(status_line(kit, status));
    if (!part.items.empty()) {
        head.children.push_back(std::move(part.items.front()));
        part.items.erase(part.items.begin());
    }
    part.items.insert(part.items.begin(), std::move(head));
    if (value.button) {
        Box action = button(
            kit, *value.button,
            ButtonLook{
                Weightiness::side, kit.label(), kit.either(84, 128), kit.either(48, 72), {}});
        Box spaced = column(0, {std::move(action)});
        spaced.pad.top = kit.px(12);
        part.items.push_back(std::move(spaced));
    }
    part.wrap = [&kit, gap = part.gap](std::vector<Box> items) {
        Box content = column(gap, std::move(items));
        content.main = Align::center;
        return card(kit, std::move(content), {kit.px(24), kit.px(32), kit.px(24), kit.px(32)});
    };
    part.rather_whole = true;
    part.grow = kit.big() ? 0 : 1;
    part.max_height = measure(kit, column(part.gap, part.items), kit.px(916)).h + kit.px(52 + 48);
    return part;
}

}  // namespace widgets
