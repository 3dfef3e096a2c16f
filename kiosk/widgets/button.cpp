// SPDX-License-Identifier: EUPL-1.2
// Buttons: side way, main, inline, and the decision pair whose two halves weigh the same. UI thread
// only.
#include <algorithm>

#include "kiosk/widgets/components.hpp"

namespace widgets {
namespace {

struct ButtonColours {
    Colour fill, ink, border;
};

ButtonColours colours(const Kit& kit, const view::Button& button, Weightiness kind) {
    if (button.disabled_because) return {Colour::sunken, Colour::disabled, Colour::disabled};
    const bool pressed = kit.is_pressed(button.id);
    if (kind == Weightiness::main) {
        const Colour fill = pressed ? Colour::pressed : Colour::accent;
        return {fill, Colour::on_accent, fill};
    }
    return {pressed ? Colour::accent_tint : Colour::surface, Colour::accent, Colour::accent};
}

a11y::Node node_of(const Kit& kit, const view::Button& button, const std::string& words) {
    a11y::Node node = target(kit, button.id, a11y::Role::button, words);
    node.disabled = button.disabled_because.has_value();
    if (node.disabled) node.hint = text::plain(kit.words(*button.disabled_because));
    return node;
}

/// True if a word of either half hardly fits beside its icon: then both move closer, so that they
/// stay alike.
bool is_long(const Kit& kit, const view::DecisionPair& pair) {
    if (kit.big() || kit.landscape()) return false;
    for (const view::Text& words : {pair.yes.label, pair.no.label}) {
        if (kit.layout(kit.words(words), kit.heading(), kit.px(312), words.language).broken > 0)
            return true;
    }
    return false;
}

Box pair_half(const Kit& kit, const view::Button& half, bool close) {
    const bool flat = kit.landscape() && !kit.big();
    text::Style style = kit.landscape() ? kit.chrome(text::Weight::bold) : kit.heading();
    if (flat) style.line_px = kit.px(44);
    const ButtonColours c = colours(kit, half, Weightiness::main);
    Box words = grown(silent(kit, half.label, style, c.ink));
    Box box = row(kit.px(close ? 20 : 32),
                  {icon(half.icon, kit.either(56, 72), c.ink), std::move(words)});
    box.pad = {kit.px(8), kit.px(16), kit.px(8), kit.px(close ? 28 : 43)};
    box.min_height = kit.px(flat ? 104 : 144);
    box.look = Surface{c.fill, c.fill, 0, kit.px(16), false};
    box.node = node_of(kit, half, box.children[1].words);
    return box;
}

}  // namespace

Box button(const Kit& kit, const view::Button& button, const ButtonLook& look) {
    const ButtonColours c = colours(kit, button, look.kind);
    Box box = row(kit.px(16), {});
    if (!button.icon.empty()) box.children.push_back(icon(button.icon, look.icon_px, c.ink));
    if (!button.label.empty()) {
        box.children.push_back(silent(kit, button.label, look.style, c.ink));
    }
    if (!look.icon_after.empty()) {
        box.children.push_back(icon(look.icon_after, look.icon_px, c.ink));
    }
    box.main = Align::center;
    box.pad = {kit.px(8), kit.px(35), kit.px(8), kit.px(35)};
    box.min_height = look.min_height;
    box.look = Surface{c.fill, c.border, kit.control_px(), kit.px(16),
                       button.disabled_because.has_value()};
    box.node = node_of(kit, button, kit.words(button.label));
    return box;
}

Box button(const Kit& kit, const view::Button& value, Weightiness kind) {
    return button(kit, value,
                  ButtonLook{kind, kit.label(), kit.either(96, 128), kit.either(48, 72), {}});
}

Box inline_button(const Kit& kit, const view::Button& value) {
    Box box = button(
        kit, value,
        ButtonLook{Weightiness::side, kit.label(), kit.either(68, 112), kit.either(36, 60), {}});
    box.gap = kit.px(12);
    box.pad = {kit.px(4), kit.px(23), kit.px(4), kit.px(23)};
    box.look->radius_px = kit.px(12);
    return box;
}

Box pair(const Kit& kit, const view::DecisionPair& pair) {
    Box box;
    box.kind = Box::Kind::grid;
    box.columns = kit.big() && !kit.landscape() ? 1 : 2;
    box.gap = kit.px(kit.landscape() && !kit.big() ? 20 : 24);
    box.row_gap = kit.px(24);
    box.even = true;
    const bool close = is_long(kit, pair);
    box.children = {pair_half(kit, pair.yes, close), pair_half(kit, pair.no, close)};
    return box;
}

}  // namespace widgets
