// SPDX-License-Identifier: EUPL-1.2
// Start and home (a-start, b-home).
#include "kiosk/view/makers.hpp"

namespace view {

std::vector<Language> language_buttons(const Look& look) {
    std::vector<Language> buttons;
    for (const OfferedLanguage& language : look.site.languages) {
        buttons.push_back({"language." + language.tag, language.tag, language.own_name});
    }
    return buttons;
}

void fill(Screen& screen, const Look& look, const core::Start&) {
    screen.name = "start";
    screen.title = "start.title"_t;
    screen.blocks.emplace_back(Picture{Picture::Kind::welcome, "start.picture"_t});
    screen.blocks.emplace_back(Label{"start.language"_t});
    screen.blocks.emplace_back(LanguageGrid{
        language_buttons(look), {Button{"start.listen", "headphones", "start.listen"_t, {}}}});
    if (look.common.card_present) {
        screen.blocks.emplace_back(Note{Tone::accent, "card-out", {"start.card_left"_t}});
    }
    Note note = mode_note(look);
    // Nothing is asked here yet: the first line says how it is, the rest that it is no obstacle.
    const bool calm = look.common.reader == core::Reader::ready && look.common.certificate_usable;
    if (calm && !look.common.link_up)
        note.lines = {note.lines.front(), "start.offline"_t, "start.card_later"_t};
    screen.blocks.emplace_back(std::move(note));
    if (auto slip = slip_note(look)) screen.blocks.emplace_back(std::move(*slip));
}

void fill(Screen& screen, const Look& look, const core::Home& at) {
    screen.name = "home";
    screen.title = "home.title"_t;
    screen.blocks.emplace_back(mode_note(look));
    if (at.who)
        screen.blocks.emplace_back(
            Note{Tone::accent, "card-in", {"home.known"_t, "home.known.card"_t}});
    const auto tile = [&](const char* id, const char* icon, Text title, Text line) {
        screen.blocks.emplace_back(Tile{id, icon, std::move(title), std::move(line), {}});
    };
    tile("home.see", "act-see", "home.see"_t, "home.see.line"_t);
    tile("home.give", "act-give", "home.give"_t, "home.give.line"_t);
    tile("home.take_back", "act-take-back", "home.take_back"_t, "home.take_back.line"_t);
    tile("home.status", "act-requests", "home.status"_t, "home.status.line"_t);
    const bool comes = look.setup.staff_call == core::Availability::yes;
    tile("home.help", "staff", "home.help"_t, comes ? "home.help.comes"_t : "home.help.desk"_t);
}

}  // namespace view
