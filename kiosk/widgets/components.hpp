// SPDX-License-Identifier: EUPL-1.2
// The components of design.md 4, each made from its view value: what it consists of, where it may
// be cut into pages, what it speaks. One source file per component. Nothing here decides what is
// shown. UI thread only.
#pragma once

#include <functional>
#include <vector>

#include "kiosk/widgets/box.hpp"

namespace widgets {

/// A component as the pager sees it.
struct Part {
    std::vector<Box> items;  ///< never cut inside
    /// How items that stay on one page stand together; empty = a column with `gap`.
    std::function<Box(std::vector<Box>)> wrap;
    int gap = 0;
    int grow = 0;               ///< takes free height
    int max_height = 0;         ///< of the whole part when it grows; 0 = no limit
    bool rather_whole = false;  ///< cut only if it is taller than a page
    bool heads_page = false;    ///< starts with a label: at big text it is the title of its page
};

/// All items of a part in one box.
[[nodiscard]] Box joined(const Part& part, std::vector<Box> items);
[[nodiscard]] Part single(Box box);

enum class Weightiness : std::uint8_t { side, main };

struct ButtonLook {
    Weightiness kind = Weightiness::side;
    text::Style style;
    int min_height = 0;
    int icon_px = 48;
    std::string icon_after;  ///< second icon at the far end
};

[[nodiscard]] Box button(const Kit& kit, const view::Button& button, Weightiness kind);
[[nodiscard]] Box button(const Kit& kit, const view::Button& button, const ButtonLook& look);
[[nodiscard]] Box inline_button(const Kit& kit, const view::Button& button);
/// Yes and no in reading order; stacked at big text.
[[nodiscard]] Box pair(const Kit& kit, const view::DecisionPair& pair);
[[nodiscard]] Box pill(const Kit& kit, const view::Pill& pill);

[[nodiscard]] Part paragraph(const Kit& kit, const view::Paragraph& paragraph);
[[nodiscard]] Part label(const Kit& kit, const view::Label& label, const view::IconName& icon);
[[nodiscard]] Part note(const Kit& kit, const view::Note& note, const view::Tries* tries);
[[nodiscard]] Part tile(const Kit& kit, const view::Tile& tile);
[[nodiscard]] Box choice(const Kit& kit, const view::Choice& choice);
[[nodiscard]] Part choice_list(const Kit& kit, const view::ChoiceList& list);
[[nodiscard]] Part flow_picture(const Kit& kit, const view::FlowPicture& flow);
[[nodiscard]] Part chips(const Kit& kit, const view::Chips& chips);
[[nodiscard]] Part facts(const Kit& kit, const view::Facts& facts);
[[nodiscard]] Part rows(const Kit& kit, const view::Rows& rows);
[[nodiscard]] Part track(const Kit& kit, const view::Track& track);
[[nodiscard]] Part qr_card(const Kit& kit, const view::QrCard& card);
[[nodiscard]] Part digit_boxes(const Kit& kit, const view::DigitBoxes& boxes);
[[nodiscard]] Part tries(const Kit& kit, const view::Tries& tries);
[[nodiscard]] Part digit_pad(const Kit& kit, const view::DigitPad& pad);
/// A large picture on a card; with `beside` it is small and the note stands at its far side.
[[nodiscard]] Part picture(const Kit& kit, const view::Picture& picture, const view::Note* beside);
[[nodiscard]] Part release_card(const Kit& kit, const view::ReleaseCard& card);
[[nodiscard]] Part language_grid(const Kit& kit, const view::LanguageGrid& grid);
[[nodiscard]] Part countdown(const Kit& kit, const view::Countdown& countdown);
[[nodiscard]] Part waiting(const Kit& kit, const view::Waiting& waiting);

// Shared by components.

struct ToneColours {
    Colour ink, tint, border;
};
[[nodiscard]] ToneColours colours_of(view::Tone tone);
/// White card with a divider line; not touchable.
[[nodiscard]] Box card(const Kit& kit, Box content, const Padding& inner);
/// Registry entry of a target.
[[nodiscard]] a11y::Node target(const Kit& kit, const view::WidgetId& id, a11y::Role role,
                                const std::string& words);

}  // namespace widgets
