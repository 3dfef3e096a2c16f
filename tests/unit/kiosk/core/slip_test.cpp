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
        const bool needs_card = trouble != SlipTrouble::taken_back && !core::is_of_letter(trouble);
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

namespace {

core::Invitation a_letter() {
    return {"musterstadt-agentur", "JBA-03", "the code of the letter"};
}

/// From the letter to "recorded".
void say_yes(Walker& walker) {
    walker.hold(a_letter());
    REQUIRE(walker.screen().name == "release");
    walker.tap("release.to.0");
    walker.read_all();
    walker.tap("release.yes");
    walker.tap("duration.next");
    walker.card_in();
    walker.tap("ask.next");
    walker.digits("123456");
    walker.tap("pad.next");
    walker.identified();
    walker.read_all();
    walker.tap("review.yes");
}

}  // namespace

TEST_CASE("letter: it leads to what it asks for, says who asks, and chooses nothing (LR-01)") {
    for (const bool from_start : {true, false}) {
        Walker walker = from_start ? Walker(slip_world()) : at_home();
        walker.hold(a_letter());
        REQUIRE(walker.screen().name == "release");
        const auto& offered = std::get<core::Offered>(walker.state().place);
        CHECK(slip_world().setup.entry(offered.offer).id == "JBA-03");
        CHECK(offered.recipients.empty());
        CHECK_FALSE(offered.all_seen);
        CHECK(walker.appended.empty());
    }
}

TEST_CASE("letter: only after the yes, and with a line, the backend is told of it, once") {
    Walker walker(slip_world());
    walker.online();
    say_yes(walker);
    CHECK(std::ranges::count(walker.effects, std::string("RequestInsight")) == 0);
    REQUIRE(walker.appended.size() == 1);
    CHECK(walker.appended[0].invitation == a_letter());
    walker.journaled();
    CHECK(walker.screen().name == "done");
    CHECK(std::ranges::count(walker.effects, std::string("RequestInsight")) == 1);
    REQUIRE(walker.asked.has_value());
    CHECK(walker.asked->invitation == a_letter());
    CHECK(walker.asked->birth_date == walker::leyla().person.birth_date);
    // Whatever comes back, the screen is the same.
    const view::Screen done = walker.screen();
    walker.send(core::InsightFailed{walker.ticket, base::Errc::http_status});
    CHECK(walker.screen() == done);
}

TEST_CASE("letter: it is not lost on the way back to the release") {
    Walker walker(slip_world());
    walker.hold(a_letter());
    walker.tap("release.to.0");
    walker.read_all();
    walker.tap("release.yes");
    REQUIRE(walker.screen().name == "duration");
    walker.tap("back");
    REQUIRE(walker.screen().name == "release");
    CHECK(std::get<core::Offered>(walker.state().place).invitation == a_letter());
}

TEST_CASE("letter: without a line, and after a no, nobody is told") {
    Walker offline(slip_world());
    say_yes(offline);
    offline.journaled();
    CHECK(offline.screen().name == "done");
    CHECK(std::ranges::count(offline.effects, std::string("RequestInsight")) == 0);
    Walker no(slip_world());
    no.online();
    no.hold(a_letter());
    no.read_all();
    no.tap("release.no");
    CHECK(no.screen().name == "declined");
    CHECK(no.appended.empty());
    CHECK(std::ranges::count(no.effects, std::string("RequestInsight")) == 0);
}

TEST_CASE("letter: what is not offered here, or does not concern whoever asks, is told") {
    for (const core::Invitation& letter :
         {core::Invitation{"musterstadt-agentur", "JBA-99", "code"},
          core::Invitation{"bamf", "JBA-03", "code"}}) {
        Walker walker(slip_world());
        walker.hold(letter);
        REQUIRE(walker.screen().name == "slip-refused");
        CHECK(std::get<core::SlipRefused>(walker.state().place).trouble ==
              SlipTrouble::invitation_over);
    }
}

TEST_CASE("letter: where something is on its way it is passed over") {
    Walker walker = at_home();
    walker.tap("home.take_back");
    const view::Screen before = walker.screen();
    walker.hold(a_letter());
    CHECK(walker.screen() == before);
}
