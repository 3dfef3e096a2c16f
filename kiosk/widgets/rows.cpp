// SPDX-License-Identifier: EUPL-1.2
// Rows on one card with dividers: the whole declaration, or what a card will be asked. UI thread
// only.
#include <algorithm>
#include <utility>

#include "kiosk/widgets/components.hpp"

namespace widgets {
namespace {

Box value_lines(const Kit& kit, const view::Row& line) {
    Box value = grown(column(0, {}));
    value.main = Align::center;
    for (const view::Text& words : line.value) {
        value.children.push_back(text(kit, words, kit.body(), Colour::ink));
    }
    return value;
}

/// All keys of a card stand in one column, as wide as the widest word of theirs and a gap by which
/// the longest does not run on into its value.
int key_width(const Kit& kit, const view::Rows& rows) {
    const int gap = kit.px(16);
    int width = kit.px(172);
    for (const view::Row& line : rows.rows) {
        const text::Layout& layout =
            kit.layout(kit.words(line.key), kit.body(), kit.px(280), line.key.language);
        width = std::max(width, static_cast<int>(layout.width) + gap);
    }
    return width;
}

Box row_box(const Kit& kit, const view::Row& line, int key_px) {
    Box key = text(kit, line.key, kit.body(), Colour::ink_soft);
    Box value = value_lines(kit, line);
    Box box;
    if (kit.big()) {
        Box words = grown(column(kit.px(4), {std::move(key), std::move(value)}));
        if (line.button) {
            words.children.push_back(row(0, {inline_button(kit, *line.button), space()}));
        }
        box = row(kit.px(28), {icon(line.icon, kit.px(72), Colour::accent), std::move(words)});
        box.cross = Box::Cross::start;
        box.pad = {kit.px(20), 0, kit.px(20), 0};
    } else {
        key.width = key_px;
        Box picture = icon(line.icon, kit.px(52), Colour::accent);
        picture.width = kit.px(56);
        box = row(kit.px(16), {std::move(picture), std::move(key), std::move(value)});
        if (line.button) box.children.push_back(inline_button(kit, *line.button));
        box.pad = {kit.px(10), 0, kit.px(10), 0};
        box.min_height = kit.px(100);
    }
    return box;
}

}  // namespace

Part rows(const Kit& kit, const view::Rows& rows) {
    Part part;
    const int key_px = key_width(kit, rows);
    for (const view::Row& line : rows.rows) part.items.push_back(row_box(kit, line, key_px));
    const Kit* source = &kit;
    part.wrap = [source](std::vector<Box> items) {
        Box content = column(0, {});
        for (std::size_t i = 0; i < items.size(); ++i) {
            if (i > 0) {
                Box divider;
                divider.min_height = source->px(2);
                divider.look = Surface{Colour::divider, Colour::divider, 0, 0, false};
                content.children.push_back(std::move(divider));
            }
            const int tallest = measure(*source, items[i], source->px(900)).h + source->px(40);
            items[i].grow = 1;
            items[i].max_height = tallest;
            content.children.push_back(std::move(items[i]));
        }
        return card(*source, std::move(content),
                    {source->px(8), source->px(32), source->px(8), source->px(32)});
    };
    part.grow = kit.big() ? 0 : 1;
    part.max_height = kit.px(static_cast<int>(rows.rows.size()) * 126 + 20);
    return part;
}

}  // namespace widgets
