// SPDX-License-Identifier: EUPL-1.2
// What others know and did: asked for with a card only, told in every outcome, gone with the card;
// and releases from elsewhere, which are taken back like own ones.
#include "kiosk/core/insight.hpp"

#include <algorithm>

#include "tests/screens/walker.hpp"
#include "tests/unit/kiosk/core/state_facts.hpp"

// After the project's headers: both define CHECK, and tests mean doctest's.
#include <doctest/doctest.h>

namespace {

using core::Delivery;
using core::Lookup;
using core::Release;
using Standing = core::Release::Standing;
using Stage = core::Delivery::Stage;
using walker::Walker;

const walker::World& world() {
    static const walker::World made = walker::make_world();
    return made;
}

std::size_t questions(const Walker& walker) {
    return static_cast<std::size_t>(std::ranges::count(walker.effects, "RequestInsight"));
}

/// At the screen after identification; questions to the backend stay open.
Walker asked(const walker::Journey& journey) {
    Walker walker(world());
    walker.answers_insight = false;
    for (const walker::Move& move : journey) {
        move.act(walker);
        if (questions(walker) == 1) return walker;
    }
    REQUIRE(questions(walker) == 1);
    return walker;
}

const Lookup& lookup(const Walker& walker) {
    if (const auto* at = std::get_if<core::Insight>(&walker.state().place)) return at->lookup;
    return std::get<core::MyReleases>(walker.state().place).lookup;
}

Release release(std::uint8_t number, Standing standing, Stage stage) {
    Release out;
    std::array<std::uint8_t, 10> random{};
    random.fill(number);
    out.declaration = base::make_uuid7(1'778'572'800'000, random);
    out.entry = "JBA-02";
    out.standing = standing;
    out.given_on =
        core::Date{std::chrono::year{2026}, std::chrono::month{5}, std::chrono::day{number}};
    out.recipients = {"amt"};
    out.deliveries = {{"amt", stage, {}}};
    return out;
}

}  // namespace

TEST_CASE("insight: without a card nothing is asked; with one it is asked once and shown") {
    Walker walker(world());
    walker::walk(walker, walker::see(), 3);
    REQUIRE(facts::is<core::Insight>(walker.state()));
    CHECK(questions(walker) == 0);
    Walker full(world());
    walker::walk(full, walker::see(), walker::see().size() - 1);
    REQUIRE(facts::is<core::Insight>(full.state()));
    CHECK(questions(full) == 1);
    CHECK(lookup(full).stage == Lookup::Stage::known);
    CHECK(lookup(full).known == walker::some_known());
}

TEST_CASE("insight: without a line it says so at once and asks nobody") {
    Walker walker(world());
    for (const walker::Move& move : walker::see()) {
        if (move.name == "online") continue;
        const auto ids = walker::targets(walker.screen());
        if (std::ranges::find(ids, "home.see") != ids.end()) {
            walker.tap("home.see");
            break;
        }
        move.act(walker);
    }
    const auto ids = walker::targets(walker.screen());
    CHECK(std::ranges::find(ids, "insight.look") == ids.end());
    CHECK(std::ranges::find(ids, "insight.mine") != ids.end());
    walker.tap("insight.mine");
    walker.card_in();
    walker.tap("ask.next");
    walker.digits("123456");
    walker.tap("pad.next");
    walker.identified();
    REQUIRE(facts::is<core::MyReleases>(walker.state()));
    CHECK(lookup(walker).stage == Lookup::Stage::no_line);
    CHECK(questions(walker) == 0);
    CHECK(std::get<core::MyReleases>(walker.state().place).releases ==
          std::optional(walker::some_releases()));
}

TEST_CASE("insight: what could not be asked for want of a line is asked as soon as there is one") {
    Walker walker(world());
    walker::walk(walker, walker::take_back(), 7);
    REQUIRE(facts::is<core::MyReleases>(walker.state()));
    walker.seconds(3);
    CHECK(questions(walker) == 0);
    walker.online();
    walker.seconds(3);
    CHECK(questions(walker) == 1);
    CHECK(lookup(walker).stage == Lookup::Stage::known);
}

TEST_CASE("insight: every failure is a state of its own, and asking once more is one touch") {
    struct Row {
        base::Errc errc;
        Lookup::Stage stage;
    };
    for (const Row& row : {Row{base::Errc::network_unreachable, Lookup::Stage::no_line},
                           Row{base::Errc::http_status, Lookup::Stage::no_line},
                           Row{base::Errc::network_timeout, Lookup::Stage::no_answer},
                           Row{base::Errc::busy, Lookup::Stage::busy},
                           Row{base::Errc::receipt_bad, Lookup::Stage::not_believed},
                           Row{base::Errc::open_failed, Lookup::Stage::not_believed},
                           Row{base::Errc::message_bad, Lookup::Stage::not_believed}}) {
        for (const auto& journey : {walker::see(), walker::take_back_elsewhere()}) {
            Walker walker = asked(journey);
            walker.send(core::InsightFailed{walker.ticket, row.errc});
            CHECK(lookup(walker).stage == row.stage);
            CHECK(walker::some_known() != lookup(walker).known);
            walker.tap("insight.again");
            CHECK(questions(walker) == 2);
            walker.send(core::InsightKnown{walker.ticket, walker::some_known()});
            CHECK(lookup(walker).stage == Lookup::Stage::known);
        }
    }
}

TEST_CASE("insight: no answer ends the waiting, and a late one still counts") {
    Walker walker = asked(walker::see());
    walker.seconds(world().setup.insight_s_max - 1);
    CHECK(lookup(walker).stage == Lookup::Stage::asked);
    walker.seconds(1);
    CHECK(lookup(walker).stage == Lookup::Stage::no_answer);
    walker.send(core::InsightKnown{walker.ticket, walker::some_known()});
    CHECK(lookup(walker).stage == Lookup::Stage::known);
}

TEST_CASE("insight: with the card everything goes, and a late answer finds nobody") {
    for (const auto& journey : {walker::see(), walker::take_back_elsewhere()}) {
        Walker walker = asked(journey);
        const core::Ticket old = walker.ticket;
        walker.send(core::InsightKnown{old, walker::some_known()});
        REQUIRE(facts::holds_insight(walker.state()));
        walker.card_out();
        CHECK_FALSE(facts::holds_insight(walker.state()));
        CHECK_FALSE(facts::holds_person(walker.state()));
        walker.send(core::InsightKnown{old, walker::some_known()});
        CHECK_FALSE(facts::holds_insight(walker.state()));
    }
    Walker left = asked(walker::see());
    const core::Ticket old = left.ticket;
    left.tap("tool.leave");
    CHECK(left.effects.back() == "FlushCaches");
    left.send(core::InsightKnown{old, walker::some_known()});
    CHECK(facts::is<core::Start>(left.state()));
}

TEST_CASE("insight: older ones are asked for where the last answer ended, and added") {
    Walker walker = asked(walker::see());
    core::Known first = walker::some_known();
    first.next = 50;
    walker.send(core::InsightKnown{walker.ticket, first});
    walker.tap("insight.older");
    CHECK(questions(walker) == 2);
    core::Known second;
    second.as_of = first.as_of;
    second.accesses = {first.accesses.front()};
    walker.send(core::InsightKnown{walker.ticket, second});
    CHECK(lookup(walker).known.accesses.size() == first.accesses.size() + 1);
    CHECK(lookup(walker).known.sources == first.sources);
    CHECK_FALSE(lookup(walker).known.next);
}

TEST_CASE("insight: the list of releases is asked for to its end by itself") {
    Walker walker = asked(walker::take_back_elsewhere());
    core::Known first = walker::some_known();
    first.accesses.clear();
    first.next = 50;
    walker.send(core::InsightKnown{walker.ticket, first});
    CHECK(questions(walker) == 2);
    first.next.reset();
    walker.send(core::InsightKnown{walker.ticket, first});
    CHECK(questions(walker) == 2);
}

TEST_CASE("insight: a release from elsewhere is taken back by its id and by entry and recipient") {
    Walker walker(world());
    walker::walk(walker, walker::take_back_elsewhere(), walker::take_back_elsewhere().size());
    REQUIRE(walker.appended.size() == 1);
    const core::Draft& draft = walker.appended.front();
    const core::Release theirs = walker::some_known().releases.at(3);
    CHECK(draft.event == model::Event::withdrawn);
    CHECK(draft.entry.empty());  // its version is not known here
    REQUIRE(draft.targets.size() == 1 + theirs.recipients.size());
    CHECK(std::get<model::TargetDeclaration>(draft.targets[0]).declaration == theirs.declaration);
    const auto& part = std::get<model::TargetEntryRecipient>(draft.targets[1]);
    CHECK(part.entry.get() == theirs.entry);
    CHECK(part.recipient.get() == theirs.recipients.front());
    CHECK(facts::is<core::Done>(walker.state()));
}

TEST_CASE("insight: what is known here and there becomes one list") {
    std::vector<Release> own{release(9, Standing::given, Stage::queued),
                             release(8, Standing::withdrawn, Stage::queued),
                             release(7, Standing::given, Stage::applied)};
    Release there = release(3, Standing::given, Stage::sent);
    there.elsewhere = true;
    Release newer = release(5, Standing::given, Stage::sent);
    newer.elsewhere = true;
    core::merge_releases(own, {release(9, Standing::given, Stage::received),
                               release(8, Standing::given, Stage::applied), there,
                               release(7, Standing::withdrawn, Stage::received), newer});
    REQUIRE(own.size() == 5);
    // A state that the backend knows better.
    CHECK(own[0].deliveries[0].stage == Stage::received);
    // Taken back here: nothing that the backend has not heard of yet revives it.
    CHECK(own[1].standing == Standing::withdrawn);
    CHECK(own[1].deliveries[0].stage == Stage::queued);
    // Taken back elsewhere: this terminal hears of it now, with how far that has come.
    CHECK(own[2].standing == Standing::withdrawn);
    CHECK(own[2].deliveries[0].stage == Stage::received);
    // From elsewhere, newest first, behind the own ones.
    CHECK(own[3].declaration == newer.declaration);
    CHECK(own[4].declaration == there.declaration);
    std::vector<Release> again = own;
    core::merge_releases(again, {there, newer});
    CHECK(again == own);
}
