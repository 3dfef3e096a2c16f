// SPDX-License-Identifier: EUPL-1.2
// The list of releases: for taking back it holds what can be taken back and nothing else, it waits
// a moment for what others know, and once it is on screen nothing in it changes its place.
#include <algorithm>

#include "tests/screens/walker.hpp"
#include "tests/unit/kiosk/core/state_facts.hpp"

// After the project's headers: both define CHECK, and tests mean doctest's.
#include <doctest/doctest.h>

namespace {

using Standing = core::Release::Standing;
using Ids = std::vector<std::string>;
using walker::Walker;

const walker::World& world() {
    static const walker::World made = walker::make_world();
    return made;
}

std::vector<view::ReleaseCard> cards(const view::Screen& screen) {
    std::vector<view::ReleaseCard> out;
    for (const view::Block& block : screen.blocks) {
        if (const auto* card = std::get_if<view::ReleaseCard>(&block)) out.push_back(*card);
    }
    return out;
}

/// Ids of the buttons of all cards in their order, "-" for a card without one; in brackets if it
/// cannot be touched.
Ids buttons(const Walker& walker) {
    Ids out;
    for (const view::ReleaseCard& card : cards(walker.screen())) {
        if (!card.button) {
            out.emplace_back("-");
        } else {
            out.push_back(card.button->disabled_because ? "(" + card.button->id + ")"
                                                        : card.button->id);
        }
    }
    return out;
}

bool says(const Walker& walker, const std::string& id) {
    const auto has = [&](const std::vector<view::Text>& lines) {
        return std::ranges::find(lines, id, &view::Text::id) != lines.end();
    };
    for (const view::Block& block : walker.screen().blocks) {
        const auto* paragraph = std::get_if<view::Paragraph>(&block);
        const auto* note = std::get_if<view::Note>(&block);
        if ((paragraph != nullptr && has(paragraph->lines)) ||
            (note != nullptr && has(note->lines)))
            return true;
    }
    return false;
}

bool waits(const Walker& walker) {
    const auto blocks = walker.screen().blocks;
    return std::ranges::any_of(
        blocks, [](const auto& block) { return std::holds_alternative<view::Waiting>(block); });
}

/// Up to the list; questions to the backend stay open.
Walker at_list(const char* tile, bool online) {
    Walker walker(world());
    walker.answers_insight = false;
    walker.tap("language.de");
    if (online) walker.online();
    walker.tap(tile);
    walker.card_in();
    walker.tap("ask.next");
    walker.digits("123456");
    walker.tap("pad.next");
    walker.identified();
    REQUIRE(walker.screen().name == "my-releases");
    return walker;
}

/// What the backend knows, with the first release taken back somewhere else.
core::Known first_is_over() {
    core::Known known = walker::some_known();
    known.releases.front().standing = Standing::withdrawn;
    return known;
}

}  // namespace

TEST_CASE("take back: what has ended is not in the list, and it says where that stands") {
    const Walker walker = at_list("home.take_back", false);
    CHECK(buttons(walker) == Ids{"mine.0", "mine.1"});
    CHECK(says(walker, "mine.over"));
    const Walker status = at_list("home.status", false);
    CHECK(buttons(status) == Ids{"mine.0", "mine.1", "mine.forget.2"});
    CHECK_FALSE(says(status, "mine.over"));
}

TEST_CASE("take back: with nothing in force it says so, and everything can be taken back") {
    Walker walker(world());
    walker.releases = {walker::some_releases().back()};
    walker::walk(walker, walker::take_back(), 7);
    REQUIRE(walker.screen().name == "my-releases");
    CHECK(buttons(walker).empty());
    CHECK(says(walker, "mine.nothing_lives"));
    CHECK(says(walker, "mine.none.elsewhere"));
    CHECK(says(walker, "mine.over"));
    walker.tap("mine.all");
    CHECK(walker.screen().name == "take-back");
}

TEST_CASE("list: with a line it waits for what others know, and then opens in its order") {
    Walker walker = at_list("home.take_back", true);
    CHECK(waits(walker));
    CHECK(buttons(walker).empty());
    walker.send(core::Pick{0});  // nothing is there yet that could be meant
    CHECK(walker.screen().name == "my-releases");
    walker.send(core::InsightKnown{walker.ticket, first_is_over()});
    CHECK_FALSE(waits(walker));
    CHECK(buttons(walker) == Ids{"mine.1", "mine.3", "mine.4"});
}

TEST_CASE("list: it waits no longer than set, and what ends later keeps its place and its room") {
    Walker walker = at_list("home.take_back", true);
    walker.seconds(world().setup.insight_hold_s - 1);
    CHECK(waits(walker));
    walker.seconds(1);
    CHECK_FALSE(waits(walker));
    CHECK(buttons(walker) == Ids{"mine.0", "mine.1"});
    walker.send(core::InsightKnown{walker.ticket, first_is_over()});
    CHECK(buttons(walker) == Ids{"(mine.0)", "mine.1", "mine.3", "mine.4"});
    walker.send(core::Pick{0});
    CHECK(walker.screen().name == "my-releases");
    // Opened anew, it holds what can be taken back.
    walker.tap("mine.1");
    walker.tap("take_back.no");
    walker.send(core::InsightKnown{walker.ticket, first_is_over()});
    CHECK(buttons(walker) == Ids{"mine.1", "mine.3", "mine.4"});
}

TEST_CASE("list: a failed question or a lost line lets it wait no more") {
    Walker failed = at_list("home.take_back", true);
    failed.send(core::InsightFailed{failed.ticket, base::Errc::network_timeout});
    CHECK(buttons(failed) == Ids{"mine.0", "mine.1"});
    Walker unread = at_list("home.take_back", true);
    CHECK(unread.screen().blocks.size() == 1);
    Walker broken(world());
    broken.answers_releases = broken.answers_insight = false;
    walker::walk(broken, walker::take_back_elsewhere(), 8);
    broken.send(core::ReleasesFailed{broken.ticket, base::Errc::open_failed});
    CHECK(says(broken, "mine.failed"));
    broken.send(core::InsightKnown{broken.ticket, walker::some_known()});
    CHECK(buttons(broken) == Ids{"mine.0", "mine.1", "mine.3", "mine.4"});
}

TEST_CASE("list: what others took back is not called taken back here (a release of this minute)") {
    Walker walker = at_list("home.status", true);
    walker.send(core::InsightKnown{walker.ticket, first_is_over()});
    const view::ReleaseCard card = cards(walker.screen()).front();
    CHECK(card.lines.front().id == "mine.withdrawn_elsewhere");
    // What was taken back at this terminal says so.
    CHECK(cards(walker.screen()).at(2).lines.front().id == "mine.withdrawn_on");
}

TEST_CASE("list: of a release that the backend does not name nothing is said to have ended") {
    core::Known known = walker::some_known();
    known.releases.clear();
    Walker walker = at_list("home.take_back", true);
    walker.send(core::InsightKnown{walker.ticket, known});
    CHECK(buttons(walker) == Ids{"mine.0", "mine.1"});
}

TEST_CASE("forget: of what has ended the own copy goes by one touch and its confirmation") {
    Walker walker(world());
    walker::walk(walker, walker::forget_copy(), walker::forget_copy().size() - 1);
    REQUIRE(walker.screen().name == "forget-copy");
    CHECK(walker.appended.empty());
    walker.tap("forget.yes");
    CHECK(std::ranges::count(walker.effects, "DeleteCopy") == 1);
    // Nothing was declared: it takes nothing back.
    CHECK(walker.appended.empty());
    REQUIRE(walker.screen().name == "my-releases");
    CHECK(walker.screen().title.id == "mine.title");
    CHECK(buttons(walker) == Ids{"mine.0", "mine.1"});
}

TEST_CASE("forget: of what is in force it stands behind taking back, and says what stays") {
    Walker walker = at_list("home.take_back", false);
    walker.tap("mine.0");
    walker.tap("take_back.forget");
    REQUIRE(walker.screen().name == "forget-copy");
    const view::Screen screen = walker.screen();
    const auto& rows = std::get<view::Rows>(screen.blocks.front()).rows;
    CHECK(rows.at(2).value.front().id == "forget.stays.given");
    for (const char* id : {"forget.no", "back"}) {
        Walker other = at_list("home.take_back", false);
        other.tap("mine.0");
        other.tap("take_back.forget");
        other.tap(id);
        CHECK(other.screen().name == "my-releases");
        CHECK(std::ranges::count(other.effects, "DeleteCopy") == 0);
    }
    // Of a release from elsewhere no copy lies here.
    Walker elsewhere(world());
    walker::walk(elsewhere, walker::take_back_elsewhere(),
                 walker::take_back_elsewhere().size() - 2);
    REQUIRE(elsewhere.screen().name == "take-back");
    CHECK_FALSE(elsewhere.screen().other);
    elsewhere.send(core::Aside{});
    CHECK(elsewhere.screen().name == "take-back");
}

TEST_CASE("forget: a failure says that it is still there; a second touch asks once") {
    Walker walker(world());
    walker.answers_releases = true;
    walker::walk(walker, walker::forget_copy(), walker::forget_copy().size() - 1);
    walker.answers_releases = false;
    walker.tap("forget.yes");
    walker.send(core::Yes{});
    CHECK(std::ranges::count(walker.effects, "DeleteCopy") == 1);
    CHECK(waits(walker));
    walker.send(core::CopyDeleted{walker.ticket, base::Errc::journal_io});
    CHECK(says(walker, "forget.failed"));
    walker.tap("forget.yes");
    CHECK(std::ranges::count(walker.effects, "DeleteCopy") == 2);
    // The card goes meanwhile: the answer finds nobody.
    const core::Ticket late = walker.ticket;
    walker.card_out();
    CHECK_FALSE(facts::holds_person(walker.state()));
    walker.send(core::CopyDeleted{late});
    CHECK_FALSE(facts::holds_person(walker.state()));
}

TEST_CASE("forget: a touch meant for taking back never meets the button that deletes") {
    // The card of a release that ended while it stood there keeps its own button, disabled.
    Walker walker = at_list("home.status", true);
    walker.seconds(world().setup.insight_hold_s);
    walker.send(core::InsightKnown{walker.ticket, first_is_over()});
    CHECK(buttons(walker).front() == "(mine.0)");
    walker.send(core::Toggle{0});
    CHECK(walker.screen().name == "my-releases");
    for (const auto& id : buttons(at_list("home.take_back", false)))
        CHECK_FALSE(id.starts_with("mine.forget"));
}
