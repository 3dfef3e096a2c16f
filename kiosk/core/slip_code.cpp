// SPDX-License-Identifier: EUPL-1.2
#include "kiosk/core/slip_code_places.hpp"

#include <algorithm>
#include <utility>

#include "drivers/base/handle.hpp"
#include "kiosk/core/places.hpp"

namespace core {
namespace {

/// Whether what is going on may be left for a code.
bool may_be_left(const Place& place) {
    return std::visit(base::Overloaded{
                          [](const Start&) { return true; },
                          [](const Home&) { return true; },
                          [](const SlipAsk&) { return true; },
                          [](const SlipRefused&) { return true; },
                          [](const CardWait& at) {
                              const bool takes_back = at.task.kind == Task::Kind::take_back;
                              return takes_back && !at.task.care && !at.probing;
                          },
                          // What is not recorded yet goes first.
                          [](const Failed& at) { return !at.draft; },
                          // The next slip of the same person.
                          [](const Done& at) { return at.by_slip.has_value(); },
                          [](const auto&) { return false; },
                      },
                      place);
}

/// A reader goes on reading the slip that still lies before it.
bool is_dealt_with(const Place& place, const base::Uuid& declaration) {
    if (const auto* ask = std::get_if<SlipAsk>(&place)) return ask->slip.declaration == declaration;
    const auto* done = std::get_if<Done>(&place);
    return done != nullptr && done->by_slip && done->by_slip->declaration == declaration;
}

/// A letter while a card is waited for that takes something back has nothing to say.
bool may_be_left_for_letter(const Place& place) {
    return std::holds_alternative<Start>(place) || std::holds_alternative<Home>(place) ||
           std::holds_alternative<SlipRefused>(place);
}

/// Whoever asks gives or gets what is asked for; a letter that leads elsewhere is none.
bool concerns(const consent::Entry& entry, const std::string& authority) {
    return std::ranges::find(entry.sources, authority) != entry.sources.end() ||
           std::ranges::find(entry.recipients, authority) != entry.recipients.end();
}

std::optional<Place> place_for_letter(const Setup& setup, const Place& place,
                                      Invitation invitation) {
    if (!may_be_left_for_letter(place)) return std::nullopt;
    for (std::size_t i = 0; i < setup.offers.size(); ++i) {
        const consent::Entry& entry = setup.entry(i);
        if (entry.id != invitation.entry || !concerns(entry, invitation.authority)) continue;
        const auto* home = std::get_if<Home>(&place);
        Offered offered = open_offer(setup, i, home != nullptr ? home->who : std::nullopt);
        offered.invitation = std::move(invitation);
        return Place(std::move(offered));
    }
    return Place(SlipRefused{SlipTrouble::invitation_over});
}

}  // namespace

std::optional<Place> place_for_slip(const Setup& setup, const Place& place, ShownSlip slip) {
    if (auto* letter = std::get_if<Invitation>(&slip))
        return place_for_letter(setup, place, std::move(*letter));
    if (!may_be_left(place)) return std::nullopt;
    if (const auto* whole = std::get_if<TakeBackSlip>(&slip)) {
        if (is_dealt_with(place, whole->declaration)) return std::nullopt;
        if (whole->taken_back_here) return Place(SlipRefused{SlipTrouble::taken_back});
        return Place(SlipAsk{*whole});
    }
    // The other code of a slip lies beside the one that was asked about.
    if (std::holds_alternative<SlipAsk>(place) || std::holds_alternative<Done>(place))
        return std::nullopt;
    return Place(SlipRefused{std::get<SlipTrouble>(slip)});
}

}  // namespace core
