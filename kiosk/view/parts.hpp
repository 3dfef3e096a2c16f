// SPDX-License-Identifier: EUPL-1.2
// What the screens are put together from: text ids, words of the catalogue, authorities, the mode
// line. Apart from the screens so that each says the same thing in the same way. Pure, UI thread.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kiosk/consent/catalogue.hpp"
#include "kiosk/core/state.hpp"
#include "kiosk/view/site.hpp"
#include "kiosk/view/view_model.hpp"

namespace view {

/// A text id: "home.title"_t. Tests find every use by this suffix.
[[nodiscard]] inline Text operator""_t(const char* id, std::size_t size) {
    return Text{std::string(id, size), {}, {}, {}, 0};
}

[[nodiscard]] inline Text with(Text text, std::vector<Arg> args) {
    text.args = std::move(args);
    return text;
}
/// A text with a number that selects its plural form.
[[nodiscard]] Text counted(Text text, std::int64_t count);
[[nodiscard]] inline Text personal(Text text) {
    text.privacy = Text::Privacy::personal;
    return text;
}
[[nodiscard]] inline Text literal(std::string_view words, std::string_view language = {}) {
    Text text;
    text.literal = words;
    text.language = language;
    return text;
}
[[nodiscard]] Arg date_arg(std::string name, core::Date date, Arg::Kind kind = Arg::Kind::date);
[[nodiscard]] Arg time_arg(std::string name, std::uint16_t minutes);

/// What every screen maker looks at.
struct Look {
    const Site& site;
    const core::Setup& setup;
    const core::Common& common;
    [[nodiscard]] const std::string& language() const { return common.display.language; }
};

/// Words of an entry for this person, with the language they are really in.
[[nodiscard]] consent::Shown entry_words(const Look& look, const consent::Entry& entry);
/// Text of a table of the catalogue (name of an authority, a chip) in the language of the screen or
/// the nearest.
[[nodiscard]] Text table_text(const Look& look, const consent::Texts& texts);
/// German name under a translated one; empty if both are the same.
[[nodiscard]] Text german_below(const Look& look, const consent::Texts& texts);
[[nodiscard]] Text authority_name(const Look& look, std::string_view id);
[[nodiscard]] Text authority_full_name(const Look& look, std::string_view id);
[[nodiscard]] IconName authority_icon(const Look& look, std::string_view id);
/// Title of an entry in the language of the screen; a retired one is named by its id.
[[nodiscard]] Text entry_title(const Look& look, const std::string& id);
/// "A, B" from "A" and B; B from nothing.
[[nodiscard]] Text listed(const Look& look, Text all, const Text& next);
/// Several names in one text, as "A, B".
[[nodiscard]] Text names(const Look& look, const std::vector<std::string>& authorities);
/// "Wem: Jugendamt": what a row says, in one line. Nothing of an empty value.
[[nodiscard]] std::vector<Text> row_line(const Text& key, const Text& value);
/// Several lines, as one list.
[[nodiscard]] std::vector<Text> lines_of(std::initializer_list<std::vector<Text>> parts);
/// Brief words of several categories in one text.
[[nodiscard]] Text categories_brief(const Look& look, const std::vector<std::string>& categories);
/// "12 Monate, bis 12.11.2026." or, without an end, nothing.
[[nodiscard]] std::vector<Text> term_text(const Look& look, const core::Selection& selection);

/// With or without network, for the header.
[[nodiscard]] Pill link_pill(const core::Common& common);
/// What works now, before a card is asked for (design.md 6).
[[nodiscard]] Note mode_note(const Look& look);
/// Tells that the words are German although the screen is not (LR-23); nothing if they are as
/// wished.
void add_fallback_note(Screen& screen, const consent::Shown& shown);

[[nodiscard]] Steps step_of(std::uint8_t current);
[[nodiscard]] Button back_button();
[[nodiscard]] Button staff_button();
[[nodiscard]] Button contacts_button();

}  // namespace view
