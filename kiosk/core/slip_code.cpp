// SPDX-License-Identifier: EUPL-1.2
#include "kiosk/core/slip_code_places.hpp"

#include <utility>

#include "drivers/base/handle.hpp"

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

}  // namespace

std::optional<Place> place_for_slip(const Place& place, ShownSlip slip) {
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
