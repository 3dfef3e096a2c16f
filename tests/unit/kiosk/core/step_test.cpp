// SPDX-License-Identifier: EUPL-1.2
// Rules of single places: what counts as a yes, which PIN state leads where, what a withdrawal can
// never meet.
#include <algorithm>

#include "tests/screens/walker.hpp"
#include "tests/unit/kiosk/core/state_facts.hpp"

// After the project's headers: both define CHECK, and tests mean doctest's.
#include <doctest/doctest.h>

namespace {

using walker::Walker;

const walker::World& world() {
    static const walker::World the_world = walker::make_world();
    return the_world;
}

void to_pin(Walker& walker, const char* task, std::uint8_t tries_left = 3) {
    walker.tap("language.de");
    walker.tap(task);
    walker.card_in(tries_left);
}

void type_pin(Walker& walker) {
    walker.tap("ask.next");
    walker.digits("123456");
    walker.tap("pad.next");
}

bool has(const Walker& walker, const std::string& id) {
    const auto ids = walker::targets(walker.screen());
    return std::find(ids.begin(), ids.end(), id) != ids.end();
}

/// Takes back from "my releases" to recorded.
void take_back_works(Walker& walker) {
    walker.tap("mine.all");
    walker.tap("take_back.yes");
    walker.journaled();
    CHECK(walker.screen().name == "done");
    REQUIRE(walker.appended.size() == 1);
    CHECK(walker.appended[0].event == model::Event::withdrawn);
}

}  // namespace

TEST_CASE("release: every recipient is off at entry, and yes without one asks to choose (LR-01)") {
    Walker walker(world());
    for (const char* id : {"language.de", "home.give", "list.JBA-03"}) walker.tap(id);
    for (const view::Block& block : walker.screen().blocks) {
        const auto* flow = std::get_if<view::FlowPicture>(&block);
        if (flow == nullptr) continue;
        for (const view::Choice& choice : flow->recipients) CHECK_FALSE(choice.chosen);
    }
    walker.read_all();
    walker.tap("release.yes");
    CHECK(walker.screen().name == "release");
    CHECK(walker.screen().focus == "release.to.0");
    walker.tap("release.to.1");
    CHECK(walker.screen().focus.empty());
    walker.tap("release.yes");
    CHECK(walker.screen().name == "duration");
}

TEST_CASE("release and review: yes counts only after everything was on screen (LR-03)") {
    Walker walker(world());
    for (const char* id : {"language.de", "home.give", "list.JBA-02", "release.yes"})
        walker.tap(id);
    CHECK(walker.screen().name == "release");
    walker.read_all();
    walker.tap("release.yes");
    walker.tap("duration.next");
    walker.card_in();
    type_pin(walker);
    walker.identified();
    REQUIRE(walker.screen().name == "review");
    walker.tap("review.yes");
    CHECK(walker.screen().name == "review");
    CHECK(walker.appended.empty());
    walker.read_all();
    walker.tap("review.yes");
    CHECK(walker.screen().name == "saving");
    CHECK(walker.appended.size() == 1);
}

TEST_CASE("grant: the draft names exactly what was chosen") {
    Walker walker(world());
    walk(walker, walker::grant(), walker::grant().size());
    REQUIRE(walker.appended.size() == 1);
    const core::Draft& draft = walker.appended[0];
    CHECK(draft.entry == "JBA-02");
    CHECK(draft.event == model::Event::given);
    REQUIRE(draft.selection.has_value());
    CHECK(draft.selection->recipients == std::vector{model::AuthorityId("musterstadt-jugendamt")});
    CHECK(draft.selection->categories == std::vector<std::string>{"C04", "C05", "C06"});
    REQUIRE(draft.selection->to.has_value());
    CHECK(draft.selection->from <= *draft.selection->to);
    CHECK(draft.shown.language == "de");
    CHECK(draft.shown.draft);
    CHECK(draft.who.person.family_name.view() == "Yılmaz");
}

TEST_CASE("take back: targets name the declaration and each entry and recipient") {
    Walker walker(world());
    walk(walker, walker::take_back(), walker::take_back().size());
    REQUIRE(walker.appended.size() == 1);
    const core::Draft& draft = walker.appended[0];
    REQUIRE(draft.targets.size() == 2);
    CHECK(std::holds_alternative<model::TargetDeclaration>(draft.targets[0]));
    CHECK(std::get<model::TargetEntryRecipient>(draft.targets[1]).recipient ==
          model::AuthorityId("musterstadt-agentur"));
}

TEST_CASE("card: the PIN state decides the next screen before anything is typed (LR-77)") {
    struct Row {
        std::uint8_t tries_left;
        const char* screen;
    };
    for (const Row row : {Row{3, "pin"}, Row{2, "pin"}, Row{1, "can"}}) {
        CAPTURE(row.tries_left);
        Walker walker(world());
        to_pin(walker, "home.status", row.tries_left);
        CHECK(walker.screen().name == "card-ask");
        walker.tap("ask.next");
        CHECK(walker.screen().name == row.screen);
    }
    Walker blocked(world());
    to_pin(blocked, "home.status", 0);
    CHECK(blocked.screen().title.id == "errc.pin_blocked.title");
    Walker off(world());
    off.tap("language.de");
    off.tap("home.status");
    off.send(core::CardInserted{});
    off.send(core::ProbeFailed{off.ticket, base::Errc::pin_deactivated});
    CHECK(off.screen().title.id == "errc.pin_deactivated.title");
}

TEST_CASE("pin: nothing is sent by itself, a seventh digit has no place, delete takes one") {
    Walker walker(world());
    to_pin(walker, "home.status");
    walker.tap("ask.next");
    walker.digits("1234");
    CHECK_FALSE(has(walker, "pad.next"));
    walker.send(core::Yes{});
    CHECK(walker.screen().name == "pin");
    walker.digits("567");
    CHECK(facts::typed_digits(walker.state()) == 6);
    CHECK(walker.screen().name == "pin");
    walker.tap("pad.delete");
    CHECK(facts::typed_digits(walker.state()) == 5);
    CHECK(std::count(walker.effects.begin(), walker.effects.end(), "RunEid") == 0);
}

TEST_CASE("pin: a page over the pad wipes what was typed") {
    for (const char* id : {"tool.help", "tool.language", "pin.forgot"}) {
        CAPTURE(id);
        Walker walker(world());
        to_pin(walker, "home.status");
        walker.tap("ask.next");
        walker.digits("1234");
        walker.tap(id);
        CHECK(facts::typed_digits(walker.state()) == 0);
        walker.tap("back");
        CHECK(walker.screen().name == "pin");
    }
}

TEST_CASE("pin: the digits are on no screen") {
    Walker walker(world());
    to_pin(walker, "home.status");
    walker.tap("ask.next");
    const view::Screen before = walker.screen();
    walker.digits("4");
    const view::Screen four = walker.screen();
    walker.tap("pad.delete");
    CHECK(walker.screen() == before);
    walker.digits("7");
    CHECK(walker.screen() == four);
}

TEST_CASE("reading: the last try runs only behind a CAN, and a wrong PIN is never repeated") {
    Walker walker(world());
    to_pin(walker, "home.status", 2);
    type_pin(walker);
    walker.eid_failed(base::Errc::pin_wrong, 1);
    CHECK(walker.screen().name == "can");
    CHECK(std::count(walker.effects.begin(), walker.effects.end(), "RunEid") == 1);
    walker.tap("can.yes");
    walker.digits("123123");
    walker.tap("pad.next");
    walker.digits("123456");
    walker.tap("pad.next");
    CHECK(std::count(walker.effects.begin(), walker.effects.end(), "RunEid") == 1);
    CHECK(std::count(walker.effects.begin(), walker.effects.end(), "RunEidWithCan") == 1);
    walker.eid_failed(base::Errc::pin_wrong, 0);
    CHECK(walker.screen().title.id == "errc.pin_blocked.title");
}

TEST_CASE(
    "withdrawal: an expired document, a child, an old certificate and an unreadable list do not "
    "stop it") {
    SUBCASE("expired document") {
        Walker walker(world());
        walker.who.document_expired = true;
        to_pin(walker, "home.take_back");
        type_pin(walker);
        walker.identified();
        take_back_works(walker);
    }
    SUBCASE("below every age") {
        Walker walker(world());
        walker.who.person.birth_date = core::PersonalText("2018-01-01");
        to_pin(walker, "home.take_back");
        type_pin(walker);
        walker.identified();
        take_back_works(walker);
    }
    SUBCASE("certificate too old for giving") {
        Walker walker(world());
        walker.send(core::CertificateChanged{false});
        to_pin(walker, "home.take_back");
        type_pin(walker);
        walker.identified();
        take_back_works(walker);
    }
    SUBCASE("own copies unreadable") {
        Walker walker(world());
        walker.answers_releases = false;
        to_pin(walker, "home.take_back");
        type_pin(walker);
        walker.identified();
        walker.send(core::ReleasesFailed{walker.ticket, base::Errc::open_failed});
        take_back_works(walker);
    }
    SUBCASE("journal failed once") {
        Walker walker(world());
        to_pin(walker, "home.take_back");
        type_pin(walker);
        walker.identified();
        walker.tap("mine.all");
        walker.tap("take_back.yes");
        walker.send(core::JournalFailed{walker.ticket, base::Errc::journal_io});
        CHECK(walker.screen().name == "failed");
        walker.tap("failed.again");
        walker.journaled();
        CHECK(walker.screen().name == "done");
        REQUIRE(walker.appended.size() == 2);
        CHECK(walker.appended[0] == walker.appended[1]);
    }
}

TEST_CASE(
    "grant: an expired document and a draft text outside the demo lead to a human, not to a "
    "record") {
    walker::World strict = walker::make_world();
    strict.setup.grants_on_draft = core::Availability::no;
    Walker draft(strict);
    walk(draft, walker::grant(), 12);
    CHECK(draft.screen().title.id == "errc.declaration_refused.title");
    Walker expired(world());
    expired.who.document_expired = true;
    walk(expired, walker::grant(), 12);
    CHECK(expired.screen().title.id == "errc.document_expired.title");
    CHECK(expired.appended.empty());
}

TEST_CASE("certificate too old: giving is told before the card is asked for") {
    Walker walker(world());
    walker.send(core::CertificateChanged{false});
    walk(walker, walker::grant(), 7);
    CHECK(walker.screen().title.id == "errc.certificate_expired.title");
}

TEST_CASE("reader: gone while waiting, and back again") {
    Walker walker(world());
    walker.tap("language.de");
    walker.tap("home.status");
    for (const auto& [reader, id] :
         {std::pair{core::Reader::missing, "errc.reader_missing.title"},
          std::pair{core::Reader::service_gone, "errc.reader_service_gone.title"},
          std::pair{core::Reader::denied, "errc.reader_access_denied.title"}}) {
        walker.send(core::ReaderChanged{reader});
        CHECK(walker.screen().title.id == id);
        walker.send(core::ReaderChanged{core::Reader::ready});
        CHECK(walker.screen().name == "card");
    }
}

TEST_CASE("wrong card: taking it away is enough to try again") {
    Walker walker(world());
    walker.tap("language.de");
    walker.tap("home.status");
    walker.send(core::CardInserted{});
    walker.send(core::ProbeFailed{walker.ticket, base::Errc::card_foreign});
    CHECK(walker.screen().title.id == "errc.card_foreign.title");
    walker.card_out();
    CHECK(walker.screen().name == "card");
    walker.card_in();
    CHECK(walker.screen().name == "card-ask");
}

TEST_CASE("display: every setting is reset at the end of the session") {
    Walker walker(world());
    for (const char* id :
         {"language.ar", "tool.bigger", "tool.contrast", "tool.speech", "tool.help"})
        walker.tap(id);
    walker.tap("help.low_reach");
    CHECK(walker.state().common.display.low_reach);
    CHECK(walker.screen().display.text_percent == 160);
    walker.tap("tool.leave");
    CHECK(walker.state().common.display == core::initial(world().setup).common.display);
}

TEST_CASE("done: without a card the slip stays for some seconds, a touch gives new time") {
    Walker walker(world());
    walk(walker, walker::take_back(), walker::take_back().size());
    walker.card_out();
    walker.seconds(world().setup.done_s - 1);
    CHECK(walker.screen().name == "done");
    walker.tap("tool.bigger");
    walker.seconds(world().setup.done_s - 1);
    CHECK(walker.screen().name == "done");
    walker.seconds(1);
    CHECK(walker.screen().name == "start");
}

TEST_CASE("done: a card that went while it was being recorded changes nothing about the record") {
    Walker walker(world());
    walk(walker, walker::take_back(), walker::take_back().size() - 1);
    REQUIRE(walker.screen().name == "saving");
    walker.card_out();
    walker.journaled();
    CHECK(walker.screen().name == "done");
    CHECK_FALSE(facts::holds_person(walker.state()));
}

TEST_CASE("saving: no answer in time says honestly that it is not known") {
    Walker walker(world());
    walk(walker, walker::take_back(), walker::take_back().size() - 1);
    walker.seconds(world().setup.saving_s_max);
    CHECK(walker.screen().title.id == "errc.busy.title");
    const std::size_t asked = walker.appended.size();
    SUBCASE("waiting on records nothing twice") {
        walker.tap("failed.again");
        CHECK(walker.screen().name == "saving");
        CHECK(walker.appended.size() == asked);
        walker.journaled();
        CHECK(walker.screen().name == "done");
    }
    SUBCASE("the late answer counts at once") {
        walker.journaled();
        CHECK(walker.screen().name == "done");
    }
    SUBCASE("a late failure can be tried again, as a new question") {
        walker.send(core::JournalFailed{walker.ticket, base::Errc::journal_io});
        CHECK(walker.screen().title.id == "errc.journal_io.title");
        walker.tap("failed.again");
        CHECK(walker.appended.size() == asked + 1);
    }
}

TEST_CASE("speech: it stops at once on any touch, and time waits while it runs") {
    Walker walker(world());
    walker.tap("language.de");
    walker.tap("tool.speech");
    CHECK(walker.effects.back() == "Speak");
    walker.send(core::SpeechRuns{true});
    walker.seconds(world().setup.idle_warning_s + 10);
    CHECK(walker.screen().name == "home");
    walker.tap("home.give");
    CHECK(std::count(walker.effects.begin(), walker.effects.end(), "StopSpeech") == 1);
    CHECK(walker.effects.back() == "Speak");
}

TEST_CASE("home: without a catalogue nothing is offered, and taking back works all the same") {
    walker::World bare = world();
    bare.setup.catalogue = {};
    bare.setup.offers.clear();
    bare.setup.catalogue_trouble = base::Errc::catalogue_signature_bad;
    Walker walker(bare);
    walker.tap("language.de");
    walker.tap("home.give");
    CHECK(walker.screen().title.id == "errc.catalogue_signature_bad.title");
    walker.tap("failed.home");
    walker.tap("home.take_back");
    walker.card_in(3);
    type_pin(walker);
    walker.identified();
    CHECK(walker.screen().name == "my-releases");
    walker.tap("mine.all");
    walker.tap("take_back.yes");
    REQUIRE(walker.appended.size() == 1);
    walker.journaled();
    CHECK(walker.screen().name == "done");
}
