// SPDX-License-Identifier: EUPL-1.2
// What several components share: cards, tones, parts, registry entries. UI thread only.
#include <utility>

#include "kiosk/widgets/components.hpp"

namespace widgets {

Box joined(const Part& part, std::vector<Box> items) {
    if (part.wrap) return part.wrap(std::move(items));
    if (items.size() == 1) return std::move(items.front());
    return column(part.gap, std::move(items));
}

Part single(Box box) {
    Part part;
    part.items.push_back(std::move(box));
    return part;
}

ToneColours colours_of(view::Tone tone) {
    switch (tone) {
        case view::Tone::neutral:
            return {Colour::ink, Colour::surface, Colour::border};
        case view::Tone::accent:
            return {Colour::accent, Colour::accent_tint, Colour::accent};
        case view::Tone::ok:
            return {Colour::ok, Colour::ok_tint, Colour::ok};
        case view::Tone::warn:
            return {Colour::warn, Colour::warn_tint, Colour::warn};
        case view::Tone::danger:
            return {Colour::danger, Colour::danger_tint, Colour::danger};
    }
    return {Colour::ink, Colour::surface, Colour::border};
}

Box card(const Kit& kit, Box content, const Padding& inner) {
    const int line = kit.px(2);
    content.pad = {inner.top + line, inner.end + line, inner.bottom + line, inner.start + line};
    content.look = Surface{Colour::surface, Colour::divider, line, kit.px(16), false};
    return content;
}

a11y::Node target(const Kit& kit, const view::WidgetId& id, a11y::Role role,
                  const std::string& words) {
    a11y::Node node;
    node.id = id;
    node.role = role;
    node.label = text::plain(words);
    node.language = kit.display().language;
    node.focusable = true;
    return node;
}

Box pill(const Kit& kit, const view::Pill& pill) {
    const ToneColours c = colours_of(pill.tone);
    text::Style style = kit.chrome(text::Weight::regular);
    Box box = row(kit.px(12), {});
    if (!pill.icon.empty()) box.children.push_back(icon(pill.icon, kit.either(36, 52), c.ink));
    box.children.push_back(text(kit, pill.word, style, c.ink));
    box.children.back().node->role = a11y::Role::status;
    const int line = kit.px(2);
    box.min_height = kit.either(60, 84);
    box.pad = {line, kit.px(24) + line, line, kit.px(20) + line};
    box.look = Surface{c.tint, c.border, line, box.min_height / 2, false};
    return box;
}

}  // namespace widgets
