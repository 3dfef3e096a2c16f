// SPDX-License-Identifier: EUPL-1.2
// Implementation of content.hpp: one overload per block, and the joins. UI thread only.
#include "kiosk/screens/content.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "drivers/base/handle.hpp"
#include "kiosk/screens/chrome.hpp"
#include "kiosk/screens/zones.hpp"

namespace screens {
namespace {

using widgets::Box;
using widgets::Kit;
using widgets::Part;

template <class T>
const T* block_at(const view::Screen& screen, std::size_t i) {
    return i < screen.blocks.size() ? std::get_if<T>(&screen.blocks[i]) : nullptr;
}

Part part_of(const Kit& kit, const view::Block& block) {
    return std::visit(
        base::Overloaded{
            [&](const view::Paragraph& b) { return widgets::paragraph(kit, b); },
            [&](const view::Label& b) { return widgets::label(kit, b, {}); },
            [&](const view::Tile& b) { return widgets::tile(kit, b); },
            [&](const view::Note& b) { return widgets::note(kit, b, nullptr); },
            [&](const view::Choice& b) { return widgets::single(widgets::choice(kit, b)); },
            [&](const view::FlowPicture& b) { return widgets::flow_picture(kit, b); },
            [&](const view::ChoiceList& b) { return widgets::choice_list(kit, b); },
            [&](const view::Chips& b) { return widgets::chips(kit, b); },
            [&](const view::Facts& b) { return widgets::facts(kit, b); },
            [&](const view::Rows& b) { return widgets::rows(kit, b); },
            [&](const view::Track& b) { return widgets::track(kit, b); },
            [&](const view::QrCard& b) { return widgets::qr_card(kit, b); },
            [&](const view::DigitBoxes& b) { return widgets::digit_boxes(kit, b); },
            [&](const view::Tries& b) { return widgets::tries(kit, b); },
            [&](const view::DigitPad& b) { return widgets::digit_pad(kit, b); },
            [&](const view::Picture& b) { return widgets::picture(kit, b, nullptr); },
            [&](const view::ReleaseCard& b) { return widgets::release_card(kit, b); },
            [&](const view::LanguageGrid& b) { return widgets::language_grid(kit, b); },
            [&](const view::Countdown& b) { return widgets::countdown(kit, b); },
            [&](const view::Waiting& b) { return widgets::waiting(kit, b); },
        },
        block);
}

/// True if the second line of any tile needs two lines beside its icon: then all go without it.
bool lines_wrap(const Kit& kit, const view::Screen& screen, std::size_t from, std::size_t to) {
    for (std::size_t i = from; i < to; ++i) {
        const std::string words = kit.words(std::get<view::Tile>(screen.blocks[i]).line);
        if (kit.layout(words, kit.body(), kit.px(350), {}).lines.size() > 1) return true;
    }
    return false;
}

/// Two or more tiles side by side: on wide panels, and in low reach without their second line.
Part tile_grid(const Kit& kit, const view::Screen& screen, std::size_t from, std::size_t to) {
    const bool low = kit.display().low_reach && !kit.landscape();
    const int gap = kit.px(kit.landscape() ? 20 : 24);
    const bool no_lines = low || lines_wrap(kit, screen, from, to);
    Part part;
    part.gap = gap;
    for (std::size_t i = from; i < to; i += 2) {
        Box line;
        line.kind = Box::Kind::grid;
        line.columns = 2;
        line.gap = gap;
        line.even = true;
        line.grow = 1;
        for (std::size_t k = i; k < std::min(to, i + 2); ++k) {
            view::Tile tile = std::get<view::Tile>(screen.blocks[k]);
            if (no_lines) tile.line = {};
            line.children.push_back(std::move(widgets::tile(kit, tile).items.front()));
            if (low) line.children.back().min_height = kit.px(212);
        }
        if (line.children.size() == 1) line.children.front().span = 2;
        part.items.push_back(std::move(line));
    }
    part.grow = 1;
    return part;
}

/// Says why the upper half is empty.
Part low_reach_hint(const Kit& kit) {
    view::Text words;
    words.id = "lowreach.hint";
    Box line = widgets::row(
        kit.px(20),
        {widgets::icon("low-reach", kit.px(52), widgets::Colour::ink_soft),
         widgets::grown(widgets::text(kit, words, kit.body(), widgets::Colour::ink_soft))});
    return widgets::single(std::move(line));
}

std::size_t tiles_from(const view::Screen& screen, std::size_t from) {
    std::size_t to = from;
    while (to < screen.blocks.size()) {
        const auto* tile = std::get_if<view::Tile>(&screen.blocks[to]);
        if (tile == nullptr || !tile->parties.empty() || tile->sunken) break;
        ++to;
    }
    return to;
}

/// Two components side by side on a wide panel.
Part side_by_side(const Kit& kit, Box left, Box right) {
    Box grid;
    grid.kind = Box::Kind::grid;
    grid.columns = 2;
    grid.gap = kit.px(32);
    grid.children = {std::move(left), std::move(right)};
    return widgets::single(std::move(grid));
}

Box whole(Part part) {
    std::vector<Box> items = std::move(part.items);
    part.items.clear();
    return widgets::joined(part, std::move(items));
}

/// Who and what on one page of a wide panel; nothing if that is too tall.
std::optional<Part> flow_and_chips(const Kit& kit, const view::Screen& screen,
                                   const view::FlowPicture& flow, const view::Chips& chips) {
    Part part = side_by_side(kit, whole(widgets::flow_picture(kit, flow)),
                             whole(widgets::chips(kit, chips)));
    const Rect room = zones_of(kit, {.steps = screen.steps.has_value(), .actions = true}).content;
    const Box page =
        widgets::column(kit.px(16), {title_block(kit, screen, true, room.w), part.items.front()});
    if (widgets::measure(kit, page, room.w).h > room.h) return std::nullopt;
    return part;
}

/// What stands before the keys where room is short: no picture, and the note on the card is told by
/// its first line or gives way to a note that says more.
std::vector<Box> before_keys(const Kit& kit, const view::Screen& screen) {
    const auto notes = std::count_if(
        screen.blocks.begin(), screen.blocks.end(),
        [](const view::Block& block) { return std::holds_alternative<view::Note>(block); });
    std::vector<Box> out;
    for (std::size_t i = 0; i < screen.blocks.size(); ++i) {
        const view::Block& block = screen.blocks[i];
        const auto* note = std::get_if<view::Note>(&block);
        const auto* tries = block_at<view::Tries>(screen, i + 1);
        const bool on_card = i > 0 && block_at<view::Picture>(screen, i - 1) != nullptr;
        if (note != nullptr && tries != nullptr) {
            out.push_back(whole(widgets::note(kit, *note, tries)));
            ++i;
        } else if (note != nullptr && on_card && !note->lines.empty()) {
            view::Note brief = *note;
            brief.lines.resize(1);
            if (notes == 1) out.push_back(whole(widgets::note(kit, brief, nullptr)));
        } else if (!std::holds_alternative<view::Picture>(block) &&
                   !std::holds_alternative<view::DigitPad>(block)) {
            out.push_back(whole(part_of(kit, block)));
        }
    }
    return out;
}

/// Keys beside what is typed on a wide panel, below it at big text; never on two pages.
std::vector<Part> pad_parts(const Kit& kit, const view::Screen& screen, const view::DigitPad& pad) {
    std::vector<Box> before = before_keys(kit, screen);
    Box keys = whole(widgets::digit_pad(kit, pad));
    std::vector<Part> parts;
    if (kit.landscape() && !kit.big()) {
        Box left = widgets::column(kit.px(16), std::move(before));
        parts.push_back(side_by_side(kit, std::move(left), std::move(keys)));
        return parts;
    }
    Box typed = std::move(before.back());
    before.pop_back();
    for (Box& box : before) parts.push_back(widgets::single(std::move(box)));
    parts.push_back(
        widgets::single(widgets::column(kit.px(24), {std::move(typed), std::move(keys)})));
    return parts;
}

}  // namespace

const view::DigitPad* pad_of(const view::Screen& screen) {
    for (const view::Block& block : screen.blocks) {
        if (const auto* pad = std::get_if<view::DigitPad>(&block)) return pad;
    }
    return nullptr;
}

std::vector<Part> parts_of(const Kit& kit, const view::Screen& screen) {
    std::vector<Part> parts;
    const view::DigitPad* pad = pad_of(screen);
    if (pad != nullptr && (kit.landscape() || kit.big())) return pad_parts(kit, screen, *pad);
    const bool two_columns = !kit.big() && (kit.landscape() || kit.display().low_reach);
    for (std::size_t i = 0; i < screen.blocks.size(); ++i) {
        if (const auto* note = block_at<view::Note>(screen, i)) {
            if (const auto* tries = block_at<view::Tries>(screen, i + 1)) {
                parts.push_back(widgets::note(kit, *note, tries));
                ++i;
                continue;
            }
        }
        if (const auto* picture = block_at<view::Picture>(screen, i)) {
            const auto* note = block_at<view::Note>(screen, i + 1);
            if (pad != nullptr && note != nullptr) {
                parts.push_back(widgets::picture(kit, *picture, note));
                ++i;
                continue;
            }
        }
        if (const auto* label = block_at<view::Label>(screen, i)) {
            const bool languages = block_at<view::LanguageGrid>(screen, i + 1) != nullptr;
            parts.push_back(widgets::label(kit, *label, languages ? "language" : ""));
            continue;
        }
        const auto* flow = block_at<view::FlowPicture>(screen, i);
        const auto* chips = block_at<view::Chips>(screen, i + 1);
        if (kit.landscape() && !kit.big() && flow != nullptr && chips != nullptr) {
            if (std::optional<Part> both = flow_and_chips(kit, screen, *flow, *chips)) {
                parts.push_back(std::move(*both));
                ++i;
                continue;
            }
        }
        const std::size_t to = two_columns ? tiles_from(screen, i) : i;
        if (to >= i + 2) {
            if (kit.display().low_reach && !kit.landscape()) parts.push_back(low_reach_hint(kit));
            parts.push_back(tile_grid(kit, screen, i, to));
            i = to - 1;
            continue;
        }
        parts.push_back(part_of(kit, screen.blocks[i]));
    }
    return parts;
}

}  // namespace screens
