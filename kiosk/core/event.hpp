// SPDX-License-Identifier: EUPL-1.2
// Everything that can happen to the kiosk. Two groups: what concerns the place where a person is
// (each place answers every one of them), and what is the same everywhere (tools, time, network).
// Answers of workers carry the ticket of the question, so that a late one cannot move the next
// person's screen. Values that move between threads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "drivers/base/errc.hpp"
#include "kiosk/core/insight.hpp"
#include "kiosk/core/moment.hpp"
#include "kiosk/core/personal.hpp"
#include "kiosk/core/records.hpp"
#include "kiosk/core/slip_code.hpp"

namespace core {

/// Names one question to a worker: session and number within it. The runtime hands it back
/// untouched.
struct Ticket {
    std::uint32_t session = 0;
    std::uint32_t request = 0;
    friend bool operator==(const Ticket&, const Ticket&) = default;
};

// What a person does in a place.
struct Yes {};  ///< first of a pair, or the main button
struct No {};   ///< second of a pair
struct Back {};
struct Aside {};  ///< the side way at the far edge
struct Pick {
    std::size_t index = 0;
};  ///< one of a list; leaves or chooses
struct Toggle {
    std::size_t index = 0;
};  ///< a recipient on or off
enum class Part : std::uint8_t { name, recipients, duration };
struct Edit {
    Part part = Part::name;
};  ///< "Zeigen" or "Ändern" in the review
struct Digit {
    std::uint8_t value = 0;
};
struct DeleteDigit {};
struct AllSeen {};  ///< the last page was on screen (LR-03)

// What the card worker says. inserted and removed are facts about the reader, so they carry no
// ticket.
enum class Reader : std::uint8_t { ready, missing, service_gone, denied };
struct ReaderChanged {
    Reader reader = Reader::ready;
};
struct CardInserted {};
struct CardRemoved {};
/// Tries left of the PIN before anything is tried: 3, 2, 1 (suspended), 0 (blocked).
struct PinKnown {
    Ticket ticket;
    std::uint8_t tries_left = 3;
};
struct ProbeFailed {
    Ticket ticket;
    base::Errc errc{};
};
struct EidProgress {
    Ticket ticket;
    std::uint8_t step = 0;
    std::uint8_t steps = 0;
};
struct EidDone {
    Ticket ticket;
    Identified who;
};
struct EidFailed {
    Ticket ticket;
    base::Errc errc{};
    std::optional<std::uint8_t> tries_left;
};

/// The card has done what the care for its PIN asked for.
struct PinCareDone {
    Ticket ticket;
};
struct PinCareFailed {
    Ticket ticket;
    base::Errc errc{};
    std::optional<std::uint8_t> tries_left;
};

// What the journal worker says.
struct Journaled {
    Ticket ticket;
    Slip slip;
};
struct JournalFailed {
    Ticket ticket;
    base::Errc errc{};
};
struct ReleasesLoaded {
    Ticket ticket;
    std::vector<Release> releases;
};
struct ReleasesFailed {
    Ticket ticket;
    base::Errc errc{};
};
struct CopyDeleted {
    Ticket ticket;
    std::optional<base::Errc> errc = {};  ///< set = it is still there
};
// What the insight worker says.
struct InsightKnown {
    Ticket ticket;
    Known known;
};
struct InsightFailed {
    Ticket ticket;
    base::Errc errc{};
};
struct SlipPrinted {
    Ticket ticket;
};
struct SlipFailed {
    Ticket ticket;
    base::Errc errc{};
};

/// Time went on; about once a second.
struct Tick {
    Moment now;
};

using PlaceEvent =
    std::variant<Yes, No, Back, Aside, Pick, Toggle, Edit, Digit, DeleteDigit, AllSeen,
                 ReaderChanged, CardInserted, CardRemoved, PinKnown, ProbeFailed, EidProgress,
                 EidDone, EidFailed, PinCareDone, PinCareFailed, Journaled, JournalFailed,
                 ReleasesLoaded, ReleasesFailed, CopyDeleted, InsightKnown, InsightFailed,
                 SlipPrinted, SlipFailed, Tick>;

// The same everywhere.
struct SetLanguage {
    std::string tag;
};
struct BiggerText {};
struct NextContrast {};
struct ToggleSpeech {};
struct SpeechRuns {
    bool runs = false;
};  ///< the voice began or ended; time waits for it
struct OpenLanguages {};
struct OpenHelp {};
/// Who is responsible, where to complain.
struct OpenContacts {
    std::optional<std::size_t> access = {};  ///< for the authority behind a reported access
};
struct OpenPinHelp {};
struct OpenPinCare {
    Care care = Care::change_pin;
};  ///< leaves the place for the care of the PIN, if the place allows it
struct CloseOverlay {};
struct ToggleLowReach {};
struct StaffWanted {};
struct Leave {};
struct Touched {};  ///< any touch or key without a meaning of its own: gives new time
struct LinkChanged {
    bool up = false;
    Moment since;
};
/// Somebody held a code to the reader; leaves the place for it, if the place allows that.
struct SlipHeld {
    ShownSlip slip;
};
/// Whether the terminal's certificate is young enough for the PIN, and since when not.
struct CertificateChanged {
    bool usable = true;
};

using CommonEvent =
    std::variant<SetLanguage, BiggerText, NextContrast, ToggleSpeech, SpeechRuns, OpenLanguages,
                 OpenHelp, OpenContacts, OpenPinHelp, OpenPinCare, CloseOverlay, ToggleLowReach,
                 StaffWanted, Leave, Touched, LinkChanged, CertificateChanged, SlipHeld>;

struct Event {
    std::variant<PlaceEvent, CommonEvent> body;

    // Neither can be taken for copying: what an Event is made of is never an Event.
    // NOLINTBEGIN(bugprone-forwarding-reference-overload)
    template <class E>
    requires std::is_constructible_v<PlaceEvent, E> &&
        (!std::is_same_v<std::decay_t<E>, Event>)Event(E&& event)
        : body(std::in_place_type<PlaceEvent>, std::forward<E>(event)) {
    }  // implicit: an event is an event
    template <class E>
    requires std::is_constructible_v<CommonEvent, E> &&
        (!std::is_constructible_v<PlaceEvent, E>)Event(E&& event)
        : body(std::in_place_type<CommonEvent>, std::forward<E>(event)) {}
    // NOLINTEND(bugprone-forwarding-reference-overload)
};

}  // namespace core
