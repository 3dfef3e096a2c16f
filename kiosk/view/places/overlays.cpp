// SPDX-License-Identifier: EUPL-1.2
// Pages over any place: languages, help, contacts, the PIN explained, the time warning
// (k-inactivity).
#include "kiosk/core/pin_care.hpp"
#include "kiosk/view/makers.hpp"

namespace view {

void fill(Screen& screen, const Look& look, const core::LanguageMenu&) {
    screen.name = "languages";
    screen.title = "language.title"_t;
    screen.blocks.emplace_back(LanguageGrid{language_buttons(look), {}});
    screen.back = back_button();
}

void fill_help(Screen& screen, const Look& look, const core::HelpPage& over,
               const core::Place& under) {
    const bool comes = look.setup.staff_call == core::Availability::yes;
    screen.name = "help";
    screen.title = "help.title"_t;
    const bool low = look.common.display.low_reach;
    screen.blocks.emplace_back(Tile{"help.low_reach",
                                    "low-reach",
                                    low ? "help.low_reach.off"_t : "help.low_reach"_t,
                                    "help.low_reach.line"_t,
                                    {}});
    if (core::task_for_care(under)) {
        screen.blocks.emplace_back(Tile{"help.pin", "lock", "help.pin"_t, "help.pin.line"_t, {}});
    }
    screen.blocks.emplace_back(Tile{
        "staff", "staff", "button.staff"_t, comes ? "home.help.comes"_t : "home.help.desk"_t, {}});
    if (over.staff_called) {
        screen.blocks.emplace_back(
            Note{Tone::ok, "staff", {comes ? "staff.called"_t : "staff.desk"_t}});
    }
    screen.blocks.emplace_back(
        Tile{"contacts", "privacy", "button.contacts"_t, "help.contacts.line"_t, {}});
    screen.blocks.emplace_back(Label{"help.privacy"_t});
    screen.blocks.emplace_back(
        Paragraph{{"help.privacy.1"_t, "help.privacy.2"_t, "help.privacy.3"_t}});
    screen.back = back_button();
}

void fill_contacts(Screen& screen, const Look& look, const core::Contacts& over,
                   const core::Place& under) {
    screen.name = "contacts";
    screen.title = "contacts.title"_t;
    screen.lead = literal(consent::common_for(look.setup.catalogue, look.language()).complaint);
    std::vector<std::string> authorities;
    const auto add_entry = [&](std::size_t offer) {
        const consent::Entry& entry = look.setup.entry(offer);
        authorities = entry.sources;
        authorities.insert(authorities.end(), entry.recipients.begin(), entry.recipients.end());
    };
    if (const auto* at = std::get_if<core::Offered>(&under)) add_entry(at->offer);
    if (const auto* at = std::get_if<core::AskAgain>(&under)) add_entry(at->selection.offer);
    const auto* insight = std::get_if<core::Insight>(&under);
    if (insight != nullptr && over.access) {
        const auto& accesses = insight->lookup.known.accesses;
        const bool there = *over.access < accesses.size();
        const std::string id = there ? accesses[*over.access].authority : std::string();
        if (look.setup.catalogue.authority(id) != nullptr) authorities = {id};
    }
    if (authorities.empty()) {
        for (const consent::Authority& authority : look.setup.catalogue.authorities)
            authorities.push_back(authority.id);
    }
    Rows rows;
    add_contact_rows(rows.rows, look, authorities);
    screen.blocks.emplace_back(std::move(rows));
    screen.back = back_button();
}

void fill(Screen& screen, const Look&, const core::PinHelp&) {
    screen.name = "pin-help";
    screen.title = "pin_help.title"_t;
    screen.lead = "pin_help.lead"_t;
    screen.blocks.emplace_back(Picture{Picture::Kind::pin_letter, "pin_help.picture"_t});
    screen.blocks.emplace_back(
        Tile{"care.own_pin", "receipt", "care.own_pin"_t, "care.own_pin.line"_t, {}});
    screen.blocks.emplace_back(
        Tile{"care.change_pin", "edit", "care.change_pin"_t, "care.change_pin.line"_t, {}});
    screen.blocks.emplace_back(unblock_tile());
    screen.blocks.emplace_back(Paragraph{{"pin_help.not_can"_t}, false, "c02-identity"});
    screen.blocks.emplace_back(pin_office());
    screen.back = back_button();
    screen.other = Button{"staff", "staff", "button.without_pin"_t, {}};
}

void fill(Screen& screen, const Look& look, const core::StillThere& over) {
    screen.name = "inactivity";
    screen.dialog = true;
    screen.icon = "waiting";
    screen.title = "idle.title"_t;
    screen.blocks.emplace_back(Paragraph{{"idle.hidden"_t}});
    const std::uint64_t now_ms = look.common.now.boot_ms;
    const std::uint64_t left_s = over.purge_ms > now_ms ? (over.purge_ms - now_ms + 999) / 1000 : 0;
    screen.blocks.emplace_back(
        Countdown{static_cast<std::uint32_t>(left_s), look.setup.idle_purge_s,
                  counted("idle.seconds"_t, static_cast<std::int64_t>(left_s))});
    screen.blocks.emplace_back(Paragraph{{"idle.erase"_t, "idle.kept"_t}});
    screen.main = Button{"idle.more", "check", "idle.more"_t, {}};
    screen.other = Button{"idle.leave", "leave", "idle.leave"_t, {}};
    screen.blocks.emplace_back(Paragraph{{"idle.any"_t}, true});
}

}  // namespace view
