// SPDX-License-Identifier: EUPL-1.2
// Boxes for typed digits and the pad that types them. Digits are never drawn in the boxes: only
// their number is known here. The pad is 1-2-3 from the left in every language. UI thread only.
#include <algorithm>
#include <utility>

#include "kiosk/widgets/components.hpp"

namespace widgets {
namespace {

/// A wide panel is low: boxes and keys stand side by side there and are smaller.
bool is_flat(const Kit& kit) {
    return kit.landscape() && !kit.big();
}

/// Ten boxes stand in the width of six.
bool is_long(const view::DigitBoxes& value) {
    return value.total > 6;
}

int box_size(const Kit& kit, const view::DigitBoxes& value) {
    if (is_flat(kit)) return kit.px(is_long(value) ? 40 : 68);
    return kit.px(is_long(value) ? 84 : 112);
}

int box_gap(const Kit& kit, const view::DigitBoxes& value) {
    if (is_flat(kit)) return kit.px(is_long(value) ? 6 : 12);
    return kit.px(is_long(value) ? 12 : 20);
}

Box digit_box(const Kit& kit, int size, bool filled, bool current) {
    Box box;
    box.kind = Box::Kind::picture;
    box.width = size;
    box.min_height = size;
    const int line = kit.px(current ? 6 : 4);
    box.look = Surface{Colour::surface, current ? Colour::accent : Colour::border, line, kit.px(12),
                       false};
    const int dot = std::min(size / 2, kit.px(is_flat(kit) ? 24 : 34));
    box.paint = [=](Canvas& canvas, const Rect& r) {
        if (filled)
            canvas.fill({r.x + (r.w - dot) / 2, r.y + (r.h - dot) / 2, dot, dot}, Colour::ink,
                        dot / 2);
    };
    return box;
}

Box key_base(const Kit& kit, const view::WidgetId& id, const std::string& spoken) {
    Box box = row(kit.px(16), {});
    box.main = Align::center;
    box.min_height = kit.px(is_flat(kit) ? 92 : 120);
    box.pad = {kit.px(8), kit.px(8), kit.px(8), kit.px(8)};
    const Colour fill = kit.is_pressed(id) ? Colour::accent_tint : Colour::surface;
    box.look = Surface{fill, Colour::border, kit.control_px(), kit.px(16), false};
    box.node = target(kit, id, a11y::Role::key, spoken);
    return box;
}

Box plain_words(const Kit& kit, std::string words, const text::Style& style, Colour colour) {
    Box box;
    box.kind = Box::Kind::text;
    box.words = std::move(words);
    box.style = style;
    box.colour = colour;
    box.language = kit.display().language;
    return box;
}

/// "Löschen" and "Weiter" stop growing at 160 %: their keys have a fixed width and an icon.
text::Style key_style(const Kit& kit) {
    return kit.chrome(text::Weight::bold);
}

Box digit_key(const Kit& kit, int digit) {
    const std::string name = std::to_string(digit);
    Box box = key_base(kit, "pad." + name, name);
    text::Style style = kit.title();
    style.weight = text::Weight::bold;
    box.children.push_back(plain_words(kit, name, style, Colour::ink));
    return box;
}

Box delete_key(const Kit& kit, bool enabled) {
    const std::string words = kit.words("pad.delete");
    Box box = key_base(kit, "pad.delete", words);
    const Colour ink = enabled ? Colour::ink : Colour::disabled;
    if (!enabled)
        box.look = Surface{Colour::sunken, Colour::disabled, kit.control_px(), kit.px(16), true};
    box.node->disabled = !enabled;
    if (!kit.big() && !is_flat(kit)) box.children.push_back(icon("backspace", kit.px(52), ink));
    box.children.push_back(plain_words(kit, words, key_style(kit), ink));
    return box;
}

Box next_key(const Kit& kit, bool enabled) {
    const std::string words = kit.words("pad.next");
    Box box = key_base(kit, "pad.next", words);
    const bool pressed = kit.is_pressed("pad.next");
    const Colour ink = enabled ? Colour::on_accent : Colour::disabled;
    const Colour fill = pressed ? Colour::pressed : Colour::accent;
    box.look = enabled
                   ? Surface{fill, fill, 0, kit.px(16), false}
                   : Surface{Colour::sunken, Colour::disabled, kit.control_px(), kit.px(16), true};
    box.node->disabled = !enabled;
    box.children.push_back(plain_words(kit, words, key_style(kit), ink));
    if (!is_flat(kit)) box.children.push_back(icon("next", kit.either(48, 60), ink));
    return box;
}

}  // namespace

Part digit_boxes(const Kit& kit, const view::DigitBoxes& value) {
    Box boxes = row(box_gap(kit, value), {});
    boxes.left_to_right = true;
    for (std::uint8_t i = 0; i < value.total; ++i) {
        boxes.children.push_back(
            digit_box(kit, box_size(kit, value), i < value.entered, i == value.entered));
    }
    a11y::Node node;
    node.role = a11y::Role::progress;
    node.label = text::plain(kit.words(value.label));
    node.value = text::plain(kit.words(value.progress));
    node.language = kit.display().language;
    node.live = true;
    boxes.node = std::move(node);
    Box words = silent(kit, value.progress, kit.dense(), Colour::ink_soft);
    // Broken by hand for the narrow place beside the boxes; below them it is one line.
    if (kit.big() || is_flat(kit) || is_long(value)) {
        std::replace(words.words.begin(), words.words.end(), '\n', ' ');
        Box box = column(kit.px(12), {std::move(boxes), std::move(words)});
        box.cross = Box::Cross::start;
        return single(std::move(box));
    }
    words.grow = 1;
    Box box = row(kit.px(24), {std::move(boxes), std::move(words)});
    return single(std::move(box));
}

Part digit_pad(const Kit& kit, const view::DigitPad& pad) {
    Box grid;
    grid.kind = Box::Kind::grid;
    grid.columns = 3;
    grid.gap = grid.row_gap = kit.px(is_flat(kit) ? 16 : 20);
    grid.even = true;
    grid.left_to_right = true;
    for (int digit = 1; digit <= 9; ++digit) grid.children.push_back(digit_key(kit, digit));
    grid.children.push_back(delete_key(kit, pad.delete_enabled));
    grid.children.push_back(digit_key(kit, 0));
    grid.children.push_back(next_key(kit, pad.next_enabled));
    Part part = single(std::move(grid));
    part.grow = 1;
    part.max_height = kit.px(4 * 160 + 60);
    return part;
}

}  // namespace widgets
