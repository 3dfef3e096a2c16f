// SPDX-License-Identifier: EUPL-1.2
// Where a person can be. Each place bears its own data and nothing else: leaving it destroys that
// data, so a PIN, a name or a pseudonym dies with its screen (style 26). Move-only because the
// places where something is typed own secrets.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "drivers/base/errc.hpp"
#include "kiosk/core/effect.hpp"
#include "kiosk/core/event.hpp"
#include "kiosk/core/personal.hpp"
#include "kiosk/core/records.hpp"
#include "kiosk/core/setup.hpp"

namespace core {

/// Languages; nobody is there.
struct Start {};
enum class HomeChoice : std::uint8_t { see, give, take_back, status, help };
/// What do you want to do? `who` as long as their card lies there after a finished act.
struct Home {
    std::optional<Identified> who;
};
/// The offers as cards. Their state is known only after a card was read.
struct Offers {
    std::optional<Identified> who;
    std::optional<std::vector<Release>> releases;
};
/// One offer in full.
struct Offered {
    std::optional<Identified> who;
    std::size_t offer = 0;
    std::vector<std::size_t> recipients;  ///< chosen; empty at entry (LR-01)
    std::size_t term = 0;
    bool all_seen = false;
    bool must_choose = false;  ///< yes was touched without a recipient: the screen says so
    std::optional<Invitation> invitation = {};  ///< the letter that led here
};
/// The second question of a special category (LR-10).
struct AskAgain {
    std::optional<Identified> who;
    Selection selection;
};
struct Duration {
    std::optional<Identified> who;
    Selection selection;
};
/// Where my data are used: who reports that and who does not, what was released and done.
struct Insight {
    std::optional<Identified> who;
    Lookup lookup = {};  ///< goes with the person
};
/// A formal request for access: to whom.
struct AskAccess {
    Identified who;
    std::vector<std::string> authorities;  ///< ids of the catalogue, in its order
    std::vector<std::size_t> chosen;       ///< indices into them, ascending
    bool must_choose = false;              ///< as in Offered
};
/// Put the card on the reader.
struct CardWait {
    Task task;
    bool probing = false;
};
/// Who reads what from the card and why, before the PIN (LR-76).
struct CardAsk {
    Task task;
    std::uint8_t tries_left = 3;
};
struct PinPad {
    Task task;
    std::uint8_t tries_left = 3;
    bool was_wrong = false;
    Pin pin;
    std::optional<Can> can;  ///< set: this is the last try
};
/// Why the CAN is needed and where it is printed.
struct CanExplain {
    Task task;
};
struct CanPad {
    Task task;
    bool was_wrong = false;
    Can can;
};
/// What is typed on the way to a new PIN; goes as one, so that it dies as one.
struct PinToChange {
    Task task;
    std::uint8_t tries_left = 3;
    Pin old_pin;
    std::optional<Can> can;
};
/// Five digits were typed where six belong: is it the PIN from the letter?
struct LetterPin {
    PinToChange typed;
};
struct NewPinPad {
    PinToChange typed;
    bool differed = false;  ///< the two before this one were not the same
    Pin pin;
};
/// The new PIN once more.
struct NewPinAgain {
    PinToChange typed;
    Pin first;
    bool easy = false;  ///< a hint, no refusal: the card takes it
    Pin pin;
};
/// What the PUK is, and that it is spent after ten uses.
struct PukExplain {
    Task task;
};
struct PukPad {
    Task task;
    bool was_wrong = false;
    Puk puk;
};
/// One act on the card's PIN is running.
struct CardWriting {
    Task task;
    std::uint64_t since_ms = 0;
};
struct PinDone {
    Care what = Care::change_pin;
    std::optional<Task> next;  ///< goes on from the card
    std::optional<std::uint64_t> card_out_ms;
};
struct CardReading {
    Task task;
    std::uint8_t step = 0;
    std::uint8_t steps = 0;
    std::uint64_t since_ms = 0;
};
/// The whole declaration (section 36a(2b) SGB I).
struct Review {
    Identified who;
    Selection selection;
    bool name_shown = false;
    bool all_seen = false;
};
struct Saving {
    Draft draft;
    std::uint64_t since_ms = 0;
};
struct Done {
    enum class What : std::uint8_t { given, objected, withdrawn, demanded, declined };
    enum class Print : std::uint8_t { offered, running, done, failed };
    What what = What::declined;
    std::optional<Identified> who;
    Slip slip;
    Print print = Print::offered;
    std::uint16_t minutes = 0;  ///< when it was recorded
    std::optional<std::uint64_t> card_out_ms;
    std::optional<TakeBackSlip> by_slip = {};
};
struct MyReleases {
    Identified who;
    Task::Kind kind = Task::Kind::status;
    std::optional<std::vector<Release>> releases;  ///< nothing: still loading or failed
    std::optional<base::Errc> failed;
    Lookup lookup = {};  ///< for what was recorded elsewhere
    /// Which of them could be taken back when the list was first shown; nothing: it is not shown
    /// yet. From then on nothing changes its place, whatever is heard of it.
    std::optional<std::vector<bool>> offered = {};

    /// Its copy can be deleted from this list: not where it is taken back, nor where that stood.
    [[nodiscard]] bool can_be_forgotten(std::size_t index) const {
        if (kind == Task::Kind::take_back || !lists(index) || was_offered(index)) return false;
        return (*releases)[index].kept_here && !(*releases)[index].can_be_taken_back();
    }
    [[nodiscard]] bool was_offered(std::size_t index) const {
        return offered && index < offered->size() && (*offered)[index];
    }
    /// It stands in this list. In the one for taking back, nothing does that had ended before.
    [[nodiscard]] bool lists(std::size_t index) const {
        if (!offered || !releases || index >= releases->size()) return false;
        const bool all = kind != Task::Kind::take_back;
        return all || was_offered(index) || (*releases)[index].can_be_taken_back();
    }
};
/// Take back one release, or everything if `release` is empty.
struct TakeBack {
    Identified who;
    std::optional<Release> release;
    std::vector<SourceReport> sources = {};  ///< names for parties that the catalogue lacks
};
/// Take back what a slip is for; nobody is identified, and nothing of it is shown.
struct SlipAsk {
    TakeBackSlip slip;
};
/// A code that takes nothing back, and what does.
struct SlipRefused {
    SlipTrouble trouble = SlipTrouble::damaged;
};
/// Delete the own copy of one declaration here, and nothing else.
struct ForgetCopy {
    Identified who;
    Release release;
    bool running = false;
    bool failed = false;  ///< it is still there
};
/// The card went away in the middle: what was picked stays for some seconds, what the card said is
/// gone.
struct CardGone {
    Task task;
    std::uint64_t deadline_ms = 0;
    bool pin_unsure = false;  ///< it went while the PIN was changed: the new one may be valid
};
struct Failed {
    base::Errc errc{};
    std::optional<Task> task;    ///< can be tried again from the card
    std::optional<Draft> draft;  ///< not journaled as far as we know: can be tried again as it is
    bool staff_called = false;
    /// The journal has not answered yet: trying again means waiting on, or it would be recorded
    /// twice.
    bool answer_due = false;
    bool pin_unsure = false;  ///< as in CardGone
};

using Place =
    std::variant<Start, Home, Offers, Offered, AskAgain, Duration, Insight, AskAccess, CardWait,
                 CardAsk, PinPad, CanExplain, CanPad, LetterPin, NewPinPad, NewPinAgain, PukExplain,
                 PukPad, CardWriting, PinDone, CardReading, Review, Saving, Done, MyReleases,
                 TakeBack, SlipAsk, SlipRefused, ForgetCopy, CardGone, Failed>;

// What can lie over a place. The place is not drawn and keeps what it has, except typed secrets.
struct LanguageMenu {};
struct HelpPage {
    bool staff_called = false;
};
struct Contacts {
    std::optional<std::size_t> access = {};  ///< index into what is known at Insight
};
struct PinHelp {};
struct StillThere {
    std::uint64_t purge_ms = 0;
};
using Overlay = std::variant<LanguageMenu, HelpPage, Contacts, PinHelp, StillThere>;

enum class Contrast : std::uint8_t { light, dark, high };
/// How this person wants to see; reset at the end of the session.
struct Display {
    std::string language = "de";
    std::uint16_t text_percent = 100;
    Contrast contrast = Contrast::light;
    bool low_reach = false;
    bool speech = false;
    friend bool operator==(const Display&, const Display&) = default;
};

/// What does not depend on the place.
struct Common {
    std::uint32_t session = 1;
    std::uint32_t request = 0;
    Display display;
    Moment now;
    std::uint64_t touched_ms = 0;
    bool speech_runs = false;
    bool link_up = false;
    Moment link_since;
    Reader reader = Reader::ready;
    bool card_present = false;
    bool certificate_usable = true;
};

struct State {
    Common common;
    Place place;
    std::optional<Overlay> overlay;
};

/// What one place answers to one event.
struct Step {
    Place next;
    Effects effects = {};
};

}  // namespace core
