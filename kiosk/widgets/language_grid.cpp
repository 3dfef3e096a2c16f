// SPDX-License-Identifier: EUPL-1.2
// The languages, each in its own writing, and the other ways to take part: plain German, signs,
// hearing. UI thread only.
#include <utility>

#include "kiosk/widgets/components.hpp"

namespace widgets {
namespace {

bool is_easy(const std::string& tag) {
    return tag == "de-x-leicht";
}

Box language_button(const Kit& kit, const view::Language& language) {
    const bool easy = is_easy(language.tag);
    Box words;
    words.kind = Box::Kind::text;
    words.words = language.own_name;
    words.language = language.tag;
    words.style = easy ? kit.label() : kit.heading();
    if (easy) words.style.line_px = kit.either(40, words.style.line_px);
    words.align = easy ? Align::start : Align::center;
    Box box = row(kit.px(16), {});
    if (easy) box.children.push_back(icon("easy-language", kit.either(52, 72), Colour::ink));
    box.children.push_back(std::move(words));
    box.main = Align::center;
    const int pad = kit.px(19);
    box.pad = {kit.px(8), pad, kit.px(8), pad};
    box.min_height = kit.either(128, 144);
    const Colour fill = kit.is_pressed(language.id) ? Colour::accent_tint : Colour::surface;
    box.look = Surface{fill, Colour::border, kit.control_px(), kit.px(16), false};
    box.node = target(kit, language.id, a11y::Role::button, language.own_name);
    box.node->language = language.tag;
    return box;
}

/// Rows of a grid as single items, so that a page may end after any of them.
void add_rows(const Kit& kit, std::vector<Box> cells, int columns, Part& part) {
    for (std::size_t i = 0; i < cells.size(); i += static_cast<std::size_t>(columns)) {
        Box line;
        line.kind = Box::Kind::grid;
        line.columns = columns;
        line.gap = kit.px(20);
        for (std::size_t c = i; c < std::min(cells.size(), i + static_cast<std::size_t>(columns));
             ++c) {
            line.children.push_back(std::move(cells[c]));
        }
        part.items.push_back(std::move(line));
    }
}

}  // namespace

Part language_grid(const Kit& kit, const view::LanguageGrid& grid) {
    Part part;
    part.gap = kit.px(20);
    std::vector<Box> cells;
    for (const view::Language& language : grid.languages)
        cells.push_back(language_button(kit, language));
    const int columns = kit.big() || cells.size() <= 4 ? 2 : kit.landscape() ? 4 : 3;
    add_rows(kit, std::move(cells), columns, part);
    std::vector<Box> ways;
    for (const view::Button& way : grid.ways) {
        ways.push_back(button(
            kit, way,
            ButtonLook{
                Weightiness::side, kit.label(), kit.either(104, 128), kit.either(56, 72), {}}));
    }
    const int way_columns = kit.big() || ways.size() == 1 ? 1 : 2;
    add_rows(kit, std::move(ways), way_columns, part);
    return part;
}

}  // namespace widgets
