// SPDX-License-Identifier: EUPL-1.2
// Tile: one large target with icon, heading and one line; as an entry of the list with its parties
// and state. UI thread only.
#include <utility>

#include "kiosk/widgets/components.hpp"

namespace widgets {
namespace {

std::string spoken(const Kit& kit, const view::Tile& tile) {
    std::string words = kit.words(tile.title);
    if (!tile.line.empty()) words += ". " + kit.words(tile.line);
    for (const view::Party& party : tile.parties) words += ", " + kit.words(party.name);
    if (tile.pill) words += ". " + kit.words(tile.pill->word);
    return words;
}

Box party_box(const Kit& kit, const view::Party& party) {
    return row(kit.px(12), {icon(party.icon, kit.either(48, 72), Colour::accent),
                            silent(kit, party.name, kit.body(), Colour::ink)});
}

/// Source, arrow, recipients: in a row, on as many lines as they need; below each other at big
/// text.
Box parties_box(const Kit& kit, const view::Tile& tile) {
    const int gap = kit.px(kit.big() ? 12 : 24);
    // What one line of a tile holds: its width without paddings and chevron.
    const int room = kit.px(kit.big() ? 0 : 840);
    Box box = column(kit.px(8), {});
    int used = room + 1;
    for (std::size_t i = 0; i < tile.parties.size(); ++i) {
        Box party = party_box(kit, tile.parties[i]);
        if (i == 1) {
            Box arrow =
                icon(tile.both_ways ? "both-ways" : "next", kit.either(36, 52), Colour::ink);
            party = row(gap, {std::move(arrow), std::move(party)});
        }
        const int width = measure(kit, party, 10'000).w;
        if (used + gap + width > room) {
            box.children.push_back(row(gap, {}));
            used = -gap;
        }
        used += gap + width;
        box.children.back().children.push_back(std::move(party));
    }
    return box;
}

Box silent_pill(const Kit& kit, const view::Pill& value) {
    Box box = pill(kit, value);
    for (Box& child : box.children) child.node.reset();
    return box;
}

Box words_of(const Kit& kit, const view::Tile& tile) {
    const bool entry = !tile.parties.empty() || tile.pill.has_value();
    Box words = grown(column(entry ? kit.px(14) : 0, {}));
    words.main = Align::center;
    const text::Style style = tile.sunken ? kit.label() : kit.heading();
    words.children.push_back(silent(kit, tile.title, style, Colour::ink));
    const Colour soft = tile.sunken ? Colour::ink : Colour::ink_soft;
    if (!tile.line.empty()) words.children.push_back(silent(kit, tile.line, kit.body(), soft));
    if (!tile.parties.empty()) words.children.push_back(parties_box(kit, tile));
    if (tile.pill) words.children.push_back(row(0, {silent_pill(kit, *tile.pill), space()}));
    return words;
}

Box normal_tile(const Kit& kit, const view::Tile& tile) {
    const bool entry = !tile.parties.empty() || tile.pill.has_value();
    const bool low = kit.display().low_reach && !kit.landscape();
    const bool flat = kit.landscape() || (low && !entry && !tile.sunken);
    Box box = row(kit.px(low && flat ? 20 : entry || flat || tile.sunken ? 24 : 32), {});
    if (!tile.icon.empty() && !entry) {
        box.children.push_back(icon(tile.icon,
                                    kit.px(tile.sunken ? 64
                                           : flat      ? 80
                                                       : 96),
                                    Colour::accent));
    }
    box.children.push_back(words_of(kit, tile));
    if (!flat) box.children.push_back(icon("chevron", kit.px(44), Colour::accent));
    const int across = kit.px(low && flat ? 17 : flat ? 24 : 32) + kit.control_px();
    const int along = kit.px(flat ? 12 : tile.sunken ? 20 : 24) + kit.control_px();
    box.pad = {along, across, along, across};
    return box;
}

Box big_tile(const Kit& kit, const view::Tile& tile) {
    const bool entry = !tile.parties.empty() || tile.pill.has_value();
    Box words = words_of(kit, tile);
    Box title = std::move(words.children.front());
    words.children.erase(words.children.begin());
    Box head = row(kit.px(28), {});
    if (!tile.icon.empty() && !entry)
        head.children.push_back(icon(tile.icon, kit.px(112), Colour::accent));
    head.children.push_back(grown(std::move(title)));
    Box box = column(kit.px(12), {std::move(head)});
    for (Box& child : words.children) box.children.push_back(std::move(child));
    box.main = Align::center;
    box.pad = {kit.px(28), kit.px(36), kit.px(28), kit.px(36)};
    return box;
}

}  // namespace

Part tile(const Kit& kit, const view::Tile& tile) {
    Box box = kit.big() ? big_tile(kit, tile) : normal_tile(kit, tile);
    const Colour rest = tile.sunken ? Colour::sunken : Colour::surface;
    box.look = Surface{kit.is_pressed(tile.id) ? Colour::accent_tint : rest, Colour::border,
                       kit.control_px(), kit.px(16), false};
    box.min_height = kit.px(128);
    box.node = target(kit, tile.id, a11y::Role::tile, spoken(kit, tile));
    Part part;
    if (tile.inline_button) {
        part =
            single(column(kit.px(16), {std::move(box), inline_button(kit, *tile.inline_button)}));
    } else {
        part = single(std::move(box));
    }
    part.grow = tile.sunken ? 0 : 1;
    part.max_height = kit.px(kit.big() ? 700 : 340);
    return part;
}

}  // namespace widgets
