// SPDX-License-Identifier: EUPL-1.2
// Paragraph, label and note: words with at most an icon beside them. UI thread only.
#include <algorithm>
#include <utility>

#include "kiosk/widgets/components.hpp"

namespace widgets {
namespace {

Box tries_dots(const Kit& kit, const view::Tries& tries) {
    Box dots = row(kit.px(16), {});
    for (std::uint8_t i = 0; i < tries.total; ++i) {
        const bool used = i < tries.total - tries.left;
        const int size = kit.either(44, 64);
        Box dot;
        dot.kind = Box::Kind::column;
        dot.width = size;
        dot.min_height = size;
        dot.main = Align::center;
        dot.look = Surface{used ? Colour::surface : Colour::warn, Colour::warn, kit.px(4), size / 2,
                           false};
        if (used) dot.children.push_back(icon("cross", kit.either(32, 44), Colour::warn));
        dots.children.push_back(std::move(dot));
    }
    return dots;
}

Box tinted(const Kit& kit, view::Tone tone, Box content) {
    const ToneColours c = colours_of(tone);
    const int line = kit.px(2);
    const Colour tint = tone == view::Tone::neutral ? Colour::sunken : c.tint;
    const Colour border = tone == view::Tone::neutral ? Colour::divider : c.border;
    content.look = Surface{tint, border, line, kit.px(16), false};
    const int across = kit.either(32, 36) + line;
    const int along = kit.px(kit.landscape() ? 12 : 24) + line;
    content.pad = {along, across, along, across};
    return content;
}

}  // namespace

Part paragraph(const Kit& kit, const view::Paragraph& paragraph) {
    const Colour ink = paragraph.soft ? Colour::ink_soft : Colour::ink;
    Part part;
    part.gap = paragraph.icon.empty() ? 0 : kit.px(4);
    if (paragraph.icon.empty()) {
        for (const view::Text& line : paragraph.lines) {
            part.items.push_back(text(kit, line, kit.body(), ink));
        }
        return part;
    }
    Box lines = grown(column(0, {}));
    for (const view::Text& line : paragraph.lines) {
        lines.children.push_back(text(kit, line, kit.body(), ink));
    }
    Box box = row(kit.px(24),
                  {icon(paragraph.icon, kit.either(60, 84), Colour::accent), std::move(lines)});
    box.cross = Box::Cross::start;
    return single(std::move(box));
}

Part label(const Kit& kit, const view::Label& label, const view::IconName& before) {
    Box words = text(kit, label.text, kit.heading(), Colour::ink);
    words.node->role = a11y::Role::heading;
    Part part;
    if (before.empty()) {
        part.items.push_back(std::move(words));
    } else {
        part.items.push_back(row(
            kit.px(20), {icon(before, kit.either(56, 84), Colour::ink), grown(std::move(words))}));
    }
    part.heads_page = true;
    return part;
}

Part note(const Kit& kit, const view::Note& note, const view::Tries* tries) {
    const ToneColours c = colours_of(note.tone);
    Box lines = grown(column(0, {}));
    for (std::size_t i = 0; i < note.lines.size(); ++i) {
        const bool first = i == 0;
        const bool alone = note.lines.size() == 1;
        text::Style style = first && (!alone || note.large || note.tone == view::Tone::warn)
                                ? kit.label()
                                : kit.body();
        if (first && note.large) style = kit.heading();
        const Colour colour =
            first && !note.large && note.tone != view::Tone::accent ? c.ink : Colour::ink;
        lines.children.push_back(text(kit, note.lines[i], style, colour));
        lines.children.back().node->role = a11y::Role::status;
        lines.children.back().node->live = first;
    }
    const bool said = tries != nullptr && std::find(note.lines.begin(), note.lines.end(),
                                                    tries->words) != note.lines.end();
    if (tries != nullptr && !said)
        lines.children.push_back(text(kit, tries->words, kit.body(), Colour::ink));
    // Beside the keys of a wide panel there is no room beside the words: the dots go below them.
    const bool narrow = tries != nullptr && kit.landscape() && !kit.big();
    if (narrow) {
        Box dots = row(0, {tries_dots(kit, *tries), space()});
        dots.pad.top = kit.px(8);
        lines.children.push_back(std::move(dots));
    }
    const bool flat = lines.children.size() == 1;
    Box box = row(kit.px(24), {});
    if (!note.icon.empty() && !narrow) {
        box.children.push_back(
            icon(note.icon, note.large ? kit.either(72, 96) : kit.either(52, 72), c.ink));
    }
    box.children.push_back(std::move(lines));
    if (tries != nullptr && !narrow) box.children.push_back(tries_dots(kit, *tries));
    box.cross = flat || tries != nullptr ? Box::Cross::center : Box::Cross::start;
    box = tinted(kit, note.tone, std::move(box));
    if (note.large) box.pad.top = box.pad.bottom = kit.px(18);
    return single(std::move(box));
}

Part tries(const Kit& kit, const view::Tries& tries) {
    Box words = grown(text(kit, tries.words, kit.body(), Colour::ink));
    words.node->role = a11y::Role::status;
    return single(
        tinted(kit, view::Tone::warn, row(kit.px(24), {std::move(words), tries_dots(kit, tries)})));
}

}  // namespace widgets
