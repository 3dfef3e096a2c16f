// SPDX-License-Identifier: EUPL-1.2
// Every journey as a list of screens; and at every move of every journey: somebody leaves, the card
// goes, time passes, a worker answers late (style 44). Screens are compared as values.
#include <algorithm>
#include <set>

#include "tests/screens/walker.hpp"
#include "tests/unit/kiosk/core/state_facts.hpp"

// After the project's headers: both define CHECK, and tests mean doctest's.
#include <doctest/doctest.h>

namespace {

using walker::Journey;
using walker::Walker;

const walker::World& world() {
    static const walker::World the_world = walker::make_world();
    return the_world;
}

std::vector<std::string> names(const std::vector<view::Screen>& screens) {
    std::vector<std::string> names;
    for (const view::Screen& screen : screens) {
        if (names.empty() || names.back() != screen.name) names.push_back(screen.name);
    }
    return names;
}

std::vector<std::string> names_of(const Journey& journey) {
    Walker walker(world());
    walk(walker, journey, journey.size());
    return names(walker.seen);
}

/// What the next person must see: a machine on which nothing has ever happened, with or without
/// network as it is for this one.
view::Screen fresh_start(const Walker& after) {
    Walker walker(world());
    if (after.state().common.link_up) walker.online();
    return walker.screen();
}

void for_every_move(const std::function<void(Walker&, const std::string&)>& check) {
    for (const walker::Named& named : walker::all_journeys()) {
        for (std::size_t n = 0; n <= named.journey.size(); ++n) {
            Walker walker(world());
            walk(walker, named.journey, n);
            check(walker, named.name + " after " + std::to_string(n));
        }
    }
}

std::size_t taps_after_identification(const Journey& journey) {
    Walker walker(world());
    std::size_t before = 0;
    for (const walker::Move& move : journey) {
        move.act(walker);
        if (move.name == "identified") before = walker.taps;
        if (move.name == "journaled") break;
    }
    return walker.taps - before;
}

std::size_t taps_until_journaled(const Journey& journey) {
    Walker walker(world());
    for (const walker::Move& move : journey) {
        if (move.name == "journaled") break;
        move.act(walker);
    }
    return walker.taps;
}

}  // namespace

TEST_CASE("flow: a grant goes from languages to recorded") {
    CHECK(names_of(walker::grant()) ==
          std::vector<std::string>{"start", "home", "list", "release", "duration", "card",
                                   "card-ask", "pin", "reading", "review", "saving", "done"});
}

TEST_CASE("flow: a wrong PIN asks again, the last try asks for the CAN first") {
    CHECK(names_of(walker::grant_with_wrong_pin_and_can()) ==
          std::vector<std::string>{
              "start",   "home",    "list", "release", "duration", "card",    "card-ask",
              "pin",     "reading", "pin",  "reading", "can",      "can-pad", "pin",
              "reading", "can-pad", "pin",  "reading", "review",   "saving",  "done"});
}

TEST_CASE("flow: five digits at the pad lead to an own PIN, and the release goes on (J4)") {
    CHECK(names_of(walker::own_pin()) ==
          std::vector<std::string>{"start",      "home",    "list",          "release",
                                   "duration",   "card",    "card-ask",      "pin",
                                   "letter-pin", "new-pin", "new-pin-again", "card-writing",
                                   "pin-done",   "card",    "card-ask",      "pin",
                                   "reading",    "review",  "saving",        "done"});
}

TEST_CASE("flow: a PIN is changed from the help of the home screen") {
    CHECK(names_of(walker::change_pin()) ==
          std::vector<std::string>{"start", "home", "help", "pin-help", "card", "old-pin",
                                   "new-pin", "new-pin-again", "new-pin", "new-pin-again",
                                   "new-pin", "new-pin-again", "card-writing", "old-pin", "new-pin",
                                   "new-pin-again", "card-writing", "pin-done", "home"});
}

TEST_CASE("flow: with one try left a change asks for the CAN first, and a wrong CAN asks again") {
    CHECK(names_of(walker::change_pin_with_can()) ==
          std::vector<std::string>{"start", "home", "help", "pin-help", "card", "can", "can-pad",
                                   "old-pin", "new-pin", "new-pin-again", "card-writing", "can-pad",
                                   "old-pin", "new-pin", "new-pin-again", "card-writing",
                                   "pin-done", "start"});
}

TEST_CASE("flow: a blocked PIN goes on after the PUK") {
    CHECK(names_of(walker::unblock()) ==
          std::vector<std::string>{"start", "home", "card", "failed", "card", "puk", "puk-pad",
                                   "card-writing", "puk-pad", "card-writing", "pin-done", "card",
                                   "card-ask", "pin", "reading", "my-releases", "take-back",
                                   "saving", "done"});
}

TEST_CASE("flow: back at any move of the care leaves nothing typed") {
    for_every_move([&](Walker& walker, const std::string& where) {
        CAPTURE(where);
        if (walker.state().overlay || facts::typed_digits(walker.state()) == 0) return;
        walker.tap("back");
        CHECK(facts::typed_digits(walker.state()) == 0);
    });
}

TEST_CASE("flow: taking back goes from home to recorded") {
    CHECK(names_of(walker::take_back()) ==
          std::vector<std::string>{"start", "home", "card", "card-ask", "pin", "reading",
                                   "my-releases", "take-back", "saving", "done"});
}

TEST_CASE("flow: a slip takes back without a card, in one touch (J7)") {
    CHECK(names_of(walker::take_back_by_slip()) ==
          std::vector<std::string>{"start", "home", "slip-ask", "saving", "done"});
}

TEST_CASE("flow: an objection has no duration to choose") {
    CHECK(names_of(walker::objection()) ==
          std::vector<std::string>{"start", "home", "list", "objection", "card", "card-ask", "pin",
                                   "reading", "review", "saving", "done"});
}

TEST_CASE("flow: a notice asks nothing and needs no card") {
    Walker walker(world());
    walk(walker, walker::notice(), walker::notice().size());
    CHECK(names(walker.seen) == std::vector<std::string>{"start", "home", "list", "notice",
                                                         "contacts", "notice", "list"});
    CHECK(walker.effects.empty());
    for (const view::Screen& screen : walker.seen)
        CHECK_FALSE((screen.name == "notice" && screen.pair));
}

TEST_CASE("flow: leaving at any move erases everything and shows the next person a fresh machine") {
    for_every_move([&](Walker& walker, const std::string& where) {
        CAPTURE(where);
        if (facts::is<core::Saving>(walker.state()))
            return;  // the act is said; its answer is awaited
        walker.tap("tool.leave");
        walker.card_out();
        CHECK(walker.screen() == fresh_start(walker));
        CHECK_FALSE(facts::holds_person(walker.state()));
        CHECK(walker.effects.back() == "FlushCaches");
    });
}

TEST_CASE("flow: a card that goes at any move leaves nothing of its holder behind") {
    for_every_move([&](Walker& walker, const std::string& where) {
        CAPTURE(where);
        const bool saving = facts::is<core::Saving>(walker.state());
        const std::size_t appended = walker.appended.size();
        walker.card_out();
        CHECK(walker.appended.size() == appended);
        CHECK(facts::typed_digits(walker.state()) == 0);
        CHECK(facts::holds_person(walker.state()) == saving);
        if (!facts::is<core::CardGone>(walker.state())) return;
        walker.seconds(world().setup.card_return_s - 1);
        CHECK(facts::is<core::CardGone>(walker.state()));
        walker.seconds(1);
        CHECK(walker.screen() == fresh_start(walker));
    });
}

TEST_CASE("flow: a card put back in time goes on at the PIN, with the choice kept") {
    Walker walker(world());
    const Journey journey = walker::grant();
    walk(walker, journey, 12);
    REQUIRE(walker.screen().name == "review");
    walker.card_out();
    CHECK(walker.screen().name == "card-removed");
    walker.seconds(3);
    walker.card_in();
    CHECK(walker.screen().name == "card-ask");
    walker.tap("ask.next");
    walker.digits("123456");
    walker.tap("pad.next");
    walker.identified();
    CHECK(walker.screen().name == "review");
}

TEST_CASE("flow: nobody there at any move: a warning, then everything is erased") {
    for_every_move([&](Walker& walker, const std::string& where) {
        CAPTURE(where);
        const bool waits = facts::is<core::Start>(walker.state()) ||
                           facts::is<core::CardReading>(walker.state()) ||
                           facts::is<core::CardWriting>(walker.state()) ||
                           facts::is<core::Saving>(walker.state());
        const auto* done = std::get_if<core::Done>(&walker.state().place);
        if (done != nullptr && done->card_out_ms) {
            // Without a card there is nothing to ask about: it ends by itself, and sooner.
            walker.seconds(world().setup.done_s);
            CHECK(walker.screen() == fresh_start(walker));
            return;
        }
        walker.seconds(world().setup.idle_warning_s);
        CHECK((walker.screen().name == "inactivity") == !waits);
        if (waits) return;
        CHECK(facts::typed_digits(walker.state()) == 0);
        walker.seconds(world().setup.idle_purge_s - 1);
        CHECK(walker.screen().name == "inactivity");
        walker.seconds(1);
        walker.card_out();
        CHECK(walker.screen() == fresh_start(walker));
    });
}

TEST_CASE("flow: any touch or key ends the warning and the place is as it was") {
    for (const char* key : {"idle.more", "tool.bigger", "no-such-widget"}) {
        CAPTURE(key);
        Walker walker(world());
        walk(walker, walker::grant(), 4);
        walker.seconds(world().setup.idle_warning_s);
        REQUIRE(walker.screen().name == "inactivity");
        walker.send(view::make_event(world().setup, walker.state(), view::Activate{key}));
        CHECK(walker.screen().name == "release");
        walker.seconds(world().setup.idle_warning_s - 1);
        CHECK(walker.screen().name == "release");
    }
}

TEST_CASE("flow: late answers of workers never move the next person's screen") {
    for_every_move([&](Walker& walker, const std::string& where) {
        CAPTURE(where);
        if (facts::is<core::Saving>(walker.state())) return;
        const core::Ticket old = walker.ticket;
        walker.tap("tool.leave");
        walker.card_out();
        walker.tap("language.de");
        const view::Screen home = walker.screen();
        walker.send(core::PinKnown{old, 3});
        walker.send(core::EidDone{old, walker::leyla()});
        walker.send(core::EidFailed{old, base::Errc::pin_wrong, 2});
        walker.send(core::PinCareDone{old});
        walker.send(core::PinCareFailed{old, base::Errc::pin_wrong, 2});
        walker.send(core::Journaled{old, walker::some_slip()});
        walker.send(core::JournalFailed{old, base::Errc::journal_io});
        walker.send(core::ReleasesLoaded{old, walker::some_releases()});
        walker.send(core::SlipFailed{old, base::Errc::device_failed});
        CHECK(walker.screen() == home);
    });
}

TEST_CASE(
    "flow: taking back needs at most two touches after identification and never more than giving "
    "(LR-17)") {
    CHECK(taps_after_identification(walker::take_back()) <= 2);
    CHECK(taps_after_identification(walker::take_everything_back()) <= 2);
    // The shortest grant: fixed recipient, default duration.
    const Journey grant{{"", [](Walker& w) { w.tap("language.de"); }},
                        {"", [](Walker& w) { w.tap("home.give"); }},
                        {"", [](Walker& w) { w.tap("list.JBA-02"); }},
                        {"", [](Walker& w) { w.read_all(); }},
                        {"", [](Walker& w) { w.tap("release.yes"); }},
                        {"", [](Walker& w) { w.tap("duration.next"); }},
                        {"", [](Walker& w) { w.card_in(); }},
                        {"", [](Walker& w) { w.tap("ask.next"); }},
                        {"", [](Walker& w) { w.digits("123456"); }},
                        {"", [](Walker& w) { w.tap("pad.next"); }},
                        {"identified", [](Walker& w) { w.identified(); }},
                        {"", [](Walker& w) { w.read_all(); }},
                        {"", [](Walker& w) { w.tap("review.yes"); }},
                        {"journaled", [](Walker& w) { w.journaled(); }}};
    CHECK(taps_until_journaled(walker::take_back()) <= taps_until_journaled(grant));
    CHECK(taps_until_journaled(walker::take_everything_back()) <= taps_until_journaled(grant));
}

TEST_CASE("flow: after a no the same screens can be reached as after a yes (LR-04)") {
    // Follows every way without a tool, two touches deep, from the last screen of a journey.
    const auto reachable = [](const Journey& journey) {
        std::set<std::string> found;
        const auto explore = [&](const std::vector<std::string>& path) {
            Walker walker(world());
            walk(walker, journey, journey.size());
            for (const std::string& id : path) walker.tap(id);
            found.insert(walker.screen().name);
            return walker::targets(walker.screen());
        };
        for (const std::string& first : explore({})) {
            if (first.starts_with("tool.")) continue;
            for (const std::string& second : explore({first})) {
                if (!second.starts_with("tool.")) explore({first, second});
            }
        }
        found.erase("done");
        found.erase("declined");
        return found;
    };
    Journey yes = walker::refusal();
    yes.pop_back();  // "done.status"
    Journey no = yes;
    yes.back() = {"yes", [](Walker& w) {
                      w.read_all();
                      w.tap("review.yes");
                      w.journaled();
                  }};
    CHECK(reachable(yes) == reachable(no));
}

TEST_CASE("flow: a refusal leaves no trace") {
    Walker walker(world());
    const Journey journey = walker::refusal();
    walk(walker, journey, journey.size() - 1);
    CHECK(walker.screen().name == "declined");
    CHECK(walker.appended.empty());
    CHECK(std::count(walker.effects.begin(), walker.effects.end(), "AppendDeclaration") == 0);
}
