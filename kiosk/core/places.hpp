// SPDX-License-Identifier: EUPL-1.2
// One `on` per place over all events of a place; its file has the place's name. There is no
// catch-all: an event without a meaning is listed as ignored, so a new event does not compile until
// every place has said what it means. Pure.
#pragma once

#include <utility>
#include <variant>

#include "kiosk/core/state.hpp"

namespace core {

/// What a place may look at while it decides; only step() changes it.
struct Around {
    const Setup& setup;
    const Common& common;
};

Step on(Start&& at, PlaceEvent&& event, const Around& around);
Step on(Home&& at, PlaceEvent&& event, const Around& around);
Step on(Offers&& at, PlaceEvent&& event, const Around& around);
Step on(Offered&& at, PlaceEvent&& event, const Around& around);
Step on(AskAgain&& at, PlaceEvent&& event, const Around& around);
Step on(Duration&& at, PlaceEvent&& event, const Around& around);
Step on(Insight&& at, PlaceEvent&& event, const Around& around);
Step on(AskAccess&& at, PlaceEvent&& event, const Around& around);
Step on(CardWait&& at, PlaceEvent&& event, const Around& around);
Step on(CardAsk&& at, PlaceEvent&& event, const Around& around);
Step on(PinPad&& at, PlaceEvent&& event, const Around& around);
Step on(CanExplain&& at, PlaceEvent&& event, const Around& around);
Step on(CanPad&& at, PlaceEvent&& event, const Around& around);
Step on(LetterPin&& at, PlaceEvent&& event, const Around& around);
Step on(NewPinPad&& at, PlaceEvent&& event, const Around& around);
Step on(NewPinAgain&& at, PlaceEvent&& event, const Around& around);
Step on(PukExplain&& at, PlaceEvent&& event, const Around& around);
Step on(PukPad&& at, PlaceEvent&& event, const Around& around);
Step on(CardWriting&& at, PlaceEvent&& event, const Around& around);
Step on(PinDone&& at, PlaceEvent&& event, const Around& around);
Step on(CardReading&& at, PlaceEvent&& event, const Around& around);
Step on(Review&& at, PlaceEvent&& event, const Around& around);
Step on(Saving&& at, PlaceEvent&& event, const Around& around);
Step on(Done&& at, PlaceEvent&& event, const Around& around);
Step on(MyReleases&& at, PlaceEvent&& event, const Around& around);
Step on(TakeBack&& at, PlaceEvent&& event, const Around& around);
Step on(SlipAsk&& at, PlaceEvent&& event, const Around& around);
Step on(SlipRefused&& at, PlaceEvent&& event, const Around& around);
Step on(ForgetCopy&& at, PlaceEvent&& event, const Around& around);
Step on(CardGone&& at, PlaceEvent&& event, const Around& around);
Step on(Failed&& at, PlaceEvent&& event, const Around& around);

template <class... F>
struct Overloaded : F... {
    using F::operator()...;
};
template <class... F>
Overloaded(F...) -> Overloaded<F...>;

/// The place stays as it is.
template <class P>
[[nodiscard]] Step stay(P&& at) {
    return Step{Place(std::forward<P>(at))};
}
template <class P>
[[nodiscard]] Step go(P&& next) {
    return Step{Place(std::forward<P>(next))};
}
template <class P, class... E>
[[nodiscard]] Step go_with(P&& next, E&&... effects) {
    Step step{Place(std::forward<P>(next))};
    (step.effects.emplace_back(std::forward<E>(effects)), ...);
    return step;
}

/// Lists, by type, the events that mean nothing here. Part of an Overloaded.
template <class P, class... E>
struct Ignored;
template <class P, class E>
struct IgnoredOne {
    P* at;
    Step operator()(E&&) const { return stay(std::move(*at)); }
};
template <class P, class... E>
struct Ignored : IgnoredOne<P, E>... {
    explicit Ignored(P& at) : IgnoredOne<P, E>{&at}... {}
    using IgnoredOne<P, E>::operator()...;
};
template <class... E, class P>
[[nodiscard]] Ignored<P, E...> ignored(P& at) {
    return Ignored<P, E...>(at);
}

/// To the card, or straight to the failure that stands in the way.
[[nodiscard]] Step to_card(Task task, const Around& around);
/// A place with a card keeps its place while the reader is ready, else its task goes to what stands
/// in the way.
template <class P>
[[nodiscard]] Step stay_while_ready(P& at, Task& task, const ReaderChanged& event,
                                    const Around& around) {
    if (event.reader == Reader::ready) return stay(std::move(at));
    return to_card(std::move(task), around);
}
/// After identification: where the task leads. Refuses only what gives, never what takes back.
[[nodiscard]] Step to_task(Task task, Identified who, const Around& around);
/// The card is gone: keep the choice, forget the person.
[[nodiscard]] Step to_card_gone(Task task, const Around& around);
/// My releases, loading.
[[nodiscard]] Step to_releases(Identified who, Task::Kind kind);
/// What others know and did, asked for at once.
[[nodiscard]] Step to_insight(Identified who, const Around& around);
/// A formal request: whom the person has to do with is picked already, as far as is known.
[[nodiscard]] Step to_ask_access(Identified who, const Known& known, const Around& around);
/// Asks, or asks on; without a line it says so at once.
[[nodiscard]] Effects ask_insight(Lookup& lookup, const Identified& who, const Around& around);
/// No answer for too long; or the line is back, and what could not be asked is asked now.
[[nodiscard]] Effects pass_time(Lookup& lookup, const Identified& who, const Moment& now,
                                const Around& around);
/// Journals a draft.
[[nodiscard]] Step to_saving(Draft draft, const Around& around);
/// A no: it is answered like a yes and leaves nothing behind.
[[nodiscard]] Step to_declined(std::optional<Identified> who, const Around& around);
/// The journal has answered: recorded, with the slip's codes.
[[nodiscard]] Step to_done(Draft draft, Slip slip, const Around& around);
/// The offers, loading their states if somebody is known.
[[nodiscard]] Step to_offers(std::optional<Identified> who);
/// One of them in full, with nobody chosen who can be chosen (LR-01).
[[nodiscard]] Offered open_offer(const Setup& setup, std::size_t index,
                                 std::optional<Identified> who);
/// Back to the one that was picked, with all that was picked in it and the letter that led there.
[[nodiscard]] Step back_to_offer(std::optional<Identified> who, Selection selection);
/// How it is shown now; `offer` = which text, nothing = our own words only.
[[nodiscard]] Shown shown_now(const Around& around, std::optional<std::size_t> offer);
[[nodiscard]] Purpose purpose_of(const Task& task);

}  // namespace core
