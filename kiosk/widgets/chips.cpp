// SPDX-License-Identifier: EUPL-1.2
// Chips: one data category each, and below them what is not included. UI thread only.
#include <utility>

#include "kiosk/widgets/components.hpp"

namespace widgets {
namespace {

Box chip_row(const Kit& kit, Box words, const view::IconName& name, Colour colour) {
    Box box =
        row(kit.either(20, 32), {icon(name, kit.either(56, 112), colour), grown(std::move(words))});
    const int along = kit.either(14, 24) + kit.px(2);
    const int across = kit.either(24, 32) + kit.px(2);
    box.pad = {along, across, along, across};
    box.min_height = kit.px(88);
    return box;
}

Box chip_box(const Kit& kit, const view::Chip& chip) {
    const bool high = kit.display().contrast == view::Contrast::high;
    Box box =
        chip_row(kit, text(kit, chip.text, kit.dense(), Colour::ink), chip.icon, Colour::accent);
    // Tints vanish in high contrast, so the part gets a border there.
    box.look = Surface{Colour::accent_tint, high ? Colour::divider : Colour::accent_tint, kit.px(2),
                       kit.px(12), false};
    return box;
}

Box excluded_box(const Kit& kit, const view::Chips& chips) {
    Box words = text(kit, chips.excluded, kit.dense(), Colour::ink);
    if (!chips.excluded_label.empty()) {
        words.words = "**" + kit.words(chips.excluded_label) + "** " + words.words;
        words.node->label = text::plain(words.words);
    }
    Box box = chip_row(kit, std::move(words), "excluded", Colour::ink_soft);
    box.look = Surface{Colour::surface, Colour::border, kit.px(2), kit.px(12), true};
    return box;
}

}  // namespace

Part chips(const Kit& kit, const view::Chips& chips) {
    Part part;
    part.gap = kit.either(12, 24);
    std::vector<Box> boxes;
    for (const view::Chip& chip : chips.chips) boxes.push_back(chip_box(kit, chip));
    if (!chips.excluded.empty()) boxes.push_back(excluded_box(kit, chips));
    for (Box& box : boxes) {
        if (part.items.empty() && !chips.label.empty()) {
            const Colour colour = kit.big() ? Colour::ink : Colour::ink_soft;
            Box head = text(kit, chips.label, kit.big() ? kit.heading() : kit.body(), colour);
            head.node->role = a11y::Role::heading;
            part.items.push_back(column(kit.either(8, 16), {std::move(head), std::move(box)}));
        } else {
            part.items.push_back(std::move(box));
        }
    }
    part.heads_page = !chips.label.empty();
    return part;
}

}  // namespace widgets
