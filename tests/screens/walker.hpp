// SPDX-License-Identifier: EUPL-1.2
// A person at the kiosk without a kiosk: taps widgets by id on real screens, lays cards on a reader
// that answers at once, and keeps every screen as a value. The core is real; card and journal are
// played. A tap on a widget that is not on the screen stops the test. Tests only, one thread.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "kiosk/core/step.hpp"
#include "kiosk/view/make_screen.hpp"

namespace walker {

/// The catalogue of assets/ with drafts shown, site Musterstadt, 12 May 2026.
struct World {
    core::Setup setup;
    view::Site site;
};
[[nodiscard]] World make_world();

[[nodiscard]] core::Identified leyla();
/// One of each standing and of each stage of delivery.
[[nodiscard]] std::vector<core::Release> some_releases();
/// Every kind of row: covered, late, withheld and uncovered accesses, releases of this terminal and
/// of others, one of an entry that no catalogue here has.
[[nodiscard]] core::Known some_known();
[[nodiscard]] core::Slip some_slip();
/// A take-back code as the reader's thread hands it over: of this terminal, given in March.
[[nodiscard]] core::TakeBackSlip some_take_back();

class Walker {
  public:
    explicit Walker(const World& world);

    [[nodiscard]] view::Screen screen() const;
    [[nodiscard]] const core::State& state() const { return state_; }
    [[nodiscard]] const World& world() const { return world_; }
    /// Any event; every new screen is kept.
    void send(core::Event event);
    /// Touches a widget that must be there and enabled.
    void tap(const std::string& id);
    /// The last page was on screen.
    void read_all();
    void digits(std::string_view typed);
    void seconds(std::uint32_t count);
    void card_in(std::uint8_t tries_left = 3);
    /// The line is there from now on; a walk begins without it.
    void online();
    void card_out();
    void identified();
    void eid_failed(base::Errc errc, std::optional<std::uint8_t> tries_left = {});
    /// The card that lies there has been asked for its tries again.
    void probed(std::uint8_t tries_left);
    void pin_cared();
    void pin_care_failed(base::Errc errc, std::optional<std::uint8_t> tries_left = {});
    void journaled();
    /// A code before the reader.
    void hold(core::ShownSlip slip);
    void set_date(core::Date date) { now_.date = date; }

    std::string language = "de";  ///< what the person of a journey chooses
    std::vector<view::Screen> seen;
    /// Effects by name, in order: "RunEid", "AppendDeclaration" ...
    std::vector<std::string> effects;
    std::vector<core::Draft> appended;
    std::vector<core::Release> releases = some_releases();
    core::Identified who = leyla();
    core::Ticket ticket;  ///< of the latest question
    std::optional<core::ChangePin> changed;
    std::optional<core::UnblockPin> unblocked;
    std::optional<core::RequestInsight> asked;  ///< the latest
    std::size_t taps = 0;
    /// false: questions to the journal for releases stay open.
    bool answers_releases = true;
    core::Known known = some_known();
    /// false: questions to the backend stay open.
    bool answers_insight = true;

  private:
    void keep();
    const World& world_;
    core::State state_;
    core::Moment now_;
};

/// Ids of everything that can be touched on a screen, tools included.
[[nodiscard]] std::vector<std::string> targets(const view::Screen& screen);

/// One way through the kiosk, as steps that can be stopped after any of them.
struct Move {
    std::string name;
    std::function<void(Walker&)> act;
};
using Journey = std::vector<Move>;

[[nodiscard]] Journey grant();
[[nodiscard]] Journey grant_with_wrong_pin_and_can();
[[nodiscard]] Journey take_back();
[[nodiscard]] Journey take_everything_back();
/// At home, with a slip and no card.
[[nodiscard]] Journey take_back_by_slip();
[[nodiscard]] Journey objection();
[[nodiscard]] Journey notice();
[[nodiscard]] Journey refusal();
/// Five digits are typed at the PIN pad; an own PIN is set; the grant goes on.
[[nodiscard]] Journey own_pin();
/// From the help of the home screen, with a slip and an easy PIN in between.
[[nodiscard]] Journey change_pin();
/// One try is left: the CAN first.
[[nodiscard]] Journey change_pin_with_can();
/// Blocked on the way to taking back; a wrong PUK, then the right one.
[[nodiscard]] Journey unblock();
/// With a line: what others know and did.
[[nodiscard]] Journey see();
/// With a line: a release that was given at another terminal.
[[nodiscard]] Journey take_back_elsewhere();
/// With a line: a formal request to all but one of those who are picked already.
[[nodiscard]] Journey ask_access();
/// From "my requests": the own copy of a release that has ended.
[[nodiscard]] Journey forget_copy();
struct Named {
    std::string name;
    Journey journey;
};
[[nodiscard]] std::vector<Named> all_journeys();

/// Walks the first `count` moves.
void walk(Walker& walker, const Journey& journey, std::size_t count);

}  // namespace walker
