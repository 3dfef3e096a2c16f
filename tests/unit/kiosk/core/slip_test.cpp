// SPDX-License-Identifier: EUPL-1.2
// A code held to the reader, wherever a person is: it takes back what it is for, or says why not
// and what does; and it never takes anything else away.
#include <algorithm>

#include "tests/screens/walker.hpp"
#include "tests/unit/kiosk/core/state_facts.hpp"

// After the project's headers: both define CHECK, and tests mean doctest's.
#include <doctest/doctest.h>

namespace {

using core::SlipTrouble;
using walker::Walker;

const walker::World& slip_world() {
    static const walker::World the_world = walker::make_world();
    return the_world;
}

core::TakeBackSlip another() {
    core::TakeBackSlip slip = walker::some_take_back();
    slip.declaration = base::make_uuid7(1'778'572'800'000, std::array<std::uint8_t, 10>{5});
    return slip;
}

Walker at_home() {
    Walker walker(slip_world());
    walker.tap("language.de");
    return walker;
}

}  // namespace

TEST_CASE("slip: at the start screen it is asked once, and recorded as the act of nobody (J7)") {
    Walker walker(slip_world());
    const core::TakeBackSlip slip = walker::some_take_back();
    walker.hold(slip);
    CHECK(walker.screen().name == "slip-ask");
    CHECK(walker.appended.empty());
    walker.tap("slip_ask.yes");
    REQUIRE(walker.appended.size() == 1);
    const core::Draft& draft = walker.appended[0];
    CHECK(draft.event == model::Event::withdrawn);
    REQUIRE(draft.targets.size() == 1);
    CHECK(std::get<model::TargetDeclaration>(draft.targets[0]).declaration == slip.declaration);
    CHECK(draft.by_slip == slip);
    CHECK(draft.who.assurance.method == model::Method::receipt_code);
    CHECK(draft.who.assurance.level == model::Level::none);
    CHECK(draft.who.person == core::Person{});
    CHECK(draft.who.subject.empty());
    CHECK_FALSE(draft.selection);
    walker.journaled();
    CHECK(walker.screen().name == "done");
    CHECK(std::get<core::Done>(walker.state().place).what == core::Done::What::withdrawn);
    walker.seconds(slip_world().setup.done_s);
    CHECK(walker.screen().name == "start");
}

TEST_CASE("slip: a no records nothing") {
    for (const char* way : {"slip_ask.no", "back"}) {
        Walker walker(slip_world());
        walker.hold(walker::some_take_back());
        walker.tap(way);
        CHECK(walker.screen().name == "home");
        CHECK(walker.appended.empty());
    }
}

TEST_CASE("slip: what takes nothing back says so, and the card is the way that is left") {
    for (const SlipTrouble trouble : core::slip_troubles) {
        CAPTURE(static_cast<int>(trouble));
        Walker walker(slip_world());
        walker.hold(trouble);
        CHECK(walker.screen().name == "slip-refused");
        CHECK_FALSE(walker.screen().pair);
        walker.tap("slip_refused.go");
        const bool needs_card =
            trouble != SlipTrouble::taken_back && trouble != SlipTrouble::invitation;
        CHECK(walker.screen().name == (needs_card ? "card" : "home"));
        if (needs_card) {
            CHECK(std::get<core::CardWait>(walker.state().place).task.kind ==
                  core::Task::Kind::take_back);
        }
        CHECK(walker.appended.empty());
    }
}

TEST_CASE("slip: one that was used here already is told so and not recorded again") {
    Walker walker(slip_world());
    core::TakeBackSlip used = walker::some_take_back();
    used.taken_back_here = true;
    walker.hold(used);
    CHECK(walker.screen().name == "slip-refused");
    CHECK(std::get<core::SlipRefused>(walker.state().place).trouble == SlipTrouble::taken_back);
    // The right code may follow the wrong one at once.
    walker.hold(another());
    CHECK(walker.screen().name == "slip-ask");
}

TEST_CASE("slip: while a card is waited for to take something back, a slip does it") {
    Walker walker = at_home();
    walker.tap("home.take_back");
    REQUIRE(walker.screen().name == "card");
    walker.hold(walker::some_take_back());
    CHECK(walker.screen().name == "slip-ask");
    Walker giving = at_home();
    walk(giving, {{"give", [](Walker& w) { w.tap("home.give"); }}}, 1);
    giving.hold(walker::some_take_back());
    CHECK(giving.screen().name == "list");
}

TEST_CASE("slip: at every move of every journey it records nothing by itself and loses nothing") {
    for (const walker::Named& named : walker::all_journeys()) {
        for (std::size_t n = 0; n <= named.journey.size(); ++n) {
            CAPTURE(named.name);
            CAPTURE(n);
            Walker walker(slip_world());
            walk(walker, named.journey, n);
            const view::Screen before = walker.screen();
            const std::size_t appended = walker.appended.size();
            const bool pending =
                facts::is<core::Saving>(walker.state()) || facts::typed_digits(walker.state()) > 0;
            walker.hold(another());
            CHECK(walker.appended.size() == appended);
            const view::Screen after = walker.screen();
            CHECK((after == before || after.name == "slip-ask"));
            if (pending) CHECK(after == before);
            if (after.name == "slip-ask") CHECK_FALSE(facts::holds_person(walker.state()));
        }
    }
}

TEST_CASE("slip: the reader goes on seeing the slip, and the other code on it, and nothing moves") {
    Walker walker(slip_world());
    walker.hold(walker::some_take_back());
    const view::Screen asked = walker.screen();
    walker.hold(walker::some_take_back());
    walker.hold(SlipTrouble::half);
    CHECK(walker.screen() == asked);
    walker.tap("slip_ask.yes");
    walker.hold(walker::some_take_back());
    walker.hold(another());
    CHECK(walker.screen().name == "saving");
    walker.journaled();
    const view::Screen done = walker.screen();
    core::TakeBackSlip used = walker::some_take_back();
    used.taken_back_here = true;
    walker.hold(used);
    walker.hold(SlipTrouble::half);
    CHECK(walker.screen() == done);
    walker.hold(another());
    CHECK(walker.screen().name == "slip-ask");
    CHECK(walker.appended.size() == 1);
}

TEST_CASE("slip: whoever's card lies there, behind a slip nobody is known") {
    Walker walker = at_home();
    walker.card_in();
    walker.hold(walker::some_take_back());
    walker.tap("slip_ask.yes");
    walker.journaled();
    REQUIRE(walker.screen().name == "done");
    CHECK_FALSE(facts::holds_person(walker.state()));
    walker.tap("done.home");
    CHECK_FALSE(facts::holds_person(walker.state()));
    CHECK(walker.screen().name == "home");
}

TEST_CASE(
    "slip: a disk that does not take it keeps it for another try, and no code comes between") {
    Walker walker(slip_world());
    walker.hold(walker::some_take_back());
    walker.tap("slip_ask.yes");
    walker.send(core::JournalFailed{walker.ticket, base::Errc::journal_io});
    REQUIRE(walker.screen().name == "failed");
    walker.hold(another());
    CHECK(walker.screen().name == "failed");
    walker.tap("failed.again");
    REQUIRE(walker.appended.size() == 2);
    CHECK(walker.appended[0] == walker.appended[1]);
    walker.journaled();
    CHECK(walker.screen().name == "done");
}

TEST_CASE("slip: behind a failure that leaves nothing undone a slip is taken") {
    Walker walker = at_home();
    walker.send(core::ReaderChanged{core::Reader::missing});
    walker.tap("home.take_back");
    REQUIRE(walker.screen().name == "failed");
    walker.hold(walker::some_take_back());
    CHECK(walker.screen().name == "slip-ask");
}

TEST_CASE("slip: it ends the warning and any page that lies over the place") {
    Walker walker = at_home();
    walker.seconds(slip_world().setup.idle_warning_s);
    REQUIRE(walker.screen().name == "inactivity");
    walker.hold(walker::some_take_back());
    CHECK(walker.screen().name == "slip-ask");
    Walker reading = at_home();
    reading.tap("tool.help");
    reading.hold(walker::some_take_back());
    CHECK(reading.screen().name == "slip-ask");
}

TEST_CASE("slip: left alone, the question goes, and the next person sees a fresh machine") {
    Walker walker(slip_world());
    const view::Screen fresh = walker.screen();
    walker.hold(walker::some_take_back());
    walker.seconds(slip_world().setup.idle_warning_s + slip_world().setup.idle_purge_s);
    CHECK(walker.screen() == fresh);
    CHECK(walker.effects.back() == "FlushCaches");
    CHECK(walker.appended.empty());
}

TEST_CASE("slip: read aloud, the question is spoken when it comes") {
    Walker walker = at_home();
    walker.tap("tool.speech");
    const auto spoken = [&] { return std::ranges::count(walker.effects, std::string("Speak")); };
    const auto before = spoken();
    walker.hold(walker::some_take_back());
    CHECK(spoken() == before + 1);
}
