// SPDX-License-Identifier: EUPL-1.2
// Choices, and the flow picture: source, arrow, recipients, read in one look. A choice is off at
// entry and grows inwards when chosen, so that its text does not jump. UI thread only.
#include <utility>

#include "kiosk/widgets/components.hpp"

namespace widgets {
namespace {

Box names(const Kit& kit, const view::Text& name, const view::Text& subline, Align align) {
    Box box = column(0, {silent(kit, name, kit.label(), Colour::ink)});
    if (!subline.empty()) {
        box.children.push_back(silent(kit, subline, kit.body(), Colour::ink_soft));
    }
    for (Box& child : box.children) child.align = align;
    return box;
}

/// The box with its check; round for one of several.
Box mark(const Kit& kit, const view::Choice& choice) {
    const int size = kit.either(52, 84);
    const Colour line = choice.chosen ? Colour::accent : Colour::border;
    Box box;
    box.kind = Box::Kind::column;
    box.width = size;
    box.min_height = size;
    box.main = Align::center;
    const int radius = choice.exclusive ? size / 2 : kit.px(10);
    box.look =
        Surface{choice.chosen ? Colour::accent : Colour::surface, line, kit.px(4), radius, false};
    if (choice.chosen) {
        box.children.push_back(icon("check", kit.either(40, 64), Colour::on_accent));
    }
    return box;
}

/// What a choice looks like when it cannot be chosen: the source, or a recipient that is fixed.
Box fixed_party(const Kit& kit, const view::IconName& name, const view::Text& words,
                const view::Text& subline, bool upright) {
    const int size = upright ? kit.px(104) : kit.either(60, 120);
    Box box = upright ? column(kit.px(12), {}) : row(kit.either(20, 32), {});
    Box text_part = names(kit, words, subline, upright ? Align::center : Align::start);
    if (upright) text_part.cross = Box::Cross::stretch;
    box.children = {icon(name, size, Colour::accent), std::move(text_part)};
    box.main = Align::center;
    const int pad = kit.px(upright ? 20 : 18);
    box.pad = {pad, pad, pad, pad};
    box.look = Surface{Colour::sunken, Colour::divider, kit.px(2), kit.px(16), false};
    box.min_height = kit.px(112);
    a11y::Node node;
    node.label = text::plain(kit.words(words));
    node.language = words.language.empty() ? kit.display().language : words.language;
    box.node = std::move(node);
    return box;
}

Box recipient(const Kit& kit, const view::Choice& value) {
    if (!value.id.empty()) return choice(kit, value);
    return fixed_party(kit, value.icon, value.name, value.subline, false);
}

Box arrow_down(const Kit& kit, bool both_ways) {
    Box box;
    box.kind = Box::Kind::picture;
    box.min_height = kit.either(44, 84);
    const auto width = static_cast<float>(kit.px(kit.big() ? 6 : 5));
    box.paint = [=](Canvas& canvas, const Rect& r) {
        const auto x = static_cast<float>(r.x) + static_cast<float>(r.w) / 2;
        const auto top = static_cast<float>(r.y) + width * 1.5F;
        const auto end = static_cast<float>(r.bottom()) - width * 1.5F;
        const float wing = width * 3;
        canvas.stroke({{x, top}, {x, end}}, Colour::accent, width);
        canvas.stroke({{x - wing, end - wing}, {x, end}, {x + wing, end - wing}}, Colour::accent,
                      width);
        if (!both_ways) return;
        canvas.stroke({{x - wing, top + wing}, {x, top}, {x + wing, top + wing}}, Colour::accent,
                      width);
    };
    return box;
}

Box section_label(const Kit& kit, const view::Text& words) {
    Box box = text(kit, words, kit.body(), kit.big() ? Colour::ink : Colour::ink_soft);
    box.node->role = a11y::Role::heading;
    return box;
}

/// 264 as in the design, wider only if a word of the name would be cut.
int source_width(const Kit& kit, const view::Text& name) {
    for (const int width : {264, 320, 380}) {
        const text::Layout& layout =
            kit.layout(kit.words(name), kit.label(), kit.px(width - 40), name.language);
        if (layout.broken == 0) return kit.px(width);
    }
    return kit.px(440);
}

Part flow_narrow(const Kit& kit, const view::FlowPicture& flow) {
    Part part;
    part.gap = kit.px(kit.big() ? 24 : 12);
    const bool flat = !kit.big();
    Box source = fixed_party(kit, flow.source_icon, flow.source, flow.source_subline, false);
    if (flat) source.min_height = kit.px(96);
    Box head =
        column(kit.px(kit.big() ? 16 : 4), {std::move(source), arrow_down(kit, flow.both_ways)});
    // On a wide panel the label heads its column, as the one beside it does.
    if (flat && !flow.label.empty()) {
        head = column(kit.px(12), {section_label(kit, flow.label), std::move(head)});
    }
    part.items.push_back(std::move(head));
    bool first = !flat;
    for (const view::Choice& value : flow.recipients) {
        Box box = recipient(kit, value);
        if (first && !flow.label.empty())
            box = column(kit.px(16), {section_label(kit, flow.label), std::move(box)});
        part.items.push_back(std::move(box));
        first = false;
    }
    return part;
}

}  // namespace

Box choice(const Kit& kit, const view::Choice& choice) {
    Box words = grown(names(kit, choice.name, choice.subline, Align::start));
    const bool flat = kit.landscape() && !kit.big();
    Box box = row(flat ? kit.px(16) : kit.either(20, 28), {mark(kit, choice)});
    if (!choice.icon.empty())
        box.children.push_back(icon(choice.icon, kit.either(60, 96), Colour::accent));
    box.children.push_back(std::move(words));
    const int across = kit.px(flat ? 17 : 27);
    box.pad = {kit.px(8), across, kit.px(8), across};
    box.min_height = kit.either(flat ? 104 : 112, 168);
    const Colour fill = kit.is_pressed(choice.id) ? Colour::accent_tint : Colour::surface;
    box.look = Surface{fill, choice.chosen ? Colour::accent : Colour::border,
                       choice.chosen ? kit.px(5) : kit.control_px(), kit.px(16), false};
    const a11y::Role role = choice.exclusive ? a11y::Role::radio : a11y::Role::checkbox;
    std::string spoken = kit.words(choice.name);
    if (!choice.subline.empty()) spoken += ", " + kit.words(choice.subline);
    box.node = target(kit, choice.id, role, spoken);
    box.node->chosen = choice.chosen;
    return box;
}

Part choice_list(const Kit& kit, const view::ChoiceList& list) {
    Part part;
    part.gap = kit.px(16);
    for (const view::Choice& value : list.choices) {
        Box box = choice(kit, value);
        if (part.items.empty() && !list.label.empty()) {
            box = column(kit.px(8), {section_label(kit, list.label), std::move(box)});
        }
        part.items.push_back(std::move(box));
    }
    return part;
}

Part flow_picture(const Kit& kit, const view::FlowPicture& flow) {
    if (kit.big() || kit.landscape()) return flow_narrow(kit, flow);
    Box source = fixed_party(kit, flow.source_icon, flow.source, flow.source_subline, true);
    source.width = source_width(kit, flow.source);
    Box arrow = icon(flow.both_ways ? "both-ways" : "next", kit.px(56), Colour::accent);
    arrow.width = kit.px(72);
    Box recipients = grown(column(kit.px(16), {}));
    for (const view::Choice& value : flow.recipients) {
        recipients.children.push_back(grown(recipient(kit, value)));
    }
    Box line = row(0, {std::move(source), std::move(arrow), std::move(recipients)});
    line.cross = Box::Cross::stretch;
    Box box = column(kit.px(8), {});
    if (!flow.label.empty()) box.children.push_back(section_label(kit, flow.label));
    box.children.push_back(std::move(line));
    return single(std::move(box));
}

}  // namespace widgets
