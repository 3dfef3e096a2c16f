// SPDX-License-Identifier: EUPL-1.2
// The care for the PIN, place by place: where it may begin, which events mean nothing, and that
// nothing typed outlives its place.
#include "kiosk/core/pin_care.hpp"

#include "tests/unit/kiosk/core/in_care.hpp"

// After the project's headers: both define CHECK, and tests mean doctest's.
#include <doctest/doctest.h>

namespace {

using namespace in_care;
using base::Errc;

void for_every_move(const std::function<void(Walker&, const std::string&)>& check) {
    for (const walker::Named& named : walker::all_journeys()) {
        for (std::size_t n = 0; n <= named.journey.size(); ++n) {
            Walker walker(world());
            walk(walker, named.journey, n);
            check(walker, named.name + " after " + std::to_string(n));
        }
    }
}

/// A person in each place where something is typed or decided for the PIN.
struct Standing {
    const char* screen;
    Walker walker;
};
std::vector<Standing> every_place() {
    std::vector<Standing> all;
    all.push_back({"old-pin", begun(Care::own_pin, 3)});
    all.back().walker.digits("123");
    all.push_back({"old-pin", begun(Care::change_pin, 2)});
    all.back().walker.digits("12345");
    all.push_back({"can", begun(Care::change_pin, 1)});
    all.push_back({"can-pad", begun(Care::change_pin, 1)});
    all.back().walker.tap("can.yes");
    all.back().walker.digits("99");
    all.push_back({"new-pin", begun(Care::change_pin, 3)});
    type(all.back().walker, {"111111"});
    all.back().walker.digits("2468");
    all.push_back({"new-pin-again", begun(Care::own_pin, 3)});
    type(all.back().walker, {"12345", "246802"});
    all.back().walker.digits("24");
    all.push_back({"puk", begun(Care::unblock, 0)});
    all.push_back({"puk-pad", begun(Care::unblock, 0)});
    all.back().walker.tap("puk.yes");
    all.back().walker.digits("987654321");
    all.push_back({"letter-pin", Walker(world())});
    Walker& letter = all.back().walker;
    walk(letter, walker::own_pin(), 11);
    all.push_back({"card-writing", at_work(Care::change_pin)});
    all.push_back({"pin-done", at_work(Care::own_pin)});
    all.back().walker.pin_cared();
    return all;
}

}  // namespace

TEST_CASE("care: it begins only where nothing is awaited and nobody's data are shown") {
    for_every_move([&](Walker& walker, const std::string& where) {
        CAPTURE(where);
        const core::State& state = walker.state();
        const bool at_card = facts::is<core::CardReading>(state) ||
                             facts::is<core::CardWriting>(state) ||
                             facts::is<core::CardGone>(state);
        const bool person = facts::holds_person(state) || facts::is<core::Saving>(state) ||
                            facts::is<core::Done>(state);
        const bool home = facts::is<core::Home>(state);
        const std::string before = walker.screen().name;
        const auto asked = count(walker, "ProbePin");
        walker.send(core::OpenPinCare{Care::change_pin});
        const bool began = walker.screen().name == "card" && count(walker, "ProbePin") >= asked &&
                           std::get<core::CardWait>(walker.state().place).task.care.has_value();
        if (at_card || (person && !home)) CHECK_FALSE(began);
        if (home) CHECK(began);
        if (!began) CHECK(walker.screen().name == before);
        CHECK(count(walker, "ChangePin") + count(walker, "UnblockPin") <= 4);
        if (began) CHECK(facts::typed_digits(walker.state()) == 0);
        if (began) CHECK_FALSE(facts::holds_person(walker.state()));
    });
}

TEST_CASE("letter PIN: a no goes back to the pad with nothing typed and no try spent") {
    Walker walker(world());
    walk(walker, walker::own_pin(), 11);
    walker.tap("letter_pin.no");
    CHECK(walker.screen().name == "pin");
    CHECK(facts::typed_digits(walker.state()) == 0);
    CHECK(count(walker, "RunEid") + count(walker, "ChangePin") == 0);
    walker.digits("123456");
    walker.tap("pad.next");
    CHECK(count(walker, "RunEid") == 1);
}

TEST_CASE("pads: too few digits send nothing, one too many has no place") {
    struct Row {
        Care care;
        std::size_t digits;
        std::vector<const char*> before;
    };
    for (const Row& row :
         {Row{Care::own_pin, 5, {}}, Row{Care::change_pin, 6, {}},
          Row{Care::change_pin, 6, {"111111"}}, Row{Care::change_pin, 6, {"111111", "246802"}},
          Row{Care::unblock, 10, {}}}) {
        CAPTURE(row.digits);
        Walker walker = begun(row.care, row.care == Care::unblock ? 0 : 3);
        if (row.care == Care::unblock) walker.tap("puk.yes");
        type(walker, row.before);
        const std::string screen = walker.screen().name;
        const std::size_t waiting = facts::typed_digits(walker.state());
        for (std::size_t i = 0; i + 1 < row.digits; ++i) walker.send(core::Digit{7});
        walker.send(core::Yes{});
        CHECK(walker.screen().name == screen);
        walker.send(core::Digit{7});
        walker.send(core::Digit{7});
        CHECK(facts::typed_digits(walker.state()) == waiting + row.digits);
        walker.send(core::DeleteDigit{});
        CHECK(facts::typed_digits(walker.state()) == waiting + row.digits - 1);
        CHECK(count(walker, "ChangePin") + count(walker, "UnblockPin") == 0);
    }
}

TEST_CASE("every place of the care: what means nothing there changes nothing") {
    for (Standing& standing : every_place()) {
        Walker& walker = standing.walker;
        REQUIRE(walker.screen().name == standing.screen);
        CAPTURE(standing.screen);
        const view::Screen before = walker.screen();
        const std::size_t typed = facts::typed_digits(walker.state());
        const std::size_t effects = walker.effects.size();
        const core::Ticket now = walker.ticket;
        const bool writing = facts::is<core::CardWriting>(walker.state());
        walker.send(core::Pick{0});
        walker.send(core::Toggle{0});
        walker.send(core::Edit{});
        walker.send(core::AllSeen{});
        walker.send(core::CardInserted{});
        walker.send(core::ReaderChanged{core::Reader::ready});
        walker.send(core::PinKnown{now, 1});
        walker.send(core::ProbeFailed{now, Errc::card_foreign});
        walker.send(core::EidProgress{now, 1, 4});
        walker.send(core::EidDone{now, walker::leyla()});
        walker.send(core::EidFailed{now, Errc::pin_wrong, 2});
        if (!writing) walker.send(core::PinCareDone{now});
        if (!writing) walker.send(core::PinCareFailed{now, Errc::pin_wrong, 2});
        walker.send(core::Journaled{now, walker::some_slip()});
        walker.send(core::JournalFailed{now, Errc::journal_io});
        walker.send(core::ReleasesLoaded{now, {}});
        walker.send(core::ReleasesFailed{now, Errc::open_failed});
        walker.send(core::SlipPrinted{now});
        walker.send(core::SlipFailed{now, Errc::device_failed});
        walker.seconds(1);
        CHECK(walker.screen() == before);
        CHECK(facts::typed_digits(walker.state()) == typed);
        CHECK(walker.effects.size() == effects);
    }
}

TEST_CASE("every place of the care: a page over it wipes what was typed, also what waited") {
    for (const char* tool : {"tool.help", "tool.language"}) {
        for (Standing& standing : every_place()) {
            Walker& walker = standing.walker;
            CAPTURE(standing.screen);
            walker.tap(tool);
            CHECK(facts::typed_digits(walker.state()) == 0);
            walker.tap("back");
            const std::string name = walker.screen().name;
            const std::string was = standing.screen;
            if (was == "new-pin" || was == "new-pin-again") CHECK(name == "old-pin");
            if (was == "letter-pin") CHECK(name == "pin");
            if (was.starts_with("puk") || was == "old-pin" || was.starts_with("can"))
                CHECK(name == was);
        }
    }
}

TEST_CASE(
    "every place of the care: a reader that fails is told, and when it is back it begins anew") {
    for (Standing& standing : every_place()) {
        Walker& walker = standing.walker;
        CAPTURE(standing.screen);
        if (facts::is<core::PinDone>(walker.state())) continue;  // the card is not needed any more
        walker.send(core::ReaderChanged{core::Reader::missing});
        CHECK(walker.screen().title.id == "errc.reader_missing.title");
        CHECK(facts::typed_digits(walker.state()) == 0);
        walker.send(core::ReaderChanged{core::Reader::ready});
        CHECK(walker.screen().name == "card");
    }
}

TEST_CASE("every place of the care: back leads out, and a waiting task is not lost") {
    Walker walker(world());
    walk(walker, walker::own_pin(), 9);
    REQUIRE(walker.screen().name == "pin");
    walker.tap("pin.forgot");
    walker.tap("care.change_pin");
    walker.probed(3);
    REQUIRE(walker.screen().name == "old-pin");
    walker.tap("back");
    walker.probed(3);
    CHECK(walker.screen().name == "card-ask");
    CHECK(std::get<core::CardAsk>(walker.state().place).task.selection.has_value());
    for (const auto& [care, tries_left] : {std::pair{Care::change_pin, std::uint8_t{1}},
                                           std::pair{Care::unblock, std::uint8_t{0}}}) {
        walker.send(core::OpenPinCare{care});
        walker.probed(tries_left);
        REQUIRE(walker.screen().name == (care == Care::unblock ? "puk" : "can"));
        walker.tap("back");
        CHECK(facts::is<core::CardWait>(walker.state()));
        CHECK(std::get<core::CardWait>(walker.state().place).task.selection.has_value());
    }
    Walker home = begun(Care::unblock, 0);
    home.tap("puk.no");
    CHECK(home.screen().name == "home");
}
