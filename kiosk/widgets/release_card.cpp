// SPDX-License-Identifier: EUPL-1.2
// One declaration in "my releases": title, since when, one state per authority, and what one can
// do. UI thread only.
#include <utility>

#include "kiosk/widgets/components.hpp"

namespace widgets {

Part release_card(const Kit& kit, const view::ReleaseCard& value) {
    Box content = column(kit.px(6), {});
    content.main = Align::center;
    Box title = text(kit, value.title, kit.heading(), Colour::ink);
    title.node->role = a11y::Role::heading;
    content.children.push_back(std::move(title));
    for (const view::Text& line : value.lines) {
        content.children.push_back(text(kit, line, kit.body(), Colour::ink_soft));
    }
    for (const auto& status : value.statuses) {
        Box who = text(kit, status.who, kit.body(), Colour::ink);
        Box line;
        if (kit.big()) {
            Box words = grown(
                column(kit.px(8), {std::move(who), row(0, {pill(kit, status.pill), space()})}));
            line =
                row(kit.px(28), {icon(status.icon, kit.px(72), Colour::accent), std::move(words)});
            line.cross = Box::Cross::start;
            line.pad = {kit.px(12), 0, kit.px(12), 0};
        } else {
            Box picture = icon(status.icon, kit.px(48), Colour::accent);
            picture.width = kit.px(52);
            line = row(kit.px(16),
                       {std::move(picture), grown(std::move(who)), pill(kit, status.pill)});
            line.min_height = kit.px(76);
        }
        content.children.push_back(std::move(line));
    }
    if (value.button) {
        Box action = button(
            kit, *value.button,
            ButtonLook{
                Weightiness::side, kit.label(), kit.either(84, 128), kit.either(48, 72), {}});
        Box spaced = column(0, {std::move(action)});
        spaced.pad.top = kit.px(12);
        content.children.push_back(std::move(spaced));
    }
    const int natural = measure(kit, content, kit.px(916)).h;
    Part part =
        single(card(kit, std::move(content), {kit.px(24), kit.px(32), kit.px(24), kit.px(32)}));
    part.grow = kit.big() ? 0 : 1;
    part.max_height = natural + kit.px(52 + 48);
    return part;
}

}  // namespace widgets
