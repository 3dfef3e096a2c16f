// SPDX-License-Identifier: EUPL-1.2
// Questions and their answers: what for, how long, what without my yes, how to take back. Two
// columns, one from 160 % up. UI thread only.
#include <utility>

#include "kiosk/widgets/components.hpp"

namespace widgets {

Part facts(const Kit& kit, const view::Facts& facts) {
    Part part;
    for (const view::Fact& fact : facts.facts) {
        Box words = grown(column(0, {}));
        if (!fact.question.empty())
            words.children.push_back(text(kit, fact.question, kit.label(), Colour::ink));
        for (const view::Text& answer : fact.answer) {
            words.children.push_back(text(kit, answer, kit.dense(), Colour::ink));
        }
        Box picture = icon(fact.icon, kit.either(48, 72), Colour::accent);
        picture.pad.top = kit.either(2, 10);
        Box box = row(kit.either(20, 28), {std::move(picture), std::move(words)});
        box.cross = Box::Cross::start;
        part.items.push_back(std::move(box));
    }
    const int columns = kit.big() ? 1 : 2;
    const int gap = kit.px(kit.landscape() ? 40 : 32);
    const int row_gap = kit.px(kit.big() ? 32 : kit.landscape() ? 12 : 20);
    part.gap = row_gap;
    part.wrap = [=](std::vector<Box> items) {
        Box grid;
        grid.kind = Box::Kind::grid;
        grid.columns = columns;
        grid.gap = gap;
        grid.row_gap = row_gap;
        grid.main = Align::center;
        grid.children = std::move(items);
        return grid;
    };
    part.grow = kit.big() ? 0 : 1;
    return part;
}

}  // namespace widgets
